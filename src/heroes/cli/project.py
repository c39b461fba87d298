"""Projects: which one pays, who belongs to it."""

from typing import Annotated

import typer

from heroes.cli import configuration, session
from heroes.cli.failures import USAGE, Stop, sure
from heroes.cli.output import Column, Item, Listing, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import clean, left, when

app = noun("Projects: which one pays, who belongs to it.")

PROJECTS = "/organization/admin/projects"
Name = Annotated[str, typer.Argument(help="Name or id of the project.")]
_LIST = [Column("In use", "current"), Column("Name", "name"), Column("Id", "id")]
_SHOW = [Column("Name", "name"), Column("Title", "title"), Column("Made", "created_at", when), Column("Id", "id")]
_CLOSED = [*_SHOW, Column("Data removed", "removed_at", when)]


@app.command("list")
@shown
def list_(
    everyone: Annotated[bool, typer.Option("--all", help="All projects that you may see, not only your own.")] = False,
    closed: Annotated[bool, typer.Option("--closed", help="Closed ones that can be reopened.")] = False,
) -> Listing:
    """List your projects."""
    heroes = session.connect()
    if closed:
        return Listing(heroes.pages(PROJECTS, closed=True), _CLOSED, none="There is no closed project to reopen.")
    if everyone:
        return Listing(heroes.pages(PROJECTS), _SHOW, none="There are no projects.")
    rows = heroes.me()["projects"]
    chosen = session.project() or (rows[0]["name"] if len(rows) == 1 else None)
    marked = [{**row, "current": chosen in (row["name"], row["id"])} for row in rows]
    return Listing(marked, _LIST, none="You belong to no project. Ask a project administrator.")


@app.command("use")
def use(project: Annotated[str, typer.Argument(help="Name of the project; empty: none.")]) -> None:
    """Let this project pay for what you run, unless --project names another."""
    entry = session.current()
    if entry is None:
        raise Stop("The choice is kept with the sign-in: heroes login first.", USAGE)
    known = [one["name"] for one in session.connect().me()["projects"]]
    if project and project not in known:
        raise Stop(f"You belong to no project {project}; yours are: {', '.join(known) or 'none'}")

    def edit(kept: configuration.Configuration) -> None:
        if login := kept.logins.get(entry.key):
            login.project = project or None

    configuration.change(edit)
    say(f"{clean(project)} pays from now on." if project else "No project is chosen.")


@app.command("create")
@shown
def create(
    name: Annotated[str, typer.Argument(help="Lower case letters, digits, . _ -")],
    title: Annotated[str, typer.Option(help="A line about it.")] = "",
) -> Item:
    """Add a project."""
    return Item(session.connect().post(PROJECTS, {"name": name, "title": title}), _SHOW)


@app.command("change")
@shown
def change(project: Name, title: Annotated[str, typer.Option(help="A line about it.")]) -> Item:
    """Change a project's title."""
    heroes = session.connect()
    return Item(heroes.send("PATCH", f"{PROJECTS}{heroes.at(project)}", {"title": title}), _SHOW)


@app.command("remove")
def remove(project: Name, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Close a project: nobody works in it; after a day its runs are cancelled and its data is removed."""
    heroes = session.connect()
    at = f"{PROJECTS}{heroes.at(project)}"
    if not yes:
        sure(f"Close project {clean(project)}?{left(heroes.get(f'{at}/leaves'))}", yes)
    gone = heroes.send("DELETE", at)
    until = f"until {when(gone['removed_at'])}: heroes project reopen {clean(project)}"
    say(f"Project {clean(project)} is closed. It can be reopened {until}")


@app.command("reopen")
@shown
def reopen(project: Name) -> Item:
    """Open a closed project again, with those who worked in it."""
    heroes = session.connect()
    return Item(heroes.post(f"{PROJECTS}{heroes.at(project)}/reopen", once=False), _SHOW)
