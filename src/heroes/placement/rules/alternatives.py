"""What would put a candidate first: the smallest change of its price, its time or the weights, found by trying."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from heroes.placement.rules.needs import Policy
from heroes.placement.rules.quantities import duration
from heroes.placement.rules.scoring import CRITERIA, Contender, first

_STEPS = 14
_CLOSE = 1.0005  # a hair more than needed, so that rounding does not undo it
_LEVEL, _SMALL = 0.995, 0.005  # factors beyond which "per cent lower" says nothing to a reader


@dataclass(frozen=True, kw_only=True)
class Change:
    """The smallest change that would make a candidate first: `factor` times `what`; a weight becomes `value`."""

    what: str
    factor: float | None = None
    value: float | None = None
    text: str


def smallest(
    contenders: Sequence[Contender], key: Any, policy: Policy, weights: Mapping[str, float], unit: str = ""
) -> Change | None:
    """Return what would make `key` first with all else as it is; None: nothing single does, or it is first."""
    if not contenders or first(contenders, policy, weights) == key:
        return None
    names = _changeable(contenders, key)
    found = [lower for name in names if (lower := _lower(contenders, key, policy, weights, name))]
    least = max(found, key=lambda lower: lower[1], default=None)
    shifted = _heavier(contenders, key, weights) if policy is Policy.WEIGHTED else None
    if shifted is not None:
        name, value = shifted
        old = weights.get(name, 0.0)
        if least is None or (value - old) < 1 - least[1]:
            text = f"It would be first if {_OF[name]} counted for {value:.0%} of the choice instead of {old:.0%}."
            return Change(what=f"weight of {name}", value=round(value, 4), text=text)
    if least is None:
        return None
    name, factor = least
    [one] = [one for one in contenders if one.key == key]
    amount = _amount(one, name)
    text = f"It would be first if {_OF[name]} were {_less(amount, factor, name, unit)}."
    return Change(what=name, factor=round(factor, 6), value=amount * factor, text=text)


def _less(amount: float, factor: float, name: str, unit: str) -> str:
    """Return in words what an amount would be at a factor below 1."""
    before, after = _shown(amount, name, unit), _shown(amount * factor, name, unit)
    if factor > _LEVEL or before == after:
        return f"only a little below {before}"
    return f"{1 - factor:.0%} lower: {after} instead of {before}" if factor > _SMALL else f"below {after}, not {before}"


_OF = {
    "cost": "its cost",
    "time": "its time to result",
    "energy": "its energy",
    "carbon": "its carbon",
    "worst_case": "its highest price",
}


def changed(one: Contender, name: str, factor: float) -> Contender:
    """Return a contender with one quantity times a factor; a time to result is its wait and its run time."""
    match name:
        case "time":
            wait = None if one.wait is None else one.wait * factor
            time = None if one.time is None else one.time * factor
            return replace(one, time=time, wait=wait, moving_s=one.moving_s * factor)
        case "cost":
            cost = None if one.cost is None else one.cost * factor
            return replace(one, cost=cost, moving_cost=one.moving_cost * factor)
        case "energy":  # less energy is less carbon
            energy = None if one.energy is None else one.energy * factor
            return replace(one, energy=energy, carbon=None if one.carbon is None else one.carbon * factor)
        case _:
            return replace(one, worst_case=one.worst_case * type(one.worst_case)(str(factor)))


def _changeable(contenders: Sequence[Contender], key: Any) -> list[str]:
    [one] = [one for one in contenders if one.key == key]
    return [name for name in ("time", "cost", "energy", "worst_case") if _amount(one, name) > 0]


def _amount(one: Contender, name: str) -> float:
    if name == "time":
        return one.time + one.moving_s + (one.wait or 0.0) if one.time is not None else 0.0
    return float(getattr(one, name) or 0.0)


def _lower(
    contenders: Sequence[Contender], key: Any, policy: Policy, weights: Mapping[str, float], name: str
) -> tuple[str, float] | None:
    """Return the largest factor below 1 that makes it first, by halving the span."""

    def wins(factor: float) -> bool:
        trial = [changed(one, name, factor) if one.key == key else one for one in contenders]
        return bool(first(trial, policy, weights) == key)

    low, high = 1e-6, 1.0
    if not wins(low):
        return None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if wins(middle) else (low, middle)
    safe = low / _CLOSE
    return (name, safe) if wins(safe) else (name, low)


def _heavier(contenders: Sequence[Contender], key: Any, weights: Mapping[str, float]) -> tuple[str, float] | None:
    """Return the criterion and its least new weight, the others shrinking in proportion."""
    found: list[tuple[str, float]] = []
    for name in [name for name in CRITERIA if any(one.value(name) is not None for one in contenders)]:

        def wins(value: float, name: str = name) -> bool:
            return bool(first(contenders, Policy.WEIGHTED, reweighted(weights, name, value)) == key)

        low, high = weights.get(name, 0.0), 1.0
        if not wins(high):
            continue
        for _ in range(_STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if wins(middle) else (middle, high)
        found.append((name, high))
    return min(found, key=lambda one: one[1] - weights.get(one[0], 0.0), default=None)


def reweighted(weights: Mapping[str, float], name: str, value: float) -> dict[str, float]:
    """Return weights with one set to `value` and the others shrunk so that all add up to 1."""
    others = {other: weight for other, weight in weights.items() if other != name}
    total = sum(others.values())
    if total <= 0 or value >= 1:
        return {name: 1.0}
    return {name: value, **{other: weight / total * (1 - value) for other, weight in others.items()}}


def _shown(amount: float, name: str, unit: str) -> str:
    if name == "time":
        return duration(amount)
    if name == "energy":
        return f"{amount / 3.6e6:.3g} kWh"
    return f"{amount:.4g} {unit}".rstrip()
