"""Gradient boosting as further experts; without the library (or its libgomp) everything else goes on without them.

Three models of the same facts, for the error in seconds is another aim than that in proportion: of the log of the run
time, of its seconds, and of the seconds by which it leaves the learned kernel's median.
"""

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heroes.placement.prediction.candidates import Candidates, Index
from heroes.placement.prediction.log import Floats, Ints
from heroes.placement.prediction.ordered import Ordered

Single = NDArray[np.float32]
_QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
_TREES, _TREES_BEYOND = 120, 60
_RATE_BEYOND = 0.05
EXPERTS = ("boosting", "boosting of seconds", "boosting beyond the learned kernel")
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
    """The run time from facts of the job and of its user's history, and from what the kernels told; deterministic."""

    def __init__(self, lightgbm: Any) -> None:
        self._lightgbm = lightgbm
        self._models: list[Any] = []

    @property
    def taught(self) -> bool:
        """Whether there are fitted models."""
        return bool(self._models)

    def teach(self, facts: Single, told: Single, value: Floats) -> None:
        """Fit anew on finished jobs; `told`: what the kernels had said of each (log s), the learned median first."""
        hours, median = np.exp(value) / 3600, np.exp(told[:, 0].astype(np.float64)) / 3600
        beyond = {**_SETTINGS, "learning_rate": _RATE_BEYOND}
        self._models = [
            self._fitted(_SETTINGS, facts, value, _TREES),
            self._fitted(_SETTINGS, facts, hours, _TREES),
            self._fitted(beyond, np.hstack([facts, told]), hours - median, _TREES_BEYOND),
        ]

    def _fitted(self, settings: dict[str, Any], facts: Single, target: Floats, trees: int) -> Any:
        options = {"verbose": -1, "max_bin": settings["max_bin"]}
        return self._lightgbm.train(settings, self._lightgbm.Dataset(facts, target, params=options), trees)

    def values(self, facts: Single, told: Single) -> Floats:
        """Return predicted log run times, one column for each of EXPERTS."""
        logs, hours, beyond = self._models
        median = np.exp(told[:, 0].astype(np.float64))
        seconds = [
            3600 * hours.predict(facts, num_threads=1),
            median + 3600 * beyond.predict(np.hstack([facts, told]), num_threads=1),
        ]
        return np.column_stack([logs.predict(facts, num_threads=1), *(np.log(np.maximum(one, 1.0)) for one in seconds)])


def facts(index: Index, rows: Ints, found: Candidates) -> Single:
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
