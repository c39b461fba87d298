"""Ending members of an array in batches; those whose step allows another try leave it, together where they can."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.costs import service as costs
from heroes.costs.rules import Charge
from heroes.jobs import logs
from heroes.jobs.array_script import whole
from heroes.jobs.gathering import gather
from heroes.jobs.models import Array, Attempt, Job, Submission
from heroes.jobs.rules import STAGE_OUT_FAILED, End, Spec, State, Verdict
from heroes.jobs.steps.settle import ASKED, finish, handled, memory_kept, observation, quantities
from heroes.kit import bulk, outbox
from heroes.kit.db import LOCK, transaction_time
from heroes.kit.ids import new_id
from heroes.kit.work import Waiter, wake_all_named
from heroes.placement import service as placement


@dataclass(frozen=True, slots=True)
class Ended:
    """A member whose attempt is over."""

    job_id: str
    result: Verdict
    usage: Mapping[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] | None = None


async def settle(session: AsyncSession, array: Array, submission: Submission | None, ended: Sequence[Ended]) -> None:
    """Settle these members in this transaction: what they used and cost, what placement learns, how they stand."""
    if not ended:
        return
    rows = await session.scalars(select(Job).where(Job.id.in_([one.job_id for one in ended])).with_for_update(**LOCK))
    jobs = {job.id: job for job in rows}
    shared = Spec.from_json(array.spec)
    full = {job.id: whole(shared, job.spec) for job in jobs.values()}
    now = await transaction_time(session)
    charges: dict[str, Charge] = {}
    if submission is not None:
        charges = await _account(session, submission, ended, jobs, full, now)
    tasks = [job.task for job in jobs.values() if job.task is not None]
    await clusters.unwatch_tasks(session, Waiter(Array.__tablename__, array.id), tasks)
    plain = [one for one in ended if one.result.end in {End.SUCCEEDED, End.CANCELLED}]
    await _end(session, array, plain, jobs, charges, now)
    array.lost = array.lost or any(one.result.code == STAGE_OUT_FAILED for one in ended)
    again = [
        jobs[one.job_id]
        for one in ended
        if one.result.end not in {End.SUCCEEDED, End.CANCELLED}
        and await _failed(session, one, jobs[one.job_id], full[one.job_id], charges.get(one.job_id))
    ]
    await session.flush()
    await gather(session, again)
    await wake_all_named(session, {job.waiter for job in jobs.values()})


async def _account(
    session: AsyncSession,
    submission: Submission,
    ended: Sequence[Ended],
    jobs: Mapping[str, Job],
    full: Mapping[str, Spec],
    now: Any,
) -> dict[str, Charge]:
    attempts, members, seen = [], [], []
    for one in ended:
        job, started = jobs[one.job_id], bool(one.usage.get("started"))
        attempt_id = new_id("att")
        attempts.append(
            {
                "id": attempt_id,
                "organization_id": job.organization_id,
                "job_id": job.id,
                "submission_id": submission.id,
                "number": job.attempt,
                "cluster": job.cluster or "",
                "queue": job.queue,
                "site_id": f"{submission.site_id}_{job.task}" if submission.site_id else None,
                "started_at": job.started_at,
                "ended_at": now,
                "end": one.result.end,
                "cause": one.result.cause,
                "code": one.result.code,
                "text": one.result.text,
                "exit_code": one.result.exit_code,
                "usage": dict(one.usage),
                "asked": {name: getattr(full[job.id], name) for name in ASKED},
            }
        )
        free = "The site's node failed." if one.result.code == "node_failure" else None
        used = quantities(one.usage, memory_kept(full[job.id], one.usage))
        members.append(costs.Member(job.id, attempt_id, used, started, job.started_at, free))
        if started and one.result.end is End.SUCCEEDED:
            seen.append(observation(job, one.usage, full[job.id], handled_s=handled(submission, now, one.usage)))
    await bulk.insert(session, Attempt, attempts)
    any_job = jobs[ended[0].job_id]
    charges = await costs.settle_members(
        session,
        organization_id=submission.organization_id,
        execution_id=any_job.execution_id,
        submission_id=submission.id,
        project_id=any_job.project_id,
        user_id=any_job.user_id,
        orders=submission.members,
        members=members,
    )
    await placement.observe_all(session, submission.organization_id, seen)
    return charges


async def _end(
    session: AsyncSession,
    array: Array,
    ended: Sequence[Ended],
    jobs: Mapping[str, Job],
    charges: Mapping[str, Charge],
    now: Any,
) -> None:
    rows = []
    for one in ended:
        charge = charges.get(one.job_id)
        rows.append(
            {
                "id": one.job_id,
                "state": State.ENDED,
                "state_since": now,
                "note_code": one.result.code,
                "note": one.result.text,
                "end": one.result.end,
                "cause": one.result.cause,
                "exit_code": one.result.exit_code,
                "usage": dict(one.usage),
                "cost": charge.as_json() if charge else None,
                "outputs": one.outputs,
                "ended_at": now,
            }
        )
        job = jobs[one.job_id]
        event = {"execution": job.execution_id, "step": job.step, "index": job.index}
        event |= {"end": one.result.end, "code": one.result.code}
        outbox.emit(session, array.organization_id, type="job.ended", subject=job.id, data=event)
        session.expunge(job)
    await bulk.update(session, Job, rows)
    await logs.close(session, [one.job_id for one in ended])


async def _failed(session: AsyncSession, one: Ended, job: Job, spec: Spec, charge: Charge | None) -> bool:
    """End a member that failed, or prepare its next attempt outside of the array; tell whether there is one."""
    told, array_id, submission_id = job.spec, job.array_id, job.submission_id
    job.spec = spec.as_json()
    await finish(session, job, one.result, usage=one.usage, outputs=one.outputs, settled=charge, alone=False)
    if job.state == State.ENDED:
        job.spec, job.array_id, job.submission_id = told, array_id, submission_id
        return False
    return True
