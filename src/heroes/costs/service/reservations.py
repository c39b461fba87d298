"""Reserve → draw → put back or settle → release. Budgets are taken from only in `reserve`."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.costs.models import Budget, BudgetPeriod, Draw, Reservation, Tariff
from heroes.costs.rules import PLACES, ZERO, AtLimit, shown, spread, text
from heroes.costs.service import budgets
from heroes.identity import Action, Caller, visible
from heroes.identity.rules import roles_with
from heroes.kit import audit
from heroes.kit.db import LOCK, Base, heroes_now
from heroes.kit.errors import Conflict, NotFound, OverBudget
from heroes.kit.ids import new_id
from heroes.kit.work import Waiter, wake_named


async def reserve(
    session: AsyncSession,
    who: Caller,
    *,
    project_id: str,
    subject: str,
    amount: Decimal,
    currency: str | None,
    user_id: str | None = None,
) -> Reservation:
    """Hold an amount for the execution `subject` in every budget that pays for it, or in none.

    Raises OverBudget with what is left, reserved and needed, and whom to ask; Conflict for another currency.
    """
    amount = amount.quantize(PLACES, ROUND_CEILING)
    payer = user_id or who.user_id
    rows: list[BudgetPeriod] = []
    if amount > 0:
        rows = await _hold(session, who, project_id, payer, amount, currency)
    made = Reservation(
        id=new_id("res"),
        organization_id=who.organization_id,
        execution_id=subject,
        project_id=project_id,
        user_id=payer,
        currency=currency or "",
        amount=amount,
        remaining=amount,
        period_ids=[row.id for row in rows],
    )
    session.add(made)
    await session.flush()
    return made


async def _hold(
    session: AsyncSession, who: Caller, project_id: str, user_id: str, amount: Decimal, currency: str | None
) -> list[BudgetPeriod]:
    found = (await session.scalars(budgets.applicable(who.organization_id, project_id, user_id))).all()
    if not found:
        ask = await whom_to_ask(session, who.organization_id)
        raise OverBudget(
            f"This needs up to {shown(amount, currency, up=True)}, and no budget pays for it. "
            f"Ask {named(ask)} for one.",
            code="no_budget",
            left="0.00",
            reserved="0.00",
            needed=text(amount),
            currency=currency,
            ask=ask,
        )
    other = next((one.currency for one in found if one.currency != currency), None)
    if other is not None:
        why = f"The budget is in {other} and this is priced in {currency}; choose a cluster priced in {other}."
        raise Conflict(why, code="other_currency", budget=other, price=currency)
    rows = await budgets.lock(session, found)
    by_id = {one.id: one for one in found}
    for row in rows:
        if row.limit_reached_at is not None and by_id[row.budget_id].at_limit != AtLimit.WARN:
            raise await _at_limit(session, by_id[row.budget_id], row, amount)
        if row.balance.left < amount:
            raise await _over(session, by_id[row.budget_id], row, amount)
    for row in rows:
        row.reserved += amount
    await budgets.warn(session, rows)
    return rows


async def _over(session: AsyncSession, budget: Budget, row: BudgetPeriod, amount: Decimal) -> OverBudget:
    ask = await whom_to_ask(session, budget.organization_id)
    left, unit = text(row.balance.left), budget.currency
    name = budget.title or f"{budget.kind} budget"
    return OverBudget(
        f"{name}: {shown(row.balance.left, unit)} are left and this needs up to {shown(amount, unit, up=True)}. "
        f"Lower it (fewer or shorter jobs, or a maximum cost), or ask {named(ask)} for more.",
        budget=budget.id,
        kind=budget.kind,
        left=left,
        reserved=text(row.reserved),
        spent=text(row.spent),
        amount=text(row.amount),
        needed=text(amount),
        currency=unit,
        ask=ask,
    )


async def _at_limit(session: AsyncSession, budget: Budget, row: BudgetPeriod, amount: Decimal) -> OverBudget:
    ask = await whom_to_ask(session, budget.organization_id)
    name = budget.title or f"{budget.kind} budget"
    return OverBudget(
        f"{name}: {shown(row.spent, budget.currency)} are spent, its limit of {budget.limit_percent} %: its owner lets "
        f"nothing new begin. Ask {named(ask)} for a higher amount or limit.",
        code="budget_limit",
        budget=budget.id,
        kind=budget.kind,
        left=text(row.balance.left),
        spent=text(row.spent),
        limit_percent=budget.limit_percent,
        needed=text(amount),
        currency=budget.currency,
        ask=ask,
    )


async def whom_to_ask(session: AsyncSession, organization_id: str) -> list[str]:
    """Return the names of some who may change budgets."""
    users, held = Base.metadata.tables["users"].c, Base.metadata.tables["assignments"].c
    found = select(users.username).join_from(Base.metadata.tables["users"], Base.metadata.tables["assignments"])
    found = found.where(users.organization_id == organization_id, users.deleted_at.is_(None))
    found = found.where(held.role.in_(roles_with(Action.BUDGET_MANAGE))).distinct().order_by(users.username).limit(5)
    return list(await session.scalars(found))


def named(people: list[str]) -> str:
    return " or ".join(people) if people else "your organization's billing administrator"


async def top_up(session: AsyncSession, who: Caller, execution_id: str, amount: Decimal) -> Reservation:
    """Hold more for an execution whose jobs wait for money: its owner's, or by whom manages budgets.

    Raises NotFound, OverBudget, Conflict when the execution has ended.
    """
    mine = Reservation.execution_id == execution_id
    first: Reservation | None = await session.scalar(visible(Reservation, who).where(mine).order_by(Reservation.id))
    if first is None or (first.user_id != who.user_id and not who.can(Action.BUDGET_MANAGE, first.project_id)):
        raise NotFound("There is no such execution.", code="no_execution")
    if first.released_at is not None:
        raise Conflict("This execution has ended; nothing more is reserved for it.", code="ended")
    more = await reserve(
        session,
        who,
        project_id=first.project_id,
        subject=execution_id,
        amount=amount,
        currency=first.currency,
        user_id=first.user_id,
    )
    audit.record(session, who, "reservation.topped_up", more, execution=execution_id, amount=text(amount))
    await wake_named(session, Waiter("executions", execution_id))  # which wakes its jobs that wait for money
    return more


async def left_for(session: AsyncSession, organization_id: str, execution_id: str) -> Decimal:
    """Return what is still reserved for an execution and not drawn by its orders."""
    mine = Reservation.execution_id == execution_id, Reservation.organization_id == organization_id
    open_ = select(func.coalesce(func.sum(Reservation.remaining), 0)).where(*mine, Reservation.released_at.is_(None))
    return (await session.scalars(open_)).one()


async def draw(
    session: AsyncSession,
    *,
    organization_id: str,
    execution_id: str,
    submission_id: str,
    amount: Decimal,
    tariff: Tariff | None,
) -> bool:
    """Move an order's worst case from what is reserved to the order; False: it does not cover it, nothing is moved."""
    amount = amount.quantize(PLACES, ROUND_CEILING)
    mine = Reservation.execution_id == execution_id, Reservation.organization_id == organization_id
    open_ = select(Reservation).where(*mine, Reservation.released_at.is_(None)).order_by(Reservation.id)
    rows = (await session.scalars(open_.with_for_update(**LOCK), execution_options={"populate_existing": True})).all()
    fitting = [row for row in rows if not amount or tariff is None or row.currency == tariff.currency]
    parts = spread(amount, [(row.id, row.remaining) for row in fitting])
    if parts is None:
        return False
    by_id = {row.id: row for row in fitting}
    for reservation_id, part in parts:
        by_id[reservation_id].remaining -= part
        session.add(
            Draw(
                id=new_id("drw"),
                organization_id=organization_id,
                reservation_id=reservation_id,
                execution_id=execution_id,
                submission_id=submission_id,
                tariff_id=tariff.id if tariff else None,
                amount=part,
            )
        )
    return True


async def open_draws(
    session: AsyncSession, submission_id: str, *, closed: bool = False
) -> list[tuple[Draw, Reservation]]:
    """Return an order's unsettled draws (`closed`: all), locked, with their reservations, locked."""
    found = select(Draw).where(Draw.submission_id == submission_id).order_by(Draw.id)
    found = found if closed else found.where(Draw.closed_at.is_(None))
    both = found.add_columns(Reservation).join(Reservation, Reservation.id == Draw.reservation_id)
    rows = await session.execute(both.with_for_update(**LOCK), execution_options={"populate_existing": True})
    return [(one, reservation) for one, reservation in rows.all()]


async def lock_all(session: AsyncSession, reservations: Sequence[Reservation]) -> None:
    """Lock the periods of several reservations in the one order; a single one's are locked where they change."""
    if len(reservations) > 1:
        await budgets.locked(session, [period for one in reservations for period in one.period_ids])


async def put_back(session: AsyncSession, *, submission_id: str) -> None:
    """Undo an order's draw: it never started and never will."""
    drawn = await open_draws(session, submission_id)
    await lock_all(session, [reservation for _, reservation in drawn])
    for one, reservation in drawn:
        one.charged, one.closed_at = one.charged or ZERO, heroes_now()
        await give_back(session, reservation, one.amount - one.settled)


async def give_back(session: AsyncSession, reservation: Reservation, amount: Decimal) -> None:
    """Return an undrawn rest: to the reservation while it is open, else to the budgets."""
    if reservation.released_at is None:
        reservation.remaining += amount
    else:
        await free(session, reservation, amount)


async def free(session: AsyncSession, reservation: Reservation, amount: Decimal) -> None:
    """Hold this much less in the budgets."""
    if amount:
        for row in await budgets.locked(session, reservation.period_ids):
            row.reserved -= amount


async def release(session: AsyncSession, organization_id: str, execution_id: str) -> None:
    """Free what a finished execution has not drawn; what its orders still hold is freed when they are settled."""
    mine = Reservation.execution_id == execution_id, Reservation.organization_id == organization_id
    open_ = select(Reservation).where(*mine, Reservation.released_at.is_(None)).order_by(Reservation.id)
    rows = (await session.scalars(open_.with_for_update(**LOCK), execution_options={"populate_existing": True})).all()
    await lock_all(session, rows)
    for row in rows:
        await free(session, row, row.remaining)
        row.remaining, row.released_at = ZERO, heroes_now()
    await session.flush()
