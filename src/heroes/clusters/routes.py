"""HTTP in, HTTP out. `{cluster}` is an id or a name."""

from datetime import timedelta
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service
from heroes.clusters.models import Cluster, Line, Queue, Report, Sighting
from heroes.clusters.rules import ClusterState
from heroes.clusters.schemas import (
    AccountIn,
    AccountPatch,
    CheckIn,
    ClusterOut,
    ConcernedOut,
    EnrolIn,
    EnrolledOut,
    HostKeyIn,
    LineOut,
    PolicyIn,
    QueueOut,
    ReportOut,
    ShareIn,
    ShareOut,
    SightingOut,
)
from heroes.identity import Action, Caller, Tx, Who, visible
from heroes.kit.db import heroes_now
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems
from heroes.kit.secrets import DatabaseSecrets, SecretStore, master_keys

router = APIRouter(prefix="/organization/cluster", tags=["clusters"])

_READ = problems(Denied, NotFound)
_WRITE = problems(Denied, NotFound, Conflict, Invalid)


def _secrets(request: Request) -> SecretStore:
    """Return the process's secret store, made at first use."""
    state = request.app.state
    if not hasattr(state, "secrets"):
        state.secrets = DatabaseSecrets(master_keys(state.settings.home, state.settings.master_key_file))
    return cast("SecretStore", state.secrets)


Secrets = Annotated[SecretStore, Depends(_secrets)]


async def _answering(session: AsyncSession, who: Caller, shown: list[ClusterOut]) -> list[ClusterOut]:
    """Say of clusters how the account is that the caller's runs use there."""
    states = await service.account_states(session, who, [one.id for one in shown])
    return [one.model_copy(update={"account_state": states.get(one.id)}) for one in shown]


@router.get("/list", responses=problems(Denied))
async def list_clusters(who: Who, session: Tx, page: Paged) -> list[ClusterOut]:
    """Return the clusters you may use: your organization's and those shared with it."""
    who.must(Action.CLUSTER_READ)
    found = visible(Cluster, who).where(Cluster.state != ClusterState.DELETED)
    return await _answering(session, who, await page.of(session, found, [Cluster.name, Cluster.id], ClusterOut.of))


@router.post("", status_code=201, responses=problems(Denied, Conflict, Invalid))
async def enrol_cluster(asked: EnrolIn, who: Who, session: Tx, secrets: Secrets, once: OnceOnly) -> EnrolledOut:
    """Enrol a centre: SSH alone suffices. It is checked as soon as its host key is known and approved."""

    async def make() -> EnrolledOut:
        cluster, line = await service.enrol(session, who, secrets, asked.enrolment())
        await session.refresh(cluster)
        return EnrolledOut.with_line(cluster, line)

    answer: EnrolledOut = await once(session, who, asked.without_secrets(), make)
    return answer


@router.get("/{cluster}", responses=_READ)
async def show_cluster(cluster: str, who: Who, session: Tx) -> ClusterOut:
    """Return one cluster."""
    who.must(Action.CLUSTER_READ)
    [shown] = await _answering(session, who, [ClusterOut.of(await service.cluster_by_name(session, who, cluster))])
    return shown


@router.patch("/{cluster}", responses=_WRITE)
async def change_cluster(cluster: str, asked: PolicyIn, who: Who, session: Tx) -> ClusterOut:
    """Change description, address or job folder policy."""
    return ClusterOut.of(await service.change(session, who, cluster, asked.changes()))


@router.delete("/{cluster}", status_code=204, responses=_WRITE)
async def remove_cluster(cluster: str, who: Who, session: Tx, secrets: Secrets) -> None:
    """Forget a cluster, its accounts and their secrets."""
    await service.remove(session, who, secrets, cluster)


@router.post("/{cluster}/pause", responses=_WRITE)
async def pause_cluster(cluster: str, who: Who, session: Tx) -> ClusterOut:
    """Take no new job; what runs is followed to its end."""
    return ClusterOut.of(await service.pause(session, who, cluster))


@router.post("/{cluster}/resume", responses=_WRITE)
async def resume_cluster(cluster: str, who: Who, session: Tx) -> ClusterOut:
    """Take new jobs again."""
    return ClusterOut.of(await service.resume(session, who, cluster))


@router.post("/{cluster}/host-key", responses=_WRITE)
async def approve_host_key(cluster: str, asked: HostKeyIn, who: Who, session: Tx) -> ClusterOut:
    """Approve the host key that the cluster shows, by the fingerprint that you compared."""
    return ClusterOut.of(await service.approve_host_key(session, who, cluster, asked.fingerprint))


@router.get("/{cluster}/queues", responses=_READ)
async def list_queues(cluster: str, who: Who, session: Tx, page: Paged) -> list[QueueOut]:
    """Return the cluster's queues with their limits and how full they were when last seen."""
    who.must(Action.CLUSTER_READ)
    row = await service.cluster_by_name(session, who, cluster)
    found = visible(Queue, who).where(Queue.cluster_id == row.id, Queue.state != "GONE")
    return await page.of(session, found, [Queue.name, Queue.id], QueueOut.of)


@router.get("/{cluster}/sightings", responses=_READ)
async def list_sightings(
    cluster: str,
    who: Who,
    session: Tx,
    page: Paged,
    queue: str | None = None,
    hours: Annotated[float, Query(gt=0, le=24 * 14)] = 24,
) -> list[SightingOut]:
    """Return how full the cluster's queues were, newest first."""
    who.must(Action.CLUSTER_READ)
    row = await service.cluster_by_name(session, who, cluster)
    since = heroes_now() - timedelta(hours=hours)
    found = visible(Sighting, who).where(Sighting.cluster_id == row.id, Sighting.at >= since)
    if queue:
        named = visible(Queue, who).where(Queue.cluster_id == row.id, Queue.name == queue)
        found = found.where(Sighting.queue_id.in_(named.with_only_columns(Queue.id)))
    return await page.of(session, found, [Sighting.id], SightingOut.of, descending=True)


@router.get("/{cluster}/lines", responses=_READ)
async def list_lines(cluster: str, who: Who, session: Tx, page: Paged) -> list[LineOut]:
    """Return the accounts you may use on the cluster, and what is known of their connections."""
    who.must(Action.CLUSTER_READ)
    row = await service.cluster_by_name(session, who, cluster)
    return await page.of(session, visible(Line, who).where(Line.cluster_id == row.id), [Line.id], LineOut.of)


@router.post("/{cluster}/lines", status_code=201, responses=_WRITE)
async def add_line(cluster: str, asked: AccountIn, who: Who, session: Tx, secrets: Secrets, once: OnceOnly) -> LineOut:
    """Give your organization an account of its own on a cluster it may use."""

    async def make() -> LineOut:
        row = await service.cluster_by_name(session, who, cluster)
        return LineOut.of(await service.add_line(session, who, secrets, row, asked.account_of()))

    answer: LineOut = await once(session, who, asked.without_secrets(), make)
    return answer


@router.patch("/{cluster}/lines/{line}", responses=_WRITE)
async def change_line(cluster: str, line: str, asked: AccountPatch, who: Who, session: Tx, secrets: Secrets) -> LineOut:
    """Change an account of your organization: its user name, what is charged, or how it signs in."""
    row = await service.cluster_by_name(session, who, cluster)
    return LineOut.of(await service.change_line(session, who, secrets, row, line, asked.change()))


@router.delete("/{cluster}/lines/{line}", status_code=204, responses=_WRITE)
async def remove_line(cluster: str, line: str, who: Who, session: Tx, secrets: Secrets) -> None:
    """Forget an account of your organization and its secret."""
    await service.cluster_by_name(session, who, cluster)
    await service.remove_line(session, who, secrets, line)


@router.post("/{cluster}/check", status_code=202, responses=_WRITE)
async def check_cluster(cluster: str, who: Who, session: Tx, once: OnceOnly, asked: CheckIn | None = None) -> ReportOut:
    """Start a compliance check; read it at `report`."""
    wish = asked or CheckIn()

    async def make() -> ReportOut:
        report = await service.check(session, who, cluster, line_id=wish.line, patience_s=wish.patience_s)
        await session.flush()
        await session.refresh(report)
        return ReportOut.of(report)

    answer: ReportOut = await once(session, who, wish, make)
    return answer


@router.get("/{cluster}/concerned", responses=_READ)
async def show_concerned(cluster: str, who: Who, session: Tx) -> ConcernedOut:
    """Tell how many jobs of how many organizations a change of the cluster concerns now."""
    who.must(Action.CLUSTER_MANAGE)
    row = await service.cluster_by_name(session, who, cluster)
    return ConcernedOut.of(await service.concerned(session, row.id))


@router.get("/{cluster}/report", responses=_READ)
async def show_report(cluster: str, who: Who, session: Tx, id: str | None = None) -> ReportOut:
    """Return the newest compliance report, or the one with this id."""
    who.must(Action.CLUSTER_READ)
    row = await service.cluster_by_name(session, who, cluster)
    found = visible(Report, who).where(Report.cluster_id == row.id, *([Report.id == id] if id else []))
    report = (await session.scalars(found.order_by(Report.id.desc()).limit(1))).one_or_none()
    if report is None:
        raise NotFound("This cluster has not been checked. Start a check first.", case="never_checked")
    return ReportOut.of(report)


@router.get("/{cluster}/shares", responses=_READ)
async def list_shares(cluster: str, who: Who, session: Tx, page: Paged) -> list[ShareOut]:
    """Return to whom the cluster is open."""
    told = [ShareOut.of(share) for share in await service.shares(session, who, cluster)]
    return page.cut(told, lambda share: share.organization_id or "")


@router.post("/{cluster}/shares", status_code=201, responses=_WRITE)
async def share_cluster(cluster: str, asked: ShareIn, who: Who, session: Tx, once: OnceOnly) -> ShareOut:
    """Open the cluster to an organization, with the account too if both sides agreed in writing."""

    async def make() -> ShareOut:
        shared = await service.share(
            session, who, cluster, asked.organization, account=asked.account, consent=asked.consent
        )
        return ShareOut.of(shared)

    answer: ShareOut = await once(session, who, asked, make)
    return answer


@router.delete("/{cluster}/shares", status_code=204, responses=_WRITE)
async def unshare_cluster(cluster: str, who: Who, session: Tx, organization: str | None = None) -> None:
    """Close the cluster to an organization; without one, to all that had it together."""
    await service.unshare(session, who, cluster, organization)
