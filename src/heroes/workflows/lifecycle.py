"""What goes with an organization: its workflows and their versions. The history in git stays."""

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.data.service.operations import discard
from heroes.kit import lifecycle
from heroes.kit.lifecycle import Kind, Lifecycle
from heroes.workflows.models import Workflow, WorkflowVersion

_TABLES = (WorkflowVersion, Workflow)


async def purge(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    """Remove an organization's workflows; their contents go by data's own removal of blobs."""
    if kind == "organization":
        for files in await session.scalars(
            select(WorkflowVersion.files).where(WorkflowVersion.organization_id == subject_id)
        ):
            discard(session, subject_id, [file["blob_key"] for file in files])
        for model in _TABLES:
            await session.execute(delete(model).where(model.organization_id == subject_id))


async def count(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    if kind != "organization":
        return {}
    return {
        model.__tablename__: await session.scalar(
            select(func.count()).select_from(model).where(model.organization_id == subject_id)
        )
        or 0
        for model in _TABLES
    }


_NAMES = frozenset(model.__tablename__ for model in _TABLES)
lifecycle.register(Lifecycle("workflows", _NAMES, purge=purge, count=count))
