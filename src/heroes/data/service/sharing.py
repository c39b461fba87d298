"""A bucket opened to a user, a project, or everybody in the organization."""

from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.data.models import Bucket
from heroes.data.service import buckets
from heroes.identity import Caller
from heroes.identity.service import grants
from heroes.kit.db import Base
from heroes.kit.errors import NotFound

Right = Literal["read", "write"]
With = Literal["user", "project", "organization"]
_NAMES = {"user": ("users", "username"), "project": ("projects", "name")}


async def share(session: AsyncSession, who: Caller, bucket_name: str, kind: With, name: str, right: Right) -> Bucket:
    """Open a bucket to a grantee by name. Raises NotFound, Denied."""
    bucket = await buckets.get(session, who, bucket_name)
    buckets.must_share(who, bucket)
    grantee = await _grantee(session, who, kind, name)
    await grants.revoke(session, who, object_type="bucket", object_id=bucket.id, grantee_type=kind, grantee_id=grantee)
    await grants.grant(
        session, who, object_type="bucket", object_id=bucket.id, grantee_type=kind, grantee_id=grantee, right=right
    )
    return bucket


async def unshare(session: AsyncSession, who: Caller, bucket_name: str, kind: With, name: str) -> None:
    """Close a bucket to a grantee again. Raises NotFound, Denied."""
    bucket = await buckets.get(session, who, bucket_name)
    buckets.must_share(who, bucket)
    grantee = await _grantee(session, who, kind, name)
    await grants.revoke(session, who, object_type="bucket", object_id=bucket.id, grantee_type=kind, grantee_id=grantee)


async def shares(session: AsyncSession, who: Caller, bucket_name: str) -> list[tuple[str, str | None, str]]:
    """Return whom a bucket is open to: kind, name, right. Raises NotFound."""
    bucket = await buckets.get(session, who, bucket_name)
    found = await grants.grants_of(session, "bucket", bucket.id)
    return [(row.grantee_type, await _name(session, who, row.grantee_type, row.grantee_id), row.right) for row in found]


async def _grantee(session: AsyncSession, who: Caller, kind: With, name: str) -> str:
    if kind == "organization":
        return who.organization_id
    table, column = _NAMES[kind]
    columns = Base.metadata.tables[table].c
    mine = (columns.organization_id == who.organization_id, columns[column] == name)
    found: str | None = await session.scalar(select(columns.id).where(*mine))
    if found is None:
        raise NotFound(f"There is no {kind} {name} in your organization.", code=f"{kind}_not_found")
    return found


async def _name(session: AsyncSession, who: Caller, kind: str, grantee_id: str | None) -> str | None:
    if kind not in _NAMES:
        return who.organization
    table, column = _NAMES[kind]
    columns = Base.metadata.tables[table].c
    mine = (columns.organization_id == who.organization_id, columns.id == grantee_id)
    found: str | None = await session.scalar(select(columns[column]).where(*mine))
    return found
