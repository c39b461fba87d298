"""The door of every route: who asks (`Who`), and in which transaction (`Tx`)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response, Security
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.applications import Starlette

from heroes.adapters.oidc import Provider
from heroes.identity import federation
from heroes.identity.callers import PAT, admits, caller_of, person_of_session, person_of_token
from heroes.identity.keys import AUDIENCE, COOKIE, LONGEST_SESSION, Keyring, sign_in
from heroes.identity.rules import Caller
from heroes.kit.db import Database
from heroes.kit.errors import Denied, SignIn
from heroes.kit.secrets import SecretStore, master_keys
from heroes.kit.settings import Settings

BROWSER = "heroes_session"
OUTER = "heroes_outer"  # what ends the session of an identity provider elsewhere, sent at the logout alone
CSRF = "X-Heroes-Csrf"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_bearer = HTTPBearer(auto_error=False, description="The `access_token` of a login, or a personal access token.")
_header = APIKeyHeader(name="token", auto_error=False, description="The same token, as older clients send it.")
_cookie = APIKeyCookie(
    name=BROWSER,
    auto_error=False,
    description=f"The session of a browser; what changes something needs the header {CSRF} besides.",
)


def database_of(request: Request) -> Database:
    return cast("Database", request.app.state.database)


def settings_of(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


def secrets_of(request: Request) -> SecretStore:
    return cast("SecretStore", request.app.state.secrets)


def keyring_of(app: Starlette) -> Keyring:
    """Return the process's keyring, made at first use from `app.state.database` and `app.state.settings`."""
    if not hasattr(app.state, "keyring"):
        settings = cast("Settings", app.state.settings)
        master = master_keys(settings.home, settings.master_key_file)
        app.state.keyring = Keyring(
            app.state.database, master, issuer=settings.address, access_s=settings.access_minutes * 60
        )
    return cast("Keyring", app.state.keyring)


def idle_of(request: Request) -> timedelta:
    return timedelta(minutes=settings_of(request).session_idle_minutes)


def source_of(request: Request) -> str:
    """Return the address that asks; behind a proxy the server has already put the client's in its place."""
    return request.client.host if request.client else ""


async def person_of(request: Request, raw: str) -> tuple[dict[str, Any] | None, str | None]:
    """Return the facts of a token's user (None: it has ended) and the session it names. Raises SignIn."""
    if raw.startswith(PAT):
        return await person_of_token(database_of(request), raw), None
    if provider := _provider_named(request, raw):
        settings, source = settings_of(request), source_of(request)
        session_id = await federation.entered(database_of(request), provider, settings, raw, source)
    else:
        session_id = str((await keyring_of(request.app).verify(raw)).get("sid"))
    return await _person_of(request, session_id)


async def _person_of(request: Request, session_id: str) -> tuple[dict[str, Any] | None, str]:
    return await person_of_session(database_of(request), session_id, idle_of(request)), session_id


def only_ours(request: Request) -> dict[str, Any]:
    """Return how a cookie is set that no script reads and no other site sends with a change."""
    return {"httponly": True, "samesite": "lax", "secure": settings_of(request).address.startswith("https:")}


async def keep_signed_in(request: Request, response: Response, session_id: str) -> None:
    """Give a browser the cookie of its session; whether that still lives is asked at every request."""
    lifetime = int(LONGEST_SESSION.total_seconds())
    claims = {"aud": AUDIENCE, "sub": session_id, "sid": session_id}
    cookie = await keyring_of(request.app).sign(claims, kind=COOKIE, lifetime_s=lifetime)
    response.set_cookie(BROWSER, cookie, **only_ours(request))


def provider_of(app: Starlette) -> Provider | None:
    """Return the identity provider elsewhere that the settings name, one for the process; None if there is none."""
    if not hasattr(app.state, "provider"):
        app.state.provider = federation.provider_of(cast("Settings", app.state.settings))
    return cast("Provider | None", app.state.provider)


def signs_in_elsewhere(app: Starlette) -> str | None:
    """Return the host at which people may sign in besides our own entrance; None if there is none."""
    provider = provider_of(app)
    return urlsplit(provider.issuer).hostname if provider and provider.client_id else None


def _provider_named(request: Request, token: str) -> Provider | None:
    provider = provider_of(request.app)
    return provider if provider and federation.issuer_named(token) == provider.issuer else None


async def _identified(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
    cookie: Annotated[str | None, Security(_cookie)],
) -> tuple[Caller, bool] | None:
    raw = bearer.credentials if bearer else (header or "").removeprefix("Bearer ").strip()
    if raw:
        return admitted(request, *await person_of(request, raw))
    if not cookie:
        return None
    meant(request)
    claims = await keyring_of(request.app).verify(cookie, kind=COOKIE)
    return admitted(request, *await _person_of(request, str(claims.get("sid"))))


def admitted(request: Request, person: dict[str, Any] | None, session_id: str | None) -> tuple[Caller, bool]:
    """Return the caller whose facts were found, and whether only a one-time password is known.

    Raises SignIn, Denied.
    """
    if person is None:
        raise sign_in("Your session or token has ended; log in again.", "session_ended")
    if not admits(person["allowed_sources"], source_of(request)):
        raise Denied("Your organization does not allow its users to work from this address.", code="source_not_allowed")
    return caller_of(person, session_id=session_id), bool(person["password_one_time"])


Identified = Annotated[tuple[Caller, bool] | None, Depends(_identified)]


def meant(request: Request) -> None:
    """Refuse what another site may have made a browser send: no foreign page can add a header of ours.

    Raises Denied.
    """
    if request.method not in _SAFE and CSRF not in request.headers:
        raise Denied(f"Send the header {CSRF} with what changes something.", code="csrf_header_missing")


async def _entering(found: Identified) -> Caller:
    if found is None:
        raise sign_in("Send a token: log in at POST /organization/auth/login first.")
    return found[0]


async def _who(found: Identified) -> Caller:
    caller = await _entering(found)
    if found and found[1]:
        raise Denied(
            "This is a one-time password: set your own at POST /organization/auth/password first.",
            code="password_change_required",
        )
    return caller


async def still(request: Request) -> Caller | None:
    """Ask anew who sent a request that is still being answered; None when token, session or user has ended."""
    try:
        sent = await _bearer(request), await _header(request), await _cookie(request)
        return await _who(await _identified(request, *sent))
    except (SignIn, Denied):
        return None


async def _maybe_who(found: Identified) -> Caller | None:
    return await _who(found) if found else None


Entering = Annotated[Caller, Depends(_entering)]
"""The caller, also while only a one-time password is known; for the password change alone."""

Who = Annotated[Caller, Depends(_who)]
"""The caller. Without a valid token the route answers 401."""

MaybeWho = Annotated[Caller | None, Depends(_maybe_who)]
"""The caller, or None where no token was sent; a wrong token is a 401 all the same."""


async def _tx(request: Request, who: Who) -> AsyncIterator[AsyncSession]:
    async with database_of(request).app(who.organization_id) as session:
        yield session


Tx = Annotated[AsyncSession, Depends(_tx, scope="function")]
"""One transaction that sees the caller's organization; committed before the answer is sent."""
