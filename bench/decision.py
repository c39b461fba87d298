"""One decision: 50 jobs by 20 clusters, 10,000 finished jobs known; CPU of the arithmetic, without the database."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np

from bench.figures import Figure, figure
from heroes.costs.rules import Terms
from heroes.energy.nodes import node
from heroes.kit.process import keep_loaded
from heroes.placement import rules
from heroes.placement.rules import (
    ClusterView,
    History,
    LineView,
    Need,
    Observation,
    Policy,
    PowerModel,
    QueueView,
    Spot,
)
from heroes.placement.service.ranking import _assess, assemble
from heroes.placement.service.showing import Aim

JOBS, CLUSTERS, FINISHED, STEPS = 50, 20, 10_000, 10
_NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_TERMS = Terms(currency="EUR", core_hour=Decimal("0.02"))
_REPETITIONS = 20
_XEON = {"cpu": "Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", "chips": 2, "cores": 80, "threads_per_core": 2}


def decision() -> Iterator[Figure]:
    """Every need differs, so nothing is shared but what was seen; half of the clusters have no meter."""
    seen, needs = _seen(), [_need(number) for number in range(JOBS)]
    keep_loaded()  # as every process of the platform does
    runs = [_measured(lambda: _times(seen, needs)) for _ in range(_REPETITIONS)]
    yield figure("decision, run times only", runs, "CPU ms", "≤ 150")
    yield figure("decision, run times only: p99 / median", [_tail(runs)], "×", "≤ 2")
    runs = [_measured(lambda: _ranking(seen, needs)) for _ in range(_REPETITIONS)]
    yield figure("decision, all quantities, ranked and explained", runs, "CPU ms", "≤ 400")
    yield figure("decision, all quantities: p99 / median", [_tail(runs)], "×", "≤ 2")


def _measured(what: Callable[[], object]) -> float:
    began = time.process_time()
    what()
    return 1000 * (time.process_time() - began)


def _tail(runs: list[float]) -> float:
    return float(np.quantile(runs, 0.99) / np.median(runs))


def _times(seen: dict[str, list[Observation]], needs: list[Need]) -> None:
    histories = {queue: History(rows) for queue, rows in seen.items()}
    for need in needs:
        for history in histories.values():
            rules.predict(history, need, quantities=("time",))


def _ranking(seen: dict[str, list[Observation]], needs: list[Need]) -> None:
    histories = {queue: History(rows) for queue, rows in seen.items()}
    spots = [_spot(number, histories) for number in range(CLUSTERS)]
    nodes = {spot.queue.id: node(spot.queue.facts, spot.queue.cores_per_node) for spot in spots if spot.queue}
    power = PowerModel(nodes, histories)
    spots = [replace(spot, power=power) for spot in spots]
    assessed = [_assess(need, spots, (), _NOW) for need in needs]
    found = assemble(assessed, spots, Aim(Policy.WEIGHTED, rules.weights_of(Policy.WEIGHTED, None), _NOW))
    assert len(found.candidates) == CLUSTERS


def _spot(number: int, histories: dict[str, History]) -> Spot:
    line = LineView(state="CONNECTED", last_heard_at=_NOW)
    queue = QueueView(
        id=f"que_{number}",
        name="main",
        nodes_total=64,
        nodes_free=8,
        cores_per_node=40,
        cores_total=2560,
        max_walltime_s=86400,
        facts={**_XEON, "commands": ["python3"], "speed": 900 + 10 * number},
    )
    return Spot(
        ClusterView(id=f"clu_{number}", name=f"cluster-{number}", state="READY", line=line, location="DE"),
        queue,
        _TERMS,
        observations=histories[queue.id],
        elsewhere=histories,
        speeds={f"que_{one}": 900.0 + 10 * one for one in range(CLUSTERS)},
    )


def _need(number: int) -> Need:
    dice = random.Random(number)
    return Need(
        step=f"step-{number % STEPS}",
        workflow_id="wfl_1",
        cores=dice.choice([1, 4, 16, 40]),
        walltime_s=36000,
        input_bytes=dice.randint(10**6, 10**9),
        moved_bytes=10**7,
        params={"cells": dice.randint(100, 10_000), "model": dice.choice(["k-epsilon", "sst"])},
    )


def _seen() -> dict[str, list[Observation]]:
    """The newest runs as a decision reads them: the last 64 of each step and of all kinds, of 10,000."""
    dice = random.Random(1)
    found: dict[str, list[Observation]] = {f"que_{number}": [] for number in range(CLUSTERS)}
    for number in range(FINISHED):
        cells, cores = dice.randint(100, 10_000), dice.choice([1, 4, 16, 40])
        queue = number % CLUSTERS
        seconds = cells / cores**0.8 * dice.lognormvariate(0, 0.2)
        found[f"que_{queue}"].append(
            Observation(
                workflow_id="wfl_1",
                step=f"step-{dice.randrange(STEPS)}",
                user_id="usr_1",
                cluster_id=f"clu_{queue}",
                queue_id=f"que_{queue}",
                job_id=f"job_{number}",
                cores=cores,
                nodes=1,
                gpus=0,
                input_bytes=dice.randint(10**6, 10**9),
                params={"cells": cells, "model": dice.choice(["k-epsilon", "sst"])},
                run_s=seconds,
                wait_s=dice.expovariate(1 / 300),
                memory_bytes=dice.randint(10**8, 10**10),
                energy_j=seconds * cores * 5 if queue % 2 else None,
            )
        )
    return found
