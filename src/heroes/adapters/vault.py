"""OpenBao or HashiCorp Vault as the secret store: values in KV version 2, certificates of its SSH authority.

The platform signs in by AppRole and asks for each value when it is used: nothing is kept. A secret still has its row in
the database, with the version that counts and no value: what a rolled-back transaction wrote is never read, and a
deletion takes effect in the vault once it is committed. `sweep` removes there what no row names any more.

    KV v2   POST /v1/<mount>/data/<path>, GET …?version=n, DELETE /v1/<mount>/metadata/<path>, LIST …/metadata/<path>
    SSH     POST /v1/<mount>/sign/<role> {public_key, valid_principals, cert_type, ttl}
"""

import asyncio
import base64
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import structlog
from sqlalchemy import delete as sql_delete
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.kit.db import LOCK, Database
from heroes.kit.errors import NotFound, Refused, Unavailable
from heroes.kit.ids import new_id
from heroes.kit.secrets import DatabaseSecrets, Secret, SecretRow, row_of

WITHIN = httpx.Timeout(5.0, connect=3.0)
CERTIFICATE_LIFE = "30m"
_FOLDER = "heroes"
_EARLY = 0.66  # of a token's life: then the next one is asked for

log = structlog.get_logger()


@dataclass
class Vault:
    """One vault, as an administrator named it; signs in when it must."""

    url: str
    role_id: str = field(repr=False)
    secret_id_file: Path
    mount: str = "secret"
    ssh_mount: str = "ssh"
    ssh_role: str | None = None
    ca_file: Path | None = None
    transport: httpx.AsyncBaseTransport | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._token, self._until = "", 0.0
        self._signing_in = asyncio.Lock()
        trusted = str(self.ca_file) if self.ca_file else None
        self._verify = ssl.create_default_context(cafile=trusted) if self.url.startswith("https") else False

    async def write(self, path: str, value: bytes) -> int:
        """Keep a value and return its version. Raises Unavailable."""
        body = {"data": {"value": base64.b64encode(value).decode()}}
        return int((await self._ask("POST", f"{self.mount}/data/{path}", body))["data"]["version"])

    async def read(self, path: str, version: int) -> bytes:
        """Return one version of a value. Raises NotFound, Unavailable."""
        told = await self._ask("GET", f"{self.mount}/data/{path}?version={version}")
        return base64.b64decode(told["data"]["data"]["value"])

    async def destroy(self, path: str) -> None:
        """Remove a value with all its versions; absent is fine. Raises Unavailable."""
        await self._ask("DELETE", f"{self.mount}/metadata/{path}")

    async def names(self, path: str) -> list[str]:
        """Return what lies directly below a path; folders end in `/`. Raises Unavailable."""
        try:
            return [str(key) for key in (await self._ask("LIST", f"{self.mount}/metadata/{path}"))["data"]["keys"]]
        except NotFound:
            return []

    async def sign(self, public_key: str, principal: str) -> str:
        """Return a user certificate of 30 minutes for a public key. Raises Refused (no authority), Unavailable."""
        if not self.ssh_role:
            raise Refused("The vault signs no SSH keys here: set HEROES_VAULT_SSH_ROLE to a role of its SSH authority.")
        body = {"public_key": public_key, "valid_principals": principal, "cert_type": "user", "ttl": CERTIFICATE_LIFE}
        told = await self._ask("POST", f"{self.ssh_mount}/sign/{self.ssh_role}", body)
        return str(told["data"]["signed_key"]).strip()

    async def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        used = await self._current()
        answer = await self._send(method, path, body, used)
        if answer.status_code == 403:  # the token was revoked, or the vault was started anew
            self._until = 0.0 if self._token == used else self._until
            answer = await self._send(method, path, body, await self._current())
        return _told(answer)

    async def _current(self) -> str:
        async with self._signing_in:
            if time.monotonic() >= self._until:
                try:
                    secret_id = (await asyncio.to_thread(self.secret_id_file.read_text)).strip()
                except OSError as error:
                    detail = f"HEROES_VAULT_SECRET_ID_FILE cannot be read: {error.strerror}."
                    raise Unavailable(detail, code="secret_store_denied") from None
                body = {"role_id": self.role_id, "secret_id": secret_id}
                auth = _told(await self._send("POST", "auth/approle/login", body))["auth"]
                self._token, life = str(auth["client_token"]), float(auth["lease_duration"] or 3600)
                self._until = time.monotonic() + life * _EARLY
            return self._token

    async def _send(self, method: str, path: str, body: Any = None, token: str | None = None) -> httpx.Response:
        headers = {"X-Vault-Request": "true", **({"X-Vault-Token": token} if token else {})}
        try:
            async with httpx.AsyncClient(
                verify=self._verify, timeout=WITHIN, transport=self.transport, trust_env=False
            ) as http:
                return await http.request(method, f"{self.url.rstrip('/')}/v1/{path}", json=body, headers=headers)
        except httpx.HTTPError as error:
            raise Unavailable(
                f"The secret store does not answer ({type(error).__name__}); what needs a secret waits for it.",
                code="secret_store_gone",
            ) from None


class VaultSecrets:
    """The secret store in a vault. Secrets that were sealed in the database before still open, until they are moved."""

    def __init__(self, vault: Vault, before: DatabaseSecrets) -> None:
        self._vault, self._before = vault, before
        self._ending: set[asyncio.Task[None]] = set()
        self._suspects: set[str] = set()

    async def put(
        self, session: AsyncSession, organization_id: str, value: bytes, *, secret_id: str | None = None
    ) -> str:
        """Keep a value and return its id; with the id of an existing secret, replace it by a new version."""
        row = await row_of(session, organization_id, secret_id, lock=True) if secret_id else None
        if row is None:
            row = SecretRow(id=new_id("sec"), organization_id=organization_id)
        row.version = await self._vault.write(_path(organization_id, row.id), value)
        row.wrapped_key = row.sealed = b""
        session.add(row)
        await session.flush()
        return row.id

    async def get(self, session: AsyncSession, organization_id: str, secret_id: str) -> Secret:
        """Return the value; raises NotFound, and Unavailable while the vault is sealed or silent."""
        row = await row_of(session, organization_id, secret_id)
        if row.sealed:
            return await self._before.get(session, organization_id, secret_id)
        return Secret(await self._vault.read(_path(organization_id, secret_id), row.version))

    async def delete(self, session: AsyncSession, organization_id: str, secret_id: str) -> None:
        """Forget the value; absent is fine. The vault destroys it as soon as this is committed."""
        mine = (SecretRow.organization_id == organization_id, SecretRow.id == secret_id)
        await session.execute(sql_delete(SecretRow).where(*mine))
        _once_committed(session, lambda: self._start(self._forget(_path(organization_id, secret_id))))

    async def certificate(self, public_key: str, principal: str) -> str:
        """Return an OpenSSH user certificate of 30 minutes for an account name. Raises Refused, Unavailable."""
        return await self._vault.sign(public_key, principal)

    async def move(self, session: AsyncSession, *, batch: int = 100) -> int:
        """Bring up to `batch` secrets from the database into the vault; return how many there were."""
        asked = select(SecretRow).where(SecretRow.sealed != b"").order_by(SecretRow.id).limit(batch)
        rows = (await session.scalars(asked.with_for_update(skip_locked=True, **LOCK))).all()
        for row in rows:
            value = await self._before.get(session, row.organization_id, row.id)
            await self.put(session, row.organization_id, value.get_secret_value(), secret_id=row.id)
        return len(rows)

    async def sweep(self, database: Database) -> int:
        """Destroy in the vault what no row names: of rolled-back work, and of deletions that it did not hear.

        What is met for the first time is left until the next call: its transaction may still be open.
        """
        gone, met = 0, set()
        for folder in await self._vault.names(_FOLDER):
            there = await self._vault.names(f"{_FOLDER}/{folder.rstrip('/')}")
            async with database.worker() as session:
                known = set(await session.scalars(select(SecretRow.id).where(SecretRow.id.in_(there))))
            for secret_id in set(there) - known:
                path = _path(folder.rstrip("/"), secret_id)
                if path in self._suspects:
                    await self._vault.destroy(path)
                    gone += 1
                else:
                    met.add(path)
        self._suspects = met
        return gone

    async def _forget(self, path: str) -> None:
        try:
            await self._vault.destroy(path)
        except Unavailable as error:
            log.warning("a deleted secret is still in the vault; the next sweep removes it", error=str(error))

    def _start(self, ending: Awaitable[None]) -> None:
        task = asyncio.ensure_future(ending)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


def _once_committed(session: AsyncSession, act: Callable[[], None]) -> None:
    """Act after the outermost commit. Any rollback, also to a savepoint, forgets it: the sweep then decides."""
    waiting: list[Callable[[], None]] = [act]

    def committed(sync: Any) -> None:
        if not sync.in_nested_transaction():
            while waiting:
                waiting.pop()()

    def rolled_back(*_: Any) -> None:
        waiting.clear()

    event.listen(session.sync_session, "after_commit", committed)
    event.listen(session.sync_session, "after_soft_rollback", rolled_back)


def _path(organization_id: str, secret_id: str) -> str:
    return f"{_FOLDER}/{organization_id}/{secret_id}"


def _told(answer: httpx.Response) -> dict[str, Any]:
    status = answer.status_code
    try:
        body = answer.json() if answer.content else {}
    except ValueError:
        body = {}
    if status < 300:
        return dict(body)
    said = "; ".join(str(one) for one in body.get("errors", ())) if isinstance(body, dict) else ""
    if status == 404:
        raise NotFound("The vault holds no such secret; it was removed. Enter it anew.", code="secret_not_found")
    if status == 503:
        raise Unavailable(
            "The secret store is sealed; what needs a secret waits until an administrator unseals it.",
            code="secret_store_sealed",
        )
    if status in (400, 403):
        raise Unavailable(
            f"The secret store refuses the platform ({said or status}). Check its AppRole and policy.",
            code="secret_store_denied",
        )
    raise Unavailable(f"The secret store answered {status}; what needs a secret waits.", code="secret_store_gone")
