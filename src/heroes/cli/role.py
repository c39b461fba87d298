"""Roles, and who holds them."""

from typing import TYPE_CHECKING, Annotated

import typer

from heroes.cli import session
from heroes.cli.failures import USAGE, Stop
from heroes.cli.output import Column, Item, Json, Listing, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import clean

if TYPE_CHECKING:
    from heroes.client import Heroes

app = noun("Roles, and who holds them.")

ROLES = "/organization/admin/roles"
ASSIGNMENTS = "/organization/admin/assignments"
Role = Annotated[str, typer.Argument(help="Name of the role.")]
User = Annotated[str, typer.Argument(help="User name or id.")]
Project = Annotated[str | None, typer.Option(help="In this project; none: in the whole organization.")]

_LIST = [
    Column("Role", "name"),
    Column("Title", "title"),
    Column("Default", "default"),
    Column("In projects", "in_projects"),
    Column("Actions", "actions"),
]
_HELD = [Column("User", "user"), Column("Role", "role"), Column("Project", "project"), Column("Id", "id")]


@app.command("list")
@shown
def list_() -> Listing:
    """List the roles with what each allows."""
    return Listing(session.connect().pages(ROLES), _LIST)


@app.command("create")
@shown
def create(
    role: Role,
    action: Annotated[list[str], typer.Option(help="An action it allows, such as workflow.run (repeat).")],
    title: Annotated[str, typer.Option(help="A line about it.")] = "",
) -> Item:
    """Add a role made of actions."""
    body = {"name": role, "title": title, "actions": action}
    return Item(session.connect().post(ROLES, body), _LIST)


@app.command("change")
@shown
def change(
    role: Role,
    action: Annotated[list[str] | None, typer.Option(help="All actions it allows from now on (repeat).")] = None,
    title: Annotated[str | None, typer.Option(help="A line about it.")] = None,
) -> Item:
    """Change a role of the organization's own."""
    body = {key: value for key, value in (("actions", action), ("title", title)) if value}
    heroes = session.connect()
    return Item(heroes.send("PATCH", f"{ROLES}{heroes.at(role)}", body), _LIST)


@app.command("remove")
def remove(role: Role) -> None:
    """Remove a role of the organization's own, also from those who hold it."""
    heroes = session.connect()
    heroes.send("DELETE", f"{ROLES}{heroes.at(role)}")
    say(f"Role {clean(role)} is removed.")


@app.command("restore")
@shown
def restore(role: Role) -> Item:
    """Bring a removed role back as it was, to those of its holders who are still here."""
    heroes = session.connect()
    return Item(heroes.post(f"{ROLES}{heroes.at(role)}/restore", once=False), _LIST)


@app.command("holders")
@shown
def holders(
    user: Annotated[str | None, typer.Option(help="Only this user.")] = None, project: Project = None
) -> Listing:
    """List who holds which role where."""
    return Listing(_held(session.connect(), user, project), _HELD, none="Nobody holds such a role.")


def _held(heroes: "Heroes", user: str | None, project: str | None) -> list[Json]:
    users = {one["id"]: one["username"] for one in heroes.pages("/organization/admin/users")}
    projects = {one["id"]: one["name"] for one in heroes.pages("/organization/admin/projects")}
    return [
        {
            **row,
            "user": users.get(row["user_id"], row["user_id"]),
            "project": projects.get(row["project_id"], row["project_id"]),
        }
        for row in heroes.pages(ASSIGNMENTS, user=user, project=project)
    ]


@app.command("give")
@shown
def give(role: Role, user: User, project: Project = None) -> Item:
    """Give a user a role, in the organization or in one project."""
    body = {"user": user, "role": role, "project": project}
    made = session.connect().post(ASSIGNMENTS, body)
    return Item({**made, "user": user, "project": project}, _HELD)


@app.command("take")
def take(role: Role, user: User, project: Project = None) -> None:
    """Take a role from a user."""
    heroes = session.connect()
    found = [
        row
        for row in heroes.pages(ASSIGNMENTS, user=user, project=project)
        if row["role"] == role and (row["project_id"] is None) == (project is None)
    ]
    if not found:
        where = f"in {project}" if project else "in the whole organization"
        raise Stop(f"{user} does not hold {role} {where}: heroes role holders --user {user}", USAGE)
    for row in found:
        heroes.send("DELETE", f"{ASSIGNMENTS}{heroes.at(row['id'])}")
    say(f"{clean(user)} holds {clean(role)} no more.")
