"""How a step scales: a power law in cores, input and numeric parameters, fitted to its own runs on one queue.

log value = a + sum b_i log x_i by ridge regression. How far it is off is told by leaving each run out in turn (closed
form: the residual over one minus the leverage), so it is used only where it was right before.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heroes.placement.rules.history import Floats, Runs

LEAST_RUNS = 6
_RIDGE, _VARIES, _FARTHEST = 0.05, 0.05, 2.0
_PER_AGE = 0.02


@dataclass(frozen=True, slots=True)
class Law:
    """A fitted power law; `residuals` are those of runs that were left out of the fit."""

    names: tuple[str, ...]
    method: str
    centre: Floats
    slopes: Floats  # the constant first
    inverse: Floats
    residuals: Floats
    scatter: float  # their root mean square
    accuracy: float
    freedom: float

    @property
    def runs(self) -> int:
        """How many runs it rests on."""
        return len(self.residuals)

    def at(self, known: Mapping[str, float]) -> tuple[float, float] | None:
        """Return the log value and the leverage at coordinates; None where one is unknown or it lies too far off."""
        if any(name not in known for name in self.names):
            return None
        row = np.array([1.0, *(known[name] - middle for name, middle in zip(self.names, self.centre, strict=True))])
        leverage = float(row @ self.inverse @ row)
        return (float(row @ self.slopes), leverage) if leverage <= _FARTHEST else None


@dataclass(frozen=True, slots=True)
class _Design:
    """The rows that a fit stands on, and what of it does not hang on the quantity."""

    names: tuple[str, ...]
    centre: Floats
    rows: Floats
    solve: Floats  # slopes = solve @ target
    inverse: Floats
    leverage: Floats


def fit(runs: Runs, quantity: str) -> Law | None:
    """Fit a law to the runs that measured a quantity; None where they are few or nothing about them varies."""
    values = runs.measured[quantity]
    kept = np.flatnonzero(values > 0)
    if len(kept) < LEAST_RUNS:
        return None
    key = kept.tobytes()
    if key not in runs.designs:
        runs.designs[key] = _design(runs, kept)
    design: _Design | None = runs.designs[key]
    if design is None:
        return None
    target = np.log(values[kept])
    slopes = design.solve @ target
    residuals = (target - design.rows @ slopes) / (1 - design.leverage)
    said = ", ".join(name.removeprefix("params.") for name in design.names)
    return Law(
        names=design.names,
        method=f"power law in {said}, fitted to its last runs; interval from runs left out of the fit",
        centre=design.centre,
        slopes=slopes,
        inverse=design.inverse,
        residuals=residuals,
        scatter=math.sqrt(float(residuals @ residuals) / len(residuals)),
        accuracy=float(np.exp(-np.abs(residuals)).mean()),
        freedom=float(max(len(kept) - design.rows.shape[1], 1)),
    )


def _design(runs: Runs, kept: NDArray[np.int64]) -> _Design | None:
    if len(kept) < len(runs):
        runs = Runs([runs.observations[row] for row in kept.tolist()])
    names = list(runs.coordinates)
    table = np.column_stack(list(runs.coordinates.values()))
    varying = np.flatnonzero(table.std(axis=0) > _VARIES)
    if not len(varying) or len(kept) < len(varying) + 3:
        return None
    table = table[:, varying]
    centre = table.mean(axis=0)
    rows = np.column_stack([np.ones(len(kept)), table - centre])
    weight = np.exp(-_PER_AGE * np.arange(len(kept)))
    ridge = _RIDGE * np.eye(rows.shape[1])
    ridge[0, 0] = 0
    weighted = (rows * weight[:, None]).T
    inverse = np.linalg.inv(weighted @ rows + ridge)
    leverage = np.minimum((rows @ inverse * rows).sum(axis=1) * weight, 0.95)
    chosen = tuple(names[place] for place in varying.tolist())
    return _Design(chosen, centre, rows, inverse @ weighted, inverse, leverage)
