"""What an ended job left: exit file, manifest, accounting; its outputs home; at the end its folder removed."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

import structlog

from heroes.adapters.ports import Files, NotThere, SiteEnd, SiteJob, SiteUsage, Unaccounted
from heroes.clusters import service as clusters
from heroes.clusters.lines import Lines, Site
from heroes.clusters.service import Seen
from heroes.data import service as data
from heroes.data.rules import Progress, StageItem
from heroes.energy import service as energy
from heroes.jobs import rules
from heroes.jobs.models import Job, Submission
from heroes.jobs.rules import STAGE_OUT_FAILED, Cause, End, ExitRecord, Spec, State, Verdict, Wait
from heroes.jobs.script import REVOKED, Folders, Written, read_exit, read_manifest
from heroes.jobs.steps.order import take_gate
from heroes.jobs.steps.settle import finish, move, note
from heroes.kit.db import heroes_now
from heroes.kit.errors import Refused, Unreachable
from heroes.kit.work import Claim, Waiter, Work

log = structlog.get_logger()

LAG = timedelta(seconds=3)  # shared file systems and accounting show what is new after seconds
SILENT = timedelta(seconds=30)  # between two questions to an accounting that does not answer
BRINGING = " Bringing back what it wrote."
STREAMS = ("stdout", "stderr")
MOST_LISTED = 10_000
REMOVE_S = 120.0
# Fixed text; the folders of attempts are its arguments. A job's own goes with its last attempt.
_REMOVE = 'rm -rf --one-file-system -- "$@" || exit; for one; do rmdir -- "${one%/*}" 2>/dev/null; done; true'


async def collect(work: Work, claim: Claim, job: Job, lines: Lines) -> None:
    """Judge how the job ended, fetch its outputs, then settle."""
    if job.stage_out_id is not None:
        await _settled(work, claim)
        return
    async with work.database.worker_at_once() as session:
        submission = await session.get_one(Submission, job.submission_id)
        seen = await clusters.last_seen(session, job.watch_id) if job.watch_id else None
        session.expunge_all()
    await judge(work, claim, job, lines, submission, seen)


async def judge(work: Work, claim: Claim, job: Job, lines: Lines, submission: Submission, seen: Seen | None) -> None:
    """Judge how the job ended by what its site tells and what it left, and order its outputs."""
    async with work.database.worker_at_once() as session:
        meter_s = await clusters.meter_interval_s(session, submission.cluster_id)
    folders = Folders(submission.folder, submission.token)
    shown = seen.job if seen else None
    async with lines.control(submission.line_id) as site:
        record = await _exit_record(site, folders)
        known = shown is not None and _ended_well(shown, record) and site.batch.is_told(shown)
    accounting, silence = (shown, None) if known else await _accounting(lines, submission, shown)
    cancelled = job.cancel_requested_at is not None
    looks = job.looks if job.state == State.COLLECTING else 0
    result = rules.judged(accounting, record, cancelled=cancelled, looks=looks, silence=silence)
    if isinstance(result, Wait):
        await _look_again(work, claim, result, seen)
        return
    async with lines.control(submission.line_id) as site:
        unseen = job.started_at is None and not _began(accounting)
        if result.end is End.OUTCOME_UNKNOWN and unseen and await _never_begins(site, folders):
            result = rules.never_began(cancelled=cancelled)
        written = await _written(site, folders)
        streams = await _streams(site, folders)
    usage = used(job.frozen, accounting, record, meter_s)
    await _fetch(work, claim, folders, result, usage, written, streams, seen)


def begin(row: Job, seen: Seen | None) -> None:
    """Take over that a job has ended, as its site says; one that is being collected has."""
    if row.state == State.COLLECTING or seen is None or seen.job is None:
        return
    row.heard_at = seen.heard_at or row.heard_at
    row.seen = rules.sighted(seen.job)
    row.started_at = row.started_at or seen.job.started_at
    row.looks = 0
    move(row, State.COLLECTING, "collecting", "The site says that it ended; collecting what it left.")


async def _look_again(work: Work, claim: Claim, wait: Wait, seen: Seen | None) -> None:
    async with work.apply(claim) as done:
        begin(done.row, seen)
        done.row.looks += wait.counts
        note(done.row, "collecting", wait.why)
        done.again(LAG if wait.counts else SILENT)


async def _never_begins(site: Site, folders: Folders) -> bool:
    """Tell whether the platform holds the job's gate, taking it if nobody does.

    Where the order's folder was purged nobody can tell: the job may have run, and its gate went with it.
    """
    if await site.files.stat(folders.token_folder) is None:
        return False
    return await take_gate(site.files, folders) == REVOKED


async def _exit_record(site: Site, folders: Folders) -> ExitRecord | None:
    try:
        return read_exit((await site.files.read(folders.of("exit"))).decode())
    except (NotThere, ValueError, KeyError):
        return None


def _ended_well(seen: SiteJob, record: ExitRecord | None) -> bool:
    """Tell whether site and exit file agree on a good end: of any other the site is asked once more."""
    return record is not None and record.exit_code == 0 and seen.end is SiteEnd.COMPLETED


async def _accounting(lines: Lines, submission: Submission, seen: SiteJob | None) -> tuple[SiteJob | None, str | None]:
    """Ask the site's accounting; where it keeps none, what was seen last must do. With it: why it is silent."""
    try:
        found = await lines.together(submission.line_id, _usages, submission.site_id or "")
    except Refused:
        return seen, None
    except Unaccounted as error:
        return seen, error.detail
    return (found if found and found.is_of(submission.token) else seen), None


async def _usages(site: Site, site_ids: Sequence[str]) -> dict[str, SiteJob]:
    told = await site.batch.usage(site.shell, site_ids)
    return {site_id: job for (site_id, index), job in told.items() if index is None}


async def _written(site: Site, folders: Folders) -> list[Written]:
    """Read the manifest of the epilogue; a job that was killed wrote none, so the folder itself is listed."""
    try:
        listing = await site.files.read(folders.of("outputs"))
        sums = await site.files.read(folders.of("sums"))
        return read_manifest(listing, sums)
    except (NotThere, ValueError):
        return await walk(site.files, folders.work)


async def walk(files: Files, folder: str, below: str = "") -> list[Written]:
    """List what lies below a folder, links as links. Bounded: a killed job may have left anything."""
    found: list[Written] = []
    try:
        entries = await files.listdir(f"{folder}/{below}" if below else folder)
    except NotThere:
        return found
    for entry in entries:
        path = f"{below}/{entry.path}" if below else entry.path
        if entry.kind != "other":
            found.append(Written(path, entry.kind, entry.size, entry.mtime, entry.mode & 0o777, entry.target))
        if entry.kind == "dir" and len(found) < MOST_LISTED:
            found += await walk(files, folder, path)
    return found[:MOST_LISTED]


async def _streams(site: Site, folders: Folders) -> list[StageItem]:
    """Find what the job printed. Each order writes in a folder of its own; the job that runs links it beside `work`."""
    found = []
    for stream in STREAMS:
        entry = await site.files.stat(f"{folders.logs}/{stream}")
        if entry is None and await site.files.stat(f"{folders.token_folder}/{stream}") is not None:
            await site.files.makedirs(folders.logs, site.folder_mode)
            await site.files.rename(f"{folders.token_folder}/{stream}", f"{folders.logs}/{stream}")
            entry = await site.files.stat(f"{folders.logs}/{stream}")
        if entry is not None and entry.kind == "file":
            found.append(StageItem(path=f"logs/{stream}", size=entry.size, mode=entry.mode, mtime=entry.mtime))
    return found


def _began(accounting: SiteJob | None) -> bool:
    return accounting is not None and accounting.started_at is not None and accounting.end is not SiteEnd.NOT_LAUNCHED


def used(spec: Spec, accounting: SiteJob | None, record: ExitRecord | None, meter_s: float | None) -> dict[str, Any]:
    """Return what one attempt used, each figure with where it comes from; None is "not measured"."""
    if record is not None:
        accounting = rules.of_ended(accounting)
    measured = accounting.usage if accounting else None
    run_s = record.ended_at - record.started_at if record else None
    reading = energy.of_job(accounting, meter_s)
    return {
        "started": record is not None or _began(accounting),
        "source": "accounting" if measured else "exit file",
        "run_s": run_s,
        **_times(accounting),
        **asdict(measured or _asked_for(spec, run_s or 0.0)),
        "energy_j": reading.joules,
        "energy_source": reading.source,
        "energy_reason": reading.reason,
        "energy_why": {"code": reading.code, "facts": dict(reading.facts)} if reading.code else None,
    }


def _asked_for(spec: Spec, run_s: float) -> SiteUsage:
    """Return what the exit file proves where a site keeps no accounting: the time, on what was asked for."""
    return SiteUsage(nodes=spec.nodes, cpus=max(spec.cores, spec.tasks), elapsed_s=run_s, gpus=spec.gpus)


def _times(accounting: SiteJob | None) -> dict[str, Any]:
    if accounting is None:
        return {"wait_s": None, "started_at": None, "ended_at": None}
    started, submitted, ended = accounting.started_at, accounting.submitted_at, accounting.ended_at
    return {
        "wait_s": (started - submitted).total_seconds() if started and submitted else None,
        "started_at": started.isoformat() if started else None,
        "ended_at": ended.isoformat() if ended else None,
    }


async def _fetch(
    work: Work,
    claim: Claim,
    folders: Folders,
    result: Verdict,
    usage: dict[str, Any],
    written: list[Written],
    streams: list[StageItem],
    seen: Seen | None,
) -> None:
    async with work.apply(claim) as done:
        job, session = done.row, done.session
        declared, missing = declared_outputs(job.frozen.outputs, written)
        result = unless_missing(result, missing)
        bucket = await data.user_bucket(session, job.organization_id, job.user_id)
        if result.end is not End.SUCCEEDED:
            left = {one.path: one for one in [*declared, *matching(job.frozen.checkpoint, written)]}
            declared = [left[path] for path in sorted(left)]
        items = [item_of(one, f"work/{one.path}") for one in declared] + streams
        job.stage_out_id = await data.stage_out(
            session,
            organization_id=job.organization_id,
            line_id=job.line_id,
            folder=folders.base,
            manifest=items,
            bucket_id=bucket.id,
            prefix=results_prefix(job),
            created_by=job.user_id,
            waiter=Waiter("jobs", job.id),
        )
        begin(job, seen)  # only now: what the job becomes is written by one statement
        job.usage = usage
        job.end, job.cause, job.exit_code = result.end, result.cause, result.exit_code
        job.started_at = job.started_at or _time(usage["started_at"])
        move(job, State.COLLECTING, result.code, f"{result.text}{BRINGING}")


def item_of(one: Written, path: str) -> StageItem:
    """Return something that a job left as it is fetched from this path."""
    kind: Any = one.kind
    return StageItem(
        path=path, kind=kind, size=one.size, sha256=one.sha256, mode=one.mode, mtime=one.mtime, target=one.target
    )


def results_prefix(job: Job) -> str:
    """Return the folder of one job's outputs in its user's bucket."""
    return f"executions/{job.execution_id}/steps/{job.step}/{job.index}"


def declared_outputs(outputs: Any, written: list[Written]) -> tuple[list[Written], list[str]]:
    """Return what the declared paths and patterns match, and the names of those that match nothing."""
    chosen: dict[str, Written] = {}
    missing = []
    for name, pattern in outputs.items():
        clean = pattern.rstrip("/")
        found = [one for one in written if fnmatchcase(one.path, clean) or one.path.startswith(f"{clean}/")]
        if not found:
            missing.append(name)
        chosen.update({one.path: one for one in found})
    return [chosen[path] for path in sorted(chosen)], missing


def unless_missing(result: Verdict, missing: Sequence[str]) -> Verdict:
    """Return how an attempt ended: not well without all of its declared outputs."""
    if not missing or result.end is not End.SUCCEEDED:
        return result
    text = f"The program ended well but did not write its declared outputs: {', '.join(missing)}."
    return Verdict(End.FAILED, Cause.PROGRAM, "output_missing", text, result.exit_code)


def unless_lost(result: Verdict, transfer: data.TransferState) -> Verdict:
    """Return how an attempt ended whose outputs could not be fetched: not well, through no fault of its own.

    What the bucket cannot hold it will not hold the next time: that is the user's to mend, and costs no other attempt.
    """
    if result.end is not End.SUCCEEDED:
        return result
    text = f"It ran well, but its outputs could not be fetched: {transfer.error}"
    cause = Cause.USER if transfer.unstorable else Cause.INFRASTRUCTURE
    return replace(result, end=End.FAILED, cause=cause, code=STAGE_OUT_FAILED, text=text)


def matching(patterns: Iterable[str], written: list[Written]) -> list[Written]:
    """Return what any of the paths and patterns matches."""
    clean = [pattern.rstrip("/") for pattern in patterns]
    return [one for one in written if any(fnmatchcase(one.path, p) or one.path.startswith(f"{p}/") for p in clean)]


def _keep_checkpoint(job: Job, result: Verdict, transfer: data.TransferState) -> None:
    """Remember what a failed attempt left to go on from. One that left nothing, or half of it, leaves the former."""
    if result.end is End.SUCCEEDED:
        job.checkpoint = None
        return
    objects = {item.path: item for item in transfer.objects}
    wanted = {f"work/{one.path}" for one in matching(job.frozen.checkpoint, [_as_written(i) for i in objects.values()])}
    if transfer.state == Progress.DONE and wanted:
        items = [asdict(replace(objects[path], path=path.removeprefix("work/"))) for path in sorted(wanted)]
        folder = None if job.submission_id is None else job.attempt
        job.checkpoint = {"items": items, "line_id": job.line_id, "attempt": folder}


def _as_written(item: StageItem) -> Written:
    return Written(item.path.removeprefix("work/"), item.kind, item.size, item.mtime or 0.0, item.mode, item.target)


async def _settled(work: Work, claim: Claim) -> None:
    """When the outputs are home, settle; what could not be fetched fails the job but loses nothing at the site."""
    async with work.apply(claim) as done:
        job, session = done.row, done.session
        transfer = await data.state(session, job.stage_out_id)
        if transfer.state not in {Progress.DONE, Progress.FAILED}:  # it wakes this row at its end and when it waits
            if transfer.error:
                note(job, job.note_code or "collecting", f"{_first(job.note)}{BRINGING} {transfer.error}")
            return
        came_in = (await data.state(session, job.stage_in_id)).bytes if job.stage_in_id else 0
        usage = {**(job.usage or {}), "moved_bytes": transfer.bytes + came_in}
        cause = Cause(job.cause) if job.cause else None
        result = Verdict(End(job.end), cause, job.note_code, _first(job.note), job.exit_code)
        if transfer.state == Progress.FAILED:
            result = unless_lost(result, transfer)
        _keep_checkpoint(job, result, transfer)
        outputs = by_name(job.frozen.outputs, transfer.objects)
        await finish(session, job, result, usage=usage, outputs=outputs)


def _first(text: str | None) -> str:
    return (text or "").partition(BRINGING)[0]


def by_name(outputs: Mapping[str, str], items: Sequence[StageItem]) -> dict[str, Any]:
    """Return the fetched objects by the name of the output they belong to, with paths relative to the work folder."""
    work = [replace(item, path=item.path.removeprefix("work/")) for item in items if item.path.startswith("work/")]
    named: dict[str, Any] = {}
    for name, pattern in outputs.items():
        clean = pattern.rstrip("/")
        found = [item for item in work if fnmatchcase(item.path, clean) or item.path.startswith(f"{clean}/")]
        named[name] = [asdict(item) for item in found]
    return named


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


async def leave(work: Work, claim: Claim, job: Job, lines: Lines) -> None:
    """Take a job that was not ordered yet away from a site; its inputs there go, if the site answers."""
    gone = False
    try:
        await _clear(work, job, lines, [job.attempt])
        gone = job.attempt == 1
    except Unreachable:
        log.info("inputs of a job that moved stay behind at a silent site", job=job.id, line=job.line_id)
    async with work.apply(claim) as done:
        if gone:
            done.row.folders = [one for one in done.row.folders if one != job.line_id]
        done.row.line_id = done.row.stage_in_id = None
        done.again()


async def remove_folder(work: Work, claim: Claim, job: Job, lines: Lines) -> None:
    """Remove what the platform left at the sites, one after the other, once everything is home.

    By attempt: should this act be a late one, whatever a restart has put there since stays.
    """
    lying = job.folders or ([job.line_id] if job.line_id else [])
    if job.line_id in lying:
        await _clear(work, job, lines, range(1, job.attempt + 1))
    async with work.apply(claim) as done:
        row, left = done.row, [one for one in lying if one != job.line_id]
        row.folders = left
        if left:
            row.line_id = left[0]  # only whoever holds that line may go on
            done.again()
        else:
            row.folder_removed_at = heroes_now()


async def _clear(work: Work, job: Job, lines: Lines, attempts: Iterable[int]) -> None:
    if job.line_id is None:
        return
    async with work.database.worker_at_once() as session:
        line = await clusters.line(session, job.line_id)
    if line is not None and line.root:
        folder = f"{line.root}/{job.id}"
        folders = tuple(f"{folder}/{number}" for number in attempts)
        if await lines.together(job.line_id, _removed, folders) is None:
            async with lines.control(job.line_id) as site:
                await _remove_carefully(site, folder, folders)


async def _removed(site: Site, jobs: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], bool]:
    """Remove the folders of several jobs by one command, but none on this machine; return those that went."""
    if site.files_only:
        return {}
    argv = ("sh", "-c", _REMOVE, "sh", *(folder for folders in jobs for folder in folders))
    told = await site.shell.run(argv, timeout=REMOVE_S)
    return dict.fromkeys(jobs, True) if told.ok else {}


async def _remove_carefully(site: Site, folder: str, folders: Sequence[str]) -> None:
    """Remove one job's folders where a command must not or could not: nobody's links are followed."""
    for one in folders:
        await site.files.remove_tree(one)
    with suppress(NotThere):
        if not await site.files.listdir(folder):
            await site.files.remove_tree(folder)
