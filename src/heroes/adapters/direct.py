"""A new file whose whole blocks go past the kernel's page cache (`O_DIRECT`), where the file system can do that.

Through the cache a GiB costs up to two CPU seconds on a virtual machine, whose every new page is first had from its
host, and the disk is waited for at the end. Directly it costs a tenth, and the disk works while the next block arrives.
"""

import errno
import fcntl
import mmap
import os
from contextlib import suppress
from pathlib import Path

BLOCK = 2**20  # a multiple of what any disk wants a write to be
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
                self._switch(direct=True)
                self._flush()

    def sync(self) -> None:
        """Return when all that was appended would survive a power cut."""
        self._switch(direct=False)  # the last block is no multiple of anything
        self._flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Let go of the file; what was not synced may be missing."""
        self._file.close()

    def _flush(self) -> None:
        rest = memoryview(self._held)[: self._filled]
        while rest:
            try:
                rest = rest[self._file.write(rest) :]
            except OSError as error:
                if error.errno != errno.EINVAL or not self._switch(direct=False):
                    raise
        self._filled = 0

    def _switch(self, *, direct: bool) -> bool:
        """Say whether the way of writing was changed; a file system without direct writes refuses."""
        before = fcntl.fcntl(self._file, fcntl.F_GETFL)
        wanted = before | _DIRECT if direct else before & ~_DIRECT
        with suppress(OSError):
            fcntl.fcntl(self._file, fcntl.F_SETFL, wanted)
            return wanted != before
        return False
