"""The ledger: what was charged, booking by booking."""

from itertools import islice
from typing import Annotated

import typer

from heroes.cli import session
from heroes.cli.output import Column, Listing, shown
from heroes.cli.tree import noun
from heroes.cli.words import amount, when

app = noun("What was charged, booking by booking.")

_LIST = [
    Column("At", "at", when),
    Column("Kind", "kind"),
    Column("Amount", "amount", amount, right=True),
    Column("Currency", "currency"),
    Column("Execution", "execution"),
    Column("Job", "job"),
    Column("Reason", "reason"),
]


@app.command("list")
@shown
def list_(
    execution: Annotated[str | None, typer.Option(help="Only of this execution.")] = None,
    limit: Annotated[int, typer.Option(help="The newest so many; 0 for all.", min=0)] = 100,
) -> Listing:
    """List bookings, newest first: charges, and overruns that the platform bears."""
    heroes = session.connect()
    whole = session.whole_id(heroes.executions(limit=1000), execution, "wid") if execution else None
    page = min(limit, 1000) if limit else 1000
    rows = heroes.pages("/organization/budget/ledger", execution=whole, limit=page)
    return Listing(islice(rows, limit or None), _LIST, none="Nothing was charged yet.")
