"""The built-in issuer, asked by an independent client library (Authlib's OAuth 2 client over httpx)."""

import base64
import hmac
import json
import re
import warnings
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from people import login, make_app, make_client, make_organization, make_user
from sqlalchemy import create_engine, select, text

from heroes.identity.door import keyring_of
from heroes.identity.keys import rotate
from heroes.identity.models import Organization, User
from heroes.identity.routes import issuer, router
from heroes.identity.service import oidc
from heroes.kit.db import Database
from heroes.kit.postgres import DatabaseUrls

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the library's own about its future
    from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

PASSWORD = "correct horse battery"
BACK = "http://127.0.0.1:5555/callback"
AT = "http://127.0.0.1:8080"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
ADMIN = "/organization/admin"


@pytest.fixture
async def acme(database: Database) -> Organization:
    made = await make_organization(database, "acme")
    await make_user(database, made, "lea", password=PASSWORD)
    await make_user(database, made, "oda", ["organization_admin"])
    return made


@pytest.fixture
def app(database: Database, tmp_path) -> FastAPI:
    return make_app(database, issuer, router, home=tmp_path)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with make_client(app) as opened:
        yield opened


def program(app: FastAPI, client_id: str = oidc.CLI, secret: str | None = None, **more) -> AsyncOAuth2Client:
    """The independent library, told nothing but the addresses of the discovery document."""
    method = "client_secret_basic" if secret else "none"
    return AsyncOAuth2Client(
        client_id,
        secret,
        token_endpoint_auth_method=method,
        code_challenge_method="S256",
        transport=httpx.ASGITransport(app),
        base_url="http://test",
        **more,
    )


def sign_in(page: httpx.Response, **more: str) -> dict[str, str]:
    """What a browser sends from the page that is shown."""
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
    plain = {key: value.replace("&amp;", "&") for key, value in hidden.items()}
    return {**plain, "organization": "acme", "username": "lea", "password": PASSWORD, "decision": "allow", **more}


async def code_flow(app: FastAPI, client: httpx.AsyncClient, who: AsyncOAuth2Client, **more: str) -> dict[str, str]:
    address, state = who.create_authorization_url(f"{AT}/oauth/authorize", code_verifier="v" * 50, nonce="n-1", **more)
    page = await client.get(address)
    assert page.status_code == 200, page.text
    sent = await client.post("/oauth/authorize", data=sign_in(page))
    assert sent.status_code == 303, sent.text
    told = {key: value[0] for key, value in parse_qs(urlsplit(sent.headers["Location"]).query).items()}
    assert (told["state"], told["iss"]) == (state, AT)
    return told


def handmade(header: dict[str, str], claims: dict[str, object], public: bytes) -> str:
    """A token that no library makes: unsigned, or signed with our public key as if it were a shared secret."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    mac = hmac.digest(public, b".".join(parts), "sha256") if header["alg"] == "HS256" else b""
    return b".".join([*parts, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()


async def me(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.get("/organization/auth/me", headers={"Authorization": f"Bearer {token}"})


async def test_the_discovery_document_is_what_the_standard_asks_for(client, acme):
    told = (await client.get("/.well-known/openid-configuration")).json()
    AuthorizationServerMetadata(told).validate()
    assert told["issuer"] == AT
    for name in ("authorization_endpoint", "jwks_uri"):
        assert (await client.get(urlsplit(told[name]).path)).status_code in {200, 400}
    for name in ("token_endpoint", "device_authorization_endpoint", "revocation_endpoint"):
        assert (await client.post(urlsplit(told[name]).path)).json()["error"] == "invalid_client"


async def test_a_person_signs_in_for_a_program_by_code_and_pkce(app, client, acme):
    async with program(app, redirect_uri=BACK, scope="openid profile") as who:
        told = await code_flow(app, client, who)
        token = await who.fetch_token("/oauth/token", code=told["code"], code_verifier="v" * 50)
        keys = KeySet.import_key_set((await client.get("/oauth/jwks")).json())
        claims = jwt.decode(token["id_token"], keys, algorithms=["ES256"]).claims
        wanted = {"iss": AT, "aud": oidc.CLI, "nonce": "n-1", "preferred_username": "lea", "org": "acme"}
        assert wanted.items() <= claims.items()
        assert (await me(client, token["access_token"])).json()["preferred_username"] == "lea"
        info = await who.get("/oauth/userinfo")
        assert info.json()["sub"] == claims["sub"]
        again = await who.refresh_token("/oauth/token", token["refresh_token"])
        assert again["refresh_token"] != token["refresh_token"]


async def test_a_code_is_good_once_and_its_second_use_ends_the_session(app, client, acme):
    async with program(app, redirect_uri=BACK, scope="openid") as who:
        code = (await code_flow(app, client, who))["code"]
        token = await who.fetch_token("/oauth/token", code=code, code_verifier="v" * 50)
        with pytest.raises(OAuthError, match="invalid_grant"):
            await who.fetch_token("/oauth/token", code=code, code_verifier="v" * 50)
    assert (await me(client, token["access_token"])).status_code == 401


@pytest.mark.parametrize("wrong", [{"code_verifier": "w" * 50}, {"redirect_uri": "http://127.0.0.1:1/callback"}])
async def test_a_code_without_its_verifier_or_address_is_worth_nothing(app, client, acme, wrong):
    async with program(app, redirect_uri=BACK, scope="openid") as who:
        code = (await code_flow(app, client, who))["code"]
        with pytest.raises(OAuthError, match="invalid_grant"):
            await who.fetch_token("/oauth/token", **{"code": code, "code_verifier": "v" * 50, **wrong})


async def test_a_code_expires(app, client, acme, database_urls: DatabaseUrls):
    async with program(app, redirect_uri=BACK, scope="openid") as who:
        code = (await code_flow(app, client, who))["code"]
        shift(database_urls, timedelta(minutes=2))
        with pytest.raises(OAuthError, match="invalid_grant"):
            await who.fetch_token("/oauth/token", code=code, code_verifier="v" * 50)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"client_id": "cli_unknown"}, 400),
        ({"redirect_uri": "https://evil.example/"}, 400),
        ({"redirect_uri": "http://127.0.0.1:80@evil.example/callback"}, 400),
        ({"redirect_uri": "http://127.0.0.1:80/other"}, 400),
        ({"response_type": "token"}, 303),
        ({"code_challenge_method": "plain"}, 303),
        ({"code_challenge": ""}, 303),
    ],
)
async def test_a_wrong_request_leads_nowhere_or_back_with_the_reason(client, acme, change, status):
    right = {
        "client_id": oidc.CLI,
        "redirect_uri": BACK,
        "response_type": "code",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
        "state": "s",
    }
    answer = await client.get("/oauth/authorize", params={**right, **change})
    assert answer.status_code == status
    if status == 303:
        assert answer.headers["Location"].startswith(BACK + "?error=")
    assert (await client.get("/oauth/authorize", params=right)).status_code == 200


async def test_a_wrong_password_shows_the_page_again_and_its_markup_is_inert(app, client, acme):
    async with program(app, redirect_uri=BACK, scope="openid") as who:
        address, _ = who.create_authorization_url("/oauth/authorize", code_verifier="v" * 50, state='"><b>')
        page = await client.get(address)
        again = await client.post("/oauth/authorize", data=sign_in(page, password="wrong", username="<i>lea"))
    assert again.status_code == 401
    assert "Organization, user name or password is wrong." in again.text
    assert "<b>" not in again.text
    assert "<i>lea" not in again.text
    policy = again.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_a_device_is_let_in_by_a_person_elsewhere(app, client, acme, database_urls: DatabaseUrls):
    begun = (await client.post("/oauth/device", data={"client_id": oidc.CLI, "scope": "openid"})).json()
    ask = {"grant_type": DEVICE, "device_code": begun["device_code"], "client_id": oidc.CLI}
    assert (await client.post("/oauth/token", data=ask)).json()["error"] == "authorization_pending"
    assert (await client.post("/oauth/token", data=ask)).json()["error"] == "slow_down"
    page = await client.get(begun["verification_uri_complete"])
    assert begun["user_code"] in page.text
    typed = begun["user_code"].lower().replace("-", " ")
    wrong = await client.post("/oauth/device/verify", data=sign_in(page, user_code="BBBB-BBBB"))
    assert wrong.status_code == 404
    assert (await client.post("/oauth/device/verify", data=sign_in(page, user_code=typed))).status_code == 200
    shift(database_urls, timedelta(seconds=6))
    token = (await client.post("/oauth/token", data=ask)).json()
    assert (await me(client, token["access_token"])).json()["preferred_username"] == "lea"
    assert (await client.post("/oauth/token", data=ask)).json()["error"] == "invalid_grant"
    fresh = await client.post("/organization/auth/refresh", json={"refresh_token": token["refresh_token"]})
    assert fresh.status_code == 200, "the command line refreshes at our own entrance"


async def test_a_device_turned_away_or_forgotten_gets_nothing(client, acme, database_urls: DatabaseUrls):
    for decision, error in (("deny", "access_denied"), (None, "expired_token")):
        begun = (await client.post("/oauth/device", data={"client_id": oidc.CLI})).json()
        ask = {"grant_type": DEVICE, "device_code": begun["device_code"], "client_id": oidc.CLI}
        if decision:
            page = await client.get(begun["verification_uri"])
            sent = sign_in(page, user_code=begun["user_code"], decision=decision)
            assert (await client.post("/oauth/device/verify", data=sent)).status_code == 200
        else:
            shift(database_urls, timedelta(minutes=11))
        assert (await client.post("/oauth/token", data=ask)).json()["error"] == error


async def service(client: httpx.AsyncClient, app: FastAPI, database: Database, acme: Organization, **more):
    """Register a service client as the administrator and return id and secret."""
    admin = make_client(app)
    async with database.app(acme.id) as session:
        user = (await session.scalars(select(User).where(User.username == "oda"))).one()
    await login(admin, user)
    await admin.post(ADMIN + "/users", json={"username": "robot", "service": True})
    await admin.post(ADMIN + "/assignments", json={"user": "robot", "role": "engineer"})
    made = await admin.post(ADMIN + "/clients", json={"name": "nightly", "user": "robot", **more})
    assert made.status_code == 201, made.text
    return admin, made.json()["client_id"], made.json()["client_secret"]


async def test_a_service_client_acts_within_its_scope_until_it_is_revoked(app, client, database, acme):
    admin, client_id, secret = await service(client, app, database, acme, actions=["workflow.read"])
    async with aclosing(admin), program(app, client_id, secret) as who:
        token = await who.fetch_token("/oauth/token", grant_type="client_credentials")
        assert "refresh_token" not in token
        told = (await me(client, token["access_token"])).json()
        assert (told["preferred_username"], told["actions"]) == ("robot", ["workflow.read"])
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        assert (await client.post("/organization/auth/token", json={"name": "x"}, headers=headers)).status_code == 403
        listed = (await admin.get(ADMIN + "/clients")).json()
        assert [(one["client_id"], one["last_used_at"] is not None) for one in listed] == [(client_id, True)]
        assert secret not in str(listed)
        where = f"{ADMIN}/clients/{client_id}"
        assert (await admin.patch(where, json={"redirect_uris": ["http://evil.example/"]})).status_code == 422
        changed = await admin.patch(where, json={"redirect_uris": ["https://a.example/"], "name": "weekly"})
        assert (changed.json()["name"], changed.json()["redirect_uris"]) == ("weekly", ["https://a.example/"])
        assert (await admin.delete(f"{ADMIN}/clients/{client_id}")).status_code == 204
        assert (await me(client, token["access_token"])).status_code == 401
        with pytest.raises(OAuthError, match="invalid_client"):
            await who.fetch_token("/oauth/token", grant_type="client_credentials")


@pytest.mark.parametrize("secret", [None, "", "heroes_secret_wrong"])
async def test_a_program_without_its_secret_is_401(app, client, database, acme, secret):
    admin, client_id, _ = await service(client, app, database, acme)
    await admin.aclose()
    sent = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret or ""}
    answer = await client.post("/oauth/token", data=sent)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_a_program_registers_only_what_is_safe(app, client, database, acme):
    admin, _, _ = await service(client, app, database, acme)
    async with aclosing(admin):
        for body in (
            {"redirect_uris": ["http://evil.example/"]},
            {"redirect_uris": ["https://a.example/#x"]},
            {"redirect_uris": ["https://*.example/"]},
            {},
            {"user": "robot", "public": True},
        ):
            assert (await admin.post(ADMIN + "/clients", json={"name": "x", **body})).status_code == 422, body
        assert (await admin.post(ADMIN + "/clients", json={"name": "x", "user": "lea"})).status_code == 403
        beyond = {"name": "x", "user": "robot", "actions": ["platform.operate"]}
        assert (await admin.post(ADMIN + "/clients", json=beyond)).status_code == 403


async def test_a_refresh_token_serves_its_own_program_only_and_once(app, client, acme, database_urls: DatabaseUrls):
    async with program(app, redirect_uri=BACK, scope="openid offline_access") as who:
        code = (await code_flow(app, client, who))["code"]
        token = await who.fetch_token("/oauth/token", code=code, code_verifier="v" * 50)
        await who.refresh_token("/oauth/token", token["refresh_token"])
        shift(database_urls, timedelta(seconds=30))
        with pytest.raises(OAuthError, match="invalid_grant"):
            await who.refresh_token("/oauth/token", token["refresh_token"])
    assert (await me(client, token["access_token"])).status_code == 401, "its second use ends the session"


async def test_signing_out_at_the_issuer_ends_the_session_everywhere(app, client, database, acme):
    async with program(app, redirect_uri=BACK, scope="openid") as who:
        code = (await code_flow(app, client, who))["code"]
        token = await who.fetch_token("/oauth/token", code=code, code_verifier="v" * 50)
    sent = {"id_token_hint": token["id_token"], "post_logout_redirect_uri": BACK, "state": "s"}
    answer = await client.get("/oauth/logout", params=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, BACK + "?state=s")
    assert (await me(client, token["access_token"])).status_code == 401
    evil = await client.get("/oauth/logout", params={**sent, "post_logout_redirect_uri": "https://evil.example/"})
    assert evil.status_code == 200
    assert (await client.get("/oauth/logout", params={"id_token_hint": "x"})).status_code == 400


async def test_a_program_revokes_what_it_was_given(app, client, acme):
    async with program(app, redirect_uri=BACK, scope="openid") as who:
        code = (await code_flow(app, client, who))["code"]
        token = await who.fetch_token("/oauth/token", code=code, code_verifier="v" * 50)
        assert (await who.revoke_token("/oauth/revoke", token["refresh_token"])).status_code == 200
        assert (await who.revoke_token("/oauth/revoke", "unknown")).status_code == 200
    assert (await me(client, token["access_token"])).status_code == 401


async def test_a_retired_key_is_shown_as_long_as_its_tokens_live(app, client, database, acme):
    ring = keyring_of(app)
    await ring.sign({"sub": "x"})
    old = {key["kid"] for key in (await client.get("/oauth/jwks")).json()["keys"]}
    await rotate(database)
    ring._looked_at = float("-inf")
    await ring.sign({"sub": "x"})
    shown = (await client.get("/oauth/jwks")).json()["keys"]
    assert old < {key["kid"] for key in shown}
    assert not [key for key in shown if "d" in key], "private halves stay inside"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"iss": "https://other.example"}, "another issuer"),
        ({"aud": "other"}, "another audience"),
        ({"exp": 1}, "has expired"),
        ({"nbf": 9999999999}, "not valid yet"),
        ({"sub": None}, "a claim is missing"),
        ({"alg": "none"}, "algorithm is not accepted"),
        ({"alg": "HS256"}, "algorithm is not accepted"),
        ({"kid": "key_unknown"}, "unknown"),
        ({"key": True}, "signature is wrong"),
        ({"typ": "JWT"}, "not an access token"),
    ],
)
async def test_a_token_that_is_not_taken_says_why_in_its_challenge(app, client, database, acme, change, reason):
    async with database.app(acme.id) as session:
        lea = (await session.scalars(select(User).where(User.username == "lea"))).one()
    await login(client, lea)
    good = client.headers.pop("Authorization").removeprefix("Bearer ")
    ring = keyring_of(app)
    assert ring._signer is not None
    kid, key = ring._signer
    claims = jwt.decode(good, key, algorithms=["ES256"]).claims
    header = {"alg": "ES256", "kid": kid, "typ": "at+jwt"}
    for name, value in change.items():
        if name in {"alg", "kid", "typ"}:
            header[name] = value
        elif name != "key":
            claims[name] = value
    claims = {name: value for name, value in claims.items() if value is not None}
    if header["alg"] in {"HS256", "none"}:
        forged = handmade(header, claims, key.as_pem(private=False))
    else:
        signer = ECKey.generate_key("P-256") if "key" in change else key
        forged = jwt.encode(header, claims, signer, algorithms=["ES256"])
    answer = await me(client, forged)
    assert answer.status_code == 401
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="heroes", error="invalid_token"')
    assert reason in challenge
    assert (await me(client, good)).status_code == 200


async def test_no_code_and_no_secret_rests_in_the_database(app, client, database, acme):
    admin, _, secret = await service(client, app, database, acme)
    await admin.aclose()
    begun = (await client.post("/oauth/device", data={"client_id": oidc.CLI})).json()
    async with program(app, redirect_uri=BACK, scope="openid") as who:
        code = (await code_flow(app, client, who))["code"]
    async with database.worker() as session:
        for table in ("clients", "auth_requests", "audit_events", "sessions"):
            rows = (await session.execute(text(f"SELECT t::text FROM {table} t"))).scalars().all()
            for hidden in (secret, begun["device_code"], code):
                assert not [row for row in rows if hidden in row], table


def shift(urls: DatabaseUrls, by: timedelta) -> None:
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        connection.execute(text("UPDATE heroes_clock SET shift = shift + :by"), {"by": by})
    engine.dispose()
