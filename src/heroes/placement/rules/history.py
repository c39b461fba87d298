"""What was seen on one queue, as arrays: made once for a decision, compared with each need in microseconds."""

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

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

    def __init__(self, observations: Sequence[Observation], user_id: str | None = None) -> None:
        self.observations = observations[:NEIGHBOURS]
        self.mine = np.array([user_id is None or one.user_id == user_id for one in self.observations], dtype=np.bool_)
        self.cores = _logs(max(one.cores, 1) for one in self.observations)
        self.nodes = _logs(max(one.nodes, 1) for one in self.observations)
        self.gpus = np.array([one.gpus for one in self.observations], dtype=np.float64)
        self.input = _logs(one.input_bytes + 1024 for one in self.observations)
        self.laws: dict[str, Any] = {}  # what was fitted to them, by quantity
        self.designs: dict[bytes, Any] = {}  # what fits stand on, by the runs that measured
        self.waits: dict[Any, Any] = {}  # what is predicted of waits, by shape
        self.sizes: Any = None  # what was learned of the memory to ask for
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
        wanted = asked(need)
        far: Floats = np.abs(self.cores - wanted.cores)
        far += np.abs(self.nodes - wanted.nodes)
        far *= _PER_LOG_CORES
        far += _PER_OTHER * (self.gpus != need.gpus)
        if shape_only:
            return far
        if wanted.input is not None:
            far += _PER_LOG_BYTES * np.abs(self.input - wanted.input)
        others: NDArray[np.bool_] | None = None
        for name, value in wanted.params.items():
            column = self.params.get(name)
            if column is not None:
                numbers, other = column.apart(value)
                if numbers is not None:
                    far += numbers
                others = other if others is None else others | other
        return far if others is None else far + _PER_OTHER * others

    @cached_property
    def between(self) -> Floats:
        """Return how far each run (row) is from each other one, as `apart` would tell for a need like the row's."""
        far: Floats = np.abs(self.cores[:, None] - self.cores) + np.abs(self.nodes[:, None] - self.nodes)
        far *= _PER_LOG_CORES
        far += _PER_OTHER * (self.gpus[:, None] != self.gpus)
        far += _PER_LOG_BYTES * np.abs(self.input[:, None] - self.input)
        others = np.zeros(far.shape, dtype=np.bool_)
        for column in self.params.values():
            numbers, other = column.between
            far += numbers
            others |= other
        return far + _PER_OTHER * others

    @cached_property
    def coordinates(self) -> dict[str, Floats]:
        """Return what may tell of a run's size, in logarithms: cores, nodes, input, and numeric parameters of all."""
        columns = {"cores": self.cores, "nodes": self.nodes, "input": self.input}
        told = {f"params.{name}": one.logs for name, one in sorted(self.params.items()) if one.positive}
        return columns | told


class History:
    """All that was seen on one queue, newest first, by kind; `user_id`: for whom it is looked at, None: for nobody."""

    def __init__(self, observations: Sequence[Observation], user_id: str | None = None) -> None:
        self._observations = observations
        self._user_id = user_id
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
            self._steps[key] = Runs(self._by_step.get(key, []), self._user_id)
        return self._steps[key]


_ABSENT = object()


class _Column:
    """One parameter of all runs."""

    def __init__(self, values: Sequence[Any]) -> None:
        self.there = np.array([one is not _ABSENT for one in values], dtype=np.bool_)
        numbers = np.array([one if is_number(one) and abs(one) < math.inf else 0.0 for one in values], dtype=np.float64)
        self.signs = np.sign(numbers)
        self.logs = np.log(np.where(self.signs != 0, np.abs(numbers), 1.0))
        self.positive = bool(len(values)) and bool((self.signs > 0).all())
        self._code_of: dict[Any, int] = {}
        self.codes = np.array([self._code_of.setdefault(_named(one), len(self._code_of)) for one in values])

    def apart(self, value: "_Value") -> tuple[Floats | None, NDArray[np.bool_]]:
        """Return how far numbers are apart (None: it is not compared as a number), and which others differ."""
        if value.sign:
            comparable = self.signs == value.sign
            far = np.minimum(np.abs(self.logs - value.log), _MOST_APART) * comparable
            return far, self.there & ~comparable
        return None, self.there & (self.codes != self._code_of.get(value.key, -1))

    @cached_property
    def between(self) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the same of each run (row) against each other; a run without the parameter asks nothing."""
        number = (self.signs != 0)[:, None]
        comparable = (self.signs[:, None] == self.signs) & number
        far = np.minimum(np.abs(self.logs[:, None] - self.logs), _MOST_APART) * comparable
        differ = np.where(number, ~comparable, self.codes[:, None] != self.codes)
        return far, differ & self.there & self.there[:, None]


class _Value(NamedTuple):
    """One parameter of a need, as it is compared."""

    sign: float
    log: float
    key: Any


class Asked(NamedTuple):
    """A need as it is compared with runs: logarithms, and `coordinates` as `Runs.coordinates` has them."""

    cores: float
    nodes: float
    input: float | None
    params: dict[str, _Value]
    coordinates: dict[str, float]


def asked(need: Need) -> Asked:
    """Return what a need asks; of the last one it is kept, for each of many queues asks it."""
    global _last
    last = _last
    if last is None or last[0] is not need:
        last = _last = need, _asked(need)
    return last[1]


_last: tuple[Need, Asked] | None = None


def _asked(need: Need) -> Asked:
    cores, nodes = math.log(max(need.charged_cores, 1)), math.log(max(need.nodes, 1))
    size = None if need.input_bytes is None else math.log(need.input_bytes + 1024)
    params = {name: _Value(_sign_of(one), _log_of(one), _named(one)) for name, one in need.params.items()}
    known = {"cores": cores, "nodes": nodes} | ({} if size is None else {"input": size})
    known |= {f"params.{name}": one.log for name, one in params.items() if one.sign > 0}
    return Asked(cores, nodes, size, params, known)


def _named(value: Any) -> Any:
    """Return a value as a key: equal values have equal keys."""
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value


_NUMBERS = (int, float)


def is_number(value: Any) -> bool:
    """Return whether a parameter is a number."""
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def _log_of(value: Any) -> float:
    return math.log(abs(value)) if is_number(value) and 0 < abs(value) < math.inf else 0.0


def _sign_of(value: Any) -> float:
    return math.copysign(1.0, value) if is_number(value) and value and abs(value) < math.inf else 0.0


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _logs(values: Any) -> Floats:
    return np.array([math.log(one) for one in values], dtype=np.float64)
