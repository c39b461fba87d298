"""The script of a job as the site runs it: gate, payload, manifest, exit file. Pure text; values only as quoted words.

A job's folder at the site: `work/` (staged inputs, where the payload runs), `params.json`, `job.sh`, and `TOKEN/`,
which the order alone makes and which holds gate, output streams, manifest and exit file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from shlex import join, quote

from heroes.jobs.rules import NEVER_STARTED, NO_ROOM, RESTARTED, ExitRecord, Spec

REVOKED = "revoked"
"""What a gate points to that the platform took: no job of this token can start any more."""
ROOM = 64 * 1024
"""Bytes that a folder must still take after a payload failed; else its end is put down to the full disk."""
LAST_WORDS = 4096
"""Bytes of a failed payload's errors in which it may say the same: room that others made a moment later hides it."""
HASHED_BELOW = "64M"
"""Files above this are verified by size at once and by hash when they arrive."""

_GATE = """\
index=${{SLURM_ARRAY_TASK_ID:-${{PBS_ARRAY_INDEX:-0}}}}
me=job.${{SLURM_ARRAY_JOB_ID:-${{SLURM_JOB_ID:-${{PBS_JOBID:-${{JOB_ID:-$$}}}}}}}}
cd {token} || exit {never}
if ! ln -sT "$me" "gate-$index" 2>/dev/null; then
  holder=$(readlink "gate-$index")
  [ -n "$holder" ] || exit {no_room}
  [ "$holder" = "$me" ] || exit {never}
fi
if [ -s "starts-$index" ] && [ {rerunnable} = no ]; then exit {restarted}; fi
rm -f "exit-$index" "outputs-$index" "sums-$index" # of a run before this one, which the site began again
started=$(date +%s.%N)
printf '%s %s %s\\n' "$started" "$me" "$(uname -n)" >> "starts-$index" && mkdir -p {logs} || exit {no_room}
ln -f -t {logs} stdout stderr 2>/dev/null
"""

_EPILOGUE = """\
status=$?
ended=$(date +%s.%N)
full=
if [ "$status" != 0 ]; then # others free a little all the time: room for one line is not room for the payload
  head -c {room} /dev/zero 2>/dev/null > {token}/.room-"$index" || full=yes
  rm -f {token}/.room-"$index"
  tail -c {last} {stderr} 2>/dev/null | grep -aq -e 'No space left on device' -e 'Disk quota exceeded' && full=yes
fi
cd {work} && {{ {listing}; }} > {token}/.outputs-"$index" && mv {token}/.outputs-"$index" {token}/outputs-"$index"
cd {work} && {{ {hashing}; }} > {token}/.sums-"$index" && mv {token}/.sums-"$index" {token}/sums-"$index"
if [ -z "$full" ]; then
  printf '{{"exit_code": %d, "started_at": %s, "ended_at": %s}}\\n' "$status" "$started" "$ended" \\
    > {token}/.exit-"$index" || full=yes
  sync -f {token} 2>/dev/null
  [ -n "$full" ] || mv {token}/.exit-"$index" {token}/exit-"$index" || full=yes # one more name may need one more block
fi
[ "$status" = 0 ] || [ -z "$full" ] || exit {no_room}
exit "$status"
"""

LISTING = ("find", ".", "-mindepth", "1", "-printf", r"%y %s %T@ %m\0%P\0%l\0")
HASHING = f"find . -type f -size -{HASHED_BELOW} -print0 | xargs -0 -r sha256sum -z --"


@dataclass(frozen=True, slots=True)
class Folders:
    """Where one attempt of a job lives at its site; all absolute."""

    base: str
    token: str

    @property
    def work(self) -> str:
        return f"{self.base}/work"

    @property
    def logs(self) -> str:
        """Return where output streams lie for fetching: linked there before the payload could use up all room."""
        return f"{self.base}/logs"

    @property
    def script(self) -> str:
        return f"{self.base}/job.sh"

    @property
    def token_folder(self) -> str:
        return f"{self.base}/{self.token}"

    def of(self, name: str, index: int = 0) -> str:
        """Return the path of gate, exit, outputs or sums."""
        return f"{self.token_folder}/{name}-{index}"


def job_script(spec: Spec, folders: Folders, environment: Mapping[str, str]) -> bytes:
    """Return the batch script. No value of a user is ever read by a shell as anything but one quoted word."""
    token, work = quote(folders.token_folder), quote(folders.work)
    exports = "".join(f"export {name}={quote(value)}\n" for name, value in sorted(environment.items()))
    command = spec.command if spec.command is not None else ("bash", "-e", f"{folders.base}/payload.sh")
    before = gate(token=token, logs=folders.logs, rerunnable=spec.rerunnable)
    ending = epilogue(token=token, work=work, stderr=f"{token}/stderr")
    text = f"#!/bin/bash\n{before}cd {work} || exit {NEVER_STARTED}\n{exports}( exec {join(command)} )\n{ending}"
    return text.encode("utf-8", "surrogateescape")


def gate(*, token: str, logs: str, rerunnable: bool) -> str:
    """Return the lines that let a payload start once; `token` is the order's folder as a quoted word."""
    codes = {"never": NEVER_STARTED, "restarted": RESTARTED, "no_room": NO_ROOM}
    return _GATE.format(token=token, logs=quote(logs), rerunnable="yes" if rerunnable else "no", **codes)


def epilogue(*, token: str, work: str, stderr: str) -> str:
    """Return the lines that tell what the payload, the command before them, left in `work` and said in `stderr`."""
    told = {"room": ROOM, "last": LAST_WORDS, "no_room": NO_ROOM}
    return _EPILOGUE.format(token=token, work=work, stderr=stderr, listing=join(LISTING), hashing=HASHING, **told)


def read_exit(text: str) -> ExitRecord:
    """Read the exit file. Raises ValueError."""
    data = json.loads(text)
    return ExitRecord(int(data["exit_code"]), float(data["started_at"]), float(data["ended_at"]))


@dataclass(frozen=True, slots=True)
class Written:
    """One thing that the job left in its work folder."""

    path: str
    kind: str
    size: int
    mtime: float
    mode: int
    target: str | None
    sha256: str | None = None


def read_manifest(listing: bytes, sums: bytes = b"") -> list[Written]:
    """Read the manifest of outputs; names may hold any byte but NUL. Raises ValueError when it is cut."""
    hashes: dict[str, str] = {}
    for line in sums.split(b"\0"):
        if line:
            digest, _, name = line.partition(b"  ")
            path = _text(name).removeprefix("./")
            hashes[path] = digest.decode("ascii").lstrip("\\")
    fields = listing.split(b"\0")
    if len(fields) % 3 != 1 or fields[-1] != b"":
        raise ValueError("the manifest of outputs is cut")
    found = []
    kinds = {"f": "file", "d": "dir", "l": "link"}
    for head, name, target in zip(fields[0::3], fields[1::3], fields[2::3], strict=False):
        kind, size, mtime, mode = head.decode("ascii").split(" ")
        path = _text(name)
        if kind in kinds:
            found.append(
                Written(
                    path, kinds[kind], int(size), float(mtime), int(mode, 8), _text(target) or None, hashes.get(path)
                )
            )
    return found


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
