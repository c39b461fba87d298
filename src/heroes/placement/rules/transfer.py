"""Run times on one cluster from runs on another: how the step scales there, times how much longer this one takes.

The ratio of the two machines comes from benchmarks (of the same program, and of machines in general). What has really
finished corrects it twice: by what the step takes more than its line says near such an input, on every machine; and by
what this machine takes more for the step than the ratio says, where a disturbed run must not count for much.
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
_OWN = 1 / 3
"""What a program's own benchmark counts for beside those of all others: so much of it comes true elsewhere."""
_LINE = 0.1
"""How many runs near an input a step's line is worth."""
_NEAR = 0.5
"""Runs whose input differs by e in size count 1/e²."""
_RATIO_OFF, _RUN_OFF, _SECOND_OFF = 0.1, 0.08, 0.5
"""Scatter in log: of the ratio of two machines from step to step, of a long run, and what is added to one of a second
(it falls with the root of the seconds)."""
_TAIL = 3.0
"""Degrees of freedom of Student's t: how rare it is to be far off."""
_ROUNDS = 20
_STEPS = 3.0
"""How many other steps the ratio of two machines is worth."""


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

    Each is target over home; where both are known their weighted geometric mean; None where neither is.
    """
    logs = [(math.log(median(one)), weight) for one, weight in ((own, _OWN), (general, 1 - _OWN)) if len(one)]
    return sum(one * weight for one, weight in logs) / sum(weight for _, weight in logs) if logs else None


@dataclass(frozen=True, slots=True)
class Residual:
    """What a finished run was off (log seconds; above 0 = it took longer), the log of its input's size, its seconds."""

    off: float
    log_input: float
    seconds: float


def line_off(seen: Sequence[Residual], log_input: float) -> float:
    """Return what a step takes more than its line near an input (log), on any machine: the near runs' median."""
    if not seen:
        return 0.0
    ordered = sorted(seen, key=lambda one: one.off)
    reached = np.cumsum([math.exp(-abs(one.log_input - log_input) / _NEAR) for one in ordered])
    total = float(reached[-1])
    middle = ordered[int(np.searchsorted(reached, total / 2))].off
    return total * middle / (total + _LINE)


def machine_off(same: Sequence[Residual], others: Sequence[float]) -> float:
    """Return what a machine takes more for a step than the ratio says (log).

    `same`: the step's runs there, off what it takes on all machines; `others`: what runs of other steps were off there.
    The likeliest value where the ratio and each run are witnesses that are mostly right and rarely far off (Student's
    t): who stands alone against the others counts little, the less the shorter it ran.
    """
    expected = float(np.median(others)) * len(others) / (len(others) + _STEPS) if len(others) else 0.0
    if not same:
        return expected
    said = np.array([expected, *[one.off for one in same]])
    scatter = np.array([_RATIO_OFF, *[math.hypot(_RUN_OFF, _SECOND_OFF / math.sqrt(one.seconds)) for one in same]])
    unlikely = np.log1p(((said[:, None] - said) / scatter) ** 2 / _TAIL).sum(axis=1)
    found = float(said[unlikely.argmin()])
    for _ in range(_ROUNDS):
        weight = 1 / (scatter**2 * (_TAIL + ((said - found) / scatter) ** 2))
        found = float(weight @ said / weight.sum())
    return found
