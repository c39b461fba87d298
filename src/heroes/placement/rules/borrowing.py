"""Cold start: what a queue has not seen yet is borrowed from the same step elsewhere, and that is always said.

Only the organization's own runs are borrowed from. The speed of the queue against the one it is borrowed from comes
from steps that ran on both, else from a benchmark that the compliance check ran on both, else nothing is borrowed.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from heroes.placement.rules.history import History
from heroes.placement.rules.needs import Need
from heroes.placement.rules.prediction import predict
from heroes.placement.rules.quantities import Prediction, Quantity, scaled, word

_UNSURE = 1.5
"""How much wider a borrowed interval is, in log: the ratio of two machines is not the same for every program."""
_LESS_SURE = 0.8
_ENOUGH = 2
"""Steps that must have run on both queues for their ratio to be believed over a benchmark."""


def borrowed(here: str, histories: Mapping[str, History], need: Need, speeds: Mapping[str, float]) -> Prediction | None:
    """Return what a step would need on the queue `here`, from the queue that knows it best; None: nobody does.

    `speeds`: benchmark score by queue, higher = faster. Memory is taken as it is; energy is not borrowed, for it hangs
    on the machine.
    """
    best: tuple[float, str, Prediction] | None = None
    for queue, history in histories.items():
        if queue == here or not len(history.of_step(need.workflow_id, need.step)):
            continue
        found = predict(history, replace(need, walltime_s=None), quantities=("time", "memory"))
        if found.time.value is not None and (best is None or (found.time.accuracy or 0) > best[0]):
            best = found.time.accuracy or 0.0, queue, found
    if best is None:
        return None
    _, there, found = best
    factor, ground = slowdown(here, there, histories, speeds)
    if factor is None:
        return None
    return replace(
        found, time=_lent(scaled(found.time, factor), ground), memory=_lent(found.memory, "memory does not hang on it")
    )


def slowdown(
    here: str, there: str, histories: Mapping[str, History], speeds: Mapping[str, float]
) -> tuple[float | None, str]:
    """Return how many times longer a run takes here than there, and how that is known."""
    ratios = _shared(histories.get(here), histories.get(there))
    if len(ratios) >= _ENOUGH:
        return math.exp(float(np.median(ratios))), f"times the ratio of {len(ratios)} steps that ran on both"
    if speeds.get(here) and speeds.get(there):
        return speeds[there] / speeds[here], "times the ratio of a benchmark that ran on both"
    if ratios:
        return math.exp(ratios[0]), "times the ratio of one step that ran on both"
    return None, ""


def _shared(here: History | None, there: History | None) -> list[float]:
    if here is None or there is None:
        return []
    found = []
    for key in sorted(here.steps & there.steps):
        mine, theirs = here.of_step(*key).measured["time"], there.of_step(*key).measured["time"]
        if np.nanmin(mine) > 0 and np.nanmin(theirs) > 0:
            found.append(float(np.log(np.nanmedian(mine)) - np.log(np.nanmedian(theirs))))
    return found


def _lent(quantity: Quantity, ground: str) -> Quantity:
    """Return a quantity as borrowed: wider, less sure, and saying so."""
    if quantity.value is None or quantity.value <= 0:
        return quantity
    value = quantity.value

    def wider(end: float | None) -> float | None:
        return None if end is None or end <= 0 else float(value * (end / value) ** _UNSURE)

    accuracy = None if quantity.accuracy is None else round(quantity.accuracy * _LESS_SURE, 3)
    ends: dict[str, Any] = {
        name: wider(getattr(quantity, name)) for name in ("low80", "high80", "low90", "high90", "safe")
    }
    sure = word(accuracy or 0.0, quantity.n_similar)
    return replace(
        quantity,
        **ends,
        accuracy=accuracy,
        confidence="medium" if sure == "high" else sure,
        source="your organization's runs of this step on another queue",
        borrowed=f"From runs on another queue, {ground}.",
    )
