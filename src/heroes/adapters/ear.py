"""Energy by EAR, the Energy Aware Runtime: what its `eacct` prints of ended jobs. Pure; fed with its output.

Columns are found by the words of the header line, for versions differ in how many there are; a row is `job-step`, where
the step `sb` is the batch script as a whole on its first node. Written from EAR's documentation and source.
"""

import re

_ROW = re.compile(r"(\d+)-(\d+|sb)$")
SCRIPT = r"""
if command -v eacct >/dev/null 2>&1; then part eacct $limit eacct -n all -j "$1"; fi
"""
SOURCE = "EAR"


def read_eacct(text: str) -> dict[str, dict[str, tuple[int, float]]]:
    """Return (nodes, joules) of each step by the job's id; rows without energy are left out."""
    found: dict[str, dict[str, tuple[int, float]]] = {}
    columns: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if "JOB-STEP" in words and "ENERGY(J)" in words:
            columns = words
            continue
        row = _ROW.match(words[0]) if words else None
        if row is None or len(words) < len(columns) or not columns:
            continue
        nodes, joules = _number(words[columns.index("NODES")]), _number(words[columns.index("ENERGY(J)")])
        if joules and joules > 0:
            found.setdefault(row[1], {})[row[2]] = int(nodes or 1), joules
    return found


def energy(steps: dict[str, tuple[int, float]], nodes: int) -> tuple[float, str] | None:
    """Return a job's joules and their source: of the whole script where it has all nodes, else of its steps."""
    script = steps.get("sb")
    if script is not None and script[0] >= nodes:
        return script[1], SOURCE
    own = [joules for name, (_, joules) in steps.items() if name != "sb"]
    return (sum(own), f"{SOURCE}, of its steps alone") if own else None


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None
