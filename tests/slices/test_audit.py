"""The audit trail: added to only, sealed in a chain, and free of secrets."""

import json

import pytest
import structlog
from people import caller, login, make_app, make_client, make_organization, make_user
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from heroes.identity.routes import router
from heroes.kit import audit
from heroes.kit.db import Database
from heroes.kit.postgres import DatabaseUrls
from heroes.worker import tell_elsewhere

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]


async def sealed(database: Database, batches: int = 3) -> str:
    """Record and seal some batches; return the head of the chain."""
    acme = await make_organization(database)
    who = await caller(database, acme)
    for batch in range(batches):
        async with database.app(acme.id) as session:
            for number in range(4):
                audit.record(session, who, "thing.done", number=number, batch=batch, amount=1.5, note="ä\n")
        async with database.worker() as session:
            assert await audit.seal(session)
    return (await verdict(database)).head


async def verdict(database: Database, known: str | None = None) -> audit.Verdict:
    async with database.worker() as session:
        return await audit.verify(session, known=known)


async def test_a_sealed_trail_is_verified_and_keeps_its_head(database: Database):
    head = await sealed(database)
    found = await verdict(database, head)
    assert (found.fault, found.seals, found.unsealed) == (None, 3, 0)
    async with database.worker() as session:
        assert await audit.seal(session) == 0, "nothing new, no new seal"


async def test_what_is_sealed_is_told_elsewhere_with_the_hash_that_shows_a_cut_later(database: Database):
    who = await caller(database, await make_organization(database))
    async with database.app(who.organization_id) as session:
        audit.record(session, who, "thing.done", number=7)
    with structlog.testing.capture_logs() as lines:
        async with database.worker() as session:
            many = await audit.seal(session, tell_elsewhere)
    *told, seal = lines
    assert len(told) == many
    assert (told[-1]["event.action"], told[-1]["heroes.facts"], told[-1]["user.id"]) == (
        "thing.done",
        {"number": 7},
        who.user_id,
    )
    assert seal["heroes.hash"] == (await verdict(database)).head


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("UPDATE audit_events SET action = 'undone' WHERE id = (SELECT max(id) FROM audit_events)", "was changed"),
        ("UPDATE audit_events SET facts = '{}' WHERE seal = 2", "under seal 2"),
        ("DELETE FROM audit_events WHERE id = (SELECT min(id) FROM audit_events)", "are there"),
        ("UPDATE audit_events SET seal = 3 WHERE id = (SELECT min(id) FROM audit_events WHERE seal = 2)", "are there"),
        ("DELETE FROM audit_seals WHERE number = 2", "Seal 2 is missing"),
        ("UPDATE audit_seals SET hash = previous WHERE number = 1", "was changed"),
        ("DELETE FROM audit_seals WHERE number = 3", "which is gone"),
        ("DELETE FROM audit_events WHERE seal = 3; DELETE FROM audit_seals WHERE number = 3", "was cut"),
        ("INSERT INTO audit_events SELECT 'aud_0', organization_id, at, actor_id, action, object_type, object_id,"
         " facts, seal FROM audit_events WHERE seal = 1 LIMIT 1", "are there"),
    ],
)  # fmt: skip
async def test_whoever_owns_the_database_cannot_change_it_unseen(
    database: Database, database_urls: DatabaseUrls, attack: str, said: str
):
    head = await sealed(database)
    engine = create_engine(database_urls.owner)
    with engine.begin() as connection:
        connection.execute(text(attack))
    engine.dispose()
    assert said in str((await verdict(database, head)).fault)


@pytest.mark.parametrize("act", ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events"])
@pytest.mark.parametrize("login", ["app", "worker"])
async def test_the_platforms_own_logins_cannot_change_a_record(database: Database, act: str, login: str):
    acme = await make_organization(database)
    opened = database.app(acme.id) if login == "app" else database.worker()
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with opened as session:
            await session.execute(text(act))


async def test_an_auditor_reads_all_and_anybody_else_what_they_did(database: Database, tmp_path):
    app = make_app(database, router, home=tmp_path)
    acme, rival = await make_organization(database), await make_organization(database, "rival")
    lea, oda = await make_user(database, acme), await make_user(database, acme, "oda", ["organization_admin"])
    eve = await make_user(database, rival, "eve", ["organization_admin"])
    for user in (lea, oda, eve):
        async with make_client(app) as client:
            await login(client, user)
            assert (await client.post("/organization/auth/token", json={"name": "a"})).status_code == 201
    seen = {}
    for user in (lea, oda, eve):
        async with make_client(app) as client:
            await login(client, user)
            rows = (await client.get("/organization/audit/list", params={"action": "token.*"})).json()
            seen[user.username] = {row["actor_id"] for row in rows}
            narrowed = (await client.get("/organization/audit/list", params={"action": "token.created"})).json()
            assert [row["action"] for row in narrowed] == ["token.created"] * len(rows)
    assert seen == {"lea": {lea.id}, "oda": {lea.id, oda.id}, "eve": {eve.id}}


async def test_no_record_holds_a_secret_or_a_name(database: Database, tmp_path):
    app = make_app(database, router, home=tmp_path)
    acme = await make_organization(database)
    oda = await make_user(database, acme, "oda", ["organization_admin"])
    async with make_client(app) as client:
        await login(client, oda)
        made = (await client.post("/organization/admin/users", json={"username": "canary-name"})).json()
        token = (await client.post("/organization/auth/token", json={"name": "a"})).json()["token"]
    async with database.worker() as session:
        rows = (await session.execute(text("SELECT e::text FROM audit_events e"))).scalars().all()
    for hidden in ("canary-name", made["one_time_password"], token, "oda"):
        assert hidden not in json.dumps(rows), hidden
