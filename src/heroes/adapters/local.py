"""Commands and files on the machine itself.

`LocalFiles` is given one folder and never leaves it: below that folder no link is followed, neither in the middle of a
path nor at its end, because what lies there was written by users' scripts and the reader has the platform's rights.
"""

import asyncio
import contextlib
import errno
import os
import signal
import stat as modes
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Literal, TypeVar
from uuid import uuid4

from heroes.adapters.ports import Entry, NoRoom, NotThere, Result
from heroes.kit.errors import Garbled, Refused, SiteError, Unreachable

T = TypeVar("T")
_CHUNK = 1 << 20
_FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_LINK = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_OUTPUT_LIMIT = 32 << 20


class LocalShell:
    """Runs commands as the platform's own account, each in a process group of its own, with a clean environment."""

    def __init__(self, *, cwd: str = "/", output_limit: int = _OUTPUT_LIMIT) -> None:
        self._cwd = cwd
        self._limit = output_limit

    async def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 30.0) -> Result:
        """Run one command; see `ports.Shell`. At the timeout (seconds) the whole process group is killed."""
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                cwd=self._cwd,
                env=_clean_environment(),
                start_new_session=True,
            )
        except (FileNotFoundError, PermissionError) as error:
            missing = isinstance(error, FileNotFoundError)
            return Result(127 if missing else 126, "", f"{argv[0]}: {error.strerror}")
        except OSError as error:
            raise Unreachable(
                f"{argv[0]} could not be started: {error.strerror}.",
                code="command_not_run",
                command=argv[0],
                said=error.strerror,
            ) from error
        try:
            async with asyncio.timeout(timeout):
                out, err = await self._talk(process, stdin)
                status = await process.wait()
        except TimeoutError as error:
            raise Unreachable(
                f"{argv[0]} did not end within {timeout:g} s.", code="command_late", command=argv[0], argv=list(argv)
            ) from error
        finally:
            await _kill_group(process)
        return Result(128 - status if status < 0 else status, _text(out), _text(err))

    async def _talk(self, process: asyncio.subprocess.Process, data: bytes) -> tuple[bytes, bytes]:
        try:
            async with asyncio.TaskGroup() as both:
                out = both.create_task(self._read(process.stdout))
                err = both.create_task(self._read(process.stderr))
                both.create_task(_feed(process.stdin, data))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return out.result(), err.result()

    async def _read(self, stream: asyncio.StreamReader | None) -> bytes:
        parts: list[bytes] = []
        size = 0
        while stream is not None and (part := await stream.read(_CHUNK)):
            size += len(part)
            if size > self._limit:
                raise Garbled(
                    f"A command answered with more than {self._limit} bytes.", code="large_output", most=self._limit
                )
            parts.append(part)
        return b"".join(parts)


async def _feed(stream: asyncio.StreamWriter | None, data: bytes) -> None:
    """Give a command its input. One that ends without reading it all is not an error: its status tells."""
    if stream is None:
        return
    try:
        stream.write(data)
        await stream.drain()
    except (BrokenPipeError, ConnectionResetError):
        pass
    except RuntimeError:  # so uvloop calls a pipe that was closed meanwhile
        if not stream.is_closing():
            raise
    stream.close()  # its end is not awaited: asyncio fails on a waiter that was cancelled when the pipe breaks


async def _kill_group(process: asyncio.subprocess.Process) -> None:
    """End what is left of a command. Its pipes are closed too: asyncio tells no end while one is full or held open."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process._transport.close()  # type: ignore[attr-defined]
        await process.wait()


def _clean_environment() -> dict[str, str]:
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return {"PATH": path, "LANG": "C.UTF-8", "HOME": os.environ.get("HOME", "/")}


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


class LocalFiles:
    """The `ports.Files` of one folder of this machine. Every call works in a thread; paths are absolute."""

    def __init__(self, root: str) -> None:
        self._given = os.path.normpath(root)
        self._root = os.path.realpath(root)

    async def read(self, path: str, offset: int = 0, limit: int | None = None) -> bytes:
        return await self._do(path, lambda folder, name: _read(folder, name, offset, limit))

    async def write(self, path: str, data: bytes, mode: int = 0o600) -> None:
        await self._do(path, lambda folder, name: _replace(folder, name, data, mode))

    async def put(
        self,
        path: str,
        chunks: AsyncIterator[bytes],
        *,
        offset: int = 0,
        mode: int = 0o600,
        mtime: float | None = None,
    ) -> int:
        descriptor = await self._do(path, lambda folder, name: _open_for_put(folder, name, offset, mode))
        try:
            at = offset
            async for chunk in chunks:
                await asyncio.to_thread(
                    _translated, path, lambda part=chunk, start=at: _pwrite(descriptor, part, start)
                )
                at += len(chunk)
            await asyncio.to_thread(_translated, path, lambda: _finish_put(descriptor, at, mode, mtime))
            return at
        finally:
            os.close(descriptor)

    async def get(self, path: str, offset: int = 0) -> AsyncIterator[bytes]:
        descriptor = await self._do(path, _open_regular)
        try:
            while chunk := await asyncio.to_thread(_translated, path, partial(os.pread, descriptor, _CHUNK, offset)):
                yield chunk
                offset += len(chunk)
        finally:
            os.close(descriptor)

    async def stat(self, path: str) -> Entry | None:
        try:
            return await self._do(path, lambda folder, name: _entry(folder, name, path))
        except NotThere:
            return None

    async def listdir(self, path: str) -> list[Entry]:
        return await self._do(path, _list)

    async def makedirs(self, path: str, mode: int = 0o700) -> None:
        await asyncio.to_thread(_translated, path, lambda: self._makedirs(path, mode))

    async def symlink(self, target: str, path: str) -> None:
        await self._do(path, lambda folder, name: os.symlink(target, name, dir_fd=folder))

    async def set_mode(self, path: str, mode: int) -> None:
        await self._do(path, lambda folder, name: _set_mode(folder, name, mode))

    async def set_times(self, path: str, mtime: float) -> None:
        times = (int(mtime * 1e9),) * 2
        await self._do(path, lambda folder, name: os.utime(name, ns=times, dir_fd=folder, follow_symlinks=False))

    async def rename(self, old: str, new: str) -> None:
        def act() -> None:
            with self._parent(old) as (source, old_name), self._parent(new) as (target, new_name):
                os.rename(old_name, new_name, src_dir_fd=source, dst_dir_fd=target)

        await asyncio.to_thread(_translated, old, act)

    async def remove(self, path: str) -> None:
        with contextlib.suppress(NotThere):
            await self._do(path, lambda folder, name: os.unlink(name, dir_fd=folder))

    async def remove_tree(self, path: str) -> None:
        with contextlib.suppress(NotThere):
            await self._do(path, _remove_tree)

    async def _do(self, path: str, act: Callable[[int, str], T]) -> T:
        def inside() -> T:
            with self._parent(path) as (folder, name):
                return act(folder, name)

        return await asyncio.to_thread(_translated, path, inside)

    def _parts(self, path: str) -> list[str]:
        """The names below the root. Only the path of the root itself is resolved, never what lies below it."""
        asked = PurePosixPath(path)
        for root in (self._given, self._root):
            if ".." not in asked.parts and asked.is_relative_to(root):
                return list(asked.relative_to(root).parts)
        raise Refused(f"{path!r} is not below the folder of this cluster.", code="not_below", path=path)

    @contextlib.contextmanager
    def _parent(self, path: str) -> Iterator[tuple[int, str]]:
        """A descriptor of the folder that holds `path`, reached without following a link below the root."""
        *folders, name = self._parts(path) or [""]
        descriptor = os.open(self._root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for folder in folders:
                below = os.open(folder, _FOLDER, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = below
            yield descriptor, name or "."
        finally:
            os.close(descriptor)

    def _makedirs(self, path: str, mode: int) -> None:
        Path(self._root).mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for name in self._parts(path):
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, mode, dir_fd=descriptor)
                below = os.open(name, _FOLDER, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = below
        finally:
            os.close(descriptor)


def _translated(path: str, act: Callable[[], T]) -> T:
    try:
        return act()
    except (SiteError, UnicodeError):
        raise
    except OSError as error:
        raise _site_error(path, error) from error


def _site_error(path: str, error: OSError) -> SiteError:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return NotThere(f"{path!r} does not exist.", path=path)
        case errno.ELOOP:
            return Refused(f"{path!r} is a link, and links are not followed here.", code="is_link", path=path)
        case errno.ENOSPC | errno.EDQUOT:
            return NoRoom(f"{path!r} could not be written.", path=path)
        case errno.EEXIST:
            return Refused(f"{path!r} exists already.", code="path_exists", path=path)
        case errno.EIO | errno.ESTALE | errno.ETIMEDOUT | errno.EMFILE | errno.ENFILE:
            return Unreachable(
                f"{path!r} could not be reached: {error.strerror}.",
                code="path_unreachable",
                path=path,
                said=error.strerror,
            )
        case _:
            return Refused(f"{path!r}: {error.strerror}.", code="path_refused", path=path, said=error.strerror)


def _open_regular(folder: int, name: str, flags: int = os.O_RDONLY) -> int:
    """Open a regular file; a pipe or device, which a script may have left to make us wait, is refused."""
    descriptor = os.open(name, flags | _NO_LINK, 0o600, dir_fd=folder)
    if modes.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise Refused(f"{name!r} is not a regular file.", code="not_regular", path=name)


def _read(folder: int, name: str, offset: int, limit: int | None) -> bytes:
    descriptor = _open_regular(folder, name)
    try:
        size = os.fstat(descriptor).st_size
        left = max(0, size - offset) if limit is None else limit
        parts: list[bytes] = []
        while left > 0 and (part := os.pread(descriptor, min(left, _CHUNK), offset)):
            parts.append(part)
            offset += len(part)
            left -= len(part)
        return b"".join(parts)
    finally:
        os.close(descriptor)


def _replace(folder: int, name: str, data: bytes, mode: int) -> None:
    temporary = f".{uuid4().hex}.part"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, mode, dir_fd=folder)
    try:
        _pwrite(descriptor, data, 0)
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary, dir_fd=folder)
        raise
    finally:
        os.close(descriptor)
    _sync_folder(folder)


def _sync_folder(folder: int) -> None:
    descriptor = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=folder)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_for_put(folder: int, name: str, offset: int, mode: int) -> int:
    descriptor = _open_regular(folder, name, os.O_WRONLY | os.O_CREAT)
    size = os.fstat(descriptor).st_size
    if size < offset:
        os.close(descriptor)
        text = f"{name!r} has {size} bytes; it cannot go on at {offset}."
        raise Refused(text, code="shorter_there", path=name, size=size)
    os.ftruncate(descriptor, offset)
    os.fchmod(descriptor, mode | 0o200)
    return descriptor


def _pwrite(descriptor: int, data: bytes, at: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, at)
        view, at = view[written:], at + written


def _finish_put(descriptor: int, size: int, mode: int, mtime: float | None) -> None:
    os.ftruncate(descriptor, size)
    os.fchmod(descriptor, mode)
    if mtime is not None:
        os.utime(descriptor, ns=(int(mtime * 1e9),) * 2)
    os.fsync(descriptor)


def _entry(folder: int, name: str, shown: str) -> Entry:
    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    kind: Literal["file", "dir", "link", "other"] = "other"
    target: str | None = None
    if modes.S_ISREG(found.st_mode):
        kind = "file"
    elif modes.S_ISDIR(found.st_mode):
        kind = "dir"
    elif modes.S_ISLNK(found.st_mode):
        kind, target = "link", os.readlink(name, dir_fd=folder)
    return Entry(shown, kind, found.st_size, found.st_mtime, modes.S_IMODE(found.st_mode), target)


def _list(folder: int, name: str) -> list[Entry]:
    descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK, dir_fd=folder)
    try:
        entries: list[Entry] = []
        for each in sorted(os.listdir(descriptor)):  # noqa: PTH208
            with contextlib.suppress(FileNotFoundError):
                entries.append(_entry(descriptor, each, each))
        return entries
    finally:
        os.close(descriptor)


def _set_mode(folder: int, name: str, mode: int) -> None:
    descriptor = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        if modes.S_ISLNK(os.fstat(descriptor).st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        os.chmod(f"/proc/self/fd/{descriptor}", mode)  # noqa: PTH101
    finally:
        os.close(descriptor)


def _remove_tree(folder: int, name: str) -> None:
    """Without recursion, however deep: folders found further down are first moved up into the top one.

    Cut off in the middle, everything left is still below `name`, and the next call goes on.
    """
    if not modes.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        os.unlink(name, dir_fd=folder)
        return
    _set_mode(folder, name, 0o700)
    top = os.open(name, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK, dir_fd=folder)
    try:
        waiting = _empty(top, None)
        while waiting:
            current = waiting.pop()
            _set_mode(top, current, 0o700)
            descriptor = os.open(current, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK, dir_fd=top)
            try:
                waiting += _empty(descriptor, top)
            finally:
                os.close(descriptor)
            os.rmdir(current, dir_fd=top)
    finally:
        os.close(top)
    os.rmdir(name, dir_fd=folder)


def _empty(folder: int, top: int | None) -> list[str]:
    """Remove the files and links of a folder; its folders are moved into `top` and named."""
    folders: list[str] = []
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for name, is_folder in found:
        if not is_folder:
            os.unlink(name, dir_fd=folder)
        elif top is None:
            folders.append(name)
        else:
            moved = f".{uuid4().hex}.removed"
            _set_mode(folder, name, 0o700)
            os.rename(name, moved, src_dir_fd=folder, dst_dir_fd=top)
            folders.append(moved)
    return folders
