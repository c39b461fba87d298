"""Commands and queries of placement."""

from heroes.placement.rules import Need, Observation
from heroes.placement.service.keeping import get, keep, listing, moved_bound, summary
from heroes.placement.service.observing import ended, observe, observe_all, told
from heroes.placement.service.ranking import NEEDS_BUDGET, ceiling, choose, rank
from heroes.placement.service.reporting import report

__all__ = [
    "NEEDS_BUDGET",
    "Need",
    "Observation",
    "ceiling",
    "choose",
    "ended",
    "get",
    "keep",
    "listing",
    "moved_bound",
    "observe",
    "observe_all",
    "rank",
    "report",
    "summary",
    "told",
]
