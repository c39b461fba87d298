"""What lies at a site, and many small files in one go. Names travel on standard input, never through a shell.

On this machine itself only `Files` is used: it never follows a link that a user's script left behind, while commands
would, with the platform's own rights.
"""

import asyncio
import hashlib
import io
import tarfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from heroes.adapters.files import BlobStore
from heroes.adapters.ports import NO_ROOM, Files, NoRoom, Result, Shell
from heroes.data.rules import Seen, StageItem, parse_stat, parse_sums
from heroes.kit.errors import Garbled, Refused

ASK_S = 60.0
READ_BYTES_PER_S = 20e6  # the slowest file system that we still wait for
_SOME_FAILED = 123  # xargs: at least one of the commands said no, as `stat` does for a missing name
# Fixed text; the folder is its argument and the names, each with ./ before it, come in on standard input.
_PACK = 'tar -c -f - -C "$1" --no-recursion --null -T - 2>/dev/null | base64 -w 0'

# Fixed text as well. OpenSSL uses the processor's own instructions, which not every system's sha256sum does: four times
# as fast. It writes names as they are, without a way to tell where a strange one ends.
_SUMS = """\
if openssl dgst -sha256 -r /dev/null >/dev/null 2>&1; then set -- openssl dgst -sha256 -r; else set -- sha256sum --; fi
exec xargs -0 -r "$@"
"""
_LARGE = 2**20  # bytes from which the speed counts


class Place(Protocol):
    """The part of a site that transfers need."""

    @property
    def shell(self) -> Shell: ...
    @property
    def files(self) -> Files: ...
    @property
    def kind(self) -> str: ...


def is_here(place: Place) -> bool:
    """Say whether only files may be asked for: on this machine, and where a site's interface runs no commands."""
    return str(place.kind) in {"local", "firecrest"}


async def look(place: Place, folder: str, items: Sequence[StageItem], *, sums: bool) -> dict[str, Seen]:
    """Return what lies under the items' names, without following links; sums only where the size is the wanted one."""
    if is_here(place):
        found = {item.path: await _look_here(place.files, folder, item, sums=sums) for item in items}
        return {path: seen for path, seen in found.items() if seen is not None}
    plain, odd = _partition(items)
    found = await _stat_all(place.shell, folder, plain)
    for item in odd:
        entry = await place.files.stat(f"{folder}/{item.path}")
        found[item.path] = None if entry is None else Seen(entry.kind, entry.size, entry.mode, entry.target)
    seen = {path: one for path, one in found.items() if one is not None}
    await _read_links(place, folder, seen)
    if sums:
        alike = [item for item in items if item.kind == "file" and _same_size(item, seen.get(item.path))]
        for path, digest in (await sum_all(place, folder, alike)).items():
            seen[path] = replace(seen[path], sha256=digest)
    return seen


def _partition(items: Sequence[StageItem]) -> tuple[list[StageItem], list[StageItem]]:
    """Items whose names are Unicode, and those whose names would not come back unchanged in a command's output."""
    odd = [item for item in items if any("\udc80" <= char <= "\udcff" for char in item.path)]
    strange = {item.path for item in odd}
    return [item for item in items if item.path not in strange], odd


def _same_size(item: StageItem, seen: Seen | None) -> bool:
    return seen is not None and seen.kind == "file" and seen.size == item.size


async def _look_here(files: Files, folder: str, item: StageItem, *, sums: bool) -> Seen | None:
    path = f"{folder}/{item.path}"
    entry = await files.stat(path)
    if entry is None:
        return None
    seen = Seen(entry.kind, entry.size, entry.mode, entry.target)
    if sums and item.kind == "file" and _same_size(item, seen):
        return replace(seen, sha256=await _sum_here(files, path))
    return seen


async def _sum_here(files: Files, path: str) -> str:
    digest = hashlib.sha256()
    async for chunk in files.get(path):
        await asyncio.to_thread(digest.update, chunk)
    return digest.hexdigest()


async def _stat_all(shell: Shell, folder: str, items: Sequence[StageItem]) -> dict[str, Seen | None]:
    if not items:
        return {}
    argv = ["env", "LC_ALL=C", "xargs", "-0", "-r", "stat", "--printf=%f %s %n\\0", "--"]
    result = await shell.run(argv, stdin=names(folder, items), timeout=ASK_S)
    _answered(result, "say what lies there")
    by_name = parse_stat(result.stdout)
    return {item.path: by_name.get(f"{folder}/{item.path}") for item in items}


async def _read_links(place: Place, folder: str, seen: dict[str, Seen]) -> None:
    for path, one in seen.items():
        if one.kind == "link" and one.target is None:
            entry = await place.files.stat(f"{folder}/{path}")
            seen[path] = replace(one, target=entry.target if entry else None)


async def sum_all(place: Place, folder: str, items: Sequence[StageItem]) -> dict[str, str]:
    """Return the SHA-256 of files by path, as the site reads them; what cannot be read is missing."""
    if is_here(place):
        return {item.path: await _sum_here(place.files, f"{folder}/{item.path}") for item in items}
    plain, odd = _partition(items)
    found: dict[str, str] = {}
    by_name = await _sums(place.shell, folder, plain) if plain else {}
    for item in plain:
        if digest := by_name.get(f"{folder}/{item.path}"):
            found[item.path] = digest
    for item in odd:  # one at a time, so that the answer's name does not matter
        for digest in (await _sums(place.shell, folder, [item])).values():
            found[item.path] = digest
    return found


async def _sums(shell: Shell, folder: str, items: Sequence[StageItem]) -> dict[str, str]:
    large = [item for item in items if item.size >= _LARGE and _is_plain(f"{folder}/{item.path}")]
    found = await _summed(shell, ("sh", "-c", _SUMS), folder, large)
    others = [item for item in items if f"{folder}/{item.path}" not in found]
    return found | await _summed(shell, ("xargs", "-0", "-r", "sha256sum", "--"), folder, others)


def _is_plain(name: str) -> bool:
    return name.isprintable() and "\\" not in name


async def _summed(shell: Shell, command: Sequence[str], folder: str, items: Sequence[StageItem]) -> dict[str, str]:
    if not items:
        return {}
    timeout = ASK_S + sum(item.size for item in items) / READ_BYTES_PER_S
    result = await shell.run(["env", "LC_ALL=C", *command], stdin=names(folder, items), timeout=timeout)
    _answered(result, "compute checksums")
    return parse_sums(result.stdout)


async def make_folders(place: Place, folder: str, paths: Sequence[str]) -> None:
    """Make folders below (and with) the folder; those that are there stay."""
    if is_here(place):
        for path in paths:
            await place.files.makedirs(f"{folder}/{path}" if path else folder)
        return
    listed = names(folder, [StageItem(path, "dir") for path in paths])
    result = await place.shell.run(["xargs", "-0", "-r", "mkdir", "-p", "--"], stdin=listed, timeout=ASK_S)
    if not result.ok:
        raise refusal(result, "make a folder")


async def unpack(place: Place, store: BlobStore, folder: str, items: Sequence[StageItem]) -> None:
    """Send small files as one archive."""
    contents = await store.get_all([item.blob_key or "" for item in items])
    packed = await asyncio.to_thread(_archive, list(zip(items, contents, strict=True)))
    argv = ["tar", "-x", "-f", "-", "-C", folder, "--no-same-owner", "-p"]
    result = await place.shell.run(argv, stdin=packed, timeout=2 * ASK_S)
    if not result.ok:
        raise refusal(result, "unpack files")


def _archive(held: Sequence[tuple[StageItem, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT, encoding="utf-8") as archive:
        for item, data in held:
            entry = tarfile.TarInfo(f"./{item.path}")
            entry.size, entry.mode, entry.mtime = len(data), item.mode, int(item.mtime or 0)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


async def pack(place: Place, folder: str, items: Sequence[StageItem]) -> str:
    """Fetch small files as one archive, as it travels; one that vanished is missing."""
    listed = b"".join(b"./" + item.path.encode(errors="surrogateescape") + b"\0" for item in items)
    result = await place.shell.run(["sh", "-c", _PACK, "sh", folder], stdin=listed, timeout=2 * ASK_S)
    if not result.ok:
        raise refusal(result, "pack files")
    return result.stdout


def names(folder: str, items: Sequence[StageItem]) -> bytes:
    """Absolute names, each ended by NUL."""
    return b"".join(f"{folder}/{item.path}".encode(errors="surrogateescape") + b"\0" for item in items)


def _answered(result: Result, what: str) -> None:
    if result.exit_status not in {0, _SOME_FAILED}:
        raise refusal(result, what)


def refusal(result: Result, what: str) -> Refused | Garbled | NoRoom:
    """What a command's no means."""
    if NO_ROOM.search(result.stderr):
        return NoRoom(f"The site could not {what}.", stderr=result.stderr[-500:])
    said = result.stderr.strip()[-300:]
    if result.exit_status == 127:
        return Garbled(f"The site lacks a command that is needed to {what}: {said}", code="lacks_command", said=said)
    return Refused(f"The site could not {what}: {said}", code="site_failed", said=said)
