"""What really happened: kept, and found again for the next prediction."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, CompoundSelect, Select, Text, bindparam, func, select, true, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity import Action, Caller, visible
from heroes.kit import bulk
from heroes.kit.db import heroes_now
from heroes.kit.ids import new_id
from heroes.placement.models import Observed
from heroes.placement.rules import NEIGHBOURS, Need, Observation
from heroes.placement.schemas import Ended

_FIELDS = tuple(one.name for one in fields(Observation))


async def observe(session: AsyncSession, organization_id: str, observation: Observation) -> None:
    """Keep what happened to a job; told twice, it is kept once."""
    row = insert(Observed).values(id=new_id("obs"), organization_id=organization_id, **asdict(observation))
    await session.execute(row.on_conflict_do_nothing(index_elements=[Observed.job_id]))


async def observe_all(session: AsyncSession, organization_id: str, observations: Sequence[Observation]) -> None:
    """Keep what happened to many jobs that end together."""
    known = set(
        await session.scalars(select(Observed.job_id).where(Observed.job_id.in_([o.job_id for o in observations])))
    )
    rows = [
        {"id": new_id("obs"), "organization_id": organization_id, **{name: getattr(one, name) for name in _FIELDS}}
        for one in observations
        if one.job_id not in known
    ]
    await bulk.insert(session, Observed, rows)


async def seen(
    session: AsyncSession, organization_id: str, queue_ids: Sequence[str], needs: Sequence[Need]
) -> dict[str, list[Observation]]:
    """Return the organization's last runs of these steps, and its last jobs of all kinds, by queue, newest first."""
    if not queue_ids:
        return {}
    steps = sorted({(need.workflow_id, need.step) for need in needs})
    asked: dict[str, Any] = {"organization": organization_id, "queues": list(queue_ids)}
    for number, (workflow, step) in enumerate(steps):
        asked |= {f"workflow_{number}": workflow, f"step_{number}": step}
    rows = await session.execute(_newest_of_all(len(steps)), asked)
    found = {key: Observation(**dict(zip(_FIELDS, values, strict=True))) for key, *values in rows}
    by_queue: dict[str, list[Observation]] = {}
    for key in sorted(found, reverse=True):
        by_queue.setdefault(found[key].queue_id, []).append(found[key])
    return by_queue


def ended(who: Caller) -> Select[Observed]:
    """Return the query of the jobs that ended well and that the caller may read."""
    query = visible(Observed, who).where(Observed.lost.is_(False))
    return query if who.can(Action.EXECUTION_READ_ALL) else query.where(Observed.user_id == who.user_id)


def told(row: Observed) -> Ended:
    """Return a job as a log tells of it; it was submitted as long before it was settled as it waited and ran."""
    before = timedelta(seconds=row.run_s + (row.wait_s or 0.0))
    return Ended(
        job=row.job_id,
        submit=row.created_at - before,
        wait=row.wait_s,
        run=row.run_s,
        procs=row.cores,
        nodes=row.nodes,
        gpus=row.gpus,
        user=row.user_id,
        app=f"{row.workflow_id}/{row.step}",
        queue=row.queue_id,
        input_bytes=row.input_bytes,
        memory_bytes=row.memory_bytes,
        energy_j=row.energy_j,
    )


async def losses(
    session: AsyncSession, organization_id: str, queue_ids: Sequence[str], span: timedelta = timedelta(days=90)
) -> dict[str, tuple[int, int]]:
    """Return (jobs that ended, those lost to failing nodes) of the organization by queue, over the last months."""
    lost = func.count().filter(Observed.lost)
    recent = Observed.created_at >= heroes_now() - span
    ours = Observed.organization_id == organization_id, Observed.queue_id.in_(queue_ids), recent
    rows = await session.execute(select(Observed.queue_id, func.count(), lost).where(*ours).group_by(Observed.queue_id))
    return {queue: (jobs, gone) for queue, jobs, gone in rows}


@lru_cache(maxsize=16)  # every ranking asks, and to build it costs more than to run it
def _newest_of_all(steps: int) -> CompoundSelect[Any]:
    """Return the query of the last jobs of all kinds, and of so many steps each, in each queue."""
    wanted: list[ColumnElement[bool]] = [true()]
    for number in range(steps):
        workflow, step = bindparam(f"workflow_{number}", type_=Text), bindparam(f"step_{number}", type_=Text)
        wanted.append((Observed.workflow_id == workflow) & (Observed.step == step))
    return union_all(*map(_newest, wanted))


def _newest(condition: ColumnElement[bool]) -> Select[Any]:
    """Return the query of a bounded number of rows of each queue; it costs the same however many there are."""
    queues = bindparam("queues", type_=ARRAY(Text))
    queue = func.unnest(queues).table_valued("id").render_derived(name="wanted")
    columns = [Observed.id, *(getattr(Observed, name) for name in _FIELDS)]
    newest = (
        select(*columns)
        .where(
            Observed.organization_id == bindparam("organization", type_=Text),
            Observed.queue_id == queue.c.id,
            Observed.lost.is_(False),
            condition,
        )
        .order_by(Observed.id.desc())
        .limit(NEIGHBOURS)
        .lateral()
    )
    return select(newest).select_from(queue).join(newest, true())
