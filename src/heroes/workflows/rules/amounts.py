"""Resources: what a step asks of a queue, as written (numbers, units or templates) and as numbers."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from heroes.kit.faults import Wrong
from heroes.workflows.rules.templates import render, whole

_MEMORY_UNITS = {"B": 1} | {
    f"{prefix}{suffix}": base**power
    for base, suffix in ((1000, "B"), (1024, "iB"))
    for power, prefix in enumerate(("K", "M", "G", "T", "P"), start=1)
}
_MEMORY_UNITS["kB"] = 1000
_TIME_UNITS = {
    name: seconds
    for names, seconds in (
        (("s", "sec"), 1),
        (("min",), 60),
        (("h", "hour", "hours"), 3600),
        (("d", "day", "days"), 86400),
    )
    for name in names
}
_QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", re.ASCII)
_CLOCK = re.compile(r"\s*(?:(\d{1,3})-)?(\d{1,3}):([0-5]\d):([0-5]\d)\s*", re.ASCII)
_MOST = 2**53


@dataclass(frozen=True, slots=True)
class Resources:
    """As written in the bundle: each a number, a quantity with its unit, or a template; None = not said."""

    cores: int | str | None = None
    nodes: int | str = 1
    tasks: int | str | None = None
    memory: int | str | None = None
    walltime: int | str | None = None
    gpus: int | str = 0


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one job asks for. `cores` and `gpus` are totals over all nodes, memory is per node."""

    cores: int = 1
    nodes: int = 1
    tasks: int = 1
    memory_bytes: int | None = None
    walltime_s: int | None = None
    gpus: int = 0

    @property
    def cores_per_task(self) -> int:
        return self.cores // self.tasks


def memory_bytes(value: object) -> int:
    """Bytes of a number (bytes) or of text such as "256 MiB". Raises ValueError."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _whole(value, "memory", least=1)
    match = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if match is None or (match[2] and match[2] not in _MEMORY_UNITS):
        text = f"memory {_shown(value)} is not a quantity; write for example 512 MiB, 4 GiB or 4 GB"
        raise Wrong(text, "no_quantity", given=_shown(value))
    return _whole(math.ceil(float(match[1]) * _MEMORY_UNITS[match[2] or "B"]), "memory", least=1)


def walltime_s(value: object) -> int:
    """Seconds of a number (seconds) or of text such as "00:05:00", "1-00:00:00" or "5 min". Raises ValueError."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _whole(value, "walltime", least=1)
    text = value if isinstance(value, str) else ""
    if clock := _CLOCK.fullmatch(text):
        days, hours, minutes, seconds = (int(group or 0) for group in clock.groups())
        return _whole(((days * 24 + hours) * 60 + minutes) * 60 + seconds, "walltime", least=1)
    match = _QUANTITY.fullmatch(text)
    if match is None or (match[2] and match[2] not in _TIME_UNITS):
        text = f"walltime {_shown(value)} is not a time; write 00:05:00 (h:min:s), 1-00:00:00, 300 or 5 min"
        raise Wrong(text, "no_walltime", given=_shown(value))
    return _whole(math.ceil(float(match[1]) * _TIME_UNITS[match[2] or "s"]), "walltime", least=1)


def count(value: object, name: str, least: int = 1) -> int:
    """A whole number, also when written as text. Raises ValueError."""
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,15}\s*", value, re.ASCII):
        value = int(value)
    return _whole(value, name, least)


def amounts(resources: Resources, params: Mapping[str, Any], item: Any = None, index: int | None = None) -> Amounts:
    """The numbers of one job. Cores default to one per task. Raises ValueError naming the resource."""

    def rendered(value: int | str | None) -> Any:
        return render(value, params, item, index) if isinstance(value, str) else value

    tasks_asked, cores_asked = rendered(resources.tasks), rendered(resources.cores)
    nodes = count(rendered(resources.nodes), "nodes")
    tasks = 1 if tasks_asked is None else count(tasks_asked, "tasks")
    if tasks_asked is None and nodes > 1:
        tasks = nodes
    cores = tasks if cores_asked is None else count(cores_asked, "cores")
    if cores % tasks:
        text = f"{cores} cores cannot be shared evenly by {tasks} tasks; ask for a multiple of {tasks} cores"
        raise Wrong(text, "uneven_cores", cores=cores, tasks=tasks)
    if tasks < nodes:
        text = f"{tasks} tasks leave some of {nodes} nodes idle; ask for at most {tasks} nodes"
        raise Wrong(text, "idle_nodes", tasks=tasks, nodes=nodes)
    memory, walltime = rendered(resources.memory), rendered(resources.walltime)
    return Amounts(
        cores=cores,
        nodes=nodes,
        tasks=tasks,
        memory_bytes=None if memory is None else memory_bytes(memory),
        walltime_s=None if walltime is None else walltime_s(walltime),
        gpus=count(rendered(resources.gpus), "gpus", least=0),
    )


def literal_problem(name: str, value: int | str | None) -> Wrong | None:
    """What is wrong with a resource as written; templates are judged when they are rendered."""
    if value is None or (isinstance(value, str) and "{{" in value):
        if isinstance(value, str) and whole(value) is None and name not in ("memory", "walltime"):
            return Wrong(f"{name} must be a number or exactly one reference", "number_or_reference", name=name)
        return None
    try:
        if name == "memory":
            memory_bytes(value)
        elif name == "walltime":
            walltime_s(value)
        else:
            count(value, name, least=0 if name == "gpus" else 1)
    except Wrong as wrong:
        return wrong
    return None


def _whole(value: object, name: str, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value != math.floor(value):
        raise Wrong(f"{name} {_shown(value)} is not a whole number", "not_whole", name=name, given=_shown(value))
    if not least <= value <= _MOST:
        if value < least:
            raise Wrong(f"{name} must be at least {least}", "resource_too_small", name=name, least=least)
        raise Wrong(f"{name} {value} is too large", "resource_too_large", name=name)
    return int(value)


def _shown(value: object) -> str:
    return repr(value)[:60]
