"""Choosing where a job runs, and sending its inputs there. Rows only; no site is called."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.clusters.lines import Lines
from heroes.costs import service as costs
from heroes.costs.rules import rounded_up
from heroes.data import service as data
from heroes.data.rules import Progress, StageItem
from heroes.jobs.models import Job, Submission
from heroes.jobs.rules import CANCELLED, Cause, End, Gate, Spec, State, Verdict, pause_s
from heroes.jobs.steps.settle import RETRYING, finish, move, need, note
from heroes.kit.db import transaction_time
from heroes.kit.errors import Garbled, NoCluster
from heroes.kit.ids import new_id, new_token
from heroes.kit.work import Claim, Done, Waiter, Work
from heroes.placement import service as placement
from heroes.placement.rules import Need, settled, stay_together
from heroes.placement.schemas import Choice

if TYPE_CHECKING:
    from heroes.clusters.models import Queue
    from heroes.costs.models import Tariff

LOOK_AGAIN = timedelta(seconds=30)
CANCEL_AGAIN = timedelta(seconds=0.2)
COPY_S = 600.0
# Fixed text; the two folders are its arguments and the names come in on standard input.
_COPY = 'cd "$1" && xargs -0 -r cp -a --reflink=auto --parents -t "$2" --'


async def place(work: Work, claim: Claim) -> None:
    """Choose the cluster from what is known now, and order the transfer of inputs; or wait, saying why."""
    async with work.apply(claim) as done:
        job, session = done.row, done.session
        if job.cancel_requested_at is not None:
            await finish(session, job, CANCELLED)
            return
        if pause := await pauses(session, job):
            done.again(pause)
            return
        choice = await choose(session, job)
        if choice.candidate is None:
            await _waits(session, job, choice)
            done.again(LOOK_AGAIN)
            return
        line = await line_to(session, job.organization_id, choice.candidate.cluster_id)
        if line is None or line.root is None:
            note(job, "no_line", f"Nobody can log in to {choice.candidate.cluster} now; an account there is missing.")
            done.again(LOOK_AGAIN)
            return
        job.cluster_id, job.cluster = choice.candidate.cluster_id, choice.candidate.cluster
        job.queue_id, job.queue = choice.candidate.queue_id, choice.candidate.queue
        job.line_id = line.id
        job.folders = sorted({*job.folders, line.id})
        if job.checkpoint and job.checkpoint["line_id"] == line.id:
            move(job, State.STAGING, "resuming", f"Bringing its checkpoint to the new attempt at {job.cluster}.")
            done.again()
        else:
            await _send(done, line.id, line.root)


async def pauses(session: AsyncSession, job: Job) -> timedelta | None:
    """Return for how long a job that failed by the infrastructure is still to wait for its next attempt."""
    if job.note_code != RETRYING:
        return None
    left = job.state_since + timedelta(seconds=pause_s(job.used)) - await transaction_time(session)
    return left if left > timedelta() else None


async def _send(done: Done, line_id: str, root: str) -> None:
    """Order the transfer of inputs, and of what a former attempt left to go on from; without any, hand the job over."""
    job, session = done.row, done.session
    left = {item["path"]: item for item in (job.checkpoint or {}).get("items", ())}
    inputs = [item for item in job.frozen.inputs if item["path"] not in left]
    move(job, State.STAGING, "staging", f"Sending its inputs to {job.cluster}.")
    if not (inputs or left):
        await _hand_over(done)
        return
    job.stage_in_id = await data.stage_in(
        session,
        organization_id=job.organization_id,
        line_id=line_id,
        folder=f"{folder(job, root)}/work",
        items=[StageItem(**item) for item in [*inputs, *left.values()]],
        waiter=Waiter("jobs", job.id),
    )


async def resume(work: Work, claim: Claim, job: Job, lines: Lines) -> None:
    """Copy the checkpoint from the former attempt's folder at the same site, so that it need not travel again.

    Whatever could not be copied is sent with the inputs, which are verified in any case.
    """
    async with work.database.worker() as session:
        line = await clusters.line(session, job.line_id or "")
    root = line.root if line else None
    kept = job.checkpoint or {}
    if root and kept.get("attempt") and job.cancel_requested_at is None:
        old, new = f"{root}/{job.id}/{kept['attempt']}/work", f"{folder(job, root)}/work"
        names = "".join(f"{item['path']}\0" for item in kept["items"] if item["kind"] != "dir")
        async with lines.control(job.line_id or "") as site:
            if not site.files_only:  # here it would be read and written by the platform's own rights
                await site.files.makedirs(new, site.folder_mode)
                asked = names.encode(errors="surrogateescape")
                await site.shell.run(("sh", "-c", _COPY, "sh", old, new), stdin=asked, timeout=COPY_S)
    async with work.apply(claim) as done:
        row, session = done.row, done.session
        if row.cancel_requested_at is not None:
            await finish(session, row, CANCELLED)
        elif line is not None and root:
            await _send(done, line.id, root)


async def choose(session: AsyncSession, job: Job, count: int = 1) -> Choice:
    """Return where a job, or `count` like it, go by what is known now and what is still reserved; or why they wait."""
    asked, tied = await _tied(session, job)
    return await placement.choose(
        session,
        replace(asked, count=count),
        organization_id=job.organization_id,
        user_id=job.user_id,
        project_id=job.project_id,
        held=await costs.left_for(session, job.organization_id, job.execution_id),
        tied=tied,
        job_id=job.array_id or job.id,
        execution_id=job.execution_id,
    )


async def _tied(session: AsyncSession, job: Job) -> tuple[Need, list[Need]]:
    """Return what a job asks where steps are tied to each other, and what the tied ones will that have no place yet.

    Tied jobs of an execution choose one after the other, so that each sees where the others went.
    """
    asked, ties = need(job), job.frozen.ties
    if not ties:
        return asked, []
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"ties:{job.execution_id}", 0))))
    others = [Need(**one) for one in ties["others"]]
    ours = Job.organization_id == job.organization_id, Job.execution_id == job.execution_id, Job.id != job.id
    there = Job.cluster_id.is_not(None), Job.state != State.PLACED
    placed: dict[str, list[str]] = {}
    for step, cluster_id in await session.execute(select(Job.step, Job.cluster_id).where(*ours, *there).distinct()):
        placed.setdefault(step, []).append(cluster_id or "")
    asked = replace(asked, same_as=ties["same_as"], not_same_as=ties["not_same_as"])
    asked = stay_together(settled(asked, placed), placed, others)
    return asked, [settled(one, placed) for one in others if one.step not in placed]


async def _waits(session: AsyncSession, job: Job, choice: Choice) -> None:
    note(job, choice.code, await why_it_waits(session, job, choice))


async def why_it_waits(session: AsyncSession, job: Job, choice: Choice) -> str:
    """Say what a job waits for; where it is money, also how more is reserved and whom to ask."""
    text = choice.reason
    if choice.short is not None:
        people = costs.named(await costs.whom_to_ask(session, job.organization_id))
        text += (
            f" Reserve {rounded_up(choice.short)} more on its page, or with `heroes budget top-up {job.execution_id} "
            f"{rounded_up(choice.short)}`; where the budget does not hold that much, ask {people} to raise it first."
        )
    return text


async def line_to(session: AsyncSession, organization_id: str, cluster_id: str) -> Any:
    """Return the organization's account on a cluster; None: it has none."""
    try:
        return await clusters.line_for(session, organization_id, cluster_id)
    except NoCluster:
        return None


async def staged(work: Work, claim: Claim) -> None:
    """When the inputs are there and the budget covers the order, commit that an order is about to leave."""
    async with work.apply(claim) as done:
        job, session = done.row, done.session
        if job.cancel_requested_at is not None:
            if await data.give_up(session, job.stage_in_id, "The job was cancelled."):
                await finish(session, job, CANCELLED)
            else:
                done.again(CANCEL_AGAIN)
            return
        transfer = await data.state(session, job.stage_in_id)
        if transfer.state == Progress.FAILED:
            text = f"The inputs could not be sent to {job.cluster}: {transfer.error}"
            await finish(session, job, Verdict(End.FAILED, Cause.INFRASTRUCTURE, "stage_in_failed", text))
            return
        if transfer.state != Progress.DONE:
            if transfer.error:
                note(job, "stage_in_waits", f"Sending its inputs to {job.cluster}. {transfer.error}")
            return  # the transfer wakes this row at its end and when it waits
        await _hand_over(done)


async def _hand_over(done: Done) -> None:
    """Draw what the order may cost, so that it can leave; what does not cover it takes the job elsewhere."""
    job = done.row
    with done.session.no_autoflush:  # nothing here reads what it has changed: the job is written once
        covered = await draw(done.session, job)
    if covered:
        move(job, State.SUBMITTING, "submitting", f"Handing it to {job.cluster}.")
        done.again()
    else:
        await _elsewhere(done)


async def _elsewhere(done: Done) -> None:
    """What is reserved does not cover the order where the inputs lie: go where it does, or wait for money."""
    job, session = done.row, done.session
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
    covered = await costs.draw(
        session,
        organization_id=job.organization_id,
        execution_id=job.execution_id,
        submission_id=submission.id,
        amount=worst_case(job.frozen, tariff, queue),
        tariff=tariff,
    )
    if covered:
        session.add(submission)
        job.submission_id = submission.id
    return covered


def worst_case(spec: Spec, tariff: "Tariff | None", queue: "Queue") -> Decimal:
    """Return the most that one job of this specification may cost there."""
    return costs.worst_case_of_one(
        tariff,
        nodes=spec.nodes,
        cores=max(spec.cores, spec.tasks),
        gpus=spec.gpus,
        walltime_s=spec.walltime_s or queue.max_walltime_s or queue.default_walltime_s,
        moved_bytes=placement.moved_bound(spec.inputs),
    )


def folder(job: Job, root: str) -> str:
    """Return the site folder of the present attempt."""
    return f"{root}/{job.id}/{job.attempt}"
