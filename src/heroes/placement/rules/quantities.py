"""Predicted quantities: a value with interval, confidence and ground; or the reason why there is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

ENOUGH = 3
"""With fewer runs there is no interval."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why there is no value, or no interval."""

    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A predicted quantity. Without ground `value` is null and `reason` says why.

    `confidence` is none, low, medium or high; `accuracy` is the expected ratio of the smaller to the larger of
    predicted and real value, 0 to 1.
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


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """Of one job: run time (s), wait (s), memory per node (bytes) and energy (J)."""

    time: Quantity
    wait: Quantity
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


def scaled(quantity: Quantity, factor: float) -> Quantity:
    """Return the quantity times a factor."""
    return _mapped(quantity, lambda value: value * factor)


def capped(quantity: Quantity, limit: float) -> Quantity:
    """Return the quantity, nowhere above a limit."""
    return _mapped(quantity, lambda value: min(value, limit))


def _mapped(quantity: Quantity, change: Callable[[float], float]) -> Quantity:
    def changed(value: float | None) -> float | None:
        return None if value is None else change(value)

    return replace(
        quantity,
        value=changed(quantity.value),
        low80=changed(quantity.low80),
        high80=changed(quantity.high80),
        low90=changed(quantity.low90),
        high90=changed(quantity.high90),
    )


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
        return None if any(value is None for value in values) else join(values)

    return Quantity(
        value=joined("value"),
        unit=parts[0].unit,
        low80=joined("low80"),
        high80=joined("high80"),
        low90=joined("low90"),
        high90=joined("high90"),
        confidence=min((part.confidence for part in parts), key=_WORDS.index),
        accuracy=min(part.accuracy or 0.0 for part in parts),
        n_similar=min(part.n_similar for part in parts),
        method=f"{method}; each: {parts[0].method}",
        source=parts[0].source,
        reason=next((part.reason for part in parts if part.reason), None),
    )
