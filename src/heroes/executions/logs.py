"""What jobs print: by offset, and as streams until the job has ended; read from rows, then from the objects."""

import asyncio
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.files import BlobStore
from heroes.data import service as data
from heroes.executions import service
from heroes.executions.lines import (
    LEVELS,
    MOST_NUMBERS,
    Index,
    Indexes,
    Level,
    Read,
    indexed,
    level_of,
    matching,
    numbered,
)
from heroes.executions.schemas import LogLineOut, LogLinesOut, LogMatchesOut, LogOut
from heroes.identity import Caller
from heroes.jobs import logs as rows
from heroes.jobs import service as jobs
from heroes.jobs.rules import LONGEST_PIECE, State, whole
from heroes.kit.bells import Bells, rang
from heroes.kit.db import Database
from heroes.kit.errors import NotFound, TooMany, Unavailable

PATIENCE_S = 8.0
"""How long a look waits for the site's answer."""
LOOK_S = 2.0
"""Between two looks at what did not ring."""
BEAT_S = 15.0
"""Between two signs of life of a stream, and between two looks at its session."""
MOST_STREAMS = 10
"""Of one user, in one process."""
PREAMBLE = b"retry: 2000\n\n"
HEARTBEAT = b": still here\n\n"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader stands in what one job prints."""

    wid: str
    job_id: str
    stream: str
    attempt: int | None = None
    offset: int = 0

    def after(self, told: LogOut) -> "Place":
        return replace(self, attempt=told.attempt, offset=told.next_offset)


@dataclass(frozen=True, slots=True)
class _Found:
    out: LogOut
    fresh: bool

    @property
    def news(self) -> bool:
        return bool(self.out.content or self.out.missed or self.out.ended)


@dataclass(frozen=True, slots=True)
class Whole:
    """All that is there of a log now: whose it is, how it is read, and when the platform saw which part."""

    about: dict[str, Any]
    stream: str
    read: Read
    size: int
    ended: bool
    key: str | None = None
    """of its bytes, which never change; None: they may"""
    missed: int = 0
    seen: list[tuple[int, datetime]] = field(default_factory=list)

    def at(self, offset: int) -> datetime | None:
        part = bisect_right(self.seen, offset, key=lambda one: one[0])
        return self.seen[part - 1][1] if part else None


async def _in_memory(content: bytes, offset: int) -> AsyncIterator[bytes]:
    yield content[offset:]


@dataclass
class LogStreams:
    """The readers of logs that one process serves."""

    database: Database
    store: BlobStore
    beat_s: float = BEAT_S
    most: int = MOST_STREAMS
    open: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.bells = Bells(self.database.urls.app, rows.CHANNEL)
        self.indexes = Indexes()
        self._looks: set[asyncio.Task[_Found | None]] = set()

    async def close(self) -> None:
        """Tell all readers to end, and let the looks under way do so: the database is closed after this."""
        self.bells.stop()
        if self._looks:
            await asyncio.wait(self._looks, timeout=PATIENCE_S)

    async def place(
        self,
        who: Caller,
        wid: str,
        *,
        step: str | None,
        index: int | None,
        stream: str,
        attempt: int | None = None,
        offset: int = 0,
    ) -> Place:
        """Return where to read: in the named job, else in the last that has started. Raises NotFound."""
        async with self.database.app(who.organization_id) as session:
            job = await service.job_of(session, await service.get(session, who, wid), step, index)
            return Place(wid, job.id, stream, attempt, offset)

    async def look(self, who: Caller, place: Place) -> LogOut:
        """Return what follows a place; waits a bounded time for the site. Raises NotFound, Unavailable."""
        found = await self._find(who, place)
        if found is not None and (found.news or found.fresh):
            return found.out
        until = time.monotonic() + PATIENCE_S
        async with self.bells.waiting(place.job_id) as bell:
            while True:
                bell.clear()
                found = await self._find(who, place)
                if found is not None and (found.news or found.fresh):
                    return found.out
                if self.bells.stopped or (left := until - time.monotonic()) <= 0:
                    break
                await rang(bell, min(left, LOOK_S))
        if found is None:
            raise NotFound("This job has not started, so it has written nothing yet.", case="nothing_written")
        why = f" {found.out.trouble}" if found.out.trouble else ""
        text = f"The site has not answered yet; its output is shown as soon as it does. Ask again.{why}"
        raise Unavailable(text, case="site_silent")

    def admit(self, who: Caller) -> None:
        """Return if the caller may open one more stream. Raises TooMany."""
        if self.open[who.user_id] >= self.most:
            text = f"You follow {self.most} logs already; close one."
            raise TooMany(text, retry_after=round(self.beat_s) or 1, case="logs_full", most=self.most)

    async def is_over(self, who: Caller, place: Place) -> bool:
        """Say whether all was told, and nothing more will come."""
        found = await self._find(who, place) if place.attempt is not None else None
        return found is not None and found.out.ended and not found.out.content

    async def follow(
        self, who: Caller, again: Callable[[], Awaitable[Caller | None]], place: Place
    ) -> AsyncIterator[bytes]:
        """Yield what a job prints until it has ended, or the caller's session has; `again` asks who that is now.

        While nothing comes no database session is open. A reader that goes away is forgotten, and a while
        later the site is no longer asked.
        """
        if self.open[who.user_id] >= self.most:
            return
        self.open[who.user_id] += 1
        try:
            async with self.bells.waiting(place.job_id) as bell:
                yield PREAMBLE
                asked_at = said_at = time.monotonic()
                while not self.bells.stopped:
                    bell.clear()
                    with suppress(NotFound):
                        found = await self._find(who, place)
                        if found is not None and found.news:
                            yield frame(found.out)
                            place, said_at = place.after(found.out), time.monotonic()
                            if found.out.ended:
                                return
                            bell.set()  # there may be more: look again without waiting
                    await rang(bell, min(LOOK_S, self.beat_s))
                    if time.monotonic() - said_at >= self.beat_s:
                        yield HEARTBEAT
                        said_at = time.monotonic()
                    if time.monotonic() - asked_at >= self.beat_s:
                        someone, asked_at = await again(), time.monotonic()
                        if someone is None:
                            return
                        who = someone
        finally:
            self.open -= Counter((who.user_id,))  # keeps no zeros

    async def _find(self, who: Caller, place: Place) -> _Found | None:
        """Look once; a reader that goes away meanwhile does not cut the question, and with it the connection."""
        task = asyncio.create_task(self._ask(who, place))
        self._looks.add(task)
        task.add_done_callback(self._looked)
        return await asyncio.shield(task)

    def _looked(self, task: "asyncio.Task[_Found | None]") -> None:
        self._looks.discard(task)
        if not task.cancelled():
            task.exception()  # the reader has heard of it, or has gone

    async def _ask(self, who: Caller, place: Place) -> _Found | None:
        """Look at the rows, and ask the line's owner to read on; None while the job has written nothing."""
        async with self.database.app(who.organization_id) as session:
            await service.get(session, who, place.wid)
            job = await jobs.named(session, place.job_id, who.organization_id)
            if job is None:
                raise NotFound("There is no such job.", code="no_job")
            offset = place.offset if place.attempt in {None, job.attempt} else 0
            if job.state == State.ENDED:
                return _Found(await self._of_ended(session, job, place.stream, offset), fresh=True)
            if job.line_id is None or job.submission_id is None:
                return None
            row = await rows.want(session, job, place.stream)
            piece = await rows.piece(session, job.id, job.attempt, place.stream, offset)
            out = _out(job, place.stream, piece.offset, piece.content, missed=piece.missed, trouble=row.trouble)
            return _Found(out, row.trouble is None and await rows.is_fresh(session, row))

    async def whole(self, who: Caller, place: Place) -> Whole:
        """Return all that is there of a log now; its bytes are read afterwards. Raises NotFound."""
        async with self.database.app(who.organization_id) as session:
            await service.get(session, who, place.wid)
            job = await jobs.named(session, place.job_id, who.organization_id)
            if job is None or (job.state != State.ENDED and job.submission_id is None):
                raise NotFound(
                    "This job has not started, so it has written nothing yet.", code="no_job", case="nothing_written"
                )
            stored = await self._stored(session, job, place.stream) if job.state == State.ENDED else None
            about = {"job": job.id, "step": job.step, "index": job.index, "attempt": job.attempt}
            if stored is not None:
                key = stored.blob_key
                read = partial(self.store.get, key) if key is not None else partial(_in_memory, b"")
                return Whole(about, place.stream, read, stored.size, ended=True, key=key)
            held = await rows.all_held(session, job.id, job.attempt, place.stream)
        ended = job.state == State.ENDED
        read = partial(_in_memory, held.content)
        return Whole(about, place.stream, read, held.end, ended=ended, missed=held.missed, seen=held.seen)

    async def lines(
        self, who: Caller, place: Place, *, begin: int, limit: int, level: Level | None, search: str | None
    ) -> LogLinesOut:
        """Return lines by their position among those that fit; a negative one counts from the end. Raises NotFound."""
        whole = await self.whole(who, place)
        index = await self._index(whole)
        fitting: Sequence[int] = range(1, index.total + 1) if level is None else index.levels[level]
        if search:
            fitting = await matching(whole.read, index, search, None if level is None else fitting)
        first = max(0, len(fitting) + begin) if begin < 0 else min(begin, len(fitting))
        found = await numbered(whole.read, index, fitting[first : first + limit])
        return LogLinesOut(
            **whole.about,
            stream=place.stream,
            total=len(fitting),
            of=index.total,
            begin=first,
            lines=[
                LogLineOut(number=one.number, text=one.text, level=level_of(one.text), seen_at=whole.at(one.offset))
                for one in found
            ],
            levels={name: len(index.levels[name]) for name in LEVELS},
            ended=whole.ended,
            open=index.open,
            next_offset=whole.size,
            missed=whole.missed,
            complete=index.size >= whole.size - whole.missed,
        )

    async def matches(self, who: Caller, place: Place, search: str) -> LogMatchesOut:
        """Return the numbers of the lines that hold a text. Raises NotFound."""
        whole = await self.whole(who, place)
        found = await matching(whole.read, await self._index(whole), search)
        return LogMatchesOut(total=len(found), numbers=found[:MOST_NUMBERS])

    async def _index(self, whole: Whole) -> Index:
        return await (self.indexes.of(whole.key, whole.read) if whole.key is not None else indexed(whole.read))

    async def _stored(self, session: AsyncSession, job: Any, stream: str) -> Any:
        """Return the file that a log became; None: there is none."""
        bucket = await data.user_bucket(session, job.organization_id, job.user_id)
        path = f"executions/{job.execution_id}/steps/{job.step}/{job.index}/logs/{stream}"
        try:
            [stored] = await data.resolve(session, Caller.system(job.organization_id), f"{bucket.name}:{path}")
        except NotFound:
            return None
        return stored

    async def _of_ended(self, session: AsyncSession, job: Any, stream: str, offset: int) -> LogOut:
        """Read a piece of a stream that was brought home; one that never came may still be held in rows."""
        content = b""
        stored = await self._stored(session, job, stream)
        if stored is None:
            piece = await rows.piece(session, job.id, job.attempt, stream, offset)
            over = not piece.content
            return _out(job, stream, piece.offset, piece.content, missed=piece.missed, ended=over)
        if stored.blob_key is not None and offset < stored.size:
            async for chunk in self.store.get(stored.blob_key, offset, LONGEST_PIECE):
                content += chunk
        last = offset + len(content) >= stored.size
        if not last:
            content = content[: whole(content) or len(content)]
        return _out(job, stream, offset, content, ended=last)


def frame(told: LogOut) -> bytes:
    """Return a piece as it goes over a stream; its id says where the next one begins."""
    return b"id: %d.%d\ndata: %s\n\n" % (told.attempt, told.next_offset, told.model_dump_json().encode())


def position(last_event_id: str | None) -> tuple[int, int] | None:
    """Return attempt and offset from the id of the last piece that was seen; None if it is none of ours."""
    attempt, _, offset = (last_event_id or "").partition(".")
    if attempt.isdecimal() and offset.isdecimal() and len(last_event_id or "") < 40:
        return int(attempt), int(offset)
    return None


def _out(
    job: Any,
    stream: str,
    offset: int,
    content: bytes,
    *,
    missed: int = 0,
    ended: bool = False,
    trouble: str | None = None,
) -> LogOut:
    return LogOut(
        job=job.id,
        step=job.step,
        index=job.index,
        attempt=job.attempt,
        stream=stream,
        offset=offset,
        next_offset=offset + len(content),
        content=content.decode("utf-8", "replace").replace("\0", "\ufffd"),
        missed=missed,
        ended=ended,
        trouble=trouble,
    )
