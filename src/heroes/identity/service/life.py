"""What identity itself makes and removes in the life of an organization, project or user."""

from typing import Any

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity.models import (
    Client,
    Credential,
    Grant,
    Project,
    RefreshToken,
    Role,
    RoleAssignment,
    Session,
    Token,
    User,
)
from heroes.kit.db import heroes_now
from heroes.kit.lifecycle import Kind, Lifecycle, register

_TABLES: tuple[Any, ...] = (
    Client,
    Credential,
    Grant,
    Token,
    RefreshToken,
    Session,
    RoleAssignment,
    Role,
    Project,
    User,
)


async def purge(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> None:
    """Remove rights, sessions and tokens; a user or project keeps an empty row, to which the books still point."""
    granted = delete(Grant).where(Grant.grantee_type == kind, Grant.grantee_id == subject_id)
    await session.execute(granted)
    match kind:
        case "organization":
            await session.execute(
                delete(Grant).where(
                    or_(Grant.grantee_organization_id == subject_id, Grant.organization_id == subject_id)
                )
            )
            for table in _TABLES:
                await session.execute(delete(table).where(table.organization_id == subject_id))
        case "project":
            await session.execute(delete(RoleAssignment).where(RoleAssignment.project_id == subject_id))
            erased = {"name": subject_id, "title": "", "deleted_at": heroes_now()}
            await session.execute(update(Project).where(Project.id == subject_id).values(**erased))
        case "user":
            for table in (Client, Token, Session, RoleAssignment):
                await session.execute(delete(table).where(table.user_id == subject_id))
            forgotten: dict[str, Any] = {"title": "", "labels": {}, "secret_id": None, "revoked_at": heroes_now()}
            mine = Credential.user_id == subject_id
            await session.execute(update(Credential).where(mine).values(**forgotten))
            await session.execute(update(User).where(User.id == subject_id).values(**_erased(subject_id)))


async def count(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    """Return how many rows of which table `purge` removes."""
    found: dict[str, int] = {}
    for table in _TABLES:
        if kind == "organization":
            mine = table.organization_id == subject_id
        elif kind == "user" and table in (Token, Session, RoleAssignment):
            mine = table.user_id == subject_id
        elif kind == "project" and table is RoleAssignment:
            mine = table.project_id == subject_id
        else:
            continue
        found[table.__tablename__] = await session.scalar(select(func.count()).select_from(table).where(mine)) or 0
    return found


async def left(session: AsyncSession, kind: Kind, organization_id: str, subject_id: str) -> dict[str, int]:
    """Count a user's live tokens, keys and programs."""
    if kind != "user":
        return {}
    tables = {"tokens": Token, "keys": Credential, "programs": Client}
    return {name: await session.scalar(_live(table, subject_id)) or 0 for name, table in tables.items()}


def _live(table: Any, user_id: str) -> Select[Any]:
    mine = (table.user_id == user_id, table.revoked_at.is_(None))
    return select(func.count()).select_from(table).where(*mine)


def _erased(user_id: str) -> dict[str, Any]:
    return {
        "username": user_id,
        "email": "",
        "email_verified": False,
        "first_name": "",
        "last_name": "",
        "enabled": False,
        "password_hash": None,
        "attributes": {},
        "preferences": {},
        "deleted_at": heroes_now(),
    }


register(
    Lifecycle(
        slice="identity",
        tables=frozenset(table.__tablename__ for table in _TABLES),
        purge=purge,
        count=count,
        left=left,
    )
)
