"""The ledger: what was charged, booking by booking."""

from itertools import islice
from typing import Annotated

import typer

from heroes.cli import session
from heroes.cli.output import Column, Item, Listing, shown, table
from heroes.cli.tree import Since, Until, noun
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
    Column("Stored GB-month", "stored_gb_month", right=True),
    Column("Energy J", "energy_j", right=True),
    Column("Charged", "charged", amount, right=True),
    Column("Currency", "currency"),
]


@app.command("usage")
@shown
def usage(
    by: Annotated[
        str,
        typer.Option(
            help="For each organization, project, user, execution, job or day; two of them: day_cluster, project_week …"
        ),
    ] = "project",
    since: Since = None,
    until: Until = None,
) -> Listing:
    """Add up what was used and charged."""
    rows = session.connect().pages("/organization/budget/usage", by=by, since=since, until=until, limit=1000)
    return Listing(rows, _USAGE, none="Nothing was used yet.")


@app.command("items")
@shown
def items(
    since: Since = None,
    until: Until = None,
) -> Listing:
    """Add up what was charged by the items of the prices; overrun is what the platform bore."""
    rows = session.connect().pages("/organization/budget/items", since=since, until=until, limit=1000)
    columns = [Column("Item", "item"), Column("Charged", "amount", amount, right=True), Column("Currency", "currency")]
    return Listing(rows, columns, none="Nothing was charged yet.")


_STORAGE = [
    Column("Bucket", "name"),
    Column("Last day", "last_day"),
    Column("Last bytes", "last_bytes", right=True),
    Column("Days", "days", right=True),
    Column("GB-month", "gb_month", right=True),
    Column("Charged", "charged", amount, right=True),
    Column("Owed", "owed", amount, right=True),
    Column("Currency", "currency"),
]

_STATEMENT = [
    Column("Project", "project"),
    Column("User", "user"),
    Column("Kind", "kind"),
    Column("Bookings", "bookings", right=True),
    Column("Amount", "amount", amount, right=True),
    Column("Currency", "currency"),
]


@app.command("storage")
@shown
def storage(
    since: Since = None,
    until: Until = None,
) -> Listing:
    """Show what buckets held and cost; while something is owed nobody uploads to that bucket."""
    rows = session.connect().pages("/organization/budget/storage", since=since, until=until, limit=1000)
    return Listing(rows, _STORAGE, none="No day of storage has been counted yet; it is done after midnight, UTC.")


@app.command("statement")
@shown
def statement(
    month: Annotated[str, typer.Argument(metavar="MONTH", help="Such as 2026-11.")],
    project: Annotated[str | None, typer.Option(help="Of this project; none: the whole organization.")] = None,
) -> Item | Listing:
    """Add up a month of the ledger: -o csv for a spreadsheet, -o json for all. A closed month never changes."""
    heroes = session.connect()
    found = heroes.get("/organization/budget/statement", month=month, project=project)
    sums = [{**one, "kind": f"total {one['kind']}", "project": "", "user": ""} for one in found["totals"]]
    rows = [*found["lines"], *sums]
    note = f"Closed {when(found['closed_at'])}." if found["closed"] else "The month is open: its sums still grow."

    def drawn() -> None:
        cells = [[one.show(row[one.path]) for one in _STATEMENT] for row in rows]
        table([one.name for one in _STATEMENT], cells, _STATEMENT)

    return Item(found, _STATEMENT, table=drawn, notes=[note], rows=rows)


@app.command("list")
@shown
def list_(
    execution: Annotated[str | None, typer.Option(help="Only of this execution.")] = None,
    project: Annotated[str | None, typer.Option(help="Only of this project.")] = None,
    user: Annotated[str | None, typer.Option(help="Only of this user.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only charge, storage or overrun.")] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(help="The newest so many; 0 for all.", min=0)] = 100,
) -> Listing:
    """List bookings, newest first: charges, and overruns that the platform bears."""
    heroes = session.connect()
    whole = session.whole_id(heroes.executions(limit=1000), execution, "wid") if execution else None
    page = min(limit, 1000) if limit else 1000
    asked = {"execution": whole, "project": project, "user": user, "kind": kind, "since": since, "until": until}
    rows = heroes.pages("/organization/budget/ledger", **asked, limit=page)
    return Listing(islice(rows, limit or None), _LIST, none="Nothing was charged yet.")
