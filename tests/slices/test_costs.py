"""Money on a real database: exactly what fits is reserved, and the books add up."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from people import caller, login, make_app, make_client, make_organization, make_project, make_user
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine

from heroes.costs import routes, service
from heroes.costs.models import Budget, BudgetPeriod, Draw, LedgerEntry, Reservation, Tariff, Usage
from heroes.costs.rules import BudgetKind, Quantities, Span, Terms
from heroes.costs.schemas import UsageOut
from heroes.identity import Caller, visible
from heroes.kit import lifecycle
from heroes.kit.db import Base, Database, heroes_now
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound, OverBudget
from heroes.kit.ids import new_id
from heroes.kit.outbox import Event

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]


def D(value: Any) -> Decimal:
    return Decimal(str(value))


@dataclass
class Firm:
    """An organization with a project, an engineer, a billing administrator, and a cluster of its own."""

    database: Database
    organization: Any
    project: Any
    lea: Caller
    bea: Caller
    cluster_id: str
    queue_id: str

    async def budget(self, amount: Any, kind: BudgetKind = BudgetKind.PROJECT, **more: Any):
        owner = {BudgetKind.PROJECT: {"project_id": self.project.id}, BudgetKind.USER: {"user_id": self.lea.user_id}}
        given = {"currency": "EUR", "thresholds": (80, 100), **owner.get(kind, {}), **more}
        async with self.database.app(self.organization.id) as session:
            return await service.create_budget(session, self.bea, kind=kind, amount=D(amount), **given)

    async def reserve(self, amount: Any, execution: str | None = None, currency: str = "EUR") -> str:
        subject = execution or new_id("exe")
        async with self.database.app(self.organization.id) as session:
            await service.reserve(
                session, self.lea, project_id=self.project.id, subject=subject, amount=D(amount), currency=currency
            )
        return subject

    async def tariff(self, queue: bool = False, **terms: Any) -> Tariff:
        valid_from = terms.pop("valid_from", None)
        rates = {name: rate if isinstance(rate, bool) else D(rate) for name, rate in terms.items()}
        async with self.database.app(self.organization.id) as session:
            return await service.create_tariff(
                session,
                self.bea,
                cluster_id=self.cluster_id,
                owner_id=self.organization.id,
                queue_id=self.queue_id if queue else None,
                terms=Terms(**{"currency": "EUR", **rates}),
                valid_from=valid_from,
            )

    async def draw(self, execution: str, amount: Any, tariff: Tariff | None = None, submission: str | None = None):
        order = submission or new_id("sub")
        async with self.database.worker() as session:
            covered = await service.draw(
                session,
                organization_id=self.organization.id,
                execution_id=execution,
                submission_id=order,
                amount=D(amount),
                tariff=tariff,
            )
        return order if covered else None

    async def settle(self, execution: str, submission: str, used: Quantities, attempt: str = "", **more: Any):
        async with self.database.worker() as session:
            return await service.settle(
                session,
                organization_id=self.organization.id,
                execution_id=execution,
                submission_id=submission,
                job_id="job_1",
                attempt_id=attempt or new_id("att"),
                project_id=self.project.id,
                user_id=self.lea.user_id,
                quantities=used,
                **{"started": True, **more},
            )

    async def release(self, execution: str) -> None:
        async with self.database.worker() as session:
            await service.release(session, self.organization.id, execution)

    async def cost(self, execution: str) -> dict[str, Any]:
        async with self.database.app(self.organization.id) as session:
            return (await service.of_execution(session, self.organization.id, execution)).as_json()

    async def balances(self) -> list[tuple[str, str, str]]:
        """(reserved, spent, left) of each budget period, in the order of locking."""
        async with self.database.worker() as session:
            rows = (await session.scalars(select(BudgetPeriod).order_by(BudgetPeriod.rank, BudgetPeriod.id))).all()
        return [(f"{r.reserved:.2f}", f"{r.spent:.2f}", f"{r.balance.left:.2f}") for r in rows]


async def _cluster(database: Database, organization_id: str, name: str) -> tuple[str, str]:
    """A cluster with one queue, as rows only."""
    tables = Base.metadata.tables
    cluster_id, queue_id = new_id("clu"), new_id("que")
    cluster = {"id": cluster_id, "organization_id": organization_id, "name": name, "kind": "slurm", "state": "READY"}
    queue = {
        "id": queue_id,
        "organization_id": organization_id,
        "cluster_id": cluster_id,
        "name": "batch",
        "state": "UP",
    }
    queue |= dict.fromkeys(("nodes_total", "nodes_free", "cores_per_node"), 4)
    queue |= dict.fromkeys(("down_nodes", "gpus_per_node", "pending_jobs", "running_jobs"), 0)
    async with database.worker() as session:
        await session.execute(insert(tables["clusters"]).values(cluster | {"job_root": "~/jobs"}))
        await session.execute(
            insert(tables["queues"]).values(queue | {"max_walltime_s": 7200, "sighted_at": heroes_now()})
        )
    return cluster_id, queue_id


@pytest.fixture
async def firm(database: Database) -> Firm:
    organization = await make_organization(database)
    project = await make_project(database, organization)
    lea = await caller(database, organization, "lea", [("engineer", project.id)])
    bea = await caller(database, organization, "bea", ["billing_admin"])
    return Firm(database, organization, project, lea, bea, *await _cluster(database, organization.id, "alpha"))


# ------------------------------------------------------------------------------------------------------------ reserve


async def test_of_fifty_submissions_at_once_on_a_budget_for_three_exactly_three_are_accepted(firm: Firm):
    await firm.budget("30", BudgetKind.ORGANIZATION)
    await firm.budget("100")
    answers = await asyncio.gather(*(firm.reserve(10) for _ in range(50)), return_exceptions=True)
    refused = [one for one in answers if isinstance(one, OverBudget)]
    assert len(refused) == 47
    assert sum(isinstance(one, str) for one in answers) == 3
    assert await firm.balances() == [("30.00", "0.00", "0.00"), ("30.00", "0.00", "70.00")]
    facts = refused[0].facts
    assert (facts["left"], facts["reserved"], facts["needed"], facts["ask"]) == ("0.00", "30.00", "10.00", ["bea"])
    assert "bea" in refused[0].detail


async def test_a_run_over_any_of_its_budgets_is_refused_and_reserves_nothing(firm: Firm):
    await firm.budget("100", BudgetKind.ORGANIZATION)
    await firm.budget("50")
    await firm.budget("12", BudgetKind.USER, title="lea's own")
    with pytest.raises(OverBudget, match=r"lea's own: 12\.00 EUR are left and this needs up to 40\.00 EUR"):
        await firm.reserve(40)
    assert await firm.balances() == []
    async with firm.database.worker() as session:
        assert await session.scalar(select(func.count()).select_from(Reservation)) == 0


async def test_what_costs_money_without_a_budget_is_refused_and_what_is_free_runs(firm: Firm):
    with pytest.raises(OverBudget, match="no budget pays for it") as refused:
        await firm.reserve("0.01")
    assert refused.value.reason == "no_budget"
    execution = await firm.reserve(0)
    order = await firm.draw(execution, 0)
    assert order is not None
    charge = await firm.settle(execution, order, Quantities(core_s=3600))
    assert charge.as_json()["amount"] == "0.00"
    assert charge.reasons == ("There is no tariff for this queue, so nothing is charged.",)


async def test_a_price_in_another_currency_is_refused_with_the_cure(firm: Firm):
    await firm.budget("100")
    with pytest.raises(Conflict, match="budget is in EUR and this is priced in USD"):
        await firm.reserve(1, currency="USD")
    with pytest.raises(Conflict, match="are in EUR"):
        await firm.budget("100", BudgetKind.ORGANIZATION, currency="USD")


async def test_another_projects_and_another_users_budgets_are_left_alone(firm: Firm):
    other = await make_project(firm.database, firm.organization, "hull")
    await firm.budget("5", project_id=other.id)
    await firm.budget("5", BudgetKind.USER, user_id=firm.bea.user_id)
    await firm.budget("100")
    await firm.reserve(50)
    assert [row[0] for row in await firm.balances()] == ["50.00"]


async def test_a_monthly_budget_begins_anew_and_old_reservations_stay_with_their_month(firm: Firm):
    await firm.budget("10", span=Span.MONTH)
    first = await firm.reserve(10)
    with pytest.raises(OverBudget):
        await firm.reserve(10)
    await _shift(firm.database, timedelta(days=32))
    await firm.reserve(10)
    order = await firm.draw(first, 10, await firm.tariff(fixed=4))
    assert order is not None
    await firm.settle(first, order, Quantities())
    await firm.release(first)
    assert sorted(await firm.balances()) == [("0.00", "4.00", "6.00"), ("10.00", "0.00", "0.00")]


async def test_a_closed_or_ended_budget_pays_for_nothing_new(firm: Firm):
    told = await firm.budget("100")
    async with firm.database.app(firm.organization.id) as session:
        await service.close_budget(session, firm.bea, told.budget.id)
    with pytest.raises(OverBudget, match="no budget"):
        await firm.reserve(1)
    async with firm.database.app(firm.organization.id) as session:
        with pytest.raises(Conflict, match="reopen"):
            await service.change_budget(session, firm.bea, told.budget.id, amount=D(50))
        again = await service.change_budget(session, firm.bea, told.budget.id, closed=False)
    assert again.budget.closed_at is None
    await firm.reserve(1)


async def test_a_threshold_is_told_once(firm: Firm):
    await firm.budget("100")
    await firm.reserve(81)
    await firm.reserve(5)
    await firm.reserve(14)
    async with firm.database.worker() as session:
        told = (await session.scalars(select(Event.data).where(Event.type == "budget.threshold"))).all()
    assert [event["threshold"] for event in told] == [80, 100]


# ----------------------------------------------------------------------------------------------------- draw and settle


async def test_a_run_is_charged_its_measured_use_and_the_rest_goes_back(firm: Firm):
    await firm.budget("100", BudgetKind.ORGANIZATION)
    await firm.budget("50")
    tariff = await firm.tariff(core_hour="0.50", fixed="1")
    execution = await firm.reserve(20)
    order = await firm.draw(execution, 12, tariff)
    assert order is not None
    charge = await firm.settle(execution, order, Quantities(core_s=4 * 3600))
    assert (charge.amount, charge.overrun) == (D(3), 0)
    assert [line["item"] for line in charge.lines] == ["fixed", "core_hour"]
    assert await firm.balances() == [("17.00", "3.00", "80.00"), ("17.00", "3.00", "30.00")]
    await firm.release(execution)
    assert await firm.balances() == [("0.00", "3.00", "97.00"), ("0.00", "3.00", "47.00")]
    told = await firm.cost(execution)
    assert (told["status"], told["charged"], told["held"], told["currency"]) == ("final", "3.00", "0.00", "EUR")


async def test_what_costs_more_than_was_drawn_is_paid_by_the_platform_with_the_reason(firm: Firm):
    await firm.budget("100")
    tariff = await firm.tariff(core_hour="1")
    execution = await firm.reserve(5)
    order = await firm.draw(execution, 5, tariff)
    assert order is not None
    charge = await firm.settle(execution, order, Quantities(core_s=7 * 3600))
    assert (charge.amount, charge.overrun) == (D(5), D(2))
    assert "more than was drawn" in charge.reasons[-1]
    async with firm.database.worker() as session:
        booked = (await session.execute(select(LedgerEntry.kind, LedgerEntry.amount).order_by(LedgerEntry.kind))).all()
    assert [(kind, f"{amount:.2f}") for kind, amount in booked] == [("charge", "5.00"), ("overrun", "2.00")]
    assert await firm.balances() == [("0.00", "5.00", "95.00")]


async def test_price_lines_add_up_to_what_was_charged_by_day_and_cluster(firm: Firm):
    await firm.budget("100")
    tariff = await firm.tariff(core_hour="1", fixed="0.5")
    execution = await firm.reserve(9)
    for drawn, hours in ((5, 7), (4, 2)):
        order = await firm.draw(execution, drawn, tariff)
        assert order is not None
        await firm.settle(execution, order, Quantities(core_s=hours * 3600))
    async with firm.database.app(firm.organization.id) as session:
        found = await service.items(session, firm.bea, since=None, until=None)
        [day] = await service.totals(session, firm.bea, service.By.DAY_CLUSTER, since=None, until=None)
        [project] = await service.totals(session, firm.bea, service.By.DAY_PROJECT, since=None, until=None)
        [week] = await service.totals(session, firm.bea, service.By.USER_WEEK, since=None, until=None)
        later = datetime.now(UTC) + timedelta(days=7)
        assert await service.items(session, firm.bea, since=later, until=None) == []
    assert {one.name: one.amount for one in found} == {"core_hour": 9, "fixed": 1, "overrun": D("-2.5")}
    assert (day.key[10:14], day.charged) == (" clu", sum(one.amount for one in found))
    assert project.key == f"{day.key[:10]} {firm.project.id}"
    assert (week.key.split()[0], week.charged) == (firm.lea.user_id, day.charged)


async def test_an_order_that_is_not_covered_draws_nothing_until_more_is_reserved(firm: Firm):
    await firm.budget("100")
    tariff = await firm.tariff(core_hour="1")
    execution = await firm.reserve(5)
    assert await firm.draw(execution, 3, tariff) is not None
    assert await firm.draw(execution, 3, tariff) is None
    async with firm.database.app(firm.organization.id) as session:
        await service.top_up(session, firm.lea, execution, D(2))
    order = await firm.draw(execution, 3, tariff)
    assert order is not None
    charge = await firm.settle(execution, order, Quantities(core_s=3 * 3600))
    assert (charge.amount, charge.overrun) == (D(3), 0)
    async with firm.database.app(firm.organization.id) as session:
        with pytest.raises(NotFound):
            await service.top_up(session, await caller(firm.database, firm.organization, "max"), execution, D(2))


async def test_settling_twice_charges_once(firm: Firm):
    await firm.budget("100")
    tariff = await firm.tariff(fixed="2")
    execution = await firm.reserve(5)
    order = await firm.draw(execution, 5, tariff)
    assert order is not None
    first = await firm.settle(execution, order, Quantities(), "att_1")
    assert await firm.settle(execution, order, Quantities(), "att_1") == first
    await firm.release(execution)
    await firm.release(execution)
    assert await firm.balances() == [("0.00", "2.00", "98.00")]


async def test_an_order_that_never_started_gives_its_draw_back(firm: Firm):
    await firm.budget("100")
    tariff = await firm.tariff(fixed="2")
    execution = await firm.reserve(5)
    order = await firm.draw(execution, 5, tariff)
    assert order is not None
    async with firm.database.worker() as session:
        await service.put_back(session, submission_id=order)
    assert await firm.draw(execution, 5, tariff, "sub_again") == "sub_again"
    charge = await firm.settle(execution, "sub_again", Quantities(), started=False)
    assert charge.reasons == ("It never started, so nothing is charged.",)
    await firm.release(execution)
    assert await firm.balances() == [("0.00", "0.00", "100.00")]


async def test_a_failed_node_is_free_unless_the_sites_terms_charge_it(firm: Firm):
    await firm.budget("100")
    execution = await firm.reserve(20)
    free = await firm.draw(execution, 5, await firm.tariff(fixed="2"))
    charged = await firm.draw(execution, 5, await firm.tariff(queue=True, fixed="2", charges_node_failures=True))
    assert free is not None
    assert charged is not None
    why = "The site's node failed."
    assert (await firm.settle(execution, free, Quantities(), free_of_charge=why)).amount == 0
    assert (await firm.settle(execution, charged, Quantities(), free_of_charge=why)).amount == 2


async def test_what_is_settled_after_the_release_goes_back_to_the_budget(firm: Firm):
    await firm.budget("100")
    tariff = await firm.tariff(fixed="2")
    execution = await firm.reserve(20)
    order = await firm.draw(execution, 5, tariff)
    assert order is not None
    await firm.release(execution)
    assert await firm.balances() == [("5.00", "0.00", "95.00")]
    assert (await firm.cost(execution))["status"] == "accruing"
    await firm.settle(execution, order, Quantities())
    assert await firm.balances() == [("0.00", "2.00", "98.00")]


async def test_a_job_is_priced_by_the_tariff_in_force_when_it_started(firm: Firm):
    await firm.budget("100")
    before = await firm.tariff(fixed="2")
    execution = await firm.reserve(50)
    orders = [await firm.draw(execution, 10, before) for _ in range(2)]
    await _shift(firm.database, timedelta(hours=1))
    after = await firm.tariff(fixed="3")
    assert orders[0] is not None
    assert orders[1] is not None
    early = await firm.settle(execution, orders[0], Quantities(), started_at=after.valid_from - timedelta(seconds=1))
    late = await firm.settle(execution, orders[1], Quantities(), started_at=after.valid_from)
    assert (early.amount, late.amount) == (D(2), D(3))


async def test_whatever_happens_no_budget_is_exceeded_and_the_ledger_adds_up(firm: Firm):
    dice = random.Random(11)
    await firm.budget("60", BudgetKind.ORGANIZATION)
    await firm.budget("50")
    await firm.budget("40", BudgetKind.USER)
    tariff = await firm.tariff(core_hour="1")

    async def run() -> None:
        worst = dice.randrange(1, 8)
        try:
            execution = await firm.reserve(worst)
        except OverBudget:
            return
        for _ in range(dice.randrange(3)):
            order = await firm.draw(execution, dice.randrange(1, 8), tariff)
            if order and dice.random() < 0.2:
                async with firm.database.worker() as session:
                    await service.put_back(session, submission_id=order)
            elif order:
                await firm.settle(execution, order, Quantities(core_s=dice.randrange(10) * 3600.0))
        await firm.release(execution)

    for _ in range(4):
        await asyncio.gather(*(run() for _ in range(15)))
    async with firm.database.worker() as session:
        periods = (await session.scalars(select(BudgetPeriod))).all()
        entries = (await session.scalars(select(LedgerEntry))).all()
        used = (await session.scalars(select(Usage))).all()
        assert await session.scalar(select(func.count()).select_from(Draw).where(Draw.closed_at.is_(None))) == 0
    assert entries
    for row in periods:
        paid = sum((e.amount for e in entries if e.kind == "charge" and row.id in e.period_ids), D(0))
        assert row.spent == paid <= row.amount
        assert row.reserved == 0
    charged = sum((e.amount for e in entries if e.kind == "charge"), D(0))
    assert charged == sum((row.charged for row in used), D(0))


async def test_the_database_itself_refuses_an_exceeded_budget(firm: Firm):
    await firm.budget("10")
    await firm.reserve(10)
    with pytest.raises(IntegrityError, match="never_exceeded"):
        async with firm.database.worker() as session:
            await session.execute(update(BudgetPeriod).values(reserved=BudgetPeriod.reserved + 1))


async def test_the_ledger_only_grows(firm: Firm):
    for statement in (update(LedgerEntry).values(amount=0), delete(LedgerEntry)):
        for opened in (firm.database.worker(), firm.database.app(firm.organization.id)):
            with pytest.raises(ProgrammingError, match="permission denied"):
                async with opened as session:
                    await session.execute(statement)


# ------------------------------------------------------------------------------------------------------------- tariffs


async def test_a_new_tariff_ends_the_one_before_and_the_history_stays(firm: Firm):
    first = await firm.tariff(core_hour="1")
    coming = await firm.tariff(core_hour="3", valid_from=first.valid_from + timedelta(days=30))
    await _shift(firm.database, timedelta(days=1))
    second = await firm.tariff(core_hour="2")
    async with firm.database.app(firm.organization.id) as session:
        rows = (await session.scalars(visible(Tariff, firm.lea).order_by(Tariff.valid_from))).all()
        assert [(row.id, row.valid_until) for row in rows] == [
            (first.id, second.valid_from),
            (second.id, coming.valid_from),
            (coming.id, None),
        ]
        now = await service.tariff_now(session, firm.cluster_id, firm.queue_id)
        before = await service.tariff_at(session, firm.cluster_id, None, first.valid_from)
        assert (now and now.id, before and before.id) == (second.id, first.id)
        assert await service.tariff_at(session, firm.cluster_id, None, first.valid_from - timedelta(seconds=1)) is None


async def test_a_queues_own_tariff_goes_before_the_clusters(firm: Firm):
    general, own = await firm.tariff(core_hour="1"), await firm.tariff(queue=True, core_hour="9")
    async with firm.database.app(firm.organization.id) as session:
        assert (await service.tariff_now(session, firm.cluster_id, firm.queue_id)).id == own.id  # type: ignore[union-attr]
        assert (await service.tariff_now(session, firm.cluster_id, "another")).id == general.id  # type: ignore[union-attr]
        assert set(await service.in_force(session, [firm.cluster_id])) == {
            (firm.cluster_id, None),
            (firm.cluster_id, firm.queue_id),
        }


async def test_prices_are_not_set_for_the_past_nor_for_others_clusters_nor_without_bounds(firm: Firm):
    first = await firm.tariff(core_hour="1")
    with pytest.raises(Invalid, match="past"):
        await firm.tariff(core_hour="2", valid_from=first.valid_from - timedelta(days=1))
    with pytest.raises(Invalid, match="bound of the energy"):
        await firm.tariff(kwh="1")
    async with firm.database.app(firm.organization.id) as session:
        with pytest.raises(Denied):
            await service.create_tariff(
                session, firm.bea, cluster_id=firm.cluster_id, owner_id="org_other", terms=Terms("EUR")
            )
        with pytest.raises(Denied, match="tariff"):
            await service.create_tariff(
                session, firm.lea, cluster_id=firm.cluster_id, owner_id=firm.organization.id, terms=Terms("EUR")
            )


async def test_a_deleted_projects_budget_is_closed_and_its_books_are_kept(firm: Firm):
    await firm.budget("10")
    async with firm.database.worker() as session:
        gone = ("project", firm.organization.id, firm.project.id)
        assert (await lifecycle.count(session, *gone))["budgets"] == 1
        await lifecycle.purge(session, *gone)
        assert (await session.scalars(select(Budget.closed_at))).one() is not None


# -------------------------------------------------------------------------------------------------------------- routes


@pytest.fixture
async def client(firm: Firm) -> AsyncIterator[httpx.AsyncClient]:
    app = make_app(firm.database, routes.router)
    async with make_client(app) as opened:
        yield await login(opened, await make_user(firm.database, firm.organization, "bo", ["billing_admin"]))


async def test_a_billing_administrator_sets_prices_and_budgets(firm: Firm, client: httpx.AsyncClient):
    rates = {"cluster": "alpha", "queue": "batch", "core_hour": "0.02", "kwh": "0.30", "node_power_w": "400"}
    made = await client.post("/organization/tariff", json=rates)
    assert made.status_code == 201, made.text
    assert made.json()["core_hour"] == "0.02"
    assert [row["id"] for row in (await client.get("/organization/tariff/list?cluster=alpha")).json()] == [
        made.json()["id"]
    ]
    asked = {"cluster": "alpha", "queue": "batch", "cores": 4, "count": 10}
    preview = (await client.post("/organization/tariff/preview", json=asked)).json()
    assert preview["worst_case"] == "4.00"  # 10 × 2 h × (4 cores × 0.02 + 0.4 kW × 0.30)
    assert {line["item"]: line["amount"] for line in preview["lines"]} == {"core_hour": "0.16", "kwh": "0.24"}

    made = await client.post("/organization/budget", json={"kind": "project", "project": "wing", "amount": "100.00"})
    assert made.status_code == 201, made.text
    await firm.reserve(30)
    [told] = (await client.get("/organization/budget/list")).json()
    assert (told["left"], told["reserved"], told["spent"], told["percent"]) == ("70.00", "30.00", "0.00", "30.0")
    changed = await client.patch(f"/organization/budget/{told['id']}", json={"amount": "40"})
    assert changed.json()["left"] == "10.00"
    refused = await client.patch(f"/organization/budget/{told['id']}", json={"amount": "20"})
    assert (refused.status_code, refused.json()["code"]) == (409, "below_taken")
    assert (await client.delete(f"/organization/budget/{told['id']}")).status_code == 204
    assert (await client.get("/organization/budget/list")).json() == []
    assert (await client.delete(f"/organization/tariff/{preview['tariff']}")).json()["valid_until"] is not None


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "project", "amount": "1"},
        {"kind": "organization", "project": "wing", "amount": "1"},
        {"kind": "project", "project": "wing", "amount": "0"},
        {"kind": "project", "project": "wing", "amount": "1", "currency": "euro"},
        {"kind": "project", "project": "wing", "amount": "1", "unknown": 1},
    ],
)
async def test_a_budget_that_says_not_whose_it_is_is_refused(client: httpx.AsyncClient, body: dict[str, str]):
    assert (await client.post("/organization/budget", json=body)).status_code == 422


async def test_an_engineer_sees_what_is_left_and_changes_nothing(firm: Firm, client: httpx.AsyncClient):
    told = await firm.budget("100")
    await firm.budget("7", BudgetKind.USER, user_id=firm.bea.user_id)
    await login(
        client, await make_user(firm.database, firm.organization, "eve", [("engineer", firm.project.id), "engineer"])
    )
    assert [row["id"] for row in (await client.get("/organization/budget/list")).json()] == [told.budget.id]
    for answer in (
        await client.post("/organization/budget", json={"kind": "organization", "amount": "1"}),
        await client.patch(f"/organization/budget/{told.budget.id}", json={"amount": "1000"}),
        await client.delete(f"/organization/budget/{told.budget.id}"),
        await client.post("/organization/tariff", json={"cluster": "alpha"}),
    ):
        assert answer.status_code == 403, answer.text


async def test_a_new_price_is_tried_on_runs_of_the_past_before_it_holds(firm: Firm, client: httpx.AsyncClient):
    await firm.budget("100")
    tariff = await firm.tariff(fixed="2")
    for _ in range(4):
        execution = await firm.reserve(20)
        order = await firm.draw(execution, 5, tariff)
        assert order is not None
        await firm.settle(execution, order, Quantities(core_s=7200))
    asked = {"cluster": "alpha", "fixed": "1", "core_hour": "0.25"}
    told = (await client.post("/organization/tariff/effect", json=asked)).json()
    assert (told["runs"], told["before"], told["after"]) == (4, "8.00", "6.00")
    assert [(one["before"], one["after"]) for one in told["samples"]] == [("2.00", "1.50")] * 3
    assert len((await client.get("/organization/tariff/list")).json()) == 1, "nothing is stored"


async def test_a_kind_of_booking_is_known_in_any_case_and_another_word_is_refused_by_name(client: httpx.AsyncClient):
    for kind in ("charge", "Storage", "OVERRUN"):
        assert (await client.get("/organization/budget/ledger", params={"kind": kind})).status_code == 200, kind
    wrong = await client.get("/organization/budget/ledger", params={"kind": "chargeback"})
    assert wrong.status_code == 422
    [problem] = wrong.json()["problems"]
    assert problem["code"] == "not_one_of"
    assert all(f"'{kind}'" in problem["facts"]["expected"] for kind in ("charge", "storage", "overrun"))


async def test_the_ledger_shows_each_reader_their_part(firm: Firm, client: httpx.AsyncClient):
    await firm.budget("100")
    execution = await firm.reserve(20)
    order = await firm.draw(execution, 5, await firm.tariff(fixed="2"))
    assert order is not None
    await firm.settle(execution, order, Quantities())
    rows = (await client.get(f"/organization/budget/ledger?execution={execution}")).json()
    assert [(row["kind"], row["amount"], row["user"]) for row in rows] == [("charge", "2.00", firm.lea.user_id)]
    for asked, found in (
        ({"kind": "charge", "user": firm.lea.user_id, "project": firm.project.id}, rows),
        ({"kind": "overrun"}, []),
        ({"user": firm.bea.user_id}, []),
        ({"since": "2020-01-01T00:00:00Z"}, rows),
        ({"until": "2020-01-01T00:00:00Z"}, []),
    ):
        assert (await client.get("/organization/budget/ledger", params=asked)).json() == found
    await login(client, await make_user(firm.database, firm.organization, "eve", ["engineer"]))
    assert (await client.get("/organization/budget/ledger")).json() == []


async def test_another_organization_sees_none_of_it(firm: Firm, client: httpx.AsyncClient):
    told = await firm.budget("100")
    tariff = await firm.tariff(core_hour="1")
    rival = await make_organization(firm.database, "rival")
    await login(client, await make_user(firm.database, rival, "rob", ["billing_admin"]))
    for path in ("/organization/budget/list", "/organization/tariff/list", "/organization/budget/ledger"):
        assert (await client.get(path)).json() == []
    assert (await client.get(f"/organization/budget/{told.budget.id}")).status_code == 404
    assert (await client.patch(f"/organization/budget/{told.budget.id}", json={"amount": "1"})).status_code == 404
    assert (await client.get(f"/organization/tariff/{tariff.id}")).status_code == 404
    assert (await client.post("/organization/tariff/preview", json={"cluster": "alpha"})).status_code == 404


async def _shift(database: Database, by: timedelta) -> None:
    """Move the database's clock on."""
    engine = create_async_engine(database.urls.owner)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE heroes_clock SET shift = shift + :by").bindparams(by=by))
    await engine.dispose()


async def test_usage_adds_up_for_those_who_keep_the_books_and_for_oneself_only(firm: Firm):
    execution = await firm.reserve(0)
    for seconds, joules, memory in ((3600, 50.0, 2**30 * 3600.0), (1800, None, None)):
        order = await firm.draw(execution, 0)
        assert order is not None
        await firm.settle(execution, order, Quantities(core_s=seconds, energy_j=joules, memory_byte_s=memory))
    async with firm.database.app(firm.organization.id) as session:
        [whole] = await service.totals(session, firm.bea, service.By.PROJECT, since=None, until=None)
        assert (whole.key, whole.attempts, whole.core_s) == (firm.project.id, 2, 5400)
        assert (whole.energy_j, whole.measured) == (50, 1)
        assert (UsageOut.of(whole).memory_gib_h, whole.memory_known) == ("1.00", 1)
        [own] = await service.totals(session, firm.lea, service.By.USER, since=None, until=None)
        assert own.attempts == 2
        stranger = replace(firm.lea, user_id="usr_other", project_actions={})
        assert await service.totals(session, stranger, service.By.DAY, since=None, until=None) == []
