"""What a new user, project or organization gets, and what goes with them."""

from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.data.models import (
    Bucket,
    Object,
    Operation,
    Removal,
    Transfer,
    TransferItem,
    Trashed,
    Upload,
    UploadPart,
    Version,
)
from heroes.data.rules import BucketKind
from heroes.data.service.buckets import drop_with_all, ensure
from heroes.kit import lifecycle
from heroes.kit.db import Base, heroes_now
from heroes.kit.ids import new_id
from heroes.kit.lifecycle import Kind, Lifecycle

_KEYS = 500


async def provision(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    """Make the bucket of a new user, project or organization."""
    match kind:
        case "user":
            name = await _name(session, "users", "username", subject_id)
            if name is not None:
                await ensure(session, organization_id, BucketKind.USER, name, owner_user_id=subject_id)
        case "project":
            name = await _name(session, "projects", "name", subject_id)
            if name is not None:
                await ensure(session, organization_id, BucketKind.PROJECT, name, project_id=subject_id)
        case "organization":
            name = await _name(session, "organizations", "name", subject_id)
            if name is not None:
                await ensure(session, organization_id, BucketKind.ORGANIZATION, name)


async def _name(session: AsyncSession, table: str, column: str, subject_id: str) -> str | None:
    columns = Base.metadata.tables[table].c
    found: str | None = await session.scalar(select(columns[column]).where(columns.id == subject_id))
    return found


async def purge(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    """Remove the subject's buckets with all they hold. An heir takes over a leaving user's bucket instead."""
    if kind == "organization":
        await _purge_organization(session, organization_id)
        return
    heir = await _heir(session, subject_id) if kind == "user" else None
    for bucket in await session.scalars(select(Bucket).where(*_owned(kind, organization_id, subject_id))):
        if heir is not None:
            bucket.owner_user_id = heir
            bucket.kind = BucketKind.INHERITED if bucket.bin_of is None else BucketKind.TRASH
        else:
            await _drop_all(session, bucket)


async def _heir(session: AsyncSession, user_id: str) -> str | None:
    users = Base.metadata.tables["users"].c
    found: str | None = await session.scalar(select(users.heir_id).where(users.id == user_id))
    return found


async def _drop_all(session: AsyncSession, bucket: Bucket) -> None:
    under_way = select(Operation.id).where(Operation.bucket_id == bucket.id, Operation.drop_bucket)
    if await session.scalar(under_way.limit(1)) is None:
        drop_with_all(session, bucket)


async def _purge_organization(session: AsyncSession, organization_id: str) -> None:
    keys = select(Version.blob_key).where(Version.organization_id == organization_id, Version.blob_key.is_not(None))
    parts = select(UploadPart.blob_key).where(_of(UploadPart, organization_id))
    found = [*await session.scalars(keys.distinct()), *await session.scalars(parts)]
    rows = [
        {
            "id": new_id("rem"),
            "organization_id": organization_id,
            "keys": found[start : start + _KEYS],
            "due_at": heroes_now(),
        }
        for start in range(0, len(found), _KEYS)
    ]
    for row in rows:
        await session.execute(insert(Removal).values(**row))
    for model in (UploadPart, Upload, Trashed, TransferItem, Transfer, Version, Object, Operation, Bucket):
        await session.execute(delete(model).where(_of(model, organization_id)))
    await session.execute(update(Removal).where(_of(Removal, organization_id)).values(due_at=heroes_now()))


async def count(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    """Rows that `purge` would remove, by table; removals count until their bytes are gone."""
    if kind != "organization":
        buckets = select(Bucket.id).where(*_owned(kind, organization_id, subject_id))
        held = Object.bucket_id.in_(buckets)
        objects = await session.scalar(select(func.count()).select_from(Object).where(held))
        owned = await session.scalar(select(func.count()).select_from(buckets.subquery()))
        return {"buckets": owned or 0, "objects": objects or 0}
    rows = {}
    for model in MODELS:
        query = select(func.count()).select_from(model).where(_of(model, organization_id))
        rows[model.__tablename__] = await session.scalar(query) or 0
    return rows


async def left(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    """Count the files in the subject's buckets, those in the trash too, and the bytes of all their versions."""
    mine = _owned(kind, organization_id, subject_id)
    buckets = select(Bucket.id).where(*mine)
    files = select(func.count()).select_from(Object).where(Object.bucket_id.in_(buckets), Object.is_dir.is_(False))
    held = select(func.coalesce(func.sum(Bucket.used_bytes), 0)).where(*mine)
    return {"files": await session.scalar(files) or 0, "bytes": int(await session.scalar(held) or 0)}


def _owned(kind: Kind, organization_id: str, subject_id: str) -> tuple[Any, ...]:
    mine = Bucket.owner_user_id == subject_id if kind == "user" else Bucket.project_id == subject_id
    return Bucket.organization_id == organization_id, mine


def _of(model: Any, organization_id: str) -> Any:
    return model.organization_id == organization_id


MODELS = (Bucket, Object, Version, Operation, Removal, Transfer, TransferItem, Trashed, Upload, UploadPart)

_TABLES = frozenset(model.__tablename__ for model in MODELS)

lifecycle.register(Lifecycle("data", _TABLES, provision=provision, purge=purge, count=count, left=left))
