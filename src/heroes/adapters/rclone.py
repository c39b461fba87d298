"""Large files from a site by rclone, in a connection of its own: its process, not ours, does the deciphering.

Only where it can be done as safely as on the line: with a key (by an agent's socket, never a file or an argument), the
pinned host key and no jump host. Whatever goes wrong, the file is read on by SFTP from where rclone ended; the checksum
is compared afterwards either way.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from functools import partial
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

import structlog

from heroes.adapters.agent import serving
from heroes.adapters.sftp import SshFiles
from heroes.adapters.ssh import KeyAuth, SshSite, SshTarget, imported, pinned_keys

LARGE = 64 * 2**20  # bytes from which a process and a login of its own are worth it
AT_ONCE = 2  # further connections to one account
BLOCK = 2**20
SILENT = 60.0  # seconds without a byte
_OPTIONS = {
    "RCLONE_CONFIG": os.devnull,
    "RCLONE_SFTP_KEY_USE_AGENT": "true",
    "RCLONE_SFTP_SHELL_TYPE": "none",
    "RCLONE_SFTP_DISABLE_HASHCHECK": "true",
    "RCLONE_CONTIMEOUT": "15s",
    "RCLONE_TIMEOUT": "60s",
    "RCLONE_RETRIES": "1",
    "RCLONE_LOW_LEVEL_RETRIES": "1",
}

log = structlog.get_logger()


def program() -> str | None:
    """Return rclone as it is installed beside this Python, or found by the path; None without one."""
    return shutil.which("rclone", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))


class RcloneFiles(SshFiles):
    """The files of a site, of which large ones are read by rclone; everything else is as the line does it."""

    def __init__(self, site: SshSite, rclone: str, *, large: int = LARGE):
        super().__init__(site)
        self._target, self._rclone, self._large = site.target, rclone, large
        self._places = asyncio.BoundedSemaphore(AT_ONCE)

    async def get(self, path: str, offset: int = 0) -> AsyncIterator[bytes]:
        """Yield a file's bytes from `offset` on. Raises as the line does."""
        if _plain(path) and not self._places.locked():
            entry = await self.stat(path)
            if entry is not None and entry.kind == "file" and entry.size - offset >= self._large:
                async with self._places, aclosing(self._read(path, offset)) as blocks:
                    async for block in blocks:
                        offset += len(block)
                        yield block
                if offset >= entry.size:
                    return
        async for block in super().get(path, offset):
            yield block

    async def _read(self, path: str, offset: int) -> AsyncGenerator[bytes]:
        """Yield what rclone gets of a file; says in the log why that is not all of it."""
        auth = self._target.auth
        assert isinstance(auth, KeyAuth)
        key, certificate = imported(auth)
        with tempfile.TemporaryDirectory(prefix="heroes-rclone-") as folder:
            known = Path(folder) / "known_hosts"
            known.write_text(_known_hosts(self._target))
            async with serving(key, certificate) as agent:
                arguments = ["cat", f":sftp:{path}", "--offset", str(offset), "--use-json-log"]
                environment = {**_OPTIONS, **_where(self._target), "RCLONE_SFTP_KNOWN_HOSTS_FILE": str(known)}
                said = Path(folder) / "said"
                process = self._start(arguments, {**environment, "SSH_AUTH_SOCK": str(agent.path)}, said)
                agent.let_in(process.pid)
                try:
                    async with aclosing(_blocks(process)) as blocks:
                        async for block in blocks:
                            yield block
                except TimeoutError:
                    log.warning("rclone was silent; going on by SFTP", **{"destination.address": self._target.host})
                finally:
                    process.kill()
                    with process:  # waits for its end and lets go of its pipe
                        pass
                if process.returncode != 0:
                    about = {"destination.address": self._target.host, "process.exit_code": process.returncode}
                    log.warning("rclone ended early; going on by SFTP", error=_words(said), **about)

    def _start(self, arguments: Sequence[str], environment: dict[str, str], said: Path) -> Popen[bytes]:
        with said.open("xb") as words:
            return Popen(
                (self._rclone, *arguments),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=words,
                pipesize=BLOCK,  # room for what comes while the block before it is hashed and written
                env=environment,
            )


async def _blocks(process: Popen[bytes]) -> AsyncGenerator[bytes]:
    """Yield what a process writes until it ends, each block read while the one before is used. Raises TimeoutError.

    The thread is its own: of those that everybody shares, a few silent sites would soon hold all.
    """
    assert process.stdout is not None
    thread = ThreadPoolExecutor(1, "rclone")
    do = partial(asyncio.get_running_loop().run_in_executor, thread)
    read = partial(do, process.stdout.read, BLOCK)
    try:
        coming = read()
        while block := await asyncio.wait_for(coming, SILENT):
            coming = read()
            yield block
        await asyncio.wait_for(do(process.wait), SILENT)
    finally:
        thread.shutdown(wait=False)  # it ends with the process


def eligible(target: SshTarget) -> bool:
    """Say whether rclone may log in there as the line does."""
    return isinstance(target.auth, KeyAuth) and target.jump is None


def _plain(path: str) -> bool:
    """rclone writes some letters of names in a way of its own; such files are read by SFTP."""
    return path.startswith("/") and path.isascii() and path.isprintable()


def _where(target: SshTarget) -> dict[str, str]:
    return {"RCLONE_SFTP_HOST": target.host, "RCLONE_SFTP_PORT": str(target.port), "RCLONE_SFTP_USER": target.user}


def _known_hosts(target: SshTarget) -> str:
    name = target.host if target.port == 22 else f"[{target.host}]:{target.port}"
    return "".join(f"{name} {key.export_public_key().decode().strip()}\n" for key in pinned_keys(target.host_key))


def _words(said: Path) -> str:
    return said.read_bytes()[:4096].decode(errors="replace").strip()[-500:]
