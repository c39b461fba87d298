"""Reads what Grid Engine's commands print, and its words. Pure; tested on recorded output."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from heroes.adapters.arrays import array_indexes, index_of
from heroes.adapters.ports import Key, QueueFacts, SiteEnd, SiteJob, SiteState, SiteUsage
from heroes.adapters.questions import No
from heroes.adapters.slurm_text import seconds

Facts = dict[str, str]

SHIFT = 1
"""elements are numbered from 1: index 0 is task 1"""
RESCHEDULED = (24, 25, 99)
"""failure codes of a run that another one follows"""
OVER_LIMIT = 37
AFTER_JOB = 100
"""the failure code of a job that a signal ended"""

IN_DOUBT = (
    "unable to (contact|send|receive)|timeout|timed out|connect|commlib|communication|got (no|read)|qmaster.*not|"
    "can't (get|resolve)|interrupt|error writing"
)
"""When qsub says this (an extended regular expression, case ignored), the master may have taken the job."""

REFUSALS = (
    No("unknown queue", "no", "The queue does not exist at the site. Choose one of its queues."),
    No("parallel environment.*does not exist", "no", "The parallel environment is gone; check the cluster again."),
    No(
        "no suitable queues|no suitable queue instance",
        "no",
        "No queue can ever give what the job asks for. Ask for fewer cores, less memory or time, or another queue.",
    ),
    No(
        "max(imum)? (number of )?(u_)?jobs|per user job limit|job limit|exceed.*jobs",
        "busy",
        "The site takes no more jobs of this account now: its limit on submitted jobs is reached.",
    ),
    No("job-array.*(exceed|too)|max_aj_tasks|array.*limit", "no", "The array is too large for the site. Split it."),
    No("project|account", "no", "The account may not be charged here. Ask the site for access, or name another one."),
    No("unknown resource|unknown (attribute|complex)", "no", "The site does not know a resource the job asks for."),
    No(
        "not allowed|denied|no permission|not.*submit host",
        "no",
        "The account may not submit here. Ask the site for access.",
    ),
    No("script file|no such file", "no", "The job's script is not at the site."),
    No("not found", "no", "The command qsub is not found. The account's PATH must contain Grid Engine's commands."),
)


# -------------------------------------------------------------------------------------------------------------- values


def when(text: str | None) -> datetime | None:
    """Read a time in UTC: the commands are asked with TZ=UTC0. "-/-" is none."""
    text = " ".join((text or "").split())
    for shape in ("%a %b %d %H:%M:%S %Y", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %H:%M:%S"):
        try:
            return datetime.strptime(text.split(".")[0], shape).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def size_bytes(text: str | None) -> int | None:
    """Read 23.5G, 4.586KB, 0.000B, 4586."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT]?)B?", text or "")
    return int(float(match[1]) * 1024 ** " KMGT".index(match[2] or " ")) if match else None


def _number(text: str | None) -> int | None:
    match = re.match(r"-?\d+", text or "")
    return int(match[0]) if match else None


def _name(text: str) -> tuple[str, str]:
    """A job's token, and the list of indexes that an uneven array carries behind it."""
    token, _, listed = text.partition(".")
    return token, listed


def _site_id(number: str, task: int | None) -> str:
    return number if task is None else f"{number}[]"


# ---------------------------------------------------------------------------------------------------------- live jobs


@dataclass(slots=True)
class Read:
    """The jobs that a source tells of, and the site's own ids of array elements."""

    jobs: dict[Key, SiteJob] = field(default_factory=dict)
    elements: dict[Key, str] = field(default_factory=dict)
    complaint: str | None = None


def read_qstat(text: str) -> Read:
    """Read `qstat -xml`. Elements that wait together come folded and leave unfolded."""
    read = Read()
    for block in re.findall(r"<job_list [^>]*>(.*?)</job_list>", text, re.DOTALL):
        facts = {key: html.unescape(value) for key, value in re.findall(r"<(\w+)>([^<]*)</\1>", block)}
        number, word = facts.get("JB_job_number", ""), facts.get("state", "")
        token, listed = _name(facts.get("JB_name", ""))
        state, why = _live_state(word)
        for task in _tasks(facts.get("tasks")):
            try:
                index = None if task is None else index_of(task, SHIFT, listed)
            except IndexError:
                read.complaint = f"task {task} of job {number} was not ordered"
                continue
            waits = state in (SiteState.QUEUED, SiteState.HELD)
            job = SiteJob(
                site_id=_site_id(number, task),
                index=index,
                token=token,
                state=state,
                reason=word if why else None,
                text=why,
                submitted_at=when(facts.get("JB_submission_time")),
                started_at=None if waits else when(facts.get("JAT_start_time")),
            )
            read.jobs[job.key] = job
            if task is not None:
                read.elements[job.key] = f"{number}.{task}"
    if "</job_info>" not in text:
        read.complaint = " ".join(text.split())[:300] or "qstat says nothing"
    return read


def _tasks(text: str | None) -> Iterable[int | None]:
    return array_indexes(text)[0] if text else (None,)


def _live_state(word: str) -> tuple[SiteState, str | None]:
    if "E" in word:
        return SiteState.HELD, "It could not be started and waits in error; ask the site's staff, or cancel it."
    if "d" in word:
        return SiteState.COMPLETING, "It is being deleted."
    if "h" in word and "q" in word:
        return SiteState.HELD, "It is held, or waits for another job; release it at the site, or cancel it."
    if "q" in word:
        return SiteState.QUEUED, "It waits until the scheduler finds room for it."
    return SiteState.RUNNING, None


# ---------------------------------------------------------------------------------------------------------- accounting


def accounts(text: str) -> Iterator[Facts]:
    """Read the records of `qacct -j`."""
    for block in re.split(r"^=+$", text, flags=re.MULTILINE):
        facts = {key: value.strip() for key, value in re.findall(r"^(\w+) +(.*)$", block, re.MULTILINE)}
        if "jobnumber" in facts:
            yield facts


def read_qacct(text: str) -> Read:
    """Read `qacct -j`: several records of a job are former runs, or the hosts of one run."""
    runs: dict[Key, list[Facts]] = {}
    read = Read()
    for facts in accounts(text):
        task = _number(facts.get("taskid"))
        _, listed = _name(facts.get("jobname", ""))
        try:
            index = None if task is None else index_of(task, SHIFT, listed)
        except IndexError:
            continue
        runs.setdefault((_site_id(facts["jobnumber"], task), index), []).append(facts)
    for key, records in runs.items():
        former = [facts for facts in records if _failed(facts) in RESCHEDULED]
        last = [facts for facts in records if facts not in former]
        if last:
            job = _accounted(key, last)
            read.jobs[key] = replace(job, restarts=len(former), earlier=tuple(_usage([facts]) for facts in former))
    complaints = [
        line for line in text.splitlines() if re.search("no such file|permission denied|unable to open", line, re.I)
    ]
    read.complaint = complaints[0] if complaints else None
    return read


def _failed(facts: Facts) -> int:
    return _number(facts.get("failed")) or 0


def _accounted(key: Key, records: list[Facts]) -> SiteJob:
    facts = max(records, key=_wallclock)
    started = when(facts.get("start_time"))
    end, code, signal = _end(facts)
    return SiteJob(
        site_id=key[0],
        index=key[1],
        token=_name(facts.get("jobname", ""))[0],
        state=SiteState.ENDED,
        end=end,
        reason=f"failed {facts.get('failed', '')}" if _failed(facts) else None,
        exit_code=code,
        signal=signal,
        submitted_at=when(facts.get("qsub_time")),
        started_at=started,
        ended_at=when(facts.get("end_time")),
        usage=_usage(records) if started else SiteUsage(nodes=0, cpus=0, elapsed_s=0.0),
    )


def _end(facts: Facts) -> tuple[SiteEnd, int | None, int | None]:
    """How it ended, its exit code and the signal that ended it."""
    failed, status = _failed(facts), _number(facts.get("exit_status")) or 0
    signal = status - 128 if status > 128 else None
    asked = re.search(r"\bh_rt=(\d+)", facts.get("category", ""))
    late = asked is not None and _wallclock(facts) >= int(asked[1])
    if failed == OVER_LIMIT or (failed == AFTER_JOB and late):
        return SiteEnd.TIME_LIMIT, None, signal
    if failed == AFTER_JOB and signal == 9:  # qdel's; a program out of memory is killed below the job's own shell
        return SiteEnd.CANCELLED, None, signal
    if failed in (0, AFTER_JOB):
        return (SiteEnd.FAILED if status else SiteEnd.COMPLETED), status, signal
    return SiteEnd.NODE_FAILURE, None, None


def _wallclock(facts: Facts) -> float:
    return float(re.sub(r"[^\d.]", "", facts.get("ru_wallclock", "")) or 0)


def _usage(records: list[Facts]) -> SiteUsage:
    hosts = sorted({facts.get("hostname", "") for facts in records})
    # Grid Engine 8.1 writes the kilobytes of ru_maxrss as if they were bytes
    sizes = [size for facts in records if (size := size_bytes(facts.get("ru_maxrss")))]
    return SiteUsage(
        nodes=len(hosts),
        cpus=max(_number(facts.get("slots")) or 1 for facts in records),
        elapsed_s=max(map(_wallclock, records)),
        cpu_s=sum(float(re.sub(r"[^\d.]", "", facts.get("cpu", "")) or 0) for facts in records),
        max_rss_bytes=max(sizes) * 1024 if sizes else None,
        node_list=",".join(hosts),
    )


# -------------------------------------------------------------------------------------------------------------- set up


def objects(text: str, first: str) -> dict[str, Facts]:
    """Read what `qconf -sq`, `-sp` … print of several objects; each begins with the key `first`, its name."""
    found: dict[str, Facts] = {}
    facts: Facts = {}
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        key, _, value = line.partition(" ")
        if key == first:
            facts = found.setdefault(value.strip(), {})
        elif key:
            facts[key] = value.strip()
    return found


def complexes(text: str) -> dict[str, str]:
    """Read `qconf -sc`: whether each resource is consumed: NO, YES (by slot) or JOB."""
    rows = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {row[0]: row[5] for row in rows if len(row) == 8}


def parallel_environment(
    queues: dict[str, Facts], environments: dict[str, Facts], queue: str | None, nodes: int, slots: int
) -> str | None:
    """Return the parallel environment by which so many nodes give so many slots each; None if the site has none."""
    names = {queue} if queue else set(queues)
    usable = {word for name in names for word in re.findall(r"[\w.-]+", queues.get(name or "", {}).get("pe_list", ""))}
    rules = ["$pe_slots", str(slots)] if nodes == 1 else [str(slots), "$round_robin", "$fill_up"]
    for rule in rules:
        for name, facts in sorted(environments.items()):
            if name in usable and facts.get("allocation_rule") == rule:
                return name
    return None


_STATES: dict[bool, Literal["UP", "DRAIN"]] = {False: "UP", True: "DRAIN"}


def read_queues(configured: str, instances: str, hosts: str, jobs: str) -> list[QueueFacts]:
    """Read `qconf -sq` of all queues, `qstat -f -xml`, `qhost -xml`, and counted lines "3 all.q", "2 -" (waiting)."""
    memory = dict(re.findall(r"<host name='([^']+)'>.*?name='mem_total'>([^<]*)<", hosts, re.DOTALL))
    counts = Counter({queue: int(count) for count, queue in re.findall(r"^ *(\d+) (\S+)$", jobs, re.MULTILINE)})
    by_queue: dict[str, list[Facts]] = {}
    for block in re.findall(r"<Queue-List>(.*?)</Queue-List>", instances, re.DOTALL):
        facts = dict(re.findall(r"<(\w+)>([^<]*)</\1>", re.sub(r"<job_list.*?</job_list>", "", block, flags=re.DOTALL)))
        by_queue.setdefault(facts.get("name", "").partition("@")[0], []).append(facts)
    found = []
    every = objects(configured, "qname")
    for name, settings in every.items():
        if "BATCH" not in settings.get("qtype", "BATCH"):
            continue
        nodes = by_queue.get(name, [])
        up = [node for node in nodes if not re.search("[udDEcos]", node.get("state", ""))]
        slots = [int(node.get("slots_total", 0)) for node in nodes]
        free = [int(node.get("slots_total", 0)) - int(node.get("slots_used", 0)) for node in up]
        sizes = [size_bytes(memory.get(node.get("name", "").partition("@")[2])) for node in nodes]
        limit = seconds(settings.get("h_rt", "").split(",")[0])
        closed = bool(nodes) and all(re.search("[dD]", node.get("state", "")) for node in nodes)
        found.append(
            QueueFacts(
                name=name,
                nodes_total=len(nodes),
                nodes_free=sum(node.get("slots_used") == "0" for node in up),
                cores_per_node=min(slots, default=0),
                memory_bytes_per_node=min(filter(None, sizes), default=None),
                gpus_per_node=0,
                max_walltime_s=None if limit is None else int(limit),
                max_nodes=None,
                state=_STATES[closed],
                pending_jobs=counts["-"],
                running_jobs=counts[name],
                down_nodes=len(nodes) - len(up),
                cores_total=sum(slots),
                cores_free=sum(free),
                default=len(every) == 1,
            )
        )
    return found
