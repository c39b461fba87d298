"""Uploads that can be resumed, by the tus protocol 1.0 (https://tus.io/protocols/resumable-upload)."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response

from heroes.data.models import Upload
from heroes.data.routes.content import Data, Store, body_of
from heroes.data.rules import Ref, named
from heroes.data.schemas import ExistingIn, ExistingOut, UploadOut
from heroes.data.service import buckets, objects, resumable
from heroes.data.service.uploads import Facts
from heroes.identity import Tx, Who
from heroes.kit.errors import AppError, Conflict, Denied, Invalid, NotFound, Unavailable
from heroes.kit.faults import fault
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

router = APIRouter(prefix="/organization/data", tags=["data"])

TUS = "1.0.0"
CONTENT = "application/offset+octet-stream"
_ANSWER = {"Tus-Resumable": TUS, "Cache-Control": "no-store"}
_BYTES = {"requestBody": {"required": True, "content": {CONTENT: {"example": "any bytes"}}}}
_METADATA = "tus metadata: `path` (bucket:path), and optionally `sha256`, `mtime`, `mode`, `place`"


class Unsupported(AppError):
    status, code, title = 415, "unsupported_media_type", "Not the right kind of content"


Length = Annotated[int, Header(alias="Upload-Length", ge=0, description="bytes of the whole file")]
Offset = Annotated[int, Header(alias="Upload-Offset", ge=0, description="where these bytes begin")]
Metadata = Annotated[str, Header(alias="Upload-Metadata", max_length=8000, description=_METADATA)]


@router.post(
    "/uploads",
    status_code=201,
    response_model=UploadOut,
    responses=problems(Denied, NotFound, Conflict, Invalid),
)
async def begin_upload(
    request: Request, response: Response, who: Who, session: Tx, once: OnceOnly, length: Length, metadata: Metadata
) -> Any:
    """Announce a file; its bytes are then sent to the answer's Location, in one go or in many."""
    told = _read(metadata)
    ref = Ref.parse(told.pop("path", ""), pointer="/Upload-Metadata/path")
    facts, place = _facts(told), told.get("place", "replace")
    if place not in resumable.PLACES:
        raise _unfit("place", f"must be one of {', '.join(resumable.PLACES)}")

    async def make() -> UploadOut:
        return UploadOut.of(await resumable.begin(session, who, ref, length, facts, place), str(ref))

    answer = await once(session, who, {"length": length, "metadata": metadata}, make)
    made = answer["id"] if isinstance(answer, dict) else answer.id
    response.headers.update(_ANSWER)
    response.headers["Location"] = f"{request.url.path.rstrip('/')}/{made}"
    response.headers["Upload-Offset"] = "0"
    return answer


@router.get("/uploads", responses=problems(Invalid))
async def list_uploads(who: Who, session: Tx, page: Paged) -> list[UploadOut]:
    """Return your uploads of the last week, the newest first: also those that wait for their rest."""
    rows = await page.of(session, resumable.mine(who), [Upload.id], _same, descending=True)
    names = await buckets.names(session, {row.bucket_id for row in rows})
    return [UploadOut.of(row, f"{names.get(row.bucket_id, '')}:{row.path}") for row in rows]


def _same(row: Upload) -> Upload:
    return row


@router.get("/uploads/{upload}", responses=problems(NotFound))
async def show_upload(upload: str, who: Who, session: Tx) -> UploadOut:
    """Return how far an upload is."""
    row = await resumable.get(session, who, upload)
    names = await buckets.names(session, {row.bucket_id})
    return UploadOut.of(row, f"{names.get(row.bucket_id, '')}:{row.path}")


@router.head("/uploads/{upload}", responses=problems(NotFound))
async def where_upload(upload: str, response: Response, who: Who, session: Tx) -> None:
    """Say in the headers from where on bytes are missing."""
    row = await resumable.get(session, who, upload)
    response.headers.update({**_ANSWER, "Upload-Offset": str(row.received), "Upload-Length": str(row.size)})


@router.patch(
    "/uploads/{upload}",
    status_code=204,
    responses=problems(Denied, NotFound, Conflict, Invalid, Unsupported, Unavailable),
    openapi_extra=_BYTES,
)
async def send_upload(
    upload: str, request: Request, response: Response, who: Who, database: Data, store: Store, offset: Offset
) -> None:
    """Send the bytes from an offset on. What arrived before a cut is kept; ask with HEAD from where to go on."""
    if request.headers.get("content-type", "").split(";")[0].strip() != CONTENT:
        raise Unsupported(f"Send the bytes as {CONTENT}.")
    row = await resumable.receive(database, store, who, upload, offset, body_of(request))
    response.headers.update({**_ANSWER, "Upload-Offset": str(row.received)})


@router.delete("/uploads/{upload}", status_code=204, responses=problems(NotFound, Conflict))
async def end_upload(upload: str, response: Response, who: Who, session: Tx) -> None:
    """Give an upload up; what arrived is forgotten. One that is done loses only its entry here."""
    await resumable.give_up(session, who, upload)
    response.headers.update(_ANSWER)


@router.post("/existing", responses=problems(NotFound, Invalid))
async def existing(asked: ExistingIn, who: Who, session: Tx) -> ExistingOut:
    """Return which of these names are taken already: what an upload of many files would replace."""
    found = await buckets.get(session, who, asked.bucket)
    return ExistingOut(taken=await objects.taken(session, found, [named(path) for path in asked.paths]))


def _read(metadata: str) -> dict[str, str]:
    told = {}
    for pair in metadata.split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            told[name] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise _unfit(name, "is not base64 of UTF-8") from error
    return told


def _facts(told: dict[str, str]) -> Facts:
    sha256, mode, mtime = told.get("sha256") or None, told.get("mode", "0644"), told.get("mtime")
    if sha256 is not None and (len(sha256) != 64 or not all(c in "0123456789abcdefABCDEF" for c in sha256)):
        raise _unfit("sha256", "is not 64 hexadecimal digits")
    try:
        moment = datetime.fromisoformat(mtime) if mtime else None
        bits = int(mode, 8) & 0o777
    except ValueError as error:
        raise _unfit("mtime" if mtime else "mode", "cannot be read: mtime as ISO 8601, mode as octal") from error
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return Facts(sha256, bits, moment)


def _unfit(name: str, message: str) -> Invalid:
    problem = fault(f"/Upload-Metadata/{name}", message, "unfit_metadata", name=name)
    return Invalid(f"Upload-Metadata: {name} {message}.", [problem], case="see_fields")
