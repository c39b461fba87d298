"""Monthly statements: sums of the ledger. A month that has ended is closed once and never changes again."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.costs.models import Books, LedgerEntry, MonthlyStatement
from heroes.costs.rules import ZERO, midnight, month_after, text
from heroes.identity import Action, Caller, visible
from heroes.kit.db import transaction_time
from heroes.kit.errors import NotFound
from heroes.kit.ids import new_id


class _Of(NamedTuple):
    """A project, as a row that a right is asked for."""

    project_id: str


COLUMNS = ("month", "project", "user", "kind", "bookings", "amount", "currency")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A month's statement; `closed_at` None: the month goes on, and so do its sums."""

    month: date
    project_id: str
    content: Mapping[str, Any]
    sha256: str | None
    closed_at: datetime | None

    def csv(self) -> str:
        """Return the lines and, below them, the sums, as RFC 4180 text."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        month = f"{self.month:%Y-%m}"
        lines = self.content["lines"]
        writer.writerows([month, *(line[name] for name in COLUMNS[1:])] for line in lines)
        for total in self.content["totals"]:
            writer.writerow([month, "", "", f"total {total['kind']}", total["bookings"], *_money(total)])
        return out.getvalue()


def _money(line: Mapping[str, Any]) -> tuple[str, str]:
    return line["amount"], line["currency"]


async def statement(session: AsyncSession, who: Caller, month: date, project_id: str = "") -> Sheet:
    """Return a month's statement of the organization, or of one project. Raises Denied, NotFound for one to come."""
    who.must(Action.LEDGER_READ, on=_Of(project_id) if project_id else None)
    one = MonthlyStatement.month == month, MonthlyStatement.project_id == project_id
    stored = await session.scalar(visible(MonthlyStatement, who).where(*one))
    if stored is not None:
        return Sheet(month, project_id, stored.content, stored.sha256, stored.closed_at)
    if midnight(month) > await transaction_time(session):
        raise NotFound(f"The month {month:%Y-%m} has not begun.", code="no_statement")
    return Sheet(month, project_id, await _content(session, who.organization_id, month, project_id), None, None)


async def close_month(session: AsyncSession, books: Books) -> None:
    """Write the statements of the first open month, of the organization and of each project with bookings."""
    month, ours = books.open_month, LedgerEntry.organization_id == books.organization_id
    within = LedgerEntry.at >= midnight(month), LedgerEntry.at < midnight(month_after(month))
    projects = await session.scalars(select(LedgerEntry.project_id).where(ours, *within).distinct())
    for project_id in ["", *sorted(filter(None, projects))]:
        content = await _content(session, books.organization_id, month, project_id)
        session.add(
            MonthlyStatement(
                id=new_id("stm"),
                organization_id=books.organization_id,
                month=month,
                project_id=project_id,
                content=content,
                sha256=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
            )
        )
    books.open_month = month_after(month)


async def _content(session: AsyncSession, organization_id: str, month: date, project_id: str) -> dict[str, Any]:
    key = LedgerEntry.project_id, LedgerEntry.user_id, LedgerEntry.kind, LedgerEntry.currency
    found = select(*key, func.count(), func.sum(LedgerEntry.amount)).where(
        LedgerEntry.organization_id == organization_id,
        LedgerEntry.at >= midnight(month),
        LedgerEntry.at < midnight(month_after(month)),
    )
    if project_id:
        found = found.where(LedgerEntry.project_id == project_id)
    rows = (await session.execute(found.group_by(*key).order_by(*key))).all()
    sums: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for _, _, kind, currency, count, amount in rows:
        before = sums.get((kind, currency), (0, ZERO))
        sums[kind, currency] = before[0] + count, before[1] + amount
    return {
        "lines": [
            {"project": project, "user": user, "kind": kind, "bookings": n, "amount": text(sum_), "currency": currency}
            for project, user, kind, currency, n, sum_ in rows
        ],
        "totals": [
            {"kind": kind, "bookings": n, "amount": text(sum_), "currency": currency}
            for (kind, currency), (n, sum_) in sorted(sums.items())
        ],
    }
