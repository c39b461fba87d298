"""Values and decisions of executions. No I/O, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
    """What the engine must know of one job."""

    index: int
    state: str
    end: str | None
    text: str


@dataclass(frozen=True, slots=True)
class StepView:
    """What the engine must know of one step."""

    name: str
    needs: tuple[str, ...]
    state: StepState
    jobs: tuple[JobView, ...] = ()


def step_state(step: StepView, cancelled: bool) -> tuple[StepState, str | None]:
    """Return a running step's state from its jobs: it ends when all of them have ended, by the worst of them."""
    if step.state is not StepState.RUNNING or any(job.end is None or job.state != "ENDED" for job in step.jobs):
        return step.state, None
    failed = [job for job in step.jobs if job.end not in {"SUCCEEDED", "CANCELLED"}]
    if failed:
        count = f" ({len(failed)} of {len(step.jobs)} jobs)" if len(step.jobs) > 1 else ""
        return StepState.FAILED, failed[0].text + count
    if any(job.end == "CANCELLED" for job in step.jobs):
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
    jobs = [job for step in steps for job in step.jobs]
    if any(job.state in {"RUNNING", "COLLECTING", "ENDED"} for job in jobs):
        return Status.RUN_IN_PROGRESS
    return Status.PENDING


_UNDER_WAY = frozenset({"placing", "staging", "submitting", "retrying", "moving", "ordering_again"})


def waiting(jobs: Iterable[Any]) -> str | None:
    """Return what the jobs of a step wait for before they can be ordered, each reason once with its number of jobs."""
    counts: dict[str, int] = {}
    for job in jobs:
        if job.state in {"PLACED", "STAGING", "SUBMITTING"} and job.note_code not in _UNDER_WAY and job.note:
            counts[job.note] = counts.get(job.note, 0) + 1
    said = [text if count == 1 else f"{count} jobs: {text}" for text, count in counts.items()]
    return " ".join(said[:3]) or None
