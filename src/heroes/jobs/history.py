"""How jobs fared on a cluster: how long its queues let them wait, and how their starts ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, Date, DateTime, Float, Integer, Select, Text, column, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity import Caller, visible
from heroes.jobs.models import Attempt, Job, Submission
from heroes.jobs.rules import Cause, End
from heroes.kit.db import heroes_now

KEY = (Attempt.id,)


@dataclass(frozen=True, slots=True)
class Waited:
    """How long jobs waited in one queue (s): 8 of 10 between `low` and `high`."""

    queue: str
    jobs: int
    low: float
    median: float
    high: float
    longest: float
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """How many starts ended alike on one day (of UTC)."""

    day: date
    end: str
    cause: str | None
    jobs: int


async def waits(session: AsyncSession, cluster_id: str, days: int, *, everyone: bool) -> list[Waited]:
    """Return the waits of what was ordered in the last days, by queue; `everyone`: of all who use it, for its owner."""
    told = func.heroes_queue_waits(cluster_id, days, everyone).table_valued(
        column("queue", Text),
        column("jobs", Integer),
        column("shares", ARRAY(Float)),
        column("longest", Float),
        column("last_at", DateTime(timezone=True)),
    )
    rows = await session.execute(select(told).order_by(told.c.queue))
    return [
        Waited(queue, jobs, low, median, high, longest, last)
        for queue, jobs, (low, median, high), longest, last in rows
    ]


async def ends(session: AsyncSession, cluster_id: str, days: int, *, everyone: bool) -> list[Ended]:
    """Return how the starts of what was ordered in the last days ended, counted by day and cause, oldest first."""
    told = func.heroes_cluster_ends(cluster_id, days, everyone).table_valued(
        column("day", Date), column("end", Text), column("cause", Text), column("jobs", Integer)
    )
    rows = await session.execute(select(told).order_by(told.c.day, told.c.end, told.c.cause))
    return [Ended(*row) for row in rows]


def failed(
    who: Caller, cluster_id: str, days: int, executions: Select[Any], cause: Cause | None = None
) -> Select[Attempt]:
    """Return the query of the starts that failed on a cluster, of those among these executions."""
    there = select(Submission.id).where(
        Submission.cluster_id == cluster_id, Submission.created_at >= heroes_now() - timedelta(days=days)
    )
    query = visible(Attempt, who).where(
        Attempt.submission_id.in_(there),
        Attempt.end.not_in((End.SUCCEEDED, End.CANCELLED)),
        Attempt.job_id.in_(select(Job.id).where(Job.execution_id.in_(executions))),
    )
    return query if cause is None else query.where(Attempt.cause == cause)


async def jobs_of(session: AsyncSession, who: Caller, rows: Sequence[Attempt]) -> dict[str, Job]:
    """Return the jobs of these starts by id."""
    asked = visible(Job, who).where(Job.id.in_({row.job_id for row in rows}))
    return {job.id: job for job in await session.scalars(asked)}
