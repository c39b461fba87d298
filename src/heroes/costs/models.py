"""What things cost, who pays, what is promised and what was charged."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, or_, text, true
from sqlalchemy.orm import Mapped, mapped_column

from heroes.costs.rules import AtLimit, Balance, Terms
from heroes.costs.sight import seen
from heroes.identity import Action, Caller
from heroes.kit import schema
from heroes.kit.db import Base, Tenant, Timestamps
from heroes.kit.work import Durable

_NOTHING = text("0")
_EMPTY = text("'[]'")

schema.register_functions("REVOKE UPDATE, DELETE, TRUNCATE ON ledger_entries, monthly_statements FROM {app}, {worker}")


class Tariff(Tenant, Timestamps, Base):
    """What a cluster, or one queue of it, costs from one time to another. Rates are never changed, only followed."""

    __tablename__ = "tariffs"
    __shared__ = ("cluster", "cluster_id")
    __table_args__ = (
        UniqueConstraint("cluster_id", "queue_id", "valid_from", postgresql_nulls_not_distinct=True),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="ends_after_it_begins"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    cluster_id: Mapped[str] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"))
    queue_id: Mapped[str | None] = mapped_column(ForeignKey("queues.id", ondelete="CASCADE"))  # None: all queues
    title: Mapped[str] = mapped_column(default="", server_default="")
    currency: Mapped[str]
    fixed: Mapped[Decimal] = mapped_column(server_default=_NOTHING)
    core_hour: Mapped[Decimal] = mapped_column(server_default=_NOTHING)
    node_hour: Mapped[Decimal] = mapped_column(server_default=_NOTHING)
    gpu_hour: Mapped[Decimal] = mapped_column(server_default=_NOTHING)
    gb_moved: Mapped[Decimal] = mapped_column(server_default=_NOTHING)
    gb_month: Mapped[Decimal] = mapped_column(server_default=_NOTHING)
    kwh: Mapped[Decimal] = mapped_column(server_default=_NOTHING)
    node_power_w: Mapped[Decimal | None]
    charges_node_failures: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    created_by: Mapped[str]

    def in_force(self, at: datetime) -> bool:
        """Tell whether it holds at a time; of those of one queue, or of all queues, one does at most."""
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)

    @property
    def terms(self) -> Terms:
        return Terms(
            currency=self.currency,
            fixed=self.fixed,
            core_hour=self.core_hour,
            node_hour=self.node_hour,
            gpu_hour=self.gpu_hour,
            gb_moved=self.gb_moved,
            gb_month=self.gb_month,
            kwh=self.kwh,
            node_power_w=self.node_power_w,
            charges_node_failures=self.charges_node_failures,
        )


class Budget(Tenant, Timestamps, Base):
    """Money that an organization, one project or one user may spend, once or in every period."""

    __tablename__ = "budgets"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'organization' AND project_id IS NULL AND user_id IS NULL)"
            " OR (kind = 'project' AND project_id IS NOT NULL AND user_id IS NULL)"
            " OR (kind = 'user' AND user_id IS NOT NULL AND project_id IS NULL)",
            name="belongs_to_its_kind",
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    project_id: Mapped[str | None] = mapped_column(index=True)
    user_id: Mapped[str | None] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(default="", server_default="")
    currency: Mapped[str]
    amount: Mapped[Decimal]  # of each period
    span: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    thresholds: Mapped[list[Any]] = mapped_column(default=list, server_default=_EMPTY)
    at_limit: Mapped[str] = mapped_column(default=AtLimit.WARN, server_default=AtLimit.WARN)
    limit_percent: Mapped[int] = mapped_column(default=100, server_default=text("100"))  # of the amount, spent
    closed_at: Mapped[datetime | None]

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """All, for those who read the books; else those that one draws from."""
        if who.can(Action.LEDGER_READ) or who.can(Action.BUDGET_MANAGE):
            return true()
        mine = list(who.projects)
        return or_(cls.kind == "organization", cls.project_id.in_(mine), cls.user_id == who.user_id)


class BudgetPeriod(Tenant, Timestamps, Base):
    """A budget in one period. That it is never exceeded is held by the database itself."""

    __tablename__ = "budget_periods"
    __table_args__ = (
        UniqueConstraint("budget_id", "starts_at"),
        CheckConstraint("reserved >= 0 AND spent >= 0 AND reserved + spent <= amount", name="never_exceeded"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    budget_id: Mapped[str] = mapped_column(ForeignKey("budgets.id", ondelete="CASCADE"))
    rank: Mapped[int]  # the order of locking
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    amount: Mapped[Decimal]
    reserved: Mapped[Decimal] = mapped_column(server_default=_NOTHING)
    spent: Mapped[Decimal] = mapped_column(server_default=_NOTHING)
    warned: Mapped[int] = mapped_column(default=0, server_default=_NOTHING)  # the highest threshold told
    limit_reached_at: Mapped[datetime | None]

    @property
    def balance(self) -> Balance:
        return Balance(self.amount, self.reserved, self.spent)


class Reservation(Tenant, Timestamps, Base):
    """Money held for an execution. `remaining` is what no order has drawn yet."""

    __tablename__ = "reservations"

    id: Mapped[str] = mapped_column(primary_key=True)
    execution_id: Mapped[str] = mapped_column(index=True)
    project_id: Mapped[str]
    user_id: Mapped[str]
    currency: Mapped[str]
    amount: Mapped[Decimal]
    remaining: Mapped[Decimal]
    period_ids: Mapped[list[str]]
    released_at: Mapped[datetime | None]


class Draw(Tenant, Timestamps, Base):
    """What one order holds of a reservation until it is settled or put back."""

    __tablename__ = "draws"
    __table_args__ = (
        UniqueConstraint("submission_id", "reservation_id"),
        Index("ix_draws_execution", "execution_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    reservation_id: Mapped[str] = mapped_column(ForeignKey("reservations.id"))
    execution_id: Mapped[str]
    submission_id: Mapped[str] = mapped_column(index=True)
    tariff_id: Mapped[str | None]
    amount: Mapped[Decimal]
    settled: Mapped[Decimal] = mapped_column(default=0, server_default=_NOTHING)
    """of an order of many jobs: how much of it those that have ended held"""
    charged: Mapped[Decimal | None]
    closed_at: Mapped[datetime | None]


class Usage(Tenant, Timestamps, Base):
    """One settled attempt: what it used, its price, and what was charged of it."""

    __tablename__ = "usage"
    __table_args__ = (Index("ix_usage_execution", "execution_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(unique=True)
    execution_id: Mapped[str]
    submission_id: Mapped[str]
    job_id: Mapped[str] = mapped_column(index=True)
    project_id: Mapped[str] = mapped_column(index=True)
    user_id: Mapped[str] = mapped_column(index=True)
    tariff_id: Mapped[str | None]
    currency: Mapped[str]
    quantities: Mapped[dict[str, Any]]
    lines: Mapped[list[dict[str, Any]]]
    charged: Mapped[Decimal]
    overrun: Mapped[Decimal]
    reasons: Mapped[list[str]]

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """As the ledger: all for those who keep it, a project's part for its own, else one's own."""
        return seen(cls, who)


class LedgerEntry(Tenant, Base):
    """One booking; rows are only added, which the database itself holds. It names ids, never people."""

    __tablename__ = "ledger_entries"
    __table_args__ = (Index("ix_ledger_entries_at", "organization_id", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"))
    kind: Mapped[str]  # charge, storage: paid by the budgets of `period_ids`; overrun: by the platform
    amount: Mapped[Decimal]
    currency: Mapped[str]
    period_ids: Mapped[list[str]]
    project_id: Mapped[str] = mapped_column(index=True)  # "": of no project, as a user's own bucket
    user_id: Mapped[str] = mapped_column(index=True)  # "": of no user, as a project's bucket
    execution_id: Mapped[str] = mapped_column(index=True)
    submission_id: Mapped[str]
    job_id: Mapped[str]
    attempt_id: Mapped[str]
    bucket_id: Mapped[str | None]  # of a booking for storage, which has no execution
    tariff_id: Mapped[str | None]
    reason: Mapped[str]

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """The whole book for those who keep it, a project's part for its own, else one's own bookings."""
        return seen(cls, who)


class Books(Durable, Tenant, Timestamps, Base):
    """What is done every day for an organization: the storage of each day is charged, ended months are closed."""

    __tablename__ = "books"
    __table_args__ = (
        UniqueConstraint("organization_id"),
        Index("ix_books_due", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    charged_through: Mapped[date]  # the last day, in UTC, whose storage is charged
    charging_after: Mapped[str | None]  # the last bucket done of the day that is being charged
    collecting_after: Mapped[str | None]  # the last bucket asked for what it owes
    open_month: Mapped[date]  # the first day of the first month that is not closed


class StorageDay(Tenant, Timestamps, Base):
    """What one bucket held on one day and what that costs; `amount` beyond `charged` is owed."""

    __tablename__ = "storage_days"
    __table_args__ = (
        UniqueConstraint("bucket_id", "day"),
        CheckConstraint("charged >= 0 AND charged <= amount", name="charged_once"),
        Index("ix_storage_days_owed", "organization_id", "bucket_id", postgresql_where=text("charged < amount")),
        Index("ix_storage_days_day", "organization_id", "day"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    bucket_id: Mapped[str]  # no foreign key: the books outlive a bucket
    bucket: Mapped[str]
    project_id: Mapped[str] = mapped_column(default="", server_default="")
    user_id: Mapped[str] = mapped_column(default="", server_default="")
    day: Mapped[date]
    bytes: Mapped[int]
    tariff_id: Mapped[str | None]
    currency: Mapped[str]
    amount: Mapped[Decimal]
    charged: Mapped[Decimal]

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """As the ledger."""
        return seen(cls, who)


class MonthlyStatement(Tenant, Base):
    """A closed month of an organization (`project_id` "") or of one project; never changed, as the database holds."""

    __tablename__ = "monthly_statements"
    __table_args__ = (UniqueConstraint("organization_id", "month", "project_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date]
    project_id: Mapped[str]
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    closed_at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"))

    @classmethod
    def readable(cls, who: Caller) -> ColumnElement[bool]:
        """The whole for those who keep the books, a project's for its own."""
        if who.can(Action.LEDGER_READ):
            return true()
        return cls.project_id.in_(who.projects_with(Action.LEDGER_READ))
