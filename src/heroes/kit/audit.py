"""Who did what: one row in the transaction of the change, only ever added, sealed afterwards in hash-chained batches.

A seal is the SHA-256 over the seal before it and every row of its batch: whoever changes, removes or slips in a sealed
row breaks the chain from there on. Sealing is the worker's, apart from the change, so that no change waits for another.
The logins of the platform may not change a row (`schema`), only the worker may write which seal it belongs to.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Index, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from heroes.kit.db import Base
from heroes.kit.ids import new_id
from heroes.kit.lifecycle import Lifecycle, register
from heroes.kit.schema import register_functions

BATCH = 1000
BEGINNING = "0" * 64
_LOCK = 0x41554454  # one sealer at a time, whatever the number of workers


class Actor(Protocol):
    """Whoever acts: a caller of the API or the platform itself."""

    @property
    def user_id(self) -> str | None: ...
    @property
    def organization_id(self) -> str: ...


class AuditEvent(Base):
    """One recorded action. It holds ids, never names: those live in one erasable table."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_unsealed", "id", postgresql_where=text("seal IS NULL")),
        Index("ix_audit_events_seal", "seal"),
        Index("ix_audit_events_search", "organization_id", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[str]  # no foreign key: the record outlives the organization
    at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"))
    actor_id: Mapped[str | None]
    action: Mapped[str]
    object_type: Mapped[str | None]
    object_id: Mapped[str | None]
    facts: Mapped[dict[str, Any]]
    seal: Mapped[int | None]


class AuditSeal(Base):
    """One sealed batch. `hash` covers `previous`, the number of rows and each of them."""

    __tablename__ = "audit_seals"
    __platform__ = True

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    previous: Mapped[str]
    hash: Mapped[str]
    rows: Mapped[int]
    at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"))


register(Lifecycle("audit", frozenset({AuditEvent.__tablename__})))  # kept: who did what is asked afterwards
register_functions(
    "REVOKE UPDATE, DELETE ON audit_events FROM {app}, {worker};\n"
    "REVOKE UPDATE, DELETE ON audit_seals FROM {worker};\n"
    "GRANT UPDATE (seal) ON audit_events TO {worker};\n"
)


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


async def seal(session: AsyncSession, tell: "Callable[[Sequence[AuditEvent], AuditSeal], None] | None" = None) -> int:
    """Seal the committed rows that have no seal, at most BATCH; return how many. A second sealer returns 0 at once.

    `tell` is told the rows and their seal before it is committed.
    """
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
        return 0
    open_ = select(AuditEvent).where(AuditEvent.seal.is_(None)).order_by(AuditEvent.id).limit(BATCH)
    rows = (await session.scalars(open_)).all()
    if not rows:
        return 0
    last = await session.scalar(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))
    previous, number = (last.hash, last.number + 1) if last else (BEGINNING, 1)
    sealed = AuditSeal(number=number, previous=previous, hash=chained(previous, rows), rows=len(rows))
    session.add(sealed)
    if tell is not None:
        tell(rows, sealed)
    mine = update(AuditEvent).where(AuditEvent.id.in_([row.id for row in rows])).values(seal=number)
    await session.execute(mine.execution_options(synchronize_session=False))
    return len(rows)


def chained(previous: str, rows: Iterable[Any]) -> str:
    """Return the hash of a batch, whose rows come in the order of their ids."""
    whole = hashlib.sha256(previous.encode())
    count = 0
    for row in rows:
        told = [
            row.id,
            row.organization_id,
            row.at.astimezone(UTC).isoformat(),
            row.actor_id,
            row.action,
            row.object_type,
            row.object_id,
            row.facts,
        ]
        line = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        whole.update(len(line).to_bytes(8, "big") + line)
        count += 1
    whole.update(count.to_bytes(8, "big"))
    return whole.hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the whole chain found. `head` is worth keeping elsewhere: it shows later that nothing was cut."""

    seals: int
    rows: int
    unsealed: int
    head: str
    fault: str | None = None


async def verify(session: AsyncSession, *, known: str | None = None) -> Verdict:
    """Check every seal against its rows and the seal before it; `known`: a head of earlier that must be among them."""
    previous, rows, number, seen = BEGINNING, 0, 0, known is None
    unsealed = await session.scalar(select(func.count()).where(AuditEvent.seal.is_(None))) or 0
    fault: str | None = None
    for stamp in (await session.scalars(select(AuditSeal).order_by(AuditSeal.number))).all():
        number += 1
        batch = select(AuditEvent).where(AuditEvent.seal == stamp.number).order_by(AuditEvent.id)
        found = (await session.scalars(batch)).all()
        if stamp.number != number:
            fault = f"Seal {number} is missing."
        elif stamp.previous != previous:
            fault = f"Seal {number} does not follow the one before it."
        elif len(found) != stamp.rows:
            fault = f"Seal {number} ({stamp.at:%Y-%m-%d %H:%M}) covers {stamp.rows} records; {len(found)} are there."
        elif chained(previous, found) != stamp.hash:
            fault = f"A record under seal {number} ({stamp.at:%Y-%m-%d %H:%M}) was changed."
        if fault:
            break
        previous, rows, seen = stamp.hash, rows + len(found), seen or stamp.hash == known
        session.expunge_all()
    else:
        late = select(AuditEvent.id).where(AuditEvent.seal > number).limit(1)
        if await session.scalar(late):
            fault = f"Records name a seal after {number}, which is gone."
        elif not seen:
            fault = "The head that you kept is not in the chain: its end was cut or written anew."
    return Verdict(number, rows, unsealed, previous, fault)
