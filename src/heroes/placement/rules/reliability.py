"""How likely a job is lost to a failing node: a Beta posterior, so that one failure among three jobs is no verdict."""

import math
from dataclasses import dataclass
from functools import lru_cache

_LOST, _KEPT = 0.5, 49.5
"""The prior: one job in a hundred, worth fifty jobs."""


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """Chance that one job is lost to a node failure: the posterior's mean and its 95 % upper bound."""

    jobs: int
    lost: int
    chance: float
    at_most: float
    text: str


def reliability(jobs: int, lost: int) -> Reliability:
    """Return the posterior after `lost` of `jobs` were ended by a node failure."""
    a, b = _LOST + lost, _KEPT + jobs - lost
    mean = a / (a + b)
    at_most = _upper(a, b)
    seen = f"{lost} of {jobs} jobs here were lost to failing nodes" if jobs else "No job of yours has ended here yet"
    text = f"{seen}; for the next one that means a chance of {mean:.1%}, at most {at_most:.1%}."
    return Reliability(jobs=jobs, lost=lost, chance=round(mean, 5), at_most=round(at_most, 5), text=text)


def runs_expected(chance: float) -> float:
    """Return how often a job is started on average until no node fails under it."""
    return 1.0 / (1.0 - min(chance, 0.9))


@lru_cache(maxsize=4096)
def _upper(a: float, b: float) -> float:
    """Return the 95 % quantile of Beta(a, b), by bisection of its distribution (trapezoids in log odds)."""
    steps = 600
    points = [-18.0 + 36.0 * number / steps for number in range(steps + 1)]
    heights = [a * z - (a + b) * math.log1p(math.exp(z)) for z in points]
    top = max(heights)
    total, sums = 0.0, []
    for height in heights:
        total += math.exp(height - top)
        sums.append(total)
    place = next(number for number, one in enumerate(sums) if one >= 0.95 * total)
    return 1.0 / (1.0 + math.exp(-points[place]))
