"""Log in, refresh, log out, change the password. Hashing happens with no transaction open."""

import hashlib
import math
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Float, Row, case, cast, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity import passwords
from heroes.identity.callers import admits, digest
from heroes.identity.keys import AUDIENCE, LONGEST_SESSION, Keyring, sign_in
from heroes.identity.models import Organization, RefreshToken, Session, User
from heroes.identity.rules import Caller
from heroes.identity.schemas import TokenSet
from heroes.kit import audit
from heroes.kit.db import Database, heroes_now
from heroes.kit.errors import Denied, SignIn, TooMany
from heroes.kit.ids import new_id

log = structlog.get_logger()

REFRESH = "heroes_refresh_"
SOURCE_RATE, SOURCE_BURST = 2.0, 2.0  # password checks a second and source address
PAIR_RATE, PAIR_BURST = 1 / 6, 10.0  # wrong passwords a second, account and source
PROGRAM_RATE, PROGRAM_BURST = 1.0, 20.0  # wrong secrets a second, program and source
ACCOUNT_RATE, ACCOUNT_BURST = 2.0, 100.0  # wrong passwords a second and account, wherever they come from


async def login(
    database: Database,
    keyring: Keyring,
    *,
    organization: str,
    username: str,
    password: str,
    source: str,
    idle: timedelta,
) -> TokenSet:
    """Open a session. Raises TooMany before any hashing, SignIn with the same words whatever was wrong."""
    account = _key("account", organization, username)
    found, stronger = await _proven(database, account, organization, username, password, source)
    if stronger:
        async with database.app(found.organization_id) as session:
            await _strengthen(session, found.user_id, stronger)
    opened, refresh = new_id("ses"), _new_refresh()
    attempts = _attempts(account, source)
    entered = func.heroes_enter(
        found.user_id, opened, digest(refresh), source, LONGEST_SESSION, attempts, new_id("aud"), type_=JSONB
    )
    [person] = await database.app_once(select(entered))
    if person is None:
        raise sign_in("Organization, user name or password is wrong.", "wrong_credentials")
    return await token_set(keyring, person, opened, refresh, idle)


async def authenticate(
    database: Database, *, organization: str, username: str, password: str, source: str
) -> tuple[str, str]:
    """Return the ids of the user and the organization whose password this is. Raises TooMany, SignIn."""
    account = _key("account", organization, username)
    found, stronger = await _proven(database, account, organization, username, password, source)
    async with database.app(found.organization_id) as session:
        await _forgive(session, account, source)
        if stronger:
            await _strengthen(session, found.user_id, stronger)
    return str(found.user_id), str(found.organization_id)


async def _proven(
    database: Database, account: str, organization: str, username: str, password: str, source: str
) -> tuple[Row[Any], str | None]:
    """Return whose password this is, and its hash anew if it is to be a stronger one. Raises TooMany, SignIn."""
    held = select(_wait(source, account, func.heroes_familiar(organization, username, source)).label("wait")).subquery()
    named = func.heroes_login(organization, username).table_valued(
        "user_id", "organization_id", "password_hash", "usable"
    )
    found = await database.app_once(select(held.c.wait, *named.c).select_from(held.outerjoin(named, held.c.wait == 0)))
    _hold_up(found.wait)
    fits = await passwords.matches(found.password_hash, password)
    if not fits or not found.usable:
        log.warning("login refused", **{"source.ip": source})
        raise sign_in("Organization, user name or password is wrong.", "wrong_credentials")
    return found, await passwords.hashed(password) if passwords.outdated(found.password_hash) else None


async def _strengthen(session: AsyncSession, user_id: str, stronger: str) -> None:
    await session.execute(update(User).where(User.id == user_id).values(password_hash=stronger))


async def throttle(database: Database, source: str, account: str) -> None:
    """Take one password check from source and account. Raises TooMany with the seconds to wait."""
    [wait] = await database.app_once(select(_wait(source, account)))
    _hold_up(wait)


def _wait(source: str, account: str, familiar: ColumnElement[bool] | None = None) -> ColumnElement[float]:
    """Return what takes one password check from source, pair and account, and gives the seconds to wait, 0 if none.

    The account's own limit, which holds up many who guess from everywhere, is not for a `familiar` source.
    """
    anywhere = func.nullif(func.heroes_throttle(account, ACCOUNT_RATE, ACCOUNT_BURST), 0.0)
    waits = [
        func.nullif(func.heroes_throttle(_key("source", source), SOURCE_RATE, SOURCE_BURST), 0.0),
        # before the account's own: who guesses from one address shuts out that address, not the account's owner
        func.nullif(func.heroes_throttle(_key("pair", account, source), PAIR_RATE, PAIR_BURST), 0.0),
        anywhere if familiar is None else case((familiar, None), else_=anywhere),
    ]
    # COALESCE looks no further than the first that holds up, so that nothing is taken from those behind it.
    return func.coalesce(*waits, 0.0, type_=Float())


def _hold_up(wait: float) -> None:
    if wait:
        seconds = math.ceil(wait)
        text = f"Too many attempts to log in; try again in {seconds} s."
        raise TooMany(text, retry_after=seconds, case="too_many_logins")


async def throttle_program(database: Database, source: str, client_id: str) -> None:
    """Take one look at a program's secret from its address. Raises TooMany with the seconds to wait."""
    key = _key("program", client_id, source)
    [wait] = await database.app_once(select(func.heroes_throttle(key, PROGRAM_RATE, PROGRAM_BURST)))
    if wait:
        seconds = math.ceil(wait)
        text = f"Too many requests with a wrong secret; try again in {seconds} s."
        raise TooMany(text, retry_after=seconds, case="too_many_secrets")


async def forgive_program(database: Database, source: str, client_id: str) -> None:
    """Forget the looks at a program's secret, since it was the right one."""
    await database.app_once(select(func.heroes_throttle_forget(_key("program", client_id, source))))


async def open_session(
    session: AsyncSession,
    organization_id: str,
    user_id: str,
    *,
    source: str | None = None,
    client: Mapping[str, Any] | None = None,
) -> tuple[str, str]:
    """Begin a session and return its id and first refresh token; now and then the user's long-ended ones are removed.

    `client`: the program it is opened for, with the most that it may (`id`, `actions`, `projects`).
    """
    opened, refresh = new_id("ses"), _new_refresh()
    most = {name: client[name] for name in ("id", "actions", "projects")} if client else None
    known = (opened, organization_id, user_id, digest(refresh), source, LONGEST_SESSION)
    await session.execute(select(func.heroes_open_session(*known, cast(most, JSONB(none_as_null=True)))))
    return opened, refresh


async def refresh(database: Database, keyring: Keyring, *, refresh_token: str, idle: timedelta) -> TokenSet:
    """Exchange a refresh token for a new set. Its second use ends the session. Raises SignIn."""
    person, fresh = await exchange(database, refresh_token, idle)
    return await token_set(keyring, person, person["session_id"], fresh, idle)


async def exchange(
    database: Database, refresh_token: str, idle: timedelta, client_id: str | None = None
) -> tuple[dict[str, Any], str]:
    """Use a refresh token up and return the facts of its user and the next one. Raises SignIn, also for another client.

    Its second use ends the session.
    """
    fresh = _new_refresh()
    asked = func.heroes_refresh(digest(refresh_token), digest(fresh), idle, client_id, type_=JSONB)
    [person] = await database.app_once(select(asked))
    if person is None:
        raise sign_in("Your session has ended; log in again.", "session_ended")
    return person, fresh


async def logout(database: Database, who: Caller | None, refresh_token: str | None) -> None:
    """End the session of the caller's access token, and that of a refresh token, at once and everywhere."""
    if refresh_token:
        await database.app_once(select(func.heroes_logout(digest(refresh_token))))
    if who and who.session_id:
        async with database.app(who.organization_id) as session:
            await end_sessions(session, who.user_id, "logout", only=who.session_id)
            audit.record(session, who, "session.ended")


async def require_entry(database: Database, user_id: str, organization_id: str, source: str) -> None:
    """Return if a user may enter from an address, and does not hold a one-time password. Raises Denied."""
    async with database.app(organization_id) as session:
        user = await session.get_one(User, user_id)
        allowed = (await session.get_one(Organization, organization_id)).allowed_sources
    if not admits(allowed, source):
        raise Denied("Your organization does not allow its users to work from this address.", code="source_not_allowed")
    if user.password_one_time:
        raise Denied(
            "This is a one-time password: set your own first, with `heroes login`.", code="password_change_required"
        )


async def end_session(database: Database, session_id: str, why: str, *, client_id: str | None = None) -> None:
    """End one session by its id, at once and everywhere; `client_id`: only if it was opened for that program."""
    ending = update(Session).where(Session.id == session_id, Session.ended_at.is_(None))
    if client_id is not None:
        ending = ending.where(Session.client_id == client_id)
    async with database.worker() as session:
        await session.execute(ending.values(ended_at=heroes_now(), ended_why=why))


async def end_by_token(database: Database, keyring: Keyring, token: str, client_id: str) -> None:
    """End the session that an access or a refresh token belongs to, if it is the program's own."""
    if token.startswith(REFRESH):
        async with database.worker() as session:
            session_id = await session.scalar(select(RefreshToken.session_id).where(RefreshToken.id == digest(token)))
    else:
        try:
            session_id = str((await keyring.verify(token)).get("sid"))
        except SignIn:
            return
    if session_id:
        await end_session(database, session_id, "revoked by its program", client_id=client_id)


async def end_sessions(
    session: AsyncSession, user_id: str, why: str, *, only: str | None = None, but: str | None = None
) -> None:
    """End a user's live sessions: all, `only` one, or all `but` one."""
    ending = update(Session).where(Session.user_id == user_id, Session.ended_at.is_(None))
    if only:
        ending = ending.where(Session.id == only)
    if but:
        ending = ending.where(Session.id != but)
    await session.execute(ending.values(ended_at=heroes_now(), ended_why=why))


async def change_password(database: Database, who: Caller, *, current: str, new: str, source: str) -> None:
    """Set the caller's own password and end the other sessions. Raises TooMany, SignIn, Invalid."""
    account = _key("account", who.organization, who.username)
    await throttle(database, source, account)
    async with database.app(who.organization_id) as session:
        stored = await session.scalar(select(User.password_hash).where(User.id == who.user_id))
    if not await passwords.matches(stored, current):
        raise sign_in("The present password is wrong.", "wrong_credentials")
    passwords.check(new, username=who.username, current=current)
    fresh = await passwords.hashed(new)
    async with database.app(who.organization_id) as session:
        await _forgive(session, account, source)
        await session.execute(
            update(User)
            .where(User.id == who.user_id)
            .values(password_hash=fresh, password_one_time=False, password_expires_at=None)
        )
        await end_sessions(session, who.user_id, "password changed", but=who.session_id)
        audit.record(session, who, "user.password_changed")


async def _forgive(session: AsyncSession, account: str, source: str) -> None:
    await session.execute(select(*(func.heroes_throttle_forget(key) for key in _attempts(account, source))))


def _attempts(account: str, source: str) -> list[str]:
    """Return what the right password makes forgotten; what the source has used of its own limit stays."""
    return [account, _key("pair", account, source)]


async def token_set(
    keyring: Keyring, person: dict[str, Any], session_id: str, refresh_token: str, idle: timedelta
) -> TokenSet:
    """Return the signed tokens of a session of our own entrance."""
    subject = {"sub": person["user_id"], "sid": session_id, "org": person["organization"]}
    profile = {"aud": AUDIENCE, **profile_of(person)}
    return TokenSet(
        access_token=await keyring.sign(subject),
        expires_in=keyring.access_s,
        refresh_token=refresh_token,
        refresh_expires_in=int(idle.total_seconds()),
        id_token=await keyring.sign({**subject, **profile}, kind="JWT"),
        session_state=session_id,
        organization=person["organization"],
        password_change_required=person["password_one_time"],
    )


def profile_of(person: Mapping[str, Any]) -> dict[str, Any]:
    """Return the standard claims of a person (OpenID Connect Core 5.1)."""
    return {
        "preferred_username": person["username"],
        "email": person["email"],
        "email_verified": person["email_verified"],
        "given_name": person["first_name"],
        "family_name": person["last_name"],
    }


def _new_refresh() -> str:
    return REFRESH + secrets.token_urlsafe(32)


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
