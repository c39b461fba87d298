"""One SSH connection to a site: commands by `site.shell`, files by `site.files` and `site.bulk_files`.

    SshTarget      where, as whom, with which secret, and which host key is pinned
    connect        → SshSite; scan_host_key → the key to pin, for enrolment
    SshShell (ssh_shell.py) is the Shell port, SshFiles (sftp.py) the Files port

Private keys, certificates and passwords stay in memory; no configuration, agent or known_hosts file of this machine is
read. A changed host key is never accepted. Stock sshd allows 10 sessions in a connection and so do we.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncssh

from heroes.adapters.ports import HostKeyChanged
from heroes.adapters.sftp import SshFiles
from heroes.adapters.ssh_shell import SshShell
from heroes.kit.clock import utcnow
from heroes.kit.errors import Refused, SiteError, Unreachable

CONNECT_TIMEOUT_S = 10.0
LOGIN_TIMEOUT_S = 20.0
KEEPALIVE_S, KEEPALIVE_COUNT = 5, 3
MAX_SESSIONS = 10
REFUSING_BANNER = re.compile("(account|password).{0,40}(expired|locked|disabled)", re.IGNORECASE)
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
            text = f"The pinned host key cannot be read ({error}). Scan the host's key again."
            raise Refused(text, code="host_key_unreadable", why=str(error)) from error
    if not keys:
        text = "No host key is pinned for this host. Scan it, compare the fingerprint, and confirm it."
        raise Refused(text, code="no_host_key_pinned")
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
        raise Unreachable(f"{host}:{port} showed no host key.", code="no_host_key_shown", host=f"{host}:{port}")
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
        text = f"{name} shares no secure algorithm with us ({error}). Update its SSH server."
        raise Refused(text, code="no_common_algorithm", host=name, why=str(error)) from error
    except (asyncssh.PermissionDenied, asyncssh.IllegalUserName) as error:
        raise _denied(name, error, watcher) from error
    except asyncssh.ChannelOpenError as error:
        text = f"The jump host cannot reach {name}: {error.reason}."
        raise Unreachable(text, code="jump_cannot_reach", host=name, why=error.reason) from error
    except TimeoutError as error:
        text = f"{name} did not answer in time. Is it up, and does a firewall let us in?"
        raise Unreachable(text, code="host_silent", host=name) from error
    except (OSError, asyncssh.Error) as error:
        if REFUSING_BANNER.search(watcher.banner):  # sshd hangs up after it
            raise _denied(name, error, watcher) from error
        text = f"{name} cannot be reached: {error}."
        told = {"host": name, "why": str(error), "errno": getattr(error, "errno", None), "banner": watcher.banner}
        raise Unreachable(text, code="cannot_be_reached", **told) from error


def _denied(name: str, error: Exception, watcher: _Watcher) -> Refused:
    said = " ".join(watcher.banner.split())
    return Refused(
        f"{name} refuses the account: {error}. Check the user name, that our public key is in the account's "
        f"authorized_keys, and that the account has not expired." + (f" The host says: {said}" if said else ""),
        code="account_refused",
        host=name,
        why=str(error),
        said=said,
        banner=watcher.banner,
    )


def _changed(name: str, watcher: _Watcher) -> HostKeyChanged:
    pinned = [key.get_fingerprint() for key in watcher.pinned]
    offered = watcher.offered.get_fingerprint() if watcher.offered else None
    shown = f"the key {offered}" if offered else "no key of the pinned kind"
    return HostKeyChanged(
        f"{name} shows {shown}, but {' or '.join(pinned)} is pinned. Nothing was sent to it. Ask the site whether its "
        f"host key was changed on purpose; if so, scan the key again and confirm the new fingerprint.",
        code="host_key_changed",
        host=name,
        pinned=pinned,
        offered=offered,
    )


def _secrets(auth: KeyAuth | PasswordAuth) -> dict[str, Any]:
    match auth:
        case PasswordAuth():
            return {"client_keys": None, "preferred_auth": "keyboard-interactive,password"}
        case KeyAuth():
            key, signed = imported(auth)
            return {"client_keys": [(key, signed) if signed else key], "preferred_auth": "publickey"}


def imported(auth: KeyAuth) -> tuple[asyncssh.SSHKey, asyncssh.SSHCertificate | None]:
    """Return the key, opened, and its certificate. Raises `Refused` when either cannot be read."""
    try:
        key = asyncssh.import_private_key(auth.private_key, auth.passphrase)
        return key, asyncssh.import_certificate(auth.certificate) if auth.certificate else None
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise Refused(
            f"The private key or its certificate cannot be read: {error}. Give them again; a passphrase is "
            f"taken with keys in PKCS#8 form (ssh-keygen -p -m PKCS8).",
            code="private_key_unreadable",
            why=str(error),
        ) from error


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
    except BaseException as error:
        try:
            if isinstance(error, Unreachable) and isinstance(
                error.__cause__, (asyncssh.ConnectionLost, ConnectionResetError)
            ):
                await _compare_host_key(target, watcher, jump)
        finally:
            if jump:
                await jump.close()
        raise
    return SshSite(target, connection, watcher, jump)


async def _compare_host_key(target: SshTarget, watcher: _Watcher, jump: "SshSite | None") -> None:
    """A server without any key of the pinned kind just hangs up: look which kinds it has. Raises `HostKeyChanged`."""
    if watcher.offered is not None:
        return
    tunnel = jump.connection if jump else None
    with suppress(OSError, asyncssh.Error):
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            watcher.offered = await asyncssh.get_server_host_key(
                target.host, target.port, tunnel=tunnel, config=None, server_host_key_algs=list(SCAN_ORDER)
            )
    if watcher.offered and watcher.offered.get_algorithm() not in {key.get_algorithm() for key in watcher.pinned}:
        raise _changed(target.name, watcher)


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
    def name(self) -> str:
        return self.target.name

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
        text = f"{self.target.name}: {what}: {why}. Not heard since {since}."
        return Unreachable(text, code="cut", host=self.target.name, why=why, heard_at=since)

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
