"""What costs takes in and gives out. Amounts are strings of decimal digits, so that no client rounds them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from heroes.costs.models import Budget, LedgerEntry, Tariff
from heroes.costs.rules import DAY, GB, HOUR, MONTH, AtLimit, BudgetKind, Span, Terms, text, whys
from heroes.costs.service.budgets import Statement
from heroes.costs.service.closing import Sheet
from heroes.costs.service.effect import Effect
from heroes.costs.service.storage import Stored
from heroes.costs.service.usage import Item, Total
from heroes.kit.faults import Wrong
from heroes.kit.why import Why

Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=9)]
Positive = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=9)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217", examples=["EUR"])]
Percent = Annotated[int, Field(ge=1, le=100)]
Title = Annotated[str, Field(max_length=200)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TermsIn(In):
    """Rates per unit; what is left out costs nothing."""

    currency: Currency = "EUR"
    fixed: Amount = Field(default=Decimal(0), description="once per started payload")
    core_hour: Amount = Decimal(0)
    node_hour: Amount = Decimal(0)
    gpu_hour: Amount = Decimal(0)
    gb_moved: Amount = Field(default=Decimal(0), description="per 10^9 bytes moved in or out")
    gb_month: Amount = Field(default=Decimal(0), description="per 10^9 bytes stored for 30 days")
    kwh: Amount = Decimal(0)
    node_power_w: Positive | None = Field(
        default=None, description="the most a node draws; needed where kwh has a price"
    )
    charges_node_failures: bool = Field(default=False, description="also charge attempts that a failing node ended")

    def terms(self) -> Terms:
        return Terms(**{name: getattr(self, name) for name in TermsIn.model_fields})


class TariffIn(TermsIn):
    cluster: str = Field(max_length=200, description="id or name")
    queue: str | None = Field(
        default=None, max_length=200, description="id or name; left out: all queues of the cluster"
    )
    title: Title = ""
    valid_from: AwareDatetime | None = Field(default=None, description="left out: now; never in the past")

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"cluster": "alpha", "core_hour": "0.02", "kwh": "0.30", "node_power_w": "400"}]
        },
    )


class TariffOut(BaseModel):
    id: str
    cluster: str
    queue: str | None
    title: str
    currency: str
    fixed: str
    core_hour: str
    node_hour: str
    gpu_hour: str
    gb_moved: str
    gb_month: str
    kwh: str
    node_power_w: str | None
    charges_node_failures: bool
    valid_from: datetime
    valid_until: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, row: Tariff) -> Self:
        rates = ("fixed", "core_hour", "node_hour", "gpu_hour", "gb_moved", "gb_month", "kwh")
        return cls(
            id=row.id,
            cluster=row.cluster_id,
            queue=row.queue_id,
            title=row.title,
            currency=row.currency,
            **{name: text(getattr(row, name)) for name in rates},
            node_power_w=None if row.node_power_w is None else text(row.node_power_w),
            charges_node_failures=row.charges_node_failures,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            created_at=row.created_at,
        )


class PreviewIn(In):
    """What a job would ask for; cores and GPUs over all nodes."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"cluster": "alpha", "nodes": 2, "cores": 64, "walltime_s": 3600}]}
    )

    cluster: str = Field(max_length=200)
    queue: str | None = Field(default=None, max_length=200)
    nodes: int = Field(default=1, ge=1, le=100_000)
    cores: int = Field(default=1, ge=1, le=10_000_000)
    gpus: int = Field(default=0, ge=0, le=1_000_000)
    walltime_s: int | None = Field(default=None, ge=1, description="seconds; left out: the queue's longest")
    moved_bytes: int = Field(default=0, ge=0)
    count: int = Field(default=1, ge=1, le=1_000_000, description="jobs of this kind")
    attempts: int = Field(default=1, ge=1, le=100)


class PreviewOut(BaseModel):
    """The most that this would cost now, and the items of one job that uses its bounds."""

    tariff: str | None
    currency: str | None
    worst_case: str
    lines: list[dict[str, Any]]


class SampleOut(BaseModel):
    """One run of the past: what it cost, and what it would have cost."""

    execution: str
    at: datetime
    before: str
    after: str


class EffectOut(BaseModel):
    """What a price would have changed; samples are the cheapest, the middle and the dearest run."""

    currency: str
    runs: int
    before: str
    after: str
    samples: list[SampleOut]

    @classmethod
    def of(cls, found: Effect, currency: str) -> Self:
        samples = [
            SampleOut(execution=one.execution_id, at=one.at, before=text(one.before), after=text(one.after))
            for one in found.samples
        ]
        total = {"before": text(found.before), "after": text(found.after)}
        return cls(currency=currency, runs=found.runs, samples=samples, **total)


class BudgetIn(In):
    kind: BudgetKind
    project: str | None = Field(default=None, max_length=200, description="id or name; for a project's budget")
    user: str | None = Field(default=None, max_length=200, description="id or name; for a user's budget")
    amount: Positive
    currency: Currency = "EUR"
    period: Span = Span.ONCE
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    thresholds: list[Percent] = Field(default=[80, 100], max_length=10, description="percent; told once each")
    at_limit: AtLimit = Field(
        default=AtLimit.WARN,
        description="at the limit: only warn, let nothing new begin, or also cancel what runs on this budget",
    )
    limit_percent: Percent = Field(default=100, description="the limit: so much of the amount is spent")
    title: Title = ""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"kind": "project", "project": "wing", "amount": "100.00", "period": "month"}]},
    )

    @model_validator(mode="after")
    def _names_its_owner(self) -> Self:
        wanted = {BudgetKind.PROJECT: (True, False), BudgetKind.USER: (False, True)}
        if (self.project is not None, self.user is not None) != wanted.get(self.kind, (False, False)):
            text = "name the project of a project's budget, the user of a user's, and neither for the whole"
            raise Wrong(text, "budget_owner")
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise Wrong("a budget ends after it begins", "ends_before_begin")
        return self


class BudgetChangeIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"amount": "150.00"}]})

    amount: Positive | None = None
    ends_at: AwareDatetime | None = None
    thresholds: list[Percent] | None = Field(default=None, max_length=10)
    at_limit: AtLimit | None = None
    limit_percent: Percent | None = None
    title: Title | None = None
    closed: Literal[False] | None = Field(default=None, description="false reopens a closed budget")


class BudgetOut(BaseModel):
    """A budget with its present period: `amount` = `spent` + `reserved` + `left`."""

    id: str
    kind: str
    project: str | None
    user: str | None
    title: str
    currency: str
    amount: str
    spent: str
    reserved: str
    left: str
    percent: str
    period: str
    period_starts_at: datetime
    period_ends_at: datetime | None
    starts_at: datetime
    ends_at: datetime | None
    thresholds: list[int]
    at_limit: AtLimit
    limit_percent: int
    limit_reached: bool
    closed: bool

    @classmethod
    def of(cls, told: Statement) -> Self:
        row: Budget = told.budget
        return cls(
            id=row.id,
            kind=row.kind,
            project=row.project_id,
            user=row.user_id,
            title=row.title,
            currency=row.currency,
            amount=text(told.balance.amount),
            spent=text(told.balance.spent),
            reserved=text(told.balance.reserved),
            left=text(told.balance.left),
            percent=f"{told.balance.percent:.1f}",
            period=row.span,
            period_starts_at=told.starts_at,
            period_ends_at=told.ends_at,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            thresholds=row.thresholds,
            at_limit=AtLimit(row.at_limit),
            limit_percent=row.limit_percent,
            limit_reached=told.limit_reached,
            closed=row.closed_at is not None,
        )


class MoreIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"amount": "5.00"}]})

    amount: Positive = Field(description="in the currency of the execution's reservation")


class ReservationOut(BaseModel):
    execution: str
    currency: str
    amount: str


class ItemOut(BaseModel):
    """What was charged for one item of the prices."""

    item: str = Field(
        description="fixed, core_hour, …, gb_month for storage too; overrun: borne by the platform, below 0"
    )
    amount: str
    currency: str

    @classmethod
    def of(cls, row: Item) -> Self:
        return cls(item=row.name, amount=text(row.amount), currency=row.currency)


class UsageOut(BaseModel):
    """What was used by one job, execution, user, project, day or all; energy only where it was measured."""

    key: str = Field(
        description="an id or a day; by two of them: both, with a blank between; the cluster of storage is `storage`"
    )
    attempts: int
    core_h: str
    node_h: str
    gpu_h: str
    memory_gib_h: str | None = Field(description="memory asked for, else the most seen, over time; null: not known")
    memory_known: int = Field(description="attempts whose memory is known")
    moved_bytes: int
    stored_gb_month: str = Field(description="10^9 bytes held for 30 days; not known for an execution or a job")
    energy_j: float | None
    energy_measured: int = Field(description="attempts whose energy was measured")
    charged: str
    overrun: str
    currency: str

    @classmethod
    def of(cls, row: Total) -> Self:
        hours = {f"{name}_h": text(getattr(row, f"{name}_s") / HOUR) for name in ("core", "node", "gpu")}
        return cls(
            key=row.key,
            attempts=row.attempts,
            memory_gib_h=None if row.memory_byte_s is None else text(row.memory_byte_s / 2**30 / HOUR),
            memory_known=row.memory_known,
            moved_bytes=int(row.moved_bytes),
            stored_gb_month=text(row.stored_byte_days * DAY / GB / MONTH),
            energy_j=None if row.energy_j is None else float(row.energy_j),
            energy_measured=row.measured,
            charged=text(row.charged),
            overrun=text(row.overrun),
            currency=row.currency,
            **hours,
        )


class LedgerOut(BaseModel):
    """One booking; `kind` charge: jobs, storage: a bucket's day, paid by the budgets; overrun: by the platform.

    A booking for storage has a bucket in place of execution, job and attempt.
    """

    id: str
    at: datetime
    kind: str
    amount: str
    currency: str
    project: str
    user: str
    execution: str
    job: str
    attempt: str
    bucket: str | None
    tariff: str | None
    reason: str
    whys: list[Why] = Field(default=[], description="the same by code, for other languages")

    @classmethod
    def of(cls, row: LedgerEntry) -> Self:
        return cls(
            id=row.id,
            at=row.at,
            kind=row.kind,
            amount=text(row.amount),
            currency=row.currency,
            project=row.project_id,
            user=row.user_id,
            execution=row.execution_id,
            job=row.job_id,
            attempt=row.attempt_id,
            bucket=row.bucket_id,
            tariff=row.tariff_id,
            reason=row.reason,
            whys=[Why(code=code, facts=known) for code, known in whys(row.reason)],
        )


class StoredOut(BaseModel):
    """What one bucket held, and what that came to; while something is owed nobody uploads to it."""

    bucket: str
    name: str
    project: str | None
    user: str | None
    days: int
    gb_month: str = Field(description="10^9 bytes held for 30 days")
    last_day: date
    last_bytes: int
    currency: str
    charged: str
    owed: str

    @classmethod
    def of(cls, row: Stored) -> Self:
        return cls(
            bucket=row.bucket_id,
            name=row.bucket,
            project=row.project_id or None,
            user=row.user_id or None,
            days=row.days,
            gb_month=text(row.byte_days * DAY / GB / MONTH),
            last_day=row.last_day,
            last_bytes=row.last_bytes,
            currency=row.currency,
            charged=text(row.charged),
            owed=text(row.owed),
        )


class StatementLine(BaseModel):
    """Bookings of one kind, of one user in one project; "" where there is none."""

    project: str
    user: str
    kind: str
    bookings: int
    amount: str
    currency: str


class StatementTotal(BaseModel):
    kind: str
    bookings: int
    amount: str
    currency: str


class StatementOut(BaseModel):
    """A month of the ledger, added up. A closed one never changes; its `sha256` is that of lines and totals."""

    month: str = Field(examples=["2026-11"])
    project: str | None
    closed: bool
    closed_at: datetime | None
    sha256: str | None
    lines: list[StatementLine]
    totals: list[StatementTotal]

    @classmethod
    def of(cls, sheet: Sheet) -> Self:
        return cls(
            month=f"{sheet.month:%Y-%m}",
            project=sheet.project_id or None,
            closed=sheet.closed_at is not None,
            closed_at=sheet.closed_at,
            sha256=sheet.sha256,
            lines=[StatementLine(**line) for line in sheet.content["lines"]],
            totals=[StatementTotal(**total) for total in sheet.content["totals"]],
        )
