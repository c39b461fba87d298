"""Who else used a job's nodes while it ran: what Slurm's accounting tells of all users. Pure; fed with its output.

A node's meter counts the node. `sacct --allusers --nodelist` names every job of it, unless the site hides others'
(`PrivateData` in slurm.conf); then nobody can tell what part of the meter's sum is whose.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from heroes.adapters.ports import SiteJob, SiteUsage
from heroes.adapters.slurm_text import job_id, when

NEIGHBOUR_COLUMNS = "JobID,Start,End,AllocCPUS,NodeList"
HIDDEN = "whether other jobs shared its nodes is not known: the site hides others' jobs"

_GROUP = re.compile(r"[^,\[]+(?:\[[^\]]*\][^,\[]*)*")
_MOST_NODES = 100_000


def nodes_of(text: str) -> frozenset[str]:
    """Return the names of a Slurm host list, such as `n[01-03,7],login1`."""
    return frozenset(name for group in _GROUP.findall(text) for name in _expanded(group.strip()))


def _expanded(group: str) -> Iterator[str]:
    head, bracket, rest = group.partition("[")
    if not bracket:
        yield head
        return
    inner, _, tail = rest.partition("]")
    for part in inner.split(","):
        low, _, high = part.partition("-")
        high = high or low
        if not (low.isdigit() and high.isdigit()) or int(high) - int(low) > _MOST_NODES:
            continue
        for number in range(int(low), int(high) + 1):
            for ending in _expanded(tail):
                yield f"{head}{number:0{len(low)}d}{ending}"


def hides_jobs(config: str) -> bool:
    """Tell whether `scontrol show config` says that one does not see others' jobs."""
    match = re.search(r"^PrivateData\s*=\s*(.*)$", config, re.MULTILINE)
    return match is not None and bool({"jobs", "all"} & {word.strip().lower() for word in match[1].split(",")})


def core_s_of_all(job: SiteJob, usage: SiteUsage, text: str, offset: timedelta = timedelta(0)) -> float | None:
    """Return the core-seconds of all jobs on a job's nodes while it ran, its own among them; None: not told.

    A job over several nodes is taken to use each of them alike.
    """
    if job.started_at is None or job.ended_at is None or not usage.node_list:
        return None
    mine = nodes_of(usage.node_list)
    total = usage.cpus * usage.elapsed_s
    for line in text.splitlines():
        columns = line.split("|")
        if len(columns) != len(NEIGHBOUR_COLUMNS.split(",")) or not columns[3].isdigit():
            continue
        found = job_id(columns[0])
        if found is None or found.step is not None or (found.site_id == job.site_id and job.index in found.indexes):
            continue
        there = nodes_of(columns[4])
        seconds = _overlap(job.started_at, job.ended_at, when(columns[1], offset), when(columns[2], offset))
        if there and seconds > 0:
            total += int(columns[3]) * seconds * len(there & mine) / len(there)
    return total


def _overlap(begin: datetime, end: datetime, other_begin: datetime | None, other_end: datetime | None) -> float:
    """Return the seconds that both ran; without an end the other still runs."""
    if other_begin is None:
        return 0.0
    return (min(end, other_end or end) - max(begin, other_begin)).total_seconds()
