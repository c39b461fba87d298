"""The trash: what was thrown away keeps its versions for a time, in a hidden bucket beside its own.

Throwing away and bringing back are moves between the two, so a folder of thousands goes in bounded batches and nothing
is copied.
"""

from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.data.models import Bucket, Operation, Trashed
from heroes.data.rules import BucketKind, Progress, Ref, TrashState, named
from heroes.data.service import buckets, objects
from heroes.data.service import operations as moves
from heroes.identity import Caller, visible
from heroes.kit import audit
from heroes.kit.db import LOCK
from heroes.kit.errors import Conflict, NotFound
from heroes.kit.ids import new_id
from heroes.kit.work import wake

KEPT = timedelta(days=30)
LOOK_AGAIN_S = 5.0


async def throw(session: AsyncSession, who: Caller, ref: Ref) -> Trashed:
    """Put a file or folder into the trash. Raises NotFound, Denied, Conflict, Invalid."""
    path = named(ref.path)
    bucket = await buckets.writable(session, who, ref.bucket)
    bin_ = await _bin(session, bucket)
    await moves.lock_all(session, bucket, bin_)
    await buckets.must_be_quiet(session, bucket.id, path)
    found = await objects.find(session, bucket, path)
    files, folders, size = await moves.measure(session, bucket, path)
    row = Trashed(
        id=new_id("tra"),
        organization_id=bucket.organization_id,
        bucket_id=bucket.id,
        bin_id=bin_.id,
        path=path,
        is_dir=found.is_dir,
        files=files,
        folders=folders,
        bytes=size,
        deleted_by=who.user_id,
    )
    session.add(row)
    audit.record(session, who, "object.trashed", row, bucket=bucket.id, files=files, bytes=size)
    operation = await moves.relocate(session, who, (bucket, path), (bin_, row.id), kind="trash")
    row.operation_id = operation.id
    wake(row, KEPT)
    await session.flush()
    await session.refresh(row)
    return row


async def get(session: AsyncSession, who: Caller, trashed_id: str) -> Trashed:
    """Return one entry of the trash of the caller's buckets. Raises NotFound."""
    found = await session.scalar(visible(Trashed, who).where(Trashed.id == trashed_id))
    if found is None:
        raise NotFound("This is not in the trash any more.", code="not_in_trash")
    return found


async def restore(session: AsyncSession, who: Caller, trashed_id: str, target: str | None = None) -> Operation:
    """Bring something back to where it was, or to another path of its bucket.

    Raises NotFound, Denied, Conflict when the place is taken or something is still under way, Invalid.
    """
    row, bucket, bin_ = await _kept(session, who, trashed_id)
    path = row.path if target is None else named(target, pointer="/target")
    await buckets.must_be_quiet(session, bucket.id, path)
    await moves.must_fit(session, bin_, bucket, await objects.find(session, bin_, row.id), path)
    audit.record(session, who, "object.untrashed", row, bucket=bucket.id)
    operation = await moves.relocate(session, who, (bin_, row.id), (bucket, path), kind="restore")
    await _follow(session, row, operation, TrashState.RESTORING)
    return operation


async def empty(session: AsyncSession, who: Caller, trashed_id: str) -> Operation:
    """Delete something in the trash for good. Raises NotFound, Denied, Conflict."""
    row, _, bin_ = await _kept(session, who, trashed_id)
    audit.record(session, who, "object.deleted", row, bucket=row.bucket_id)
    return await purge(session, who, row, bin_)


async def purge(session: AsyncSession, who: Caller, row: Trashed, bin_: Bucket) -> Operation:
    """Delete what a row of the trash stands for, whoever asks. The bin is locked."""
    operation = await moves.delete_below(session, who, bin_, row.id)
    await _follow(session, row, operation, TrashState.PURGING)
    return operation


async def _kept(session: AsyncSession, who: Caller, trashed_id: str) -> tuple[Trashed, Bucket, Bucket]:
    row = await get(session, who, trashed_id)
    bucket, bin_ = await session.get_one(Bucket, row.bucket_id), await session.get_one(Bucket, row.bin_id)
    await buckets.must_write(session, who, bucket)
    await moves.lock_all(session, bucket, bin_)
    await session.refresh(row, with_for_update=LOCK)
    if row.state != TrashState.KEPT:
        raise Conflict("This is being brought back or deleted already; wait for it.", code="busy")
    await buckets.must_be_quiet(session, bin_.id, row.id)
    return row, bucket, bin_


async def _follow(session: AsyncSession, row: Trashed, operation: Operation, state: TrashState) -> None:
    if operation.state == Progress.DONE:
        await session.delete(row)
    else:
        row.state, row.operation_id = state, operation.id
        wake(row, LOOK_AGAIN_S)
    await session.flush()


async def _bin(session: AsyncSession, bucket: Bucket) -> Bucket:
    """Return the hidden bucket beside a bucket, made now if it is not there. The bucket's lock decides who makes it."""
    await buckets.lock(session, bucket)
    found = await session.scalar(select(Bucket).where(Bucket.bin_of == bucket.id))
    if found is not None:
        return found
    made = Bucket(
        id=new_id("bkt"),
        organization_id=bucket.organization_id,
        name=f".trash-{bucket.id}",
        kind=BucketKind.TRASH,
        owner_user_id=bucket.owner_user_id,
        project_id=bucket.project_id,
        bin_of=bucket.id,
    )
    session.add(made)
    await session.flush()
    await session.refresh(made)
    return made


async def expired(session: AsyncSession, row: Trashed) -> float | None:
    """Take the next step with a row whose time has come; return seconds until the next look, None when it is over."""
    operation = await session.get(Operation, row.operation_id) if row.operation_id else None
    if operation is not None and operation.state not in {Progress.DONE, Progress.FAILED}:
        return LOOK_AGAIN_S
    if row.state == TrashState.KEPT:
        bin_ = await session.get(Bucket, row.bin_id, with_for_update=LOCK)
        if bin_ is not None:
            row.operation_id = (await moves.delete_below(session, Caller.system(row.organization_id), bin_, row.id)).id
        row.state = TrashState.PURGING
        return 0.0
    if operation is not None and operation.state == Progress.FAILED:
        row.state = TrashState.KEPT
        return KEPT.total_seconds()
    await session.delete(row)
    return None


def listing(who: Caller, bucket: Bucket | None) -> Select[Trashed]:
    """Return what lies in the trash, of one bucket or of all."""
    query = visible(Trashed, who).where(Trashed.state == TrashState.KEPT)
    return query if bucket is None else query.where(Trashed.bucket_id == bucket.id)
