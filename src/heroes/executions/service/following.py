"""Looking at executions and their jobs, and asking for their end."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, any_, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.data import service as data
from heroes.executions import rules
from heroes.executions.models import Execution, Step, Taken
from heroes.executions.rules import Status
from heroes.executions.schemas import ResultOut
from heroes.identity import Action, Caller, visible
from heroes.jobs import service as jobs
from heroes.kit import audit
from heroes.kit.db import LOCK, heroes_now
from heroes.kit.errors import Conflict, Denied, NotFound
from heroes.kit.work import wake

KEY = (Execution.id,)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which executions are asked for: workflow and project by name or id, the user by username, times of submission.

    `taken` are the ids of files of which it took one. `text` is looked for in the name, the reason and the beginning of
    the id.
    """

    running: bool = False
    status: Status | None = None
    workflow: str | None = None
    project: str | None = None
    cluster: str | None = None
    user: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None
    taken: Select[Any] | None = None


ALL = Wanted()


def listing(who: Caller, wanted: Wanted = ALL) -> Select[Any]:
    """Return the query of the executions that the caller may see and asks for."""
    query = visible(Execution, who)
    if wanted.running:
        query = query.where(Execution.status.in_(rules.RUNNING))
    if wanted.project is not None:
        named = [key for key, name in who.projects.items() if name == wanted.project]
        query = query.where(Execution.project_id.in_([wanted.project, *named]))
    if wanted.workflow is not None:
        query = query.where(or_(Execution.workflow_id == wanted.workflow, Execution.name == wanted.workflow))
    if wanted.taken is not None:
        # Each step by itself, in this order: joined, its cost would hang on what the planner knows of large folders.
        took = select(Taken.execution_id).distinct().where(Taken.object_id == _any(wanted.taken))
        query = query.where(Execution.id == _any(took))
    if wanted.text:
        query = query.where(_tells(wanted.text))
    if wanted.since is not None:
        query = query.where(Execution.submit_time >= wanted.since)
    if wanted.until is not None:
        query = query.where(Execution.submit_time < wanted.until)
    same = {
        Execution.status: wanted.status,
        Execution.cluster: wanted.cluster,
        Execution.username: wanted.user,
    }
    return query.where(*(column == value for column, value in same.items() if value is not None))


def _any(ids: Select[Any]) -> Any:
    return any_(func.array(ids.scalar_subquery(), type_=ARRAY(Text)))


def _tells(words: str) -> ColumnElement[bool]:
    """Return whether an execution's name or reason holds the words, or its id begins with them."""
    begin = words if words.startswith("exe_") else f"exe_{words}"
    return or_(
        Execution.name.icontains(words, autoescape=True),
        Execution.reason.icontains(words, autoescape=True),
        Execution.id.startswith(begin, autoescape=True),
    )


async def get(session: AsyncSession, who: Caller, wid: str, *, lock: bool = False) -> Execution:
    """Return an execution by its id. Raises NotFound, also for another organization's."""
    query = visible(Execution, who).where(Execution.id == wid)
    found: Execution | None = await session.scalar(query.with_for_update(**LOCK) if lock else query)
    if found is None:
        raise NotFound("There is no such execution.", code="no_execution")
    return found


async def facts(session: AsyncSession, wid: str) -> Execution | None:
    """Return an execution by its id for the worker's login; None: it is gone."""
    return await session.get(Execution, wid)


async def steps(session: AsyncSession, execution: Execution) -> Sequence[Step]:
    """Return the steps of an execution in their order."""
    return (await session.scalars(select(Step).where(Step.execution_id == execution.id).order_by(Step.number))).all()


async def job_counts(session: AsyncSession, ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """Return of each of these executions how many jobs it has so far, and how many of them ended."""
    asked = select(Step.execution_id, func.sum(Step.jobs), func.sum(Step.jobs_ended)).where(Step.execution_id.in_(ids))
    rows = await session.execute(asked.group_by(Step.execution_id))
    return {execution: (int(jobs_), int(ended)) for execution, jobs_, ended in rows}


LATELY = timedelta(days=365)
EACH = 50
"""runs of one workflow that tell what is usual"""


def ended_well(who: Caller) -> Select[Any]:
    """Return the query of the ids of those that ended well, as the caller may see."""
    return visible(Execution, who).where(Execution.status == Status.FINISHED).with_only_columns(Execution.id)


async def usual_runs(session: AsyncSession, who: Caller) -> Sequence[Row[tuple[str, str, datetime, datetime]]]:
    """Return the last runs of each workflow that ended well: workflow, id, submitted, ended; as the caller may see."""
    newest = func.row_number().over(partition_by=Execution.workflow_id, order_by=Execution.id.desc()).label("newest")
    well = (Execution.status == Status.FINISHED, Execution.end_time > heroes_now() - LATELY)
    columns = (Execution.workflow_id, Execution.id, Execution.submit_time, Execution.end_time)
    seen = visible(Execution, who).where(*well).with_only_columns(*columns, newest).subquery()
    rows = await session.execute(select(*(seen.c[column.name] for column in columns)).where(seen.c.newest <= EACH))
    return rows.all()


async def results(session: AsyncSession, execution: Execution) -> list[ResultOut]:
    """Return the declared results of a finished execution, [] before."""
    bucket = await data.user_bucket(session, execution.organization_id, execution.user_id)
    found = (execution.results or {}).items()
    return [ResultOut(name=name, bucket=bucket.name, **item) for name, item in found]


async def cancel(session: AsyncSession, who: Caller, wid: str) -> Execution:
    """Ask for the end of an execution; each site's own word ends its jobs. Raises NotFound, Denied, Conflict."""
    execution = await get(session, who, wid, lock=True)
    if execution.user_id != who.user_id:
        who.must(Action.EXECUTION_CANCEL_ALL, on=execution)
    else:
        who.must(Action.EXECUTION_CANCEL, on=execution)
    if Status(execution.status) in rules.ENDED:
        raise Conflict(
            "This execution has ended; there is nothing to cancel.", code="ended", status_now=execution.status
        )
    if execution.cancel_requested_at is None:
        execution.cancel_requested_at = heroes_now()
        execution.status = Status.CANCEL_IN_PROGRESS
        audit.record(session, who, "execution.cancel_requested", execution)
        await session.flush()
        await session.refresh(execution)
        wake(execution)
    return execution


async def tell_end(session: AsyncSession, who: Caller, wid: str, notices: Collection[str] | None) -> Execution:
    """Change how the caller hears of the end of a run of their own. Raises NotFound, Denied, Conflict."""
    execution = await get(session, who, wid, lock=True)
    if execution.user_id != who.user_id:
        raise Denied("Only whoever began a run chooses how they hear of its end.", code="not_yours")
    if Status(execution.status) in rules.ENDED:
        raise Conflict("This execution has ended; there is nothing more to tell.", code="ended")
    execution.notices = None if notices is None else sorted(set(notices))
    await session.flush()
    await session.refresh(execution)
    return execution


async def wishes_of(session: AsyncSession, ids: Collection[str]) -> dict[str, tuple[str, list[str] | None]]:
    """Return of each of these executions who began it and how they want to hear of its end, for the worker's login."""
    asked = select(Execution.id, Execution.user_id, Execution.notices).where(Execution.id.in_(ids))
    return {row.id: (row.user_id, row.notices) for row in await session.execute(asked)}


async def job_of(session: AsyncSession, execution: Execution, step: str | None, index: int | None) -> Any:
    """Return the job whose output is asked for: the named one, else the last that has started. Raises NotFound."""
    made = await jobs.of_execution(session, execution.id, execution.organization_id)
    fitting = [job for job in made if step in {None, job.step} and index in {None, job.index}]
    started = [job for job in fitting if job.started_at is not None or job.end is not None]
    for job in reversed(started or fitting):
        return job
    raise NotFound("There is no such job yet; its step may still be waiting.", code="no_job")


def project_names(who: Caller, executions: Sequence[Execution]) -> dict[str, str]:
    """Return the names of the projects of these executions."""
    return {one.project_id: who.projects.get(one.project_id, one.project_id) for one in executions}
