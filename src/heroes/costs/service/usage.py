"""What was used, added up: by job, execution, user, project or the whole organization, over days and weeks too."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Numeric, Select, cast, column, func, literal, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.costs.models import StorageDay, Tariff, Usage
from heroes.costs.rules import ZERO
from heroes.costs.service.storage import in_span
from heroes.identity import Caller, visible

MOST_GROUPS = 10_000


class By(StrEnum):
    """What a sum is made for."""

    ORGANIZATION = "organization"
    PROJECT = "project"
    USER = "user"
    EXECUTION = "execution"
    JOB = "job"
    DAY = "day"
    DAY_CLUSTER = "day_cluster"
    DAY_PROJECT = "day_project"
    PROJECT_WEEK = "project_week"
    USER_WEEK = "user_week"


@dataclass(frozen=True, slots=True)
class Total:
    """One sum. `energy_j` counts the measured attempts only; `measured` says how many those are; so for memory.

    `charged` includes what was paid for storage.
    """

    key: str
    currency: str
    attempts: int
    core_s: Decimal
    node_s: Decimal
    gpu_s: Decimal
    moved_bytes: int
    energy_j: Decimal | None
    measured: int
    charged: Decimal
    overrun: Decimal
    memory_byte_s: Decimal | None
    memory_known: int
    stored_byte_days: Decimal = ZERO
    """bytes × days held in buckets; of one execution or job nobody knows it"""


@dataclass(frozen=True, slots=True)
class Item:
    """What was charged for one item of the prices; what the platform bore beyond reservations is below 0."""

    name: str
    currency: str
    amount: Decimal


STORAGE = "storage"
"""stands for a cluster where what is paid is storage"""


async def totals(
    session: AsyncSession, who: Caller, by: By, *, since: datetime | None, until: datetime | None
) -> list[Total]:
    """Return the sums that the caller may see, at most MOST_GROUPS: all, a project's, or one's own."""
    key, currency = _KEYS[by], Usage.currency
    summed = _within(visible(Usage, who), since, until).with_only_columns(
        key,
        currency,
        func.count(),
        *(func.coalesce(func.sum(_quantity(name)), 0) for name in ("core_s", "node_s", "gpu_s", "moved_bytes")),
        func.sum(_quantity("energy_j")),
        func.count(_quantity("energy_j")),
        func.sum(Usage.charged),
        func.sum(Usage.overrun),
        func.sum(_quantity("memory_byte_s")),
        func.count(_quantity("memory_byte_s")),
    )
    if by is By.DAY_CLUSTER:
        summed = summed.outerjoin(Tariff, Tariff.id == Usage.tariff_id)
    rows = await session.execute(summed.group_by(key, currency).order_by(key, currency).limit(MOST_GROUPS))
    used = {(row[0], row[1]): Total(*row) for row in rows}
    for (name, unit), (byte_days, paid) in (await _stored(session, who, by, since, until)).items():
        known = used.get((name, unit)) or Total(name, unit, 0, ZERO, ZERO, ZERO, 0, None, 0, ZERO, ZERO, None, 0)
        used[name, unit] = replace(known, stored_byte_days=byte_days, charged=known.charged + paid)
    return list(used.values())


async def _stored(
    session: AsyncSession, who: Caller, by: By, since: datetime | None, until: datetime | None
) -> Mapping[tuple[str, str], tuple[Decimal, Decimal]]:
    """Return byte-days and what was paid for them, by key and currency."""
    if by not in _STORED_KEYS:
        return {}
    key, currency = _STORED_KEYS[by], StorageDay.currency
    query = in_span(visible(StorageDay, who), since, until).with_only_columns(
        key, currency, func.sum(StorageDay.bytes), func.sum(StorageDay.charged)
    )
    rows = await session.execute(query.group_by(key, currency).order_by(key, currency).limit(MOST_GROUPS))
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


async def items(session: AsyncSession, who: Caller, *, since: datetime | None, until: datetime | None) -> list[Item]:
    """Return what was charged for each item of the prices; together it is all that was charged."""
    line = func.jsonb_array_elements(Usage.lines).table_valued(column("value", JSONB)).lateral()
    name, amount = line.c.value["item"].astext, func.sum(cast(line.c.value["amount"].astext, Numeric))
    spent = _within(visible(Usage, who), since, until)
    lines = spent.with_only_columns(name, Usage.currency, amount).join(line, true()).group_by(name, Usage.currency)
    borne = spent.with_only_columns(literal("overrun"), Usage.currency, -func.sum(Usage.overrun))
    stored = in_span(visible(StorageDay, who), since, until).with_only_columns(
        literal("gb_month"), StorageDay.currency, func.sum(StorageDay.charged)
    )
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for query in (lines, borne.group_by(Usage.currency), stored.group_by(StorageDay.currency)):
        for item, currency, total in await session.execute(query):
            sums[item, currency] += total
    return [Item(item, currency, total) for (item, currency), total in sums.items() if total]


def _within(query: Select[Usage], since: datetime | None, until: datetime | None) -> Select[Usage]:
    if since is not None:
        query = query.where(Usage.created_at >= since)
    return query if until is None else query.where(Usage.created_at < until)


def _quantity(name: str) -> ColumnElement[Any]:
    return cast(Usage.quantities[name].astext, Numeric)


_DAY = func.to_char(func.timezone("UTC", Usage.created_at), "YYYY-MM-DD")
_WEEK = func.to_char(func.date_trunc("week", func.timezone("UTC", Usage.created_at)), "YYYY-MM-DD")
_KEYS: dict[By, ColumnElement[Any]] = {
    By.ORGANIZATION: literal("organization"),
    By.PROJECT: Usage.project_id.expression,
    By.USER: Usage.user_id.expression,
    By.EXECUTION: Usage.execution_id.expression,
    By.JOB: Usage.job_id.expression,
    By.DAY: _DAY,
    By.DAY_CLUSTER: func.concat(_DAY, " ", Tariff.cluster_id),
    By.DAY_PROJECT: func.concat(_DAY, " ", Usage.project_id.expression),
    By.PROJECT_WEEK: func.concat(Usage.project_id.expression, " ", _WEEK),
    By.USER_WEEK: func.concat(Usage.user_id.expression, " ", _WEEK),
}
_STORED_DAY = func.to_char(StorageDay.day, "YYYY-MM-DD")
_STORED_KEYS: dict[By, ColumnElement[Any]] = {
    By.ORGANIZATION: literal("organization"),
    By.PROJECT: StorageDay.project_id.expression,
    By.USER: StorageDay.user_id.expression,
    By.DAY: _STORED_DAY,
    By.DAY_CLUSTER: func.concat(_STORED_DAY, f" {STORAGE}"),
    By.DAY_PROJECT: func.concat(_STORED_DAY, " ", StorageDay.project_id.expression),
}


async def charged(session: AsyncSession, who: Caller, executions: Sequence[str]) -> dict[str, tuple[float, str]]:
    """Return by execution what its jobs were charged and in which currency, as far as the caller may see it."""
    asked = visible(Usage, who).where(Usage.execution_id.in_(executions))
    summed = asked.with_only_columns(Usage.execution_id, func.sum(Usage.charged), func.min(Usage.currency))
    rows = await session.execute(summed.group_by(Usage.execution_id))
    return {execution: (float(amount), currency) for execution, amount, currency in rows}
