"""How much memory to ask for: the size that would have cost least for the step's own past runs, retries included.

Several simple predictors give a size for each past run from the others alone; each is tried with several safety
factors, and the pair that would have wasted least (bytes kept × seconds, above what was used, failed attempts as a
whole) is taken. A newsvendor's choice, without a model to train.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST = 3
"""With fewer runs the highest of them is suggested, times `_OF_FEW`."""

_LOOKED_AT = 400
_NEIGHBOURS = {"nearest": 5, "near": 15}
_LEVELS: Floats = np.array([0.5, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.99, 1.0])
_MARGINS: Floats = np.array([1.0, 1.005, 1.02, 1.06, 1.15, 1.3])
_FAILURE = 1.35
"""A failed attempt costs its time too, and a place in the queue: it counts for more than the bytes it wasted."""
_TAIL, _LEAST_SCATTER = 0.8, 0.002
"""The part of the runs above which their scatter tells how far a new one may go beyond all, and its least (log)."""
_OF_FEW = 1.5
_GROWTH = 2.0


@dataclass(frozen=True, slots=True)
class Sizer:
    """The predictor and the safety factor that would have cost least for past runs (their inputs and use as logs)."""

    inputs: Floats
    used: Floats
    method: str
    factor: float

    def at(self, input_bytes: float) -> float:
        """Return what to ask for (bytes per node) at an input."""
        return self.factor * _new(self.method, self.inputs, self.used, float(np.log(input_bytes + 1024.0)))


def learn(inputs: Floats, used: Floats, seconds: Floats) -> Sizer | None:
    """Learn what to ask for from past runs, newest first; None where they are too few."""
    kept = slice(0, _LOOKED_AT)
    x, y, t = np.log(inputs[kept] + 1024.0), np.maximum(used[kept], 1.0), np.maximum(seconds[kept], 1e-3)
    logs = np.log(y)
    if len(y) < LEAST:
        return Sizer(x, logs, "highest", _OF_FEW) if len(y) else None
    past = _past(x, logs)
    sizes = np.array(list(past.values()))
    highest = float(y.max())
    ratio = np.sort(y / sizes, axis=1)
    factors = (_quantiles(ratio, _LEVELS)[:, :, None] * _MARGINS).reshape(len(past), -1)
    lost = _lost(factors[:, :, None] * sizes[:, None, :], y, highest)
    beyond = _unseen(np.log(ratio), np.log(factors))
    again = _FAILURE * factors * sizes.mean(axis=1, keepdims=True) + highest
    name, place = divmod(int(np.argmin(lost @ t + beyond * again * float(t.mean()))), factors.shape[1])
    return Sizer(x, logs, list(past)[name], float(factors[name, place]))


def _unseen(rising: Floats, factors: Floats) -> Floats:
    """Return how many of as many new runs as were seen will go beyond all of them, and beyond these factors (log).

    One in n + 1 goes beyond the highest of n; how far, falls off as the highest fifth of them does.
    """
    count = rising.shape[1]
    start = int(_TAIL * (count - 1))
    scatter = np.maximum((rising[:, start:] - rising[:, start, None]).mean(axis=1, keepdims=True), _LEAST_SCATTER)
    return np.asarray(count / (count + 1) * np.exp(-np.maximum(factors - rising[:, -1:], 0.0) / scatter))


def _quantiles(rising: Floats, levels: Floats) -> Floats:
    """Return quantiles of rows of values in rising order, linear between them."""
    last = rising.shape[1] - 1
    at = levels * last
    low = at.astype(np.int64)
    high = np.minimum(low + 1, last)
    return np.asarray(rising[:, low] + (at - low) * (rising[:, high] - rising[:, low]))


def after_failure(asked: float, highest: float, growth: float = _GROWTH) -> float:
    """Return what to ask for after `asked` did not suffice: the highest ever used, else `growth` times as much."""
    return highest if highest > asked * 1.1 else asked * growth


def _lost(asked: Floats, y: Floats, highest: float) -> Floats:
    """Return the bytes kept in vain: what is asked above the use, else the failed attempt and its successor's."""
    lost: Floats = asked - y
    short = np.flatnonzero(lost < 0)
    few = asked.ravel()[short]
    again = np.where(highest > few * 1.1, highest, few * _GROWTH)  # as `after_failure` does
    lost.ravel()[short] = _FAILURE * few + np.maximum(again - y[short % len(y)], 0.0)
    return lost


def _past(x: Floats, y: Floats) -> dict[str, Floats]:
    """Return by name the sizes for each past run from the others."""
    count = len(y)
    order = np.sort(y)
    top, second = order[-1], order[-2]
    past = {
        "median": np.full(count, np.exp(_middle(order))),
        "highest": np.exp(np.where(y == top, second, top)),
    }
    if float(x.std()) < 1e-6:
        return past
    centred = x - x.mean()
    spread = float(centred @ centred)
    slope = float(centred @ y) / (spread + 0.1)
    fitted = y.mean() + slope * centred
    leverage = np.minimum(1 / count + centred**2 / spread, 0.9)
    past["line"] = np.exp(y - (y - fitted) / (1 - leverage))
    apart = np.abs(x[:, None] - x[None, :]) + 1e-4 * np.arange(count)[None, :] / count
    np.fill_diagonal(apart, np.inf)
    few = [many for many in _NEIGHBOURS.values() if count > many]
    nearest = np.argpartition(apart, [many - 1 for many in few], axis=1) if few else None
    for words, many in _NEIGHBOURS.items():
        if nearest is not None and count > many:
            near = y[nearest[:, :many].T]
            past[f"{words} runs, mean"] = np.exp(near.sum(axis=0) / many)
            past[f"{words} runs, highest"] = np.exp(near.max(axis=0))
    return past


def _new(name: str, x: Floats, y: Floats, at: float) -> float:
    """Return the size of one predictor for a new run."""
    count = len(y)
    if name == "median":
        return float(np.exp(_middle(np.sort(y))))
    if name == "highest":
        return float(np.exp(y.max()))
    if name == "line":
        centred = x - x.mean()
        slope = float(centred @ y) / (float(centred @ centred) + 0.1)
        return float(np.exp(np.clip(y.mean() + slope * (at - x.mean()), y.min() - 1.0, y.max() + 1.0)))
    words, _, kind = name.partition(" runs, ")
    many = _NEIGHBOURS[words]
    own = np.argpartition(np.abs(x - at) + 1e-4 * np.arange(count) / count, many - 1)[:many]
    return float(np.exp(y[own].mean() if kind == "mean" else y[own].max()))


def _middle(rising: Floats) -> float:
    return float(rising[(len(rising) - 1) // 2] + rising[len(rising) // 2]) / 2
