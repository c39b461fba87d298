"""Run times on one cluster from runs on another: how the step scales there, times how much faster this one is.

The ratio of the two machines comes from benchmarks (of the same program, and of machines in general), and is corrected
by what has really finished on the target: the step's own residual, shrunk to that of all steps on the target.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FIT_FROM = 3
_GOES_WITH = 0.75
"""Least correlation (Pearson) of time and input for a line."""
_LIKE_ALL = 0.2
"""How many runs of a step's own the target's common residual is worth."""
_NEAR = 0.5
"""Residuals of runs whose input differs by e in size count 1/e²."""


@dataclass(frozen=True, slots=True)
class Home:
    """How a step scales with its input where it ran: seconds = least + slope · bytes, never below `floor`."""

    least: float
    slope: float
    floor: float
    runs: int

    def at(self, input_bytes: float) -> float:
        """Return the log of the seconds that an input takes at home."""
        return math.log(max(self.least + self.slope * input_bytes, self.floor))


def home(inputs: Sequence[float], seconds: Sequence[float]) -> Home | None:
    """Fit a step's runs at one cluster: a line where time goes with the input, else their median. None without runs."""
    if not len(inputs):
        return None
    x, y = np.asarray(inputs, dtype=np.float64), np.maximum(np.asarray(seconds, dtype=np.float64), 1e-3)
    middle, floor = float(np.median(y)), float(y.min()) / 2
    if len(x) < _FIT_FROM or float(np.ptp(x)) <= 0 or float(np.ptp(y)) <= 0:
        return Home(middle, 0.0, floor, len(x))
    if float(np.corrcoef(x, y)[0, 1]) < _GOES_WITH:
        return Home(middle, 0.0, floor, len(x))
    slope = float(np.cov(x, y)[0, 1] / np.var(x, ddof=1))
    return Home(float(y.mean() - slope * x.mean()), slope, floor, len(x))


def ratio(own: Sequence[float], general: Sequence[float]) -> float | None:
    """Return the log of how much longer the target takes: own = this program's benchmarks, general = all others.

    Each is target over home; the geometric mean of both where both are known; None where neither is.
    """
    logs = [math.log(median(one)) for one in (own, general) if len(one)]
    return sum(logs) / len(logs) if logs else None


@dataclass(frozen=True, slots=True)
class Residual:
    """What a finished run on the target was off the prediction (log seconds), and the log of its input's size."""

    off: float
    log_input: float


def correction(same: Sequence[Residual], others: Sequence[float], log_input: float) -> float:
    """Return what to add to a predicted log run time, from residuals of this step and of other steps there."""
    common = float(np.median(others)) if len(others) else 0.0
    common *= len(others) / (len(others) + 3.0)
    if not same:
        return common
    ordered = sorted(same, key=lambda one: one.off)
    reached = np.cumsum([math.exp(-abs(one.log_input - log_input) / _NEAR) for one in ordered])
    total = float(reached[-1])
    middle = ordered[int(np.searchsorted(reached, total / 2))].off  # one run that was disturbed changes nothing
    return (total * middle + _LIKE_ALL * common) / (total + _LIKE_ALL)
