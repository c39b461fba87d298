"""Personal access tokens: for programs, scoped, revocable, kept as hashes."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity.callers import PAT, digest
from heroes.identity.models import Token, User
from heroes.identity.reach import held, visible
from heroes.identity.rules import Action, Caller
from heroes.identity.service.people import find_user, must_outrank
from heroes.identity.service.roles import find_project
from heroes.kit import audit
from heroes.kit.db import heroes_now
from heroes.kit.errors import Denied, NotFound
from heroes.kit.ids import new_id


async def create_token(
    session: AsyncSession,
    who: Caller,
    *,
    name: str,
    actions: Sequence[Action] | None,
    projects: Sequence[str] | None,
    expires_in_days: int | None,
    user: str | None = None,
) -> tuple[Token, str]:
    """Return a new token's row and the token itself, which is kept nowhere. A scope never adds a right.

    Raises Denied (a token makes no tokens; `user` needs token.manage), NotFound for an unknown user or project.
    """
    if who.token_id:
        raise Denied("A token makes no tokens; log in with your password.", code="session_needed")
    owner_id = (await _owner(session, who, user)).id if user else who.user_id
    scope = None if projects is None else [(await find_project(session, who, one)).id for one in projects]
    secret = PAT + secrets.token_urlsafe(32)
    row = Token(
        id=new_id("tok"),
        organization_id=who.organization_id,
        user_id=owner_id,
        name=name,
        hash=digest(secret),
        actions=None if actions is None else sorted(actions),
        projects=scope,
        expires_at=heroes_now() + timedelta(days=expires_in_days) if expires_in_days else None,
    )
    session.add(row)
    await session.flush()
    audit.record(session, who, "token.created", row, user_id=owner_id, actions=row.actions, projects=scope)
    await session.refresh(row)
    return row, secret


def tokens_of(who: Caller, *, everyone: bool) -> Select[Token]:
    """Return the query of the caller's live tokens, or of all in the organization. Raises Denied."""
    query = visible(Token, who).where(Token.revoked_at.is_(None))
    if not everyone:
        return query.where(Token.user_id == who.user_id)
    who.must(Action.TOKEN_MANAGE)
    return query


async def _found(session: AsyncSession, who: Caller, token_id: str) -> Token:
    row = await held(session, who, Token, token_id)
    if row is None:
        raise NotFound("You have no such token.", code="token_not_found")
    return row


async def rename_token(session: AsyncSession, who: Caller, token_id: str, name: str) -> Token:
    """Give a token another name. Raises NotFound, also for another's token without the right token.manage."""
    row = await _found(session, who, token_id)
    row.name = name
    audit.record(session, who, "token.changed", row, user_id=row.user_id)
    await session.flush()
    await session.refresh(row)
    return row


async def revoke_token(session: AsyncSession, who: Caller, token_id: str) -> None:
    """End a token at once. Raises NotFound, also for another's token without the right token.manage."""
    row = await _found(session, who, token_id)
    row.revoked_at = heroes_now()
    audit.record(session, who, "token.revoked", row, user_id=row.user_id)


async def _owner(session: AsyncSession, who: Caller, name: str) -> User:
    who.must(Action.TOKEN_MANAGE)
    owner = await find_user(session, who, name)
    if not owner.service and owner.id != who.user_id:
        raise Denied("People make their own tokens; only programs are given them.", code="not_a_program")
    await must_outrank(session, who, owner)
    return owner
