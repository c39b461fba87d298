"""An array until its order leaves: placed once, staged once, drawn for once, cut to what its site takes at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.costs import service as costs
from heroes.data import service as data
from heroes.data.rules import Progress, StageItem
from heroes.jobs import rules
from heroes.jobs.array_script import shared_path, whole
from heroes.jobs.models import Array, Job, Submission
from heroes.jobs.rules import CANCELLED, Cause, End, Gate, Spec, State, Verdict
from heroes.jobs.steps.array_settle import Ended, settle
from heroes.jobs.steps.place import LOOK_AGAIN, choose, line_to, pauses, why_it_waits, worst_case
from heroes.jobs.steps.settle import TIDY
from heroes.kit.db import heroes_now
from heroes.kit.errors import Garbled
from heroes.kit.ids import new_id, new_token
from heroes.kit.work import Claim, Done, Waiter, Work, wake

_RENUMBER = text("""
UPDATE jobs SET task = placed.task FROM (
  SELECT id, row_number() OVER (ORDER BY index) - 1 AS task FROM jobs WHERE array_id = :array AND state <> 'ENDED'
) AS placed WHERE jobs.id = placed.id AND jobs.task IS DISTINCT FROM placed.task
""")


async def place(work: Work, claim: Claim) -> None:
    """Choose the cluster for all members by one ranking, and order the transfer of inputs; or wait, saying why.

    Where there is nothing to send, the order follows at once.
    """
    async with work.apply(claim) as done:
        array, session = done.row, done.session
        if not await _wanted(done):
            return
        first = await representative(session, array)
        if pause := await pauses(session, first):
            done.again(pause)
            return
        count = (await session.scalar(_living(array, func.count()))) or 1
        choice = await choose(session, first, count)
        if choice.candidate is None:
            await tell(session, array, note_code=choice.code, note=await why_it_waits(session, first, choice))
            done.again(LOOK_AGAIN)
            return
        line = await line_to(session, array.organization_id, choice.candidate.cluster_id)
        if line is None or line.root is None:
            why = f"Nobody can log in to {choice.candidate.cluster} now; an account there is missing."
            await tell(session, array, note_code="no_line", note=why)
            done.again(LOOK_AGAIN)
            return
        array.line_id, array.folder = line.id, f"{line.root}/{array.id}"
        if items := await _inputs(session, array):
            array.stage_in_id = await data.stage_in(
                session,
                organization_id=array.organization_id,
                line_id=line.id,
                folder=array.folder,
                items=items,
                waiter=Waiter(Array.__tablename__, array.id),
            )
        found = choice.candidate
        where = {"cluster_id": found.cluster_id, "cluster": found.cluster, "queue_id": found.queue_id}
        where |= {"queue": found.queue, "line_id": line.id, "stage_in_id": array.stage_in_id}
        await turn(session, array, State.STAGING, "staging", f"Sending its inputs to {found.cluster}.", **where)
        if not items:
            await _hand_over(done)


async def representative(session: AsyncSession, array: Array) -> Job:
    """Return a member with its full specification, for what all have alike; not to be written."""
    members = select(Job).where(Job.array_id == array.id, Job.state != State.ENDED).order_by(Job.task).limit(1)
    job = (await session.scalars(members)).one()
    session.expunge(job)
    job.spec = whole(Spec.from_json(array.spec), job.spec).as_json()
    return job


async def _inputs(session: AsyncSession, array: Array) -> list[StageItem]:
    """Return what all members share, once, and what is each one's own."""
    shared = Spec.from_json(array.spec).inputs
    items = [StageItem(**{**item, "path": shared_path(item)}) for item in shared]
    members = select(Job.index, Job.spec["inputs"]).where(
        Job.array_id == array.id, Job.state != State.ENDED, Job.spec.has_key("inputs")
    )
    for index, own in (await session.execute(members)).all():
        items += [StageItem(**{**item, "path": f"{index}/work/{item['path']}"}) for item in own]
    return items


async def staged(work: Work, claim: Claim) -> None:
    """When the inputs are there and the budget covers the order, commit that an order is about to leave."""
    async with work.apply(claim) as done:
        array, session = done.row, done.session
        if not await _wanted(done):
            if array.stage_in_id is not None:
                await data.give_up(session, array.stage_in_id, "The jobs were cancelled.")
            return
        if array.stage_in_id is None:
            await _hand_over(done)
            return
        transfer = await data.state(session, array.stage_in_id)
        if transfer.state == Progress.FAILED:
            first = await representative(session, array)
            why = f"The inputs could not be sent to {first.cluster}: {transfer.error}"
            await end_all(done, Verdict(End.FAILED, Cause.INFRASTRUCTURE, "stage_in_failed", why))
            return
        if transfer.state != Progress.DONE:
            if transfer.error:
                await tell(session, array, note_code="stage_in_waits", note=transfer.error)
            return  # the transfer wakes this row
        await _hand_over(done)


async def _hand_over(done: Done) -> None:
    """Cut the array to what its site takes at a time, and draw what the order may cost, so that it can leave."""
    array, session = done.row, done.session
    await split(session, array, await _most(session, array))
    if await draw(session, array):
        done.again()
    else:
        await _elsewhere(done)


async def _elsewhere(done: Done) -> None:
    """What is reserved does not cover the order where the inputs lie: go where it does, or wait for money."""
    array, session = done.row, done.session
    first = await representative(session, array)
    count = (await session.scalar(_living(array, func.count()))) or 1
    choice = await choose(session, first, count)
    if choice.candidate is None:
        await tell(session, array, note_code=choice.code, note=await why_it_waits(session, first, choice))
        done.again(LOOK_AGAIN)
    elif choice.candidate.cluster_id == first.cluster_id:
        await tell(session, array, queue_id=choice.candidate.queue_id, queue=choice.candidate.queue)
        done.again(1.0)  # the price fell, or money came back, since the draw was tried
    else:
        text = f"What is reserved does not cover {first.cluster} any more; it moves to {choice.candidate.cluster}."
        await turn(session, array, State.PLACED, "moving", text)
        done.again()


async def _most(session: AsyncSession, array: Array) -> int:
    """Return how many members one order may have at this site."""
    first = await representative(session, array)
    facts: Mapping[str, Any] = await clusters.facts(session, first.cluster_id or "")
    return rules.most_members(facts.get("max_array_size"), facts.get("max_submit_jobs"))


async def split(session: AsyncSession, array: Array, most: int) -> None:
    """Leave to this array its first `most` members; the others go in arrays of their own, from the same folder."""
    await session.execute(_RENUMBER, {"array": array.id})
    mine = Job.array_id == array.id, Job.state != State.ENDED
    count = await session.scalar(select(func.count()).select_from(Job).where(*mine)) or 0
    for start in range(most, count, most):
        other = await _beside(session, array)
        theirs = update(Job).where(*mine, Job.task >= start, Job.task < start + most)
        await _change(session, theirs.values(array_id=other.id, task=Job.task - start))


async def release(session: AsyncSession, array: Array, tasks: Sequence[int], why: str) -> None:
    """Order these members anew, in an array of their own: under the present token they can never start."""
    if tasks and array.submission_id:
        submission = await session.get_one(Submission, array.submission_id)
        await costs.put_back_members(session, submission_id=submission.id, orders=submission.members, count=len(tasks))
        await clusters.unwatch_tasks(session, Waiter(Array.__tablename__, array.id), tasks)
        other = await _beside(session, array)
        theirs = update(Job).where(Job.array_id == array.id, Job.task.in_(tasks), Job.state != State.ENDED)
        again = {"state": State.STAGING, "note_code": "ordering_again", "note": why, "submission_id": None}
        await _change(session, theirs.values(array_id=other.id, **again))
        await session.execute(_RENUMBER, {"array": other.id})


async def _beside(session: AsyncSession, array: Array) -> Array:
    """Return a further array with the same folder, whose order is still to be given."""
    other = Array(
        id=new_id("arr"),
        organization_id=array.organization_id,
        execution_id=array.execution_id,
        step=array.step,
        spec=array.spec,
        members=array.members,
        state=State.STAGING,
        line_id=array.line_id,
        folder=array.folder,
        stage_in_id=array.stage_in_id,
    )
    session.add(other)
    await session.flush()
    wake(other)
    return other


async def order_anew(session: AsyncSession, array: Array, why: str, *, most: int | None = None) -> None:
    """Draw and order again under a new token, since the old one can never start; `most`: in parts of so many."""
    await costs.put_back(session, submission_id=array.submission_id or "")
    await clusters.unwatch_all(session, Waiter(Array.__tablename__, array.id))
    array.submission_id = None
    await turn(session, array, State.STAGING, "ordering_again", why, submission_id=None)
    if most is not None:
        await split(session, array, most)


async def draw(session: AsyncSession, array: Array) -> bool:
    """Move the worst case of all members from the reservation to one submission; False: it does not cover it."""
    first = await representative(session, array)
    tariff = await costs.tariff_now(session, first.cluster_id, first.queue_id)
    queue = await clusters.queue(session, first.queue_id or "")
    if queue is None or array.folder is None:
        raise Garbled(f"The queue or the account of array {array.id} is gone.")
    count = (await session.scalar(_living(array, func.count()))) or 0
    submission = Submission(
        id=new_id("sub"),
        organization_id=array.organization_id,
        array_id=array.id,
        members=count,
        attempt=first.attempt,
        token=new_token(),
        cluster_id=first.cluster_id,
        line_id=array.line_id,
        queue=first.queue,
        folder=array.folder,
        tariff_id=tariff.id if tariff else None,
        gate=Gate.OPEN,
    )
    covered = await costs.draw(
        session,
        organization_id=array.organization_id,
        execution_id=array.execution_id,
        submission_id=submission.id,
        amount=costs.share(worst_case(first.frozen, tariff, queue)) * count,
        tariff=tariff,
    )
    if covered:
        session.add(submission)
        await session.flush()
        array.submission_id = submission.id
        words = f"Handing {count} jobs to {first.cluster} as one order."
        await turn(session, array, State.SUBMITTING, "submitting", words, submission_id=submission.id)
    return covered


def _living(array: Array, *columns: Any) -> Any:
    return select(*columns).select_from(Job).where(Job.array_id == array.id, Job.state != State.ENDED)


async def _wanted(done: Done) -> bool:
    """End the members that were cancelled before anything left; tell whether any remain."""
    session, array = done.session, done.row
    gone = select(Job.id).where(
        Job.array_id == array.id, Job.state != State.ENDED, Job.cancel_requested_at.is_not(None)
    )
    cancelled = (await session.scalars(gone)).all()
    if cancelled:
        await settle(session, array, None, [Ended(job_id, CANCELLED) for job_id in cancelled])
        await session.execute(_RENUMBER, {"array": array.id})
    if await session.scalar(_living(array, func.count())):
        return True
    await close(done)
    return False


async def end_all(done: Done, result: Verdict) -> None:
    """End every member alike; those whose step allows it are tried again."""
    session, array = done.session, done.row
    submission = await session.get(Submission, array.submission_id) if array.submission_id else None
    ids: Sequence[str] = (await session.scalars(_living(array, Job.id))).all()
    await settle(session, array, submission, [Ended(job_id, result) for job_id in ids])
    await close(done)


async def close(done: Done) -> None:
    """Nothing of this array lives any more: what it left at the site is removed next."""
    array = done.row
    array.state = State.ENDED
    lost = array.lost  # what could not be fetched is still there, for somebody to fetch by hand
    done.again(await clusters.purge_after(done.session, await _cluster(done.session, array)) if lost else TIDY)


async def _cluster(session: AsyncSession, array: Array) -> str:
    line = await clusters.line(session, array.line_id or "")
    return line.cluster_id if line else ""


async def tell(session: AsyncSession, array: Array, **values: Any) -> None:
    """Say of all living members what is going on."""
    await _change(session, update(Job).where(Job.array_id == array.id, Job.state != State.ENDED).values(**values))


async def turn(session: AsyncSession, array: Array, state: State, code: str, words: str, **values: Any) -> None:
    """Set the state of the array and of all its living members."""
    array.state = state
    await tell(session, array, state=state, state_since=heroes_now(), note_code=code, note=words, **values)


async def _change(session: AsyncSession, statement: Any) -> None:
    await session.execute(statement.execution_options(synchronize_session=False))
