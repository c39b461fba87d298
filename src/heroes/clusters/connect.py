"""How a line's connection is made: the only place of the slice that knows the adapters by name."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import asyncssh

from heroes.adapters import rclone, sandbox, ssh, unicore
from heroes.adapters.firecrest import FirecRest
from heroes.adapters.firecrest_files import FirecRestFiles
from heroes.adapters.gridengine import GridEngine
from heroes.adapters.local import LocalFiles, LocalShell
from heroes.adapters.localbatch import LocalBatch
from heroes.adapters.pbs import Pbs
from heroes.adapters.ports import Batch, Files, Result, Shell
from heroes.adapters.rest import Basic, ClientCredentials, Identity, Rest
from heroes.adapters.slurm import Slurm
from heroes.clusters.rules import Kind
from heroes.kit.errors import Refused
from heroes.kit.secrets import Secret, SecretStore

_WHERE = 'printf "%s\\0" "$HOME" "$(id -un)" "${SCRATCH:-}" "${WORK:-}"'
_NAMES = ("HOME", "USER", "SCRATCH", "WORK")


class Connection(Protocol):
    """An open connection to a site."""

    @property
    def shell(self) -> Shell: ...
    @property
    def files(self) -> Files: ...
    @property
    def bulk_files(self) -> Files: ...
    @property
    def banner(self) -> str: ...
    @property
    def alive(self) -> bool: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Everything needed to open a connection."""

    kind: Kind
    account: str
    host: str | None = None
    port: int = 22
    jump: Mapping[str, Any] | None = None
    host_key: str | None = None
    credential: Secret | None = None
    home: Path | None = None
    """the platform's data folder, of a local line"""
    api: Mapping[str, Any] | None = None
    """of a site reached by HTTP: url, token_url and, of FirecREST, system"""
    private: bool = False
    """such a site may stand inside the platform's own network"""
    rclone: bool = False
    """large files by rclone, in connections of its own, where that is as safe as the line"""


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection and the batch system behind it."""

    connection: Connection
    batch: Batch


Connector = Callable[[Endpoint], Awaitable[Opened]]

BATCH_SYSTEMS: Mapping[Kind, Callable[[], Batch]] = {
    Kind.SLURM: Slurm,
    Kind.PBS: Pbs,
    Kind.GRIDENGINE: GridEngine,
}
"""Those spoken to by commands, over SSH or UNICORE; a new one is added here."""


async def connect(endpoint: Endpoint) -> Opened:
    """Open a connection. Raises HostKeyChanged, Refused, Unreachable."""
    if endpoint.kind is Kind.LOCAL:
        return await _here(endpoint)
    if endpoint.kind is Kind.FIRECREST:
        return _firecrest(endpoint)
    if endpoint.api:
        site = await unicore.connect(endpoint.api["url"], _identity(endpoint), private=endpoint.private)
        return Opened(site, BATCH_SYSTEMS[endpoint.kind]())
    target = _target(endpoint)
    login = await ssh.connect(target)
    if endpoint.rclone and rclone.eligible(target) and (program := rclone.program()):
        login.bulk_files = rclone.RcloneFiles(login, program)
    return Opened(login, BATCH_SYSTEMS[endpoint.kind]())


def _firecrest(endpoint: Endpoint) -> Opened:
    api = endpoint.api
    if not api or not api.get("system"):
        raise Refused("This cluster names no FirecREST and no system behind it.", code="no_firecrest")
    site = Rest(api["url"], _identity(endpoint), name="FirecREST", private=endpoint.private)
    return Opened(_ByFiles(site, api["system"]), FirecRest(site, api["system"]))


def _identity(endpoint: Endpoint) -> Identity:
    """Return who we are at a site reached by HTTP: a client of its token service, else user and password."""
    parts = json.loads(endpoint.credential.get_secret_value()) if endpoint.credential else {}
    if not parts.get("password"):
        text = "This account has no secret. Add it to the cluster's line, as its password."
        raise Refused(text, code="no_secret")
    token_url = (endpoint.api or {}).get("token_url")
    if token_url:
        return ClientCredentials(token_url, endpoint.account, parts["password"])
    return Basic(endpoint.account, parts["password"])


class _NoShell:
    """Of a site that runs no commands but as jobs."""

    async def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 30.0) -> Result:
        raise Refused("This site runs no commands outside of jobs.", code="no_commands")


class _ByFiles:
    """A site of which only jobs and files are asked."""

    banner = ""
    alive = True

    def __init__(self, site: Rest, system: str) -> None:
        self._site = site
        self.shell: Shell = _NoShell()
        self.files: Files = FirecRestFiles(site, system)
        self.bulk_files: Files = self.files

    async def close(self) -> None:
        await self._site.close()


async def scan(endpoint: Endpoint) -> ssh.HostKey:
    """Return the key that the host shows now; nobody logs in there. Raises Unreachable, Refused."""
    return await ssh.scan_host_key(_host(endpoint), endpoint.port, jump=_jump(endpoint))


def credential(
    *,
    private_key: str | None = None,
    passphrase: str | None = None,
    certificate: str | None = None,
    password: str | None = None,
) -> bytes:
    """Return what the secret store keeps for a line."""
    parts = {"private_key": private_key, "passphrase": passphrase, "certificate": certificate, "password": password}
    return json.dumps({name: value for name, value in parts.items() if value}).encode()


async def signed(secrets: SecretStore, account: str) -> Secret:
    """Return a key pair that nobody keeps, with the certificate that lets it in for half an hour.

    Raises Refused without an authority, Unavailable while it is sealed or silent.
    """
    pair = asyncssh.generate_private_key("ssh-ed25519", comment="heroes")
    certificate = await secrets.certificate(pair.export_public_key().decode().strip(), account)
    return Secret(credential(private_key=pair.export_private_key().decode(), certificate=certificate))


async def absolute_root(shell: Shell, job_root: str) -> str:
    """Return the job folder root as an absolute path at the site. Raises Refused when it cannot be one."""
    answer = await shell.run(["bash", "-lc", _WHERE])
    if not answer.ok:
        answer = await shell.run(["sh", "-c", _WHERE])
    said = answer.stdout.split("\0")[-len(_NAMES) - 1 : -1]  # a login shell may have greeted first
    values = dict(zip(_NAMES, said, strict=False))
    values["HOME"] = values.get("HOME", "").rpartition("\n")[2]
    return expand(job_root, values)


def expand(job_root: str, values: Mapping[str, str]) -> str:
    """Return the path with `~`, `$HOME`, `$USER`, `$SCRATCH` and `$WORK` replaced. Raises Refused with the remedy."""
    path = "$HOME" + job_root[1:] if job_root == "~" or job_root.startswith("~/") else job_root
    for name in _NAMES:
        if f"${name}" in path:
            if not values.get(name):
                text = f"The site sets no ${name}: give the job folder root as an absolute path."
                raise Refused(text, code="root_variable_unset", name=name, root=job_root)
            path = path.replace(f"${name}", values[name])
    if not path.startswith("/") or "$" in path or ".." in path.split("/"):
        text = f"The job folder root {job_root} is no absolute path: write /path, ~/path or $SCRATCH/path."
        raise Refused(text, code="root_not_absolute", root=job_root)
    return path.rstrip("/") or "/"


async def local_batch(home: Path) -> LocalBatch:
    """Return this machine's batch system, with the strongest walls that work here."""
    return LocalBatch(str(home / "spool"), kind=await walls(), hidden=[str(home)])


_walls: list[sandbox.SandboxKind] = []


async def walls() -> sandbox.SandboxKind:
    """Return how jobs are walled in on this machine; tried once in a process."""
    if not _walls:
        _walls.append(await sandbox.probe())
    return _walls[0]


def here_root(home: Path) -> str:
    """Return the folder of this machine's job folders."""
    return str(home.absolute() / "here")


async def _here(endpoint: Endpoint) -> Opened:
    if endpoint.home is None:
        raise Refused("This machine's data folder is not known to this worker.", code="no_data_folder")
    root = here_root(endpoint.home)
    await asyncio.to_thread(lambda: Path(root).mkdir(mode=0o700, parents=True, exist_ok=True))
    return Opened(_Here(root), await local_batch(endpoint.home))


class _Here:
    """This machine, as if it were connected to; files below the job folder root only."""

    banner = ""
    alive = True

    def __init__(self, root: str) -> None:
        self.shell: Shell = LocalShell()
        self.files: Files = LocalFiles(root)
        self.bulk_files: Files = self.files

    async def close(self) -> None:
        """Nothing to close."""


def _target(endpoint: Endpoint) -> ssh.SshTarget:
    if endpoint.host_key is None:
        text = "No host key is pinned for this cluster. Compare the fingerprint it shows, and approve it."
        raise Refused(text, code="no_host_key_pinned")
    return ssh.SshTarget(
        host=_host(endpoint),
        port=endpoint.port,
        user=endpoint.account,
        auth=_auth(endpoint.credential),
        host_key=endpoint.host_key,
        jump=_jump(endpoint),
    )


def _jump(endpoint: Endpoint) -> ssh.SshTarget | None:
    jump = endpoint.jump
    if not jump:
        return None
    return ssh.SshTarget(
        host=jump["host"],
        port=jump.get("port") or 22,
        user=jump.get("account") or endpoint.account,
        auth=_auth(endpoint.credential),
        host_key=jump.get("host_key") or "",
    )


def _auth(secret: Secret | None) -> ssh.KeyAuth | ssh.PasswordAuth:
    if secret is None:
        raise Refused("This account has no key and no password. Add one to the cluster's line.", code="no_key")
    parts = json.loads(secret.get_secret_value())
    if "password" in parts:
        return ssh.PasswordAuth(parts["password"])
    certificate = parts.get("certificate")
    return ssh.KeyAuth(
        parts["private_key"].encode(), parts.get("passphrase"), certificate.encode() if certificate else None
    )


def _host(endpoint: Endpoint) -> str:
    if not endpoint.host:
        raise Refused("This cluster has no address. Add its host.", code="no_address")
    return endpoint.host
