"""Memory sized by Sizey's protocol (CLUSTER 2024): 30 % of each task's runs as history, then online."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.figures import Figure, figure
from heroes.placement.rules.sizing import after_failure, size

SEEDS = (1996, 1997, 1998)
_LEAST, _TEST = 34, 0.7
Column = NDArray[np.float64]


def memory(traces: Path) -> Iterator[Figure]:
    """GBh wasted, failed attempts included, and the share of failed attempts; three seeds."""
    table = _table(traces)
    wasted, failed = [], []
    for seed in SEEDS:
        lost = attempts = tasks = 0.0
        for used, inputs, hours in table:
            order = np.random.RandomState(seed).permutation(len(used))
            tests = int(np.ceil(_TEST * len(used)))
            one = _online(used[order], inputs[order], hours[order], tests)
            lost, attempts, tasks = lost + one[0], attempts + one[1], tasks + tests
        wasted.append(lost)
        failed.append(100 * attempts / tasks)
    yield figure("memory, Sizey's protocol: wasted", wasted, "GBh", "≤ 750")
    yield figure("memory, Sizey's protocol: failed attempts", failed, "%", "≤ 6")


def _online(used: Column, inputs: Column, hours: Column, tests: int) -> tuple[float, int]:
    """Size the first `tests` runs one after the other; what stands behind them is history, oldest last."""
    lost, failures = 0.0, 0
    for number in range(tests):
        past = np.concatenate([np.arange(number)[::-1], np.arange(tests, len(used))])
        found = size(inputs[past], used[past], hours[past], float(inputs[number]))
        asked = float(used[past].max()) if found is None else found.memory_bytes
        while asked < used[number]:
            lost += asked * hours[number] / 1e9
            failures += 1
            asked = after_failure(asked, float(used[past].max()))
        lost += (asked - used[number]) * hours[number] / 1e9
    return lost, failures


def _table(traces: Path) -> list[tuple[Column, Column, Column]]:
    """Return (rss, bytes read, hours) of each task that has enough runs, all of them with a measured time."""
    from pyarrow import parquet

    names = ["workflow", "process", "rss", "rchar", "realtime"]
    rows = parquet.read_table(traces / "workflow" / "sizey_nextflow_tasks.parquet", columns=names).to_pylist()
    groups: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for row in rows:
        if (row["rss"] or 0) > 0:
            values = row["rss"], row["rchar"] or 0.0, row["realtime"] / 3.6e6
            groups.setdefault((row["workflow"], row["process"]), []).append(values)
    kept = [np.array(runs).T for runs in groups.values() if len(runs) >= _LEAST]
    return [(one[0], one[1], one[2]) for one in kept if np.all(one[2] > 0)]
