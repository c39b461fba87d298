"""Service clients: programs that ask for tokens by OAuth 2, scoped to actions and projects, revocable (ID-9)."""

import secrets as random
from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity.callers import digest
from heroes.identity.models import Client, Session
from heroes.identity.reach import visible
from heroes.identity.rules import Action, Caller, beyond, in_words
from heroes.identity.service.people import find_user, must_outrank
from heroes.identity.service.roles import find_project
from heroes.kit import audit
from heroes.kit.db import LOCK, heroes_now
from heroes.kit.errors import Denied, Invalid, NotFound
from heroes.kit.faults import fault
from heroes.kit.ids import new_id

SECRET = "heroes_secret_"


async def create_client(
    session: AsyncSession,
    who: Caller,
    *,
    name: str,
    user: str | None,
    redirect_uris: Sequence[str],
    public: bool,
    actions: Sequence[Action] | None,
    projects: Sequence[str] | None,
) -> tuple[Client, str | None]:
    """Register a program and return its row and its secret (None for a public one), which is kept nowhere.

    Raises Denied (it may not more than its author), NotFound for an unknown user or project, Invalid.
    """
    who.must(Action.TOKEN_MANAGE)
    _check(redirect_uris, user=user, public=public)
    if actions is not None and (excess := beyond(actions, who.rights, platform=who.platform)):
        raise Denied(f"You may not hand out the right to {in_words(excess)}.", code="role_beyond_yours")
    account = await find_user(session, who, user) if user else None
    if account is not None:
        if not account.service:
            raise Denied("A program acts as a service account; make one first.", code="not_a_program")
        await must_outrank(session, who, account)
    scope = None if projects is None else [(await find_project(session, who, one)).id for one in projects]
    secret = None if public else SECRET + random.token_urlsafe(32)
    row = Client(
        id=new_id("cli"),
        organization_id=who.organization_id,
        name=name,
        user_id=account.id if account else None,
        hash=digest(secret) if secret else None,
        redirect_uris=list(redirect_uris),
        actions=None if actions is None else sorted(actions),
        projects=scope,
    )
    session.add(row)
    await session.flush()
    audit.record(session, who, "client.created", row, user_id=row.user_id, actions=row.actions, projects=scope)
    await session.refresh(row)
    return row, secret


def clients_of(who: Caller) -> Select[Client]:
    """Return the query of the organization's programs. Raises Denied."""
    who.must(Action.TOKEN_MANAGE)
    return visible(Client, who).where(Client.revoked_at.is_(None))


async def _found(session: AsyncSession, who: Caller, client_id: str) -> Client:
    row = await session.scalar(clients_of(who).where(Client.id == client_id).with_for_update(**LOCK))
    if row is None:
        raise NotFound("There is no such program in your organization.", code="client_not_found")
    return row


async def change_client(
    session: AsyncSession,
    who: Caller,
    client_id: str,
    *,
    name: str | None = None,
    redirect_uris: Sequence[str] | None = None,
) -> Client:
    """Change what a program is called and where people go back to. Raises Denied, NotFound, Invalid."""
    row = await _found(session, who, client_id)
    if redirect_uris is not None:
        _check(redirect_uris, user=row.user_id, public=row.hash is None)
        row.redirect_uris = list(redirect_uris)
    row.name = name or row.name
    audit.record(session, who, "client.changed", row, redirect_uris=row.redirect_uris)
    await session.flush()
    await session.refresh(row)
    return row


async def revoke_client(session: AsyncSession, who: Caller, client_id: str) -> None:
    """End a program and its sessions at once. Raises Denied, NotFound."""
    row = await _found(session, who, client_id)
    row.revoked_at = heroes_now()
    live = select(Session.id).where(Session.client_id == row.id, Session.ended_at.is_(None))
    ending = update(Session).where(Session.id.in_(live))
    await session.execute(ending.values(ended_at=heroes_now(), ended_why="client revoked"))
    audit.record(session, who, "client.revoked", row)


def _check(redirect_uris: Sequence[str], *, user: str | None, public: bool) -> None:
    faults = []
    for place, address in enumerate(redirect_uris):
        try:
            parts = urlsplit(address)
            safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1"})
        except ValueError:
            parts, safe = urlsplit(""), False
        if not safe or not parts.hostname or parts.fragment or parts.username is not None or "*" in address:
            message = "an https address without # and *, or http on 127.0.0.1"
            faults.append(fault(f"/redirect_uris/{place}", message, "no_redirect"))
    if not redirect_uris and user is None:
        message = "name a service account, or addresses to redirect people to"
        faults.append(fault("/user", message, "account_or_redirects"))
    if public and user is not None:
        faults.append(fault("/public", "a program that acts by itself needs a secret", "needs_secret"))
    if faults:
        raise Invalid("; ".join(one["message"] for one in faults), faults, case="see_fields")
