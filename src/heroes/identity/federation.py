"""People of an OpenID provider elsewhere: whose token it is, in our terms, and the session that stands for it here.

The provider checks who somebody is; what they may is decided here, by roles that the provider's claims may name. A
token's session (`sid`) is a row of ours, so that a logout here ends it at once, whatever the provider does. Roles are
read when a session begins.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.oidc import Provider, Untrusted
from heroes.identity.keys import LONGEST_SESSION, refused, sign_in
from heroes.identity.models import Organization, RoleAssignment, Session, User
from heroes.identity.rules import PLATFORM_ROLES, ROLES, Caller
from heroes.identity.schemas import TokenSet
from heroes.kit import audit
from heroes.kit.db import LOCK, Database, heroes_now
from heroes.kit.errors import Refused, SignIn, SiteError, Unavailable, Unreachable
from heroes.kit.ids import new_id
from heroes.kit.settings import Settings

MARK = "oidc"  # in a user's attributes: issuer, subject, and the roles that the provider gave


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a provider vouches for."""

    issuer: str
    subject: str
    session: str
    organization: str
    username: str
    email: str
    first_name: str
    last_name: str
    roles: tuple[str, ...]


def provider_of(settings: Settings) -> Provider | None:
    """Return the provider that an administrator named; None: the built-in issuer alone."""
    if settings.oidc_issuer is None:
        return None
    secret = settings.oidc_client_secret
    return Provider(
        settings.oidc_issuer,
        settings.oidc_audience,
        settings.oidc_algorithms,
        settings.oidc_client_id,
        secret.get_secret_value() if secret else None,
    )


async def log_in(
    database: Database,
    provider: Provider,
    settings: Settings,
    *,
    organization: str,
    username: str,
    password: str,
    source: str,
) -> TokenSet:
    """Let the provider check a password and return its token set. Raises SignIn, Unavailable."""
    try:
        told = await provider.password(outer_name(settings, organization, username), password)
    except Refused:
        raise sign_in("Organization, user name or password is wrong.", "wrong_credentials") from None
    except SiteError as error:
        raise Unavailable(f"{error.detail} New sign-ins wait; sessions go on.", code="no_provider") from None
    return await _answer(database, provider, settings, told, source)


async def refreshed(
    database: Database, provider: Provider, settings: Settings, refresh_token: str, source: str
) -> TokenSet:
    """Let the provider exchange one of its refresh tokens. Raises SignIn, Unavailable."""
    try:
        told = await provider.refresh(refresh_token)
    except Refused:
        raise sign_in("Your session has ended; log in again.", "session_ended") from None
    except SiteError as error:
        raise Unavailable(f"{error.detail} Try again; your session goes on.", code="no_provider") from None
    return await _answer(database, provider, settings, told, source)


async def _answer(
    database: Database, provider: Provider, settings: Settings, told: Mapping[str, Any], source: str
) -> TokenSet:
    session_id = await entered(database, provider, settings, str(told["access_token"]), source)
    person = person_of(await provider.verify(str(told["access_token"])), settings)
    return TokenSet(
        access_token=str(told["access_token"]),
        expires_in=int(told.get("expires_in", 60)),
        refresh_token=str(told.get("refresh_token", "")),
        refresh_expires_in=int(told.get("refresh_expires_in", 0)),
        id_token=str(told.get("id_token", "")),
        session_state=session_id,
        scope=str(told.get("scope", "openid")),
        organization=person.organization,
    )


async def signed_in(
    database: Database,
    provider: Provider,
    settings: Settings,
    code: str,
    *,
    back: str,
    verifier: str,
    nonce: str,
    source: str,
) -> tuple[str, str, str]:
    """Return a new session for the code that a browser brought, its organization, and the provider's refresh token.

    The session is the browser's own, not the provider's: after a logout here one may sign in there again.
    Raises SignIn, Unavailable.
    """
    try:
        told = await provider.redeem(code, back=back, verifier=verifier, nonce=nonce)
        person = person_of(await provider.verify(str(told["access_token"])), settings)
    except (Refused, Untrusted, KeyError):
        raise sign_in("Your identity provider does not confirm this; sign in again.", "wrong_credentials") from None
    except SiteError as error:
        raise Unavailable(f"{error.detail} New sign-ins wait; sessions go on.", code="no_provider") from None
    opened = new_id("ses")
    async with database.worker() as session:
        await _begin(session, person, opened, source)
    return opened, person.organization, str(told.get("refresh_token", ""))


def issuer_named(token: str) -> str | None:
    """Return the issuer that a token claims, unverified: it only says whose keys to ask."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    named = claims.get("iss") if isinstance(claims, dict) else None
    return named if isinstance(named, str) else None


def outer_name(settings: Settings, organization: str, username: str) -> str:
    """Return the provider's name of a user: one realm has unique names, so that the organization is part of them."""
    return settings.oidc_username.format(organization=organization, username=username)


def person_of(claims: Mapping[str, Any], settings: Settings) -> Person:
    """Return the person that a token's claims describe. Raises SignIn when they name no organization or user."""
    name = str(claims.get("preferred_username") or "")
    named = _organizations(_at(claims, settings.oidc_organization_claim))
    found = next((one for one in named if _inner(settings, one, name)), None)
    if found is None or len(named) != 1:
        detail = "Your identity provider names no organization of this platform for you, or several."
        raise sign_in(detail, "no_organization", reason="no organization in the token")
    roles = _at(claims, settings.oidc_roles_claim)
    session = str(claims.get("sid") or f"{claims['sub']}:{claims.get('auth_time') or claims.get('iat')}")
    mark = hashlib.sha256(f"{claims['iss']}\0{session}".encode()).hexdigest()
    return Person(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        session=f"ses_{mark[:32]}",
        organization=found,
        username=_inner(settings, found, name),
        email=str(claims.get("email") or ""),
        first_name=str(claims.get("given_name") or ""),
        last_name=str(claims.get("family_name") or ""),
        roles=tuple(sorted({str(one) for one in roles if str(one) in ROLES})) if isinstance(roles, list) else (),
    )


async def entered(database: Database, provider: Provider, settings: Settings, token: str, source: str) -> str:
    """Return the id of the session that a token stands for, begun if it is new. Raises SignIn, Unavailable."""
    try:
        person = person_of(await provider.verify(token), settings)
    except Untrusted as error:
        raise refused(error.__cause__ if isinstance(error.__cause__, Exception) else error) from None
    except Unreachable as error:
        raise Unavailable(f"{error.detail} New sign-ins wait; sessions go on.", code="no_provider") from None
    async with database.worker() as session:
        if await session.get(Session, person.session) is None:
            await _begin(session, person, person.session, source)
    return person.session


async def _begin(session: AsyncSession, person: Person, session_id: str, source: str) -> None:
    up = Organization.name == person.organization, Organization.status == "CREATE_COMPLETE"
    home = await session.scalar(select(Organization).where(*up).with_for_update(**LOCK))
    if home is None:
        raise sign_in("Your organization is not on this platform.", "no_organization", reason="unknown organization")
    user = await _known(session, home, person)
    session.add(
        Session(
            id=session_id,
            organization_id=home.id,
            user_id=user.id,
            expires_at=heroes_now() + LONGEST_SESSION,
            source=source,
        )
    )
    await session.flush()
    audit.record(session, Caller(user.id, "", home.id, ""), "session.started", user, issuer=person.issuer)


async def _known(session: AsyncSession, home: Organization, person: Person) -> User:
    """Return the user who this is: by the provider's subject, else by name; made if there is none."""
    from heroes.identity.service import people

    ours = User.organization_id == home.id, User.deleted_at.is_(None)
    subject = User.attributes[MARK]["sub"].astext == person.subject
    user = await session.scalar(select(User).where(*ours, subject))
    if user is None:
        user = await session.scalar(select(User).where(*ours, User.username == person.username))
        if user is not None and (user.service or MARK in user.attributes):
            raise _taken()
    if user is None:
        user, _ = await people.create_user(
            session,
            Caller.system(home.id),
            username=person.username,
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            password_hash="held by the identity provider",
        )
        user.password_one_time = False
    await _roles(session, home, user, person)
    user.email, user.first_name, user.last_name = person.email, person.first_name, person.last_name
    mark = {"iss": person.issuer, "sub": person.subject, "roles": list(person.roles)}
    user.attributes = {**user.attributes, MARK: mark}
    await session.flush()
    return user


async def _roles(session: AsyncSession, home: Organization, user: User, person: Person) -> None:
    """Give the roles that the provider names, and take back those that it gave before and names no more."""
    from heroes.identity.service import roles

    who = Caller.system(home.id)
    wanted = {role for role in person.roles if home.platform or role not in PLATFORM_ROLES}
    for role in sorted(wanted):
        await roles.assign(session, who, user, role)
    gone = set(user.attributes.get(MARK, {}).get("roles", [])) - wanted
    held = RoleAssignment.user_id == user.id, RoleAssignment.project_id.is_(None), RoleAssignment.role.in_(gone)
    for row in (await session.scalars(select(RoleAssignment).where(*held))).all():
        audit.record(session, who, "role.unassigned", row, user_id=user.id, role=row.role)
        await session.delete(row)


def _organizations(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case list() | dict():
            return [one for one in value if isinstance(one, str)]
        case _:
            return []


def _at(claims: Mapping[str, Any], path: str) -> Any:
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _inner(settings: Settings, organization: str, outer: str) -> str:
    """Return our name of a user, from the provider's; "" if that is not of this organization."""
    before, _, after = settings.oidc_username.format(organization=organization, username="\0").partition("\0")
    if not (outer.startswith(before) and outer.endswith(after)):
        return ""
    return outer[len(before) : len(outer) - len(after)]


def _taken() -> SignIn:
    detail = "Another account of your organization has your user name; an administrator must rename one of them."
    return sign_in(detail, "name_taken", reason="user name taken")
