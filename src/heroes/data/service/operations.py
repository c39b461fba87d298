"""Move and delete, of one file or of a folder with 100,000: the same bounded batches, at once or as durable work."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.data.models import Bucket, Object, Operation, Removal, TransferItem, Version
from heroes.data.rules import PATH_BYTES, Progress, Ref, ancestors, below, named, parent
from heroes.data.service import buckets, objects
from heroes.identity import Caller, visible
from heroes.kit import audit
from heroes.kit.db import LOCK, heroes_now
from heroes.kit.errors import Conflict, Invalid, NotFound
from heroes.kit.faults import fault
from heroes.kit.ids import new_id
from heroes.kit.work import wake

BATCH = 500
TOLD_FOR = timedelta(days=1)
GRACE_S = 7 * 24 * 3600  # a run that was submitted keeps its inputs for a week after somebody deletes them


async def get(session: AsyncSession, who: Caller, operation_id: str) -> Operation:
    """Return an operation of the caller's organization. Raises NotFound."""
    found = await session.scalar(visible(Operation, who).where(Operation.id == operation_id))
    if found is None or not (who.is_system or found.created_by == who.user_id or await _sees(session, who, found)):
        raise NotFound("There is no such operation.", code="no_operation")
    return found


def listing(who: Caller, *, unfinished: bool) -> Select[Operation]:
    """Return the caller's own moves and deletes; unfinished are those under way and those that failed lately."""
    query = visible(Operation, who).where(Operation.created_by == who.user_id)
    lately = and_(Operation.state == Progress.FAILED, Operation.created_at > heroes_now() - TOLD_FOR)
    return query.where(or_(Operation.state.in_([Progress.WAITING, Progress.RUNNING]), lately)) if unfinished else query


async def _sees(session: AsyncSession, who: Caller, operation: Operation) -> bool:
    bucket = await session.scalar(visible(Bucket, who).where(Bucket.id == operation.bucket_id))
    return bucket is not None


async def remove(session: AsyncSession, who: Caller, ref: Ref) -> Operation:
    """Delete a file with its versions, or a folder with all below. Raises NotFound, Denied, Conflict, Invalid."""
    path = named(ref.path)
    bucket = await buckets.writable(session, who, ref.bucket)
    await buckets.lock(session, bucket)
    await buckets.must_be_quiet(session, bucket.id, path)
    audit.record(session, who, "object.deleted", await objects.find(session, bucket, path), bucket=bucket.id)
    return await delete_below(session, who, bucket, path)


async def delete_below(session: AsyncSession, who: Caller, bucket: Bucket, path: str) -> Operation:
    """Delete what lies at and below a path of a locked bucket, asking nothing."""
    operation = _operation(who, "delete", bucket, path)
    session.add(operation)
    return await _begin(session, operation)


async def move(session: AsyncSession, who: Caller, source: Ref, target: Ref) -> Operation:
    """Give a file or folder another name, folder or bucket. Raises NotFound, Denied, Conflict, Invalid."""
    old, new = named(source.path, pointer="/source"), named(target.path, pointer="/target")
    origin = await buckets.writable(session, who, source.bucket)
    goal = await buckets.writable(session, who, target.bucket)
    await lock_all(session, origin, goal)
    await buckets.must_be_quiet(session, origin.id, old)
    await buckets.must_be_quiet(session, goal.id, new)
    moved = await objects.find(session, origin, old)
    await must_fit(session, origin, goal, moved, new)
    audit.record(session, who, "object.moved", moved, bucket=origin.id, target=goal.id)
    return await relocate(session, who, (origin, old), (goal, new), kind="move")


async def lock_all(session: AsyncSession, *held: Bucket) -> None:
    """Lock buckets in one order for all, so that two callers never wait for each other."""
    for bucket in sorted({bucket.id: bucket for bucket in held}.values(), key=lambda bucket: bucket.id):
        await buckets.lock(session, bucket)


async def relocate(
    session: AsyncSession, who: Caller, source: tuple[Bucket, str], target: tuple[Bucket, str], *, kind: str
) -> Operation:
    """Give what lies at a path of one locked bucket a place in another, asking nothing."""
    (origin, old), (goal, new) = source, target
    await objects.make_folders(session, goal, ancestors(new))
    operation = _operation(who, kind, origin, old)
    operation.target_bucket_id, operation.target_path = goal.id, new
    session.add(operation)
    return await _begin(session, operation)


async def must_fit(session: AsyncSession, origin: Bucket, goal: Bucket, moved: Object, new: str) -> None:
    """Raise Conflict where the new place is taken or too small, Invalid where it cannot be one."""
    old = moved.path
    if origin.id == goal.id and (new == old or new.startswith(old + "/")):
        message = "A folder cannot be moved into itself; choose another place."
        raise Invalid(message, [fault("/target", message, "into_itself")], code="invalid_path")
    if await session.scalar(select(exists().where(Object.bucket_id == goal.id, Object.path == new))):
        raise Conflict(f"{new} exists already; choose another name or delete it first.", code="exists")
    longest = await session.scalar(select(func.max(func.octet_length(Object.path))).where(*_in(origin.id, old)))
    if longest and longest - len(old.encode()) + len(new.encode()) > PATH_BYTES:
        message = f"Below the new name a path would have more than {PATH_BYTES} bytes; choose a shorter one."
        problem = fault("/target", message, "path_too_long", most=PATH_BYTES)
        raise Invalid(message, [problem], code="invalid_path")
    if origin.id != goal.id and goal.quota_bytes is not None:
        size = await _bytes_of(session, select(Object.id).where(*_in(origin.id, old)))
        size += await _bytes_of(session, select(Object.id).where(Object.id == moved.id))
        if goal.used_bytes + size > goal.quota_bytes:
            raise buckets.over_quota(goal, size)


def _operation(who: Caller, kind: str, bucket: Bucket, path: str) -> Operation:
    return Operation(
        id=new_id("opn"),
        organization_id=bucket.organization_id,
        kind=kind,
        bucket_id=bucket.id,
        path=path,
        objects_done=0,
        created_by=who.user_id,
    )


async def _begin(session: AsyncSession, operation: Operation) -> Operation:
    """Do the first batch in the caller's own transaction: what is small is done when the answer is sent."""
    if not await advance(session, operation):
        operation.objects_total = operation.objects_done + await _left(session, operation)
        wake(operation)
    else:
        operation.objects_total = operation.objects_done
    await session.flush()
    return operation


async def _left(session: AsyncSession, operation: Operation) -> int:
    at = or_(and_(*_in(operation.bucket_id, operation.path)), and_(*_at(operation.bucket_id, operation.path)))
    return await session.scalar(select(func.count()).select_from(Object).where(at)) or 0


async def advance(session: AsyncSession, operation: Operation, *, batch: int = BATCH) -> bool:
    """Do the next batch; return whether the operation is done. Repeats nothing: each batch shrinks what is left."""
    bucket = await session.get(Bucket, operation.bucket_id, with_for_update=LOCK)
    if bucket is None or operation.state in {Progress.DONE, Progress.FAILED}:
        operation.state = Progress.DONE if bucket is None else operation.state
        return True
    operation.state = Progress.RUNNING
    left = await (_delete_batch if operation.kind == "delete" else _move_batch)(session, operation, batch)
    if left:
        return False
    operation.state = Progress.DONE
    if operation.drop_bucket:
        await session.delete(bucket)
    return True


async def _delete_batch(session: AsyncSession, operation: Operation, batch: int) -> bool:
    # Deepest and last first, so that what is left can always be reached from its folder.
    conditions = _in(operation.bucket_id, operation.path)
    query = select(Object.id).where(*conditions).order_by(Object.path.desc()).limit(batch)
    ids = list(await session.scalars(query))
    last = len(ids) < batch
    if last and operation.path:
        ids += list(await session.scalars(select(Object.id).where(*_at(operation.bucket_id, operation.path))))
    if ids:
        held = await session.execute(select(Version.blob_key, Version.size).where(Version.object_id.in_(ids)))
        rows = held.all()
        await session.execute(delete(Object).where(Object.id.in_(ids)))
        await buckets.add_used(session, operation.bucket_id, -sum(size for _, size in rows))
        discard(session, operation.organization_id, sorted({key for key, _ in rows if key}))
        operation.objects_done += len(ids)
    return not last


def discard(session: AsyncSession, organization_id: str, keys: list[str]) -> None:
    """Let blobs go after the time of grace, unless a version or a transfer names them then."""
    if keys:
        removal = Removal(id=new_id("rem"), organization_id=organization_id, keys=keys)
        session.add(removal)
        wake(removal, GRACE_S)


async def _move_batch(session: AsyncSession, operation: Operation, batch: int) -> bool:
    target_bucket, target = operation.target_bucket_id or operation.bucket_id, operation.target_path or ""
    if operation.objects_done == 0:
        ids = list(await session.scalars(select(Object.id).where(*_at(operation.bucket_id, operation.path))))
        renamed = {"bucket_id": target_bucket, "path": target, "parent": parent(target)}
        await _change(session, operation, ids, renamed)
    query = select(Object.id).where(*_in(operation.bucket_id, operation.path)).order_by(Object.path).limit(batch)
    ids = list(await session.scalars(query))
    cut = len(operation.path) + 1
    values = {
        "bucket_id": target_bucket,
        "path": literal(target).op("||")(func.substr(Object.path, cut)),
        "parent": literal(target).op("||")(func.substr(Object.parent, cut)),
    }
    await _change(session, operation, ids, values)
    return len(ids) == batch


async def _change(session: AsyncSession, operation: Operation, ids: list[str], values: Mapping[str, Any]) -> None:
    if not ids:
        return
    change = update(Object).where(Object.id.in_(ids)).values(**values, updated_at=heroes_now())
    await session.execute(change.execution_options(synchronize_session=False))
    operation.objects_done += len(ids)
    if operation.target_bucket_id != operation.bucket_id and operation.target_bucket_id:
        size = await _bytes_of(session, ids)
        await buckets.add_used(session, operation.bucket_id, -size)
        await buckets.add_used(session, operation.target_bucket_id, size)


async def _bytes_of(session: AsyncSession, objects_: object) -> int:
    held = select(func.coalesce(func.sum(Version.size), 0)).where(Version.object_id.in_(objects_))  # type: ignore[arg-type]
    return int(await session.scalar(held) or 0)


async def measure(session: AsyncSession, bucket: Bucket, path: str) -> tuple[int, int, int]:
    """Return the files and the folders at and below a path, and the bytes of all their versions."""
    conditions = or_(and_(*_in(bucket.id, path)), and_(*_at(bucket.id, path)))
    counted = select(func.count().filter(Object.is_dir.is_(False)), func.count().filter(Object.is_dir))
    files, folders = (await session.execute(counted.where(conditions))).one()
    return files, folders, await _bytes_of(session, select(Object.id).where(conditions))


async def unnamed(session: AsyncSession, keys: list[str]) -> list[str]:
    """Return those blobs that no version and no waiting transfer names."""
    by_version = set(await session.scalars(select(Version.blob_key).where(Version.blob_key.in_(keys))))
    waiting = (TransferItem.blob_key.in_(keys), TransferItem.state == Progress.WAITING)
    by_transfer = set(await session.scalars(select(TransferItem.blob_key).where(*waiting)))
    return [key for key in keys if key not in by_version | by_transfer]


def _in(bucket_id: str, path: str) -> tuple[ColumnElement[bool], ...]:
    low, high = below(path)
    conditions: tuple[ColumnElement[bool], ...] = (Object.bucket_id == bucket_id, Object.path > low)
    return conditions if high is None else (*conditions, Object.path < high)


def _at(bucket_id: str, path: str) -> tuple[ColumnElement[bool], ...]:
    return Object.bucket_id == bucket_id, Object.path == path
