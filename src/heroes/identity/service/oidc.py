"""The built-in issuer: what a program is given, by which grant (OpenID Connect Core, RFC 6749, 7636, 8628, 9207).

    client          a registered program, or the command line itself; secrets are compared as hashes
    begin_code      a person has signed in: the code that the program exchanges within a minute
    begin_device    a device waits; a person lets it in elsewhere by its short code
    exchange_*      a code, a device code, a refresh token or the program's own secret for tokens

Authlib gives the protocol's errors and the PKCE arithmetic. Its grant classes are synchronous, so that what touches the
database is ours; what is answered in each case is theirs.
"""

import hmac
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749 import errors
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oauth2.rfc8628 import AuthorizationPendingError, ExpiredTokenError, SlowDownError
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB

from heroes.identity.callers import digest, person_of_session
from heroes.identity.keys import Keyring
from heroes.identity.models import AuthRequest, Client, Session
from heroes.identity.rules import Caller
from heroes.identity.service import sessions
from heroes.kit import audit
from heroes.kit.db import LOCK, Database, heroes_now
from heroes.kit.errors import SignIn

CLI = "heroes-cli"
SCOPES = ("openid", "profile", "email", "offline_access")
CODE_LIVES = timedelta(minutes=1)
DEVICE_LIVES = timedelta(minutes=10)
KEPT = timedelta(hours=1)  # a used code is known so long: its second use ends the session
POLL = 5  # seconds between two questions of a device, at least
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # RFC 8628 6.1: no vowels, so that no words arise
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_OWN: dict[str, Any] = {
    "id": CLI,
    "organization_id": None,
    "name": "the command line of this platform",
    "user_id": None,
    "hash": None,
    "redirect_uris": ["http://127.0.0.1/callback", "http://[::1]/callback"],
    "actions": None,
    "projects": None,
}
_OVER = "The session has ended, or this grant is not for you."


@dataclass(frozen=True, slots=True)
class Issuer:
    """What the grants stand on, in one process."""

    database: Database
    keyring: Keyring
    idle: timedelta
    source: str


async def client(database: Database, client_id: str) -> dict[str, Any]:
    """Return a program that was not revoked. Raises InvalidClientError."""
    if client_id == CLI:
        return dict(_OWN)
    [found] = await database.app_once(select(func.heroes_client(client_id, type_=JSONB)))
    if found is None:
        raise errors.InvalidClientError(description="There is no such program, or it was revoked.")
    return cast("dict[str, Any]", found)


async def authenticated(database: Database, client_id: str | None, secret: str | None) -> dict[str, Any]:
    """Return the program that asks for tokens; one with a secret must have shown it. Raises InvalidClientError."""
    if not client_id:
        raise errors.InvalidClientError(description="Send client_id.")
    found = await client(database, client_id)
    if found["hash"] is not None and not hmac.compare_digest(found["hash"], digest(secret or "")):
        raise errors.InvalidClientError(description="The secret of this program is wrong.")
    return found


def admits(asked: str, registered: list[str]) -> bool:
    """Say whether a redirect address is registered; of a loopback address the port is free (RFC 8252 7.3)."""
    if asked in registered:
        return True
    try:
        parts = urlsplit(asked)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK or port is None or parts.username is not None:
        return False
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return parts._replace(netloc=host).geturl() in registered


def granted(scope: str | None) -> str:
    """Return the part of a scope that is known here; what nobody knows is left out (RFC 6749 3.3)."""
    asked = (scope or "openid").split()
    return " ".join(name for name in SCOPES if name in asked)


# ------------------------------------------------------------------------------------------------------- asking people


async def begin_code(
    issuer: Issuer,
    program: Mapping[str, Any],
    *,
    user_id: str,
    organization_id: str,
    redirect_uri: str,
    challenge: str,
    scope: str,
    nonce: str | None,
) -> str:
    """Return a code for a person who has just signed in.

    Raises AccessDeniedError for another organization's program.
    """
    _same_home(program, organization_id)
    code = random.token_urlsafe(32)
    async with issuer.database.worker() as session:
        await session.execute(delete(AuthRequest).where(AuthRequest.expires_at < heroes_now() - KEPT))
        session.add(
            AuthRequest(
                id=digest(code),
                kind="code",
                client_id=program["id"],
                state="approved",
                user_id=user_id,
                home_id=organization_id,
                redirect_uri=redirect_uri,
                challenge=challenge,
                nonce=nonce,
                scope=scope,
                expires_at=heroes_now() + CODE_LIVES,
            )
        )
    return code


async def begin_device(issuer: Issuer, program: Mapping[str, Any], scope: str) -> tuple[str, str]:
    """Return the code that the device keeps and the one that a person types."""
    code = random.token_urlsafe(32)
    typed = "".join(random.choice(_LETTERS) for _ in range(8))
    async with issuer.database.worker() as session:
        await session.execute(delete(AuthRequest).where(AuthRequest.expires_at < heroes_now() - KEPT))
        session.add(
            AuthRequest(
                id=digest(code),
                kind="device",
                client_id=program["id"],
                user_code=typed,
                scope=scope,
                expires_at=heroes_now() + DEVICE_LIVES,
            )
        )
    return code, f"{typed[:4]}-{typed[4:]}"


async def waiting(database: Database, typed: str) -> str | None:
    """Return the program whose device waits under the code that a person typed; None if none does."""
    async with database.worker() as session:
        row = await session.scalar(select(AuthRequest).where(*_typed(typed)))
    return row.client_id if row else None


async def decide(database: Database, typed: str, *, user_id: str, organization_id: str, allow: bool) -> bool:
    """Let a device in as this person, or turn it away; return whether one was waiting."""
    state = "approved" if allow else "denied"
    values = {"state": state, "user_id": user_id, "home_id": organization_id}
    async with database.worker() as session:
        done = update(AuthRequest).where(*_typed(typed)).values(**values).returning(AuthRequest.id)
        return (await session.scalars(done)).one_or_none() is not None


def _typed(typed: str) -> tuple[Any, ...]:
    code = "".join(char for char in typed.upper() if char in _LETTERS)[:8]
    alive = AuthRequest.expires_at > heroes_now()
    return AuthRequest.kind == "device", AuthRequest.user_code == code, AuthRequest.state == "pending", alive


# ------------------------------------------------------------------------------------------------------------- grants


async def exchange_code(
    issuer: Issuer, program: Mapping[str, Any], *, code: str, redirect_uri: str | None, verifier: str | None
) -> dict[str, Any]:
    """Exchange an authorization code, once. Its second use ends the session that the first one opened."""
    async with issuer.database.worker() as session:
        row = await session.get(AuthRequest, digest(code), with_for_update=LOCK)
        if row is None or row.kind != "code" or row.client_id != program["id"]:
            raise errors.InvalidGrantError(description="This code is not known.")
        if row.state == "used":
            ended = update(Session).where(Session.id == row.session_id, Session.ended_at.is_(None))
            await session.execute(ended.values(ended_at=heroes_now(), ended_why="authorization code used twice"))
        fits = row.challenge == create_s256_code_challenge(verifier or "") and row.redirect_uri == redirect_uri
        alive = row.state == "approved" and await session.scalar(select(row.expires_at > heroes_now()))
        if alive and fits:
            opened, refresh = await _open(session, issuer, program, row.home_id, row.user_id)
            row.state, row.session_id = "used", opened
    if not (alive and fits):
        raise errors.InvalidGrantError(description="This code was used, has expired, or was made for another request.")
    return await _tokens(issuer, program, opened, refresh, row.scope, nonce=row.nonce)


async def exchange_device(issuer: Issuer, program: Mapping[str, Any], code: str) -> dict[str, Any]:
    """Answer a device that asks whether it was let in. Raises AuthorizationPendingError, SlowDownError and others."""
    async with issuer.database.worker() as session:
        row = await session.get(AuthRequest, digest(code), with_for_update=LOCK)
        if row is None or row.kind != "device" or row.client_id != program["id"] or row.state == "used":
            raise errors.InvalidGrantError(description="This code is not known.")
        soon = row.polled_at is not None and await session.scalar(
            select(row.polled_at > heroes_now() - timedelta(seconds=POLL - 1))
        )
        over = await session.scalar(select(row.expires_at <= heroes_now()))
        row.polled_at = heroes_now()
        state = row.state
        if state == "approved" and not over:
            opened, refresh = await _open(session, issuer, program, row.home_id, row.user_id)
            row.state, row.session_id = "used", opened
    if over:
        raise ExpiredTokenError()
    if state == "denied":
        raise errors.AccessDeniedError()
    if state == "pending":
        raise SlowDownError() if soon else AuthorizationPendingError()
    return await _tokens(issuer, program, opened, refresh, row.scope)


async def exchange_refresh(issuer: Issuer, program: Mapping[str, Any], refresh_token: str) -> dict[str, Any]:
    """Exchange a refresh token, which then is used up; its second use ends the session."""
    try:
        person, fresh = await sessions.exchange(issuer.database, refresh_token, issuer.idle, program["id"])
    except SignIn:
        raise errors.InvalidGrantError(description=_OVER) from None
    return await _signed(issuer, program, person, person["session_id"], fresh, " ".join(SCOPES))


async def exchange_secret(issuer: Issuer, program: Mapping[str, Any]) -> dict[str, Any]:
    """Give a program tokens as its service account, within its scope; there is no refresh token."""
    if program["hash"] is None or program["user_id"] is None:
        raise errors.UnauthorizedClientError(description="This program acts for people, not by itself.")
    async with issuer.database.worker() as session:
        opened, _ = await _open(session, issuer, program, program["organization_id"], program["user_id"])
        await session.execute(update(Client).where(Client.id == program["id"]).values(used_at=heroes_now()))
        lives = timedelta(seconds=issuer.keyring.access_s)
        await session.execute(update(Session).where(Session.id == opened).values(expires_at=heroes_now() + lives))
    answer = await _tokens(issuer, program, opened, None, "")
    return {name: value for name, value in answer.items() if name not in {"id_token", "scope"}}


async def _open(
    session: Any, issuer: Issuer, program: Mapping[str, Any], home_id: str | None, user_id: str | None
) -> tuple[str, str]:
    if home_id is None or user_id is None:
        raise errors.InvalidGrantError(description=_OVER)
    opened, refresh = await sessions.open_session(session, home_id, user_id, source=issuer.source, client=program)
    audit.record(
        session, Caller(user_id, "", home_id, ""), "session.started", Session(id=opened), client_id=program["id"]
    )
    return opened, refresh


async def _tokens(
    issuer: Issuer,
    program: Mapping[str, Any],
    session_id: str,
    refresh: str | None,
    scope: str,
    nonce: str | None = None,
) -> dict[str, Any]:
    person = await person_of_session(issuer.database, session_id, issuer.idle)
    if person is None:
        raise errors.InvalidGrantError(description=_OVER)
    return await _signed(issuer, program, person, session_id, refresh, scope, nonce)


async def _signed(
    issuer: Issuer,
    program: Mapping[str, Any],
    person: Mapping[str, Any],
    session_id: str,
    refresh: str | None,
    scope: str,
    nonce: str | None = None,
) -> dict[str, Any]:
    keyring = issuer.keyring
    subject = {"sub": person["user_id"], "sid": session_id, "org": person["organization"]}
    about = {"client_id": program["id"], "scope": scope}
    answer: dict[str, Any] = {
        "access_token": await keyring.sign({**subject, **about}),
        "token_type": "Bearer",
        "expires_in": keyring.access_s,
        "scope": scope,
    }
    if refresh is not None:
        answer |= {"refresh_token": refresh, "refresh_expires_in": int(issuer.idle.total_seconds())}
    if "openid" in scope.split():
        told = {**subject, "aud": program["id"], "azp": program["id"], **sessions.profile_of(person)}
        answer["id_token"] = await keyring.sign(told | ({"nonce": nonce} if nonce else {}), kind="JWT")
    return answer


def _same_home(program: Mapping[str, Any], organization_id: str) -> None:
    if program["organization_id"] not in {None, organization_id}:
        raise errors.AccessDeniedError(description="This program belongs to another organization.")
