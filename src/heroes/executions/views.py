"""Rows of executions and jobs as the interface shows them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.costs import service as costs
from heroes.costs.rules import exact, text
from heroes.costs.sight import sees
from heroes.executions import rules, service
from heroes.executions.models import Execution
from heroes.executions.schemas import (
    AttemptOut,
    Configuration,
    CostOut,
    ExecutionOut,
    FailureOut,
    FiguresOut,
    JobOut,
    JobUsageOut,
    Owner,
    PromisedOut,
    SampleOut,
    StepOut,
    WhyUnknown,
)
from heroes.identity import Caller
from heroes.jobs import service as jobs
from heroes.jobs import usage
from heroes.kit.db import transaction_time
from heroes.kit.paging import Page
from heroes.kit.why import Why
from heroes.placement import service as placement


async def execution_out(
    session: AsyncSession, who: Caller, row: Execution, *, project: str | None = None, steps: bool = True
) -> ExecutionOut:
    """Return an execution as it is shown; with its steps where one is asked for."""
    if project is None:
        project = service.project_names(who, [row]).get(row.project_id)
    shown = ExecutionOut(
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
        notices=row.notices,
    )
    if steps:
        shown.steps = await _steps(session, row)
        begun = any(step.jobs for step in shown.steps)
        stand = await jobs.standing(session, row.id, row.organization_id) if begun else []
        by_step = [(step.name, [one for one in stand if one.step == step.name]) for step in shown.steps]
        heard = await _heard(session, {one.line_id for one in stand if one.line_id})
        now = await transaction_time(session)
        shown.failure = (await _failures(session, [row])).get(row.id)
        shown.explanation = rules.told(row.status, row.status_since, row.reason, by_step, heard, now)
    return shown


async def _failures(session: AsyncSession, rows: Sequence[Execution]) -> dict[str, FailureOut]:
    ids = [row.id for row in rows if row.status == rules.Status.FAILED]
    found = await jobs.first_failures(session, ids) if ids else {}
    return {name: FailureOut(**failure._asdict()) for name, failure in found.items()}


async def executions_out(session: AsyncSession, who: Caller, rows: Sequence[Execution]) -> list[ExecutionOut]:
    """Return executions as a list shows them: without steps, with their figures."""
    ids = [row.id for row in rows]
    names = service.project_names(who, rows)
    counts = await service.job_counts(session, ids)
    paid = await costs.charged(session, who, ids)
    promised = await placement.promised(session, who, ids)
    failed = await _failures(session, rows)
    found = []
    for row in rows:
        shown = await execution_out(session, who, row, project=names.get(row.project_id), steps=False)
        jobs_, ended = counts.get(row.id, (0, 0))
        amount, currency = paid.get(row.id, (0.0, None))
        before = promised.get(row.id)
        shown.failure = failed.get(row.id)
        shown.figures = FiguresOut(jobs=jobs_, jobs_ended=ended, currency=currency)
        if sees(who, row):
            shown.figures.charged = text(exact(amount))
        shown.figures.cost = _promised(before.cost) if before else None
        shown.figures.time = _promised(before.time) if before else None
        found.append(shown)
    return found


def _promised(quantity: placement.Expected | None) -> PromisedOut | None:
    return PromisedOut(**asdict(quantity)) if quantity else None


async def _heard(session: AsyncSession, lines: Collection[str]) -> dict[str, rules.Freshness]:
    found = await clusters.heard(session, lines)
    return {name: rules.Freshness(one.cluster, one.at, one.trouble, one.silent) for name, one in found.items()}


async def _steps(session: AsyncSession, row: Execution) -> list[StepOut]:
    rows = await service.steps(session, row)
    begun = any(step.jobs for step in rows)
    reasons = await jobs.waiting(session, row.id, row.organization_id, rules.UNDER_WAY) if begun else {}
    bad = row.status == rules.Status.FAILED
    failed = await jobs.failures_of_steps(session, row.id, row.organization_id) if bad else {}
    found = []
    for step in rows:
        shown = StepOut.model_validate(step, from_attributes=True)
        shown.waiting = rules.waiting(reasons.get(step.name, ()))
        if step.name in failed:
            shown.failure = FailureOut(**failed[step.name]._asdict())
        found.append(shown)
    return found


async def jobs_out(session: AsyncSession, who: Caller, page: Page, execution: Execution) -> list[JobOut]:
    """Return one page of an execution's jobs as they are shown, each explained by what its cluster last said."""
    rows = await page.of(session, jobs.listing(execution.id, execution.organization_id), jobs.KEY, lambda row: row)
    numbers = await jobs.site_ids(session, rows)
    heard = await _heard(session, {row.line_id for row in rows if row.line_id and row.state != "ENDED"})
    quoted = await jobs.quoted(session, [row.id for row in rows])
    now = await transaction_time(session)
    found = [job_out(row, numbers.get(row.id), heard.get(row.line_id), now, quoted.get(row.id)) for row in rows]
    return found if sees(who, execution) else [one.model_copy(update={"cost": None}) for one in found]


def job_out(job: Any, site_id: str | None, heard: rules.Freshness | None, now: datetime, quoted: Why | None) -> JobOut:
    """Return a job as it is shown. One that its site knows and that has not ended is as fresh as its line."""
    line = heard if job.state != "ENDED" else None
    said = (job.note, (line.trouble if line else None) or job.last_error)
    watched = job.seen is not None and job.state in {"QUEUED", "RUNNING"}
    return JobOut(
        id=job.id,
        step=job.step,
        index=job.index,
        title=job.title,
        state=job.state,
        state_since=job.state_since,
        code=job.note_code,
        text=" ".join(filter(None, said)) or None,
        why=quoted,
        reason=(job.seen or {}).get("reason"),
        explanation=rules.job_told(job, line, now),
        heard_at=line.at if line and watched else job.heard_at,
        cluster=job.cluster,
        queue=job.queue,
        site_id=site_id,
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


USAGE_PAGE = 20
"""jobs whose samples go in one answer at most"""


async def usage_out(
    session: AsyncSession, page: Page, execution: Execution, *, step: str | None, index: int | None
) -> list[JobUsageOut]:
    """Return what an execution's jobs, or those of a step, used over time; at most USAGE_PAGE of them."""
    page.limit = min(page.limit, USAGE_PAGE)
    wanted = jobs.listing(execution.id, execution.organization_id, step=step, index=index)
    rows = await page.of(session, wanted, jobs.KEY, lambda row: row)
    return [_usage_out(one) for one in await usage.of_jobs(session, rows)]


def _usage_out(used: usage.Used) -> JobUsageOut:
    def why(reason: usage.Reason | None) -> WhyUnknown | None:
        return WhyUnknown(code=reason.code, text=reason.text) if reason else None

    return JobUsageOut(
        job=used.job.id,
        step=used.job.step,
        index=used.job.index,
        title=used.job.title,
        attempt=used.job.attempt,
        cluster=used.job.cluster,
        cores=used.cores,
        every_s=used.every_s,
        energy_source=used.energy_source,
        cpu_unknown=why(used.cpu_unknown),
        power_unknown=why(used.power_unknown),
        samples=[
            SampleOut(
                start=datetime.fromtimestamp(one.end - one.seconds, UTC),
                end=datetime.fromtimestamp(one.end, UTC),
                cpu_share=None if one.cpu_s is None else one.cpu_s / one.seconds / used.cores,
                power_w=None if one.energy_j is None else one.energy_j / one.seconds,
                memory_bytes=one.memory_bytes,
            )
            for one in used.intervals
        ],
    )


async def cost_out(session: AsyncSession, who: Caller, execution: Execution) -> CostOut:
    """Return what an execution was charged so far, to whom may know; energy is a sum where every job was measured."""
    account = await costs.of_execution(session, execution.organization_id, execution.id)
    energy = await jobs.energy(session, execution.id, execution.organization_id)
    complete = bool(energy.started) and energy.measured == energy.started
    told = sees(who, execution)
    return CostOut(
        status="final" if rules.Status(execution.status) in rules.ENDED else "accruing",
        currency=account.currency,
        reserved=str(account.reserved) if told else None,
        charged=str(account.charged) if told else None,
        overrun=str(account.overrun) if told else None,
        lines=account.lines if told else [],
        lines_total=account.lines_total if told else 0,
        energy_j=energy.joules if complete else None,
        energy_at_least_j=energy.joules if energy.measured and not complete else None,
        energy_source=", ".join(energy.sources) or None,
        energy_reason=None if complete else _unmeasured(energy),
        energy_why=None if complete else _why(energy),
    )


def _unmeasured(energy: jobs.Energy) -> str:
    """Say why the sum is not known: how many lack it, and the first reason; others differ in figures only."""
    if not energy.reasons:
        return "Nothing has run yet."
    counted = f"{energy.measured} of {energy.started} jobs were measured. " if energy.measured else ""
    return counted + energy.reasons[0]


def _why(energy: jobs.Energy) -> Why | None:
    """Return the reason of `_unmeasured` by its code."""
    if not energy.reasons:
        return Why(code="nothing_ran")
    if energy.why is None:
        return None
    facts = {**energy.why["facts"], "measured": energy.measured, "started": energy.started}
    return Why(code=energy.why["code"], facts=facts)
