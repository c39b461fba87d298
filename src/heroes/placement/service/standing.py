"""Whether a cluster takes jobs at all, whatever is asked of it."""

from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.identity import Caller
from heroes.kit.db import transaction_time
from heroes.placement import rules
from heroes.placement.service.ranking import viewed


class Standing(StrEnum):
    """How a cluster, or one queue of it, stands. `GONE`: it is not there, or the caller may not see it."""

    OPEN = "open"
    SHUT = "shut"
    GONE = "gone"


async def standing(session: AsyncSession, who: Caller, cluster_id: str, queue: str = "") -> Standing:
    """Return whether the cluster takes jobs of the caller now, in this queue or, without one, in any."""
    places = [one for one in await clusters.candidates_rows(session, who) if one.cluster.id == cluster_id]
    if not places:
        return Standing.GONE
    views = [viewed(place, who) for place in places]
    shut = rules.standing(views[0][0], now=await transaction_time(session)) is not None
    named = [one for _, one in views if one is not None and queue in {"", one.name}]
    if queue and not named and places[0].queue is not None:
        return Standing.GONE
    return Standing.OPEN if not shut and any(map(rules.is_open, named)) else Standing.SHUT
