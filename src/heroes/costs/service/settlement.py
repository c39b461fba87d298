"""Settling an order from what was measured, and telling what an execution costs."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.costs import rules
from heroes.costs.models import Draw, LedgerEntry, Reservation, Tariff, Usage
from heroes.costs.rules import BEYOND, ZERO, Charge, Price, Quantities, text
from heroes.costs.service import budgets
from heroes.costs.service.reservations import give_back, lock_all, open_draws
from heroes.costs.service.tariffs import tariff_at
from heroes.kit.db import heroes_now
from heroes.kit.ids import new_id

MOST_LISTED = 1000


async def settle(
    session: AsyncSession,
    *,
    organization_id: str,
    execution_id: str,
    submission_id: str,
    job_id: str,
    attempt_id: str,
    project_id: str,
    user_id: str,
    quantities: Quantities,
    started: bool,
    started_at: datetime | None = None,
    free_of_charge: str | None = None,
) -> Charge:
    """Charge an order what it used, at most what it drew; a second call for the same attempt changes nothing.

    `started_at` finds the tariff in force when the payload started; None: the one of the order. `free_of_charge`: why
    nothing is charged, such as a failure of the site's node, unless the site's terms charge that too.
    """
    drawn = await open_draws(session, submission_id)
    known = await session.scalar(select(Usage).where(Usage.attempt_id == attempt_id))
    if known is not None:
        return _charge(known)
    tariff = await tariff_of_start(session, drawn[0][0].tariff_id if drawn else None, started_at)
    price, reasons = price_of(tariff, quantities, started, free_of_charge)
    result = rules.settle(price.total, [(one.id, one.amount) for one, _ in drawn])
    if result.overrun:
        reasons.append(BEYOND)
    row = Usage(
        id=new_id("use"),
        organization_id=organization_id,
        attempt_id=attempt_id,
        execution_id=execution_id,
        submission_id=submission_id,
        job_id=job_id,
        project_id=project_id,
        user_id=user_id,
        tariff_id=tariff.id if tariff else None,
        currency=price.currency or (drawn[0][1].currency if drawn else ""),
        quantities=quantities.as_json(),
        lines=[line.as_json() for line in price.lines],
        charged=result.charged,
        overrun=result.overrun,
        reasons=reasons,
    )
    session.add(row)
    await lock_all(session, [reservation for _, reservation in drawn])
    for (one, reservation), part in zip(drawn, result.parts, strict=True):
        one.charged, one.closed_at = part.charged, heroes_now()
        await give_back(session, reservation, part.back)
        await pay(session, reservation, part.charged)
        _book(session, row, "charge", part.charged, reservation.period_ids, "; ".join(reasons))
    _book(session, row, "overrun", result.overrun, [], BEYOND)
    await session.flush()
    return _charge(row)


async def tariff_of_start(session: AsyncSession, tariff_id: str | None, started_at: datetime | None) -> Tariff | None:
    """The order's tariff, or the one that had replaced it by the time the payload started."""
    ordered = await session.get(Tariff, tariff_id) if tariff_id else None
    if ordered is None or started_at is None or ordered.in_force(started_at):
        return ordered
    return await tariff_at(session, ordered.cluster_id, ordered.queue_id, started_at) or ordered


def price_of(
    tariff: Tariff | None, quantities: Quantities, started: bool, free_of_charge: str | None
) -> tuple[Price, list[str]]:
    """Return what an attempt costs by a tariff, and what of it is not charged and why."""
    if tariff is None:
        return Price("", ()), ["There is no tariff for this queue, so nothing is charged."]
    if not started:
        return Price(tariff.currency, ()), ["It never started, so nothing is charged."]
    if free_of_charge is not None and not tariff.charges_node_failures:
        return Price(tariff.currency, ()), [f"{free_of_charge.rstrip('.')}: nothing is charged."]
    price = rules.price(tariff.terms, quantities)
    return price, [line.reason for line in price.lines if line.reason]


async def pay(session: AsyncSession, reservation: Reservation, amount: Decimal) -> None:
    """What was held becomes spent, in the periods that it was reserved in."""
    if amount:
        rows = await budgets.locked(session, reservation.period_ids)
        for row in rows:
            row.reserved -= amount
            row.spent += amount
        await budgets.warn(session, rows)


def _book(session: AsyncSession, usage: Usage, kind: str, amount: Decimal, period_ids: list[str], reason: str) -> None:
    if amount:
        session.add(
            LedgerEntry(
                id=new_id("led"),
                organization_id=usage.organization_id,
                kind=kind,
                amount=amount,
                currency=usage.currency,
                period_ids=period_ids,
                project_id=usage.project_id,
                user_id=usage.user_id,
                execution_id=usage.execution_id,
                submission_id=usage.submission_id,
                job_id=usage.job_id,
                attempt_id=usage.attempt_id,
                tariff_id=usage.tariff_id,
                reason=reason,
            )
        )


def _charge(row: Usage) -> Charge:
    return Charge(row.charged, row.overrun, row.currency, tuple(row.lines), tuple(row.reasons))


@dataclass(frozen=True, slots=True)
class ExecutionCost:
    """What an execution costs so far; `held` is what its budgets still hold for it."""

    currency: str
    reserved: Decimal
    held: Decimal
    charged: Decimal
    overrun: Decimal
    final: bool
    lines: list[dict[str, Any]]
    """of the first `MOST_LISTED` attempts"""
    lines_total: int = 0

    def as_json(self) -> dict[str, Any]:
        amounts = {name: text(getattr(self, name)) for name in ("reserved", "held", "charged", "overrun")}
        status = "final" if self.final else "accruing"
        return {"status": status, "currency": self.currency, **amounts, "lines": self.lines}


async def of_execution(session: AsyncSession, organization_id: str, execution_id: str) -> ExecutionCost:
    """Return what an execution of this organization costs so far, with each priced item of each attempt."""
    ours = Reservation.organization_id == organization_id, Reservation.execution_id == execution_id
    held = (await session.scalars(select(Reservation).where(*ours).order_by(Reservation.id))).all()
    pending = Draw.organization_id == organization_id, Draw.execution_id == execution_id, Draw.closed_at.is_(None)
    drawn = (await session.scalars(select(Draw.amount - Draw.settled).where(*pending))).all()
    mine = Usage.organization_id == organization_id, Usage.execution_id == execution_id
    used = (await session.scalars(select(Usage).where(*mine).order_by(Usage.id).limit(MOST_LISTED))).all()
    sums = func.coalesce(func.sum(Usage.charged), ZERO), func.coalesce(func.sum(Usage.overrun), ZERO)
    items = func.coalesce(func.sum(func.jsonb_array_length(Usage.lines)), 0)
    charged, overrun, count = (await session.execute(select(*sums, items).where(*mine))).one()
    return ExecutionCost(
        currency=next(filter(None, [*(row.currency for row in held), *(row.currency for row in used)]), ""),
        reserved=sum((row.amount for row in held), ZERO),
        held=sum((row.remaining for row in held), ZERO) + sum(drawn, ZERO),
        charged=charged,
        overrun=overrun,
        final=bool(held) and not drawn and all(row.released_at is not None for row in held),
        lines=[{"job": row.job_id, "attempt": row.attempt_id, **line} for row in used for line in row.lines],
        lines_total=int(count),
    )
