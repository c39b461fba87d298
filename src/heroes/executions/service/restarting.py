"""Running an ended execution again, from the steps that failed or from a named one; what finished is kept."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.costs import service as costs
from heroes.executions import rules
from heroes.executions.engines import steps as engine
from heroes.executions.models import Execution, Step
from heroes.executions.rules import Again, Status, StepState, StepView
from heroes.executions.schemas import Restart
from heroes.executions.service.following import get, steps
from heroes.executions.service.submitting import choose, wishes
from heroes.identity import Action, Caller
from heroes.jobs import service as jobs
from heroes.kit import audit, outbox
from heroes.kit.db import heroes_now
from heroes.kit.errors import Conflict, Invalid
from heroes.kit.faults import fault, fault_of
from heroes.kit.work import wake
from heroes.placement import service as placement
from heroes.workflows import service as workflows
from heroes.workflows.rules import Bundle


async def restart(session: AsyncSession, who: Caller, wid: str, request: Restart) -> Execution:
    """Run an ended execution again, all in this transaction: reserve anew, keep what finished, wake the rest.

    Raises NotFound, Denied, Invalid; Conflict while it runs or where nothing is left to do; NoCluster, OverBudget.
    """
    execution = await get(session, who, wid, lock=True)
    if execution.user_id != who.user_id:
        who.must(Action.EXECUTION_CANCEL_ALL, on=execution)
    who.must(Action.WORKFLOW_RUN, on=execution)
    if Status(execution.status) not in rules.ENDED:
        raise Conflict(
            "This execution has not ended; cancel it first, or wait for its end.",
            code="running",
            status_now=execution.status,
        )
    version = await workflows.version(session, execution.version_id)
    bundle = Bundle.from_json(version.bundle)
    rows = {row.name: row for row in await steps(session, execution)}
    made = await jobs.of_execution(session, execution.id, execution.organization_id)
    again = _chosen(bundle, rows, made, request)
    changes = _changes(bundle, execution.changes, request)
    context = engine.Context(
        execution.parameters, execution.resources or {}, execution.inputs, version.files, {}, {}, changes
    )
    await _reserve(session, who, execution, bundle, context, again, request)
    execution.changes = changes
    for name in again:
        row = rows[name]
        row.state, row.reason, row.outputs, row.jobs_ended = StepState.WAITING, None, None, 0
        row.started_at = row.ended_at = None
    for whole in (True, False):
        theirs = {name for name, one in again.items() if one.whole is whole}
        ended = [job for job in made if job.step in theirs and again[job.step].covers(job.index)]
        await jobs.put_back(session, ended, resume=not whole)
    _reopen(session, who, execution, request)
    await session.flush()
    await session.refresh(execution)
    wake(execution)
    return execution


def _chosen(bundle: Bundle, rows: Mapping[str, Step], made: Sequence[Any], request: Restart) -> dict[str, Again]:
    """Return the steps that run again and which of their jobs."""
    if request.first is not None and request.first not in rows:
        known = ", ".join(rows)
        text = f"there is no step {request.first!r}; it has: {known}"
        problem = fault("/from", text, "no_step", step=request.first, known=list(rows))
        raise Invalid("This execution has no such step.", [problem], case="see_fields")
    views = [
        StepView(
            spec.name,
            spec.needs,
            StepState(rows[spec.name].state),
            tuple(rules.JobView(job.index, job.state, job.end, "") for job in made if job.step == spec.name),
        )
        for spec in bundle.steps
    ]
    again = rules.again(views, request.first)
    if not again:
        text = "Every step has finished; name the step from which it is to run again (from)."
        raise Conflict(text, code="nothing_to_restart")
    return again


def _changes(bundle: Bundle, before: Mapping[str, Any], request: Restart) -> dict[str, Any]:
    """Return what steps ask for in place of the workflow's own resources. Raises Invalid for a step that is not."""
    known = {step.name for step in bundle.steps}
    problems = [
        fault(f"/resources/{name}", f"there is no step {name!r}", "no_step", step=name, known=sorted(known))
        for name in request.resources
        if name not in known
    ]
    if problems:
        raise Invalid("These resources are for steps that do not exist.", problems, case="see_fields")
    asked = {name: {**before.get(name, {}), **wishes(one)} for name, one in request.resources.items()}
    return {**before, **asked}


async def _reserve(
    session: AsyncSession,
    who: Caller,
    execution: Execution,
    bundle: Bundle,
    context: engine.Context,
    again: Mapping[str, Again],
    request: Restart,
) -> None:
    """Rank anew for what runs again, choose as at submission, and hold the worst case."""
    try:
        needs = engine.needs(bundle, execution.workflow_id, execution.parameters, context, again)
    except ValueError as error:
        raise Invalid("These resources cannot be used.", [fault_of("/resources", error)], case="see_fields") from error
    ranking = await placement.rank(
        session,
        who,
        needs,
        policy=execution.policy,
        weights=execution.weights if execution.policy in {"weighted", "deadline"} else None,
        project_id=execution.project_id,
    )
    kept = execution.cluster if execution.chosen and request.cluster is None else None
    queue = request.queue or (execution.queue if kept else None)
    chosen = choose(ranking, request.cluster or kept, queue)
    worst, currency = Decimal(chosen.worst_case.amount), chosen.worst_case.currency
    amount = min(worst, Decimal(request.max_cost)) if request.max_cost else worst
    await costs.reserve(
        session,
        who,
        project_id=execution.project_id,
        subject=execution.id,
        amount=amount,
        currency=currency,
        user_id=execution.user_id,
    )
    execution.decision_id = await placement.keep(
        session, who, ranking, execution_id=execution.id, chosen=chosen, project_id=execution.project_id
    )
    execution.worst_case = {"amount": str(amount), "currency": currency}
    execution.cluster, execution.queue = chosen.cluster, chosen.queue
    execution.chosen = execution.chosen or request.cluster is not None


def _reopen(session: AsyncSession, who: Caller, execution: Execution, request: Restart) -> None:
    execution.restarts += 1
    execution.status, execution.status_since = Status.SUBMIT_IN_PROGRESS, heroes_now()
    execution.reason = execution.results = execution.end_time = execution.cancel_requested_at = None
    audit.record(session, who, "execution.restarted", execution, first=request.first, number=execution.restarts)
    told = {"status": execution.status, "restart": execution.restarts, "from": request.first}
    outbox.emit(session, who.organization_id, type="execution.restarted", subject=execution.id, data=told)
