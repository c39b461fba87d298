"""Budgets: of the organization, a project or a user."""

from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from heroes.cli import session
from heroes.cli.failures import USAGE, Stop
from heroes.cli.output import Column, Item, Json, Listing, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import amount, plain, when

if TYPE_CHECKING:
    from heroes.client import Heroes

app = noun("Budgets: what is left, reserved and spent.")

BUDGET = "/organization/budget"
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the budget, or its beginning.")]

_LIST = [
    Column("Id", "id"),
    Column("Kind", "kind"),
    Column("Of", "of"),
    Column("Title", "title"),
    Column("Amount", "amount", amount, right=True),
    Column("Spent", "spent", amount, right=True),
    Column("Reserved", "reserved", amount, right=True),
    Column("Left", "left", amount, right=True),
    Column("Currency", "currency"),
    Column("Used", "percent", lambda value: f"{plain(value)} %", right=True),
    Column("Period", "period"),
    Column("Until", "period_ends_at", when),
]


_LATER = [
    Column("Told at %", "thresholds"),
    Column("At the limit", "at_limit"),
    Column("Limit %", "limit_percent"),
    Column("Limit reached", "limit_reached"),
    Column("Closed", "closed"),
]
_ALERTS = [
    Column("At", "created_at", when),
    Column("About", "type"),
    Column("Budget", "budget"),
    Column("To", "user"),
    Column("State", "state"),
    Column("Tries", "attempts", right=True),
    Column("Trouble", "trouble"),
]


class AtLimit(StrEnum):
    WARN = "warn"
    STOP_NEW = "stop_new"
    CANCEL_RUNNING = "cancel_running"


class Period(StrEnum):
    ONCE = "once"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@app.command("list")
@shown
def list_(closed: Annotated[bool, typer.Option("--closed", help="Closed ones too.")] = False) -> Listing:
    """List the budgets that you manage or draw from."""
    heroes = session.connect()
    names = _names(heroes)
    rows = (_named(row, names) for row in heroes.pages(f"{BUDGET}/list", closed=closed))
    return Listing(rows, _LIST, none="There are no budgets.")


@app.command("show")
@shown
def show(budget: Id) -> Item:
    """Show one budget."""
    heroes = session.connect()
    found = heroes.get(f"{BUDGET}{heroes.at(_whole(heroes, budget))}")
    return _item(heroes, found)


@app.command("set")
@shown
def set_(
    sum_: Annotated[str, typer.Argument(metavar="AMOUNT", help="Such as 100.00.")],
    project: Annotated[str | None, typer.Option(help="Of this project.")] = None,
    user: Annotated[str | None, typer.Option(help="Of this user.")] = None,
    budget: Annotated[str | None, typer.Option("--id", help="Change this budget.")] = None,
    period: Annotated[Period | None, typer.Option(help="How often it begins anew; once by default.")] = None,
    currency: Annotated[str | None, typer.Option(help="EUR by default.")] = None,
    ends: Annotated[str | None, typer.Option(help="When it ends: 2026-03-01T18:00+01:00.")] = None,
    alert: Annotated[list[int] | None, typer.Option(help="Tell at this many percent (repeat).", min=1, max=100)] = None,
    at_limit: Annotated[AtLimit | None, typer.Option(help="What happens at the limit; warn by default.")] = None,
    limit: Annotated[int | None, typer.Option(help="The limit: so many percent spent; 100.", min=1, max=100)] = None,
    title: Annotated[str | None, typer.Option(help="A line about it.")] = None,
) -> Item:
    """Set the budget of a project, a user, or else of the whole organization: the one it has, or a new one."""
    if project and user:
        raise Stop("A budget is of a project or of a user, not of both.", USAGE)
    heroes = session.connect()
    kind = "project" if project else "user" if user else "organization"
    known = _whole(heroes, budget) if budget else _known(heroes, kind, project or user)
    changed: Json = {"amount": sum_, "ends_at": ends, "thresholds": alert, "title": title}
    changed |= {"at_limit": at_limit, "limit_percent": limit}
    more = {key: value for key, value in changed.items() if value is not None}
    if known:
        if period or currency:
            raise Stop(f"The period and currency of {known} stay; close it and set a new one.", USAGE)
        return _item(heroes, heroes.send("PATCH", f"{BUDGET}/{known}", more))
    owner = {key: value for key, value in (("project", project), ("user", user)) if value}
    body = {"kind": kind, **owner, **more, "period": period or Period.ONCE, "currency": currency or "EUR"}
    return _item(heroes, heroes.post(BUDGET, body))


@app.command("alerts")
@shown
def alerts(limit: Annotated[int, typer.Option(help="The newest so many.", min=1, max=1000)] = 100) -> Listing:
    """List the mails about budgets, newest first, and what became of each."""
    rows = islice(session.connect().pages("/organization/notice/list", limit=limit), limit)
    return Listing(rows, _ALERTS, none="No mail about a budget was asked for yet.")


@app.command("close")
def close(budget: Id) -> None:
    """Close a budget: nothing more is reserved from it; what is reserved is still paid."""
    heroes = session.connect()
    whole = _whole(heroes, budget)
    heroes.send("DELETE", f"{BUDGET}{heroes.at(whole)}")
    say(f"{whole} is closed.")


@app.command("reopen")
@shown
def reopen(budget: Id) -> Item:
    """Open a closed budget again, with what it held; heroes budget list --closed names it."""
    heroes = session.connect()
    whole = session.whole_id(heroes.pages(f"{BUDGET}/list", closed=True), budget)
    return _item(heroes, heroes.send("PATCH", f"{BUDGET}{heroes.at(whole)}", {"closed": False}))


@app.command("top-up")
@shown
def top_up(
    execution: Annotated[str, typer.Argument(metavar="EXECUTION", help="Id of an execution that waits for money.")],
    sum_: Annotated[str, typer.Argument(metavar="AMOUNT", help="How much more to reserve.")],
) -> Item:
    """Reserve more for an execution whose jobs wait for money."""
    heroes = session.connect()
    return Item(heroes.post(f"{BUDGET}/reservation{heroes.at(execution)}", {"amount": sum_}))


def _item(heroes: "Heroes", found: Json) -> Item:
    return Item(_named(found, _names(heroes)), [*_LIST, *_LATER])


def _whole(heroes: "Heroes", budget: str) -> str:
    return session.whole_id(heroes.pages(f"{BUDGET}/list"), budget)


def _known(heroes: "Heroes", kind: str, owner: str | None) -> str | None:
    """The open budget of this owner. Raises Stop when there are several."""
    wanted = None if owner is None else _id_of(heroes, kind, owner)
    rows = [row for row in heroes.pages(f"{BUDGET}/list") if row["kind"] == kind]
    ids = [row["id"] for row in rows if owner is None or row[kind] == wanted]
    if len(ids) > 1:
        raise Stop(f"There are {len(ids)} budgets: {', '.join(ids)}. Name one with --id.", USAGE)
    return ids[0] if ids else None


def _id_of(heroes: "Heroes", kind: str, name: str) -> str:
    """The id of a project or user; the name itself if the caller may not look it up."""
    from heroes.client import ApiError

    if kind == "user":
        try:
            return str(heroes.get(f"/organization/admin/users{heroes.at(name)}")["id"])
        except ApiError:
            return name
    return next((key for key, known in _names(heroes).items() if known == name), name)


def _names(heroes: "Heroes") -> dict[str, str]:
    """The names of projects by id, as far as the caller may know them."""
    from heroes.client import ApiError

    names = {one["id"]: one["name"] for one in heroes.me()["projects"]}
    try:
        return {**names, **{one["id"]: one["name"] for one in heroes.pages("/organization/admin/projects")}}
    except ApiError:
        return names


def _named(row: Json, names: dict[str, str]) -> Json:
    owner = row["project"] or row["user"]
    return {**row, "of": names.get(owner or "", owner)}
