"""The life of an organization, project or user, told to every slice: provision goes up the ladder, purge down."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.kit.db import Base

Kind = Literal["organization", "project", "user"]
Hook = Callable[[AsyncSession, Kind, str, str], Awaitable[None]]  # session, kind, organization id, id
Count = Callable[[AsyncSession, Kind, str, str], Awaitable[dict[str, int]]]  # rows by table, or what is left by name
Quiet = Callable[[AsyncSession, Kind, str, str], Awaitable[bool]]


async def _nothing(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None: ...


async def _no_rows(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    return {}


async def _idle(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> bool:
    return True


@dataclass(frozen=True)
class Lifecycle:
    """One slice's part: make what a new one needs, remove what it leaves, count what would be removed.

    `quiet` asks what is under way for one that leaves to end, and says whether all has; `purge` comes after that.
    `left` counts what people would miss of one that leaves. Every hook may run twice. `tables` are the tables with an
    organization column that this part answers for.
    """

    slice: str
    tables: frozenset[str] = frozenset()
    provision: Hook = _nothing
    purge: Hook = _nothing
    count: Count = _no_rows
    quiet: Quiet = _idle
    left: Count = _no_rows


def removing(
    slice: str,
    models: Sequence[type[Base]],
    *,
    of_user: Sequence[type[Base]] = (),
    first: Hook = _nothing,
    quiet: Quiet = _idle,
    left: Count = _no_rows,
) -> Lifecycle:
    """Return the part of a slice whose rows go with their organization, and of a user those of `of_user`.

    `models` stand children first; `first` runs before any row goes. What else is of users and projects stays.
    """

    def left_by(kind: Kind, organization_id: str, subject_id: str) -> list[tuple[Any, ColumnElement[bool]]]:
        going = {"organization": models, "project": (), "user": of_user}[kind]
        column = "user_id" if kind == "user" else "organization_id"
        tables = [model.__table__ for model in going]
        return [
            (table, (table.c.organization_id == organization_id) & (table.c[column] == subject_id)) for table in tables
        ]

    async def purge(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
        await first(session, kind, organization_id, subject_id)
        for table, mine in left_by(kind, organization_id, subject_id):
            await session.execute(delete(table).where(mine))

    async def count(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
        return {
            table.name: await session.scalar(select(func.count()).select_from(table).where(mine)) or 0
            for table, mine in left_by(kind, organization_id, subject_id)
        }

    tables = frozenset(model.__tablename__ for model in models)
    return Lifecycle(slice, tables, purge=purge, count=count, quiet=quiet, left=left)


_parts: dict[str, Lifecycle] = {}


def register(part: Lifecycle) -> None:
    """Add a slice's part; called when its models are imported, in the order of the ladder."""
    _parts[part.slice] = part


def tables() -> frozenset[str]:
    """Return every table some slice answers for."""
    return frozenset().union(*(part.tables for part in _parts.values()))


async def provision(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    """Make what a new organization, project or user needs, lowest slice first."""
    for part in _parts.values():
        await part.provision(session, kind, organization_id, subject_id)


async def quiet(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> bool:
    """Ask all that is under way for one that leaves to end; return whether nothing is left, so that it may go."""
    ended = [await part.quiet(session, kind, organization_id, subject_id) for part in reversed(_parts.values())]
    return all(ended)


async def purge(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    """Remove all that one leaves behind, highest slice first."""
    for part in reversed(_parts.values()):
        await part.purge(session, kind, organization_id, subject_id)


async def count(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    """Return how many rows of which table `purge` would remove."""
    rows: dict[str, int] = {}
    for part in _parts.values():
        rows.update(await part.count(session, kind, organization_id, subject_id))
    return rows


async def left(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    """Return what one would leave behind that people care about: `files`, `running`, `tokens` and the like."""
    found: dict[str, int] = {}
    for part in _parts.values():
        found.update(await part.left(session, kind, organization_id, subject_id))
    return found
