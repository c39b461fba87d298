"""Transfers as durable work: a batch of names at a time, each committed before the next."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from typing import Any, Protocol

import structlog
from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.files import BlobStore
from heroes.adapters.ports import NotThere
from heroes.data.models import Bucket, Transfer, TransferItem
from heroes.data.rules import Direction, Kind, Progress, StageItem, ancestors, normalise, storable
from heroes.data.service import buckets, objects
from heroes.data.service.objects import Content
from heroes.data.service.transfers import as_item, wake_waiter
from heroes.data.steps import incoming, outgoing
from heroes.data.steps.incoming import Damaged
from heroes.data.steps.outgoing import Fetched
from heroes.data.steps.site import Place, make_folders
from heroes.kit import bulk
from heroes.kit.errors import AppError, Garbled, Invalid, NotFound, Refused, SiteError, Unavailable, Unreachable, told
from heroes.kit.work import Claim, Done, Stale, Work

log = structlog.get_logger()

BATCH, BATCH_BYTES = 5000, 2**28
LOOKS = 20  # network file systems show what a node wrote after a minute at the latest
LONGEST_LOOK_S = 15.0
SENDS = 5  # of the same batch, when it arrives damaged


class BulkLines(Protocol):
    """The part of a process's lines that transfers need."""

    def bulk(self, line_id: str) -> AbstractAsyncContextManager[Place]: ...


async def advance(work: Work, claim: Claim, *, store: BlobStore, lines: BulkLines) -> None:
    """Move the transfer's next names; wake the waiter at its end.

    A site that does not answer, lets nobody in or has no room is asked again later, without end; one that refuses what
    is asked ends the transfer with its reason.
    """
    transfer: Transfer = await work.load(Transfer, claim)
    if transfer.state in {Progress.DONE, Progress.FAILED}:
        async with work.apply(claim):
            return
    try:
        if transfer.direction == Direction.IN:
            await _send_all(work, claim, transfer, store, lines)
        else:
            await _fetch_all(work, claim, transfer, store, lines)
    except Damaged as error:
        if claim.failures < SENDS:
            raise
        text = f"{error.detail} This has gone wrong {SENDS} times; ask the site to check its disks."
        await _fail(work, claim, Garbled(text, code="damaged_often", path=error.facts.get("path"), times=SENDS))
    except Unavailable:
        raise  # the platform's own disk is full: waits until there is room
    except Unreachable as error:
        await _tell(work, claim, transfer, error)
        raise
    except (Refused, Garbled, NotThere) as error:
        await _fail(work, claim, error)
    except AppError as error:
        if error.reason == "busy":
            raise  # the bucket's folder is being moved or deleted: after that
        await _fail(work, claim, error)


@asynccontextmanager
async def _at(lines: BulkLines, line_id: str) -> AsyncIterator[Place]:
    """The line's site. A login that is refused (an account expired, a host key changed) is waited out, not an end."""
    async with AsyncExitStack() as stack:
        try:
            place = await stack.enter_async_context(lines.bulk(line_id))
        except Refused as error:
            raise Unreachable(error.detail, **error.facts) from error
        yield place


async def _send_all(work: Work, claim: Claim, transfer: Transfer, store: BlobStore, lines: BulkLines) -> None:
    async with _at(lines, transfer.line_id) as place:
        if transfer.files_total == 0:
            await make_folders(place, transfer.folder, [""])
        async for rows in _batches(work, transfer.id):
            began = time.monotonic()
            items = [as_item(row) for row in rows]
            sent = await incoming.send(place, store, transfer.folder, items)
            whole = len(rows) == transfer.files_total
            async with (work.apply if whole else work.checkpoint)(claim) as done:
                here = TransferItem.number.between(rows[0].number, rows[-1].number)
                which = (TransferItem.transfer_id == transfer.id, here, TransferItem.state == Progress.WAITING)
                await _set_state(done.session, which, Progress.DONE)
                _count(done, items, sent, began)
                if whole:
                    await _end(done, Progress.DONE)
                    return
    async with work.apply(claim) as done:
        await _end(done, Progress.DONE)


async def _fetch_all(work: Work, claim: Claim, transfer: Transfer, store: BlobStore, lines: BulkLines) -> None:
    late, progress = 0, False
    async for rows in _batches(work, transfer.id):
        began = time.monotonic()
        items = [as_item(row) for row in rows]
        async with _at(lines, transfer.line_id) as place:
            fetched = await outgoing.fetch(place, store, transfer.organization_id, transfer.folder, items)
        late += len(fetched.late)
        progress = progress or bool(fetched.done)
        whole = len(fetched.done) == transfer.files_total
        await _keep(work, claim, rows, fetched, store, began, whole=whole)
        if whole:
            return
        if fetched.cut is not None:
            raise fetched.cut
    looks = 1 if progress else transfer.looks + 1
    async with work.apply(claim) as done:
        done.row.looks = looks
        if late and looks < LOOKS and done.row.state != Progress.FAILED:
            done.again(timedelta(seconds=min(1.5**looks, LONGEST_LOOK_S)))
        else:
            await _conclude(done)


async def _keep(
    work: Work,
    claim: Claim,
    rows: Sequence[Row[Any]],
    fetched: Fetched,
    store: BlobStore,
    began: float,
    *,
    whole: bool,
) -> None:
    """Name what was fetched in the bucket, in one transaction with the items' state; `whole`: and with the end."""
    by_path = {as_item(row).path: row for row in rows}
    unfit: list[StageItem] = []
    try:
        async with (work.apply if whole else work.checkpoint)(claim) as done:
            paths, wrong = _paths(done.row.prefix or "", fetched.done)
            unfit = [item for item, _ in wrong]
            stored = await _name_all(done, [item for item in fetched.done if item.path in paths], paths)
            await _mark(done, [by_path[item.path] for item in stored], stored)
            lost: list[tuple[StageItem, SiteError | AppError]] = [*fetched.lost, *wrong]
            for item, why in lost:
                await _lose(done, by_path[item.path], why)
            _count(done, stored, fetched.bytes, began)
            if whole:
                await (_conclude(done) if wrong else _end(done, Progress.DONE))
    except (Stale, AppError):
        await _forget(store, fetched.done)
        raise
    await _forget(store, unfit)


async def _forget(store: BlobStore, items: Sequence[StageItem]) -> None:
    for item in items:
        if item.blob_key:
            await store.delete(item.blob_key)


def _paths(prefix: str, items: Sequence[StageItem]) -> tuple[dict[str, str], list[tuple[StageItem, AppError]]]:
    """Return what each output is called in the bucket, and those that a bucket cannot hold by their names, and why."""
    paths: dict[str, str] = {}
    wrong: list[tuple[StageItem, AppError]] = []
    for item in items:
        try:
            paths[item.path] = normalise(f"{prefix}/{storable(item.path)}")
        except Invalid as error:
            wrong.append((item, error))
    return paths, wrong


async def _name_all(done: Done, items: Sequence[StageItem], paths: Mapping[str, str]) -> list[StageItem]:
    """Make outputs objects at their paths in the bucket; return them with the ids they got."""
    transfer: Transfer = done.row
    bucket = await done.session.get(Bucket, transfer.bucket_id)
    if bucket is None:
        raise NotFound(
            "The bucket for the results was deleted; choose another and fetch them again.", case="results_bucket_gone"
        )
    folders = {paths[item.path] for item in items if item.kind == "dir"}
    if folders:
        await buckets.lock(done.session, bucket)
        await objects.make_folders(done.session, bucket, folders | {a for path in folders for a in ancestors(path)})
    contents = {paths[item.path]: _content(item) for item in items if item.kind != "dir"}
    if not contents:
        return list(items)
    ids = await objects.store_versions(done.session, bucket, contents, created_by=transfer.created_by)
    named = []
    for item in items:
        object_id, version_id = ids.get(paths[item.path], (None, None))
        named.append(replace(item, object_id=object_id, version_id=version_id))
    return named


def _content(item: StageItem) -> Content:
    when = objects.moment(item.mtime)
    if item.kind == "link":
        return Content.link(storable(item.target or ""), mtime=when)
    return Content(Kind.FILE, item.size, item.sha256 or "", item.blob_key, item.mode, when)


async def _batches(work: Work, transfer_id: str) -> AsyncIterator[Sequence[Row[Any]]]:
    """Yield the rows of names that wait, in their order, as many at once as may be lost by a power cut."""
    waiting = (TransferItem.transfer_id == transfer_id, TransferItem.state == Progress.WAITING)
    after, more = -1, True
    while more:
        query = select(TransferItem.__table__).where(*waiting, TransferItem.number > after)
        rows = await work.database.once(query.order_by(TransferItem.number).limit(BATCH))
        before = accumulate((row.size for row in rows), initial=0)
        batch = [row for row, size in zip(rows, before, strict=False) if size < BATCH_BYTES]
        if batch:
            yield batch
            after = batch[-1].number
        more = len(batch) == BATCH or len(batch) < len(rows)


async def _mark(done: Done, rows: Sequence[Row[Any]], items: Sequence[StageItem]) -> None:
    values = [
        {
            "id": row.id,
            "state": Progress.DONE,
            "blob_key": item.blob_key,
            "size": item.size,
            "sha256": item.sha256,
            "mode": item.mode,
            "object_id": item.object_id,
            "version_id": item.version_id,
        }
        for row, item in zip(rows, items, strict=True)
    ]
    await bulk.update(done.session, TransferItem, values)


async def _lose(done: Done, row: Row[Any], why: SiteError | AppError) -> None:
    await _set_state(done.session, (TransferItem.id == row.id,), Progress.FAILED)
    if done.row.error is None:
        done.row.error, done.row.why = why.detail, told(why)


async def _set_state(session: AsyncSession, which: Sequence[ColumnElement[bool]], state: Progress) -> None:
    change = update(TransferItem).where(*which).values(state=state)
    await session.execute(change.execution_options(synchronize_session=False))


def _count(done: Done, items: Sequence[StageItem], sent: int, began: float) -> None:
    row: Transfer = done.row
    if row.state == Progress.FAILED:
        raise Stale  # given up meanwhile
    row.state = Progress.RUNNING
    row.files_done += len(items)
    row.bytes_done += sum(item.size for item in items if item.kind == "file")
    row.bytes_sent += sent
    row.seconds += time.monotonic() - began


async def _conclude(done: Done) -> None:
    """The end of a stage-out: done when nothing is missing, else failed with the first names."""
    of = (TransferItem.transfer_id == done.row.id, TransferItem.state != Progress.DONE)
    missing = (await done.session.scalars(select(TransferItem).where(*of).order_by(TransferItem.number).limit(3))).all()
    if not missing:
        await _end(done, Progress.DONE)
        return
    count = await done.session.scalar(select(func.count()).select_from(TransferItem).where(*of))
    shown = ", ".join(storable(as_item(row).path) for row in missing)
    text = "They never appeared at the site as the job's list of outputs says."
    why = done.row.why if done.row.error else {"code": "never_appeared", "facts": {}, "text": text}
    text = f"{count} of the outputs could not be fetched ({shown}). {done.row.error or text}"
    facts = {"count": count, "shown": shown, "why": why}
    await _end(done, Progress.FAILED, {"code": "outputs_lost", "facts": facts, "text": text})


async def _fail(work: Work, claim: Claim, error: SiteError | AppError) -> None:
    async with work.apply(claim) as done:
        await _end(done, Progress.FAILED, told(error))


async def _tell(work: Work, claim: Claim, transfer: Transfer, error: SiteError) -> None:
    """Let the waiter know why it waits, once for each reason."""
    if transfer.last_error == error.detail:
        return
    async with work.checkpoint(claim) as done:
        done.row.last_error, done.row.why = error.detail, told(error)
        await wake_waiter(done.session, done.row)


async def _end(done: Done, state: Progress, why: dict[str, Any] | None = None) -> None:
    row: Transfer = done.row
    if row.state == Progress.FAILED:
        return
    row.state = state
    row.error, row.why = (why["text"], why) if why else (None, None)
    with done.session.no_autoflush:  # the waiter hangs on nothing that is written here: the transfer is written once
        await wake_waiter(done.session, row)
    facts = {"bytes": row.bytes_sent, "seconds": round(row.seconds, 3), "files": row.files_done, "error": row.error}
    log.info("transfer ended", transfer=row.id, direction=row.direction, state=str(state), **facts)
