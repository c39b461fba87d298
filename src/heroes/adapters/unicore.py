"""The Shell and Files ports over UNICORE's REST interface (UNICORE/X 8 to 10): HTTP in place of SSH.

A command is one job of the type ON_LOGIN_NODE: its description, arguments and input arrive in one request, so all that
the batch adapters promise over SSH holds here as well (an answer that was lost leaves a doubt, never a second order).
Its output is read from the job's own folder, and the job is removed. Bytes of files travel through the storage whose
mount point lies above them; all else about files is done by commands.
"""

import asyncio
import base64
import shlex
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from heroes.adapters.ports import NO_ROOM, Entry, NoRoom, NotThere, Result
from heroes.adapters.rest import Identity, Rest, as_object, said
from heroes.kit.errors import Garbled, Refused, Unreachable

FIRST_LOOK_S, LONGEST_LOOK_S = 0.1, 2.0
MOST_OUTPUT = 32 << 20
MOST_STORAGES = 200
CHUNK = 4 << 20
_ENDED = frozenset({"SUCCESSFUL", "FAILED"})
_KINDS: dict[str, Literal["file", "dir", "link", "other"]] = {"8": "file", "4": "dir", "a": "link"}
# Arguments and input are lines of base64: whatever they hold, neither JSON nor a shell reads them.
_RUN = """cd / || exit 126
here=$OLDPWD
base64 -d <"$here/in.b64" >"$here/in" || exit 126
exec {argv} <"$here/in" >"$here/out" 2>"$here/err"
"""
# kind (of the mode's first digit in hex), mode, size, time, target, name: for one name, or for all of a folder
_STAT = r"""
one() { printf '%s\0%s\0' "$(stat -c '%f %s %.Y' -- "$1")" "$(readlink -- "$1"; printf .)"; }
if [ "$2" = list ]; then
  cd -- "$1" || exit 3
  for name in .* *; do
    case $name in .|..) continue ;; esac
    { [ -e "$name" ] || [ -L "$name" ]; } && { printf '%s\0' "$name"; one "./$name"; }
  done
  exit 0
fi
[ -e "$1" ] || [ -L "$1" ] || exit 3
printf '%s\0' "$1"; one "$1"
"""


class UnicoreShell:
    """Commands on a login node of a UNICORE site."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 30.0) -> Result:
        """Run one command; see `ports.Shell`."""
        began = time.monotonic()
        answer = await self._rest.send("POST", "jobs", json=described(argv, stdin), timeout=timeout)
        job = answer.headers.get("location")
        if answer.status_code != 201 or not job:
            text = said(answer)
            if answer.status_code >= 500:
                raise Unreachable(
                    f"It is in doubt whether the site took the command: {answer.status_code} {text}",
                    code="command_in_doubt",
                    said=text,
                )
            raise Refused(
                f"The site runs no command on its login node for this account: {text}", code="no_login_node", said=text
            )
        try:
            told = await self._end(job, began + timeout, argv)
            folder = str(((told.get("_links") or {}).get("workingDirectory") or {}).get("href") or "")
            out, err = [await self._output(folder, name) for name in ("out", "err")]
        finally:
            await self._forget(job)
        return Result(_status(told, argv), _text(out), _text(err))

    async def _end(self, job: str, until: float, argv: Sequence[str]) -> dict[str, Any]:
        pause = FIRST_LOOK_S
        while True:
            answer = await self._rest.send("GET", job)
            if answer.status_code != 200:
                raise Unreachable(
                    f"The site does not tell of its command: {said(answer)}", code="command_untold", said=said(answer)
                )
            told = as_object(answer, self._rest.name)
            if told.get("status") in _ENDED:
                return told
            if time.monotonic() > until:
                raise Unreachable(
                    f"{argv[0]} did not end in time.", code="command_late", command=argv[0], argv=list(argv)
                )
            await asyncio.sleep(pause)
            pause = min(LONGEST_LOOK_S, pause * 1.5)

    async def _output(self, folder: str, name: str) -> bytes:
        accept = {"Accept": "application/octet-stream"}
        answer = await self._rest.send("GET", f"{folder}/files/{name}", headers=accept)
        if answer.status_code == 404:
            return b""
        if answer.status_code != 200:
            raise Unreachable(
                f"The output of a command cannot be read: {said(answer)}", code="output_unreadable", said=said(answer)
            )
        if len(answer.content) > MOST_OUTPUT:
            raise Garbled(
                f"A command answered with more than {MOST_OUTPUT} bytes.", code="large_output", most=MOST_OUTPUT
            )
        return answer.content

    async def _forget(self, job: str) -> None:
        with suppress(Unreachable, Refused):  # the site removes it by itself some time
            await asyncio.shield(self._rest.send("DELETE", job))


def described(argv: Sequence[str], stdin: bytes) -> dict[str, Any]:
    """Return a command as a job on the login node."""
    script = _RUN.format(argv=shlex.join(argv)).encode(errors="surrogateescape")
    files = {"run.b64": script, "in.b64": stdin}
    return {
        "Job type": "ON_LOGIN_NODE",
        "Name": "heroes",
        "Executable": "base64 -d run.b64 >run.sh && OLDPWD=$PWD sh run.sh",
        "IgnoreNonZeroExitCode": True,
        "Imports": [
            {"From": "inline://dummy", "To": name, "Data": base64.encodebytes(data).decode().splitlines() or [""]}
            for name, data in files.items()
        ],
    }


def _status(told: dict[str, Any], argv: Sequence[str]) -> int:
    code = str(told.get("exitCode") or "")
    if not code.lstrip("-").isdigit():
        why = str(told.get("statusMessage") or told.get("status"))
        raise Unreachable(f"The site could not run {argv[0]}: {why}", code="command_not_run", command=argv[0], said=why)
    return int(code)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


# --------------------------------------------------------------------------------------------------------------- files


@dataclass(frozen=True, slots=True)
class _Storage:
    url: str
    mount: str

    def address(self, path: str) -> str:
        below = path[len(self.mount.rstrip("/")) :]
        return f"{self.url}/files{quote(below.encode(errors='surrogateescape'))}"


class UnicoreFiles:
    """The `ports.Files` of a UNICORE site."""

    def __init__(self, rest: Rest, shell: UnicoreShell) -> None:
        self._rest, self._shell = rest, shell
        self._storages: list[_Storage] | None = None

    async def _at(self, path: str) -> str:
        if self._storages is None:
            self._storages = await self._mounted()
        for one in self._storages:
            if path.startswith(one.mount.rstrip("/") + "/"):
                return one.address(path)
        mounts = ", ".join(one.mount for one in self._storages) or "none"
        raise Refused(
            f"No storage of this UNICORE site holds {path}; it has: {mounts}. Choose a folder below one.",
            code="no_storage",
            path=path,
            mounts=mounts,
        )

    async def _mounted(self) -> list[_Storage]:
        answer = await self._rest.send("GET", "storages", params={"num": MOST_STORAGES})
        found = []
        for url in as_object(answer, self._rest.name).get("storages") or []:
            told = as_object(await self._rest.send("GET", str(url), params={"fields": "mountPoint"}), self._rest.name)
            mount = str(told.get("mountPoint") or "")
            if mount.startswith("/"):
                found.append(_Storage(str(url).rstrip("/"), mount))
        return sorted(found, key=lambda one: -len(one.mount))

    async def read(self, path: str, offset: int = 0, limit: int | None = None) -> bytes:
        if limit == 0:
            return b""
        last = "" if limit is None else str(offset + limit - 1)
        asked = {"Accept": "application/octet-stream"}
        if offset or limit is not None:
            asked["Range"] = f"bytes={offset}-{last}"
        answer = await self._rest.send("GET", await self._at(path), headers=asked)
        if answer.status_code == 416:
            return b""
        if answer.status_code == 404:
            raise NotThere(f"{path} is not there.", path=path)
        if not answer.is_success:
            raise await self._no(path, said(answer))
        return answer.content if limit is None else answer.content[:limit]

    async def _no(self, path: str, text: str) -> Refused | NotThere | Unreachable:
        """Why a file could not be read or written: what the file system says of it counts, not the words."""
        if NO_ROOM.search(text):
            return NoRoom("The site could not write.")
        if await self.stat(path) is None:
            return NotThere(f"{path} is not there.", path=path)
        return Refused(f"The site refused {path}: {text}", code="path_refused", path=path, said=text)

    async def write(self, path: str, data: bytes, mode: int = 0o600) -> None:
        part = f"{path}.part"
        await self._store(part, data)
        await self._do('chmod -- "$1" "$2" && mv -T -f -- "$2" "$3"', f"{mode:o}", part, path)

    async def _store(self, path: str, data: bytes) -> None:
        headers = {"Content-Type": "application/octet-stream"}
        answer = await self._rest.send("PUT", await self._at(path), content=data, headers=headers)
        if answer.is_success:
            return
        text = said(answer)
        if NO_ROOM.search(text):
            raise NoRoom("The site could not write.")
        folder = path.rpartition("/")[0]
        if await self.stat(folder) is None:
            raise NotThere(f"The folder {folder} is not there.", path=folder)
        raise Refused(f"The site could not write {path}: {text}", code="path_refused", path=path, said=text)

    async def put(
        self,
        path: str,
        chunks: AsyncIterator[bytes],
        *,
        offset: int = 0,
        mode: int = 0o600,
        mtime: float | None = None,
    ) -> int:
        piece = f"{path}.piece"
        at = offset
        await self._do(': >>"$1" && truncate -s "$2" -- "$1" && chmod "$3" -- "$1"', path, str(offset), f"{mode:o}")
        async for block in _blocks(chunks):
            await self._store(piece, block)
            # what was added twice after a lost answer is cut off again: the size before is part of the command
            script = 'truncate -s "$3" -- "$2" && cat -- "$1" >>"$2" && rm -f -- "$1"'
            await self._do(script, piece, path, str(at))
            at += len(block)
        if mtime is not None:
            await self.set_times(path, mtime)
        return at

    async def get(self, path: str, offset: int = 0) -> AsyncIterator[bytes]:
        while block := await self.read(path, offset, CHUNK):
            yield block
            offset += len(block)
            if len(block) < CHUNK:
                return

    async def stat(self, path: str) -> Entry | None:
        found = await self._stats(path, "one")
        return found[0] if found else None

    async def listdir(self, path: str) -> list[Entry]:
        found = await self._stats(path, "list")
        if found is None:
            raise NotThere(f"The folder {path} is not there.", path=path)
        return sorted(found, key=lambda entry: entry.path)

    async def _stats(self, path: str, how: str) -> list[Entry] | None:
        argv = ["env", "LC_ALL=C", "sh", "-c", f"{{ {_STAT}\n}} | base64", "sh", path, how]
        answer = await self._shell.run(argv, timeout=60)
        if answer.stderr.strip() and not answer.stdout.strip():
            if "No such file" in answer.stderr or "can't cd" in answer.stderr:
                return None
            raise Refused(
                f"The site cannot say what {path} is: {answer.stderr.strip()[-300:]}",
                code="path_refused",
                path=path,
                said=answer.stderr.strip()[-300:],
            )
        parts = base64.b64decode(answer.stdout).split(b"\0")[:-1]
        return [_entry(*parts[i : i + 3]) for i in range(0, len(parts), 3)] or ([] if how == "list" else None)

    async def makedirs(self, path: str, mode: int = 0o700) -> None:
        await self._do('[ -d "$2" ] || mkdir -p -m "$1" -- "$2"', f"{mode:o}", path)

    async def symlink(self, target: str, path: str) -> None:
        await self._do('ln -sT -- "$1" "$2"', target, path)

    async def set_mode(self, path: str, mode: int) -> None:
        await self._do('chmod "$1" -- "$2"', f"{mode:o}", path)

    async def set_times(self, path: str, mtime: float) -> None:
        await self._do('touch -h -d "@$1" -- "$2"', f"{mtime:.6f}", path)

    async def rename(self, old: str, new: str) -> None:
        await self._do('mv -T -f -- "$1" "$2"', old, new)

    async def remove(self, path: str) -> None:
        await self._do('rm -f -- "$1"', path)

    async def remove_tree(self, path: str) -> None:
        await self._do('rm -rf --one-file-system -- "$1"', path)

    async def _do(self, script: str, *given: str) -> None:
        answer = await self._shell.run(["env", "LC_ALL=C", "sh", "-c", script, "sh", *given], timeout=120)
        if answer.ok:
            return
        if NO_ROOM.search(answer.stderr):
            raise NoRoom("The site could not write.")
        if "No such file" in answer.stderr:
            raise NotThere(answer.stderr.strip()[-300:])
        raise Refused(
            f"The site refused: {answer.stderr.strip()[-300:]}", code="site_refused", said=answer.stderr.strip()[-300:]
        )


def _entry(name: bytes, told: bytes, target: bytes) -> Entry:
    mode_text, size, mtime = told.decode().split(" ")
    mode = int(mode_text, 16)
    kind = _KINDS.get(f"{mode >> 12:x}", "other")
    link = target[:-1].removesuffix(b"\n").decode(errors="surrogateescape") if kind == "link" else None
    return Entry(name.decode(errors="surrogateescape"), kind, int(size), float(mtime), mode & 0o7777, link)


async def _blocks(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the stream in pieces of about CHUNK bytes."""
    held = bytearray()
    async for chunk in chunks:
        held += chunk
        if len(held) >= CHUNK:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


# ---------------------------------------------------------------------------------------------------------- connection


class UnicoreConnection:
    """A site that is reached through UNICORE, as if it were connected to."""

    banner = ""
    alive = True

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self.shell = UnicoreShell(rest)
        self.files = UnicoreFiles(rest, self.shell)
        self.bulk_files = self.files

    async def close(self) -> None:
        await self._rest.close()


async def connect(url: str, identity: Identity, *, transport: Any = None, private: bool = False) -> UnicoreConnection:
    """Return a connection to `https://host:port/SITE/rest/core`. Raises Unreachable, Refused for a foreign account."""
    rest = Rest(url, identity, transport=transport, name="The UNICORE site", private=private)
    try:
        told = as_object(await rest.send("GET", url.rstrip("/")), rest.name)
        role = ((told.get("client") or {}).get("role") or {}).get("selected")
        if role in (None, "anonymous"):
            text = "The UNICORE site does not know this account; ask its staff to map it to a user."
            raise Refused(text, code="account_unmapped")
    except BaseException:
        await rest.close()
        raise
    return UnicoreConnection(rest)
