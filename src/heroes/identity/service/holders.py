"""Who holds a right, for those who have to tell them something."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity.models import Project, Role, RoleAssignment, User
from heroes.identity.rules import Action, roles_with

MOST = 50
LANGUAGE = "language"


async def holders(
    session: AsyncSession, organization_id: str, action: Action, project_id: str | None = None
) -> list[str]:
    """Return the ids of the people who may do this in the whole organization or in that project, at most MOST."""
    own = select(Role.name).where(Role.organization_id == organization_id, Role.actions.contains([action.value]))
    where: list[ColumnElement[bool]] = [RoleAssignment.project_id.is_(None)]
    if project_id is not None:
        where.append(RoleAssignment.project_id == project_id)
    found = (
        select(User.id)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(
            User.organization_id == organization_id,
            User.deleted_at.is_(None),
            User.enabled,
            User.service.is_(False),
            or_(RoleAssignment.role.in_(roles_with(action)), RoleAssignment.role.in_(own)),
            or_(*where),
        )
    )
    return list(await session.scalars(found.distinct().order_by(User.id).limit(MOST)))


async def address_of(session: AsyncSession, user_id: str) -> str | None:
    """Return the e-mail address of a user who can be written to; None: there is none, or the user has left."""
    live = User.id == user_id, User.deleted_at.is_(None), User.enabled
    return await session.scalar(select(User.email).where(*live)) or None


async def called(session: AsyncSession, project_id: str | None, user_id: str | None) -> str | None:
    """Return the name of a project or else of a user, also of one that is gone."""
    if project_id:
        return await session.scalar(select(Project.name).where(Project.id == project_id))
    return await session.scalar(select(User.username).where(User.id == user_id)) if user_id else None


async def is_here(session: AsyncSession, user_id: str) -> bool:
    """Say whether a user has not left and may sign in."""
    live = User.id == user_id, User.deleted_at.is_(None), User.enabled
    return await session.scalar(select(User.id).where(*live)) is not None


async def language_of(session: AsyncSession, user_id: str) -> str | None:
    """Return the language in which a user wants to be written to; None: they did not say."""
    return await session.scalar(select(User.attributes[LANGUAGE].astext).where(User.id == user_id))


async def speak(session: AsyncSession, user_id: str, language: str) -> None:
    """Keep the language in which a user wants to be written to; with the other attributes of their profile."""
    user = await session.get_one(User, user_id)
    user.attributes = {**user.attributes, LANGUAGE: language}
