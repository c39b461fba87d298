"""Placement on a real database: who sees which places, what is learned, what is kept of a decision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from people import caller, login, make_app, make_client, make_organization, make_project, make_user
from sqlalchemy import func, insert, select, update

from heroes.clusters.models import Cluster, Line, Queue
from heroes.costs import service as costs
from heroes.costs.rules import BudgetKind, Terms
from heroes.data.models import Transfer
from heroes.identity import Caller
from heroes.kit import lifecycle
from heroes.kit.db import Base, Database
from heroes.kit.errors import Invalid, NotFound
from heroes.kit.ids import new_id
from heroes.placement import routes, service
from heroes.placement.models import Decision, Forecast, Observed
from heroes.placement.rules import Need, Observation, Policy
from heroes.placement.schemas import Ranking

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

NEED = Need(step="solve", workflow_id="wfl_1", cores=2, tasks=2, walltime_s=600, commands=("python3",))


@dataclass
class Firm:
    """An organization with a project, an engineer and a budget in EUR."""

    database: Database
    organization: Any
    project: Any
    lea: Caller

    async def cluster(
        self, name: str, core_hour: str | None = "0.02", *, currency: str = "EUR", line: bool = True, **queue: Any
    ) -> str:
        """Add a cluster with one queue, an account that answers, and a price; return its id."""
        cluster_id, owner = new_id("clu"), self.organization.id
        async with self.database.worker() as session:
            session.add(
                Cluster(
                    id=cluster_id,
                    organization_id=owner,
                    name=name,
                    kind="slurm",
                    state=queue.pop("cluster_state", "READY"),
                    job_root="/scratch",
                )
            )
            await session.flush()
            given = {
                "facts": {"commands": ["python3"]},
                "state": "UP",
                "nodes_free": 2,
                "max_walltime_s": 3600,
                **queue,
            }
            session.add(
                Queue(
                    id=f"que_{name}",
                    organization_id=owner,
                    cluster_id=cluster_id,
                    name="main",
                    nodes_total=2,
                    down_nodes=0,
                    cores_per_node=4,
                    cores_total=8,
                    gpus_per_node=0,
                    pending_jobs=0,
                    running_jobs=0,
                    sighted_at=func.heroes_now(),
                    **given,
                )
            )
            if line:
                session.add(
                    Line(
                        id=f"lin_{name}",
                        organization_id=owner,
                        cluster_id=cluster_id,
                        kind="slurm",
                        account="heroes",
                        auth="none",
                        state="CONNECTED",
                        last_heard_at=func.heroes_now(),
                    )
                )
        if core_hour is not None:
            async with self.database.app(owner) as session:
                await costs.create_tariff(
                    session,
                    Caller.system(owner),
                    cluster_id=cluster_id,
                    owner_id=owner,
                    terms=Terms(currency=currency, core_hour=Decimal(core_hour)),
                )
        return cluster_id

    async def open(self, kind: str, object_id: str, grantee: str, grantee_type: str = "organization") -> None:
        row = {
            "id": new_id("gra"),
            "organization_id": self.organization.id,
            "object_type": kind,
            "object_id": object_id,
            "grantee_type": grantee_type,
            "grantee_id": grantee,
            "grantee_organization_id": grantee if grantee_type == "organization" else None,
            "right": "use",
        }
        async with self.database.worker() as session:
            await session.execute(insert(Base.metadata.tables["grants"]).values(**row))

    async def rank(self, *needs: Need, who: Caller | None = None, **more: Any) -> Ranking:
        async with self.database.app(self.organization.id) as session:
            return await service.rank(session, who or self.lea, needs or (NEED,), project_id=self.project.id, **more)

    async def choose(self, need: Need = NEED, **more: Any):
        async with self.database.worker() as session:
            return await service.choose(
                session, need, organization_id=self.organization.id, user_id=self.lea.user_id, **more
            )

    async def observe(self, cluster_id: str, name: str, seconds: Sequence[float], **changes: Any) -> None:
        async with self.database.worker() as session:
            for value in seconds:
                given = {
                    "workflow_id": "wfl_1",
                    "step": "solve",
                    "user_id": self.lea.user_id,
                    "cluster_id": cluster_id,
                    "queue_id": f"que_{name}",
                    "job_id": new_id("job"),
                    "cores": 2,
                    "nodes": 1,
                    "gpus": 0,
                    "input_bytes": 10,
                    "params": {"panels": 100},
                    "run_s": value,
                    "wait_s": 5.0,
                    "memory_bytes": 10**8,
                    "energy_j": 1000.0,
                    **changes,
                }
                await service.observe(session, self.organization.id, Observation(**given))

    async def keep(self, ranking: Ranking, number: int = 0, execution: str = "exe_1") -> str:
        async with self.database.app(self.organization.id) as session:
            return await service.keep(
                session,
                self.lea,
                ranking,
                execution_id=execution,
                chosen=ranking.candidates[number],
                project_id=self.project.id,
            )


async def make_firm(database: Database, name: str = "acme") -> Firm:
    organization = await make_organization(database, name)
    project = await make_project(database, organization)
    lea = await caller(database, organization, "lea", [("engineer", None), ("engineer", project.id)])
    async with database.app(organization.id) as session:
        await costs.create_budget(
            session,
            Caller.system(organization.id),
            kind=BudgetKind.PROJECT,
            amount=Decimal(100),
            currency="EUR",
            project_id=project.id,
            thresholds=(),
        )
    return Firm(database, organization, project, lea)


@pytest.fixture
async def firm(database: Database) -> Firm:
    return await make_firm(database)


def names(ranking: Ranking) -> list[str]:
    return [one.cluster for one in ranking.candidates]


def codes(ranking: Ranking) -> dict[str, str]:
    return {one.cluster: one.code for one in ranking.discarded}


async def test_with_no_history_places_stand_by_worst_case_price_and_nothing_is_predicted(firm: Firm) -> None:
    await firm.cluster("dear", "0.09")
    await firm.cluster("full", "0.02", nodes_free=0)
    await firm.cluster("free", "0.02", nodes_free=2)
    found = await firm.rank()
    assert names(found) == ["free", "full", "dear"]
    assert found.policy.name == Policy.WEIGHTED
    assert found.order.code == "no_prediction"
    for one in found.candidates:
        for quantity in (one.cost, one.time, one.wait, one.memory, one.energy):
            assert quantity.value is None
            assert quantity.confidence == "none"
            assert quantity.reason is not None
        assert one.worst_case.currency == "EUR"
        assert Decimal(one.worst_case.amount) > 0
    assert Decimal(found.candidates[0].worst_case.amount) == pytest.approx(Decimal("0.02") * 2 / 6, abs=Decimal("1e-8"))


async def test_every_place_that_cannot_run_it_is_named_with_reason_and_cure(firm: Firm) -> None:
    await firm.cluster("good")
    await firm.cluster("paused", cluster_state="PAUSED")
    await firm.cluster("noaccount", line=False)
    await firm.cluster("unpriced", None)
    await firm.cluster("foreign", currency="CHF")
    await firm.cluster("unchecked", facts={})
    await firm.cluster("closed", state="DOWN")
    found = await firm.rank()
    assert names(found) == ["good"]
    assert codes(found) == {
        "paused": "paused",
        "noaccount": "no_account",
        "unpriced": "no_tariff",
        "foreign": "other_currency",
        "unchecked": "not_checked",
        "closed": "queue_closed",
    }
    assert all(one.reason and one.cure for one in found.discarded)


async def test_a_cluster_that_fell_silent_is_discarded_until_it_is_heard_again(firm: Firm) -> None:
    await firm.cluster("alpha")
    async with firm.database.worker() as session:
        ago = func.heroes_now() - func.make_interval(0, 0, 0, 0, 1)
        await session.execute(update(Line).where(Line.id == "lin_alpha").values(last_heard_at=ago))
    assert codes(await firm.rank()) == {"alpha": "not_heard_from"}
    choice = await firm.choose()
    assert choice.candidate is None
    assert choice.code == "not_heard_from"
    assert "Not heard from since" in choice.reason
    async with firm.database.worker() as session:
        await session.execute(update(Line).where(Line.id == "lin_alpha").values(last_heard_at=func.heroes_now()))
    assert names(await firm.rank()) == ["alpha"]


async def test_predictions_move_with_what_is_observed_and_change_the_order(firm: Firm) -> None:
    alpha, beta = await firm.cluster("alpha", "0.02"), await firm.cluster("beta", "0.03")
    await firm.observe(alpha, "alpha", [100.0] * 5)
    first = await firm.rank(policy="fastest")
    assert [(one.cluster, one.time.value) for one in first.candidates] == [("alpha", 100.0), ("beta", None)]
    await firm.observe(beta, "beta", [20.0] * 5)
    second = await firm.rank(policy="fastest")
    assert [(one.cluster, one.time.value) for one in second.candidates] == [("beta", 20.0), ("alpha", 100.0)]
    assert second.candidates[0].time.n_similar == 5
    assert second.candidates[0].time.low80 < 20 < second.candidates[0].time.high80
    assert second.candidates[0].cost.value == pytest.approx(0.03 * 2 * 20 / 3600)
    cheapest = await firm.rank(policy="cheapest")
    assert names(cheapest)[0] == "beta"
    await firm.observe(beta, "beta", [300.0] * 40)
    assert names(await firm.rank(policy="fastest")) == ["alpha", "beta"]


async def test_the_same_job_told_twice_is_learned_once(firm: Firm) -> None:
    alpha = await firm.cluster("alpha")
    for _ in range(2):
        await firm.observe(alpha, "alpha", [100.0], job_id="job_same")
    assert (await firm.rank()).candidates[0].time.n_similar == 1


async def test_what_one_organization_ran_teaches_no_other(firm: Firm) -> None:
    alpha = await firm.cluster("alpha")
    other = await make_firm(firm.database, "other")
    await firm.open("cluster", alpha, other.organization.id)
    await firm.open("line", "lin_alpha", other.organization.id)
    await firm.observe(alpha, "alpha", [100.0] * 5)
    [mine], [theirs] = (await firm.rank()).candidates, (await other.rank()).candidates
    assert mine.time.value == 100.0
    assert theirs.time.value is None
    assert (await other.choose()).candidate.time.value is None
    assert mine.shared_account is None
    assert "file rights" in theirs.shared_account


async def test_a_cluster_of_another_organization_is_no_candidate_and_not_even_named(firm: Firm) -> None:
    await firm.cluster("alpha")
    other = await make_firm(firm.database, "other")
    found = await other.rank()
    assert (found.candidates, found.discarded) == ([], [])
    assert found.order.code == "no_candidate"
    choice = await other.choose()
    assert choice.candidate is None
    assert choice.code == "no_cluster"
    assert "alpha" not in choice.reason


async def test_a_cluster_granted_to_one_project_is_chosen_for_its_jobs_only(firm: Firm) -> None:
    alpha = await firm.cluster("alpha")
    other = await make_firm(firm.database, "other")
    await firm.open("cluster", alpha, other.project.id, "project")
    await firm.open("line", "lin_alpha", other.project.id, "project")
    assert (await other.choose(project_id=other.project.id)).candidate.cluster == "alpha"
    assert (await other.choose()).candidate is None


async def test_a_job_goes_to_the_place_the_ranking_puts_first(firm: Firm) -> None:
    await firm.cluster("dear", "0.09")
    cheap = await firm.cluster("cheap", "0.01")
    choice = await firm.choose(project_id=firm.project.id)
    assert (choice.candidate.cluster, choice.candidate.cluster_id) == ("cheap", cheap)
    assert (choice.candidate.queue, choice.candidate.queue_id) == ("main", "que_cheap")


async def test_a_bound_job_goes_to_its_cluster_or_waits_and_says_why(firm: Firm) -> None:
    await firm.cluster("alpha", "0.09")
    await firm.cluster("beta", "0.01", state="DOWN")
    alpha, beta, gone = (
        Need(step="solve", workflow_id="wfl_1", walltime_s=60, pinned_cluster=name)
        for name in ("alpha", "beta", "gone")
    )
    assert (await firm.choose(alpha)).candidate.cluster == "alpha"
    waits = await firm.choose(beta)
    assert (waits.candidate, waits.code) == (None, "queue_closed")
    missing = await firm.choose(gone)
    assert (missing.candidate, missing.code) == (None, "no_such_cluster")


async def test_steps_bound_to_two_clusters_are_priced_together(firm: Firm) -> None:
    await firm.cluster("alpha", "0.06")
    await firm.cluster("beta", "0.60")
    first = Need(step="first", workflow_id="wfl_1", walltime_s=3600, pinned_cluster="alpha")
    second = Need(step="second", workflow_id="wfl_1", walltime_s=3600, pinned_cluster="beta")
    found = await firm.rank(first, second)
    assert names(found) == ["alpha"]
    assert [(one.step, one.cluster) for one in found.candidates[0].places] == [("first", "alpha"), ("second", "beta")]
    assert Decimal(found.candidates[0].worst_case.amount) == pytest.approx(Decimal("0.66"))


async def test_a_free_step_is_ranked_and_the_bound_one_added_to_each(firm: Firm) -> None:
    await firm.cluster("alpha", "0.06")
    await firm.cluster("beta", "0.60")
    free = Need(step="first", workflow_id="wfl_1", walltime_s=3600)
    bound = Need(step="second", workflow_id="wfl_1", walltime_s=3600, pinned_cluster="beta")
    found = await firm.rank(free, bound)
    assert [(one.cluster, one.worst_case.amount) for one in found.candidates] == [("alpha", "0.66"), ("beta", "1.20")]


async def test_a_step_bound_to_a_place_that_cannot_run_it_leaves_no_candidate(firm: Firm) -> None:
    await firm.cluster("alpha")
    await firm.cluster("beta", cluster_state="PAUSED")
    for target, code in (("beta", "paused"), ("gone", "no_such_cluster")):
        found = await firm.rank(NEED, Need(step="second", workflow_id="w", walltime_s=60, pinned_cluster=target))
        assert found.candidates == []
        assert codes(found)[target] == code


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"policy": "luckiest"}, "/policy"),
        ({"policy": "fastest", "weights": {"cost": 1}}, "/weights"),
        ({"weights": {"speed": 1}}, "/weights"),
    ],
)
async def test_an_unknown_policy_or_weight_is_refused_with_a_pointer(firm: Firm, given, pointer) -> None:
    with pytest.raises(Invalid) as refused:
        await firm.rank(**given)
    assert [one["pointer"] for one in refused.value.facts["problems"]] == [pointer]


async def test_weights_alone_mean_the_weighted_policy(firm: Firm) -> None:
    found = await firm.rank(weights={"time": 3, "cost": 1})
    assert found.policy.name == Policy.WEIGHTED
    assert found.policy.weights == {"time": 0.75, "cost": 0.25}


async def test_a_decision_keeps_what_was_shown_chosen_and_what_came_of_it(firm: Firm) -> None:
    alpha = await firm.cluster("alpha", "0.01")
    await firm.cluster("beta", "0.09")
    decision = await firm.keep(await firm.rank(), 1)
    await firm.observe(alpha, "alpha", [30.0, 40.0], execution_id="exe_1", handled_s=12.0)
    await firm.observe(alpha, "alpha", [50.0], execution_id="exe_1", energy_j=None, handled_s=9.0)
    async with firm.database.app(firm.organization.id) as session:
        found = await service.get(session, firm.lea, decision)
    assert (found.cluster, found.rank, found.execution) == ("beta", 2, "exe_1")
    assert [one["cluster"] for one in found.candidates] == ["alpha", "beta"]
    assert found.candidates[0]["time"]["value"] is None
    assert (found.outcome.jobs, found.outcome.run_s) == (3, 50.0), "jobs of a step run side by side"
    assert (found.outcome.wait_s, found.outcome.handled_s) == (5.0, 9.0), "with the others, these are the whole time"
    assert found.outcome.energy_j is None, "half a sum must not pass for the whole"


async def test_decisions_are_read_by_their_owner_and_overseers_alone(firm: Firm) -> None:
    await firm.cluster("alpha")
    decision = await firm.keep(await firm.rank())
    database, organization = firm.database, firm.organization
    app = make_app(database, routes.router)
    readers = {
        "tom": (organization, [("workflow_admin", None)], 200),
        "pia": (organization, [("project_admin", firm.project.id)], 200),
        "max": (organization, [("engineer", None)], 404),
        "bea": (organization, [("billing_admin", None)], 404),
        "eve": (await make_organization(database, "other"), [("organization_admin", None)], 404),
    }
    async with make_client(app) as client:
        assert (await client.get(f"/organization/decision/{decision}")).status_code == 401
        assert (await client.get("/organization/decision/list")).status_code == 401
        for name, (of, roles, status) in readers.items():
            await login(client, await make_user(database, of, name, roles))
            answer = await client.get(f"/organization/decision/{decision}")
            assert (name, answer.status_code) == (name, status)
            listed = (await client.get("/organization/decision/list", params={"execution": "exe_1"})).json()
            assert (name, [one["id"] for one in listed]) == (name, [decision] if status == 200 else [])


async def test_the_second_wall_holds_for_decisions_and_observations(firm: Firm) -> None:
    alpha = await firm.cluster("alpha")
    decision = await firm.keep(await firm.rank())
    await firm.observe(alpha, "alpha", [10.0])
    other = await make_firm(firm.database, "other")
    async with firm.database.app(other.organization.id) as session:
        assert (await session.scalars(select(Decision))).all() == []
        assert (await session.scalars(select(Observed))).all() == []
        with pytest.raises(NotFound):
            await service.get(session, other.lea, decision)


async def test_when_a_user_goes_the_organization_keeps_what_it_learned_without_the_person(firm: Firm) -> None:
    alpha = await firm.cluster("alpha")
    await firm.observe(alpha, "alpha", [10.0])
    await firm.keep(await firm.rank())
    async with firm.database.worker() as session:
        await lifecycle.purge(session, "user", firm.organization.id, firm.lea.user_id)
    async with firm.database.worker() as session:
        assert (await session.scalars(select(Decision))).all() == []
        [row] = (await session.scalars(select(Observed))).all()
    assert (row.user_id, row.params, row.run_s) == (None, {}, 10.0)


def test_the_bound_of_moved_bytes_covers_results_and_grows_with_large_inputs() -> None:
    assert service.moved_bound([]) == 2**30
    assert service.moved_bound([{"size": 2**31}, {"size": None}, {"size": 5}]) == 2**31 + 5


async def test_what_was_predicted_for_a_job_is_judged_by_what_happened(firm: Firm) -> None:
    alpha = await firm.cluster("alpha")
    await firm.observe(alpha, "alpha", [100.0, 104.0, 96.0, 100.0])
    await firm.keep(await firm.rank(), execution="exe_9")
    choice = await firm.choose(project_id=firm.project.id, job_id="job_judged", execution_id="exe_9")
    assert choice.candidate.predictions[0].time.value == pytest.approx(100, rel=0.05)
    async with firm.database.app(firm.organization.id) as session:
        before = await service.report(session, firm.lea)
    assert (before.time.jobs, before.missing[0].jobs) == (0, 1)
    await firm.observe(alpha, "alpha", [125.0], job_id="job_judged", execution_id="exe_9")
    async with firm.database.app(firm.organization.id) as session:
        found = await service.report(session, firm.lea)
    assert (found.jobs, found.time.jobs, found.missing) == (1, 1, [])
    assert found.time.accuracy == pytest.approx(0.8, abs=0.04)
    assert found.time.bias == pytest.approx(0.8, abs=0.04)
    assert {one.by: one.name for one in found.groups} | {"cluster": "alpha", "user": "lea"} == {
        one.by: one.name for one in found.groups
    }
    other = await make_firm(firm.database, "other")
    async with firm.database.app(other.organization.id) as session:
        assert (await service.report(session, other.lea)).jobs == 0


async def test_ended_jobs_are_told_as_a_log_to_those_who_may_read_them(firm: Firm) -> None:
    alpha = await firm.cluster("alpha")
    await firm.observe(alpha, "alpha", [100.0, 60.0])
    other = await make_firm(firm.database, "other")
    nobody = replace(firm.lea, user_id="usr_nobody", actions=frozenset())
    async with firm.database.app(firm.organization.id) as session:
        rows = (await session.scalars(service.ended(firm.lea).order_by(Observed.id))).all()
        assert (await session.scalars(service.ended(nobody))).all() == []
    first, second = map(service.told, rows)
    assert (first.run, second.run, first.queue) == (100.0, 60.0, second.queue)
    assert (rows[0].created_at - first.submit).total_seconds() == pytest.approx(100.0 + (first.wait or 0.0))
    async with firm.database.app(other.organization.id) as session:
        assert (await session.scalars(service.ended(other.lea))).all() == []


async def test_a_job_stays_where_its_execution_was_placed_unless_leaving_pays_and_that_is_kept(firm: Firm) -> None:
    alpha, beta = await firm.cluster("alpha", "0.020"), await firm.cluster("beta", "0.021")
    await firm.observe(alpha, "alpha", [100.0] * 5)
    await firm.observe(beta, "beta", [96.0] * 5)
    ranking = await firm.rank()
    await firm.keep(ranking, names(ranking).index("beta"), execution="exe_8")
    asked = {"project_id": firm.project.id, "job_id": "job_8", "execution_id": "exe_8"}
    stays = await firm.choose(**asked)
    assert stays.candidate.cluster == "beta"
    await firm.observe(alpha, "alpha", [40.0] * 12)
    moves = await firm.choose(**asked)
    assert moves.candidate.cluster == "alpha"
    assert "It moves from beta to alpha" in moves.reason
    async with firm.database.worker() as session:
        [kept] = (await session.scalars(select(Forecast))).all()
    assert (kept.cluster, kept.moved_from) == ("alpha", "beta")


async def test_a_new_cluster_borrows_from_another_of_the_same_organization_by_their_benchmarks(firm: Firm) -> None:
    facts = {"commands": ["python3"]}
    alpha = await firm.cluster("alpha", facts={**facts, "speed": 100})
    await firm.cluster("beta", facts={**facts, "speed": 50})
    await firm.observe(alpha, "alpha", [30.0] * 5)
    found = {one.cluster: one for one in (await firm.rank(policy="fastest")).candidates}
    assert found["beta"].time.value == pytest.approx(60)
    assert "another queue" in found["beta"].time.borrowed
    assert "another queue" in found["beta"].explanation
    assert found["beta"].change.what == "time"


async def test_the_greenest_is_found_by_the_hardware_where_no_site_meters(firm: Firm) -> None:
    small = {"cpu": "Intel(R) Xeon(R) E-2176G CPU @ 3.70GHz", "chips": 1, "cores": 12, "threads_per_core": 2}
    large = {"cpu": "Intel(R) Xeon(R) Platinum 8280 CPU @ 2.70GHz", "chips": 2, "cores": 112, "threads_per_core": 2}
    for name, facts in (("alpha", large), ("beta", small)):
        cluster = await firm.cluster(name, facts={"commands": ["python3"], **facts})
        await firm.observe(cluster, name, [30.0] * 4, energy_j=None)
    ranking = await firm.rank(policy="greenest")
    assert names(ranking) == ["beta", "alpha"]
    found = ranking.candidates[0].energy
    assert found.value is not None
    assert found.source is not None
    assert found.source.startswith("model: ")
    assert "told by a model: " in ranking.candidates[0].explanation


async def test_a_line_that_moved_data_slowly_costs_its_place_the_first_rank(firm: Firm) -> None:
    for name, took in (("alpha", 100.0), ("beta", 2.0)):
        await firm.observe(await firm.cluster(name), name, [30.0 if name == "alpha" else 40.0] * 4)
        async with firm.database.worker() as session:
            moved = {"direction": "in", "folder": "/f", "files_total": 1, "bytes_total": 10**8, "bytes_sent": 10**8}
            session.add(
                Transfer(
                    id=new_id("tra"),
                    organization_id=firm.organization.id,
                    line_id=f"lin_{name}",
                    state="done",
                    seconds=took,
                    **moved,
                )
            )
    assert names(await firm.rank(policy="fastest")) == ["alpha", "beta"]
    ranking = await firm.rank(replace(NEED, moved_bytes=10**9), policy="fastest")
    assert names(ranking) == ["beta", "alpha"]
    slow = ranking.candidates[1]
    assert slow.moving.seconds == pytest.approx(1000)
    assert slow.parts["moving"] < 0
    assert "1.0 MB/s by the last transfer there" in slow.explanation


async def test_jobs_lost_to_failing_nodes_teach_how_reliable_a_place_is_and_nothing_else(firm: Firm) -> None:
    alpha = await firm.cluster("alpha")
    await firm.observe(alpha, "alpha", [100.0] * 5)
    await firm.observe(alpha, "alpha", [3.0] * 2, lost=True)
    [one] = (await firm.rank()).candidates
    assert one.time.value == 100.0
    assert (one.reliability.jobs, one.reliability.lost) == (7, 2)
    assert 0.01 < one.reliability.chance < one.reliability.at_most < 0.2


async def test_a_deadline_needs_a_moment_and_prefers_what_surely_ends_before_it(firm: Firm) -> None:
    alpha, beta = await firm.cluster("alpha", "0.01"), await firm.cluster("beta", "0.90")
    await firm.observe(alpha, "alpha", [500.0] * 6)
    await firm.observe(beta, "beta", [20.0] * 6)
    with pytest.raises(Invalid) as refused:
        await firm.rank(policy="deadline")
    assert refused.value.facts["problems"][0]["pointer"] == "/deadline"
    async with firm.database.worker() as session:
        now = (await session.scalars(select(func.heroes_now()))).one()
    soon = await firm.rank(policy="deadline", weights={"deadline": now.timestamp() + 300})
    assert names(soon) == ["beta", "alpha"]
    later = await firm.rank(policy="deadline", weights={"deadline": now.timestamp() + 30_000})
    assert names(later) == ["alpha", "beta"]
