"""Bytes from a caller: first all of them into the store, with no transaction open, then one row that names them."""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from heroes.adapters.files import Blob, BlobStore
from heroes.data.models import Bucket
from heroes.data.rules import Ref, named
from heroes.data.schemas import BucketOut, ObjectOut
from heroes.data.service import buckets, objects
from heroes.identity import Caller
from heroes.kit.db import Database
from heroes.kit.errors import AppError, Invalid
from heroes.kit.faults import fault
from heroes.kit.idempotency import Once


@dataclass(frozen=True, slots=True)
class Facts:
    """What a caller may say about an upload beforehand. `sha256` in hexadecimal."""

    sha256: str | None = None
    mode: int = 0o644
    mtime: datetime | None = None


async def admit(database: Database, who: Caller, ref: Ref) -> Bucket:
    """Refuse early what cannot be stored anyway; return the bucket. Raises NotFound, Denied, Conflict, Invalid."""
    path = named(ref.path)
    async with database.app(who.organization_id) as session:
        bucket = await buckets.writable(session, who, ref.bucket)
        buckets.must_be_open(bucket)
        await buckets.must_be_quiet(session, bucket.id, path)
        return bucket


async def bounded(chunks: AsyncIterable[bytes], bucket: Bucket) -> AsyncIterator[bytes]:
    """Yield the stream; Conflict as soon as it is above the quota: what is refused shall not fill the disk."""
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if bucket.quota_bytes is not None and bucket.used_bytes + size > bucket.quota_bytes:
            raise buckets.over_quota(bucket, size)
        yield chunk


async def name(
    database: Database, store: BlobStore, who: Caller, ref: Ref, blob: Blob, facts: Facts, once: Once
) -> Any:
    """Check a received blob and make it the current version at a path; one that is not named is deleted.

    Raises NotFound, Denied, Conflict, Invalid.
    """
    answer: ObjectOut | None = None
    try:
        _check(blob, facts)
        async with database.app(who.organization_id) as session:

            async def make() -> ObjectOut:
                nonlocal answer
                bucket = await buckets.writable(session, who, ref.bucket)
                buckets.must_be_open(bucket)
                await objects.put_blob(session, who, bucket, ref.path, blob, mode=facts.mode, mtime=facts.mtime)
                obj = await objects.find(session, bucket, named(ref.path))
                answer = ObjectOut.of(obj, BucketOut.of(bucket, who))
                return answer

            given = await once(session, who, {"object": str(ref), "sha256": blob.sha256}, make)
    except AppError:
        # Only a clear refusal: after a lost connection the row may have been committed.
        await store.delete(blob.key)
        raise
    if answer is None:  # the same upload was done before, under the same Idempotency-Key
        await store.delete(blob.key)
    return given


def _check(blob: Blob, facts: Facts) -> None:
    if facts.sha256 is not None and facts.sha256.lower() != blob.sha256:
        message = "The checksum of what arrived is not the one announced; send the file again."
        problem = fault("/sha256", message, "other_checksum")
        raise Invalid(message, [problem], code="checksum_mismatch", announced=facts.sha256, received=blob.sha256)
