"""Who did what: one row in the transaction of the change, only ever added."""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from heroes.kit.db import Base
from heroes.kit.ids import new_id
from heroes.kit.lifecycle import Lifecycle, register


class Actor(Protocol):
    """Whoever acts: a caller of the API or the platform itself."""

    @property
    def user_id(self) -> str | None: ...
    @property
    def organization_id(self) -> str: ...


class AuditEvent(Base):
    """One recorded action. It holds ids, never names: those live in one erasable table."""

    __tablename__ = "audit_events"

    id: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[str] = mapped_column(index=True)  # no foreign key: the record outlives the organization
    at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"))
    actor_id: Mapped[str | None]
    action: Mapped[str]
    object_type: Mapped[str | None]
    object_id: Mapped[str | None]
    facts: Mapped[dict[str, Any]]


register(Lifecycle("audit", frozenset({AuditEvent.__tablename__})))  # kept: who did what is asked afterwards


def record(session: AsyncSession, who: Actor, action: str, row: Any = None, **facts: Any) -> None:
    """Add the record of one action to the transaction that does it."""
    session.add(
        AuditEvent(
            id=new_id("aud"),
            organization_id=who.organization_id,
            actor_id=who.user_id,
            action=action,
            object_type=getattr(type(row), "__tablename__", None) if row is not None else None,
            object_id=getattr(row, "id", None),
            facts=facts,
        )
    )
