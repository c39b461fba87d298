"""A folder as one stream, zip or tar, made while it is read: memory does not grow with the folder."""

import io
import stat
import tarfile
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from heroes.adapters.files import BlobStore
from heroes.data.rules import StageItem

_OLDEST_ZIP = (1980, 1, 1, 0, 0, 0)


@dataclass
class _Pipe(io.RawIOBase):
    """What `zipfile` writes, until the next chunk is sent. It cannot seek, so sizes follow the contents."""

    def __post_init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data)  # type: ignore[arg-type]
        self._held += view
        return view.nbytes

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


async def as_zip(store: BlobStore, items: AsyncIterator[StageItem]) -> AsyncIterator[bytes]:
    """Yield a zip archive, not compressed; links and execute bits are kept as Info-ZIP does."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        async for item in items:
            entry = _zip_entry(item)
            with archive.open(entry, "w", force_zip64=True) as file:
                if item.kind == "link":
                    file.write((item.target or "").encode())
                elif item.blob_key:
                    async for chunk in store.get(item.blob_key):
                        file.write(chunk)
                        yield pipe.take()
            yield pipe.take()
    yield pipe.take()


def _zip_entry(item: StageItem) -> zipfile.ZipInfo:
    # Local calendar time, as the format has it; the platform's is UTC.
    when = datetime.fromtimestamp(item.mtime).timetuple()[:6] if item.mtime else _OLDEST_ZIP
    entry = zipfile.ZipInfo(f"{item.path}/" if item.kind == "dir" else item.path, max(when, _OLDEST_ZIP))
    kind = {"dir": stat.S_IFDIR, "link": stat.S_IFLNK}.get(item.kind, stat.S_IFREG)
    entry.external_attr = (kind | item.mode) << 16 | (0x10 if item.kind == "dir" else 0)
    entry.create_system = 3  # Unix: only then are the attributes read
    return entry


async def as_tar(store: BlobStore, items: AsyncIterator[StageItem]) -> AsyncIterator[bytes]:
    """Yield a tar archive (POSIX 2001)."""
    async for item in items:
        entry = tarfile.TarInfo(item.path)
        entry.type = {"dir": tarfile.DIRTYPE, "link": tarfile.SYMTYPE}.get(item.kind, tarfile.REGTYPE)
        entry.mode, entry.mtime, entry.linkname = item.mode, int(item.mtime or 0), item.target or ""
        entry.size = item.size if item.kind == "file" else 0
        yield entry.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
        if item.blob_key and entry.size:
            async for chunk in store.get(item.blob_key):
                yield chunk
            yield bytes(-entry.size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)
