"""Small published tables, each with its source and date on its head; `scripts/reference-tables.py` makes them anew."""

import csv
from importlib.resources import files


def table(name: str) -> tuple[list[dict[str, str]], str]:
    """Return the rows of a table and the comment on its head."""
    lines = (files(__package__) / name).read_text(encoding="utf-8").splitlines()
    head = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
    return list(csv.DictReader(line for line in lines if not line.startswith("#"))), " ".join(head)
