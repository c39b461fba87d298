"""Webhooks: which addresses are told what happens, whether it arrives, and what did not."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from heroes.cli import session, terminal
from heroes.cli.failures import TIMEOUT, Stop
from heroes.cli.output import Column, Item, Json, Listing, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import clean, when

if TYPE_CHECKING:
    from heroes.client import Heroes

app = noun("Webhooks: tell other systems what happens.")

WEBHOOK = "/organization/webhook"
PAUSE = 0.5
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the webhook, or its beginning.")]

_LIST = [
    Column("Id", "id"),
    Column("Address", "url"),
    Column("Types", "types", lambda value: ", ".join(value) or "all"),
    Column("On", "active"),
    Column("Delivered", "delivered_at", when),
    Column("Next try", "next_attempt_at", when),
    Column("Trouble", "trouble"),
]
_DEAD = [
    Column("Id", "id"),
    Column("Type", "type"),
    Column("Of", "subject"),
    Column("Tries", "attempts", right=True),
    Column("Trouble", "trouble"),
    Column("Since", "created_at", when),
]


def _place(heroes: "Heroes", text: str) -> str:
    return f"{WEBHOOK}{heroes.at(session.whole_id(heroes.pages(f'{WEBHOOK}/list'), text))}"


@app.command("list")
@shown
def list_() -> Listing:
    """List the webhooks, and how each is doing."""
    rows = session.connect().pages(f"{WEBHOOK}/list")
    return Listing(rows, _LIST, none="There are no webhooks. Make one with: heroes webhook add")


@app.command("add")
@shown
def add(
    url: Annotated[str, typer.Argument(help="Address that is told, https://…")],
    types: Annotated[
        list[str] | None, typer.Option("--type", help="Only these events, such as job.ended or execution.* (repeat).")
    ] = None,
    title: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> Item:
    """Make a webhook. Its secret, which signs each delivery, is shown once."""
    made = session.connect().post(WEBHOOK, {"url": url, "types": types or [], "title": title})
    notes = [f"Webhook {made['id']}; its secret is shown only now."]
    return Item(made, table=lambda: print(made["secret"]), notes=notes)


@app.command("on")
@shown
def on(webhook: Id) -> Item:
    """Switch a webhook on again; it goes on where it stopped."""
    heroes = session.connect()
    return Item(heroes.send("PATCH", _place(heroes, webhook), {"active": True}), _LIST)


@app.command("off")
@shown
def off(webhook: Id) -> Item:
    """Switch a webhook off; what happens meanwhile is delivered later."""
    heroes = session.connect()
    return Item(heroes.send("PATCH", _place(heroes, webhook), {"active": False}), _LIST)


@app.command("secret")
@shown
def secret(webhook: Id) -> Item:
    """Give a webhook a new secret, shown once; for a day the former one signs too."""
    heroes = session.connect()
    made = heroes.post(f"{_place(heroes, webhook)}/secret")
    notes = ["Its new secret is shown only now. Deliveries are signed by the former one too for 24 hours."]
    return Item(made, table=lambda: print(made["secret"]), notes=notes)


@app.command("remove")
def remove(webhook: Id, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Remove a webhook and what it could not deliver."""
    heroes = session.connect()
    place = _place(heroes, webhook)
    if not yes and terminal.interactive():
        url = heroes.get(place)["url"]
        if not terminal.confirm(f"Remove the webhook to {clean(url)}, with what it could not deliver?"):
            raise Stop("Nothing was removed.")
    heroes.send("DELETE", place)
    say("The webhook is removed.")


@app.command("test")
@shown
def test(
    webhook: Id,
    seconds: Annotated[int, typer.Option(help="Wait no longer than this.", min=1)] = 30,
) -> Item:
    """Send an event to one webhook alone, and say whether it arrived."""
    heroes = session.connect()
    place = _place(heroes, webhook)
    event = heroes.post(f"{place}/test")["event"]
    deadline = time.monotonic() + seconds
    while True:
        value: Json = heroes.get(place)
        if value["delivered_event"] == event:
            say("It arrived.")
            return Item(value, _LIST)
        if value["trouble"] and (value["attempts"] or not value["active"] or _is_dead(heroes, place, event)):
            raise Stop(f"It did not arrive: {clean(value['trouble'])}")
        if time.monotonic() > deadline:
            raise Stop("It has not arrived yet; see: heroes webhook list", TIMEOUT)
        time.sleep(PAUSE)


def _is_dead(heroes: "Heroes", place: str, event: str) -> bool:
    return any(one["event"] == event for one in heroes.pages(f"{place}/dead"))


@app.command("dead")
@shown
def dead(webhook: Id) -> Listing:
    """List what could not be delivered."""
    heroes = session.connect()
    return Listing(heroes.pages(f"{_place(heroes, webhook)}/dead"), _DEAD, none="Everything was delivered.")


@app.command("resend")
def resend(
    webhook: Id,
    letter: Annotated[str | None, typer.Argument(help="Id of what to send again, or its beginning; none: all.")] = None,
) -> None:
    """Send again what could not be delivered."""
    heroes = session.connect()
    place = f"{_place(heroes, webhook)}/dead"
    chosen = (
        [session.whole_id(heroes.pages(place), letter)] if letter else [str(one["id"]) for one in heroes.pages(place)]
    )
    for one in chosen:
        heroes.post(f"{place}{heroes.at(one)}/resend")
    say(f"{len(chosen)} will be sent again.")
