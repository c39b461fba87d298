"""A criterion for the ranking: how many jobs wait for each free node. Lower is better; None = not known."""

from typing import Any


def amount(place: Any) -> float | None:
    """Return waiting jobs per free node, one added to both, so that an idle queue is not infinitely good."""
    return float((place.pending_jobs + 1) / (place.nodes_free + 1))
