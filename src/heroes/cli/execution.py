"""Executions: what runs, what ran, its events, logs, results, cost, decision."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heroes.cli import local, logs, ranking, session, terminal, watching
from heroes.cli.failures import USAGE, Stop
from heroes.cli.output import Column, Item, Json, Listing, shown, table
from heroes.cli.output import get as get_
from heroes.cli.progress import transfer
from heroes.cli.run import finished
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import amount, brief, clean, duration, energy, plain, seconds_of, size, when

if TYPE_CHECKING:
    from heroes.client import Heroes

app = noun("Executions: follow, logs, results, cost, cancel.")

DECISION = "/organization/decision"
Wid = Annotated[str, typer.Argument(metavar="ID", help="Id of the execution, or its beginning.")]

_LIST = [
    Column("Id", "wid"),
    Column("Workflow", "configuration.name"),
    Column("Status", "status"),
    Column("Cluster", "configuration.cluster"),
    Column("Project", "configuration.project"),
    Column("User", "owner.user"),
    Column("Submitted", "submit_time", when),
    Column("Ended", "end_time", when),
]
_SHOW = [
    Column("Id", "wid"),
    Column("Workflow", "configuration.name"),
    Column("Status", "status"),
    Column("Reason", "reason"),
    Column("Cluster", "configuration.cluster"),
    Column("Policy", "configuration.policy"),
    Column("Project", "configuration.project"),
    Column("User", "owner.user"),
    Column("Submitted", "submit_time", when),
    Column("Running since", "run_time", when),
    Column("Ended", "end_time", when),
]
_STEPS = [
    Column("Step", "name"),
    Column("Title", "title"),
    Column("State", "state"),
    Column("Jobs", "jobs", right=True),
    Column("Ended", "jobs_ended", right=True),
    Column("Started", "started_at", when),
    Column("Reason", "reason"),
]
_JOBS = [
    Column("Id", "id"),
    Column("Step", "step"),
    Column("Index", "index", right=True),
    Column("State", "state"),
    Column("End", "end"),
    Column("Cluster", "cluster"),
    Column("Queue", "queue"),
    Column("Site id", "site_id"),
    Column("Try", "attempt", right=True),
    Column("Exit", "exit_code", right=True),
    Column("What goes on", "explanation"),
    Column("Word", "reason"),
]
_ATTEMPTS = [
    Column("Step", "step"),
    Column("Index", "index", right=True),
    Column("Try", "number", right=True),
    Column("Cluster", "cluster"),
    Column("Site id", "site_id"),
    Column("Memory", "asked.memory_bytes", size, right=True),
    Column("Walltime", "asked.walltime_s", duration, right=True),
    Column("Started", "started_at", when),
    Column("Ended", "ended_at", when),
    Column("End", "end"),
    Column("Why", "text"),
]
_USAGE = [
    Column("Step", "step"),
    Column("Index", "index", right=True),
    Column("From", "start", when),
    Column("To", "end", when),
    Column("Cores busy", "cpu_share", lambda value: _known(value, lambda share: f"{100 * share:.0f} %"), right=True),
    Column("Power", "power_w", lambda value: _known(value, lambda watts: f"{watts:.1f} W"), right=True),
    Column("Memory", "memory_bytes", lambda value: _known(value, size), right=True),
]
_EVENTS = [
    Column("Time", "time", when),
    Column("What", "type"),
    Column("Of", "subject"),
    Column("Details", "data", lambda value: ", ".join(f"{key}={plain(one)}" for key, one in value.items())),
]
_RESULTS = [Column("Name", "name"), Column("Size", "size", size, right=True), Column("Place", "place")]
_COST_LINES = [
    Column("Job", "job"),
    Column("Item", "item"),
    Column("Quantity", "quantity", right=True),
    Column("Unit", "unit"),
    Column("Rate", "rate", right=True),
    Column("Amount", "amount", right=True),
]


def _known(value: float | None, show: Callable[[float], str]) -> str:
    return plain(None) if value is None else show(value)


def found(heroes: "Heroes", text: str) -> str:
    """Return the whole id of an execution from its beginning, with or without `exe_`."""
    named = text if "_" in text else f"exe_{text}"
    return session.whole_id(heroes.executions(limit=1000), named, "wid")


@app.command("list")
@shown
def list_(
    status: Annotated[
        str | None, typer.Option(help="Only of this status, such as FAILED, FINISHED or CANCELED.")
    ] = None,
    workflow: Annotated[str | None, typer.Option(help="Only of this workflow, by name or id.")] = None,
    project: Annotated[str | None, typer.Option(help="Only of this project, by name or id.")] = None,
    cluster: Annotated[str | None, typer.Option(help="Only on this cluster.")] = None,
    user: Annotated[str | None, typer.Option(help="Only of this user.")] = None,
    since: Annotated[str | None, typer.Option(help="Submitted at this time or later: 2026-03-01T18:00+01:00.")] = None,
    until: Annotated[str | None, typer.Option(help="Submitted before this time: 2026-03-01T18:00+01:00.")] = None,
    search: Annotated[str | None, typer.Option(help="Part of the name or reason, or the id's beginning.")] = None,
    takes: Annotated[
        list[str] | None, typer.Option(metavar="BUCKET:PATH", help="Took this file, or one in this folder (repeat).")
    ] = None,
    running: Annotated[bool, typer.Option("--running", help="Only those that have not ended.")] = False,
    limit: Annotated[int, typer.Option(help="The newest so many; 0 for all.", min=0)] = 50,
) -> Listing:
    """List executions, newest first."""
    from itertools import islice

    filters: Json = {
        "status": status,
        "workflow": workflow,
        "project": project,
        "cluster": cluster,
        "user": user,
        "since": since,
        "until": until,
        "search": search,
        "takes": takes,
    }
    page = min(limit, 1000) if limit else 1000
    rows = session.connect().pages(
        f"/organization/workflow/{'running' if running else 'executions'}", **filters, limit=page
    )
    return Listing(islice(rows, limit or None), _LIST, none="There are no executions. Start one with: heroes run")


@app.command("show")
@shown
def show(wid: Wid) -> Item:
    """Show one execution with its steps."""
    heroes = session.connect()
    value = heroes.execution(found(heroes, wid))

    def table_of() -> None:
        rows = [(one.name, one.show(get_(value, one.path))) for one in _SHOW]
        print("\n".join(f"{name:<14} {text}" for name, text in rows) + "\n")
        for name, parameter in value["configuration"]["parameters"].items():
            print(f"{'Parameter':<14} {clean(name)} = {brief(parameter)}")
        print()
        steps = value.get("steps") or []
        table(
            [one.name for one in _STEPS], [[one.show(get_(step, one.path)) for one in _STEPS] for step in steps], _STEPS
        )
        if value.get("explanation"):
            print(f"\n{clean(value['explanation'])}")

    return Item(value, _SHOW, table=table_of)


@app.command("watch")
@shown
def watch(
    wid: Wid,
    timeout: Annotated[str | None, typer.Option(help="No longer than this: 90s, 15m, 1h30m.")] = None,
) -> Item:
    """Show the steps until the end; Ctrl-C leaves the execution running."""
    try:
        limit = None if timeout is None else seconds_of(timeout)
    except ValueError as error:
        raise Stop(f"--timeout: {error}", USAGE) from None
    heroes = session.connect()
    return finished(heroes, watching.watch(heroes, found(heroes, wid), timeout=limit))


@app.command("logs")
def logs_(
    wid: Wid,
    step: Annotated[str | None, typer.Option("--step", "--task", help="Only of this step.")] = None,
    index: Annotated[int | None, typer.Option(help="Only of this job of the step.", min=0)] = None,
    stderr: Annotated[bool, typer.Option("--stderr", help="What it wrote to standard error.")] = False,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the jobs have ended.")] = False,
    tail: Annotated[int | None, typer.Option("--tail", "-n", help="Only the newest so many lines.", min=1)] = None,
    level: Annotated[str | None, typer.Option(help="Only lines marked error, warning, info or debug.")] = None,
    search: Annotated[str | None, typer.Option(help="Only lines that hold this.")] = None,
) -> None:
    """Print what the jobs printed, also while they run."""
    heroes = session.connect()
    if level not in {None, *logs.LEVELS}:
        raise Stop(f"The levels are {', '.join(logs.LEVELS)}.", USAGE)
    if tail or level or search:
        if follow:
            raise Stop("What goes on is shown whole: leave out --tail, --level and --search with --follow.", USAGE)
        wanted = logs.Wanted(tail, level, search)
        logs.lines(heroes, found(heroes, wid), step, index, "stderr" if stderr else "stdout", wanted)
        return
    logs.show(heroes, found(heroes, wid), step, index, "stderr" if stderr else "stdout", follow=follow)


@app.command("events")
@shown
def events(
    wid: Wid,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the execution has ended.")] = False,
) -> Listing:
    """List what happened, step by step and job by job."""
    heroes = session.connect()
    told = heroes.events(found(heroes, wid), follow=follow)
    return Listing(told, _EVENTS, none="Nothing has happened yet.", live=follow)


@app.command("jobs")
@shown
def jobs(wid: Wid) -> Listing:
    """List the jobs, what each is doing, and how fresh that is."""
    heroes = session.connect()
    return Listing(heroes.jobs(found(heroes, wid)), _JOBS, none="No job was made yet.")


@app.command("attempts")
@shown
def attempts(wid: Wid) -> Listing:
    """List every start of every job: where, what it asked for, how it ended and why."""
    heroes = session.connect()
    return Listing(heroes.attempts(found(heroes, wid)), _ATTEMPTS, none="Nothing was started yet.")


@app.command("usage")
@shown
def usage(
    wid: Wid,
    step: Annotated[str | None, typer.Option(help="Only of this step.")] = None,
    index: Annotated[int | None, typer.Option(help="Only of this job of the step.", min=0)] = None,
) -> Listing:
    """List what the jobs used while they ran: how busy their cores were, power, memory."""
    heroes = session.connect()
    jobs_ = heroes.usage(found(heroes, wid), step=step, index=index)
    rows = [
        {"job": one["job"], "step": one["step"], "index": one["index"], **each}
        for one in jobs_
        for each in one["samples"]
    ]
    why = dict.fromkeys(
        f"{clean(one['step'])}: {word} not known. {clean(one[name]['text'])}"
        for one in jobs_
        for name, word in (("cpu_unknown", "Processor time"), ("power_unknown", "Power"))
        if one[name]
    )
    return Listing(rows, _USAGE, none="Nothing was heard of what its jobs use.", notes=list(why))


@app.command("results")
@shown
def results(
    wid: Wid,
    get: Annotated[Path | None, typer.Option("--get", metavar="DIR", help="Fetch them into this folder.")] = None,
) -> Listing:
    """List the results; with --get fetch them and verify their checksums."""
    heroes = session.connect()
    rows = [{**one, "place": f"{one['bucket']}:{one['path']}"} for one in heroes.results(found(heroes, wid))]
    if get is not None:
        with transfer(sum(row["size"] for row in rows)) as progress:
            for row in rows:
                target = local.inside(get, row["name"])
                target.parent.mkdir(parents=True, exist_ok=True)
                heroes.download(row["bucket"], row["path"], target, sha256=row["sha256"], progress=progress)
                row["file"] = str(target)
        say(f"{len(rows)} results are in {get}, checksums verified.")
    columns = [*_RESULTS, Column("File", "file")] if get else [*_RESULTS, Column("SHA-256", "sha256")]
    return Listing(rows, columns, none="There are no results yet.")


@app.command("cost")
@shown
def cost(wid: Wid) -> Item:
    """Show what was charged, line by line, and the energy."""
    heroes = session.connect()
    value = heroes.cost(found(heroes, wid))
    unit = value["currency"] or ""

    def table_of() -> None:
        print(f"Charged   {watching.cost_words(value)}")
        if value["reserved"] is not None:
            print(f"Reserved  {amount(value['reserved'])} {unit}")
        print(f"Energy    {watching.energy_words(value)}")
        if value["lines"]:
            print()
            cells = [[one.show(get_(line, one.path)) for one in _COST_LINES] for line in value["lines"]]
            table([one.name for one in _COST_LINES], cells, _COST_LINES)

    return Item(value, table=table_of)


@app.command("decision")
@shown
def decision(wid: Wid) -> Item:
    """Show what was proposed and predicted, what was chosen, and what came of it."""
    heroes = session.connect()
    whole = found(heroes, wid)
    made = next(iter(heroes.pages(f"{DECISION}/list", execution=whole)), None)
    if made is None:
        raise Stop(f"No decision is kept for {whole}.")
    value = heroes.get(f"{DECISION}/{made['id']}")

    def table_of() -> None:
        ranking.show(value)
        took = value["outcome"]
        print(
            f"\nChosen   rank {value['rank']}: {clean(value['cluster'])}/{clean(value['queue'])}, "
            f"{when(value['created_at'])}"
        )
        if value["because"]:
            print(f"Because  {clean(value['because'])}")
        times = (
            f"run {duration(took['run_s'])}, waited {duration(took['wait_s'])}, handled {duration(took['handled_s'])}"
        )
        print(f"Outcome  {took['jobs']} jobs, {times}, ", end="")
        print(f"memory {size(took['memory_bytes'])}, energy {energy(took['energy_j'])}")

    return Item(value, table=table_of)


@app.command("cancel")
@shown
def cancel(wid: Wid, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> Item:
    """Cancel an execution; what ran so far is still charged."""
    heroes = session.connect()
    whole = found(heroes, wid)
    if not yes and terminal.interactive():
        name = heroes.execution(whole)["configuration"]["name"]
        if not terminal.confirm(f"Cancel {clean(name)} {whole}? What ran so far is still charged."):
            raise Stop("Nothing was cancelled.")
    value = heroes.cancel(whole)
    return Item(value, table=lambda: print(f"{whole} {value['status']}"))


@app.command("restart")
@shown
def restart(
    wid: Wid,
    first: Annotated[str | None, typer.Option("--from", metavar="STEP", help="This step and all after it.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="STEP.resources.NAME=VALUE", help="Other resources for a step (repeat)."),
    ] = None,
    cluster: Annotated[str | None, typer.Option(help="Run it there.")] = None,
    queue: Annotated[str | None, typer.Option(help="In this queue.")] = None,
    max_cost: Annotated[str | None, typer.Option(help="Reserve no more than this.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow it to the end.")] = False,
) -> Item:
    """Run an ended execution again from what failed; what finished is kept."""
    heroes = session.connect()
    whole = found(heroes, wid)
    resources = wishes_of(set_ or [])
    value = heroes.restart(
        whole, first=first, resources=resources or None, cluster=cluster, queue=queue, max_cost=max_cost
    )
    if wait:
        return finished(heroes, watching.watch(heroes, whole))
    again = [step["name"] for step in value["steps"] if step["state"] == "WAITING"]
    return Item(value, table=lambda: print(f"{whole} {value['status']}: {', '.join(map(clean, again))} again"))


def wishes_of(words: list[str]) -> dict[str, Json]:
    """Return step → resources from words such as `solve.resources.memory=8 GiB`. Raises Stop."""
    found: dict[str, Json] = {}
    for word in words:
        name, equals, value = word.partition("=")
        step, _, key = name.partition(".resources.")
        if not (equals and step and key and value):
            raise Stop(f"--set {word!r}: write STEP.resources.NAME=VALUE, such as solve.resources.memory=8GiB", USAGE)
        found.setdefault(step, {})[key] = int(value) if value.isdecimal() else value
    return found
