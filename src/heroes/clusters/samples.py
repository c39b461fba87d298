"""What running jobs use over time: which are asked about in a look at a line, and what of the answers is kept.

A few jobs are asked about in the look that is made anyway, at most once a minute each. Kept are intervals, at most
MOST_KEPT of a job: when there are more, the shortest length that is kept apart is doubled.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.ports import Counters, Key, SiteJob, SiteState
from heroes.clusters.models import UsageSamples, Watch
from heroes.clusters.rules import Kind

TOLD_BY = frozenset({Kind.SLURM, Kind.PBS, Kind.LOCAL})
"""kinds of clusters that can tell of running jobs in the same look"""
EVERY_S = {kind: 5 if kind is Kind.LOCAL else 60 for kind in Kind}
MOST_ASKED = 32
"""jobs in one look: where more run they take turns"""
MOST_KEPT = 240
MOST_PARTS = 100
"""of a job that are remembered, those among them that have ended"""
LONGEST_PAUSE_S = 3600.0
"""of asking a site that told nothing of any job"""


# ---------------------------------------------------------------------------------------------- which jobs, and when


@dataclass
class Turns:
    """Of one line: when each running job was asked about, by this process's own clock."""

    every_s: float
    asked: dict[Key, float] = field(default_factory=dict)
    pause_s: float = 0.0
    not_before: float = 0.0

    def choose(self, running: Iterable[Key], now: float) -> list[Key]:
        """Return the jobs to ask about now, those not asked about for longest first."""
        if now < self.not_before:
            return []
        running = set(running)
        self.asked = {key: at for key, at in self.asked.items() if key in running}
        latest = now - 0.9 * self.every_s
        due = [key for key in running if self.asked.get(key, float("-inf")) <= latest]
        return sorted(due, key=lambda key: (self.asked.get(key, float("-inf")), key[0], key[1] or 0))[:MOST_ASKED]

    def told(self, asked: Collection[Key], answered: Collection[Key], now: float) -> None:
        """Note whom the site was asked about; where it told nothing of any it is asked ever more rarely."""
        self.asked.update(dict.fromkeys(asked, now))
        if answered:
            self.pause_s = 0.0
        elif asked:
            self.pause_s = min(LONGEST_PAUSE_S, max(2 * self.every_s, 2 * self.pause_s))
            self.not_before = now + self.pause_s


def running(jobs: Mapping[Key, SiteJob], watched: Collection[str]) -> list[Key]:
    """Return those jobs that run and that somebody watches, as they were seen last."""
    ours = set(watched)
    return [key for key, job in jobs.items() if job.state is SiteState.RUNNING and job.site_id in ours]


# ------------------------------------------------------------------------------------------------------- what is kept


class Interval(NamedTuple):
    """What a job used from `end - seconds` to `end` (s since 1970); None is "not known"."""

    end: float
    seconds: float
    cpu_s: float | None
    energy_j: float | None
    memory_bytes: int | None

    def then(self, later: "Interval") -> "Interval":
        """Return this interval and the one that follows it as one."""
        return Interval(
            later.end,
            self.seconds + later.seconds,
            None if self.cpu_s is None or later.cpu_s is None else self.cpu_s + later.cpu_s,
            None if self.energy_j is None or later.energy_j is None else self.energy_j + later.energy_j,
            max((size for size in (self.memory_bytes, later.memory_bytes) if size is not None), default=None),
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of one job: the counters read last, and the intervals before."""

    read_at: datetime
    cpu_s: Mapping[str, float]
    energy_j: Mapping[str, float]
    every_s: int
    intervals: tuple[Interval, ...] = ()
    energy_source: str | None = None


def grown(before: Mapping[str, float] | None, now: Mapping[str, float]) -> float | None:
    """Return by how much counters grew, the largest group of parts "group/…" deciding; None if that is not known.

    A part that is new began at zero; it is not known since when where `before` is None, and neither of one that fell.
    """
    if not now or before is None:
        return None
    groups: dict[str, float] = {}
    for part, value in now.items():
        growth = value - before.get(part, 0.0)
        if growth < 0:
            return None
        group = part.partition("/")[0]
        groups[group] = groups.get(group, 0.0) + growth
    return max(groups.values())


def further(kept: Kept | None, read: Counters, started_at: datetime | None, every_s: int) -> Kept:
    """Return what is known after one more reading. A job that began anew since the last one is read from its start."""
    if kept is not None and read.read_at <= kept.read_at:
        return kept  # the site has not looked again
    anew = kept is None or (started_at is not None and started_at > kept.read_at)
    base = kept or Kept(read.read_at, {}, {}, every_s)
    since = started_at if anew else base.read_at
    cpu_before = {} if anew else base.cpu_s or None
    energy_before = base.energy_j or None
    if anew:
        energy_before = {} if read.energy_from_zero else None
    elif not read.energy_from_zero and not read.energy_j.keys() <= base.energy_j.keys():
        energy_before = None
    now = replace(
        base,
        read_at=read.read_at,
        cpu_s=_lasting({} if anew else base.cpu_s, read.cpu_s),
        energy_j=_lasting({} if anew else base.energy_j, read.energy_j),
        energy_source=read.energy_source or base.energy_source,
    )
    seconds = (read.read_at - since).total_seconds() if since else 0.0
    if seconds <= 0:
        return now
    spent = grown(_as_one(cpu_before), _as_one(read.cpu_s) or {})
    joules = grown(energy_before, read.energy_j)
    one = Interval(read.read_at.timestamp(), seconds, spent, joules, read.memory_bytes)
    intervals, shortest = with_one_more(base.intervals, one, base.every_s)
    return replace(now, intervals=intervals, every_s=shortest)


def _as_one(parts: Mapping[str, float] | None) -> dict[str, float] | None:
    return None if parts is None else {f"all/{part}": value for part, value in parts.items()}


def _lasting(before: Mapping[str, float], now: Mapping[str, float]) -> dict[str, float]:
    """Return the counters to compare with next: a part that is not told of this once may be told of again."""
    both = {**before, **now}
    return both if len(both) <= MOST_PARTS else dict(now)


def with_one_more(intervals: Sequence[Interval], new: Interval, every_s: int) -> tuple[tuple[Interval, ...], int]:
    """Return the intervals with one more, thinned where there are too many, and the shortest kept apart since."""
    found = _thinned([*intervals, new], every_s)
    while len(found) > MOST_KEPT:
        every_s *= 2
        found = _thinned(found, every_s)
    return tuple(found), every_s


def _thinned(intervals: Iterable[Interval], every_s: int) -> list[Interval]:
    """Return intervals of which none, but the last, is much shorter than `every_s`."""
    found: list[Interval] = []
    for one in intervals:
        if found and found[-1].seconds < 0.75 * every_s:
            found[-1] = found[-1].then(one)
        else:
            found.append(one)
    return found


# --------------------------------------------------------------------------------------------------------------- rows


async def store(
    session: AsyncSession, line_id: str, jobs: Mapping[Key, SiteJob], read: Mapping[Key, Counters], every_s: int
) -> None:
    """Keep what was read of jobs that are watched through a line, a job of another token under the same id not."""
    keys = [(site_id, -1 if index is None else index) for site_id, index in read]
    watched = Watch.line_id == line_id, Watch.active
    meant = tuple_(Watch.site_id, func.coalesce(Watch.index, -1)).in_(keys)
    found = select(Watch, UsageSamples).outerjoin(UsageSamples, UsageSamples.watch_id == Watch.id)
    rows = []
    for watch, row in (await session.execute(found.where(*watched, meant))).all():
        key = watch.site_id, watch.index
        job = jobs.get(key)
        if job is None or job.token not in ("", watch.token):
            continue
        kept = further(_of(row) if row else None, read[key], job.started_at, every_s)
        rows.append(
            {
                "watch_id": watch.id,
                "organization_id": watch.organization_id,
                "token": watch.token,
                "index": watch.index,
                "read_at": kept.read_at,
                "counters": {"cpu_s": dict(kept.cpu_s), "energy_j": dict(kept.energy_j)},
                "every_s": kept.every_s,
                "intervals": [list(one) for one in kept.intervals],
                "energy_source": kept.energy_source,
            }
        )
    if rows:
        new = insert(UsageSamples).values(rows)
        later = {name: new.excluded[name] for name in ("read_at", "counters", "every_s", "intervals", "energy_source")}
        await session.execute(new.on_conflict_do_update(index_elements=[UsageSamples.watch_id], set_=later))


def _of(row: UsageSamples) -> Kept:
    counters: Mapping[str, Any] = row.counters
    intervals = tuple(Interval(*one) for one in row.intervals)
    return Kept(
        row.read_at, counters.get("cpu_s", {}), counters.get("energy_j", {}), row.every_s, intervals, row.energy_source
    )


async def of_orders(session: AsyncSession, jobs: Collection[Key]) -> dict[Key, Kept]:
    """Return what is kept of jobs, each named by the token of its order and, in an array, its number there."""
    keys = [(token, -1 if index is None else index) for token, index in jobs]
    meant = tuple_(UsageSamples.token, func.coalesce(UsageSamples.index, -1)).in_(keys)
    rows = await session.scalars(select(UsageSamples).where(meant))
    return {(row.token, row.index): _of(row) for row in rows}
