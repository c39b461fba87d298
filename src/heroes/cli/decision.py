"""`heroes decision`: what was proposed, chosen and predicted, and how that compares with what happened."""

import sys
from typing import Annotated

import typer

from heroes.cli import session
from heroes.cli.output import Column, Item, Json, shown, table
from heroes.cli.tree import noun
from heroes.cli.words import clean, quantity

app = noun("Decisions: how good the predictions were.")

_UNITS = {"time": "s", "wait": "s", "memory": "B", "energy": "J"}
_COLUMNS = [
    Column("What", "what"),
    *(
        Column(name, name, right=True)
        for name in ("Jobs", "Accuracy", "Promised", "Error", "Bias", "In 80 %", "In 90 %")
    ),
]


@app.callback()
def _group() -> None:
    """Decisions: how good the predictions were."""


@app.command()
@shown
def report(
    workflow: Annotated[str | None, typer.Option(help="Only jobs of this workflow (its id).")] = None,
) -> Item:
    """Judge predictions by what really happened."""
    found = session.connect().get("/organization/decision/report", **({"workflow": workflow} if workflow else {}))
    return Item(found, table=lambda: show(found))


def show(found: Json) -> None:
    """Write the report as tables and sentences."""
    rows = [_row(name, found[name], unit) for name, unit in _UNITS.items()]
    rows += [_row(f"time, {one['by']} {clean(one['name'])}", one["time"], "s") for one in found["groups"]]
    table([one.name for one in _COLUMNS], rows, _COLUMNS, sys.stdout)
    lines = [f"Not judged: {one['jobs']}. {clean(one['reason'])}" for one in found["missing"]]
    lines.append(f"{found['decisions']} decisions, {found['overridden']} with another choice than the first.")
    lines += [f"  “{clean(one)}”" for one in found["reasons"]]
    if found["moved"]:
        lines.append(f"{found['moved']} jobs left the cluster of their decision because that paid.")
    sys.stdout.write("\n" + "\n".join(lines) + "\n")


def _row(what: str, one: Json, unit: str) -> list[str]:
    error = "–" if one["error"] is None else quantity(one["error"], unit)
    shares = [_share(one[name]) for name in ("held80", "held90")]
    bias = "–" if one["bias"] is None else f"{one['bias']:.2f} ×"
    return [what, str(one["jobs"]), _share(one["accuracy"]), _share(one["promised"]), error, bias, *shares]


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
