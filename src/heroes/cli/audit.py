"""The audit trail: who did what, and whether the records are whole."""

import asyncio
from typing import Annotated

import typer

from heroes.cli import session
from heroes.cli.output import Column, Item, Listing, shown
from heroes.cli.tree import Since, Until, noun
from heroes.cli.words import plain, when

app = noun("The audit trail: who did what, and whether the records are whole.")

_LIST = [
    Column("Time", "at", when),
    Column("Who", "actor_id"),
    Column("What", "action"),
    Column("Of", "object_id"),
    Column("Details", "facts", lambda value: ", ".join(f"{key}={plain(one)}" for key, one in value.items())),
    Column("Sealed", "sealed"),
]


@app.command("list")
@shown
def list_(
    action: Annotated[str | None, typer.Option(help="Such as user.created, or user.*")] = None,
    actor: Annotated[str | None, typer.Option(help="Id of who did it.")] = None,
    subject: Annotated[str | None, typer.Option(help="Id of what it was done to.")] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(help="The newest so many; 0 for all.", min=0)] = 50,
) -> Listing:
    """List what was done, newest first; without the right audit.read what you did yourself."""
    from itertools import islice

    filters = {"action": action, "actor": actor, "subject": subject, "since": since, "until": until}
    rows = session.connect().pages("/organization/audit/list", limit=min(limit or 1000, 1000), **filters)
    return Listing(islice(rows, limit or None), _LIST, none="There is nothing that fits.")


@app.command("verify")
@shown
def verify(
    head: Annotated[str | None, typer.Option(help="A head that you kept: it must still be in the chain.")] = None,
) -> Item:
    """Check every seal of the whole platform's trail; for operators, on the platform's own machine.

    Keep the head that is printed elsewhere: with --head a later check shows that nothing was cut off since.
    """
    verdict = asyncio.run(_verified(head))

    def ends() -> None:
        if verdict["fault"]:
            raise typer.Exit(1)

    def told() -> None:
        print(verdict["fault"] or f"{verdict['rows']} records under {verdict['seals']} seals are as they were written.")
        print(f"{verdict['unsealed']} wait for their seal. Head: {verdict['head']}")

    return Item(verdict, table=told, ends=ends)


async def _verified(head: str | None) -> dict[str, object]:
    from dataclasses import asdict

    from heroes.kit import audit
    from heroes.kit.db import Database
    from heroes.kit.logins import database_urls
    from heroes.kit.settings import load

    database = Database(database_urls(load()), pool_size=1)
    try:
        async with database.worker() as opened:
            return asdict(await audit.verify(opened, known=head))
    finally:
        await database.close()
