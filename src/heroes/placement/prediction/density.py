"""What a job's run time may be: a smooth distribution over log seconds, and what is read off it."""

from dataclasses import dataclass

import numpy as np

from heroes.placement.prediction.log import Floats

_LOW, _HIGH, _FINE, _COARSE = -0.7, 16.0, 334, 112
_WIDTHS = ((0.80, 0.06), (0.14, 0.5), (0.06, 2.0))
"""(share, scale in log time) of the Laplace densities that stand for one seen value: it comes again nearly the same,
or of its kind, or anything may happen."""

STEPS = 43
_EDGE = 7.0
LEVELS: Floats = 1 / (1 + np.exp(-np.linspace(-_EDGE, _EDGE, STEPS)))
"""Levels of the kept quantiles, evenly spaced in log odds."""

PRICES: Floats = np.geomspace(0.05, 60.0, 24)
"""What one underprediction is worth in accuracy; each gives one safe limit."""

_MIDDLES: Floats = np.linspace(_LOW, _HIGH, _FINE)
_GRID: Floats = np.linspace(_LOW, _HIGH, _COARSE)
_APART: Floats = _GRID[None, :] - _MIDDLES[:, None]


def _laplace(apart: Floats, scale: float) -> Floats:
    tail = 0.5 * np.exp(-np.abs(apart) / scale)
    return np.where(apart < 0, tail, 1 - tail)


_CUMULATIVE: Floats = sum((share * _laplace(_APART, scale) for share, scale in _WIDTHS), np.zeros_like(_APART))
_CLOSENESS: Floats = np.exp(-np.abs(_APART))


@dataclass(frozen=True, slots=True)
class Density:
    """Of each job: quantiles at LEVELS and safe limits at PRICES, in log seconds."""

    quantiles: Floats
    limits: Floats


def density(value: Floats, weight: Floats, cap: Floats) -> Density:
    """Return the distribution of jobs with these weighted log values; `cap`: log of the request, inf = none."""
    count = len(value)
    place = np.clip(np.rint((value - _LOW) / (_MIDDLES[1] - _MIDDLES[0])), 0, _FINE - 1).astype(np.int64)
    flat = np.bincount(
        (np.arange(count)[:, None] * _FINE + place).ravel(), weights=weight.ravel(), minlength=count * _FINE
    )
    mass = flat.reshape(count, _FINE)
    mass = mass / np.maximum(mass.sum(axis=1, keepdims=True), 1e-300)
    cumulative = np.where(cap[:, None] <= _GRID, 1.0, mass @ _CUMULATIVE)
    accuracy = mass @ _CLOSENESS
    limits = np.stack([_GRID[np.argmax(accuracy - price * (1 - cumulative), axis=1)] for price in PRICES], axis=1)
    limits = np.maximum.accumulate(limits, axis=1)
    return Density(np.minimum(_inverse(cumulative), cap[:, None]), np.minimum(limits, cap[:, None]))


def _inverse(cumulative: Floats) -> Floats:
    rows = np.arange(len(cumulative))
    out = np.empty((len(cumulative), STEPS))
    for number, level in enumerate(LEVELS):
        right = np.clip((cumulative < level).sum(axis=1), 1, _COARSE - 1)
        low, high = cumulative[rows, right - 1], cumulative[rows, right]
        part = np.clip((level - low) / np.maximum(high - low, 1e-12), 0.0, 1.0)
        out[:, number] = _GRID[right - 1] + part * (_GRID[right] - _GRID[right - 1])
    return out


def expected_accuracy(value: Floats, weight: Floats, point: Floats) -> Floats:
    """Return the mean of min(p, r) / max(p, r) that the weighted log values promise for a point (log s)."""
    return np.asarray((weight * np.exp(-np.abs(value - point[:, None]))).sum(axis=1))


def position(level: float) -> float:
    """Return where a level stands among LEVELS, as a number of steps."""
    return (float(np.log(level / (1 - level))) + _EDGE) / (2 * _EDGE) * (STEPS - 1)
