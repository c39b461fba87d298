"""HTTP in, HTTP out. `{wtid}` is an id or a name."""

import asyncio
import hashlib
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.files import BlobStore
from heroes.adapters.git import Registry
from heroes.identity import Action, Caller, Tx, Who
from heroes.identity.service.grants import Grantee
from heroes.identity.service.listing import usernames
from heroes.kit import faults
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound, TooLarge
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems
from heroes.workflows import archives, service
from heroes.workflows.formats.heroes_yaml import schema
from heroes.workflows.models import Workflow
from heroes.workflows.schemas import (
    ProblemOut,
    PublishIn,
    ShareIn,
    ShareOut,
    TemplateOut,
    ValidateIn,
    ValidateOut,
    VersionOut,
    VisibilityIn,
    WorkflowOut,
    name_publishers,
)

router = APIRouter(prefix="/organization/workflow", tags=["workflows"])

MOST_BODY = 2 * archives.MOST_BYTES
_READ = problems(Denied, NotFound)
_WRITE = problems(Denied, NotFound, Conflict, Invalid)
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": PublishIn.model_json_schema()},
            "application/x-tar": {"schema": {"type": "string", "format": "binary"}, "example": "a tar of the folder"},
            "application/gzip": {"schema": {"type": "string", "format": "binary"}, "example": "the same, compressed"},
        },
    }
}


def _registry(request: Request) -> Registry:
    return cast("Registry", request.app.state.registry)


def _store(request: Request) -> BlobStore:
    return cast("BlobStore", request.app.state.store)


_Takes = Annotated[service.Taken | None, Query(description="only those whose newest version has such an input")]


_Ids = Annotated[list[str] | None, Query(alias="id", max_length=200, description="only these, as far as you see them")]


@router.get("/list", responses=problems(Denied))
async def list_workflows(
    who: Who, session: Tx, page: Paged, ids: _Ids = None, takes: _Takes = None, withdrawn: bool = False
) -> list[WorkflowOut]:
    """Return the workflows you may see: your organization's and those shared with you; or those `withdrawn`."""
    query = service.listed(who, takes, ids or (), withdrawn=withdrawn)
    shown = await page.of(session, query, [Workflow.name, Workflow.id], WorkflowOut.of)
    name_publishers(shown, await usernames(session, who, {one.published_by for one in shown if one.published_by}))
    return shown


@router.get("/schema")
async def show_format() -> dict[str, Any]:
    """Return the JSON Schema of `workflow.yaml`, for editors."""
    return dict(schema())


@router.post("/template", status_code=201, openapi_extra=_BODY, responses=problems(Denied, Invalid, TooLarge))
async def publish_workflow(
    request: Request,
    who: Who,
    session: Tx,
    registry: Annotated[Registry, Depends(_registry)],
    store: Annotated[BlobStore, Depends(_store)],
    once: OnceOnly,
    message: Annotated[str, Query(max_length=2000, description="for the tar form")] = "",
    visibility: service.Visibility | None = None,
) -> TemplateOut:
    """Publish a folder as the next version of the workflow that it names: JSON with texts, or a tar of the folder."""
    who.must(Action.WORKFLOW_PUBLISH)
    body = await _body(request)
    if request.headers.get("content-type", "").split(";")[0].strip() == "application/json":
        try:
            asked = PublishIn.model_validate_json(body)
        except ValidationError as wrong:
            found = [faults.of_form(one, one["loc"]) for one in wrong.errors()]
            raise Invalid("The request does not fit the documented form.", found, case="see_fields") from None
        files = archives.from_texts(asked.files)
        message, visibility = asked.message or message, asked.visibility or visibility
    else:
        files = await asyncio.to_thread(archives.from_tar, body)

    async def make() -> TemplateOut:
        found = await service.publish(session, who, registry, store, files, message=message, visibility=visibility)
        return await _told(session, who, found)

    answer: TemplateOut = await once(session, who, {"sha256": hashlib.sha256(body).hexdigest()}, make)
    return answer


async def _told(session: AsyncSession, who: Caller, found: service.Found) -> TemplateOut:
    shown = TemplateOut.of_found(found, await service.versions(session, found.workflow))
    every: list[WorkflowOut | VersionOut] = [shown, shown.shown, *shown.versions]
    name_publishers(every, await usernames(session, who, {one.published_by for one in every if one.published_by}))
    return shown


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            text = f"A bundle has at most {archives.MOST_BYTES >> 20} MiB; keep data in buckets."
            raise TooLarge(text, case="large_bundle", bytes=archives.MOST_BYTES)
    return bytes(body)


@router.get("/template/{wtid}", responses=_READ)
async def show_workflow(wtid: str, who: Who, session: Tx, version: str | None = None) -> TemplateOut:
    """Return a workflow: versions, parameters, readme, steps; in its newest version, or in the one asked for."""
    return await _told(session, who, await service.get(session, who, wtid, version))


@router.post("/template/{wtid}/validate", responses=_READ)
async def validate_parameters(wtid: str, asked: ValidateIn, who: Who, session: Tx) -> ValidateOut:
    """Return the parameters with defaults filled in and every problem they have; starts nothing."""
    filled, found = await service.check(session, who, wtid, asked.parameters, asked.version)
    return ValidateOut(valid=not found, parameters=filled, problems=[ProblemOut(**problem) for problem in found])


@router.patch("/template/{wtid}", responses=_WRITE)
async def change_visibility(wtid: str, asked: VisibilityIn, who: Who, session: Tx) -> WorkflowOut:
    """Open a workflow to your whole organization, or restrict it to publishers and those it is shared with."""
    workflow = await service.set_visibility(session, who, wtid, asked.visibility)
    await session.flush()
    await session.refresh(workflow)
    shown = WorkflowOut.of(workflow)
    name_publishers([shown], await usernames(session, who, {shown.published_by or ""}))
    return shown


@router.delete("/template/{wtid}", status_code=204, responses=_READ)
async def withdraw_workflow(wtid: str, who: Who, session: Tx) -> None:
    """Take a workflow off the list; what runs goes on. `restore` and publishing it again bring it back."""
    await service.withdraw(session, who, wtid)


@router.post("/template/{wtid}/restore", responses=_READ)
async def restore_workflow(wtid: str, who: Who, session: Tx) -> WorkflowOut:
    """Put a withdrawn workflow back on the list, as it was."""
    return WorkflowOut.of(await service.restore(session, who, wtid))


@router.get("/template/{wtid}/shares", responses=_READ)
async def list_shares(wtid: str, who: Who, session: Tx, page: Paged) -> list[ShareOut]:
    """Return to whom the workflow is open beyond its visibility."""
    told = [ShareOut(kind=kind, id=grantee) for kind, grantee in await service.shares(session, who, wtid)]
    return page.cut(told, lambda share: f"{share.kind} {share.id or ''}")


@router.post("/template/{wtid}/shares", status_code=201, responses=_WRITE)
async def share_workflow(wtid: str, asked: ShareIn, who: Who, session: Tx, once: OnceOnly) -> ShareOut:
    """Let somebody else see and run the workflow."""
    if (asked.id is None) != (asked.kind == "everyone"):
        problem = faults.fault("/id", "needed unless kind is everyone", "whom_or_everyone")
        raise Invalid("Name whom to share with.", [problem], case="see_fields")

    async def make() -> ShareOut:
        kind, grantee = await service.share(session, who, wtid, asked.kind, asked.id)
        return ShareOut(kind=kind, id=grantee)

    answer: ShareOut = await once(session, who, asked, make)
    return answer


@router.delete("/template/{wtid}/shares", status_code=204, responses=_READ)
async def unshare_workflow(
    wtid: str, who: Who, session: Tx, kind: Grantee | None = None, id: str | None = None
) -> None:
    """Close the workflow to one grantee; without `kind`, to all."""
    await service.unshare(session, who, wtid, kind, id)
