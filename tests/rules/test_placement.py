"""Promises of placement that need no database: constraints, predictions, prices and the order."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from heroes.costs.rules import Terms
from heroes.placement.rules import (
    ClusterView,
    Contender,
    Discard,
    LineView,
    Need,
    Observation,
    Offer,
    Policy,
    QueueView,
    Spot,
    component,
    constrain,
    leading,
    offer,
    order,
    predict,
    settled,
    suggested,
    together,
    walltimes,
    weights_of,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GIB = 2**30

LINE = LineView(state="CONNECTED", last_heard_at=NOW - timedelta(seconds=20), batch_account="acme")
ALPHA = ClusterView(id="clu_a", name="alpha", state="READY", line=LINE)
FACTS = {"software": {"openfoam": {}}, "commands": ["python3"], "containers": ["apptainer"], "memory_bytes": 8 * GIB}
MAIN = QueueView(
    id="que_a",
    name="main",
    nodes_total=4,
    nodes_free=2,
    down_nodes=1,
    cores_per_node=8,
    cores_total=32,
    memory_bytes_per_node=16 * GIB,
    gpus_per_node=2,
    max_walltime_s=3600,
    max_nodes=3,
    facts=FACTS,
)
NEED = Need(step="solve", workflow_id="wfl_1", cores=4, tasks=4, walltime_s=600, commands=("python3",))
PRICE = Terms(currency="EUR", fixed=Decimal("0.001"), core_hour=Decimal("0.02"))


def a_run(number: int = 0, /, **changes) -> Observation:
    base = Observation(
        workflow_id="wfl_1",
        step="solve",
        user_id="usr_1",
        cluster_id="clu_a",
        queue_id="que_a",
        job_id=f"job_{number}",
        cores=4,
        nodes=1,
        gpus=0,
        input_bytes=1000,
        params={},
        run_s=100.0,
        wait_s=10.0,
        memory_bytes=GIB,
        energy_j=5000.0,
    )
    return replace(base, **changes)


@pytest.mark.parametrize("value", [10**400, -(10**400), float("inf"), float("nan"), "x", True, None, [1], {"a": 1}])
def test_whatever_json_holds_as_a_parameter_can_be_compared(value) -> None:
    runs = [a_run(number, params={"cells": value if number % 2 else 100}) for number in range(8)]
    need = replace(NEED, params={"cells": value})
    assert predict(runs, need).time.value is not None
    assert predict(runs, replace(need, params={"cells": 100})).time.value is not None


def runs(*seconds: float, **changes) -> list[Observation]:
    return [a_run(number, run_s=value, **changes) for number, value in enumerate(seconds)]


# ------------------------------------------------------------------------------------------------------- constraints


def test_a_place_that_meets_every_demand_is_not_discarded():
    assert constrain(NEED, ALPHA, MAIN, now=NOW) is None


@pytest.mark.parametrize(
    ("cluster", "code", "told"),
    [
        pytest.param(replace(ALPHA, state="PAUSED"), "paused", "resume", id="paused"),
        pytest.param(replace(ALPHA, state="STOPPED_HOST_KEY"), "host_key_changed", "approves", id="host key changed"),
        pytest.param(replace(ALPHA, state="ENROLLING"), "enrolling", "compliance check", id="not checked yet"),
        pytest.param(
            replace(ALPHA, line=None),
            "no_account",
            "heroes cluster add-account alpha --account",
            id="no account",
        ),
        pytest.param(
            replace(ALPHA, line=replace(LINE, last_heard_at=None)), "never_heard", "until it answers", id="never heard"
        ),
        pytest.param(
            replace(ALPHA, line=replace(LINE, last_heard_at=NOW - timedelta(hours=2))),
            "not_heard_from",
            "2026-03-01 10:00:00 UTC",
            id="silent for two hours",
        ),
        pytest.param(
            replace(
                ALPHA,
                line=replace(
                    LINE,
                    state="UNREACHABLE",
                    trouble="Not heard from since noon. Refused.",
                    last_heard_at=NOW - timedelta(hours=1),
                ),
            ),
            "not_heard_from",
            "since noon",
            id="its own words when unreachable",
        ),
        pytest.param(
            replace(ALPHA, line=replace(LINE, state="STOPPED", trouble="The password has expired.")),
            "stopped",
            "password has expired",
            id="account stopped",
        ),
    ],
)
def test_a_cluster_that_takes_no_jobs_is_discarded_as_a_whole_with_reason_and_cure(cluster, code, told):
    found = constrain(NEED, cluster, MAIN, now=NOW)
    assert found is not None
    assert (found.code, found.whole) == (code, True)
    assert told in f"{found.reason} {found.cure}"
    assert found.reason.endswith(".")
    assert found.cure.endswith(".")


@pytest.mark.parametrize(
    ("need", "queue", "code", "told"),
    [
        ({}, {"state": "DRAIN"}, "queue_closed", "drain"),
        ({}, {"accounts": ("other",)}, "account_not_admitted", "acme"),
        ({"nodes": 4, "tasks": 4}, {}, "too_many_nodes", "at most 3 nodes"),
        ({"nodes": 5, "tasks": 5}, {"max_nodes": None}, "too_many_nodes", "at most 4 nodes"),
        ({"nodes": 3, "tasks": 3}, {"down_nodes": 2}, "nodes_failed", "2 of the 4 nodes"),
        ({"cores": 9, "tasks": 9}, {}, "too_many_cores", "at most 8 cores a node"),
        ({"cores": 17, "nodes": 2, "tasks": 17}, {}, "too_many_cores", "9 cores a node"),
        ({"memory_bytes": 17 * GIB}, {}, "too_much_memory", "at most 16 GiB a node"),
        ({"memory_bytes": 9 * GIB}, {"memory_bytes_per_node": None}, "too_much_memory", "8 GiB"),
        ({"gpus": 3}, {}, "too_few_gpus", "3 GPUs a node"),
        ({"gpus": 1}, {"gpus_per_node": 0}, "too_few_gpus", "fewer GPUs"),
        ({"walltime_s": 7200}, {}, "walltime_too_long", "at most 01:00:00"),
        ({"walltime_s": None}, {"max_walltime_s": None}, "no_walltime", "Ask for a walltime"),
        ({"software": ("gromacs",)}, {}, "no_software", "gromacs"),
        ({"commands": ("python3", "gmsh")}, {}, "no_commands", "gmsh"),
        ({"containers": ("podman",)}, {}, "no_containers", "podman"),
        ({}, {"facts": {}}, "not_checked", "heroes cluster test alpha"),
        ({"pinned_cluster": "beta"}, {}, "pinned", "beta"),
        ({"pinned_queue": "long"}, {}, "pinned", "long"),
    ],
)
def test_a_queue_that_cannot_run_it_is_discarded_with_reason_and_cure(need, queue, code, told):
    found = constrain(replace(NEED, **need), ALPHA, replace(MAIN, **queue), now=NOW)
    assert found is not None
    assert found.code == code
    assert told in f"{found.reason} {found.cure}"
    assert found.reason.endswith(".")
    assert found.cure.endswith(".")


@pytest.mark.parametrize(
    ("need", "queue"),
    [
        ({"cores": 16, "tasks": 16, "nodes": 2}, {}),
        ({"gpus": 4, "nodes": 2, "tasks": 4}, {}),
        ({"memory_bytes": 16 * GIB}, {}),
        ({"memory_bytes": 99 * GIB}, {"memory_bytes_per_node": None, "facts": {"commands": ["python3"]}}),
        ({"walltime_s": 3600}, {}),
        ({"walltime_s": None}, {}),
        ({"commands": ()}, {"facts": {}}),
        ({"pinned_cluster": "alpha", "pinned_queue": "main"}, {}),
        ({}, {"accounts": ("acme", "other")}),
    ],
)
def test_demands_up_to_the_very_limit_are_met(need, queue):
    assert constrain(replace(NEED, **need), ALPHA, replace(MAIN, **queue), now=NOW) is None


def test_a_cluster_whose_queues_were_never_seen_says_so():
    assert constrain(NEED, ALPHA, None, now=NOW).code == "no_queue"


# ------------------------------------------------------------------------------------------------------------ prices


def offered(need=NEED, *, terms=PRICE, queue=MAIN, seen=(), currencies=("EUR",)):
    return offer(need, Spot(ALPHA, queue, terms, seen), currencies=currencies, now=NOW)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (None, "no_tariff"),
        (replace(PRICE, currency="CHF"), "other_currency"),
        (replace(PRICE, kwh=Decimal("0.3")), "unbounded_cost"),
    ],
)
def test_a_place_whose_price_is_unknown_foreign_or_unbounded_is_discarded(terms, code):
    found = offered(terms=terms)
    assert isinstance(found, Discard)
    assert found.code == code
    assert found.cure


def test_the_worst_case_counts_every_member_and_every_attempt_for_the_whole_walltime():
    found = offered(replace(NEED, count=3, attempts=2))
    one = Decimal("0.001") + Decimal("0.02") * 4 * Decimal(600) / 3600
    assert found.worst == pytest.approx(one * 6, abs=Decimal("1e-8"))


def test_the_worst_case_prices_retries_at_the_walltime_that_they_will_ask_for():
    """100 s, then 200 and 400 after time limits; the retry after a node failure may come last, so it is 400 too."""
    need = replace(NEED, walltime_s=100, attempts=4, time_retries=2, time_factor=2.0)
    assert walltimes(need, MAIN) == [(100, 1), (200, 1), (400, 2)]
    assert walltimes(need, replace(MAIN, max_walltime_s=300)) == [(100, 1), (200, 1), (300, 2)]
    assert offered(need).worst == pytest.approx(
        4 * Decimal("0.001") + Decimal("0.02") * 4 * Decimal(1100) / 3600, abs=Decimal("1e-7")
    )


def test_a_retry_never_asks_for_more_than_the_worst_case_has_reserved():
    need = replace(NEED, walltime_s=3, attempts=3, time_retries=2, time_factor=1.5)
    assert [one for one, _ in walltimes(need, MAIN)] == [3, 5, 8]


def test_without_an_asked_walltime_the_worst_case_is_the_queues_longest():
    assert offered(replace(NEED, walltime_s=None)).worst == offered(replace(NEED, walltime_s=3600)).worst


def test_a_predicted_cost_is_the_tariff_times_the_predicted_consumption_and_below_the_worst_case():
    found = offered(replace(NEED, count=2), seen=runs(100, 100, 100))
    assert found.cost.value == pytest.approx(2 * (0.001 + 0.02 * 4 * 100 / 3600))
    assert found.cost.low90 < found.cost.value < found.cost.high90 < float(found.worst)
    assert found.cost.unit == "EUR"


def test_a_tariff_that_charges_energy_gives_no_cost_while_the_energy_is_unknown():
    terms = replace(PRICE, kwh=Decimal("0.3"), node_power_w=Decimal(400))
    found = offered(terms=terms, seen=runs(100, 100, 100, energy_j=None))
    assert found.time.value == 100
    assert found.cost.value is None
    assert found.cost.reason.code == "energy_not_predicted"


def test_jobs_side_by_side_take_as_long_as_the_queue_has_cores_for():
    found = offered(replace(NEED, count=17), seen=runs(100, 100, 100))
    assert found.time.value == 300  # 32 cores, 8 jobs of 4 at once


def test_a_workflow_is_predicted_only_where_each_of_its_steps_is():
    solve, other = offered(seen=runs(10, 20, 30)), offered(replace(NEED, step="collect"), seen=runs(10, 20, 30))
    both = together([solve, other], "EUR")
    assert both["time"].value is None
    assert "collect" in both["time"].reason.text
    assert both["cost"].value is None
    twice = together([solve, solve], "EUR")
    assert twice["time"].value == 2 * solve.time.value
    assert twice["memory"].value == GIB


# ------------------------------------------------------------------------------------------------------- predictions


def test_with_no_history_everything_is_null_with_the_reason_and_confidence_none():
    found = predict([], NEED)
    for quantity in (found.time, found.wait, found.memory, found.energy):
        assert quantity.value is quantity.low80 is quantity.high90 is quantity.accuracy is None
        assert (quantity.confidence, quantity.n_similar) == ("none", 0)
        assert quantity.reason.code == "no_history"
        assert quantity.reason.text


@pytest.mark.parametrize(
    "changes",
    [
        {"step": "mesh"},
        {"workflow_id": "wfl_2"},
    ],
)
def test_other_steps_and_workflows_say_nothing_of_the_run_time_but_do_of_the_wait(changes):
    found = predict(runs(50, 60, 70, **changes), NEED)
    assert found.time.value is None
    assert found.wait.value == 10


@pytest.mark.parametrize(
    ("changes", "need"),
    [
        ({"cores": 64}, {}),
        ({"nodes": 8}, {}),
        ({"input_bytes": 10**9}, {"input_bytes": 1000}),
        ({"params": {"cells": 10_000, "order": 3}}, {"params": {"cells": 10, "order": 1}}),
    ],
)
def test_runs_that_are_not_alike_give_no_number(changes, need):
    found = predict(runs(50, 60, 70, **changes), replace(NEED, **need)).time
    assert found.value is None
    assert found.reason.code == "no_similar_run"


def test_what_the_site_does_not_measure_is_not_predicted():
    found = predict(runs(10, 20, 30, energy_j=None, memory_bytes=None), NEED)
    assert found.energy.reason.code == "not_measured"
    assert found.memory.value is None
    assert found.time.value == 20


def test_one_or_two_runs_give_a_value_of_low_confidence_and_no_interval():
    for seen in (runs(100), runs(100, 110)):
        found = predict(seen, NEED).time
        assert found.value is not None
        assert found.low80 is found.high80 is found.low90 is found.high90 is None
        assert found.confidence == "low"
        assert found.reason.code == "too_few_for_interval"


def test_an_interval_encloses_the_value_and_the_wider_level_encloses_the_narrower():
    found = predict(runs(90, 100, 100, 105, 120), NEED).time
    assert found.low90 <= found.low80 < found.value < found.high80 <= found.high90


def test_predictions_move_with_what_is_observed():
    before = predict(runs(*[100.0] * 8), NEED).time
    after = predict(runs(*[200.0] * 20, *[100.0] * 8), NEED).time
    assert before.value == 100
    assert after.value == 200
    assert after.n_similar == 28


def test_agreeing_runs_give_more_confidence_than_scattered_ones():
    alike = predict(runs(*[100.0] * 12), NEED).time
    apart = predict(runs(*[10.0, 500.0, 60.0, 1000.0, 3.0, 250.0] * 2), replace(NEED, walltime_s=None)).time
    assert alike.confidence == "high"
    assert apart.confidence == "low"
    assert apart.accuracy < alike.accuracy <= 1


def test_the_more_similar_runs_weigh_more():
    small, large = runs(*[10.0] * 5, input_bytes=10_000), runs(*[40.0] * 5, input_bytes=40_000)
    seen = [one for pair in zip(small, large, strict=True) for one in pair]
    assert predict(seen, replace(NEED, input_bytes=10_000)).time.value == 10
    assert predict(seen, replace(NEED, input_bytes=40_000)).time.value == 40


def test_nothing_is_predicted_beyond_the_asked_walltime():
    found = predict(runs(500, 700, 900), replace(NEED, walltime_s=600)).time
    assert found.value == found.high90 == 600


@pytest.mark.parametrize("count", [3, 5, 10, 40])
def test_intervals_hold_what_they_promise_for_scattered_runs(count):
    dice = random.Random(7)
    inside = {80: 0, 90: 0}
    for _ in range(400):
        seen = runs(*(dice.lognormvariate(4, 0.4) for _ in range(count)))
        truth = dice.lognormvariate(4, 0.4)
        found = predict(seen, replace(NEED, walltime_s=None)).time
        inside[80] += found.low80 <= truth <= found.high80
        inside[90] += found.low90 <= truth <= found.high90
    assert inside[80] / 400 >= 0.76
    assert inside[90] / 400 >= 0.86


def test_the_suggested_walltime_and_memory_lie_above_what_was_seen_and_within_the_queues_limit():
    assert suggested(offered(seen=runs(100, 110))) == (None, None)
    found = offered(replace(NEED, walltime_s=None), seen=runs(100, 110, 120))
    walltime, memory = suggested(found)
    assert found.one.time.high90 < walltime <= 3600
    assert memory > GIB


# ------------------------------------------------------------------------------------------------------------- order


def one(key, worst, free=0, **known) -> Contender:
    return Contender(key=key, worst_case=Decimal(worst), free_nodes=free, name=key, **known)


def placed(contenders, policy, weights=None):
    return order(contenders, policy, weights_of(policy, weights))


@pytest.mark.parametrize("policy", [one for one in Policy if one is not Policy.DEADLINE])
def test_with_no_prediction_the_order_is_worst_case_price_then_free_nodes_and_says_so(policy):
    found = placed([one("dear", "3"), one("full", "1", 0), one("free", "1", 5)], policy)
    assert [scored.key for scored in found.scored] == ["free", "full", "dear"]
    assert found.code == "no_prediction"
    assert "worst-case price, then free nodes" in found.text
    assert "confidence none" in found.text
    assert all(set(scored.parts) == {"worst_case"} for scored in found.scored)


KNOWN = [
    one("quick", "9", time=10.0, wait=1.0, cost=5.0, energy=300.0),
    one("cheap", "2", time=90.0, wait=1.0, cost=1.0, energy=200.0),
    one("green", "3", time=60.0, wait=1.0, cost=2.0, energy=50.0),
]


@pytest.mark.parametrize(
    ("policy", "first"), [(Policy.FASTEST, "quick"), (Policy.CHEAPEST, "cheap"), (Policy.GREENEST, "green")]
)
def test_each_policy_puts_first_what_it_is_named_for(policy, first):
    assert placed(KNOWN, policy).scored[0].key == first


@pytest.mark.parametrize(
    ("weights", "first"),
    [({"time": 8, "cost": 1, "energy": 1}, "quick"), ({"cost": 5}, "cheap"), ({"energy": 2, "time": 1}, "green")],
)
def test_the_weights_decide_the_weighted_order(weights, first):
    assert placed(KNOWN, Policy.WEIGHTED, weights).scored[0].key == first


@pytest.mark.parametrize("policy", [one for one in Policy if one is not Policy.DEADLINE])
@pytest.mark.parametrize("contenders", [KNOWN, [*KNOWN, one("new", "4")], [one("a", "1"), one("b", "0")]])
def test_the_parts_add_up_to_the_score_and_the_score_never_rises_down_the_list(policy, contenders):
    found = placed(contenders, policy)
    assert len(found.scored) == len(contenders)
    for scored in found.scored:
        assert scored.score == pytest.approx(sum(scored.parts.values()), abs=1e-5)
        assert 0 <= scored.score <= 1.00001
    scores = [scored.score for scored in found.scored]
    assert scores == sorted(scores, reverse=True)


def test_an_unpredicted_place_comes_last_when_time_counts_and_the_order_says_so():
    found = placed([*KNOWN, one("new", "0.1")], Policy.FASTEST)
    assert found.scored[-1].key == "new"
    assert "1 without a prediction" in found.text


def test_under_cheapest_a_surely_lower_worst_case_beats_a_predicted_cost():
    found = placed([*KNOWN, one("new", "0.1")], Policy.CHEAPEST)
    assert found.scored[0].key == "new"
    assert "worst case stands in" in found.text


def test_a_criterion_nobody_measured_is_left_out_and_named():
    known = [replace(contender, energy=None) for contender in KNOWN]
    found = placed(known, Policy.WEIGHTED)
    assert set(found.scored[0].parts) == {"time", "cost"}
    assert "left out: energy" in found.text


def test_the_wait_counts_only_where_it_is_predicted_for_all():
    waits = [one("a", "1", time=10.0, wait=100.0), one("b", "1", time=20.0, wait=0.0)]
    assert placed(waits, Policy.FASTEST).scored[0].key == "b"
    unknown = [waits[0], replace(waits[1], wait=None)]
    assert placed(unknown, Policy.FASTEST).scored[0].key == "a"


@pytest.mark.parametrize("weights", [{"speed": 1}, {"time": -1}, {"time": 0}, {"cost": float("nan")}])
def test_weights_that_mean_nothing_are_refused(weights):
    with pytest.raises(ValueError, match=r".+"):
        weights_of(Policy.WEIGHTED, weights)


def test_an_offer_names_what_it_is_for():
    assert isinstance(offered(), Offer)
    assert offered().step == "solve"


def test_a_cluster_that_is_silent_for_a_moment_is_waited_for():
    silent = replace(LINE, state="UNREACHABLE", last_heard_at=NOW - timedelta(seconds=40))
    assert constrain(NEED, replace(ALPHA, line=silent), MAIN, now=NOW) is None


def tied(step: str, **more) -> Need:
    return Need(step=step, workflow_id="wfl_1", **more)


@pytest.mark.parametrize(
    ("needs", "lead"),
    [
        ([tied("a"), tied("b")], {"a", "b"}),
        ([tied("a"), tied("b", same_as="a")], {"a"}),
        ([tied("a"), tied("b", not_same_as="a")], {"a"}),
        ([tied("a"), tied("b", same_as="a"), tied("c", not_same_as="b")], {"a"}),
        ([tied("a", pinned_cluster="alpha"), tied("b", not_same_as="a")], {"b"}),
        ([tied("a", pinned_cluster="alpha"), tied("b", same_as="a")], {"a"}),
    ],
)
def test_steps_lead_that_are_bound_to_nothing_and_tied_to_none_that_leads(needs, lead):
    assert leading(needs) == lead


def test_tied_steps_are_found_through_others_and_untied_ones_are_not():
    needs = [tied("a"), tied("b", same_as="a"), tied("c", not_same_as="b"), tied("d")]
    assert [one.step for one in component("a", needs)] == ["b", "c"]
    assert [one.step for one in component("c", needs)] == ["a", "b"]
    assert component("d", needs) == []


def test_a_tie_to_a_step_that_ran_is_a_constraint_with_reason_and_cure():
    near = settled(replace(NEED, same_as="mesh"), {"mesh": ["clu_b"]})
    apart = settled(replace(NEED, not_same_as="mesh"), {"mesh": ["clu_a"]})
    for need in (near, apart):
        found = constrain(need, ALPHA, MAIN, now=NOW)
        assert (found.code, found.whole) == ("tied", True)
        assert "mesh" in found.reason
        assert found.cure.endswith(".")
    assert constrain(settled(replace(NEED, same_as="mesh"), {"mesh": ["clu_a"]}), ALPHA, MAIN, now=NOW) is None
