"""What of jobs goes with an organization; of users and projects the history stays, under their ids."""

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.jobs.models import Array, Attempt, Job, LogChunk, LogFollow, Submission
from heroes.kit import lifecycle
from heroes.kit.lifecycle import Kind, Lifecycle

_TABLES = (LogChunk, LogFollow, Attempt, Submission, Job, Array)  # children first


async def purge(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    """Remove an organization's jobs with all their orders and starts."""
    if kind == "organization":
        for model in _TABLES:
            await session.execute(delete(model).where(model.organization_id == organization_id))


async def count(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    """Return how many rows of which table `purge` removes."""
    if kind != "organization":
        return {}
    found = {}
    for model in _TABLES:
        rows = select(func.count()).select_from(model).where(model.organization_id == organization_id)
        found[str(model.__tablename__)] = await session.scalar(rows) or 0
    return found


lifecycle.register(Lifecycle("jobs", frozenset(model.__tablename__ for model in _TABLES), purge=purge, count=count))
