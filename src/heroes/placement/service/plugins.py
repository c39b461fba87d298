"""Criteria from packages installed beside the platform, by the entry point group `heroes.criteria`.

One is a function of what is known of a place (`Known`) that returns an amount, lower = better, or None = unknown. It is
used by its weight, as in `{"time": 1, "plugin:night": 0.5}`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

import structlog

from heroes.kit.faults import Wrong
from heroes.placement.rules import PLUGIN, Quantity, Spot

GROUP = "heroes.criteria"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a criterion may look at: seconds, the tariff's currency, joules; None = not predicted."""

    cluster: str
    queue: str
    nodes_free: int
    pending_jobs: int
    time_s: float | None
    wait_s: float | None
    cost: float | None
    energy_j: float | None
    facts: Mapping[str, object]


Criterion = Callable[[Known], float | None]


@cache
def _installed() -> dict[str, Criterion]:
    return {f"{PLUGIN}{one.name}": one.load() for one in entry_points(group=GROUP)}


def known(weights: Mapping[str, float]) -> None:
    """Raise ValueError for a criterion of a plug-in that is not installed."""
    wanted = sorted(name for name in weights if name.startswith(PLUGIN))
    missing = [name for name in wanted if name not in _installed()]
    if missing:
        there = ", ".join(sorted(_installed())) or "none"
        text = f"{', '.join(missing)} is not installed here; there are: {there}"
        raise Wrong(text, "not_installed", missing=missing, there=there)


def values(weights: Mapping[str, float], spot: Spot, quantities: Mapping[str, Quantity]) -> dict[str, float | None]:
    """Return the amount of each wanted criterion at a place; one that fails is unknown there, and logged."""
    wanted = [name for name in weights if name.startswith(PLUGIN)]
    if not wanted:
        return {}
    queue = spot.queue
    told = Known(
        cluster=spot.cluster.name,
        queue=queue.name if queue else "",
        nodes_free=queue.nodes_free if queue else 0,
        pending_jobs=queue.pending_jobs if queue else 0,
        time_s=quantities["time"].value,
        wait_s=quantities["wait"].value,
        cost=quantities["cost"].value,
        energy_j=quantities["energy"].value,
        facts=queue.facts if queue else {},
    )
    found: dict[str, float | None] = {}
    for name in wanted:
        try:
            found[name] = _installed()[name](told)
        except Exception:
            structlog.get_logger().exception("a criterion of a plug-in failed", criterion=name, cluster=told.cluster)
            found[name] = None
    return found
