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
"""With fewer runs nothing is suggested."""

_LOOKED_AT = 400
_NEAR, _WIDE = 5, 15
_LEVELS = (0.5, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.99, 1.0)
_MARGINS = (1.0, 1.02, 1.06, 1.15)
_FAILURE = 1.35
"""A failed attempt costs its time too, and a place in the queue: it counts for more than the bytes it wasted."""
_UNSEEN = 0.05
"""Chance that a run needs more than all seen ones, at two of them; it falls with their number."""
_GROWTH = 2.0


@dataclass(frozen=True, slots=True)
class Size:
    """What to ask for (bytes per node), on which ground, and which share of the past runs it would not have held."""

    memory_bytes: float
    method: str
    short: float


def size(inputs: Floats, used: Floats, seconds: Floats, at: float) -> Size | None:
    """Return what to ask for at an input of `at` bytes, from past runs newest first; None where they are too few."""
    kept = slice(0, _LOOKED_AT)
    x, y, t = np.log(inputs[kept] + 1024.0), np.maximum(used[kept], 1.0), np.maximum(seconds[kept], 1e-3)
    if len(y) < LEAST:
        return None
    past, new = _candidates(x, np.log(y), float(np.log(at + 1024.0)))
    best: tuple[float, float, str, float] | None = None
    highest = float(y.max())
    for name, sizes in past.items():
        ratio = y / sizes
        factors = np.unique(np.quantile(ratio, _LEVELS)[:, None] * np.array(_MARGINS))
        asked = factors[:, None] * sizes
        lost = _lost(asked, y, highest)
        cost = lost @ t + _UNSEEN / len(y) * (factors * float(np.mean(sizes)) + highest) * float(t.sum())
        place = int(np.argmin(cost))
        if best is None or cost[place] < best[0]:
            short = float((asked[place] < y).mean())
            best = float(cost[place]), float(factors[place] * new[name]), name, short
    assert best is not None
    return Size(best[1], best[2], best[3])


def after_failure(asked: float, highest: float, growth: float = _GROWTH) -> float:
    """Return what to ask for after `asked` did not suffice: the highest ever used, else `growth` times as much."""
    return highest if highest > asked * 1.1 else asked * growth


def _lost(asked: Floats, y: Floats, highest: float) -> Floats:
    """Return the bytes kept in vain: what is asked above the use, else the failed attempt and its successor's."""
    again = np.where(highest > asked * 1.1, highest, asked * _GROWTH)  # as `after_failure` does
    return np.where(asked >= y, asked - y, _FAILURE * asked + np.maximum(again - y, 0.0))


def _candidates(x: Floats, y: Floats, at: float) -> tuple[dict[str, Floats], dict[str, float]]:
    """Return by name the sizes for each past run from the others, and the size for the new one."""
    count = len(y)
    past: dict[str, Floats] = {}
    new: dict[str, float] = {}
    order = np.sort(y)
    past["median"], new["median"] = np.full(count, np.exp(np.median(y))), float(np.exp(np.median(y)))
    top, second = order[-1], order[-2]
    past["highest"], new["highest"] = np.exp(np.where(y == top, second, top)), float(np.exp(top))
    if float(x.std()) < 1e-6:
        return past, new
    centred = x - x.mean()
    spread = float(centred @ centred)
    slope = float(centred @ y) / (spread + 0.1)
    fitted = y.mean() + slope * centred
    leverage = np.minimum(1 / count + centred**2 / spread, 0.9)
    past["line"] = np.exp(y - (y - fitted) / (1 - leverage))
    new["line"] = float(np.exp(np.clip(y.mean() + slope * (at - x.mean()), order[0] - 1.0, top + 1.0)))
    apart = np.abs(x[:, None] - x[None, :]) + 1e-4 * np.arange(count)[None, :] / count
    np.fill_diagonal(apart, np.inf)
    mine = np.abs(x - at) + 1e-4 * np.arange(count) / count
    for words, many in (("nearest", _NEAR), ("near", _WIDE)):
        if count <= many:
            continue
        rows = np.argpartition(apart, many - 1, axis=1)[:, :many]
        own = np.argpartition(mine, many - 1)[:many]
        past[f"{words} runs, mean"] = np.exp(y[rows].mean(axis=1))
        new[f"{words} runs, mean"] = float(np.exp(y[own].mean()))
        past[f"{words} runs, highest"] = np.exp(y[rows].max(axis=1))
        new[f"{words} runs, highest"] = float(np.exp(y[own].max()))
    return past, new
