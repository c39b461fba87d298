"""Buckets: who has which, who may write, and how much they hold."""

import re
from collections.abc import Collection

from sqlalchemy import Select, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.data.models import Bucket, Object, Operation
from heroes.data.rules import HOME, BucketKind, Progress, bucket_name
from heroes.identity import Action, Caller, visible
from heroes.kit import audit
from heroes.kit.db import LOCK, Base
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound, OverBudget
from heroes.kit.faults import fault
from heroes.kit.ids import new_id
from heroes.kit.work import wake


def all_visible(who: Caller) -> Select[Bucket]:
    """Return the buckets that the caller may read."""
    return visible(Bucket, who)


async def get(session: AsyncSession, who: Caller, name: str) -> Bucket:
    """Return a bucket by name; `home` is the caller's own. Raises NotFound."""
    if name == HOME:
        mine = (Bucket.owner_user_id == who.user_id, Bucket.kind == BucketKind.USER)
        bucket = await session.scalar(visible(Bucket, who).where(*mine))
    else:
        bucket = await session.scalar(visible(Bucket, who).where(Bucket.name == name))
    if bucket is None:
        raise NotFound(f"There is no bucket {name} that you can see; `data list` shows yours.", code="no_bucket")
    return bucket


async def writable(session: AsyncSession, who: Caller, name: str) -> Bucket:
    """Return a bucket that the caller may change. Raises NotFound, Denied."""
    bucket = await get(session, who, name)
    await must_write(session, who, bucket)
    return bucket


async def must_write(session: AsyncSession, who: Caller, bucket: Bucket) -> None:
    """Raise Denied unless the caller may change what the bucket holds."""
    shared = select(exists().where(Bucket.id == bucket.id, Bucket.shared_with(who, ["write"])))
    if who.anywhere(Action.DATA_WRITE) and await session.scalar(shared):
        return
    owner = bucket.owner_user_id
    if owner is not None and owner != who.user_id and not who.is_system:
        raise Denied("Only its owner changes what is in this bucket.", case="bucket_of_another")
    if owner is None or not who.anywhere(Action.DATA_WRITE):
        who.must(Action.DATA_WRITE, on=bucket)


def must_manage(who: Caller, bucket: Bucket) -> None:
    """Raise Denied unless the caller may change the bucket itself."""
    who.must(Action.DATA_MANAGE, on=bucket)


def must_share(who: Caller, bucket: Bucket) -> None:
    """Raise Denied unless the caller may open the bucket to others: its owner, or who shares data."""
    if bucket.owner_user_id is None or bucket.owner_user_id != who.user_id:
        who.must(Action.DATA_SHARE, on=bucket)


async def create(
    session: AsyncSession,
    who: Caller,
    *,
    name: str,
    project: str | None = None,
    quota_bytes: int | None = None,
) -> Bucket:
    """Make a bucket of a project (by name), or of the organization. Raises Conflict, Denied, Invalid, NotFound."""
    project_id = None
    if project is not None:
        projects = Base.metadata.tables["projects"]
        mine = (projects.c.organization_id == who.organization_id, projects.c.name == project)
        project_id = await session.scalar(select(projects.c.id).where(*mine))
        if project_id is None:
            raise NotFound(f"There is no project {project}.", code="no_project")
    bucket = Bucket(
        id=new_id("bkt"),
        organization_id=who.organization_id,
        name=bucket_name(name),
        kind=BucketKind.PROJECT if project_id else BucketKind.ORGANIZATION,
        project_id=project_id,
        quota_bytes=_quota(quota_bytes),
    )
    must_manage(who, bucket)
    if await _taken(session, who.organization_id, name):
        raise Conflict(f"A bucket {name} exists already; choose another name.", code="exists")
    session.add(bucket)
    await session.flush()
    await session.refresh(bucket)
    audit.record(session, who, "bucket.created", bucket, kind=bucket.kind)
    return bucket


async def set_quota(session: AsyncSession, who: Caller, name: str, quota_bytes: int | None) -> Bucket:
    """Bound what a bucket may hold, in bytes; None is no bound. Raises NotFound, Denied, Invalid."""
    bucket = await get(session, who, name)
    must_manage(who, bucket)
    bucket.quota_bytes = _quota(quota_bytes)
    audit.record(session, who, "bucket.quota_set", bucket, quota_bytes=quota_bytes)
    await session.flush()
    await session.refresh(bucket)
    return bucket


async def drop(session: AsyncSession, who: Caller, name: str) -> None:
    """Remove an empty bucket of a project or the organization. Raises NotFound, Denied, Conflict."""
    bucket = await get(session, who, name)
    must_manage(who, bucket)
    await lock(session, bucket)
    if bucket.owner_user_id is not None:
        raise Conflict("A user's own bucket lives as long as the user.", code="home_bucket")
    if await session.scalar(select(exists().where(Object.bucket_id == bucket.id))):
        raise Conflict("The bucket is not empty; delete what is in it first.", code="not_empty")
    audit.record(session, who, "bucket.deleted", bucket)
    bin_ = await session.scalar(select(Bucket).where(Bucket.bin_of == bucket.id))
    if bin_ is not None:
        drop_with_all(session, bin_)
    await session.delete(bucket)


def drop_with_all(session: AsyncSession, bucket: Bucket) -> None:
    """Begin to remove a bucket with all it holds."""
    operation = Operation(
        id=new_id("opn"),
        organization_id=bucket.organization_id,
        kind="delete",
        bucket_id=bucket.id,
        path="",
        drop_bucket=True,
    )
    session.add(operation)
    wake(operation)


async def names(session: AsyncSession, ids: Collection[str]) -> dict[str, str]:
    """Return the names of buckets of the caller's organization, by id."""
    rows = await session.execute(select(Bucket.id, Bucket.name).where(Bucket.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


async def user_bucket(session: AsyncSession, organization_id: str, user_id: str) -> Bucket:
    """Return a user's own bucket, whoever asks. Raises NotFound."""
    own = (Bucket.organization_id == organization_id, Bucket.owner_user_id == user_id, Bucket.kind == BucketKind.USER)
    bucket = await session.scalar(select(Bucket).where(*own))
    if bucket is None:
        raise NotFound("This user has no bucket yet; it is made a moment after the user.", code="no_bucket")
    return bucket


async def lock(session: AsyncSession, bucket: Bucket) -> None:
    """Let nobody else change what the bucket holds until the end of this transaction."""
    await session.refresh(bucket, with_for_update=LOCK)


async def charge(session: AsyncSession, bucket: Bucket, size: int) -> None:
    """Lock the bucket and count bytes that come into it. Raises Conflict when they are above its quota."""
    await lock(session, bucket)
    if bucket.quota_bytes is not None and bucket.used_bytes + size > bucket.quota_bytes and size > 0:
        raise over_quota(bucket, size)
    await add_used(session, bucket.id, size)


def must_be_open(bucket: Bucket) -> None:
    """Raise OverBudget, with the remedy, while nobody may upload to the bucket."""
    if bucket.closed is not None:
        raise OverBudget(bucket.closed, code="storage_unpaid", bucket=bucket.name)


def over_quota(bucket: Bucket, size: int) -> Conflict:
    left = max(0, (bucket.quota_bytes or 0) - bucket.used_bytes)
    return Conflict(
        f"The bucket {bucket.name} has {left} bytes left of its quota; this needs {size}."
        " Delete files or old versions, or ask who manages data for more.",
        code="over_quota",
        left_bytes=left,
        needed_bytes=size,
        quota_bytes=bucket.quota_bytes,
    )


async def add_used(session: AsyncSession, bucket_id: str, size: int) -> None:
    """Count bytes, negative ones go. The caller holds the bucket's lock or does not care about the quota."""
    await session.execute(
        update(Bucket)
        .where(Bucket.id == bucket_id)
        .values(used_bytes=Bucket.used_bytes + size)
        .execution_options(synchronize_session=False)
    )


async def ensure(
    session: AsyncSession,
    organization_id: str,
    kind: BucketKind,
    wanted: str,
    *,
    owner_user_id: str | None = None,
    project_id: str | None = None,
) -> Bucket:
    """Return the bucket made for a user, project or organization, made now if it is not there; safe to repeat."""
    subject = {
        BucketKind.USER: Bucket.owner_user_id == owner_user_id,
        BucketKind.PROJECT: Bucket.project_id == project_id,
        BucketKind.ORGANIZATION: Bucket.name == wanted,
    }[kind]
    own = (Bucket.organization_id == organization_id, Bucket.kind == kind, subject)
    found = await session.scalar(select(Bucket).where(*own).order_by(Bucket.id).limit(1))
    if found is not None:
        return found
    wanted = re.sub(r"[^A-Za-z0-9._@+-]", "-", wanted)[:100]
    name, number = wanted, 1
    while name == HOME or await _taken(session, organization_id, name):
        number += 1
        name = f"{wanted}-{number}"
    bucket = Bucket(
        id=new_id("bkt"),
        organization_id=organization_id,
        name=name,
        kind=kind,
        owner_user_id=owner_user_id,
        project_id=project_id,
    )
    session.add(bucket)
    await session.flush()
    return bucket


async def must_be_quiet(session: AsyncSession, bucket_id: str, *paths: str) -> None:
    """Raise Conflict while a move or delete on one of these paths goes on. The caller holds the bucket's lock."""
    unfinished = Operation.state.in_([Progress.WAITING, Progress.RUNNING])
    touches = or_(Operation.bucket_id == bucket_id, Operation.target_bucket_id == bucket_id)
    for operation in await session.scalars(select(Operation).where(unfinished, touches)):
        if any(operation.touches(bucket_id, path) for path in paths):
            raise Conflict(
                f"A {operation.kind} of this folder is under way; wait for the operation {operation.id}.",
                code="busy",
                operation=operation.id,
            )


async def _taken(session: AsyncSession, organization_id: str, name: str) -> bool:
    held = exists().where(Bucket.organization_id == organization_id, Bucket.name == name)
    return bool(await session.scalar(select(held)))


def _quota(quota_bytes: int | None) -> int | None:
    if quota_bytes is not None and quota_bytes < 0:
        problem = fault("/quota_bytes", "must be 0 or more", "too_small", least=0)
        raise Invalid("A quota is not negative.", [problem], case="see_fields")
    return quota_bytes
