"""Organizations of the platform, for those who operate it."""

import time
from itertools import islice
from typing import Annotated

import typer

from heroes.cli import session, terminal
from heroes.cli.failures import USAGE, Stop
from heroes.cli.output import Column, Item, Listing, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import clean, when

app = noun("Organizations of the platform, and what its parts complained of.")
organization = noun("Organizations: create, list, change, remove.")
app.add_typer(organization, name="organization")

ORGANIZATIONS = "/heroes/admin/organizations/"
LOGS = "/heroes/admin/logs"
_LOGS = [
    Column("Time", "at", when),
    Column("Level", "level"),
    Column("Part", "part"),
    Column("What", "message"),
    Column("Facts", "facts", lambda facts: " ".join(f"{name}={value}" for name, value in facts.items())),
]
_LIST = [Column("Name", "name"), Column("Title", "title"), Column("Status", "status"), Column("Id", "id")]
_NEW = [*_LIST, Column("Administrator", "administrator"), Column("One-time password", "one_time_password")]


@organization.command("list")
@shown
def list_() -> Listing:
    """List the organizations."""
    return Listing(session.connect().pages(ORGANIZATIONS), _LIST)


@organization.command("create")
@shown
def create(
    name: Annotated[str, typer.Argument(help="Lower case letters, digits, -")],
    email: Annotated[str, typer.Option(help="E-mail of the first administrator.")],
    title: Annotated[str, typer.Option(help="A line about it.")] = "",
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until it is there.")] = True,
) -> Item:
    """Add an organization with its first administrator; the one-time password is shown once."""
    heroes = session.connect()
    made = heroes.post(ORGANIZATIONS, {"name": name, "title": title}, user_email=email)
    while wait and made["status"] == "CREATE_IN_PROGRESS":
        time.sleep(0.5)
        made |= heroes.get(ORGANIZATIONS, organization_target=name)
    return Item(made, _NEW, notes=["The one-time password is shown only now."])


@organization.command("change")
@shown
def change(
    name: Annotated[str, typer.Argument(help="Name or id of the organization.")],
    title: Annotated[str | None, typer.Option(help="A line about it.")] = None,
    enabled: Annotated[bool | None, typer.Option("--enable/--disable", help="Let its people sign in, or not.")] = None,
) -> Item:
    """Give an organization another title, or disable it (what runs goes on), or enable it."""
    body = {key: value for key, value in (("title", title), ("enabled", enabled)) if value is not None}
    if not body:
        raise Stop("Name what to change.", USAGE)
    return Item(session.connect().send("PATCH", ORGANIZATIONS, body, organization_target=name), _LIST)


@organization.command("remove")
def delete(
    name: Annotated[str, typer.Argument(help="Name or id of the organization.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would be removed.")] = False,
) -> None:
    """Close an organization at once; all that it holds is removed soon after."""
    if dry_run:
        told = session.connect().send("DELETE", ORGANIZATIONS, organization_target=name, dry_run=True)
        for table, count in told["removes"].items():
            print(f"{count:>9}  {table}")
        say("Nothing was removed. Audit and ledger would be kept, without names.")
        return
    if not yes:
        if not terminal.interactive():
            raise Stop("There is no terminal to ask: give --yes.", USAGE)
        if terminal.ask(f"All that {clean(name)} holds will be removed. Write its name to confirm") != name:
            raise Stop("Nothing was removed.")
    session.connect().send("DELETE", ORGANIZATIONS, organization_target=name)
    say(f"{clean(name)} is closed; it is removed soon.")


@app.command("logs")
@shown
def logs(
    errors: Annotated[bool, typer.Option("--errors", help="No warnings.")] = False,
    part: Annotated[str | None, typer.Option(help="Only of this process: api or worker.")] = None,
    search: Annotated[str | None, typer.Option(help="Only lines with this text.")] = None,
    most: Annotated[int, typer.Option("--most", "-n", help="At most so many.", min=1, max=10_000)] = 50,
) -> Listing:
    """Show the last warnings and errors of the platform's parts, the newest first; -o json has their traces."""
    found = session.connect().pages(LOGS, level="error" if errors else None, part=part, search=search)
    return Listing(islice(found, most), _LOGS, none="Nothing was complained of.")
