"""Who else used a job's nodes while it ran: what Slurm's accounting tells of all users. Pure; fed with its output.

A node's meter counts the node. `sacct --allusers --nodelist` names every job of it, unless the site hides others'
(`PrivateData` in slurm.conf); then nobody can tell what part of the meter's sum is whose.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import accumulate

from heroes.adapters.ports import Key, SiteJob, SiteUsage
from heroes.adapters.slurm_text import job_id, when

NEIGHBOUR_COLUMNS = "JobID,Start,End,AllocCPUS,NodeList"
HIDDEN = "whether other jobs shared its nodes is not known: the site hides others' jobs"

_GROUP = re.compile(r"[^,\[]+(?:\[[^\]]*\][^,\[]*)*")
_MOST_NODES = 100_000
_DIGITS = 3  # of core-seconds: differences of large sums


@lru_cache(1024)
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


@dataclass(frozen=True, slots=True)
class _Ran:
    begin: float
    end: float | None
    """None: it still runs"""
    cores: float
    """on each of its nodes, of which a job is taken to use all alike"""
    nodes: frozenset[str]


class _Ramp:
    """Cores that come at their moments; tells the core-seconds that they make up to any other without adding all up."""

    def __init__(self, coming: Iterable[tuple[float, float]]) -> None:
        moments = sorted(coming)
        self._moments = [moment for moment, _ in moments]
        self._cores = [0.0, *accumulate(cores for _, cores in moments)]
        self._offsets = [0.0, *accumulate(moment * cores for moment, cores in moments)]

    def core_s(self, until: float) -> float:
        count = bisect_right(self._moments, until)
        return until * self._cores[count] - self._offsets[count]


class Neighbours:
    """What all jobs used of their nodes, by sacct's `NEIGHBOUR_COLUMNS`; read once for however many jobs."""

    def __init__(self, text: str, offset: timedelta = timedelta(0)) -> None:
        self._jobs: dict[Key, list[_Ran]] = defaultdict(list)
        by_node: dict[str, list[_Ran]] = defaultdict(list)
        read = list(_read(text, offset))
        self._first = min((ran.begin for _, _, ran in read), default=0.0)  # counted from here, sums stay exact
        for site_id, indexes, ran in read:
            for index in indexes:
                self._jobs[site_id, index].append(ran)
            for node in ran.nodes:
                by_node[node].append(ran)
        self._begun = {
            node: _Ramp((one.begin - self._first, one.cores) for one in ran) for node, ran in by_node.items()
        }
        self._ended = {
            node: _Ramp((one.end - self._first, one.cores) for one in ran if one.end is not None)
            for node, ran in by_node.items()
        }

    def core_s_of_all(self, job: SiteJob, usage: SiteUsage) -> float | None:
        """Return the core-seconds of all jobs on a job's nodes while it ran, its own among them; None: not told."""
        if job.started_at is None or job.ended_at is None or not usage.node_list:
            return None
        mine, begin, end = nodes_of(usage.node_list), job.started_at.timestamp(), job.ended_at.timestamp()
        others = -sum(
            len(own.nodes & mine) * own.cores * max(0.0, min(end, own.end or end) - max(begin, own.begin))
            for own in self._jobs.get(job.key, ())
        )
        begin, end = begin - self._first, end - self._first
        for node in mine & self._begun.keys():
            others += self._begun[node].core_s(end) - self._begun[node].core_s(begin)
            others -= self._ended[node].core_s(end) - self._ended[node].core_s(begin)
        return usage.cpus * usage.elapsed_s + max(0.0, round(others, _DIGITS))


def _read(text: str, offset: timedelta) -> Iterator[tuple[str, tuple[int | None, ...], _Ran]]:
    for line in text.splitlines():
        columns = line.split("|")
        if len(columns) != len(NEIGHBOUR_COLUMNS.split(",")) or not columns[3].isdigit():
            continue
        found, begin, end = job_id(columns[0]), when(columns[1], offset), when(columns[2], offset)
        there = nodes_of(columns[4])
        if found is None or found.step is not None or begin is None or not there or (end and end < begin):
            continue
        ended = end.timestamp() if end else None
        yield found.site_id, found.indexes, _Ran(begin.timestamp(), ended, int(columns[3]) / len(there), there)
