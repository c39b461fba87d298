"""A real Keycloak in the platform's place of identity: one realm with Organizations, by settings alone.

`lab/counterparts.py` fetches and prepares it; `HEROES_TEST_KEYCLOAK` names one that runs already, with the realm of
`fixtures/keycloak-realm.json`.
"""

import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial

import httpx
import pytest
from fastapi import FastAPI
from people import make_app, make_client, make_organization

from heroes.identity.door import CSRF
from heroes.identity.routes import issuer, router
from heroes.kit.db import Database
from heroes.kit.settings import Settings
from lab import counterparts

pytestmark = [pytest.mark.anyio, pytest.mark.postgres, pytest.mark.lab]

PASSWORD = "glider over the alps"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture(scope="module")
def keycloak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the realm."""
    if running := os.environ.get("HEROES_TEST_KEYCLOAK"):
        yield f"{running}/realms/heroes"
        return
    with counterparts.keycloak_running(tmp_path_factory.mktemp("keycloak")) as address:
        yield address


@pytest.fixture
async def app(database: Database, tmp_path, keycloak: str) -> FastAPI:
    await make_organization(database, "acme")
    app = make_app(database, issuer, router, home=tmp_path)
    app.include_router(router, prefix="/api/v1")
    client = {"oidc_client_id": "heroes", "oidc_client_secret": "platform-secret"}
    app.state.settings = Settings(home=tmp_path, public_url="http://127.0.0.1:8000", oidc_issuer=keycloak, **client)
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with make_client(app) as opened:
        yield opened


async def me(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.get("/organization/auth/me", headers={"Authorization": f"Bearer {token}"})


async def outer(keycloak: str, username: str = "acme.lea", client_id: str = "heroes", secret: str = "platform-secret"):
    form = {"grant_type": "password", "username": username, "password": PASSWORD, "scope": "openid organization"}
    async with httpx.AsyncClient(timeout=30) as http:
        place = f"{keycloak}/protocol/openid-connect/token"
        answer = await http.post(place, data={**form, "client_id": client_id, "client_secret": secret})
        return answer.raise_for_status().json()


async def test_its_tokens_are_taken_and_its_people_and_roles_are_known(client, keycloak: str):
    told = (await me(client, (await outer(keycloak))["access_token"])).json()
    assert (told["organization"], told["preferred_username"], told["roles"]) == ("acme", "lea", ["engineer"])


async def test_a_token_for_another_program_or_organization_is_refused(client, keycloak: str):
    other = await me(client, (await outer(keycloak, client_id="stranger", secret="stranger-secret"))["access_token"])
    assert (other.status_code, "a claim is missing" in other.headers["WWW-Authenticate"]) == (401, True)
    elsewhere = await me(client, (await outer(keycloak, "elsewhere.tom"))["access_token"])
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (401, "no_organization")


async def test_the_login_call_refreshes_and_logs_out_at_keycloak(client, keycloak: str):
    body = {"organization": "acme", "username": "lea", "password": PASSWORD}
    told = await client.post("/organization/auth/login", json=body)
    assert told.status_code == 200, told.text
    fresh = await client.post("/organization/auth/refresh", json={"refresh_token": told.json()["refresh_token"]})
    assert fresh.status_code == 200, fresh.text
    token, refresh_token = fresh.json()["access_token"], fresh.json()["refresh_token"]
    assert (await me(client, token)).status_code == 200
    headers = {"Authorization": f"Bearer {token}"}
    ended = await client.post("/organization/auth/logout", json={"refresh_token": refresh_token}, headers=headers)
    assert ended.status_code == 204
    assert (await me(client, token)).status_code == 401
    gone = await client.post("/organization/auth/refresh", json={"refresh_token": refresh_token})
    assert gone.status_code == 401, "the session at Keycloak has ended too"


async def test_a_wrong_password_is_refused_in_the_same_words(client, keycloak: str):
    body = {"organization": "acme", "username": "lea", "password": "wrong"}
    answer = await client.post("/organization/auth/login", json=body)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")


async def trust_loopback(http: httpx.AsyncClient, request: httpx.Request) -> None:
    """Send Secure cookies to this machine without TLS too, as browsers do."""
    request.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in http.cookies.items())


@asynccontextmanager
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30) as http:
        http.event_hooks = {"request": [partial(trust_loopback, http)]}
        yield http


def action(page: httpx.Response) -> httpx.URL:
    """The address that the form of a page is sent to."""
    found = re.search(r'action="([^"]+)"', page.text)
    assert found is not None, page.text[:500]
    return page.url.join(found[1].replace("&amp;", "&"))


async def test_a_browser_signs_in_by_code_and_pkce_and_keeps_a_cookie_of_ours(client, keycloak: str):
    left = await client.get("/oauth/elsewhere", params={"next": "/o/acme/data/"})
    async with browser() as http:
        page = await http.get(left.headers["Location"])
        page = await http.post(action(page), data={"username": "acme.lea"})
        sent = await http.post(action(page), data={"username": "acme.lea", "password": PASSWORD})
        back = httpx.URL(sent.headers["Location"])
        assert str(back).startswith("http://127.0.0.1:8000/oauth/elsewhere/return?")
        come = await client.get(back.raw_path.decode())
        assert (come.status_code, come.headers["Location"]) == (303, "/o/acme/data/"), come.text
        assert (await client.get("/organization/auth/me")).json()["preferred_username"] == "lea"
        ended = await client.post("/api/v1/organization/auth/logout", headers={CSRF: "1"})
        assert ended.status_code == 204
        page = await http.get((await client.get("/oauth/elsewhere")).headers["Location"])
        assert page.status_code == 200, "the session at Keycloak has ended too: it asks who one is"


async def test_a_command_line_is_let_in_by_a_page_of_keycloak(client, keycloak: str):
    place = (await client.get("/.well-known/heroes")).json()
    assert place["issuer"] == keycloak

    async with browser() as http:
        http.follow_redirects = True
        form = {"client_id": place["client_id"], "scope": "openid organization"}
        begun = (await http.post(place["device_authorization_endpoint"], data=form)).raise_for_status().json()
        page = await http.get(begun["verification_uri_complete"])
        for answer in ({"username": "acme.lea"}, {"username": "acme.lea", "password": PASSWORD}, {"accept": "Yes"}):
            hidden = dict(re.findall(r'<input type="hidden" name="(code)" value="([^"]*)"', page.text))
            page = await http.post(action(page), data={**hidden, **answer})
            assert page.status_code == 200
        ask = {"grant_type": DEVICE, "device_code": begun["device_code"], "client_id": place["client_id"]}
        told = (await http.post(place["token_endpoint"], data=ask)).raise_for_status().json()
    assert (await me(client, told["access_token"])).json()["preferred_username"] == "lea"
