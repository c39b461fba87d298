"""Programs that ask for tokens by OAuth 2: by themselves, or for people who sign in."""

from typing import Annotated

import typer

from heroes.cli import session
from heroes.cli.failures import USAGE, Stop
from heroes.cli.output import Column, Item, Listing, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import when

app = noun("Programs that ask for tokens by OAuth 2.")

CLIENTS = "/organization/admin/clients"
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the program, or its beginning.")]
_COLUMNS = [
    Column("Id", "client_id"),
    Column("Name", "name"),
    Column("Acts as", "user_id"),
    Column("Goes back to", "redirect_uris"),
    Column("Actions", "actions", lambda value: "all that it may" if value is None else ", ".join(value)),
    Column("Last used", "last_used_at", when),
]


@app.command("list")
@shown
def list_() -> Listing:
    """List the programs of the organization."""
    return Listing(
        session.connect().pages(CLIENTS),
        _COLUMNS,
        none="There are no programs. Register one with: heroes program create",
    )


@app.command("create")
@shown
def create(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    user: Annotated[str | None, typer.Option(help="The service account it acts as by itself.")] = None,
    redirect: Annotated[
        list[str] | None, typer.Option(help="Where people go back to who sign in for it (repeat).")
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="It cannot keep a secret: it runs in a browser or on people's machines.")
    ] = False,
    action: Annotated[
        list[str] | None,
        typer.Option(help="An action it allows, such as workflow.run (repeat); none: all of its user's."),
    ] = None,
    project: Annotated[list[str] | None, typer.Option(help="A project in which alone it works (repeat).")] = None,
) -> Item:
    """Register a program. Its secret is shown once, below its id; a public one has none."""
    body = {
        "name": name,
        "user": user,
        "redirect_uris": redirect or [],
        "public": public,
        "actions": action,
        "projects": project,
    }
    made = session.connect().post(CLIENTS, body)
    secret = made["client_secret"]
    notes = [f"{name} is registered; its secret is shown only now." if secret else f"{name} is registered."]
    return Item(made, table=lambda: print(*filter(None, (made["client_id"], secret)), sep="\n"), notes=notes)


@app.command("change")
@shown
def change(
    program: Id,
    name: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    redirect: Annotated[list[str] | None, typer.Option(help="All addresses that people go back to (repeat).")] = None,
) -> Item:
    """Give a program another name, or other addresses that people go back to."""
    body = {key: value for key, value in (("name", name), ("redirect_uris", redirect)) if value}
    if not body:
        raise Stop("Name what to change.", USAGE)
    heroes = session.connect()
    found = session.whole_id(heroes.pages(CLIENTS), program, "client_id")
    return Item(heroes.send("PATCH", f"{CLIENTS}{heroes.at(found)}", body), _COLUMNS)


@app.command("revoke")
def revoke(program: Id) -> None:
    """End a program and all its sessions at once."""
    heroes = session.connect()
    found = session.whole_id(heroes.pages(CLIENTS), program, "client_id")
    heroes.send("DELETE", f"{CLIENTS}{heroes.at(found)}")
    say(f"{found} is ended.")
