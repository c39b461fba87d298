"""Roles, projects and who holds what."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.identity.models import Organization, Project, Role, RoleAssignment, User
from heroes.identity.reach import visible
from heroes.identity.rules import (
    ADMINISTRATORS,
    PROJECT_ROLES,
    ROLES,
    Action,
    Caller,
    assignable,
    beyond,
    in_words,
)
from heroes.kit import audit, lifecycle
from heroes.kit.audit import AuditEvent
from heroes.kit.db import LOCK
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound
from heroes.kit.faults import fault
from heroes.kit.ids import new_id
from heroes.kit.work import wake

REOPENABLE = timedelta(days=1)
"""from the closing of a project until its runs are cancelled and its data is removed"""


async def create_role(session: AsyncSession, who: Caller, *, name: str, title: str, actions: Iterable[Action]) -> Role:
    """Add a role of one's own. Raises Denied for actions beyond the author's, Conflict for a taken name."""
    who.must(Action.ROLE_MANAGE)
    wanted = frozenset(actions)
    _within(who, wanted)
    role = Role(id=new_id("rol"), organization_id=who.organization_id, name=name, title=title, actions=sorted(wanted))
    if name in ROLES:
        raise Conflict(f"{name!r} is a default role; choose another name.", code="role_exists")
    try:
        async with session.begin_nested():
            session.add(role)
            await session.flush()
    except IntegrityError:
        raise Conflict(f"There is already a role {name!r}.", code="role_exists") from None
    audit.record(session, who, "role.created", role, name=role.name, actions=role.actions)
    return role


async def find_role(session: AsyncSession, who: Caller, name: str) -> Role:
    """Return a role of the organization's own. Raises NotFound; Conflict for a default one, which nobody changes."""
    if name in ROLES:
        raise Conflict(f"{name!r} is a default role and stays as it is; make one of your own.", code="default_role")
    role = await session.scalar(visible(Role, who).where(Role.name == name).with_for_update(**LOCK))
    if role is None:
        raise NotFound("There is no such role in your organization.", code="role_not_found")
    return role


async def change_role(
    session: AsyncSession, who: Caller, name: str, *, title: str | None, actions: Iterable[Action] | None
) -> Role:
    """Change a role of one's own; it counts from the next request on. Raises NotFound, Denied, Conflict."""
    who.must(Action.ROLE_MANAGE)
    role = await find_role(session, who, name)
    if title is not None:
        role.title = title
    if actions is not None:
        wanted = frozenset(actions)
        _within(who, wanted)
        role.actions = sorted(wanted)
    audit.record(session, who, "role.changed", role, name=role.name, actions=role.actions)
    return role


async def delete_role(session: AsyncSession, who: Caller, name: str) -> None:
    """Remove a role of the organization's own and take it from all who hold it. Raises NotFound, Denied, Conflict."""
    who.must(Action.ROLE_MANAGE)
    role = await find_role(session, who, name)
    mine = (RoleAssignment.organization_id == who.organization_id, RoleAssignment.role == name)
    taken = await session.execute(
        delete(RoleAssignment).where(*mine).returning(RoleAssignment.user_id, RoleAssignment.project_id)
    )
    holders = sorted(f"{user}@{project}" if project else user for user, project in taken)
    audit.record(session, who, "role.deleted", role, name=name, title=role.title, actions=role.actions, holders=holders)
    await session.delete(role)


async def restore_role(session: AsyncSession, who: Caller, name: str) -> Role:
    """Bring a removed role back as the record tells of it, with those of its holders who are still here.

    Raises NotFound, Denied, Conflict.
    """
    who.must(Action.ROLE_MANAGE)
    told = select(AuditEvent.facts).where(
        AuditEvent.organization_id == who.organization_id,
        AuditEvent.action == "role.deleted",
        AuditEvent.facts["name"].astext == name,
        AuditEvent.facts.has_key("actions"),
    )
    facts = await session.scalar(told.order_by(AuditEvent.id.desc()).limit(1))
    if facts is None:
        raise NotFound("No such role was removed from your organization.", code="role_not_removed")
    actions = [one for one in Action if one.value in facts["actions"]]
    role = await create_role(session, who, name=name, title=facts["title"], actions=actions)
    held = [tuple(one.split("@")) for one in facts["holders"]]
    here = visible(User, who).where(User.id.in_([one[0] for one in held]), User.leaving.is_(False))
    users = {user.id: user for user in await session.scalars(here)}
    gone = set(await session.scalars(visible(Project, who).where(Project.leaving).with_only_columns(Project.id)))
    for user_id, *project in held:
        if user_id in users and gone.isdisjoint(project):
            await assign(session, who, users[user_id], name, *project)
    return role


async def assign(
    session: AsyncSession, who: Caller, user: User, role: str, project_id: str | None = None
) -> RoleAssignment:
    """Give a user a role, in the organization or in one project; a second time changes nothing.

    Raises Denied if the caller may not hand it out, Invalid for a role that does not fit.
    """
    await require_assignable(session, who, role, project_id)
    held = await session.scalar(
        select(RoleAssignment).where(
            RoleAssignment.user_id == user.id,
            RoleAssignment.role == role,
            RoleAssignment.project_id.is_not_distinct_from(project_id),
        )
    )
    if held is not None:
        return held
    row = RoleAssignment(
        id=new_id("asg"), organization_id=who.organization_id, user_id=user.id, role=role, project_id=project_id
    )
    session.add(row)
    await session.flush()
    audit.record(session, who, "role.assigned", row, user_id=user.id, role=role, project_id=project_id)
    return row


async def require_assignable(session: AsyncSession, who: Caller, role: str, project_id: str | None) -> None:
    """Return if the caller may hand out (or take) this role there. Raises Denied, Invalid."""
    if who.is_system:
        return
    if not who.can(Action.ROLE_MANAGE, project_id):
        who.must(Action.ROLE_MANAGE)
    if role in assignable(who.rights, project_id, platform=who.platform):
        return
    if role in ROLES:
        if project_id and role not in PROJECT_ROLES:
            raise _misfit(
                f"The role {role} is held in the whole organization, not in one project.", "role_of_whole", role
            )
        raise Denied(f"You may not hand out the role {role}.", code="role_beyond_yours", role=role)
    own = await session.scalar(visible(Role, who).where(Role.name == role))
    if own is None:
        raise _misfit(f"There is no role {role!r} in your organization.", "no_role", role)
    _within(who, frozenset(action for action in Action if action.value in own.actions), project_id)


async def unassign(session: AsyncSession, who: Caller, assignment_id: str) -> None:
    """Take a role from a user. Raises NotFound, Denied, Conflict for the last administrator."""
    row = await session.scalar(visible(RoleAssignment, who).where(RoleAssignment.id == assignment_id))
    if row is None or not (who.can(Action.ROLE_MANAGE, row.project_id) or who.anywhere(Action.ROLE_MANAGE)):
        who.must(Action.ROLE_MANAGE)
        raise NotFound("There is no such assignment in your organization.", code="assignment_not_found")
    await require_assignable(session, who, row.role, row.project_id)
    if row.role in ADMINISTRATORS:
        await keep_an_administrator(session, who, await session.get_one(User, row.user_id))
    audit.record(session, who, "role.unassigned", row, user_id=row.user_id, role=row.role, project_id=row.project_id)
    await session.delete(row)


async def keep_an_administrator(session: AsyncSession, who: Caller, user: User) -> None:
    """Return if the organization keeps an administrator without this user's rights. Raises Conflict."""
    # The organization's row is the lock: two last administrators cannot let each other go at the same moment.
    await session.execute(select(Organization.id).where(Organization.id == who.organization_id).with_for_update(**LOCK))
    held = (
        select(RoleAssignment.user_id)
        .join(User, User.id == RoleAssignment.user_id)
        .where(
            RoleAssignment.organization_id == who.organization_id,
            RoleAssignment.project_id.is_(None),
            RoleAssignment.role.in_(ADMINISTRATORS),
            User.enabled.is_(True),
            User.leaving.is_(False),
            User.service.is_(False),
        )
    )
    holders = set((await session.scalars(held)).all())
    if holders == {user.id}:
        raise Conflict(
            "This is the organization's last administrator; make somebody else an administrator first.",
            code="last_administrator",
        )


async def create_project(session: AsyncSession, who: Caller, *, name: str, title: str = "") -> Project:
    """Add a project and all that it needs. Raises Denied, Conflict for a taken name."""
    who.must(Action.PROJECT_MANAGE)
    project = Project(id=new_id("prj"), organization_id=who.organization_id, name=name, title=title)
    try:
        async with session.begin_nested():
            session.add(project)
            await session.flush()
    except IntegrityError:
        await _must_be_open(session, who, name)
        raise Conflict(f"There is already a project {name!r}.", code="project_exists") from None
    await lifecycle.provision(session, "project", who.organization_id, project.id)
    audit.record(session, who, "project.created", project)
    await session.refresh(project)
    return project


async def find_project(session: AsyncSession, who: Caller, name: str, *, lock: bool = False) -> Project:
    """Return a project of the caller's organization by id or name. Raises NotFound."""
    query = visible(Project, who).where(or_(Project.id == name, Project.name == name), Project.leaving.is_(False))
    project = await session.scalar(query.with_for_update(**LOCK) if lock else query)
    if project is None:
        raise NotFound("There is no such project in your organization.", code="project_not_found")
    return project


async def change_project(session: AsyncSession, who: Caller, name: str, *, title: str) -> Project:
    """Change a project's title. Raises NotFound, Denied."""
    project = await _managed(session, who, name)
    project.title = title
    audit.record(session, who, "project.changed", project)
    await session.flush()
    return project


async def delete_project(session: AsyncSession, who: Caller, name: str) -> Project:
    """Close a project at once: nobody works in it. Its runs end and its data goes as durable work, after REOPENABLE.

    Raises NotFound, Denied.
    """
    who.must(Action.PROJECT_MANAGE)
    project = await _managed(session, who, name)
    project.leaving = True
    wake(project, REOPENABLE)
    audit.record(session, who, "project.deleted", project)
    await session.flush()
    await session.refresh(project)
    return project


async def reopen_project(session: AsyncSession, who: Caller, name: str) -> Project:
    """Open a closed project again, with those who worked in it, while its data is there. Raises NotFound, Denied."""
    who.must(Action.PROJECT_MANAGE)
    closed = _closed(who, name).with_for_update(**LOCK)
    project: Project | None = await session.scalar(closed)
    if project is None:
        raise NotFound("There is no such closed project, or its data is removed already.", code="project_not_closed")
    project.leaving, project.due_at = False, None
    audit.record(session, who, "project.reopened", project)
    await session.flush()
    await session.refresh(project)
    return project


def _closed(who: Caller, name: str) -> Select[Any]:
    named = or_(Project.id == name, Project.name == name)
    return visible(Project, who).where(named, Project.leaving, Project.deleted_at.is_(None))


async def _must_be_open(session: AsyncSession, who: Caller, name: str) -> None:
    if await session.scalar(_closed(who, name)) is not None:
        reason = f"The project {name!r} is closed; reopen it, or take another name until its data is removed."
        raise Conflict(reason, code="project_closed")


async def left_by_project(session: AsyncSession, who: Caller, name: str) -> dict[str, int]:
    """Return what a project would leave behind. Raises NotFound, Denied."""
    who.must(Action.PROJECT_MANAGE)
    project = await _managed(session, who, name)
    return await lifecycle.left(session, "project", who.organization_id, project.id)


async def _managed(session: AsyncSession, who: Caller, name: str) -> Project:
    if not who.anywhere(Action.PROJECT_MANAGE):
        who.must(Action.PROJECT_MANAGE)
    project = await find_project(session, who, name, lock=True)
    if not who.can(Action.PROJECT_MANAGE, project.id):
        who.must(Action.PROJECT_MANAGE)
    return project


def _within(who: Caller, wanted: frozenset[Action], project_id: str | None = None) -> None:
    excess = beyond(wanted, who.rights, project_id, platform=who.platform)
    if excess:
        raise Denied(
            f"You may not hand out the right to {in_words(excess)}.", code="role_beyond_yours", actions=sorted(excess)
        )


def _misfit(detail: str, code: str, role: str) -> Invalid:
    return Invalid(detail, [fault("/role", detail, code, role=role)], case="see_fields")
