"""Commands and queries on jobs; own SQL, one door to a tenant's rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from heroes.identity import Caller, visible
from heroes.jobs.models import Attempt, Job, Peek, Submission
from heroes.jobs.rules import Spec, State
from heroes.kit.db import heroes_now
from heroes.kit.errors import NotFound
from heroes.kit.ids import new_id
from heroes.kit.work import Waiter, wake
from heroes.placement.service import NEEDS_BUDGET

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


async def create(session: AsyncSession, organization_id: str, new: Sequence[NewJob], waiter: Waiter) -> list[Job]:
    """Add jobs to this transaction; each wakes `waiter` whenever its state changes."""
    jobs = []
    for one in new:
        job = Job(
            id=new_id("job"),
            organization_id=organization_id,
            execution_id=one.execution_id,
            waiter_table=waiter.table,
            waiter_id=waiter.id,
            project_id=one.project_id,
            user_id=one.user_id,
            workflow_id=one.workflow_id,
            step=one.step,
            index=one.index,
            title=one.title,
            spec=one.spec.as_json(),
            state=State.PLACED,
            state_since=heroes_now(),
            note_code="placing",
            note="Choosing a cluster.",
            policy=one.policy,
            weights=one.weights,
            pinned_cluster=one.cluster,
            pinned_queue=one.queue,
            used={},
        )
        session.add(job)
        wake(job)
        jobs.append(job)
    return jobs


async def put_back(session: AsyncSession, ended: Sequence[Job], *, resume: bool) -> None:
    """Make ended jobs wait for their step to start again. Nobody acts on them until then, whatever was under way.

    `resume`: they go on from what they left; else they begin without it.
    """
    for job in ended:
        job.begin_anew(job.frozen)
        job.checkpoint = job.checkpoint if resume else None
        job.used, job.avoided = {}, []
        job.cancel_requested_at = None
        job.state, job.state_since = State.PLACED, heroes_now()
        job.note_code, job.note = "restarted", "It runs again as soon as its step does."
        job.fence = Job.fence + 1
        job.lease_owner = job.due_at = job.last_error = None
        job.failures = 0


async def create_or_go_on(
    session: AsyncSession, organization_id: str, new: Sequence[NewJob], waiter: Waiter
) -> list[Job]:
    """Add the jobs of a step that are not there yet, start those put back as they are asked for now, keep the rest."""
    known = {job.index: job for job in await _of_step(session, organization_id, new)}
    for one in new:
        job = known.get(one.index)
        if job is not None and job.state != State.ENDED:
            job.title, job.spec = one.title, one.spec.as_json()
            job.policy, job.weights = one.policy, one.weights
            job.pinned_cluster, job.pinned_queue = one.cluster, one.queue
            job.note_code, job.note = "placing", "Choosing a cluster."
            wake(job)
    added = await create(session, organization_id, [one for one in new if one.index not in known], waiter)
    return sorted([*known.values(), *added], key=lambda job: job.index)


async def _of_step(session: AsyncSession, organization_id: str, new: Sequence[NewJob]) -> Sequence[Job]:
    """Return the jobs there are of the step of these, locked: each of a step carries its execution and name."""
    if not new:
        return []
    mine = Job.execution_id == new[0].execution_id, Job.organization_id == organization_id, Job.step == new[0].step
    found = select(Job).where(*mine).order_by(Job.id).with_for_update()
    return (await session.scalars(found, execution_options={"populate_existing": True})).all()


async def of_execution(session: AsyncSession, execution_id: str, organization_id: str) -> Sequence[Job]:
    """Return all jobs of one execution, oldest first; for the engine that made them."""
    found = select(Job).where(Job.execution_id == execution_id, Job.organization_id == organization_id)
    return (await session.scalars(found.order_by(Job.id))).all()


async def standing(session: AsyncSession, execution_id: str, organization_id: str) -> Sequence[Job]:
    """Return all jobs of one execution, oldest first, with nothing but how they stand and what they put out."""
    found = select(Job).where(Job.execution_id == execution_id, Job.organization_id == organization_id)
    stands = (Job.step, Job.index, Job.state, Job.end, Job.note_code, Job.note, Job.cluster, Job.line_id, Job.outputs)
    told = load_only(*stands, raiseload=True)
    return (await session.scalars(found.order_by(Job.id).options(told))).all()


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
    for job in (await session.scalars(select(Job).where(*unasked).with_for_update(skip_locked=True))).all():
        job.cancel_requested_at = heroes_now()
        wake(job)
    await session.flush()
    return not await session.scalar(select(func.count()).select_from(Job).where(*unasked))


async def wake_for_money(session: AsyncSession, execution_id: str, organization_id: str) -> None:
    """Let the jobs of an execution that wait for money look again; those that are being advanced look by themselves."""
    waiting = (
        Job.execution_id == execution_id,
        Job.organization_id == organization_id,
        Job.note_code == NEEDS_BUDGET,
        Job.state.in_((State.PLACED, State.STAGING)),
    )
    for job in (await session.scalars(select(Job).where(*waiting).with_for_update(skip_locked=True))).all():
        wake(job)


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
