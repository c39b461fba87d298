"""Decisions: kept when an execution is submitted, read with what came of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
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
    found = await happened(session, row.organization_id, [row.execution_id])
    return DecisionOut(
        **summary(row).model_dump(),
        candidates=row.candidates,
        discarded=row.discarded,
        order=row.order,
        outcome=found.get(row.execution_id, NOTHING),
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


NOTHING = Outcome(jobs=0, run_s=None, wait_s=None, handled_s=None, memory_bytes=None, energy_j=None)
"""of an execution of which no job has ended well"""


async def happened(session: AsyncSession, organization_id: str, executions: Collection[str]) -> dict[str, Outcome]:
    """Return what came of executions, measured as it was predicted: steps one after the other, jobs side by side.

    A step waits until its first job runs, runs until its last has ended, and is handled until its last is settled: so
    they add up. A sum is told only where every job was measured; half a sum would be taken for the whole.
    """
    waited = func.coalesce(Observed.wait_s, 0.0)
    ended = Observed.run_s + waited
    steps = (
        select(
            Observed.execution_id,
            func.count().label("jobs"),
            func.count(Observed.wait_s).label("waits"),
            func.count(Observed.energy_j).label("energies"),
            func.count(Observed.memory_bytes).label("memories"),
            func.min(waited).label("wait_s"),
            (func.max(ended) - func.min(waited)).label("run_s"),
            func.count(Observed.handled_s).label("handlings"),
            (func.max(ended + Observed.handled_s) - func.max(ended)).label("handled_s"),
            func.sum(Observed.energy_j).label("energy_j"),
            func.max(Observed.memory_bytes).label("memory_bytes"),
        )
        .where(
            Observed.organization_id == organization_id,
            Observed.execution_id.in_(executions),
            Observed.lost.is_(False),
        )
        .group_by(Observed.execution_id, Observed.step)
        .subquery()
    )
    told = steps.c
    asked = select(
        told.execution_id,
        func.sum(told.jobs).label("jobs"),
        func.sum(told.run_s).label("run_s"),
        _where_all(told.waits, told.jobs, func.sum(told.wait_s)).label("wait_s"),
        _where_all(told.handlings, told.jobs, func.sum(told.handled_s)).label("handled_s"),
        _where_all(told.energies, told.jobs, func.sum(told.energy_j)).label("energy_j"),
        _where_all(told.memories, told.jobs, func.max(told.memory_bytes)).label("memory_bytes"),
    ).group_by(told.execution_id)
    return {
        row.execution_id: Outcome(
            jobs=row.jobs,
            run_s=row.run_s,
            wait_s=row.wait_s,
            handled_s=row.handled_s,
            energy_j=row.energy_j,
            memory_bytes=row.memory_bytes,
        )
        for row in await session.execute(asked)
    }


def _where_all(measured: Any, jobs: Any, value: Any) -> Any:
    return case((func.sum(measured) == func.sum(jobs), value))


@dataclass(frozen=True, slots=True)
class Expected:
    """One quantity as it was predicted; 8 of 10 runs end from `low80` to `high80`."""

    value: float
    low80: float
    high80: float
    confidence: str | None


@dataclass(frozen=True, slots=True)
class Promised:
    """What was predicted for the place that was chosen; time is all from asking for it to its result."""

    cost: Expected | None
    time: Expected | None


_CHOSEN = "$[*] ? (@.cluster == $cluster && @.queue == $queue)"


async def promised(session: AsyncSession, who: Caller, executions: Collection[str]) -> dict[str, Promised]:
    """Return by execution what its newest decision predicted, as far as the caller may see it."""
    names = func.jsonb_build_object("cluster", Decision.cluster, "queue", Decision.queue)
    chosen = func.jsonb_path_query_first(Decision.candidates, cast(_CHOSEN, JSONPATH), names, type_=JSONB)
    parts = [chosen[name].label(name) for name in ("cost", "time", "wait", "handling", "moving")]
    asked = visible(Decision, who).where(Decision.execution_id.in_(executions)).order_by(Decision.id)
    found = {}
    for row in await session.execute(asked.with_only_columns(Decision.execution_id, *parts)):
        moving = float((row.moving or {}).get("seconds") or 0.0)
        found[row.execution_id] = Promised(
            cost=_expected(row.cost), time=_expected(row.time, row.wait, row.handling, more=moving)
        )
    return found


def _expected(told: Mapping[str, Any] | None, *others: Mapping[str, Any] | None, more: float = 0.0) -> Expected | None:
    """Return a quantity with others added to it, as far as they are known."""
    if told is None or told.get("value") is None:
        return None
    parts = [told, *(one for one in others if one is not None and one.get("value") is not None)]

    def end(name: str) -> float:
        return sum((float(one["value"] if one.get(name) is None else one[name]) for one in parts), more)

    return Expected(end("value"), end("low80"), end("high80"), told.get("confidence"))


def moved_bound(inputs: Sequence[Mapping[str, Any]]) -> int:
    """Return the most bytes a job with these inputs is taken to move, results among them.

    Never above the bound of the ranking, as long as earlier steps hand on no more than `UNKNOWN_BYTES`.
    """
    return max(sum(int(item.get("size") or 0) for item in inputs), UNKNOWN_BYTES)
