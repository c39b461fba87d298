"""What was predicted for the chosen cluster, beside what its jobs then took."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.costs import service as costs
from heroes.identity import Caller, visible
from heroes.insights.schemas import Compared, JudgedOut
from heroes.placement.models import Decision, Observed


def judged(who: Caller) -> Select[Decision]:
    """Return the query of the decisions of which something has come, as far as the caller may see them."""
    ours = Observed.organization_id == Decision.organization_id
    return visible(Decision, who).where(exists().where(ours, Observed.execution_id == Decision.execution_id))


async def compared(session: AsyncSession, who: Caller, decisions: Sequence[Decision]) -> list[JudgedOut]:
    """Return the decisions with what happened; a sum only where every job was measured."""
    ids = [row.execution_id for row in decisions]
    seen = await _observed(session, who, ids)
    paid = await costs.charged(session, who, ids)
    return [_judged(row, seen.get(row.execution_id, {}), paid.get(row.execution_id)) for row in decisions]


async def _observed(session: AsyncSession, who: Caller, executions: Sequence[str]) -> dict[str, dict[str, Any]]:
    columns = {"time": Observed.run_s, "wait": Observed.wait_s, "energy": Observed.energy_j}
    asked = (
        select(Observed.execution_id, func.count())
        .add_columns(*(func.count(column) for column in columns.values()))
        .add_columns(*(func.sum(column) for column in columns.values()))
        .where(Observed.organization_id == who.organization_id, Observed.execution_id.in_(executions))
        .group_by(Observed.execution_id)
    )
    found: dict[str, dict[str, Any]] = {}
    for execution, jobs, *rest in await session.execute(asked):
        counts, sums = rest[: len(columns)], rest[len(columns) :]
        told = zip(columns, counts, sums, strict=True)
        found[execution] = {"jobs": jobs, **{name: total for name, count, total in told if count == jobs}}
    return found


def _judged(row: Decision, seen: Mapping[str, Any], paid: tuple[float, str] | None) -> JudgedOut:
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
        jobs=seen.get("jobs", 0),
        time=_beside(chosen.get("time"), seen.get("time")),
        wait=_beside(chosen.get("wait"), seen.get("wait")),
        energy=_beside(chosen.get("energy"), seen.get("energy")),
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
