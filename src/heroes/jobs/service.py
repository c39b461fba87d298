"""Commands and queries on jobs; own SQL, one door to a tenant's rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity import Caller, visible
from heroes.jobs.array_script import common, key, own
from heroes.jobs.models import Array, Attempt, Job, Peek, Submission
from heroes.jobs.rules import End, Spec, State
from heroes.kit import bulk
from heroes.kit.db import heroes_now
from heroes.kit.errors import Conflict, NotFound
from heroes.kit.ids import new_id
from heroes.kit.work import Waiter, wake

LONGEST_PEEK = 65536


@dataclass(frozen=True, slots=True)
class NewJob:
    """One job as its workflow's engine asks for it."""

    execution_id: str
    project_id: str
    user_id: str
    workflow_id: str
    step: str
    index: int
    title: str
    spec: Spec
    policy: str
    weights: dict[str, Any] | None
    cluster: str | None = None
    queue: str | None = None


async def create(session: AsyncSession, organization_id: str, new: Sequence[NewJob], waiter: Waiter) -> int:
    """Add jobs to this transaction; each wakes `waiter` whenever its state changes. Those that ask for the same go
    together, as one array. Returns how many.
    """
    now: datetime = (await session.scalars(select(heroes_now()))).one()
    groups: dict[str, list[NewJob]] = {}
    for one in new:
        alone = one.index if one.spec.checkpoint else None  # what it left to go on from is its own affair
        alike = key(one.spec, one.step, one.policy, one.weights, one.cluster, one.queue, alone)
        groups.setdefault(alike, []).append(one)
    for group in groups.values():
        if len(group) == 1:
            job = Job(**_values(organization_id, group[0], waiter, now), spec=group[0].spec.as_json())
            session.add(job)
            wake(job)
        else:
            await _together(session, organization_id, group, waiter, now)
    return len(new)


def _values(organization_id: str, one: NewJob, waiter: Waiter, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id("job"),
        "organization_id": organization_id,
        "execution_id": one.execution_id,
        "waiter_table": waiter.table,
        "waiter_id": waiter.id,
        "project_id": one.project_id,
        "user_id": one.user_id,
        "workflow_id": one.workflow_id,
        "step": one.step,
        "index": one.index,
        "title": one.title,
        "state": State.PLACED,
        "state_since": now,
        "note_code": "placing",
        "note": "Choosing a cluster.",
        "policy": one.policy,
        "weights": one.weights,
        "pinned_cluster": one.cluster,
        "pinned_queue": one.queue,
        "used": {},
        "attempt": 1,
        "looks": 0,
        "cancels": 0,
    }


async def _together(
    session: AsyncSession, organization_id: str, group: Sequence[NewJob], waiter: Waiter, now: datetime
) -> None:
    shared = common([one.spec for one in group])
    array = Array(
        id=new_id("arr"),
        organization_id=organization_id,
        execution_id=group[0].execution_id,
        step=group[0].step,
        spec=shared.as_json(),
        members=len(group),
        state=State.PLACED,
    )
    session.add(array)
    wake(array)
    await session.flush()
    ordered = sorted(group, key=lambda one: one.index)
    rows = [
        {
            **_values(organization_id, one, waiter, now),
            "spec": own(one.spec, shared),
            "array_id": array.id,
            "task": task,
        }
        for task, one in enumerate(ordered)
    ]
    await bulk.insert(session, Job, rows)


async def of_execution(session: AsyncSession, execution_id: str, organization_id: str) -> Sequence[Job]:
    """Return all jobs of one execution, oldest first; for the engine that made them."""
    found = select(Job).where(Job.execution_id == execution_id, Job.organization_id == organization_id)
    return (await session.scalars(found.order_by(Job.id))).all()


@dataclass(frozen=True, slots=True)
class Tally:
    """How the jobs of one step stand, counted by the database."""

    jobs: int
    begun: int
    ended: int
    failed: int
    cancelled: int
    failure: str


async def tallies(session: AsyncSession, execution_id: str, organization_id: str) -> dict[str, Tally]:
    """Return how an execution's jobs stand, by step."""
    over = Job.state == State.ENDED
    failed = over & Job.end.not_in((End.SUCCEEDED, End.CANCELLED))
    columns = (
        func.count(),
        func.count().filter(Job.state.in_((State.RUNNING, State.COLLECTING, State.ENDED))),
        func.count().filter(over),
        func.count().filter(failed),
        func.count().filter(over & (Job.end == End.CANCELLED)),
        func.min(Job.note).filter(failed),
    )
    found = select(Job.step, *columns).where(Job.execution_id == execution_id, Job.organization_id == organization_id)
    rows = await session.execute(found.group_by(Job.step))
    return {row[0]: Tally(row[1], row[2], row[3], row[4], row[5], row[6] or "") for row in rows}


async def outputs(session: AsyncSession, execution_id: str, organization_id: str, step: str) -> list[dict[str, Any]]:
    """Return what the jobs of one step put out, in the order of their indexes."""
    of = Job.execution_id == execution_id, Job.organization_id == organization_id, Job.step == step
    return [one or {} for one in await session.scalars(select(Job.outputs).where(*of).order_by(Job.index))]


async def cancel_all(session: AsyncSession, execution_id: str, organization_id: str) -> bool:
    """Ask for the end of every job of an execution; each ends by its site's own word. False: ask again for the rest.

    Jobs lock upwards (job, reservation, execution): whoever holds the execution must not wait for a job.
    """
    unasked = (
        Job.execution_id == execution_id,
        Job.organization_id == organization_id,
        Job.state != State.ENDED,
        Job.cancel_requested_at.is_(None),
    )
    lone = select(Job).where(*unasked, Job.array_id.is_(None)).with_for_update(skip_locked=True)
    for job in (await session.scalars(lone)).all():
        job.cancel_requested_at = heroes_now()
        wake(job)
    arrays = select(Array).where(Array.execution_id == execution_id, Array.state != State.ENDED)
    for array in (await session.scalars(arrays.with_for_update(skip_locked=True))).all():
        members = update(Job).where(*unasked, Job.array_id == array.id).values(cancel_requested_at=heroes_now())
        await session.execute(members.execution_options(synchronize_session=False))
        wake(array)
    await session.flush()
    return not await session.scalar(select(func.count()).select_from(Job).where(*unasked))


async def cancel(session: AsyncSession, job: Job) -> None:
    """Ask for the end of one job; its site's own word ends it. Raises Conflict when it has ended."""
    array = None
    if job.array_id is not None:  # locked first, as its own step does
        array = await session.get_one(Array, job.array_id, with_for_update=True)
    await session.refresh(job, with_for_update=True)
    if job.state == State.ENDED:
        raise Conflict("This job has ended; there is nothing to cancel.", code="ended")
    if job.cancel_requested_at is None:
        job.cancel_requested_at = heroes_now()
        wake(job if array is None else array)


async def attempts(session: AsyncSession, job_ids: Sequence[str]) -> Sequence[Attempt]:
    """Return every start of these jobs, in order."""
    return (await session.scalars(select(Attempt).where(Attempt.job_id.in_(job_ids)).order_by(Attempt.id))).all()


async def site_id(session: AsyncSession, job: Job) -> str | None:
    """Return the batch system's own number of a job's present order."""
    if job.submission_id is None:
        return None
    found: str | None = await session.scalar(select(Submission.site_id).where(Submission.id == job.submission_id))
    return found


async def peek(session: AsyncSession, who: Caller, job: Job, stream: str, offset: int) -> Peek:
    """Ask for a running job's output from `offset` on; the owner of its line answers in the returned row."""
    if job.line_id is None or job.submission_id is None:
        raise NotFound("This job has not started, so it has written nothing yet.")
    row = Peek(
        id=new_id("pek"),
        organization_id=who.organization_id,
        job_id=job.id,
        line_id=job.line_id,
        stream=stream,
        offset=offset,
    )
    session.add(row)
    wake(row)
    return row


async def answered(session: AsyncSession, who: Caller, peek_id: str) -> Peek | None:
    """Return the peek if the line's owner has answered it."""
    found: Peek | None = await session.scalar(
        visible(Peek, who).where(Peek.id == peek_id, Peek.answered_at.is_not(None))
    )
    return found
