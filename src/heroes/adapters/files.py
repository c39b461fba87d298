"""Blobs: write-once contents under random keys. Names, folders and versions are rows elsewhere; here lie only bytes."""

import asyncio
import ctypes
import errno
import hashlib
import os
import re
import secrets
import sys
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from heroes.adapters.direct import DirectFile, Source
from heroes.kit.errors import Refused, Unavailable

CHUNK = 1024 * 1024
LARGE = 64 * 2**20  # bytes from which memory of their own would cost more than the disk
ABANDONED_AFTER_S = 24 * 3600
KEY = re.compile(r"[A-Za-z0-9_-]{1,64}/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{32}")
ORGANIZATION = re.compile(r"[A-Za-z0-9_-]{1,64}")
FULL = {errno.ENOSPC, errno.EDQUOT}
_syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)  # Linux; it tells of lost writes from 5.8 on


@dataclass(frozen=True, slots=True)
class Blob:
    key: str
    size: int
    sha256: str


class BlobStore(Protocol):
    """Keys are random and written once, so any S3 server can stand behind it and nothing is ever overwritten."""

    async def put(self, chunks: AsyncIterable[bytes], *, organization_id: str) -> Blob:
        """Store a stream durably; when this returns the bytes survive a power cut.

        If the stream raises, nothing is kept. Raises Unavailable when the platform's disk is full.
        """
        ...

    async def put_all(self, contents: Sequence[bytes], *, organization_id: str) -> list[Blob]:
        """Store many small contents durably, all or none: the disk is waited for once, not once for each.

        Raises Unavailable when the platform's disk is full.
        """
        ...

    def get(self, key: str, offset: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """Chunks of at most 1 MiB. Raises Refused when the key holds nothing."""
        ...

    async def get_all(self, keys: Sequence[str]) -> list[bytes]:
        """Return the whole contents of many small blobs. Raises Refused when a key holds nothing."""
        ...

    async def size(self, key: str) -> int | None:
        """Bytes behind the key, None when it holds nothing."""
        ...

    async def exists(self, key: str) -> bool: ...

    async def delete(self, key: str) -> None:
        """Forget the bytes; a key that holds nothing is no error."""
        ...

    def keys(self, organization_id: str) -> AsyncIterator[str]:
        """All keys of one organization, in no promised order."""
        ...


class LocalBlobStore:
    """Blobs in a folder: `root/<organization>/<2 hex>/<2 hex>/<32 hex>`, each organization apart."""

    def __init__(self, root: Path) -> None:
        self.root = root
        _private(root)
        _remove_abandoned(root)

    async def put(self, chunks: AsyncIterable[bytes], *, organization_id: str) -> Blob:
        with _room():
            return await self._put(chunks, _checked(organization_id))

    async def put_all(self, contents: Sequence[bytes], *, organization_id: str) -> list[Blob]:
        with _room():
            storing = asyncio.create_task(asyncio.to_thread(self._put_all, contents, _checked(organization_id)))
            try:
                return await asyncio.shield(storing)
            except asyncio.CancelledError:  # the thread goes on: what it stores is nobody's
                with suppress(OSError):
                    for blob in await storing:
                        await self.delete(blob.key)
                raise

    def _put_all(self, contents: Sequence[bytes], organization_id: str) -> list[Blob]:
        together = secrets.token_hex(2)  # in one folder: to make and to sync one for each takes longer than the files
        keys = [_key(organization_id, together) for _ in contents]
        finals = [self.root / key for key in keys]
        try:
            for final in finals[:1]:
                _private(final.parent)
            for final, content in zip(finals, contents, strict=True):  # nobody knows their keys before all are whole
                _write(final, content)
            _sync([*finals, *(above for final in finals[:1] for above in self._above(final))], self.root)
        except BaseException:
            for path in finals:
                path.unlink(missing_ok=True)
            raise
        return [Blob(key, len(one), hashlib.sha256(one).hexdigest()) for key, one in zip(keys, contents, strict=True)]

    def _incoming(self, organization_id: str) -> Path:
        """Return where bytes lie until they are whole."""
        folder = self.root / organization_id / "incoming"
        _private(folder)
        return folder

    def _above(self, final: Path) -> list[Path]:
        """Return the folders that must last for a blob's name to last: each may be new."""
        return [self.root.joinpath(*final.relative_to(self.root).parts[:depth]) for depth in range(4)]

    async def _put(self, chunks: AsyncIterable[bytes], organization_id: str) -> Blob:
        key, digest, size = _key(organization_id), hashlib.sha256(), 0
        final = self.root / key
        temporary = self._incoming(organization_id) / final.name
        file = await asyncio.to_thread(DirectFile, temporary)
        try:
            async for block in _blocks(chunks):
                size += len(block)
                await asyncio.to_thread(_append, file, digest.update, block)
            await asyncio.to_thread(self._seal, file, temporary, final)
        except BaseException:
            # No thread here: a cancelled request must clean up without another await. Unlinking costs microseconds.
            with suppress(OSError):
                file.close()
            temporary.unlink(missing_ok=True)
            raise
        return Blob(key, size, digest.hexdigest())

    def _seal(self, file: DirectFile, temporary: Path, final: Path) -> None:
        file.sync()
        file.close()
        _private(final.parent)
        temporary.rename(final)
        for folder in reversed(self._above(final)):
            _sync_one(folder)

    async def get(self, key: str, offset: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        source = await asyncio.to_thread(_open, self._path(key), offset, length)
        left = sys.maxsize if length is None else length
        coming = asyncio.create_task(asyncio.to_thread(source.read))
        try:
            while left and (block := (await asyncio.shield(coming))[:left]):
                left -= len(block)
                if left:
                    coming = asyncio.create_task(asyncio.to_thread(source.read))
                for at in range(0, len(block), CHUNK):
                    yield block[at : at + CHUNK]
        finally:
            # A thread that still reads must not meet another file under this one's number. Not waited for here: whoever
            # takes this may be cancelled, and then every wait is.
            coming.add_done_callback(lambda _: source.close())

    async def get_all(self, keys: Sequence[str]) -> list[bytes]:
        return await asyncio.to_thread(lambda: [_whole(self._path(key)) for key in keys])

    async def size(self, key: str) -> int | None:
        return await asyncio.to_thread(_size, self._path(key))

    async def exists(self, key: str) -> bool:
        return await self.size(key) is not None

    async def delete(self, key: str) -> None:
        await asyncio.to_thread(self._path(key).unlink, missing_ok=True)

    async def keys(self, organization_id: str) -> AsyncIterator[str]:
        for folder in await asyncio.to_thread(_fans, self.root / organization_id):
            for name in await asyncio.to_thread(os.listdir, folder):
                yield f"{organization_id}/{name[:2]}/{name[2:4]}/{name}"

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError(f"not a blob's key: {key!r}")
        return self.root / key


def _checked(organization_id: str) -> str:
    if not ORGANIZATION.fullmatch(organization_id):
        raise ValueError(f"not an organization's id: {organization_id!r}")
    return organization_id


def _key(organization_id: str, start: str = "") -> str:
    name = start + secrets.token_hex(16 - len(start) // 2)
    return f"{organization_id}/{name[:2]}/{name[2:4]}/{name}"


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            text = "The platform's storage is full; nothing was stored. Ask its operator to free or add space."
            raise Unavailable(text, case="store_full") from error
        raise


async def _blocks(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Blocks of 1 MiB at least but for the last: one hop to a thread each, however small the network's pieces are."""
    held: list[bytes] = []
    size = 0
    async for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= CHUNK:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _private(folder: Path) -> None:
    """Make a folder and what is missing above it, for nobody else (`Path.mkdir` gives parents the default mode)."""
    if not folder.is_dir():
        _private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _append(file: DirectFile, update: Callable[[bytes], None], block: bytes) -> None:
    update(block)
    file.append(block)


def _write(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)


def _sync(paths: Iterable[Path], root: Path) -> None:
    """Return when these files and folders would survive a power cut; with one call where the system has one for all."""
    if _syncfs is None:
        for path in paths:
            _sync_one(path)
        return
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if _syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
    finally:
        os.close(descriptor)


def _sync_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open(path: Path, offset: int, length: int | None) -> Source:
    with _kept():
        size = path.stat().st_size - offset
        return Source(path, offset, direct=min(size, size if length is None else length) >= LARGE)


def _whole(path: Path) -> bytes:
    with _kept():
        return path.read_bytes()


@contextmanager
def _kept() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise Refused(
            "The content of this object was removed from storage; restore it from a backup.", code="content_gone"
        ) from error


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _fans(root: Path) -> list[Path]:
    return [inner for outer in _folders(root) if outer.name != "incoming" for inner in _folders(outer)]


def _folders(path: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        yield from (child for child in path.iterdir() if child.is_dir())


def _remove_abandoned(root: Path) -> None:
    """What a killed process left half written. An upload that still runs keeps its file young."""
    for organization in _folders(root):
        for file in (organization / "incoming").glob("*"):
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < time.time() - ABANDONED_AFTER_S:
                    file.unlink()
