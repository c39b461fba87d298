"""An array at its site: what its members share, what each one's own is, and the one script that all of them run.

    FOLDER/shared/  linked/      inputs that all members have: copied, or, if large, linked into each one's folder
    FOLDER/INDEX/work/  logs/    one member: its own inputs, where its payload runs; its streams once it has ended
    FOLDER/ARRAY/                job.sh, payload.sh, params.json, members (one record each), members.index
    FOLDER/TOKEN/                made by the order alone: for each task its gate, starts, exit file and manifests

A record is found by its place in `members.index`, lines of one length: so ten thousand members are two files.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from shlex import join, quote
from typing import Any

from heroes.jobs.rules import NEVER_STARTED, NO_ROOM, Spec
from heroes.jobs.script import epilogue, gate

LINKED_ABOVE = 1 << 20
"""bytes of a shared input above which members get a link and no copy"""
_PLACE = 24  # bytes of a line of members.index

_MEMBER = """\
set -- $(tail -c +$((index * {length} + 1)) {own}/members.index | head -c {length})
[ $# -eq 2 ] || exit {never}
from=$1 length=$2
set --
eval "$(tail -c +$((from + 1)) {own}/members | head -c "$length")"
[ "$heroes_task" = "$index" ] || exit {never}
work={folder}/$HEROES_INDEX/work logs={folder}/$HEROES_INDEX/logs
mkdir -p "$work" "$logs" || exit {no_room}
if [ -d {folder}/shared ]; then cp -a {folder}/shared/. "$work/" || exit {no_room}; fi
if [ -d {folder}/linked ]; then cp -rsf {folder}/linked/. "$work/" || exit {no_room}; fi
export HEROES_PARAMS={token}/params-$index.json
{{ cat {own}/params.json && printf '%s' "$heroes_params"; }} > "$HEROES_PARAMS" || exit {no_room}
"""
_STREAMS = """\
status=$?
rm -f "$HEROES_PARAMS"
for stream in stdout stderr; do
  [ ! -e {token}/$stream.$index ] || mv -f {token}/$stream.$index "$logs/$stream"
done
( exit "$status" )
"""


@dataclass(frozen=True, slots=True)
class ArrayFolders:
    """Where the members of one order live at their site; all absolute."""

    folder: str
    array_id: str
    token: str

    @property
    def own(self) -> str:
        return f"{self.folder}/{self.array_id}"

    @property
    def script(self) -> str:
        return f"{self.own}/job.sh"

    @property
    def token_folder(self) -> str:
        return f"{self.folder}/{self.token}"

    def of(self, name: str, task: int) -> str:
        """Return the path of gate, exit, outputs or sums."""
        return f"{self.token_folder}/{name}-{task}"

    def stream(self, name: str, task: int) -> str:
        """Return where a running member's output grows."""
        return f"{self.token_folder}/{name}.{task}"

    def member(self, index: int) -> str:
        return f"{self.folder}/{index}"


# ------------------------------------------------------------------------------------------------- common and own


def common(specs: Sequence[Spec]) -> Spec:
    """Return what all have alike; of commands with as many words, the first's."""
    first = specs[0]
    params, environment = _alike([spec.params for spec in specs]), _alike([spec.environment for spec in specs])
    paths = {item["path"]: item for item in first.inputs}
    for spec in specs[1:]:
        own = {item["path"]: item for item in spec.inputs}
        paths = {path: item for path, item in paths.items() if path in own and _same(own[path], item)}
    return replace(first, inputs=tuple(paths.values()), params=params, environment=environment)


def _alike(maps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found = dict(maps[0])
    for one in maps[1:]:
        found = {name: value for name, value in found.items() if name in one and _same(one[name], value)}
    return found


def _same(one: Any, other: Any) -> bool:
    return one is other or one == other


def own(spec: Spec, shared: Spec) -> dict[str, Any]:
    """Return what a member has besides the common; `whole` puts it back."""
    told: dict[str, Any] = {}
    if spec.command != shared.command:
        same_length = spec.command and shared.command and len(spec.command) == len(shared.command)
        pairs = zip(spec.command or (), shared.command or (), strict=False)
        told["command"] = [None if a == b else a for a, b in pairs] if same_length else list(spec.command or ())
    for name in ("params", "environment"):
        known, mine = getattr(shared, name), getattr(spec, name)
        told[name] = {key: value for key, value in mine.items() if key not in known}
    paths = {item["path"] for item in shared.inputs}
    told["inputs"] = [dict(item) for item in spec.inputs if item["path"] not in paths]
    return {name: value for name, value in told.items() if value}


def whole(shared: Spec, told: Mapping[str, Any]) -> Spec:
    """Return a member's full specification."""
    command = shared.command
    if "command" in told:
        same_length = command is not None and len(command) == len(told["command"])
        pairs = zip(told["command"], command or (), strict=False)
        command = tuple(b if a is None else a for a, b in pairs) if same_length else tuple(told["command"])
    return replace(
        shared,
        command=command,
        params={**shared.params, **told.get("params", {})},
        environment={**shared.environment, **told.get("environment", {})},
        inputs=(*shared.inputs, *told.get("inputs", ())),
    )


def key(spec: Spec, *more: Any) -> str:
    """Return what jobs must have alike to go together; all but their own words, values and files."""
    asked = {one.name: getattr(spec, one.name) for one in fields(spec) if one.name not in _OWN}
    of_command = None if spec.command is None else len(spec.command)
    return json.dumps([asked, of_command, more], sort_keys=True, default=str)


_OWN = ("command", "params", "environment", "inputs")


# ---------------------------------------------------------------------------------------------------------- staging


def shared_path(item: Mapping[str, Any]) -> str:
    """Return where a shared input lies in the array's folder."""
    large = item["kind"] == "file" and int(item.get("size") or 0) > LINKED_ABOVE
    return f"{'linked' if large else 'shared'}/{item['path']}"


def is_input(kind: str, target: str | None, folder: str) -> bool:
    """Tell whether something that a member left is but a link to a shared input."""
    return kind == "link" and (target or "").startswith(f"{folder}/linked/")


# ----------------------------------------------------------------------------------------------------------- script


@dataclass(frozen=True, slots=True)
class Member:
    """One member as its record tells it."""

    task: int
    index: int
    job_id: str
    attempt: int
    told: Mapping[str, Any]


def array_script(shared: Spec, folders: ArrayFolders, environment: Mapping[str, str]) -> bytes:
    """Return the one batch script of all members."""
    token, folder, at = quote(folders.token_folder), quote(folders.folder), quote(folders.own)
    codes = {"never": NEVER_STARTED, "no_room": NO_ROOM}
    exports = {**shared.environment, **environment}
    lines = "".join(f"export {name}={quote(value)}\n" for name, value in sorted(exports.items()))
    words = ("bash", "-e", f"{folders.own}/payload.sh") if shared.command is None else shared.command
    payload = f'[ $# -gt 0 ] || set -- {join(words)}\ncd "$work" || exit {NEVER_STARTED}\n( exec "$@" )\n'
    ending = _STREAMS.format(token=token) + epilogue(token=token, work='"$work"', stderr='"$logs/stderr"')
    before = gate(token=token, logs=folders.folder, rerunnable=shared.rerunnable)
    member = _MEMBER.format(token=token, folder=folder, own=at, length=_PLACE, **codes)
    return f"#!/bin/bash\n{before}{lines}{member}{payload}{ending}".encode("utf-8", "surrogateescape")


def params_head(params: Mapping[str, Any]) -> bytes:
    """Return the common parameters as JSON that each member ends with its own."""
    text = json.dumps(params, ensure_ascii=False, indent=1)
    return text.removesuffix("}").rstrip("\n").encode()


def records(shared: Spec, members: Iterable[Member]) -> tuple[bytes, bytes]:
    """Return the members' records, one behind the other, and the places at which they are found."""
    found, places, at = [], [], 0
    for member in members:
        record = _record(shared, member)
        places.append(f"{at} {len(record)}".ljust(_PLACE - 1) + "\n")
        found.append(record)
        at += len(record)
    return b"".join(found), "".join(places).encode()


def _record(shared: Spec, member: Member) -> bytes:
    told = member.told
    names = {**told.get("environment", {}), "HEROES_JOB": member.job_id, "HEROES_INDEX": str(member.index)}
    names["HEROES_ATTEMPT"] = str(member.attempt)
    lines = [f"export {name}={quote(value)}" for name, value in sorted(names.items())]
    params = json.dumps(told.get("params", {}), ensure_ascii=False)[1:]
    between = ",\n " if shared.params and params != "}" else ""
    lines.append(f"heroes_task={member.task} heroes_params={quote(between + params)}")
    if "command" in told:
        lines.append(f"set -- {join(whole(shared, told).command or ())}")
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogateescape")


def site_id_of(holder: str, gridengine: bool) -> str:
    """Return the array's id from a gate that one of its jobs holds: PBS names the element, Grid Engine no array."""
    found = re.sub(r"\[\d+\]", "[]", holder.removeprefix("job."))
    return f"{found}[]" if gridengine and not found.endswith("[]") else found
