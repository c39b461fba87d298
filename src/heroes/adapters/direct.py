"""Large files past the kernel's page cache (`O_DIRECT`), where the file system can do that.

Through the cache a GiB costs up to four CPU seconds on a virtual machine, whose every new page is first had from its
host, and what was written is waited for at the end. Directly it costs a tenth, and the disk works meanwhile.
"""

import errno
import fcntl
import mmap
import os
from collections.abc import Callable
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Any

BLOCK = 2**20  # a multiple of what any disk wants a write to be
AHEAD = 8 * BLOCK  # read at once: a disk that is written to at the same time answers late, now and then
_DIRECT = getattr(os, "O_DIRECT", 0)


class DirectFile:
    """Written once, from its start to its end. Each method raises OSError as its system call does."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        self._file = open(descriptor, "wb", buffering=0)  # noqa: SIM115 - `close` closes it
        self._held = mmap.mmap(-1, BLOCK)  # begins at a page, as direct writes must
        self._filled = 0

    def append(self, data: bytes) -> None:
        """Write what follows; less than a block of it is held back."""
        rest = memoryview(data)
        while rest:
            piece = rest[: BLOCK - self._filled]
            self._held[self._filled : self._filled + len(piece)] = piece
            self._filled += len(piece)
            rest = rest[len(piece) :]
            if self._filled == BLOCK:
                _switch(self._file, direct=True)
                self._flush()

    def sync(self) -> None:
        """Return when all that was appended would survive a power cut."""
        _switch(self._file, direct=False)  # the last block is no multiple of anything
        self._flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Let go of the file; what was not synced may be missing."""
        self._file.close()

    def _flush(self) -> None:
        rest = memoryview(self._held)[: self._filled]
        while rest:
            rest = rest[_done(self._file, self._file.write, rest) :]
        self._filled = 0


class Source:
    """Read once, from `offset` to its end. Each method raises OSError as its system call does."""

    def __init__(self, path: Path, offset: int = 0, *, direct: bool) -> None:
        self._file = path.open("rb", buffering=0)
        self._held = mmap.mmap(-1, AHEAD if direct else BLOCK)
        self._skip = offset % BLOCK  # direct reads begin at a block
        self._file.seek(offset - self._skip)
        if direct:
            _switch(self._file, direct=True)

    def read(self) -> bytes:
        """Return what follows, a block of it at most or, directly, several; nothing at the end."""
        size = _done(self._file, self._file.readinto, self._held)
        data, self._skip = self._held[self._skip : size], 0
        return data

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _done(file: FileIO, act: Callable[[Any], int], data: memoryview | mmap.mmap) -> int:
    """Write or read, and once more through the cache where the file system refuses to do it directly."""
    try:
        return act(data)
    except OSError as error:
        if error.errno != errno.EINVAL or not _switch(file, direct=False):
            raise
    return act(data)


def _switch(file: FileIO, *, direct: bool) -> bool:
    """Say whether the way of a file was changed; a file system without direct ways refuses."""
    before = fcntl.fcntl(file, fcntl.F_GETFL)
    wanted = before | _DIRECT if direct else before & ~_DIRECT
    with suppress(OSError):
        fcntl.fcntl(file, fcntl.F_SETFL, wanted)
        return wanted != before
    return False
