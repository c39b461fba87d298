"""Commands and queries of placement."""

from heroes.placement.rules import Need, Observation
from heroes.placement.service import policies
from heroes.placement.service.keeping import (
    NOTHING,
    Expected,
    Promised,
    get,
    happened,
    keep,
    listing,
    moved_bound,
    promised,
    summary,
)
from heroes.placement.service.observing import ended, observe, observe_all, told
from heroes.placement.service.ranking import NEEDS_BUDGET, ceiling, choose, rank
from heroes.placement.service.reporting import report
from heroes.placement.service.standing import Standing, standing

__all__ = [
    "NEEDS_BUDGET",
    "NOTHING",
    "Expected",
    "Need",
    "Observation",
    "Promised",
    "Standing",
    "ceiling",
    "choose",
    "ended",
    "get",
    "happened",
    "keep",
    "listing",
    "moved_bound",
    "observe",
    "observe_all",
    "policies",
    "promised",
    "rank",
    "report",
    "standing",
    "summary",
    "told",
]
