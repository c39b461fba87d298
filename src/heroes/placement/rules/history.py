"""What was seen on one queue, as arrays: made once for a decision, compared with each need in microseconds."""

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heroes.placement.rules.needs import Need, Observation

Floats = NDArray[np.float64]

NEIGHBOURS = 64
"""How many of the newest runs are looked at."""

MEASURED = {"time": "run_s", "wait": "wait_s", "memory": "memory_bytes", "energy": "energy_j"}
_PER_LOG_CORES, _PER_LOG_BYTES, _PER_OTHER, _MOST_APART = 1.26, 1.0, 0.74, 1.5


class Runs:
    """The newest runs of one kind, newest first."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        self.observations = observations[:NEIGHBOURS]
        self.cores = _logs(max(one.cores, 1) for one in self.observations)
        self.nodes = _logs(max(one.nodes, 1) for one in self.observations)
        self.gpus = np.array([one.gpus for one in self.observations], dtype=np.float64)
        self.input = _logs(one.input_bytes + 1024 for one in self.observations)
        self.laws: dict[str, Any] = {}  # what was fitted to them, by quantity
        self.checked: dict[str, float] = {}  # how near the neighbours were to each when left out, by quantity

    def __len__(self) -> int:
        return len(self.observations)

    @cached_property
    def measured(self) -> dict[str, Floats]:
        """Return what was measured by quantity; nan = not measured."""
        return {
            name: np.array([_or_nan(getattr(one, field)) for one in self.observations], dtype=np.float64)
            for name, field in MEASURED.items()
        }

    @cached_property
    def params(self) -> dict[str, "_Column"]:
        """Return the parameters by name."""
        names = {name for one in self.observations for name in one.params}
        return {name: _Column([one.params.get(name, _ABSENT) for one in self.observations]) for name in names}

    def apart(self, need: Need, *, shape_only: bool) -> Floats:
        """Return how far each run is from what is asked; 0 = alike in all that is known."""
        far: Floats = _PER_LOG_CORES * np.abs(self.cores - math.log(max(need.charged_cores, 1)))
        far += _PER_LOG_CORES * np.abs(self.nodes - math.log(max(need.nodes, 1)))
        far += _PER_OTHER * (self.gpus != need.gpus)
        if shape_only:
            return far
        if need.input_bytes is not None:
            far += _PER_LOG_BYTES * np.abs(self.input - math.log(need.input_bytes + 1024))
        others = np.zeros(len(far), dtype=np.bool_)
        for name, asked in need.params.items():
            column = self.params.get(name)
            if column is not None:
                numbers, other = column.apart(asked)
                far += numbers
                others |= other
        return far + _PER_OTHER * others


class History:
    """All that was seen on one queue, newest first, by kind."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        self._observations = observations
        self._steps: dict[tuple[str, str], Runs] = {}

    @classmethod
    def of(cls, seen: "History | Sequence[Observation]") -> "History":
        """Return what was seen as a history."""
        return seen if isinstance(seen, History) else cls(seen)

    @cached_property
    def all(self) -> Runs:
        """Return the newest runs of all kinds."""
        return Runs(self._observations)

    @cached_property
    def _by_step(self) -> dict[tuple[str, str], list[Observation]]:
        found: dict[tuple[str, str], list[Observation]] = {}
        for one in self._observations:
            found.setdefault((one.workflow_id, one.step), []).append(one)
        return found

    @property
    def observations(self) -> Sequence[Observation]:
        """Return all that was seen, newest first."""
        return self._observations

    @property
    def steps(self) -> set[tuple[str, str]]:
        """Return which steps of which workflows were seen."""
        return set(self._by_step)

    def of_step(self, workflow_id: str, step: str) -> Runs:
        """Return the newest runs of one step."""
        key = (workflow_id, step)
        if key not in self._steps:
            self._steps[key] = Runs(self._by_step.get(key, []))
        return self._steps[key]


_ABSENT = object()


class _Column:
    """One parameter of all runs."""

    def __init__(self, values: Sequence[Any]) -> None:
        self.values = values
        self.there = np.array([one is not _ABSENT for one in values], dtype=np.bool_)
        self.logs = np.array([_log_of(one) for one in values], dtype=np.float64)
        self.signs = np.array([_sign_of(one) for one in values], dtype=np.float64)

    def apart(self, asked: Any) -> tuple[Floats, NDArray[np.bool_]]:
        """Return how far numbers are apart, and which others differ."""
        if is_number(asked) and asked:
            comparable = self.signs == _sign_of(asked)
            far = np.where(comparable, np.minimum(np.abs(self.logs - _log_of(asked)), _MOST_APART), 0.0)
            return far, self.there & ~comparable
        differs = np.array([one != asked for one in self.values], dtype=np.bool_)
        return np.zeros(len(self.values)), self.there & differs


def is_number(value: Any) -> bool:
    """Return whether a parameter is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def numbers_of(params: Mapping[str, Any]) -> dict[str, float]:
    """Return the logarithms of the parameters that are numbers above 0."""
    return {name: math.log(value) for name, value in params.items() if is_number(value) and 0 < value < math.inf}


def _log_of(value: Any) -> float:
    return math.log(abs(value)) if is_number(value) and 0 < abs(value) < math.inf else 0.0


def _sign_of(value: Any) -> float:
    return math.copysign(1.0, value) if is_number(value) and value else 0.0


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _logs(values: Any) -> Floats:
    return np.array([math.log(one) for one in values], dtype=np.float64)
