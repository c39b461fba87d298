"""Jobs that ask for the same go together: as one array, whose row then moves them all."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.jobs.array_script import common, key, own, whole
from heroes.jobs.models import Array, Job
from heroes.jobs.rules import Spec, State
from heroes.kit.ids import new_id
from heroes.kit.work import wake


class Member(Protocol):
    """A job, there already or asked for."""

    @property
    def execution_id(self) -> str: ...
    @property
    def step(self) -> str: ...


async def full_specs(session: AsyncSession, jobs: Sequence[Job]) -> dict[str, Spec]:
    """Return the full specification of each of these jobs, members of arrays among them, by id."""
    ids = {job.array_id for job in jobs if job.array_id is not None}
    rows = await session.execute(select(Array.id, Array.spec).where(Array.id.in_(ids)))
    shared = {row[0]: Spec.from_json(row[1]) for row in rows}
    return {job.id: job.frozen if job.array_id is None else whole(shared[job.array_id], job.spec) for job in jobs}


async def add_array(session: AsyncSession, organization_id: str, group: Sequence[Member], shared: Spec) -> Array:
    """Add the row that will move these jobs; `shared` is what they have in common."""
    array = Array(
        id=new_id("arr"),
        organization_id=organization_id,
        execution_id=group[0].execution_id,
        step=group[0].step,
        spec=shared.as_json(),
        members=len(group),
        state=State.PLACED,
    )
    session.add(array)
    await session.flush()
    wake(array)
    return array


async def gather(session: AsyncSession, jobs: Sequence[Job]) -> None:
    """Let jobs that ask for the same go together again, as one new order; a single one goes alone."""
    groups: dict[str, list[Job]] = {}
    for job in jobs:
        alike = (job.step, job.attempt, job.pinned_cluster, job.pinned_queue, job.avoided, job.checkpoint and job.id)
        groups.setdefault(key(job.frozen, *alike), []).append(job)
    for group in groups.values():
        if len(group) == 1:
            wake(group[0])
            continue
        shared = common([job.frozen for job in group])
        array = await add_array(session, group[0].organization_id, group, shared)
        for task, job in enumerate(sorted(group, key=lambda job: job.index)):
            job.spec, job.array_id, job.task = own(job.frozen, shared), array.id, task
