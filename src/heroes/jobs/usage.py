"""What jobs used while they ran, over time: read from what their lines have sampled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.clusters.samples import Interval, of_orders
from heroes.jobs.gathering import full_specs
from heroes.jobs.models import Job, Submission
from heroes.jobs.rules import State


class Reason(NamedTuple):
    """Why a figure is not known."""

    code: str
    text: str


NOT_STARTED = Reason("not_started", "It has not run yet.")
NOT_TOLD = Reason("not_told", "The batch system of this cluster tells nothing of jobs while they run.")
NOT_YET = Reason("not_yet", "It has just begun: the first figures come with the next looks at the cluster.")
TOO_SHORT = Reason("too_short", "It ended before anything was heard of what it used.")
SILENT = Reason("silent", "The cluster tells no processor time of jobs while they run.")
NO_METER = Reason("no_meter", "No meter told what it drew while it ran.")


@dataclass(frozen=True, slots=True)
class Used:
    """What the present attempt of a job used, by intervals, and why not, where that is not known."""

    job: Job
    cores: int
    intervals: tuple[Interval, ...]
    every_s: int | None
    energy_source: str | None
    cpu_unknown: Reason | None
    power_unknown: Reason | None


def unknown(*, started: bool, ended: bool, told: bool, intervals: Sequence[Interval]) -> Reason | None:
    """Return why nothing at all is known of a job, None if something is."""
    if intervals:
        return None
    if not started:
        return NOT_STARTED
    if not told:
        return NOT_TOLD
    return TOO_SHORT if ended else NOT_YET


async def of_jobs(session: AsyncSession, rows: Sequence[Job]) -> list[Used]:
    """Return what these jobs used over time, in their order."""
    ordered = [job.submission_id for job in rows if job.submission_id]
    pairs = await session.execute(select(Submission.id, Submission.token).where(Submission.id.in_(ordered)))
    tokens: dict[str, str] = {row[0]: row[1] for row in pairs}
    keys = {job.id: (tokens[job.submission_id], job.task) for job in rows if job.submission_id in tokens}
    kept = await of_orders(session, list(keys.values()))
    specs = await full_specs(session, rows)
    telling = await clusters.tell_usage(session, {job.cluster_id for job in rows if job.cluster_id})
    found = []
    for job in rows:
        known = kept.get(keys[job.id]) if job.id in keys else None
        intervals = known.intervals if known else ()
        nothing = unknown(
            started=job.started_at is not None,
            ended=job.state in (State.COLLECTING, State.ENDED),
            told=job.cluster_id in telling,
            intervals=intervals,
        )
        spec = specs[job.id]
        found.append(
            Used(
                job,
                max(spec.cores, spec.tasks),
                intervals,
                known.every_s if known else None,
                known.energy_source if known else None,
                nothing or (None if any(one.cpu_s is not None for one in intervals) else SILENT),
                nothing or (None if any(one.energy_j is not None for one in intervals) else NO_METER),
            )
        )
    return found
