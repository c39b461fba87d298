"""Personal access tokens, for programs."""

from typing import Annotated

import typer

from heroes.cli import session
from heroes.cli.output import Column, Item, Listing, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import when

app = noun("Personal access tokens for programs.")

TOKEN = "/organization/auth/token"
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the token, or its beginning.")]
_COLUMNS = [
    Column("Id", "id"),
    Column("Name", "name"),
    Column("Actions", "actions", lambda value: "all of its owner's" if value is None else ", ".join(value)),
    Column("Ends", "expires_at", when),
    Column("Last used", "last_used_at", when),
]


@app.command("list")
@shown
def list_(
    everyone: Annotated[bool, typer.Option("--everyone", help="Those of the whole organization.")] = False,
) -> Listing:
    """List your tokens."""
    return Listing(session.connect().pages(TOKEN, everyone=everyone), _COLUMNS, none="There are no tokens.")


@app.command("create")
@shown
def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    action: Annotated[
        list[str] | None, typer.Option(help="An action it allows, such as workflow.run (repeat); none: all of yours.")
    ] = None,
    project: Annotated[list[str] | None, typer.Option(help="A project in which alone it works (repeat).")] = None,
    days: Annotated[int, typer.Option(help="Days until it ends; 0 for never.", min=0, max=3650)] = 90,
    user: Annotated[str | None, typer.Option(help="A service account to make it for.")] = None,
) -> Item:
    """Make a token. It is shown once; put it into HEROES_TOKEN."""
    body = {"name": name, "actions": action, "projects": project, "expires_in_days": days or None, "user": user}
    made = session.connect().post(TOKEN, body)
    return Item(made, table=lambda: print(made["token"]), notes=[f"Token {made['id']}; it is shown only now."])


@app.command("rename")
@shown
def rename(token: Id, name: Annotated[str, typer.Argument(help="What it is for.")]) -> Item:
    """Give a token another name."""
    heroes = session.connect()
    found = session.whole_id(heroes.pages(TOKEN), token)
    return Item(heroes.send("PATCH", f"{TOKEN}{heroes.at(found)}", {"name": name}), _COLUMNS)


@app.command("revoke")
def revoke(token: Id) -> None:
    """End a token at once."""
    heroes = session.connect()
    found = session.whole_id(heroes.pages(TOKEN), token)
    heroes.send("DELETE", f"{TOKEN}/{found}")
    say(f"{found} is ended.")
