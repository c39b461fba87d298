"""Webhooks and what they could not deliver, and mails; the events themselves are the outbox's rows."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from heroes.identity import Caller
from heroes.kit import lifecycle
from heroes.kit.db import Base, Tenant, Timestamps
from heroes.kit.lifecycle import Kind, Lifecycle
from heroes.kit.outbox import Event
from heroes.kit.work import Durable


def trail() -> ColumnElement[str]:
    """Return what an event belongs to: its execution, else its own subject."""
    return func.coalesce(Event.data["execution"].astext, Event.subject)


Index("ix_events_trail", trail(), Event.seq)
Index("ix_events_organization_seq", Event.organization_id, Event.seq)


class Webhook(Base, Tenant, Durable, Timestamps):
    """An address that is told events, one after the other; `cursor` is the number of the last that is done with."""

    __tablename__ = "webhooks"
    __table_args__ = (Index("ix_webhooks_due", "due_at", postgresql_where="due_at IS NOT NULL"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    url: Mapped[str]
    types: Mapped[list[str]]
    """patterns such as `job.ended` and `execution.*`; none: all"""
    secret_id: Mapped[str]
    former_secret_id: Mapped[str | None]
    """signs beside the new one until `former_until`, for a receiver that does not know that yet"""
    former_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    cursor: Mapped[int]
    attempts: Mapped[int] = mapped_column(default=0)
    """at the event that is next, so far"""
    buried: Mapped[int] = mapped_column(default=0)
    """dead letters since the last delivery"""
    trouble: Mapped[str | None]
    delivered_event: Mapped[str | None]
    delivered_at: Mapped[datetime | None]


class DeadLetter(Base, Tenant, Durable, Timestamps):
    """An event that a webhook could not deliver; due only when somebody asked to send it again."""

    __tablename__ = "webhook_dead_letters"
    __table_args__ = (Index("ix_webhook_dead_letters_due", "due_at", postgresql_where="due_at IS NOT NULL"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    type: Mapped[str]
    subject: Mapped[str]
    attempts: Mapped[int]
    trouble: Mapped[str]


class Notice(Base, Tenant, Durable, Timestamps):
    """A mail about one event to one person, whose address is looked up when it is sent. Not due: sent, or given up."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("event_id", "user_id"),
        Index("ix_notices_due", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(index=True)
    type: Mapped[str]
    subject: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None]
    sent_at: Mapped[datetime | None]


class NoticeWish(Base, Tenant, Timestamps):
    """What one person wants to be written to about, beside what concerns their budgets."""

    __tablename__ = "notice_wishes"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    ends: Mapped[bool] = mapped_column(default=False)
    """of their own executions"""

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """Return the condition that it is the caller's own."""
        return cls.user_id == who.user_id


class BrokerFeed(Base, Durable, Timestamps):
    """An exchange of a message broker that is told all events of the installation; `id` is its name."""

    __tablename__ = "broker_feeds"
    __platform__ = True
    organization_id: ClassVar[str] = ""

    id: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[int]


_Tables = type[DeadLetter] | type[Webhook] | type[Notice] | type[NoticeWish]
_TABLES: tuple[_Tables, ...] = (DeadLetter, Webhook, Notice, NoticeWish)


async def purge(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    """Remove an organization's webhooks, their dead letters, and its mails; of a user, what they wanted to be told."""
    for table, column in _left_by(kind):
        await session.execute(delete(table).where(table.organization_id == organization_id, column == subject_id))


async def count(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    """Return how many rows of which table `purge` removes."""
    found = {}
    for table, column in _left_by(kind):
        query = select(func.count()).select_from(table)
        mine = query.where(table.organization_id == organization_id, column == subject_id)
        found[table.__tablename__] = await session.scalar(mine) or 0
    return found


def _left_by(kind: Kind) -> list[tuple[_Tables, Any]]:
    """Return the tables of which one that leaves leaves rows behind, and the column that names it."""
    if kind == "user":
        return [(NoticeWish, NoticeWish.user_id)]
    return [(table, table.organization_id) for table in _TABLES] if kind == "organization" else []


lifecycle.register(Lifecycle("events", frozenset(table.__tablename__ for table in _TABLES), purge=purge, count=count))
