"""The routes of the HPCWaaS execution API. Who asks is told by HTTP Basic (`organization/user`) or a bearer token."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from heroes.events.routes import streams_of
from heroes.executions import service as executions
from heroes.facades.hpcwaas import rules, service
from heroes.facades.hpcwaas.errors import Gone, WaasRoute, faults
from heroes.facades.hpcwaas.schemas import Execution, Inputs, KeyIn, KeyOut, Logs, Started, WorkflowOut, Workflows
from heroes.identity.basic import BasicTx, BasicWho
from heroes.identity.door import database_of, secrets_of
from heroes.identity.service import credentials
from heroes.kit.errors import Conflict, Denied, Invalid, NoCluster, NotFound, OverBudget, SignIn
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Page
from heroes.workflows import service as workflows

# The original client sends its bodies without a Content-Type.
router = APIRouter(tags=["hpcwaas"], route_class=WaasRoute, strict_content_type=False)


class _LongPage(Page):
    """The original client reads one page only, so that it is as long as a page may be."""

    def __init__(
        self,
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
        cursor: Annotated[str | None, Query(max_length=8000)] = None,
    ):
        super().__init__(request, response, limit, cursor)


@router.get("/workflows", responses=faults(SignIn, Denied, Invalid))
async def list_waas_workflows(who: BasicWho, session: BasicTx, page: Annotated[_LongPage, Depends()]) -> Workflows:
    """List the workflows that the caller may run."""
    by_id = await service.shadowed(session, who)

    def out(row: Any) -> WorkflowOut:
        application = row.id if row.id in by_id else row.name
        return WorkflowOut(
            id=rules.workflow_id(application, row.name),
            name=row.name,
            application_id=application,
            environment_id=rules.ANYWHERE,
            environment_name=rules.ANYWHERE_NAME,
        )

    query = workflows.listed(who)
    key = query.selected_columns
    return Workflows(workflows=await page.of(session, query, [key.name, key.id], out))


@router.post(
    "/workflows/{workflow_id}",
    status_code=201,
    response_class=Response,
    responses={
        201: {"description": "Started", "headers": {"Location": {"schema": {"type": "string"}}}},
        **faults(SignIn, Denied, NotFound, Conflict, OverBudget, NoCluster, Invalid),
    },
)
async def trigger_waas_workflow(
    workflow_id: str, who: BasicWho, session: BasicTx, once: OnceOnly, body: Inputs | None = None
) -> Response:
    """Start an execution; `Location` ends with its id."""

    async def make() -> Started:
        given = (body.inputs if body else None) or {}
        return Started(id=await service.trigger(session, who, workflow_id, given))

    made = await once(session, who, body, make)
    started = made if isinstance(made, Started) else Started.model_validate(made)
    return Response(status_code=201, headers={"Location": f"/executions/{started.id}"})


@router.get(
    "/executions/{execution_id}", response_model_exclude_none=True, responses=faults(SignIn, Denied, NotFound, Invalid)
)
async def show_waas_execution(execution_id: str, who: BasicWho, session: BasicTx) -> Execution:
    """Show the state of an execution, and its results once they are there."""
    row = await executions.get(session, who, execution_id)
    found = await executions.results(session, row) if row.results else []
    outputs = {one.name: f"{one.bucket}:{one.path}" for one in found}
    return Execution(id=row.id, status=rules.status(row.status), outputs=outputs or None)


@router.delete(
    "/executions/{execution_id}",
    status_code=202,
    response_class=Response,
    responses=faults(SignIn, Denied, NotFound, Conflict, Invalid),
)
async def cancel_waas_execution(execution_id: str, who: BasicWho, session: BasicTx) -> Response:
    """Cancel an execution; each site's own word ends its jobs."""
    await executions.cancel(session, who, execution_id)
    return Response(status_code=202)


@router.get("/executions/{execution_id}/logs", responses=faults(SignIn, Denied, NotFound, Gone, Invalid))
async def read_waas_logs(
    execution_id: str,
    who: BasicWho,
    request: Request,
    start: Annotated[int, Query(alias="from", ge=0, le=10**9)] = 0,
    size: Annotated[int, Query(ge=-1, le=10**9, description="-1: as many as there are, at most 1000")] = -1,
    timeout: Annotated[str, Query(max_length=40, description="a Go duration; an answer waits so long for news")] = "1m",
    levels: Annotated[int, Query(ge=0, le=15, description="sum of DEBUG 1, INFO 2, WARN 4, ERROR 8; 0: no DEBUG")] = 0,
) -> Logs:
    """Read log entries, waiting for the next ones if there are none yet; past the end of an ended execution 410."""
    try:
        patience, wanted = rules.duration(timeout), rules.levels(levels)
    except ValueError as error:
        raise Invalid(str(error), [{"pointer": "/timeout", "message": str(error)}]) from None
    most = rules.MOST_LOGS if size < 0 else min(size, rules.MOST_LOGS)
    bells, database = streams_of(request.app).bells, database_of(request)
    until = asyncio.get_running_loop().time() + patience.total_seconds()
    async with bells.waiting(who.organization_id) as bell:
        while True:
            bell.clear()
            async with database.app(who.organization_id) as session:
                found = await service.logs(session, who, execution_id, start=start, size=most, wanted=wanted)
                over = None if found.logs else await service.is_over(session, who, execution_id)
            if over and start:
                raise Gone(f"The execution has ended ({over}); these were all its logs.")
            left = until - asyncio.get_running_loop().time()
            if found.logs or over or left <= 0 or bells.stopped or most == 0:
                return found
            try:
                await asyncio.wait_for(bell.wait(), left)
            except TimeoutError:
                continue


@router.post("/ssh_keys", status_code=201, responses=faults(SignIn, Denied, Conflict, Invalid))
async def make_waas_key(
    who: BasicWho, session: BasicTx, request: Request, once: OnceOnly, body: KeyIn | None = None
) -> KeyOut:
    """Make an SSH key pair of the caller's own. The private half never leaves; the id is the token that uses it."""

    async def make() -> KeyOut:
        labels = (body.metadata if body else None) or {}
        row, token = await credentials.make(session, who, secrets_of(request), title="HPCWaaS", labels=labels)
        return KeyOut(id=token, public_key=row.public_key)

    answer: KeyOut = await once(session, who, body, make, shown_once=["id"])
    return answer
