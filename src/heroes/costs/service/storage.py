"""Storage, day by day: what each bucket held is written down once, and paid as far as its budgets reach.

What they do not pay is owed. It is collected as soon as there is money again, and until then nobody uploads to that
bucket; nothing is ever deleted for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import ARRAY, BigInteger, ColumnElement, DateTime, Select, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.costs.models import Books, Budget, BudgetPeriod, LedgerEntry, StorageDay
from heroes.costs.rules import RANK, ZERO, BudgetKind, midnight, shown, storage_price, stored_words
from heroes.costs.service import budgets
from heroes.costs.service.reservations import named, whom_to_ask
from heroes.costs.service.tariffs import tariff_at
from heroes.data import service as data
from heroes.identity import Caller, visible
from heroes.kit.db import LOCK, heroes_now, transaction_time
from heroes.kit.ids import new_id

BATCH = 200
"""buckets of one transaction"""
MOST_OWED = 400
"""days of one bucket that are paid later in one transaction"""
MOST_GROUPS = 10_000


@dataclass(slots=True)
class _Purse:
    """The locked budgets that pay in this transaction."""

    by_owner: Mapping[tuple[str, str], Sequence[Budget]]
    """(project id, user id) → budgets; "" is none"""
    periods: Mapping[str, BudgetPeriod]
    """budget id → its present period"""

    def pay(self, owner: tuple[str, str], amount: Decimal, currency: str) -> tuple[Decimal, list[BudgetPeriod]]:
        """Take as much of an amount as every budget of its owner has left; return it, and the periods that paid."""
        payers = self.by_owner.get(owner, ())
        if not amount or not payers or any(one.currency != currency for one in payers):
            return ZERO, []
        rows = [self.periods[one.id] for one in payers]
        paid = max(ZERO, min(amount, *(row.balance.left for row in rows)))
        for row in rows:
            row.spent += paid
        return paid, rows


async def open_books(session: AsyncSession, organization_id: str) -> None:
    """Keep books for an organization from today on; safe to repeat."""
    if await session.scalar(select(Books.id).where(Books.organization_id == organization_id)) is None:
        today = (await transaction_time(session)).date()
        yesterday, month = today - timedelta(days=1), today.replace(day=1)
        row = Books(id=new_id("bok"), organization_id=organization_id, charged_through=yesterday, open_month=month)
        row.due_at = heroes_now()
        session.add(row)


async def charge(session: AsyncSession, organization_id: str, day: date, after: str | None) -> str | None:
    """Write down and charge a day of the next buckets; return the last of them, None when all are done.

    A bucket's day is one row: a second call for it finds the row and changes nothing.
    """
    end = midnight(day + timedelta(days=1))
    held = await data.held_at(session, organization_id, end, after=after, limit=BATCH)
    ids = [one.bucket_id for one in held]
    done = StorageDay.bucket_id.in_(ids), StorageDay.day == day
    known = set(await session.scalars(select(StorageDay.bucket_id).where(*done)))
    tariff = await tariff_at(session, await clusters.of_this_machine(session), None, end - timedelta(microseconds=1))
    made = []
    for one in held:
        if one.bytes and one.bucket_id not in known:
            row = StorageDay(
                id=new_id("sto"),
                organization_id=organization_id,
                bucket_id=one.bucket_id,
                bucket=one.name,
                project_id=one.project_id or "",
                user_id=one.user_id or "",
                day=day,
                bytes=one.bytes,
                tariff_id=tariff.id if tariff else None,
                currency=tariff.currency if tariff else "",
                amount=storage_price(tariff.terms, one.bytes) if tariff else ZERO,
                charged=ZERO,
            )
            made.append(row)
    session.add_all(made)
    await session.flush()
    await _settle(session, organization_id, [row for row in made if row.amount])
    return ids[-1] if len(ids) == BATCH else None


async def collect(session: AsyncSession, organization_id: str, after: str | None) -> str | None:
    """Pay what the next buckets owe, as far as there is money; return the last of them, None when all were asked."""
    owing = select(StorageDay.bucket_id).where(*_owed(organization_id), StorageDay.bucket_id > (after or ""))
    ids = list(await session.scalars(owing.distinct().order_by(StorageDay.bucket_id).limit(BATCH)))
    for bucket_id in ids:
        days = select(StorageDay).where(*_owed(organization_id), StorageDay.bucket_id == bucket_id)
        rows = await session.scalars(days.order_by(StorageDay.day).limit(MOST_OWED).with_for_update(**LOCK))
        await _settle(session, organization_id, list(rows))
    return ids[-1] if len(ids) == BATCH else None


def _owed(organization_id: str) -> tuple[ColumnElement[bool], ...]:
    return StorageDay.organization_id == organization_id, StorageDay.charged < StorageDay.amount


async def _settle(session: AsyncSession, organization_id: str, rows: Sequence[StorageDay]) -> None:
    if not rows:
        return
    purse = await _purse(session, organization_id, {(row.project_id, row.user_id) for row in rows})
    for row in rows:
        paid, periods = purse.pay((row.project_id, row.user_id), row.amount - row.charged, row.currency)
        if paid:
            row.charged += paid
            session.add(_booking(row, paid, periods))
    await session.flush()
    await budgets.warn(session, list(purse.periods.values()))
    await _mark(session, organization_id, {row.bucket_id for row in rows})


async def _purse(session: AsyncSession, organization_id: str, owners: Iterable[tuple[str, str]]) -> _Purse:
    """Lock all budgets that pay for these owners at once, in the one order: no two transactions wait for each other."""
    by_owner = {owner: await _payers(session, organization_id, owner) for owner in sorted(owners)}
    found = {one.id: one for payers in by_owner.values() for one in payers}
    ordered = sorted(found.values(), key=lambda one: (RANK[BudgetKind(one.kind)], one.id))
    locked = await budgets.lock(session, ordered) if ordered else []
    return _Purse(by_owner, {row.budget_id: row for row in locked})


async def _payers(session: AsyncSession, organization_id: str, owner: tuple[str, str]) -> Sequence[Budget]:
    return (await session.scalars(budgets.applicable(organization_id, *owner))).all()


def _booking(row: StorageDay, paid: Decimal, periods: Sequence[BudgetPeriod]) -> LedgerEntry:
    return LedgerEntry(
        id=new_id("led"),
        organization_id=row.organization_id,
        kind="storage",
        amount=paid,
        currency=row.currency,
        period_ids=[one.id for one in periods],
        project_id=row.project_id,
        user_id=row.user_id,
        execution_id="",
        submission_id="",
        job_id="",
        attempt_id="",
        bucket_id=row.bucket_id,
        tariff_id=row.tariff_id,
        reason=stored_words(row.bucket, row.day, row.bytes),
    )


async def _mark(session: AsyncSession, organization_id: str, bucket_ids: Iterable[str]) -> None:
    """Close the buckets that owe something to uploads, open the others."""
    ids = sorted(bucket_ids)
    debts = await _debts(session, organization_id, ids)
    await data.open_uploads(session, [each for each in ids if each not in debts])
    if debts:
        ask = named(await whom_to_ask(session, organization_id))
        for bucket_id, debt in debts.items():
            await data.close_uploads(session, [bucket_id], debt.words(ask))


@dataclass(frozen=True, slots=True)
class _Debt:
    name: str
    amount: Decimal
    currency: str
    since: date

    def words(self, ask: str) -> str:
        return (
            f"The storage of {self.name} is not paid: {shown(self.amount, self.currency, up=True)} are owed since "
            f"{self.since:%Y-%m-%d}. Ask {ask} for a budget in {self.currency} that covers it; uploads then go on by "
            "themselves. Nothing is deleted, and files can be read."
        )


async def _debts(session: AsyncSession, organization_id: str, bucket_ids: Sequence[str]) -> dict[str, _Debt]:
    owed = func.sum(StorageDay.amount - StorageDay.charged)
    found = select(
        StorageDay.bucket_id, func.max(StorageDay.bucket), owed, func.max(StorageDay.currency), func.min(StorageDay.day)
    )
    found = found.where(*_owed(organization_id), StorageDay.bucket_id.in_(bucket_ids)).group_by(StorageDay.bucket_id)
    return {row[0]: _Debt(*row[1:]) for row in await session.execute(found)}


# ----------------------------------------------------------------------------------------------------------- queries


@dataclass(frozen=True, slots=True)
class Stored:
    """What one bucket held in a span of days, and what that came to."""

    bucket_id: str
    bucket: str
    project_id: str
    user_id: str
    days: int
    byte_days: Decimal
    last_day: date
    last_bytes: int
    currency: str
    charged: Decimal
    owed: Decimal


async def stored(session: AsyncSession, who: Caller, *, since: datetime | None, until: datetime | None) -> list[Stored]:
    """Return what the caller may see of each bucket's storage, on the days that begin in the span."""
    newest = aggregate_order_by(StorageDay.bytes, StorageDay.day.desc())
    key = StorageDay.bucket_id, StorageDay.currency
    summed = in_span(visible(StorageDay, who), since, until).with_only_columns(
        StorageDay.bucket_id,
        func.max(StorageDay.bucket),
        func.max(StorageDay.project_id),
        func.max(StorageDay.user_id),
        func.count(),
        func.sum(StorageDay.bytes),
        func.max(StorageDay.day),
        func.array_agg(newest, type_=ARRAY(BigInteger))[1],
        StorageDay.currency,
        func.sum(StorageDay.charged),
        func.sum(StorageDay.amount - StorageDay.charged),
    )
    rows = await session.execute(summed.group_by(*key).order_by(*key).limit(MOST_GROUPS))
    return [Stored(*row) for row in rows]


def in_span(query: Select[StorageDay], since: datetime | None, until: datetime | None) -> Select[StorageDay]:
    """Bound a query to the days whose first moment, in UTC, lies in the span."""
    begins = func.timezone("UTC", cast(StorageDay.day, DateTime()))
    if since is not None:
        query = query.where(begins >= since)
    return query if until is None else query.where(begins < until)
