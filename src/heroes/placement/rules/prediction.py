"""Predictions from what was really seen on a queue; where there is no ground, no number.

The nearest of the last runs of the same step on the same queue, weighted by how similar and how recent they are: their
weighted median is the value, their quantiles the interval, widened as few samples demand.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

from heroes.placement.rules.needs import Need, Observation

NEIGHBOURS = 64
"""How many of the newest runs are looked at."""

SIMILAR = 0.2
"""Least similarity (1 = alike in all that is known) of a run that says anything."""

ENOUGH = 3
"""With fewer runs there is no interval."""

_SAME_AGAIN = 0.05  # the least relative scatter: no machine repeats itself exactly
_PER_LOG_CORES, _PER_LOG_BYTES, _PER_OTHER, _PER_RANK = 1.26, 1.0, 0.74, 0.088


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


METHOD = "weighted median of the most similar recent runs; interval from their scatter, widened for small samples"
SOURCE = "your organization's finished jobs on this queue"


def nothing(unit: str, code: str, text: str) -> Quantity:
    """Return a quantity without a value."""
    return Quantity(value=None, unit=unit, reason=Reason(code=code, text=text))


def predict(observations: Sequence[Observation], need: Need) -> Prediction:
    """Predict one job of `need` from what was seen on one queue, newest first.

    Run time, memory and energy come from runs of the same workflow and step, the wait from all jobs of that queue.
    """
    same = _near([one for one in observations if (one.workflow_id, one.step) == (need.workflow_id, need.step)], need)
    queue = _near(observations, need, shape_only=True)
    step = f"No run of step {need.step}"
    time = _of(same, step, "s", lambda one: one.run_s)
    return Prediction(
        time=time if need.walltime_s is None else capped(time, float(need.walltime_s)),
        wait=_of(queue, "No job", "s", lambda one: one.wait_s),
        memory=_of(same, step, "B", lambda one: one.memory_bytes),
        energy=_of(same, step, "J", lambda one: one.energy_j),
    )


@dataclass(frozen=True, slots=True)
class _Near:
    """The runs that are like what is asked, each with its weight; of how many; how alike the best one is."""

    runs: Sequence[tuple[Observation, float]]
    looked_at: int
    best: float


def _near(seen: Sequence[Observation], need: Need, *, shape_only: bool = False) -> _Near:
    newest = seen[:NEIGHBOURS]
    alike = [similarity(one, need, shape_only=shape_only) for one in newest]
    runs = [
        (one, likeness * math.exp(-_PER_RANK * rank))
        for rank, (one, likeness) in enumerate(zip(newest, alike, strict=True))
        if likeness >= SIMILAR
    ]
    return _Near(runs, len(newest), max(alike, default=0.0))


def _of(near: _Near, what: str, unit: str, measured: Callable[[Observation], float | None]) -> Quantity:
    if not near.looked_at:
        return nothing(unit, "no_history", f"{what} of your organization has finished on this queue yet.")
    if not near.runs:
        text = f"{near.looked_at} runs were seen here, none of them like this one in cores, input and parameters."
        return nothing(unit, "no_similar_run", text)
    samples = [(float(value), weight) for one, weight in near.runs if (value := measured(one)) is not None]
    if not samples:
        return nothing(unit, "not_measured", f"The site did not measure it in the {len(near.runs)} similar runs.")
    return _from_samples(sorted(samples), unit, near.best)


def _from_samples(samples: Sequence[tuple[float, float]], unit: str, nearest: float) -> Quantity:
    value = weighted_quantile(samples, 0.5)
    total = sum(weight for _, weight in samples)
    agreement = sum(weight * _ratio(value, one) for one, weight in samples) / total
    count = len(samples)
    accuracy = agreement * nearest * count / (count + 1)
    known = Quantity(
        value=value,
        unit=unit,
        accuracy=round(accuracy, 3),
        confidence=word(accuracy, count),
        n_similar=count,
        method=METHOD,
        source=SOURCE,
    )
    if count < ENOUGH:
        text = f"{count} similar run{'s' if count > 1 else ''}: too few to say how far it may be off."
        return replace(known, reason=Reason(code="too_few_for_interval", text=text))
    low80, high80 = _interval(samples, value, 0.8)
    low90, high90 = _interval(samples, value, 0.9)
    return replace(known, low80=low80, high80=high80, low90=min(low90, low80), high90=max(high90, high80))


def similarity(one: Observation, need: Need, *, shape_only: bool = False) -> float:
    """Return how alike a run is to what is asked, 0 to 1: by shape and, unless `shape_only`, input and parameters."""
    distance = _PER_LOG_CORES * abs(math.log(max(one.cores, 1) / max(need.charged_cores, 1)))
    distance += _PER_LOG_CORES * abs(math.log(max(one.nodes, 1) / max(need.nodes, 1)))
    distance += _PER_OTHER * (one.gpus != need.gpus)
    if not shape_only:
        if need.input_bytes is not None:
            distance += _PER_LOG_BYTES * abs(math.log((one.input_bytes + 1024) / (need.input_bytes + 1024)))
        distance += _apart(one.params, need.params)
    return math.exp(-distance)


def _apart(seen: Mapping[str, Any], asked: Mapping[str, Any]) -> float:
    numbers, others = 0.0, False
    for name in seen.keys() & asked.keys():
        one, other = seen[name], asked[name]
        if one == other:
            continue
        if _number(one) and _number(other) and one * other > 0:
            numbers += min(1.5, abs(math.log(one / other)))
        else:
            others = True
    return numbers + _PER_OTHER * others


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _interval(samples: Sequence[tuple[float, float]], value: float, level: float) -> tuple[float, float]:
    low = weighted_quantile(samples, (1 - level) / 2)
    high = weighted_quantile(samples, (1 + level) / 2)
    if value <= 0:
        return min(low, value), max(high, value)
    total = sum(weight for _, weight in samples)
    logs = [(math.log(max(one, value * 1e-3)), weight) for one, weight in samples]
    middle = sum(log * weight for log, weight in logs) / total
    effective = total**2 / sum(weight**2 for _, weight in samples)
    freedom = max(effective - 1, 1.0)
    variance = sum(weight * (log - middle) ** 2 for log, weight in logs) / total * (freedom + 1) / freedom
    scatter = max(math.sqrt(variance), _SAME_AGAIN)
    reach = math.exp(_student((1 + level) / 2, freedom) * scatter * math.sqrt(1 + 1 / effective))
    return min(low, value / reach), max(high, value * reach)


def _student(level: float, freedom: float) -> float:
    """Return the quantile of Student's t by the Cornish-Fisher series; a few per cent low at two degrees of freedom."""
    z = NormalDist().inv_cdf(level)
    first = (z**3 + z) / (4 * freedom)
    return z + first + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def weighted_quantile(samples: Sequence[tuple[float, float]], level: float) -> float:
    """Return the value, of samples in rising order, at or below which lies `level` of the weight.

    Where that falls between two samples it is their mean.
    """
    target = level * sum(weight for _, weight in samples)
    slack = target * 1e-9
    reached = 0.0
    for index, (value, weight) in enumerate(samples):
        reached += weight
        if reached >= target - slack:
            between = reached <= target + slack and index + 1 < len(samples)
            return (value + samples[index + 1][0]) / 2 if between else value
    return samples[-1][0]


def _ratio(one: float, other: float) -> float:
    largest = max(one, other)
    return min(one, other) / largest if largest > 0 else 1.0


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
