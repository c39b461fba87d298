"""How a step scales: a power law in cores, input and numeric parameters, fitted to its own runs on one queue.

log value = a + sum b_i log x_i by ridge regression. How far it is off is told by leaving each run out in turn (closed
form: the residual over one minus the leverage), so it is used only where it was right before.
"""

from dataclasses import dataclass

import numpy as np

from heroes.placement.rules.history import Floats, Runs, numbers_of
from heroes.placement.rules.needs import Need

LEAST_RUNS = 6
_RIDGE, _VARIES, _FARTHEST = 0.05, 0.05, 2.0
_PER_AGE = 0.02


@dataclass(frozen=True, slots=True)
class Law:
    """A fitted power law; `residuals` are those of runs that were left out of the fit."""

    names: tuple[str, ...]
    centre: Floats
    slopes: Floats  # the constant first
    inverse: Floats
    residuals: Floats
    accuracy: float
    freedom: float

    @property
    def runs(self) -> int:
        """How many runs it rests on."""
        return len(self.residuals)

    def at(self, need: Need) -> tuple[float, float] | None:
        """Return the log value and the leverage of a need; None where a name is unknown or it lies too far off."""
        known = _coordinates(need)
        if any(name not in known for name in self.names):
            return None
        row = np.concatenate([[1.0], np.array([known[name] for name in self.names]) - self.centre])
        leverage = float(row @ self.inverse @ row)
        return (float(row @ self.slopes), leverage) if leverage <= _FARTHEST else None


def fit(runs: Runs, quantity: str) -> Law | None:
    """Fit a law to the runs that measured a quantity; None where they are few or nothing about them varies."""
    values = runs.measured[quantity]
    kept = np.flatnonzero(values > 0)
    if len(kept) < LEAST_RUNS:
        return None
    numbers = [numbers_of(runs.observations[row].params) for row in kept.tolist()]
    columns = {"cores": runs.cores[kept], "nodes": runs.nodes[kept], "input": runs.input[kept]}
    shared = set.intersection(*(set(one) for one in numbers))
    columns |= {f"params.{name}": np.array([one[name] for one in numbers]) for name in sorted(shared)}
    varying = {name: column for name, column in columns.items() if float(column.std()) > _VARIES}
    if not varying or len(kept) < len(varying) + 3:
        return None
    table = np.column_stack(list(varying.values()))
    centre = table.mean(axis=0)
    rows = np.column_stack([np.ones(len(kept)), table - centre])
    weight = np.exp(-_PER_AGE * np.arange(len(kept)))
    target = np.log(values[kept])
    ridge = _RIDGE * np.eye(rows.shape[1])
    ridge[0, 0] = 0
    inverse = np.linalg.inv((rows * weight[:, None]).T @ rows + ridge)
    slopes = inverse @ (rows * weight[:, None]).T @ target
    leverage = np.minimum((rows @ inverse * rows).sum(axis=1) * weight, 0.95)
    residuals = (target - rows @ slopes) / (1 - leverage)
    return Law(
        names=tuple(varying),
        centre=centre,
        slopes=slopes,
        inverse=inverse,
        residuals=residuals,
        accuracy=float(np.exp(-np.abs(residuals)).mean()),
        freedom=float(max(len(kept) - rows.shape[1], 1)),
    )


def _coordinates(need: Need) -> dict[str, float]:
    known = {"cores": float(np.log(max(need.charged_cores, 1))), "nodes": float(np.log(max(need.nodes, 1)))}
    if need.input_bytes is not None:
        known["input"] = float(np.log(need.input_bytes + 1024))
    return known | {f"params.{name}": value for name, value in numbers_of(need.params).items()}
