"""Power predicted from measured examples: GPU jobs (Zeus) and servers (SPECpower)."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.figures import Figure, figure
from heroes.energy.power import Metered, Server, known_device, server, unseen_device
from heroes.energy.processors import design_power

_DEVICES = ("v100", "a40", "rtx6000", "p100")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def power(traces: Path) -> Iterator[Figure]:
    """Mean error of GPU power for new batch sizes and for unseen devices; middle error of later published servers."""
    runs = _gpu_runs(traces / "power")
    folds = [100 * _new_batch_sizes(runs, seed) for seed in range(4)]
    yield figure("GPU job power, new batch size", [float(np.mean(folds))], "%", "≤ 3")
    yield figure("GPU job power, unseen device", [100 * _unseen_devices(runs)], "%", "≤ 15")
    yield figure("server watts from specs", [100 * _later_servers(traces / "power")], "%", "≤ 10")


def _gpu_runs(folder: Path) -> list[Metered]:
    found = []
    for device in _DEVICES:
        with (folder / f"zeus_power_{device}.csv").open() as file:
            for row in csv.DictReader(file):
                found.append(
                    Metered(
                        device,
                        f"{row['dataset']}/{row['network']}",
                        float(row["batch_size"]),
                        row["optimizer"],
                        float(row["power_limit"]),
                        float(row["average_power"]),
                    )
                )
    return [one for one in found if one.watts > 0]


def _new_batch_sizes(runs: list[Metered], seed: int) -> float:
    """Five folds over the configurations (device, network, batch size): none is predicted from itself."""
    keys = sorted({(one.device, one.network, one.batch) for one in runs})
    fold_of = dict(zip(keys, np.random.default_rng(seed).integers(0, 5, len(keys)).tolist(), strict=True))
    errors = []
    for fold in range(5):
        known: dict[tuple[str, str], list[Metered]] = defaultdict(list)
        for one in runs:
            if fold_of[one.device, one.network, one.batch] != fold:
                known[one.device, one.network].append(one)
        for one in runs:
            if fold_of[one.device, one.network, one.batch] == fold:
                predicted = known_device(known[one.device, one.network], replace(one, watts=math.nan))
                if predicted is not None:
                    errors.append(abs(predicted / one.watts - 1))
    return float(np.mean(errors))


def _unseen_devices(runs: list[Metered]) -> float:
    limits = {device: max(one.limit_w for one in runs if one.device == device) for device in _DEVICES}
    errors = []
    for key in sorted({(one.device, one.network) for one in runs}):
        known = [one for one in runs if (one.device, one.network) != key]
        for one in runs:
            if (one.device, one.network) == key:
                predicted = unseen_device(known, replace(one, watts=math.nan), limits)
                if predicted is not None:
                    errors.append(abs(predicted / one.watts - 1))
    return float(np.mean(errors))


def _later_servers(folder: Path) -> float:
    """The last 30 % by date, each predicted from all that were published before it."""
    servers = sorted(_servers(folder / "ccf_SPECpower-2026-03-09.csv"), key=lambda one: one.published)
    errors = []
    for one in servers[int(0.7 * len(servers)) :]:
        before = [other for other in servers if other.published < one.published]
        predicted = server(before, replace(one, watts=math.nan))
        if predicted is not None:
            errors.append(abs(predicted / one.watts - 1))
    return float(np.median(errors))


def _servers(path: Path) -> Iterator[Server]:
    with path.open() as file:
        for row in csv.DictReader(file):
            try:
                month, year = row["Published"].split("-")
                yield Server(
                    cpu=row["CPU Description"],
                    chips=int(float(row["Chips"])),
                    cores=int(float(row["# Cores"])),
                    threads=int(float(row["# Threads Per Core"])),
                    mhz=float(row["Processor MHz"]),
                    memory_gb=float(row["Total Memory (GB)"]),
                    published=int(year) + _MONTHS.index(month) / 12,
                    watts=float(row["avg. watts @ 100%"]),
                    design_w=design_power(row["CPU Description"]) or math.nan,
                )
            except ValueError:
                continue  # a field of the publication is missing
