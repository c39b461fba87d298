"""One SSH connection to a site: commands by `site.shell`, files by `site.files` and `site.bulk_files`.

    SshTarget      where, as whom, with which secret, and which host key is pinned
    connect        → SshSite; scan_host_key → the key to pin, for enrolment
    SshShell       the Shell port; SshFiles (sftp.py) is the Files port

Private keys, certificates and passwords stay in memory; no configuration, agent or known_hosts file of this machine is
read. A changed host key is never accepted. Stock sshd allows 10 sessions in a connection and so do we.
"""

import asyncio
import secrets
import shlex
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncssh

from heroes.adapters.ports import HostKeyChanged, Result
from heroes.adapters.sftp import SshFiles
from heroes.kit.clock import utcnow
from heroes.kit.errors import Garbled, Refused, SiteError, Unreachable

CONNECT_TIMEOUT_S = 10.0
LOGIN_TIMEOUT_S = 20.0
KEEPALIVE_S, KEEPALIVE_COUNT = 5, 3
MAX_SESSIONS = 10
MAX_OUTPUT_BYTES = 64 * 1024 * 1024
MAX_LINE_BYTES = 128 * 1024 - 1
"""what Linux takes as one argument, as which the login shell gets the line"""
UNESCAPED = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")
CIPHERS = (
    "aes128-gcm@openssh.com",  # first: with hardware AES the fastest by far
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes256-ctr",
    "aes192-ctr",
    "aes128-ctr",
)
RSA_SIGNATURES = ("rsa-sha2-512", "rsa-sha2-256")
SCAN_ORDER = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", *RSA_SIGNATURES)
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


@dataclass(frozen=True, slots=True)
class KeyAuth:
    """A private key (OpenSSH or PEM; RSA, ECDSA, Ed25519), with an OpenSSH user certificate if the site wants one."""

    private_key: bytes = field(repr=False)
    passphrase: str | None = field(default=None, repr=False)
    certificate: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PasswordAuth:
    """A password, given by keyboard-interactive or by the password method, as the site asks."""

    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SshTarget:
    """Where to log in, as whom. `host_key`: known_hosts lines, any of which is accepted; nothing else is."""

    host: str
    user: str
    auth: KeyAuth | PasswordAuth
    host_key: str
    port: int = 22
    jump: "SshTarget | None" = None

    @property
    def name(self) -> str:
        return f"{self.user}@{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class HostKey:
    """A server's key: the known_hosts line to pin, its algorithm, and the fingerprint to show to a person."""

    line: str
    algorithm: str
    fingerprint: str


# ----------------------------------------------------------------------------------------------------------- host keys


def pinned_keys(lines: str) -> list[asyncssh.SSHKey]:
    """The public keys of known_hosts lines (or of bare public keys). Raises `Refused` if there is none."""
    keys = []
    for line in lines.splitlines():
        words = line.split()
        start = next((i for i, word in enumerate(words) if word.startswith(("ssh-", "ecdsa-", "sk-"))), None)
        if start is None or line.startswith("#"):
            continue
        try:
            keys.append(asyncssh.import_public_key(" ".join(words[start : start + 2])))
        except asyncssh.KeyImportError as error:
            raise Refused(f"The pinned host key cannot be read ({error}). Scan the host's key again.") from error
    if not keys:
        raise Refused("No host key is pinned for this host. Scan it, compare the fingerprint, and confirm it.")
    return keys


def _host_key_algorithms(keys: Sequence[asyncssh.SSHKey]) -> list[str]:
    """Ask for the pinned kinds only: a server with several keys would else offer another kind, which looks changed."""
    names: list[str] = []
    for key in keys:
        name = key.get_algorithm()
        names += RSA_SIGNATURES if name == "ssh-rsa" else (name,)
    return list(dict.fromkeys(names))


async def scan_host_key(host: str, port: int = 22, *, jump: SshTarget | None = None) -> HostKey:
    """The key that the host shows now; nobody logs in. Raises `Unreachable`."""
    with _connecting(f"{host}:{port}", _Watcher([])):
        async with _tunnel(jump) as tunnel, asyncio.timeout(CONNECT_TIMEOUT_S):
            key = await asyncssh.get_server_host_key(
                host, port, tunnel=tunnel, config=None, server_host_key_algs=list(SCAN_ORDER)
            )
    if key is None:
        raise Unreachable(f"{host}:{port} showed no host key.")
    public = key.export_public_key().decode().split()
    where = host if port == 22 else f"[{host}]:{port}"
    return HostKey(f"{where} {public[0]} {public[1]}", public[0], key.get_fingerprint())


@asynccontextmanager
async def _tunnel(jump: SshTarget | None) -> AsyncIterator[asyncssh.SSHClientConnection | None]:
    if jump is None:
        yield None
        return
    site = await connect(jump)
    try:
        yield site.connection
    finally:
        await site.close()


# ---------------------------------------------------------------------------------------------------------- connecting


class _Watcher(asyncssh.SSHClient):
    """Checks the host key, answers prompts, keeps the banner, remembers why the connection ended."""

    def __init__(self, pinned: Sequence[asyncssh.SSHKey], password: str | None = None):
        self.pinned = list(pinned)
        self.password = password
        self.offered: asyncssh.SSHKey | None = None
        self.banner = ""
        self.lost: str | None = None

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        self.offered = key
        return any(key.public_data == pin.public_data for pin in self.pinned)

    def auth_banner_received(self, msg: str, lang: str) -> None:
        self.banner += msg

    def password_auth_requested(self) -> str | None:
        password, self.password = self.password, None  # once: a second try with the same password only locks accounts
        return password

    def kbdint_auth_requested(self) -> str | None:
        return "" if self.password is not None else None

    def kbdint_challenge_received(self, name: str, instructions: str, lang: str, prompts: Any) -> list[str] | None:
        self.banner += f"{name}\n{instructions}".strip()
        if not prompts:
            return []
        if len(prompts) > 1 or self.password is None:
            # a second factor, or a forced change of the password: a person has to answer
            self.banner += "\n" + "\n".join(str(text) for text, _ in prompts)
            return None
        password, self.password = self.password, None
        return [password]

    def password_change_requested(self, prompt: str, lang: str) -> Any:
        self.banner += prompt
        return NotImplemented

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = str(exc) if exc else "the connection was closed"


@contextmanager
def _connecting(name: str, watcher: _Watcher) -> Iterator[None]:
    """Every way in which a connection fails to come up, in our words."""
    try:
        yield
    except SiteError:
        raise
    except asyncssh.HostKeyNotVerifiable as error:
        raise _changed(name, watcher) from error
    except asyncssh.KeyExchangeFailed as error:
        if watcher.pinned and "host key" in str(error).lower():
            raise _changed(name, watcher) from error
        raise Refused(f"{name} shares no secure algorithm with us ({error}). Update its SSH server.") from error
    except (asyncssh.PermissionDenied, asyncssh.IllegalUserName) as error:
        said = " ".join(watcher.banner.split())
        raise Refused(
            f"{name} refuses the account: {error}. Check the user name, that our public key is in the account's "
            f"authorized_keys, and that the account has not expired." + (f" The host says: {said}" if said else ""),
            banner=watcher.banner,
        ) from error
    except asyncssh.ChannelOpenError as error:
        raise Unreachable(f"The jump host cannot reach {name}: {error.reason}.") from error
    except TimeoutError as error:
        raise Unreachable(f"{name} did not answer in time. Is it up, and does a firewall let us in?") from error
    except (OSError, asyncssh.Error) as error:
        raise Unreachable(f"{name} cannot be reached: {error}.", banner=watcher.banner) from error


def _changed(name: str, watcher: _Watcher) -> HostKeyChanged:
    pinned = [key.get_fingerprint() for key in watcher.pinned]
    offered = watcher.offered.get_fingerprint() if watcher.offered else None
    shown = f"the key {offered}" if offered else "no key of the pinned kind"
    return HostKeyChanged(
        f"{name} shows {shown}, but {' or '.join(pinned)} is pinned. Nothing was sent to it. Ask the site whether its "
        f"host key was changed on purpose; if so, scan the key again and confirm the new fingerprint.",
        pinned=pinned,
        offered=offered,
    )


def _secrets(auth: KeyAuth | PasswordAuth) -> dict[str, Any]:
    match auth:
        case PasswordAuth():
            return {"client_keys": None, "preferred_auth": "keyboard-interactive,password"}
        case KeyAuth(private_key, passphrase, certificate):
            try:
                key = asyncssh.import_private_key(private_key, passphrase)
                signed = asyncssh.import_certificate(certificate) if certificate else None
            except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
                raise Refused(
                    f"The private key or its certificate cannot be read: {error}. Give them again."
                ) from error
            return {"client_keys": [(key, signed) if signed else key], "preferred_auth": "publickey"}


async def connect(target: SshTarget) -> "SshSite":
    """Log in. Raises `HostKeyChanged`, `Refused` (the account, with what the host says), `Unreachable`."""
    pinned = pinned_keys(target.host_key)
    watcher = _Watcher(pinned, target.auth.password if isinstance(target.auth, PasswordAuth) else None)
    options = _secrets(target.auth)
    jump = await connect(target.jump) if target.jump else None
    try:
        with _connecting(target.name, watcher):
            connection, _ = await asyncssh.create_connection(
                lambda: watcher,
                target.host,
                target.port,
                username=target.user,
                tunnel=jump.connection if jump else None,
                known_hosts=([], [], []),  # none trusted by list, so that the watcher is asked
                server_host_key_algs=_host_key_algorithms(pinned),
                encryption_algs=list(CIPHERS),
                compression_algs=["none"],
                config=None,
                agent_path=None,
                gss_host=None,
                connect_timeout=CONNECT_TIMEOUT_S,
                login_timeout=LOGIN_TIMEOUT_S,
                keepalive_interval=KEEPALIVE_S,
                keepalive_count_max=KEEPALIVE_COUNT,
                **options,
            )
    except BaseException:
        if jump:
            await jump.close()
        raise
    return SshSite(target, connection, watcher, jump)


class SshSite:
    """A live connection. `banner`: what the host said before login. After a cut every call raises `Unreachable`."""

    def __init__(
        self,
        target: SshTarget,
        connection: asyncssh.SSHClientConnection,
        watcher: _Watcher,
        jump: "SshSite | None" = None,
    ):
        self.target = target
        self.connection = connection
        self.jump = jump
        self.heard_at: datetime = utcnow()
        self._watcher = watcher
        self.sessions = asyncio.BoundedSemaphore(MAX_SESSIONS)
        self.shell = SshShell(self)
        self.files = SshFiles(self)
        self.bulk_files = SshFiles(self)
        """the same files by a session of its own, so that large transfers do not delay small questions"""

    @property
    def banner(self) -> str:
        return self._watcher.banner

    @property
    def alive(self) -> bool:
        return self._watcher.lost is None

    def heard(self) -> None:
        self.heard_at = utcnow()

    def silence(self, what: str, error: BaseException | None = None) -> Unreachable:
        """The error for a cut or silent connection."""
        why = self._watcher.lost or (str(error) if error and str(error) else "no answer")
        since = self.heard_at.isoformat(timespec="seconds")
        return Unreachable(f"{self.target.name}: {what}: {why}. Not heard since {since}.", heard_at=since)

    async def close(self) -> None:
        """Close the connection (and the one to the jump host); waits at most some seconds for the other side."""
        self.connection.close()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await self.connection.wait_closed()
        except TimeoutError:
            self.connection.abort()
        if self.jump:
            await self.jump.close()

    async def __aenter__(self) -> "SshSite":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


# ------------------------------------------------------------------------------------------------------------ commands


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

    def __init__(self, site: SshSite):
        self.site = site

    async def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 30.0) -> Result:
        mark = f"heroes{secrets.token_hex(8)}"
        try:
            async with asyncio.timeout(timeout), self.site.sessions:
                process = await self.site.connection.create_process(command_line(argv, mark), encoding=None)
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

    def _result(self, argv: Sequence[str], mark: bytes, status: int | None, out: bytes, err: bytes) -> Result:
        noise, marked, stdout = out.partition(mark)
        if status is None:
            raise self.site.silence(f"cut off during `{argv[0]}`; it may or may not have run")
        if not marked:
            said = (noise + b" " + err.partition(mark)[0]).decode(errors="replace")
            raise Refused(
                f"{self.site.target.name}: the account's login shell runs no commands (exit status {status}). It says: "
                f"{' '.join(said.split())[:2000]!r}. Log in by hand and see to it that the shell is an ordinary one.",
                exit_status=status,
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
                raise Garbled(f"The command's output is larger than {MAX_OUTPUT_BYTES >> 20} MiB.")
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
