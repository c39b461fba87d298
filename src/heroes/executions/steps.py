"""Durable work of executions: which steps are ready becomes jobs, how jobs ended becomes the execution's word."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.files import Blob
from heroes.costs import service as costs
from heroes.data import service as data
from heroes.executions import rules
from heroes.executions.engines import steps as engine
from heroes.executions.models import Execution, Step
from heroes.executions.rules import Status, StepState, StepView, Tally
from heroes.identity import Caller
from heroes.jobs import service as jobs
from heroes.kit import audit, outbox
from heroes.kit.db import heroes_now
from heroes.kit.work import Claim, Registration, Waiter, Work
from heroes.placement.rules import leading
from heroes.workflows import service as workflows
from heroes.workflows.rules import Bundle

if TYPE_CHECKING:
    from heroes.parts import Parts


_ENERGY = {"greenest": "min_energy"}
"""policy of an execution → what a cluster is asked for whose step names no energy policy"""
CANCEL_AGAIN = 0.2  # seconds until jobs that were just being advanced are asked to end


async def advance(work: Work, claim: Claim) -> None:
    """Start what is ready, note what has ended, close the execution when all has."""
    async with work.apply(claim) as done:
        session, execution = done.session, done.row
        if Status(execution.status) in rules.ENDED:
            return
        version = await workflows.version(session, execution.version_id)
        bundle = Bundle.from_json(version.bundle)
        cancelled = execution.cancel_requested_at is not None or await _stopped(session, execution)
        if cancelled and not await jobs.cancel_all(session, execution.id, execution.organization_id):
            done.again(CANCEL_AGAIN)
        steps = await _steps(session, execution)
        begun = any(row.jobs for row in steps.values())
        tallies = await jobs.tallies(session, execution.id, execution.organization_id) if begun else {}
        if any(tally.unpaid for tally in tallies.values()):
            await jobs.wake_for_money(session, execution.id, execution.organization_id)
        await _note_ended(session, execution, bundle, steps, tallies, cancelled)
        _close_blocked(session, execution, steps, _views(bundle, steps, tallies), cancelled)
        while ready := [] if cancelled else rules.ready(_views(bundle, steps, tallies)):
            context = engine.Context(
                params=execution.parameters,
                resources=execution.resources or {},
                inputs=execution.inputs,
                files=version.files,
                outputs={step.name: step.outputs or {} for step in steps.values()},
                steps={step.name: step for step in bundle.steps},
                changes=execution.changes,
            )
            for name in ready:
                await _start(session, execution, bundle, steps[name], context)
            # one without jobs, or that cannot be planned, has ended by now: what hangs on it goes on or is skipped
            _close_blocked(session, execution, steps, _views(bundle, steps, tallies), cancelled)
        await _conclude(session, execution, bundle, steps, _views(bundle, steps, tallies), cancelled)


async def _stopped(session: AsyncSession, execution: Execution) -> bool:
    """Ask for the end of an execution whose budget is at the limit of an owner who wants that."""
    why = await costs.stopped(session, execution.organization_id, execution.id)
    if why is None:
        return False
    execution.cancel_requested_at, execution.reason = heroes_now(), why
    audit.record(session, Caller.system(execution.organization_id), "execution.cancel_requested", execution, why=why)
    return True


async def _steps(session: AsyncSession, execution: Execution) -> dict[str, Step]:
    rows = await session.scalars(select(Step).where(Step.execution_id == execution.id).order_by(Step.number))
    return {row.name: row for row in rows}


def _views(bundle: Bundle, steps: dict[str, Step], tallies: Mapping[str, jobs.Tally]) -> list[StepView]:
    return [
        StepView(spec.name, spec.needs, StepState(steps[spec.name].state), tally=_tally(tallies.get(spec.name)))
        for spec in bundle.steps
    ]


def _tally(counted: jobs.Tally | None) -> Tally:
    return Tally(**asdict(counted)) if counted else Tally()


async def _note_ended(
    session: AsyncSession,
    execution: Execution,
    bundle: Bundle,
    steps: dict[str, Step],
    tallies: Mapping[str, jobs.Tally],
    cancelled: bool,
) -> None:
    for view in _views(bundle, steps, tallies):
        row = steps[view.name]
        row.jobs_ended = view.tally.ended
        state, reason = rules.step_state(view, cancelled)
        if state == row.state:
            continue
        if state is StepState.FINISHED:
            left = await jobs.outputs(session, execution.id, execution.organization_id, view.name)
            row.outputs = {name: [one.get(name, []) for one in left] for name in bundle.step(view.name).outputs}
        _end(session, execution, row, state, reason)


def _end(session: AsyncSession, execution: Execution, row: Step, state: StepState, reason: str | None = None) -> None:
    row.state, row.reason, row.ended_at = state, reason, heroes_now()
    event = {"execution": execution.id, "step": row.name, "state": state}
    outbox.emit(session, execution.organization_id, type=f"step.{state.lower()}", subject=execution.id, data=event)


def _close_blocked(
    session: AsyncSession, execution: Execution, steps: dict[str, Step], views: list[StepView], cancelled: bool
) -> None:
    waiting = [view.name for view in views if view.state is StepState.WAITING] if cancelled else rules.blocked(views)
    state = StepState.CANCELED if cancelled else StepState.SKIPPED
    reason = "Cancelled before it started." if cancelled else "A step it needs did not finish."
    for name in waiting:
        _end(session, execution, steps[name], state, reason)


async def _start(
    session: AsyncSession, execution: Execution, bundle: Bundle, row: Step, context: engine.Context
) -> None:
    spec = bundle.step(row.name)
    row.started_at = heroes_now()
    tied = any(one.placement.same_as or one.placement.not_same_as for one in bundle.steps)
    try:
        planned = engine.plan(spec, context)
        asked = engine.needs(bundle, execution.workflow_id, execution.parameters, context) if tied else []
    except (ValueError, KeyError) as error:
        _end(session, execution, row, StepState.FAILED, f"The step cannot be planned: {error}")
        return
    ties = engine.ties(spec, asked)
    # The user's own choice of a cluster is for the steps that lead; one that is tied follows its tie.
    chosen = execution.chosen and (not tied or row.name in leading(asked))
    new = [
        jobs.NewJob(
            execution_id=execution.id,
            project_id=execution.project_id,
            user_id=execution.user_id,
            workflow_id=execution.workflow_id,
            step=row.name,
            index=one.index,
            title=one.title,
            spec=replace(one.spec, ties=ties, energy_policy=one.spec.energy_policy or _ENERGY.get(execution.policy)),
            policy=execution.policy,
            weights=execution.weights,
            cluster=one.cluster or (execution.cluster if chosen else None),
            queue=one.queue or (execution.queue if chosen and one.cluster is None else None),
        )
        for one in planned
    ]
    begin = jobs.create_or_go_on if execution.restarts else jobs.create
    made = await begin(session, execution.organization_id, new, Waiter("executions", execution.id))
    row.state, row.jobs = StepState.RUNNING, len(made)
    if not made:
        row.outputs = {name: [] for name in spec.outputs}
        _end(session, execution, row, StepState.FINISHED)


async def _conclude(
    session: AsyncSession,
    execution: Execution,
    bundle: Bundle,
    steps: dict[str, Step],
    views: list[StepView],
    cancelled: bool,
) -> None:
    views = [StepView(v.name, v.needs, StepState(steps[v.name].state), tally=v.tally) for v in views]
    new = rules.status(views, cancelled=cancelled)
    if new is Status.RUN_IN_PROGRESS and execution.run_time is None:
        execution.run_time = heroes_now()
    if new == execution.status:
        return
    if new in rules.ENDED:
        await costs.release(session, execution.organization_id, execution.id)
        execution.end_time = heroes_now()
        failed = [row for row in steps.values() if row.state == StepState.FAILED]
        told = execution.reason if new is Status.CANCELED else None
        execution.reason = f"{failed[0].title}: {failed[0].reason}" if failed else told
        if new is Status.FINISHED:
            execution.results = await _results(session, execution, bundle, steps)
    execution.status, execution.status_since = new, heroes_now()
    kind = f"execution.{new.lower()}"
    outbox.emit(session, execution.organization_id, type=kind, subject=execution.id, data={"status": new})


async def _results(
    session: AsyncSession, execution: Execution, bundle: Bundle, steps: dict[str, Step]
) -> dict[str, Any]:
    """Name the declared results in the execution's own folder; the bytes are there already."""
    outputs = {name: row.outputs or {} for name, row in steps.items()}
    prefix = f"executions/{execution.id}"
    files = [item for item in engine.results_of(bundle, outputs) if item["kind"] == "file"]
    if not files:
        return {}
    platform = Caller.system(execution.organization_id)
    bucket = await data.user_bucket(session, execution.organization_id, execution.user_id)
    results: dict[str, Any] = {}
    for item in files:
        blob, path = Blob(item["blob_key"], item["size"], item["sha256"]), f"{prefix}/{item['path']}"
        await data.put_blob(session, platform, bucket, path, blob, mode=item["mode"])
        results[item["path"]] = {"path": path, "size": item["size"], "sha256": item["sha256"]}
    return results


def registrations(parts: "Parts") -> list[Registration]:
    """Return the steps of this slice."""
    return [Registration(Execution, advance, concurrency=8, batch=32)]
