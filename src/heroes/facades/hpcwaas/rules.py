"""The words of HPCWaaS and ours: identifiers, states, levels, durations, inputs. No I/O.

Source: docs/rest-api.md and the Go sources of github.com/eflows4hpc/hpcwaas-api, v0.4.0.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntFlag
from typing import Any

from heroes.kit.faults import Fault, fault
from heroes.workflows.rules import coerce

ANYWHERE, ANYWHERE_NAME = "any", "Wherever the ranking says"
LONGEST_WAIT = timedelta(minutes=2)
MOST_LOGS = 1000

_STATUSES = {
    "SUBMIT_IN_PROGRESS": "PENDING",
    "PENDING": "PENDING",
    "RUN_IN_PROGRESS": "RUNNING",
    "CANCEL_IN_PROGRESS": "CANCELLING",
    "CANCELED": "CANCELLED",
    "FINISHED": "SUCCEEDED",
    "FAILED": "FAILED",
}


class Level(IntFlag):
    """The bit mask of the levels of log entries."""

    DEBUG = 1
    INFO = 2
    WARN = 4
    ERROR = 8


USUAL = Level.INFO | Level.WARN | Level.ERROR


def levels(mask: int) -> Level:
    """Return the wanted levels; 0 means all but DEBUG. Raises ValueError for bits that mean nothing."""
    if not 0 <= mask <= 15:
        raise ValueError("levels is a sum of DEBUG 1, INFO 2, WARN 4 and ERROR 8")
    return Level(mask) if mask else USUAL


def status(word: str) -> str:
    """Return the client's word for an execution's state; it follows while the word ends in "ing"."""
    return _STATUSES.get(word, "RUNNING")


def workflow_id(application: str, workflow: str) -> str:
    """Return the identifier of a workflow: application@environment@workflow."""
    return f"{application}@{ANYWHERE}@{workflow}"


@dataclass(frozen=True, slots=True)
class Target:
    """What an identifier names: a workflow, and the cluster it shall run on (None: the ranking says)."""

    workflow: str
    name: str | None = None
    """as the third part says it; it must be the workflow's own"""
    cluster: str | None = None


def target(identifier: str) -> Target:
    """Return what application@environment@workflow names; the environment `any` leaves the place open, else it is a
    cluster. A bare name or id of a workflow is taken as well. Raises ValueError."""
    parts = identifier.split("@")
    if len(parts) == 1:
        return Target(identifier)
    if len(parts) != 3 or not all(parts):
        raise ValueError("a workflow is named application@environment@workflow")
    application, environment, name = parts
    return Target(application, name, None if environment == ANYWHERE else environment)


_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9}
_PIECE = re.compile(r"(\d+\.?\d*|\.\d+)(h|ms|us|µs|μs|ns|m|s)", re.ASCII)


def duration(text: str) -> timedelta:
    """Return a Go duration such as `1m30s`, at most LONGEST_WAIT. Raises ValueError.

    Source: time.ParseDuration of the Go standard library; negative ones make no sense here and are refused.
    """
    if text == "0":
        return timedelta(0)
    place, seconds = 0, 0.0
    while place < len(text):
        piece = _PIECE.match(text, place)
        if piece is None:
            break
        seconds += float(piece[1]) * _UNITS[piece[2]]
        place = piece.end()
    if place != len(text) or not text:
        raise ValueError("timeout is a duration such as 30s or 1m30s")
    return min(timedelta(seconds=min(seconds, 1e6)), LONGEST_WAIT)


@dataclass(slots=True)
class Inputs:
    """The inputs of a trigger, read: the workflow's parameters, and what else the original workflows name."""

    parameters: dict[str, Any] = field(default_factory=dict)
    nodes: int | None = None
    vault_id: str | None = None
    user_id: str | None = None
    project: str | None = None
    faults: list[Fault] = field(default_factory=list)


_OURS = ("vault_id", "user_id", "debug", "num_nodes", "project")


def read(schema: Mapping[str, Any], inputs: Mapping[str, Any]) -> Inputs:
    """Read inputs by the schema of the parameters. A text is JSON where it is not meant as a string; the original
    client cannot send a comma, so a list may be written with blanks.

    `vault_id` and `user_id` (which key and account), `num_nodes`, `debug` and `project` mean what the original
    workflows mean by them, unless the workflow has parameters of these names.
    """
    known = schema.get("properties", {})
    read = Inputs()
    for name, value in inputs.items():
        if name not in known and name in _OURS:
            _common(read, name, value)
        else:
            read.parameters[name] = _valued(known, schema, name, value)
    return read


def _valued(known: Mapping[str, Any], schema: Mapping[str, Any], name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    types = known.get(name, {}).get("type")
    is_list = types == "array" or (isinstance(types, list) and "array" in types)
    if is_list and not value.strip().startswith("[") and "," not in value:
        value = ",".join(value.split())
    return coerce(schema, {name: value})[name]


def _common(read: Inputs, name: str, value: Any) -> None:
    text = str(value).strip()
    if name == "num_nodes":
        if text.isascii() and text.isdigit() and 0 < int(text[:9]) <= 1_000_000:
            read.nodes = int(text)
        else:
            read.faults.append(
                fault("/inputs/num_nodes", "a number of nodes, such as 2", "wrong_type", expected="integer")
            )
    elif name == "debug":
        if text.lower() not in {"true", "false", "yes", "no", "1", "0", ""}:
            read.faults.append(fault("/inputs/debug", "true or false", "wrong_type", expected="boolean"))
    elif text:
        setattr(read, name, text)


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a value, however deep."""
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from texts(inner)
        case list():
            for inner in value:
                yield from texts(inner)


def replaced(value: Any, names: Mapping[str, str]) -> Any:
    """Return the value with whole texts replaced."""
    match value:
        case str():
            return names.get(value, value)
        case dict():
            return {key: replaced(inner, names) for key, inner in value.items()}
        case list():
            return [replaced(inner, names) for inner in value]
        case _:
            return value


_SENTENCES = {
    "execution.submitted": "Execution submitted.",
    "execution.pending": "Execution waits for its first job.",
    "execution.run_in_progress": "Execution runs.",
    "execution.cancel_in_progress": "Execution is being cancelled.",
    "execution.canceled": "Execution was cancelled.",
    "execution.finished": "Execution ended successfully.",
    "execution.failed": "Execution failed.",
}


def sentence(kind: str, data: Mapping[str, Any], reason: str | None) -> str:
    """Return an event as a line of a log; `reason` is why the execution failed."""
    if kind == "execution.failed" and reason:
        return f"Execution failed: {reason}"
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    family, _, word = kind.partition(".")
    what = str(data.get("step") or family)
    if family == "job":
        index = f"[{data['index']}]" if data.get("index") is not None else ""
        end = f", {data['end']}" if data.get("end") else ""
        code = f" ({data['code']})" if data.get("code") else ""
        return f"Job of step {what}{index} {word.replace('_', ' ')}{end}{code}."
    if family == "step":
        return f"Step {what} {word.replace('_', ' ')}."
    return f"{kind} {what}"
