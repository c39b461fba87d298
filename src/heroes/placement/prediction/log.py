"""A job log as columns, and what was known of it at each submission: the ground that causal predictions stand on."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Log:
    """Jobs in submit order. Times in seconds; requested 0 = no request; codes are dense integers from 0."""

    job: Ints
    submit: Floats
    start: Floats
    end: Floats
    run: Floats
    procs: Floats
    requested: Floats
    user: Ints
    app: Ints
    queue: Ints
    group: Ints
    memory: Floats
    size: Floats

    def __len__(self) -> int:
        return len(self.job)


def log_of(columns: Mapping[str, NDArray[np.generic]]) -> Log:
    """Make a log of columns as in the Parallel Workloads Archive: job, submit, wait, run, procs, reqtime, user, …

    -1 = unknown. A job counts as at least one second and one processor. Raises ValueError for a missing column.
    """
    missing = [name for name in ("submit", "run") if name not in columns]
    if missing:
        raise ValueError(f"the log has no column {', '.join(missing)}; it needs submit and run, in seconds")
    count = len(columns["submit"])

    def column(name: str, default: float) -> Floats:
        given = columns.get(name)
        if given is None:
            return np.full(count, default)
        return np.nan_to_num(np.asarray(given, dtype=np.float64), nan=default)

    order = np.argsort(column("submit", 0), kind="stable")
    submit = column("submit", 0)[order]
    run = np.maximum(column("run", 0)[order], 1.0)
    start = submit + np.maximum(column("wait", 0)[order], 0.0)

    def codes(name: str) -> Ints:
        return np.unique(column(name, -1)[order], return_inverse=True)[1].astype(np.int64)

    numbers = column("job", -1) if "job" in columns else np.arange(1, count + 1, dtype=np.float64)
    return Log(
        job=numbers[order].astype(np.int64),
        submit=submit,
        start=start,
        end=start + run,
        run=run,
        procs=np.maximum(column("procs", 1)[order], 1.0),
        requested=np.maximum(column("reqtime", 0)[order], 0.0),
        user=codes("user"),
        app=codes("app"),
        queue=codes("queue") if "queue" in columns else codes("part"),
        group=codes("group"),
        memory=np.maximum(column("reqmem", 0)[order], 0.0),
        size=np.maximum(column("input_bytes", 0)[order], 0.0),
    )


@dataclass(frozen=True, slots=True)
class Trail:
    """Jobs grouped by a key and put in order of some moment; `before` finds the last ones of a key before a time."""

    rows: Ints  # all jobs, by key, then by moment
    moments: Floats
    starts: Ints  # where each key begins in `rows`; one more at the end

    def before(self, keys: Ints, times: Floats, count: int) -> Ints:
        """Return the rows of the `count` newest jobs of each key strictly before each time, newest first; -1 = none."""
        stop = self.position(keys, times)
        at = stop[:, None] - 1 - np.arange(count)
        rows = self.rows[np.maximum(at, 0)]
        return np.where(at >= self.starts[keys][:, None], rows, -1)

    def position(self, keys: Ints, times: Floats) -> Ints:
        """Return where in `rows` the jobs of each key end that lie strictly before each time."""
        low, high = self.starts[keys].copy(), self.starts[keys + 1].copy()
        while True:
            open_ = low < high
            if not open_.any():
                return low
            middle = (low + high) // 2
            less = self.moments[np.minimum(middle, len(self.moments) - 1)] < times
            low = np.where(open_ & less, middle + 1, low)
            high = np.where(open_ & ~less, middle, high)


def trail(keys: Ints, moments: Floats) -> Trail:
    """Return the trail of jobs by key in the order of their moments."""
    rows = np.lexsort((moments, keys))
    starts = np.searchsorted(keys[rows], np.arange(int(keys.max(initial=-1)) + 2))
    return Trail(rows.astype(np.int64), moments[rows], starts.astype(np.int64))


def key_of(*codes: NDArray[np.generic]) -> Ints:
    """Return one dense code for each combination of several columns."""
    key = np.zeros(len(codes[0]), dtype=np.int64)
    for one in codes:
        values = np.unique(one, return_inverse=True)[1].astype(np.int64)
        key = np.unique(key * (int(values.max(initial=0)) + 1) + values, return_inverse=True)[1].astype(np.int64)
    return key
