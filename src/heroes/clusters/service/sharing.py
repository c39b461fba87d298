"""Sharing a cluster, and the account on it, with other organizations: rows of identity's grants."""

from dataclasses import dataclass

from sqlalchemy import Text, column, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters.models import Cluster, Line
from heroes.clusters.service.lookups import owned_cluster
from heroes.identity import Caller
from heroes.identity.service import grants
from heroes.kit import audit
from heroes.kit.errors import Invalid, NotFound
from heroes.kit.faults import fault


@dataclass(frozen=True, slots=True)
class Share:
    """A cluster is open to an organization (None: to all), with or without the provider's own account."""

    organization_id: str | None
    account: bool
    organization: str | None = None
    """its name"""


async def share(
    session: AsyncSession, who: Caller, name: str, organization: str | None, *, account: bool, consent: str | None
) -> Share:
    """Open a cluster to an organization (id or name; None: to all), with the account too if both sides agreed to that.

    Raises NotFound for an unknown organization, Invalid when an account is shared without the words of consent: the
    site's file rights are then the only wall between the two organizations.
    """
    cluster = await owned_cluster(session, who, name)
    if account and not (consent or "").strip():
        problem = fault("/consent", "say who of both organizations agreed, and when", "needs_consent")
        raise Invalid(
            "Sharing an account needs the written consent of both organizations.", [problem], case="see_fields"
        )
    grantee = await _organization(session, organization)
    await _open(session, who, "cluster", cluster.id, grantee)
    for line in await _lines(session, cluster) if account else []:
        await _open(session, who, "line", line.id, grantee)
        line.shared_with_consent = consent
    called = (await _names(session)).get(grantee or "")
    facts = {"organization": grantee, "name": called, "account": account, "consent": consent}
    audit.record(session, who, "cluster.shared", cluster, **facts)
    return Share(grantee, account, called)


async def unshare(session: AsyncSession, who: Caller, name: str, organization: str | None) -> None:
    """Close a cluster, and its accounts, to an organization (None: to all that had it together). Running jobs go on."""
    cluster = await owned_cluster(session, who, name)
    grantee = await _organization(session, organization)
    objects = [("cluster", cluster.id), *(("line", line.id) for line in await _lines(session, cluster))]
    for kind, object_id in objects:
        await grants.revoke(
            session, who, object_type=kind, object_id=object_id, grantee_type=_type(grantee), grantee_id=grantee
        )
    called = (await _names(session)).get(grantee or "")
    audit.record(session, who, "cluster.unshared", cluster, organization=grantee, name=called)


async def shares(session: AsyncSession, who: Caller, name: str) -> list[Share]:
    """Return to whom a cluster is open."""
    cluster = await owned_cluster(session, who, name, lock=False)
    with_account = {
        grant.grantee_id
        for line in await _lines(session, cluster)
        for grant in await grants.grants_of(session, "line", line.id)
    }
    to = [grant.grantee_id for grant in await grants.grants_of(session, "cluster", cluster.id)]
    names = await _names(session)
    return [Share(grantee, grantee in with_account, names.get(grantee or "")) for grantee in to]


async def open_to_all(session: AsyncSession, cluster: Cluster, line: Line, *, allowed: bool) -> None:
    """Open this machine to every organization, or to none but its own."""
    who = Caller.system(cluster.organization_id)
    for kind, object_id in (("cluster", cluster.id), ("line", line.id)):
        if allowed:
            await _open(session, who, kind, object_id, None)
        else:
            await grants.revoke(session, who, object_type=kind, object_id=object_id)


async def _open(session: AsyncSession, who: Caller, kind: str, object_id: str, grantee: str | None) -> None:
    await grants.grant(
        session, who, object_type=kind, object_id=object_id, grantee_type=_type(grantee), grantee_id=grantee
    )


def _type(grantee: str | None) -> grants.Grantee:
    return "everyone" if grantee is None else "organization"


async def _organization(session: AsyncSession, name: str | None) -> str | None:
    if name is None:
        return None
    found: str | None = await session.scalar(select(func.heroes_organization_id(name)))
    if found is None:
        raise NotFound(f"There is no organization {name}.", case="organization_not_found")
    return found


async def _names(session: AsyncSession) -> dict[str, str]:
    """Return what the organizations are called to which the caller's own opened anything."""
    told = func.heroes_guest_names().table_valued(column("id", Text), column("name", Text))
    return {row[0]: row[1] for row in await session.execute(select(told))}


async def _lines(session: AsyncSession, cluster: Cluster) -> list[Line]:
    own = select(Line).where(Line.cluster_id == cluster.id, Line.organization_id == cluster.organization_id)
    return list((await session.scalars(own.order_by(Line.id))).all())
