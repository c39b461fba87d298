"""The statements by which due rows are found and claimed: built once, since building costs more than asking.

What changes between two questions is a bound value, asked for when the statement runs (`one_of`).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Executable, Integer, Select, bindparam, func, select, update

from heroes.kit.db import heroes_now


def one_of(column: Any, values: Callable[[], Iterable[str]]) -> ColumnElement[bool]:
    """Return the condition that a column has one of the values that there are when the statement runs."""
    found: ColumnElement[bool] = column.in_(bindparam(None, callable_=lambda: list(values()), expanding=True))
    return found


def look(asked: Sequence[tuple[Any, Sequence[ColumnElement[bool]]]]) -> Select[Any]:
    """Return one question for all tables: for each, whether a row is due, and seconds until the next will be."""
    columns: list[ColumnElement[Any]] = []
    for model, conditions in asked:
        due = select(model.due_at).where(model.due_at <= heroes_now(), *conditions).exists()
        later = select(model.due_at).where(model.due_at > heroes_now(), *conditions)
        first = later.order_by(model.due_at).limit(1).scalar_subquery()
        columns += [due, seconds_until(first)]
    return select(*columns)


def seconds_until(moment: Any) -> ColumnElement[Any]:
    return func.extract("epoch", moment - heroes_now())


def take(model: Any, conditions: Sequence[ColumnElement[bool]], owner: str, lease: timedelta) -> Executable:
    """Return the claim of up to `count` due rows, the oldest first, passing over those that others have locked."""
    due = select(model.id).where(model.due_at <= heroes_now(), *conditions).order_by(model.due_at)
    chosen = due.limit(bindparam("count", type_=Integer)).with_for_update(skip_locked=True)
    until: ColumnElement[datetime] = heroes_now() + lease
    return (
        update(model.__table__)
        .where(model.id.in_(chosen.scalar_subquery()))
        .values(fence=model.fence + 1, lease_owner=owner, due_at=until)
        .returning(model.id, model.organization_id, model.fence, model.wakes, model.failures)
    )
