"""What happened, for those outside: written in the transaction of the change, stamped with a gapless number later.

Readers (event streams, webhooks, a broker) see only stamped rows, so none can miss one that committed late.
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Index, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from heroes.kit.db import Base, Tenant, doorbell
from heroes.kit.ids import new_id
from heroes.kit.lifecycle import Lifecycle, register

_RELAY_LOCK = 0x4845524F  # one relay at a time, whatever the number of workers
_NUMBER = text("""
UPDATE events SET seq = top.seq + fresh.number
FROM (SELECT id, row_number() OVER (ORDER BY id) AS number
      FROM (SELECT id FROM events WHERE seq IS NULL ORDER BY id LIMIT :count) AS oldest) AS fresh,
     (SELECT coalesce(max(seq), 0) AS seq FROM events) AS top
WHERE events.id = fresh.id
""")


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


register(Lifecycle("outbox", frozenset({Event.__tablename__})))  # kept: readers count on numbers without gaps


def emit(session: AsyncSession, organization_id: str, *, type: str, subject: str, data: dict[str, Any]) -> None:
    """Add a dotted event (`job.submitted`) about one object to this transaction."""
    session.add(Event(id=new_id("evt"), organization_id=organization_id, type=type, subject=subject, data=data))
    doorbell(session, Event.__tablename__)


async def stamp(session: AsyncSession, limit: int = 1000) -> int:
    """Number the committed events that have none, without gaps; return how many. A second relay returns 0 at once."""
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(_RELAY_LOCK))):
        return 0
    numbered = cast("CursorResult[Any]", await session.execute(_NUMBER, {"count": limit}))
    return numbered.rowcount
