"""What was seen is stored: queues, their history, and the jobs somebody waits for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.ports import Key, QueueFacts, SiteJob
from heroes.adapters.ports import Sighting as SiteSighting
from heroes.clusters import rules
from heroes.clusters.models import Cluster, Queue, Sighting, Watch
from heroes.kit import bulk
from heroes.kit.db import heroes_now, transaction_time
from heroes.kit.ids import new_id
from heroes.kit.work import Waiter, wake_all_named

Jobs = Mapping[Key, SiteJob]
_WATCHED = text("""
SELECT id, token, site_id, index AS element, job, waiter_table, waiter_id FROM watches
WHERE line_id = :line AND active AND (:anew OR job IS NULL OR changed_at IS NULL OR (site_id, coalesce(index, -1)) IN (
    SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:elements AS integer[]))) OR site_id = ANY(CAST(:wholes AS text[])))
""")
"""those that somebody began to wait for since, these, and all elements of arrays told of as a whole; or all"""
_HISTORY_COLUMNS = ("state", "nodes_total", "nodes_free", "down_nodes", "cores_free", "pending_jobs", "running_jobs")


async def store_queues(session: AsyncSession, cluster: Cluster, seen: Sequence[QueueFacts], now: datetime) -> None:
    """Store what the site says of its queues; one it no longer names is GONE, and keeps its history."""
    for queue in seen:
        values = _values(queue)
        row = insert(Queue).values(
            id=new_id("que"),
            organization_id=cluster.organization_id,
            cluster_id=cluster.id,
            name=queue.name,
            sighted_at=heroes_now(),
            facts={},
            **values,
        )
        changed = row.on_conflict_do_update(
            index_elements=[Queue.cluster_id, Queue.name],
            set_={**values, "sighted_at": heroes_now(), "updated_at": heroes_now()},
        )
        queue_id = (await session.scalars(changed.returning(Queue.id))).one()
        await _remember(session, cluster, queue_id, {name: values[name] for name in _HISTORY_COLUMNS}, now)
    names = [queue.name for queue in seen]
    gone = update(Queue).where(Queue.cluster_id == cluster.id, Queue.name.not_in(names), Queue.state != "GONE")
    await session.execute(gone.values(state="GONE", nodes_free=0).execution_options(synchronize_session=False))


async def store_jobs(session: AsyncSession, line_id: str, seen: SiteSighting, before: Jobs) -> int:
    """Store the jobs that are seen differently now and wake who waits for them; return how many.

    `before` is what this process stored last, as the only one that may: only what differs from it is compared, all if
    there is nothing. A job that a list of live ones leaves out stays as it was, but is no longer called queued.
    """
    other = {key: job for key, job in seen.jobs.items() if (old := before.get(key)) is not job and old != job}
    gone = {key: job for key, job in before.items() if seen.listed and key not in seen.jobs}
    asked = {"line": line_id, "anew": not before, **_columns({**other, **gone})}
    watches = {row.id: row for row in await session.execute(_WATCHED, asked)}
    watched = [rules.Watched(r.id, r.token, r.site_id, r.element, r.job) for r in watches.values()]
    told = {one.key: rules.told_of(one, seen.jobs) for one in watched}
    news = {key: rules.as_json(job) for key, job in told.items() if job is not None}
    changes = [*rules.changes(watched, news), *(rules.left_out(watched, news) if seen.listed else [])]
    if changes:
        now = await transaction_time(session)
        await bulk.update(session, Watch, [{"id": one.id, "job": one.job, "changed_at": now} for one in changes])
        waiting = (watches[one.id] for one in changes)
        await wake_all_named(session, {Waiter(row.waiter_table, row.waiter_id) for row in waiting})
    return len(changes)


def _columns(jobs: Jobs) -> dict[str, list[Any]]:
    return {
        "ids": [site_id for site_id, _ in jobs],
        "elements": [-1 if index is None else index for _, index in jobs],
        "wholes": [site_id for site_id, index in jobs if index is None],
    }


async def wake_watchers(session: AsyncSession, line_id: str) -> None:
    """Wake everybody who waits for a job of a line: the site answers again."""
    waiting = select(Watch.waiter_table, Watch.waiter_id).where(Watch.line_id == line_id, Watch.active).distinct()
    await wake_all_named(session, {Waiter(*row) for row in (await session.execute(waiting)).all()})


async def active_watches(session: AsyncSession, line_id: str) -> rules.Active:
    """Return what is watched through a line, with the jobs' ids at the site."""
    begun = func.min(Watch.created_at), func.max(Watch.created_at)
    active = select(func.count(), *begun, func.array_agg(Watch.site_id.distinct()))
    count, since, newest, ids = (await session.execute(active.where(Watch.line_id == line_id, Watch.active))).one()
    return rules.Active(count, since, newest, tuple(ids or ()))


async def _remember(
    session: AsyncSession, cluster: Cluster, queue_id: str, new: Mapping[str, Any], now: datetime
) -> None:
    newest = select(Sighting).where(Sighting.queue_id == queue_id).order_by(Sighting.at.desc()).limit(1)
    last = (await session.scalars(newest)).one_or_none()
    before = {name: getattr(last, name) for name in _HISTORY_COLUMNS} if last else None
    if not rules.worth_keeping(before, last.at if last else None, new, now):
        return
    session.add(
        Sighting(
            id=new_id("sgt"), organization_id=cluster.organization_id, cluster_id=cluster.id, queue_id=queue_id, **new
        )
    )
    old = delete(Sighting).where(Sighting.queue_id == queue_id, Sighting.at < heroes_now() - rules.HISTORY)
    await session.execute(old.execution_options(synchronize_session=False))


def _values(queue: QueueFacts) -> dict[str, Any]:
    return {
        "state": queue.state,
        "is_default": queue.default,
        "nodes_total": queue.nodes_total,
        "nodes_free": queue.nodes_free,
        "down_nodes": queue.down_nodes,
        "cores_per_node": queue.cores_per_node,
        "cores_total": queue.cores_total,
        "cores_free": queue.cores_free,
        "memory_bytes_per_node": queue.memory_bytes_per_node,
        "gpus_per_node": queue.gpus_per_node,
        "max_walltime_s": queue.max_walltime_s,
        "default_walltime_s": queue.default_walltime_s,
        "max_nodes": queue.max_nodes,
        "accounts": list(queue.accounts) if queue.accounts is not None else None,
        "pending_jobs": queue.pending_jobs,
        "running_jobs": queue.running_jobs,
    }
