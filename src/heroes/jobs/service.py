"""Commands and queries on jobs; own SQL, one door to a tenant's rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.data import service as data
from heroes.jobs.array_script import common, key, own
from heroes.jobs.gathering import add_array, full_specs, gather
from heroes.jobs.models import Array, Attempt, Job, Submission
from heroes.jobs.rules import STAGE_OUT_FAILED, End, Spec, State
from heroes.kit import bulk
from heroes.kit.db import LOCK, heroes_now, transaction_time
from heroes.kit.ids import new_id
from heroes.kit.why import Why
from heroes.kit.work import Waiter, wake
from heroes.placement.service import NEEDS_BUDGET


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


async def create(session: AsyncSession, organization_id: str, new: Sequence[NewJob], waiter: Waiter) -> list[str]:
    """Add jobs to this transaction; each wakes `waiter` whenever its state changes. Those that ask for the same go
    together, as one array. Returns their ids.
    """
    now = await transaction_time(session)
    groups: dict[str, list[NewJob]] = {}
    for one in new:
        alone = one.index if one.spec.checkpoint else None  # what it left to go on from is its own affair
        alike = key(one.spec, one.step, one.policy, one.weights, one.cluster, one.queue, alone)
        groups.setdefault(alike, []).append(one)
    made: list[str] = []
    for group in groups.values():
        if len(group) == 1:
            job = Job(**_values(organization_id, group[0], waiter, now), spec=group[0].spec.as_json())
            session.add(job)
            wake(job)
            made.append(job.id)
        else:
            made += await _together(session, organization_id, group, waiter, now)
    return made


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
) -> list[str]:
    shared = common([one.spec for one in group])
    array = await add_array(session, organization_id, group, shared)
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
    return [row["id"] for row in rows]


async def put_back(session: AsyncSession, ended: Sequence[Job], *, resume: bool) -> None:
    """Make ended jobs wait for their step to start again. Nobody acts on them until then, whatever was under way.

    `resume`: they go on from what they left; else they begin without it.
    """
    full = await full_specs(session, ended)
    for job in ended:
        job.begin_anew(full[job.id])
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
) -> list[str]:
    """Add the jobs of a step that are not there yet, start those put back as they are asked for now, keep the rest."""
    known = {job.index: job for job in await _of_step(session, organization_id, new)}
    again = []
    for one in new:
        job = known.get(one.index)
        if job is not None and job.state != State.ENDED:
            job.title, job.spec = one.title, one.spec.as_json()
            job.policy, job.weights = one.policy, one.weights
            job.pinned_cluster, job.pinned_queue = one.cluster, one.queue
            job.note_code, job.note = "placing", "Choosing a cluster."
            again.append(job)
    await gather(session, again)
    added = await create(session, organization_id, [one for one in new if one.index not in known], waiter)
    return [*(job.id for job in known.values()), *added]


async def _of_step(session: AsyncSession, organization_id: str, new: Sequence[NewJob]) -> Sequence[Job]:
    """Return the jobs there are of the step of these, locked: each of a step carries its execution and name."""
    if not new:
        return []
    mine = Job.execution_id == new[0].execution_id, Job.organization_id == organization_id, Job.step == new[0].step
    found = select(Job).where(*mine).order_by(Job.id).with_for_update(**LOCK)
    return (await session.scalars(found, execution_options={"populate_existing": True})).all()


async def of_execution(session: AsyncSession, execution_id: str, organization_id: str) -> Sequence[Job]:
    """Return all jobs of one execution, oldest first; for the engine that made them."""
    found = select(Job).where(Job.execution_id == execution_id, Job.organization_id == organization_id)
    return (await session.scalars(found.order_by(Job.id))).all()


async def named(session: AsyncSession, job_id: str, organization_id: str) -> Job | None:
    """Return one job by its id."""
    found: Job | None = await session.scalar(
        select(Job).where(Job.id == job_id, Job.organization_id == organization_id)
    )
    return found


@dataclass(frozen=True, slots=True)
class Tally:
    """How the jobs of one step stand, counted by the database."""

    jobs: int
    begun: int
    ended: int
    failed: int
    cancelled: int
    unpaid: int
    """that wait for money"""
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
        func.count().filter(Job.note_code == NEEDS_BUDGET),
        func.min(Job.note).filter(failed),
    )
    found = select(Job.step, *columns).where(Job.execution_id == execution_id, Job.organization_id == organization_id)
    rows = await session.execute(found.group_by(Job.step))
    return {row[0]: Tally(row[1], row[2], row[3], row[4], row[5], row[6], row[7] or "") for row in rows}


@dataclass(frozen=True, slots=True)
class Standing:
    """How many jobs of one step stand alike, and why."""

    step: str
    state: str
    cluster: str | None
    line_id: str | None
    note: str | None
    count: int


async def standing(session: AsyncSession, execution_id: str, organization_id: str) -> list[Standing]:
    """Return how the jobs of one execution stand, those that stand alike together, oldest first."""
    over = Job.state == State.ENDED
    why = (case((over, None), else_=column) for column in (Job.cluster, Job.line_id, Job.note))
    alike: list[Any] = [Job.step, Job.state, *why]
    found = select(*alike, func.count()).where(Job.execution_id == execution_id, Job.organization_id == organization_id)
    rows = await session.execute(found.group_by(*alike).order_by(func.min(Job.id)))
    return [Standing(*row[:6]) for row in rows]


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
    lone = select(Job).where(*unasked, Job.array_id.is_(None)).with_for_update(skip_locked=True, **LOCK)
    for job in (await session.scalars(lone)).all():
        job.cancel_requested_at = heroes_now()
        wake(job)
    arrays = select(Array).where(Array.execution_id == execution_id, Array.state != State.ENDED)
    for array in (await session.scalars(arrays.with_for_update(skip_locked=True, **LOCK))).all():
        members = update(Job).where(*unasked, Job.array_id == array.id).values(cancel_requested_at=heroes_now())
        await session.execute(members.execution_options(synchronize_session=False))
        wake(array)
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
    lone = select(Job).where(*waiting, Job.array_id.is_(None)).with_for_update(skip_locked=True, **LOCK)
    arrays = (
        select(Array)
        .where(Array.id.in_(select(Job.array_id).where(*waiting)))
        .with_for_update(skip_locked=True, **LOCK)
    )
    for found in (lone, arrays):
        for row in (await session.scalars(found)).all():
            wake(row)


async def attempts(session: AsyncSession, job_ids: Sequence[str]) -> Sequence[Attempt]:
    """Return every start of these jobs, in order."""
    return (await session.scalars(select(Attempt).where(Attempt.job_id.in_(job_ids)).order_by(Attempt.id))).all()


KEY = (Job.id,)


def listing(
    execution_id: str, organization_id: str, *, step: str | None = None, index: int | None = None
) -> Select[Any]:
    """Return the query of an execution's jobs, or of those of a step, in the order in which they were made."""
    found = select(Job).where(Job.execution_id == execution_id, Job.organization_id == organization_id)
    found = found if step is None else found.where(Job.step == step)
    return found if index is None else found.where(Job.index == index)


async def site_ids(session: AsyncSession, rows: Sequence[Job]) -> dict[str, str]:
    """Return the batch system's own number of each of these jobs that has one, by id."""
    ordered = [job.submission_id for job in rows if job.submission_id]
    found = await session.execute(select(Submission.id, Submission.site_id).where(Submission.id.in_(ordered)))
    numbers = {row[0]: row[1] for row in found if row[1]}
    told = {job.id: (numbers.get(job.submission_id or ""), job.task) for job in rows}
    return {name: number if task is None else f"{number}_{task}" for name, (number, task) in told.items() if number}


_TRANSFER = case(
    (Job.note_code.in_(("stage_in_failed", "stage_in_waits")), Job.stage_in_id),
    ((Job.note_code == STAGE_OUT_FAILED) | (Job.state == State.COLLECTING), Job.stage_out_id),
)
"""the transfer whose trouble a job's note quotes"""


async def quoted(session: AsyncSession, job_ids: Collection[str]) -> dict[str, Why]:
    """Return by code why the transfers failed, or wait, that these jobs quote; by the id of the job."""
    asked = select(Job.id, _TRANSFER).where(Job.id.in_(job_ids), _TRANSFER.is_not(None))
    quotes = {row[0]: row[1] for row in await session.execute(asked)} if job_ids else {}
    whys = await data.whys(session, set(quotes.values()))
    return {job: whys[transfer] for job, transfer in quotes.items() if transfer in whys}


class Failure(NamedTuple):
    """What a job that failed ended of; `why`: what it quotes of a transfer."""

    title: str
    code: str | None
    exit_code: int | None
    why: Why | None


async def _failures(session: AsyncSession, rows: Sequence[Any]) -> dict[str, Failure]:
    whys = await data.whys(session, {row[4] for row in rows if row[4]})
    return {of: Failure(title, code, status, whys.get(quoted)) for of, title, code, status, quoted in rows}


async def first_failures(session: AsyncSession, execution_ids: Collection[str]) -> dict[str, Failure]:
    """Return of each of these executions what the job that failed first ended of, where one did."""
    bad = Job.state == State.ENDED, Job.end.in_((End.FAILED, End.OUTCOME_UNKNOWN))
    told = select(Job.execution_id, Job.title, Job.note_code, Job.exit_code, _TRANSFER)
    first = told.where(Job.execution_id.in_(execution_ids), *bad).ext(distinct_on(Job.execution_id))
    rows = await session.execute(first.order_by(Job.execution_id, Job.ended_at, Job.id))
    return await _failures(session, rows.all())


async def failures_of_steps(session: AsyncSession, execution_id: str, organization_id: str) -> dict[str, Failure]:
    """Return of each step of an execution what its job that failed first ended of, where one did."""
    bad = Job.state == State.ENDED, Job.end.in_((End.FAILED, End.OUTCOME_UNKNOWN))
    of = Job.execution_id == execution_id, Job.organization_id == organization_id
    told = select(Job.step, Job.title, Job.note_code, Job.exit_code, _TRANSFER)
    first = told.where(*of, *bad).ext(distinct_on(Job.step))
    rows = await session.execute(first.order_by(Job.step, Job.ended_at, Job.id))
    return await _failures(session, rows.all())


async def waiting(
    session: AsyncSession, execution_id: str, organization_id: str, under_way: Collection[str]
) -> dict[str, list[tuple[str, int]]]:
    """Return why jobs are not ordered yet, by step, each reason with its number of jobs; `under_way` are no reasons."""
    before = Job.state.in_((State.PLACED, State.STAGING, State.SUBMITTING))
    of = Job.execution_id == execution_id, Job.organization_id == organization_id, before
    found = select(Job.step, Job.note, func.count()).where(*of, Job.note_code.not_in(under_way), Job.note.is_not(None))
    told: dict[str, list[tuple[str, int]]] = {}
    for step, note, count in await session.execute(found.group_by(Job.step, Job.note).order_by(func.min(Job.id))):
        told.setdefault(step, []).append((note or "", count))
    return told


@dataclass(frozen=True, slots=True)
class Energy:
    """What was measured of an execution's jobs."""

    started: int
    measured: int
    joules: float
    sources: list[str]
    reasons: list[str]
    why: Mapping[str, Any] | None = None
    """code and facts of the first reason; None: of none, or of one from before there were codes"""


async def energy(session: AsyncSession, execution_id: str, organization_id: str) -> Energy:
    """Return the energy of the jobs that started, as far as it was measured; else why not."""
    joules = Job.usage["energy_j"].as_float()
    is_measured = joules.is_not(None)
    reason = func.jsonb_build_object("text", Job.usage["energy_reason"], "why", Job.usage["energy_why"])
    of = Job.execution_id == execution_id, Job.organization_id == organization_id
    found = select(
        func.count(),
        func.count().filter(is_measured),
        func.coalesce(func.sum(joules), 0.0),
        func.array_agg(Job.usage["energy_source"].as_string().distinct()).filter(is_measured),
        func.array_agg(reason.distinct()).filter(joules.is_(None)),
    ).where(*of, Job.usage["started"].as_boolean())
    started, measured, total, sources, reasons = (await session.execute(found)).one()
    told = sorted((one for one in reasons or () if one["text"]), key=lambda one: str(one["text"]))
    texts = [str(one["text"]) for one in told]
    return Energy(
        started, measured, total, sorted(filter(None, sources or ())), texts, told[0]["why"] if told else None
    )
