"""Buckets: of a user, a project, the organization."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from heroes.cli import session, terminal
from heroes.cli.failures import USAGE, Stop
from heroes.cli.output import Column, Item, Listing, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import clean, size, when

if TYPE_CHECKING:
    from heroes.client import Heroes

app = noun("Buckets.")

BUCKET = "/organization/data/bucket"
Name = Annotated[str, typer.Argument(help="Name of the bucket; home is your own.")]

_COLUMNS = [
    Column("Bucket", "name"),
    Column("Kind", "kind"),
    Column("Owner", "owner"),
    Column("Home", "home"),
    Column("Used", "used_bytes", size, right=True),
    Column("Bound", "quota_bytes", size, right=True),
    Column("Made", "creation_date", when),
]
_SHARES = [Column("Kind", "kind"), Column("Name", "name"), Column("Right", "right")]


class Grantee(StrEnum):
    USER = "user"
    PROJECT = "project"
    ORGANIZATION = "organization"


class Right(StrEnum):
    READ = "read"
    WRITE = "write"


Kind = Annotated[Grantee, typer.Argument(help="user, project or organization.")]
Whom = Annotated[str, typer.Argument(help="Name of the user or project.")]


def listing(heroes: "Heroes") -> Listing:
    """Return the buckets that the caller may see."""
    return Listing(heroes.buckets(), _COLUMNS, none="There are no buckets.")


@app.command("list")
@shown
def list_() -> Listing:
    """List the buckets that you may see."""
    return listing(session.connect())


@app.command("show")
@shown
def show(bucket: Name) -> Item:
    """Show one bucket."""
    heroes = session.connect()
    return Item(heroes.get(f"{BUCKET}{heroes.at(bucket)}"), _COLUMNS)


@app.command("create")
@shown
def create(
    name: Annotated[str, typer.Argument(help="Name of the new bucket.")],
    project: Annotated[str | None, typer.Option(help="The project it belongs to; none: the organization.")] = None,
    quota: Annotated[int | None, typer.Option(help="The most it may hold, in bytes.", min=0)] = None,
) -> Item:
    """Make a bucket of a project, or of the whole organization."""
    body = {"name": name, "project": project, "quota_bytes": quota}
    return Item(session.connect().post(BUCKET, body), _COLUMNS)


@app.command("quota")
@shown
def quota(
    bucket: Name, size_bytes: Annotated[int, typer.Argument(metavar="BYTES", help="Bytes; -1 for no bound.", min=-1)]
) -> Item:
    """Bound what a bucket may hold."""
    heroes = session.connect()
    bound = None if size_bytes < 0 else size_bytes
    return Item(heroes.send("PATCH", f"{BUCKET}{heroes.at(bucket)}", {"quota_bytes": bound}), _COLUMNS)


@app.command("remove")
def remove(bucket: Name, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Remove an empty bucket."""
    if not yes and terminal.interactive() and not terminal.confirm(f"Remove the bucket {clean(bucket)}?"):
        raise Stop("Nothing was removed.")
    heroes = session.connect()
    heroes.send("DELETE", f"{BUCKET}{heroes.at(bucket)}")
    say(f"Bucket {clean(bucket)} is removed.")


@app.command("shares")
@shown
def shares(bucket: Name) -> Listing:
    """List whom a bucket is open to."""
    heroes = session.connect()
    return Listing(heroes.pages(f"{BUCKET}{heroes.at(bucket)}/share"), _SHARES, none="It is open to nobody else.")


@app.command("share")
def share(
    bucket: Name,
    kind: Kind,
    name: Whom = "",
    right: Annotated[Right, typer.Option(help="read or write.")] = Right.READ,
) -> None:
    """Open a bucket to a user, a project, or the whole organization."""
    if kind is not Grantee.ORGANIZATION and not name:
        raise Stop(f"Name the {kind}.", USAGE)
    heroes = session.connect()
    body = {"kind": kind, "name": name, "right": right}
    heroes.send("PUT", f"{BUCKET}{heroes.at(bucket)}/share", body)
    say(f"{clean(bucket)} is open to {kind} {clean(name)} ({right}).")


@app.command("unshare")
def unshare(bucket: Name, kind: Kind, name: Whom = "") -> None:
    """Close a bucket again."""
    heroes = session.connect()
    heroes.send("DELETE", f"{BUCKET}{heroes.at(bucket)}/share", kind=kind, name=name)
    say(f"{clean(bucket)} is closed to {kind} {clean(name)}.")
