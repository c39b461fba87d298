"""Who wants to be told when a cluster takes jobs again: commands, queries, and the step that looks."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.events import rules
from heroes.events.models import AwaitedCluster
from heroes.identity import Caller, visible
from heroes.identity.service import holders
from heroes.kit.db import doorbell, heroes_now, transaction_time
from heroes.kit.errors import Conflict, NotFound
from heroes.kit.ids import new_id
from heroes.kit.outbox import emit
from heroes.kit.work import Claim, Work
from heroes.placement import service as placement
from heroes.placement.service import Standing

if TYPE_CHECKING:
    from heroes.parts import Parts

PATIENCE = timedelta(days=30)
"""So long somebody waits for a cluster, and so long it is known afterwards that it came back."""
EVERY = 30.0  # seconds between two looks
MOST = 50  # of one user


async def ask(session: AsyncSession, who: Caller, name: str, queue: str) -> AwaitedCluster:
    """Tell the caller once when a cluster, or a queue of it, takes jobs again. Raises NotFound, Conflict."""
    cluster = await clusters.cluster_by_name(session, who, name)
    match await placement.standing(session, who, cluster.id, queue):
        case Standing.GONE:
            raise NotFound(f"This cluster has no queue {queue}.", code="no_queue")
        case Standing.OPEN:
            raise Conflict(f"{cluster.name} takes jobs now: there is nothing to wait for.", code="cluster_is_back")
    same = AwaitedCluster.cluster_id == cluster.id, AwaitedCluster.queue == queue
    others = select(func.count()).select_from(awaited(who).where(~(same[0] & same[1])).subquery())
    if (await session.scalar(others) or 0) >= MOST:
        raise Conflict(f"You wait for {MOST} clusters already; withdraw one first.", code="awaited_full")
    said = {
        "name": cluster.name,
        "asked_at": heroes_now(),
        "ends_at": heroes_now() + PATIENCE,
        "told_at": None,
        "due_at": heroes_now(),
    }
    made = insert(AwaitedCluster).values(
        id=new_id("awa"),
        organization_id=who.organization_id,
        user_id=who.user_id,
        cluster_id=cluster.id,
        queue=queue,
        **said,
    )
    again = {**said, "wakes": AwaitedCluster.wakes + 1, "updated_at": heroes_now()}
    await session.execute(made.on_conflict_do_update(index_elements=["user_id", "cluster_id", "queue"], set_=again))
    doorbell(session, AwaitedCluster.__tablename__)
    row: AwaitedCluster = (await session.scalars(awaited(who).where(*same))).one()
    await session.refresh(row)
    return row


def awaited(who: Caller) -> Select[AwaitedCluster]:
    """Return the query of the clusters that the caller waits for, and of those they were told of lately."""
    return visible(AwaitedCluster, who)


async def withdraw(session: AsyncSession, who: Caller, awaited_id: str) -> None:
    """Do not tell the caller. Raises NotFound."""
    row = await session.scalar(awaited(who).where(AwaitedCluster.id == awaited_id))
    if row is None:
        raise NotFound("You do not wait for this; it may have ended since.", code="not_awaited")
    await session.delete(row)


class Lookout:
    """The step that looks whether what is awaited is back."""

    def __init__(self, parts: "Parts"):
        self._parts = parts

    async def advance(self, work: Work, claim: Claim) -> None:
        """Look; tell it once in the transaction that notes it; forget what has ended or may not be seen any more."""
        row: AwaitedCluster = await work.load(AwaitedCluster, claim)
        async with self._parts.database.worker() as session:
            over = row.told_at is not None or await transaction_time(session) >= row.ends_at
            if over or not await holders.is_here(session, row.user_id):
                found = Standing.GONE
            else:
                who = replace(Caller.system(row.organization_id), user_id=row.user_id)
                found = await placement.standing(session, who, row.cluster_id, row.queue)
        async with work.apply(claim) as done:
            match found:
                case Standing.GONE:
                    await done.session.delete(done.row)
                case Standing.SHUT:
                    done.again(EVERY)
                case Standing.OPEN:
                    done.row.told_at, done.row.ends_at = heroes_now(), heroes_now() + PATIENCE
                    data = {"cluster": row.name, "queue": row.queue or None, "user": row.user_id}
                    emit(done.session, row.organization_id, type=rules.BACK, subject=row.id, data=data)
                    done.again(PATIENCE)
