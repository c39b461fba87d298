"""Mails about one's own runs."""

from typing import Annotated

import typer

from heroes.cli import session
from heroes.cli.output import Item, Json, shown
from heroes.cli.tree import noun
from heroes.cli.words import clean

app = noun("Mails when your own runs end.")

WISH = "/organization/notice/wish"
_LANGUAGES = {"en": "English", "de": "German"}


@app.command("show")
@shown
def show() -> Item:
    """Show whether you are written to when a run of yours ends, and where."""
    return _item(session.connect().get(WISH))


@app.command("set")
@shown
def set_(
    ends: Annotated[
        bool | None, typer.Option("--ends/--no-ends", help="A mail when an execution of yours has ended.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Of every mail to you: en or de.")] = None,
) -> Item:
    """Say whether you want to be written to when a run of yours ends, and in which language."""
    heroes = session.connect()
    wanted = heroes.get(WISH)["ends"] if ends is None else ends
    return _item(heroes.send("PUT", WISH, {"ends": wanted, "language": language}))


def _item(told: Json) -> Item:
    if not told["ends"]:
        words = "You are not written to when a run ends."
    elif not told["server"]:
        words = "You want a mail when a run ends, but this platform has no mail server (HEROES_SMTP_URL)."
    elif not told["address"]:
        words = "You want a mail when a run ends, but you have no e-mail address; an administrator can add it."
    else:
        words = f"A mail in {_LANGUAGES[told['language']]} goes to {clean(told['address'])} when a run ends."
    return Item(told, table=lambda: print(words))
