"""A job that its reservation does not cover: placed where it does, else waiting, with words that help, for more."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import pytest
from people import caller
from sqlalchemy import select, update
from test_placement import Firm, make_firm

from heroes.clusters.models import Line
from heroes.costs import service as costs
from heroes.costs.models import Draw, Tariff
from heroes.data.models import Transfer
from heroes.data.rules import Progress, StageItem
from heroes.executions import views
from heroes.executions.models import Execution, Step
from heroes.executions.rules import Status, StepState
from heroes.jobs import service as jobs
from heroes.jobs.models import Job
from heroes.jobs.rules import Spec, State
from heroes.jobs.steps import place
from heroes.kit.db import Database, heroes_now
from heroes.kit.ids import new_id
from heroes.kit.work import Claim, Registration, Waiter, Work
from heroes.placement.service import NEEDS_BUDGET

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
SENT = StageItem("data", "dir")


@dataclass
class Run:
    """An execution with one job of one core-hour, and what is reserved for it."""

    firm: Firm
    wid: str
    job_id: str

    async def step(self, act: Callable[[Work, Claim], Awaitable[None]]) -> Job:
        """Do one durable step of the job and return it."""
        work = Work(self.firm.database)
        async with self.firm.database.worker() as session:
            await session.execute(update(Job).values(due_at=heroes_now()))
        [claim] = await work.claim(Registration(Job, act), 1)
        await act(work, claim)
        return await self.job()

    async def job(self) -> Job:
        async with self.firm.database.worker() as session:
            return (await session.scalars(select(Job).where(Job.id == self.job_id))).one()

    async def price(self, cluster_id: str, core_hour: str) -> None:
        async with self.firm.database.worker() as session:
            cluster = Tariff.cluster_id == cluster_id
            await session.execute(update(Tariff).where(cluster).values(core_hour=Decimal(core_hour)))


async def started(firm: Firm, reserved: str, inputs: Sequence[StageItem] = (SENT,)) -> Run:
    wid, organization = new_id("exe"), firm.organization.id
    async with firm.database.worker() as session:
        await session.execute(update(Line).values(root="/scratch"))
        kept: dict[str, Any] = {"parameters": {}, "inputs": {}, "policy": "cheapest", "chosen": False}
        session.add(
            Execution(
                id=wid,
                organization_id=organization,
                user_id=firm.lea.user_id,
                username="lea",
                project_id=firm.project.id,
                workflow_id="wfl_1",
                version_id="ver_1",
                name="solve",
                status=Status.PENDING,
                status_since=heroes_now(),
                submit_time=heroes_now(),
                **kept,
            )
        )
        await session.flush()
        step = {"number": 0, "name": "solve", "title": "Solve", "state": StepState.RUNNING, "jobs": 1}
        session.add(Step(id=new_id("stp"), organization_id=organization, execution_id=wid, **step))
        spec = Spec(
            command=("true",),
            script=None,
            params={},
            environment={},
            inputs=tuple(map(asdict, inputs)),
            outputs={},
            walltime_s=3600,
        )
        new = jobs.NewJob(
            execution_id=wid,
            project_id=firm.project.id,
            user_id=firm.lea.user_id,
            workflow_id="wfl_1",
            step="solve",
            index=0,
            title="Solve",
            spec=spec,
            policy="cheapest",
            weights=None,
        )
        [job_id] = await jobs.create(session, organization, [new], Waiter("executions", wid))
    async with firm.database.app(organization) as session:
        await costs.reserve(
            session, firm.lea, project_id=firm.project.id, subject=wid, amount=Decimal(reserved), currency="EUR"
        )
    return Run(firm, wid, job_id)


@pytest.fixture
async def firm(database: Database) -> Firm:
    made = await make_firm(database)
    await caller(database, made.organization, "bea", ["billing_admin"])
    return made


async def test_a_job_goes_to_the_place_that_its_reservation_covers(firm: Firm) -> None:
    await firm.cluster("fast", "0.90", nodes_free=2)
    await firm.cluster("slow", "0.10", nodes_free=0)
    run = await started(firm, "0.50")
    async with firm.database.worker() as session:
        await session.execute(update(Job).values(policy="fastest"))
    for name, cluster_seconds in (("fast", 10.0), ("slow", 100.0)):
        clusters = {one.cluster: one.cluster_id for one in (await firm.rank()).candidates}
        await firm.observe(clusters[name], name, [cluster_seconds] * 3, cores=1)
    placed = await run.step(place.place)
    assert (placed.cluster, placed.state) == ("slow", State.STAGING)


async def test_a_job_without_inputs_waits_for_no_transfer(firm: Firm) -> None:
    await firm.cluster("alpha", "0.10")
    run = await started(firm, "0.25", inputs=())
    placed = await run.step(place.place)
    assert (placed.state, placed.stage_in_id) == (State.SUBMITTING, None)
    async with firm.database.worker() as session:
        assert (await session.scalars(select(Transfer.id))).all() == []
        assert (await session.scalars(select(Draw.amount))).all() == [Decimal("0.10")]


async def test_a_job_that_nothing_reserved_covers_waits_and_says_what_for_and_whom_to_ask(firm: Firm) -> None:
    await firm.cluster("alpha", "0.90")
    run = await started(firm, "0.25")
    waiting = await run.step(place.place)
    assert (waiting.state, waiting.note_code, waiting.stage_in_id) == (State.PLACED, NEEDS_BUDGET, None)
    for word in (
        "alpha/main, may cost up to 0.90 EUR, and 0.25 EUR are left",
        "Reserve 0.65 more",
        f"top-up {run.wid} 0.65`",
        "ask bea to raise it first.",
    ):
        assert word in waiting.note
    async with firm.database.app(firm.organization.id) as session:
        execution = await session.get_one(Execution, run.wid)
        shown = await views.execution_out(session, firm.lea, execution)
    assert shown.steps[0].waiting == waiting.note


async def test_a_price_that_rose_while_inputs_were_sent_moves_the_job_to_a_covered_place(firm: Firm) -> None:
    alpha = await firm.cluster("alpha", "0.10")
    await firm.cluster("beta", "0.20")
    run = await started(firm, "0.25")
    assert (await run.step(place.place)).cluster == "alpha"
    await _delivered(run)
    await run.price(alpha, "0.90")
    moving = await run.step(place.staged)
    assert (moving.state, moving.note_code) == (State.PLACED, "moving")
    assert "beta" in moving.note
    assert moving.line_id is not None  # what it left at alpha is removed first


async def test_a_waiting_job_is_woken_by_a_top_up_and_then_ordered(firm: Firm) -> None:
    alpha = await firm.cluster("alpha", "0.10")
    run = await started(firm, "0.25")
    await run.step(place.place)
    await _delivered(run)
    await run.price(alpha, "0.90")
    assert (await run.step(place.staged)).note_code == NEEDS_BUDGET
    async with firm.database.app(firm.organization.id) as session:
        await costs.top_up(session, firm.lea, run.wid, Decimal("0.65"))
    async with firm.database.worker() as session:
        execution = await session.get_one(Execution, run.wid)
        assert execution.due_at is not None
        await jobs.wake_for_money(session, run.wid, firm.organization.id)
    async with firm.database.worker() as session:
        due = Job.due_at <= heroes_now()
        assert (await session.scalars(select(Job.id).where(due))).all() == [run.job_id]
    assert (await run.step(place.staged)).state == State.SUBMITTING
    async with firm.database.worker() as session:
        assert sum((await session.scalars(select(Draw.amount))).all()) == Decimal("0.90")


async def _delivered(run: Run) -> None:

    async with run.firm.database.worker() as session:
        await session.execute(update(Transfer).values(state=Progress.DONE))
