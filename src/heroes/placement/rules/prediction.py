"""Predictions from what was really seen on a queue; where there is no ground, no number.

Two experts answer, and the one that was nearer to the step's own runs is believed: the nearest of its last runs,
weighted by how similar and how recent they are (weighted median, interval from their scatter, widened as few samples
demand), and the power law by which it scales.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heroes.placement.rules.history import MEASURED, RECENCY, Floats, History, Runs, asked
from heroes.placement.rules.needs import Need, Observation, QueueView
from heroes.placement.rules.quantities import ENOUGH, Prediction, Quantity, Reason, capped, nothing, word
from heroes.placement.rules.scaling import Law, fit, student
from heroes.placement.rules.waits import with_chances

SIMILAR = 0.2
"""Least similarity (1 = alike in all that is known) of a run that says anything."""

_SAME_AGAIN = 0.05  # the least relative scatter: no machine repeats itself exactly
_BETTER = 0.02  # in accuracy: the law must be clearly nearer than the neighbours

METHOD = "weighted median of the most similar recent runs; interval from their scatter, widened for small samples"
SOURCE = "your organization's finished jobs on this queue"
OF_OTHERS = "finished jobs of other users of your organization on this queue; none of yours was like this one"
_UNITS = {"time": "s", "wait": "s", "handling": "s", "memory": "B", "energy": "J"}
_NOT_ASKED = {name: nothing(unit, "not_asked", "It was not asked for.") for name, unit in _UNITS.items()}


def predict(
    seen: History | Sequence[Observation],
    need: Need,
    *,
    queue: QueueView | None = None,
    quantities: Sequence[str] = tuple(MEASURED),
) -> Prediction:
    """Predict one job of `need` from what was seen on one queue, newest first.

    Run time, memory and energy come from runs of the same workflow and step, the wait from all jobs of that queue and
    from how it was last seen; the handling from the step's runs, else from all jobs of the queue.
    Quantities that are not asked for are told as such.
    """
    history = History.of(seen)
    same = _Near(history.of_step(need.workflow_id, need.step), need, shape_only=False)
    step = f"No run of step {need.step}"
    found = dict(_NOT_ASKED)
    for name in quantities:
        if name == "wait":
            found[name] = _wait(history.all, need, queue)
        elif name == "handling":
            found[name] = _handling(same, history.all, need)
        else:
            found[name] = _better(same, need, step, name)
    if need.walltime_s is not None:
        found["time"] = capped(found["time"], float(need.walltime_s))
    return Prediction(**found)


class _Near:
    """How much each of some runs is like what is asked, and what it counts for; all quantities ask for the same."""

    def __init__(self, runs: Runs, need: Need, *, shape_only: bool) -> None:
        self.runs = runs
        self.alike: Floats = np.exp(-runs.apart(need, shape_only=shape_only))

    @cached_property
    def similar(self) -> NDArray[np.bool_]:
        """Return which runs are like enough to say anything."""
        return self.alike >= SIMILAR

    @cached_property
    def weights(self) -> Floats:
        """Return what each counts for by its likeness and its age."""
        return self.alike * RECENCY[: len(self.runs)]

    @cached_property
    def nearest(self) -> tuple[str, ...]:
        """Return the jobs of the likest."""
        return _jobs(self.runs, _first(-self.alike))


def _wait(runs: Runs, need: Need, queue: QueueView | None) -> Quantity:
    seen = None if queue is None else (queue.pending_jobs, queue.nodes_free)
    key = need.charged_cores, need.nodes, need.gpus, seen
    if key not in runs.waits:
        near = _Near(runs, need, shape_only=True)
        found = _of_neighbours(near, "No job", "wait")
        values = runs.measured["wait"]
        kept = near.similar & ~np.isnan(values)
        runs.waits[key] = with_chances(found, values[kept], near.weights[kept], need, queue)
    told: Quantity = runs.waits[key]
    return told


def _handling(same: _Near, all_runs: Runs, need: Need) -> Quantity:
    found = _of_neighbours(same, "No job", "handling")
    if found.value is not None:
        return found
    return _of_neighbours(_Near(all_runs, need, shape_only=True), "No job", "handling")


def _better(near: _Near, need: Need, what: str, name: str) -> Quantity:
    """Return what the law says where it was clearly nearer to the step's own runs, else what the neighbours say."""
    runs = near.runs
    law = _law(runs, name)
    at = law.at(asked(need).coordinates) if law is not None else None
    if law is None or at is None:
        return _of_neighbours(near, what, name)
    if law.accuracy <= _neighbours_accuracy(runs, name) + _BETTER:
        found = _of_neighbours(near, what, name)
        if found.value is not None:
            return found
    found = _by_law(law, *at, _UNITS[name], near.nearest)
    return found if runs.of_mine else replace(found, source=OF_OTHERS)


def _law(runs: Runs, name: str) -> Law | None:
    if name not in runs.laws:
        runs.laws[name] = fit(runs, name)
    found: Law | None = runs.laws[name]
    return found


def _neighbours_accuracy(runs: Runs, name: str) -> float:
    """Return how near the neighbours were to each run when it was left out."""
    if name not in runs.checked:
        values = runs.measured[name]
        rising = runs.rising(name)
        order = rising[values[rising] > 0]
        weight = runs.alike.take(order, axis=0).take(order, axis=1)
        reached = weight.cumsum(axis=1)
        known = reached[:, -1] > 0 if len(order) else np.zeros(0, dtype=np.bool_)
        found = _left_out(values[order], reached, known) if known.any() else 0.0
        runs.checked[name] = found
    return runs.checked[name]


def _left_out(values: Floats, reached: Floats, known: NDArray[np.bool_]) -> float:
    """Return the mean accuracy of weighted medians: one for each known row, of values in rising order."""
    real = values
    if not known.all():
        reached, real = reached[known], values[known]
    target = 0.5 * reached[:, -1]
    place = (reached >= (target * (1 - 1e-9))[:, None]).argmax(axis=1)
    after = np.minimum(place + 1, len(values) - 1)
    between = (reached[np.arange(len(place)), place] <= target * (1 + 1e-9)) & (after > place)
    found = values[place]
    found = np.where(between, (found + values[after]) / 2, found)
    return float((np.minimum(found, real) / np.maximum(found, real)).sum()) / len(found)


def _by_law(law: Law, log_value: float, leverage: float, unit: str, nearest: tuple[str, ...]) -> Quantity:
    value = math.exp(log_value)
    scatter = max(law.scatter, _SAME_AGAIN) * math.sqrt(1 + leverage)
    accuracy = law.accuracy * law.runs / (law.runs + 1) / (1 + leverage / 4)
    reach80, reach90 = math.exp(law.reach80 * scatter), math.exp(law.reach90 * scatter)
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
        method=law.method,
        source=SOURCE,
        nearest=nearest,
    )


def _of_neighbours(near: _Near, what: str, name: str) -> Quantity:
    runs, unit = near.runs, _UNITS[name]
    if not len(runs):
        return nothing(unit, "no_history", f"{what} of your organization has finished on this queue yet.")
    if not near.similar.any():
        text = "like this one in cores, input and parameters."
        which = f"None of the {len(runs)} runs of it seen here is" if len(runs) > 1 else "The one run of it here is not"
        return nothing(unit, "no_similar_run", f"{which} {text}")
    rising = runs.rising(name)
    kept = rising[near.similar[rising]]
    if not len(kept):
        count = int(near.similar.sum())
        which = "the one similar run" if count == 1 else f"the {count} similar runs"
        return nothing(unit, "not_measured", f"The site did not measure it in {which}.")
    newest = np.sort(kept)
    nearest = _jobs(runs, newest[_first(-near.weights[newest])])
    values, weights = runs.measured[name][kept], near.weights[kept]
    found = _from_samples(values, weights, unit, float(near.alike.max()), nearest)
    return found if runs.mine[kept].any() else replace(found, source=OF_OTHERS)


def _first(values: Floats) -> NDArray[np.int64]:
    """Return the places of the three least."""
    if len(values) > 3:
        three = values.argpartition(2)[:3]
        return np.asarray(three[values[three].argsort(kind="stable")])
    return np.asarray(values.argsort(kind="stable"))


def _jobs(runs: Runs, places: Any) -> tuple[str, ...]:
    return tuple(runs.observations[place].job_id for place in places[:3].tolist())


def _from_samples(values: Floats, weights: Floats, unit: str, likest: float, nearest: tuple[str, ...]) -> Quantity:
    low90, low80, value, high80, high90 = weighted_quantiles(values, weights, _LEVELS)
    total = float(weights.sum())
    largest = np.maximum(values, value)
    ratios = np.minimum(values, value) / np.maximum(largest, 1e-300) if value > 0 else (values == value) * 1.0
    count = len(values)
    accuracy = float(weights @ ratios) / total * likest * count / (count + 1)
    known: dict[str, Any] = {
        "value": value,
        "unit": unit,
        "accuracy": round(accuracy, 3),
        "confidence": word(accuracy, count),
        "n_similar": count,
        "method": METHOD,
        "source": SOURCE,
        "nearest": nearest,
    }
    if count < ENOUGH:
        text = f"{count} similar run{'s' if count > 1 else ''}: too few to say how far it may be off."
        return Quantity(**known, reason=Reason(code="too_few_for_interval", text=text))
    ends = _intervals(values, weights, total, value, (low80, high80, low90, high90))
    low80, high80, low90, high90 = ends
    high90 = max(high90, high80)  # what 5 % exceed is also the safe limit
    return Quantity(**known, low80=low80, high80=high80, low90=min(low90, low80), high90=high90, safe=high90)


_LEVELS: Floats = np.array([0.05, 0.1, 0.5, 0.9, 0.95])
_Ends = tuple[float, float, float, float]


def _intervals(values: Floats, weights: Floats, total: float, value: float, seen: _Ends) -> _Ends:
    """Return the ends of the 80 % and the 90 % interval: those seen, or wider as few samples demand."""
    low80, high80, low90, high90 = seen
    if value <= 0:
        return min(low80, value), max(high80, value), min(low90, value), max(high90, value)
    logs = np.log(np.maximum(values, value * 1e-3))
    middle = float(weights @ logs) / total
    effective = total**2 / float(weights @ weights)
    freedom = max(effective - 1, 1.0)
    variance = float(weights @ (logs - middle) ** 2) / total * (freedom + 1) / freedom
    scatter = max(math.sqrt(variance), _SAME_AGAIN) * math.sqrt(1 + 1 / effective)
    reach80, reach90 = math.exp(student(0.9, freedom) * scatter), math.exp(student(0.95, freedom) * scatter)
    return (
        min(low80, value / reach80),
        max(high80, value * reach80),
        min(low90, value / reach90),
        max(high90, value * reach90),
    )


def weighted_quantiles(values: Floats, weights: Floats, levels: Floats) -> list[float]:
    """Return for each level the value, of values in rising order, at or below which lies that part of the weight.

    Where that falls between two values it is their mean.
    """
    reached = weights.cumsum()
    targets = levels * reached[-1]
    slack = targets * 1e-9
    last = len(values) - 1
    places = np.minimum(reached.searchsorted(targets - slack), last)
    between = (reached[places] <= targets + slack) & (places < last)
    found = values[places]
    if between.any():
        found = np.where(between, (found + values[np.minimum(places + 1, last)]) / 2, found)
    told: list[float] = found.tolist()
    return told
