"""What of executions goes with an organization, and the end of those that run for whoever leaves."""

from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.executions.models import Draft, Execution, Step
from heroes.executions.rules import RUNNING, Status
from heroes.identity import Caller
from heroes.kit import audit, lifecycle
from heroes.kit.db import LOCK, heroes_now
from heroes.kit.lifecycle import Kind, Lifecycle
from heroes.kit.work import wake

_TABLES: tuple[type[Step] | type[Execution] | type[Draft], ...] = (Draft, Step, Execution)  # children first


async def quiet(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> bool:
    """Cancel what runs for one that leaves; return whether all has ended, by each site's own word."""
    column = {"organization": Execution.organization_id, "project": Execution.project_id, "user": Execution.user_id}[
        kind
    ]
    own = select(Execution).where(Execution.organization_id == organization_id, column == subject_id)
    running = (await session.scalars(own.where(Execution.status.in_(RUNNING)).with_for_update(**LOCK))).all()
    for execution in running:
        if execution.cancel_requested_at is None:
            execution.cancel_requested_at = heroes_now()
            execution.status = Status.CANCEL_IN_PROGRESS
            audit.record(session, Caller.system(organization_id), "execution.cancel_requested", execution, leaves=kind)
            wake(execution)
    return not running


async def purge(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    """Remove an organization's executions, or a user's drafts; their executions stay, under their ids."""
    for model, column in _left_by(kind):
        await session.execute(delete(model).where(model.organization_id == organization_id, column == subject_id))


async def count(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    """Return how many rows of which table `purge` removes."""
    found = {}
    for model, column in _left_by(kind):
        rows = select(func.count()).select_from(model)
        mine = rows.where(model.organization_id == organization_id, column == subject_id)
        found[str(model.__tablename__)] = await session.scalar(mine) or 0
    return found


def _left_by(kind: Kind) -> list[tuple[type[Step] | type[Execution] | type[Draft], Any]]:
    """Return the tables of which one that leaves leaves rows behind, and the column that names it."""
    if kind == "user":
        return [(Draft, Draft.user_id)]
    return [(model, model.organization_id) for model in _TABLES] if kind == "organization" else []


_NAMES = frozenset(model.__tablename__ for model in _TABLES)
lifecycle.register(Lifecycle("executions", _NAMES, purge=purge, count=count, quiet=quiet))
