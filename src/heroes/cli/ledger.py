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


_USAGE = [
    Column("For", "key"),
    Column("Runs", "attempts", right=True),
    Column("Core h", "core_h", right=True),
    Column("GPU h", "gpu_h", right=True),
    Column("Memory GiB h", "memory_gib_h", right=True),
    Column("Moved bytes", "moved_bytes", right=True),
    Column("Energy J", "energy_j", right=True),
    Column("Charged", "charged", amount, right=True),
    Column("Currency", "currency"),
]


@app.command("usage")
@shown
def usage(
    by: Annotated[str, typer.Option(help="organization, project, user, execution, job or day.")] = "project",
    since: Annotated[str | None, typer.Option(help="ISO 8601 with offset.")] = None,
    until: Annotated[str | None, typer.Option(help="ISO 8601 with offset.")] = None,
) -> Listing:
    """Add up what was used and charged."""
    rows = session.connect().pages("/organization/budget/usage", by=by, since=since, until=until, limit=1000)
    return Listing(rows, _USAGE, none="Nothing was used yet.")


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
