"""Log in, refresh, log out, change the password. Hashing happens with no transaction open."""

import hashlib
import math
import secrets
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity import passwords
from heroes.identity.door import digest, person_of_session
from heroes.identity.keys import COOKIE, Keyring, sign_in
from heroes.identity.models import RefreshToken, Session, User
from heroes.identity.rules import Caller
from heroes.identity.schemas import TokenSet
from heroes.kit import audit
from heroes.kit.db import Database, heroes_now
from heroes.kit.errors import TooMany
from heroes.kit.ids import new_id

log = structlog.get_logger()

REFRESH = "heroes_refresh_"
LONGEST_SESSION = timedelta(days=30)
KEEP_ENDED = timedelta(days=7)
SOURCE_RATE, SOURCE_BURST = 2.0, 2.0  # password checks a second and source address
ACCOUNT_RATE, ACCOUNT_BURST = 1 / 6, 10.0  # wrong passwords a second and account


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
    await throttle(database, source, account)
    async with database.app(None) as session:
        asked = select(text("user_id, organization_id, password_hash, usable")).select_from(
            func.heroes_login(organization, username)
        )
        found = (await session.execute(asked)).one_or_none()
    fits = await passwords.matches(found.password_hash if found else None, password)
    if found is None or not fits or not found.usable:
        log.warning("login refused", **{"source.ip": source})
        raise sign_in("Organization, user name or password is wrong.", "wrong_credentials")
    stronger = await passwords.hashed(password) if passwords.outdated(found.password_hash) else None
    async with database.app(found.organization_id) as session:
        await session.execute(select(func.heroes_throttle_forget(account)))
        if stronger:
            await session.execute(update(User).where(User.id == found.user_id).values(password_hash=stronger))
        opened, refresh = await open_session(session, found.organization_id, found.user_id, source=source)
        person = await person_of_session(session, opened.id, idle)
        if person is None:
            raise sign_in("Organization, user name or password is wrong.", "wrong_credentials")
        who = Caller(found.user_id, username, found.organization_id, organization)
        audit.record(session, who, "session.started", opened)
    return await _token_set(keyring, person, opened.id, refresh, idle)


async def browser_cookie(keyring: Keyring, session_id: str) -> str:
    """Return what a browser keeps for a session; whether the session still lives is asked at every request."""
    lifetime = int(LONGEST_SESSION.total_seconds())
    return await keyring.sign({"sub": session_id, "sid": session_id}, kind=COOKIE, lifetime_s=lifetime)


async def throttle(database: Database, source: str, account: str) -> None:
    """Take one password check from source and account. Raises TooMany with the seconds to wait."""
    async with database.app(None) as session:
        wait = await _take(session, _key("source", source), SOURCE_RATE, SOURCE_BURST)
        if not wait:
            wait = await _take(session, account, ACCOUNT_RATE, ACCOUNT_BURST)
    if wait:
        seconds = math.ceil(wait)
        raise TooMany(f"Too many attempts to log in; try again in {seconds} s.", retry_after=seconds)


async def open_session(
    session: AsyncSession, organization_id: str, user_id: str, *, source: str | None = None
) -> tuple[Session, str]:
    """Begin a session and return it with its first refresh token; the user's long-ended sessions are swept."""
    long_ago = heroes_now() - KEEP_ENDED
    over = or_(Session.ended_at < long_ago, Session.expires_at < long_ago)
    await session.execute(delete(Session).where(Session.user_id == user_id, over))
    opened = Session(
        id=new_id("ses"),
        organization_id=organization_id,
        user_id=user_id,
        expires_at=heroes_now() + LONGEST_SESSION,
        source=source,
    )
    session.add(opened)
    await session.flush()
    refresh = _new_refresh()
    session.add(RefreshToken(id=digest(refresh), organization_id=organization_id, session_id=opened.id))
    await session.flush()
    return opened, refresh


async def refresh(database: Database, keyring: Keyring, *, refresh_token: str, idle: timedelta) -> TokenSet:
    """Exchange a refresh token for a new set. Its second use ends the session. Raises SignIn."""
    fresh = _new_refresh()
    async with database.app(None) as session:
        asked = func.heroes_refresh(digest(refresh_token), digest(fresh), idle, type_=JSONB)
        person = await session.scalar(select(asked))
    if person is None:
        raise sign_in("Your session has ended; log in again.", "session_ended")
    return await _token_set(keyring, person, person["session_id"], fresh, idle)


async def logout(database: Database, who: Caller | None, refresh_token: str | None) -> None:
    """End the session of the caller's access token, and that of a refresh token, at once and everywhere."""
    if refresh_token:
        async with database.app(None) as session:
            await session.execute(select(func.heroes_logout(digest(refresh_token))))
    if who and who.session_id:
        async with database.app(who.organization_id) as session:
            await end_sessions(session, who.user_id, "logout", only=who.session_id)
            audit.record(session, who, "session.ended")


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
        await session.execute(select(func.heroes_throttle_forget(account)))
        await session.execute(
            update(User)
            .where(User.id == who.user_id)
            .values(password_hash=fresh, password_one_time=False, password_expires_at=None)
        )
        await end_sessions(session, who.user_id, "password changed", but=who.session_id)
        audit.record(session, who, "user.password_changed")


async def _take(session: AsyncSession, key: str, rate: float, burst: float) -> float:
    return float(await session.scalar(select(func.heroes_throttle(key, rate, burst))) or 0.0)


async def _token_set(
    keyring: Keyring, person: dict[str, Any], session_id: str, refresh_token: str, idle: timedelta
) -> TokenSet:
    subject = {"sub": person["user_id"], "sid": session_id, "org": person["organization"]}
    profile = {
        "aud": "heroes",
        "preferred_username": person["username"],
        "email": person["email"],
        "email_verified": person["email_verified"],
        "given_name": person["first_name"],
        "family_name": person["last_name"],
    }
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


def _new_refresh() -> str:
    return REFRESH + secrets.token_urlsafe(32)


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
