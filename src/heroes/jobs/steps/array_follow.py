"""Following the members of an ordered array: what was sighted, whom to cancel, who has ended, who is settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, and_, cast, func, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.ports import Absent, SiteJob, Unknown
from heroes.clusters import service as clusters
from heroes.clusters.lines import Lines, Site
from heroes.jobs.array_script import ArrayFolders
from heroes.jobs.models import Array, Job, Submission
from heroes.jobs.rules import (
    A_DAY,
    CANCELLED,
    PATIENCE,
    UNSEEN,
    Gate,
    Spec,
    State,
    is_gone,
    overdue,
    seen_state,
    sighted,
)
from heroes.jobs.script import REVOKED
from heroes.jobs.steps import array_collect
from heroes.jobs.steps.array_order import take_gates
from heroes.jobs.steps.array_place import close, release, turn
from heroes.jobs.steps.array_settle import Ended, settle
from heroes.jobs.steps.follow import CANCEL_AGAIN, FORGOTTEN, IN_DOUBT
from heroes.jobs.steps.order import known_of
from heroes.kit import bulk
from heroes.kit.clock import utcnow
from heroes.kit.db import heroes_now, transaction_time
from heroes.kit.work import Claim, Waiter, Work, wake_named

LOOK_AGAIN = timedelta(minutes=10)  # had nothing woken it meanwhile


async def follow(work: Work, claim: Claim, array: Array, lines: Lines) -> None:
    """Take each of the four a piece further; a piece is one transaction, whatever the number of members in it."""
    async with work.database.worker() as session:
        submission = await session.get_one(Submission, array.submission_id)
        session.expunge(submission)
    await _take_over(work, claim)
    await _cancel(work, claim, submission, lines)
    again = await array_collect.collect(work, claim, array, submission, lines)
    missing = await _look_for_the_untold(work, claim, array, submission, lines)
    async with work.apply(claim) as done:
        living = Job.array_id == array.id, Job.state != State.ENDED
        asked, unseen = (
            func.count().filter(each) for each in (Job.cancel_requested_at.is_not(None), Job.seen.is_(None))
        )
        count, cancels, unknown = (await done.session.execute(select(func.count(), asked, unseen).where(*living))).one()
        if not count:
            await close(done)
        elif done.row.state == State.SUBMITTING:
            done.again()
        else:
            pauses = [again, missing, CANCEL_AGAIN if cancels else None, UNSEEN if unknown else None]
            done.again(min((pause for pause in pauses if pause is not None), default=LOOK_AGAIN))


# --------------------------------------------------------------------------------------------------------- sightings


async def _take_over(work: Work, claim: Claim) -> None:
    """Write what the site shows into the members whose sighting is news."""
    async with work.checkpoint(claim) as done:
        array, session = done.row, done.session
        news = await clusters.news(session, Waiter(Array.__tablename__, array.id), array.news_at)
        if not news:
            return
        known = await _standing(session, array, [one.task for one in news])
        seen = [(known[one.task], one) for one in news if one.task in known]  # the others are being collected already
        rows = [_row(member, one.job, one.heard_at) for member, one in seen]
        await bulk.update(session, Job, rows)
        array.news_at = max(one.changed_at for one in news)
        if any(row["state"] != member.state for row, (member, _) in zip(rows, seen, strict=True)):
            await wake_named(session, await _waiter(session, array))


async def _standing(session: AsyncSession, array: Array, tasks: Sequence[int]) -> dict[int, Any]:
    columns = (Job.task, Job.id, Job.state, Job.state_since, Job.note_code, Job.note, Job.started_at)
    found = select(*columns).where(Job.array_id == array.id, Job.state.in_((State.QUEUED, State.RUNNING)))
    if len(tasks) < 1000:
        found = found.where(Job.task.in_(tasks))
    return {row.task: row for row in (await session.execute(found)).all()}


async def _waiter(session: AsyncSession, array: Array) -> Waiter:
    found = select(Job.waiter_table, Job.waiter_id).where(Job.array_id == array.id).limit(1)
    return Waiter(*(await session.execute(found)).one())


def _row(known: Any, shown: SiteJob, heard_at: datetime | None) -> dict[str, Any]:
    state = seen_state(shown)
    words = shown.text or ("Running." if state is State.RUNNING else "Waiting in the queue.")
    code: str = state.lower()
    if state is State.COLLECTING:
        words, code = "The site says that it ended; collecting what it left.", "collecting"
    return {
        "id": known.id,
        "state": state,
        "state_since": known.state_since if state == known.state else utcnow(),
        "note_code": code,
        "note": words,
        "seen": sighted(shown),
        "started_at": known.started_at or shown.started_at,
        "heard_at": heard_at,
    }


# ------------------------------------------------------------------------------------------------------------ cancel


async def _cancel(work: Work, claim: Claim, submission: Submission, lines: Lines) -> None:
    """Ask the site to end the members that somebody wants ended, all of them by one command; again after a while."""
    live = Job.state.in_((State.QUEUED, State.RUNNING))
    async with work.database.worker() as session:
        found = select(Job.task, Job.cancel_requested_at).where(Job.array_id == claim.id, live)
        members = (await session.execute(found)).all()
        array = await session.get_one(Array, claim.id)
        now = await transaction_time(session)
    wanted = [one.task for one in members if one.cancel_requested_at is not None]
    newest = max((one.cancel_requested_at for one in members if one.cancel_requested_at is not None), default=None)
    asked = array.cancelled_at
    if newest is None or (asked is not None and newest <= asked and now < asked + CANCEL_AGAIN):
        return
    site_id = submission.site_id or ""
    ids = [site_id] if len(wanted) == len(members) == submission.members else [f"{site_id}_{t}" for t in wanted]
    async with lines.control(submission.line_id) as site:
        await site.batch.cancel(site.shell, submission.token, ids)
    async with work.checkpoint(claim) as done:
        done.row.cancelled_at = heroes_now()
        rows = select(Job.id).where(Job.array_id == claim.id, live, Job.task.in_(wanted))
        words = "Cancelling; waiting for the site to say that it ended."
        told = [{"id": job_id, "note_code": "cancelling", "note": words} for job_id in await done.session.scalars(rows)]
        await bulk.update(done.session, Job, told)


# ----------------------------------------------------------------------------------------------------------- overdue


@dataclass(frozen=True, slots=True)
class _Untold:
    """A member of which its site does not tell; `past` its walltime by so much, None while it may still run."""

    id: str
    task: int
    index: int
    past: timedelta | None
    never_begun: bool
    """its site answers without a word of it, and nobody saw it begin"""

    @property
    def is_old(self) -> bool:
        return self.past is not None and self.past >= A_DAY


async def _look_for_the_untold(
    work: Work, claim: Claim, array: Array, submission: Submission, lines: Lines
) -> timedelta | None:
    """Look what members left of which the site does not tell: past their walltime, or missing at a site that answers.

    If none began as far as anybody saw, and no source knows their array, its order is in doubt again. Of an array that
    is known, the gate of each member that may never have begun decides: some sites keep no record of an element that
    was deleted before it began. Return when to look again, None if no member misses.
    """
    members, is_known = await _untold(work, array, submission)
    if not members:
        return None
    folders = ArrayFolders(submission.folder, array.id, submission.token)
    in_doubt = not is_known and submission.gate == Gate.OPEN
    async with lines.control(submission.line_id) as site:
        left = await array_collect.read(site, folders, {one.task: one.index for one in members}, over=False)
        silent = [one for one in members if left[one.task].record is None]
        asked = in_doubt or any(one.is_old or one.never_begun for one in silent)
        told = await known_of(submission, site) if asked else Unknown("It was not asked.")
        gone = {one.id for one in silent if is_gone(told, one.task)}
        lost = in_doubt and isinstance(told, Absent)
        never_begun = [one for one in silent if one.id in gone and one.never_begun and not lost]
        stopped = await _stopped(site, folders, never_begun)
    over = [one for one in members if left[one.task].record is not None or (one.id in gone and one.is_old)]
    over = [one for one in over if one.id not in stopped]
    async with work.checkpoint(claim) as done:
        await bulk.update(done.session, Job, [_forgotten(one) for one in over])
        await _end_or_release(done.session, done.row, submission, stopped)
        if lost and not over:
            (await done.session.get_one(Submission, submission.id)).absent_times = 0
            await turn(done.session, done.row, State.SUBMITTING, "in_doubt", IN_DOUBT)
    return array_collect.NOW if over or stopped else UNSEEN


def _forgotten(one: _Untold) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": State.COLLECTING,
        "state_since": utcnow(),
        "looks": PATIENCE if one.past is not None else 0,  # else the accounting may only lag
        "note_code": "forgotten",
        "note": FORGOTTEN,
    }


async def _stopped(site: Site, folders: ArrayFolders, members: Sequence[_Untold]) -> set[str]:
    """Take the gates of these members; return the ids of those that can never start now. The others have begun."""
    if not members:
        return set()
    holders = await take_gates(site, folders, [one.task for one in members])
    return {one.id for one in members if holders[one.task].startswith(REVOKED)}


async def _end_or_release(session: AsyncSession, array: Array, submission: Submission, ids: set[str]) -> None:
    """End the cancelled ones of these members, which can never start, and order the others anew."""
    if not ids:
        return
    columns = select(Job.id, Job.task, Job.cancel_requested_at)
    rows = (await session.execute(columns.where(Job.id.in_(ids), Job.state != State.ENDED))).all()
    cancelled = [Ended(one.id, CANCELLED) for one in rows if one.cancel_requested_at is not None]
    await settle(session, array, submission, cancelled)
    again = [one.task for one in rows if one.cancel_requested_at is None]
    await release(session, array, again, "Its site lost it before it began: it is ordered anew.")


async def _untold(work: Work, array: Array, submission: Submission) -> tuple[list[_Untold], bool]:
    """Return a batch of members of which the site does not tell, and whether any member is told of or has begun."""
    walltime_s = Spec.from_json(array.spec).walltime_s
    async with work.database.worker() as session:
        live = Job.array_id == array.id, Job.state.in_((State.QUEUED, State.RUNNING))
        last_start = cast(Job.seen["started_at"].as_string(), DateTime(timezone=True))  # its site may have put it back
        begun = func.coalesce(last_start, Job.started_at, Job.submitted_at)
        limit = utcnow() - timedelta(seconds=walltime_s or A_DAY.total_seconds())
        line = await clusters.line(session, submission.line_id)
        missing = _is_missing(line.last_heard_at if line else None)
        # a queued member has no walltime yet; only one that is said to run, or was never seen, can be overdue
        late = and_(begun < limit, or_(Job.state == State.RUNNING, Job.seen.is_(None)))
        columns = Job.id, Job.task, Job.index.label("number"), Job.started_at
        found = select(*columns, begun.label("begun"), missing.label("missing")).where(*live, or_(late, missing))
        rows = (await session.execute(found.order_by(Job.id).limit(array_collect.BATCH))).all()
        past = {one.id: overdue(one.begun, walltime_s, utcnow()) for one in rows}
        untold = [one for one in rows if one.missing or past[one.id] is not None]
        members = [
            _Untold(one.id, one.task, one.number, past[one.id], one.missing and one.started_at is None)
            for one in untold
        ]
        if not members:
            return [], True
        told = or_(Job.started_at.is_not(None), and_(*live, not_(missing)))
        is_known = await session.scalar(select(select(Job.id).where(Job.array_id == array.id, told).exists()))
        return members, bool(is_known)


def _is_missing(heard_at: datetime | None) -> ColumnElement[bool]:
    """Return the condition that the site answers, but knows a member not at all or in its books only."""
    unlisted: ColumnElement[bool] = func.coalesce(Job.seen["queued"].as_boolean(), true()).is_(False)
    if heard_at is None:
        return unlisted
    return or_(unlisted, and_(Job.seen.is_(None), Job.submitted_at <= heard_at - UNSEEN))
