"""A rule for all code that locks rows; why, says `heroes.kit.db.LOCK`."""

import re
from pathlib import Path

import heroes

PLAIN = re.compile(r"with_for_update(\((?!.*\*\*LOCK)|=True)")


def test_rows_are_locked_so_that_others_may_refer_to_them_meanwhile() -> None:
    sources = Path(heroes.__file__).parent.rglob("*.py")
    lines = [f"{path.name}: {line.strip()}" for path in sources for line in path.read_text().splitlines()]
    assert [line for line in lines if PLAIN.search(line) and "`" not in line] == []
