"""The order of an array, exactly once: as for a lone job, with one gate for each member."""

import re
from contextlib import suppress
from dataclasses import replace
from shlex import quote

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.ports import AlreadyOrdered, Busy, Order
from heroes.clusters import service as clusters
from heroes.clusters.lines import Lines, Site
from heroes.clusters.rules import Kind
from heroes.jobs import rules
from heroes.jobs.array_script import ArrayFolders, Member, array_script, params_head, records, site_id_of
from heroes.jobs.models import Array, Job, Submission
from heroes.jobs.rules import CANCELLED, Cause, End, Gate, OrderState, Spec, State, Verdict
from heroes.jobs.script import REVOKED
from heroes.jobs.steps.array_place import end_all, order_anew, release, tell, turn
from heroes.jobs.steps.order import LATER, energy_policy, known_of, site_order, turned_away
from heroes.kit.clock import utcnow
from heroes.kit.db import heroes_now
from heroes.kit.errors import Garbled, Refused, Unreachable
from heroes.kit.work import Claim, Waiter, Work

GATES_TIMEOUT_S = 120.0
TOO_LARGE = re.compile("array", re.IGNORECASE)
"""in the words of a site that takes no array of this size"""
SMALLEST_PART = 16
"""members below which an order is not cut further to get below a limit that the site does not tell"""


async def order(work: Work, claim: Claim, array: Array, lines: Lines) -> None:
    """Give the order if none left yet under its token; else find out what became of it, and only then act."""
    async with work.database.worker() as session:
        submission = await session.get_one(Submission, array.submission_id)
        living = select(Job.cancel_requested_at).where(Job.array_id == array.id, Job.state != State.ENDED)
        cancelled = all((await session.scalars(living)).all())
        session.expunge(submission)
    folders = ArrayFolders(submission.folder, array.id, submission.token)
    state = OrderState(submission.ordered_at, submission.absent_times, Gate(submission.gate), cancelled)
    async with lines.control(submission.line_id) as site:
        match rules.next_action(state, await known_of(submission, site), utcnow()):
            case rules.GiveUp():
                await _give_up(work, claim)
            case rules.Order():
                await _give(work, claim, array, submission, folders, site)
            case rules.Adopt(found):
                await _adopt(work, claim, found.site_id)
            case rules.Stop(found):
                await site.batch.cancel(site.shell, submission.token, [found.site_id])
                await _anew(work, claim, "The order arrived late and found its gates taken: it never started.")
            case rules.AskAgain(why, times):
                await _ask_again(work, claim, why, times)
            case rules.TakeGate():
                await _take_gates(work, claim, array, folders, site)
            case rules.Anew(why):
                await _anew(work, claim, why)


# ---------------------------------------------------------------------------------------------------------- ordering


async def _give(
    work: Work, claim: Claim, array: Array, submission: Submission, folders: ArrayFolders, site: Site
) -> None:
    async with work.database.worker() as session:
        members = await _members(session, array)
    await _prepare(array, members, folders, site)
    async with work.checkpoint(claim) as done:  # the first lock: from here on an order may have left
        row = await done.session.get_one(Submission, submission.id)
        row.ordered_at = heroes_now()
        policy = await energy_policy(done.session, Spec.from_json(array.spec), submission, site)
    try:
        told = array_order(array, submission, folders, len(members), site, policy)
        site_id = await site.batch.submit(site.shell, told)
    except AlreadyOrdered:
        await _ask_again(work, claim, "An earlier order of this token is on its way.", 0)
    except Busy as error:
        await _put_back(work, claim, site, error.detail)
    except Refused as error:
        if turned_away(error):
            await _ask_again(work, claim, error.detail, 0)
        else:
            await _refused(work, claim, site, error)
    except (Unreachable, Garbled) as error:
        await _ask_again(work, claim, f"The site's answer was lost: {error.detail}", 0)
    else:
        await _adopt(work, claim, site_id)


async def _members(session: AsyncSession, array: Array) -> list[Member]:
    living = select(Job.task, Job.index, Job.id, Job.attempt, Job.spec).where(
        Job.array_id == array.id, Job.state != State.ENDED
    )
    return [Member(*row) for row in (await session.execute(living.order_by(Job.task))).all()]


async def _prepare(array: Array, members: list[Member], folders: ArrayFolders, site: Site) -> None:
    """Write the one script, what is common and the members' records; the token's folder is the order's own to make."""
    shared = Spec.from_json(array.spec)
    content, places = records(shared, members)
    await site.files.makedirs(folders.own, site.folder_mode)
    await site.files.write(f"{folders.own}/members", content)
    await site.files.write(f"{folders.own}/members.index", places)
    await site.files.write(f"{folders.own}/params.json", params_head(shared.params))
    if shared.script is not None:
        await site.files.write(f"{folders.own}/payload.sh", shared.script.encode("utf-8", "surrogateescape"))
    told = {"HEROES_EXECUTION": array.execution_id, "HEROES_STEP": array.step}
    await site.files.write(folders.script, array_script(shared, folders, told), 0o700)


def array_order(
    array: Array, submission: Submission, folders: ArrayFolders, count: int, site: Site, policy: str | None = None
) -> Order:
    """Return the order as the batch system is given it: its tasks are numbered from 0, without gaps."""
    return replace(
        site_order(Spec.from_json(array.spec), submission, site, script=folders.script, of=array.id, policy=policy),
        indexes=tuple(range(count)),
        stdout_path=folders.token_folder + "/stdout.{index}",
        stderr_path=folders.token_folder + "/stderr.{index}",
    )


async def _adopt(work: Work, claim: Claim, site_id: str) -> None:
    async with work.apply(claim) as done:
        await _follow(done.session, done.row, site_id)
        done.again()


async def _follow(session: AsyncSession, array: Array, site_id: str) -> None:
    """Keep the site's id, and watch every member."""
    submission = await session.get_one(Submission, array.submission_id)
    submission.site_id = site_id
    living = select(Job.task).where(Job.array_id == array.id, Job.state != State.ENDED).order_by(Job.task)
    await clusters.watch_tasks(
        session,
        organization_id=array.organization_id,
        line_id=submission.line_id,
        token=submission.token,
        site_id=site_id,
        tasks=[task for task in await session.scalars(living) if task is not None],
        waiter=Waiter(Array.__tablename__, array.id),
    )
    await turn(session, array, State.RUNNING, "queued", "In the queue.", submitted_at=heroes_now(), looks=0)
    await tell(session, array, state=State.QUEUED)


async def _put_back(work: Work, claim: Claim, site: Site, why: str) -> None:
    """The scheduler takes no more jobs now and surely took none: the same order waits until others have ended.

    If none of the account's jobs is left to end, the limit is below this order: it goes in parts.
    """
    async with work.apply(claim) as done:
        array, session = done.row, done.session
        submission = await session.get_one(Submission, array.submission_id)
        submission.ordered_at = None
        alone = not await clusters.followed(session, submission.line_id)
        if alone and submission.members > SMALLEST_PART:
            words = f"{why} It is ordered in smaller parts."
            await order_anew(session, array, words, most=max(SMALLEST_PART, submission.members // 2))
        await tell(session, array, note_code="site_full", note=f"{why} The order waits and is given when it fits.")
        done.again(LATER)


async def _refused(work: Work, claim: Claim, site: Site, error: Refused) -> None:
    async with work.apply(claim) as done:
        array, session = done.row, done.session
        submission = await session.get_one(Submission, array.submission_id)
        if submission.members > 1 and TOO_LARGE.search(str(error.facts.get("said", ""))):
            words = f"{site.cluster_name} takes no array of {submission.members}: it is ordered in smaller parts."
            await order_anew(session, array, words, most=(submission.members + 1) // 2)
            done.again()
            return
        text = f"{site.cluster_name} refused the order: {error.detail}"
        await end_all(done, Verdict(End.FAILED, Cause.USER, "refused_by_site", text))


async def _anew(work: Work, claim: Claim, why: str) -> None:
    async with work.apply(claim) as done:
        await order_anew(done.session, done.row, why)
        done.again()


async def _give_up(work: Work, claim: Claim) -> None:
    async with work.apply(claim) as done:
        await end_all(done, CANCELLED)


async def _ask_again(work: Work, claim: Claim, why: str, times: int) -> None:
    async with work.apply(claim) as done:
        submission = await done.session.get_one(Submission, done.row.submission_id)
        submission.absent_times = times
        await tell(done.session, done.row, note_code="in_doubt", note=why)
        done.again(rules.ASK_AGAIN)


# ------------------------------------------------------------------------------------------------------------- gates


async def _take_gates(work: Work, claim: Claim, array: Array, folders: ArrayFolders, site: Site) -> None:
    """Make the order harmless, member by member, or learn which of them hold their gates already."""
    async with work.database.worker() as session:
        tasks = [member.task for member in await _members(session, array)]
    holders = await take_gates(site, folders, tasks)
    started = {task: holder for task, holder in holders.items() if not holder.startswith(REVOKED)}
    async with work.apply(claim) as done:
        array, session = done.row, done.session
        if started:  # it did arrive, though the scheduler may have forgotten it
            never = [task for task in tasks if task not in started]
            await release(session, array, never, "Its gate was taken before it could start: it is ordered anew.")
            holder = next(iter(started.values()))
            (await session.get_one(Submission, array.submission_id)).gate = Gate.STARTED
            await _follow(session, array, site_id_of(holder, site.kind is Kind.GRIDENGINE))
        else:
            submission = await session.get_one(Submission, array.submission_id)
            submission.gate = Gate.OURS
        done.again()


async def take_gates(site: Site, folders: ArrayFolders, tasks: list[int]) -> dict[int, str]:
    """Make the links of these tasks for the platform, unless the jobs have; return who holds each.

    One process makes all links (a link's name is the last part of its target), each of them exclusively.
    """
    await site.files.makedirs(folders.token_folder)
    if site.files_only:  # on this machine a job may write here, and only the adapter knows not to follow its links
        return {task: await _take_here(site, folders, task) for task in tasks}
    targets = b"".join(f"{REVOKED}/gate-{task}".encode() + b"\0" for task in tasks)
    script = (
        f"cd {quote(folders.token_folder)} || exit 9\n"
        "LC_ALL=C xargs -0 ln -s -t . -- 2>/dev/null\n"
        "find . -maxdepth 1 -name 'gate-*' -type l -printf '%f %l\\n'"
    )
    told = await site.shell.run(["/bin/sh", "-c", script], stdin=targets, timeout=GATES_TIMEOUT_S)
    held = dict(line.split(" ", 1) for line in told.stdout.splitlines() if " " in line)
    found = {task: held[f"gate-{task}"] for task in tasks if f"gate-{task}" in held}
    if not told.ok or len(found) != len(tasks):
        raise Unreachable("The gates could be neither taken nor read.")
    return found


async def _take_here(site: Site, folders: ArrayFolders, task: int) -> str:
    path = folders.of("gate", task)
    with suppress(Refused):
        await site.files.symlink(f"{REVOKED}/gate-{task}", path)
    entry = await site.files.stat(path)
    if entry is None or entry.target is None:
        raise Unreachable("The gate could be neither taken nor read.")
    return entry.target
