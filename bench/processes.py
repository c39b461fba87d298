"""CPU time and memory of processes, from the kernel's own account."""

import os
import resource
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_SCHEDULED = 2  # of clock_getcpuclockid(3): the time that a process was scheduled, in nanoseconds


def cpu_of(pid: int) -> float:
    """Return the CPU seconds of a live process, all its threads, and the children that it reaped."""
    own = time.clock_gettime((~pid << 3) | _SCHEDULED)
    reaped = _stat(pid)[13:15]
    return own + sum(map(int, reaped)) / _TICK


def cpu(pids: Iterable[int]) -> float:
    return sum(cpu_of(pid) for pid in pids)


def memory(pids: Iterable[int]) -> float:
    """Return the MB that processes occupy together: what they share counts once (PSS)."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total * 1024 / 1e6


def tree(root: int) -> list[int]:
    """Return a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int(_stat(int(entry.name))[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def command_cpu(argv: Sequence[str]) -> float:
    """Run a command to its end; return the CPU seconds of it and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat behind the command's name: state, parent, …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
