"""Reads what Slurm says about itself: its queues, how full they are, and how it is set up. Pure."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from heroes.adapters.ports import QueueFacts
from heroes.adapters.slurm_text import pairs, seconds

SINFO_COLUMNS = "%R|%T|%D|%c|%m|%C|%G"

_FREE = ("idle",)
_DOWN = (
    "down",
    "drain",
    "fail",
    "error",
    "maint",
    "unknown",
    "inval",
    "future",
    "power_down",
    "powering_down",
    "reboot",
)
_STATES: dict[str, Literal["UP", "DOWN", "DRAIN", "INACTIVE"]] = {
    "UP": "UP",
    "DOWN": "DOWN",
    "DRAIN": "DRAIN",
    "INACTIVE": "INACTIVE",
}


def gpus(gres: str) -> int:
    """Of a node's Gres: "gpu:4", "gpu:a100:4(S:0-1),nvme:1", "(null)"."""
    return sum(int(count) for count in re.findall(r"(?:^|,)gpu:(?:[^:,()]+:)?(\d+)", gres))


@dataclass(slots=True)
class _Nodes:
    total: int = 0
    free: int = 0
    down: int = 0
    cores: int = 0
    cores_free: int = 0
    sizes: set[tuple[int, int, int]] = field(default_factory=set)
    """cores, memory in MiB, GPUs"""


def _number(text: str) -> int:
    match = re.match(r"\d+", text)
    return int(match[0]) if match else 0


def _nodes(text: str) -> dict[str, _Nodes]:
    """sinfo's lines of like nodes. A star behind the state means that the node does not answer."""
    found: dict[str, _Nodes] = {}
    for line in text.splitlines():
        columns = line.split("|")
        if len(columns) != 7 or not columns[2].isdigit():
            continue
        queue, state, count_text, cpus, memory, usage, gres = columns
        nodes = found.setdefault(queue, _Nodes())
        count = int(count_text)
        nodes.total += count
        nodes.sizes.add((_number(cpus), _number(memory), gpus(gres)))
        parts = usage.split("/")
        nodes.cores += _number(parts[-1])
        if "*" in state or state.startswith(_DOWN):
            nodes.down += count
            continue
        nodes.cores_free += _number(parts[1]) if len(parts) == 4 else 0
        if state.rstrip("~#!%$@^-+") in _FREE:
            nodes.free += count
    return found


def _jobs(text: str) -> tuple[Counter[str], Counter[str]]:
    """Waiting and running jobs by queue, of counted lines "  12 queue|PD". A job may wait for several queues."""
    waiting: Counter[str] = Counter()
    running: Counter[str] = Counter()
    for count, queues, state in re.findall(r"^ *(\d+) (\S+)\|([A-Z]+)$", text, re.MULTILINE):
        for queue in queues.split(","):
            (waiting if state in ("PD", "RH", "RQ", "SE") else running)[queue] += int(count)
    return waiting, running


def read_queues(partitions: str, sinfo: str, squeue: str) -> list[QueueFacts]:
    """`scontrol -o show partition`, `sinfo -h -o SINFO_COLUMNS` and counted squeue lines."""
    nodes = _nodes(sinfo)
    waiting, running = _jobs(squeue)
    found = []
    for line in partitions.splitlines():
        facts = pairs(line)
        name = facts.get("PartitionName")
        if not name or facts.get("RootOnly") == "YES":
            continue
        seen = nodes.get(name, _Nodes())
        cores, memory_mib, gpu_count = min(seen.sizes, default=(0, 0, 0))
        limit = seconds(facts.get("MaxTime", ""))
        default_time = seconds(facts.get("DefaultTime", ""))
        allowed = facts.get("AllowAccounts", "ALL")
        found.append(
            QueueFacts(
                name=name,
                nodes_total=seen.total,
                nodes_free=seen.free,
                cores_per_node=cores,
                memory_bytes_per_node=memory_mib << 20 or None,
                gpus_per_node=gpu_count,
                max_walltime_s=None if limit is None else int(limit),
                max_nodes=int(facts["MaxNodes"]) if facts.get("MaxNodes", "").isdigit() else None,
                state=_STATES.get(facts.get("State", ""), "INACTIVE"),
                pending_jobs=waiting[name],
                running_jobs=running[name],
                down_nodes=seen.down,
                cores_total=seen.cores,
                cores_free=seen.cores_free,
                default=facts.get("Default") == "YES",
                default_walltime_s=None if default_time is None else int(default_time),
                accounts=None if allowed == "ALL" else tuple(allowed.split(",")),
            )
        )
    return found


# --------------------------------------------------------------------------------------------------------- how set up


def config(text: str) -> dict[str, str]:
    """`scontrol show config`: "Key   = value" lines."""
    return {k.strip(): v.strip() for k, sep, v in (line.partition("=") for line in text.splitlines()) if sep}


def energy_meter(settings: dict[str, str]) -> dict[str, Any]:
    """The plugin that measures energy (None: there is no meter) and how often it is read, in seconds.

    `interval_s` None means that it is read at the start and the end of a step only.
    """
    plugin = settings.get("AcctGatherEnergyType", "").rpartition("/")[2]
    if plugin in ("", "none", "(null)"):
        return {"plugin": None, "interval_s": None}
    by_job = re.search(r"energy=(\d+)", settings.get("JobAcctGatherFrequency", ""))
    intervals = [int(by_job[1]) if by_job else 0, _number(settings.get("AcctGatherNodeFreq", ""))]
    return {"plugin": plugin, "interval_s": min((each for each in intervals if each), default=None)}


def associations(text: str) -> list[dict[str, Any]]:
    """`sacctmgr -n -P show assoc format=Account,Partition,MaxJobs,MaxSubmitJobs,GrpSubmitJobs,DefaultQOS,QOS`."""
    found = []
    for line in text.splitlines():
        columns = line.split("|")
        if len(columns) != 7:
            continue
        account, partition, jobs, submit, group, default_qos, qos = columns
        limits = [int(each) for each in (submit, group) if each.isdigit()]
        found.append(
            {
                "account": account,
                "queue": partition or None,
                "max_jobs": int(jobs) if jobs.isdigit() else None,
                "max_submit": min(limits, default=None),
                "default_qos": default_qos or None,
                "qos": [each for each in qos.split(",") if each],
            }
        )
    return found


def whole(settings: dict[str, str], key: str) -> int | None:
    """A whole number at the start of a setting ("300 sec"), or None."""
    return _number(settings[key]) if settings.get(key, "")[:1].isdigit() else None
