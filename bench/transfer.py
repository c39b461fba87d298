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
from heroes.placement.rules.transfer import Home, Residual, home, line_off, machine_off, ratio

_FILES = {"local": "local", "a1": "asok01", "a2": "asok02", "n1": "n1", "n2": "n2", "c2": "c2"}
_TARGETS = ("a1", "a2", "n1", "n2", "c2")
_PROFILED = 6
Row = dict[str, Any]
Task = tuple[str, str]


def cross_cluster(traces: Path) -> Iterator[Figure]:
    """Median error, and what choosing the machine that is predicted to be fastest costs.

    The profile: the first six runs of each task on the local machine; the targets' benchmarks; and what finished on
    the targets with smaller inputs of the workflow.
    """
    folder = traces / "workflow"
    from pyarrow import parquet

    rows = parquet.read_table(folder / "lotaru_tasks_7machines.parquet").to_pylist()
    ratios = _ratios(folder / "lotaru_bench")
    for online, words in ((False, "cold"), (True, "with what finished there")):
        found = [
            (experiment, row, predicted)
            for experiment in (1, 2)
            for row, predicted in _predicted(rows, _homes(rows, experiment), ratios, online=online)
        ]
        errors = [abs(math.exp(predicted - _log_s(row)) - 1) for _, row, predicted in found]
        yield figure(f"Lotaru, {words}: median error", [100 * float(np.median(errors))], "%", "≤ 8")
        yield figure(f"Lotaru, {words}: mean error", [100 * float(np.mean(errors))], "%")
        accuracy = np.mean([math.exp(-abs(predicted - _log_s(row))) for _, row, predicted in found])
        yield figure(f"Lotaru, {words}: accuracy", [float(accuracy)], "")
        yield figure(f"Lotaru, {words}: error of whole workflows", [100 * _of_workflows(found)], "%")
        for told, least_s, whose in (
            ("TaskInputSizeUncompressed", 1.0, "by its own input, from 1 s"),
            ("WorkflowInputUncompressed", 0.0, "by the workflow's input, all"),
        ):
            regrets = _regrets(found, told, least_s)
            said = f"Lotaru, {words}: regret of {len(regrets)} choices, told {whose}"
            yield figure(said, [100 * float(np.mean(regrets))], "%", "≤ 0.8")
            right = 100 * float(np.mean(np.array(regrets) <= 0))
            yield figure(f"Lotaru, {words}: fastest found, told {whose}", [right], "%")


Found = list[tuple[int, Row, float]]


def _regrets(found: Found, told: str, least_s: float) -> list[float]:
    """Return what each choice of a machine costs: the seconds on it over those on the best, less one.

    A choice is that of a task (told by the input's column) on all machines, if it takes `least_s` on the best one; of
    runs with the same input the last counts.
    """
    choices: dict[Any, dict[str, tuple[float, float]]] = defaultdict(dict)
    for experiment, row, predicted in found:
        choices[experiment, row["Workflow"], row["Task"], row[told]][row["node"]] = predicted, _log_s(row)
    best = [
        (min(one.values())[1], min(real for _, real in one.values()))
        for one in choices.values()
        if len(one) == len(_TARGETS)
    ]
    return [math.exp(chosen - least) - 1 for chosen, least in best if math.exp(least) >= 0.9999 * least_s]


def _of_workflows(found: Found) -> float:
    """Return the mean error of the seconds of all tasks of a workflow on a machine."""
    sums: dict[Any, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for experiment, row, predicted in found:
        one = sums[experiment, row["node"], row["Workflow"]]
        one[0] += math.exp(predicted)
        one[1] += math.exp(_log_s(row))
    return float(np.mean([abs(predicted / real - 1) for predicted, real in sums.values()]))


def _log_s(row: Row) -> float:
    return math.log(max(row["Realtime"], 1) / 1e3)


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
    rows: list[Row], homes: dict[Task, Home], ratios: dict[str, dict[Task, float]], *, online: bool
) -> Iterator[tuple[Row, float]]:
    """Yield the test runs of all targets with their predicted log seconds, smaller workflow inputs first."""
    inputs: dict[tuple[float, Task], list[Row]] = defaultdict(list)
    for row in rows:
        if row["node"] in _TARGETS and row["Label"] == "test" and _task(row) in homes:
            inputs[row["WorkflowInputUncompressed"], _task(row)].append(row)
    line: dict[Task, list[Residual]] = defaultdict(list)
    machine: dict[tuple[str, Task], list[Residual]] = defaultdict(list)
    for size in sorted({size for size, _ in inputs}):
        now = [(task, runs) for (one, task), runs in inputs.items() if one == size]
        news = []
        for task, runs in now:
            bases = [homes[task].at(_size(row)) + _ratio(ratios[row["node"]], task) for row in runs]
            for row, base in zip(runs, bases, strict=True):
                yield row, base + (_correction(line, machine, row) if online else 0.0)
            offs = [_log_s(row) - base for row, base in zip(runs, bases, strict=True)]
            news.append((task, runs, offs))
        for task, runs, offs in news:
            everywhere, seconds = median(offs), median(math.exp(_log_s(row)) for row in runs)
            line[task].append(Residual(everywhere, median(map(_log_input, runs)), seconds))
            for row, off in zip(runs, offs, strict=True):
                seen = Residual(off - everywhere, _log_input(row), math.exp(_log_s(row)))
                machine[row["node"], task].append(seen)


def _correction(line: dict[Task, list[Residual]], machine: dict[tuple[str, Task], list[Residual]], row: Row) -> float:
    task = _task(row)
    others = [
        one.off
        for (node, other), seen in machine.items()
        if node == row["node"] and other != task and other[0] == task[0]
        for one in seen
    ]
    return line_off(line[task], _log_input(row)) + machine_off(machine[row["node"], task], others)


def _task(row: Row) -> Task:
    return row["Workflow"], row["Task"]


def _ratio(ratios: dict[Task, float], task: Task) -> float:
    own = ratios.get((task[0].lower(), task[1]))
    return ratio([own] if own else [], list(ratios.values())) or 0.0


def _log_input(row: Row) -> float:
    return math.log(_size(row) + 1024)
