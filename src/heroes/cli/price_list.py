"""Price lists of clouds: a CSV that names its source and date on its head, one row for each region and instance."""

import csv
from dataclasses import dataclass
from pathlib import Path

from heroes.cli.failures import USAGE, Stop

_COLUMNS = {"region", "instance", "usd_per_hour"}


@dataclass(frozen=True, slots=True)
class Listed:
    """What an instance costs an hour in US dollars, and the line that says whence and when."""

    hour: str
    title: str


def listed(path: Path, instance: str, region: str) -> Listed:
    """Return the price of an instance in a region.

    The head has lines `# source: …` and `# date: …`, for a price without them is nobody's. Raises Stop with the remedy.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(f"{path} cannot be read: {error}", USAGE) from error
    said = dict(line.lstrip("# ").split(":", 1) for line in lines if line.startswith("#") and ":" in line)
    source, date = said.get("source", "").strip(), said.get("date", "").strip()
    if not source or not date:
        raise Stop(f"{path.name} does not say `# source: …` and `# date: …`; a price needs both.", USAGE)
    table = csv.DictReader(line for line in lines if not line.startswith("#"))
    if not set(table.fieldnames or ()) >= _COLUMNS:
        raise Stop(f"{path.name} needs the columns {', '.join(sorted(_COLUMNS))}.", USAGE)
    rows = [row for row in table if row["instance"] == instance]
    found = next((row for row in rows if row["region"] == region), None)
    if found is None:
        there = ", ".join(sorted({row["region"] for row in rows}))
        known = f"it is listed in {there}" if there else "no region has it"
        raise Stop(f"{path.name} has no price of {instance} in {region}; {known}.", USAGE)
    return Listed(found["usd_per_hour"], f"{instance} in {region}: {source}, {date}")
