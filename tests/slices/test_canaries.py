"""Secrets are planted in every way in, used, and looked for everywhere that outlives them."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import asyncssh
import pytest
from matrix_world import World, furnish, platform
from people import login, make_client, make_user
from sqlalchemy import create_engine, text

from heroes.kit import log
from heroes.kit.db import Base
from heroes.kit.postgres import DatabaseUrls

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

PASSWORD = "canary-password-of-a-person-7281"
SITE_PASSWORD = "canary-password-at-a-site-5512"
PASSPHRASE = "canary-passphrase-of-a-key-9940"


@pytest.fixture
async def world(database_urls: DatabaseUrls, anyio_backend: str) -> AsyncIterator[World]:
    async with platform(database_urls) as opened:
        yield opened


async def test_no_secret_is_found_in_database_log_answer_argument_environment_or_file(
    world: World, database_urls: DatabaseUrls
):
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        log.configure("DEBUG")
        planted, answers = await plant(world)
        log.configure("WARNING")
    places = {
        "the log": said.getvalue(),
        "later answers": answers,
        "the database": "\n".join(rows(database_urls)),
        "arguments and environments": "\n".join(processes()),
        "files": "\n".join(files(world.parts.settings.home)),
    }
    found = [f"{name} in {place}" for name, value in planted.items() for place, kept in places.items() if value in kept]
    assert len(planted) >= 10
    assert len(places["the database"]) > 10_000, "there was something to look at"
    assert not found


def test_a_crash_of_a_process_that_holds_secrets_leaves_no_dump(tmp_path: Path):
    crash = (
        "import os, resource\n"
        "from heroes.kit.process import leave_no_dump\n"
        "leave_no_dump()\n"
        "assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
        "os.abort()\n"
    )
    process = subprocess.Popen(
        ["sh", "-c", 'ulimit -c unlimited; exec "$@"', "sh", sys.executable, "-c", crash], cwd=tmp_path
    )
    _, status = os.waitpid(process.pid, 0)
    process.returncode = 0
    assert (os.WTERMSIG(status), os.WCOREDUMP(status), os.listdir(tmp_path)) == (signal.SIGABRT, False, [])


async def plant(world: World) -> tuple[dict[str, str], str]:
    """Bring secrets in and use them; return each by name, and all answers that were not meant to show one."""
    await furnish(world, world.acme)
    ada = await make_user(world.database, world.acme, "ada", ["organization_admin", "engineer"], password=PASSWORD)
    pair = asyncssh.generate_private_key("ssh-ed25519")
    private = pair.export_private_key("pkcs8-pem", passphrase=PASSPHRASE).decode()
    planted = {"a password": PASSWORD, "a password at a site": SITE_PASSWORD, "a passphrase": PASSPHRASE}
    planted["a private key"] = private.splitlines()[2]
    answers: list[str] = []
    async with make_client(world.app) as client:
        body = {"organization": "acme", "username": "ada", "password": PASSWORD}
        tokens = (await client.post("/organization/auth/login", json=body)).json()
        planted |= {name: tokens[name] for name in ("access_token", "refresh_token", "id_token")}
        wrong = await client.post("/organization/auth/login", json={**body, "organization": "elsewhere"})
        answers.append(wrong.text)
        await login(client, ada)
        shown = {
            "/organization/auth/token": ({"name": "canary"}, "token"),
            "/organization/credential": ({}, "token"),
            "/organization/webhook": ({"url": "https://hooks.example/in"}, "secret"),
            "/organization/admin/users": ({"username": "bob", "email": "bob@acme.example"}, "one_time_password"),
        }
        for path, (sent, name) in shown.items():
            made = await client.post(path, json=sent, headers={"Idempotency-Key": path})
            assert made.status_code == 201, made.text
            planted[f"{name} of {path}"] = made.json()[name]
            answers.append((await client.post(path, json=sent, headers={"Idempotency-Key": path})).text)
        auth = {"method": "key", "private_key": private, "passphrase": PASSPHRASE}
        for number, proof in enumerate((auth, {"method": "password", "password": SITE_PASSWORD})):
            site = {"name": f"site{number}", "host": "127.0.0.1", "port": 9, "account": "heroes01", "auth": proof}
            answers.append((await client.post("/organization/cluster", json=site)).text)
        for fault in ({"auth": {"method": "password", "password": SITE_PASSWORD}}, {"auth": SITE_PASSWORD}):
            answers.append((await client.post("/organization/cluster", json=fault)).text)
        async with world.working():
            await world.sighted()
        for path in ("/organization/cluster/list", "/organization/credential/list", "/organization/auth/token"):
            answers.append((await client.get(path)).text)
        answers.append((await client.get("/organization/audit/list", params={"limit": 1000})).text)
    return planted, "\n".join(answers)


def rows(urls: DatabaseUrls) -> Iterator[str]:
    """Every row of every table, as the owner of the database reads it; bytes as text."""
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')):
                yield " ".join(one.decode("latin-1") if isinstance(one, bytes) else str(one) for one in row)
    engine.dispose()


def processes() -> Iterator[str]:
    """Arguments and environment of this process and all that it has started."""
    own = f"PPid:\t{os.getpid()}\n"
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if folder.name == str(os.getpid()) or own in (folder / "status").read_text():
                yield from ((folder / name).read_text(errors="replace") for name in ("cmdline", "environ"))
        except OSError:
            continue


def files(home: Path) -> Iterator[str]:
    for path in home.rglob("*"):
        if path.is_file():
            yield path.read_text("latin-1")
