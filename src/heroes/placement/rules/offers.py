"""What a place offers for a need: its worst-case price and what is predicted there; or why it cannot be used."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

import numpy as np

from heroes.costs.rules import Bounds, Quantities, Terms, Unbounded, price, worst_case
from heroes.data.rules import Speed
from heroes.placement.rules import waits
from heroes.placement.rules.borrowing import borrowed
from heroes.placement.rules.constraints import constrain
from heroes.placement.rules.consumption import PowerModel, carbon
from heroes.placement.rules.history import History
from heroes.placement.rules.moving import Moving, moving
from heroes.placement.rules.needs import (
    ClusterView,
    Discard,
    Need,
    Observation,
    QueueView,
    moved_bytes_bound,
    walltime_bound,
    walltimes,
)
from heroes.placement.rules.prediction import predict
from heroes.placement.rules.quantities import ENOUGH, Prediction, Quantity, capped, combined, nothing, scaled
from heroes.placement.rules.reliability import Reliability
from heroes.placement.rules.sizing import Sizer, learn


@dataclass(frozen=True, slots=True)
class Spot:
    """A queue with its price and what was seen there, newest first. `terms` None: no tariff is in force."""

    cluster: ClusterView
    queue: QueueView | None
    terms: Terms | None
    observations: History | Sequence[Observation] = ()
    elsewhere: Mapping[str, History] = field(default_factory=dict)
    """what was seen on each queue, to borrow from where this one has seen nothing"""
    speeds: Mapping[str, float] = field(default_factory=dict)
    """benchmark score of each queue"""
    reliability: Reliability | None = None
    power: PowerModel | None = None
    """what jobs take where no meter told"""
    speed: Speed | None = None
    """how fast data went there lately"""


@dataclass(frozen=True, slots=True)
class Offer:
    """What one place offers for all jobs of a step; `one` is the prediction for a single job."""

    spot: Spot
    step: str
    worst: Decimal
    one: Prediction
    time: Quantity
    wait: Quantity
    memory: Quantity
    energy: Quantity
    cost: Quantity
    carbon: Quantity
    moving: Moving


def offer(need: Need, spot: Spot, *, currencies: Collection[str], now: datetime) -> Offer | Discard:
    """Return what a place offers; `currencies` are those of the budgets that would pay, empty: any will do."""
    found = constrain(need, spot.cluster, spot.queue, now=now)
    if found is not None or spot.queue is None:
        return found or Discard("no_queue", f"{spot.cluster.name} has no queue.", "Choose another cluster.", whole=True)
    where = f"{spot.cluster.name}/{spot.queue.name}"
    if spot.terms is None:
        cure = f"Its provider publishes a tariff for {spot.cluster.name}; until then nobody can be charged for it."
        return Discard("no_tariff", f"{where} has no price.", cure)
    other = sorted(set(currencies) - {spot.terms.currency})
    if other:
        reason = f"{where} is priced in {spot.terms.currency}, and your budget is in {', '.join(other)}."
        cure = f"Choose a cluster priced in {other[0]}, or ask for another budget."
        return Discard("other_currency", reason, cure, facts={"currency": spot.terms.currency, "budget": other})
    bounds = Bounds(
        nodes=need.nodes,
        cores=need.charged_cores,
        gpus=need.gpus,
        walltime_s=walltime_bound(need, spot.queue),
        moved_bytes=moved_bytes_bound(need),
    )
    try:
        worst = sum(
            (
                worst_case(spot.terms, replace(bounds, walltime_s=one), count=need.count, attempts=times)
                for one, times in walltimes(need, spot.queue)
            ),
            Decimal(0),
        )
    except Unbounded as error:
        cure = "Ask for what has no bound, or ask the provider to bound it in the tariff."
        return Discard("unbounded_cost", str(error), cure, facts={"missing": error.missing})
    return _predicted(need, spot, spot.queue, spot.terms, worst, now)


def _predicted(need: Need, spot: Spot, queue: QueueView, terms: Terms, worst: Decimal, now: datetime) -> Offer:
    one = predict(spot.observations, need, queue=queue)
    lent = borrowed(queue.id, spot.elsewhere, need, spot.speeds) if one.time.n_similar < ENOUGH else None
    if lent is not None and (one.time.value is None or lent.time.low80 is not None):
        time = lent.time if need.walltime_s is None else capped(lent.time, float(need.walltime_s))
        one = replace(one, time=time, memory=one.memory if one.memory.value is not None else lent.memory)
    if one.energy.value is None and spot.power is not None:
        one = replace(one, energy=spot.power.energy(need, queue.id, one))
    time = _one_after_another(one.time, need, queue)
    joules = scaled(one.energy, need.count)
    return Offer(
        spot=spot,
        step=need.step,
        worst=worst,
        one=one,
        time=time,
        wait=one.wait,
        memory=one.memory,
        energy=joules,
        cost=cost(need, one, terms),
        carbon=carbon(joules, time, spot.cluster.location, now),
        moving=moving(need, terms, spot.speed),
    )


def _one_after_another(time: Quantity, need: Need, queue: QueueView) -> Quantity:
    """Return the time of all jobs of a step: side by side, as far as the whole queue has cores for them."""
    if need.count == 1 or not queue.cores_total:
        return time
    at_once = max(1, queue.cores_total // need.charged_cores)
    return scaled(time, math.ceil(need.count / at_once))


def cost(need: Need, one: Prediction, terms: Terms) -> Quantity:
    """Return the price of the predicted consumption of all jobs of a step, in the tariff's currency."""
    if one.time.value is None:
        because = one.time.reason.text if one.time.reason else ""
        return nothing(terms.currency, "time_not_predicted", f"It hangs on the run time, which is unknown. {because}")
    if terms.kwh and one.energy.value is None:
        because = one.energy.reason.text if one.energy.reason else ""
        return nothing(terms.currency, "energy_not_predicted", f"It hangs on the energy, which is unknown. {because}")

    base, each_s, each_j = _line(terms, need.charged_cores, need.nodes, need.gpus, need.moved_bytes)

    def at(seconds: float | None, joules: float | None) -> float | None:
        if seconds is None or (terms.kwh and joules is None):
            return None
        return round((base + each_s * seconds + each_j * (joules or 0.0)) * need.count, 9)

    time, energy = one.time, one.energy
    sure = combined([time, energy], max, "") if terms.kwh else time
    return replace(
        sure,
        value=at(time.value, energy.value),
        unit=terms.currency,
        low80=at(time.low80, energy.low80),
        high80=at(time.high80, energy.high80),
        low90=at(time.low90, energy.low90),
        high90=at(time.high90, energy.high90),
        safe=at(time.safe, energy.safe),
        method=f"the tariff now in force, for the predicted consumption ({time.method})",
    )


def together(offers: Sequence[Offer], currency: str) -> dict[str, Quantity]:
    """Return the quantities of a whole workflow from those of its steps, taken one after the other."""
    steps = "sum over the steps, one after the other"
    costs = [one.cost if one.cost.value is not None else replace(one.cost, unit=currency) for one in offers]
    return {
        "time": combined([one.time for one in offers], sum, f"{steps}, jobs of a step side by side"),
        "wait": replace(
            combined([one.wait for one in offers], sum, f"{steps}, each waiting once"),
            chances=waits.together([one.wait for one in offers]),
        ),
        "handling": combined([one.one.handling for one in offers], sum, f"{steps}, each handled once"),
        "memory": combined([one.memory for one in offers], max, "highest of the steps, per node"),
        "energy": combined([one.energy for one in offers], sum, "sum over all jobs"),
        "cost": combined(costs, sum, "sum over all jobs"),
        "carbon": combined([one.carbon for one in offers], sum, "sum over all jobs"),
    }


@lru_cache(maxsize=4096)
def _line(terms: Terms, cores: int, nodes: int, gpus: int, moved_bytes: int) -> tuple[float, float, float]:
    """Return what one job costs at the start, by the second and by the joule; a price is a straight line."""

    def one_of(seconds: float) -> float:
        used = Quantities(
            core_s=seconds * cores,
            node_s=seconds * nodes,
            gpu_s=seconds * gpus,
            moved_bytes=moved_bytes,
        )
        return float(price(terms, used).total)

    base = one_of(0.0)
    return base, (one_of(3600.0) - base) / 3600.0, float(terms.kwh) / 3.6e6


_MINUTE = 60
_MARGIN = 1.2
_MIB = 2**20


def suggested(one: Offer, need: Need | None = None) -> tuple[int | None, int | None]:
    """Return walltime (s) and memory (bytes per node) to ask for.

    The walltime lies a fifth above the safe limit; the memory is what would have cost least for the step's own runs
    here, retries included, and never below the upper end of what is predicted while runs are few.
    """
    time, memory = one.one.time, one.one.memory
    walltime = asked = None
    if time.n_similar >= ENOUGH and time.safe is not None:
        walltime = math.ceil(time.safe * _MARGIN / _MINUTE) * _MINUTE
        limit = one.spot.queue.max_walltime_s if one.spot.queue else None
        walltime = walltime if limit is None else min(walltime, limit)
    if memory.n_similar >= ENOUGH and memory.high90 is not None:
        bound = memory.high90 * _MARGIN
        learned = _learned_size(one, need) if need is not None else None
        asked = math.ceil((bound if learned is None else max(learned, memory.value or 0.0)) / _MIB) * _MIB
    return walltime, asked


_LEARNED_FROM = 12


def _learned_size(one: Offer, need: Need) -> float | None:
    runs = History.of(one.spot.observations).of_step(need.workflow_id, need.step)
    if need.input_bytes is None:
        return None
    if runs.sizes is None:
        used = runs.measured["memory"]
        known = used > 0
        if int(known.sum()) < _LEARNED_FROM:
            return None
        runs.sizes = learn(np.exp(runs.input[known]), used[known], runs.measured["time"][known])
    found: Sizer | None = runs.sizes
    return None if found is None else found.at(float(need.input_bytes)) * _MARGIN
