"""Cross-cluster run times on the Lotaru traces: profiled on one machine, predicted on five others."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.figures import Figure, figure
from heroes.placement.rules.transfer import Home, Residual, correction, home, ratio

_FILES = {"local": "local", "a1": "asok01", "a2": "asok02", "n1": "n1", "n2": "n2", "c2": "c2"}
_TARGETS = ("a1", "a2", "n1", "n2", "c2")
_PROFILED = 6
Row = dict[str, Any]
Task = tuple[str, str]


def cross_cluster(traces: Path) -> Iterator[Figure]:
    """Median error, and what choosing the machine that is predicted to be fastest costs.

    The profile: the first six runs of each task on the local machine; the targets' benchmarks; and what finished on
    the target with smaller inputs of the workflow. A task is told by the workflow's input: its own, often a compressed
    file, differs by some bytes from machine to machine.
    """
    folder = traces / "workflow"
    from pyarrow import parquet

    rows = parquet.read_table(folder / "lotaru_tasks_7machines.parquet").to_pylist()
    ratios = _ratios(folder / "lotaru_bench")
    for online, words in ((False, "cold"), (True, "with what finished there")):
        errors: list[float] = []
        chosen: dict[Any, list[tuple[float, float]]] = defaultdict(list)
        for experiment in (1, 2):
            homes = _homes(rows, experiment)
            for node in _TARGETS:
                for row, predicted in _predicted(rows, node, homes, ratios[node], online=online):
                    real = math.log(max(row["Realtime"], 1) / 1e3)
                    errors.append(abs(math.exp(predicted - real) - 1))
                    key = experiment, row["Workflow"], row["Task"], row["WorkflowInputUncompressed"]
                    chosen[key].append((predicted, real))
        regrets = [
            math.exp(min(one)[1] - min(real for _, real in one)) - 1
            for one in chosen.values()
            if len(one) == len(_TARGETS)
        ]
        yield figure(f"Lotaru, {words}: median error", [100 * float(np.median(errors))], "%", "≤ 8")
        yield figure(f"Lotaru, {words}: regret of the machine chosen", [100 * float(np.mean(regrets))], "%", "≤ 0.8")


def _size(row: Row) -> float:
    return float(row["TaskInputSizeUncompressed"])


def _ratios(folder: Path) -> dict[str, dict[Task, float]]:
    """Return target over local by node and task; the middle of three repetitions."""
    measured: dict[str, dict[Task, float]] = {}
    for node, name in _FILES.items():
        with (folder / f"bio-bench-{name}.csv").open() as file:
            found = {(row[0].lower(), row[1]): median(map(float, row[3:6])) for row in list(csv.reader(file))[1:]}
        measured[node] = {task: seconds for task, seconds in found.items() if seconds > 0}
    local = measured.pop("local")
    return {
        node: {task: one / local[task] for task, one in found.items() if task in local}
        for node, found in measured.items()
    }


def _homes(rows: list[Row], experiment: int) -> dict[Task, Home]:
    seen: dict[Task, list[Row]] = defaultdict(list)
    for row in rows:
        if row["node"] == "local" and row["Label"] == f"train-{experiment}":
            seen[row["Workflow"], row["Task"]].append(row)
    homes = {}
    for task, runs in seen.items():
        first = runs[:_PROFILED]
        found = home([_size(row) for row in first], [row["Realtime"] / 1e3 for row in first])
        if found is not None:
            homes[task] = found
    return homes


def _predicted(
    rows: list[Row], node: str, homes: dict[Task, Home], ratios: dict[Task, float], *, online: bool
) -> Iterator[tuple[Row, float]]:
    """Yield the test runs of a node with their predicted log seconds, smaller workflow inputs first."""
    tests = [row for row in rows if row["node"] == node and row["Label"] == "test"]
    tests = [row for row in tests if (row["Workflow"], row["Task"]) in homes]
    same: dict[Task, list[Residual]] = defaultdict(list)
    all_off: dict[Task, list[float]] = defaultdict(list)
    for size in sorted({row["WorkflowInputUncompressed"] for row in tests}):
        now = [row for row in tests if row["WorkflowInputUncompressed"] == size]
        news = []
        for row in now:
            task = row["Workflow"], row["Task"]
            own = ratios.get((task[0].lower(), task[1]))
            base = homes[task].at(_size(row)) + (ratio([own] if own else [], list(ratios.values())) or 0.0)
            log_input = math.log(_size(row) + 1024)
            others = [off for other, offs in all_off.items() if other != task for off in offs]
            yield row, base + (correction(same[task], others, log_input) if online else 0.0)
            news.append((task, Residual(math.log(max(row["Realtime"], 1) / 1e3) - base, log_input)))
        for task, residual in news:
            same[task].append(residual)
            all_off[task].append(residual.off)
