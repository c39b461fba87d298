"""Memory sized by Sizey's protocol (CLUSTER 2024): 30 % of each task's runs as history, then online."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.figures import Figure, figure
from heroes.placement.rules.sizing import after_failure, learn

STRICT = "memory, strict order of time"
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

    yield from strict(traces)


def strict(traces: Path) -> Iterator[Figure]:
    """The same in strict order of time: known is what had completed before the submission; at first the preset."""
    names = ["workflow", "process", "rss", "rchar", "realtime", "memory", "submit", "complete"]
    lost = attempts = tasks = 0.0
    for one in _groups(traces, names).values():
        one.sort(key=lambda row: row["submit"])
        used, inputs, hours, preset, submit, complete = (
            np.array([row[name] or 0.0 for row in one], dtype=np.float64)
            for name in ("rss", "rchar", "realtime", "memory", "submit", "complete")
        )
        for number in range(len(one) - int(np.ceil(_TEST * len(one))), len(one)):
            known = np.flatnonzero(complete < submit[number])
            past = known[np.argsort(-complete[known], kind="stable")]
            found = learn(inputs[past], used[past], hours[past])
            asked = preset[number] if found is None else found.at(float(inputs[number]))
            highest = float(used[past].max(initial=0.0))
            while asked < used[number]:
                lost += asked * hours[number] / 3.6e6 / 1e9
                attempts += 1
                asked = after_failure(asked, highest)
            lost += (asked - used[number]) * hours[number] / 3.6e6 / 1e9
            tasks += 1
    yield figure(f"{STRICT}: wasted", [lost], "GBh", "≤ 3,000")
    yield figure(f"{STRICT}: failed attempts", [100 * attempts / tasks], "%")


def _online(used: Column, inputs: Column, hours: Column, tests: int) -> tuple[float, int]:
    """Size the first `tests` runs one after the other; what stands behind them is history, oldest last."""
    lost, failures = 0.0, 0
    for number in range(tests):
        past = np.concatenate([np.arange(number)[::-1], np.arange(tests, len(used))])
        found = learn(inputs[past], used[past], hours[past])
        asked = float(used[past].max()) if found is None else found.at(float(inputs[number]))
        while asked < used[number]:
            lost += asked * hours[number] / 1e9
            failures += 1
            asked = after_failure(asked, float(used[past].max()))
        lost += (asked - used[number]) * hours[number] / 1e9
    return lost, failures


def _table(traces: Path) -> list[tuple[Column, Column, Column]]:
    """Return (rss, bytes read, hours) of each task."""
    groups = _groups(traces, ["workflow", "process", "rss", "rchar", "realtime"]).values()
    columns = [[(row["rss"], row["rchar"] or 0.0, row["realtime"] / 3.6e6) for row in one] for one in groups]
    return [(table[0], table[1], table[2]) for one in columns for table in [np.array(one).T]]


def _groups(traces: Path, names: list[str]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return the runs of each task that has enough of them, all with a measured time."""
    from pyarrow import parquet

    rows = parquet.read_table(traces / "workflow" / "sizey_nextflow_tasks.parquet", columns=names).to_pylist()
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if (row["rss"] or 0) > 0:
            groups.setdefault((row["workflow"], row["process"]), []).append(row)
    return {key: runs for key, runs in groups.items() if len(runs) >= _LEAST and all(r["realtime"] > 0 for r in runs)}
