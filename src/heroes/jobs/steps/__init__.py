"""Durable work of jobs: place → stage in → order → follow → collect → settle. Every step looks before it acts."""

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_

from heroes.jobs.models import Array, Job, LogFollow
from heroes.jobs.rules import State
from heroes.jobs.steps import (
    array_collect,
    array_follow,
    array_order,
    array_place,
    collect,
    follow,
    order,
    place,
    watch_output,
)
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


async def advance_array(work: Work, claim: Claim, *, lines: "Lines") -> None:
    """Move an array, and with it its members, a piece on."""
    array: Array = await work.load(Array, claim)
    match State(array.state):
        case State.PLACED if array.line_id is not None:
            await array_collect.leave(work, claim, array, lines)
        case State.PLACED:
            await array_place.place(work, claim)
        case State.STAGING:
            await array_place.staged(work, claim)
        case State.SUBMITTING:
            await array_order.order(work, claim, array, lines)
        case State.ENDED:
            await array_collect.remove_folder(work, claim, array, lines)
        case _:
            await array_follow.follow(work, claim, array, lines)


def registrations(parts: "Parts") -> list[Registration]:
    """Return the steps of this slice; rows that need a connection are claimed only by its owner."""
    lines = parts.lines
    if lines is None:
        raise RuntimeError("a worker needs lines to sites")

    def reachable_jobs() -> list[ColumnElement[bool]]:
        return [or_(Job.line_id.is_(None), one_of(Job.line_id, lines.owned))]

    def reachable_arrays() -> list[ColumnElement[bool]]:
        return [or_(Array.line_id.is_(None), one_of(Array.line_id, lines.owned))]

    turns = watch_output.Turns(lines)

    def readable_logs() -> list[ColumnElement[bool]]:
        return [or_(LogFollow.line_id.is_(None), one_of(LogFollow.line_id, turns.free))]

    following = partial(watch_output.follow, lines=lines, store=parts.store, turns=turns)

    return [
        Registration(
            Job,
            partial(advance, lines=lines),
            concurrency=parts.settings.worker_concurrency,
            batch=32,
            only=reachable_jobs,
            by=Job.line_id,
        ),
        Registration(
            Array,
            partial(advance_array, lines=lines),
            concurrency=32,
            batch=8,
            only=reachable_arrays,
            by=Array.line_id,
            share=4,
        ),
        Registration(LogFollow, following, concurrency=16, only=readable_logs),
    ]
