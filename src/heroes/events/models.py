"""Webhooks and what they could not deliver, mails, notices to browsers; the events themselves are the outbox's rows."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from heroes.identity import Caller
from heroes.kit import lifecycle
from heroes.kit.db import Base, Tenant, Timestamps
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
    trouble_why: Mapped[dict[str, Any] | None]
    """the same by code and facts, for other languages"""
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
    trouble_why: Mapped[dict[str, Any] | None]


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
    trouble_why: Mapped[dict[str, Any] | None]
    sent_at: Mapped[datetime | None]


class NoticeWish(Base, Tenant, Timestamps):
    """What one person wants to be written to about, beside what concerns their budgets."""

    __tablename__ = "notice_wishes"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    ends: Mapped[bool] = mapped_column(default=False)
    """a mail, of their own executions"""
    page: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    """a word in the page that is open"""
    browser: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """a notice of each browser that was allowed to, also while no page is open"""

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """Return the condition that it is the caller's own."""
        return cls.user_id == who.user_id


class PushSubscription(Base, Tenant, Timestamps):
    """A browser of one person that takes notices while no page of ours is open (Push API)."""

    __tablename__ = "push_subscriptions"
    __table_args__ = (UniqueConstraint("user_id", "endpoint"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    """what its owner knows it by, such as Firefox on Linux"""
    endpoint: Mapped[str]
    p256dh: Mapped[bytes]
    auth: Mapped[bytes]
    trouble: Mapped[str | None]
    """why the last notice did not get there"""
    trouble_why: Mapped[dict[str, Any] | None]
    delivered_at: Mapped[datetime | None]

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """Return the condition that it is the caller's own."""
        return cls.user_id == who.user_id


class PushMessage(Base, Tenant, Durable, Timestamps):
    """A notice on its way to one browser; gone as soon as its push service took it, or it was given up."""

    __tablename__ = "push_messages"
    __table_args__ = (
        UniqueConstraint("event_id", "subscription_id"),
        Index("ix_push_messages_due", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    subscription_id: Mapped[str] = mapped_column(ForeignKey("push_subscriptions.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[str | None] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    """None: its owner tries whether notices arrive"""
    attempts: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None]


class PushKey(Base, Timestamps):
    """The key by which push services know this installation; its private half is sealed by the master key.

    Browsers are bound to it: it is made once and stays.
    """

    __tablename__ = "push_keys"
    __platform__ = True

    id: Mapped[str] = mapped_column(primary_key=True)
    wrapped_key: Mapped[bytes]
    sealed: Mapped[bytes]


class BrokerFeed(Base, Durable, Timestamps):
    """An exchange of a message broker that is told all events of the installation; `id` is its name."""

    __tablename__ = "broker_feeds"
    __platform__ = True
    organization_id: ClassVar[str] = ""

    id: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[int]


class AwaitedCluster(Base, Tenant, Durable, Timestamps):
    """A cluster, or one queue of it, that one person wants to be told of once when it takes jobs again.

    The row goes at `ends_at`, told or not; until then it is looked at now and then.
    """

    __tablename__ = "awaited_clusters"
    __table_args__ = (
        UniqueConstraint("user_id", "cluster_id", "queue"),
        Index("ix_awaited_clusters_due", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    cluster_id: Mapped[str] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    """of the cluster, as it was asked for"""
    queue: Mapped[str]
    """empty: any"""
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """Return the condition that it is the caller's own."""
        return cls.user_id == who.user_id


lifecycle.register(
    lifecycle.removing(
        "events",
        (DeadLetter, Webhook, Notice, NoticeWish, PushMessage, PushSubscription, AwaitedCluster),
        of_user=[NoticeWish, PushSubscription, AwaitedCluster],
    )
)
