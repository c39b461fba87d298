"""Files of many parts made whole, and uploads that nobody went on with forgotten, as durable work."""

from collections.abc import AsyncIterator

from heroes.adapters.files import Blob, BlobStore
from heroes.data.models import Upload
from heroes.data.rules import Progress
from heroes.data.service import resumable
from heroes.kit.errors import AppError
from heroes.kit.work import Claim, Work


async def advance(work: Work, claim: Claim, *, store: BlobStore) -> None:
    """Make the file of an upload that is complete; forget one whose time is over."""
    row: Upload = await work.load(Upload, claim)
    if row.state != Progress.RUNNING:
        async with work.apply(claim) as done:
            await resumable.forget_parts(done.session, done.row)
            await done.session.flush()
            await done.session.delete(done.row)
        return
    blob = await whole(work, row, store)
    try:
        async with work.apply(claim) as done:
            await resumable.finish(done.session, done.row, blob)
            await resumable.forget_parts(done.session, done.row, but=blob.key)
            done.again(resumable.KEPT)
    except AppError as error:
        async with work.apply(claim) as done:
            done.row.state, done.row.error = Progress.FAILED, error.detail
            await resumable.forget_parts(done.session, done.row)
            done.again(resumable.KEPT)
        if row.parts != 1:
            await store.delete(blob.key)


async def whole(work: Work, row: Upload, store: BlobStore) -> Blob:
    """Return the one part itself, or all of them written one after the other."""
    async with work.database.worker() as session:
        parts = await resumable.parts_of(session, row.id)
    if len(parts) == 1:
        return Blob(parts[0].blob_key, parts[0].size, parts[0].sha256)

    async def content() -> AsyncIterator[bytes]:
        for part in parts:
            async for chunk in store.get(part.blob_key):
                yield chunk

    return await store.put(content(), organization_id=row.organization_id)
