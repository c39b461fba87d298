"""The statements by which rows are found due, claimed, held and woken: built once, since that costs more than asking.

What changes between two questions is a bound value, asked for when the statement runs (`one_of`).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Executable,
    Integer,
    Select,
    Text,
    bindparam,
    case,
    func,
    or_,
    select,
    union,
    update,
)

from heroes.kit.db import LOCK, heroes_now


def one_of(column: Any, values: Callable[[], Iterable[str]]) -> ColumnElement[bool]:
    """Return the condition that a column has one of the values that there are when the statement runs."""
    found: ColumnElement[bool] = column.in_(bindparam(None, callable_=lambda: list(values()), expanding=True))
    return found


def apart(column: Any, values: Callable[[], Iterable[str]]) -> ColumnElement[bool]:
    """Return the condition that a column has none of the values that there are when the statement runs."""
    return or_(column.is_(None), column.not_in(bindparam(None, callable_=lambda: list(values()), expanding=True)))


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
    chosen = due.limit(bindparam("count", type_=Integer)).with_for_update(skip_locked=True, **LOCK)
    until: ColumnElement[datetime] = heroes_now() + lease
    return (
        update(model)
        .where(model.id.in_(chosen.scalar_subquery()))
        .values(fence=model.fence + 1, lease_owner=owner, due_at=until)
        .returning(model)
        .execution_options(synchronize_session=False)
    )


def leased(models: Sequence[Any], lease: timedelta) -> Executable:
    """Return the question who holds rows of these tables."""
    soon = heroes_now() + lease
    rows = [
        select(one.lease_owner).where(one.due_at > heroes_now(), one.due_at <= soon, one.lease_owner.is_not(None))
        for one in models
    ]
    return union(*rows)


@cache
def freed(model: Any) -> Executable:
    """Return the update that ends the leases of the owners `owners`."""
    theirs = model.lease_owner == func.any(bindparam("owners", type_=ARRAY(Text)))
    locked = select(model.id).where(theirs, model.due_at > heroes_now()).order_by(model.id).with_for_update(**LOCK)
    return (
        update(model)
        .where(model.id.in_(locked.scalar_subquery()))
        .values(due_at=heroes_now())
        .execution_options(synchronize_session=False)
    )


@cache
def held(model: Any) -> Executable:
    """Return the lock of the row `row` while it is under the fence `mark`; with it, the time."""
    return (
        select(model, heroes_now())
        .where(model.id == bindparam("row"), model.fence == bindparam("mark"))
        .with_for_update(**LOCK)
    )


@cache
def woken(model: Any) -> Executable:
    """Return the update that makes the rows `rows` due now, locked in the order of their ids."""
    named = model.id == func.any(bindparam("rows", type_=ARRAY(Text)))
    locked = select(model.id).where(named).order_by(model.id).with_for_update(**LOCK)
    return (
        update(model)
        .where(model.id.in_(locked.scalar_subquery()))
        .values(wakes=model.wakes + 1, due_at=sooner(model, heroes_now()))
        .execution_options(synchronize_session=False)
    )


@cache
def recovered(model: Any, column: str) -> Executable:
    """Return the update that makes the rows due that have failed and have the value `value` in a column."""
    failed = (getattr(model, column) == bindparam("value"), model.failures > 0, model.due_at > heroes_now())
    chosen = select(model.id).where(*failed, model.lease_owner.is_(None)).order_by(model.id).with_for_update(**LOCK)
    return (
        update(model)
        .where(model.id.in_(chosen.scalar_subquery()))
        .values(due_at=heroes_now())
        .execution_options(synchronize_session=False)
    )


def sooner(model: Any, due: ColumnElement[datetime]) -> ColumnElement[Any]:
    """Return when a woken row is due. A leased one keeps its lease's end: `wakes` tells its owner to look again."""
    earliest = func.least(func.coalesce(model.due_at, due), due)
    return case((model.lease_owner.is_not(None), model.due_at), else_=earliest)
