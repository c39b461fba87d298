"""Values and decisions of the job plane. No I/O, no session, no clock of its own."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from heroes.adapters.ports import Absent, Found, SiteEnd, SiteJob, SiteState, Unknown
from heroes.placement.rules import after_failure

GRACE = timedelta(seconds=30)
"""Accounting lags the queue by seconds: an order younger than this and not seen is young, not lost."""
ENOUGH = 3
"""Times that every source must answer no before an order counts as lost."""
ASK_AGAIN = timedelta(seconds=10)
NEVER_STARTED = 113
"""Exit code of a job that found its gate taken or its folder gone: the payload never ran."""
RESTARTED = 114
"""Exit code of a job that the site started again although its step may not run twice."""
NO_ROOM = 115
"""Exit code of a job whose folder took no more data: before its payload, or when that had failed."""
PATIENCE = 20
"""Looks for an exit file or an output that a shared file system shows late."""


UNSEEN = timedelta(minutes=1)
"""After this long that the site answers without a word of an ordered job, what it left is looked for."""
OVERDUE = timedelta(minutes=5)
"""After this long past its walltime a job that is still said to run is looked at by its own exit file."""
A_DAY = timedelta(days=1)
"""After this long past its walltime a job that every source of its site has forgotten has an unknown outcome."""

LONGEST_PIECE = 65536
"""Bytes of a log in one row, and in one answer."""
MOST_READ = 8 * LONGEST_PIECE
"""Bytes that one look at a log brings."""
KEPT = 2 * 1024 * 1024
"""Bytes of one stream that are held in rows; who reads further back waits for the whole log at the end."""


class State(StrEnum):
    """Where a job is; each name says what has been done."""

    PLACED = "PLACED"
    STAGING = "STAGING"
    SUBMITTING = "SUBMITTING"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    COLLECTING = "COLLECTING"
    ENDED = "ENDED"


class End(StrEnum):
    """How a job ended."""

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"


class Cause(StrEnum):
    """Who is to blame for a failure; retries are counted by it."""

    PROGRAM = "program"
    INFRASTRUCTURE = "infrastructure"
    MEMORY = "memory"
    TIME = "time"
    USER = "user"


class Gate(StrEnum):
    """Who holds the one link that lets a payload start."""

    OPEN = "OPEN"
    OURS = "OURS"
    STARTED = "STARTED"
    """the job's own: its payload has begun"""


@dataclass(frozen=True, slots=True)
class Spec:
    """What one job runs and needs; everything that its steps ever ask, frozen when the job is made."""

    command: tuple[str, ...] | None
    script: str | None
    params: Mapping[str, Any]
    environment: Mapping[str, str]
    inputs: tuple[Mapping[str, Any], ...]
    outputs: Mapping[str, str]
    cores: int = 1
    nodes: int = 1
    tasks: int = 1
    memory_bytes: int | None = None
    gpus: int = 0
    walltime_s: int | None = None
    software: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    retries: Mapping[str, int] = field(default_factory=dict)
    """most starts anew by cause"""
    growth: Mapping[str, float] = field(default_factory=dict)
    """cause (memory, time) → what is asked for next, as a multiple of what was"""
    rerunnable: bool = False
    checkpoint: tuple[str, ...] = ()
    """paths or patterns in the work folder that the next attempt gets back"""
    ties: Mapping[str, Any] | None = None
    """`same_as` and `not_same_as` of its step, and in `others` what the steps ask that are tied to it; None: no tie"""
    energy_policy: str | None = None
    """what is asked of a cluster that takes one: monitoring, min_time, min_energy; None: the cluster's own"""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Spec":
        names = ("inputs", "software", "commands", "containers", "checkpoint")
        lists = {name: tuple(data[name]) for name in names if name in data}
        return cls(**{**data, **lists, "command": None if data["command"] is None else tuple(data["command"])})


# ------------------------------------------------------------------------------------------- an order and its doubt


@dataclass(frozen=True, slots=True)
class OrderState:
    """What the platform knows of one order."""

    ordered_at: datetime | None
    absent_times: int
    gate: Gate
    cancelled: bool


class NeverOrdered:
    """Nothing has left the platform under this token."""


@dataclass(frozen=True, slots=True)
class Order:
    """Give the order; its mkdir stops a second one of the same token."""


@dataclass(frozen=True, slots=True)
class Adopt:
    """An earlier order arrived: take its job, never order twice."""

    job: SiteJob


@dataclass(frozen=True, slots=True)
class Stop:
    """It came too late and found its gate taken: it never starts; end it at the site and start anew."""

    job: SiteJob


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Too early to know, or nobody answered."""

    why: str
    absent_times: int


@dataclass(frozen=True, slots=True)
class TakeGate:
    """One exclusive link: either the job holds it, or it can never start."""


@dataclass(frozen=True, slots=True)
class Anew:
    """The order never reached the scheduler and never can start: a new token may follow."""

    why: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The order was cancelled and can never start."""


Decision = Order | Adopt | Stop | AskAgain | TakeGate | Anew | GiveUp


def next_action(order: OrderState, site: Found | Absent | Unknown | NeverOrdered, now: datetime) -> Decision:
    """Decide what to do about an order, from what the site says about its token. Never orders twice."""
    match site:
        case NeverOrdered() if order.cancelled:
            return GiveUp()
        case NeverOrdered():
            return Order()
        case Found(jobs) if jobs and order.gate is Gate.OURS:
            return Stop(jobs[0])
        case Found(jobs) if jobs:
            return Adopt(jobs[0])
        case Unknown(why):
            return AskAgain(f"The site did not answer, and silence is no answer: {why}", order.absent_times)
        case Absent() | Found() if order.gate is Gate.OURS:
            return GiveUp() if order.cancelled else Anew("The order never reached the scheduler.")
        case Absent() | Found() if order.cancelled:
            return TakeGate()  # a cancel need not wait for the grace period: the gate makes the order harmless
    times = order.absent_times + 1
    young = order.ordered_at is not None and now < order.ordered_at + GRACE
    if young or times < ENOUGH:
        return AskAgain("The order is young and not seen yet; schedulers show jobs late.", times)
    return TakeGate()


MOST_MEMBERS = 10_000
"""of one order, also where the site would take more"""


def most_members(array_size: int | None, submitted: int | None) -> int:
    """Return how many members one order may have: within the site's array size and the account's limit on jobs.

    Slurm counts tasks from 0 and its MaxArraySize is the first number it does not take, so it is also their count.
    """
    limits = [limit for limit in (array_size, submitted) if limit]
    return max(1, min([MOST_MEMBERS, *limits]))


# --------------------------------------------------------------------------------------------------- how a job ended


@dataclass(frozen=True, slots=True)
class ExitRecord:
    """What the job's own epilogue wrote last."""

    exit_code: int
    started_at: float
    ended_at: float


STAGE_OUT_FAILED = "stage_out_failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An end, whose fault it is, and the sentence for people."""

    end: End
    cause: Cause | None
    code: str
    text: str
    exit_code: int | None = None


CANCELLED = Verdict(End.CANCELLED, Cause.USER, "cancelled", "Cancelled before it started; nothing is charged.")


_SITE_ENDS: dict[SiteEnd, tuple[Cause, str, str]] = {
    SiteEnd.TIME_LIMIT: (
        Cause.TIME,
        "time_limit",
        "The job reached its time limit and was stopped by the site. Ask for more walltime, or less work.",
    ),
    SiteEnd.OUT_OF_MEMORY: (
        Cause.MEMORY,
        "out_of_memory",
        "The job needed more memory than it had asked for. Ask for more memory.",
    ),
    SiteEnd.NODE_FAILURE: (Cause.INFRASTRUCTURE, "node_failure", "A node of the site failed under the job."),
    SiteEnd.NOT_LAUNCHED: (
        Cause.INFRASTRUCTURE,
        "not_launched",
        "The site could not start the job: it could not open its output files. If its disk is full or the account's "
        "quota is used up, make room there, or ask the site for more.",
    ),
    SiteEnd.TOO_LARGE: (
        Cause.INFRASTRUCTURE,
        "site_too_small",
        "The site became too small for the job while it waited, so it was never started. Ask for fewer cores or less "
        "memory, or choose another cluster.",
    ),
    SiteEnd.PREEMPTED: (Cause.INFRASTRUCTURE, "preempted", "The site took the job's nodes for more urgent work."),
    SiteEnd.REQUEUED: (Cause.INFRASTRUCTURE, "requeued", "The site put the job back into its queue."),
}


def verdict(site: SiteJob | None, record: ExitRecord | None, *, cancelled: bool) -> Verdict | None:
    """Judge an ended job by its own exit file first, then by the site's word; None: look again, nothing is proven."""
    if record is not None and record.exit_code == 0:
        return Verdict(End.SUCCEEDED, None, "finished", "Finished.", 0)
    site_end = site.end if site else None
    if site_end is SiteEnd.CANCELLED:
        if cancelled:
            return Verdict(End.CANCELLED, Cause.USER, "cancelled", "Cancelled as asked.", None)
        return Verdict(
            End.FAILED, Cause.INFRASTRUCTURE, "cancelled_by_site", "Somebody at the site cancelled the job.", None
        )
    if site_end in _SITE_ENDS:
        cause, code, text = _SITE_ENDS[site_end]
        return Verdict(End.FAILED, cause, code, text, site.exit_code if site else None)
    if record is not None:  # only a payload that ran leaves one: its codes are the program's own
        return _by_program(record.exit_code)
    if site is None or site_end in (None, SiteEnd.COMPLETED, SiteEnd.UNKNOWN):
        return None  # the site says done, but the exit file is not seen yet
    return _by_exit_code(site.exit_code if site.exit_code is not None else 1, site)


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is proven yet: look again, for `why`."""

    why: str
    counts: bool
    """whether the look uses up patience; not where only an accounting that is silent can tell"""


def judged(
    site: SiteJob | None, record: ExitRecord | None, *, cancelled: bool, looks: int, silence: str | None
) -> Verdict | Wait:
    """Judge an ended job with patience for what comes late, its exit file or its accounting.

    `silence` is why the accounting does not answer. Of a bad end the exit file does not know the cause.
    """
    why = f"It ended. {silence}" if silence else "The site says that it ended, but its exit file is not seen yet."
    if silence and (record is None or record.exit_code != 0):
        return Wait(why, counts=False)
    result = verdict(site, record, cancelled=cancelled)
    if looks < PATIENCE and (result is None or accounting_lags(site, record)):
        return Wait(why, counts=True)
    return result or without_exit_file(site)


def accounting_lags(site: SiteJob | None, record: ExitRecord | None) -> bool:
    """Tell whether the accounting has more to say of a job that has ended."""
    if record is not None:
        return of_ended(site) is None
    return site is not None and site.started_at is not None and site.usage is None


def of_ended(site: SiteJob | None) -> SiteJob | None:
    """Return what a site says of a job, if it says that it ended: what else it tells of usage is a part."""
    return site if site is not None and site.state is SiteState.ENDED else None


def without_exit_file(site: SiteJob | None) -> Verdict:
    """Judge a job whose exit file never appeared, by accounting alone."""
    if site is not None and site.end is SiteEnd.COMPLETED and site.exit_code == 0:
        return Verdict(End.SUCCEEDED, None, "finished", "Finished, by the site's accounting.", 0)
    return Verdict(
        End.OUTCOME_UNKNOWN,
        Cause.INFRASTRUCTURE,
        "outcome_unknown",
        "The site forgot the job and its exit file never appeared: nobody can tell how it ended.",
    )


def never_began(*, cancelled: bool) -> Verdict:
    """Judge a job whose site lost it, and whose gate the platform holds: its payload did not start and never will."""
    if cancelled:
        return CANCELLED
    text = "The site took the job out of its queue before it began, and does not say why."
    return Verdict(End.FAILED, Cause.INFRASTRUCTURE, "lost_by_site", text)


def _by_exit_code(code: int, site: SiteJob | None = None) -> Verdict:
    if code == NEVER_STARTED:
        return Verdict(
            End.FAILED, Cause.INFRASTRUCTURE, "never_started", "The job found its gate taken: it never started.", code
        )
    if code == RESTARTED:
        return Verdict(
            End.FAILED,
            Cause.INFRASTRUCTURE,
            "restarted_by_site",
            "The site started the job a second time; its step does not say that it may run twice.",
            code,
        )
    if code == NO_ROOM:
        return Verdict(
            End.FAILED,
            Cause.INFRASTRUCTURE,
            "no_room",
            "The job's folder took no more data: the site's disk is full, or the account's quota is used up. "
            "Make room there, or ask the site for more; then run it again.",
            code,
        )
    return _by_program(code, site)


def _by_program(code: int, site: SiteJob | None = None) -> Verdict:
    signal = site.signal if site else (code - 128 if code > 128 else None)
    if signal:
        return Verdict(
            End.FAILED, Cause.PROGRAM, "killed_by_signal", f"The program was ended by signal {signal}.", code
        )
    return Verdict(End.FAILED, Cause.PROGRAM, "program_failed", f"The program ended with exit code {code}.", code)


# ----------------------------------------------------------------------------------------------------- another attempt


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most of something that a job could ask for where it may run; None: no limit is known."""

    memory_bytes: int | None = None
    walltime_s: int | None = None
    seen_bytes: int = 0
    """the most memory that runs of its step were seen to use"""


@dataclass(frozen=True, slots=True)
class Again:
    """Another attempt, counted under `cause`, with what it asks for."""

    cause: str
    memory_bytes: int | None
    walltime_s: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Last:
    """No further attempt; `why` where the step would allow one, but there is nothing more to give."""

    why: str = ""


def after(
    result: Verdict, spec: Spec, used: Mapping[str, int], ceiling: Ceiling, peak_bytes: int | None = None
) -> Again | Last:
    """Decide by the cause whether one more attempt is due, within what the step allows and the queues have.

    `peak_bytes`: the memory that the attempt was seen to use, for a job that asked for none.
    """
    cause = "unknown" if result.end is End.OUTCOME_UNKNOWN else str(result.cause)
    if result.end not in {End.FAILED, End.OUTCOME_UNKNOWN} or used.get(cause, 0) >= spec.retries.get(cause, 0):
        return Last()
    same = Again(cause, spec.memory_bytes, spec.walltime_s, "")
    match cause:
        case Cause.MEMORY:
            return _with_more_memory(same, spec, ceiling, peak_bytes)
        case Cause.TIME:
            return _with_more_time(same, spec, ceiling)
        case Cause.INFRASTRUCTURE:
            pause = pause_s({cause: used.get(cause, 0) + 1})
            when = f" in {pause:.0f} s" if pause else ""
            return replace(same, why=f"It starts anew{when}, elsewhere where that is possible.")
    return same


def pause_s(used: Mapping[str, int]) -> float:
    """Return for how long (s) a retry waits, given the attempts used up with it: 0, 10, 30, 90, 270, 300 …

    The first goes elsewhere at once. A site that failed a job again, by a full disk say, needs time to be mended.
    """
    failed = used.get(Cause.INFRASTRUCTURE, 0)
    return min(10.0 * 3 ** (failed - 2), 300.0) if failed > 1 else 0.0


def _with_more_memory(same: Again, spec: Spec, ceiling: Ceiling, peak_bytes: int | None) -> Again | Last:
    had = spec.memory_bytes or peak_bytes
    if had is None:
        return Last("It asked for no memory, so there is nothing to multiply; ask for some.")
    more = math.ceil(after_failure(had, ceiling.seen_bytes, spec.growth.get("memory", 2.0)))
    more = more if ceiling.memory_bytes is None else min(more, ceiling.memory_bytes)
    if more <= had:
        return Last(f"No queue that it may use has more than {had / 2**20:.0f} MiB a node.")
    return replace(same, memory_bytes=more, why=f"It now asks for {more / 2**20:.0f} MiB a node.")


def _with_more_time(same: Again, spec: Spec, ceiling: Ceiling) -> Again | Last:
    resumed = "It goes on from its checkpoint" if spec.checkpoint else ""
    had = spec.walltime_s
    more = None if had is None else _grown(had, spec.growth.get("time", 2.0), ceiling.walltime_s)
    if had is not None and more is not None and more > had:
        return replace(same, walltime_s=more, why=f"{resumed or 'It starts anew'}, with {more} s of walltime.")
    if resumed:
        return replace(same, why=f"{resumed}.")
    return Last("No queue that it may use gives it more time, and it has no checkpoint to go on from.")


def _grown(had: int, factor: float, most: int | None) -> int:
    wanted = math.ceil(had * factor)
    return wanted if most is None else min(wanted, most)


def running_since(shown: SiteJob | None, started_at: datetime | None, submitted_at: datetime | None) -> datetime | None:
    """Return since when a job uses its walltime: its last start, or its order if none is known.

    None while its site shows it in the queue, also if it ran before: a run that the site puts back begins anew, and
    what its first run left tells nothing of the next one.
    """
    if shown is not None and shown.queued and seen_state(shown) is State.QUEUED:
        return None
    return (shown.started_at if shown else None) or started_at or submitted_at


def overdue(begun: datetime | None, walltime_s: int | None, now: datetime) -> timedelta | None:
    """Return for how long a job is past its walltime; None while it may still run, or waits (`begun` None)."""
    if begun is None:
        return None
    past = now - begun - timedelta(seconds=walltime_s or A_DAY.total_seconds())
    return past if past >= OVERDUE else None


def is_missing(shown: SiteJob | None, submitted_at: datetime | None, heard_at: datetime | None) -> bool:
    """Tell whether a site answers, but knows a job not at all or in its books only: its controller lost some state."""
    if shown is not None:
        return not shown.queued
    return submitted_at is not None and heard_at is not None and heard_at >= submitted_at + UNSEEN


def is_gone(site: Found | Absent | Unknown | NeverOrdered, task: int) -> bool:
    """Tell whether every source of a site answered and none knows this member of an array."""
    match site:
        case Absent():
            return True
        case Found(jobs, complete=True):  # a job without index may be the whole array
            return all(job.index not in (None, task) for job in jobs)
    return False


def sighted(job: SiteJob) -> dict[str, Any]:
    """Return what of a sighting a job's row keeps: the site's own words, and when its last run began."""
    return {
        "state": job.state,
        "end": job.end,
        "reason": job.reason,
        "text": job.text,
        "queued": job.queued,
        "started_at": job.started_at.isoformat() if job.started_at else None,
    }


def seen_state(job: SiteJob) -> State:
    """Translate what the site shows into the job's own state."""
    match job.state:
        case SiteState.QUEUED | SiteState.HELD:
            return State.QUEUED
        case SiteState.RUNNING | SiteState.COMPLETING:
            return State.RUNNING
        case SiteState.ENDED:
            return State.COLLECTING


def whole(content: bytes) -> int:
    """Return how many of these bytes end with a whole character: UTF-8 that is cut leaves one to three behind."""
    for back in range(1, min(3, len(content)) + 1):
        byte = content[-back]
        if byte >= 0xC0:  # a character begins here; its first byte says how many it has
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(content) - back if length > back else len(content)
        if byte < 0x80:
            break
    return len(content)


def pieces(content: bytes, offset: int) -> list[tuple[int, bytes]]:
    """Cut new bytes into pieces of whole characters, each with its offset; a cut one at the end is read again."""
    found = []
    while size := whole(content[:LONGEST_PIECE]):
        found.append((offset, content[:size]))
        offset, content = offset + size, content[size:]
    return found


def begin(offset: int, size: int) -> int:
    """Return where to read on in a stream of `size` bytes: far behind, what would not be kept is left out."""
    return max(offset, size - KEPT)


def continued(content: bytes) -> int:
    """Return how many bytes at the beginning belong to a character that began before."""
    return next((at for at, byte in enumerate(content[:4]) if byte & 0xC0 != 0x80), 0)
