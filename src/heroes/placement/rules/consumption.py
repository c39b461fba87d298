"""Energy where no meter told: the predicted run time at the power of a model, which is always named. And its carbon."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from heroes.energy.carbon import intensity
from heroes.energy.nodes import Metering, Node, Power, metered, power
from heroes.energy.power import Metered
from heroes.placement.rules.history import History, is_number
from heroes.placement.rules.needs import Need, Observation
from heroes.placement.rules.quantities import Prediction, Quantity, nothing, scaled, word

_J_KWH = 3.6e6
_SIZES = ("batch_size", "batch")
_NEWEST, _LEAST = 400, 20
"""How many metered runs are looked at, of all queues together and of each at least."""


class PowerModel:
    """What jobs take on queues that no meter told of: by metered runs on other queues, else by the nodes' hardware."""

    def __init__(self, nodes: Mapping[str, Node | str], histories: Mapping[str, History]) -> None:
        self._nodes = nodes
        of_each = max(_NEWEST // max(len(histories), 1), _LEAST)
        found = []
        for queue, seen in histories.items():
            here = nodes.get(queue)
            if isinstance(here, Node):
                told = [one for one in seen.observations if _told(one) and (not one.gpus or here.gpu_w)]
                found += [_metered(here, one) for one in told[:of_each]]
        self._metering = Metering(found)

    def energy(self, need: Need, queue_id: str, one: Prediction) -> Quantity:
        """Return the joules of one job by the model, or why there are none."""
        time, seen = one.time, one.energy
        why = seen.reason.text if seen.reason else ""
        found = power(
            self._nodes.get(queue_id, "What its nodes are is not known."),
            self._metering,
            network=_work(need.workflow_id, need.step),
            size=_size(need.params, need.input_bytes),
            cores=need.charged_cores,
            gpus=need.gpus,
        )
        if isinstance(found, str):
            return nothing("J", seen.reason.code if seen.reason else "not_measured", f"{why} {found}".strip())
        if time.value is None:
            return nothing("J", "time_not_predicted", f"{why} A model needs the run time, which is unknown.".strip())
        return _at(time, found)


def carbon(joules: Quantity, time: Quantity, place: str | None, now: datetime) -> Quantity:
    """Return the carbon (g CO2e) of energy used at a place, were it to run now; a start hours away is not foreseen."""
    if joules.value is None:
        because = joules.reason.text if joules.reason else ""
        return nothing("g", "energy_not_predicted", f"It hangs on the energy, which is unknown. {because}".strip())
    known = intensity(place, now, time.value or 0.0)
    if known is None:
        where = f"of {place}" if place else "of its cluster, whose location is not set"
        return nothing("g", "place_not_known", f"The carbon of the power {where} is not in the table.")
    source = f"{known.g_kwh:.0f} g CO2e/kWh ({known.source}); energy: {joules.source}"
    return scaled(joules, known.g_kwh / _J_KWH, unit="g", source=source)


def _at(time: Quantity, found: Power) -> Quantity:
    """Return a run time as energy; its interval takes in how far the power may be off."""

    def end(seconds: float | None, off: float, sign: float) -> float | None:
        if seconds is None or not time.value or seconds <= 0:
            return None
        reach = math.hypot(math.log(seconds / time.value), off)
        return float(time.value * found.watts * math.exp(sign * reach))

    accuracy = None if time.accuracy is None else round(time.accuracy * math.exp(-found.off80 / 2), 3)
    sure = word(accuracy or 0.0, time.n_similar)
    high90 = end(time.high90, found.off90, 1)
    return Quantity(
        value=(time.value or 0.0) * found.watts,
        unit="J",
        low80=end(time.low80, found.off80, -1),
        high80=end(time.high80, found.off80, 1),
        low90=end(time.low90, found.off90, -1),
        high90=high90,
        safe=high90,
        confidence="medium" if sure == "high" else sure,
        accuracy=accuracy,
        n_similar=time.n_similar,
        nearest=time.nearest,
        method="predicted run time × mean power",
        source=found.source,
        borrowed=time.borrowed,
        reason=time.reason,
    )


def _told(one: Observation) -> bool:
    return bool(one.energy_j and one.energy_j > 0 and one.run_s > 0)


def _metered(here: Node, one: Observation) -> Metered:
    return metered(
        here,
        network=_work(one.workflow_id, one.step),
        size=_size(one.params, one.input_bytes),
        cores=one.cores,
        gpus=one.gpus,
        joules=one.energy_j or 0.0,
        seconds=one.run_s,
    )


def _work(workflow_id: str, step: str) -> str:
    return f"{workflow_id}/{step}"


def _size(params: Mapping[str, Any], input_bytes: int | None) -> float:
    """Return how large a piece of work is: its batch where a parameter names one, else its input."""
    named = [params[name] for name in _SIZES if is_number(params.get(name)) and params[name] > 0]
    return float(named[0] if named else (input_bytes or 0) + 1024)
