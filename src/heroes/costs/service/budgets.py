"""Budgets: made, changed, closed, and told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.costs.models import Books, Budget, BudgetPeriod, Reservation
from heroes.costs.rules import (
    RANK,
    ZERO,
    AtLimit,
    Balance,
    BudgetKind,
    Span,
    at_limit,
    crossed,
    period,
    shown,
    text,
)
from heroes.identity import Action, Caller, visible
from heroes.kit import audit, outbox
from heroes.kit.db import LOCK, heroes_now, transaction_time
from heroes.kit.errors import Conflict, NotFound
from heroes.kit.ids import new_id
from heroes.kit.work import Waiter, wake_all_named, wake_named


@dataclass(frozen=True, slots=True)
class Statement:
    """A budget with its present period."""

    budget: Budget
    starts_at: datetime
    ends_at: datetime | None
    balance: Balance
    limit_reached: bool = False


async def create_budget(
    session: AsyncSession,
    who: Caller,
    *,
    kind: BudgetKind,
    amount: Decimal,
    currency: str,
    project_id: str | None = None,
    user_id: str | None = None,
    span: Span = Span.ONCE,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    thresholds: Sequence[int] = (),
    title: str = "",
    policy: AtLimit = AtLimit.WARN,
    limit_percent: int = 100,
) -> Statement:
    """Make a budget. Raises Denied, Conflict for a second currency in one organization."""
    budget = Budget(
        id=new_id("bud"),
        organization_id=who.organization_id,
        kind=kind,
        project_id=project_id,
        user_id=user_id,
        title=title,
        currency=currency,
        amount=amount,
        span=span,
        starts_at=starts_at or await transaction_time(session),
        ends_at=ends_at,
        thresholds=sorted(set(thresholds)),
        at_limit=policy,
        limit_percent=limit_percent,
    )
    who.must(Action.BUDGET_MANAGE, on=budget)
    other = Budget.currency != currency, Budget.organization_id == who.organization_id, Budget.closed_at.is_(None)
    known = await session.scalar(select(Budget.currency).where(*other).limit(1))
    if known is not None:
        text_ = f"The budgets of {who.organization} are in {known}; one run cannot draw from two currencies."
        raise Conflict(text_, code="other_currency", currency=known)
    session.add(budget)
    facts = {"amount": text(amount), "currency": currency, "kind": str(kind)}
    audit.record(session, who, "budget.created", budget, **facts)
    await session.flush()
    await session.refresh(budget)
    await collect_soon(session, who.organization_id)
    return (await statements(session, [budget]))[0]


async def collect_soon(session: AsyncSession, organization_id: str) -> None:
    """Let what is owed for storage be collected now: there may be money for it."""
    found = select(Books.id).where(Books.organization_id == organization_id)
    if (books_id := await session.scalar(found)) is not None:
        await wake_named(session, Waiter(Books.__tablename__, books_id))


async def budget_of(session: AsyncSession, who: Caller, budget_id: str) -> Budget:
    """Return a budget that the caller may see. Raises NotFound."""
    row: Budget | None = await session.scalar(visible(Budget, who).where(Budget.id == budget_id))
    if row is None:
        raise NotFound("There is no such budget.", code="no_budget")
    return row


async def change_budget(
    session: AsyncSession,
    who: Caller,
    budget_id: str,
    *,
    amount: Decimal | None = None,
    ends_at: datetime | None = None,
    thresholds: Sequence[int] | None = None,
    title: str | None = None,
    policy: AtLimit | None = None,
    limit_percent: int | None = None,
    closed: bool | None = None,
) -> Statement:
    """Change a budget, also in its present period, or reopen it (`closed` false).

    Raises NotFound, Denied, Conflict below what is taken already.
    """
    budget = await budget_of(session, who, budget_id)
    who.must(Action.BUDGET_MANAGE, on=budget)
    if budget.closed_at is not None:
        if closed is not False:
            raise Conflict("This budget is closed; reopen it or make a new one.", code="closed")
        budget.closed_at = None
        audit.record(session, who, "budget.reopened", budget)
    budget.at_limit = policy or budget.at_limit
    budget.limit_percent = limit_percent or budget.limit_percent
    if amount is not None:
        await _set_amount(session, budget, amount)
    budget.ends_at = ends_at or budget.ends_at
    budget.thresholds = budget.thresholds if thresholds is None else sorted(set(thresholds))
    budget.title = budget.title if title is None else title
    facts = {} if amount is None else {"amount": text(amount)}
    facts |= {"at_limit": policy} if policy else {}
    if closed is None:
        audit.record(session, who, "budget.changed", budget, **facts)
    await session.flush()
    await warn(session, await lock(session, [budget]))
    await session.flush()
    await session.refresh(budget)
    await collect_soon(session, who.organization_id)
    return (await statements(session, [budget]))[0]


async def _set_amount(session: AsyncSession, budget: Budget, amount: Decimal) -> None:
    for row in await lock(session, [budget]):
        taken = row.reserved + row.spent
        if amount < taken:
            raise Conflict(
                f"{shown(taken, budget.currency, up=True)} of this budget are spent or reserved; it cannot be less.",
                code="below_taken",
                spent=text(row.spent),
                reserved=text(row.reserved),
            )
        row.amount = amount
    budget.amount = amount


async def close_budget(session: AsyncSession, who: Caller, budget_id: str) -> None:
    """Close a budget: nothing more is reserved from it, what is reserved is still paid. Raises NotFound, Denied."""
    budget = await budget_of(session, who, budget_id)
    who.must(Action.BUDGET_MANAGE, on=budget)
    if budget.closed_at is None:
        budget.closed_at = await transaction_time(session)
        audit.record(session, who, "budget.closed", budget)


# ----------------------------------------------------------------------------------------------------------- queries


def applicable(organization_id: str, project_id: str, user_id: str) -> Select[Budget]:
    """Return the query of the live budgets that a run of this user in this project draws from, in locking order."""
    who: ColumnElement[bool] = or_(
        Budget.kind == BudgetKind.ORGANIZATION, Budget.project_id == project_id, Budget.user_id == user_id
    )
    return select(Budget).where(
        Budget.organization_id == organization_id,
        who,
        Budget.closed_at.is_(None),
        Budget.starts_at <= heroes_now(),
        or_(Budget.ends_at.is_(None), Budget.ends_at > heroes_now()),
    )


async def currencies(session: AsyncSession, organization_id: str, project_id: str, user_id: str) -> frozenset[str]:
    """Return the currencies of the budgets that a run would draw from; empty: nobody pays, only what is free runs."""
    rows = await session.scalars(applicable(organization_id, project_id, user_id))
    return frozenset(row.currency for row in rows)


async def means(
    session: AsyncSession, organization_id: str, project_id: str, user_id: str
) -> tuple[frozenset[str], Decimal | None]:
    """Return the `currencies`, and the least that is left now of these budgets; None: no budget applies."""
    budgets = (await session.scalars(applicable(organization_id, project_id, user_id))).all()
    least = min((one.balance.left for one in await statements(session, budgets)), default=None)
    return frozenset(one.currency for one in budgets), least


async def statements(session: AsyncSession, budgets: Sequence[Budget]) -> list[Statement]:
    """Return these budgets with their present periods."""
    at = await transaction_time(session)
    wanted = {one.id: period(Span(one.span), one.starts_at, one.ends_at, at) for one in budgets}
    rows = await session.scalars(select(BudgetPeriod).where(BudgetPeriod.budget_id.in_(wanted)))
    known = {(row.budget_id, row.starts_at): (row.balance, row.limit_reached_at is not None) for row in rows}
    fresh = {one.id: (Balance(one.amount, ZERO, ZERO), False) for one in budgets}
    return [Statement(one, *wanted[one.id], *known.get((one.id, wanted[one.id][0]), fresh[one.id])) for one in budgets]


# ----------------------------------------------------------------------------------------------------------- locking


async def lock(session: AsyncSession, budgets: Sequence[Budget]) -> list[BudgetPeriod]:
    """Lock the present periods of these budgets, in the one order that is used everywhere; made where missing."""
    ids, at = [], await transaction_time(session)
    for one in budgets:
        begins, ends = period(Span(one.span), one.starts_at, one.ends_at, at)
        made = insert(BudgetPeriod).values(
            id=new_id("per"),
            organization_id=one.organization_id,
            budget_id=one.id,
            rank=RANK[BudgetKind(one.kind)],
            starts_at=begins,
            ends_at=ends,
            amount=one.amount,
        )
        known = select(BudgetPeriod.id).where(BudgetPeriod.budget_id == one.id, BudgetPeriod.starts_at == begins)
        found = await session.scalar(known)
        if found is None:
            await session.execute(made.on_conflict_do_nothing())
            found = (await session.scalars(known)).one()
        ids.append(found)
    return await locked(session, ids)


async def locked(session: AsyncSession, period_ids: Sequence[str]) -> list[BudgetPeriod]:
    """Lock these periods in the one order."""
    rows = select(BudgetPeriod).where(BudgetPeriod.id.in_(period_ids))
    rows = rows.order_by(BudgetPeriod.rank, BudgetPeriod.id).with_for_update(**LOCK)
    return list(await session.scalars(rows, execution_options={"populate_existing": True}))


async def warn(session: AsyncSession, rows: Sequence[BudgetPeriod]) -> None:
    """Tell, once each, the thresholds and the limit that these locked periods have newly reached."""
    for row in rows:
        budget = await session.get_one(Budget, row.budget_id)
        reached = crossed(row.balance, budget.thresholds, row.warned)
        if reached is not None:
            row.warned = reached
            data = {"threshold": reached, **_told(budget, row)}
            outbox.emit(session, row.organization_id, type="budget.threshold", subject=budget.id, data=data)
        if not at_limit(row.balance, budget.limit_percent):
            row.limit_reached_at = None
        elif row.limit_reached_at is None:
            row.limit_reached_at = await transaction_time(session)
            data = {"limit": budget.limit_percent, "at_limit": budget.at_limit, **_told(budget, row)}
            outbox.emit(session, row.organization_id, type="budget.limit", subject=budget.id, data=data)
        if row.limit_reached_at is not None and budget.at_limit == AtLimit.CANCEL_RUNNING:
            await _wake_paid(session, row)


def _told(budget: Budget, row: BudgetPeriod) -> dict[str, str]:
    amounts = {"amount": row.amount, "spent": row.spent, "reserved": row.reserved, "left": row.balance.left}
    facts = {"kind": budget.kind, "title": budget.title, "currency": budget.currency}
    facts |= {"project": budget.project_id} if budget.project_id else {}
    facts |= {"user": budget.user_id} if budget.user_id else {}
    return facts | {name: text(value) for name, value in amounts.items()}


async def _wake_paid(session: AsyncSession, row: BudgetPeriod) -> None:
    """Wake the executions that this period pays for: they ask `stopped`."""
    live = select(Reservation.execution_id).where(
        Reservation.organization_id == row.organization_id,
        Reservation.released_at.is_(None),
        Reservation.period_ids.contains([row.id]),
    )
    paid = (await session.scalars(live.distinct())).all()
    await wake_all_named(session, [Waiter("executions", execution_id) for execution_id in paid])


async def stopped(session: AsyncSession, organization_id: str, execution_id: str) -> str | None:
    """Return why a running execution is to be cancelled: a budget that pays for it is at the limit of its owner."""
    paying = func.jsonb_exists(Reservation.period_ids, BudgetPeriod.id)
    found = (
        select(Budget, BudgetPeriod)
        .join(BudgetPeriod, BudgetPeriod.budget_id == Budget.id)
        .join(Reservation, paying)
        .where(
            Reservation.organization_id == organization_id,
            Reservation.execution_id == execution_id,
            BudgetPeriod.organization_id == organization_id,
            BudgetPeriod.limit_reached_at.is_not(None),
            Budget.at_limit == AtLimit.CANCEL_RUNNING,
        )
        .limit(1)
    )
    row = (await session.execute(found)).first()
    if row is None:
        return None
    budget, spent = row[0], shown(row[1].spent, row[0].currency)
    name = budget.title or f"{budget.kind} budget"
    return f"{name}: {spent} are spent, the limit of {budget.limit_percent} % at which its owner ends what runs."
