"""Following a job whose site id is known. Only the site's own word, as the watch row keeps it, ends a job."""

from datetime import timedelta

from sqlalchemy import select

from heroes.clusters import service as clusters
from heroes.clusters.lines import Lines
from heroes.jobs.models import Job, Submission
from heroes.jobs.rules import State, seen_state
from heroes.jobs.steps.settle import move
from heroes.kit.work import Claim, Work, wake_named

CANCEL_AGAIN = timedelta(seconds=60)


async def follow(work: Work, claim: Claim, job: Job, lines: Lines) -> None:
    """Take over what was sighted; ask the site to cancel if a user wants it, until the site says that it ended."""
    async with work.database.worker() as session:
        seen = await clusters.last_seen(session, job.watch_id) if job.watch_id else None
        shown = seen.job if seen else None
        found = select(Submission.site_id).where(Submission.id == job.submission_id)
        site_id = await session.scalar(found)
    ended = shown is not None and seen_state(shown) is State.COLLECTING
    if job.cancel_requested_at is not None and not ended and job.line_id and site_id:
        async with lines.control(job.line_id) as site:
            await site.batch.cancel(site.shell, [site_id])
    async with work.apply(claim) as done:
        row = done.row
        row.heard_at = seen.heard_at if seen else row.heard_at
        if shown is not None:
            state = seen_state(shown)
            row.seen = {"state": shown.state, "end": shown.end, "reason": shown.reason, "text": shown.text}
            row.started_at = row.started_at or shown.started_at
            words = shown.text or ("Running." if state is State.RUNNING else "Waiting in the queue.")
            if state is State.COLLECTING:
                row.looks = 0
                move(row, state, "collecting", "The site says that it ended; collecting what it left.")
                done.again()
                return
            if state is not State(row.state):
                await wake_named(done.session, row.waiter)
            if state is not State(row.state) or words != row.note:
                move(row, state, state.lower(), words)
        if row.cancel_requested_at is not None:
            row.cancels += 1
            row.note_code, row.note = "cancelling", "Cancelling; waiting for the site to say that it ended."
            done.again(CANCEL_AGAIN)
