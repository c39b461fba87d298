"""The trash of data: throw away, look, bring back, empty."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from heroes.data.models import Trashed
from heroes.data.routes.objects import shown
from heroes.data.rules import Ref, named
from heroes.data.schemas import OperationOut, RecoverIn, ThrowIn, TrashedOut
from heroes.data.service import buckets, trash
from heroes.identity import Tx, Who
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

router = APIRouter(prefix="/organization/data/trash", tags=["data"])

_WRITE = problems(Denied, NotFound, Conflict, Invalid)


@router.post("", status_code=201, response_model=TrashedOut, responses=_WRITE)
async def throw_away(asked: ThrowIn, who: Who, session: Tx, once: OnceOnly) -> Any:
    """Put a file or folder into the trash, with all its versions. It can be brought back for 30 days."""

    async def make() -> TrashedOut:
        row = await trash.throw(session, who, Ref(asked.bucket, named(asked.path)))
        return TrashedOut.of(row, (await buckets.names(session, {row.bucket_id}))[row.bucket_id])

    return await once(session, who, asked, make)


@router.get("", responses=problems(NotFound, Invalid))
async def list_trash(
    who: Who, session: Tx, page: Paged, bucket: Annotated[str | None, Query(max_length=128)] = None
) -> list[TrashedOut]:
    """Return what lies in the trash of one bucket or of all you may see, the newest first."""
    found = await buckets.get(session, who, bucket) if bucket is not None else None
    rows = await page.of(session, trash.listing(who, found), [Trashed.id], _same, descending=True)
    names = await buckets.names(session, {row.bucket_id for row in rows})
    return [TrashedOut.of(row, names[row.bucket_id]) for row in rows]


def _same(row: Trashed) -> Trashed:
    return row


@router.post("/{trashed}/restore", response_model=OperationOut, responses=_WRITE)
async def recover(trashed: str, asked: RecoverIn, who: Who, session: Tx, response: Response, once: OnceOnly) -> Any:
    """Bring it back to where it was, or to another path of its bucket. 202 while a large folder is on its way."""

    async def make() -> OperationOut:
        return await shown(session, await trash.restore(session, who, trashed, asked.target), response)

    return await once(session, who, asked, make)


@router.delete("/{trashed}", responses=_WRITE)
async def delete_for_good(trashed: str, who: Who, session: Tx, response: Response) -> OperationOut:
    """Delete it for good, now."""
    return await shown(session, await trash.empty(session, who, trashed), response)
