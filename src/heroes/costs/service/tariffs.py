"""Tariffs: made for the future, never changed for the past."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, func, nulls_last, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.costs.models import Tariff
from heroes.costs.rules import ZERO, Bounds, Terms, Unbounded, worst_case
from heroes.identity import Action, Caller, visible
from heroes.kit import audit
from heroes.kit.db import Base, heroes_now, transaction_time
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound
from heroes.kit.faults import fault
from heroes.kit.ids import new_id


async def create_tariff(
    session: AsyncSession,
    who: Caller,
    *,
    cluster_id: str,
    owner_id: str,
    terms: Terms,
    queue_id: str | None = None,
    title: str = "",
    valid_from: datetime | None = None,
) -> Tariff:
    """Price a cluster, or one queue of it, from a time on (default: now); the tariff before it ends then.

    `owner_id` is the organization that owns the cluster. Raises Denied for another organization's cluster, Invalid for
    a start in the past or terms without bounds, Conflict for a second tariff from the same moment on.
    """
    who.must(Action.TARIFF_MANAGE)
    if owner_id != who.organization_id:
        text = "This cluster belongs to another organization, which alone sets its price."
        raise Denied(text, case="price_of_another")
    if terms.kwh and terms.node_power_w is None:
        message = "A price of energy needs the highest power of a node, in watts."
        problem = fault("/node_power_w", message, "needs_node_power")
        raise Invalid("Without a bound of the energy no worst case can be reserved.", [problem], case="see_fields")
    await _one_at_a_time(session, cluster_id)
    now = await transaction_time(session)
    begins = valid_from or now
    if begins < now:
        problem = fault("/valid_from", "Jobs that have started keep their price; choose now or later.", "in_the_past")
        raise Invalid("A tariff cannot begin in the past.", [problem], case="see_fields")
    same = Tariff.cluster_id == cluster_id, Tariff.queue_id.is_not_distinct_from(queue_id)
    rows = (await session.scalars(select(Tariff).where(*same).order_by(Tariff.valid_from))).all()
    if any(row.valid_from == begins for row in rows):
        raise Conflict("A tariff for this queue begins at this very moment already.", code="tariff_exists")
    for row in rows:
        if row.valid_from < begins and (row.valid_until is None or row.valid_until > begins):
            row.valid_until = begins
    made = Tariff(
        id=new_id("trf"),
        organization_id=owner_id,
        cluster_id=cluster_id,
        queue_id=queue_id,
        title=title,
        valid_from=begins,
        valid_until=min((row.valid_from for row in rows if row.valid_from > begins), default=None),
        created_by=who.user_id,
        **asdict(terms),
    )
    session.add(made)
    audit.record(session, who, "tariff.created", made, cluster=cluster_id, queue=queue_id)
    await session.flush()
    await session.refresh(made)
    return made


async def _one_at_a_time(session: AsyncSession, cluster_id: str) -> None:
    """Two prices of one cluster are set one after the other, so that their times never overlap."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"tariff:{cluster_id}", 0))))


async def queue_named(session: AsyncSession, cluster_id: str, name: str) -> str:
    """Return the id of a cluster's queue by id or name. Raises NotFound."""
    queues = Base.metadata.tables["queues"].c
    named = or_(queues.id == name, queues.name == name)
    found: str | None = await session.scalar(select(queues.id).where(queues.cluster_id == cluster_id, named))
    if found is None:
        raise NotFound(f"This cluster has no queue {name}.", code="no_queue")
    return found


async def longest_walltime(session: AsyncSession, queue_id: str) -> int | None:
    """Return the longest walltime of a queue in seconds; None: no limit."""
    queues = Base.metadata.tables["queues"].c
    limit: int | None = await session.scalar(select(queues.max_walltime_s).where(queues.id == queue_id))
    return limit


async def end_tariff(session: AsyncSession, who: Caller, tariff_id: str) -> Tariff:
    """End a tariff now; one that has not begun never will. Raises NotFound, Denied, Conflict when it has ended."""
    who.must(Action.TARIFF_MANAGE)
    row = await tariff_of(session, who, tariff_id)
    if row.organization_id != who.organization_id:
        raise Denied("This tariff belongs to another organization, which alone ends it.", case="price_of_another")
    await _one_at_a_time(session, row.cluster_id)
    await session.refresh(row)
    now = await transaction_time(session)
    if row.valid_until is not None and row.valid_until <= now:
        raise Conflict("This tariff has ended.", code="ended", case="price_ended")
    row.valid_until = max(now, row.valid_from)
    audit.record(session, who, "tariff.ended", row, cluster=row.cluster_id, queue=row.queue_id)
    await session.flush()
    await session.refresh(row)
    return row


async def tariff_of(session: AsyncSession, who: Caller, tariff_id: str) -> Tariff:
    """Return a tariff that the caller may see. Raises NotFound."""
    row: Tariff | None = await session.scalar(visible(Tariff, who).where(Tariff.id == tariff_id))
    if row is None:
        raise NotFound("There is no such tariff.", code="no_tariff")
    return row


def _valid(at: ColumnElement[datetime] | datetime) -> list[ColumnElement[bool]]:
    return [Tariff.valid_from <= at, or_(Tariff.valid_until.is_(None), Tariff.valid_until > at)]


async def tariff_at(
    session: AsyncSession, cluster_id: str | None, queue_id: str | None, at: datetime | ColumnElement[datetime]
) -> Tariff | None:
    """Return the tariff in force at a time: the queue's own, else the cluster's; None: nothing is charged there."""
    mine = or_(Tariff.queue_id == queue_id, Tariff.queue_id.is_(None))
    found = select(Tariff).where(Tariff.cluster_id == cluster_id, mine, *_valid(at))
    first: Tariff | None = await session.scalar(found.order_by(nulls_last(Tariff.queue_id)).limit(1))
    return first


async def tariff_now(session: AsyncSession, cluster_id: str | None, queue_id: str | None) -> Tariff | None:
    """Return the tariff in force now, see `tariff_at`."""
    return await tariff_at(session, cluster_id, queue_id, heroes_now())


async def in_force(session: AsyncSession, cluster_ids: list[str]) -> dict[tuple[str, str | None], Tariff]:
    """Return the tariffs in force now by (cluster, queue); (cluster, None) holds for its queues without their own."""
    rows = await session.scalars(select(Tariff).where(Tariff.cluster_id.in_(cluster_ids), *_valid(heroes_now())))
    return {(row.cluster_id, row.queue_id): row for row in rows}


def worst_case_of(tariff: Tariff, bounds: Bounds, *, count: int = 1, attempts: int = 1) -> Decimal:
    """Return the most that these orders can cost. Raises Conflict where something charged has no bound."""
    try:
        return worst_case(tariff.terms, bounds, count=count, attempts=attempts)
    except Unbounded as error:
        raise Conflict(str(error), code="unbounded_cost", missing=error.missing) from error


def worst_case_of_one(
    tariff: Tariff | None, *, nodes: int, cores: int, gpus: int, walltime_s: int | None, moved_bytes: int | None
) -> Decimal:
    """Return the most that one order can cost; nothing where there is no tariff. Cores and GPUs over all nodes.

    Raises Conflict where the tariff charges something without a bound.
    """
    if tariff is None:
        return ZERO
    return worst_case_of(tariff, Bounds(nodes, cores, gpus, walltime_s, moved_bytes))
