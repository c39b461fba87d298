"""Queries: which clusters, queues and lines a caller or an organization may use."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Text, column, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.ear import Level
from heroes.clusters.models import Cluster, Line, Queue, Sighting
from heroes.clusters.rules import ClusterState, Kind, LineState
from heroes.clusters.samples import TOLD_BY
from heroes.identity import Action, Caller, visible
from heroes.kit.db import LOCK, Base, heroes_now
from heroes.kit.errors import Denied, NoCluster, NotFound


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a job could go: a queue, or a cluster of which no queue is known yet, with the account to be used."""

    cluster: Cluster
    queue: Queue | None
    line: Line | None


async def cluster_by_name(session: AsyncSession, who: Caller, name: str) -> Cluster:
    """Return a cluster by id or name; the caller's own organization's before one that is shared. Raises NotFound."""
    named = or_(Cluster.id == name, Cluster.name == name)
    found = visible(Cluster, who).where(named, Cluster.state != ClusterState.DELETED)
    rows = (await session.scalars(found.order_by(Cluster.id))).all()
    if not rows:
        text = f"There is no cluster {name} that you may see. `heroes cluster list` shows which there are."
        raise NotFound(text, case="cluster_not_found", cluster=name)
    return next((row for row in rows if row.organization_id == who.organization_id), rows[0])


async def owned_cluster(session: AsyncSession, who: Caller, name: str, *, lock: bool = True) -> Cluster:
    """Return a cluster that the caller manages. Raises NotFound, Denied."""
    who.must(Action.CLUSTER_MANAGE)
    cluster = await cluster_by_name(session, who, name)
    if cluster.organization_id != who.organization_id:
        text = f"{cluster.name} belongs to another organization, which shares it with yours; only it may do this."
        raise Denied(text, case="cluster_of_another", cluster=cluster.name)
    if lock:
        await session.refresh(cluster, with_for_update=LOCK)
    return cluster


@dataclass(frozen=True, slots=True)
class Concerned:
    """How many jobs wait or run on a cluster now, of how many organizations, and by account."""

    jobs: int
    organizations: int
    by_line: Mapping[str, int]


async def concerned(session: AsyncSession, cluster_id: str) -> Concerned:
    """Return whom a change concerns: all jobs for the cluster's owner, for others those that use their own accounts."""
    told = func.heroes_followed(cluster_id).table_valued(
        column("line_id", Text), column("organization_id", Text), column("jobs", Integer)
    )
    rows = (await session.execute(select(told))).all()
    by_line: dict[str, int] = {}
    for line_id, _, jobs in rows:
        by_line[line_id] = by_line.get(line_id, 0) + jobs
    return Concerned(sum(by_line.values()), len({organization for _, organization, _ in rows}), by_line)


async def line_for(session: AsyncSession, organization_id: str, cluster_id: str) -> Line:
    """Return the account an organization uses on a cluster: its own first, else a shared one. Raises NoCluster."""
    who = Caller.system(organization_id)
    rows = (await session.scalars(visible(Line, who).where(Line.cluster_id == cluster_id).order_by(Line.id))).all()
    line = _best(rows, organization_id)
    if line is None:
        text = "Your organization has no account on this cluster. Add one, or ask its provider to share one."
        raise NoCluster(text, case="no_account")
    return line


async def candidates_rows(session: AsyncSession, who: Caller) -> list[Place]:
    """Return every queue of every cluster the caller may see, as last sighted; a cluster without queues once."""
    clusters = (
        await session.scalars(
            visible(Cluster, who).where(Cluster.state != ClusterState.DELETED).order_by(Cluster.name, Cluster.id)
        )
    ).all()
    ids = [cluster.id for cluster in clusters]
    queues = (
        await session.scalars(
            visible(Queue, who).where(Queue.cluster_id.in_(ids), Queue.state != "GONE").order_by(Queue.name)
        )
    ).all()
    lines = (await session.scalars(visible(Line, who).where(Line.cluster_id.in_(ids)).order_by(Line.id))).all()
    places = []
    for cluster in clusters:
        line = _best([line for line in lines if line.cluster_id == cluster.id], who.organization_id)
        own = [queue for queue in queues if queue.cluster_id == cluster.id]
        places += [Place(cluster, queue, line) for queue in own] or [Place(cluster, None, line)]
    session.info["places"] = places  # held, so that the session knows the one that is chosen when it is asked by id
    return places


async def account_states(session: AsyncSession, who: Caller, cluster_ids: Collection[str]) -> dict[str, str]:
    """Return the state of the account that the caller's runs use on each of these clusters, where there is one."""
    lines = (await session.scalars(visible(Line, who).where(Line.cluster_id.in_(cluster_ids)))).all()
    best = {one: _best([line for line in lines if line.cluster_id == one], who.organization_id) for one in cluster_ids}
    return {one: line.state for one, line in best.items() if line is not None}


async def of_this_machine(session: AsyncSession) -> str | None:
    """Return the id of the cluster that is the platform's own machine, for the worker; None: there is none."""
    organizations = Base.metadata.tables["organizations"].c
    platform = select(organizations.id).where(organizations.platform)
    here = Cluster.kind == Kind.LOCAL, Cluster.state != ClusterState.DELETED, Cluster.organization_id.in_(platform)
    found: str | None = await session.scalar(select(Cluster.id).where(*here).order_by(Cluster.id).limit(1))
    return found


async def sightings_since(session: AsyncSession, who: Caller, cluster_id: str, span: timedelta) -> Sequence[Sighting]:
    """Return how full a cluster's queues were over the last span, oldest first."""
    found = visible(Sighting, who).where(Sighting.cluster_id == cluster_id, Sighting.at >= heroes_now() - span)
    return (await session.scalars(found.order_by(Sighting.at))).all()


async def line(session: AsyncSession, line_id: str) -> Line | None:
    """Return a line by its id, for the worker."""
    return await session.get(Line, line_id)


async def reached_by(
    session: AsyncSession, who: Caller, *, account: str | None = None, credential_id: str | None = None
) -> list[str]:
    """Return the ids of the clusters on which the caller's organization has this account, or one with this key."""
    mine = visible(Line, who).where(Line.organization_id == who.organization_id)
    if account is not None:
        mine = mine.where(Line.account == account)
    if credential_id is not None:
        mine = mine.where(Line.credential_id == credential_id)
    return list(dict.fromkeys(row.cluster_id for row in await session.scalars(mine.order_by(Line.id))))


@dataclass(frozen=True, slots=True)
class Heard:
    """How fresh what is known of a cluster's jobs is: its last answer, and why it is silent, wholly or in part."""

    cluster: str
    at: datetime | None
    trouble: str | None
    silent: Mapping[str, str]
    """source of the site → why it did not answer, while the others did"""


async def heard(session: AsyncSession, line_ids: Collection[str]) -> dict[str, Heard]:
    """Return when each of these lines last heard from its cluster."""
    if not line_ids:
        return {}
    columns = (Line.id, Cluster.name, Line.last_heard_at, Line.trouble, Line.state, Line.sources)
    found = select(*columns).join(Cluster, Cluster.id == Line.cluster_id).where(Line.id.in_(line_ids))
    return {
        row.id: Heard(
            row.name, row.last_heard_at, None if row.state == LineState.CONNECTED else row.trouble, row.sources
        )
        for row in await session.execute(found)
    }


async def queue(session: AsyncSession, queue_id: str) -> Queue | None:
    """Return a queue by its id, for the worker."""
    return await session.get(Queue, queue_id)


async def purge_after(session: AsyncSession, cluster_id: str) -> timedelta:
    """Return how long a job folder that still holds something is kept at a cluster."""
    cluster = await session.get(Cluster, cluster_id)
    return timedelta(days=cluster.purge_days if cluster else 30)


async def facts(session: AsyncSession, cluster_id: str) -> Mapping[str, Any]:
    """Return what the checks of a cluster have found out about it."""
    cluster = await session.get(Cluster, cluster_id)
    return cluster.facts if cluster else {}


async def takes_energy_policy(session: AsyncSession, cluster_id: str, queue: str | None) -> bool:
    """Return whether jobs of a queue may ask for an energy policy, as its last check saw."""
    found = select(Queue.facts["ear"].as_string()).where(Queue.cluster_id == cluster_id, Queue.name == queue)
    return await session.scalar(found) == Level.FULL


async def meter_interval_s(session: AsyncSession, cluster_id: str) -> float | None:
    """Return how often a cluster's energy meter is read, in seconds; None: at a job's start and end, or not known."""
    cluster = await session.get(Cluster, cluster_id)
    found = cluster.facts.get("energy_interval_s") if cluster else None
    return float(found) if found else None


def _best(lines: Sequence[Line], organization_id: str) -> Line | None:
    def order(line: Line) -> tuple[bool, bool, str]:
        return line.organization_id != organization_id, line.state != LineState.CONNECTED, line.id

    return min(lines, key=order, default=None)


async def tell_usage(session: AsyncSession, cluster_ids: Collection[str]) -> set[str]:
    """Return those of these clusters that can tell of jobs what they use while they run."""
    found = select(Cluster.id).where(Cluster.id.in_(cluster_ids), Cluster.kind.in_(TOLD_BY))
    return set(await session.scalars(found))
