"""The queries behind the lists, each with the right it needs."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, column, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from heroes.identity.models import Organization, Project, Role, RoleAssignment, User
from heroes.identity.reach import visible
from heroes.identity.rules import Action, Caller


def users(who: Caller, search: str | None) -> Select[User]:
    """Return the organization's users, also to who administers one project and invites them. Raises Denied."""
    _anywhere(who, Action.USER_READ)
    query = visible(User, who).where(User.leaving.is_(False))
    return query.where(User.username.startswith(search, autoescape=True)) if search else query


async def usernames(session: AsyncSession, who: Caller, ids: Collection[str]) -> dict[str, str]:
    """Return the names of these users of the caller's organization; of others nothing."""
    asked = select(User.id, User.username).where(User.organization_id == who.organization_id, User.id.in_(ids))
    return {row.id: row.username for row in await session.execute(asked)}


def projects(who: Caller, *, closed: bool = False) -> Select[Project]:
    """Return the open projects, or those `closed` whose data is there: all, or those one administers. Raises Denied."""
    _anywhere(who, Action.USER_READ)
    query = visible(Project, who).where(Project.leaving.is_(closed), Project.deleted_at.is_(None))
    return query if who.can(Action.USER_READ) else query.where(Project.id.in_(who.projects_with(Action.USER_READ)))


def own_roles(who: Caller) -> Select[Role]:
    """Return the organization's own roles. Raises Denied."""
    _anywhere(who, Action.USER_READ)
    return visible(Role, who)


def assignments(who: Caller) -> Select[RoleAssignment]:
    """Return all assignments, or those in the projects that the caller administers. Raises Denied."""
    _anywhere(who, Action.USER_READ)
    closed = exists().where(Project.id == RoleAssignment.project_id, Project.leaving)
    query = visible(RoleAssignment, who).where(~closed)
    if who.can(Action.USER_READ):
        return query
    return query.where(RoleAssignment.project_id.in_(who.projects_with(Action.USER_READ)))


def organizations(who: Caller) -> tuple[Select[Any], Any]:
    """Return all organizations, and the column of their names. Raises Denied."""
    who.must(Action.PLATFORM_OPERATE)
    columns = [column(item.name, item.type) for item in Organization.__table__.columns]
    told = func.heroes_organizations().table_valued(*columns).alias("told")
    listed = aliased(Organization, told, adapt_on_names=True)
    return select(listed), listed.name


def require_role_right(who: Caller) -> None:
    """Return if the caller may hand out roles somewhere. Raises Denied."""
    _anywhere(who, Action.ROLE_MANAGE)


def _anywhere(who: Caller, action: Action) -> None:
    if not who.anywhere(action):
        who.must(action)
