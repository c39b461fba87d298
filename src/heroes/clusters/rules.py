"""Values and decisions of clusters: no input, no output, no clock of their own."""

import random
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from heroes.adapters.ear import Level
from heroes.adapters.ports import SiteEnd, SiteJob, SiteState, SiteUsage
from heroes.kit import errors
from heroes.kit.errors import SiteError


class Kind(StrEnum):
    """How a cluster is driven."""

    SLURM = "slurm"
    PBS = "pbs"
    GRIDENGINE = "gridengine"
    FIRECREST = "firecrest"
    LOCAL = "local"


class ClusterState(StrEnum):
    """What a cluster may be used for."""

    ENROLLING = "ENROLLING"
    READY = "READY"
    PAUSED = "PAUSED"
    STOPPED_HOST_KEY = "STOPPED_HOST_KEY"
    DELETED = "DELETED"


class LineState(StrEnum):
    """What is known of the one connection of an account on a cluster."""

    NEW = "NEW"
    CONNECTED = "CONNECTED"
    UNREACHABLE = "UNREACHABLE"
    STOPPED = "STOPPED"


class Auth(StrEnum):
    """How an account proves itself."""

    KEY = "key"
    GENERATED = "generated"
    PASSWORD = "password"
    CREDENTIAL = "credential"
    SIGNED = "signed"
    NONE = "none"


FILES_ONLY = frozenset({Kind.LOCAL, Kind.FIRECREST})
"""Kinds of which nothing but files is asked: here a command would follow users' links, FirecREST runs none."""

SIGHT_SECONDS = 30.0
SIGHT_WHILE_WATCHING_SECONDS = 60.0
WATCH_SECONDS = {kind: 2.0 if kind is Kind.LOCAL else 20.0 for kind in Kind}
"""at most four questions a minute and line: three on its jobs, one on its queues"""
LOOKS_A_MINUTE = 3
EARLY = (3.0, 10.0)
"""seconds after an order at which a line with few jobs is looked at before its turn: short jobs are soon seen to end"""
FEW = 8
MINUTE = timedelta(minutes=1)
SHARE = 0.2
"""of the time that a line may be asking: a site that answers slowly is asked less often"""
HISTORY = timedelta(days=14)
SAME_SIGHT = timedelta(minutes=10)
WATCH_MARGIN = timedelta(minutes=10)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]|[a-z]")


def good_name(name: str) -> bool:
    """Tell whether a cluster may be called so: short, lower case, fit for addresses and file names."""
    return _NAME.fullmatch(name) is not None


def watch_seconds(kind: Kind, setting: float | None) -> float:
    """Return the seconds between two looks: what the administrator set, else 2 here, and 20 elsewhere."""
    return setting if setting is not None else WATCH_SECONDS[kind]


def sight_seconds(setting: float | None, active: int) -> float:
    """Return the seconds between two looks at the queues, of a line that watches so many jobs."""
    usual = SIGHT_WHILE_WATCHING_SECONDS if active else SIGHT_SECONDS
    return min(usual, 5 * setting) if setting else usual


def pause_after(took_s: float) -> float:
    """Return the seconds to leave a site in peace that took so long to answer."""
    return took_s * (1 - SHARE) / SHARE


def reconnect_after(failures: int) -> float:
    """Return the seconds to wait before the next attempt after so many failures in a row, with some scatter."""
    longest = min(60.0, 2.0 ** min(failures, 6))
    return longest * random.uniform(0.7, 1.0)  # noqa: S311  scatter, not secrecy


@dataclass(frozen=True, slots=True)
class Active:
    """The jobs that are watched through a line: how many, since when the first of them, since when the newest."""

    count: int = 0
    since: datetime | None = None
    newest: datetime | None = None
    site_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tick:
    """What a line's keeper does now, and in how many seconds it looks again."""

    sight: bool
    watch: bool
    again: float


def tick(
    now: datetime,
    *,
    sighted_at: datetime | None,
    watched_at: datetime | None,
    active: Active,
    looked: Sequence[datetime] = (),
    sight_every: float,
    watch_every: float,
) -> Tick:
    """Decide what to ask the site now. Nothing watched, nothing asked about jobs. `looked`: the last looks at jobs."""
    sight_in = _left(now, sighted_at, sight_every)
    watch_in = _look_in(now, watched_at, active, looked, watch_every)
    sight, watch = sight_in <= 0, watch_in <= 0
    next_sight = sight_every if sight else sight_in
    next_watch = _look_in(now, now, active, [*looked, now], watch_every) if watch else watch_in
    return Tick(sight, watch, max(0.5, min(next_sight, next_watch)))


def _look_in(
    now: datetime, watched_at: datetime | None, active: Active, looked: Sequence[datetime], every: float
) -> float:
    """Return the seconds until jobs are looked at: evenly, a few new ones soon, never too often in any minute."""
    if not active.count:
        return float("inf")
    due = _left(now, watched_at, every)
    if every <= EARLY[-1]:
        return due
    if active.count <= FEW and active.since is not None and active.newest is not None:
        due = max(due, EARLY[0] - (now - active.since).total_seconds())  # before that there is nothing to see
        early = [active.newest + timedelta(seconds=after) for after in EARLY]
        due = min([due, *((at - now).total_seconds() for at in early if watched_at is None or at > watched_at)])
    if len(looked) >= LOOKS_A_MINUTE:
        due = max(due, (looked[-LOOKS_A_MINUTE] + MINUTE - now).total_seconds())
    return due


def _left(now: datetime, last: datetime | None, every: float) -> float:
    return 0.0 if last is None else every - (now - last).total_seconds()


@dataclass(frozen=True, slots=True)
class Watched:
    """One job that somebody waits for, and what was last seen of it."""

    id: str
    token: str
    site_id: str
    index: int | None
    job: Mapping[str, Any] | None

    @property
    def key(self) -> tuple[str, int | None]:
        return self.site_id, self.index


@dataclass(frozen=True, slots=True)
class Changed:
    """A watched job whose sighted state differs from the stored one."""

    id: str
    job: Mapping[str, Any]


def told_of(watch: Watched, seen: Mapping[tuple[str, int | None], SiteJob]) -> SiteJob | None:
    """Return what a sighting tells of a watched job.

    An array that ended or was forgotten as a whole tells of its elements too, but not of those that had ended before.
    """
    job = seen.get(watch.key)
    if job is not None or watch.index is None or (watch.job or {}).get("state") == SiteState.ENDED:
        return job
    whole = seen.get((watch.site_id, None))
    return replace(whole, index=watch.index) if whole is not None and whole.state is SiteState.ENDED else None


def changes(watches: Iterable[Watched], seen: Mapping[tuple[str, int | None], Mapping[str, Any]]) -> list[Changed]:
    """Return the watches whose job is seen differently now.

    A job that is not in the sighting stays as it was: absence is not an answer. A job of another token under the same
    site id (ids start again after a site lost its state) is not ours.
    """
    found = []
    for watch in watches:
        job = seen.get(watch.key)
        ours = job is not None and job.get("token") in (None, "", watch.token)
        if job is None or not ours or job == watch.job:
            continue
        if watch.job is None or news(job) != news(watch.job):
            found.append(Changed(watch.id, job))
    return found


def left_out(watches: Iterable[Watched], seen: Collection[tuple[str, int | None]]) -> list[Changed]:
    """Return the watches whose job, alive when it was seen last, is not in a list of all that live."""
    found = []
    for watch in watches:
        alive = watch.job is not None and watch.job["state"] != SiteState.ENDED and watch.job.get("queued", True)
        if alive and watch.key not in seen:
            found.append(Changed(watch.id, {**(watch.job or {}), "queued": False}))
    return found


def silence(since: datetime | None, now: datetime, why: str) -> str:
    """Say in plain words that nothing was heard, since when, and why."""
    if since is None:
        return f"Never heard from. {why}"
    return f"Not heard from since {since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC ({ago(now - since)}). {why}"


def told(error: SiteError, since: datetime | None = None) -> dict[str, Any]:
    """Return why a site is not heard, and since when, for whoever says it in another language."""
    return {**errors.told(error), "since": since.isoformat() if since else None}


def ago(span: timedelta) -> str:
    """Return a span in the largest fitting unit, as people say it."""
    seconds = max(0, int(span.total_seconds()))
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'s' if count > 1 else ''} ago"
    return f"{seconds} second{'s' if seconds != 1 else ''} ago"


def worth_keeping(
    last: Mapping[str, Any] | None, last_at: datetime | None, new: Mapping[str, Any], now: datetime
) -> bool:
    """Tell whether a sighting goes into the history: it differs from the last one, or that one is old."""
    return last is None or last_at is None or dict(last) != dict(new) or now - last_at >= SAME_SIGHT


def union_facts(queues: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what at least one queue of a cluster offers, for people; placement asks each queue."""
    software: dict[str, Any] = {}
    for facts in queues:
        software.update(facts.get("software", {}))
    return {
        "software": software,
        "commands": sorted({name for facts in queues for name in facts.get("commands", [])}),
        "containers": sorted({name for facts in queues for name in facts.get("containers", [])}),
        "python": max((facts["python"] for facts in queues if facts.get("python")), default=None),
        "mpi": next((facts["mpi"] for facts in queues if facts.get("mpi")), None),
        "gpus": max((facts.get("gpus", 0) for facts in queues), default=0),
        "ear": next((level for level in reversed(Level) if any(facts.get("ear") == level for facts in queues)), "none"),
    }


_TIMES = ("submitted_at", "started_at", "ended_at")
_AS_THEY_ARE = [one.name for one in fields(SiteJob) if one.name not in {*_TIMES, "usage", "earlier"}]


def as_json(job: SiteJob) -> dict[str, Any]:
    """Return a site's job as it is stored in a watch."""
    found = {name: getattr(job, name) for name in _AS_THEY_ARE}
    for name in _TIMES:
        value = getattr(job, name)
        found[name] = value.isoformat() if value is not None else None
    found["usage"] = _plain(asdict(job.usage)) if job.usage is not None else None
    found["earlier"] = [_plain(asdict(one)) for one in job.earlier]
    return found


def from_json(stored: Mapping[str, Any]) -> SiteJob:
    """Return the site's job that a watch stores."""
    times = {name: _time(stored.get(name)) for name in _TIMES}
    usage = stored.get("usage")
    return SiteJob(
        site_id=stored["site_id"],
        index=stored["index"],
        token=stored["token"],
        state=SiteState(stored["state"]),
        end=SiteEnd(stored["end"]) if stored.get("end") else None,
        reason=stored.get("reason"),
        text=stored.get("text"),
        exit_code=stored.get("exit_code"),
        signal=stored.get("signal"),
        restarts=stored.get("restarts", 0),
        queued=stored.get("queued", True),
        usage=SiteUsage(**usage) if usage else None,
        earlier=tuple(SiteUsage(**one) for one in stored.get("earlier") or ()),
        **times,
    )


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case tuple() | list():
            return [_plain(one) for one in value]
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case _:
            return value


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def news(job: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a stored job whose change is worth waking somebody: usage counts once the job has ended."""
    if job.get("state") == SiteState.ENDED:
        return dict(job)
    return {key: value for key, value in job.items() if key != "usage"}
