"""What was seen on one queue, as arrays: made once for a decision, compared with each need in microseconds."""

import math
from collections.abc import Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from heroes.placement.rules.needs import Need, Observation

Floats = NDArray[np.float64]

NEIGHBOURS = 64
"""How many of the newest runs are looked at."""

_PER_RANK = 0.088
RECENCY: Floats = np.exp(-_PER_RANK * np.arange(NEIGHBOURS))
"""What a run counts for by how many came after it."""

MEASURED = {
    "time": "run_s",
    "wait": "wait_s",
    "handling": "handled_s",
    "memory": "memory_bytes",
    "energy": "energy_j",
}
_PER_LOG_CORES, _PER_LOG_BYTES, _PER_OTHER, _MOST_APART = 1.26, 1.0, 0.74, 1.5


class Runs:
    """The newest runs of one kind, newest first."""

    def __init__(self, observations: Sequence[Observation], user_id: str | None = None) -> None:
        seen = self.observations = observations[:NEIGHBOURS]
        self.mine = np.array([user_id is None or one.user_id == user_id for one in seen], dtype=np.bool_)
        self.of_mine = bool(self.mine.any())
        self.cores = _logs([one.cores or 1 for one in seen])
        self.nodes = _logs([one.nodes or 1 for one in seen])
        self.gpus = np.array([one.gpus for one in seen], dtype=np.float64)
        self.input = _logs([one.input_bytes + 1024 for one in seen])
        self.measured = _Measured(seen)
        self._rising: dict[str, NDArray[np.int64]] = {}
        self._nodes, self._gpus = _of_all(self.nodes), _of_all(self.gpus)
        self.laws: dict[str, Any] = {}  # what was fitted to them, by quantity
        self.designs: dict[bytes, Any] = {}  # what fits stand on, by the runs that measured
        self.waits: dict[Any, Any] = {}  # what is predicted of waits, by shape
        self.sizes: Any = None  # what was learned of the memory to ask for
        self.checked: dict[str, float] = {}  # how near the neighbours were to each when left out, by quantity

    def __len__(self) -> int:
        return len(self.observations)

    def rising(self, name: str) -> NDArray[np.int64]:
        """Return the runs that measured a quantity, from its least to its greatest; of equal ones the newest first."""
        if name not in self._rising:
            values = self.measured[name]
            known = np.flatnonzero(~np.isnan(values))
            self._rising[name] = known[values[known].argsort(kind="stable")]
        return self._rising[name]

    @cached_property
    def params(self) -> dict[str, "_Column"]:
        """Return the parameters by name."""
        names = set().union(*(one.params for one in self.observations))
        return {name: _Column([one.params.get(name, _ABSENT) for one in self.observations]) for name in names}

    def apart(self, need: Need, *, shape_only: bool) -> Floats:
        """Return how far each run is from what is asked; 0 = alike in all that is known."""
        wanted = asked(need)
        far: Floats = np.abs(self.cores - wanted.cores)
        far += abs(self._nodes - wanted.nodes) if self._nodes is not None else np.abs(self.nodes - wanted.nodes)
        far *= _PER_LOG_CORES
        if self._gpus != need.gpus:
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
                if other is not None:
                    others = other if others is None else others | other
        return far if others is None else far + _PER_OTHER * others

    def _between(self) -> Floats:
        """Return how far each run (row) is from each other one, as `apart` would tell for a need like the row's."""
        far = _apart(self.cores)
        if self._nodes is None:
            far += _apart(self.nodes)
        far *= _PER_LOG_CORES
        if self._gpus is None:
            far += _PER_OTHER * (self.gpus[:, None] != self.gpus)
        far += _PER_LOG_BYTES * _apart(self.input)
        others: NDArray[np.bool_] | None = None
        for column in self.params.values():
            numbers, other = column.between()
            if numbers is not None:
                far += numbers
            if other is not None:
                others = other if others is None else others | other
        return far if others is None else far + _PER_OTHER * others

    @cached_property
    def alike(self) -> Floats:
        """Return how much each run (column) says of each other one (row), by similarity and recency; not of itself."""
        found = self._between()
        np.exp(np.negative(found, out=found), out=found)
        found *= RECENCY[: len(self)]
        np.fill_diagonal(found, 0.0)
        return found

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


class _Measured:
    """What was measured, by quantity; nan = not measured."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        self._observations = observations
        self._found: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        found = self._found.get(name)
        if found is None:
            told = map(attrgetter(MEASURED[name]), self._observations)
            found = np.array([math.nan if one is None else one for one in told], dtype=np.float64)
            self._found[name] = found
        return found


class _Column:
    """One parameter of all runs."""

    def __init__(self, values: Sequence[Any]) -> None:
        kinds = set(map(type, values))
        self._values = values
        self._there = np.array([one is not _ABSENT for one in values], dtype=np.bool_) if object in kinds else None
        self._numeric = any(issubclass(kind, _NUMBERS) and kind is not bool for kind in kinds)
        logs = np.array([_number(one) for one in values] if self._numeric else [0.0] * len(values), dtype=np.float64)
        self._signs = np.sign(logs)
        self.logs = np.log(np.where(self._signs != 0, np.abs(logs), 1.0)) if self._numeric else logs
        self.positive = self._numeric and bool((self._signs > 0).all())

    @cached_property
    def _codes(self) -> tuple[NDArray[np.int64], dict[Any, int]]:
        """Return a number for each run that is the same for equal values, and those numbers by value."""
        code_of: dict[Any, int] = {}
        return np.array([code_of.setdefault(_named(one), len(code_of)) for one in self._values]), code_of

    def apart(self, value: "_Value") -> tuple[Floats | None, NDArray[np.bool_] | None]:
        """Return how far numbers are apart (None: it is not compared as one), and which others differ (None: none)."""
        if not value.sign:
            codes, code_of = self._codes
            return None, self._where_there(codes != code_of.get(value.key, -1))
        far = np.minimum(np.abs(self.logs - value.log), _MOST_APART)
        if self.positive and value.sign > 0:
            return far, None
        comparable = self._signs == value.sign
        return far * comparable, self._where_there(~comparable)

    def between(self) -> tuple[Floats | None, NDArray[np.bool_] | None]:
        """Return the same of each run (row) against each other; a run without the parameter asks nothing."""
        if self.positive:
            return np.minimum(_apart(self.logs), _MOST_APART), None
        codes, _ = self._codes
        differ = codes[:, None] != codes
        far = None
        if self._numeric:
            number = (self._signs != 0)[:, None]
            comparable = (self._signs[:, None] == self._signs) & number
            far = np.minimum(_apart(self.logs), _MOST_APART) * comparable
            differ = np.where(number, ~comparable, differ)
        return far, differ if self._there is None else differ & self._there & self._there[:, None]

    def _where_there(self, differ: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return differ if self._there is None else differ & self._there


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
_HIGHEST = 1e300


def is_number(value: Any) -> bool:
    """Return whether a parameter is a number."""
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def _number(value: Any) -> float:
    """Return a parameter as a number; 0: it is none that can be compared by its logarithm."""
    return value if is_number(value) and abs(value) < _HIGHEST else 0.0


def _log_of(value: Any) -> float:
    return math.log(abs(number)) if (number := _number(value)) else 0.0


def _sign_of(value: Any) -> float:
    return math.copysign(1.0, number) if (number := _number(value)) else 0.0


def _apart(values: Floats) -> Floats:
    """Return how far each value (row) is from each other one."""
    found = values[:, None] - values
    return np.abs(found, out=found)


def _of_all(values: Floats) -> float | None:
    """Return what all have in common; None: they differ."""
    found = set(values.tolist())
    return found.pop() if len(found) == 1 else None


def _logs(values: list[int]) -> Floats:
    return np.array(list(map(math.log, values)), dtype=np.float64)
