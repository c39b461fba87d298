"""The Shell port over an SSH connection: any login shell, noisy start-up files and all, runs exactly what is asked."""

import asyncio
import secrets
import shlex
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

import asyncssh

from heroes.adapters.ports import Result
from heroes.kit.errors import Garbled, Refused, Unreachable

MAX_OUTPUT_BYTES = 64 * 1024 * 1024
MAX_LINE_BYTES = 128 * 1024 - 1
"""what Linux takes as one argument, as which the login shell gets the line"""
UNESCAPED = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")
SIGNALS = {
    "HUP": 1,
    "INT": 2,
    "QUIT": 3,
    "ILL": 4,
    "ABRT": 6,
    "FPE": 8,
    "KILL": 9,
    "SEGV": 11,
    "PIPE": 13,
    "ALRM": 14,
    "TERM": 15,
}


class _Site(Protocol):
    """What the shell needs of its connection."""

    @property
    def name(self) -> str: ...
    @property
    def connection(self) -> asyncssh.SSHClientConnection: ...
    @property
    def sessions(self) -> asyncio.BoundedSemaphore: ...
    @property
    def alive(self) -> bool: ...
    def heard(self) -> None: ...
    def silence(self, what: str, error: BaseException | None = None) -> Unreachable: ...


def command_line(argv: Sequence[str], mark: str) -> str:
    """A line that any login shell (sh, csh, fish …) hands to /bin/sh unharmed, which then runs `argv`.

    Inside the single quotes stand only letters, digits, spaces and `%"$()\\`: no quote, no newline, no "!", which csh
    expands even in quotes. Everything else is an octal escape. `mark` goes to both streams first: what the account's
    start-up files print before it is not the command's.
    """
    script = f"printf %s {mark}; printf %s {mark} >&2; LC_ALL=C; export LC_ALL; exec {shlex.join(argv)}"
    escaped = "".join(
        chr(byte) if byte in UNESCAPED else f"\\0{byte:03o}" for byte in script.encode(errors="surrogateescape")
    )
    line = f'exec /bin/sh -c \'eval "$(printf %b "{escaped}")"\''
    if len(line) > MAX_LINE_BYTES:
        raise Refused(f"The command `{argv[0]}` is too long for the site ({len(line)} bytes): give its data by stdin.")
    return line


class SshShell:
    """The Shell port over an SshSite: a session for each command."""

    def __init__(self, site: _Site):
        self.site = site

    async def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 30.0) -> Result:
        mark = f"heroes{secrets.token_hex(8)}"
        try:
            async with asyncio.timeout(timeout), self.site.sessions:
                process = await self._start(command_line(argv, mark))
                try:
                    status, out, err = await _talk(process, stdin)
                finally:
                    process.close()
        except TimeoutError as error:
            raise self.site.silence(
                f"`{argv[0]}` gave no answer in {timeout:g} s; it may or may not have run"
            ) from error
        except asyncssh.ChannelOpenError as error:
            raise self.site.silence(f"no session for `{argv[0]}`; it did not run", error) from error
        except (OSError, asyncssh.Error) as error:
            raise self.site.silence(f"cut off during `{argv[0]}`; it may or may not have run", error) from error
        self.site.heard()
        return self._result(argv, mark.encode(), status, out, err)

    async def _start(self, line: str) -> "asyncssh.SSHClientProcess[bytes]":
        """A session for the line. A refused session did not run; the server may still be clearing an ended one away."""
        for pause in (0.05, 0.1, 0.2, 0.4, 0.8):
            try:
                return await self.site.connection.create_process(line, encoding=None)
            except asyncssh.ChannelOpenError:
                if not self.site.alive:
                    raise
                await asyncio.sleep(pause)
        return await self.site.connection.create_process(line, encoding=None)

    def _result(self, argv: Sequence[str], mark: bytes, status: int | None, out: bytes, err: bytes) -> Result:
        noise, marked, stdout = out.partition(mark)
        if status is None:
            raise self.site.silence(f"cut off during `{argv[0]}`; it may or may not have run")
        if not marked:
            said = (noise + b" " + err.partition(mark)[0]).decode(errors="replace")
            raise Refused(
                f"{self.site.name}: the account's login shell runs no commands (exit status {status}). It says: "
                f"{' '.join(said.split())[:2000]!r}. Log in by hand and see to it that the shell is an ordinary one.",
                code="no_shell",
                exit_status=status,
                said=" ".join(said.split())[:300],
            )
        stderr = err.partition(mark)[2] if mark in err else err
        return Result(status, stdout.decode(errors="surrogateescape"), stderr.decode(errors="surrogateescape"))


async def _talk(process: "asyncssh.SSHClientProcess[bytes]", stdin: bytes) -> tuple[int | None, bytes, bytes]:
    """Feed and read all streams at once. The status is None if the channel closed without telling one."""

    async def feed() -> None:
        with suppress(OSError, asyncssh.Error):  # the command ended without reading all: its status tells
            process.stdin.write(stdin)
            await process.stdin.drain()
            process.stdin.write_eof()

    async def slurp(stream: "asyncssh.SSHReader[bytes]") -> bytes:
        parts, size = [], 0
        while part := await stream.read(256 * 1024):
            parts.append(part)
            size += len(part)
            if size > MAX_OUTPUT_BYTES:
                text = f"The command's output is larger than {MAX_OUTPUT_BYTES >> 20} MiB."
                raise Garbled(text, code="large_output", most=MAX_OUTPUT_BYTES)
        return b"".join(parts)

    tasks = [asyncio.create_task(work) for work in (slurp(process.stdout), slurp(process.stderr))]
    feeding = asyncio.create_task(feed())
    try:
        out, err = await asyncio.gather(*tasks)
    finally:
        for task in (feeding, *tasks):
            task.cancel()
        await asyncio.gather(feeding, *tasks, return_exceptions=True)
    await process.wait_closed()
    if process.exit_signal:
        return 128 + SIGNALS.get(process.exit_signal[0], 127), out, err
    return process.exit_status, out, err
