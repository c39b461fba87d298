"""Decisions: kept when an execution is submitted, read with what came of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity import Caller, visible
from heroes.kit.errors import NotFound
from heroes.kit.ids import new_id
from heroes.placement.models import Decision, Observed
from heroes.placement.rules import UNKNOWN_BYTES
from heroes.placement.schemas import Candidate, DecisionOut, DecisionSummary, Outcome, PolicyUsed, Ranking


async def keep(
    session: AsyncSession,
    who: Caller,
    ranking: Ranking,
    *,
    execution_id: str,
    chosen: Candidate,
    project_id: str | None = None,
    because: str | None = None,
) -> str:
    """Keep what was proposed and predicted, and what was chosen and why; return the decision's id."""
    shown = ranking.model_dump(mode="json")
    row = Decision(
        id=new_id("dec"),
        organization_id=who.organization_id,
        user_id=who.user_id,
        username=who.username,
        project_id=project_id,
        execution_id=execution_id,
        policy=ranking.policy.name,
        weights=ranking.policy.weights,
        candidates=shown["candidates"],
        discarded=shown["discarded"],
        order=shown["order"],
        cluster_id=chosen.cluster_id,
        cluster=chosen.cluster,
        queue=chosen.queue,
        rank=chosen.rank,
        because=because,
    )
    session.add(row)
    await session.flush()
    return row.id


def listing(who: Caller, *, execution_id: str | None = None) -> Select[Decision]:
    """Return the query of the decisions that the caller may see."""
    query = visible(Decision, who)
    return query if execution_id is None else query.where(Decision.execution_id == execution_id)


async def get(session: AsyncSession, who: Caller, decision_id: str) -> DecisionOut:
    """Return a decision and what came of it. Raises NotFound, also for another organization's."""
    row: Decision | None = await session.scalar(visible(Decision, who).where(Decision.id == decision_id))
    if row is None:
        raise NotFound("There is no such decision.", code="no_decision")
    return DecisionOut(
        **summary(row).model_dump(),
        candidates=row.candidates,
        discarded=row.discarded,
        order=row.order,
        outcome=await _outcome(session, row),
    )


def summary(row: Decision) -> DecisionSummary:
    """Return a decision as it stands in a list."""
    return DecisionSummary(
        id=row.id,
        execution=row.execution_id,
        user=row.username,
        policy=PolicyUsed.model_validate({"name": row.policy, "weights": row.weights}),
        cluster=row.cluster,
        queue=row.queue,
        rank=row.rank,
        because=row.because,
        created_at=row.created_at,
    )


async def _outcome(session: AsyncSession, row: Decision) -> Outcome:
    """A sum is shown only where every job was measured; half a sum would be taken for the whole."""
    measured = (Observed.run_s, Observed.wait_s, Observed.energy_j, Observed.memory_bytes)
    found = await session.execute(
        select(
            func.count(),
            *(func.count(column) for column in measured),
            *(func.sum(column) for column in measured[:3]),
            func.max(Observed.memory_bytes),
        ).where(
            Observed.organization_id == row.organization_id,
            Observed.execution_id == row.execution_id,
            Observed.lost.is_(False),
        )
    )
    jobs, *rest = found.one()
    counts, values = rest[:4], rest[4:]
    run, wait, energy, memory = (
        value if jobs and count == jobs else None for count, value in zip(counts, values, strict=True)
    )
    return Outcome(jobs=jobs, run_s=run, wait_s=wait, energy_j=energy, memory_bytes=memory)


def moved_bound(inputs: Sequence[Mapping[str, Any]]) -> int:
    """Return the most bytes a job with these inputs is taken to move, results among them.

    Never above the bound of the ranking, as long as earlier steps hand on no more than `UNKNOWN_BYTES`.
    """
    return max(sum(int(item.get("size") or 0) for item in inputs), UNKNOWN_BYTES)
