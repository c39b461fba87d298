"""Tokens of an identity provider elsewhere: judged by its published keys, mapped to people and roles here."""

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import RSAKey
from people import make_app, make_client, make_organization, make_user

from heroes import pages
from heroes.adapters.oidc import Provider
from heroes.identity.door import BROWSER, CSRF
from heroes.identity.models import Organization
from heroes.identity.routes import issuer, router
from heroes.kit.db import Database
from heroes.kit.settings import Settings, SettingsError, load

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

ISSUER = "https://login.example/realms/heroes"


class Issuer:
    """A provider that can change its keys and fall silent."""

    def __init__(self) -> None:
        self.silent = False
        self.asked: list[str] = []
        self.left: dict[str, str] = {}  # what the browser brought to the page
        self.nonce: str | None = None  # in the ID token, instead of the right one
        self.turn()

    def turn(self) -> None:
        self.key = RSAKey.generate_key(2048, parameters={"kid": f"k{len(self.asked)}"})

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.silent:
            raise httpx.ConnectError("refused", request=request)
        if request.url.path.endswith("/.well-known/openid-configuration"):
            names = {"jwks_uri": "keys", "token_endpoint": "token", "authorization_endpoint": "auth"}
            at = {name: f"{ISSUER}/{place}" for name, place in {**names, "end_session_endpoint": "end"}.items()}
            return httpx.Response(200, json={"issuer": ISSUER, **at})
        if request.url.path.endswith("/keys"):
            return httpx.Response(200, json={"keys": [self.key.as_dict(private=False)]})
        form = dict(httpx.QueryParams(request.content.decode()))
        if form.get("grant_type") == "authorization_code":
            return self.redeem(form)
        if form.get("grant_type") == "password" and form["password"] != "right":
            return httpx.Response(401, json={"error": "invalid_grant"})
        if form.get("refresh_token") == "stale":
            return httpx.Response(400, json={"error": "invalid_grant"})
        told = {"access_token": self.token(), "expires_in": 60, "refresh_token": "outer", "refresh_expires_in": 600}
        return httpx.Response(200, json={**told, "token_type": "Bearer", "id_token": "i"})

    def redeem(self, form: dict[str, str]) -> httpx.Response:
        left = self.left
        if form["code"] != "good" or create_s256_code_challenge(form["code_verifier"]) != left["code_challenge"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        named = self.token(aud=left["client_id"], nonce=self.nonce or left["nonce"])
        told = {"access_token": self.token(), "id_token": named, "refresh_token": "outer"}
        return httpx.Response(200, json={**told, "token_type": "Bearer"})

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
    made = make_app(database, issuer, router, home=tmp_path)
    made.include_router(router, prefix="/api/v1")
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


async def leave(client: httpx.AsyncClient, outer: Issuer, **query: str) -> None:
    answer = await client.get("/oauth/elsewhere", params=query)
    assert (answer.status_code, answer.headers["Location"].startswith(f"{ISSUER}/auth?")) == (303, True)
    outer.left = dict(httpx.URL(answer.headers["Location"]).params)


async def come_back(client: httpx.AsyncClient, outer: Issuer, **changes: str) -> httpx.Response:
    return await client.get("/oauth/elsewhere/return", params={"code": "good", "state": outer.left["state"], **changes})


async def test_a_browser_signs_in_at_the_providers_page_and_keeps_a_session_of_ours(client, acme, outer):
    await leave(client, outer, next="/o/acme/data/")
    assert (outer.left["code_challenge_method"], outer.left["response_type"]) == ("S256", "code")
    answer = await come_back(client, outer)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/o/acme/data/")
    cookies = answer.headers.get_list("Set-Cookie")
    assert all("HttpOnly" in one and "SameSite=lax" in one for one in cookies)
    assert ISSUER not in answer.text
    assert (await client.get("/organization/auth/me")).json()["preferred_username"] == "lea"


async def test_a_logout_of_such_a_browser_ends_both_sessions_and_the_next_sign_in_works(client, acme, outer):
    for _ in range(2):
        await leave(client, outer)
        assert (await come_back(client, outer)).headers["Location"] == "/o/acme/"
        assert (await client.get("/organization/auth/me")).status_code == 200
        kept = client.cookies[BROWSER]
        ended = await client.post("/api/v1/organization/auth/logout", headers={CSRF: "1"})
        assert (ended.status_code, outer.asked[-1].endswith("/end")) == (204, True)
        assert BROWSER not in client.cookies
        again = await client.get("/organization/auth/me", headers={"Cookie": f"{BROWSER}={kept}"})
        assert again.status_code == 401, "a cookie that somebody kept is worth nothing"


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"code": "stolen"}, 401, "does not confirm"),
        ({"state": "x"}, 400, "another browser"),
        ({"error": "access_denied", "error_description": "<b>No</b>"}, 403, "&lt;b&gt;No&lt;/b&gt;"),
    ],
)
async def test_a_return_that_does_not_fit_opens_nothing(client, acme, outer, changes, status, words):
    await leave(client, outer)
    answer = await come_back(client, outer, **changes)
    assert (answer.status_code, words in answer.text, BROWSER in client.cookies) == (status, True, False)


async def test_an_id_token_of_another_sign_in_opens_nothing(client, acme, outer):
    await leave(client, outer)
    outer.nonce = "another"
    assert (await come_back(client, outer)).status_code == 401


async def test_who_never_left_does_not_come_back(app, client, acme, outer):
    await leave(client, outer)
    async with make_client(app) as stranger:
        answer = await come_back(stranger, outer)
    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "/oauth/x", "/o\\evil"])
async def test_a_sign_in_leads_to_a_page_of_ours_alone(client, acme, outer, place):
    await leave(client, outer, next=place)
    assert (await come_back(client, outer)).headers["Location"] == "/o/acme/"


async def test_a_silent_provider_is_told_on_the_page(client, acme, outer):
    outer.silent = True
    answer = await client.get("/oauth/elsewhere")
    assert (answer.status_code, "does not answer" in answer.text) == (503, True)
    assert answer.headers["Content-Type"].startswith("text/html")


async def test_the_sign_in_page_names_the_provider_where_there_is_one(app, acme, outer, monkeypatch, tmp_path):
    app.include_router(pages.router)
    (tmp_path / "index.html").write_text('<html data-elsewhere="__ELSEWHERE__">')
    monkeypatch.setattr(pages, "folder", lambda: tmp_path)
    async with make_client(app) as client:
        assert 'data-elsewhere="login.example"' in (await client.get("/sign-in")).text
        app.state.provider = None
        assert 'data-elsewhere=""' in (await client.get("/sign-in")).text
        assert (await client.get("/oauth/elsewhere")).status_code == 404
