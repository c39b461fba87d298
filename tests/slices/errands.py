"""A table of the tests' own, and a worker process that advances its rows until it is killed."""

import asyncio
from datetime import timedelta

from sqlalchemy.orm import Mapped, mapped_column

from heroes.kit.db import Base, Database
from heroes.kit.postgres import DatabaseUrls
from heroes.kit.work import Claim, Durable, Registration, Work


class Errand(Base, Durable):
    """Something to be done once."""

    __tablename__ = "test_errands"

    id: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[str] = mapped_column(default="org_test")
    done: Mapped[int] = mapped_column(default=0)
    intent: Mapped[str | None]


async def do(work: Work, claim: Claim) -> None:
    async with work.apply(claim) as done:
        done.row.done += 1


def advance_errands(urls: DatabaseUrls, act_seconds: float) -> None:
    async def step(work: Work, claim: Claim) -> None:
        async with work.checkpoint(claim) as done:
            done.row.intent = work.owner
        await asyncio.sleep(act_seconds)
        await do(work, claim)

    async def main() -> None:
        database = Database(urls)
        work = Work(database, [Registration(Errand, step, concurrency=4)], timedelta(seconds=2))
        await work.run(asyncio.Event())

    asyncio.run(main())
