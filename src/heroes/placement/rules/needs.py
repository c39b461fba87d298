"""What is placed, and what is known of the places: frozen values."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Policy(StrEnum):
    """What a user wants most."""

    FASTEST = "fastest"
    CHEAPEST = "cheapest"
    GREENEST = "greenest"
    WEIGHTED = "weighted"
    DEADLINE = "deadline"
    """the cheapest of those that surely end in time"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one step, or one job of it, asks of a queue.

    `cores`, `tasks` and `gpus` are totals over all nodes, memory is per node. `input_bytes` and `params` only help to
    find similar runs; left out, they play no part. `moved_bound` is the most bytes that one job moves, where that is
    known better than from its inputs.
    """

    step: str
    workflow_id: str
    count: int = 1
    cores: int = 1
    nodes: int = 1
    tasks: int = 1
    memory_bytes: int | None = None
    gpus: int = 0
    walltime_s: int | None = None
    software: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    moved_bytes: int = 0
    moved_bound: int | None = None
    attempts: int = 1
    """bounded starts of one job, all causes together"""
    time_retries: int = 0
    """those of them that follow a time limit, each asking for `time_factor` times the walltime"""
    time_factor: float = 1.0
    avoid: tuple[str, ...] = ()
    """ids of clusters that failed it before: taken only where no other can run it"""
    pinned_cluster: str | None = None
    pinned_queue: str | None = None
    same_as: str | None = None
    """a step on whose cluster this one runs too"""
    not_same_as: str | None = None
    """a step on whose cluster this one must not run"""
    same_clusters: tuple[str, ...] | None = None
    """where the step of `same_as` really runs; None: it has not been placed yet"""
    not_clusters: tuple[str, ...] = ()
    policy: str | None = None
    weights: Mapping[str, float] | None = None
    input_bytes: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def charged_cores(self) -> int:
        """Cores that are reserved and charged."""
        return max(self.cores, self.tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What really happened to one job that ended well, or was lost to a failing node; None = not measured."""

    workflow_id: str
    step: str
    user_id: str | None
    cluster_id: str
    queue_id: str
    job_id: str
    cores: int
    nodes: int
    gpus: int
    input_bytes: int
    params: Mapping[str, Any]
    run_s: float
    wait_s: float | None = None
    handled_s: float | None = None
    """from its order to its settlement, what was neither waiting nor running: ordering, being seen, collecting"""
    memory_bytes: int | None = None
    energy_j: float | None = None
    execution_id: str | None = None
    lost: bool = False
    """ended by a failing node: says how reliable the place is, and nothing else"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """The account that would be used on a cluster, and what is known of its connection."""

    state: str
    last_heard_at: datetime | None
    trouble: str | None = None
    trouble_why: Mapping[str, Any] | None = None
    batch_account: str | None = None
    shared: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterView:
    """A cluster as placement sees it."""

    id: str
    name: str
    state: str
    line: LineView | None
    location: str | None = None
    """where its power comes from: ISO 3166"""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """A queue as last sighted; `facts` is what a compliance check found on its nodes, {} = never checked."""

    id: str
    name: str
    state: str = "UP"
    nodes_total: int = 0
    nodes_free: int = 0
    down_nodes: int = 0
    cores_per_node: int = 0
    cores_total: int = 0
    memory_bytes_per_node: int | None = None
    gpus_per_node: int = 0
    max_walltime_s: int | None = None
    default_walltime_s: int | None = None
    max_nodes: int | None = None
    accounts: tuple[str, ...] | None = None
    pending_jobs: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Discard:
    """Why a place cannot be used, and what would cure it; `whole` = no queue of that cluster can.

    `facts` hold what the sentences tell, for whoever says them in another language.
    """

    code: str
    reason: str
    cure: str
    whole: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


UNKNOWN_BYTES = 2**30
"""Bound of what a job moves beyond the inputs known now: results, and what earlier steps hand on."""


def moved_bytes_bound(need: Need) -> int:
    """Return the most bytes one job of a step is taken to move."""
    return need.moved_bytes + UNKNOWN_BYTES if need.moved_bound is None else need.moved_bound


def walltime_bound(need: Need, queue: QueueView) -> int | None:
    """Return the seconds a job can run at most: asked, else the queue's maximum, else its default."""
    return need.walltime_s or queue.max_walltime_s or queue.default_walltime_s


def walltimes(need: Need, queue: QueueView) -> list[tuple[int | None, int]]:
    """Return (walltime in s, number of attempts) of all bounded attempts of one job, none ending early.

    Each that follows a time limit asks for more, as far as the queue allows; all others are as long as the longest.
    """
    if need.walltime_s is None:
        return [(walltime_bound(need, queue), need.attempts)]
    asked = [need.walltime_s]
    for _ in range(need.time_retries):
        more = math.ceil(asked[-1] * need.time_factor)
        asked.append(more if queue.max_walltime_s is None else max(asked[-1], min(more, queue.max_walltime_s)))
    return [*((one, 1) for one in asked[:-1]), (asked[-1], need.attempts - need.time_retries)]
