"""The daily work of costs, one row for each organization: a day's storage, a month's end, and what is owed."""

from datetime import timedelta
from typing import TYPE_CHECKING

from heroes.costs import rules
from heroes.costs.models import Books
from heroes.costs.service import closing, storage
from heroes.kit.db import transaction_time
from heroes.kit.work import Claim, Registration, Work

if TYPE_CHECKING:
    from heroes.parts import Parts

ONE = timedelta(days=1)


async def keep(work: Work, claim: Claim) -> None:
    """Do the next bounded piece of what is due: a batch of one day's buckets, one month, or a batch of debts.

    Everything is in the database, so the piece and the place to go on from are one transaction under the row's fence.
    """
    async with work.apply(claim) as done:
        books: Books = done.row
        session, organization_id = done.session, books.organization_id
        now = await transaction_time(session)
        if (day := rules.next_day(books.charged_through, now)) is not None:
            if day > books.charged_through + ONE:  # away for very long: the days before are not charged
                books.charged_through, books.charging_after = day - ONE, None
            books.charging_after = await storage.charge(session, organization_id, day, books.charging_after)
            if books.charging_after is None:
                books.charged_through = day
            done.again()
        elif rules.closes(books.open_month, now):
            await closing.close_month(session, books)
            done.again()
        else:
            books.collecting_after = await storage.collect(session, organization_id, books.collecting_after)
            done.again(0 if books.collecting_after else rules.until_next(books.open_month, now))


def registrations(parts: "Parts") -> list[Registration]:
    """Return the steps of this slice."""
    return [Registration(Books, keep, concurrency=2)]
