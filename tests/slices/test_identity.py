"""Logging in, and administering people, over HTTP on a real database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from people import caller_for, login, make_app, make_client, make_organization, make_project, make_user
from sqlalchemy import create_engine, select, text

from heroes.identity import MaybeWho, Tx, Who, passwords
from heroes.identity.callers import admits
from heroes.identity.keys import rotate
from heroes.identity.models import Organization, Project, RefreshToken, Session, SigningKey, Token, User
from heroes.identity.routes import router
from heroes.identity.rules import Action, Caller
from heroes.identity.service import people, sessions
from heroes.identity.service.organizations import first_username
from heroes.identity.steps import registrations
from heroes.kit.audit import AuditEvent
from heroes.kit.db import Database
from heroes.kit.postgres import DatabaseUrls
from heroes.kit.secrets import DatabaseSecrets
from heroes.kit.settings import Settings
from heroes.kit.work import Work
from heroes.parts import Parts

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse battery"
AUTH = "/organization/auth"
ADMIN = "/organization/admin"

probe = APIRouter()


@probe.get("/probe/maybe")
async def maybe(who: MaybeWho) -> str:
    return who.username if who else "nobody"


@probe.post("/probe/fail")
async def fail(who: Who, session: Tx) -> None:
    session.add(Project(id="prj_half", organization_id=who.organization_id, name="half"))
    await session.flush()
    raise RuntimeError("in the middle")


@pytest.fixture
def app(database: Database, tmp_path) -> FastAPI:
    return make_app(database, router, probe, home=tmp_path)


@pytest.fixture
async def acme(database: Database) -> Organization:
    return await make_organization(database, "acme")


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with make_client(app) as opened:
        yield opened


def shift(urls: DatabaseUrls, by: timedelta) -> None:
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        connection.execute(text("UPDATE heroes_clock SET shift = shift + :by"), {"by": by})
    engine.dispose()


@pytest.fixture
def later(database_urls: DatabaseUrls):
    """Let SQL's time pass."""
    return partial(shift, database_urls)


def credentials(password: str = PASSWORD, username: str = "lea", organization: str = "acme") -> dict[str, str]:
    return {"username": username, "organization": organization, "password": password}


async def enter(client: httpx.AsyncClient, **given: str) -> dict:
    answer = await client.post(f"{AUTH}/login", json=credentials(**given))
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    return tokens


async def as_role(app: FastAPI, database: Database, organization: Organization, role: str, name: str | None = None):
    user = await make_user(database, organization, name or role.replace("_", "-"), [role])
    return await login(make_client(app), user)


async def work_through(database: Database) -> None:
    secrets = DatabaseSecrets(b"k" * 32)
    parts = Parts(Settings(), database, None, secrets, None)  # type: ignore[arg-type]
    await Work(database, registrations(parts)).until_idle()


# logging in


async def test_a_login_answers_with_a_whole_token_set_and_the_token_says_who_i_am(client, database, acme):
    wing = await make_project(database, acme)
    await make_user(database, acme, "lea", ["engineer", ("project_admin", wing.id)], password=PASSWORD)
    tokens = await enter(client)
    assert set(tokens) == {
        "access_token",
        "expires_in",
        "refresh_token",
        "refresh_expires_in",
        "token_type",
        "id_token",
        "session_state",
        "scope",
        "organization",
        "password_change_required",
    }
    assert (tokens["token_type"], tokens["organization"]) == ("Bearer", "acme")
    me = (await client.get(f"{AUTH}/me")).json()
    assert (me["preferred_username"], me["organization"], me["email"]) == ("lea", "acme", "lea@acme.example")
    assert (me["groups"], me["roles"]) == (["wing"], ["engineer", "project_admin"])
    assert "workflow.run" in me["actions"]
    assert "project.manage" not in me["actions"]
    assert "project.manage" in me["projects"][0]["actions"]
    assert me["preferences"] == {"pinned_workflows": []}


async def test_preferences_follow_a_person_to_every_browser_and_nobody_else(app, client, database, acme):
    pins = {"pinned_workflows": ["wft_2", "wft_1"]}
    lea = await make_user(database, acme, "lea", ["engineer"], password=PASSWORD)
    await enter(client)
    kept = await client.patch(f"{AUTH}/preferences", json=pins)
    assert (kept.status_code, kept.json()) == (200, pins)
    assert (await client.patch(f"{AUTH}/preferences", json={})).json() == pins, "what is left out stays"
    assert (await client.patch(f"{AUTH}/preferences", json={"colour": "red"})).status_code == 422
    async with make_client(app) as elsewhere, make_client(app) as other:
        await login(elsewhere, lea)
        assert (await elsewhere.get(f"{AUTH}/me")).json()["preferences"] == pins
        await login(other, await make_user(database, acme, "ben", ["engineer"]))
        assert (await other.get(f"{AUTH}/me")).json()["preferences"] == {"pinned_workflows": []}


async def test_the_older_header_carries_the_token_as_well(client, database, acme):
    await make_user(database, acme, password=PASSWORD)
    tokens = await enter(client)
    del client.headers["Authorization"]
    answer = await client.get(f"{AUTH}/me", headers={"token": tokens["access_token"]})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"password": "wrong horse battery"}, id="password"),
        pytest.param({"username": "nobody"}, id="user"),
        pytest.param({"organization": "nowhere"}, id="organization"),
    ],
)
async def test_whatever_was_wrong_the_words_and_the_work_are_the_same(client, database, acme, wrong, monkeypatch):
    await make_user(database, acme, password=PASSWORD)
    checked = []
    verify = passwords._verify
    monkeypatch.setattr(passwords, "_verify", lambda stored, given: checked.append(stored) or verify(stored, given))
    answer = await client.post(f"{AUTH}/login", json=credentials(**wrong))
    body = answer.json()
    assert (answer.status_code, body["code"]) == (401, "wrong_credentials")
    assert body["detail"] == "Organization, user name or password is wrong."
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert len(checked) == 1


def test_the_hash_of_nobody_costs_what_a_real_one_costs():
    assert not passwords.outdated(passwords.NOBODY)


async def test_a_disabled_user_cannot_log_in_and_is_told_nothing_more(client, database, acme):
    user = await make_user(database, acme, password=PASSWORD)
    async with database.worker() as session:
        (await session.get_one(User, user.id)).enabled = False
    answer = await client.post(f"{AUTH}/login", json=credentials())
    assert answer.json()["code"] == "wrong_credentials"


async def test_logins_faster_than_two_a_second_are_refused_before_any_hashing(
    client, database, acme, later, monkeypatch
):
    await make_user(database, acme, password=PASSWORD)
    hashed = []
    monkeypatch.setattr(passwords, "_verify", lambda *given: hashed.append(given) or False)
    answers = [await client.post(f"{AUTH}/login", json=credentials("x")) for _ in range(20)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert len(hashed) == 20 - len(refused)
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
    later(timedelta(seconds=1))
    assert (await client.post(f"{AUTH}/login", json=credentials("x"))).status_code == 401


async def test_of_ten_thousand_wrong_passwords_two_a_second_are_hashed_and_the_right_one_enters_from_elsewhere(
    app, database, acme, later, monkeypatch
):
    await make_user(database, acme, password=PASSWORD)
    guesser, elsewhere = "203.0.113.9", "198.51.100.7"
    admitted = "SELECT count(*) FILTER (WHERE heroes_throttle(:key, :rate, :burst) = 0) FROM generate_series(1, 100)"
    asked = {"key": sessions._key("source", guesser), "rate": sessions.SOURCE_RATE, "burst": sessions.SOURCE_BURST}
    moments, hashes = [], 0
    for _ in range(100):  # a hundred guesses a second, for a hundred seconds
        later(timedelta(seconds=1))
        async with database.app(None) as session:
            hashes += await session.scalar(text(admitted), asked)
            moments.append(await session.scalar(text("SELECT clock_timestamp() + (heroes_now() - now())")))
    seconds = (moments[-1] - moments[0]).total_seconds()
    assert 2 * 99 <= hashes <= sessions.SOURCE_BURST + sessions.SOURCE_RATE * (seconds + 1)
    verified = []
    monkeypatch.setattr(passwords, "_verify", lambda *given: verified.append(given) or True)
    async with login_from(app, guesser) as client:
        assert (await client.post(f"{AUTH}/login", json=credentials())).status_code == 429
        assert verified == [], "not even looked at"
    async with login_from(app, elsewhere) as client:
        assert (await client.post(f"{AUTH}/login", json=credentials())).status_code == 200


def login_from(app: FastAPI, address: str) -> httpx.AsyncClient:
    """Return a client that asks from this address."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 50000)), base_url="http://test")


async def test_an_account_is_guarded_wherever_the_attempts_come_from(database, acme):
    key = sessions._key("account", "acme", "lea")
    held = [await held_up(database, f"192.0.2.{number}", key) for number in range(2 * int(sessions.ACCOUNT_BURST))]
    assert any(held), "many addresses at once are held up at the account"
    await sessions.throttle(database, "192.0.2.250", sessions._key("account", "acme", "tom"))


async def test_guessing_from_everywhere_does_not_lock_the_owner_out_of_a_familiar_address(app, database, acme):
    await make_user(database, acme, password=PASSWORD)
    async with login_from(app, "198.51.100.7") as client:
        assert (await client.post(f"{AUTH}/login", json=credentials())).status_code == 200
    key = sessions._key("account", "acme", "lea")
    await held_up(database, "192.0.2.1", key)
    async with database.worker() as session:  # thousands of others have tried, a moment ago
        await session.execute(text("UPDATE login_throttle SET tokens = -1000 WHERE id = :key"), {"key": key})
    for address, status in (("203.0.113.5", 429), ("198.51.100.7", 200)):
        async with login_from(app, address) as client:
            assert (await client.post(f"{AUTH}/login", json=credentials())).status_code == status, address


async def held_up(database, source: str, key: str) -> bool:
    try:
        await sessions.throttle(database, source, key)
    except sessions.TooMany:
        return True
    return False


async def test_whoever_guesses_from_one_address_does_not_lock_the_owner_out(client, database, acme, later, monkeypatch):
    await make_user(database, acme, password=PASSWORD)
    key = sessions._key("account", "acme", "lea")
    hashes = 0
    for _ in range(10):
        hashes += sum([not await held_up(database, "203.0.113.9", key) for _ in range(4)])
        later(timedelta(seconds=1))
    assert hashes <= sessions.PAIR_BURST + 10 * sessions.PAIR_RATE + 1, "held up before any password was hashed"
    assert (await client.post(f"{AUTH}/login", json=credentials(PASSWORD))).status_code == 200


async def test_without_a_token_every_call_is_401_and_asks_for_one(client):
    answer = await client.get(f"{AUTH}/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("token", ["x", "a.b.c", "heroes_pat_unknown", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."])
async def test_a_token_that_is_not_ours_is_401(client, token):
    answer = await client.get(f"{AUTH}/me", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["status"]) == (401, 401)


async def test_an_id_token_is_not_an_access_token(client, database, acme):
    await make_user(database, acme, password=PASSWORD)
    tokens = await enter(client)
    answer = await client.get(f"{AUTH}/me", headers={"Authorization": f"Bearer {tokens['id_token']}"})
    assert answer.status_code == 401


async def test_where_a_token_is_optional_none_is_nobody_and_a_wrong_one_is_401(client, database, acme):
    assert (await client.get("/probe/maybe")).json() == "nobody"
    assert (await client.get("/probe/maybe", headers={"token": "x"})).status_code == 401
    await login(client, await make_user(database, acme))
    assert (await client.get("/probe/maybe")).json() == "lea"


async def test_an_answer_that_fails_leaves_nothing_behind(app, database, acme):
    user = await make_user(database, acme)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        await login(client, user)
        assert (await client.post("/probe/fail")).status_code == 500
    async with database.worker() as session:
        assert await session.get(Project, "prj_half") is None


async def test_a_new_signing_key_leaves_tokens_that_are_out_alone(app, client, database, acme):
    await make_user(database, acme, password=PASSWORD)
    await enter(client)
    await rotate(database)
    del app.state.keyring
    assert (await client.get(f"{AUTH}/me")).status_code == 200
    await enter(client)
    assert (await client.get(f"{AUTH}/me")).status_code == 200
    async with database.worker() as session:
        assert len((await session.scalars(select(SigningKey))).all()) == 2


# the end of a session


async def test_a_logout_ends_the_access_token_at_once(client, database, acme):
    await make_user(database, acme, password=PASSWORD)
    tokens = await enter(client)
    assert (await client.post(f"{AUTH}/logout")).status_code == 204
    assert (await client.get(f"{AUTH}/me")).json()["code"] == "session_ended"
    again = await client.post(f"{AUTH}/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert again.status_code == 401


async def test_a_refresh_token_alone_ends_its_session_too(client, database, acme):
    await make_user(database, acme, password=PASSWORD)
    tokens = await enter(client)
    access = client.headers.pop("Authorization")
    assert (await client.post(f"{AUTH}/logout")).status_code == 401
    body = {"refresh_token": tokens["refresh_token"]}
    assert (await client.post(f"{AUTH}/logout", json=body)).status_code == 204
    assert (await client.get(f"{AUTH}/me", headers={"Authorization": access})).status_code == 401


async def test_a_refresh_gives_a_new_set_of_the_same_session(client, database, acme):
    await make_user(database, acme, password=PASSWORD)
    first = await enter(client)
    second = (await client.post(f"{AUTH}/refresh", json={"refresh_token": first["refresh_token"]})).json()
    assert second["session_state"] == first["session_state"]
    assert second["refresh_token"] != first["refresh_token"]
    headers = {"Authorization": f"Bearer {second['access_token']}"}
    assert (await client.get(f"{AUTH}/me", headers=headers)).status_code == 200


async def test_a_refresh_token_used_twice_ends_the_session(client, database, acme, later):
    await make_user(database, acme, password=PASSWORD)
    first = await enter(client)
    body = {"refresh_token": first["refresh_token"]}
    second = (await client.post(f"{AUTH}/refresh", json=body)).json()
    assert (await client.post(f"{AUTH}/refresh", json=body)).status_code == 200, "an impatient client, not a thief"
    later(timedelta(minutes=1))
    assert (await client.post(f"{AUTH}/refresh", json=body)).status_code == 401
    assert (await client.get(f"{AUTH}/me")).status_code == 401
    thief = await client.post(f"{AUTH}/refresh", json={"refresh_token": second["refresh_token"]})
    assert thief.status_code == 401


async def test_inactivity_ends_a_session(client, database, acme, later):
    await make_user(database, acme, password=PASSWORD)
    tokens = await enter(client)
    for _ in range(3):
        later(timedelta(hours=11))
        assert (await client.get(f"{AUTH}/me")).status_code == 200, "it is in use"
    later(timedelta(hours=13))
    assert (await client.get(f"{AUTH}/me")).status_code == 401
    assert (await client.post(f"{AUTH}/refresh", json={"refresh_token": tokens["refresh_token"]})).status_code == 401


async def test_no_password_and_no_token_rests_in_the_database(client, database, acme):
    await make_user(database, acme, password=PASSWORD)
    tokens = await enter(client)
    made = (await client.post(f"{AUTH}/token", json={"name": "ci"})).json()
    async with database.worker() as session:
        dump = ""
        for model in (User, Session, RefreshToken, Token, AuditEvent, SigningKey):
            for row in (await session.scalars(select(model))).all():
                dump += repr({column.key: getattr(row, column.key) for column in model.__table__.columns})
    for secret in (PASSWORD, tokens["refresh_token"], tokens["access_token"], made["token"], "PRIVATE KEY"):
        assert secret not in dump


# passwords


async def test_a_one_time_password_may_call_nothing_but_the_password_change(app, database, acme):
    async with database.app(acme.id) as session:
        _, one_time = await people.create_user(
            session, Caller.system(acme.id), username="lea", roles=[("organization_admin", None)]
        )
    async with make_client(app) as client:
        assert (await enter(client, password=one_time))["password_change_required"] is True
        for method, path in (("GET", f"{AUTH}/me"), ("GET", f"{ADMIN}/users"), ("POST", f"{AUTH}/logout")):
            answer = await client.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (403, "password_change_required")
        body = {"current_password": one_time, "new_password": PASSWORD}
        assert (await client.post(f"{AUTH}/password", json=body)).status_code == 204
        assert (await client.get(f"{AUTH}/me")).status_code == 200
        assert (await client.post(f"{AUTH}/login", json=credentials(one_time))).status_code in {401, 429}


async def test_a_one_time_password_that_nobody_used_stops_working(client, database, acme, later):
    async with database.app(acme.id) as session:
        _, one_time = await people.create_user(session, Caller.system(acme.id), username="lea")
    later(timedelta(days=15))
    assert (await client.post(f"{AUTH}/login", json=credentials(one_time))).status_code == 401


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("short", "at least 12"),
        ("lea-is-my-name-here", "user name"),
        ("aaaaaaaaaaaaaaaa", "different characters"),
        (PASSWORD, "another password"),
    ],
)
async def test_a_weak_password_is_refused_with_the_reason(client, database, acme, new, why):
    await make_user(database, acme, password=PASSWORD)
    await enter(client)
    body = {"current_password": PASSWORD, "new_password": new}
    answer = await client.post(f"{AUTH}/password", json=body)
    assert (answer.status_code, answer.json()["problems"][0]["pointer"]) == (422, "/new_password")
    assert why in answer.json()["detail"]


async def test_a_new_password_ends_the_other_sessions(app, client, database, acme):
    user = await make_user(database, acme, password=PASSWORD)
    other = await login(make_client(app), user)
    await enter(client)
    body = {"current_password": PASSWORD, "new_password": "staple of another kind"}
    assert (await client.post(f"{AUTH}/password", json=body)).status_code == 204
    assert (await client.get(f"{AUTH}/me")).status_code == 200
    assert (await other.get(f"{AUTH}/me")).status_code == 401


# personal access tokens


async def test_a_token_acts_as_its_owner_within_its_scope_and_makes_no_tokens(app, client, database, acme):
    wing = await make_project(database, acme)
    await login(client, await make_user(database, acme, "lea", ["engineer", ("project_admin", wing.id)]))
    body = {"name": "ci", "actions": ["data.read", "audit.read"], "projects": ["wing"]}
    made = await client.post(f"{AUTH}/token", json=body)
    assert made.status_code == 201
    async with make_client(app) as program:
        program.headers["Authorization"] = f"Bearer {made.json()['token']}"
        me = (await program.get(f"{AUTH}/me")).json()
        assert (me["actions"], [one["actions"] for one in me["projects"]]) == ([], [["data.read"]])
        assert (await program.post(f"{AUTH}/token", json={"name": "more"})).json()["code"] == "session_needed"
        listed = (await client.get(f"{AUTH}/token")).json()
        assert listed[0]["last_used_at"] is not None
        assert "token" not in listed[0]
        named = await client.patch(f"{AUTH}/token/{made.json()['id']}", json={"name": "weekly"})
        assert (named.status_code, named.json()["name"]) == (200, "weekly")
        assert (await client.delete(f"{AUTH}/token/{made.json()['id']}")).status_code == 204
        assert (await program.get(f"{AUTH}/me")).status_code == 401


async def test_a_token_expires(app, client, database, acme, later):
    await login(client, await make_user(database, acme))
    token = (await client.post(f"{AUTH}/token", json={"name": "ci", "expires_in_days": 1})).json()["token"]
    async with make_client(app) as program:
        program.headers["Authorization"] = f"Bearer {token}"
        assert (await program.get(f"{AUTH}/me")).status_code == 200
        later(timedelta(days=2))
        assert (await program.get(f"{AUTH}/me")).status_code == 401


async def test_a_program_is_given_a_token_and_cannot_log_in(app, database, acme):
    async with await as_role(app, database, acme, "organization_admin") as admin:
        made = await admin.post(f"{ADMIN}/users", json={"username": "robot", "service": True})
        assert made.json()["one_time_password"] is None
        role = {"user": "robot", "role": "engineer"}
        assert (await admin.post(f"{ADMIN}/assignments", json=role)).status_code == 201
        token = (await admin.post(f"{AUTH}/token", json={"name": "r", "user": "robot"})).json()["token"]
        me = (await admin.get(f"{AUTH}/me", headers={"Authorization": f"Bearer {token}"})).json()
        assert me["preferred_username"] == "robot"
        await make_user(database, acme, "lea")
        refused = await admin.post(f"{AUTH}/token", json={"name": "r", "user": "lea"})
        assert refused.json()["code"] == "not_a_program"


async def test_anothers_token_is_not_found(app, client, database, acme):
    await login(client, await make_user(database, acme, "lea"))
    made = (await client.post(f"{AUTH}/token", json={"name": "ci"})).json()
    async with await as_role(app, database, acme, "engineer", "tom") as other:
        assert (await other.delete(f"{AUTH}/token/{made['id']}")).status_code == 404
        assert (await other.get(f"{AUTH}/token?everyone=true")).status_code == 403
    async with await as_role(app, database, acme, "organization_admin") as admin:
        assert len((await admin.get(f"{AUTH}/token?everyone=true")).json()) == 1
        assert (await admin.delete(f"{AUTH}/token/{made['id']}")).status_code == 204


# people


async def test_a_new_user_gets_a_one_time_password_shown_once(app, database, acme):
    async with await as_role(app, database, acme, "organization_admin") as admin:
        body = {"username": "tom", "email": "tom@acme.example", "roles": [{"role": "workflow_admin"}]}
        made = await admin.post(f"{ADMIN}/users", json=body)
        assert made.status_code == 201
        user = made.json()
        assert set(user) >= {
            "id",
            "createdTimestamp",
            "username",
            "enabled",
            "firstName",
            "lastName",
            "email",
            "attributes",
        }
        assert len(user["one_time_password"]) == 23
        assert "one_time_password" not in (await admin.get(f"{ADMIN}/users/tom")).json()
        assert (await admin.post(f"{ADMIN}/users", json=body)).json()["code"] == "user_exists"


async def test_users_are_listed_in_pages(app, database, acme):
    for name in ("ann", "bob", "cid"):
        await make_user(database, acme, name)
    async with await as_role(app, database, acme, "organization_admin", "zoe") as admin:
        first = await admin.get(f"{ADMIN}/users?limit=2")
        assert [user["username"] for user in first.json()] == ["ann", "bob"]
        assert first.headers["X-Total-Count"] == "4"
        path = first.headers["Link"].split(">")[0].lstrip("<")
        assert [user["username"] for user in (await admin.get(path)).json()] == ["cid", "zoe"]
        assert [user["username"] for user in (await admin.get(f"{ADMIN}/users?search=b")).json()] == ["bob"]


async def test_another_organizations_user_is_not_found(app, database, acme):
    rival = await make_organization(database, "rival")
    stranger = await make_user(database, rival, "eve")
    async with await as_role(app, database, acme, "organization_admin") as admin:
        for method in ("GET", "DELETE"):
            assert (await admin.request(method, f"{ADMIN}/users/{stranger.id}")).status_code == 404
        assert (await admin.patch(f"{ADMIN}/users/{stranger.id}", json={"enabled": False})).status_code == 404


async def test_an_engineer_administers_nobody(app, database, acme):
    async with await as_role(app, database, acme, "engineer") as client:
        for method, path, body in (
            ("GET", "users", None),
            ("POST", "users", {"username": "x"}),
            ("PATCH", "users/engineer", {"enabled": True}),
            ("DELETE", "users/engineer", None),
            ("GET", "projects", None),
            ("POST", "groups", {"name": "x"}),
            ("POST", "roles", {"name": "x", "actions": ["data.read"]}),
            ("POST", "assignments", {"user": "engineer", "role": "organization_admin"}),
            ("GET", "organization", None),
        ):
            answer = await client.request(method, f"{ADMIN}/{path}", json=body)
            assert answer.status_code == 403, (method, path, answer.text)


async def test_disabling_a_user_ends_the_sessions_at_once(app, client, database, acme):
    await login(client, await make_user(database, acme, "lea"))
    async with await as_role(app, database, acme, "organization_admin") as admin:
        assert (await admin.patch(f"{ADMIN}/users/lea", json={"enabled": False})).status_code == 200
        assert (await client.get(f"{AUTH}/me")).status_code == 401


async def test_a_reset_password_is_one_time_and_ends_the_sessions(app, client, database, acme):
    await login(client, await make_user(database, acme, "lea"))
    async with await as_role(app, database, acme, "organization_admin") as admin:
        answer = await admin.patch(f"{ADMIN}/users/lea", json={"reset_password": True})
    one_time = answer.json()["one_time_password"]
    assert (await client.get(f"{AUTH}/me")).status_code == 401
    assert (await enter(client, password=one_time))["password_change_required"] is True


async def test_a_deleted_user_is_gone_at_once_and_then_erased(app, client, database, acme):
    lea = await make_user(database, acme, "lea")
    await login(client, lea)
    async with await as_role(app, database, acme, "organization_admin") as admin:
        assert (await admin.delete(f"{ADMIN}/users/lea")).status_code == 202
        assert (await client.get(f"{AUTH}/me")).status_code == 401
        assert (await admin.get(f"{ADMIN}/users/lea")).status_code == 404
        await work_through(database)
        async with database.worker() as session:
            row = await session.get_one(User, lea.id)
            assert (row.username, row.email, row.password_hash) == (lea.id, "", None)
            assert row.deleted_at is not None
        assert (await admin.post(f"{ADMIN}/users", json={"username": "lea"})).status_code == 201


async def test_an_heir_is_named_only_when_data_is_handed_over(app, database, acme):
    lea, tom = await make_user(database, acme, "lea"), await make_user(database, acme, "tom")
    async with await as_role(app, database, acme, "organization_admin") as admin:
        assert (await admin.delete(f"{ADMIN}/users/lea?data=hand_over")).status_code == 422
        assert (await admin.delete(f"{ADMIN}/users/lea?data=hand_over&heir=lea")).status_code == 422
        assert (await admin.delete(f"{ADMIN}/users/lea?data=hand_over&heir=tom")).status_code == 202
    async with database.worker() as session:
        assert await people.heir_of(session, lea.id) == tom.id


@pytest.mark.parametrize("act", ["delete", "disable", "unassign"])
async def test_the_last_administrator_stays(app, database, acme, act):
    async with await as_role(app, database, acme, "organization_admin", "oda") as admin:
        held = (await admin.get(f"{ADMIN}/assignments?user=oda")).json()[0]

        async def go():
            if act == "delete":
                return await admin.delete(f"{ADMIN}/users/oda")
            if act == "disable":
                return await admin.patch(f"{ADMIN}/users/oda", json={"enabled": False})
            return await admin.delete(f"{ADMIN}/assignments/{held['id']}")

        assert (await go()).json()["code"] == "last_administrator"
        await make_user(database, acme, "uwe", ["organization_admin"])
        assert (await go()).status_code < 300


async def test_nobody_takes_over_an_account_that_may_more(app, database):
    home = await make_organization(database, "heroes", platform=True)
    await make_user(database, home, "ada", ["solution_admin"])
    async with await as_role(app, database, home, "organization_admin", "oda") as admin:
        for answer in (
            await admin.patch(f"{ADMIN}/users/ada", json={"reset_password": True}),
            await admin.delete(f"{ADMIN}/users/ada"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "outranked")
        rise = await admin.post(f"{ADMIN}/assignments", json={"user": "oda", "role": "solution_admin"})
        assert rise.status_code == 403


# roles and projects


async def test_a_role_of_ones_own_counts_from_the_next_request_on(app, client, database, acme):
    lea = await make_user(database, acme, "lea", [])
    await login(client, lea)
    async with await as_role(app, database, acme, "organization_admin") as admin:
        body = {"name": "auditor", "actions": ["audit.read", "ledger.read"]}
        assert (await admin.post(f"{ADMIN}/roles", json=body)).status_code == 201
        given = await admin.post(f"{ADMIN}/assignments", json={"user": "lea", "role": "auditor"})
        assert (await client.get(f"{AUTH}/me")).json()["actions"] == ["audit.read", "ledger.read"]
        await admin.patch(f"{ADMIN}/roles/auditor", json={"actions": ["audit.read"]})
        assert (await client.get(f"{AUTH}/me")).json()["actions"] == ["audit.read"]
        listed = (await admin.get(f"{ADMIN}/roles")).json()
        assert {role["name"] for role in listed} >= {"engineer", "auditor"}
        assert (await admin.delete(f"{ADMIN}/roles/auditor")).status_code == 204
        assert (await client.get(f"{AUTH}/me")).json()["actions"] == []
        assert (await admin.delete(f"{ADMIN}/assignments/{given.json()['id']}")).status_code == 404


async def test_a_removed_role_comes_back_to_those_who_held_it_and_are_still_here(app, client, database, acme):
    wing, hull = await make_project(database, acme, "wing"), await make_project(database, acme, "hull")
    await login(client, await make_user(database, acme, "lea", []))
    await make_user(database, acme, "tom", [])
    async with await as_role(app, database, acme, "organization_admin") as admin:
        body = {"name": "reader", "title": "Reader", "actions": ["workflow.read"]}
        made = (await admin.post(f"{ADMIN}/roles", json=body)).json()
        for holder in ({"user": "lea", "project": "wing"}, {"user": "lea", "project": "hull"}, {"user": "tom"}):
            assert (await admin.post(f"{ADMIN}/assignments", json={**holder, "role": "reader"})).status_code == 201
        assert (await admin.post(f"{ADMIN}/roles/reader/restore")).status_code == 404, "it was never removed"
        await admin.delete(f"{ADMIN}/roles/reader")
        await admin.delete(f"{ADMIN}/users/tom")
        await admin.delete(f"{ADMIN}/projects/{hull.id}")
        back = await admin.post(f"{ADMIN}/roles/reader/restore")
        assert back.json() == made
        assert (await admin.post(f"{ADMIN}/roles/reader/restore")).json()["code"] == "role_exists"
        held = [one for one in (await admin.get(f"{ADMIN}/assignments")).json() if one["role"] == "reader"]
        assert [one["project_id"] for one in held] == [wing.id]
        assert (await client.post(f"{ADMIN}/roles/reader/restore")).status_code == 403


async def test_a_role_beyond_its_author_and_a_change_of_a_default_one_are_refused(app, database, acme):
    async with await as_role(app, database, acme, "organization_admin") as admin:
        rise = await admin.post(f"{ADMIN}/roles", json={"name": "root", "actions": ["platform.operate"]})
        assert (rise.status_code, rise.json()["code"]) == (403, "role_beyond_yours")
        change = await admin.patch(f"{ADMIN}/roles/engineer", json={"actions": ["audit.read"]})
        assert (change.status_code, change.json()["code"]) == (409, "default_role")
        unknown = await admin.post(f"{ADMIN}/roles", json={"name": "odd", "actions": ["world.rule"]})
        assert unknown.status_code == 422


async def test_a_project_admin_invites_into_the_own_project_only(app, client, database, acme):
    wing, hull = await make_project(database, acme, "wing"), await make_project(database, acme, "hull")
    await make_user(database, acme, "lea", [])
    await login(client, await make_user(database, acme, "pia", [("project_admin", wing.id)]))
    invite = {"user": "lea", "role": "engineer", "project": "wing"}
    assert (await client.post(f"{ADMIN}/assignments", json=invite)).status_code == 201
    assert (await client.post(f"{ADMIN}/assignments", json=invite)).status_code == 201, "twice is once"
    for beyond in ({"project": hull.id}, {"project": None}, {"role": "billing_admin"}):
        answer = await client.post(f"{ADMIN}/assignments", json={**invite, **beyond})
        assert answer.status_code in {403, 422}, beyond
    assert [one["name"] for one in (await client.get(f"{ADMIN}/groups")).json()] == ["wing"]
    assert len((await client.get(f"{ADMIN}/assignments")).json()) == 2
    assert (await client.patch(f"{ADMIN}/projects/hull", json={"title": "x"})).status_code == 403
    assert (await client.patch(f"{ADMIN}/projects/wing", json={"title": "x"})).json()["title"] == "x"


async def test_a_closed_project_is_gone_at_once_and_can_be_reopened_for_a_day(app, client, database, acme, later):
    wing = await make_project(database, acme)
    lea = await make_user(database, acme, "lea", [("project_admin", wing.id)])
    await login(client, lea)
    one = f"{ADMIN}/projects/wing"
    oda = await make_user(database, acme, "oda", ["organization_admin"])

    async def hours(count: int) -> None:
        later(timedelta(hours=count))
        await work_through(database)
        await login(admin, oda)

    async with await login(make_client(app), oda) as admin:
        assert (await admin.post(f"{one}/reopen")).status_code == 404, "it is open"
        told = (await admin.get(f"{one}/leaves")).json()
        assert (told["files"], told["running"]) == (0, 0)
        closed = (await admin.delete(one)).json()
        assert closed["closed"]
        assert closed["removed_at"] is not None
        gone = await caller_for(database, lea)
        assert gone.projects == {}
        assert not gone.can(Action.PROJECT_MANAGE, wing.id)
        assert (await admin.get(f"{ADMIN}/projects")).json() == []
        assert [row["user_id"] for row in (await admin.get(f"{ADMIN}/assignments")).json()] == [oda.id]
        assert [row["name"] for row in (await admin.get(f"{ADMIN}/projects?closed=true")).json()] == ["wing"]
        assert (await client.post(f"{one}/reopen")).status_code == 403
        assert (await admin.post(f"{ADMIN}/groups", json={"name": "wing"})).json()["code"] == "project_closed"
        await hours(23)
        assert (await admin.post(f"{one}/reopen")).json()["closed"] is False
        assert (await caller_for(database, lea)).projects == {wing.id: "wing"}
        await hours(2)
        assert (await admin.get(f"{ADMIN}/projects")).json()[0]["id"] == wing.id, "it is forgotten that it was to go"
        await admin.delete(one)
        await hours(25)
        assert (await admin.post(f"{one}/reopen")).status_code == 404
        assert (await admin.post(f"{ADMIN}/groups", json={"name": "wing"})).status_code == 201


async def test_every_change_is_recorded_without_names(app, database, acme):
    async with await as_role(app, database, acme, "organization_admin") as admin:
        await admin.post(f"{ADMIN}/users", json={"username": "tom", "email": "tom@acme.example"})
        await admin.patch(f"{ADMIN}/users/tom", json={"firstName": "Thomas"})
        await admin.post(f"{ADMIN}/projects", json={"name": "wing"})
        await admin.post(f"{ADMIN}/assignments", json={"user": "tom", "role": "engineer", "project": "wing"})
        await admin.delete(f"{ADMIN}/users/tom")
    async with database.worker() as session:
        rows = (await session.scalars(select(AuditEvent).order_by(AuditEvent.id))).all()
    assert {row.action for row in rows} >= {
        "user.created",
        "user.changed",
        "project.created",
        "role.assigned",
        "user.deleted",
    }
    assert not any("tom" in str(row.facts).lower() for row in rows)


# organizations


async def test_an_organization_comes_up_and_goes_as_durable_work(app, database):
    home = await make_organization(database, "heroes", platform=True)
    path = "/heroes/admin/organizations/"
    async with await as_role(app, database, home, "solution_admin") as ada, make_client(app) as client:
        made = await ada.post(f"{path}?user_email=Root.User@doit.example", json={"name": "doit"})
        assert (made.status_code, made.json()["status"]) == (202, "CREATE_IN_PROGRESS")
        entry = credentials(made.json()["one_time_password"], made.json()["administrator"], "doit")
        assert (await client.post(f"{AUTH}/login", json=entry)).status_code == 401
        assert (await ada.post(f"{path}?user_email=a@b", json={"name": "doit"})).status_code == 409
        await work_through(database)
        shown = await ada.get(f"{path}?organization_target=doit")
        assert shown.json()["status"] == "CREATE_COMPLETE"
        tokens = await enter(client, **{key: entry[key] for key in ("password", "username", "organization")})
        assert tokens["password_change_required"] is True
        assert [one["name"] for one in (await ada.get(path)).json()] == ["doit", "heroes"]

        gone = await ada.delete(f"{path}?organization_target=doit")
        assert (gone.status_code, gone.json()["status"]) == (202, "DELETE_IN_PROGRESS")
        assert (await client.get(f"{AUTH}/me")).status_code == 401
        await work_through(database)
        absent = await ada.get(f"{path}?organization_target=doit")
        assert (absent.status_code, absent.json()["code"]) == (404, "NOT_FOUND")
        again = await ada.post(f"{path}?user_email=a@b", json={"name": "doit"})
        assert again.status_code == 202
        assert (await ada.delete(f"{path}?organization_target=heroes")).status_code == 409
    async with database.worker() as session:
        left = await session.scalars(select(User).where(User.organization_id == made.json()["id"]))
        assert left.all() == []


async def test_nobody_of_a_disabled_organization_comes_in_until_it_is_enabled(app, client, database, acme):
    home = await make_organization(database, "heroes", platform=True)
    await make_user(database, acme, "lea", ["engineer"], password=PASSWORD)
    await enter(client)
    path = "/heroes/admin/organizations/"
    async with await as_role(app, database, home, "solution_admin") as ada, make_client(app) as other:
        shut = await ada.patch(f"{path}?organization_target=acme", json={"enabled": False})
        assert (shut.status_code, shut.json()["status"]) == (200, "DISABLED")
        assert (await client.get(f"{AUTH}/me")).status_code == 401
        assert (await other.post(f"{AUTH}/login", json=credentials())).status_code == 401
        back = await ada.patch(f"{path}?organization_target=acme", json={"enabled": True, "title": "ACME"})
        assert (back.json()["status"], back.json()["title"]) == ("CREATE_COMPLETE", "ACME")
        assert (await client.get(f"{AUTH}/me")).status_code == 200
        assert (await ada.patch(f"{path}?organization_target=heroes", json={"enabled": False})).status_code == 409
    async with database.worker() as session:
        mine = select(AuditEvent).where(AuditEvent.organization_id == home.id).order_by(AuditEvent.id)
        told = (await session.scalars(mine)).all()
    said = [(one.action, one.facts.get("name")) for one in told if one.action.startswith("organization.")][-3:]
    assert said == [(f"organization.{what}", "acme") for what in ("disabled", "retitled", "enabled")]


async def test_only_the_platform_orders_organizations(app, database, acme):
    path = "/heroes/admin/organizations/"
    async with await as_role(app, database, acme, "organization_admin") as admin:
        assert (await admin.get(path)).status_code == 403
        assert (await admin.post(f"{path}?user_email=a@b", json={"name": "mine"})).status_code == 403
        assert (await admin.delete(f"{path}?organization_target=acme")).status_code == 403
        disabling = await admin.patch(f"{path}?organization_target=acme", json={"enabled": False})
        assert disabling.status_code == 403
    solution = await make_user(database, acme, "sly", [])
    assert not (await caller_for(database, solution)).platform


async def test_users_come_only_from_the_networks_their_organization_allows(app, database, acme):
    async with await as_role(app, database, acme, "organization_admin") as admin:
        path = f"{ADMIN}/organization"
        locked = await admin.patch(path, json={"allowed_sources": ["192.0.2.0/24"]})
        assert (locked.status_code, locked.json()["problems"][0]["pointer"]) == (422, "/allowed_sources")
        odd = await admin.patch(path, json={"allowed_sources": ["here"]})
        assert odd.json()["problems"][0]["pointer"] == "/allowed_sources/0"
        kept = await admin.patch(path, json={"allowed_sources": ["127.0.0.0/8"]})
        assert kept.json()["allowed_sources"] == ["127.0.0.0/8"]
        away = httpx.ASGITransport(app, client=("198.51.100.7", 1))
        async with httpx.AsyncClient(transport=away, base_url="http://test", headers=admin.headers) as traveller:
            answer = await traveller.get(f"{AUTH}/me")
            assert (answer.status_code, answer.json()["code"]) == (403, "source_not_allowed")


def test_an_empty_list_of_networks_admits_everybody():
    assert admits([], "")
    assert not admits(["192.0.2.0/24"], "unix")


@pytest.mark.parametrize(
    ("email", "name"), [("Ann.B+x@c.d", "ann.bx"), ("ü@c.d", "admin"), ("_@c.d", "admin"), ("a" * 90 + "@c", "a" * 63)]
)
def test_the_first_administrator_is_named_after_the_address(email: str, name: str):
    assert first_username(email) == name


# ------------------------------------------------------------------------------------------------------- browsers

MEANT = {"X-Heroes-Csrf": "1"}


async def signed_in(client: httpx.AsyncClient) -> httpx.Response:
    answer = await client.post(f"{AUTH}/session", json=credentials(), headers=MEANT)
    assert answer.status_code == 200, answer.text
    return answer


async def test_a_browser_gets_a_cookie_that_no_script_reads_and_no_token(database, acme, client):
    await make_user(database, acme, password=PASSWORD)
    answer = await signed_in(client)
    assert answer.json() == {"organization": "acme", "password_change_required": False}
    set_cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in set_cookie
    assert "SameSite=lax" in set_cookie
    assert (await client.get(f"{AUTH}/me")).json()["preferred_username"] == "lea"


async def test_what_changes_something_needs_a_header_that_no_foreign_page_can_send(database, acme, client):
    await make_user(database, acme, password=PASSWORD)
    assert (await client.post(f"{AUTH}/session", json=credentials())).json()["code"] == "csrf_header_missing"
    await signed_in(client)
    refused = await client.post(f"{AUTH}/token", json={"name": "mine"})
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_header_missing")
    assert (await client.post(f"{AUTH}/token", json={"name": "mine"}, headers=MEANT)).status_code == 201


async def test_logging_out_ends_the_session_and_takes_the_cookie_back(database, acme, client):
    await make_user(database, acme, password=PASSWORD)
    await signed_in(client)
    kept = client.cookies["heroes_session"]
    assert (await client.post(f"{AUTH}/logout", headers=MEANT)).status_code == 204
    assert "heroes_session" not in client.cookies
    again = await client.get(f"{AUTH}/me", headers={"Cookie": f"heroes_session={kept}"})
    assert again.json()["code"] == "session_ended"


async def test_a_cookie_is_no_access_token_and_an_access_token_no_cookie(database, acme, client):
    await make_user(database, acme, password=PASSWORD)
    token = (await client.post(f"{AUTH}/login", json=credentials())).json()["access_token"]
    assert (await client.get(f"{AUTH}/me", headers={"Cookie": f"heroes_session={token}"})).status_code == 401
    await signed_in(client)
    kept = client.cookies["heroes_session"]
    client.cookies.clear()
    assert (await client.get(f"{AUTH}/me", headers={"Authorization": f"Bearer {kept}"})).status_code == 401
