"""Bytes in and out, as streams: no file is ever whole in memory, and no transaction is open while bytes move."""

import base64
import binascii
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, cast
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import ClientDisconnect

from heroes.adapters.files import BlobStore
from heroes.data.models import Bucket, Object, Version
from heroes.data.routes.archives import as_tar, as_zip
from heroes.data.routes.multipart import Form
from heroes.data.rules import Kind, Ref, StageItem, Unsatisfiable, byte_range, named, normalise
from heroes.data.schemas import ObjectOut
from heroes.data.service import buckets, objects, uploads
from heroes.data.service.uploads import Facts
from heroes.identity import Caller, Who
from heroes.kit.db import Database
from heroes.kit.errors import AppError, Conflict, Denied, Invalid, NotFound, Unavailable
from heroes.kit.faults import fault
from heroes.kit.idempotency import OnceOnly
from heroes.kit.problem import problems

router = APIRouter(prefix="/organization/data", tags=["data"])

_WRITE = problems(Denied, NotFound, Conflict, Invalid, Unavailable)
# Whatever a user stored is never run by a browser: it is downloaded, not guessed at, and has no rights if it is opened.
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


class _Name(Convertor[str]):
    """The rest of an address, whatever it holds: a file's name may have newlines, which Starlette's `path` excludes."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("name", _Name())


class RangeNotSatisfiable(AppError):
    status, code, title = 416, "range_not_satisfiable", "No such range"


class Precondition(AppError):
    status, code, title = 412, "precondition_failed", "It changed meanwhile"


def _store(request: Request) -> BlobStore:
    return cast("BlobStore", request.app.state.store)


def _database(request: Request) -> Database:
    return cast("Database", request.app.state.database)


Store = Annotated[BlobStore, Depends(_store)]
Data = Annotated[Database, Depends(_database)]


def _facts(
    x_content_sha256: Annotated[str | None, Header(pattern="^[0-9A-Fa-f]{64}$", description="checked")] = None,
    content_digest: Annotated[str | None, Header(description="RFC 9530, `sha-256=:…:`; checked")] = None,
    mode: Annotated[str, Query(pattern="^0?[0-7]{3}$", description="octal permission bits")] = "0644",
    mtime: Annotated[datetime | None, Query(description="time of the file; now if absent")] = None,
) -> Facts:
    announced = x_content_sha256 or _digest(content_digest)
    if mtime is not None and mtime.tzinfo is None:
        mtime = mtime.replace(tzinfo=UTC)
    return Facts(announced, int(mode, 8), mtime)


def _digest(header: str | None) -> str | None:
    if not header or not header.strip().startswith("sha-256=:"):
        return None
    try:
        return base64.b64decode(header.strip()[9:].rstrip(":"), validate=True).hex()
    except binascii.Error:
        message = "Content-Digest is not base64; send sha-256=:…:"
        raise Invalid(message, [fault("/Content-Digest", message, "no_digest")], case="see_fields") from None


Announced = Annotated[Facts, Depends(_facts)]

_BINARY = {"requestBody": {"required": True, "content": {"application/octet-stream": {"example": "any bytes"}}}}
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["bucket", "file"],
                    "properties": {
                        "bucket": {"type": "string"},
                        "path": {"type": "string", "description": "Name in the bucket; ends with / for a folder."},
                        "sha256": {"type": "string", "description": "Checked, if given."},
                        "file": {"type": "string", "format": "binary"},
                    },
                },
                "example": {"bucket": "home", "path": "wing/naca2412.dat", "file": "any bytes"},
            }
        },
    }
}


@router.put(
    "/bucket/{bucket}/object/{path:name}",
    status_code=201,
    response_model=ObjectOut,
    responses=_WRITE,
    openapi_extra=_BINARY,
)
async def put_object(
    bucket: str,
    path: str,
    request: Request,
    who: Who,
    database: Data,
    store: Store,
    facts: Announced,
    once: OnceOnly,
) -> Any:
    """Store the body under a name. Cut in the middle or with a wrong checksum, no object appears."""
    ref = Ref(bucket, named(path))
    left = await uploads.admit(database, who, ref)
    blob = await store.put(uploads.bounded(body_of(request), left), organization_id=who.organization_id)
    return await uploads.name(database, store, who, ref, blob, facts, once)


async def body_of(request: Request) -> AsyncIterator[bytes]:
    """Yield the bytes of a request. Raises Invalid when the connection is cut."""
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        raise Invalid("The upload was cut; nothing was stored. Send it again.", code="upload_cut") from None


@router.post("/upload", status_code=201, response_model=ObjectOut, responses=_WRITE, openapi_extra=_FORM)
async def upload(request: Request, who: Who, database: Data, store: Store, facts: Announced, once: OnceOnly) -> Any:
    """Store a file sent as a form: `bucket`, `path`, `file`, and optionally `sha256`."""
    form = Form(request.headers.get("content-type", ""), body_of(request))
    blob = None
    try:
        await form.until_file()
        if "bucket" in form.fields and ("path" in form.fields or form.filename):
            left: Bucket | None = await uploads.admit(database, who, _target(form))
        else:
            left = None
        content = form.file() if left is None else uploads.bounded(form.file(), left)
        blob = await store.put(content, organization_id=who.organization_id)
        await form.rest()
        ref = _target(form)
        if digest := form.fields.get("sha256"):
            facts = Facts(digest, facts.mode, facts.mtime)
    except AppError:
        if blob is not None:
            await store.delete(blob.key)
        raise
    return await uploads.name(database, store, who, ref, blob, facts, once)


def _target(form: Form) -> Ref:
    missing = [name for name in ("bucket",) if name not in form.fields]
    if missing:
        problems_ = [fault(f"/{name}", "is missing", "missing", name=name) for name in missing]
        raise Invalid("The form lacks a field.", problems_, case="see_fields")
    path = form.fields.get("path", "")
    if not path or path.endswith("/"):
        path += form.filename.replace("\\", "/").rpartition("/")[2]
    return Ref(form.fields["bucket"], named(path))


@router.get(
    "/download",
    response_class=Response,
    responses={
        200: {"description": "The bytes, or a folder as an archive", "content": {"application/octet-stream": {}}},
        206: {"description": "One range of the bytes"},
        304: {"description": "Not changed"},
        **problems(NotFound, Conflict, Invalid, RangeNotSatisfiable, Precondition),
    },
)
async def download(
    bucket: str,
    request: Request,
    who: Who,
    database: Data,
    store: Store,
    file: Annotated[str, Query(description="A file, or a folder for an archive of all below it.")] = "",
    version_id: str | None = None,
    format: Annotated[Literal["zip", "tar"], Query(description="of a folder's archive")] = "zip",
) -> Response:
    """Send a file (one range if asked) or a whole folder as zip or tar."""
    path = normalise(file, pointer="/file")
    async with database.app(who.organization_id) as session:
        found = await buckets.get(session, who, bucket)
        obj = await objects.find(session, found, path) if path else None
        version = await objects.version_of(session, obj, version_id) if obj and not obj.is_dir else None
    if obj is None or version is None:
        return _archive(database, store, who, found, path, format)
    return _file(request, store, obj, version)


def _archive(
    database: Database, store: BlobStore, who: Caller, bucket: Bucket, path: str, format: Literal["zip", "tar"]
) -> Response:
    name = (path.rpartition("/")[2] or bucket.name) + f".{format}"
    items = _items(database, who, bucket, path)
    stream = as_zip(store, items) if format == "zip" else as_tar(store, items)
    media = "application/zip" if format == "zip" else "application/x-tar"
    return StreamingResponse(stream, media_type=media, headers={**_SAFE, "Content-Disposition": attachment(name)})


async def _items(database: Database, who: Caller, bucket: Bucket, path: str) -> AsyncIterator[StageItem]:
    """All below a folder; a short transaction for each page, none while its bytes are sent."""
    after, cut = "", len(path) + 1 if path else 0
    while True:
        async with database.app(who.organization_id) as session:
            page = await objects.below_folder(session, bucket, path, after=after)
        if not page:
            return
        for found in page:
            yield objects.as_item(found, found.path[cut:])
        after = page[-1].path


def _file(request: Request, store: BlobStore, obj: Object, version: Version) -> Response:
    etag = f'"{version.sha256}"'
    headers = {
        **_SAFE,
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Last-Modified": version.created_at.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "Content-Disposition": attachment(obj.path.rpartition("/")[2]),
        "X-Version-Id": version.id,
        "X-Content-Sha256": version.sha256,
    }
    if _names(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    wanted = request.headers.get("if-match")
    if wanted is not None and not _names(wanted, etag):
        raise Precondition("The file has changed; load it anew.")
    if version.kind == Kind.LINK or version.blob_key is None:
        return Response((version.link_target or "").encode(), media_type="inode/symlink", headers=headers)
    return _bytes(request, store, version, etag, headers)


def _bytes(
    request: Request, store: BlobStore, version: Version, etag: str, headers: dict[str, str]
) -> StreamingResponse:
    asked = request.headers.get("range")
    if request.headers.get("if-range", etag) != etag:
        asked = None  # it changed since the first part: all of it
    try:
        part = byte_range(asked, version.size)
    except Unsatisfiable:
        raise RangeNotSatisfiable(
            f"The file has {version.size} bytes.", headers={"Content-Range": f"bytes */{version.size}"}
        ) from None
    key = version.blob_key or ""
    if part is None:
        headers["Content-Length"] = str(version.size)
        return StreamingResponse(store.get(key), media_type=version.content_type, headers=headers)
    first, last = part
    headers["Content-Length"] = str(last - first + 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{version.size}"
    content = store.get(key, first, last - first + 1)
    return StreamingResponse(content, 206, media_type=version.content_type, headers=headers)


def _names(header: str | None, etag: str) -> bool:
    given = [part.strip().removeprefix("W/") for part in (header or "").split(",")]
    return etag in given or "*" in given


def attachment(name: str) -> str:
    """Return a Content-Disposition that any name survives (RFC 6266)."""
    plain = "".join(char if 32 <= ord(char) < 127 and char not in '"\\%' else "_" for char in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
