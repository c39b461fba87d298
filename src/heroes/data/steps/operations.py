"""Moves and deletes of folders, and blobs that nobody names any more, as durable work."""

from heroes.adapters.files import BlobStore
from heroes.data.models import Operation, Removal
from heroes.data.rules import Progress
from heroes.data.service import operations, trash
from heroes.kit.errors import AppError
from heroes.kit.work import Claim, Work


async def advance(work: Work, claim: Claim) -> None:
    """Do the next batch of an operation: one transaction that ends with the claim."""
    try:
        async with work.apply(claim) as done:
            if not await operations.advance(done.session, done.row):
                done.again()
    except AppError as error:
        async with work.apply(claim) as done:
            row: Operation = done.row
            row.state, row.error = Progress.FAILED, error.detail


async def expire(work: Work, claim: Claim) -> None:
    """Delete what lay in the trash long enough, and end rows whose way back or deletion is over."""
    async with work.apply(claim) as done:
        later = await trash.expired(done.session, done.row)
        if later is not None:
            done.again(later)


async def sweep(work: Work, claim: Claim, *, store: BlobStore) -> None:
    """Delete blobs whose time of grace is over and which nobody names."""
    removal: Removal = await work.load(Removal, claim)
    async with work.database.worker() as session:
        unnamed = await operations.unnamed(session, removal.keys)
    for key in unnamed:
        await store.delete(key)
    async with work.apply(claim) as done:
        waiting = sorted(set(removal.keys) - set(unnamed))
        if not waiting:
            await done.session.delete(done.row)
        else:
            done.row.keys = waiting
            done.again(operations.GRACE_S)
