"""Following a job whose site id is known. Only the site's own word, as the watch row keeps it, ends a job."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.ports import Absent, SiteJob
from heroes.clusters import service as clusters
from heroes.clusters.lines import Lines
from heroes.clusters.service import Seen
from heroes.jobs.models import Job, Submission
from heroes.jobs.rules import (
    A_DAY,
    OVERDUE,
    PATIENCE,
    UNSEEN,
    Gate,
    State,
    is_missing,
    overdue,
    running_since,
    seen_state,
    sighted,
)
from heroes.jobs.script import Folders
from heroes.jobs.steps import collect
from heroes.jobs.steps.order import known_of
from heroes.jobs.steps.settle import move, note
from heroes.kit.clock import utcnow
from heroes.kit.errors import SiteError
from heroes.kit.work import Claim, Work, wake_named

CANCEL_AGAIN = timedelta(seconds=60)
LOOK_AGAIN = timedelta(hours=1)
FORGOTTEN = "The site knows this job no more; looking for what it left."
IN_DOUBT = "The site took this order and knows it no more; finding out whether it began."


async def follow(work: Work, claim: Claim, job: Job, lines: Lines) -> None:
    """Take over what was sighted; ask the site to cancel if a user wants it, until the site says that it ended.

    Of a job that ended what it left is collected at once.
    """
    async with work.database.worker_at_once() as session:
        seen = await clusters.last_seen(session, job.watch_id) if job.watch_id else None
        submission = await session.get_one(Submission, job.submission_id)
        session.expunge(submission)
    if seen is not None and seen.job is not None and seen_state(seen.job) is State.COLLECTING:
        await _ended(work, claim, job, lines, submission, seen)
    else:
        await _living(work, claim, job, lines, submission, seen)


async def _ended(work: Work, claim: Claim, job: Job, lines: Lines, submission: Submission, seen: Seen) -> None:
    try:
        await collect.judge(work, claim, job, lines, submission, seen)
    except SiteError:  # while the site does not tell what it left, at least that it ended is said
        async with work.apply(claim) as done:
            collect.begin(done.row, seen)
            done.again()


async def _living(work: Work, claim: Claim, job: Job, lines: Lines, submission: Submission, seen: Seen | None) -> None:
    shown, heard_at = (seen.job, seen.heard_at) if seen else (None, None)
    begun = running_since(shown, job.started_at, job.submitted_at)
    silent_for = overdue(begun, job.frozen.walltime_s, utcnow())
    missing = is_missing(shown, job.submitted_at, heard_at)
    if job.cancel_requested_at is not None and submission.site_id:
        async with lines.control(submission.line_id) as site:
            await site.batch.cancel(site.shell, submission.token, [submission.site_id])
    doubt = None
    if missing or silent_for is not None:
        doubt = await _search(submission, lines, silent_for, never_begun=missing and job.started_at is None)
    async with work.apply(claim) as done:
        row = done.row
        row.heard_at = heard_at or row.heard_at
        if shown is not None:
            await _take_over(done.session, row, shown)
        if doubt is State.COLLECTING:
            row.looks = PATIENCE if silent_for is not None else 0  # else the accounting may only lag
            move(row, doubt, "forgotten", FORGOTTEN)
        elif doubt is State.SUBMITTING:
            await _doubt(done.session, row)
        done.again(_look_again(row, begun, missing=missing))


def _look_again(row: Job, begun: datetime | None, *, missing: bool) -> timedelta:
    """Return when to come again by oneself; say that a job is being cancelled where nothing else is to be said."""
    if row.state in (State.COLLECTING, State.SUBMITTING):
        return timedelta(0)
    if row.cancel_requested_at is not None:
        row.cancels += 1
        note(row, "cancelling", "Cancelling; waiting for the site to say that it ended.")
        return CANCEL_AGAIN
    if missing:
        return UNSEEN
    return _until_overdue(begun, row.frozen.walltime_s)


async def _take_over(session: AsyncSession, row: Job, shown: SiteJob) -> None:
    """Write what the site shows into the job, in its own words and in ours."""
    state = seen_state(shown)
    row.seen = sighted(shown)
    row.started_at = row.started_at or shown.started_at
    words = shown.text or ("Running." if state is State.RUNNING else "Waiting in the queue.")
    if state is not State(row.state):
        await wake_named(session, row.waiter)
    if state is not State(row.state) or words != row.note:
        move(row, state, state.lower(), words)


async def _search(
    submission: Submission, lines: Lines, silent_for: timedelta | None, *, never_begun: bool
) -> State | None:
    """Return what a job that its site does not tell of goes on with, None while nobody can know.

    Its exit file, or a day past its walltime without a word of any source: what it left is collected. Not begun as far
    as anybody saw, and unknown to every source: the order is in doubt again, and only its gate can tell.
    """
    async with lines.control(submission.line_id) as site:
        exit_file = Folders(submission.folder, submission.token).of("exit")
        if await site.files.stat(exit_file) is not None:
            return State.COLLECTING
        in_doubt = never_begun and submission.gate == Gate.OPEN
        is_old = silent_for is not None and silent_for >= A_DAY
        if not (in_doubt or is_old) or not isinstance(await known_of(submission, site), Absent):
            return None
    return State.SUBMITTING if in_doubt else State.COLLECTING


async def _doubt(session: AsyncSession, row: Job) -> None:
    (await session.get_one(Submission, row.submission_id)).absent_times = 0
    move(row, State.SUBMITTING, "in_doubt", IN_DOUBT)


def _until_overdue(begun: datetime | None, walltime_s: int | None) -> timedelta:
    """Return when to look by oneself, should the site never tell of a start or an end."""
    if begun is None or overdue(begun, walltime_s, utcnow()) is not None:
        return LOOK_AGAIN
    left = begun + timedelta(seconds=walltime_s or A_DAY.total_seconds()) + OVERDUE - utcnow()
    return max(left, timedelta(minutes=1))
