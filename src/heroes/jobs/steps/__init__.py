"""Durable work of jobs: place → stage in → order → follow → collect → settle. Every step looks before it acts."""

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_

from heroes.jobs.models import Job, Peek
from heroes.jobs.rules import State
from heroes.jobs.steps import collect, follow, order, place, watch_output
from heroes.kit.due import one_of
from heroes.kit.work import Claim, Registration, Work

if TYPE_CHECKING:
    from heroes.clusters.lines import Lines
    from heroes.parts import Parts


async def advance(work: Work, claim: Claim, *, lines: "Lines") -> None:
    """Move one job one state on."""
    job: Job = await work.load(Job, claim)
    match State(job.state):
        case State.PLACED if job.line_id is not None:
            await collect.leave(work, claim, job, lines)
        case State.PLACED:
            await place.place(work, claim)
        case State.STAGING if job.stage_in_id is None:
            await place.resume(work, claim, job, lines)
        case State.STAGING:
            await place.staged(work, claim)
        case State.SUBMITTING:
            await order.order(work, claim, job, lines)
        case State.QUEUED | State.RUNNING:
            await follow.follow(work, claim, job, lines)
        case State.COLLECTING:
            await collect.collect(work, claim, job, lines)
        case State.ENDED:
            await collect.remove_folder(work, claim, job, lines)


def registrations(parts: "Parts") -> list[Registration]:
    """Return the steps of this slice; rows that need a connection are claimed only by its owner."""
    lines = parts.lines
    if lines is None:
        raise RuntimeError("a worker needs lines to sites")

    def reachable_jobs() -> list[ColumnElement[bool]]:
        return [or_(Job.line_id.is_(None), one_of(Job.line_id, lines.owned))]

    def reachable_peeks() -> list[ColumnElement[bool]]:
        return [one_of(Peek.line_id, lines.owned)]

    return [
        Registration(
            Job,
            partial(advance, lines=lines),
            concurrency=parts.settings.worker_concurrency,
            batch=32,
            only=reachable_jobs,
        ),
        Registration(Peek, partial(watch_output.answer, lines=lines), concurrency=2, batch=4, only=reachable_peeks),
    ]
