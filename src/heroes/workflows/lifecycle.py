"""What goes with an organization: its workflows and their versions. The history in git stays."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.data.service.operations import discard
from heroes.kit import lifecycle
from heroes.kit.lifecycle import Kind
from heroes.workflows.models import Workflow, WorkflowVersion


async def discard_files(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    """Let the contents of an organization's versions go by data's own removal of blobs."""
    if kind == "organization":
        ours = select(WorkflowVersion.files).where(WorkflowVersion.organization_id == organization_id)
        for files in await session.scalars(ours):
            discard(session, organization_id, [file["blob_key"] for file in files])


lifecycle.register(lifecycle.removing("workflows", (WorkflowVersion, Workflow), first=discard_files))
