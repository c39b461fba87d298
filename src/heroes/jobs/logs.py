"""What jobs print, as rows: who wants to read, what was read, and the end of both. Own SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.jobs.models import Job, LogChunk, LogFollow
from heroes.jobs.rules import KEPT, LONGEST_PIECE, whole
from heroes.kit.db import doorbell, heroes_now
from heroes.kit.due import seconds_until, sooner
from heroes.kit.ids import new_id
from heroes.kit.work import wake

CHANNEL = "heroes_logs"
"""Notified with a job's id when there is something new of what it printed."""
WANTED = timedelta(seconds=30)
"""So long a log is read for somebody who was not heard of again."""
FRESH_S = 2.5
"""A log that was read within this time has been looked at for whoever asks now."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is there from an offset on; `missed` bytes before it are held no more."""

    offset: int
    content: bytes
    missed: int = 0


async def want(session: AsyncSession, job: Job, stream: str) -> LogFollow:
    """Ask for what a job prints, for a bounded time, once for all who want it; the owner of its line brings it."""
    own = LogFollow.job_id == job.id, LogFollow.attempt == job.attempt, LogFollow.stream == stream
    row = await session.scalar(select(LogFollow).where(*own))
    if row is None:
        new = insert(LogFollow).values(
            id=new_id("fol"),
            organization_id=job.organization_id,
            job_id=job.id,
            line_id=job.line_id,
            attempt=job.attempt,
            stream=stream,
            wanted_until=heroes_now(),
            offset=0,
        )
        await session.execute(new.on_conflict_do_nothing())
        row = (await session.scalars(select(LogFollow).where(*own))).one()
    left = await session.scalar(select(seconds_until(LogFollow.wanted_until)).where(LogFollow.id == row.id)) or 0
    if left < WANTED.total_seconds() / 2:  # one write for many looks
        longer = (
            update(LogFollow)
            .where(LogFollow.id == row.id)
            .values(
                wanted_until=heroes_now() + WANTED, wakes=LogFollow.wakes + 1, due_at=sooner(LogFollow, heroes_now())
            )
        )
        await session.execute(longer.execution_options(synchronize_session=False))
        doorbell(session, LogFollow.__tablename__)
    return row


async def is_fresh(session: AsyncSession, row: LogFollow) -> bool:
    """Tell whether the site was looked at just now."""
    return row.read_at is not None and (await session.scalar(select(seconds_until(row.read_at))) or 0) > -FRESH_S


async def piece(session: AsyncSession, job_id: str, attempt: int, stream: str, offset: int) -> Piece:
    """Return what the rows hold from an offset on, at most 64 KiB of whole characters."""
    rows = await _from(session, job_id, attempt, stream, offset)
    if not rows:
        return Piece(offset, b"")
    start = max(offset, rows[0].offset)
    content, end = b"", start
    for row in rows:
        if row.offset > end:
            break
        content += row.content[end - row.offset :]
        end = row.next_offset
    if len(content) > LONGEST_PIECE:
        content = content[: whole(content[:LONGEST_PIECE])]
    return Piece(start, content, missed=start - offset)


async def _from(
    session: AsyncSession, job_id: str, attempt: int, stream: str, offset: int, limit: int = 64
) -> Sequence[LogChunk]:
    """Return rows from an offset on, in their order and without overlap, up to about one answer's length."""
    held = LogChunk.job_id == job_id, LogChunk.attempt == attempt, LogChunk.stream == stream
    before = func.sum(LogChunk.next_offset - LogChunk.offset).over(order_by=LogChunk.offset)
    near = select(LogChunk.id, before.label("upto")).where(*held, LogChunk.next_offset > offset)
    few = near.order_by(LogChunk.offset).limit(limit).subquery()
    size = few.c.upto - (LogChunk.next_offset - LogChunk.offset)
    query = select(LogChunk).join(few, few.c.id == LogChunk.id).where(size <= LONGEST_PIECE)
    return (await session.scalars(query.order_by(LogChunk.offset))).all()


async def keep(session: AsyncSession, row: LogFollow, new: Sequence[tuple[int, bytes]]) -> None:
    """Add pieces and let go of what is too far back."""
    for offset, content in new:
        session.add(
            LogChunk(
                id=new_id("chk"),
                organization_id=row.organization_id,
                job_id=row.job_id,
                attempt=row.attempt,
                stream=row.stream,
                offset=offset,
                next_offset=offset + len(content),
                content=content,
            )
        )
        row.offset = offset + len(content)
    if new:
        await session.execute(delete(LogChunk).where(*_of(row), LogChunk.next_offset <= row.offset - KEPT))


async def ring(session: AsyncSession, job_id: str) -> None:
    """Tell those who read what a job prints that there is something to look at."""
    await session.execute(select(func.pg_notify(CHANNEL, job_id)))


async def close(session: AsyncSession, job_ids: Sequence[str]) -> None:
    """End the reading of attempts that have ended; anybody may then tidy up after them."""
    for row in await session.scalars(select(LogFollow).where(LogFollow.job_id.in_(job_ids))):
        row.line_id = None
        wake(row)
        await ring(session, row.job_id)


async def held(session: AsyncSession, row: LogFollow) -> bytes:
    """Return all that is held of one attempt's stream, bounded by KEPT; what is missing is said in its place."""
    content, end = b"", 0
    for chunk in await session.scalars(select(LogChunk).where(*_of(row)).order_by(LogChunk.offset)):
        if chunk.offset > end:
            content += b"[%d bytes are missing here: they were not read while the job ran]\n" % (chunk.offset - end)
        content, end = content + chunk.content, chunk.next_offset
    return content


@dataclass(frozen=True, slots=True)
class Held:
    """All that the rows hold of one attempt's stream, and from which byte on each part was seen when."""

    content: bytes
    missed: int
    end: int
    seen: list[tuple[int, datetime]]


async def all_held(session: AsyncSession, job_id: str, attempt: int, stream: str) -> Held:
    """Return what the rows hold, bounded by KEPT; what is missing between two parts is left out."""
    mine = LogChunk.job_id == job_id, LogChunk.attempt == attempt, LogChunk.stream == stream
    parts, seen, size, end = list[bytes](), list[tuple[int, datetime]](), 0, 0
    missed = 0
    for chunk in await session.scalars(select(LogChunk).where(*mine).order_by(LogChunk.offset)):
        part = chunk.content[max(0, end - chunk.offset) :]
        missed += max(0, chunk.offset - end)
        seen.append((size, chunk.at))
        parts.append(part)
        size, end = size + len(part), max(end, chunk.next_offset)
    return Held(b"".join(parts), missed, end, seen)


async def forget(session: AsyncSession, row: LogFollow) -> None:
    """Remove all that is held of one attempt's stream."""
    await session.execute(delete(LogChunk).where(*_of(row)))
    await session.delete(row)


def _of(row: LogFollow) -> tuple[Any, ...]:
    return LogChunk.job_id == row.job_id, LogChunk.attempt == row.attempt, LogChunk.stream == row.stream
