"""EAR, the Energy Aware Runtime: what its `eacct` prints of ended jobs, and how its policies are asked for. Pure.

Columns are found by the words of the header line, for versions differ in how many there are; a row is `job-step`, where
the step `sb` is the batch script as a whole on its first node. An element of an array is told by a job id of its own,
which the scheduler's accounting knows. Written from EAR's documentation and source.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

_ROW = re.compile(r"(\d+)-(\d+|sb)$")
SCRIPT = r"""
if command -v eacct >/dev/null 2>&1; then
  ids=$1
  case $1 in *_*)
    elements() { $limit sacct -n -X -P -o JobID,JobIDRaw -j "$ids"; }
    known=$(elements </dev/null)
    part elements printf '%s\n' "$known"
    ids=$(printf '%s\n' "$known" | cut -d'|' -f2 | paste -sd, -)
  esac
  part eacct $limit eacct -n all -j "$ids"
fi
"""
SOURCE = "EAR"


class Policy(StrEnum):
    """What EAR sets the frequencies of a node by."""

    MONITORING = "monitoring"
    MIN_TIME = "min_time"
    MIN_ENERGY = "min_energy"


_SHOWN = {"MO": Policy.MONITORING, "MT": Policy.MIN_TIME, "ME": Policy.MIN_ENERGY}


class Level(StrEnum):
    """How far EAR is part of a site."""

    NONE = "none"
    LIBRARY = "library"
    """programs may load it (`erun`), or its accounts may be read; the scheduler does not know of it"""
    FULL = "full"
    """the scheduler loads it, and a job may ask for a policy"""


def level(commands: Collection[str], *, in_scheduler: bool) -> Level:
    """Return how far EAR is there, by the commands on a node's path and whether `srun` knows its options."""
    if in_scheduler:
        return Level.FULL
    return Level.LIBRARY if {"eacct", "erun"} & set(commands) else Level.NONE


def arguments(policy: str) -> list[str]:
    """Return the options that EAR adds to `sbatch`. Raises ValueError for a policy that EAR does not have."""
    return ["--ear=on", f"--ear-policy={Policy(policy)}"]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a job as `eacct` shows it; `policy` None: another one, or none."""

    nodes: int
    joules: float
    policy: Policy | None = None


def read_elements(text: str) -> dict[str, str]:
    """Return the job id of each element of an array, by its name: array id, `_`, index."""
    pairs = (line.strip().split("|") for line in text.splitlines())
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


def told(parts: Mapping[str, str], names: Iterable[str]) -> dict[str, dict[str, Step]]:
    """Return what the answer to `SCRIPT` tells of jobs and elements of arrays, by their names."""
    known = read_eacct(parts.get("eacct", ""))
    own = read_elements(parts.get("elements", ""))
    return {name: known[own.get(name, name)] for name in names if own.get(name, name) in known}


def read_eacct(text: str) -> dict[str, dict[str, Step]]:
    """Return each step by the job's id; rows without energy are left out."""
    found: dict[str, dict[str, Step]] = {}
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
        policy = _SHOWN.get(words[columns.index("POLICY")]) if "POLICY" in columns else None
        if joules and joules > 0:
            found.setdefault(row[1], {})[row[2]] = Step(int(nodes or 1), joules, policy)
    return found


def energy(steps: dict[str, Step], nodes: int) -> tuple[float, str] | None:
    """Return a job's joules and their source: of the whole script where it has all nodes, else of its steps.

    The source names the policy that EAR says was in force, if it was the same in all steps.
    """
    policies = {one.policy for one in steps.values()}
    policy = policies.pop() if len(policies) == 1 else None
    source = f"{SOURCE}, policy {policy}" if policy else SOURCE
    script = steps.get("sb")
    if script is not None and script.nodes >= nodes:
        return script.joules, source
    own = [one.joules for name, one in steps.items() if name != "sb"]
    return (sum(own), f"{source}, of its steps alone") if own else None


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None
