"""The sign-ins of this user on this machine: one per organization and platform."""

from typing import Annotated, Any

import typer

from heroes.cli import configuration
from heroes.cli.failures import USAGE, Stop
from heroes.cli.output import Column, Listing, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun

app = noun("Change between the organizations that you are signed in to.")

_COLUMNS = [
    Column("In use", "current"),
    Column("Organization", "organization"),
    Column("User", "user"),
    Column("Address", "url"),
    Column("Project", "project"),
]


@app.command("list")
@shown
def list_() -> Listing:
    """List the sign-ins of this machine."""
    kept = configuration.read()
    rows: list[dict[str, Any]] = [
        {
            "current": key == kept.current,
            "organization": login.organization,
            "user": login.user,
            "url": login.url,
            "project": login.project,
        }
        for key, login in kept.logins.items()
    ]
    return Listing(rows, _COLUMNS, none="Nobody is signed in. Sign in with: heroes login")


@app.command("use")
def use(
    organization: Annotated[str, typer.Argument(help="The organization to work in.")],
    user: Annotated[str | None, typer.Option("--user", "-u", help="As which user, if there are several.")] = None,
) -> None:
    """Work in another organization that you are signed in to."""
    fitting = [
        (key, login)
        for key, login in configuration.read().logins.items()
        if login.organization == organization and user in {None, login.user}
    ]
    if not fitting:
        raise Stop(f"You are not signed in to {organization}: heroes login --organization {organization}")
    if len(fitting) > 1:
        names = ", ".join(f"{login.user} at {login.url}" for _, login in fitting)
        raise Stop(f"There are several sign-ins to {organization}: {names}. Name one with --user.", USAGE)
    [(key, login)] = fitting

    def edit(kept: configuration.Configuration) -> None:
        kept.current = key

    configuration.change(edit)
    say(f"Working as {login.user} of {login.organization} at {login.url}.")
