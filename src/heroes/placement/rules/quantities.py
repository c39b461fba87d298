"""Predicted quantities: a value with interval, confidence and ground; or the reason why there is none."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

ENOUGH = 3
"""With fewer runs there is no interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why there is no value, or no interval."""

    code: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A predicted quantity. Without ground `value` is null and `reason` says why.

    `confidence` is none, low, medium or high; `accuracy` is the expected ratio of the smaller to the larger of
    predicted and real value, 0 to 1. `safe` is not exceeded by 19 of 20 runs. `nearest` are the jobs that it rests on
    most; `borrowed` says where it comes from if not from this step's own runs on this queue. A wait has `chances`: of
    having started within 1 min, 10 min, …
    """

    value: float | None
    unit: str
    low80: float | None = None
    high80: float | None = None
    low90: float | None = None
    high90: float | None = None
    confidence: str = "none"
    accuracy: float | None = None
    n_similar: int = 0
    method: str | None = None
    source: str | None = None
    reason: Reason | None = None
    safe: float | None = None
    nearest: tuple[str, ...] = ()
    borrowed: str | None = None
    chances: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """Of one job: run time (s), wait (s), handling before and after (s), memory per node (bytes) and energy (J)."""

    time: Quantity
    wait: Quantity
    handling: Quantity
    memory: Quantity
    energy: Quantity


def nothing(unit: str, code: str, text: str) -> Quantity:
    """Return a quantity without a value."""
    return Quantity(value=None, unit=unit, reason=Reason(code=code, text=text))


def word(accuracy: float, count: int) -> str:
    """Return the confidence as a word; fewer than three runs are never more than low."""
    if count == 0:
        return "none"
    if count < ENOUGH or accuracy < 0.5:
        return "low"
    return "high" if accuracy >= 0.75 else "medium"


def scaled(quantity: Quantity, factor: float, **changes: str) -> Quantity:
    """Return the quantity times a factor, with other changes."""
    if factor == 1 and not changes:
        return quantity
    return _mapped(quantity, lambda value: value * factor, changes)


def capped(quantity: Quantity, limit: float) -> Quantity:
    """Return the quantity, nowhere above a limit."""
    highest = max(quantity.value or 0.0, quantity.high90 or 0.0, quantity.safe or 0.0)
    return quantity if highest <= limit else _mapped(quantity, lambda value: min(value, limit), {})


_AMOUNTS = ("value", "low80", "high80", "low90", "high90", "safe")


def _mapped(quantity: Quantity, change: Callable[[float], float], changes: Mapping[str, Any]) -> Quantity:
    known = [(name, value) for name in _AMOUNTS if (value := getattr(quantity, name)) is not None]
    changed: dict[str, Any] = {name: change(value) for name, value in known}
    return replace(quantity, **changed, **changes)


_WORDS = ("none", "low", "medium", "high")


def combined(parts: Sequence[Quantity], join: Callable[[Sequence[float]], float], method: str) -> Quantity:
    """Return several quantities as one (`join` = sum or max): null as soon as one is, as sure as the least sure.

    Low ends meet low ends, so the joint interval is rather too wide than too narrow.
    """
    missing = next((part for part in parts if part.value is None), None)
    if missing is not None:
        return replace(missing, n_similar=0, confidence="none", accuracy=None)
    if len(parts) == 1:
        return parts[0]

    def joined(name: str) -> float | None:
        values = [getattr(part, name) for part in parts]
        return None if None in values else join(values)

    return Quantity(
        value=joined("value"),
        unit=parts[0].unit,
        low80=joined("low80"),
        high80=joined("high80"),
        low90=joined("low90"),
        high90=joined("high90"),
        safe=joined("safe"),
        nearest=tuple(job for part in parts for job in part.nearest[:1])[:5],
        borrowed=next((part.borrowed for part in parts if part.borrowed), None),
        confidence=min((part.confidence for part in parts), key=_WORDS.index),
        accuracy=min(part.accuracy or 0.0 for part in parts),
        n_similar=min(part.n_similar for part in parts),
        method=f"{method}; each: {parts[0].method}",
        source=parts[0].source,
        reason=next((part.reason for part in parts if part.reason), None),
    )


_Z80 = 1.2816


def chance_above(quantity: Quantity, limit: float) -> float | None:
    """Return the chance that the real amount is above a limit, by a log-normal through the 80 % interval."""
    value, low, high = quantity.value, quantity.low80, quantity.high80
    if value is None or low is None or high is None:
        return None
    if limit <= 0:
        return 1.0 if value > 0 else 0.0
    if value <= 0 or low <= 0 or high <= low:
        return 1.0 if value > limit else 0.0
    scatter = math.log(high / value if limit > value and high > value else value / low) / _Z80
    z = math.log(limit / value) / scatter if scatter > 0 else math.copysign(math.inf, limit - value)
    return round(0.5 * math.erfc(z / math.sqrt(2)), 4)


def duration(seconds: float) -> str:
    """Return a time as people say it; short ones with a tenth, which is much of them."""
    if seconds < 90:
        return f"{seconds:.1f} s" if 0 < seconds < 9.95 else f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172_800 else f"{seconds / 86400:.1f} days"
