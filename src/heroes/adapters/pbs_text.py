"""Reads what PBS's commands print, of OpenPBS and of Torque. Pure; tested on recorded output."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from heroes.adapters.arrays import index_of
from heroes.adapters.pbs_words import KILLED, KILLS, STATES, TERMINATED, plain_reason
from heroes.adapters.ports import Counters, Key, QueueFacts, SiteEnd, SiteJob, SiteState, SiteUsage
from heroes.adapters.slurm_text import seconds

Attributes = dict[str, str]
LIST = "HEROES_INDEXES"
"""the variable in which the indexes of an uneven array travel"""

_ELEMENT = re.compile(r"(\d+)\[(\d+)\](.*)")
_UNKNOWN = re.compile(r"Unknown Job Id(?: Error)?:?\s+(\S+)", re.IGNORECASE)
_FINE = re.compile(r"unknown job id|job has finished", re.IGNORECASE)
_DOWN = ("down", "offline", "unknown", "stale", "maintenance", "provision", "sleep", "unresolvable")

# ------------------------------------------------------------------------------------------------------------- records


def records(text: str) -> Iterator[tuple[str, Attributes]]:
    """Read objects with their attributes, nested ones dotted: "Job Id: 0.delta", "Queue: workq", a bare node's name.

    Long values go on in lines that begin with a tab. JSON of the same commands is read too, whatever it is about.
    """
    if text.lstrip().startswith("{"):
        yield from _json_records(text)
        return
    name: str | None = None
    found: Attributes = {}
    key = ""
    for line in text.splitlines():
        match = re.fullmatch(r"\s+([\w.]+) = (.*)", line)
        if line.startswith("\t") and key:
            found[key] += line[1:]
        elif match and name is not None:
            key = match[1]
            found[key] = match[2]
        elif line.strip() and not line[0].isspace():
            if name is not None and found:
                yield name, found
            name, found, key = re.sub(r"^(Job Id|Queue|Server): *", "", line.strip()), {}, ""
    if name is not None and found:
        yield name, found


def _json_records(text: str) -> Iterator[tuple[str, Attributes]]:
    try:
        whole = json.loads(text, strict=False)
    except ValueError:
        return
    for part in ("Jobs", "Queue", "nodes", "Server"):
        for name, attributes in (whole.get(part) or {}).items():
            yield name, dict(_flat(attributes))


def _flat(attributes: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in attributes.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, str(value)


def when(text: str | None) -> datetime | None:
    """Read a time as PBS writes it; the commands are asked with TZ=UTC0, so it is UTC. Or seconds since the epoch."""
    if not text:
        return None
    if text.isdigit():
        return datetime.fromtimestamp(int(text), UTC)
    try:
        return datetime.strptime(" ".join(text.split()), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def size_bytes(text: str | None) -> int | None:
    """Read 512000kb, 64gb, 500mb, 12b; words are refused."""
    match = re.fullmatch(r"(\d+)([kmgtp]?)b", text or "")
    return int(match[1]) << 10 * " kmgtp".index(match[2] or " ") if match else None


def _whole(text: str | None) -> int:
    match = re.match(r"\d+", text or "")
    return int(match[0]) if match else 0


# ---------------------------------------------------------------------------------------------------------------- jobs


@dataclass(slots=True)
class Read:
    """The jobs that a source tells of, those it surely does not know, and what it complains of."""

    jobs: dict[Key, SiteJob] = field(default_factory=dict)
    elements: dict[Key, str] = field(default_factory=dict)
    """the site's own ids of array elements"""
    unknown: set[str] = field(default_factory=set)
    complaint: str | None = None


def read_jobs(text: str) -> Read:
    """Read `qstat -f -t`, its complaints behind it. Arrays themselves are left out: their elements tell."""
    read = Read()
    for line in text.splitlines():
        if line.startswith(("qstat:", "pbs_iff:", "Connection refused", "No Permission")):
            if match := _UNKNOWN.search(line):
                read.unknown.add(match[1].rstrip("."))
            elif not _FINE.search(line):
                read.complaint = line.strip()
    told = "\n".join(line for line in text.splitlines() if not line.startswith("qstat:"))
    for name, facts in records(told):
        state = STATES.get(facts.get("job_state", ""))
        if state is None:
            if "job_state" in facts:
                read.complaint = f"qstat shows a state that is not known: {facts['job_state']} of {name}"
            continue
        if re.match(r"\d+\[\]", name):
            continue
        site_id, index = name, None
        if match := _ELEMENT.fullmatch(name):
            site_id = f"{match[1]}[]{match[3]}"
            try:
                index = index_of(int(match[2]), 0, facts.get(LIST))
            except IndexError:
                read.complaint = f"{name} is an element that was not ordered"
                continue
            read.elements[site_id, index] = name
        read.jobs[site_id, index] = _job(site_id, index, state, facts)
    return read


def _job(site_id: str, index: int | None, state: SiteState, facts: Attributes) -> SiteJob:
    comment = facts.get("comment", "")
    starts = max(_whole(facts.get("run_count")), _whole(facts.get("start_count")))
    started = when(facts.get("stime") or facts.get("start_time"))
    ran = started is not None and state not in (SiteState.QUEUED, SiteState.HELD)
    over = state is SiteState.ENDED
    waits = state in (SiteState.QUEUED, SiteState.HELD)
    end, code, signal = _end(facts, ran) if over else (None, None, None)
    return SiteJob(
        site_id=site_id,
        index=index,
        token=facts.get("Job_Name", ""),
        state=state,
        end=end,
        reason=comment or (facts["job_state"] if over else None) if waits or over else None,
        text=(plain_reason(comment) or _held(state)) if waits else None,
        exit_code=code,
        signal=signal,
        submitted_at=when(facts.get("ctime") or facts.get("qtime")),
        started_at=started if ran else None,
        ended_at=_ended(facts) if over else None,
        restarts=max(0, starts - 1),
        usage=_usage(facts, ran) if over or ran else None,
    )


def _held(state: SiteState) -> str | None:
    return "It is held; release it at the site, or cancel it." if state is SiteState.HELD else None


def _ended(facts: Attributes) -> datetime | None:
    for name in ("obittime", "comp_time", "history_timestamp", "mtime"):
        if found := when(facts.get(name)):
            return found
    return None


def _end(facts: Attributes, ran: bool) -> tuple[SiteEnd, int | None, int | None]:
    """How it ended, its exit code and the signal that ended it."""
    text = facts.get("Exit_status", facts.get("exit_status", ""))
    deleted = facts.get("substate") == TERMINATED or "terminated" in facts.get("comment", "")
    if not re.fullmatch(r"-?\d+", text):
        return (SiteEnd.CANCELLED if deleted or not ran else SiteEnd.UNKNOWN), None, None
    status = int(text)
    if status < 0:
        return KILLS.get(status, SiteEnd.NODE_FAILURE), None, None
    if status == 0:
        return SiteEnd.COMPLETED, 0, None
    if status < KILLED:
        return SiteEnd.FAILED, status, None
    signal = status - KILLED
    if "walltime" in facts.get("comment", "") or _late(facts):
        return SiteEnd.TIME_LIMIT, None, signal
    if deleted or (signal == 15 and "failed" not in facts.get("comment", "")):  # SIGTERM is qdel's
        return SiteEnd.CANCELLED, None, signal
    return SiteEnd.FAILED, 128 + signal, signal


def _late(facts: Attributes) -> bool:
    used, asked = seconds(facts.get("resources_used.walltime", "")), seconds(facts.get("Resource_List.walltime", ""))
    return used is not None and asked is not None and used >= asked


def counters_of(job: SiteJob) -> Counters | None:
    """Return what a running job has used; its nodes told it at their own time, when they also told how long it runs."""
    usage = job.usage
    if job.state is not SiteState.RUNNING or usage is None or usage.cpu_s is None or job.started_at is None:
        return None
    read_at = job.started_at + timedelta(seconds=usage.elapsed_s)
    return Counters(read_at, {"job": usage.cpu_s}, memory_bytes=usage.max_rss_bytes) if usage.elapsed_s else None


def _usage(facts: Attributes, ran: bool) -> SiteUsage:
    if not ran:
        return SiteUsage(nodes=0, cpus=0, elapsed_s=0.0)
    hosts = sorted({part.split("/")[0] for part in facts.get("exec_host", "").split("+") if part})
    asked = "Resource_List."
    cpus = _whole(facts.get("resources_used.ncpus")) or _whole(facts.get(f"{asked}ncpus"))
    return SiteUsage(
        nodes=len(hosts) or _whole(facts.get(f"{asked}nodect")) or 1,
        cpus=cpus or facts.get("exec_host", "").count("/") or 1,
        elapsed_s=seconds(facts.get("resources_used.walltime", "")) or 0.0,
        cpu_s=seconds(facts.get("resources_used.cput", "")),
        max_rss_bytes=size_bytes(facts.get("resources_used.mem")) or None,
        gpus=_whole(facts.get(f"{asked}ngpus")) or _whole(facts.get(f"{asked}gpus")),
        node_list=",".join(hosts) or None,
    )


# -------------------------------------------------------------------------------------------------------------- queues


@dataclass(frozen=True, slots=True)
class _Node:
    cores: int
    used: int
    memory: int | None
    gpus: int
    down: bool
    free: bool
    queues: frozenset[str]
    """the only queues that it serves, none: all"""


def _node(facts: Attributes) -> _Node:
    has, taken = "resources_available.", "resources_assigned."
    states = facts.get("state", "").replace(" ", "").split(",")
    status = dict(pair.split("=", 1) for pair in facts.get("status", "").split(",") if "=" in pair)  # Torque
    jobs = [each for each in facts.get("jobs", "").split(",") if each.strip()]
    cores = _whole(facts.get(f"{has}ncpus")) or _whole(facts.get("np")) or _whole(facts.get("pcpus"))
    own = f"{facts.get('queue', '')},{facts.get(f'{has}Qlist', '')}".split(",")
    down = any(word in state for state in states for word in _DOWN)
    used = _whole(facts.get(f"{taken}ncpus")) or len(jobs)
    return _Node(
        cores=cores,
        used=min(used, cores),
        memory=size_bytes(facts.get(f"{has}mem") or status.get("physmem")),
        gpus=_whole(facts.get(f"{has}ngpus")) or _whole(facts.get("gpus")),
        down=down,
        free=states == ["free"] and used == 0,
        queues=frozenset(name.strip() for name in own if name.strip()),
    )


def read_queues(queues: str, nodes: str, default: str | None) -> list[QueueFacts]:
    """Read `qstat -Qf` and `pbsnodes -a`. Queues that only other queues feed are left out: nobody submits to them."""
    every = [_node(facts) for _, facts in records(nodes)]
    found = []
    for name, facts in records(queues):
        if facts.get("from_route_only") == "True":
            continue
        own = [node for node in every if name in node.queues] or [node for node in every if not node.queues]
        up = [node for node in own if not node.down]
        smallest = min(up or own, key=lambda node: (node.cores, node.memory or 0, node.gpus), default=None)
        counts = dict(re.findall(r"(\w+):(\d+)", facts.get("state_count", "")))
        limit = seconds(facts.get("resources_max.walltime", ""))
        usual = seconds(facts.get("resources_default.walltime", ""))
        found.append(
            QueueFacts(
                name=name,
                nodes_total=len(own),
                nodes_free=sum(node.free for node in up),
                cores_per_node=smallest.cores if smallest else 0,
                memory_bytes_per_node=smallest.memory if smallest else None,
                gpus_per_node=smallest.gpus if smallest else 0,
                max_walltime_s=None if limit is None else int(limit),
                max_nodes=_whole(facts.get("resources_max.nodect")) or None,
                state=_queue_state(facts.get("enabled") == "True", facts.get("started") == "True"),
                pending_jobs=sum(int(counts.get(word, 0)) for word in ("Queued", "Held", "Waiting")),
                running_jobs=sum(int(counts.get(word, 0)) for word in ("Running", "Exiting", "Begun")),
                down_nodes=len(own) - len(up),
                cores_total=sum(node.cores for node in own),
                cores_free=sum(node.cores - node.used for node in up),
                default=name == default,
                default_walltime_s=None if usual is None else int(usual),
            )
        )
    return found


def _queue_state(enabled: bool, started: bool) -> Literal["UP", "DOWN", "DRAIN", "INACTIVE"]:
    if enabled:
        return "UP" if started else "DOWN"
    return "DRAIN" if started else "INACTIVE"
