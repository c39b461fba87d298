"""How an organization ranks clusters where a run says nothing else, and which it leaves out."""

from typing import Annotated

import typer

from heroes.cli import session
from heroes.cli.output import Item, Json, shown
from heroes.cli.run import shares
from heroes.cli.tree import noun
from heroes.cli.words import clean

app = noun("How your organization ranks clusters, and which it leaves out.")

POLICY = "/organization/decision/policy"


@app.command("show")
@shown
def show() -> Item:
    """Show the organization's policy of placement."""
    return _item(session.connect().get(POLICY))


@app.command("set")
@shown
def set_(
    policy: Annotated[str | None, typer.Argument(help="fastest, cheapest, greenest or weighted.")] = None,
    weights: Annotated[str | None, typer.Option(help="Of weighted, such as cost=1,time=3.")] = None,
    fixed: Annotated[
        bool | None, typer.Option("--fixed/--open", help="Whether runs must follow it, or may name another policy.")
    ] = None,
    bar: Annotated[list[str] | None, typer.Option(help="Leave out this cluster (repeat).")] = None,
    allow: Annotated[list[str] | None, typer.Option(help="Allow this cluster again (repeat).")] = None,
) -> Item:
    """Change the organization's policy of placement; what is not named stays as it is."""
    heroes = session.connect()
    now = heroes.get(POLICY)
    named = {one["name"]: one["id"] for one in heroes.pages("/organization/cluster/list")} if bar or allow else {}
    add = {named.get(one, one) for one in bar or ()}
    drop = {named.get(one, one) for one in allow or ()}
    body = {
        "policy": policy or now["policy"],
        "weights": shares(weights) if weights else (now["weights"] if policy in {None, now["policy"]} else None),
        "fixed": now["fixed"] if fixed is None else fixed,
        "barred": sorted((set(now["barred"]) | add) - drop),
    }
    return _item(heroes.send("PUT", POLICY, body))


def _item(told: Json) -> Item:
    weighed = ", ".join(f"{name} {share:.0%}" for name, share in (told["weights"] or {}).items())
    lines = [
        f"Clusters are ranked by: {clean(told['policy'])}{f' ({weighed})' if weighed else ''}",
        "Runs may not name another policy." if told["fixed"] else "A run may name another policy.",
        f"Left out: {', '.join(map(clean, told['barred']))}" if told["barred"] else "Every cluster may be used.",
    ]
    return Item(told, table=lambda: print("\n".join(lines)))
