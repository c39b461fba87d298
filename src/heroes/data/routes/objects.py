"""Names: list, look, make folders, move, delete, versions."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from heroes.data.models import Object, Operation, Version
from heroes.data.rules import Progress, Ref, named, normalise
from heroes.data.schemas import BucketOut, ChecksumOut, FolderIn, MoveIn, ObjectOut, OperationOut, RestoreIn, SizeOut
from heroes.data.service import buckets, objects
from heroes.data.service import operations as moves
from heroes.identity import Tx, Who
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

router = APIRouter(prefix="/organization/data", tags=["data"])
operations = APIRouter(prefix="/organization/operations", tags=["data"])

_READ = problems(NotFound, Conflict, Invalid)
_WRITE = problems(Denied, NotFound, Conflict, Invalid)


@router.get("/bucket/{bucket}/list", responses=problems(NotFound, Invalid))
async def list_objects(
    bucket: str,
    who: Who,
    session: Tx,
    page: Paged,
    prefix: Annotated[
        str, Query(description="Only names that start with this; `folder/` for what is in a folder.")
    ] = "",
    bucket_recursive: Annotated[bool, Query(description="All that lies below, not only the next level.")] = False,
) -> list[ObjectOut]:
    """Return what a bucket holds, in the order of names."""
    found = await buckets.get(session, who, bucket)
    shown = BucketOut.of(found, who)
    query = objects.listing(found, _prefix(prefix), recursive=bucket_recursive)
    first = page.after is None  # counting costs as much as all pages together
    return await page.of(session, query, [Object.path], lambda obj: ObjectOut.of(obj, shown), total=first)


def _prefix(prefix: str) -> str:
    clean = normalise(prefix, pointer="/prefix")
    return f"{clean}/" if clean and prefix.endswith("/") else clean


@router.get("/object", responses=_READ)
async def show_object(bucket: str, file: str, who: Who, session: Tx) -> ObjectOut:
    """Return one file or folder."""
    found = await buckets.get(session, who, bucket)
    return ObjectOut.of(await objects.find(session, found, named(file, pointer="/file")), BucketOut.of(found, who))


@router.get("/checksum", responses=_READ)
async def show_checksum(bucket: str, file: str, who: Who, session: Tx, version_id: str | None = None) -> ChecksumOut:
    """Return the checksum of a file's content."""
    found = await buckets.get(session, who, bucket)
    obj = await objects.find(session, found, named(file, pointer="/file"))
    version = await objects.version_of(session, obj, version_id)
    return ChecksumOut(
        bucket_name=found.name,
        object_name=obj.path,
        version_id=version.id,
        checksum=version.sha256,
        size=version.size,
    )


@router.post("/folder", status_code=201, response_model=ObjectOut, responses=_WRITE)
async def make_folder(asked: FolderIn, who: Who, session: Tx, once: OnceOnly) -> Any:
    """Make a folder and those above it; one that exists stays as it is."""

    async def make() -> ObjectOut:
        ref = Ref(asked.bucket, named(asked.path))
        folder = await objects.make_folder(session, who, ref)
        return ObjectOut.of(folder, BucketOut.of(await buckets.get(session, who, asked.bucket), who))

    return await once(session, who, asked, make)


@router.post("/move", response_model=OperationOut, responses=_WRITE)
async def move(asked: MoveIn, who: Who, session: Tx, response: Response, once: OnceOnly) -> Any:
    """Rename or move a file or folder, also to another bucket. 202 while a large folder is still on its way."""

    async def make() -> OperationOut:
        source = Ref.parse(asked.source, pointer="/source")
        target = Ref.parse(asked.target, pointer="/target")
        return await shown(session, await moves.move(session, who, source, target), response)

    return await once(session, who, asked, make)


@router.delete("/object", responses=_WRITE)
async def delete_object(bucket: str, file: str, who: Who, session: Tx, response: Response) -> OperationOut:
    """Delete a file with its versions, or a folder with all below. 202 while a large folder is still going."""
    ref = Ref(bucket, named(file, pointer="/file"))
    return await shown(session, await moves.remove(session, who, ref), response)


async def shown(session: Tx, operation: Operation, response: Response) -> OperationOut:
    """Answer with an operation: 202 and where to ask again while it goes on."""
    await session.refresh(operation)
    if operation.state != Progress.DONE:
        response.status_code = 202
        response.headers["Location"] = f"/organization/operations/{operation.id}"
    return OperationOut.of(operation)


@router.get("/size", responses=_READ)
async def show_size(bucket: str, file: str, who: Who, session: Tx) -> SizeOut:
    """Return how much a file or folder holds with all versions: what deleting it would remove."""
    found = await buckets.get(session, who, bucket)
    obj = await objects.find(session, found, named(file, pointer="/file"))
    files, folders, size = await moves.measure(session, found, obj.path)
    return SizeOut(bucket_name=found.name, object_name=obj.path, files=files, folders=folders, bytes=size)


@router.get("/versions", responses=_READ)
async def list_versions(bucket: str, file: str, who: Who, session: Tx, page: Paged) -> list[ObjectOut]:
    """Return the versions of a file, the newest first."""
    found = await buckets.get(session, who, bucket)
    shown = BucketOut.of(found, who)
    obj = await objects.find(session, found, named(file, pointer="/file"))
    return await page.of(
        session,
        objects.versions(obj),
        [Version.number],
        lambda version: ObjectOut.of(obj, shown, version),
        descending=True,
    )


@router.post("/restore", status_code=201, response_model=ObjectOut, responses=_WRITE)
async def restore(asked: RestoreIn, who: Who, session: Tx, once: OnceOnly) -> Any:
    """Make an old version current again, as a new version."""

    async def make() -> ObjectOut:
        ref = Ref(asked.bucket, named(asked.file, pointer="/file"))
        obj = await objects.restore(session, who, ref, asked.version_id)
        return ObjectOut.of(obj, BucketOut.of(await buckets.get(session, who, asked.bucket), who))

    return await once(session, who, asked, make)


@operations.get("/list", responses=problems(Invalid))
async def list_operations(who: Who, session: Tx, page: Paged, unfinished: bool = False) -> list[OperationOut]:
    """Return your own moves and deletes, the newest first; `unfinished`: under way, or failed within a day."""
    query = moves.listing(who, unfinished=unfinished)
    return await page.of(session, query, [Operation.id], OperationOut.of, descending=True)


@operations.get("/{operation_id}", responses=problems(NotFound))
async def show_operation(operation_id: str, who: Who, session: Tx) -> OperationOut:
    """Return how far a move or delete is."""
    return OperationOut.of(await moves.get(session, who, operation_id))
