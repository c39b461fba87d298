"""What is predicted for a job where it goes, kept to be judged later; and whether it pays to leave the first choice."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity import Caller
from heroes.kit.db import heroes_now
from heroes.kit.ids import new_id
from heroes.placement.models import Decision, Forecast
from heroes.placement.rules import Need, Policy, pays
from heroes.placement.schemas import Candidate

MODEL = "neighbours and power law 1"
"""Told with each prediction, so that versions can be compared; raised when the method changes."""

_KEPT = ("time", "wait", "memory", "energy", "cost")


@dataclass(frozen=True, slots=True)
class Move:
    """Where a job goes; `away_from`: the decision's cluster, left because that pays; `why` says so."""

    to: Candidate
    away_from: str | None = None
    why: str = ""
    username: str = ""


async def settle_on(
    session: AsyncSession,
    organization_id: str,
    execution_id: str,
    best: Candidate,
    covered: list[Candidate],
    policy: Policy,
    need: Need,
) -> Move:
    """Return the best place, or the decision's own where leaving it does not pay."""
    newest = select(Decision.cluster_id, Decision.cluster, Decision.username).order_by(Decision.id.desc()).limit(1)
    ours = Decision.organization_id == organization_id, Decision.execution_id == execution_id
    decided = (await session.execute(newest.where(*ours))).one_or_none()
    if decided is None:
        return Move(best)
    by = decided.username
    bound = need.pinned_cluster is not None or need.same_clusters is not None or need.not_clusters
    if decided.cluster_id == best.cluster_id or bound:
        return Move(best, username=by)
    home = next((one for one in covered if one.cluster_id == decided.cluster_id), None)
    if home is None or home.cluster_id in need.avoid:
        return Move(best, None, f"{decided.cluster} cannot take it now, so it goes to {best.cluster}.", by)
    worth, why = pays(_amounts(home), _amounts(best), policy, moving_s=best.moving.seconds)
    if worth:
        return Move(best, decided.cluster, f"It moves from {decided.cluster} to {best.cluster}: {why}", by)
    return Move(home, None, f"It stays on {decided.cluster}, though {best.cluster} ranks higher now: {why}", by)


def _amounts(one: Candidate) -> dict[str, float | None]:
    worst = float(one.worst_case.amount)
    cost = worst if one.cost.value is None else one.cost.value
    return {"time": one.time.value, "wait": one.wait.value, "cost": cost, "energy": one.energy.value}


async def foresee(
    session: AsyncSession,
    who: Caller,
    need: Need,
    move: Move,
    *,
    job_id: str,
    execution_id: str,
    project_id: str | None,
) -> None:
    """Keep what is predicted for a job, or for the members of an array; placed again, the last one counts."""
    to = move.to
    told = next((one for one in to.predictions if one.step == need.step), None)
    row: dict[str, Any] = {
        "job_id": job_id,
        "organization_id": who.organization_id,
        "execution_id": execution_id,
        "user_id": who.user_id,
        "username": move.username or who.username,
        "project_id": project_id,
        "workflow_id": need.workflow_id,
        "step": need.step,
        "jobs": need.count,
        "cluster_id": to.cluster_id,
        "cluster": to.cluster,
        "queue": to.queue,
        "model": MODEL,
        "predicted": {name: _plain(asdict(getattr(told, name))) for name in _KEPT} if told else {},
        "moved_from": move.away_from,
        "why": move.why,
        "created_at": heroes_now(),
    }
    new = insert(Forecast).values(id=new_id("for"), **row)
    await session.execute(new.on_conflict_do_update(index_elements=[Forecast.job_id], set_=row))


def _plain(quantity: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in quantity.items() if value is not None and name not in {"method", "source"}}
