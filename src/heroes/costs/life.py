"""What of costs goes with a user, project or organization: open budgets close; the books stay."""

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.costs.models import (
    Books,
    Budget,
    BudgetPeriod,
    Draw,
    LedgerEntry,
    MonthlyStatement,
    Reservation,
    StorageDay,
    Tariff,
    Usage,
)
from heroes.costs.service.storage import open_books
from heroes.kit import lifecycle
from heroes.kit.db import heroes_now
from heroes.kit.lifecycle import Kind, Lifecycle

_TABLES = (
    Tariff,
    Budget,
    BudgetPeriod,
    Reservation,
    Draw,
    Usage,
    LedgerEntry,
    Books,
    StorageDay,
    MonthlyStatement,
)


def _of(kind: Kind, organization_id: str, subject_id: str) -> list[object]:
    column = {"organization": Budget.organization_id, "project": Budget.project_id, "user": Budget.user_id}[kind]
    return [Budget.organization_id == organization_id, column == subject_id, Budget.closed_at.is_(None)]


async def provision(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    """Keep books for a new organization."""
    if kind == "organization":
        await open_books(session, organization_id)


async def purge(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    """Close the subject's budgets and, with an organization, end its tariffs. What was booked is kept."""
    ours = _of(kind, organization_id, subject_id)
    await session.execute(update(Budget).where(*ours).values(closed_at=heroes_now()))  # type: ignore[arg-type]
    if kind == "organization":
        in_force = Tariff.valid_until.is_(None), Tariff.valid_from <= heroes_now()
        ended = update(Tariff).where(Tariff.organization_id == organization_id, *in_force)
        await session.execute(ended.values(valid_until=heroes_now()))
        await session.execute(delete(Books).where(Books.organization_id == organization_id))


async def count(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    """Return how many budgets would be closed, and whether books are kept that would end."""
    ours = _of(kind, organization_id, subject_id)
    found = await session.scalar(select(func.count()).select_from(Budget).where(*ours))  # type: ignore[arg-type]
    rows = {Budget.__tablename__: found or 0}
    if kind == "organization":
        kept = select(func.count()).select_from(Books).where(Books.organization_id == organization_id)
        rows[Books.__tablename__] = await session.scalar(kept) or 0
    return rows


lifecycle.register(
    Lifecycle(
        "costs", frozenset(table.__tablename__ for table in _TABLES), provision=provision, purge=purge, count=count
    )
)
