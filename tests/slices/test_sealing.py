"""A fresh master key, while the platform goes on working."""

import os
from pathlib import Path

import pytest
from people import make_organization
from sqlalchemy import select

from heroes.cli import sealing
from heroes.identity.keys import Keyring
from heroes.identity.models import SigningKey
from heroes.kit.db import Database
from heroes.kit.errors import Unavailable
from heroes.kit.postgres import DatabaseUrls
from heroes.kit.secrets import DatabaseSecrets, MasterKeys, SecretRow, add_key, drop_old_keys, master_keys

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, database_urls: DatabaseUrls, tmp_path: Path) -> Path:
    """The data folder of an installation on the test's database."""
    monkeypatch.setenv("HEROES_HOME", str(tmp_path))
    for name, url in (("", database_urls.owner), ("_APP", database_urls.app), ("_WORKER", database_urls.worker)):
        monkeypatch.setenv(f"HEROES_DATABASE{name}_URL", url)
    return tmp_path


async def test_a_fresh_master_key_is_under_everything_and_nobody_notices(database: Database, home: Path):
    acme = await make_organization(database, "acme")
    running, keyring = DatabaseSecrets(master_keys(home)), Keyring(database, master_keys(home), issuer="i", access_s=60)
    token = await keyring.sign({"sub": "lea"})
    async with database.worker() as session:
        known = [await running.put(session, acme.id, f"words {number}".encode()) for number in range(3)]
    path = home / "keys" / "master.key"
    [before] = master_keys(home).all()
    await sealing._rotate(given=False)
    [after] = master_keys(home).all()
    assert before != after
    assert path.stat().st_mode & 0o777 == 0o600
    async with database.worker() as session:
        values = [(await running.get(session, acme.id, one)).text() for one in known]
        assert values == ["words 0", "words 1", "words 2"], "a process that was running all the time opens them"
        known.append(await running.put(session, acme.id, b"words 3"))
        with pytest.raises(Unavailable):
            await DatabaseSecrets(before).get(session, acme.id, known[0])
    assert (await keyring.verify(token))["sub"] == "lea"
    again = Keyring(database, master_keys(home), issuer="i", access_s=60)
    assert (await keyring.verify(await again.sign({"sub": "tom"})))["sub"] == "tom"


async def test_between_the_two_keys_either_opens_and_the_first_seals(database: Database, home: Path):
    acme = await make_organization(database, "acme")
    running = DatabaseSecrets(keys := master_keys(home))
    [old] = keys.all()
    async with database.worker() as session:
        first = await running.put(session, acme.id, b"first")
    add_key(home / "keys" / "master.key")
    async with database.worker() as session:
        second = await running.put(session, acme.id, b"second")
        assert (await running.get(session, acme.id, first)).text() == "first"
        with pytest.raises(Unavailable):
            await DatabaseSecrets(old).get(session, acme.id, second)
    await sealing._rotate(given=True)
    assert len(keys.all()) == 2, "whoever hands out the file takes the old line out"
    drop_old_keys(home / "keys" / "master.key")
    async with database.worker() as session:
        assert [(await running.get(session, acme.id, one)).text() for one in (first, second)] == ["first", "second"]


async def test_a_secret_under_no_known_key_stops_the_change_before_the_old_key_goes(database: Database, home: Path):
    acme = await make_organization(database, "acme")
    async with database.worker() as session:
        await DatabaseSecrets(os.urandom(32)).put(session, acme.id, b"foreign")
    [before] = master_keys(home).all()
    with pytest.raises(Unavailable, match="none of the master keys"):
        await sealing._rotate(given=False)
    assert before in master_keys(home).all()


async def test_no_wrapped_key_is_left_as_it_was(database: Database, home: Path):
    acme = await make_organization(database, "acme")
    await Keyring(database, master_keys(home), issuer="i", access_s=60).sign({"sub": "lea"})
    async with database.worker() as session:
        await DatabaseSecrets(MasterKeys.of(master_keys(home))).put(session, acme.id, b"words")
        before = await wrapped(session)
    await sealing._rotate(given=False)
    async with database.worker() as session:
        assert not before & await wrapped(session)


async def wrapped(session) -> set[bytes]:
    return {
        *await session.scalars(select(SecretRow.wrapped_key)),
        *await session.scalars(select(SigningKey.wrapped_key)),
    }
