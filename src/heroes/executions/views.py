"""Rows of executions and jobs as the interface shows them."""

from contextlib import suppress
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.files import BlobStore
from heroes.clusters import service as clusters
from heroes.costs import service as costs
from heroes.data import service as data
from heroes.executions import rules, service
from heroes.executions.models import Execution
from heroes.executions.schemas import (
    AttemptOut,
    Configuration,
    CostOut,
    ExecutionOut,
    JobOut,
    LogOut,
    Owner,
    StepOut,
)
from heroes.identity import Caller
from heroes.jobs import service as jobs
from heroes.kit.errors import NotFound
from heroes.kit.paging import Page

LONGEST_PIECE = 65536


async def execution_out(
    session: AsyncSession, who: Caller, row: Execution, *, project: str | None = None, steps: bool = True
) -> ExecutionOut:
    """Return an execution as it is shown; with its steps where one is asked for."""
    if project is None:
        project = service.project_names(who, [row]).get(row.project_id)
    return ExecutionOut(
        wid=row.id,
        owner=Owner(organization=who.organization, user=row.username),
        configuration=Configuration(
            wtid=row.workflow_id,
            name=row.name,
            version=row.version_id,
            parameters=row.parameters,
            policy=row.policy,
            cluster=row.cluster,
            project=project,
        ),
        status=row.status,
        status_since=row.status_since,
        reason=row.reason,
        submit_time=row.submit_time,
        run_time=row.run_time,
        end_time=row.end_time,
        restarts=row.restarts,
        steps=await _steps(session, row) if steps else None,
    )


async def _steps(session: AsyncSession, row: Execution) -> list[StepOut]:
    reasons = await jobs.waiting(session, row.id, row.organization_id, rules.UNDER_WAY)
    found = []
    for step in await service.steps(session, row):
        shown = StepOut.model_validate(step, from_attributes=True)
        shown.waiting = rules.waiting(reasons.get(step.name, ()))
        found.append(shown)
    return found


async def jobs_out(session: AsyncSession, page: Page, execution: Execution) -> list[JobOut]:
    """Return one page of an execution's jobs as they are shown."""
    rows = await page.of(session, jobs.listing(execution.id, execution.organization_id), jobs.KEY, lambda row: row)
    known = await jobs.whereabouts(session, rows)
    lines = {row.line_id for row in rows if row.line_id and row.state != "ENDED"}
    silent = {line_id: await clusters.silence(session, line_id) for line_id in lines}
    return [job_out(row, known[row.id], silent.get(row.line_id)) for row in rows]


def job_out(job: Any, known: jobs.Whereabouts, silence: str | None) -> JobOut:
    """Return a job as it is shown; with what keeps its site from being asked, while it is not ended."""
    said = (job.note, (silence if job.state != "ENDED" else None) or job.last_error)
    return JobOut(
        id=job.id,
        step=job.step,
        index=job.index,
        title=job.title,
        state=job.state,
        state_since=job.state_since,
        code=job.note_code,
        text=" ".join(filter(None, said)) or None,
        heard_at=known.heard_at,
        cluster=job.cluster,
        queue=job.queue,
        site_id=known.site_id,
        attempt=job.attempt,
        end=job.end if job.state == "ENDED" else None,
        exit_code=job.exit_code,
        submitted_at=job.submitted_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        usage=job.usage,
        cost=job.cost,
    )


def attempt_out(attempt: Any, job: Any) -> AttemptOut:
    """Return an attempt as it is shown."""
    told = {name: getattr(attempt, name) for name in AttemptOut.model_fields if name not in {"job", "step", "index"}}
    return AttemptOut(job=job.id, step=job.step, index=job.index, **told)


async def cost_out(session: AsyncSession, execution: Execution) -> CostOut:
    """Return what an execution was charged so far; energy is a sum only where every job was measured."""
    account = await costs.of_execution(session, execution.organization_id, execution.id)
    energy = await jobs.energy(session, execution.id, execution.organization_id)
    complete = bool(energy.started) and energy.measured == energy.started
    return CostOut(
        status="final" if rules.Status(execution.status) in rules.ENDED else "accruing",
        currency=account.currency,
        reserved=str(account.reserved),
        charged=str(account.charged),
        overrun=str(account.overrun),
        lines=account.lines,
        lines_total=account.lines_total,
        energy_j=energy.joules if complete else None,
        energy_source=", ".join(energy.sources) or None,
        energy_reason=None if complete else " ".join(energy.reasons) or "Nothing has run yet.",
    )


async def log_of_ended(session: AsyncSession, store: BlobStore, job: Any, stream: str, offset: int) -> LogOut:
    """Read a piece of a stream that was brought home with the job's outputs."""
    content = b""
    bucket = await data.user_bucket(session, job.organization_id, job.user_id)
    path = f"executions/{job.execution_id}/steps/{job.step}/{job.index}/logs/{stream}"
    with suppress(NotFound):
        [stored] = await data.resolve(session, Caller.system(job.organization_id), f"{bucket.name}:{path}")
        if stored.blob_key is not None and offset < stored.size:
            async for chunk in store.get(stored.blob_key, offset, LONGEST_PIECE):
                content += chunk
    return LogOut(
        job=job.id,
        step=job.step,
        index=job.index,
        stream=stream,
        offset=offset,
        next_offset=offset + len(content),
        content=content.decode("utf-8", "replace"),
        ended=len(content) < LONGEST_PIECE,
    )
