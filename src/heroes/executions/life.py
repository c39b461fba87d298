"""What of executions goes with an organization, the drafts that go with a user, and the end of what runs for either."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.executions.models import Draft, Execution, Step, Taken
from heroes.executions.rules import RUNNING, Status
from heroes.identity import Caller
from heroes.kit import audit, lifecycle
from heroes.kit.db import LOCK, heroes_now
from heroes.kit.lifecycle import Kind
from heroes.kit.work import wake


async def quiet(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> bool:
    """Cancel what runs for one that leaves; return whether all has ended, by each site's own word."""
    running = (await session.scalars(_running(kind, organization_id, subject_id).with_for_update(**LOCK))).all()
    for execution in running:
        if execution.cancel_requested_at is None:
            execution.cancel_requested_at = heroes_now()
            execution.status = Status.CANCEL_IN_PROGRESS
            audit.record(session, Caller.system(organization_id), "execution.cancel_requested", execution, leaves=kind)
            wake(execution)
    return not running


async def left(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    """Count what runs."""
    running = _running(kind, organization_id, subject_id).subquery()
    return {"running": await session.scalar(select(func.count()).select_from(running)) or 0}


def _running(kind: Kind, organization_id: str, subject_id: str) -> Select[Any]:
    columns = {"organization": Execution.organization_id, "project": Execution.project_id, "user": Execution.user_id}
    mine = (Execution.organization_id == organization_id, columns[kind] == subject_id)
    return select(Execution).where(*mine, Execution.status.in_(RUNNING))


_TABLES = (Draft, Taken, Step, Execution)
lifecycle.register(lifecycle.removing("executions", _TABLES, of_user=[Draft], quiet=quiet, left=left))
