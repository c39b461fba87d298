"""Values and decisions of executions. No I/O, no clock."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """The words of the platform's interface for one execution."""

    SUBMIT_IN_PROGRESS = "SUBMIT_IN_PROGRESS"
    PENDING = "PENDING"
    RUN_IN_PROGRESS = "RUN_IN_PROGRESS"
    CANCEL_IN_PROGRESS = "CANCEL_IN_PROGRESS"
    CANCELED = "CANCELED"
    FINISHED = "FINISHED"
    FAILED = "FAILED"


ENDED = frozenset({Status.CANCELED, Status.FINISHED, Status.FAILED})
RUNNING = frozenset(Status) - ENDED


class StepState(StrEnum):
    """Where a step is."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    SKIPPED = "SKIPPED"


STEP_ENDED = frozenset({StepState.FINISHED, StepState.FAILED, StepState.CANCELED, StepState.SKIPPED})


@dataclass(frozen=True, slots=True)
class JobView:
    """What a restart must know of one job."""

    index: int
    state: str
    end: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How the jobs of one step stand, counted."""

    jobs: int = 0
    begun: int = 0
    """that run, or have"""
    ended: int = 0
    failed: int = 0
    cancelled: int = 0
    unpaid: int = 0
    """that wait for money"""
    failure: str = ""
    """what the first one that failed says"""


@dataclass(frozen=True, slots=True)
class StepView:
    """What the engine must know of one step."""

    name: str
    needs: tuple[str, ...]
    state: StepState
    jobs: tuple[JobView, ...] = ()
    """one by one, where that matters"""
    tally: Tally = Tally()


def step_state(step: StepView, cancelled: bool) -> tuple[StepState, str | None]:
    """Return a running step's state from its jobs: it ends when all of them have ended, by the worst of them."""
    tally = step.tally
    if step.state is not StepState.RUNNING or tally.ended < tally.jobs:
        return step.state, None
    if tally.failed:
        count = f" ({tally.failed} of {tally.jobs} jobs)" if tally.jobs > 1 else ""
        return StepState.FAILED, tally.failure + count
    if tally.cancelled:
        return StepState.CANCELED, "Cancelled." if cancelled else "A job was cancelled."
    return StepState.FINISHED, None


def ready(steps: Sequence[StepView]) -> list[str]:
    """Return the waiting steps whose needs have all finished."""
    done = {step.name for step in steps if step.state is StepState.FINISHED}
    return [step.name for step in steps if step.state is StepState.WAITING and done.issuperset(step.needs)]


def blocked(steps: Sequence[StepView]) -> list[str]:
    """Return the waiting steps that can never run, since a step before them did not finish."""
    dead = {step.name for step in steps if step.state in STEP_ENDED - {StepState.FINISHED}}
    found: list[str] = []
    for step in steps:  # steps stand in an order that can run, so one pass carries the news down
        if step.state is StepState.WAITING and dead.intersection(step.needs):
            dead.add(step.name)
            found.append(step.name)
    return found


@dataclass(frozen=True, slots=True)
class Again:
    """Which jobs of a step run again: all of them, or all but those that are kept.

    `whole`: the step begins anew, also where its jobs left checkpoints.
    """

    kept: frozenset[int] = frozenset()
    whole: bool = False

    def covers(self, index: int) -> bool:
        return index not in self.kept


def again(steps: Sequence[StepView], first: str | None) -> dict[str, Again]:
    """Return the steps that a restart runs again: those that did not finish, `first`, and what comes after them.

    Of a step that failed by itself the jobs that succeeded are kept; after a step that runs again all are made anew,
    since what they read may change.
    """
    found: dict[str, Again] = {}
    for step in steps:  # in an order that can run
        if step.name == first or any(need in found for need in step.needs):
            found[step.name] = Again(whole=True)
        elif step.state is not StepState.FINISHED:
            well = (job.index for job in step.jobs if job.state == "ENDED" and job.end == "SUCCEEDED")
            found[step.name] = Again(frozenset(well))
    return found


def status(steps: Iterable[StepView], *, cancelled: bool) -> Status:
    """Return the word for an execution whose steps stand so."""
    states = [step.state for step in steps]
    if all(state in STEP_ENDED for state in states):
        if all(state is StepState.FINISHED for state in states):
            return Status.FINISHED
        return Status.CANCELED if cancelled and StepState.FAILED not in states else Status.FAILED
    if cancelled:
        return Status.CANCEL_IN_PROGRESS
    if any(step.tally.begun for step in steps):
        return Status.RUN_IN_PROGRESS
    return Status.PENDING


UNDER_WAY = frozenset({"placing", "staging", "submitting", "retrying", "moving", "ordering_again"})


def waiting(reasons: Iterable[tuple[str, int]]) -> str | None:
    """Return what the jobs of a step wait for before they can be ordered, each reason once with its number of jobs."""
    said = [text if count == 1 else f"{count} jobs: {text}" for text, count in reasons]
    return " ".join(said[:3]) or None


# -------------------------------------------------------------------------------------------- what is told to people


@dataclass(frozen=True, slots=True)
class Freshness:
    """When a cluster was last heard, why it is silent, and which of its sources are."""

    cluster: str
    at: datetime | None
    trouble: str | None = None
    silent: Mapping[str, str] = field(default_factory=dict)


AT_A_SITE = frozenset({"SUBMITTING", "QUEUED", "RUNNING", "COLLECTING"})
STALE = timedelta(minutes=2)
"""Silent for longer than this a cluster is called so, whether or not its connection has been given up yet."""
_STANDS = {
    "PLACED": "Looks for a place",
    "STAGING": "Inputs are on their way to {where}",
    "SUBMITTING": "Is being handed to {where}",
    "QUEUED": "Queued on {where}",
    "RUNNING": "Runs on {where}",
    "COLLECTING": "Ended on {where}, results are being fetched",
}
_COUNTED = {
    "PLACED": "{count} look for a place",
    "STAGING": "{count} wait for their inputs on {where}",
    "SUBMITTING": "{count} being handed to {where}",
    "QUEUED": "{count} queued on {where}",
    "RUNNING": "{count} running on {where}",
    "COLLECTING": "{count} ended on {where}, their results being fetched",
}


def span(seconds: float) -> str:
    """Return a span of time in one or two units, as people say it."""
    left = max(0, int(seconds))
    if left < 120:
        return f"{left} s"
    for size, unit, smaller, word in ((86400, "d", 3600, "h"), (3600, "h", 60, "min")):
        if left >= size:
            rest = left % size // smaller
            return f"{left // size} {unit} {rest} {word}" if rest else f"{left // size} {unit}"
    return f"{left // 60} min"


def freshness(heard: Freshness, now: datetime) -> str:
    """Say when a cluster was last heard; what was last seen there may have changed since."""
    if heard.at is None:
        return f"{heard.cluster} was never heard from. {heard.trouble or ''}".rstrip()
    since = (now - heard.at).total_seconds()
    if heard.trouble or since > STALE.total_seconds():
        said = heard.trouble or ""
        known = f"Not heard from {heard.cluster} since {clock(heard.at)} ({span(since)})."
        reason = said.partition("). ")[2] if said.startswith("Not heard from since") else said
        return (
            f"{known} {reason} What was last seen may have changed since; nothing is concluded from silence.".replace(
                "  ", " "
            )
        )
    parts = [f"Last heard from {heard.cluster} {span(since)} ago."]
    parts += [f"Its {name} does not answer: {why.rstrip('.')}." for name, why in sorted(heard.silent.items())]
    return " ".join(parts)


def clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def job_told(job: Any, heard: Freshness | None, now: datetime) -> str:
    """Explain one job: what it does since when, why, and how fresh that is."""
    if job.state == "ENDED":
        return f"Ended {clock(job.ended_at or job.state_since)}. {job.note or ''}".rstrip()
    head = _STANDS[job.state].format(where=job.cluster or "a cluster")
    since = f"since {clock(job.state_since)} ({span((now - job.state_since).total_seconds())})"
    said = [f"{head} {since}.", job.note or "", "" if heard and heard.trouble else _tried_again(job)]
    if heard is not None and job.state in AT_A_SITE:
        said.append(freshness(heard, now))
    return " ".join(part for part in said if part)


def _tried_again(job: Any) -> str:
    return f"The last try failed and is repeated: {job.last_error.rstrip('.')}." if job.last_error else ""


def told(
    status: str,
    since: datetime,
    reason: str | None,
    steps: Iterable[tuple[str, Sequence[Any]]],
    heard: Mapping[str, Freshness],
    now: datetime,
) -> str:
    """Explain an execution: what it does since when, step by step why, and how fresh that is.

    `steps` holds, by step, how many jobs stand alike.
    """
    ago = span((now - since).total_seconds())
    said = [f"{_WORDS[Status(status)]} since {clock(since)} ({ago})."]
    if Status(status) in ENDED:
        return f"{_WORDS[Status(status)]} at {clock(since)}. {reason or ''}".rstrip()
    lines: set[str] = set()
    for name, stand in steps:
        live = [one for one in stand if one.state != "ENDED"]
        if live:
            jobs, under_way = (sum(one.count for one in some) for some in (stand, live))
            done = f"{jobs - under_way} of {jobs} jobs ended, " if jobs > 1 else ""
            said.append(f"{name}: {done}{_groups(live)}.")
            said += _reasons(live, under_way)
            lines |= {one.line_id for one in live if one.line_id and one.state in AT_A_SITE}
    said += [freshness(heard[line], now) for line in sorted(lines) if line in heard]
    return " ".join(said)


_WORDS = {
    Status.SUBMIT_IN_PROGRESS: "Accepted, first jobs are being made",
    Status.PENDING: "Waits for its jobs to start",
    Status.RUN_IN_PROGRESS: "Runs",
    Status.CANCEL_IN_PROGRESS: "Is being cancelled, by each site's own word,",
    Status.CANCELED: "Cancelled",
    Status.FINISHED: "Finished",
    Status.FAILED: "Failed",
}


def _groups(live: Sequence[Any]) -> str:
    counts: Counter[tuple[str, str | None]] = Counter()
    for one in live:
        counts[one.state, one.cluster] += one.count
    return ", ".join(
        _COUNTED[state].format(count=count, where=cluster or "a cluster") for (state, cluster), count in counts.items()
    )


def _reasons(live: Sequence[Any], under_way: int) -> list[str]:
    """Return the commonest sentences of jobs, each once with its number of jobs."""
    counts: Counter[str] = Counter()
    for one in live:
        if one.note:
            counts[one.note] += one.count
    return [text if under_way == 1 else f"({count}) {text}" for text, count in counts.most_common(3)]
