"""Users of the organization."""

from typing import Annotated, Any

import typer

from heroes.cli import session
from heroes.cli.failures import USAGE, Stop, sure
from heroes.cli.output import Column, Item, Json, Listing, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import clean, left, when

app = noun("Users of the organization.")

USERS = "/organization/admin/users"
Name = Annotated[str, typer.Argument(help="User name or id.")]

_LIST = [
    Column("User", "username"),
    Column("First name", "firstName"),
    Column("Last name", "lastName"),
    Column("E-mail", "email"),
    Column("Enabled", "enabled"),
    Column("Program", "service"),
    Column("Made", "createdTimestamp", when),
    Column("Id", "id"),
]


@app.command("list")
@shown
def list_(search: Annotated[str | None, typer.Option(help="Beginning of the user name.")] = None) -> Listing:
    """List the users."""
    return Listing(session.connect().pages(USERS, search=search), _LIST, none="There are no such users.")


@app.command("show")
@shown
def show(user: Name) -> Item:
    """Show one user."""
    heroes = session.connect()
    return Item(heroes.get(f"{USERS}{heroes.at(user)}"), _LIST)


@app.command("create")
@shown
def create(
    name: Annotated[str, typer.Argument(help="User name: lower case letters, digits, . _ -")],
    email: Annotated[str | None, typer.Option(help="E-mail address.")] = None,
    first_name: Annotated[str, typer.Option(help="First name.")] = "",
    last_name: Annotated[str, typer.Option(help="Last name.")] = "",
    role: Annotated[list[str] | None, typer.Option(metavar="ROLE[@PROJECT]", help="A role to hold (repeat).")] = None,
    service: Annotated[bool, typer.Option("--service", help="A program: no password, only tokens.")] = False,
) -> Item:
    """Add a user; the one-time password is shown once."""
    body = {
        "username": name,
        "email": email,
        "firstName": first_name,
        "lastName": last_name,
        "roles": [held(one) for one in role or []],
        "service": service,
    }
    return _with_password(session.connect().post(USERS, body))


def held(text: str) -> Json:
    """Read ROLE or ROLE@PROJECT."""
    role, _, project = text.partition("@")
    return {"role": role, "project": project or None}


def _with_password(value: Json) -> Item:
    password = value.get("one_time_password")
    columns = [*_LIST, *([Column("One-time password", "one_time_password")] if password else [])]
    return Item(value, columns, notes=["The one-time password is shown only now."] if password else [])


@app.command("change")
@shown
def change(
    user: Name,
    email: Annotated[str | None, typer.Option(help="E-mail address.")] = None,
    first_name: Annotated[str | None, typer.Option(help="First name.")] = None,
    last_name: Annotated[str | None, typer.Option(help="Last name.")] = None,
    enabled: Annotated[bool | None, typer.Option("--enable/--disable", help="Let the user in, or not.")] = None,
    reset_password: Annotated[bool, typer.Option("--reset-password", help="Give a new one-time password.")] = False,
) -> Item:
    """Change, enable or disable a user, or give a new one-time password."""
    wished: dict[str, Any] = {"email": email, "firstName": first_name, "lastName": last_name, "enabled": enabled}
    body = {key: value for key, value in wished.items() if value is not None}
    if reset_password:
        body["reset_password"] = True
    if not body:
        raise Stop("Name what to change.", USAGE)
    heroes = session.connect()
    return _with_password(heroes.send("PATCH", f"{USERS}{heroes.at(user)}", body))


@app.command("remove")
def remove(
    user: Name,
    heir: Annotated[str | None, typer.Option(help="Who takes the data over; none: it is deleted.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Let a user go: sessions and tokens end now, data is deleted or handed over soon after."""
    heroes = session.connect()
    if not yes:
        fate = f"hand the data to {heir}" if heir else "delete all data"
        sure(f"Remove {clean(user)} and {clean(fate)}?{left(heroes.get(f'{USERS}{heroes.at(user)}/leaves'))}", yes)
    heroes.send("DELETE", f"{USERS}{heroes.at(user)}", data="hand_over" if heir else "delete", heir=heir)
    say(f"{clean(user)} is gone.")
