"""The Files port over SFTP (version 3, as OpenSSH serves it), by one session of an SSH connection.

Bulk data is pipelined: many requests are on the way, but always sent in the order of their offsets and answered by the
server in that order, so that a transfer which is cut leaves a true beginning of the file and never a hole.
"""

import asyncio
import posixpath
import secrets
import stat
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal, Protocol

import asyncssh
from asyncssh import FXF_CREAT, FXF_EXCL, FXF_READ, FXF_TRUNC, FXF_WRITE, SFTPAttrs, SFTPClient, SFTPClientFile

from heroes.adapters.ports import NO_ROOM, Entry, NoRoom, NotThere, Shell
from heroes.kit.errors import Refused, SiteError, Unreachable

CALL_TIMEOUT_S = 30.0
"""for one question, and for one block of a stream"""
BLOCK_BYTES = 128 * 1024
WINDOW = 64
"""blocks on the way"""
FOLDER_WINDOW = 16
"""entries of a folder handled at a time"""


class _Site(Protocol):
    """What the files need of their connection."""

    @property
    def connection(self) -> asyncssh.SSHClientConnection: ...
    @property
    def sessions(self) -> asyncio.BoundedSemaphore: ...
    @property
    def shell(self) -> Shell: ...
    def heard(self) -> None: ...
    def silence(self, what: str, error: BaseException | None = None) -> Unreachable: ...


class SshFiles:
    """The Files port. The session is opened at the first use and again after it ended."""

    def __init__(self, site: _Site):
        self._site = site
        self._client: SFTPClient | None = None
        self._opening = asyncio.Lock()
        self._holds_session = False

    # ---------------------------------------------------------------------------------------------------- whole files

    async def read(self, path: str, offset: int = 0, limit: int | None = None) -> bytes:
        parts, left = [], limit
        async for block in self._blocks(path, offset, limit):
            parts.append(block if left is None else block[:left])
            left = None if left is None else left - len(parts[-1])
        return b"".join(parts)

    async def write(self, path: str, data: bytes, mode: int = 0o600) -> None:
        # the temporary's name is short and fresh: the file's own may already have the 255 bytes a name can have
        temporary = posixpath.join(posixpath.dirname(path), f".{secrets.token_hex(8)}.part")
        try:
            async with self._open(temporary, FXF_WRITE | FXF_CREAT | FXF_EXCL, mode) as file:
                await self._write_blocks(temporary, file, _one(data), 0)
                await self._finish(temporary, file, mode, None)
            await self.rename(temporary, path)
        except SiteError as error:
            if isinstance(error, NoRoom) or not isinstance(error, Unreachable):
                await self.remove(temporary)
            raise

    async def put(
        self,
        path: str,
        chunks: AsyncIterator[bytes],
        *,
        offset: int = 0,
        mode: int = 0o600,
        mtime: float | None = None,
    ) -> int:
        flags = FXF_WRITE | FXF_CREAT | (0 if offset else FXF_TRUNC)
        async with self._open(path, flags, mode) as file:
            if offset:
                async with self._call(path):
                    there = (await file.stat()).size or 0
                    if there > offset:
                        await file.truncate(offset)
                if there < offset:
                    text = f"{path} has only {there} bytes: it cannot be continued at {offset}."
                    raise Refused(text, code="shorter_there", path=path, size=there)
            end = await self._write_blocks(path, file, chunks, offset)
            await self._finish(path, file, mode, mtime)
        return end

    def get(self, path: str, offset: int = 0) -> AsyncIterator[bytes]:
        return self._blocks(path, offset, None)

    async def _write_blocks(self, path: str, file: SFTPClientFile, chunks: AsyncIterator[bytes], offset: int) -> int:
        flying: deque[asyncio.Task[int]] = deque()
        try:
            async for block in _blocks_of(chunks):
                if len(flying) >= WINDOW:
                    async with self._making(path):
                        await flying.popleft()
                flying.append(asyncio.create_task(file.write(block, offset)))
                offset += len(block)
            while flying:
                async with self._making(path):
                    await flying.popleft()
        finally:
            await _drop(flying)
        return offset

    async def _finish(self, path: str, file: SFTPClientFile, mode: int, mtime: float | None) -> None:
        async with self._making(path):
            await file.chmod(mode)  # the mode given at opening is cut by the account's umask
            with suppress(asyncssh.SFTPOpUnsupported):  # an extension of OpenSSH
                await file.fsync()
            if mtime is not None:
                await file.utime((mtime, mtime))

    async def _blocks(self, path: str, offset: int, limit: int | None) -> AsyncIterator[bytes]:
        """The file from `offset` to its end, or until `limit` bytes are passed."""
        end = None if limit is None else offset + limit
        flying: deque[tuple[int, int, asyncio.Task[bytes]]] = deque()
        async with self._open(path, FXF_READ) as file:
            async with self._call(path):
                size = (await file.stat()).size or 0
            try:
                ahead, done = offset, False
                while not done:
                    # no further ahead than the size seen at opening: past it one question at a time, for what has grown
                    while len(flying) < WINDOW and (end is None or ahead < end) and (ahead < size or not flying):
                        wanted = BLOCK_BYTES if end is None else min(BLOCK_BYTES, end - ahead)
                        flying.append((ahead, wanted, asyncio.create_task(_read(file, wanted, ahead))))
                        ahead += wanted
                    if not flying:
                        return
                    at, wanted, task = flying.popleft()
                    async with self._call(path):
                        block = await task
                        while block and len(block) < wanted:
                            more = await _read(file, wanted - len(block), at + len(block))
                            if not more:
                                break
                            block += more
                    done = len(block) < wanted
                    if block:
                        yield block
            finally:
                await _drop(task for _, _, task in flying)

    # ----------------------------------------------------------------------------------------------------- names

    async def stat(self, path: str) -> Entry | None:
        try:
            async with self._call(path) as client:
                attributes = await client.lstat(path)
        except NotThere:
            return None
        return await self._entry(path, path, attributes)

    async def listdir(self, path: str) -> list[Entry]:
        async with self._call(path) as client:
            names = await client.readdir(path)
        found = [(_text(name.filename), name.attrs) for name in names]
        found = [(name, attributes) for name, attributes in found if name not in (".", "..")]
        entries: list[Entry] = []
        for start in range(0, len(found), FOLDER_WINDOW):
            part = found[start : start + FOLDER_WINDOW]
            entries += await asyncio.gather(*(self._entry(n, posixpath.join(path, n), a) for n, a in part))
        return sorted(entries, key=lambda entry: entry.path.encode(errors="surrogateescape"))

    async def _entry(self, name: str, path: str, attributes: SFTPAttrs) -> Entry:
        mode = attributes.permissions or 0
        kind = _kind(mode)
        target = None
        if kind == "link":
            async with self._call(path) as client:
                target = _text(await client.readlink(path))
        return Entry(name, kind, attributes.size or 0, float(attributes.mtime or 0), stat.S_IMODE(mode), target)

    async def makedirs(self, path: str, mode: int = 0o700) -> None:
        missing = []
        while path and not await self._is_folder(path):
            missing.append(path)
            path = posixpath.dirname(path.rstrip("/"))
        for folder in reversed(missing):
            try:
                async with self._making(folder) as client:
                    await client.mkdir(folder, SFTPAttrs(permissions=mode))
            except Refused:
                if not await self._is_folder(folder):  # else somebody else was faster
                    raise

    async def _is_folder(self, path: str) -> bool:
        try:
            async with self._call(path) as client:
                return stat.S_ISDIR((await client.stat(path)).permissions or 0)
        except NotThere:
            return False

    async def symlink(self, target: str, path: str) -> None:
        async with self._making(path) as client:
            await client.symlink(target, path)

    async def set_mode(self, path: str, mode: int) -> None:
        async with self._call(path) as client:
            await client.chmod(path, mode)

    async def set_times(self, path: str, mtime: float) -> None:
        async with self._call(path) as client:
            await client.utime(path, (mtime, mtime))

    async def rename(self, old: str, new: str) -> None:
        async with self._making(old) as client:
            try:
                await client.posix_rename(old, new)
            except asyncssh.SFTPOpUnsupported:
                await client.rename(old, new)  # refuses where `new` exists: better than removing it first

    async def remove(self, path: str) -> None:
        with suppress(NotThere):
            async with self._call(path) as client:
                await client.remove(path)

    async def remove_tree(self, path: str) -> None:
        entry = await self.stat(path)
        if entry is None:
            return
        if entry.kind != "dir":
            await self.remove(path)
            return
        folders = [path]
        for folder in folders:  # grows while it is walked: every folder comes after its parent
            entries = await self._listdir_forced(folder)
            folders += [posixpath.join(folder, e.path) for e in entries if e.kind == "dir"]
            others = [posixpath.join(folder, e.path) for e in entries if e.kind != "dir"]
            for start in range(0, len(others), FOLDER_WINDOW):
                await asyncio.gather(*(self.remove(other) for other in others[start : start + FOLDER_WINDOW]))
        for folder in reversed(folders):
            with suppress(NotThere):
                async with self._call(folder) as client:
                    await client.rmdir(folder)

    async def _listdir_forced(self, folder: str) -> list[Entry]:
        """A job may leave folders that even their owner cannot list or change: give the owner his rights first."""
        async with self._call(folder) as client:
            mode = stat.S_IMODE((await client.lstat(folder)).permissions or 0)
        if mode & 0o700 != 0o700:
            await self.set_mode(folder, mode | 0o700)
        return await self.listdir(folder)

    # --------------------------------------------------------------------------------------------------- session

    async def close(self) -> None:
        """End the session; the next use opens another."""
        async with self._opening:
            self._end()

    def _end(self) -> None:
        if self._client is not None:
            self._client.exit()
            self._client = None
        if self._holds_session:
            self._holds_session = False
            self._site.sessions.release()

    async def _session(self) -> SFTPClient:
        async with self._opening:
            if self._client is None:
                await self._site.sessions.acquire()
                self._holds_session = True
                try:
                    self._client = await self._site.connection.start_sftp_client(path_errors="surrogateescape")
                except asyncssh.SFTPBadMessage as error:
                    self._end()
                    raise Refused(
                        "The account's start-up files (such as .bashrc) print text, which spoils the transfer of "
                        "files. Let them print only in interactive logins."
                    ) from error
                except BaseException:
                    self._end()
                    raise
            return self._client

    @asynccontextmanager
    async def _call(self, path: str) -> AsyncIterator[SFTPClient]:
        """One bounded call: every foreign error leaves as one of ours."""
        try:
            async with asyncio.timeout(CALL_TIMEOUT_S):
                yield await self._session()
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath) as error:
            raise NotThere(f"There is no {path!r} at the site.", path=path) from error
        except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, asyncssh.ChannelOpenError) as error:
            self._end()
            raise self._site.silence("the file session ended", error) from error
        except asyncssh.SFTPError as error:
            raise Refused(_refusal(path, error), code="path_refused", path=path, said=error.reason) from error
        except TimeoutError as error:
            self._end()
            raise self._site.silence(f"no answer about {path!r} in {CALL_TIMEOUT_S:g} s") from error
        except (OSError, asyncssh.Error) as error:
            self._end()
            raise self._site.silence("cut off while handling files", error) from error
        self._site.heard()

    @asynccontextmanager
    async def _making(self, path: str) -> AsyncIterator[SFTPClient]:
        """One bounded call that needs room. Raises NoRoom where there is none."""
        try:
            async with self._call(path) as client:
                yield client
        except Refused as error:
            if isinstance(error.__cause__, asyncssh.SFTPFailure) and await self._full(posixpath.dirname(path)):
                raise NoRoom(f"{path!r} could not be written.", path=path) from error
            raise

    async def _full(self, folder: str) -> bool:
        """Tell whether a folder takes no more data: version 3 has one word for all failures, a command tells which."""
        probe = posixpath.join(folder, f".{secrets.token_hex(8)}.room")
        write = ["dd", "if=/dev/zero", f"of={probe}", "bs=4096", "count=1", "conv=fsync"]
        told = await self._site.shell.run(write, timeout=CALL_TIMEOUT_S)
        await self._site.shell.run(["rm", "-f", "--", probe], timeout=CALL_TIMEOUT_S)
        return not told.ok and NO_ROOM.search(told.stderr) is not None

    @asynccontextmanager
    async def _open(self, path: str, flags: int, mode: int | None = None) -> AsyncIterator[SFTPClientFile]:
        attributes = SFTPAttrs(permissions=mode) if mode is not None else SFTPAttrs()
        async with self._making(path) if flags & FXF_CREAT else self._call(path) as client:
            file = await client.open(path, flags, attributes, encoding=None, block_size=0)
        try:
            yield file
        except BaseException:
            with suppress(OSError, asyncssh.Error):  # the first error is the one to tell
                async with asyncio.timeout(CALL_TIMEOUT_S):
                    await file.close()
            raise
        async with self._call(path):
            await file.close()


def _refusal(path: str, error: asyncssh.SFTPError) -> str:
    if isinstance(error, asyncssh.SFTPPermissionDenied):
        return f"The account may not touch {path!r}: permission denied. Give it the right, or choose another folder."
    if isinstance(error, asyncssh.SFTPFailure):
        # version 3 has one word for all of these
        return (
            f"The site could not do it for {path!r} ({error.reason}): the name exists or is too long, or a folder is "
            f"not empty. Look at the name."
        )
    if isinstance(error, asyncssh.SFTPBadMessage):  # so OpenSSH calls names and values that the system does not take
        return f"The site cannot use the name {path!r}: it is too long or not allowed there. Choose a shorter one."
    return f"The site refused to handle {path!r}: {error.reason or type(error).__name__}."


def _kind(mode: int) -> Literal["file", "dir", "link", "other"]:
    if stat.S_ISLNK(mode):
        return "link"
    if stat.S_ISDIR(mode):
        return "dir"
    return "file" if stat.S_ISREG(mode) else "other"


async def _read(file: SFTPClientFile, size: int, offset: int) -> bytes:
    data: bytes = await file.read(size, offset)
    return data


def _text(name: str | bytes) -> str:
    return name.decode(errors="surrogateescape") if isinstance(name, bytes) else name


async def _one(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def _blocks_of(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in blocks of one request each: a larger one would be split behind our back, and out of order."""
    rest = b""
    async for chunk in chunks:
        data = rest + chunk if rest else chunk
        end = len(data) - len(data) % BLOCK_BYTES
        for start in range(0, end, BLOCK_BYTES):
            yield data[start : start + BLOCK_BYTES]
        rest = data[end:]
    if rest:
        yield rest


async def _drop(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel requests nobody waits for any more, and take their errors."""
    left = list(tasks)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
