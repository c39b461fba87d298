"""Prices and budgets as pure decisions. All money is Decimal; no clock, no session.

A price is `fixed + Σ rate × quantity`. A worst case is the same with the bound of each quantity, rounded up, so that
what was measured within the bounds never costs more than what was reserved.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Any

PLACES = Decimal("0.000000001")
"""Amounts are kept to nine decimals: one second of a cheap core is not nothing."""
ZERO = Decimal(0)
HOUR = Decimal(3600)
GB = Decimal(10**9)
KWH = Decimal(3_600_000)
"""joules"""
DAY = Decimal(86400)
MONTH = 30 * DAY
"""seconds of a GB-month"""


class Unbounded(ValueError):
    """A quantity that costs money has no upper bound, so no worst case can be reserved; `missing`: the bound."""

    def __init__(self, text: str, missing: str):
        super().__init__(text)
        self.missing = missing


def money(value: Any) -> Decimal:
    """Return an amount to nine decimals, what is beyond cut off: the payer's favour, and never above a worst case."""
    return exact(value).quantize(PLACES, ROUND_DOWN)


def exact(value: Any) -> Decimal:
    """Return a number as Decimal without the noise of binary fractions."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def text(amount: Decimal) -> str:
    """Return an amount as people write it: at least two decimals, no useless zeros behind."""
    plain = f"{amount.quantize(PLACES):f}".rstrip("0")
    whole, _, rest = plain.partition(".")
    return f"{whole}.{rest:0<2}"


def rounded_up(amount: Decimal) -> str:
    """Return an amount to give, such that it surely suffices: to four decimals at most."""
    return text(amount.quantize(Decimal(1).scaleb(-SHOWN), ROUND_CEILING))


_MINOR = {"BIF": 0, "CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "VND": 0, "BHD": 3, "KWD": 3, "OMR": 3, "TND": 3}
"""Decimals of a currency where they are not two (ISO 4217)."""
SHOWN = 4
"""Most decimals in a sentence: small amounts are still told apart, and nobody reads nine."""


def shown(amount: Decimal, currency: str | None, *, up: bool = False) -> str:
    """Return an amount for a sentence: the currency's own decimals, up to four where it needs them.

    Rounded down, or `up` where somebody is told how much to give; less than can be shown is said to be so.
    """
    least = _MINOR.get(currency or "", 2)
    most = max(least, SHOWN) if least else 0
    unit = f" {currency}" if currency else ""
    step = Decimal(1).scaleb(-most)
    if 0 < amount < step and not up:
        return f"less than {step:f}{unit}"
    plain = f"{amount.quantize(step, ROUND_CEILING if up else ROUND_DOWN):f}"
    whole, _, rest = plain.partition(".")
    rest = rest.rstrip("0").ljust(least, "0")
    return f"{whole}.{rest}{unit}" if rest else f"{whole}{unit}"


# ------------------------------------------------------------------------------------------------------------ prices


@dataclass(frozen=True, slots=True)
class Terms:
    """Rates in `currency` per unit. `node_power_w` bounds the energy of a node where `kwh` costs something."""

    currency: str
    fixed: Decimal = ZERO
    core_hour: Decimal = ZERO
    node_hour: Decimal = ZERO
    gpu_hour: Decimal = ZERO
    gb_moved: Decimal = ZERO
    gb_month: Decimal = ZERO
    kwh: Decimal = ZERO
    node_power_w: Decimal | None = None
    charges_node_failures: bool = False


@dataclass(frozen=True, slots=True)
class Quantities:
    """What was used. `energy_j` None: not measured, which is not the same as none used."""

    core_s: Decimal | float = ZERO
    node_s: Decimal | float = ZERO
    gpu_s: Decimal | float = ZERO
    moved_bytes: int = 0
    energy_j: Decimal | float | None = None
    stored_byte_s: Decimal | float = ZERO
    memory_byte_s: Decimal | float | None = None
    """memory that was asked for, else the most that was seen, × time; never priced"""

    def as_json(self) -> dict[str, Any]:
        return {name: None if value is None else str(value) for name, value in asdict(self).items()}


UNMETERED = "The energy was not measured, so it is not charged."
BEYOND = (
    "The measured use costs more than was drawn for it; the budget is charged what was drawn, the platform the rest."
)
REASONS = {UNMETERED: "unmetered", BEYOND: "beyond_drawn"}
"""what a booking may say besides its amount → its code"""
_STORED = re.compile(r"Bucket (?P<bucket>.+) on (?P<day>\d{4}-\d\d-\d\d): (?P<gb>[\d.]+) GB\.")


def stored_words(bucket: str, day: date, size: int) -> str:
    """Return what a booking for a day of storage says."""
    return f"Bucket {bucket} on {day:%Y-%m-%d}: {Decimal(size) / GB:.6f} GB."


def whys(reason: str) -> list[tuple[str, dict[str, str]]]:
    """Return what a booking says, by codes and facts; nothing where one of its sentences is not known."""
    if found := _STORED.fullmatch(reason):
        return [("stored", found.groupdict())]
    told: list[tuple[str, dict[str, str]]] = []
    while reason:
        known = next((one for one in REASONS if f"{reason}; ".startswith(f"{one}; ")), None)
        if known is None:
            return []
        told.append((REASONS[known], {}))
        reason = reason[len(known) + 2 :]
    return told


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a price; `quantity` None: not measured, charged 0, and `reason` says so."""

    item: str
    quantity: Decimal | None
    unit: str
    rate: Decimal
    amount: Decimal
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        quantity = None if self.quantity is None else f"{self.quantity.quantize(PLACES).normalize():f}"
        found = {"item": self.item, "quantity": quantity, "unit": self.unit, "rate": text(self.rate)}
        return {**found, "amount": text(self.amount), **({"reason": self.reason} if self.reason else {})}


@dataclass(frozen=True, slots=True)
class Price:
    """An itemised price."""

    currency: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)


def price(terms: Terms, used: Quantities) -> Price:
    """Price one started payload. Items that cost nothing by these terms are left out."""
    measured = [
        ("fixed", Decimal(1), "start", terms.fixed),
        ("core_hour", exact(used.core_s) / HOUR, "core-h", terms.core_hour),
        ("node_hour", exact(used.node_s) / HOUR, "node-h", terms.node_hour),
        ("gpu_hour", exact(used.gpu_s) / HOUR, "GPU-h", terms.gpu_hour),
        ("gb_moved", Decimal(used.moved_bytes) / GB, "GB", terms.gb_moved),
        ("gb_month", exact(used.stored_byte_s) / GB / MONTH, "GB-month", terms.gb_month),
    ]
    lines = [Line(item, n, unit, rate, money(n * rate)) for item, n, unit, rate in measured if rate and n]
    if terms.kwh and used.energy_j is None:
        lines.append(Line("kwh", None, "kWh", terms.kwh, ZERO, UNMETERED))
    elif terms.kwh and used.energy_j:
        kwh = exact(used.energy_j) / KWH
        lines.append(Line("kwh", kwh, "kWh", terms.kwh, money(kwh * terms.kwh)))
    return Price(terms.currency, tuple(lines))


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that one order may use; None is "no bound". Cores and GPUs are totals over all nodes."""

    nodes: int
    cores: int
    gpus: int = 0
    walltime_s: int | None = None
    moved_bytes: int | None = 0


def worst_case(terms: Terms, bounds: Bounds, *, count: int = 1, attempts: int = 1) -> Decimal:
    """Return the most that `count` orders of `attempts` tries each can cost, rounded up.

    Raises Unbounded, naming the quantity, where a price hangs on something without a bound.
    """
    per_second = terms.core_hour * bounds.cores + terms.node_hour * bounds.nodes + terms.gpu_hour * bounds.gpus
    if terms.kwh and terms.node_power_w is None:
        raise Unbounded("This tariff charges energy but names no highest power of a node.", "power")
    watts = (terms.node_power_w or ZERO) * bounds.nodes
    if (per_second or terms.kwh) and bounds.walltime_s is None:
        raise Unbounded("Neither the job nor its queue has a longest walltime; ask for one.", "walltime")
    if terms.gb_moved and bounds.moved_bytes is None:
        raise Unbounded("The tariff charges moved data, and how much will be moved is not bounded.", "moved")
    seconds = Decimal(bounds.walltime_s or 0)
    one = terms.fixed + per_second * seconds / HOUR + terms.kwh * watts * seconds / KWH
    one += terms.gb_moved * Decimal(bounds.moved_bytes or 0) / GB
    # rounded before it is multiplied: the members' own draws, each rounded up, must fit into their sum
    return one.quantize(PLACES, ROUND_CEILING) * count * attempts


# ----------------------------------------------------------------------------------------------------------- budgets


class EntryKind(StrEnum):
    """What a booking is: an overrun is borne by the platform, all else is paid by budgets."""

    CHARGE = "charge"
    STORAGE = "storage"
    OVERRUN = "overrun"


class BudgetKind(StrEnum):
    ORGANIZATION = "organization"
    PROJECT = "project"
    USER = "user"


RANK = {BudgetKind.ORGANIZATION: 0, BudgetKind.PROJECT: 1, BudgetKind.USER: 2}
"""The order in which budgets are locked, everywhere: two that wait for each other cannot be."""


class Span(StrEnum):
    """How often a budget begins anew; `once` never does."""

    ONCE = "once"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}


def period(span: Span, begins: datetime, ends: datetime | None, now: datetime) -> tuple[datetime, datetime | None]:
    """Return the period around `now`: calendar months, quarters and years of UTC, or the whole life of the budget."""
    if span is Span.ONCE:
        return begins, ends
    length = _MONTHS[span]
    now = now.astimezone(UTC)
    first = (now.month - 1) // length * length
    after = first + length
    start = datetime(now.year, first + 1, 1, tzinfo=UTC)
    return start, datetime(now.year + after // 12, after % 12 + 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Balance:
    """A budget in one period."""

    amount: Decimal
    reserved: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        return self.amount - self.reserved - self.spent

    @property
    def percent(self) -> Decimal:
        """How much of it is taken; a budget of nothing is wholly taken."""
        return (self.reserved + self.spent) * 100 / self.amount if self.amount else Decimal(100)


def crossed(balance: Balance, thresholds: Iterable[int], warned: int) -> int | None:
    """Return the highest threshold (percent) newly reached, None if none."""
    reached = [limit for limit in thresholds if warned < limit <= balance.percent]
    return max(reached, default=None)


class AtLimit(StrEnum):
    """What happens when so much of a budget is spent as its owner set as the limit; each includes the one before."""

    WARN = "warn"
    STOP_NEW = "stop_new"
    CANCEL_RUNNING = "cancel_running"


def at_limit(balance: Balance, percent: int) -> bool:
    """Tell whether what was spent has reached the limit; what is only reserved may still come back."""
    return balance.spent > 0 and balance.spent * 100 >= balance.amount * percent


# -------------------------------------------------------------------------------------------------------- daily work

LAG = timedelta(minutes=5)
"""After midnight, so that what was begun on the day is in."""
SETTLED = timedelta(hours=1)
"""After the end of a month: a booking has the time at which its transaction began."""
MOST_DAYS = 62
"""Days that are caught up after the platform was away; those before are not charged."""


def next_day(charged_through: date, now: datetime) -> date | None:
    """Return the day whose storage is charged next; None: none has ended since. Days are of UTC."""
    last = (now - LAG).astimezone(UTC).date() - timedelta(days=1)
    following = max(charged_through + timedelta(days=1), last - timedelta(days=MOST_DAYS - 1))
    return following if following <= last else None


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def until_next(open_month: date, now: datetime) -> timedelta:
    """Return how long it is until the present day can be charged, or the open month be closed."""
    day = midnight((now - LAG).astimezone(UTC).date() + timedelta(days=1)) + LAG
    return min(day, midnight(month_after(open_month)) + SETTLED) - now


def month_after(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def closes(month: date, now: datetime) -> bool:
    """Tell whether a month can be closed: nothing can be booked in it any more."""
    return now >= midnight(month_after(month)) + SETTLED


def storage_price(terms: Terms, held_bytes: int) -> Decimal:
    """Return what it costs to hold so many bytes for one day."""
    return money(held_bytes * terms.gb_month * DAY / (GB * MONTH))


# -------------------------------------------------------------------------------------------------------- settlement


@dataclass(frozen=True, slots=True)
class Part:
    """What one draw pays of a charge, and what goes back."""

    draw_id: str
    charged: Decimal
    back: Decimal


@dataclass(frozen=True, slots=True)
class Settlement:
    """A charge shared over its draws; `overrun` is what they do not cover."""

    charged: Decimal
    overrun: Decimal
    parts: tuple[Part, ...]


def settle(total: Decimal, draws: Sequence[tuple[str, Decimal]]) -> Settlement:
    """Charge at most what was drawn, the first draw first; tell what goes back and what nobody drew for."""
    left = total
    parts = []
    for draw_id, drawn in draws:
        paid = min(left, drawn)
        parts.append(Part(draw_id, paid, drawn - paid))
        left -= paid
    return Settlement(total - left, left, tuple(parts))


def spread(amount: Decimal, held: Sequence[tuple[str, Decimal]]) -> list[tuple[str, Decimal]] | None:
    """Take an amount from several reservations, the oldest first; None: together they do not cover it."""
    taken: list[tuple[str, Decimal]] = []
    for reservation_id, left in held:
        part = min(amount, left)
        if part or (not taken and not amount):
            taken.append((reservation_id, part))
        amount -= part
        if not amount:
            return taken
    return None


@dataclass(frozen=True, slots=True)
class Charge:
    """What a settled attempt cost."""

    amount: Decimal
    overrun: Decimal
    currency: str
    lines: tuple[dict[str, Any], ...]
    reasons: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "amount": text(self.amount),
            "overrun": text(self.overrun),
            "currency": self.currency,
            "lines": list(self.lines),
            "reasons": list(self.reasons),
        }
