"""How a step scales: a power law in cores, input and numeric parameters, fitted to its own runs on one queue.

log value = a + sum b_i log x_i by ridge regression. How far it is off is told by leaving each run out in turn (closed
form: the residual over one minus the leverage), so it is used only where it was right before.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from heroes.placement.rules.history import NEIGHBOURS, Floats, Runs

LEAST_RUNS = 6
_RIDGE, _VARIES, _FARTHEST = 0.05, 0.05, 2.0
_PER_AGE = 0.02
_CURVES: dict[float, tuple[float, float, float]] = {
    level: (z, z**3 + z, 5 * z**5 + 16 * z**3 + 3 * z) for level in (0.9, 0.95) for z in [NormalDist().inv_cdf(level)]
}
_AGE: Floats = np.exp(-_PER_AGE * np.arange(NEIGHBOURS))


@dataclass(frozen=True, slots=True)
class Law:
    """A fitted power law; `residuals` are those of runs that were left out of the fit."""

    design: "Design"
    method: str
    slopes: Floats  # the constant first
    residuals: Floats
    scatter: float  # their root mean square
    accuracy: float
    reach80: float  # how many times their scatter 8 of 10 runs are off at most
    reach90: float

    @property
    def runs(self) -> int:
        """How many runs it rests on."""
        return len(self.residuals)

    def at(self, known: Mapping[str, float]) -> tuple[float, float] | None:
        """Return the log value and the leverage at coordinates; None where one is unknown or it lies too far off."""
        found = self.design.at(known)
        return None if found is None else (float(found[0] @ self.slopes), found[1])


@dataclass(slots=True)
class Design:
    """The rows that fits stand on, and what of them does not hang on the quantity."""

    names: tuple[str, ...]
    centre: list[float]
    rows: Floats
    solve: Floats  # slopes = solve @ target
    inverse: Floats
    leverage: Floats
    _last: tuple[Mapping[str, float], tuple[Floats, float] | None] | None = None

    def at(self, known: Mapping[str, float]) -> tuple[Floats, float] | None:
        """Return the row and its leverage at coordinates, as `Law.at` needs them; all quantities ask for the same."""
        if self._last is None or self._last[0] is not known:
            self._last = known, self._at(known)
        return self._last[1]

    def _at(self, known: Mapping[str, float]) -> tuple[Floats, float] | None:
        try:
            row = np.array([1.0, *[known[name] - middle for name, middle in zip(self.names, self.centre, strict=True)]])
        except KeyError:
            return None
        leverage = float(row @ self.inverse @ row)
        return (row, leverage) if leverage <= _FARTHEST else None


def fit(runs: Runs, quantity: str) -> Law | None:
    """Fit a law to the runs that measured a quantity; None where they are few or nothing about them varies."""
    values = runs.measured[quantity]
    kept = np.flatnonzero(values > 0)
    if len(kept) < LEAST_RUNS:
        return None
    key = kept.tobytes()
    if key not in runs.designs:
        runs.designs[key] = _design(runs, kept)
    design: Design | None = runs.designs[key]
    if design is None:
        return None
    target = np.log(values[kept])
    freedom = float(max(len(kept) - design.rows.shape[1], 1))
    slopes = design.solve @ target
    residuals = (target - design.rows @ slopes) / (1 - design.leverage)
    said = ", ".join(name.removeprefix("params.") for name in design.names)
    return Law(
        design=design,
        method=f"power law in {said}, fitted to its last runs; interval from runs left out of the fit",
        slopes=slopes,
        residuals=residuals,
        scatter=math.sqrt(float(residuals @ residuals) / len(residuals)),
        accuracy=float(np.exp(-np.abs(residuals)).sum()) / len(residuals),
        reach80=student(0.9, freedom),
        reach90=student(0.95, freedom),
    )


def _design(runs: Runs, kept: NDArray[np.int64]) -> Design | None:
    if len(kept) < len(runs):
        runs = Runs([runs.observations[row] for row in kept.tolist()])
    names, count = list(runs.coordinates), len(kept)
    table = np.stack(list(runs.coordinates.values()), axis=1)
    centre = table.sum(axis=0) / count
    table -= centre
    varying = np.flatnonzero((table * table).sum(axis=0) / count > _VARIES**2)
    if not len(varying) or count < len(varying) + 3:
        return None
    rows = np.ones((count, len(varying) + 1))
    rows[:, 1:] = table[:, varying]
    centre = centre[varying]
    weighted = (rows * _AGE[:count, None]).T
    square, wide = weighted @ rows, rows.shape[1]
    square.flat[wide + 1 :: wide + 1] += _RIDGE  # not the constant
    inverse = np.asarray(np.linalg.inv(square), dtype=np.float64)
    leverage = np.minimum((rows @ inverse * rows).sum(axis=1) * _AGE[:count], 0.95)
    chosen = tuple(names[place] for place in varying.tolist())
    return Design(chosen, centre.tolist(), rows, inverse @ weighted, inverse, leverage)


def student(level: float, freedom: float) -> float:
    """Return the quantile (0.9 or 0.95) of Student's t by the Cornish-Fisher series.

    A few per cent low at two degrees of freedom.
    """
    z, first, second = _CURVES[level]
    return z + first / (4 * freedom) + second / (96 * freedom**2)
