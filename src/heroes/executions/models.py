"""Executions of workflows and their steps."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint, or_, text, true
from sqlalchemy.orm import Mapped, mapped_column

from heroes.executions.rules import Status, StepState
from heroes.identity import Action, Caller
from heroes.kit.db import Base, Tenant, Timestamps
from heroes.kit.work import Durable


class Execution(Base, Tenant, Durable, Timestamps):
    """One run of a workflow. `cancel_requested_at` is an intent: steps read it and never write it."""

    __tablename__ = "executions"
    __table_args__ = (
        Index("ix_executions_due", "due_at", postgresql_where="due_at IS NOT NULL"),
        Index("ix_executions_owner", "organization_id", "user_id", "id"),
        Index("ix_executions_project", "project_id", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    username: Mapped[str]
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    workflow_id: Mapped[str]
    version_id: Mapped[str]
    name: Mapped[str]
    engine: Mapped[str] = mapped_column(default="steps")
    parameters: Mapped[dict[str, Any]]
    resources: Mapped[dict[str, Any] | None]
    inputs: Mapped[dict[str, Any]]
    """file reference → the object versions it meant at submission: later uploads change nothing"""
    policy: Mapped[str]
    weights: Mapped[dict[str, Any] | None]
    cluster: Mapped[str | None]
    """the user's own choice, or the first of the ranking"""
    queue: Mapped[str | None]
    chosen: Mapped[bool]
    decision_id: Mapped[str | None]
    worst_case: Mapped[dict[str, Any] | None]
    """what was reserved: {amount, currency}"""
    status: Mapped[str] = mapped_column(default=Status.SUBMIT_IN_PROGRESS)
    status_since: Mapped[datetime]
    reason: Mapped[str | None]
    cancel_requested_at: Mapped[datetime | None]
    restarts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """step → resources that a restart asked for in place of the workflow's"""
    results: Mapped[dict[str, Any] | None]
    notices: Mapped[list[str] | None]
    """how its user wants to hear of its end (`page`, `browser`, `mail`); null: as they want it of every run"""
    submit_time: Mapped[datetime]
    run_time: Mapped[datetime | None]
    end_time: Mapped[datetime | None]

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """Own executions, and those of projects whose executions the caller may read."""
        if who.can(Action.EXECUTION_READ_ALL):
            return true()
        own = cls.user_id == who.user_id
        return or_(own, cls.project_id.in_(who.projects_with(Action.EXECUTION_READ_ALL)))


class Step(Base, Tenant, Timestamps):
    """One step of an execution; its jobs are found by execution and name."""

    __tablename__ = "execution_steps"
    __table_args__ = (UniqueConstraint("execution_id", "name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    execution_id: Mapped[str] = mapped_column(ForeignKey("executions.id", ondelete="CASCADE"))
    number: Mapped[int]
    name: Mapped[str]
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default=StepState.WAITING)
    jobs: Mapped[int] = mapped_column(default=0)
    jobs_ended: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]
    outputs: Mapped[dict[str, Any] | None]
    """output → list of fetched objects, of a foreach step in the order of its items"""
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Taken(Base, Tenant):
    """A file or link that an execution took as input, by itself or with the folder that it lay in."""

    __tablename__ = "execution_inputs"
    __table_args__ = (PrimaryKeyConstraint("object_id", "execution_id"),)

    object_id: Mapped[str]  # no foreign keys: it outlives the file, and executions go only with their organization
    execution_id: Mapped[str]


class Draft(Base, Tenant, Timestamps):
    """A run that its user has not finished asking for. Its id is the client's: saving twice is saving once."""

    __tablename__ = "drafts"
    __table_args__ = (PrimaryKeyConstraint("user_id", "id"),)

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    id: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    """grows with each change: who changes another one than they read is told"""
    title: Mapped[str]
    """of the workflow, when it was first saved"""
    asked: Mapped[dict[str, Any]]

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """Return the condition that it is the caller's own; nobody else reads it."""
        return cls.user_id == who.user_id
