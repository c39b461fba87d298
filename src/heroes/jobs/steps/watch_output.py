"""Answering a look at a running job's output: one bounded read on the line's own session for peeks."""

from sqlalchemy import select

from heroes.adapters.ports import NotThere
from heroes.clusters.lines import Lines
from heroes.jobs.models import Job, Peek, Submission
from heroes.jobs.service import LONGEST_PEEK
from heroes.kit.db import heroes_now
from heroes.kit.work import Claim, Work


async def answer(work: Work, claim: Claim, *, lines: Lines) -> None:
    """Read at most 64 KiB of one stream from the asked offset on."""
    peek: Peek = await work.load(Peek, claim)
    async with work.database.worker() as session:
        query = select(Submission).join(Job, Job.submission_id == Submission.id).where(Job.id == peek.job_id)
        submission = await session.scalar(query)
    content = b""
    if submission is not None:
        path = f"{submission.folder}/{submission.token}/{peek.stream}"
        async with lines.peek(peek.line_id) as site:
            try:
                content = await site.files.read(path, peek.offset, LONGEST_PEEK)
            except NotThere:
                content = b""
    async with work.apply(claim) as done:
        done.row.content = content.decode("utf-8", "replace").replace("\0", "\ufffd")
        done.row.next_offset = peek.offset + len(content)
        done.row.answered_at = heroes_now()
