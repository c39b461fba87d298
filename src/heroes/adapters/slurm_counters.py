"""What Slurm tells of jobs that run: the part of a look that asks `sstat`, and its reader.

It comes last in the question, has three seconds in all, and is left out where the rest was slow or where nothing could
end it in time: a look never fails by it.
"""

import math
import re
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from heroes.adapters.ports import Counters, Key
from heroes.adapters.slurm_text import job_id, job_name, joules, seconds, size_bytes

SSTAT_COLUMNS = "JobID,NTasks,AveCPU,MaxRSS,ConsumedEnergyRaw"
BEGAN = "began=$(date +%s)\n"
SCRIPT = r"""
counters() { # COLUMNS IDS
  [ -n "$limit" ] && [ $(($(date +%s) - began)) -lt 15 ] || return 0
  timeout -k 1 3 sh -c '
    squeue -h -j "$2" -o "%A|%i" </dev/null 2>/dev/null | sort -rn | while IFS="|" read -r own each; do
      printf "= %s %s\n" "$each" "$own"
      timeout 1 sstat -a -n -P -j "$own" -o "$1" </dev/null 2>/dev/null
    done' sh "$@" | head -c 100000
}
part sstat counters "$4" "$5"
"""
"""An element of an array is asked about by its own number (%A): of 7_1, and of 7, sstat tells all elements that run."""


def arguments(sample: Collection[Key]) -> list[str]:
    """Return what SCRIPT is given behind the arguments of the look, for jobs and elements of arrays."""
    return [SSTAT_COLUMNS, ",".join(map(job_name, sample))]


def read_sstat(text: str, read_at: datetime) -> dict[Key, Counters]:
    """Read lines of SSTAT_COLUMNS below a line "= ID OWN-NUMBER" for each job. What cannot be read is left out."""
    steps: dict[Key, list[list[str]]] = {}
    key, own = None, ""
    for line in text.splitlines():
        if line.startswith("= "):
            name, _, own = line[2:].partition(" ")
            known = job_id(name)
            key = (known.site_id, known.indexes[0]) if known and len(known.indexes) == 1 else None
        elif key and line.count("|") == SSTAT_COLUMNS.count(",") and line.startswith(f"{own}."):
            steps.setdefault(key, []).append(line.split("|"))
    found: dict[Key, Counters | None] = {}
    for each, lines in steps.items():
        with suppress(OverflowError):
            found[each] = _counters(lines, read_at)
    return {key: counters for key, counters in found.items() if counters is not None}


def _counters(lines: list[list[str]], read_at: datetime) -> Counters | None:
    cpu: dict[str, float] = {}
    energy: dict[str, float] = {}
    memory: list[int] = []
    for name, tasks, spent, resident, used in lines:
        known = job_id(name)
        if known is None or known.step is None:
            continue
        size = size_bytes(resident)
        time = seconds(spent)
        if size and time is not None and re.fullmatch(r"\d{1,9}", tasks):  # without a size nothing was gathered (yet)
            cpu[known.step] = time * int(tasks)
            memory.append(size)
        metered = joules(used)
        if metered is not None:
            group = known.step if known.step in ("batch", "extern") else "steps"
            energy[f"{group}/{known.step}"] = metered
    if not (cpu or energy) or not all(map(math.isfinite, (*cpu.values(), *energy.values()))):
        return None
    source = "slurm" if energy else None
    return Counters(read_at, cpu, energy, source, memory_bytes=max(memory, default=None))
