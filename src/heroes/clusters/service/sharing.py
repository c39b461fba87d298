"""Sharing a cluster, and the account on it, with other organizations: rows of identity's grants."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters.models import Cluster, Line
from heroes.clusters.service.lookups import owned_cluster
from heroes.identity import Caller
from heroes.kit import audit
from heroes.kit.db import Base
from heroes.kit.errors import Invalid, NotFound
from heroes.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Share:
    """A cluster is open to an organization (None: to all), with or without the provider's own account."""

    organization_id: str | None
    account: bool


async def share(
    session: AsyncSession, who: Caller, name: str, organization: str | None, *, account: bool, consent: str | None
) -> Share:
    """Open a cluster to an organization (id or name; None: to all), with the account too if both sides agreed to that.

    Raises NotFound for an unknown organization, Invalid when an account is shared without the words of consent: the
    site's file rights are then the only wall between the two organizations.
    """
    cluster = await owned_cluster(session, who, name)
    if account and not (consent or "").strip():
        problem = {"pointer": "/consent", "message": "say who of both organizations agreed, and when"}
        raise Invalid("Sharing an account needs the written consent of both organizations.", [problem])
    grantee = await _organization(session, organization)
    lines = await _lines(session, cluster) if account else []
    await _grant(session, cluster.organization_id, "cluster", cluster.id, grantee)
    for line in lines:
        await _grant(session, cluster.organization_id, "line", line.id, grantee)
        line.shared_with_consent = consent
    audit.record(session, who, "cluster.shared", cluster, organization=grantee, account=account, consent=consent)
    return Share(grantee, account)


async def unshare(session: AsyncSession, who: Caller, name: str, organization: str | None) -> None:
    """Close a cluster, and its accounts, to an organization (None: to all that had it together). Running jobs go on."""
    cluster = await owned_cluster(session, who, name)
    grantee = await _organization(session, organization)
    objects = [cluster.id, *(line.id for line in await _lines(session, cluster))]
    grants = _grants()
    await session.execute(
        delete(grants).where(
            grants.c.object_id.in_(objects),
            grants.c.organization_id == cluster.organization_id,
            grants.c.grantee_id.is_not_distinct_from(grantee),
        )
    )
    audit.record(session, who, "cluster.unshared", cluster, organization=grantee)


async def shares(session: AsyncSession, who: Caller, name: str) -> list[Share]:
    """Return to whom a cluster is open."""
    cluster = await owned_cluster(session, who, name, lock=False)
    lines = [line.id for line in await _lines(session, cluster)]
    grants = _grants()
    found = await session.execute(
        select(grants.c.grantee_id, func.bool_or(grants.c.object_id.in_(lines)))
        .where(grants.c.object_id.in_([cluster.id, *lines]), grants.c.organization_id == cluster.organization_id)
        .group_by(grants.c.grantee_id)
        .order_by(grants.c.grantee_id.nulls_first())
    )
    return [Share(grantee, bool(account)) for grantee, account in found]


async def open_to_all(session: AsyncSession, cluster: Cluster, line: Line, *, allowed: bool) -> None:
    """Open this machine to every organization, or to none but its own."""
    for kind, object_id in (("cluster", cluster.id), ("line", line.id)):
        if allowed:
            await _grant(session, cluster.organization_id, kind, object_id, None)
        else:
            grants = _grants()
            await session.execute(delete(grants).where(grants.c.object_type == kind, grants.c.object_id == object_id))


async def _grant(session: AsyncSession, owner: str, kind: str, object_id: str, grantee: str | None) -> None:
    grants = _grants()
    known = select(grants.c.id).where(
        grants.c.object_type == kind,
        grants.c.object_id == object_id,
        grants.c.grantee_id.is_not_distinct_from(grantee),
    )
    if await session.scalar(known) is None:
        await session.execute(
            insert(grants).values(
                id=new_id("gra"),
                organization_id=owner,
                object_type=kind,
                object_id=object_id,
                grantee_type="everyone" if grantee is None else "organization",
                grantee_id=grantee,
                grantee_organization_id=grantee,
                right="use",
            )
        )


async def _organization(session: AsyncSession, name: str | None) -> str | None:
    if name is None:
        return None
    found: str | None = await session.scalar(select(func.heroes_organization_id(name)))
    if found is None:
        raise NotFound(f"There is no organization {name}.")
    return found


async def _lines(session: AsyncSession, cluster: Cluster) -> list[Line]:
    own = select(Line).where(Line.cluster_id == cluster.id, Line.organization_id == cluster.organization_id)
    return list((await session.scalars(own.order_by(Line.id))).all())


def _grants() -> Any:
    return Base.metadata.tables["grants"]  # identity's table; its models are its own
