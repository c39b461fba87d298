"""What a job takes where no meter tells: by runs of it that were metered elsewhere, else by what its nodes are.

A node's power under full load comes from the published results of like servers (SPECpower); a GPU's from its limit.
Whoever shows a figure from here names `source`: it is a model, never a measurement.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from heroes.energy.power import Metered, Server, known_device, server, unseen_device
from heroes.energy.processors import design_power
from heroes.energy.tables import table

_HEADROOM = 1.5
"""What a node can take above the load of SPECpower, which is no stress test."""

MODEL = "model: "
"""begins the source of a figure that nothing measured"""
_KNOWN, _UNSEEN, _MODEL = (0.06, 0.10), (0.20, 0.35), (0.50, 0.70)
"""How far off (log) 8 and 9 of 10 jobs may be. The model's own error is half of the last; how busy a job keeps its
cores is not known to it."""


_ALIKE = 2
"""How many words two processors' names must share, such as maker and family, for one to tell of the other."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node as its probe saw it: what does the work, its cores, and the watts of these and of each GPU at most."""

    processor: str
    cores: int
    cores_w: float
    gpu: str | None = None
    gpu_w: float = 0.0

    def device(self, gpus: int) -> str:
        """Return what a job with so many GPUs runs on."""
        return self.gpu if gpus and self.gpu else self.processor

    def full_load(self, cores: int) -> float:
        """Return the watts of so many of its cores, and their part of the rest of the node, all of them busy."""
        return self.cores_w * cores / self.cores

    def most(self, cores: int, gpus: int) -> float:
        """Return the watts that a job can take at most."""
        return self.full_load(cores) * _HEADROOM + gpus * self.gpu_w


@dataclass(frozen=True, slots=True)
class Power:
    """Mean watts of a job by a model; off at most by `off80` and `off90` (log) in 8 and 9 of 10 cases."""

    watts: float
    off80: float
    off90: float
    source: str


@cache
def published() -> tuple[tuple[Server, ...], str]:
    """Return the servers whose power is published, and where and when that was taken from."""
    rows, head = table("servers.csv")
    known = tuple(
        Server(
            cpu=row["cpu"],
            chips=int(row["chips"]),
            cores=int(row["cores"]),
            threads=int(row["threads"]),
            mhz=float(row["mhz"]),
            memory_gb=float(row["memory_gb"]),
            published=float(row["published"]),
            watts=float(row["watts"]),
            design_w=design_power(row["cpu"]) or math.nan,
        )
        for row in rows
    )
    found = re.search(r"\d{4}-\d{2}-\d{2}", head)
    return known, f"SPECpower results of {found.group() if found else 'unknown date'}"


def node(facts: Mapping[str, Any], cores: int) -> Node | str:
    """Return a queue's node by the facts of its probe, or why nothing is known of its power.

    `cores`: how many the site counts in it, which may be its hardware threads.
    """
    found = _node(*(facts.get(name) for name in _FACTS))
    return found if isinstance(found, str) or not cores else replace(found, cores=cores)


_FACTS = ("cpu", "chips", "cores", "threads_per_core", "mhz", "memory_bytes", "virtual", "gpu", "gpu_limit_w")


@cache
def _node(
    cpu: str | None,
    chips: int | None,
    processors: int | None,
    threads: int | None,
    mhz: int | None,
    memory_bytes: int | None,
    virtual: bool | None,
    gpu: str | None,
    gpu_limit_w: float | None,
) -> Node | str:
    if not cpu or not processors:
        return "What its nodes are is not known; a compliance check tells."
    if virtual:
        return "Its nodes are virtual machines; what they take of their hosts is not known."
    threads, chips = threads or 1, chips or 1
    cores = max(processors // threads, 1)
    known, _ = published()
    words = _words(cpu)
    alike = max(known, key=lambda one: (len(words & _words(one.cpu)), one.published))
    if len(words & _words(alike.cpu)) < _ALIKE:
        return f"No server with a processor like {cpu} is in the published results."
    asked = Server(
        cpu=" ".join(sorted(words)),
        chips=chips,
        cores=cores,
        threads=threads,
        mhz=float(mhz or alike.mhz),
        memory_gb=(memory_bytes or 0) / 2**30 or alike.memory_gb,
        published=alike.published,
        design_w=design_power(cpu) or math.nan,
    )
    watts = server(known, asked)
    assert watts is not None  # there are published servers
    return Node(cpu, processors, watts, gpu or None, float(gpu_limit_w or 0.0))


def _words(cpu: str) -> frozenset[str]:
    """Return what names a processor, without trade marks and clock."""
    plain = re.sub(r"\((r|tm)\)|\bcpu\b|\bprocessor\b|@.*|\d+-core|with .*", " ", cpu.lower())
    return frozenset(plain.split())


class Metering:
    """Runs whose power was metered, as shares of the most that they could take; asked once for each kind of work."""

    def __init__(self, runs: Sequence[Metered]) -> None:
        self._runs = runs
        self._of: dict[tuple[str, str], list[Metered]] = {}
        for one in runs:
            self._of.setdefault((one.device, one.network), []).append(one)
        self._networks = {one.network for one in runs}
        self._limits = {one.device: 1.0 for one in runs}
        self._told: dict[tuple[str, str, float], tuple[float, bool] | None] = {}

    def share(self, device: str, network: str, size: float) -> tuple[float, bool] | None:
        """Return which share of the most a work takes on a device, and whether it was metered on such a one."""
        if network not in self._networks:
            return None
        key = device, network, round(math.log(size), 1)
        if key not in self._told:
            asked = Metered(device, network, size, "", 1.0)
            same = known_device(self._of.get((device, network), ()), asked)
            other = unseen_device(self._runs, asked, {device: 1.0, **self._limits}) if same is None else None
            found = same if same is not None else other
            self._told[key] = None if found is None else (found, same is not None)
        return self._told[key]


def metered(here: Node, *, network: str, size: float, cores: int, gpus: int, joules: float, seconds: float) -> Metered:
    """Return a run with its power as the share of the most that it could take there."""
    share = joules / seconds / here.most(cores, gpus)
    return Metered(here.device(gpus), network, size, "", 1.0, share)


def power(here: Node | str, metering: Metering, *, network: str, size: float, cores: int, gpus: int) -> Power | str:
    """Return the mean watts of a job on a node that no meter told of yet, or why they are not known."""
    if isinstance(here, str):
        return here
    device = here.device(gpus)
    if gpus and not here.gpu_w:
        return f"The power limit of its GPUs is not known ({here.gpu or 'a compliance check tells it'})."
    found = metering.share(device, network, size)
    if found is not None:
        share, same = found
        off = _KNOWN if same else _UNSEEN
        where = f"on {device} elsewhere" if same else f"on other hardware, carried over to {device}"
        return Power(share * here.most(cores, gpus), *off, f"model: power metered in runs of this step {where}")
    if gpus:
        return "No run of this step was metered anywhere, and what a program takes of a GPU's limit differs too much."
    watts = here.full_load(cores)
    ground = f"{watts:.0f} W, its share of the cores of a node of {here.processor} under full load"
    return Power(watts, *_MODEL, f"{MODEL}{ground} ({published()[1]})")
