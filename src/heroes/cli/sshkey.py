"""SSH key pairs: made by the platform, used by a token, never read."""

from typing import Annotated

import typer

from heroes.cli import session
from heroes.cli.output import Column, Item, Listing, shown
from heroes.cli.run import pairs
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import when

app = noun("SSH key pairs that are made and kept by the platform.")

CREDENTIAL = "/organization/credential"
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the key pair, or its beginning.")]
_COLUMNS = [
    Column("Id", "id"),
    Column("Title", "title"),
    Column("Fingerprint", "fingerprint"),
    Column("Made", "created_at", when),
    Column("Last used", "last_used_at", when),
]


@app.command("create")
@shown
def create(
    title: Annotated[str, typer.Argument(help="What it is for.")] = "",
    metadata: Annotated[
        list[str] | None, typer.Option("--metadata", "-m", help="NAME=VALUE to keep beside it (repeat).")
    ] = None,
) -> Item:
    """Make a key pair; the token that uses it is shown once. (key-gen)"""
    body = {"title": title, "metadata": pairs(metadata, "-m")}
    made = session.connect().post(CREDENTIAL, body)
    notes = [
        f"Key {made['id']}; its token is shown only now. Add the second line to ~/.ssh/authorized_keys at the site."
    ]
    return Item(made, table=lambda: print(f"{made['token']}\n{made['public_key']}"), notes=notes)


@app.command("list")
@shown
def list_(
    everyone: Annotated[bool, typer.Option("--everyone", help="Those of the whole organization.")] = False,
) -> Listing:
    """List your key pairs, and when each was last used."""
    rows = session.connect().pages(f"{CREDENTIAL}/list", everyone=everyone)
    return Listing(rows, _COLUMNS, none="There are no key pairs. Make one with: heroes ssh-key create")


@app.command("rename")
@shown
def rename(key: Id, title: Annotated[str, typer.Argument(help="What it is for.")]) -> Item:
    """Give a key pair another title."""
    heroes = session.connect()
    found = session.whole_id(heroes.pages(f"{CREDENTIAL}/list"), key)
    return Item(heroes.send("PATCH", f"{CREDENTIAL}{heroes.at(found)}", {"title": title}), _COLUMNS)


@app.command("revoke")
def revoke(key: Id) -> None:
    """End a key pair at once: its private half is deleted, connections made with it are closed."""
    heroes = session.connect()
    found = session.whole_id(heroes.pages(f"{CREDENTIAL}/list"), key)
    heroes.send("DELETE", f"{CREDENTIAL}/{found}")
    say(f"{found} is revoked.")
