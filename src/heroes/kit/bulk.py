"""Many rows in one statement: they travel as one JSON text, so that the cost is the database's and not Python's."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Column, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
Rows = Sequence[Mapping[str, Any]]


async def insert(session: AsyncSession, model: Any, rows: Rows) -> None:
    """Add rows of a table; all name the same columns, and Python's defaults of the others are not filled in."""
    if rows:
        await session.execute(text(_insert(model, tuple(rows[0]))), {"rows": _written(rows)})


async def update(session: AsyncSession, model: Any, rows: Rows) -> None:
    """Change rows by their `id`; all name the same columns."""
    if rows:
        await session.execute(text(_update(model, tuple(rows[0]))), {"rows": _written(rows)})


@cache
def _insert(model: Any, names: tuple[str, ...]) -> str:
    columns = ", ".join(map(_quoted, names))
    return f"INSERT INTO {model.__tablename__} ({columns}) SELECT {columns} FROM {_read(model, names)}"  # noqa: S608


@cache
def _update(model: Any, names: tuple[str, ...]) -> str:
    changed = [f"{_quoted(name)} = v.{_quoted(name)}" for name in names if name != "id"]
    if "updated_at" in model.__table__.c and "updated_at" not in names:
        changed.append("updated_at = heroes_now()")
    table = model.__tablename__
    return f'UPDATE {table} SET {", ".join(changed)} FROM {_read(model, names)} WHERE {table}.id = v."id"'  # noqa: S608


def _read(model: Any, names: Sequence[str]) -> str:
    columns = ", ".join(f"{_quoted(name)} {_column(model, name).type.compile(_DIALECT)}" for name in names)
    return f"json_to_recordset(CAST(:rows AS json)) AS v({columns})"


def _column(model: Any, name: str) -> Column[Any]:
    found: Column[Any] = model.__table__.c[name]
    return found


def _quoted(name: str) -> str:
    return f'"{name}"'


def _written(rows: Rows) -> str:
    return json.dumps(rows, default=_text, allow_nan=False)


def _text(value: object) -> str:
    match value:
        case datetime():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes():
            return f"\\x{value.hex()}"
    raise TypeError(f"a row in bulk cannot hold a {type(value).__name__}")
