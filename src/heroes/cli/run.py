"""Rank and run a workflow: parameters typed by its schema, the choice shown before anything starts."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from heroes.cli import configuration, ranking, session, terminal, watching
from heroes.cli.failures import NO_CLUSTER, USAGE, Stop
from heroes.cli.output import Item, Json, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import seconds_of

if TYPE_CHECKING:
    from heroes.client import Heroes

app = noun("Run workflows.")

Workflow = Annotated[str, typer.Argument(help="Name or id of the workflow.")]
Parameter = Annotated[
    list[str] | None,
    typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A parameter (repeat); lists with commas."),
]
ParameterFile = Annotated[
    Path | None, typer.Option("--file", "-f", help="Parameters as YAML or JSON; - for standard input.")
]
Version = Annotated[str | None, typer.Option("--version", help="A version instead of the newest.")]
Policy = Annotated[str | None, typer.Option(help="fastest, cheapest, greenest, weighted, or deadline with --deadline.")]
Weights = Annotated[str | None, typer.Option(help="For weighted, like cost=2,time=1,energy=1.")]
Deadline = Annotated[
    str | None, typer.Option(help="The cheapest that surely has ended by then: 2026-03-01T18:00+01:00.")
]
Project = Annotated[str | None, typer.Option(help="The project that pays.")]
Resource = Annotated[
    list[str] | None,
    typer.Option("--resource", metavar="NAME=VALUE", help="cores, nodes, memory, walltime or gpus (repeat)."),
]


@app.command()
@shown
def rank(
    workflow: Workflow,
    parameter: Parameter = None,
    file: ParameterFile = None,
    version: Version = None,
    policy: Policy = None,
    weights: Weights = None,
    deadline: Deadline = None,
    project: Project = None,
    resource: Resource = None,
) -> Item:
    """Rank the clusters for a workflow, with price, predictions and the discarded ones; starts nothing."""
    heroes = session.connect()
    given = parameters(heroes, workflow, parameter, file, version)
    found = heroes.rank(workflow, given, **_wished(version, policy, weights, deadline, project, resource))
    return _shown_ranking(found)


def _shown_ranking(found: Json) -> Item:
    def ends() -> None:
        if not found["candidates"]:
            raise typer.Exit(NO_CLUSTER)

    return Item(found, table=lambda: ranking.show(found), ends=ends)


def ways(said: str | None) -> list[str] | None:
    """Return the ways of a notice, of which `none` is none; None: nothing was said."""
    return None if said is None else [one for one in said.split(",") if one not in {"", "none"}]


@app.command()
@shown
def run(
    workflow: Workflow,
    parameter: Parameter = None,
    file: ParameterFile = None,
    version: Version = None,
    policy: Policy = None,
    weights: Weights = None,
    deadline: Deadline = None,
    cluster: Annotated[str | None, typer.Option(help="This cluster instead of the first of the ranking.")] = None,
    queue: Annotated[str | None, typer.Option(help="This queue.")] = None,
    project: Project = None,
    resource: Resource = None,
    max_cost: Annotated[str | None, typer.Option(help="Never reserve more than this amount.")] = None,
    because: Annotated[str | None, typer.Option(help="Why this cluster; kept with the decision.")] = None,
    notices: Annotated[
        str | None, typer.Option(help="How to hear of the end of this run: page, browser, mail, or none.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the ranking and start nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take the first of the ranking, unasked.")] = False,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Show the steps until the end.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the end in silence.")] = False,
    timeout: Annotated[str | None, typer.Option(help="Watch or wait no longer than this: 90s, 15m, 1h30m.")] = None,
) -> Item | None:
    """Run a workflow.

    On a terminal the ranking is shown first and you choose; elsewhere give --yes or --cluster. Prints the id of the
    execution, or with --watch or --wait how it ended. Ctrl-C leaves it running.
    """
    if not (yes or cluster or dry_run or terminal.interactive()):
        raise Stop("There is no terminal to ask: give --yes for the first of the ranking, or --cluster.", USAGE)
    limit = _limit(timeout)
    heroes = session.connect()
    given = parameters(heroes, workflow, parameter, file, version)
    wished = _wished(version, policy, weights, deadline, project, resource)
    if dry_run:
        return _shown_ranking(heroes.rank(workflow, given, **wished))
    if not (yes or cluster):
        cluster, queue = choose(heroes.rank(workflow, given, **wished), queue)
    chosen = {"cluster": cluster, "queue": queue, "because": because}
    started = heroes.run(workflow, given, **wished, **chosen, max_cost=max_cost, notices=ways(notices))
    wid = started["wid"]
    if not (watch or wait):
        say(f"Started. Follow with: heroes execution watch {wid}")
        return Item(started, table=lambda: print(wid))
    say(f"Started {wid}.")
    ended = watching.watch(heroes, wid, timeout=limit, quiet=not watch)
    return finished(heroes, ended)


def finished(heroes: "Heroes", ended: Json) -> Item:
    """Return how an execution ended; the exit code follows when it is written."""
    cost = heroes.cost(ended["wid"])
    lines = watching.closing(ended, cost)
    value = {**ended, "cost": cost}
    return Item(value, table=lambda: print("\n".join(lines)), ends=lambda: watching.leave(ended))


def _limit(timeout: str | None) -> float | None:
    try:
        return None if timeout is None else seconds_of(timeout)
    except ValueError as error:
        raise Stop(f"--timeout: {error}", USAGE) from None


def choose(found: Json, queue: str | None) -> tuple[str, str]:
    """Let a person take a candidate. Raises Stop when there is none, or none is wanted."""
    ranking.show(found, sys.stderr)
    candidates = [one for one in found["candidates"] if queue in {None, one["queue"]}]
    if not candidates:
        raise Stop("Nothing was started.", NO_CLUSTER)
    first = candidates[0]
    say("")
    while True:
        question = f"Run on {first['cluster']}/{first['queue']}, at most {ranking.price(first)}? (y, n, or a rank)"
        answer = terminal.ask(question, "y").lower()
        if answer in {"y", "yes"}:
            return first["cluster"], first["queue"]
        if answer in {"n", "no"}:
            raise Stop("Nothing was started.")
        chosen = next((one for one in candidates if str(one["rank"]) == answer), None)
        if chosen is not None:
            say(f"Against rank {first['rank']}: {ranking.difference(chosen, first)}.")
            return chosen["cluster"], chosen["queue"]
        say(f"There is no rank {answer}.")


def parameters(
    heroes: "Heroes", workflow: str, typed: list[str] | None, file: Path | None, version: str | None
) -> Json:
    """Return the parameters of file and command line, typed by the workflow's schema; the command line wins."""
    from heroes.client.parameters import coerce

    texts = pairs(typed, "-p")
    given = _from_file(file) if file else {}
    if texts:
        given.update(coerce(heroes.workflow(workflow, version)["schema"], texts))
    return given


def pairs(typed: list[str] | None, flag: str) -> dict[str, str]:
    """Read NAME=VALUE. Raises Stop."""
    found: dict[str, str] = {}
    for one in typed or []:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise Stop(f"{flag} {one}: write NAME=VALUE.", USAGE)
        if name in found:
            raise Stop(f"{flag} {name} is given twice.", USAGE)
        found[name] = value
    return found


def _from_file(file: Path) -> Json:
    import yaml

    text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Stop(f"{file} cannot be read as YAML: {error}", USAGE) from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Stop(f"{file} holds no parameters; write NAME: VALUE, one a line.", USAGE)
    return found


def _wished(
    version: str | None,
    policy: str | None,
    weights: str | None,
    deadline: str | None,
    project: str | None,
    resource: list[str] | None,
) -> Json:
    if deadline is None:
        return wishes(version, policy, weights, project, resource)
    return {**wishes(version, policy or "deadline", weights, project, resource), "deadline": deadline}


def shares(said: str) -> dict[str, float]:
    """Read the weights of a policy. Raises Stop."""
    given = pairs([one.strip() for one in said.split(",")], "--weights")
    try:
        return {name: int(value) if value.isdecimal() else float(value) for name, value in given.items()}
    except ValueError:
        raise Stop(f"--weights {said}: write numbers, like cost=2,time=1.", USAGE) from None


def wishes(
    version: str | None,
    policy: str | None,
    weights: str | None,
    project: str | None,
    resource: list[str] | None,
) -> Json:
    """Return what is asked for beside the parameters. Raises Stop."""
    weighed = shares(weights) if weights else None
    resources: dict[str, Any] = dict(pairs(resource, "--resource"))
    for name in ("cores", "nodes", "gpus"):
        if name in resources and resources[name].isdigit():
            resources[name] = int(resources[name])
    return {
        "version": version,
        "policy": policy or ("weighted" if weighed else configuration.read().settings.get("policy")),
        "weights": weighed,
        "project": project or session.project(),
        "resources": resources or None,
    }
