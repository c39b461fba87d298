"""How one hears of the end of one's own runs."""

from typing import Annotated

import typer

from heroes.cli import session
from heroes.cli.output import Column, Item, Json, Listing, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import clean, when

app = noun("How you hear of the end of your runs.")

NOTICE = "/organization/notice"
WISH, BROWSER = f"{NOTICE}/wish", f"{NOTICE}/browser"
_LANGUAGES = {"en": "English", "de": "German"}
_BROWSERS = [
    Column("Id", "id"),
    Column("Browser", "title"),
    Column("Through", "service"),
    Column("Last notice", "delivered_at", when),
    Column("Trouble", "trouble"),
    Column("Since", "created_at", when),
]
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the browser, or its beginning.")]


@app.command("show")
@shown
def show() -> Item:
    """Show how you are told that a run of yours has ended."""
    return _item(session.connect().get(WISH))


@app.command("set")
@shown
def set_(
    page: Annotated[bool | None, typer.Option("--page/--no-page", help="A word in the page that is open.")] = None,
    browser: Annotated[
        bool | None,
        typer.Option("--browser/--no-browser", help="A notice of your browsers, with all pages closed too."),
    ] = None,
    mail: Annotated[bool | None, typer.Option("--mail/--no-mail", "--ends/--no-ends", help="A mail.")] = None,
    language: Annotated[str | None, typer.Option(help="Of mails and notices to you: en or de.")] = None,
) -> Item:
    """Say how you want to be told that a run of yours has ended; what you leave out stays. A run may say otherwise."""
    heroes = session.connect()
    wanted = heroes.get(WISH)["ends"] if mail is None else mail
    body = {"ends": wanted, "page": page, "browser": browser, "language": language}
    return _item(heroes.send("PUT", WISH, body))


@app.command("browsers")
@shown
def browsers() -> Listing:
    """List your browsers that take notices while no page is open. They are added in the web, under More."""
    rows = session.connect().pages(f"{BROWSER}/list")
    return Listing(rows, _BROWSERS, none="No browser takes notices. Add this one in the web, under More.")


@app.command("try")
def try_(browser: Id) -> None:
    """Send a browser a notice, to see whether it arrives."""
    heroes = session.connect()
    found = session.whole_id(heroes.pages(f"{BROWSER}/list"), browser)
    heroes.post(f"{BROWSER}{heroes.at(found)}/test", None)
    say(f"A notice is on its way to {found}; heroes notice browsers tells what came of it.")


@app.command("forget")
def forget(browser: Id) -> None:
    """Send a browser no more notices."""
    heroes = session.connect()
    found = session.whole_id(heroes.pages(f"{BROWSER}/list"), browser)
    heroes.send("DELETE", f"{BROWSER}{heroes.at(found)}")
    say(f"{found} is sent no more notices.")


def _item(told: Json) -> Item:
    ways = [words for way, words in (("page", "in the page"), ("browser", "by your browsers")) if told[way]]
    if told["ends"] and told["server"] and told["address"]:
        ways.append(f"by mail in {_LANGUAGES[told['language']]} to {clean(told['address'])}")
    text = f"When a run of yours ends you are told {', '.join(ways)}." if ways else "You are not told when a run ends."
    notes = []
    if told["ends"] and not told["server"]:
        notes.append("You want a mail, but this platform has no mail server (HEROES_SMTP_URL).")
    elif told["ends"] and not told["address"]:
        notes.append("You want a mail, but you have no e-mail address; an administrator can add it.")
    return Item(told, table=lambda: print(text), notes=notes)
