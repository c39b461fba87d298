"""Rows of executions and jobs as the interface shows them."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.costs import service as costs
from heroes.executions import rules, service
from heroes.executions.models import Execution
from heroes.executions.schemas import (
    AttemptOut,
    Configuration,
    CostOut,
    ExecutionOut,
    JobOut,
    Owner,
    StepOut,
)
from heroes.identity import Caller
from heroes.jobs import service as jobs


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
    made = await jobs.standing(session, row.id, row.organization_id)
    found = []
    for step in await service.steps(session, row):
        shown = StepOut.model_validate(step, from_attributes=True)
        shown.waiting = rules.waiting([job for job in made if job.step == step.name])
        found.append(shown)
    return found


async def job_out(session: AsyncSession, job: Any) -> JobOut:
    """Return a job as it is shown; with what keeps its site from being asked, while it is not ended."""
    silence = await clusters.silence(session, job.line_id) if job.line_id and job.state != "ENDED" else None
    said = (job.note, silence or job.last_error)
    return JobOut(
        id=job.id,
        step=job.step,
        index=job.index,
        title=job.title,
        state=job.state,
        state_since=job.state_since,
        code=job.note_code,
        text=" ".join(filter(None, said)) or None,
        heard_at=job.heard_at,
        cluster=job.cluster,
        queue=job.queue,
        site_id=await jobs.site_id(session, job),
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
    made = await jobs.of_execution(session, execution.id, execution.organization_id)
    used = [job.usage for job in made if job.usage and job.usage.get("started")]
    measured = [one for one in used if one.get("energy_j") is not None]
    complete = bool(used) and len(measured) == len(used)
    reasons = sorted({str(one["energy_reason"]) for one in used if one.get("energy_j") is None})
    return CostOut(
        status="final" if rules.Status(execution.status) in rules.ENDED else "accruing",
        currency=account.currency,
        reserved=str(account.reserved),
        charged=str(account.charged),
        overrun=str(account.overrun),
        lines=account.lines,
        energy_j=sum(float(one["energy_j"]) for one in measured) if complete else None,
        energy_source=", ".join(sorted({str(one["energy_source"]) for one in measured})) or None,
        energy_reason=None if complete else " ".join(reasons) or "Nothing has run yet.",
    )
