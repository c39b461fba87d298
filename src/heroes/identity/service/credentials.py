"""SSH key pairs that are made here and never leave; each is used by the random token that was shown once (CR-1, CR-2).

make     → the pair; answers with the token and the public half
find     → by token (whoever holds it may let the platform use the key) or by id (one's own)
fetch    → the private half, for one interaction of a worker; recorded
revoke   → the private half is gone at once
"""

import json
import secrets as random
from typing import Any

import asyncssh
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity.callers import digest
from heroes.identity.models import Credential
from heroes.identity.reach import held, visible
from heroes.identity.rules import Action, Caller
from heroes.kit import audit
from heroes.kit.db import heroes_now
from heroes.kit.errors import Conflict, NotFound, Refused
from heroes.kit.ids import new_id
from heroes.kit.secrets import Secret, SecretStore

TOKEN = "heroes_key_"
MOST = 100  # live ones of one user
_GONE = "There is no such key, or it was revoked. Make one with: heroes ssh-key create"


async def make(
    session: AsyncSession, who: Caller, secrets: SecretStore, *, title: str = "", labels: dict[str, Any] | None = None
) -> tuple[Credential, str]:
    """Make an Ed25519 key pair and return its row and its token, which is kept nowhere. Raises Conflict for too many.

    The private half goes from memory into the secret store.
    """
    live = select(Credential.id).where(Credential.user_id == who.user_id, Credential.revoked_at.is_(None))
    if len((await session.scalars(live.limit(MOST))).all()) >= MOST:
        raise Conflict(f"You have {MOST} keys already; revoke those that are not used.", code="keys_full")
    row_id = new_id("crd")
    pair = asyncssh.generate_private_key("ssh-ed25519", comment=row_id)
    value = json.dumps({"private_key": pair.export_private_key().decode()}).encode()
    token = TOKEN + random.token_urlsafe(32)
    row = Credential(
        id=row_id,
        organization_id=who.organization_id,
        user_id=who.user_id,
        title=title,
        labels=labels or {},
        hash=digest(token),
        public_key=pair.export_public_key().decode().strip(),
        fingerprint=pair.get_fingerprint(),
        secret_id=await secrets.put(session, who.organization_id, value),
    )
    session.add(row)
    await session.flush()
    audit.record(session, who, "credential.created", row, fingerprint=row.fingerprint)
    await session.refresh(row)
    return row, token


def credentials_of(who: Caller, *, everyone: bool = False) -> Select[Credential]:
    """Return the query of the caller's live keys, or of all in the organization. Raises Denied."""
    query = visible(Credential, who).where(Credential.revoked_at.is_(None))
    if not everyone:
        return query.where(Credential.user_id == who.user_id)
    who.must(Action.TOKEN_MANAGE)
    return query


async def find(session: AsyncSession, who: Caller, name: str) -> Credential:
    """Return a live key by its token, or by the id of one's own. Raises NotFound, also for another organization's."""
    own = and_(Credential.id == name, Credential.user_id == who.user_id)
    query = visible(Credential, who).where(Credential.revoked_at.is_(None))
    row = await session.scalar(query.where(or_(Credential.hash == digest(name), own)))
    if row is None:
        raise NotFound(_GONE, code="credential_not_found")
    return row


async def _managed(session: AsyncSession, who: Caller, credential_id: str) -> Credential:
    row = await held(session, who, Credential, credential_id)
    if row is None:
        raise NotFound(_GONE, code="credential_not_found")
    return row


async def retitle(session: AsyncSession, who: Caller, credential_id: str, title: str) -> Credential:
    """Give a key another title. Raises NotFound, also for another's key without the right token.manage."""
    row = await _managed(session, who, credential_id)
    row.title = title
    audit.record(session, who, "credential.changed", row, user_id=row.user_id)
    await session.flush()
    await session.refresh(row)
    return row


async def revoke(session: AsyncSession, who: Caller, secrets: SecretStore, credential_id: str) -> None:
    """End a key at once: its private half is deleted, connections that rest on it are closed within seconds.

    Raises NotFound, also for another's key without the right token.manage.
    """
    row = await _managed(session, who, credential_id)
    await _forget(session, secrets, row)
    audit.record(session, who, "credential.revoked", row, user_id=row.user_id)


async def revoke_all(session: AsyncSession, secrets: SecretStore, user_id: str) -> None:
    """End every key of a user who leaves."""
    live = select(Credential).where(Credential.user_id == user_id, Credential.secret_id.is_not(None))
    for row in (await session.scalars(live)).all():
        await _forget(session, secrets, row)


async def fetch(session: AsyncSession, secrets: SecretStore, credential_id: str, **used_for: Any) -> Secret:
    """Return the private half for one interaction: `{"private_key": …}`; who used which key for what is recorded.

    Raises Refused when it was revoked, Unavailable when the secret store does not open it.
    """
    row = await session.get(Credential, credential_id)
    if row is None or row.secret_id is None or row.revoked_at is not None:
        text = "The key of this account was revoked. Give the account another one."
        raise Refused(text, code="key_revoked", credential=credential_id)
    secret = await secrets.get(session, row.organization_id, row.secret_id)
    row.used_at = heroes_now()
    audit.record(session, Caller.system(row.organization_id), "credential.used", row, user_id=row.user_id, **used_for)
    return secret


def ended(column: Any) -> ColumnElement[bool]:
    """Return the condition that the key which a column names was revoked."""
    return exists().where(Credential.id == column, Credential.revoked_at.is_not(None))


async def _forget(session: AsyncSession, secrets: SecretStore, row: Credential) -> None:
    if row.secret_id is not None:
        await secrets.delete(session, row.organization_id, row.secret_id)
    row.secret_id, row.revoked_at = None, heroes_now()
