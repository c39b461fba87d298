"""Grants: one object of an organization opened to somebody else."""

from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity.models import Grant, Project, User
from heroes.identity.rules import Caller
from heroes.kit import audit
from heroes.kit.errors import NotFound
from heroes.kit.ids import new_id

Grantee = Literal["organization", "project", "user", "everyone"]


async def grant(
    session: AsyncSession,
    who: Caller,
    *,
    object_type: str,
    object_id: str,
    grantee_type: Grantee,
    grantee_id: str | None = None,
    right: str = "use",
) -> Grant:
    """Open an object of the caller's organization to a grantee; a second time changes nothing.

    The slice that owns the object has checked that the caller may. Projects and users are those of the caller's own
    organization; another organization is named by its id. Raises NotFound for an unknown grantee.
    """
    found = await session.scalar(
        select(Grant).where(
            Grant.organization_id == who.organization_id,
            Grant.object_type == object_type,
            Grant.object_id == object_id,
            Grant.grantee_type == grantee_type,
            Grant.grantee_id.is_not_distinct_from(grantee_id),
            Grant.right == right,
        )
    )
    if found is not None:
        return found
    row = Grant(
        id=new_id("grt"),
        organization_id=who.organization_id,
        object_type=object_type,
        object_id=object_id,
        grantee_type=grantee_type,
        grantee_id=grantee_id,
        grantee_organization_id=await _home(session, who, grantee_type, grantee_id),
        right=right,
    )
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise NotFound("There is no such organization on this platform.", code="organization_not_found") from None
    facts = {"object_type": object_type, "object_id": object_id, "grantee": f"{grantee_type}:{grantee_id}"}
    audit.record(session, who, "grant.created", row, right=right, **facts)
    return row


async def revoke(
    session: AsyncSession,
    who: Caller,
    *,
    object_type: str,
    object_id: str,
    grantee_type: Grantee | None = None,
    grantee_id: str | None = None,
) -> None:
    """Close an object to one grantee, or (no `grantee_type`) to all."""
    gone = delete(Grant).where(
        Grant.organization_id == who.organization_id, Grant.object_type == object_type, Grant.object_id == object_id
    )
    if grantee_type is not None:
        gone = gone.where(Grant.grantee_type == grantee_type, Grant.grantee_id.is_not_distinct_from(grantee_id))
    await session.execute(gone)
    facts = {"grantee": f"{grantee_type}:{grantee_id}"} if grantee_type else {}
    audit.record(session, who, "grant.revoked", None, object_type=object_type, object_id=object_id, **facts)


async def grants_of(session: AsyncSession, object_type: str, object_id: str) -> list[Grant]:
    """Return the grants of one object, oldest first."""
    asked = select(Grant).where(Grant.object_type == object_type, Grant.object_id == object_id).order_by(Grant.id)
    return list((await session.scalars(asked)).all())


async def _home(session: AsyncSession, who: Caller, grantee_type: Grantee, grantee_id: str | None) -> str | None:
    if grantee_type == "everyone":
        return None
    if grantee_type == "organization":
        return grantee_id
    model = Project if grantee_type == "project" else User
    known = await session.scalar(
        select(model.id).where(model.organization_id == who.organization_id, model.id == grantee_id)
    )
    if known is None:
        raise NotFound(f"There is no such {grantee_type} in your organization.", code=f"{grantee_type}_not_found")
    return who.organization_id
