"""The Files port over FirecREST v2: small files, one request each.

Times are not kept, a file is written in place, and none is larger than the site's interface moves at once.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Literal

import httpx

from heroes.adapters.ports import NO_ROOM, Entry, NoRoom, NotThere
from heroes.adapters.rest import Rest, as_object, said
from heroes.kit.errors import Refused, Unreachable

MOST_BYTES = 5 << 20
"""of one file, unless the site allows more"""
_KINDS: dict[str, Literal["file", "dir", "link", "other"]] = {"-": "file", "d": "dir", "l": "link"}


class Exists(Refused):
    """Something of this name is there."""


class FirecRestFiles:
    """The `ports.Files` of a system behind FirecREST. Times are not kept; a file is written in place."""

    def __init__(self, rest: Rest, system: str) -> None:
        self._rest, self._at = rest, f"filesystem/{system}/ops"

    async def _ask(self, method: str, what: str, **given: Any) -> httpx.Response:
        for path in [*(given.get("params") or {}).values(), *(given.get("json") or {}).values()]:
            _plain(path)
        answer = await self._rest.send(method, f"{self._at}/{what}", **given)
        if answer.is_success:
            return answer
        text = said(answer)
        if NO_ROOM.search(text):
            raise NoRoom("The site could not write.")
        if answer.status_code == 404 or "No such file or directory" in text:
            raise NotThere(f"It is not there: {text}")
        if "File exists" in text:
            raise Exists(f"Something is there already: {text}")
        if answer.status_code == 413:
            raise Refused(
                f"The file is larger than this site moves by its interface: {text}", code="file_too_large", said=text
            )
        if answer.status_code >= 500:
            raise Unreachable(f"The site could not do it: {text}", code="site_failed", said=text)
        raise Refused(f"The site refused: {text}", code="site_refused", said=text)

    async def read(self, path: str, offset: int = 0, limit: int | None = None) -> bytes:
        data = (await self._ask("GET", "download", params={"path": path})).content
        return data[offset : None if limit is None else offset + limit]

    async def write(self, path: str, data: bytes, mode: int = 0o600) -> None:
        folder, _, name = path.rpartition("/")
        _plain(name)
        if len(data) > MOST_BYTES:
            raise Refused(
                f"{name} has {len(data)} bytes; this site's interface moves files up to {MOST_BYTES}. "
                "Enrol the cluster by SSH for larger ones.",
                code="file_too_large",
            )
        await self._ask("POST", "upload", params={"path": folder}, files={"file": (name, data)})
        await self.set_mode(path, mode)

    async def put(
        self,
        path: str,
        chunks: AsyncIterator[bytes],
        *,
        offset: int = 0,
        mode: int = 0o600,
        mtime: float | None = None,
    ) -> int:
        data = bytearray(await self.read(path, 0, offset) if offset else b"")
        async for chunk in chunks:
            data += chunk
            if len(data) > MOST_BYTES:
                break
        await self.write(path, bytes(data), mode)
        return len(data)

    async def get(self, path: str, offset: int = 0) -> AsyncIterator[bytes]:
        yield await self.read(path, offset)

    async def stat(self, path: str) -> Entry | None:
        folder, _, name = path.rpartition("/")
        try:
            return next((_renamed(one, path) for one in await self.listdir(folder or "/") if one.path == name), None)
        except NotThere:
            return None

    async def listdir(self, path: str) -> list[Entry]:
        answer = await self._ask("GET", "ls", params={"path": path, "showHidden": "true"})
        raw = as_object(answer, self._rest.name).get("output") or []
        return sorted((_entry(one) for one in raw), key=lambda entry: entry.path)

    async def make_new(self, path: str) -> None:
        """Make a folder that is not there. Raises Exists."""
        await self._ask("POST", "mkdir", json={"path": path, "parent": False})
        await self.set_mode(path, 0o700)

    async def makedirs(self, path: str, mode: int = 0o700) -> None:
        if await self.stat(path) is None:
            await self._ask("POST", "mkdir", json={"path": path, "parent": True})
            await self.set_mode(path, mode)

    async def symlink(self, target: str, path: str) -> None:
        await self._ask("POST", "symlink", json={"path": target, "linkPath": path})

    async def set_mode(self, path: str, mode: int) -> None:
        await self._ask("PUT", "chmod", json={"path": path, "mode": f"{mode:o}"})

    async def set_times(self, path: str, mtime: float) -> None:
        """The interface has no way to set them."""

    async def rename(self, old: str, new: str) -> None:
        entry = await self.stat(old)
        if entry is None:
            raise NotThere(f"{old} is not there.", path=old)
        if entry.kind == "link" and entry.target is not None:
            await self.remove(new)
            await self.symlink(entry.target, new)
        elif entry.kind == "file":
            await self.write(new, await self.read(old), entry.mode)
        else:
            raise Refused("FirecREST renames no folders at once.", code="renames_no_folders")
        await self.remove(old)

    async def remove(self, path: str) -> None:
        with suppress(NotThere):
            await self._ask("DELETE", "rm", params={"path": path})

    async def remove_tree(self, path: str) -> None:
        await self.remove(path)


def _plain(value: Any) -> None:
    """Refuse names that FirecREST would hand to a shell as something else: it quotes them by ' alone."""
    if isinstance(value, str) and ("'" in value or "\n" in value or not value.isprintable()):
        text = f"FirecREST cannot name {value[:100]!r}: quotes and control characters; rename it."
        raise Refused(text, code="unfit_for_firecrest", path=value[:100])


def _renamed(entry: Entry, path: str) -> Entry:
    return Entry(path, entry.kind, entry.size, entry.mtime, entry.mode, entry.target)


def _entry(one: dict[str, Any]) -> Entry:
    letters = str(one.get("permissions") or "").rstrip("+.@")[:9]
    mode = 0
    for letter in letters:
        mode = mode << 1 | (letter not in "-ST")
    modified = datetime.fromisoformat(str(one.get("lastModified"))).replace(tzinfo=UTC).timestamp()
    kind = _KINDS.get(str(one.get("type")), "other")
    target = one.get("linkTarget")
    return Entry(str(one.get("name")), kind, int(one.get("size") or 0), modified, mode, target)
