"""What a new price would have changed: real attempts of the past priced by it, beside what they cost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.costs import rules
from heroes.costs.models import Tariff, Usage
from heroes.costs.rules import ZERO, Quantities, Terms
from heroes.identity import Caller, visible
from heroes.kit.db import heroes_now

LOOK_BACK = timedelta(days=30)
MOST = 5000


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of the past: what it cost at the price then, and what it would cost."""

    execution_id: str
    at: datetime
    currency: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Effect:
    """`before` and `after` of all runs that were looked at, which are those of 30 days, at most 5,000 attempts."""

    runs: int
    before: Decimal
    after: Decimal
    samples: list[Sample]


async def effect(
    session: AsyncSession, who: Caller, cluster_id: str, queue_id: str | None, terms: Terms, *, samples: int
) -> Effect:
    """Return what runs of the last 30 days on a cluster or queue cost, and would cost by other terms.

    Only runs that the caller may see and that were priced in the same currency; attempts that were free stay free.
    """
    here = select(Tariff.id).where(Tariff.cluster_id == cluster_id)
    if queue_id is not None:
        here = here.where((Tariff.queue_id == queue_id) | Tariff.queue_id.is_(None))
    asked = visible(Usage, who).where(
        Usage.tariff_id.in_(here), Usage.currency == terms.currency, Usage.created_at > heroes_now() - LOOK_BACK
    )
    rows = await session.scalars(asked.order_by(Usage.created_at.desc()).limit(MOST))
    found: dict[str, Sample] = {}
    for row in rows:
        before, known = row.charged + row.overrun, found.get(row.execution_id)
        after = rules.price(terms, quantities(row.quantities)).total if before or row.lines else ZERO
        found[row.execution_id] = Sample(
            row.execution_id,
            known.at if known else row.created_at,
            row.currency,
            before + (known.before if known else ZERO),
            after + (known.after if known else ZERO),
        )
    runs = list(found.values())
    return Effect(
        len(runs),
        sum((run.before for run in runs), ZERO),
        sum((run.after for run in runs), ZERO),
        _telling(runs, samples),
    )


def _telling(runs: list[Sample], count: int) -> list[Sample]:
    """Return the cheapest, the middle and the dearest run: what a price means shows at its ends."""
    ordered = sorted(runs, key=lambda run: (run.before, run.execution_id))
    if len(ordered) <= count:
        return ordered
    return [ordered[round(place * (len(ordered) - 1) / (count - 1))] for place in range(count)]


def quantities(stored: dict[str, Any]) -> Quantities:
    """Return what was used as it was stored."""
    read: dict[str, Any] = {name: None if value is None else Decimal(value) for name, value in stored.items()}
    return Quantities(**{**read, "moved_bytes": int(read.get("moved_bytes") or 0)})
