"""Uploads that survive a lost connection: what arrived is kept in parts, and the rest follows whenever it comes.

A part is written once; its row and the upload's offset are committed together, so after any failure the offset is what
is really there. The last part makes a file of the whole: at once where there is one part, else as durable work.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.files import Blob, BlobStore
from heroes.data.models import Bucket, Object, Removal, Upload, UploadPart
from heroes.data.rules import Progress, Ref, beside, named
from heroes.data.service import buckets, objects
from heroes.data.service.uploads import Facts
from heroes.identity import Caller, visible
from heroes.kit import audit
from heroes.kit.db import LOCK, Database
from heroes.kit.errors import Conflict, Invalid, NotFound
from heroes.kit.ids import new_id
from heroes.kit.work import wake

PART_BYTES = 16 * 1024 * 1024
KEPT = timedelta(days=7)
PLACES = ("replace", "keep_both", "refuse")


async def begin(session: AsyncSession, who: Caller, ref: Ref, size: int, facts: Facts, place: str) -> Upload:
    """Announce a file. Raises NotFound, Denied, Conflict (quota, name taken), Invalid."""
    path = named(ref.path)
    bucket = await buckets.writable(session, who, ref.bucket)
    await buckets.must_be_quiet(session, bucket.id, path)
    if bucket.quota_bytes is not None and bucket.used_bytes + size > bucket.quota_bytes:
        raise buckets.over_quota(bucket, size)
    if place == "refuse":
        await _must_be_free(session, bucket, path)
    row = Upload(
        id=new_id("upl"),
        organization_id=bucket.organization_id,
        bucket_id=bucket.id,
        path=path,
        size=size,
        received=0,
        parts=0,
        place=place,
        sha256=facts.sha256,
        mode=facts.mode,
        mtime=facts.mtime,
        state=Progress.WAITING,
        created_by=who.user_id,
    )
    session.add(row)
    if size == 0:
        row.state = Progress.RUNNING
    wake(row, 0.0 if size == 0 else KEPT)
    await session.flush()
    await session.refresh(row)
    return row


async def _must_be_free(session: AsyncSession, bucket: Bucket, path: str) -> None:
    if await session.scalar(select(Object.id).where(Object.bucket_id == bucket.id, Object.path == path)):
        raise Conflict(f"{path} exists already; replace it, keep both, or leave this one out.", code="exists")


async def get(session: AsyncSession, who: Caller, upload_id: str) -> Upload:
    """Return one of the caller's own uploads. Raises NotFound."""
    found = await session.scalar(mine(who).where(Upload.id == upload_id))
    if found is None:
        raise NotFound("There is no such upload; begin it anew.", code="no_upload")
    return found


def mine(who: Caller) -> Select[Upload]:
    """Return the caller's own uploads."""
    return visible(Upload, who).where(Upload.created_by == who.user_id)


@dataclass
class _Cut:
    """The next part of a stream: at most so many bytes, the rest stays for the part after it."""

    chunks: AsyncIterator[bytes]
    held: bytes = b""
    ended: bool = False

    async def part(self, most: int) -> AsyncIterator[bytes]:
        left = most
        while left > 0:
            while not self.held:
                try:
                    self.held = await anext(self.chunks)
                except StopAsyncIteration:
                    self.ended = True
                    return
                except Invalid:  # the connection was cut: what has come is kept
                    self.ended = True
                    return
            taken, self.held = self.held[:left], self.held[left:]
            left -= len(taken)
            yield taken


async def receive(
    database: Database, store: BlobStore, who: Caller, upload_id: str, offset: int, chunks: AsyncIterator[bytes]
) -> Upload:
    """Keep what comes, part by part; return the upload with its new offset.

    Raises NotFound, Conflict when the offset is not where the upload stands, Invalid for more bytes than announced.
    """
    async with database.app(who.organization_id) as session:
        row = await get(session, who, upload_id)
        await buckets.must_write(session, who, await session.get_one(Bucket, row.bucket_id))
    _must_stand_at(row, offset)
    cut = _Cut(chunks)
    while row.received < row.size and not cut.ended:
        blob = await store.put(cut.part(min(PART_BYTES, row.size - row.received)), organization_id=row.organization_id)
        row = await _keep(database, store, who, row, blob)
    async for _ in cut.part(1):
        raise Invalid("More bytes came than were announced; begin the upload anew.", code="too_long")
    return row


def _must_stand_at(row: Upload, offset: int) -> None:
    if row.state != Progress.WAITING or row.received != offset:
        raise Conflict(
            f"The upload stands at {row.received} of {row.size} bytes; go on from there.",
            code="offset",
            offset=row.received,
        )


async def _keep(database: Database, store: BlobStore, who: Caller, row: Upload, blob: Blob) -> Upload:
    if blob.size == 0:
        await store.delete(blob.key)
        return row
    async with database.app(who.organization_id) as session:
        now = await session.scalar(mine(who).where(Upload.id == row.id).with_for_update(**LOCK))
        if now is None or now.received != row.received:
            await store.delete(blob.key)
            raise Conflict("Another connection goes on with this upload; ask for its offset.", code="offset")
        session.add(
            UploadPart(
                id=new_id("prt"),
                organization_id=now.organization_id,
                upload_id=now.id,
                number=now.parts,
                blob_key=blob.key,
                size=blob.size,
                sha256=blob.sha256,
            )
        )
        now.parts += 1
        now.received += blob.size
        wake(now, KEPT)
        if now.received == now.size:
            now.state = Progress.RUNNING
            wake(now)
        await session.flush()
        await session.refresh(now)
        return now


async def finish(session: AsyncSession, row: Upload, blob: Blob) -> None:
    """Make the whole the current version at its path; whoever sent it was asked for the right with each piece.

    Raises Conflict, Invalid.
    """
    if row.sha256 is not None and row.sha256.lower() != blob.sha256:
        raise Invalid("The checksum of what arrived is not the one announced; send the file again.", code="checksum")
    bucket = await session.get_one(Bucket, row.bucket_id)
    await buckets.lock(session, bucket)
    path = row.path
    if row.place == "refuse":
        await _must_be_free(session, bucket, path)
    elif row.place == "keep_both":
        path = await _free(session, bucket, path)
    content = objects.Content.of(blob, mode=row.mode, mtime=row.mtime)
    obj, version = await objects.store_version(session, bucket, path, content, created_by=row.created_by)
    sender = Caller.system(row.organization_id)
    facts = {"bucket": bucket.id, "version": version.id, "size": blob.size, "user_id": row.created_by}
    audit.record(session, sender, "object.stored", obj, **facts)
    row.path, row.version_id, row.state = path, version.id, Progress.DONE


async def _free(session: AsyncSession, bucket: Bucket, path: str) -> str:
    """Return the path, or the first free one like it: `mesh (2).stl`."""
    name, number = path, 1
    while await session.scalar(select(Object.id).where(Object.bucket_id == bucket.id, Object.path == name)):
        number += 1
        name = beside(path, number)
    return name


async def parts_of(session: AsyncSession, upload_id: str) -> list[UploadPart]:
    query = select(UploadPart).where(UploadPart.upload_id == upload_id).order_by(UploadPart.number)
    return list(await session.scalars(query))


async def forget_parts(session: AsyncSession, row: Upload, *, but: str | None = None) -> None:
    """Give the parts' bytes up; `but` is one that has become a file itself."""
    held = await parts_of(session, row.id)
    keys = [part.blob_key for part in held if part.blob_key != but]
    if keys:
        removal = Removal(id=new_id("rem"), organization_id=row.organization_id, keys=keys)
        session.add(removal)
        wake(removal)
    for part in held:
        await session.delete(part)


async def give_up(session: AsyncSession, who: Caller, upload_id: str) -> None:
    """End an upload and forget what arrived. Raises NotFound, Conflict while the file is being made."""
    row = await get(session, who, upload_id)
    await session.refresh(row, with_for_update=LOCK)
    if row.state == Progress.RUNNING:
        raise Conflict("All of it has arrived and becomes a file now; delete the file instead.", code="busy")
    await forget_parts(session, row)
    audit.record(session, who, "upload.ended", row, bucket=row.bucket_id, received=row.received)
    await session.flush()
    await session.delete(row)
