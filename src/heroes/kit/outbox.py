"""What happened, for those outside: written in the transaction of the change, stamped with a gapless number later.

Readers (event streams, webhooks, a broker) see only stamped rows, so none can miss one that committed late.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from heroes.kit.db import Base, Tenant, doorbell
from heroes.kit.ids import new_id

_RELAY_LOCK = 0x4845524F  # one relay at a time, whatever the number of workers
STAMPED = "heroes_events"
"""The channel on which an organization's id is notified when events of its own were stamped."""


class Event(Base, Tenant):
    """One event; `seq` is null until the relay has seen it committed."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_unstamped", "id", postgresql_where=text("seq IS NULL")),)

    id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int | None] = mapped_column(unique=True)
    type: Mapped[str]
    subject: Mapped[str]
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"))


def emit(session: AsyncSession, organization_id: str, *, type: str, subject: str, data: dict[str, Any]) -> None:
    """Add a dotted event (`job.submitted`) about one object to this transaction."""
    session.add(Event(id=new_id("evt"), organization_id=organization_id, type=type, subject=subject, data=data))
    doorbell(session, Event.__tablename__)


async def stamp(session: AsyncSession, limit: int = 1000) -> frozenset[str]:
    """Number the committed events that have none, without gaps; return the ids of the organizations they belong to.

    A second relay does nothing. Whoever waits for one of these organizations is notified at commit.
    """
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(_RELAY_LOCK))):
        return frozenset()
    found = select(Event.id, Event.organization_id).where(Event.seq.is_(None)).order_by(Event.id).limit(limit)
    rows = (await session.execute(found)).all()
    last = await session.scalar(select(func.coalesce(func.max(Event.seq), 0)))
    for number, row in enumerate(rows, start=(last or 0) + 1):
        await session.execute(update(Event).where(Event.id == row.id).values(seq=number))
    organizations = frozenset(row.organization_id for row in rows)
    for organization_id in organizations:
        await session.execute(select(func.pg_notify(STAMPED, organization_id)))
    return organizations
