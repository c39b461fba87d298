"""What buckets hold at a moment, and whether more may be put into them: for those who keep the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.data.models import Bucket, Object, Version


@dataclass(frozen=True, slots=True)
class Holding:
    """A bucket and the bytes of all versions in it; of a user, of a project, or of the organization."""

    bucket_id: str
    name: str
    user_id: str | None
    project_id: str | None
    bytes: int


async def held_at(
    session: AsyncSession, organization_id: str, moment: datetime, *, after: str | None, limit: int
) -> list[Holding]:
    """Return the next buckets in the order of ids, with what they hold now and held at that moment already.

    What was deleted since is not counted, nor what came later: of two readings the smaller one.
    """
    size = func.coalesce(func.sum(Version.size).filter(Version.created_at < moment), 0)
    found = (
        select(Bucket.id, Bucket.name, Bucket.owner_user_id, Bucket.project_id, size)
        .outerjoin(Object, Object.bucket_id == Bucket.id)
        .outerjoin(Version, Version.object_id == Object.id)
        .where(Bucket.organization_id == organization_id, Bucket.id > (after or ""))
        .group_by(Bucket.id)
        .order_by(Bucket.id)
        .limit(limit)
    )
    return [Holding(*row[:4], int(row[4])) for row in await session.execute(found)]


async def close_uploads(session: AsyncSession, bucket_ids: Sequence[str], why: str) -> None:
    """Let nobody upload to these buckets, for a reason that names the remedy. Results of jobs still come in."""
    await _set(session, bucket_ids, why)


async def open_uploads(session: AsyncSession, bucket_ids: Sequence[str]) -> None:
    """Let uploads go on."""
    await _set(session, bucket_ids, None)


async def _set(session: AsyncSession, bucket_ids: Sequence[str], why: str | None) -> None:
    if bucket_ids:
        changed = Bucket.id.in_(bucket_ids), Bucket.closed.is_distinct_from(why)
        closing = update(Bucket).where(*changed).values(closed=why)
        await session.execute(closing.execution_options(synchronize_session=False))
