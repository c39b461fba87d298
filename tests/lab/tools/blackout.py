"""A part of a centre loses its power: `sshd` (the login node), or the compute node of that name. Nobody is told."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path


def main(part: str) -> None:
    while doomed := login_node() if part == "sshd" else compute_node(part):
        for act in (signal.SIGSTOP, signal.SIGKILL):  # all stand still first: who sees another die would tell of it
            for pid in doomed:
                with suppress(ProcessLookupError):
                    os.kill(pid, act)


def login_node() -> set[int]:
    """Every sshd and whatever people and programs run through it."""
    parents = processes()
    return with_descendants({pid for pid in parents if name(pid) == "sshd"}, parents)


def compute_node(node: str) -> set[int]:
    """The node's daemon, and every job step of it with all below."""
    parents = processes()
    daemon = {pid for pid in parents if name(pid) == "slurmd" and f"\0-N\0{node}\0" in text(pid, "cmdline")}
    steps = set()
    for pid in parents:
        if f"\0SLURMD_NODENAME={node}\0" in f"\0{text(pid, 'environ')}":
            steps |= {pid, *(one for one in ancestors(pid, parents) if name(one) == "slurmstepd")}
    return daemon | with_descendants(steps, parents)


def processes() -> dict[int, int]:
    """All that live, each with its parent."""
    stats = {
        int(one): text(int(one), "stat").rpartition(")")[2].split() for one in os.listdir("/proc") if one.isdigit()
    }
    return {pid: int(words[1]) for pid, words in stats.items() if words and words[0] not in "ZX"}


def ancestors(pid: int, parents: dict[int, int]) -> list[int]:
    found = []
    while (pid := parents.get(pid, 0)) > 1:
        found.append(pid)
    return found


def with_descendants(roots: set[int], parents: dict[int, int]) -> set[int]:
    return roots | {pid for pid in parents if roots.intersection(ancestors(pid, parents))}


def name(pid: int) -> str:
    return text(pid, "comm").strip()


def text(pid: int, file: str) -> str:
    try:
        return Path(f"/proc/{pid}/{file}").read_text(errors="replace")
    except OSError:
        return ""


if __name__ == "__main__":
    main(sys.argv[1])
