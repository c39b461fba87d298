"""What ended members left: read many at a time by one command, brought home by one transfer, settled together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.ports import NotThere, SiteJob, Unaccounted
from heroes.clusters import service as clusters
from heroes.clusters.lines import Lines, Site
from heroes.data import service as data
from heroes.data.rules import Progress, StageItem
from heroes.jobs import rules
from heroes.jobs.array_script import ArrayFolders, is_input, whole
from heroes.jobs.models import Array, Job, Submission
from heroes.jobs.rules import Cause, End, ExitRecord, Spec, State, Verdict, Wait
from heroes.jobs.script import REVOKED, Written, read_exit, read_manifest
from heroes.jobs.steps.array_order import take_gates
from heroes.jobs.steps.array_place import tell
from heroes.jobs.steps.array_settle import Ended, settle
from heroes.jobs.steps.collect import (
    BRINGING,
    LAG,
    SILENT,
    STREAMS,
    by_name,
    declared_outputs,
    item_of,
    unless_lost,
    unless_missing,
    used,
    walk,
)
from heroes.kit import bulk
from heroes.kit.db import transaction_time
from heroes.kit.errors import Refused, Unreachable
from heroes.kit.packed import contents
from heroes.kit.work import Claim, Waiter, Work

log = structlog.get_logger()

BATCH = 500
NOW = timedelta(0)
READ_TIMEOUT_S = 120.0
_READ = r"""
cd "$1" || exit 9
token=$2 over=$3
asked=$(while read -r task index; do
  for stream in stdout stderr; do # of those that were ended before they could put them there themselves
    if [ "$over" = yes ] && [ -e "$token/$stream.$task" ] && [ ! -e "$token/exit-$task" ]; then
      mkdir -p "$index/logs" && mv -f "$token/$stream.$task" "$index/logs/$stream"
    fi
  done
  printf '%s\n' "$token/exit-$task" "$token/outputs-$task" "$token/sums-$task" "$index/logs/stdout" "$index/logs/stderr"
done)
printf '%s\n' "$asked" | grep '/logs/std' | LC_ALL=C xargs stat --printf='%s %Y %a %n\n' -- 2>/dev/null
echo .
printf '%s\n' "$asked" | grep -v '/logs/std' | tar -c -f - --no-recursion -T - 2>/dev/null | gzip -1 | base64 -w 0
"""


@dataclass(slots=True)
class Left:
    """What one member left at its site."""

    record: ExitRecord | None = None
    written: list[Written] | None = None
    streams: list[StageItem] = field(default_factory=list)


async def collect(work: Work, claim: Claim, array: Array, submission: Submission, lines: Lines) -> timedelta | None:
    """Judge and fetch a batch of ended members, settle those whose outputs are home; return when to come again."""
    settled = await _settle_fetched(work, claim, submission)
    async with work.database.worker() as session:
        over = Job.array_id == array.id, Job.state == State.COLLECTING, Job.stage_out_id.is_(None)
        members = (await session.scalars(select(Job).where(*over).order_by(Job.looks).limit(BATCH))).all()
        seen = await clusters.seen_tasks(session, Waiter(Array.__tablename__, array.id), [m.task for m in members])
        meter_s = await clusters.meter_interval_s(session, submission.cluster_id)
        session.expunge_all()
    if not members:
        return NOW if settled else None
    folders = ArrayFolders(submission.folder, array.id, submission.token)
    found, waits = await _judge(submission, members, seen, folders, lines)
    shared = Spec.from_json(array.spec)
    async with work.checkpoint(claim) as done:
        looks = [
            {"id": job.id, "looks": job.looks + wait.counts, "note_code": "collecting", "note": wait.why}
            for job, wait in waits
        ]
        await bulk.update(done.session, Job, looks)
        if found:
            await _fetch(done.session, done.row, folders, [_leaves(one, shared, folders, meter_s) for one in found])
    if settled or found:
        return NOW
    return LAG if any(wait.counts for _, wait in waits) else SILENT


@dataclass(frozen=True, slots=True)
class _Judged:
    """A member whose end is known, with all that tells of it."""

    job: Job
    result: Verdict
    left: Left
    shown: SiteJob | None


async def _judge(
    submission: Submission,
    members: Sequence[Job],
    seen: Mapping[int, SiteJob],
    folders: ArrayFolders,
    lines: Lines,
) -> tuple[list[_Judged], list[tuple[Job, Wait]]]:
    """Ask the site what ended members left and used; return those whose end is known, and those that must wait."""
    async with lines.control(submission.line_id) as site:
        left = await read(site, folders, {job.task or 0: job.index for job in members})
        accounted, silence = await _accounting(site, submission, seen, [job.task or 0 for job in members])
        for job in members:
            one = left[job.task or 0]
            if one.written is None and (one.record is not None or job.looks >= rules.PATIENCE or _ran(accounted, job)):
                one.written = await walk(site.files, f"{folders.member(job.index)}/work")
        results: list[tuple[Job, Verdict | Wait]] = []
        for job in members:
            shown, cancelled = accounted.get(job.task or 0), job.cancel_requested_at is not None
            record = left[job.task or 0].record
            results.append((job, rules.judged(shown, record, cancelled=cancelled, looks=job.looks, silence=silence)))
        unseen = [job for job, result in results if _is_unknown(result) and not _began(accounted, job)]
        never = await _never_begin(site, folders, [job.task or 0 for job in unseen])
    found: list[_Judged] = []
    waits: list[tuple[Job, Wait]] = []
    for job, result in results:
        task = job.task or 0
        if isinstance(result, Wait):
            waits.append((job, result))
            continue
        end = rules.never_began(cancelled=job.cancel_requested_at is not None) if task in never else result
        found.append(_Judged(job, end, left[task], accounted.get(task)))
    return found, waits


def _is_unknown(result: Verdict | Wait) -> bool:
    return isinstance(result, Verdict) and result.end is End.OUTCOME_UNKNOWN


def _began(accounted: Mapping[int, SiteJob], job: Job) -> bool:
    return job.started_at is not None or _ran(accounted, job)


async def _never_begin(site: Site, folders: ArrayFolders, tasks: list[int]) -> set[int]:
    """Take the gates of these members that nobody holds; return those that the platform holds.

    Where the order's folder was purged nobody can tell: they may have run, and their gates went with it.
    """
    if not tasks or await site.files.stat(folders.token_folder) is None:
        return set()
    holders = await take_gates(site, folders, tasks)
    return {task for task, holder in holders.items() if holder.startswith(REVOKED)}


def _ran(accounted: Mapping[int, SiteJob], job: Job) -> bool:
    shown = accounted.get(job.task or 0)
    return shown is not None and shown.started_at is not None


# ----------------------------------------------------------------------------------------------------------- reading


async def read(site: Site, folders: ArrayFolders, indexes: Mapping[int, int], *, over: bool = True) -> dict[int, Left]:
    """Read exit files, manifests and the sizes of streams of these members (task → index). Raises Unreachable.

    Unless they are `over`, all stays where it is: they may be writing.
    """
    if site.files_only:
        return {task: await _read_here(site, folders, task, index, over=over) for task, index in indexes.items()}
    asked = "".join(f"{task} {index}\n" for task, index in indexes.items()).encode()
    argv = ["/bin/sh", "-c", _READ, "sh", folders.folder, folders.token, "yes" if over else "no"]
    told = await site.shell.run(argv, stdin=asked, timeout=READ_TIMEOUT_S)
    sizes, dot, packed = f"\n{told.stdout}".partition("\n.\n")
    if not told.ok or not dot:
        raise Unreachable(f"What the jobs left could not be read: {told.stderr.strip()[-300:]}")
    files, streams = contents(packed), _stream_sizes(sizes)
    return {task: _left(files, folders, task, streams.get(index, [])) for task, index in indexes.items()}


def _stream_sizes(text: str) -> dict[int, list[StageItem]]:
    found: dict[int, list[StageItem]] = {}
    for line in filter(None, text.splitlines()):
        size, mtime, mode, path = line.split(" ", 3)
        if int(size):  # an empty stream is told by its absence
            item = StageItem(path=path, size=int(size), mode=int(mode, 8), mtime=float(mtime))
            found.setdefault(int(path.split("/")[0]), []).append(item)
    return found


def _left(files: Mapping[str, bytes], folders: ArrayFolders, task: int, streams: list[StageItem]) -> Left:
    def content(name: str) -> bytes | None:
        return files.get(f"{folders.token}/{name}-{task}")

    left = Left(streams=streams)
    try:
        left.record = read_exit((content("exit") or b"").decode())
    except (ValueError, KeyError):
        left.record = None
    listing = content("outputs")
    if listing is not None:
        try:
            left.written = read_manifest(listing, content("sums") or b"")
        except ValueError:
            left.written = None
    return left


async def _read_here(site: Site, folders: ArrayFolders, task: int, index: int, *, over: bool) -> Left:
    files = {}
    for name in ("exit", "outputs", "sums"):
        try:
            files[f"{folders.token}/{name}-{task}"] = await site.files.read(folders.of(name, task))
        except NotThere:
            continue
    if not over:
        return _left(files, folders, task, [])
    logs = f"{folders.member(index)}/logs"
    await site.files.makedirs(logs, site.folder_mode)
    streams = []
    for stream in STREAMS:
        if await site.files.stat(folders.stream(stream, task)) is not None:
            await site.files.rename(folders.stream(stream, task), f"{logs}/{stream}")
        entry = await site.files.stat(f"{logs}/{stream}")
        if entry is not None and entry.kind == "file" and entry.size:
            path = f"{index}/logs/{stream}"
            streams.append(StageItem(path=path, size=entry.size, mode=entry.mode, mtime=entry.mtime))
    return _left(files, folders, task, streams)


async def _accounting(
    site: Site, submission: Submission, seen: Mapping[int, SiteJob], tasks: Sequence[int]
) -> tuple[dict[int, SiteJob], str | None]:
    """Return the accounting of these members: what was sighted has it mostly; the site is asked for the rest only.

    With it: why it is silent.
    """
    found = dict(seen)
    open_ = [t for t in tasks if t not in seen or not (rules.of_ended(seen[t]) and site.batch.is_told(seen[t]))]
    if open_:
        try:
            told = await site.batch.usage(site.shell, [f"{submission.site_id}_{task}" for task in open_])
        except Refused:
            return found, None
        except Unaccounted as error:
            return found, error.detail
        ours = (job for job in told.values() if job.index in open_ and job.is_of(submission.token))
        found |= {job.index: job for job in ours if job.index is not None}
    return found, None


# ---------------------------------------------------------------------------------------------------------- fetching


@dataclass(frozen=True, slots=True)
class _Found:
    job: Job
    result: Verdict
    usage: dict[str, Any]
    items: list[StageItem]


def _leaves(one: _Judged, shared: Spec, folders: ArrayFolders, meter_s: float | None) -> _Found:
    """Return what of a member's folder is brought home, and what the member used."""
    job, left = one.job, one.left
    spec = whole(shared, job.spec)
    written = [each for each in left.written or () if not is_input(each.kind, each.target, folders.folder)]
    declared, missing = declared_outputs(spec.outputs, written)
    items = [item_of(each, f"{job.index}/work/{each.path}") for each in declared] + left.streams
    usage = used(spec, one.shown, left.record, meter_s)
    return _Found(job, unless_missing(one.result, missing), usage, items)


async def _fetch(session: AsyncSession, array: Array, folders: ArrayFolders, found: Sequence[_Found]) -> None:
    """Bring the outputs of a batch home by one transfer."""
    first = found[0].job
    bucket = await data.user_bucket(session, array.organization_id, first.user_id)
    stage_out_id = await data.stage_out(
        session,
        organization_id=array.organization_id,
        line_id=array.line_id or "",
        folder=folders.folder,
        manifest=[item for one in found for item in one.items],
        bucket_id=bucket.id,
        prefix=f"executions/{array.execution_id}/steps/{array.step}",
        created_by=first.user_id,
        waiter=Waiter(Array.__tablename__, array.id),
    )
    rows = [
        {
            "id": one.job.id,
            "stage_out_id": stage_out_id,
            "usage": {**one.usage, "fetched": len(one.items)},
            "end": one.result.end,
            "cause": one.result.cause,
            "exit_code": one.result.exit_code,
            "note_code": one.result.code,
            "note": f"{one.result.text}{BRINGING}",
        }
        for one in found
    ]
    await bulk.update(session, Job, rows)


# ---------------------------------------------------------------------------------------------------------- settling


async def _settle_fetched(work: Work, claim: Claim, submission: Submission) -> bool:
    """Settle the members whose outputs are home; what could not be fetched fails its own member only."""
    async with work.checkpoint(claim) as done:
        array, session = done.row, done.session
        waiting = select(Job.stage_out_id).where(
            Job.array_id == array.id, Job.state == State.COLLECTING, Job.stage_out_id.is_not(None)
        )
        came_in = None
        any_settled = False
        for transfer_id in (await session.scalars(waiting.distinct())).all():
            transfer = await data.state(session, transfer_id or "")
            if transfer.state not in {Progress.DONE, Progress.FAILED}:
                continue
            if came_in is None:
                came_in = (await data.state(session, array.stage_in_id)).bytes if array.stage_in_id else 0
            jobs = (await session.scalars(select(Job).where(Job.stage_out_id == transfer_id))).all()
            stored = _by_index(transfer.objects)
            each = came_in // max(1, array.members)
            ended = [_ended(job, stored.get(job.index, []), transfer, array, each) for job in jobs]
            await settle(session, array, submission, ended)
            any_settled = True
        return any_settled


def _by_index(items: Sequence[StageItem]) -> dict[int, list[StageItem]]:
    found: dict[int, list[StageItem]] = {}
    for item in items:
        index, _, path = item.path.partition("/")
        found.setdefault(int(index), []).append(replace(item, path=path))
    return found


def _ended(job: Job, stored: list[StageItem], transfer: data.TransferState, array: Array, came_in: int) -> Ended:
    usage = dict(job.usage or {})
    wanted = usage.pop("fetched", 0)
    usage["moved_bytes"] = came_in + sum(item.size for item in stored if item.kind == "file")
    cause = Cause(job.cause) if job.cause else None
    text = (job.note or "").removesuffix(BRINGING)
    result = Verdict(End(job.end or End.FAILED), cause, job.note_code or "", text, job.exit_code)
    if len(stored) < wanted:
        result = unless_lost(result, transfer)
    return Ended(job.id, result, usage, by_name(Spec.from_json(array.spec).outputs, stored))


# ------------------------------------------------------------------------------------------------------------ tidying


async def leave(work: Work, claim: Claim, array: Array, lines: Lines) -> None:
    """Take an array that was not ordered yet away from a site; its inputs there go, if the site answers."""
    try:
        if not await _needed(work, array):
            async with lines.control(array.line_id or "") as site:
                await remove_tree(site, array.folder or "")
    except Unreachable:
        log.info("inputs of jobs that moved stay behind at a silent site", array=array.id, line=array.line_id)
    async with work.apply(claim) as done:
        done.row.line_id = done.row.folder = done.row.stage_in_id = None
        await tell(done.session, done.row, line_id=None, stage_in_id=None)
        done.again()


async def _needed(work: Work, array: Array) -> bool:
    """Tell whether another array still uses the folder."""
    others = select(Array.id).where(Array.folder == array.folder, Array.state != State.ENDED, Array.id != array.id)
    async with work.database.worker() as session:
        return (await session.scalar(others.limit(1))) is not None


async def remove_tree(site: Site, folder: str) -> None:
    """Remove an array's folder by one command; what resists, and all on this machine, by the slow and careful way."""
    if not site.files_only:
        told = await site.shell.run(("rm", "-rf", "--one-file-system", "--", folder), timeout=READ_TIMEOUT_S)
        if told.ok:
            return
    await site.files.remove_tree(folder)


async def remove_folder(work: Work, claim: Claim, array: Array, lines: Lines) -> None:
    """Remove what the platform left at the site, once no array needs the folder any more."""
    needed = array.folder is None or await _needed(work, array)
    if not needed and array.line_id is not None:
        async with lines.control(array.line_id) as site:
            await remove_tree(site, array.folder or "")
    async with work.apply(claim) as done:
        if not needed:
            gone = select(Array.id).where(Array.folder == array.folder)
            members = select(Job.id).where(Job.array_id.in_(gone), Job.folder_removed_at.is_(None))
            now = await transaction_time(done.session)
            rows = [{"id": job_id, "folder_removed_at": now} for job_id in await done.session.scalars(members)]
            await bulk.update(done.session, Job, rows)
