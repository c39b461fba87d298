"""Workflows: publish, list, look up, validate, withdraw, and who may see and run them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import Select, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.files import BlobStore
from heroes.adapters.git import Registry
from heroes.identity import Action, Caller, visible
from heroes.identity.service import grants
from heroes.kit import audit, outbox
from heroes.kit.db import Base, heroes_now
from heroes.kit.errors import Conflict, Invalid, NotFound
from heroes.kit.faults import fault
from heroes.kit.ids import new_id
from heroes.workflows import archives
from heroes.workflows.archives import Files
from heroes.workflows.formats import heroes_yaml
from heroes.workflows.models import Workflow, WorkflowVersion
from heroes.workflows.rules import Bundle, Problem, validate

OBJECT = "workflow"
Visibility = Literal["organization", "restricted"]
Taken = Literal["file", "folder"]


class Found(NamedTuple):
    """A workflow, one of its versions, and what that says."""

    workflow: Workflow
    version: WorkflowVersion
    bundle: Bundle


def read_bundle(files: Files) -> Bundle:
    """What a bundle says. Raises Invalid with line and column of every finding."""
    source = files.get(heroes_yaml.FILE)
    if source is None:
        raise Invalid(
            f"The bundle has no {heroes_yaml.FILE}.", [fault("/files", "missing", "missing")], case="no_workflow_file"
        )
    try:
        text = source.data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = source.data[: wrong.start].count(b"\n") + 1
        raise Invalid(f"{heroes_yaml.FILE}, line {line}: this is not UTF-8.", code="invalid_workflow") from None
    return heroes_yaml.parse(text, files)


async def publish(
    session: AsyncSession,
    who: Caller,
    registry: Registry,
    store: BlobStore,
    files: Files,
    *,
    message: str = "",
    visibility: Visibility | None = None,
) -> Found:
    """Publish a bundle as the next version of the workflow it names; equal to the newest one, it is that one.

    Raises Denied, Invalid with all findings, and what the registry raises.
    """
    who.must(Action.WORKFLOW_PUBLISH)
    bundle = await asyncio.to_thread(read_bundle, files)
    digest = archives.digest(files)
    # One publication of a name at a time: the number of the registry and that of the row go together.
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{who.organization_id}/{bundle.name}"))))
    workflow = await session.scalar(_own(who).where(Workflow.name == bundle.name))
    if workflow is not None and workflow.withdrawn_at is None:
        newest = await _version(session, workflow, None)
        if newest.digest == digest:
            if visibility:
                workflow.visibility = visibility
            return Found(workflow, newest, bundle)
    placed = await registry.publish(
        f"{await _organization(session, who)}/{bundle.name}",
        files,
        message=message.strip() or f"Publish {bundle.name}",
        author=who.username,
        email=who.email,
        at_least=workflow.version + 1 if workflow else 1,
    )
    if workflow is None:
        workflow = Workflow(id=new_id("wft"), organization_id=who.organization_id, name=bundle.name)
        session.add(workflow)
    workflow.title, workflow.summary = bundle.title, bundle.summary
    workflow.version, workflow.withdrawn_at = placed.number, None
    workflow.published_at, workflow.published_by = heroes_now(), who.user_id
    workflow.visibility = visibility or workflow.visibility or "organization"
    version = WorkflowVersion(
        id=new_id("wfv"),
        organization_id=who.organization_id,
        workflow_id=workflow.id,
        number=placed.number,
        tag=placed.tag,
        commit=placed.commit,
        digest=digest,
        bundle=bundle.as_json(),
        files=[await _stored(store, who.organization_id, path, files) for path in sorted(files)],
        readme=_readme(files),
        published_at=heroes_now(),
        published_by=who.user_id,
    )
    await session.flush()
    session.add(version)
    await session.flush()
    await session.refresh(workflow)
    await session.refresh(version)
    audit.record(session, who, "workflow.published", workflow, number=version.number, commit=version.commit)
    outbox.emit(
        session, who.organization_id, type="workflow.published", subject=workflow.id, data={"version": version.number}
    )
    return Found(workflow, version, bundle)


async def _stored(store: BlobStore, organization_id: str, path: str, files: Files) -> dict[str, Any]:
    async def content() -> AsyncIterator[bytes]:
        yield files[path].data

    blob = await store.put(content(), organization_id=organization_id)
    return {
        "path": path,
        "kind": "file",
        "blob_key": blob.key,
        "size": blob.size,
        "sha256": blob.sha256,
        "mode": 0o755 if files[path].executable else 0o644,
    }


def _readme(files: Files) -> str:
    for path in ("README.md", "README.txt", "README"):
        if path in files:
            text = files[path].data[:200_000].decode("utf-8", "replace")
            return text.replace("\x00", "\ufffd")
    return ""


async def _organization(session: AsyncSession, who: Caller) -> str:
    if who.organization:
        return who.organization
    table = Base.metadata.tables["organizations"]
    name: str | None = await session.scalar(select(table.c.name).where(table.c.id == who.organization_id))
    if name is None:
        raise NotFound("This organization does not exist.", case="organization_not_found")
    return name


# looking up -----------------------------------------------------------------------------------------------------------


def listed(who: Caller, takes: Taken | None = None, ids: Sequence[str] = (), *, withdrawn: bool = False) -> Select[Any]:
    """The workflows that the caller may see; `takes`: those that have such an input; `ids`: only of these.

    Those `withdrawn` are told to their publishers alone.
    """
    if not who.anywhere(Action.WORKFLOW_READ):
        who.must(Action.WORKFLOW_READ)
    if withdrawn:
        who.must(Action.WORKFLOW_PUBLISH)
    gone = Workflow.withdrawn_at.is_not(None)
    shown = _own(who).where(gone) if withdrawn else visible(Workflow, who).where(~gone)
    if ids:
        shown = shown.where(Workflow.id.in_(ids))
    if takes is None:
        return shown
    inputs = f'$.schema.properties.**.format ? (@ == "{takes}")'
    newest = select(WorkflowVersion.id).where(
        WorkflowVersion.workflow_id == Workflow.id,
        WorkflowVersion.number == Workflow.version,
        func.jsonb_path_exists(WorkflowVersion.bundle, cast(inputs, JSONPATH)),
    )
    return shown.where(newest.exists())


async def find(session: AsyncSession, who: Caller, wtid: str) -> Workflow:
    """The workflow of this id or name, one's own organization's first. Raises NotFound."""
    wanted = listed(who).where(or_(Workflow.id == wtid, Workflow.name == wtid))
    own_first = (Workflow.organization_id != who.organization_id, Workflow.id)
    workflow: Workflow | None = await session.scalar(wanted.order_by(*own_first).limit(1))
    if workflow is None:
        raise NotFound(
            f"There is no workflow '{wtid[:100]}' that you may see; 'heroes workflow list' shows those there are.",
            code="workflow_not_found",
        )
    return workflow


async def get(session: AsyncSession, who: Caller, wtid: str, version: int | str | None = None) -> Found:
    """A workflow by id or name, in its newest or a given version (3, "3", "v3"). Raises NotFound."""
    workflow = await find(session, who, wtid)
    found = await _version(session, workflow, version)
    return Found(workflow, found, Bundle.from_json(found.bundle))


async def version(session: AsyncSession, version_id: str) -> WorkflowVersion:
    """One version by its id, for executions, which hold it also after its workflow was withdrawn."""
    return await session.get_one(WorkflowVersion, version_id)


async def versions(session: AsyncSession, workflow: Workflow) -> list[WorkflowVersion]:
    """All versions, newest first."""
    wanted = select(WorkflowVersion).where(WorkflowVersion.workflow_id == workflow.id)
    return list(await session.scalars(wanted.order_by(WorkflowVersion.number.desc())))


async def _version(session: AsyncSession, workflow: Workflow, wanted: int | str | None) -> WorkflowVersion:
    digits = str(wanted).lower().removeprefix("v") if wanted is not None else str(workflow.version)
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0
    found = await session.scalar(
        select(WorkflowVersion).where(WorkflowVersion.workflow_id == workflow.id, WorkflowVersion.number == number)
    )
    if found is None:
        raise NotFound(
            f"{workflow.name} has no version '{str(wanted)[:40]}'; the newest is {workflow.version}.",
            code="version_not_found",
        )
    return found


async def check(
    session: AsyncSession, who: Caller, wtid: str, params: Mapping[str, Any], wanted: int | str | None = None
) -> tuple[dict[str, Any], list[Problem]]:
    """The parameters with defaults, and all their problems. Raises NotFound."""
    _, _, bundle = await get(session, who, wtid, wanted)
    return await asyncio.to_thread(validate, bundle, params)


# who may see and run it -----------------------------------------------------------------------------------------------


async def withdraw(session: AsyncSession, who: Caller, wtid: str) -> None:
    """Take a workflow off the list. Its versions stay: executions go on, and publishing brings it back."""
    workflow = await _publishers(session, who, wtid)
    workflow.withdrawn_at = heroes_now()
    audit.record(session, who, "workflow.withdrawn", workflow)
    outbox.emit(session, who.organization_id, type="workflow.withdrawn", subject=workflow.id, data={})


async def restore(session: AsyncSession, who: Caller, wtid: str) -> Workflow:
    """Put a withdrawn workflow back on the list, as it was. Raises NotFound, Denied."""
    wanted = listed(who, withdrawn=True).where(or_(Workflow.id == wtid, Workflow.name == wtid))
    workflow: Workflow | None = await session.scalar(wanted)
    if workflow is None:
        raise NotFound("Your organization has withdrawn no such workflow.", code="workflow_not_found")
    workflow.withdrawn_at = None
    audit.record(session, who, "workflow.restored", workflow)
    outbox.emit(session, who.organization_id, type="workflow.restored", subject=workflow.id, data={})
    return workflow


async def set_visibility(session: AsyncSession, who: Caller, wtid: str, visibility: Visibility) -> Workflow:
    """Open a workflow to the whole organization, or restrict it to publishers and grantees."""
    workflow = await _publishers(session, who, wtid)
    workflow.visibility = visibility
    audit.record(session, who, "workflow.visibility_changed", workflow, visibility=visibility)
    return workflow


async def share(
    session: AsyncSession, who: Caller, wtid: str, kind: grants.Grantee, grantee_id: str | None
) -> tuple[str, str | None]:
    """Let somebody else see and run a workflow. Raises NotFound, Denied, Conflict."""
    workflow = await _publishers(session, who, wtid)
    if kind == "organization" and grantee_id == who.organization_id:
        text = "Your own organization sees it by its visibility; set that to 'organization'."
        raise Conflict(text, case="own_visibility")
    await grants.grant(
        session, who, object_type=OBJECT, object_id=workflow.id, grantee_type=kind, grantee_id=grantee_id
    )
    return kind, grantee_id


async def unshare(
    session: AsyncSession, who: Caller, wtid: str, kind: grants.Grantee | None, grantee_id: str | None
) -> None:
    """Close a workflow to a grantee, or to all."""
    workflow = await _publishers(session, who, wtid)
    await grants.revoke(
        session, who, object_type=OBJECT, object_id=workflow.id, grantee_type=kind, grantee_id=grantee_id
    )


async def shares(session: AsyncSession, who: Caller, wtid: str) -> list[tuple[str, str | None]]:
    """To whom a workflow is open beyond its visibility: (kind, id)."""
    workflow = await _publishers(session, who, wtid)
    return [(row.grantee_type, row.grantee_id) for row in await grants.grants_of(session, OBJECT, workflow.id)]


def _own(who: Caller) -> Select[Any]:
    return visible(Workflow, who).where(Workflow.organization_id == who.organization_id)


async def _publishers(session: AsyncSession, who: Caller, wtid: str) -> Workflow:
    """A workflow of the caller's own organization, for a change. Raises NotFound, Denied."""
    workflow = await find(session, who, wtid)
    who.must(Action.WORKFLOW_PUBLISH)
    if workflow.organization_id != who.organization_id:
        text = "This workflow belongs to another organization; only that one can change it."
        raise NotFound(text, case="workflow_of_another")
    return workflow
