"""Exactly-once submission: what is committed before anything leaves, one remote command, and the gate."""

import json
from contextlib import suppress
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.ports import Absent, AlreadyOrdered, Busy, Files, Found, Order, SiteJob, Unknown
from heroes.clusters import service as clusters
from heroes.clusters.lines import Lines, Site
from heroes.costs import service as costs
from heroes.jobs import rules
from heroes.jobs.models import Job, Submission
from heroes.jobs.rules import CANCELLED, Cause, End, Gate, NeverOrdered, OrderState, Spec, State, Verdict
from heroes.jobs.script import REVOKED, Folders, job_script
from heroes.jobs.steps.settle import finish, move, note
from heroes.kit.clock import utcnow
from heroes.kit.db import heroes_now
from heroes.kit.errors import Garbled, Refused, Unreachable
from heroes.kit.work import Claim, Waiter, Work

FIND_MARGIN = timedelta(hours=2)  # a site's clock may be wrong by this much


async def order(work: Work, claim: Claim, job: Job, lines: Lines) -> None:
    """Give the order if none left yet under its token; else find out what became of it, and only then act."""
    async with work.database.worker_at_once() as session:
        submission = await session.get_one(Submission, job.submission_id)
        session.expunge(submission)
    folders = Folders(submission.folder, submission.token)
    state = OrderState(
        submission.ordered_at, submission.absent_times, Gate(submission.gate), job.cancel_requested_at is not None
    )
    async with lines.control(submission.line_id) as site:
        match rules.next_action(state, await known_of(submission, site), utcnow()):
            case rules.GiveUp():
                await _give_up(work, claim, submission)
            case rules.Order():
                await _give(work, claim, job, submission, folders, site)
            case rules.Adopt(found):
                await _adopt(work, claim, submission.token, found.site_id, found)
            case rules.Stop(found):
                await site.batch.cancel(site.shell, submission.token, [found.site_id])
                await _anew(work, claim, "The order arrived late and found its gate taken: it never started.")
            case rules.AskAgain(why, times):
                await _ask_again(work, claim, why, times)
            case rules.TakeGate():
                await _take_gate(work, claim, folders, site)
            case rules.Anew(why):
                await _anew(work, claim, why)


async def known_of(submission: Submission, site: Site) -> Absent | Found | Unknown | NeverOrdered:
    """Return what a site knows of an order; it is not asked before one may have left."""
    if submission.ordered_at is None:
        return NeverOrdered()
    return await site.batch.find(site.shell, submission.token, since=submission.ordered_at - FIND_MARGIN)


async def _give(work: Work, claim: Claim, job: Job, submission: Submission, folders: Folders, site: Site) -> None:
    await _prepare(job, folders, site)
    async with work.checkpoint(claim) as done:  # the first lock: from here on an order may have left
        row = await done.session.get_one(Submission, submission.id)
        row.ordered_at = heroes_now()
        policy = await energy_policy(done.session, job.frozen, submission, site)
    try:
        told = site_order(job.frozen, submission, site, script=folders.script, of=job.id, policy=policy)
        site_id = await site.batch.submit(site.shell, told)
    except AlreadyOrdered:
        await _ask_again(work, claim, "An earlier order of this token is on its way.", 0)
    except Busy as error:
        await _put_back(work, claim, error.detail)
    except Refused as error:
        if turned_away(error):
            await _ask_again(work, claim, error.detail, 0)
        else:
            await _refused(work, claim, error.detail)
    except (Unreachable, Garbled) as error:
        await _ask_again(work, claim, f"The site's answer was lost: {error.detail}", 0)
    else:
        await _adopt(work, claim, submission.token, site_id, None)


def turned_away(error: Refused) -> bool:
    """Tell whether the site let nobody in, so that its scheduler was not asked: that passes, and ends no job."""
    return error.facts.get("code") in {"no_shell", "no_token", "credentials_refused"}


async def _prepare(job: Job, folders: Folders, site: Site) -> None:
    """Write the script and the parameters beside the staged inputs; the token's folder is the order's own to make."""
    spec = job.frozen
    environment = {
        **spec.environment,
        "HEROES_EXECUTION": job.execution_id,
        "HEROES_JOB": job.id,
        "HEROES_STEP": job.step,
        "HEROES_INDEX": str(job.index),
        "HEROES_ATTEMPT": str(job.attempt),
        "HEROES_PARAMS": f"{folders.base}/params.json",
        **({"HEROES_CHECKPOINT": str(job.checkpoint["attempt"])} if job.checkpoint else {}),
    }
    await site.files.makedirs(folders.work, site.folder_mode)
    params = json.dumps(spec.params, ensure_ascii=False, indent=1).encode()
    await site.files.write(f"{folders.base}/params.json", params)
    if spec.script is not None:
        await site.files.write(f"{folders.base}/payload.sh", spec.script.encode("utf-8", "surrogateescape"))
    await site.files.write(folders.script, job_script(spec, folders, environment), 0o700)


async def energy_policy(session: AsyncSession, spec: Spec, submission: Submission, site: Site) -> str | None:
    """Return the energy policy that a job asks for, if its queue takes one."""
    if spec.energy_policy is None:
        return None
    taken = await clusters.takes_energy_policy(session, site.cluster_id, submission.queue)
    return spec.energy_policy if taken else None


def site_order(
    spec: Spec, submission: Submission, site: Site, *, script: str, of: str, policy: str | None = None
) -> Order:
    """Return the order as the batch system is given it; `of` is the id of the row that it is for."""
    tasks = max(1, spec.tasks)
    return Order(
        token=submission.token,
        folder=submission.folder,
        script_path=script,
        queue=submission.queue,
        account=site.account,
        walltime_s=spec.walltime_s or 0,
        nodes=spec.nodes,
        tasks=tasks,
        cpus_per_task=max(1, -(-spec.cores // tasks)),
        memory_bytes=spec.memory_bytes,
        gpus=spec.gpus,
        rerunnable=spec.rerunnable,
        comment=f"heroes {of}",
        energy_policy=policy,
    )


async def _adopt(
    work: Work, claim: Claim, token: str, site_id: str, found: SiteJob | None, gate: Gate | None = None
) -> None:
    async with work.apply(claim) as done:
        job, session = done.row, done.session
        submission = await session.get_one(Submission, job.submission_id)
        submission.site_id = site_id
        submission.gate = gate or submission.gate
        job.watch_id = await clusters.watch(
            session,
            organization_id=job.organization_id,
            line_id=submission.line_id,
            token=token,
            site_id=site_id,
            waiter=Waiter("jobs", job.id),
        )
        job.submitted_at = job.submitted_at or heroes_now()
        job.looks = job.cancels = 0
        state = rules.seen_state(found) if found else State.QUEUED
        words = found.text if found and found.text else f"In the queue of {job.cluster}."
        move(job, state if state is not State.COLLECTING else State.RUNNING, "queued", words)
        done.again(0.0 if job.cancel_requested_at is not None or state is State.COLLECTING else rules.UNSEEN * 1.5)


async def _ask_again(work: Work, claim: Claim, why: str, times: int) -> None:
    async with work.apply(claim) as done:
        submission = await done.session.get_one(Submission, done.row.submission_id)
        submission.absent_times = times
        note(done.row, "in_doubt", why)
        done.again(rules.ASK_AGAIN)


async def _take_gate(work: Work, claim: Claim, folders: Folders, site: Site) -> None:
    """Make the order harmless, or learn that its job already holds the gate."""
    holder = await take_gate(site.files, folders)
    if holder != REVOKED:  # its job has started: the link names it, though the scheduler may have forgotten it
        await _adopt(work, claim, folders.token, holder.removeprefix("job."), None, Gate.STARTED)
        return
    async with work.apply(claim) as done:
        submission = await done.session.get_one(Submission, done.row.submission_id)
        submission.gate = Gate.OURS
        done.again()


async def take_gate(files: Files, folders: Folders) -> str:
    """Make the one link for the platform, unless the job has; return who holds it.

    The token's folder is made where the order never did: a late order then stops at its own mkdir. Files, not a shell:
    on this machine a job may write here, and only the adapter knows not to follow its links.
    """
    gate = folders.of("gate")
    await files.makedirs(folders.token_folder)
    with suppress(Refused):
        await files.symlink(REVOKED, gate)
    entry = await files.stat(gate)
    if entry is None or entry.target is None:
        raise Unreachable("The gate could be neither taken nor read.")
    return entry.target


async def _anew(work: Work, claim: Claim, why: str) -> None:
    """Order again under a new token: the old one can never start."""
    async with work.apply(claim) as done:
        job = done.row
        await costs.put_back(done.session, submission_id=job.submission_id)
        if job.watch_id is not None:
            await clusters.unwatch(done.session, job.watch_id)
        job.submission_id = job.watch_id = None
        move(job, State.STAGING, "ordering_again", why)
        done.again()


async def _put_back(work: Work, claim: Claim, why: str) -> None:
    """The scheduler takes no more jobs now and surely took none: the same order waits."""
    async with work.apply(claim) as done:
        submission = await done.session.get_one(Submission, done.row.submission_id)
        submission.ordered_at = None
        note(done.row, "site_full", why)
        done.again(LATER)


LATER = timedelta(seconds=30)


async def _refused(work: Work, claim: Claim, why: str) -> None:
    async with work.apply(claim) as done:
        text = f"{done.row.cluster} refused the job: {why}"
        await finish(done.session, done.row, Verdict(End.FAILED, Cause.USER, "refused_by_site", text))


async def _give_up(work: Work, claim: Claim, submission: Submission) -> None:
    async with work.apply(claim) as done:
        await finish(done.session, done.row, CANCELLED)
