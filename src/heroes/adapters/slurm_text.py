"""Reads what Slurm's commands print. Pure; tested on recorded output."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from heroes.adapters.arrays import array_indexes
from heroes.adapters.ports import Key, SiteEnd, SiteJob, SiteState, SiteUsage
from heroes.adapters.slurm_words import is_held, plain_reason, state_of

# Names come last: they may contain the separator, all other columns cannot.
SQUEUE_COLUMNS = "%i|%T|%V|%S|%e|%N|%r|%j"
SACCT_COLUMNS = (
    "JobID,State,ExitCode,Submit,Start,End,ElapsedRaw,TotalCPU,MaxRSS,ConsumedEnergyRaw,AllocTRES,NodeList,"
    "Reason,JobName"
)

_JOB_ID = re.compile(r"(?P<id>\d+(?:\+\d+)?)(?:_(?P<index>\d+)|_\[(?P<indexes>[^\]]*)\]?)?(?:\.(?P<step>[\w+]+))?")
_NOTHING = ("", "N/A", "None", "Unknown", "(null)", "n/a")
_ABSURD = 2**62
NOT_ASKED = "whether other jobs shared its nodes was not told"
"""until the accounting of all users has been asked: Slurm's meter counts the node"""
"""Slurm shows an unset 64-bit counter as a number about 2**64."""


# -------------------------------------------------------------------------------------------------------------- values


@dataclass(frozen=True, slots=True)
class JobId:
    site_id: str
    indexes: tuple[int | None, ...]
    step: str | None = None
    cut: bool = False
    """the site printed only a part of the elements"""


def job_id(text: str) -> JobId | None:
    """123, 123_4, 123_[0-3,7%2], 123+0 (heterogeneous), each with .step; None if it is none of these."""
    match = _JOB_ID.fullmatch(text)
    if match is None:
        return None
    step = match["step"]
    if match["indexes"] is not None:
        indexes, cut = array_indexes(match["indexes"])
        return JobId(match["id"], indexes, step, cut or not text.endswith("]"))
    return JobId(match["id"], (int(match["index"]) if match["index"] else None,), step)


def job_name(key: Key) -> str:
    """Return what commands call a job, or an element of an array: 123, 123_4."""
    site_id, index = key
    return site_id if index is None else f"{site_id}_{index}"


def when(text: str, offset: timedelta = timedelta(0)) -> datetime | None:
    """Seconds since the epoch, or, from sites that ignore SLURM_TIME_FORMAT, local time with the site's offset."""
    if text in _NOTHING:
        return None
    if text.isdigit():
        return datetime.fromtimestamp(int(text), UTC) if int(text) else None
    try:
        return (datetime.fromisoformat(text).replace(tzinfo=UTC) - offset).astimezone(UTC)
    except ValueError:
        return None


def seconds(text: str) -> float | None:
    """[days-][[hours:]minutes:]seconds[.fraction], in seconds; None for UNLIMITED and what is not a duration."""
    match = re.fullmatch(r"(?:(\d+)-)?((?:\d+:){0,2}\d+(?:\.\d+)?)", text)
    if match is None:
        return None
    parts = [float(part) for part in match[2].split(":")]
    if match[1] and len(parts) < 3:
        parts += [0.0] * (3 - len(parts))  # "1-12" is a day and twelve hours
    total = 0.0
    for part in parts:
        total = total * 60 + part
    return int(match[1] or 0) * 86400 + total


def size_bytes(text: str) -> int | None:
    """536K, 1.5G, 2924544."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGTP]?)[nc]?\+?", text)
    if match is None:
        return None
    return int(float(match[1]) * 1024 ** " KMGTP".index(match[2] or " "))


def resources(text: str) -> dict[str, str]:
    """AllocTRES: "cpu=2,gres/gpu=1,node=1"."""
    return dict(pair.split("=", 1) for pair in text.split(",") if "=" in pair)


def joules(text: str) -> float | None:
    if not text.isdigit() or not 0 < int(text) < _ABSURD:
        return None
    return float(text)


def pairs(text: str) -> dict[str, str]:
    """`scontrol -o`: "Key=value Key=value". The first of a key counts: later ones may be inside a job's comment."""
    found: dict[str, str] = {}
    for key, value in re.findall(r"(?:^|(?<=\s))([A-Z][\w/:]*)=(\S*)", text):
        found.setdefault(key, value)
    return found


# ---------------------------------------------------------------------------------------------------------------- jobs


@dataclass(frozen=True, slots=True)
class Read:
    """The jobs of one source, and a complaint about lines that could not be read."""

    jobs: dict[Key, SiteJob]
    complaint: str | None = None


def _each(site_id: JobId, job: SiteJob) -> Iterator[tuple[Key, SiteJob]]:
    if site_id.indexes == (job.index,) and site_id.site_id == job.site_id:
        yield job.key, job
        return
    for index in site_id.indexes:
        each = replace(job, site_id=site_id.site_id, index=index)
        yield each.key, each


def _reason(state: SiteState, word: str, reason: str) -> tuple[SiteState, str | None, str | None]:
    """State, raw reason, plain words."""
    if state is SiteState.QUEUED and is_held(reason):
        state = SiteState.HELD
    if state in (SiteState.QUEUED, SiteState.HELD):
        return state, reason if reason not in _NOTHING else None, plain_reason(reason)
    if state is SiteState.ENDED or word != state.value:
        return state, word, None
    return state, None, None


Lines = dict[str, Read]
"""lines as they were printed → what they say"""


def read_squeue(text: str, offset: timedelta = timedelta(0)) -> Read:
    """Lines of SQUEUE_COLUMNS. Array elements that wait together come folded and leave unfolded."""
    return read_live(text, offset, {})[0]


def read_live(text: str, offset: timedelta, before: Lines) -> tuple[Read, Lines]:
    """Read lines of SQUEUE_COLUMNS; those of the answer `before` say the same again, by the very same jobs."""
    lines: Lines = {}
    jobs: dict[Key, SiteJob] = {}
    complaint = None
    for line in text.splitlines():
        said = before.get(line)
        if said is None:
            said = _live(line, offset)
        lines[line] = said
        jobs.update(said.jobs)
        complaint = said.complaint or complaint
    return Read(jobs, complaint), lines


def _live(line: str, offset: timedelta) -> Read:
    columns = line.split("|", 7)
    found = job_id(columns[0])
    if found is None or len(columns) < 8:
        return Read({})  # a warning, or the rest of a name with a newline in it
    _, word, submitted, started, ended, nodes, reason, name = columns
    known = state_of(word)
    if known is None:
        return Read({}, f"squeue shows a state that is not known: {word}")
    state, why, plain = _reason(known[0], word, reason)
    job = SiteJob(
        site_id=found.site_id,
        index=found.indexes[0] if found.indexes else None,
        token=name,
        state=state,
        end=known[1],
        reason=why,
        text=plain,
        submitted_at=when(submitted, offset),
        # without nodes the start is expected, or the time of the cancelling; the end of a live job is expected
        started_at=when(started, offset) if nodes and state is not SiteState.QUEUED else None,
        ended_at=when(ended, offset) if state is SiteState.ENDED else None,
    )
    return Read(
        dict(_each(found, job)), f"squeue shows only a part of the array {found.site_id}" if found.cut else None
    )


@dataclass(slots=True)
class _Record:
    """A run of a job in the accounting: its own line and those of its steps."""

    id: JobId
    columns: list[str]
    steps: list[tuple[str, list[str]]]


def _records(text: str) -> Iterator[_Record]:
    record: _Record | None = None
    for line in text.splitlines():
        columns = line.split("|", 13)
        found = job_id(columns[0])
        if found is None or len(columns) < 14:
            continue
        if found.step is None:
            if record:
                yield record
            record = _Record(found, columns, [])
        elif record and (record.id.site_id, record.id.indexes) == (found.site_id, found.indexes):
            record.steps.append((found.step, columns))
    if record:
        yield record


def _energy(record: _Record) -> tuple[float | None, str | None]:
    """The best of the meter's sums for a job.

    The job's own sum leaves out the batch step, the batch step measures the first node only, other steps only their own
    time. Each is a part and none is more than the whole, so the largest is nearest to it.
    """
    sums = {"sacct job": joules(record.columns[9])}
    numbered = [joules(columns[9]) for step, columns in record.steps if step not in ("batch", "extern")]
    sums["sacct steps"] = sum(filter(None, numbered)) or None
    for step, columns in record.steps:
        if step in ("batch", "extern"):
            sums[f"sacct {step} step"] = joules(columns[9])
    best = max(((value, name) for name, value in sums.items() if value), default=None)
    return best if best else (None, None)


def _usage(record: _Record) -> SiteUsage | None:
    columns = record.columns
    elapsed = float(columns[6]) if columns[6].isdigit() else 0.0
    allocated = resources(columns[10])
    if not allocated and elapsed == 0:
        return SiteUsage(nodes=0, cpus=0, elapsed_s=0.0)
    energy, source = _energy(record)
    sizes = [size_bytes(step[8]) for _, step in record.steps]
    nodes = columns[11]
    return SiteUsage(
        nodes=int(allocated.get("node", 1)),
        cpus=int(allocated.get("cpu", 0)),
        elapsed_s=elapsed,
        cpu_s=seconds(columns[7]),
        max_rss_bytes=max(filter(None, sizes), default=None),
        energy_j=energy,
        energy_source=source,
        gpus=int(allocated.get("gres/gpu") or sum(int(v) for k, v in allocated.items() if k.startswith("gres/gpu:"))),
        node_list=None if nodes == "None assigned" or not nodes else nodes,
        sharing_unknown=NOT_ASKED if energy else None,
    )


def _end(told: SiteEnd | None, exit_text: str) -> SiteEnd | None:
    """Slurm says 0:53 of a batch script whose output files or folder its daemon could not open: it never began."""
    return SiteEnd.NOT_LAUNCHED if told is SiteEnd.FAILED and exit_text == "0:53" else told


def _accounted(record: _Record, known: tuple[SiteState, SiteEnd | None], offset: timedelta) -> SiteJob:
    _, word, exit_text, submitted, started, ended, *_, reason, name = record.columns
    state, why, plain = _reason(known[0], word, reason)
    ran = bool(record.columns[10])
    ended_at = when(ended, offset)
    if state is SiteState.ENDED and ended_at is None:  # of a job that failed at once the end is written after its state
        state = SiteState.COMPLETING
    over = state is SiteState.ENDED
    code, _, signal = exit_text.partition(":")
    return SiteJob(
        site_id=record.id.site_id,
        index=None,
        token=name,
        state=state,
        end=_end(known[1], exit_text) if over else None,
        reason=why,
        text=plain,
        exit_code=int(code) if over and ran and code.isdigit() else None,
        signal=int(signal) if over and signal.isdigit() and signal != "0" else None,
        submitted_at=when(submitted, offset),
        started_at=when(started, offset) if ran else None,
        ended_at=ended_at if over else None,
        usage=_usage(record) if over or ran else None,
    )


def read_sacct(text: str, offset: timedelta = timedelta(0)) -> Read:
    """Lines of SACCT_COLUMNS, with duplicates (-D): of a requeued job the newest run, the former ones as `earlier`."""
    runs: dict[Key, list[SiteJob]] = {}
    complaint = None
    for record in _records(text):
        known = state_of(record.columns[1])
        if known is None:
            complaint = f"sacct shows a state that is not known: {record.columns[1]}"
            continue
        if record.id.cut:
            complaint = f"sacct shows only a part of the array {record.id.site_id}"
        for key, job in _each(record.id, _accounted(record, known, offset)):
            runs.setdefault(key, []).append(job)
    return Read({key: _newest(each) for key, each in runs.items()}, complaint)


def _newest(runs: list[SiteJob]) -> SiteJob:
    runs = sorted(runs, key=lambda job: job.submitted_at or datetime.min.replace(tzinfo=UTC))
    newest = runs[-1]
    # ids are used again after the controller's counter was reset: another name is another job
    former = [job for job in runs[:-1] if job.token == newest.token]
    earlier = tuple(job.usage for job in former if job.usage and job.usage.nodes)
    return replace(newest, restarts=len(former), earlier=earlier)


def read_scontrol(text: str, offset: timedelta = timedelta(0)) -> Read:
    """`scontrol -o show job`: where no accounting is kept, all that tells of ended jobs, for some minutes."""
    jobs: dict[Key, SiteJob] = {}
    complaint = None
    for line in text.splitlines():
        facts = pairs(line)
        known = state_of(facts.get("JobState", "")) if "JobId" in facts else None
        if known is None:
            if "JobId" in facts:
                complaint = f"scontrol shows a state that is not known: {facts.get('JobState')}"
            continue
        array = facts.get("ArrayJobId")
        task = facts.get("ArrayTaskId", "")
        indexes = array_indexes(task)[0] if array else (None,)
        state, why, plain = _reason(known[0], facts["JobState"], facts.get("Reason", ""))
        code, _, signal = facts.get("ExitCode", "").partition(":")
        over = state is SiteState.ENDED
        began = when(facts.get("StartTime", ""), offset)
        job = SiteJob(
            site_id=array or facts["JobId"],
            index=None,
            token=facts.get("JobName", ""),
            state=state,
            end=_end(known[1], facts.get("ExitCode", "")),
            reason=why,
            text=plain,
            exit_code=int(code) if over and code.isdigit() else None,
            signal=int(signal) if over and signal.isdigit() and signal != "0" else None,
            submitted_at=when(facts.get("SubmitTime", ""), offset),
            started_at=began if facts.get("NodeList") and state is not SiteState.QUEUED else None,
            ended_at=when(facts.get("EndTime", ""), offset) if over else None,
            restarts=int(facts.get("Restarts", "0") or 0),
        )
        jobs.update(_each(JobId(job.site_id, indexes), job))
    return Read(jobs, complaint)


def merge(live: dict[Key, SiteJob], accounted: dict[Key, SiteJob]) -> dict[Key, SiteJob]:
    """One view of two sources.

    A job that squeue shows alive is alive: the accounting lags, and of a requeued job it may know only the former run
    (submitted before; a requeue submits anew). Of an ended one the accounting knows more.
    """
    merged = {**accounted, **live}
    for key in accounted.keys() & live.keys():
        job, other = live[key], accounted[key]
        if job.state is SiteState.ENDED and other.state is SiteState.ENDED:
            merged[key] = other
        elif job.submitted_at and other.submitted_at and other.submitted_at < job.submitted_at:
            runs = (*other.earlier, other.usage) if other.usage else other.earlier
            merged[key] = replace(job, restarts=other.restarts + 1, earlier=runs)
        else:
            merged[key] = replace(job, restarts=other.restarts, earlier=other.earlier)
    return merged
