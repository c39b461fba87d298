"""A lost password is replaced by whoever operates the machine, without anybody who is signed in."""

import asyncio
import io
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest
from people import login, make_app, make_client, make_organization, make_user
from sqlalchemy import select

from heroes.cli.tree import run
from heroes.identity.models import Organization
from heroes.identity.routes import router
from heroes.kit.audit import AuditEvent
from heroes.kit.db import Database
from heroes.kit.postgres import DatabaseUrls

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

FIRST, NEW = "the first of her words", "a wholly other sentence"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, database_urls: DatabaseUrls, tmp_path: Path) -> Path:
    """The data folder of an installation on the test's database."""
    monkeypatch.setenv("HEROES_HOME", str(tmp_path))
    for name, url in (("", database_urls.owner), ("_APP", database_urls.app), ("_WORKER", database_urls.worker)):
        monkeypatch.setenv(f"HEROES_DATABASE{name}_URL", url)
    return tmp_path


@pytest.fixture
async def acme(database: Database) -> Organization:
    return await make_organization(database, "acme")


async def replaced(*arguments: str) -> int:
    """Run the command as a shell would."""
    return await asyncio.to_thread(run, ["reset-password", *arguments])


async def enters(client: httpx.AsyncClient, password: str) -> httpx.Response:
    body = {"organization": "acme", "username": "ann", "password": password}
    return await client.post("/organization/auth/login", json=body)


@pytest.mark.parametrize("roles", [["organization_admin"], ["solution_admin"]])
async def test_the_only_administrator_gets_in_again_by_a_one_time_password_printed_once(
    database: Database, acme: Organization, capsys: pytest.CaptureFixture[str], roles: Sequence[str]
):
    ann = await make_user(database, acme, "ann", roles, password=FIRST)
    app = make_app(database, router)
    async with make_client(app) as before, make_client(app) as after:
        await login(before, ann)
        assert await replaced("ann", "--organization", "acme") == 0
        out, err = capsys.readouterr()
        one_time = out.strip()
        assert "\n" not in one_time, "standard output is the password alone"
        assert one_time not in err
        assert (await before.get("/organization/auth/me")).status_code == 401, "her sessions are over"
        assert (await enters(after, FIRST)).status_code == 401
        entered = await enters(after, one_time)
        assert entered.json()["password_change_required"] is True
    async with database.worker() as session:
        [told] = await session.scalars(select(AuditEvent).where(AuditEvent.action == "user.password_replaced"))
    assert (told.organization_id, told.object_id, told.actor_id) == (acme.id, ann.id, "system")
    assert told.facts == {"one_time": True}


async def test_a_password_from_standard_input_holds_for_good_and_is_printed_nowhere(
    database: Database, acme: Organization, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    await make_user(database, acme, "ann", ["organization_admin"], password=FIRST)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NEW}\n"))
    assert await replaced("ann", "--organization", "acme", "--password-stdin") == 0
    assert NEW not in "".join(capsys.readouterr())
    async with make_client(make_app(database, router)) as client:
        assert (await enters(client, NEW)).json()["password_change_required"] is False


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bob", "--organization", "acme"], "no such user"),
        (["ann", "--organization", "orla"], "no organization 'orla'"),
        (["ann", "--organization", "acme", "--password-stdin"], "at least 12 characters"),
    ],
)
async def test_what_cannot_be_done_is_said_and_changes_nothing(
    database: Database,
    acme: Organization,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: str,
):
    await make_user(database, acme, "ann", ["organization_admin"], password=FIRST)
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert await replaced(*arguments) == 1
    assert words in capsys.readouterr().err
    async with make_client(make_app(database, router)) as client:
        assert (await enters(client, FIRST)).status_code == 200


async def test_a_folder_that_is_no_installation_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("HEROES_HOME", str(tmp_path / "none"))
    assert await replaced("ann", "--organization", "acme") == 1
    assert "set HEROES_HOME" in capsys.readouterr().err
