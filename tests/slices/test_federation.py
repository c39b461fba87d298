"""Tokens of an identity provider elsewhere: judged by its published keys, mapped to people and roles here."""

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import RSAKey
from people import make_app, make_client, make_organization, make_user

from heroes.adapters.oidc import Provider
from heroes.identity.models import Organization
from heroes.identity.routes import router
from heroes.kit.db import Database
from heroes.kit.settings import Settings, SettingsError, load

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

ISSUER = "https://login.example/realms/heroes"


class Issuer:
    """A provider that can change its keys and fall silent."""

    def __init__(self) -> None:
        self.silent = False
        self.asked: list[str] = []
        self.turn()

    def turn(self) -> None:
        self.key = RSAKey.generate_key(2048, parameters={"kid": f"k{len(self.asked)}"})

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.silent:
            raise httpx.ConnectError("refused", request=request)
        if request.url.path.endswith("/.well-known/openid-configuration"):
            at = {"jwks_uri": f"{ISSUER}/keys", "token_endpoint": f"{ISSUER}/token"}
            return httpx.Response(200, json={"issuer": ISSUER, **at})
        if request.url.path.endswith("/keys"):
            return httpx.Response(200, json={"keys": [self.key.as_dict(private=False)]})
        form = dict(httpx.QueryParams(request.content.decode()))
        if form.get("grant_type") == "password" and form["password"] != "right":
            return httpx.Response(401, json={"error": "invalid_grant"})
        if form.get("refresh_token") == "stale":
            return httpx.Response(400, json={"error": "invalid_grant"})
        told = {"access_token": self.token(), "expires_in": 60, "refresh_token": "outer", "refresh_expires_in": 600}
        return httpx.Response(200, json={**told, "token_type": "Bearer", "id_token": "i"})

    def token(self, **changes: Any) -> str:
        claims = {
            "iss": ISSUER,
            "aud": ["heroes", "account"],
            "sub": "kc-1",
            "sid": "s-1",
            "iat": int(time.time()),
            "exp": int(time.time()) + 60,
            "preferred_username": "acme.lea",
            "email": "lea@acme.example",
            "given_name": "Lea",
            "family_name": "Laminar",
            "organization": ["acme"],
            "realm_access": {"roles": ["engineer", "solution_admin", "offline_access"]},
            **changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key, algorithms=["RS256"])


@pytest.fixture
def outer() -> Issuer:
    return Issuer()


@pytest.fixture
def app(database: Database, tmp_path, outer: Issuer) -> FastAPI:
    made = make_app(database, router, home=tmp_path)
    settings = Settings(home=tmp_path, oidc_issuer=ISSUER, oidc_client_id="heroes")
    made.state.settings = settings
    transport = httpx.MockTransport(outer.answer)
    made.state.provider = Provider(ISSUER, "heroes", settings.oidc_algorithms, "heroes", "s", transport)
    return made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with make_client(app) as opened:
        yield opened


@pytest.fixture
async def acme(database: Database) -> Organization:
    return await make_organization(database, "acme")


async def me(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.get("/organization/auth/me", headers={"Authorization": f"Bearer {token}"})


async def test_somebody_new_is_known_from_the_first_token_on(client, acme, outer):
    told = (await me(client, outer.token())).json()
    assert (told["organization"], told["preferred_username"], told["given_name"]) == ("acme", "lea", "Lea")
    assert told["roles"] == ["engineer"], "platform roles are not for other organizations"
    again = (await me(client, outer.token(sid="s-2"))).json()
    assert again["sub"] == told["sub"]
    assert len(outer.asked) == 2, "discovery and keys once"


async def test_roles_follow_the_provider_at_the_next_session(client, acme, outer):
    await me(client, outer.token())
    roles = {"realm_access": {"roles": ["workflow_admin"]}}
    assert (await me(client, outer.token(sid="s-2", **roles))).json()["roles"] == ["workflow_admin"]


async def test_a_user_made_here_before_is_the_same_person(client, database, acme, outer):
    lea = await make_user(database, acme, "lea", ["billing_admin"])
    told = (await me(client, outer.token())).json()
    assert (told["sub"], told["roles"]) == (lea.id, ["billing_admin", "engineer"])
    taken = await me(client, outer.token(sub="kc-2", sid="s-2"))
    assert (taken.status_code, taken.json()["code"]) == (401, "name_taken")


async def test_a_logout_here_ends_the_providers_token_at_once(client, acme, outer):
    token = outer.token()
    assert (await me(client, token)).status_code == 200
    headers = {"Authorization": f"Bearer {token}"}
    assert (await client.post("/organization/auth/logout", headers=headers)).status_code == 204
    assert (await me(client, token)).status_code == 401
    assert (await me(client, outer.token())).status_code == 401, "a fresh token of the same session neither"
    assert (await me(client, outer.token(sid="s-2"))).status_code == 200


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"aud": "other"}, "another audience"),
        ({"exp": 1}, "has expired"),
        ({"nbf": 9999999999}, "not valid yet"),
        ({"organization": ["nowhere"], "preferred_username": "nowhere.lea"}, "unknown organization"),
        ({"organization": None}, "no organization"),
        ({"organization": ["acme", "other"]}, "no organization"),
        ({"preferred_username": "other.lea"}, "no organization"),
        ({"sub": None}, "a claim is missing"),
    ],
)
async def test_a_token_that_does_not_fit_says_why(client, acme, outer, change, reason):
    answer = await me(client, outer.token(**change))
    assert answer.status_code == 401
    assert reason in answer.headers["WWW-Authenticate"]


async def test_another_key_than_the_published_one_is_refused(client, acme, outer):
    good = outer.token()
    assert (await me(client, good)).status_code == 200
    real, forged = outer.key, Issuer()
    forged.key = RSAKey.generate_key(2048, parameters={"kid": real.kid})
    assert "signature" in (await me(client, forged.token())).headers["WWW-Authenticate"]


async def test_new_keys_are_asked_for_when_a_token_names_one(app, client, acme, outer):
    assert (await me(client, outer.token())).status_code == 200
    outer.turn()
    app.state.provider._asked_at -= 11
    assert (await me(client, outer.token())).status_code == 200
    outer.turn()
    before = len(outer.asked)
    for _ in range(5):
        assert (await me(client, outer.token())).status_code == 401
    assert len(outer.asked) == before, "not more often than every ten seconds"


async def test_a_silent_provider_lets_sessions_go_on_and_new_sign_ins_say_so(app, client, acme, outer):
    token = outer.token()
    assert (await me(client, token)).status_code == 200
    outer.silent = True
    app.state.provider._asked_at -= 4000
    assert (await me(client, token)).status_code == 200
    body = {"organization": "acme", "username": "lea", "password": "right"}
    answer = await client.post("/organization/auth/login", json=body)
    assert (answer.status_code, answer.json()["code"]) == (503, "no_provider")
    assert "sessions go on" in answer.json()["detail"]


async def test_the_login_call_serves_people_whom_the_provider_holds(client, acme, outer, database):
    body = {"organization": "acme", "username": "lea", "password": "right"}
    told = await client.post("/organization/auth/login", json=body)
    assert told.status_code == 200, told.text
    assert (await me(client, told.json()["access_token"])).json()["preferred_username"] == "lea"
    fresh = await client.post("/organization/auth/refresh", json={"refresh_token": told.json()["refresh_token"]})
    assert fresh.status_code == 200
    assert (await client.post("/organization/auth/refresh", json={"refresh_token": "stale"})).status_code == 401
    async with database.worker() as session:
        from sqlalchemy import text

        await session.execute(text("DELETE FROM login_throttle"))
    wrong = await client.post("/organization/auth/login", json={**body, "password": "wrong"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")


@pytest.mark.parametrize("value", ["HS256", "none", "RS256,HS256", ""])
def test_an_algorithm_with_a_shared_secret_cannot_be_allowed(monkeypatch, value):
    monkeypatch.setenv("HEROES_OIDC_ALGORITHMS", value)
    with pytest.raises(SettingsError, match="HEROES_OIDC_ALGORITHMS"):
        load()
