"""Users, projects (also called groups), roles and assignments of one's own organization."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from heroes.identity.door import Tx, Who, source_of
from heroes.identity.models import Project, Role, RoleAssignment, User
from heroes.identity.rules import ROLES
from heroes.identity.schemas import (
    AssignmentIn,
    AssignmentOut,
    LeftOut,
    NewUserOut,
    OrganizationSettings,
    OrganizationSettingsOut,
    ProjectChange,
    ProjectIn,
    ProjectOut,
    RoleChange,
    RoleIn,
    RoleOut,
    UserChange,
    UserIn,
    UserOut,
)
from heroes.identity.service import listing, organizations, people, roles
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound, SignIn
from heroes.kit.faults import fault
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

router = APIRouter(prefix="/organization/admin", tags=["administration"])

LOOK = problems(SignIn, Denied, NotFound)
CHANGE = problems(SignIn, Denied, NotFound, Conflict, Invalid)


@router.post("/users", status_code=201, responses=CHANGE)
async def create_user(body: UserIn, who: Who, session: Tx, once: OnceOnly) -> NewUserOut:
    """Add a user; the answer shows the one-time password, once."""

    async def make() -> NewUserOut:
        held = [
            (one.role, (await roles.find_project(session, who, one.project)).id if one.project else None)
            for one in body.roles
        ]
        user, one_time = await people.create_user(
            session,
            who,
            username=body.username,
            email=body.email or "",
            first_name=body.firstName,
            last_name=body.lastName,
            attributes=body.attributes,
            roles=held,
            service=body.service,
        )
        return NewUserOut.of(user, one_time_password=one_time)

    answer: NewUserOut = await once(session, who, body, make, shown_once=["one_time_password"])
    return answer


@router.get("/users", responses=LOOK)
async def list_users(
    who: Who, session: Tx, page: Paged, search: Annotated[str | None, Query(max_length=100)] = None
) -> list[UserOut]:
    """List the users, by user name; `search` is the beginning of the name."""
    return await page.of(session, listing.users(who, search), [User.username], UserOut.of)


@router.get("/users/{user}", responses=LOOK)
async def show_user(user: str, who: Who, session: Tx) -> UserOut:
    """Show one user, by id or user name."""
    listing.users(who, None)
    return UserOut.of(await people.find_user(session, who, user))


@router.patch("/users/{user}", responses=CHANGE)
async def change_user(user: str, body: UserChange, who: Who, session: Tx) -> NewUserOut:
    """Change, disable or enable a user, or give a new one-time password."""
    changed, one_time = await people.change_user(
        session,
        who,
        user,
        email=body.email,
        first_name=body.firstName,
        last_name=body.lastName,
        enabled=body.enabled,
        attributes=body.attributes,
        reset_password=body.reset_password,
    )
    return NewUserOut.of(changed, one_time_password=one_time)


@router.delete("/users/{user}", status_code=202, responses=CHANGE)
async def delete_user(
    user: str,
    who: Who,
    session: Tx,
    data: Annotated[Literal["delete", "hand_over"], Query(description="what becomes of the data")] = "delete",
    heir: Annotated[str | None, Query(description="who takes the data over: id or user name")] = None,
) -> UserOut:
    """Let a user go: sessions and tokens end now, data is deleted or handed over soon after."""
    if (data == "hand_over") != (heir is not None):
        reason = "Handing over needs an heir, and an heir needs data=hand_over."
        raise Invalid(reason, [fault("/heir", reason, "heir_or_delete")], case="see_fields")
    return UserOut.of(await people.delete_user(session, who, user, heir=heir))


@router.get("/users/{user}/leaves", responses=LOOK)
async def show_left_by_user(user: str, who: Who, session: Tx) -> LeftOut:
    """Count what a user would leave behind: files, executions that run, tokens, keys."""
    return LeftOut(**await people.left_by_user(session, who, user))


@router.post("/projects", status_code=201, responses=CHANGE)
@router.post("/groups", status_code=201, responses=CHANGE, operation_id="create_group")
async def create_project(body: ProjectIn, who: Who, session: Tx, once: OnceOnly) -> ProjectOut:
    """Add a project (a group of users)."""

    async def make() -> ProjectOut:
        return ProjectOut.of(await roles.create_project(session, who, name=body.name, title=body.title))

    answer: ProjectOut = await once(session, who, body, make)
    return answer


@router.get("/projects", responses=LOOK)
@router.get("/groups", responses=LOOK, operation_id="list_groups")
async def list_projects(who: Who, session: Tx, page: Paged, closed: bool = False) -> list[ProjectOut]:
    """List the projects: all, or those that the caller administers; or those `closed` that can be reopened."""
    return await page.of(session, listing.projects(who, closed=closed), [Project.name], ProjectOut.of)


@router.patch("/projects/{project}", responses=CHANGE)
@router.patch("/groups/{project}", responses=CHANGE, operation_id="change_group")
async def change_project(project: str, body: ProjectChange, who: Who, session: Tx) -> ProjectOut:
    """Change a project."""
    return ProjectOut.of(await roles.change_project(session, who, project, title=body.title))


@router.delete("/projects/{project}", status_code=202, responses=CHANGE)
@router.delete("/groups/{project}", status_code=202, responses=CHANGE, operation_id="delete_group")
async def delete_project(project: str, who: Who, session: Tx) -> ProjectOut:
    """Close a project: nobody works in it from now on. After a day its runs are cancelled and its data is removed."""
    return ProjectOut.of(await roles.delete_project(session, who, project))


@router.post("/projects/{project}/reopen", responses=CHANGE)
@router.post("/groups/{project}/reopen", responses=CHANGE, operation_id="reopen_group")
async def reopen_project(project: str, who: Who, session: Tx) -> ProjectOut:
    """Open a closed project again as it was, as long as its data is there."""
    return ProjectOut.of(await roles.reopen_project(session, who, project))


@router.get("/projects/{project}/leaves", responses=LOOK)
@router.get("/groups/{project}/leaves", responses=LOOK, operation_id="show_left_by_group")
async def show_left_by_project(project: str, who: Who, session: Tx) -> LeftOut:
    """Count what a project would leave behind: files, and executions that run."""
    return LeftOut(**await roles.left_by_project(session, who, project))


@router.get("/roles", responses=LOOK)
async def list_roles(who: Who, session: Tx, page: Paged) -> list[RoleOut]:
    """List the organization's own roles by name; the first page begins with the default ones."""
    own = await page.of(session, listing.own_roles(who), [Role.name], RoleOut.of)
    return own if page.after else [*(RoleOut.default_of(name) for name in ROLES), *own]


@router.post("/roles", status_code=201, responses=CHANGE)
async def create_role(body: RoleIn, who: Who, session: Tx, once: OnceOnly) -> RoleOut:
    """Add a role made of actions, never more than its author may hand out."""

    async def make() -> RoleOut:
        role = await roles.create_role(session, who, name=body.name, title=body.title, actions=body.actions)
        return RoleOut.of(role)

    answer: RoleOut = await once(session, who, body, make)
    return answer


@router.patch("/roles/{name}", responses=CHANGE)
async def change_role(name: str, body: RoleChange, who: Who, session: Tx) -> RoleOut:
    """Change a role of the organization's own."""
    return RoleOut.of(await roles.change_role(session, who, name, title=body.title, actions=body.actions))


@router.delete("/roles/{name}", status_code=204, responses=CHANGE)
async def delete_role(name: str, who: Who, session: Tx) -> None:
    """Remove a role of the organization's own, also from those who hold it."""
    await roles.delete_role(session, who, name)


@router.post("/roles/{name}/restore", responses=CHANGE)
async def restore_role(name: str, who: Who, session: Tx) -> RoleOut:
    """Bring a removed role back as it was, to those of its holders who are still here."""
    return RoleOut.of(await roles.restore_role(session, who, name))


@router.get("/assignments", responses=LOOK)
async def list_assignments(
    who: Who, session: Tx, page: Paged, user: str | None = None, project: str | None = None
) -> list[AssignmentOut]:
    """List who holds which role where."""
    query = listing.assignments(who)
    if user:
        query = query.where(RoleAssignment.user_id == (await people.find_user(session, who, user)).id)
    if project:
        query = query.where(RoleAssignment.project_id == (await roles.find_project(session, who, project)).id)
    return await page.of(session, query, [RoleAssignment.id], AssignmentOut.of)


@router.post("/assignments", status_code=201, responses=CHANGE)
async def assign(body: AssignmentIn, who: Who, session: Tx, once: OnceOnly) -> AssignmentOut:
    """Give a user a role, in the organization or in one project."""
    listing.require_role_right(who)

    async def make() -> AssignmentOut:
        user = await people.find_user(session, who, body.user)
        project = await roles.find_project(session, who, body.project) if body.project else None
        return AssignmentOut.of(await roles.assign(session, who, user, body.role, project.id if project else None))

    answer: AssignmentOut = await once(session, who, body, make)
    return answer


@router.delete("/assignments/{assignment_id}", status_code=204, responses=CHANGE)
async def unassign(assignment_id: str, who: Who, session: Tx) -> None:
    """Take a role from a user."""
    await roles.unassign(session, who, assignment_id)


@router.get("/organization", responses=LOOK)
async def show_organization(who: Who, session: Tx) -> OrganizationSettingsOut:
    """Show the settings of one's own organization."""
    row = await organizations.own_organization(session, who)
    return OrganizationSettingsOut.of(row, allowed_sources=row.allowed_sources)


@router.patch("/organization", responses=CHANGE)
async def change_organization(
    body: OrganizationSettings, request: Request, who: Who, session: Tx
) -> OrganizationSettingsOut:
    """Change one's own organization: its title, and the networks its users may come from."""
    row = await organizations.change_organization(
        session, who, title=body.title, allowed_sources=body.allowed_sources, source=source_of(request)
    )
    return OrganizationSettingsOut.of(row, allowed_sources=row.allowed_sources)
