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


async def stamp(session: AsyncSession, limit: int = 1000) -> int:
    """Number the committed events that have none, without gaps; return how many. A second relay returns 0 at once."""
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(_RELAY_LOCK))):
        return 0
    ids = (await session.scalars(select(Event.id).where(Event.seq.is_(None)).order_by(Event.id).limit(limit))).all()
    last = await session.scalar(select(func.coalesce(func.max(Event.seq), 0)))
    for number, event_id in enumerate(ids, start=(last or 0) + 1):
        await session.execute(update(Event).where(Event.id == event_id).values(seq=number))
    return len(ids)
