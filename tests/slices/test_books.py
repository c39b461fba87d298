"""The daily books: storage is charged once for each day and bucket, months close for good, limits do what they say."""

import csv
import hashlib
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from people import caller_for, login, make_app, make_client, make_organization, make_project, make_user
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError, ProgrammingError
from test_costs import Firm, _cluster, _shift

from heroes.adapters.files import LocalBlobStore
from heroes.clusters.models import Cluster
from heroes.costs import routes, rules, service
from heroes.costs.models import Books, LedgerEntry, MonthlyStatement, StorageDay, Tariff
from heroes.costs.rules import AtLimit, BudgetKind, Quantities, Terms
from heroes.costs.service import storage
from heroes.costs.steps import keep
from heroes.data.models import Bucket, Object, Version
from heroes.data.routes import router as data_router
from heroes.identity import Caller
from heroes.identity.models import User
from heroes.kit.db import Database, heroes_now
from heroes.kit.errors import OverBudget
from heroes.kit.ids import new_id
from heroes.kit.outbox import Event
from heroes.kit.work import Registration, Work

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

GB = 10**9
START = datetime(2026, 3, 30, 12, tzinfo=UTC)
"""from here on the database's clock runs: a month's end is near"""


class House(Firm):
    """A firm whose storage has a price: that of the platform's own machine."""

    async def hold(self, size: int, bucket: str = "lea") -> None:
        """Put an object of so many bytes into a bucket, without the bytes."""
        async with self.database.worker() as session:
            row = (await session.scalars(select(Bucket).where(Bucket.name == bucket))).one()
            obj = Object(
                id=new_id("obj"), organization_id=row.organization_id, bucket_id=row.id, path=new_id("f"), parent=""
            )
            session.add(obj)
            await session.flush()
            kept = {"kind": "file", "sha256": "", "content_type": "", "mode": 0o644, "number": 1}
            session.add(
                Version(id=new_id("ver"), organization_id=row.organization_id, object_id=obj.id, size=size, **kept)
            )
            row.used_bytes += size

    async def keep(self) -> None:
        """Do all that is due in the books."""
        work = Work(self.database, [Registration(Books, keep)])
        await work.until_idle()

    async def days(self, bucket: str = "lea") -> list[tuple[str, str, str]]:
        """(day, amount, charged) of a bucket."""
        async with self.database.worker() as session:
            rows = await session.scalars(select(StorageDay).filter_by(bucket=bucket).order_by(StorageDay.day))
            return [(str(row.day), rules.text(row.amount), rules.text(row.charged)) for row in rows]

    async def closed(self, bucket: str = "lea") -> str | None:
        async with self.database.worker() as session:
            return await session.scalar(select(Bucket.closed).where(Bucket.name == bucket))

    async def booked(self) -> list[LedgerEntry]:
        async with self.database.worker() as session:
            return list(await session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)))

    async def price(self, gb_month: str) -> None:
        """Give storage a price of its own, from now on."""
        async with self.database.worker() as session:
            terms = Terms("EUR", gb_month=Decimal(gb_month))
            owner = await session.scalar(select(Cluster.organization_id).where(Cluster.id == self.cluster_id))
            await service.create_tariff(
                session, Caller.system(str(owner)), cluster_id=self.cluster_id, owner_id=str(owner), terms=terms
            )


async def to(database: Database, moment: datetime) -> None:
    """Let the database's clock stand at a moment, and run on from there."""
    async with database.worker() as session:
        now = (await session.scalars(select(heroes_now()))).one()
    await _shift(database, moment - now)


@pytest.fixture
async def house(database: Database) -> House:
    await to(database, START)
    platform = await make_organization(database, "heroes", platform=True)
    acme = await make_organization(database, "acme")
    cluster_id, queue_id = await _cluster(database, platform.id, "here")
    async with database.worker() as session:
        await session.execute(update(Cluster).where(Cluster.id == cluster_id).values(kind="local"))
    project = await make_project(database, acme)
    lea = await caller_for(database, await make_user(database, acme, "lea", [("engineer", project.id)]))
    bea = await caller_for(database, await make_user(database, acme, "bea", ["billing_admin"]))
    return House(database, acme, project, lea, bea, cluster_id, queue_id)


async def test_what_a_bucket_held_is_charged_once_for_each_day(house: House):
    await house.price("0.30")
    await house.budget(100, BudgetKind.ORGANIZATION)
    await house.hold(2 * GB)
    await house.keep()
    assert await house.days() == []  # the day goes on
    await to(house.database, START + timedelta(days=1))
    for _ in range(3):
        async with house.database.worker() as session:
            await session.execute(update(Books).values(due_at=heroes_now()))
        await house.keep()
    assert await house.days() == [("2026-03-30", "0.02", "0.02")]
    [entry] = await house.booked()
    assert (entry.kind, entry.amount, entry.user_id, entry.reason) == (
        "storage",
        Decimal("0.02"),
        house.lea.user_id,
        "Bucket lea on 2026-03-30: 2.000000 GB.",
    )
    assert await house.balances() == [("0.00", "0.02", "99.98")]


async def test_days_of_a_downtime_are_caught_up_and_charge_only_what_was_there_already(house: House):
    await house.price("30")
    await house.budget(100, BudgetKind.ORGANIZATION)
    await house.hold(GB)
    await to(house.database, START + timedelta(days=3))
    await house.hold(GB)
    await to(house.database, START + timedelta(days=5))
    await house.keep()
    told = [(day, amount) for day, amount, _ in await house.days()]
    assert told == [
        ("2026-03-30", "1.00"),
        ("2026-03-31", "1.00"),
        ("2026-04-01", "1.00"),
        ("2026-04-02", "2.00"),
        ("2026-04-03", "2.00"),
    ]


async def test_a_very_long_downtime_is_caught_up_within_a_bound(house: House):
    await house.hold(GB)
    await to(house.database, START + timedelta(days=90))
    await house.keep()
    days = await house.days()
    assert len(days) == rules.MOST_DAYS
    assert days[-1][0] == str((START + timedelta(days=89)).date())


async def test_many_buckets_are_charged_in_pieces_each_once(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(storage, "BATCH", 2)
    for number in range(5):
        await make_project(house.database, house.organization, f"p{number}")
        await house.hold(GB, f"p{number}")
    await to(house.database, START + timedelta(days=2))
    await house.keep()
    assert [len(await house.days(f"p{number}")) for number in range(5)] == [2] * 5


async def test_the_database_itself_refuses_a_second_row_for_a_day(house: House):
    await house.hold(GB)
    await to(house.database, START + timedelta(days=1))
    await house.keep()
    async with house.database.worker() as session:
        row = (await session.scalars(select(StorageDay))).one()
        copy = {c.key: getattr(row, c.key) for c in StorageDay.__table__.columns} | {"id": new_id("sto")}
        session.add(StorageDay(**copy))
        with pytest.raises(IntegrityError):
            await session.flush()
        await session.rollback()


async def test_what_no_budget_pays_is_owed_and_closes_the_bucket_until_it_is_paid(house: House, tmp_path: Path):
    await house.price("30")
    told = await house.budget("1.50", BudgetKind.ORGANIZATION)
    await house.hold(GB)
    await to(house.database, START + timedelta(days=2))
    await house.keep()
    assert await house.days() == [("2026-03-30", "1.00", "1.00"), ("2026-03-31", "1.00", "0.50")]
    why = await house.closed()
    assert why is not None
    assert "0.50 EUR are owed since 2026-03-31" in why
    assert "Ask bea" in why

    app = make_app(house.database, data_router)
    app.state.store = LocalBlobStore(tmp_path)
    async with make_client(app) as client:
        async with house.database.worker() as session:
            lea = (await session.scalars(select(User).where(User.id == house.lea.user_id))).one()
        await login(client, lea)
        address = "/organization/data/bucket/home/object/a.dat"
        answer = await client.put(address, content=b"more")
        assert answer.status_code == 409, answer.text
        assert (answer.json()["code"], answer.json()["detail"]) == ("storage_unpaid", why)
        assert (await client.get("/organization/data/bucket/home")).json()["closed"] == why

        async with house.database.app(house.organization.id) as session:
            await service.change_budget(session, house.bea, told.budget.id, amount=Decimal(10))
        await house.keep()  # the change woke the books
        assert await house.closed() is None
        answer = await client.put(address, content=b"more")
        assert answer.status_code == 201, answer.text
    async with house.database.app(house.organization.id) as session:
        by_cluster = await service.totals(session, house.bea, service.By.DAY_CLUSTER, since=None, until=None)
        [item] = await service.items(session, house.bea, since=None, until=None)
    assert [charged for _, _, charged in await house.days()] == ["1.00", "1.00"]
    assert sum(entry.amount for entry in await house.booked()) == 2
    assert ({row.key[10:] for row in by_cluster}, (item.name, item.amount)) == ({" storage"}, ("gb_month", 2))


async def test_without_a_price_nothing_is_owed_and_what_was_held_still_counts_as_usage(house: House):
    await house.hold(3 * GB)
    await house.hold(GB, "wing")
    await to(house.database, START + timedelta(days=30))
    await house.keep()
    assert await house.booked() == []
    assert await house.closed() is None
    async with house.database.app(house.organization.id) as session:
        by_project = await service.totals(session, house.bea, service.By.PROJECT, since=None, until=None)
        mine = await service.totals(session, house.lea, service.By.ORGANIZATION, since=None, until=None)
    held = {row.key: row.stored_byte_days for row in by_project}
    assert held == {"": 30 * 3 * GB, house.project.id: 30 * GB}
    assert [row.stored_byte_days for row in mine] == [30 * 3 * GB]


async def test_storage_never_takes_more_than_any_of_its_budgets_has(house: House):
    await house.price("30")
    await house.budget("100", BudgetKind.ORGANIZATION)
    await house.reserve(99)
    await house.budget("0.25", BudgetKind.USER)
    await house.hold(GB)
    await to(house.database, START + timedelta(days=1))
    await house.keep()
    assert await house.days() == [("2026-03-30", "1.00", "0.25")]


async def test_the_statement_of_a_month_is_the_sum_of_its_bookings_and_never_changes_once_closed(house: House):
    await house.price("30")
    await house.budget(100, BudgetKind.ORGANIZATION)
    tariff = await _compute(house)
    await house.hold(GB)
    await house.hold(GB, "wing")
    await to(house.database, START + timedelta(days=1))
    await house.keep()
    execution = await house.reserve(5)
    order = await house.draw(execution, 2, tariff)
    await house.settle(execution, str(order), Quantities(core_s=3 * 3600))
    async with house.database.app(house.organization.id) as session:
        open_ = await service.statement(session, house.bea, date(2026, 3, 1))
    assert open_.closed_at is None

    await to(house.database, datetime(2026, 4, 2, tzinfo=UTC))
    await house.keep()
    async with house.database.app(house.organization.id) as session:
        march = await service.statement(session, house.bea, date(2026, 3, 1))
        wing = await service.statement(session, house.bea, date(2026, 3, 1), house.project.id)
    assert march.content == open_.content
    assert march.closed_at is not None
    assert hashlib.sha256(json.dumps(march.content, sort_keys=True).encode()).hexdigest() == march.sha256
    sums = {one["kind"]: Decimal(one["amount"]) for one in march.content["totals"]}
    booked = [row for row in await house.booked() if row.at.astimezone(UTC).month == 3]
    assert sums == {kind: sum(row.amount for row in booked if row.kind == kind) for kind in sums}
    assert sums == {"charge": 2, "overrun": 1, "storage": 2}
    own = [row for row in booked if row.project_id == house.project.id]
    assert sum(Decimal(one["amount"]) for one in wing.content["totals"]) == sum(row.amount for row in own)

    await house.keep()
    async with house.database.app(house.organization.id) as session:
        assert (await service.statement(session, house.bea, date(2026, 3, 1))) == march
    async with house.database.worker() as session:
        assert await session.scalar(select(func.count()).select_from(MonthlyStatement)) == 3  # acme, wing, heroes
    for statement in (update(MonthlyStatement).values(sha256=""), delete(MonthlyStatement)):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with house.database.worker() as session:
                await session.execute(statement)


async def _compute(house: House) -> Tariff:
    """A tariff of core-hours that no storage asks for: that of the queue."""
    async with house.database.worker() as session:
        row = Tariff(
            id=new_id("trf"),
            organization_id=house.organization.id,
            cluster_id=house.cluster_id,
            queue_id=house.queue_id,
            currency="EUR",
            core_hour=Decimal(1),
            valid_from=START - timedelta(days=1),
            created_by="bea",
        )
        session.add(row)
    return row


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with make_client(make_app(house.database, routes.router)) as opened:
        yield opened


async def test_a_statement_is_read_as_json_and_as_a_spreadsheet(house: House, client: httpx.AsyncClient):
    await house.price("30")
    await house.budget(100, BudgetKind.ORGANIZATION)
    await house.hold(GB)
    await house.hold(GB, "wing")
    await to(house.database, START + timedelta(days=1))
    await house.keep()
    async with house.database.worker() as session:
        users = {row.username: row for row in await session.scalars(select(User))}
    await login(client, users["bea"])
    whole = (await client.get("/organization/budget/statement", params={"month": "2026-03"})).json()
    assert (whole["closed"], whole["totals"]) == (
        False,
        [{"kind": "storage", "bookings": 2, "amount": "2.00", "currency": "EUR"}],
    )
    answer = await client.get("/organization/budget/statement.csv", params={"month": "2026-03", "project": "wing"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["project"], row["kind"], row["amount"]) for row in rows] == [
        (house.project.id, "storage", "1.00"),
        ("", "total storage", "1.00"),
    ]
    [held] = [
        row for row in (await client.get("/organization/budget/storage")).json() if row["project"] == house.project.id
    ]
    assert (held["name"], held["last_bytes"], held["charged"], held["owed"]) == ("wing", GB, "1.00", "0.00")
    assert (await client.get("/organization/budget/statement", params={"month": "2026-13"})).status_code == 422
    assert (await client.get("/organization/budget/statement", params={"month": "2026-04"})).status_code == 404
    await login(client, users["lea"])
    assert (await client.get("/organization/budget/statement", params={"month": "2026-03"})).status_code == 403


# ------------------------------------------------------------------------------------------------------- the limit


async def spend(house: House, amount: int) -> str:
    """Let an execution spend so much of what it reserved, and go on."""
    execution = await house.reserve(amount + 10)
    order = await house.draw(execution, amount, await _compute(house))
    await house.settle(execution, str(order), Quantities(core_s=amount * 3600))
    return execution


async def events(database: Database, type_: str) -> list[dict[str, Any]]:
    async with database.worker() as session:
        return [row.data for row in await session.scalars(select(Event).where(Event.type == type_).order_by(Event.id))]


async def test_at_the_limit_a_budget_only_warns_unless_its_owner_says_more(house: House):
    await house.budget(100, BudgetKind.ORGANIZATION, limit_percent=50)
    execution = await spend(house, 50)
    [told] = await events(house.database, "budget.limit")
    assert (told["limit"], told["at_limit"], told["spent"]) == (50, "warn", "50.00")
    await house.reserve(5)
    async with house.database.worker() as session:
        assert await service.stopped(session, house.organization.id, execution) is None


async def test_an_owner_can_let_nothing_new_begin_at_the_limit(house: House):
    told = await house.budget(100, BudgetKind.ORGANIZATION, policy=AtLimit.STOP_NEW, limit_percent=50)
    execution = await spend(house, 50)
    with pytest.raises(OverBudget, match="its limit of 50 %") as caught:
        await house.reserve(1)
    assert caught.value.reason == "budget_limit"
    async with house.database.worker() as session:
        assert await service.stopped(session, house.organization.id, execution) is None
    async with house.database.app(house.organization.id) as session:
        await service.change_budget(session, house.bea, told.budget.id, amount=Decimal(200))
    await house.reserve(1)


async def test_an_owner_can_have_what_runs_cancelled_at_the_limit(house: House):
    await house.budget(100, BudgetKind.ORGANIZATION, policy=AtLimit.CANCEL_RUNNING, limit_percent=50)
    execution = await spend(house, 50)
    async with house.database.worker() as session:
        why = await service.stopped(session, house.organization.id, execution)
        assert why == ("organization budget: 50.00 EUR are spent, the limit of 50 % at which its owner ends what runs.")
        assert await service.stopped(session, house.organization.id, new_id("exe")) is None
