"""Predictions from what was really seen on a queue; where there is no ground, no number.

Two experts answer, and the one that was nearer to the step's own runs is believed: the nearest of its last runs,
weighted by how similar and how recent they are (weighted median, interval from their scatter, widened as few samples
demand), and the power law by which it scales.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np

from heroes.placement.rules.history import MEASURED, NEIGHBOURS, Floats, History, Runs
from heroes.placement.rules.needs import Need, Observation, QueueView
from heroes.placement.rules.quantities import ENOUGH, Prediction, Quantity, Reason, capped, nothing, word
from heroes.placement.rules.scaling import Law, fit
from heroes.placement.rules.waits import with_chances

SIMILAR = 0.2
"""Least similarity (1 = alike in all that is known) of a run that says anything."""

_SAME_AGAIN = 0.05  # the least relative scatter: no machine repeats itself exactly
_PER_RANK = 0.088
_BETTER = 0.02  # in accuracy: the law must be clearly nearer than the neighbours
_RECENCY: Floats = np.exp(-_PER_RANK * np.arange(NEIGHBOURS))

METHOD = "weighted median of the most similar recent runs; interval from their scatter, widened for small samples"
SOURCE = "your organization's finished jobs on this queue"
_UNITS = {"time": "s", "wait": "s", "memory": "B", "energy": "J"}


def predict(
    seen: History | Sequence[Observation],
    need: Need,
    *,
    queue: QueueView | None = None,
    quantities: Sequence[str] = tuple(MEASURED),
) -> Prediction:
    """Predict one job of `need` from what was seen on one queue, newest first.

    Run time, memory and energy come from runs of the same workflow and step, the wait from all jobs of that queue and
    from how it was last seen.
    Quantities that are not asked for are told as such.
    """
    history = History.of(seen)
    same = history.of_step(need.workflow_id, need.step)
    near = _similarity(same, need, shape_only=False)
    step = f"No run of step {need.step}"
    found = {name: nothing(unit, "not_asked", "It was not asked for.") for name, unit in _UNITS.items()}
    for name in quantities:
        if name == "wait":
            found[name] = _wait(history.all, need, queue)
        else:
            found[name] = _better(same, near, need, step, name)
    if need.walltime_s is not None:
        found["time"] = capped(found["time"], float(need.walltime_s))
    return Prediction(**found)


def _wait(runs: Runs, need: Need, queue: QueueView | None) -> Quantity:
    alike = _similarity(runs, need, shape_only=True)
    found = _of_neighbours(runs, alike, "No job", "wait")
    values = runs.measured["wait"]
    kept = (alike >= SIMILAR) & ~np.isnan(values)
    return with_chances(found, values[kept], (alike * _RECENCY[: len(runs)])[kept], need, queue)


def _similarity(runs: Runs, need: Need, *, shape_only: bool) -> Floats:
    return np.exp(-runs.apart(need, shape_only=shape_only))


def _better(runs: Runs, alike: Floats, need: Need, what: str, name: str) -> Quantity:
    near = _of_neighbours(runs, alike, what, name)
    law = _law(runs, name)
    if law is None:
        return near
    at = law.at(need)
    if at is None or (near.value is not None and law.accuracy <= _neighbours_accuracy(runs, name) + _BETTER):
        return near
    nearest = _jobs(runs, np.argsort(-alike, kind="stable"))
    return replace(_by_law(law, *at, _UNITS[name]), nearest=nearest)


def _law(runs: Runs, name: str) -> Law | None:
    if name not in runs.laws:
        runs.laws[name] = fit(runs, name)
    found: Law | None = runs.laws[name]
    return found


def _neighbours_accuracy(runs: Runs, name: str) -> float:
    """Return how near the neighbours were to each run when it was left out."""
    if name not in runs.checked:
        close = []
        values = runs.measured[name]
        for place, one in enumerate(runs.observations):
            if not values[place] > 0:
                continue
            asked = _as_need(one)
            weight = _similarity(runs, asked, shape_only=False) * _RECENCY[: len(runs)]
            weight[place] = 0.0
            weight[~(values > 0)] = 0.0
            if weight.max(initial=0.0) > 0:
                order = np.argsort(values)
                close.append(_ratio(weighted_quantile(values[order], weight[order], 0.5), float(values[place])))
        runs.checked[name] = float(np.mean(close)) if close else 0.0
    return runs.checked[name]


def _as_need(one: Observation) -> Need:
    return Need(
        step=one.step,
        workflow_id=one.workflow_id,
        cores=one.cores,
        nodes=one.nodes,
        gpus=one.gpus,
        input_bytes=one.input_bytes,
        params=one.params,
    )


def _by_law(law: Law, log_value: float, leverage: float, unit: str) -> Quantity:
    value = math.exp(log_value)
    scatter = max(math.sqrt(float((law.residuals**2).mean())), _SAME_AGAIN) * math.sqrt(1 + leverage)
    accuracy = law.accuracy * law.runs / (law.runs + 1) / (1 + leverage / 4)
    reach80, reach90 = (math.exp(_student((1 + level) / 2, law.freedom) * scatter) for level in (0.8, 0.9))
    names = ", ".join(name.removeprefix("params.") for name in law.names)
    return Quantity(
        value=value,
        unit=unit,
        low80=value / reach80,
        high80=value * reach80,
        low90=value / reach90,
        high90=value * reach90,
        accuracy=round(accuracy, 3),
        safe=value * reach90,
        confidence=word(accuracy, law.runs),
        n_similar=law.runs,
        method=f"power law in {names}, fitted to its last runs; interval from runs left out of the fit",
        source=SOURCE,
    )


def _of_neighbours(runs: Runs, alike: Floats, what: str, name: str) -> Quantity:
    unit = _UNITS[name]
    if not len(runs):
        return nothing(unit, "no_history", f"{what} of your organization has finished on this queue yet.")
    near = alike >= SIMILAR
    count = int(near.sum())
    if not count:
        text = f"{len(runs)} runs were seen here, none of them like this one in cores, input and parameters."
        return nothing(unit, "no_similar_run", text)
    values = runs.measured[name]
    kept = np.flatnonzero(near & ~np.isnan(values))
    if not len(kept):
        return nothing(unit, "not_measured", f"The site did not measure it in the {count} similar runs.")
    weights = alike * _RECENCY[: len(runs)]
    nearest = _jobs(runs, kept[np.argsort(-weights[kept], kind="stable")])
    kept = kept[np.argsort(values[kept], kind="stable")]
    found = _from_samples(values[kept], weights[kept], unit, float(alike.max()))
    return replace(found, nearest=nearest)


def _jobs(runs: Runs, places: Any) -> tuple[str, ...]:
    return tuple(runs.observations[place].job_id for place in places[:3].tolist())


def _from_samples(values: Floats, weights: Floats, unit: str, nearest: float) -> Quantity:
    value = weighted_quantile(values, weights, 0.5)
    total = float(weights.sum())
    largest = np.maximum(values, value)
    ratios = np.where(largest > 0, np.minimum(values, value) / np.where(largest > 0, largest, 1.0), 1.0)
    count = len(values)
    accuracy = float(weights @ ratios) / total * nearest * count / (count + 1)
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
    low80, high80, low90, high90 = _intervals(values, weights, value)
    high90 = max(high90, high80)  # what 5 % exceed is also the safe limit
    return replace(known, low80=low80, high80=high80, low90=min(low90, low80), high90=high90, safe=high90)


def _intervals(values: Floats, weights: Floats, value: float) -> tuple[float, float, float, float]:
    ends = {level: weighted_quantile(values, weights, level) for level in (0.05, 0.1, 0.9, 0.95)}
    if value <= 0:
        return min(ends[0.1], value), max(ends[0.9], value), min(ends[0.05], value), max(ends[0.95], value)
    total = float(weights.sum())
    logs = np.log(np.maximum(values, value * 1e-3))
    middle = float(weights @ logs) / total
    effective = total**2 / float(weights @ weights)
    freedom = max(effective - 1, 1.0)
    variance = float(weights @ (logs - middle) ** 2) / total * (freedom + 1) / freedom
    scatter = max(math.sqrt(variance), _SAME_AGAIN) * math.sqrt(1 + 1 / effective)
    reach80, reach90 = (math.exp(_student(level, freedom) * scatter) for level in (0.9, 0.95))
    return (
        min(ends[0.1], value / reach80),
        max(ends[0.9], value * reach80),
        min(ends[0.05], value / reach90),
        max(ends[0.95], value * reach90),
    )


_NORMAL = {level: NormalDist().inv_cdf(level) for level in (0.9, 0.95)}


def _student(level: float, freedom: float) -> float:
    """Return the quantile of Student's t by the Cornish-Fisher series; a few per cent low at two degrees of freedom."""
    z = _NORMAL.get(level) or NormalDist().inv_cdf(level)
    first = (z**3 + z) / (4 * freedom)
    return z + first + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def weighted_quantile(values: Floats, weights: Floats, level: float) -> float:
    """Return the value, of values in rising order, at or below which lies `level` of the weight.

    Where that falls between two values it is their mean.
    """
    reached = np.cumsum(weights)
    target = level * float(reached[-1])
    slack = target * 1e-9
    index = min(int(np.searchsorted(reached, target - slack)), len(values) - 1)
    between = reached[index] <= target + slack and index + 1 < len(values)
    return float(values[index] + values[index + 1]) / 2 if between else float(values[index])


def _ratio(one: float, other: float) -> float:
    largest = max(one, other)
    return min(one, other) / largest if largest > 0 else 1.0
