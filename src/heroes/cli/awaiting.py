"""Clusters that one waits for: be told once when they take jobs again."""

from typing import Annotated

import typer

from heroes.cli import session
from heroes.cli.failures import Stop
from heroes.cli.output import Column, Listing
from heroes.cli.terminal import say
from heroes.cli.words import clean, when

_PATH = "/organization/notice/cluster"

_COLUMNS = [
    Column("Cluster", "cluster"),
    Column("Queue", "queue"),
    Column("Asked", "asked_at", when),
    Column("Back", "told_at", when),
    Column("Ends", "ends_at", when),
]


def tell_me(
    cluster: Annotated[str, typer.Argument(help="Name or id of the cluster.")],
    queue: Annotated[str | None, typer.Option(help="One queue of it; left out: any.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="You need not be told any more.")] = False,
) -> None:
    """Be told once when a cluster that is down, paused or closed takes jobs again, for 30 days at most."""
    heroes = session.connect()
    if not withdraw:
        made = heroes.post(_PATH, {"cluster": cluster, "queue": queue})
        say(f"You are told when {clean(made['cluster'])} takes jobs again, until {when(made['ends_at'])}.")
        return
    for one in heroes.pages(f"{_PATH}/list"):
        if one["cluster"] == cluster and queue in {None, one["queue"]} and one["told_at"] is None:
            heroes.send("DELETE", f"{_PATH}{heroes.at(one['id'])}")
            say(f"You are not told of {clean(cluster)} any more.")
            return
    raise Stop(f"You do not wait for {clean(cluster)}.")


def awaited() -> Listing:
    """List the clusters that you wait for, and those of the last 30 days that you were told are back."""
    rows = session.connect().pages(f"{_PATH}/list")
    return Listing(rows, _COLUMNS, none="You wait for no cluster.")
