"""Ending an attempt: what it used, what it costs, what placement learns; then another attempt or the end of the job."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.costs import service as costs
from heroes.costs.rules import Charge, Quantities
from heroes.jobs import logs
from heroes.jobs.models import Attempt, Job, Submission
from heroes.jobs.rules import STAGE_OUT_FAILED, Again, Cause, Ceiling, End, Last, Spec, State, Verdict, after
from heroes.kit import outbox
from heroes.kit.db import heroes_now, transaction_time
from heroes.kit.ids import new_id
from heroes.kit.work import wake, wake_named
from heroes.placement import service as placement
from heroes.placement.rules import Need

TIDY = timedelta(seconds=1)
ASKED = ("cores", "nodes", "tasks", "memory_bytes", "gpus", "walltime_s")
RETRYING = "retrying"


def move(job: Job, state: State, code: str, text: str) -> None:
    """Set a job's state and the sentence that explains it."""
    if job.state != state:
        job.state_since = heroes_now()
    job.state = state
    note(job, code, text)


def note(job: Job, code: str, text: str) -> None:
    """Say in plain words what is going on."""
    job.note_code, job.note = code, text


async def finish(
    session: AsyncSession,
    job: Job,
    result: Verdict,
    *,
    usage: Mapping[str, Any] | None = None,
    outputs: dict[str, Any] | None = None,
    settled: Charge | None = None,
    alone: bool = True,
) -> None:
    """Settle the present attempt and end the job, or place it anew if its step allows another try.

    A member of an array (not `alone`) was settled with the others; the array wakes who waits and removes its folder.
    """
    if alone:
        charge = await _settle(session, job, result, usage or {})
    else:
        charge = settled.as_json() if settled else None
    with session.no_autoflush:  # nothing here reads what it has changed: the job is written once
        await _end(session, job, result, usage or {}, outputs, charge, alone)


async def _end(
    session: AsyncSession,
    job: Job,
    result: Verdict,
    usage: Mapping[str, Any],
    outputs: dict[str, Any] | None,
    charge: dict[str, Any] | None,
    alone: bool,
) -> None:
    job.usage, job.cost = dict(usage), charge
    job.exit_code, job.cause = result.exit_code, result.cause
    if job.watch_id is not None:
        await clusters.unwatch(session, job.watch_id)
    following = await _following(session, job, result, usage)
    if isinstance(following, Again):
        job.used = {**job.used, following.cause: job.used.get(following.cause, 0) + 1}
        if result.cause is Cause.INFRASTRUCTURE and job.cluster_id is not None:
            job.avoided = sorted({*job.avoided, job.cluster_id})
        spec = replace(job.frozen, memory_bytes=following.memory_bytes, walltime_s=following.walltime_s)
        job.begin_anew(spec)
        said = (result.text, f"Attempt {job.attempt} follows.", following.why)
        move(job, State.PLACED, RETRYING, " ".join(part for part in said if part))
        if alone:
            wake(job)
    else:
        job.end = result.end
        job.outputs = outputs
        job.ended_at = heroes_now()
        move(job, State.ENDED, result.code, f"{result.text} {following.why}".rstrip())
        if alone and (job.folders or job.submission_id is not None or job.stage_in_id is not None):
            lost = result.code == STAGE_OUT_FAILED  # its outputs are still there, for somebody to fetch by hand
            wake(job, await clusters.purge_after(session, job.cluster_id or "") if lost else TIDY)
    await logs.close(session, [job.id])
    event = {"execution": job.execution_id, "step": job.step, "index": job.index, "end": job.end, "code": result.code}
    outbox.emit(session, job.organization_id, type=f"job.{job.state.lower()}", subject=job.id, data=event)
    if alone:
        await wake_named(session, job.waiter)


async def _following(session: AsyncSession, job: Job, result: Verdict, usage: Mapping[str, Any]) -> Again | Last:
    """Return what follows an attempt; the queues are looked at only where the answer hangs on them."""
    if job.cancel_requested_at is not None:
        return Last()
    ceiling = Ceiling()
    if result.cause in {Cause.MEMORY, Cause.TIME}:
        asked = need(job)
        most = await placement.ceiling(
            session,
            asked,
            organization_id=job.organization_id,
            user_id=job.user_id,
            used=result.cause is Cause.MEMORY,
        )
        ceiling = Ceiling(*most)
    return after(result, job.frozen, job.used, ceiling, usage.get("max_rss_bytes"))


async def _settle(session: AsyncSession, job: Job, result: Verdict, usage: Mapping[str, Any]) -> dict[str, Any] | None:
    if job.submission_id is None:
        return None
    submission = await session.get_one(Submission, job.submission_id)
    started = bool(usage.get("started"))
    attempt = Attempt(
        id=new_id("att"),
        organization_id=job.organization_id,
        job_id=job.id,
        submission_id=submission.id,
        number=job.attempt,
        cluster=job.cluster or "",
        queue=job.queue,
        site_id=submission.site_id,
        started_at=job.started_at,
        ended_at=heroes_now(),
        end=result.end,
        cause=result.cause,
        code=result.code,
        text=result.text,
        exit_code=result.exit_code,
        usage=dict(usage),
        asked={name: getattr(job.frozen, name) for name in ASKED},
    )
    session.add(attempt)
    charge = await costs.settle(
        session,
        organization_id=job.organization_id,
        execution_id=job.execution_id,
        submission_id=submission.id,
        job_id=job.id,
        attempt_id=attempt.id,
        project_id=job.project_id,
        user_id=job.user_id,
        quantities=quantities(usage, memory_kept(job.frozen, usage)),
        started=started,
        started_at=job.started_at,
        free_of_charge="The site's node failed." if result.code == "node_failure" else None,
    )
    if started and (result.end is End.SUCCEEDED or result.code == "node_failure"):
        seen = observation(job, usage, handled_s=handled(submission, await transaction_time(session), usage))
        if result.code == "node_failure":  # one row for each lost attempt: the job itself may still end well
            seen = replace(seen, job_id=f"{job.id}/{job.attempt}", lost=True)
        await placement.observe(session, job.organization_id, seen)
    return charge.as_json()


def need(job: Job) -> Need:
    """Return what placement must know of one job."""
    spec = job.frozen
    known_bytes = sum(int(item.get("size") or 0) for item in spec.inputs)
    return Need(
        step=job.step,
        workflow_id=job.workflow_id,
        count=1,
        cores=spec.cores,
        nodes=spec.nodes,
        tasks=spec.tasks,
        memory_bytes=spec.memory_bytes,
        gpus=spec.gpus,
        walltime_s=spec.walltime_s,
        software=spec.software,
        commands=spec.commands,
        containers=spec.containers,
        moved_bytes=known_bytes,
        moved_bound=placement.moved_bound(spec.inputs),
        input_bytes=known_bytes,
        params=dict(spec.params),
        attempts=1,
        avoid=tuple(job.avoided),
        pinned_cluster=job.pinned_cluster,
        pinned_queue=job.pinned_queue,
        policy=job.policy,
        weights=job.weights,
    )


def quantities(usage: Mapping[str, Any], memory: float | None = None) -> Quantities:
    """Return what is charged, from the usage row; unmeasured energy stays None."""
    elapsed = float(usage.get("elapsed_s") or 0.0)
    return Quantities(
        core_s=elapsed * float(usage.get("cpus") or 0),
        node_s=elapsed * float(usage.get("nodes") or 0),
        gpu_s=elapsed * float(usage.get("gpus") or 0),
        moved_bytes=int(usage.get("moved_bytes") or 0),
        energy_j=usage.get("energy_j"),
        memory_byte_s=None if memory is None else memory * elapsed,
    )


def memory_kept(spec: Spec, usage: Mapping[str, Any]) -> float | None:
    """Return what a job kept from others: what it asked for on all its nodes, else the most that it was seen to use."""
    if spec.memory_bytes is not None:
        return float(spec.memory_bytes * spec.nodes)
    seen = usage.get("max_rss_bytes")
    return None if seen is None else float(seen)


_WHOLE_SECONDS = 2.0
"""What accounting may differ from the exit file by its rounding, and by what a site does before and after a job."""


def run_time(usage: Mapping[str, Any]) -> float:
    """Return how long a job ran (s): as its exit file tells where accounting, which counts whole seconds, agrees."""
    elapsed, exact = float(usage.get("elapsed_s") or 0.0), usage.get("run_s")
    return float(exact) if exact and abs(exact - elapsed) < _WHOLE_SECONDS else elapsed


def handled(submission: Submission, now: datetime, usage: Mapping[str, Any]) -> float | None:
    """Return for how long (s) from its order to its settlement a job neither waited nor ran; None: its wait is unknown.

    By durations alone: the site's clock may be wrong.
    """
    if usage.get("wait_s") is None:
        return None
    return max(0.0, (now - submission.created_at).total_seconds() - float(usage["wait_s"]) - run_time(usage))


def observation(
    job: Job, usage: Mapping[str, Any], of: Spec | None = None, *, handled_s: float | None
) -> placement.Observation:
    """Return what placement learns from a finished job; `of` is a member's full specification."""
    spec = of or job.frozen
    return placement.Observation(
        workflow_id=job.workflow_id,
        step=job.step,
        user_id=job.user_id,
        cluster_id=job.cluster_id or "",
        queue_id=job.queue_id or "",
        job_id=job.id,
        execution_id=job.execution_id,
        cores=max(spec.cores, spec.tasks),
        nodes=spec.nodes,
        gpus=spec.gpus,
        input_bytes=sum(int(item.get("size") or 0) for item in spec.inputs),
        params=dict(spec.params),
        run_s=run_time(usage),
        wait_s=usage.get("wait_s"),
        handled_s=handled_s,
        memory_bytes=usage.get("max_rss_bytes"),
        energy_j=usage.get("energy_j"),
    )
