"""Prices of clusters."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from heroes.cli import session
from heroes.cli.failures import USAGE, Stop
from heroes.cli.output import Column, Item, Json, Listing, shown
from heroes.cli.price_list import listed
from heroes.cli.tree import noun
from heroes.cli.words import moment, when

app = noun("Prices of clusters.")

TARIFF = "/organization/tariff"
RATES = {
    "fixed": "Per started job.",
    "core_hour": "Per core and hour.",
    "node_hour": "Per node and hour.",
    "gpu_hour": "Per GPU and hour.",
    "gb_moved": "Per 10^9 bytes moved in or out.",
    "gb_month": "Per 10^9 bytes stored for 30 days.",
    "kwh": "Per kWh that was measured.",
}
Rate = Annotated[str | None, typer.Option()]


def _rate(value: Any) -> str:
    text = str(value)
    shown_ = text.rstrip("0").rstrip(".") if "." in text else text
    return shown_ if shown_ not in {"", "0"} else "–"


_LIST = [
    Column("Cluster", "cluster_name"),
    Column("Queue", "queue", lambda value: value or "all"),
    Column("Per job", "fixed", _rate, right=True),
    Column("Core-h", "core_hour", _rate, right=True),
    Column("Node-h", "node_hour", _rate, right=True),
    Column("GPU-h", "gpu_hour", _rate, right=True),
    Column("GB moved", "gb_moved", _rate, right=True),
    Column("GB-month", "gb_month", _rate, right=True),
    Column("kWh", "kwh", _rate, right=True),
    Column("Currency", "currency"),
    Column("From", "valid_from", when),
    Column("Until", "valid_until", when),
    Column("Id", "id"),
]


def _rows(cluster: str | None, *, history: bool) -> Listing:
    heroes = session.connect()
    names = {one["id"]: one["name"] for one in heroes.clusters()}
    queues: dict[str, str] = {}
    rows: list[Json] = list(heroes.pages(f"{TARIFF}/list", cluster=cluster))
    for one in {row["cluster"] for row in rows if row["queue"]} & names.keys():
        queues |= {found["id"]: found["name"] for found in heroes.pages(f"/organization/cluster/{one}/queues")}
    now = datetime.now(UTC)
    kept = [row for row in rows if history or not row["valid_until"] or moment(row["valid_until"]) > now]
    named = [
        {
            **row,
            "cluster_name": names.get(row["cluster"], row["cluster"]),
            "queue": queues.get(row["queue"], row["queue"]),
        }
        for row in kept
    ]
    return Listing(named, _LIST, none="Nothing has a price yet. Set one: heroes tariff set CLUSTER --core-hour 0.02")


@app.command("list")
@shown
def list_(cluster: Annotated[str | None, typer.Option(help="Only of this cluster.")] = None) -> Listing:
    """List the prices of today and those to come."""
    return _rows(cluster, history=False)


@app.command("history")
@shown
def history(cluster: Annotated[str, typer.Argument(help="Name or id of the cluster.")]) -> Listing:
    """List all prices that a cluster ever had."""
    return _rows(cluster, history=True)


@app.command("set")
@shown
def set_(
    cluster: Annotated[str, typer.Argument(help="Name or id of the cluster.")],
    queue: Annotated[str | None, typer.Option(help="One queue; none: all queues of the cluster.")] = None,
    fixed: Annotated[str | None, typer.Option(help=RATES["fixed"])] = None,
    core_hour: Annotated[str | None, typer.Option(help=RATES["core_hour"])] = None,
    node_hour: Annotated[str | None, typer.Option(help=RATES["node_hour"])] = None,
    gpu_hour: Annotated[str | None, typer.Option(help=RATES["gpu_hour"])] = None,
    gb_moved: Annotated[str | None, typer.Option(help=RATES["gb_moved"])] = None,
    gb_month: Annotated[str | None, typer.Option(help=RATES["gb_month"])] = None,
    kwh: Annotated[str | None, typer.Option(help=RATES["kwh"])] = None,
    node_power: Annotated[str | None, typer.Option(help="The most a node draws, in watts; needed with --kwh.")] = None,
    currency: Annotated[str, typer.Option(help="Three letters, such as EUR.")] = "EUR",
    valid_from: Annotated[
        str | None, typer.Option("--from", help="From when, such as 2026-03-01T18:00+01:00; none: now.")
    ] = None,
    charge_node_failures: Annotated[
        bool, typer.Option("--charge-node-failures", help="Also charge tries that a failing node ended.")
    ] = False,
    title: Annotated[str, typer.Option(help="A line about it.")] = "",
    price_list: Annotated[
        Path | None, typer.Option(help="CSV of a cloud's prices: the node hour of --instance in --region, in USD.")
    ] = None,
    instance: Annotated[str, typer.Option(help="Name in the price list, such as c7a.48xlarge.")] = "",
    region: Annotated[str, typer.Option(help="Region in the price list, such as eu-west-1.")] = "",
) -> Item:
    """Price a cluster of yours, or one of its queues. The price before stays in the history."""
    if price_list is not None:
        found = listed(price_list, instance, region)
        node_hour, currency, title = node_hour or found.hour, "USD", title or found.title
    rates = {
        "fixed": fixed,
        "core_hour": core_hour,
        "node_hour": node_hour,
        "gpu_hour": gpu_hour,
        "gb_moved": gb_moved,
        "gb_month": gb_month,
        "kwh": kwh,
    }
    given = {name: value for name, value in rates.items() if value is not None}
    if not given:
        raise Stop("Name at least one price, such as --core-hour 0.02; 0 makes it free.", USAGE)
    facts = {"queue": queue, "node_power_w": node_power, "valid_from": valid_from}
    body = {
        "cluster": cluster,
        "currency": currency,
        "title": title,
        "charges_node_failures": charge_node_failures,
        **given,
        **{name: value for name, value in facts.items() if value is not None},
    }
    made = session.connect().post(TARIFF, body)
    return Item({**made, "cluster_name": cluster}, _LIST)


@app.command("end")
@shown
def end(tariff: Annotated[str, typer.Argument(metavar="ID", help="Id of the tariff, or its beginning.")]) -> Item:
    """End a tariff now; jobs that started under it keep its price."""
    heroes = session.connect()
    whole = session.whole_id(heroes.pages(f"{TARIFF}/list"), tariff)
    return Item(heroes.send("DELETE", f"{TARIFF}{heroes.at(whole)}"))
