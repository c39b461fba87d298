"""HTTP of executions: decide, submit, follow, cancel, results; the paths of the HEROES deliverables."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal, cast
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BeforeValidator
from starlette.applications import Starlette

from heroes.data import service as data
from heroes.executions import schemas, service
from heroes.executions.lines import Level
from heroes.executions.logs import LogStreams, position
from heroes.executions.rules import Status
from heroes.executions.schemas import (
    AttemptOut,
    CostOut,
    DraftIn,
    DraftOut,
    ExecutionOut,
    JobOut,
    JobUsageOut,
    LogLinesOut,
    LogMatchesOut,
    LogOut,
    NoticesIn,
    Ranking,
    Restart,
    ResultOut,
    Submission,
)
from heroes.executions.views import attempt_out, cost_out, execution_out, executions_out, jobs_out, usage_out
from heroes.identity import Tx, Who, still
from heroes.jobs import service as jobs
from heroes.kit.errors import Conflict, Denied, Invalid, NoCluster, NotFound, OverBudget, TooLarge, TooMany, Unavailable
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

router = APIRouter(prefix="/organization", tags=["executions"])
WORKFLOW = "/workflow"
_Step = Annotated[str | None, Query(max_length=200, description="Only of this step.")]
_Index = Annotated[int | None, Query(ge=0, lt=2**31, description="Only of this job of the step.")]


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


_Status = Annotated[Status, BeforeValidator(str.upper)]


async def _wanted(
    who: Who,
    session: Tx,
    status: Annotated[_Status | None, Query(description="in any case")] = None,
    workflow: Annotated[str | None, Query(max_length=100, description="name or id")] = None,
    project: Annotated[str | None, Query(max_length=100, description="name or id")] = None,
    cluster: Annotated[str | None, Query(max_length=100, description="name of the cluster chosen")] = None,
    user: Annotated[str | None, Query(max_length=100, description="username of who began it")] = None,
    since: Annotated[AwareDatetime | None, Query(description="submitted at this time or later")] = None,
    until: Annotated[AwareDatetime | None, Query(description="submitted before this time")] = None,
    search: Annotated[
        str | None, Query(max_length=100, description="part of the name or reason, or the beginning of the id")
    ] = None,
    takes: Annotated[
        list[str] | None,
        Query(max_length=100, description="took this file, bucket:path, or one below this folder; any of them"),
    ] = None,
) -> service.Wanted:
    return service.Wanted(
        taken=await data.files_at(session, who, takes) if takes else None,
        status=status,
        workflow=workflow,
        project=project,
        cluster=cluster,
        user=user,
        since=since,
        until=until,
        text=search,
    )


_Wanted = Annotated[service.Wanted, Depends(_wanted)]


@router.get(f"{WORKFLOW}/executions", responses=problems(NotFound, Invalid))
async def list_executions(who: Who, session: Tx, page: Paged, wanted: _Wanted) -> list[ExecutionOut]:
    """List executions, newest first."""
    return await _list(service.listing(who, wanted), who, session, page)


@router.get(f"{WORKFLOW}/running", responses=problems(NotFound, Invalid))
async def list_running(who: Who, session: Tx, page: Paged, wanted: _Wanted) -> list[ExecutionOut]:
    """List executions that have not ended."""
    return await _list(service.listing(who, replace(wanted, running=True)), who, session, page)


async def _list(query: Any, who: Who, session: Tx, page: Paged) -> list[ExecutionOut]:
    rows = await page.of(session, query, service.KEY, lambda row: row, descending=True)
    return await executions_out(session, who, rows)


@router.get(f"{WORKFLOW}/{{wid}}", responses=problems(NotFound))
async def show_execution(wid: str, who: Who, session: Tx) -> ExecutionOut:
    """Show one execution with its steps."""
    return await execution_out(session, who, await service.get(session, who, wid))


@router.delete(f"{WORKFLOW}/{{wid}}", status_code=202, responses=problems(NotFound, Denied, Conflict))
async def cancel_execution(wid: str, who: Who, session: Tx) -> ExecutionOut:
    """Cancel an execution; each site's own word ends its jobs."""
    return await execution_out(session, who, await service.cancel(session, who, wid))


@router.put(f"{WORKFLOW}/{{wid}}/notices", responses=problems(NotFound, Denied, Conflict))
async def choose_notices(wid: str, body: NoticesIn, who: Who, session: Tx) -> ExecutionOut:
    """Choose how you hear of the end of a run of your own, while it goes on."""
    return await execution_out(session, who, await service.tell_end(session, who, wid, body.notices))


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
    return await jobs_out(session, who, page, execution)


@router.get(f"{WORKFLOW}/{{wid}}/usage", responses=problems(NotFound))
async def list_usage(
    wid: str, who: Who, session: Tx, page: Paged, step: _Step = None, index: _Index = None
) -> list[JobUsageOut]:
    """List what the jobs of an execution used over time, at most 20 jobs in one answer, also after their end."""
    execution = await service.get(session, who, wid)
    return await usage_out(session, page, execution, step=step, index=index)


@router.get(f"{WORKFLOW}/{{wid}}/results", responses=problems(NotFound))
async def list_results(wid: str, who: Who, session: Tx, page: Paged) -> list[ResultOut]:
    """List the declared results with their checksums; the bytes are objects of the user's bucket."""
    found = await service.results(session, await service.get(session, who, wid))
    return page.cut(found, lambda result: result.name)


@router.get(f"{WORKFLOW}/{{wid}}/cost", responses=problems(NotFound))
async def show_cost(wid: str, who: Who, session: Tx) -> CostOut:
    """Show the energy an execution used, and to who began it or keeps the books what it was charged, line by line."""
    return await cost_out(session, who, await service.get(session, who, wid))


_Draft = Annotated[
    str,
    Path(pattern="^drf_[0-9a-z]{10,40}$", description="your own choice: drf_, then 10 to 40 a-z or 0-9"),
]


@router.get("/draft/list", responses=problems())
async def list_drafts(who: Who, session: Tx, page: Paged) -> list[DraftOut]:
    """List the runs that you have not finished asking for; nobody else sees them. By id, the last first."""
    return await page.of(session, service.my_drafts(who), service.DRAFT_KEY, service.draft_out, descending=True)


@router.get("/draft/{draft}", responses=problems(NotFound))
async def show_draft(draft: _Draft, who: Who, session: Tx) -> DraftOut:
    """Show one of your drafts."""
    return service.draft_out(await service.my_draft(session, who, draft))


@router.put("/draft/{draft}", responses=problems(NotFound, Denied, Conflict, TooLarge))
async def keep_draft(draft: _Draft, body: DraftIn, who: Who, session: Tx) -> DraftOut:
    """Keep a draft under an id of your own choice; what was there is replaced. Nothing is checked but its workflow."""
    return service.draft_out(await service.keep_draft(session, who, draft, body))


@router.delete("/draft/{draft}", status_code=204, responses=problems(NotFound))
async def drop_draft(draft: _Draft, who: Who, session: Tx) -> None:
    """Remove one of your drafts."""
    await service.drop_draft(session, who, draft)


_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {}}, "description": "A piece, or a stream"},
    204: {"description": "Nothing more will come"},
}
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # a proxy must not hold it back

_Offset = Annotated[int, Query(ge=0, lt=2**63, description="Bytes that were read before.")]
_Attempt = Annotated[int | None, Query(ge=1, lt=2**31, description="That the offset belongs to; else the present.")]


def log_streams_of(app: Starlette) -> LogStreams:
    """Return the readers of logs of this process, made at first use."""
    if not hasattr(app.state, "log_streams"):
        app.state.log_streams = LogStreams(app.state.database, app.state.store)
    return cast("LogStreams", app.state.log_streams)


@router.get(f"{WORKFLOW}/{{wid}}/logs", responses=problems(NotFound, Unavailable))
async def show_log(
    wid: str,
    who: Who,
    request: Request,
    step: _Step = None,
    index: _Index = None,
    stream: Annotated[str, Query(pattern="^(stdout|stderr)$")] = "stdout",
    offset: _Offset = 0,
    attempt: _Attempt = None,
) -> LogOut:
    """Read what a job printed, also while it runs: at most 64 KiB from `offset` on."""
    streams = log_streams_of(request.app)
    place = await streams.place(who, wid, step=step, index=index, stream=stream, attempt=attempt, offset=offset)
    return await streams.look(who, place)


@router.get(
    f"{WORKFLOW}/{{wid}}/logs/{{stream}}",
    response_model=LogOut,
    responses={**problems(NotFound, Unavailable, TooMany), **_STREAM},
)
async def follow_log(
    wid: str,
    stream: Literal["stdout", "stderr"],
    who: Who,
    request: Request,
    follow: Annotated[bool, Query(description="A stream until the job has ended; else one piece.")] = False,
    step: _Step = None,
    index: _Index = None,
    offset: _Offset = 0,
    attempt: _Attempt = None,
    last_event_id: Annotated[str | None, Header(max_length=40, description="Replaces `offset`.")] = None,
) -> Any:
    """Read one stream of a job by offset, or follow it as Server-Sent Events until the job has ended.

    Each message is a piece; its id says where the next one begins, so that a reader comes back with `Last-Event-ID`.
    """
    streams = log_streams_of(request.app)
    attempt, offset = position(last_event_id) or (attempt, offset)
    place = await streams.place(who, wid, step=step, index=index, stream=stream, attempt=attempt, offset=offset)
    if not follow:
        return await streams.look(who, place)
    streams.admit(who)
    if last_event_id is not None and await streams.is_over(who, place):
        return Response(status_code=204)  # tells an EventSource not to come back
    told = streams.follow(who, partial(still, request), place)
    return StreamingResponse(told, media_type="text/event-stream", headers=_HEADERS)


_Stream = Literal["stdout", "stderr"]
_Search = Annotated[str, Query(min_length=1, max_length=200, description="whatever its case")]


@router.get(f"{WORKFLOW}/{{wid}}/logs/{{stream}}/lines", responses=problems(NotFound))
async def list_log_lines(
    wid: str,
    stream: _Stream,
    who: Who,
    request: Request,
    step: _Step = None,
    index: _Index = None,
    begin: Annotated[int, Query(ge=-(2**40), lt=2**40, description="from 0 on; below 0: from the end")] = -1000,
    limit: Annotated[int, Query(ge=1, le=2000)] = 1000,
    level: Annotated[Level | None, Query(description="only lines of this level")] = None,
    search: Annotated[str | None, Query(max_length=200, description="only lines that hold this")] = None,
) -> LogLinesOut:
    """Show numbered lines of what a job printed, from anywhere; the newest where nothing else is said."""
    streams = log_streams_of(request.app)
    place = await streams.place(who, wid, step=step, index=index, stream=stream)
    return await streams.lines(who, place, begin=begin, limit=limit, level=level, search=search)


@router.get(f"{WORKFLOW}/{{wid}}/logs/{{stream}}/matches", responses=problems(NotFound))
async def find_in_log(
    wid: str, stream: _Stream, who: Who, request: Request, search: _Search, step: _Step = None, index: _Index = None
) -> LogMatchesOut:
    """Find a text in all that a job printed so far."""
    streams = log_streams_of(request.app)
    return await streams.matches(who, await streams.place(who, wid, step=step, index=index, stream=stream), search)


@router.get(
    f"{WORKFLOW}/{{wid}}/logs/{{stream}}/text",
    response_class=StreamingResponse,
    responses={**problems(NotFound), 200: {"content": {"text/plain": {}}, "description": "The log"}},
)
async def download_log(
    wid: str, stream: _Stream, who: Who, request: Request, step: _Step = None, index: _Index = None
) -> StreamingResponse:
    """Download all that a job printed so far, as one file."""
    streams = log_streams_of(request.app)
    whole = await streams.whole(who, await streams.place(who, wid, step=step, index=index, stream=stream))
    name = f"{wid}-{whole.about['step']}-{whole.about['index']}-{stream}.log"
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    headers = {**_HEADERS, "Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(whole.read(0), media_type="text/plain", headers=headers)
