"""Reading what a running job prints: new bytes by offset, on the line's session for looks, once a second and line."""

import time
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.files import BlobStore
from heroes.adapters.ports import NotThere
from heroes.clusters.lines import Lines, Site
from heroes.data import service as data
from heroes.identity import Caller
from heroes.jobs import logs, rules
from heroes.jobs.array_script import ArrayFolders
from heroes.jobs.models import Job, LogFollow, Submission
from heroes.jobs.rules import State
from heroes.jobs.steps.collect import results_prefix
from heroes.kit.db import heroes_now
from heroes.kit.errors import SiteError
from heroes.kit.work import Claim, Work

PAUSE_S = 1.0
"""between two reads of one line, whatever the number of logs that are followed there"""
AFTER_TROUBLE_S = 5.0


class Turns:
    """Whose turn it is: each line reads one log at a time, and at most one a second."""

    def __init__(self, lines: Lines):
        self._lines = lines
        self._next: dict[str, float] = {}

    def free(self) -> list[str]:
        """Return the lines of this process that may read now."""
        now = time.monotonic()
        return [line for line in self._lines.owned() if self._next.get(line, 0.0) <= now]

    def take(self, line_id: str) -> bool:
        """Take the turn of a line if it is free; it is held until `done`."""
        if self._next.get(line_id, 0.0) > time.monotonic():
            return False
        self._next[line_id] = float("inf")
        return True

    def done(self, line_id: str) -> None:
        """Give the turn back; the next read waits its second."""
        self._next[line_id] = time.monotonic() + PAUSE_S


async def follow(work: Work, claim: Claim, *, lines: Lines, store: BlobStore, turns: Turns) -> None:
    """Bring what an attempt has printed since the last look, while somebody wants it; at its end, tidy up."""
    row: LogFollow = await work.load(LogFollow, claim)
    async with work.database.worker() as session:
        job = await session.get_one(Job, row.job_id)
        submission = await session.get(Submission, job.submission_id) if job.submission_id else None
        wanted = await session.scalar(select(heroes_now() < row.wanted_until))
        others = await session.scalar(_wanted_at(row.line_id))
        session.expunge_all()
    if job.attempt != row.attempt or job.state == State.ENDED:
        await _close(work, claim, row, job, store)
    elif not wanted:
        async with work.apply(claim):
            return  # whoever wants it again wakes this row
    elif row.line_id is None or submission is None or job.state not in {State.RUNNING, State.COLLECTING}:
        async with work.apply(claim) as done:
            done.again(2 * PAUSE_S)
    elif not turns.take(row.line_id):
        async with work.apply(claim) as done:
            done.again(PAUSE_S)
    else:
        try:
            await _read(work, claim, row, job, submission, lines, max(1, others or 1))
        finally:
            turns.done(row.line_id)


def _wanted_at(line_id: str | None) -> Select[int]:
    """Return the question how many logs are followed at a line: they take turns."""
    return select(func.count()).where(LogFollow.line_id == line_id, LogFollow.wanted_until > heroes_now())


async def _read(
    work: Work, claim: Claim, row: LogFollow, job: Job, submission: Submission, lines: Lines, others: int
) -> None:
    trouble, content, start = None, b"", row.offset
    try:
        async with lines.peek(submission.line_id) as site:
            start, content = await _new_bytes(site, places(job, submission, row.stream), row.offset)
    except SiteError as error:
        trouble = error.detail
    new = rules.pieces(content, start)
    async with work.apply(claim) as done:
        news = bool(new) or trouble != row.trouble or not await logs.is_fresh(done.session, row)
        done.row.offset, done.row.trouble = start, trouble
        if trouble is None:
            done.row.read_at = heroes_now()
        await logs.keep(done.session, done.row, new)
        if news:
            await logs.ring(done.session, row.job_id)
        done.again(AFTER_TROUBLE_S if trouble else PAUSE_S * others)


def places(job: Job, submission: Submission, stream: str) -> tuple[str, str]:
    """Return where a stream grows at its site, and where it lies once the job is being collected."""
    if job.array_id is not None and job.task is not None:
        folders = ArrayFolders(submission.folder, job.array_id, submission.token)
        return folders.stream(stream, job.task), f"{folders.member(job.index)}/logs/{stream}"
    return f"{submission.folder}/{submission.token}/{stream}", f"{submission.folder}/logs/{stream}"


async def _new_bytes(site: Site, paths: Sequence[str], offset: int) -> tuple[int, bytes]:
    """Return where the bytes behind an offset begin, and the bytes: what lies too far back to be kept is left out."""
    for path in paths:
        try:
            content = await site.files.read(path, offset, rules.MOST_READ)
        except NotThere:
            continue
        entry = await site.files.stat(path) if len(content) == rules.MOST_READ else None
        start = rules.begin(offset, entry.size) if entry else offset
        if start > offset:
            content = await site.files.read(path, start, rules.MOST_READ)
            start, content = start + rules.continued(content), content[rules.continued(content) :]
        return start, content
    return offset, b""


async def _close(work: Work, claim: Claim, row: LogFollow, job: Job, store: BlobStore) -> None:
    """Let go of the rows of an attempt that has ended; what the site did not give back itself becomes its log."""
    async with work.database.worker() as session:
        lost = job.attempt == row.attempt and not await _is_home(session, job, row.stream)
        content = await logs.held(session, row) if lost else b""
    blob = await store.put(_once(content), organization_id=job.organization_id) if content else None
    async with work.apply(claim) as done:
        if blob is not None:
            bucket = await data.user_bucket(done.session, job.organization_id, job.user_id)
            path = f"{results_prefix(job)}/logs/{row.stream}"
            await data.put_blob(done.session, Caller.system(job.organization_id), bucket, path, blob)
        await logs.forget(done.session, done.row)
        await logs.ring(done.session, row.job_id)


async def _is_home(session: AsyncSession, job: Job, stream: str) -> bool:
    if job.stage_out_id is None:
        return False
    fetched = await data.state(session, job.stage_out_id)
    path = f"logs/{stream}" if job.array_id is None else f"{job.index}/logs/{stream}"
    return any(item.path == path for item in fetched.objects)


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
