"""HTTP of executions: decide, submit, follow, cancel, results; the paths of the HEROES deliverables."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from heroes.executions import schemas, service
from heroes.executions.schemas import (
    AttemptOut,
    CostOut,
    ExecutionOut,
    JobOut,
    LogOut,
    Ranking,
    Restart,
    ResultOut,
    Submission,
)
from heroes.executions.views import attempt_out, cost_out, execution_out, jobs_out, log_of_ended
from heroes.identity import Tx, Who
from heroes.jobs import service as jobs
from heroes.kit.errors import Conflict, Denied, Invalid, NoCluster, NotFound, OverBudget, Unavailable
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

router = APIRouter(prefix="/organization", tags=["executions"])
WORKFLOW = "/workflow"


@router.post("/decision", responses=problems(NotFound, Denied, Invalid))
async def decide(body: schemas.Request, who: Who, session: Tx) -> Ranking:
    """Rank the clusters for a workflow with these parameters; nothing is started."""
    return await service.rank(session, who, body)


@router.post(
    f"{WORKFLOW}/submit",
    status_code=202,
    responses=problems(NotFound, Denied, Invalid, NoCluster, OverBudget, Conflict),
)
async def submit(body: Submission, who: Who, session: Tx, once: OnceOnly) -> ExecutionOut:
    """Reserve the budget and start an execution."""

    async def make() -> ExecutionOut:
        return await execution_out(session, who, await service.submit(session, who, body))

    answer: ExecutionOut = await once(session, who, body, make)
    return answer


@router.get(f"{WORKFLOW}/executions")
async def list_executions(
    who: Who,
    session: Tx,
    page: Paged,
    status: Annotated[str | None, Query(max_length=40)] = None,
    workflow: Annotated[str | None, Query(max_length=100)] = None,
) -> list[ExecutionOut]:
    """List executions, newest first."""
    return await _list(service.listing(who, status=status, workflow=workflow), who, session, page)


@router.get(f"{WORKFLOW}/running")
async def list_running(who: Who, session: Tx, page: Paged) -> list[ExecutionOut]:
    """List executions that have not ended."""
    return await _list(service.listing(who, running=True), who, session, page)


async def _list(query: Any, who: Who, session: Tx, page: Paged) -> list[ExecutionOut]:
    rows = await page.of(session, query, service.KEY, lambda row: row, descending=True)
    projects = service.project_names(who, rows)
    return [await execution_out(session, who, row, project=projects.get(row.project_id), steps=False) for row in rows]


@router.get(f"{WORKFLOW}/{{wid}}", responses=problems(NotFound))
async def show_execution(wid: str, who: Who, session: Tx) -> ExecutionOut:
    """Show one execution with its steps."""
    return await execution_out(session, who, await service.get(session, who, wid))


@router.delete(f"{WORKFLOW}/{{wid}}", status_code=202, responses=problems(NotFound, Denied, Conflict))
async def cancel_execution(wid: str, who: Who, session: Tx) -> ExecutionOut:
    """Cancel an execution; each site's own word ends its jobs."""
    return await execution_out(session, who, await service.cancel(session, who, wid))


@router.post(
    f"{WORKFLOW}/{{wid}}/restart",
    status_code=202,
    responses=problems(NotFound, Denied, Invalid, NoCluster, OverBudget, Conflict),
)
async def restart_execution(
    wid: str, who: Who, session: Tx, once: OnceOnly, body: Restart | None = None
) -> ExecutionOut:
    """Run an ended execution again: what failed, or `from` a step on. What finished is kept, the budget held anew."""
    asked = body or Restart()

    async def make() -> ExecutionOut:
        return await execution_out(session, who, await service.restart(session, who, wid, asked))

    answer: ExecutionOut = await once(session, who, asked, make)
    return answer


@router.get(f"{WORKFLOW}/{{wid}}/attempts", responses=problems(NotFound))
async def list_attempts(wid: str, who: Who, session: Tx, page: Paged) -> list[AttemptOut]:
    """List every start of every job, also of those before a restart: where, what it asked for, how it ended."""
    execution = await service.get(session, who, wid)
    made = {job.id: job for job in await jobs.of_execution(session, execution.id, execution.organization_id)}
    tried = await jobs.attempts(session, list(made))
    return [attempt_out(one, made[one.job_id]) for one in page.cut(tried, lambda one: one.id)]


@router.get(f"{WORKFLOW}/{{wid}}/jobs", responses=problems(NotFound))
async def list_jobs(wid: str, who: Who, session: Tx, page: Paged) -> list[JobOut]:
    """List the jobs of an execution, what each is doing and how fresh that is."""
    execution = await service.get(session, who, wid)
    return await jobs_out(session, page, execution)


@router.get(f"{WORKFLOW}/{{wid}}/results", responses=problems(NotFound))
async def list_results(wid: str, who: Who, session: Tx, page: Paged) -> list[ResultOut]:
    """List the declared results with their checksums; the bytes are objects of the user's bucket."""
    found = await service.results(session, await service.get(session, who, wid))
    return page.cut(found, lambda result: result.name)


@router.get(f"{WORKFLOW}/{{wid}}/cost", responses=problems(NotFound))
async def show_cost(wid: str, who: Who, session: Tx) -> CostOut:
    """Show what an execution was charged, line by line, and the energy it used."""
    return await cost_out(session, await service.get(session, who, wid))


@router.get(f"{WORKFLOW}/{{wid}}/logs", responses=problems(NotFound, Unavailable))
async def show_log(
    wid: str,
    who: Who,
    request: Request,
    step: Annotated[str | None, Query(max_length=200)] = None,
    index: Annotated[int | None, Query(ge=0)] = None,
    stream: Annotated[str, Query(pattern="^(stdout|stderr)$")] = "stdout",
    offset: Annotated[int, Query(ge=0)] = 0,
) -> LogOut:
    """Read what a job printed, also while it runs: at most 64 KiB from `offset` on."""
    state = request.app.state
    async with state.database.app(who.organization_id) as session:
        job = await service.job_of(session, await service.get(session, who, wid), step, index)
        if job.end is not None and job.state == "ENDED":
            return await log_of_ended(session, state.store, job, stream, offset)
        peek_id = (await jobs.peek(session, who, job, stream, offset)).id
    answer = await service.wait_for_answer(state.database, who, peek_id)
    if answer is None:
        raise Unavailable(f"{job.cluster} has not answered yet; its output is shown as soon as it does. Ask again.")
    return LogOut(
        job=job.id,
        step=job.step,
        index=job.index,
        stream=stream,
        offset=offset,
        next_offset=answer.next_offset,
        content=answer.content,
        ended=False,
    )
