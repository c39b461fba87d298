"""What of executions goes with an organization, the drafts that go with a user, and the end of what runs for either."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.executions.models import Draft, Execution, Step
from heroes.executions.rules import RUNNING, Status
from heroes.identity import Caller
from heroes.kit import audit, lifecycle
from heroes.kit.db import LOCK, heroes_now
from heroes.kit.lifecycle import Kind
from heroes.kit.work import wake


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


lifecycle.register(lifecycle.removing("executions", (Draft, Step, Execution), of_user=[Draft], quiet=quiet))
