"""Objects and their versions: find, list, store, restore, and what a reference stands for."""

import hashlib
import mimetypes
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, Select, Text, and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from heroes.adapters.files import Blob, BlobStore
from heroes.data.models import Bucket, Object, Version
from heroes.data.rules import Kind, Ref, StageItem, ancestors, below, named, parent, starting_with
from heroes.data.service import buckets
from heroes.identity import Caller
from heroes.kit import audit, bulk
from heroes.kit.errors import Conflict, NotFound
from heroes.kit.ids import new_id

PAGE = 1000
FILES = 100_000  # that are looked for at once, beginning with the first path


@dataclass(frozen=True, slots=True)
class Content:
    """What a new version holds. `size` and `sha256` of a link are those of its target's text."""

    kind: Kind
    size: int
    sha256: str
    blob_key: str | None = None
    mode: int = 0o644
    mtime: datetime | None = None
    link_target: str | None = None

    @classmethod
    def of(cls, blob: Blob, *, mode: int = 0o644, mtime: datetime | None = None) -> "Content":
        return cls(Kind.FILE, blob.size, blob.sha256, blob.key, mode & 0o777, mtime)

    @classmethod
    def link(cls, target: str, *, mtime: datetime | None = None) -> "Content":
        return cls(Kind.LINK, 0, hashlib.sha256(target.encode()).hexdigest(), None, 0o777, mtime, target)


# ---------------------------------------------------------------------------------------------------------- reading


async def find(session: AsyncSession, bucket: Bucket, path: str) -> Object:
    """Return the object at a path with its current version loaded. Raises NotFound."""
    query = select(Object).where(Object.bucket_id == bucket.id, Object.path == path)
    found = await session.scalar(query.options(joinedload(Object.current)).execution_options(populate_existing=True))
    if found is None:
        raise NotFound(f"There is no {path} in the bucket {bucket.name}.", code="no_object")
    return found


async def version_of(session: AsyncSession, obj: Object, version_id: str | None = None) -> Version:
    """Return one version of a file or link, by default the current one. Raises NotFound, Conflict for a folder."""
    if obj.is_dir:
        raise Conflict("This is a folder; folders have no versions.", code="is_folder")
    wanted = version_id or obj.current_version_id
    found = await session.scalar(select(Version).where(Version.id == wanted, Version.object_id == obj.id))
    if found is None:
        raise NotFound("There is no such version of this file.", code="no_version")
    return found


def listing(bucket: Bucket, prefix: str, *, recursive: bool) -> Select[Object]:
    """Return what starts with the prefix: all of it, or only the names before the next slash.

    Both are one range of an index, in the order of paths, however much lies beside or below.
    """
    query = select(Object).where(Object.bucket_id == bucket.id).options(joinedload(Object.current))
    if not recursive:
        query = query.where(Object.parent == parent(prefix))
    low, high = starting_with(prefix)
    if prefix:
        query = query.where(Object.path >= low)
    return query if high is None else query.where(Object.path < high)


async def taken(session: AsyncSession, bucket: Bucket, paths: Sequence[str]) -> list[str]:
    """Return which of these names are there."""
    here = (Object.bucket_id == bucket.id, Object.path.in_(paths))
    return list(await session.scalars(select(Object.path).where(*here).order_by(Object.path)))


def versions(obj: Object) -> Select[Version]:
    return select(Version).where(Version.object_id == obj.id)


async def below_folder(
    session: AsyncSession, bucket: Bucket, path: str, *, after: str = "", limit: int = PAGE
) -> Sequence[Object]:
    """Return the next objects below a folder after a path, with their current versions."""
    low, high = below(path)
    query = select(Object).where(Object.bucket_id == bucket.id, Object.path > max(low, after))
    if high is not None:
        query = query.where(Object.path < high)
    return (await session.scalars(query.options(joinedload(Object.current)).order_by(Object.path).limit(limit))).all()


async def walk(session: AsyncSession, bucket: Bucket, path: str) -> AsyncIterator[Object]:
    """Yield all that lies below a folder, in the order of paths, page by page."""
    after = ""
    while page := await below_folder(session, bucket, path, after=after):
        for found in page:
            yield found
        after = page[-1].path


async def resolve(session: AsyncSession, who: Caller, ref: Ref | str) -> list[StageItem]:
    """Return what a reference stands for: one file or link under its own name, or all below a folder, relative to it.

    Raises NotFound for nothing there or an empty folder, Denied, Invalid.
    """
    ref = Ref.parse(ref) if isinstance(ref, str) else ref
    bucket = await buckets.get(session, who, ref.bucket)
    if ref.path:
        found = await find(session, bucket, ref.path)
        if not found.is_dir:
            return [as_item(found, ref.path.rpartition("/")[2])]
    cut = len(ref.path) + 1 if ref.path else 0
    items = [as_item(found, found.path[cut:]) async for found in walk(session, bucket, ref.path)]
    if not items:
        raise NotFound(f"The folder {ref} is empty.", code="empty_folder")
    return items


async def files_at(session: AsyncSession, who: Caller, references: Sequence[str]) -> Select[str]:
    """Return the query of the ids of the files of these names, and of those below the folders, at most FILES.

    Raises NotFound, Invalid.
    """
    places = []
    for ref in (Ref.parse(one, pointer="/takes") for one in references):
        bucket = await buckets.get(session, who, ref.bucket)
        found = await find(session, bucket, ref.path) if ref.path else None
        if found is not None and not found.is_dir:
            places.append(Object.id == found.id)
        else:
            low, high = below(ref.path)
            lies = (Object.bucket_id == bucket.id, Object.path > low, Object.is_dir.is_(False))
            places.append(and_(*lies, *([] if high is None else [Object.path < high])))
    return select(Object.id).where(or_(*places)).order_by(Object.path).limit(FILES)


def as_item(obj: Object, path: str) -> StageItem:
    """Return an object, its current version loaded, as one name of a transfer."""
    version = obj.current
    if obj.is_dir or version is None:
        return StageItem(path, "dir", mode=0o755, object_id=obj.id)
    return StageItem(
        path,
        "link" if version.kind == Kind.LINK else "file",
        version.blob_key,
        version.size,
        version.sha256,
        version.mode,
        version.mtime.timestamp() if version.mtime else None,
        version.link_target,
        obj.id,
        version.id,
    )


# ---------------------------------------------------------------------------------------------------------- writing


async def store_version(
    session: AsyncSession, bucket: Bucket, path: str, content: Content, *, created_by: str | None
) -> tuple[Object, Version]:
    """Make the content the current version at a path, with the folders above it; the bucket is locked and charged.

    Raises Conflict: over quota, a folder has this name, a file is where a folder is needed, a move is under way.
    """
    found, last = await _make_way(session, bucket, {path: content})
    obj = found.get(path) or Object(**_object(bucket, path))
    version = Version(**_version(bucket, obj.id, path, last.get(obj.id, 0) + 1, content, created_by))
    obj.current_version_id = version.id
    session.add_all((obj, version))
    await session.flush()
    return obj, version


async def store_versions(
    session: AsyncSession, bucket: Bucket, contents: Mapping[str, Content], *, created_by: str | None
) -> dict[str, tuple[str, str]]:
    """Store many at once, with as many statements as for one; return the ids of object and version by path.

    Raises as `store_version`.
    """
    found, last = await _make_way(session, bucket, contents)
    new, made, ids = [], [], {}
    for path, content in contents.items():
        obj = found.get(path)
        row = _object(bucket, path) if obj is None else {"id": obj.id}
        version = _version(bucket, row["id"], path, last.get(row["id"], 0) + 1, content, created_by)
        if obj is None:
            new.append({**row, "current_version_id": version["id"]})
        else:
            obj.current_version_id = version["id"]
        made.append(version)
        ids[path] = row["id"], version["id"]
    await bulk.insert(session, Object, new)
    await session.flush()  # what was there gets its new version
    await bulk.insert(session, Version, made)
    return ids


async def _make_way(
    session: AsyncSession, bucket: Bucket, contents: Mapping[str, Content]
) -> tuple[dict[str, Object], dict[str, int]]:
    """Charge the bucket and make the folders; return the objects that are there, by path, and their last numbers."""
    await buckets.charge(session, bucket, sum(content.size for content in contents.values()))
    await buckets.must_be_quiet(session, bucket.id, *contents)
    await make_folders(session, bucket, {folder for path in contents for folder in ancestors(path)})
    here = (Object.bucket_id == bucket.id, Object.path == func.any(cast(list(contents), ARRAY(Text))))
    found = {obj.path: obj for obj in await session.scalars(select(Object).where(*here))}
    if folder := next((obj.path for obj in found.values() if obj.is_dir), None):
        raise Conflict(f"{folder} is a folder; choose another name or delete the folder first.", code="is_folder")
    return found, await _last_numbers(session, [obj.id for obj in found.values()])


async def _last_numbers(session: AsyncSession, object_ids: Sequence[str]) -> dict[str, int]:
    if not object_ids:
        return {}
    query = select(Version.object_id, func.max(Version.number)).where(Version.object_id.in_(object_ids))
    return {row[0]: row[1] for row in await session.execute(query.group_by(Version.object_id))}


def _object(bucket: Bucket, path: str, *, is_dir: bool = False) -> dict[str, Any]:
    """Return the columns of a new object: values, since many at once are written without the object mapper."""
    return {
        "id": new_id("obj"),
        "organization_id": bucket.organization_id,
        "bucket_id": bucket.id,
        "path": path,
        "parent": parent(path),
        "is_dir": is_dir,
    }


def _version(
    bucket: Bucket, object_id: str, path: str, number: int, content: Content, created_by: str | None
) -> dict[str, Any]:
    guessed = "inode/symlink" if content.kind is Kind.LINK else mimetypes.guess_type(path)[0]
    return {
        "id": new_id("ver"),
        "organization_id": bucket.organization_id,
        "object_id": object_id,
        "number": number,
        "kind": content.kind,
        "blob_key": content.blob_key,
        "size": content.size,
        "sha256": content.sha256,
        "content_type": guessed or "application/octet-stream",
        "mode": content.mode,
        "mtime": content.mtime,
        "link_target": content.link_target,
        "created_by": created_by,
    }


async def make_folders(session: AsyncSession, bucket: Bucket, paths: Iterable[str]) -> None:
    """Make folder rows that are missing. The bucket is locked. Raises Conflict where a file has such a name."""
    wanted = [_object(bucket, path, is_dir=True) for path in paths]
    for start in range(0, len(wanted), PAGE):
        rows = wanted[start : start + PAGE]
        await session.execute(insert(Object).values(rows).on_conflict_do_nothing())
        here = (Object.bucket_id == bucket.id, Object.path.in_([row["path"] for row in rows]))
        if file := await session.scalar(select(Object.path).where(*here, Object.is_dir.is_(False)).limit(1)):
            raise Conflict(f"{file} is a file, so nothing can lie below it; choose another path.", code="is_file")


async def make_folder(session: AsyncSession, who: Caller, ref: Ref) -> Object:
    """Make a folder and those above it; one that exists is returned. Raises NotFound, Denied, Conflict, Invalid."""
    path = named(ref.path)
    bucket = await buckets.writable(session, who, ref.bucket)
    await buckets.lock(session, bucket)
    await buckets.must_be_quiet(session, bucket.id, path)
    await make_folders(session, bucket, [*ancestors(path), path])
    return await find(session, bucket, path)


async def restore(session: AsyncSession, who: Caller, ref: Ref, version_id: str) -> Object:
    """Make an old version current again, as a new version of the same bytes. Raises NotFound, Denied, Conflict."""
    path = named(ref.path)
    bucket = await buckets.writable(session, who, ref.bucket)
    old = await version_of(session, await find(session, bucket, path), version_id)
    content = Content(Kind(old.kind), old.size, old.sha256, old.blob_key, old.mode, old.mtime, old.link_target)
    obj, version = await store_version(session, bucket, path, content, created_by=who.user_id)
    audit.record(session, who, "object.restored", obj, bucket=bucket.id, version=version.id, restored=old.id)
    return await find(session, bucket, path)


async def put_blob(
    session: AsyncSession,
    who: Caller,
    bucket: Bucket,
    path: str,
    blob: Blob,
    *,
    mode: int = 0o644,
    mtime: datetime | None = None,
) -> Version:
    """Name a stored blob in a bucket, as the caller. Raises Denied, Conflict, Invalid."""
    await buckets.must_write(session, who, bucket)
    content = Content.of(blob, mode=mode, mtime=mtime)
    obj, version = await store_version(session, bucket, named(path), content, created_by=who.user_id)
    audit.record(session, who, "object.stored", obj, bucket=bucket.id, version=version.id, size=blob.size)
    return version


async def put_bytes(
    session: AsyncSession, store: BlobStore, who: Caller, bucket: Bucket, path: str, data: bytes
) -> Version:
    """Store a small object that the platform itself made (a log, a report). Raises as `put_blob`, and Unavailable."""
    return await put_blob(
        session, who, bucket, path, await store.put(_once(data), organization_id=bucket.organization_id)
    )


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


def moment(mtime: float | None) -> datetime | None:
    """Return a file's time in seconds since 1970 as an aware time."""
    return None if mtime is None else datetime.fromtimestamp(mtime, UTC)
