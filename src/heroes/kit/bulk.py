"""Many rows in one statement: a column travels as one array, so that the cost is the database's and not Python's."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import JSON, Column, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
Rows = Sequence[Mapping[str, Any]]


async def insert(session: AsyncSession, model: Any, rows: Rows) -> None:
    """Add rows of a table; all name the same columns, and Python's defaults of the others are not filled in."""
    if rows:
        names = tuple(rows[0])
        await session.execute(text(_insert(model, names)), _values(model, names, rows))


async def update(session: AsyncSession, model: Any, rows: Rows) -> None:
    """Change rows by their `id`; all name the same columns."""
    if rows:
        names = tuple(rows[0])
        await session.execute(text(_update(model, names)), _values(model, names, rows))


@cache
def _insert(model: Any, names: tuple[str, ...]) -> str:
    columns = ", ".join(_quoted(name) for name in names)
    return f"INSERT INTO {model.__tablename__} ({columns}) SELECT {_read(model, names)} FROM {_arrays(model, names)}"  # noqa: S608


@cache
def _update(model: Any, names: tuple[str, ...]) -> str:
    changed = [f"{_quoted(name)} = {_cast(model, name)}" for name in names if name != "id"]
    if "updated_at" in model.__table__.c and "updated_at" not in names:
        changed.append("updated_at = heroes_now()")
    table, given = model.__tablename__, _arrays(model, names)
    return f'UPDATE {table} SET {", ".join(changed)} FROM {given} WHERE {table}.id = v."id"'  # noqa: S608


def _read(model: Any, names: Sequence[str]) -> str:
    return ", ".join(_cast(model, name) for name in names)


def _arrays(model: Any, names: Sequence[str]) -> str:
    arrays = ", ".join(f"CAST(:{name} AS {_travels(model, name)}[])" for name in names)
    return f"unnest({arrays}) AS v({', '.join(map(_quoted, names))})"


def _cast(model: Any, name: str) -> str:
    return f"CAST(v.{_quoted(name)} AS {_type(model, name)})"


def _travels(model: Any, name: str) -> str:
    return "text" if _is_json(model, name) else _type(model, name)


def _type(model: Any, name: str) -> str:
    return str(_column(model, name).type.compile(_DIALECT))


def _is_json(model: Any, name: str) -> bool:
    return isinstance(_column(model, name).type, JSON)


def _column(model: Any, name: str) -> Column[Any]:
    found: Column[Any] = model.__table__.c[name]
    return found


def _quoted(name: str) -> str:
    return f'"{name}"'


def _values(model: Any, names: Sequence[str], rows: Rows) -> dict[str, list[Any]]:
    return {
        name: [None if row[name] is None else json.dumps(row[name]) for row in rows]
        if _is_json(model, name)
        else [row[name] for row in rows]
        for name in names
    }
