"""Settling members of one order, many at a time: each has its share of what the order drew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.costs import rules
from heroes.costs.models import Draw, LedgerEntry, Reservation, Usage
from heroes.costs.rules import BEYOND, PLACES, ZERO, Charge, Price, Quantities, Settlement
from heroes.costs.service.reservations import give_back, lock_all, open_draws
from heroes.costs.service.settlement import pay, price_of, tariff_of_start
from heroes.kit import bulk
from heroes.kit.db import transaction_time
from heroes.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Member:
    """One attempt of a job that was ordered with others."""

    job_id: str
    attempt_id: str
    quantities: Quantities
    started: bool
    started_at: datetime | None
    free_of_charge: str | None = None


def share(worst: Decimal) -> Decimal:
    """Return one member's part of a draw for this worst case: all parts together are the draw to the last digit."""
    return worst.quantize(PLACES, ROUND_CEILING)


async def settle_members(
    session: AsyncSession,
    *,
    organization_id: str,
    execution_id: str,
    submission_id: str,
    project_id: str,
    user_id: str,
    orders: int,
    members: Sequence[Member],
) -> dict[str, Charge]:
    """Charge members of an order of `orders` jobs what each used, at most its share; return the charges by job.

    The draw stays open until the last member is settled. Told twice of an attempt, it is charged once.
    """
    drawn = await open_draws(session, submission_id, closed=True)  # nothing drawn is closed with the first member
    known = set(
        await session.scalars(select(Usage.attempt_id).where(Usage.attempt_id.in_(m.attempt_id for m in members)))
    )
    new = [member for member in members if member.attempt_id not in known]
    each = sum((one.amount for one, _ in drawn), ZERO) / orders if drawn else ZERO
    left = {one.id: one.amount - one.settled for one, _ in drawn}
    tariffs: dict[Any, Any] = {}
    usages, entries, charges = [], [], {}
    now = await transaction_time(session)
    paid: dict[str, Decimal] = dict.fromkeys(left, ZERO)
    base = {"organization_id": organization_id, "execution_id": execution_id, "submission_id": submission_id}
    base |= {"project_id": project_id, "user_id": user_id}
    periods = {one.id: reservation.period_ids for one, reservation in drawn}
    for member in new:
        at = member.started_at.replace(microsecond=0) if member.started_at else None
        if at not in tariffs:
            tariffs[at] = await tariff_of_start(session, drawn[0][0].tariff_id if drawn else None, member.started_at)
        tariff = tariffs[at]
        price, reasons = price_of(tariff, member.quantities, member.started, member.free_of_charge)
        parts = _take(each, left)
        result = rules.settle(price.total, parts)
        if result.overrun:
            reasons.append(BEYOND)
        usage = _usage(base, member, tariff.id if tariff else None, price, drawn, result, reasons)
        usages.append(usage)
        entry = {**base, "job_id": member.job_id, "attempt_id": member.attempt_id, "tariff_id": usage["tariff_id"]}
        entry |= {"currency": usage["currency"], "at": now}
        for part in result.parts:
            paid[part.draw_id] += part.charged
            if part.charged:
                kind = {"kind": "charge", "amount": part.charged, "period_ids": periods[part.draw_id]}
                entries.append({"id": new_id("led"), **entry, **kind, "reason": "; ".join(reasons)})
        if result.overrun:
            kind = {"kind": "overrun", "amount": result.overrun, "period_ids": []}
            entries.append({"id": new_id("led"), **entry, **kind, "reason": BEYOND})
        lines = tuple(usage["lines"])
        charges[member.job_id] = Charge(result.charged, result.overrun, usage["currency"], lines, tuple(reasons))
    await bulk.insert(session, Usage, usages)
    await bulk.insert(session, LedgerEntry, entries)
    await _book(session, drawn, left, paid, now)
    return charges


def _take(amount: Decimal, left: dict[str, Decimal]) -> list[tuple[str, Decimal]]:
    """Take a member's share from the draws, the first one first."""
    taken = []
    for draw_id in left:
        part = min(amount, left[draw_id])
        if part:
            taken.append((draw_id, part))
            left[draw_id] -= part
            amount -= part
    return taken


def _usage(
    base: dict[str, Any],
    member: Member,
    tariff_id: str | None,
    price: Price,
    drawn: Sequence[tuple[Draw, Reservation]],
    result: Settlement,
    reasons: list[str],
) -> dict[str, Any]:
    return {
        "id": new_id("use"),
        **base,
        "attempt_id": member.attempt_id,
        "job_id": member.job_id,
        "tariff_id": tariff_id,
        "currency": price.currency or (drawn[0][1].currency if drawn else ""),
        "quantities": member.quantities.as_json(),
        "lines": [line.as_json() for line in price.lines],
        "charged": result.charged,
        "overrun": result.overrun,
        "reasons": reasons,
    }


async def _book(
    session: AsyncSession,
    drawn: Sequence[tuple[Draw, Reservation]],
    left: dict[str, Decimal],
    paid: dict[str, Decimal],
    now: datetime,
) -> None:
    await lock_all(session, [reservation for _, reservation in drawn])
    for one, reservation in drawn:
        settled = one.amount - left[one.id] - one.settled
        one.settled += settled
        one.charged = (one.charged or ZERO) + paid[one.id]
        if one.settled >= one.amount and one.closed_at is None:
            one.closed_at = now
        await give_back(session, reservation, settled - paid[one.id])
        await pay(session, reservation, paid[one.id])
    await session.flush()


async def put_back_members(session: AsyncSession, *, submission_id: str, orders: int, count: int) -> None:
    """Undo the part of an order's draw that is of `count` of its `orders` jobs: they never started and never will."""
    drawn = await open_draws(session, submission_id)
    await lock_all(session, [reservation for _, reservation in drawn])
    amount = sum((one.amount for one, _ in drawn), ZERO) / orders * count
    for one, reservation in drawn:
        part = min(amount, one.amount - one.settled)
        amount -= part
        one.settled += part
        await give_back(session, reservation, part)
    await session.flush()
