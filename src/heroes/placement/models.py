"""The tables of placement: what was decided on which grounds, and what really happened."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, UniqueConstraint, delete, func, or_, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from heroes.identity import Action, Caller
from heroes.kit.db import Base, Tenant, Timestamps
from heroes.kit.lifecycle import Kind, Lifecycle, register


class Decision(Tenant, Base):
    """What was proposed and predicted for an execution, and what its user chose. Written once."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_execution_id", "execution_id"), Index("ix_decisions_user_id", "user_id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    username: Mapped[str]
    project_id: Mapped[str | None]
    execution_id: Mapped[str]
    policy: Mapped[str]
    weights: Mapped[dict[str, Any]]
    candidates: Mapped[list[dict[str, Any]]]  # with their predictions, as they were shown
    discarded: Mapped[list[dict[str, Any]]]
    order: Mapped[dict[str, Any]]
    cluster_id: Mapped[str]
    cluster: Mapped[str]
    queue: Mapped[str]
    rank: Mapped[int]  # the place of the choice in the ranking
    because: Mapped[str | None]  # the user's reason to choose another than the first
    created_at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"))

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """One's own, and those of the executions that one may read."""
        if who.can(Action.EXECUTION_READ_ALL):
            return true()
        return or_(cls.user_id == who.user_id, cls.project_id.in_(who.projects_with(Action.EXECUTION_READ_ALL)))


class Observed(Tenant, Base):
    """What really happened to one job that ended well. Predictions are made from these rows alone."""

    __tablename__ = "observations"
    __table_args__ = (
        UniqueConstraint("job_id"),
        Index("ix_observations_step", "queue_id", "workflow_id", "step", "organization_id", "id"),
        Index("ix_observations_queue", "queue_id", "organization_id", "id"),
        Index("ix_observations_execution_id", "execution_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    workflow_id: Mapped[str]
    step: Mapped[str]
    user_id: Mapped[str | None]
    cluster_id: Mapped[str]
    queue_id: Mapped[str]
    job_id: Mapped[str]
    execution_id: Mapped[str | None]
    cores: Mapped[int]
    nodes: Mapped[int]
    gpus: Mapped[int]
    input_bytes: Mapped[int]
    params: Mapped[dict[str, Any]]
    run_s: Mapped[float]
    wait_s: Mapped[float | None]
    handled_s: Mapped[float | None]  # between its order and its settlement, what was neither waiting nor running
    memory_bytes: Mapped[int | None]
    energy_j: Mapped[float | None]
    lost: Mapped[bool] = mapped_column(default=False, server_default=text("false"))  # to a failing node; no lesson
    created_at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"))


class Forecast(Tenant, Base):
    """What was predicted for a job, or for the members of an array, when it was placed; the last placement counts."""

    __tablename__ = "forecasts"
    __table_args__ = (
        UniqueConstraint("job_id"),
        Index("ix_forecasts_execution_id", "execution_id"),
        Index("ix_forecasts_newest", "organization_id", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str]
    execution_id: Mapped[str]
    user_id: Mapped[str]
    username: Mapped[str]
    project_id: Mapped[str | None]
    workflow_id: Mapped[str]
    step: Mapped[str]
    jobs: Mapped[int]
    cluster_id: Mapped[str]
    cluster: Mapped[str]
    queue: Mapped[str]
    model: Mapped[str]
    predicted: Mapped[dict[str, Any]]  # of one job: time, wait, memory, energy
    moved_from: Mapped[str | None]  # the cluster of the decision, where it pays to run elsewhere now
    why: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"))

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """One's own, and those of the executions that one may read."""
        if who.can(Action.EXECUTION_READ_ALL):
            return true()
        return or_(cls.user_id == who.user_id, cls.project_id.in_(who.projects_with(Action.EXECUTION_READ_ALL)))


class PlacementPolicy(Tenant, Timestamps, Base):
    """What an organization wants of placements: the policy where none is named, whether another may be, and where not.

    Without a row the platform's own default holds and every cluster may be used.
    """

    __tablename__ = "placement_policies"
    __table_args__ = (UniqueConstraint("organization_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    policy: Mapped[str]
    weights: Mapped[dict[str, Any] | None]
    fixed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    barred: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    """ids of clusters that nothing of the organization may be placed on"""


async def _purge(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    """Remove decisions; what the jobs taught stays with the organization, without the person and their parameters."""
    for table in (Decision, Forecast):
        mine = (table.organization_id == organization_id, *_of(table, kind, subject_id))
        await session.execute(delete(table).where(*mine))
    ours = Observed.organization_id == organization_id
    if kind == "organization":
        await session.execute(delete(Observed).where(ours))
        await session.execute(delete(PlacementPolicy).where(PlacementPolicy.organization_id == organization_id))
    elif kind == "user":
        named = update(Observed).where(ours, Observed.user_id == subject_id)
        await session.execute(named.values(user_id=None, params={}))


async def _count(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    counts = {}
    for table in (Decision, Forecast):
        ours = select(func.count()).select_from(table).where(table.organization_id == organization_id)
        counts[table.__tablename__] = await session.scalar(ours.where(*_of(table, kind, subject_id))) or 0
    if kind == "organization":
        seen = select(func.count()).select_from(Observed).where(Observed.organization_id == organization_id)
        counts[Observed.__tablename__] = await session.scalar(seen) or 0
        own = select(func.count()).where(PlacementPolicy.organization_id == organization_id)
        counts[PlacementPolicy.__tablename__] = await session.scalar(own) or 0
    return counts


def _of(table: type[Decision | Forecast], kind: Kind, subject_id: str) -> list[ColumnElement[bool]]:
    if kind == "organization":
        return []
    return [table.user_id == subject_id if kind == "user" else table.project_id == subject_id]


_TABLES = frozenset(table.__tablename__ for table in (Decision, Forecast, Observed, PlacementPolicy))
register(Lifecycle("placement", _TABLES, purge=_purge, count=_count))
