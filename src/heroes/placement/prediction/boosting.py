"""Gradient boosting as one more expert; without the library (or its libgomp) everything else goes on without it."""

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heroes.placement.prediction.candidates import Candidates, Index
from heroes.placement.prediction.log import Floats, Ints
from heroes.placement.prediction.ordered import Ordered

_QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
_TREES = 120
_SETTINGS: dict[str, Any] = {
    "objective": "regression_l1",
    "num_leaves": 63,
    "learning_rate": 0.08,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "max_bin": 127,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 5,
    "verbose": -1,
}


def library() -> Any | None:
    """Return the boosting library, or None where it cannot be loaded."""
    try:
        return import_module("lightgbm")
    except (ImportError, OSError):  # OSError: libgomp is missing
        return None


class Boosting:
    """The log of the run time from facts of the job and of its user's history; deterministic."""

    def __init__(self, lightgbm: Any) -> None:
        self._lightgbm = lightgbm
        self._model: Any = None

    @property
    def taught(self) -> bool:
        """Whether there is a fitted model."""
        return self._model is not None

    def teach(self, facts: NDArray[np.float32], value: Floats) -> None:
        """Fit anew on finished jobs."""
        options = {"verbose": -1, "max_bin": _SETTINGS["max_bin"]}
        self._model = self._lightgbm.train(_SETTINGS, self._lightgbm.Dataset(facts, value, params=options), _TREES)

    def values(self, facts: NDArray[np.float32]) -> Floats:
        """Return predicted log run times."""
        return np.asarray(self._model.predict(facts, num_threads=1), dtype=np.float64)


def facts(index: Index, rows: Ints, found: Candidates) -> NDArray[np.float32]:
    """Return one row of facts for each job, known at its submission."""
    log, ordered, near = index.log, Ordered.of(found.value, found.weight), found.siblings
    mine = found.rows[:, :48]
    there = mine >= 0
    seen = np.where(there, index.value[np.maximum(mine, 0)], 0.0)

    def mean(count: int) -> Floats:
        number = there[:, :count].sum(axis=1)
        return np.where(number > 0, seen[:, :count].sum(axis=1) / np.maximum(number, 1), np.nan)

    total = found.weight.sum(axis=1)
    middle = ordered.weight * ordered.value
    centre = middle.sum(axis=1)
    newest = index.by_own_shape.before(index.own_shape[rows], log.submit[rows], 2)
    now = log.submit[rows]
    to_request = np.where(there, seen - index.request[np.maximum(mine, 0)], 0.0)
    columns = [
        *(ordered.quantile(level) for level in _QUANTILES),
        ordered.likeliest(1.29),
        np.log(total + 1e-9),
        centre,
        np.sqrt(np.maximum((middle * ordered.value).sum(axis=1) - centre**2, 0)),
        *(np.where(there[:, place], seen[:, place], np.nan) for place in range(3)),
        *(mean(count) for count in (3, 8, 24, 48)),
        to_request.sum(axis=1) / np.maximum(there.sum(axis=1), 1),
        *(np.where(newest[:, place] >= 0, index.value[newest[:, place]], np.nan) for place in range(2)),
        np.where(newest[:, 0] >= 0, np.log1p(np.maximum(now - log.end[newest[:, 0]], 0)), np.nan),
        np.where(there[:, 0], np.log1p(np.maximum(now - log.end[np.maximum(mine[:, 0], 0)], 0)), np.nan),
        index.request[rows],
        index.procs[rows],
        index.size[rows],
        index.memory[rows],
        now / 3600 % 24,
        now / 86400 % 7,
        *(codes[rows].astype(np.float64) for codes in (log.queue, log.app, log.group, log.user)),
        found.own,
        found.similar,
        *near,
        index.gap[rows],
    ]
    return np.column_stack(columns).astype(np.float32)
