"""Transfers: orders to move files to a site's folder or from it, and what became of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Row, Select, Text, bindparam, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.data.models import Transfer, TransferItem
from heroes.data.rules import Direction, Progress, Speed, StageItem, check_items, speed
from heroes.kit import bulk
from heroes.kit.db import LOCK
from heroes.kit.errors import Invalid, NotFound
from heroes.kit.ids import new_id
from heroes.kit.why import Why
from heroes.kit.work import Waiter, wake, wake_named

_ROWS = 1000
_LOOKED_AT = 32


@dataclass(frozen=True, slots=True)
class TransferState:
    """How far a transfer is. `bytes` were really sent, in `seconds`; `objects` are what an ended stage-out stored.

    `error` says why it failed, or why it still waits.
    """

    state: Progress
    bytes: int
    seconds: float
    error: str | None
    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    objects: list[StageItem]
    unstorable: bool
    """it failed by what the bucket cannot hold: another attempt would bring the same"""

    @property
    def ended(self) -> bool:
        return self.state in {Progress.DONE, Progress.FAILED}


@cache  # every ranking asks, and to build it costs more than to run it
def _last_moved() -> Select[str, int, float]:
    line = func.unnest(bindparam("lines", type_=ARRAY(Text))).table_valued("id").render_derived(name="asked")
    newest = (
        select(Transfer.bytes_sent, Transfer.seconds)
        .where(Transfer.line_id == line.c.id, Transfer.state == Progress.DONE, Transfer.seconds > 0)
        .order_by(Transfer.id.desc())
        .limit(_LOOKED_AT)
        .lateral()
    )
    return select(line.c.id, newest).select_from(line).join(newest, true())


async def speeds(session: AsyncSession, line_ids: Sequence[str]) -> dict[str, Speed]:
    """Return how fast each line moved the bytes of its last transfers; lines that moved none are left out."""
    if not line_ids:
        return {}
    rows = await session.execute(_last_moved(), {"lines": list(line_ids)})
    seen: dict[str, list[tuple[int, float]]] = {}
    for name, sent, seconds in rows:
        seen.setdefault(name, []).append((sent, seconds))
    return {name: speed(moved) for name, moved in seen.items()}


async def stage_in(
    session: AsyncSession,
    *,
    organization_id: str,
    line_id: str,
    folder: str,
    items: Sequence[StageItem],
    waiter: Waiter | None,
) -> str:
    """Order that these names lie in the site's folder (absolute; made if missing). Returns the transfer's id.

    Raises Invalid for a path that leaves the folder, a name given twice, or a file without bytes.
    """
    check_items(items)
    for item in items:
        if item.kind == "file" and not (item.blob_key and item.sha256):
            raise Invalid(f"{item.path!r} has no stored content, so it cannot be staged.", case="no_content")
    transfer = _transfer(organization_id, Direction.IN, line_id, folder, items, waiter)
    return await _order(session, transfer, items)


async def stage_out(
    session: AsyncSession,
    *,
    organization_id: str,
    line_id: str,
    folder: str,
    manifest: Sequence[StageItem],
    bucket_id: str,
    prefix: str,
    created_by: str | None,
    waiter: Waiter | None,
) -> str:
    """Order that these outputs of a job become objects below `prefix` of a bucket. Returns the transfer's id.

    Sizes, link targets and, where given, checksums of the manifest must be what arrives.
    Raises Invalid for a path that leaves the folder or a name given twice.
    """
    check_items(manifest)
    transfer = _transfer(organization_id, Direction.OUT, line_id, folder, manifest, waiter)
    transfer.bucket_id, transfer.prefix, transfer.created_by = bucket_id, prefix.strip("/"), created_by
    return await _order(session, transfer, manifest)


def _transfer(
    organization_id: str,
    direction: Direction,
    line_id: str,
    folder: str,
    items: Sequence[StageItem],
    waiter: Waiter | None,
) -> Transfer:
    if not folder.startswith("/"):
        raise Invalid("A site's folder is given as an absolute path.", case="no_absolute_path")
    return Transfer(
        id=new_id("trf"),
        organization_id=organization_id,
        direction=direction,
        line_id=line_id,
        folder=folder.rstrip("/"),
        waiter_table=waiter.table if waiter else None,
        waiter_id=waiter.id if waiter else None,
        files_total=len(items),
        bytes_total=sum(item.size for item in items if item.kind == "file"),
    )


async def _order(session: AsyncSession, transfer: Transfer, items: Sequence[StageItem]) -> str:
    session.add(transfer)
    wake(transfer)
    await session.flush()
    for start in range(0, len(items), _ROWS):
        rows = [_row(transfer, number, items[number]) for number in range(start, min(start + _ROWS, len(items)))]
        await bulk.insert(session, TransferItem, rows)
    return transfer.id


def _row(transfer: Transfer, number: int, item: StageItem) -> dict[str, object]:
    return {
        "id": new_id("tri"),
        "organization_id": transfer.organization_id,
        "transfer_id": transfer.id,
        "number": number,
        "path": item.path.encode(errors="surrogateescape"),
        "kind": item.kind,
        "blob_key": item.blob_key,
        "size": item.size if item.kind == "file" else 0,
        "sha256": item.sha256 if item.kind == "file" else None,
        "mode": item.mode & 0o777,
        "mtime": item.mtime,
        "link_target": None if item.target is None else item.target.encode(errors="surrogateescape"),
        "object_id": item.object_id,
        "version_id": item.version_id,
    }


def as_item(row: TransferItem | Row[Any]) -> StageItem:
    """Return a row of a transfer as the value that rules decide about."""
    target = None if row.link_target is None else row.link_target.decode(errors="surrogateescape")
    return StageItem(
        row.path.decode(errors="surrogateescape"),
        row.kind,  # type: ignore[arg-type]
        row.blob_key,
        row.size,
        row.sha256,
        row.mode,
        row.mtime,
        target,
        row.object_id,
        row.version_id,
    )


async def state(session: AsyncSession, transfer_id: str) -> TransferState:
    """Return how far a transfer is. Raises NotFound."""
    transfer = await session.get(Transfer, transfer_id)
    if transfer is None:
        raise NotFound("There is no such transfer.", code="no_transfer")
    objects: list[StageItem] = []
    if transfer.direction == Direction.OUT and transfer.state in {Progress.DONE, Progress.FAILED}:
        stored = (TransferItem.transfer_id == transfer_id, TransferItem.state == Progress.DONE)
        rows = select(TransferItem.__table__).where(*stored).order_by(TransferItem.number)
        objects = [as_item(row) for row in await session.execute(rows)]
    return TransferState(
        Progress(transfer.state),
        transfer.bytes_sent,
        transfer.seconds,
        transfer.error or transfer.last_error,
        transfer.files_done,
        transfer.files_total,
        transfer.bytes_done,
        transfer.bytes_total,
        objects,
        _code_of(transfer.why) in _OF_THE_BUCKET,
    )


_OF_THE_BUCKET = {"over_quota", "invalid_path", "results_bucket_gone"}


def _code_of(why: Mapping[str, Any] | None) -> str | None:
    """Return by which code a transfer failed; of outputs that were lost, the first one's."""
    inner = ((why or {}).get("facts") or {}).get("why")
    return (inner or why or {}).get("code")


async def whys(session: AsyncSession, transfer_ids: Collection[str]) -> dict[str, Why]:
    """Return by code why these transfers failed, or still wait, where that is known; by id."""
    if not transfer_ids:
        return {}
    rows = await session.scalars(select(Transfer).where(Transfer.id.in_(transfer_ids), Transfer.why.is_not(None)))
    told = {row.id: Why.of(row.why) for row in rows if (row.why or {}).get("text") == (row.error or row.last_error)}
    return {name: why for name, why in told.items() if why}


async def give_up(session: AsyncSession, transfer_id: str, why: str) -> bool:
    """End a transfer that nobody wants any more; one that has ended stays as it is. False: it is busy, ask again.

    A transfer locks its waiter after itself, so a waiter that holds its own lock must not wait for the transfer's.
    """
    found = select(Transfer).where(Transfer.id == transfer_id).with_for_update(skip_locked=True, **LOCK)
    transfer = (await session.scalars(found.execution_options(populate_existing=True))).one_or_none()
    if transfer is None:
        return await session.get(Transfer, transfer_id) is None
    if transfer.state not in {Progress.DONE, Progress.FAILED}:
        transfer.state, transfer.error = Progress.FAILED, why
        await wake_waiter(session, transfer)
    return True


async def wake_waiter(session: AsyncSession, transfer: Transfer) -> None:
    """Knock at whoever waits for the transfer."""
    if transfer.waiter_table and transfer.waiter_id:
        await wake_named(session, Waiter(transfer.waiter_table, transfer.waiter_id))
