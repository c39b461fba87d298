"""Users: create, change, let go."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity import passwords
from heroes.identity.models import RoleAssignment, Token, User
from heroes.identity.reach import visible
from heroes.identity.rules import Action, Caller
from heroes.identity.service.roles import assign, keep_an_administrator, require_assignable
from heroes.identity.service.sessions import end_sessions
from heroes.kit import audit, lifecycle
from heroes.kit.db import LOCK, heroes_now
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound
from heroes.kit.faults import fault
from heroes.kit.ids import new_id
from heroes.kit.work import wake

ONE_TIME = timedelta(days=14)  # a one-time password that nobody uses stops working


async def create_user(
    session: AsyncSession,
    who: Caller,
    *,
    username: str,
    email: str = "",
    first_name: str = "",
    last_name: str = "",
    attributes: dict[str, Any] | None = None,
    roles: Sequence[tuple[str, str | None]] = (),
    service: bool = False,
    password: str | None = None,
    password_hash: str | None = None,
) -> tuple[User, str | None]:
    """Add a user to the caller's organization, with roles (role, project id or None) and all that a new user needs.

    Return the user and the one-time password, which is kept nowhere; given a `password`, that one holds for good.
    Raises Denied, Conflict for a name already taken.
    """
    who.must(Action.USER_MANAGE)
    one_time = None if service or password or password_hash else passwords.one_time()
    secret = password or one_time
    user = User(
        id=new_id("usr"),
        organization_id=who.organization_id,
        username=username,
        email=email,
        first_name=first_name,
        last_name=last_name,
        attributes=attributes or {},
        service=service,
        password_hash=password_hash or (await passwords.hashed(secret) if secret else None),
        password_one_time=password is None,
        password_expires_at=None if password or service else heroes_now() + ONE_TIME,
    )
    try:
        async with session.begin_nested():
            session.add(user)
            await session.flush()
    except IntegrityError:
        raise Conflict(f"There is already a user {username!r} in your organization.", code="user_exists") from None
    for role, project_id in roles:
        await assign(session, who, user, role, project_id)
    await lifecycle.provision(session, "user", user.organization_id, user.id)
    audit.record(session, who, "user.created", user, service=service)
    await session.refresh(user)
    return user, one_time


async def find_user(session: AsyncSession, who: Caller, name: str, *, lock: bool = False) -> User:
    """Return a user of the caller's organization by id or user name. Raises NotFound."""
    query = visible(User, who).where(or_(User.id == name, User.username == name), User.leaving.is_(False))
    user = await session.scalar(query.with_for_update(**LOCK) if lock else query)
    if user is None:
        raise NotFound("There is no such user in your organization.", code="user_not_found")
    return user


async def change_user(
    session: AsyncSession,
    who: Caller,
    name: str,
    *,
    email: str | None = None,
    first_name: str | None = None,
    last_name: str | None = None,
    enabled: bool | None = None,
    attributes: dict[str, Any] | None = None,
    reset_password: bool = False,
) -> tuple[User, str | None]:
    """Change a user; disabling and a new one-time password end the sessions. Raises NotFound, Denied, Conflict."""
    who.must(Action.USER_MANAGE)
    user = await find_user(session, who, name, lock=True)
    await must_outrank(session, who, user)
    changes = {"email": email, "first_name": first_name, "last_name": last_name, "attributes": attributes}
    changed = {key: value for key, value in changes.items() if value is not None}
    for key, value in changed.items():
        setattr(user, key, value)
    one_time = None
    if enabled is False and user.enabled:
        await keep_an_administrator(session, who, user)
        await end_sessions(session, user.id, "user disabled")
    if enabled is not None:
        user.enabled = enabled
    if reset_password:
        one_time = await _reset(session, user)
    facts = {"fields": sorted(changed), "enabled": enabled, "reset_password": reset_password}
    audit.record(session, who, "user.changed", user, **facts)
    await session.flush()
    await session.refresh(user)
    return user, one_time


async def delete_user(session: AsyncSession, who: Caller, name: str, *, heir: str | None = None) -> User:
    """Let a user go: sessions and tokens end now; data is deleted, or handed over to `heir`, as durable work.

    Raises NotFound, Denied, Invalid for an heir who cannot be, Conflict for the last administrator.
    """
    who.must(Action.USER_MANAGE)
    user = await find_user(session, who, name, lock=True)
    await must_outrank(session, who, user)
    await keep_an_administrator(session, who, user)
    if heir is not None:
        taker = await find_user(session, who, heir)
        if taker.id == user.id:
            problem = fault("/heir", "the same user", "same_user")
            raise Invalid("Name another user to take over the data.", [problem], case="see_fields")
        user.heir_id = taker.id
    user.enabled, user.leaving = False, True
    await end_sessions(session, user.id, "user deleted")
    for token in (await session.scalars(select(Token).where(Token.user_id == user.id))).all():
        token.revoked_at = heroes_now()
    wake(user)
    audit.record(session, who, "user.deleted", user, heir_id=user.heir_id)
    await session.flush()
    await session.refresh(user)
    return user


async def left_by_user(session: AsyncSession, who: Caller, name: str) -> dict[str, int]:
    """Return what a user would leave behind. Raises NotFound, Denied."""
    who.must(Action.USER_MANAGE)
    user = await find_user(session, who, name)
    return await lifecycle.left(session, "user", who.organization_id, user.id)


async def heir_of(session: AsyncSession, user_id: str) -> str | None:
    """Return who takes over the data of a leaving user; None: it is deleted. For the purge of other slices."""
    return await session.scalar(select(User.heir_id).where(User.id == user_id))


async def must_outrank(session: AsyncSession, who: Caller, user: User) -> None:
    """Nobody takes over an account that may more than they could hand out. Raises Denied."""
    if user.id == who.user_id:
        return
    rows = await session.execute(
        select(RoleAssignment.role, RoleAssignment.project_id).where(RoleAssignment.user_id == user.id)
    )
    for role, project_id in rows:
        try:
            await require_assignable(session, who, role, project_id)
        except (Denied, Invalid):
            raise Denied("This user holds rights beyond yours.", code="outranked", role=role) from None


async def replace_password(session: AsyncSession, organization_id: str, name: str, *, new: str | None) -> str | None:
    """Replace a password for whoever operates the platform's machine, by `new` (for good) or a one-time one.

    Return the one-time password, which is kept nowhere. Raises NotFound, Conflict for a program, Invalid for a `new`
    that is too weak.
    """
    operator = Caller.system(organization_id)
    user = await find_user(session, operator, name, lock=True)
    if new is not None:
        passwords.check(new, username=user.username)
    one_time = await _reset(session, user, new)
    audit.record(session, operator, "user.password_replaced", user, one_time=one_time is not None)
    return one_time


async def _reset(session: AsyncSession, user: User, new: str | None = None) -> str | None:
    if user.service:
        raise Conflict("A program has no password; give it a token.", code="service_account")
    secret = new or passwords.one_time()
    user.password_hash = await passwords.hashed(secret)
    user.password_one_time = new is None
    user.password_expires_at = heroes_now() + ONE_TIME if new is None else None
    await end_sessions(session, user.id, "password reset")
    return secret if new is None else None


async def preferences(session: AsyncSession, who: Caller) -> dict[str, Any]:
    """Return how the caller likes the pages to be."""
    return await session.scalar(select(User.preferences).where(User.id == who.user_id)) or {}


async def prefer(session: AsyncSession, who: Caller, changed: dict[str, Any]) -> dict[str, Any]:
    """Keep these preferences of the caller beside the others, and return them all."""
    told = update(User).where(User.id == who.user_id).values(preferences=User.preferences.concat(changed))
    return await session.scalar(told.returning(User.preferences)) or {}
