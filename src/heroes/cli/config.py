"""Settings of the command line."""

from typing import Annotated, Any

import typer

from heroes.cli import configuration
from heroes.cli.failures import USAGE, Stop
from heroes.cli.output import Format, Item, shown
from heroes.cli.tree import noun

app = noun("Settings of the command line.")

_VALUES: dict[str, set[str]] = {"output": {*Format}, "policy": {"fastest", "cheapest", "greenest", "weighted"}}


@app.command("show")
@shown
def show() -> Item:
    """Show the settings and the sign-in in use; tokens are left out."""
    kept = configuration.read()
    login = kept.login()
    value: dict[str, Any] = {
        "file": str(configuration.path()),
        "address": login.url if login else None,
        "organization": login.organization if login else None,
        "user": login.user if login else None,
        "project": login.project if login else None,
        **{name: kept.settings.get(name) for name in configuration.SETTINGS},
    }
    return Item(value)


@app.command("set")
def set_(
    name: Annotated[str, typer.Argument(help="output or policy.")],
    value: Annotated[str, typer.Argument(help="The value; empty takes the setting back.")],
) -> None:
    """Set what is used when an option is left out."""
    if name not in _VALUES:
        known = "; ".join(f"{key}: {text}" for key, text in configuration.SETTINGS.items())
        raise Stop(f"There is no setting {name}. Settings are {known}.", USAGE)
    if value and value not in _VALUES[name]:
        raise Stop(f"{name} is {configuration.SETTINGS[name]}, not {value}.", USAGE)

    def edit(kept: configuration.Configuration) -> None:
        kept.settings.pop(name, None)
        if value:
            kept.settings[name] = value

    configuration.change(edit)


@app.command("path")
def path() -> None:
    """Print where the settings are kept."""
    print(configuration.path())
