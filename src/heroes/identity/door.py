"""The door of every route: who asks (`Who`), in which transaction (`Tx`), and which rows that opens (`visible`)."""

import hashlib
import ipaddress
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.applications import Starlette

from heroes.adapters.oidc import Provider
from heroes.identity import federation
from heroes.identity.keys import COOKIE, Keyring, sign_in
from heroes.identity.models import Grant
from heroes.identity.rules import Assignment, Caller, rights, scoped
from heroes.kit.db import Base, Database
from heroes.kit.errors import Denied, SignIn
from heroes.kit.secrets import SecretStore, master_keys
from heroes.kit.settings import Settings

PAT = "heroes_pat_"
BROWSER = "heroes_session"
CSRF = "X-Heroes-Csrf"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_bearer = HTTPBearer(auto_error=False, description="The `access_token` of a login, or a personal access token.")
_header = APIKeyHeader(name="token", auto_error=False, description="The same token, as older clients send it.")
_cookie = APIKeyCookie(
    name=BROWSER,
    auto_error=False,
    description=f"The session of a browser; what changes something needs the header {CSRF} besides.",
)

M = TypeVar("M", bound=Base)


def visible(model: type[M], who: Caller) -> Select[M]:
    """Return the one query from which a tenant's rows are reached.

    Rows of the caller's organization, and shared objects granted to organization, project, user or everyone; of these
    what the model's own `readable(who)` lets through.
    """
    table = cast("Any", model)
    reachable = table.organization_id == who.organization_id
    if model.__shared__ is not None:
        kind, column = model.__shared__
        reachable = or_(reachable, granted(kind, getattr(table, column), table.organization_id, who))
    query = select(model).where(reachable)
    readable = getattr(model, "readable", None)
    return query.where(readable(who)) if readable else query


def granted(kind: str, object_id: Any, owner_id: Any, who: Caller) -> ColumnElement[bool]:
    """Return the condition that an object of `owner_id` was granted to the caller, in whatever way."""
    to_caller = or_(
        Grant.grantee_type == "everyone",
        and_(Grant.grantee_type == "organization", Grant.grantee_id == who.organization_id),
        and_(Grant.grantee_type == "project", Grant.grantee_id.in_(list(who.projects))),
        and_(Grant.grantee_type == "user", Grant.grantee_id == who.user_id),
    )
    ours = Grant.organization_id == owner_id  # only the owner opens what is its own
    return exists().where(Grant.object_type == kind, Grant.object_id == object_id, ours, to_caller)


def digest(token: str) -> str:
    """Return the SHA-256 under which a random token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


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


def caller_of(person: Mapping[str, Any], *, session_id: str | None = None) -> Caller:
    """Return the caller that a row of facts (see `heroes_person`) describes."""
    assignments = [Assignment(role, project) for role, project in person["assignments"]]
    held = rights(assignments, person["custom"], platform=person["platform"])
    projects: dict[str, str] = person["projects"]
    held = scoped(held, person.get("token_actions"), person.get("token_projects"))
    if person.get("token_projects") is not None:
        projects = {key: name for key, name in projects.items() if key in person["token_projects"]}
    return Caller(
        user_id=person["user_id"],
        username=person["username"],
        organization_id=person["organization_id"],
        organization=person["organization"],
        email=person["email"],
        email_verified=person["email_verified"],
        first_name=person["first_name"],
        last_name=person["last_name"],
        roles=tuple(sorted({assignment.role for assignment in assignments})),
        actions=held.everywhere,
        project_actions=held.by_project,
        projects=projects,
        session_id=session_id,
        token_id=person.get("token_id"),
        platform=person["platform"],
    )


async def person_of_session(session: AsyncSession, session_id: str, idle: timedelta) -> dict[str, Any] | None:
    """Return the facts of a live session's user; None when it has ended, idled out, or the user may not enter."""
    asked = func.heroes_session(session_id, idle, type_=JSONB)
    return cast("dict[str, Any] | None", await session.scalar(select(asked)))


async def person_of(request: Request, raw: str) -> tuple[dict[str, Any] | None, str | None]:
    """Return the facts of a token's user (None: it has ended) and the session it names. Raises SignIn."""
    if raw.startswith(PAT):
        async with database_of(request).app(None) as session:
            found = await session.scalar(select(func.heroes_token(digest(raw), type_=JSONB)))
        return found, None
    if provider := _provider_named(request, raw):
        settings, source = settings_of(request), source_of(request)
        session_id = await federation.entered(database_of(request), provider, settings, raw, source)
    else:
        session_id = str((await keyring_of(request.app).verify(raw)).get("sid"))
    return await _person_of(request, session_id)


async def _person_of(request: Request, session_id: str) -> tuple[dict[str, Any] | None, str]:
    async with database_of(request).app(None) as session:
        return await person_of_session(session, session_id, idle_of(request)), session_id


def provider_of(app: Starlette) -> Provider | None:
    """Return the identity provider elsewhere that the settings name, one for the process; None if there is none."""
    if not hasattr(app.state, "provider"):
        app.state.provider = federation.provider_of(cast("Settings", app.state.settings))
    return cast("Provider | None", app.state.provider)


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


def admits(allowed: list[str], source: str) -> bool:
    """Say whether an organization's list of networks (empty: all) admits an address."""
    if not allowed:
        return True
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network, strict=False) for network in allowed)


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
