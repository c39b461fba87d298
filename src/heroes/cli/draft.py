"""Drafts: runs that somebody has not finished asking for, here or in the browser."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from heroes.cli import run as running
from heroes.cli import session, terminal
from heroes.cli.failures import USAGE, Stop
from heroes.cli.output import Column, Item, Json, Listing, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import clean, when

if TYPE_CHECKING:
    from heroes.client import Heroes

app = noun("Drafts: runs that you have not finished asking for.")

DRAFT = "/organization/draft"
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the draft, or its beginning.")]

_LIST = [
    Column("Id", "id"),
    Column("Workflow", "title"),
    Column("Project", "project"),
    Column("Again", "source"),
    Column("Changed", "updated_at", when),
]


@app.command("list")
@shown
def list_() -> Listing:
    """List your drafts, also those begun in the browser."""
    rows = ({**row, "project": row["asked"].get("project")} for row in session.connect().pages(f"{DRAFT}/list"))
    return Listing(rows, _LIST, none="There are no drafts. Keep one with: heroes draft save WORKFLOW -p NAME=VALUE")


@app.command("show")
@shown
def show(draft: Id) -> Item:
    """Show one draft."""
    found = _found(session.connect(), draft)
    return Item(found, table=lambda: _told(found))


@app.command("save")
@shown
def save(
    workflow: running.Workflow,
    parameter: running.Parameter = None,
    file: running.ParameterFile = None,
    version: running.Version = None,
    policy: running.Policy = None,
    weights: running.Weights = None,
    project: running.Project = None,
    resource: running.Resource = None,
) -> Item:
    """Keep a run for later; nothing is started, and little is checked. Finish it here or in the browser."""
    from heroes.kit.ids import new_id

    heroes = session.connect()
    given = running.parameters(heroes, workflow, parameter, file, version)
    wished = running.wishes(version, policy, weights, project, resource)
    asked = {"wtid": workflow, "parameters": given, **{name: one for name, one in wished.items() if one is not None}}
    made = heroes.send("PUT", f"{DRAFT}{heroes.at(new_id('drf'))}", {"asked": asked, "revision": 0})
    say(f"Kept. Run it with: heroes draft run {made['id']}")
    return Item(made, table=lambda: print(made["id"]))


@app.command("run")
@shown
def run(
    draft: Id,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take the place it names, else the first, unasked.")] = False,
) -> Item:
    """Run a draft; on a terminal the ranking is shown first and you choose. It is a draft no more."""
    heroes = session.connect()
    found = _found(heroes, draft)
    asked = {name: one for name, one in found["asked"].items() if one is not None}
    place = {name: asked.pop(name, None) for name in ("cluster", "queue", "max_cost", "because")}
    if not (yes or place["cluster"]):
        if not terminal.interactive():
            raise Stop("There is no terminal to ask: give --yes for the first of the ranking.", USAGE)
        ranked = heroes.rank(**asked)
        place["cluster"], place["queue"] = running.choose(ranked, place["queue"])
    started = heroes.run(**asked, **place)
    heroes.send("DELETE", f"{DRAFT}{heroes.at(found['id'])}")
    say(f"Started. Follow with: heroes execution watch {started['wid']}")
    return Item(started, table=lambda: print(started["wid"]))


@app.command("remove")
def delete(draft: Id) -> None:
    """Remove a draft."""
    heroes = session.connect()
    whole = _whole(heroes, draft)
    heroes.send("DELETE", f"{DRAFT}{heroes.at(whole)}")
    say(f"{whole} is removed.")


def _whole(heroes: "Heroes", draft: str) -> str:
    return session.whole_id(heroes.pages(f"{DRAFT}/list"), draft)


def _found(heroes: "Heroes", draft: str) -> Json:
    answer: Json = heroes.get(f"{DRAFT}{heroes.at(_whole(heroes, draft))}")
    return answer


def _told(found: Json) -> None:
    print(f"{clean(found['title'])} ({found['id']})")
    for name, value in found["asked"].items():
        if value not in (None, {}, ""):
            print(f"  {name}: {_plain(value)}")


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{clean(str(name))}={_plain(one)}" for name, one in value.items())
    return clean(str(value))
