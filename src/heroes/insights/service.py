"""What was predicted for the chosen cluster, beside what its jobs then took; what runs of a workflow usually take."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, null, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.clusters.models import Cluster
from heroes.costs import service as costs
from heroes.costs.models import Budget
from heroes.data.models import Bucket, Object, Trashed
from heroes.executions import service as executions
from heroes.executions.models import Execution
from heroes.identity import Action, Caller, visible
from heroes.identity.models import Client, Credential, Project, Token, User
from heroes.insights.schemas import (
    Compared,
    DayOut,
    FailedOut,
    FaredOut,
    JudgedOut,
    NameOut,
    QueueWaitOut,
    SpanOut,
    UsualOut,
)
from heroes.jobs import history
from heroes.jobs import service as job_service
from heroes.jobs.rules import Cause, End
from heroes.placement import service as placement
from heroes.placement.models import Decision, Observed
from heroes.placement.schemas import Outcome
from heroes.workflows.models import Workflow


def judged(who: Caller) -> Select[Decision]:
    """Return the query of the decisions whose executions ended well: only there all that was predicted has happened."""
    ours = Observed.organization_id == Decision.organization_id
    seen = exists().where(ours, Observed.execution_id == Decision.execution_id)
    return visible(Decision, who).where(seen, Decision.execution_id.in_(executions.ended_well(who)))


async def compared(session: AsyncSession, who: Caller, decisions: Sequence[Decision]) -> list[JudgedOut]:
    """Return the decisions with what happened; a sum only where every job was measured."""
    ids = [row.execution_id for row in decisions]
    seen = await placement.happened(session, who.organization_id, ids)
    paid = await costs.charged(session, who, ids)
    return [
        _judged(row, seen.get(row.execution_id, placement.NOTHING), paid.get(row.execution_id)) for row in decisions
    ]


def _judged(row: Decision, seen: Outcome, paid: tuple[float, str] | None) -> JudgedOut:
    same = (one for one in row.candidates if (one["cluster"], one["queue"]) == (row.cluster, row.queue))
    chosen: Mapping[str, Any] = next(same, {})
    return JudgedOut(
        decision=row.id,
        execution=row.execution_id,
        cluster=row.cluster,
        queue=row.queue,
        policy=row.policy,
        rank=row.rank,
        created_at=row.created_at,
        jobs=seen.jobs,
        time=_beside(chosen.get("time"), seen.run_s),
        wait=_beside(chosen.get("wait"), seen.wait_s),
        energy=_beside(chosen.get("energy"), seen.energy_j),
        cost=_beside(chosen.get("cost"), paid[0] if paid else None),
        currency=paid[1] if paid else None,
    )


def _beside(quantity: Mapping[str, Any] | None, actual: Any) -> Compared:
    told = quantity or {}
    return Compared(
        predicted=told.get("value"),
        low80=told.get("low80"),
        high80=told.get("high80"),
        actual=None if actual is None else float(actual),
    )


async def usual(session: AsyncSession, who: Caller) -> list[UsualOut]:
    """Return what the last runs of each workflow took, of those that the caller may see; by workflow."""
    rows = await executions.usual_runs(session, who)
    paid = await costs.charged(session, who, [row.id for row in rows])
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.workflow_id, []).append(row)
    return [_usual(workflow, runs, paid) for workflow, runs in sorted(found.items())]


def _usual(workflow: str, runs: Sequence[Any], paid: Mapping[str, tuple[float, str]]) -> UsualOut:
    charged = [paid[run.id] for run in runs if run.id in paid]
    last = max(run.end_time for run in runs)
    currency = charged[0][1] if charged else None
    return UsualOut(
        workflow=workflow,
        runs=len(runs),
        last_at=last,
        time=_span([(run.end_time - run.submit_time).total_seconds() for run in runs]),
        cost=_span([amount for amount, unit in charged if unit == currency]),
        currency=currency,
    )


def _span(values: Sequence[float]) -> SpanOut | None:
    """Return where 8 of 10 lie, and the middle; with few of them from the least to the greatest."""
    if not values:
        return None
    ordered = sorted(values)
    at = [ordered[round(share * (len(ordered) - 1))] for share in (0.1, 0.5, 0.9)]
    return SpanOut(low=at[0], median=at[1], high=at[2])


UNKNOWN = "unknown"
"""The cause of a failure of which nobody knows it, such as an outcome that the site has forgotten."""


async def fared(session: AsyncSession, who: Caller, name: str, days: int, *, own: bool) -> FaredOut:
    """Return how jobs fared on a cluster: its owner learns of all that use it, unless `own`. Raises NotFound."""
    cluster = await clusters.cluster_by_name(session, who, name)
    everyone = not own and cluster.organization_id == who.organization_id and who.can(Action.CLUSTER_MANAGE)
    seen = await history.waits(session, cluster.id, days, everyone=everyone)
    return FaredOut(
        days=days,
        everyone=everyone,
        waits=[
            QueueWaitOut(
                queue=one.queue,
                jobs=one.jobs,
                wait=SpanOut(low=one.low, median=one.median, high=one.high),
                longest=one.longest,
                last_at=one.last_at,
            )
            for one in seen
        ],
        ends=_by_day(await history.ends(session, cluster.id, days, everyone=everyone)),
    )


def _by_day(ends: Sequence[history.Ended]) -> list[DayOut]:
    found: dict[Any, DayOut] = {}
    for one in ends:
        day = found.setdefault(one.day, DayOut(day=one.day, ended=0, cancelled=0, failed={}))
        day.ended += one.jobs
        if one.end == End.CANCELLED:
            day.cancelled += one.jobs
        elif one.end != End.SUCCEEDED:
            cause = one.cause or UNKNOWN
            day.failed[cause] = day.failed.get(cause, 0) + one.jobs
    return list(found.values())


async def failures(session: AsyncSession, who: Caller, name: str, days: int, cause: Cause | None) -> Select[Any]:
    """Return the query of the starts that failed on a cluster, of executions that the caller may see."""
    cluster = await clusters.cluster_by_name(session, who, name)
    mine = executions.listing(who).with_only_columns(*executions.KEY)
    return history.failed(who, cluster.id, days, mine, cause)


async def told_failures(session: AsyncSession, who: Caller, rows: Sequence[Any]) -> list[FailedOut]:
    """Return these failed starts with the jobs and executions that they belong to."""
    jobs = await history.jobs_of(session, who, rows)
    quoted = await job_service.quoted(session, list(jobs))
    named = {job.execution_id for job in jobs.values()}
    asked = visible(Execution, who).where(Execution.id.in_(named)).with_only_columns(Execution.id, Execution.name)
    names = {row[0]: row[1] for row in await session.execute(asked)}
    return [
        FailedOut(
            id=row.id,
            execution=job.execution_id,
            name=names.get(job.execution_id, job.title),
            job=job.id,
            step=job.step,
            index=job.index,
            attempt=row.number,
            queue=row.queue,
            cause=row.cause or UNKNOWN,
            code=row.code,
            text=row.text,
            why=quoted.get(job.id) if row.number == job.attempt else None,
            ended_at=row.ended_at,
        )
        for row in rows
        if (job := jobs.get(row.job_id)) is not None
    ]


_NAMED: dict[str, tuple[str, Any, str]] = {
    "usr": ("user", User, "username"),
    "prj": ("project", Project, "name"),
    "tok": ("token", Token, "name"),
    "crd": ("credential", Credential, "title"),
    "cli": ("client", Client, "name"),
    "clu": ("cluster", Cluster, "name"),
    "wft": ("workflow", Workflow, "name"),
    "exe": ("execution", Execution, "name"),
    "bkt": ("bucket", Bucket, "name"),
    "obj": ("object", Object, "path"),
    "tra": ("trash", Trashed, "path"),
    "bud": ("budget", Budget, "title"),
}
"""The beginning of an id → what it is, its table, and the column that it is called by."""


async def names(session: AsyncSession, who: Caller, ids: Collection[str]) -> list[NameOut]:
    """Return what the caller may see of these ids' names, in no order.

    Who reads the record of all that is done learns the names of what it speaks of, also where the rest stays closed.
    """
    found: list[NameOut] = []
    for begin in sorted({one.partition("_")[0] for one in ids} & _NAMED.keys()):
        kind, model, column = _NAMED[begin]
        asked = [one for one in ids if one.startswith(f"{begin}_")]
        query = visible(model, who).where(model.id.in_(asked), _open(model, who))
        place: Any = null()
        if model in {Object, Trashed}:
            query = query.join(Bucket, Bucket.id == model.bucket_id).where(Bucket.readable(who))
            place = Bucket.name
        rows = await session.execute(query.with_only_columns(model.id, getattr(model, column), place))
        found += [NameOut(id=row_id, kind=kind, name=name, place=where) for row_id, name, where in rows if name]
        missing = set(asked) - {one.id for one in found}
        if missing and who.can(Action.AUDIT_READ):
            ours = select(model.id, getattr(model, column)).where(model.organization_id == who.organization_id)
            more = await session.execute(ours.where(model.id.in_(missing), _whole(model)))
            found += [NameOut(id=row_id, kind=kind, name=name, open=False) for row_id, name in more if name]
    return found


def _whole(model: Any) -> ColumnElement[bool]:
    """Return which rows are called what people called them: what lies in a bin has another path."""
    bins = select(Bucket.id).where(Bucket.bin_of.is_not(None))
    if model is Bucket:
        return Bucket.bin_of.is_(None)
    return true() if model is not Object else Object.bucket_id.not_in(bins)


def _open(model: Any, who: Caller) -> ColumnElement[bool]:
    """Return which rows of people and their keys the caller may know by name: those of others need a right."""
    if model is Project:
        return true() if who.can(Action.USER_READ) else Project.id.in_(list(who.projects))
    if model not in {User, Token, Credential, Client} or who.can(Action.USER_READ):
        return true()
    mine: ColumnElement[bool] = (User.id if model is User else model.user_id) == who.user_id
    return mine
