"""The wait in a queue as chances and an upper bound: a single figure of it would be a false promise."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from heroes.placement.rules.history import Floats
from heroes.placement.rules.needs import Need, QueueView
from heroes.placement.rules.quantities import Quantity

CLASSES = {"1 min": 60.0, "10 min": 600.0, "1 h": 3600.0, "6 h": 21600.0, "1 day": 86400.0}
"""Name and end (s) of each class of waiting."""

_PRIOR = 0.5  # of a run, spread over all classes and beyond
_FREE_NOW = 3.0
"""How many past runs the sight of free nodes and an empty queue is worth."""


def with_chances(wait: Quantity, values: Floats, weights: Floats, need: Need, queue: QueueView | None) -> Quantity:
    """Return the wait with its chances: the weighted share of like jobs that had started by each class's end.

    Free nodes and nobody waiting, as last seen, count as some more jobs that start within a minute.
    """
    effective = float(weights.sum()) ** 2 / float(weights @ weights) if len(weights) else 0.0
    mass = weights / float(weights.sum()) * effective if effective else weights
    free = queue is not None and queue.pending_jobs == 0 and queue.nodes_free >= need.nodes
    seen = _FREE_NOW if free else 0.0
    total = effective + seen + _PRIOR
    steps = len(CLASSES) + 1
    chances = {
        name: round((float(mass[values <= end].sum()) + seen + _PRIOR * number / steps) / total, 3)
        for number, (name, end) in enumerate(CLASSES.items(), start=1)
    }
    return replace(wait, chances=chances)


def ceiling(wait: Quantity) -> float | None:
    """Return the end (s) of the class by which an even chance of having started is reached; None: not predicted.

    Places are compared by it, so that two waits of one class do not decide an order.
    """
    if wait.value is None or wait.chances is None:
        return wait.value
    return next((CLASSES[name] for name, chance in wait.chances.items() if chance >= 0.5), 2 * CLASSES["1 day"])


def together(waits: Sequence[Quantity]) -> dict[str, float] | None:
    """Return the chances that all of several waits, one after the other, are over: not above the least of them."""
    known = [one.chances for one in waits]
    if not known or any(one is None for one in known):
        return None
    found = [one for one in known if one is not None]
    return {name: round(float(np.prod([one[name] for one in found])), 3) for name in CLASSES}
