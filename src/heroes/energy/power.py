"""Power where no meter tells: of a GPU job from like ones that were measured, of a server from what is published of it.

Pure arithmetic on measured examples; who uses a figure from here names it a model, never a measurement.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_PER_LIMIT, _PER_BATCH, _OTHER_OPTIMIZER = 12.0, 5.0, 0.3
_RIDGE, _BEYOND = 0.002, 0.005


@dataclass(frozen=True, slots=True)
class Metered:
    """A measured job: what ran on which device, the size of its work (a GPU's batch), the most power that it may take
    there (W, a GPU's limit) and its mean power (W)."""

    device: str
    network: str
    batch: float
    optimizer: str
    limit_w: float
    watts: float = math.nan


def known_device(runs: Sequence[Metered], asked: Metered) -> float | None:
    """Return watts from runs of the same network on the same device: a local line in the log of the batch size."""
    same = [one for one in runs if (one.device, one.network) == (asked.device, asked.network)]
    return min(math.exp(_line(same, asked)), asked.limit_w * 1.05) if same else None


def _line(same: Sequence[Metered], asked: Metered) -> float:
    """Return the log of the watts by a line through runs of one network on one device, the nearest first."""
    batch = np.log([one.batch / asked.batch for one in same])
    limit = np.log([one.limit_w / asked.limit_w for one in same])
    other = np.array([one.optimizer != asked.optimizer for one in same], dtype=np.float64)
    weight = np.exp(-_PER_BATCH * np.abs(batch) - _PER_LIMIT * np.abs(limit) - _OTHER_OPTIMIZER * other)
    rows = np.column_stack([np.ones(len(same)), batch, limit])
    weighted = rows * weight[:, None]
    beyond = batch.min() > 0 or batch.max() < 0
    slopes = [0.0, _BEYOND if beyond else _RIDGE, _RIDGE]
    penalty = float(weight.sum()) * np.diag(slopes)
    target = np.log([one.watts for one in same])
    return float(np.linalg.solve(weighted.T @ rows + penalty, weighted.T @ target)[0])


def unseen_device(runs: Sequence[Metered], asked: Metered, limits: dict[str, float]) -> float | None:
    """Return watts on a device that never ran this network, from others that did.

    `limits`: highest power limit (W) of each device. What share of its limit the network draws elsewhere is compared
    with other networks that ran there and here: those that draw alike there tell what it draws here.
    """
    here = [one for one in runs if one.device == asked.device]
    shares: list[tuple[float, float]] = []
    level = asked.limit_w / limits[asked.device]
    by_device: dict[str, list[Metered]] = defaultdict(list)
    for one in runs:
        if one.device != asked.device:
            by_device[one.device].append(one)
    for device, there in by_device.items():
        own = _share(there, asked, level, limits[device])
        if own is None:
            continue
        pairs = _pairs(there, here, asked.network, level, limits[device], limits[asked.device])
        if not pairs:
            shares.append((own, 0.1))
            continue
        theirs, ours = np.array(pairs).T
        weight = np.exp(-np.abs(np.log(theirs / own)) / 0.1) + 1e-9
        shares.append((own * math.exp(float(weight @ np.log(ours / theirs) / weight.sum())), 1.0))
    if not shares:
        return None
    total = sum(weight for _, weight in shares)
    share = math.exp(sum(weight * math.log(one) for one, weight in shares) / total)
    return min(share, 1.0) * asked.limit_w


def _share(runs: Sequence[Metered], asked: Metered, level: float, highest: float) -> float | None:
    """Return which share of its limit a network draws on a device at a level of the limit, nearest batch first."""
    same = [one for one in runs if one.network == asked.network]
    if not same:
        return None
    far = [abs(math.log(one.batch / asked.batch)) + 6 * abs(one.limit_w / highest - level) for one in same]
    weight = np.exp(-2 * np.array(far)) + 1e-12
    return math.exp(float(weight @ np.log([one.watts / one.limit_w for one in same]) / weight.sum()))


def _pairs(
    there: Sequence[Metered], here: Sequence[Metered], network: str, level: float, most_there: float, most_here: float
) -> list[tuple[float, float]]:
    """Return (share there, share here) of other networks, batch by batch, at about this level of the limit."""
    found: dict[tuple[str, float], tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for side, runs, most in ((0, there, most_there), (1, here, most_here)):
        for one in runs:
            if one.network != network and abs(one.limit_w / most - level) < 0.12:
                found[one.network, one.batch][side].append(one.watts / one.limit_w)
    return [(median(a), median(b)) for a, b in found.values() if a and b]


@dataclass(frozen=True, slots=True)
class Server:
    """What is published of a server; `watts` under full load, where it was measured."""

    cpu: str
    chips: int
    cores: int
    threads: int
    mhz: float
    memory_gb: float
    published: float  # year and part of it
    watts: float = math.nan
    design_w: float = math.nan
    """thermal design power of one of its processors, as its maker states it"""


_NEIGHBOURS = 30
_WEIGHTS = np.array([2.5, 1.0, 0.25, 0.5, 0.3, 1.0])


def server(known: Sequence[Server], asked: Server) -> float | None:
    """Return the watts of a server under full load from the nearest of those that were measured.

    Nearest by chips, cores, threads, clock, memory and year, more so with the same processor; their watts per chip
    scaled by the processors' design power, where both are known, and by what cores and memory usually add.
    """
    if not known:
        return None
    mine, rows = _facts(asked), np.array([_facts(one) for one in known])
    names = [_words(one.cpu) for one in known]
    ours = _words(asked.cpu)
    unlike = np.array([1 - len(ours & name) / max(len(ours | name), 1) for name in names])
    stronger = math.log(asked.design_w) - np.log([one.design_w for one in known])
    told = ~np.isnan(stronger)
    stronger[~told] = 0.0
    far = np.abs(rows - mine) @ _WEIGHTS + 1.2 * unlike + np.where(told, 0.5 * np.abs(stronger), 0.15)
    nearest = np.argsort(far, kind="stable")[:_NEIGHBOURS]
    weight = np.exp(-2.5 * (far[nearest] - far[nearest[0]]))
    watts = np.log([known[place].watts for place in nearest.tolist()])
    step = rows[nearest] - mine
    watts += 0.85 * stronger[nearest] - np.where(told[nearest], 0.1, 0.45) * step[:, 1]
    watts -= 1.0 * step[:, 0] + 0.06 * step[:, 4]
    return math.exp(float(weight @ watts / weight.sum()))


def _facts(one: Server) -> Floats:
    return np.array(
        [
            math.log(max(one.chips, 1)),
            math.log(max(one.cores, 1) / max(one.chips, 1)),
            math.log(max(one.threads, 1)),
            math.log(max(one.mhz, 100.0)),
            math.log(max(one.memory_gb, 1.0)),
            one.published / 4.0,
        ]
    )


def _words(cpu: str) -> frozenset[str]:
    return frozenset(cpu.replace("(", " ").replace(")", " ").replace(",", " ").lower().split())
