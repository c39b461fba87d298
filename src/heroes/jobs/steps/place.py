"""Choosing where a job runs, and sending its inputs there. Rows only; no site is called."""

from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.costs import service as costs
from heroes.costs.rules import rounded_up
from heroes.data import service as data
from heroes.data.rules import Progress, StageItem
from heroes.jobs.models import Job, Submission
from heroes.jobs.rules import Cause, End, Gate, State, Verdict
from heroes.jobs.steps.settle import finish, move, need, note
from heroes.kit.errors import Garbled, NoCluster
from heroes.kit.ids import new_id, new_token
from heroes.kit.work import Claim, Done, Waiter, Work
from heroes.placement import service as placement
from heroes.placement.schemas import Choice

LOOK_AGAIN = timedelta(seconds=30)
CANCELLED = Verdict(End.CANCELLED, Cause.USER, "cancelled", "Cancelled before it started; nothing is charged.")


async def place(work: Work, claim: Claim) -> None:
    """Choose the cluster from what is known now, and order the transfer of inputs; or wait, saying why."""
    async with work.apply(claim) as done:
        job, session = done.row, done.session
        if job.cancel_requested_at is not None:
            await finish(session, job, CANCELLED)
            return
        choice = await choose(session, job)
        if choice.candidate is None:
            await _waits(session, job, choice)
            done.again(LOOK_AGAIN)
            return
        line = await _line(session, job, choice.candidate.cluster_id)
        if line is None or line.root is None:
            note(job, "no_line", f"Nobody can log in to {choice.candidate.cluster} now; an account there is missing.")
            done.again(LOOK_AGAIN)
            return
        job.cluster_id, job.cluster = choice.candidate.cluster_id, choice.candidate.cluster
        job.queue_id, job.queue = choice.candidate.queue_id, choice.candidate.queue
        job.line_id = line.id
        job.stage_in_id = await data.stage_in(
            session,
            organization_id=job.organization_id,
            line_id=line.id,
            folder=f"{folder(job, line.root)}/work",
            items=[StageItem(**item) for item in job.frozen.inputs],
            waiter=Waiter("jobs", job.id),
        )
        move(job, State.STAGING, "staging", f"Sending its inputs to {job.cluster}.")


async def choose(session: AsyncSession, job: Job) -> Choice:
    """Return where a job goes by what is known now and what is still reserved for it; or why it waits."""
    return await placement.choose(
        session,
        need(job),
        organization_id=job.organization_id,
        user_id=job.user_id,
        project_id=job.project_id,
        held=await costs.left_for(session, job.organization_id, job.execution_id),
    )


async def _waits(session: AsyncSession, job: Job, choice: Choice) -> None:
    """Say what a job waits for; where it is money, also how more is reserved and whom to ask."""
    text = choice.reason
    if choice.short is not None:
        people = costs.named(await costs.whom_to_ask(session, job.organization_id))
        text += (
            f" `heroes budget top-up {job.execution_id} {rounded_up(choice.short)}` reserves the rest; where the "
            f"budget does not hold that much, ask {people} to raise it first."
        )
    note(job, choice.code, text)


async def _line(session: AsyncSession, job: Job, cluster_id: str) -> Any:
    try:
        return await clusters.line_for(session, job.organization_id, cluster_id)
    except NoCluster:
        return None


async def staged(work: Work, claim: Claim) -> None:
    """When the inputs are there and the budget covers the order, commit that an order is about to leave."""
    async with work.apply(claim) as done:
        job, session = done.row, done.session
        if job.cancel_requested_at is not None:
            await data.give_up(session, job.stage_in_id, "The job was cancelled.")
            await finish(session, job, CANCELLED)
            return
        transfer = await data.state(session, job.stage_in_id)
        if transfer.state == Progress.FAILED:
            text = f"The inputs could not be sent to {job.cluster}: {transfer.error}"
            await finish(session, job, Verdict(End.FAILED, Cause.INFRASTRUCTURE, "stage_in_failed", text))
            return
        if transfer.state != Progress.DONE:
            if transfer.error:
                note(job, "stage_in_waits", transfer.error)
            return  # the transfer wakes this row
        if await draw(session, job):
            move(job, State.SUBMITTING, "submitting", f"Handing it to {job.cluster}.")
            done.again()
        else:
            await _elsewhere(session, job, done)


async def _elsewhere(session: AsyncSession, job: Job, done: Done) -> None:
    """What is reserved does not cover the order where the inputs lie: go where it does, or wait for money."""
    choice = await choose(session, job)
    if choice.candidate is None:
        await _waits(session, job, choice)
        done.again(LOOK_AGAIN)
    elif choice.candidate.cluster_id == job.cluster_id:
        same = choice.candidate.queue_id == job.queue_id  # the price fell, or money came back, since the draw was tried
        job.queue_id, job.queue = choice.candidate.queue_id, choice.candidate.queue
        done.again(1.0 if same else 0.0)
    else:
        text = f"What is reserved does not cover {job.cluster} any more; it moves to {choice.candidate.cluster}."
        move(job, State.PLACED, "moving", text)
        done.again()


async def draw(session: AsyncSession, job: Job) -> bool:
    """Move this order's worst case from the reservation to a new submission; False: it does not cover it."""
    tariff = await costs.tariff_now(session, job.cluster_id, job.queue_id)
    queue = await clusters.queue(session, job.queue_id or "")
    line = await clusters.line(session, job.line_id or "")
    if queue is None or line is None:
        raise Garbled(f"The queue or the account of job {job.id} is gone.")
    spec = job.frozen
    submission = Submission(
        id=new_id("sub"),
        organization_id=job.organization_id,
        job_id=job.id,
        attempt=job.attempt,
        token=new_token(),
        cluster_id=job.cluster_id,
        line_id=job.line_id,
        queue=job.queue,
        folder=folder(job, line.root or ""),
        tariff_id=tariff.id if tariff else None,
        gate=Gate.OPEN,
    )
    worst = costs.worst_case_of_one(
        tariff,
        nodes=spec.nodes,
        cores=max(spec.cores, spec.tasks),
        gpus=spec.gpus,
        walltime_s=spec.walltime_s or queue.max_walltime_s or queue.default_walltime_s,
        moved_bytes=placement.moved_bound(spec.inputs),
    )
    covered = await costs.draw(
        session,
        organization_id=job.organization_id,
        execution_id=job.execution_id,
        submission_id=submission.id,
        amount=worst,
        tariff=tariff,
    )
    if covered:
        session.add(submission)
        job.submission_id = submission.id
    return covered


def folder(job: Job, root: str) -> str:
    """Return the site folder of the present attempt."""
    return f"{root}/{job.id}/{job.attempt}"
