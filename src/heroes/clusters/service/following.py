"""Following jobs at their sites: who waits for which, and what was last seen. For the worker's transactions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.ports import SiteJob
from heroes.clusters.models import Line, Watch
from heroes.clusters.rules import FEW, from_json
from heroes.kit import bulk
from heroes.kit.ids import new_id
from heroes.kit.work import Waiter, wake_named


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a watched job: `job` is None until the site named it; `heard_at`: its site's last answer."""

    watch_id: str
    job: SiteJob | None
    changed_at: datetime | None
    heard_at: datetime | None
    active: bool


async def watch(
    session: AsyncSession,
    *,
    organization_id: str,
    line_id: str,
    token: str,
    site_id: str,
    waiter: Waiter,
    index: int | None = None,
) -> str:
    """Follow a job, or one element of an array; each change wakes the waiter. Asked twice it is still one watch."""
    found = select(Watch).where(
        Watch.line_id == line_id,
        Watch.waiter_table == waiter.table,
        Watch.waiter_id == waiter.id,
        Watch.site_id == site_id,
        Watch.token == token,
        Watch.index.is_not_distinct_from(index),
    )
    row = (await session.scalars(found)).first()
    if row is None:
        row = Watch(
            id=new_id("wat"),
            organization_id=organization_id,
            line_id=line_id,
            token=token,
            site_id=site_id,
            index=index,
            waiter_table=waiter.table,
            waiter_id=waiter.id,
        )
        session.add(row)
    others = select(Watch.id).where(Watch.line_id == line_id, Watch.active, Watch.id != row.id).limit(FEW).subquery()
    if not row.active:
        row.active, row.changed_at = True, None  # what it missed meanwhile is compared again
    if await session.scalar(select(func.count()).select_from(others)) != FEW:  # else its keeper looks in its turn
        await wake_named(session, Waiter(Line.__tablename__, line_id))
    return row.id


@dataclass(frozen=True, slots=True)
class News:
    """A member of an array that was sighted differently."""

    task: int
    job: SiteJob
    changed_at: datetime
    heard_at: datetime | None


async def watch_tasks(
    session: AsyncSession,
    *,
    organization_id: str,
    line_id: str,
    token: str,
    site_id: str,
    tasks: Sequence[int],
    waiter: Waiter,
) -> None:
    """Follow elements of an array; changes of any of them wake the waiter. Asked twice they are still watched once."""
    mine = Watch.waiter_table == waiter.table, Watch.waiter_id == waiter.id, Watch.site_id == site_id
    known = set(await session.scalars(select(Watch.index).where(*mine, Watch.token == token)))
    same = {"organization_id": organization_id, "line_id": line_id, "token": token, "site_id": site_id}
    same |= {"waiter_table": waiter.table, "waiter_id": waiter.id}
    rows = [{"id": new_id("wat"), **same, "index": task} for task in tasks if task not in known]
    await bulk.insert(session, Watch, rows)
    await wake_named(session, Waiter(Line.__tablename__, line_id))


async def unwatch_tasks(session: AsyncSession, waiter: Waiter, tasks: Sequence[int]) -> None:
    """Follow these elements no more; what was last seen stays."""
    mine = Watch.waiter_table == waiter.table, Watch.waiter_id == waiter.id, Watch.index.in_(tasks)
    change = update(Watch).where(*mine, Watch.active).values(active=False)
    await session.execute(change.execution_options(synchronize_session=False))


async def news(session: AsyncSession, waiter: Waiter, since: datetime | None) -> list[News]:
    """Return the elements that were sighted differently after `since`; one process at a time writes sightings."""
    mine = Watch.waiter_table == waiter.table, Watch.waiter_id == waiter.id, Watch.active, Watch.job.is_not(None)
    columns = (Watch.index.label("task"), Watch.job, Watch.changed_at, Line.last_heard_at)
    found = select(*columns).join(Line, Line.id == Watch.line_id).where(*mine)
    if since is not None:
        found = found.where(Watch.changed_at > since)
    rows = (await session.execute(found)).all()
    return [News(row.task, from_json(row.job), row.changed_at, row.last_heard_at) for row in rows]


async def seen_tasks(session: AsyncSession, waiter: Waiter, tasks: Sequence[int | None]) -> dict[int, SiteJob]:
    """Return what was last seen of these elements."""
    mine = Watch.waiter_table == waiter.table, Watch.waiter_id == waiter.id, Watch.index.in_(tasks)
    found = select(Watch.index.label("task"), Watch.job).where(*mine, Watch.job.is_not(None))
    return {row.task: from_json(row.job) for row in (await session.execute(found)).all()}


async def followed(session: AsyncSession, line_id: str) -> bool:
    """Tell whether any job is followed through a line."""
    return bool(await session.scalar(select(select(Watch.id).where(Watch.line_id == line_id, Watch.active).exists())))


async def unwatch(session: AsyncSession, watch_id: str) -> None:
    """Follow a job no more; what was last seen stays."""
    await session.execute(update(Watch).where(Watch.id == watch_id).values(active=False))


async def unwatch_all(session: AsyncSession, waiter: Waiter) -> None:
    """Follow nothing more that a row waits for; what was last seen stays."""
    mine = Watch.waiter_table == waiter.table, Watch.waiter_id == waiter.id, Watch.active
    change = update(Watch).where(*mine).values(active=False)
    await session.execute(change.execution_options(synchronize_session=False))


async def last_seen(session: AsyncSession, watch_id: str) -> Seen | None:
    """Return what was last seen of a watched job."""
    row = (await session.execute(_seen().where(Watch.id == watch_id))).one_or_none()
    return _as_seen(row[0], row[1]) if row else None


async def seen_by(session: AsyncSession, waiter: Waiter) -> list[Seen]:
    """Return what was last seen of everything a row waits for, in the order it was asked for."""
    found = _seen().where(Watch.waiter_table == waiter.table, Watch.waiter_id == waiter.id).order_by(Watch.id)
    return [_as_seen(row[0], row[1]) for row in await session.execute(found)]


def _seen() -> Select[Watch, datetime | None]:
    return select(Watch, Line.last_heard_at).join(Line, Line.id == Watch.line_id)


def _as_seen(row: Watch, heard_at: datetime | None) -> Seen:
    return Seen(row.id, from_json(row.job) if row.job else None, row.changed_at, heard_at, row.active)
