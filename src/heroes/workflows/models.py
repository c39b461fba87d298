"""The tables of workflows. The contents of a version are blobs and, for people, a commit of the registry."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, or_, true
from sqlalchemy.orm import Mapped, mapped_column

from heroes.identity import Action, Caller
from heroes.identity.reach import granted
from heroes.kit.db import Base, Tenant, Timestamps


class Workflow(Tenant, Timestamps, Base):
    """A workflow under its name. `visibility` is `organization`, or `restricted` to publishers and grantees."""

    __tablename__ = "workflows"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)
    __shared__ = ("workflow", "id")

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    visibility: Mapped[str] = mapped_column(default="organization", server_default="organization")
    version: Mapped[int]  # the newest
    published_at: Mapped[datetime]
    published_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """Of a restricted workflow only publishers and grantees know."""
        if who.is_system or who.can(Action.WORKFLOW_PUBLISH):
            return true()
        return or_(cls.visibility == "organization", granted("workflow", cls.id, cls.organization_id, who))


class WorkflowVersion(Tenant, Base):
    """What was published once; never changed. `files` are `{path, kind, blob_key, size, sha256, mode}`."""

    __tablename__ = "workflow_versions"
    __table_args__ = (UniqueConstraint("workflow_id", "number"),)
    __shared__ = ("workflow", "workflow_id")

    id: Mapped[str] = mapped_column(primary_key=True)
    workflow_id: Mapped[str] = mapped_column(ForeignKey("workflows.id"))
    number: Mapped[int]
    tag: Mapped[str]
    commit: Mapped[str]
    digest: Mapped[str]
    bundle: Mapped[dict[str, Any]]
    files: Mapped[list[dict[str, Any]]]
    readme: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[str | None]
