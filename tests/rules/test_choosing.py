"""Promises of the choice: explained, honest about waits and failures, borrowed with a word, and not fickle."""

import random
from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from heroes.costs.rules import Terms
from heroes.data.rules import speed
from heroes.placement.rules import (
    OF_OTHERS,
    Contender,
    History,
    Observation,
    Policy,
    QueueView,
    Spot,
    chance_above,
    changed,
    order,
    pays,
    predict,
    reliability,
    reweighted,
    smallest,
    wait_ceiling,
    weights_of,
)
from heroes.placement.rules.borrowing import borrowed
from heroes.placement.rules.moving import moving, told
from heroes.placement.rules.quantities import Quantity
from heroes.placement.rules.sizing import after_failure, learn
from heroes.placement.rules.transfer import Residual, home, line_off, machine_off, ratio
from heroes.placement.service import plugins

from .test_placement import ALPHA, MAIN, NEED, a_run, runs


def contenders(seed: int) -> list[Contender]:
    dice = random.Random(seed)
    return [
        Contender(
            key=number,
            worst_case=Decimal(dice.randint(1, 90)),
            free_nodes=dice.randint(0, 9),
            name=f"place {number}",
            time=dice.uniform(10, 900),
            wait=dice.choice([60.0, 600.0]),
            cost=dice.uniform(0.1, 9),
            energy=dice.uniform(1e3, 1e6),
            moving_s=dice.choice([0.0, 30.0]),
            moving_cost=dice.choice([0.0, 0.05]),
        )
        for number in range(5)
    ]


def first(given, policy, weights) -> object:
    return order(given, policy, weights).scored[0].key


@pytest.mark.parametrize("policy", [Policy.FASTEST, Policy.CHEAPEST, Policy.GREENEST, Policy.WEIGHTED])
@pytest.mark.parametrize("seed", range(6))
def test_the_smallest_change_puts_a_candidate_first_and_a_little_less_does_not(policy: Policy, seed: int):
    given, weights = contenders(seed), weights_of(policy, None)
    for key in range(5):
        found = smallest(given, key, policy, weights, "EUR")
        if found is None:
            continue
        if found.what.startswith("weight of "):
            name = found.what.removeprefix("weight of ")
            assert first(given, policy, reweighted(weights, name, found.value + 2e-4)) == key
            between = (found.value + weights.get(name, 0.0)) / 2
            assert first(given, policy, reweighted(weights, name, between)) != key
            continue

        def when(factor: float, what: str = found.what, key: int = key) -> object:
            trial = [changed(one, what, factor) if one.key == key else one for one in given]
            return first(trial, policy, weights)

        assert when(found.factor) == key
        assert when((found.factor + 3) / 4) != key
        assert "It would be first if" in found.text


def test_the_first_needs_no_change():
    given = contenders(1)
    best = first(given, Policy.FASTEST, {"time": 1.0})
    assert smallest(given, best, Policy.FASTEST, {"time": 1.0}) is None


def test_one_lost_job_of_three_is_no_verdict_and_thirty_of_three_hundred_are():
    nothing, few, many = reliability(0, 0), reliability(3, 1), reliability(300, 30)
    assert nothing.chance == pytest.approx(0.01)
    assert few.chance < 0.04 < many.chance < 0.11
    assert few.at_most > few.chance
    assert many.at_most == pytest.approx(0.115, abs=0.02)


def test_the_upper_bound_is_the_quantile_of_the_beta_distribution():
    rng = np.random.default_rng(4)
    drawn = rng.beta(0.5 + 4, 49.5 + 76, 200_000)
    assert reliability(80, 4).at_most == pytest.approx(float(np.quantile(drawn, 0.95)), abs=0.002)


def test_the_deadline_policy_takes_the_cheapest_that_surely_ends_in_time():
    def place(key: str, cost: float, time: float | None, latest: float | None) -> Contender:
        return Contender(
            key=key, worst_case=Decimal(50), free_nodes=1, name=key, cost=cost, time=time, wait=0.0, latest=latest
        )

    given = [
        place("late", 1, 900, 1000),
        place("likely", 2, 100, 800),
        place("unknown", 1, None, None),
        place("sure and dear", 9, 50, 90),
        place("sure", 5, 100, 200),
    ]
    found = order(given, Policy.DEADLINE, {"deadline": 300.0})
    assert [one.key for one in found.scored] == ["sure", "sure and dear", "likely", "unknown", "late"]
    assert all(one.score == pytest.approx(sum(one.parts.values()), abs=1e-5) for one in found.scored)
    assert "2 of 5 surely end in time" in found.text
    with pytest.raises(ValueError, match="deadline"):
        weights_of(Policy.DEADLINE, None)


def test_a_wait_is_told_as_chances_that_only_grow_and_compared_by_classes():
    seen = [a_run(number, wait_s=wait) for number, wait in enumerate([20.0] * 6 + [2000.0] * 4)]
    found = predict(seen, NEED).wait
    chances = list(found.chances.values())
    assert chances == sorted(chances)
    assert 0.4 < found.chances["1 min"] < 0.85
    assert found.chances["1 h"] > 0.9
    near = [predict([a_run(n, wait_s=w) for n in range(8)], NEED).wait for w in (90.0, 500.0)]
    assert wait_ceiling(near[0]) == wait_ceiling(near[1]) == 600
    idle, full = QueueView(id="q", name="q", nodes_free=4), replace(MAIN, nodes_free=0, pending_jobs=9)
    free, busy = (predict(seen, NEED, queue=queue).wait.chances["1 min"] for queue in (idle, full))
    assert free > busy


def test_handling_is_known_from_the_steps_own_runs_else_from_other_jobs_of_the_queue():
    own = [a_run(number, handled_s=3.0 + number % 2) for number in range(6)]
    others = [a_run(100 + number, step="other", handled_s=60.0) for number in range(6)]
    assert 3 <= predict([*own, *others], NEED).handling.value <= 4
    assert predict([a_run(0), *others], NEED).handling.value == 60.0
    assert predict([a_run(0)], NEED).handling.value is None
    late = [a_run(0, handled_s=7200.0), *(a_run(1 + number, handled_s=3.0) for number in range(9))]
    assert predict(late, NEED).handling.value == 3.0, "a platform that stood still once is no rule"


def test_a_queue_without_runs_borrows_from_another_by_the_benchmark_and_says_so():
    there = History(runs(100, 110, 90, 100, 105, queue_id="que_b"))
    found = borrowed("que_a", {"que_b": there}, NEED, {"que_a": 50.0, "que_b": 100.0})
    assert found.time.value == pytest.approx(2 * predict(there, NEED).time.value)
    assert "another queue" in found.time.borrowed
    assert found.time.confidence in {"low", "medium"}
    own = predict(there, NEED).time
    assert found.time.high80 / found.time.value > own.high80 / own.value
    assert found.energy.value is None
    assert borrowed("que_a", {"que_b": there}, NEED, {}) is None


def test_steps_that_ran_on_both_say_more_than_a_benchmark():
    def pair(step: str, seconds: float) -> list[Observation]:
        return runs(seconds, seconds, seconds, step=step)

    there = History([*runs(100, 100, 100), *pair("mesh", 10), *pair("post", 20)])
    here = History([*pair("mesh", 30), *pair("post", 60)])
    found = borrowed("que_a", {"que_a": here, "que_b": there}, NEED, {"que_a": 1.0, "que_b": 1.0})
    assert found.time.value == pytest.approx(300, rel=1e-6)
    assert "how long 2 steps took" in found.time.borrowed


def test_what_rests_on_runs_of_other_users_alone_says_so():
    theirs = [*runs(100, 100, 100, 100, user_id="usr_2")]
    assert predict(History(theirs, "usr_1"), NEED).time.source == OF_OTHERS
    mine = predict(History([a_run(9), *theirs], "usr_1"), NEED).time
    assert mine.source is not None
    assert "your organization" in mine.source
    assert mine.source != OF_OTHERS


def test_what_is_borrowed_is_corrected_by_the_first_runs_here():
    there = History(runs(100, 100, 100, 100))
    lent = borrowed("que_a", {"que_b": there}, NEED, {"que_a": 1.0, "que_b": 1.0})
    mine = History(runs(200, 200))
    found = borrowed("que_a", {"que_a": mine, "que_b": there}, NEED, {"que_a": 1.0, "que_b": 1.0})
    assert lent.time.value == pytest.approx(100)
    assert 140 < found.time.value < 200
    assert "corrected by 2 runs of it here" in found.time.borrowed


def test_an_input_beyond_all_that_were_seen_elsewhere_is_carried_by_a_line_without_promise():
    there = History([a_run(n, run_s=10.0 * size, input_bytes=size * 10**6) for n, size in enumerate([1, 2, 4])])
    asked = replace(NEED, walltime_s=None, input_bytes=10**9)
    found = borrowed("que_a", {"que_b": there}, asked, {"que_a": 1.0, "que_b": 1.0})
    assert found.time.value == pytest.approx(10_000, rel=0.05)
    assert (found.time.low80, found.time.confidence) == (None, "low")


def test_a_step_that_scales_is_predicted_beyond_what_was_seen():
    seen = [
        a_run(number, run_s=2.0 * size, params={"cells": size}, input_bytes=1000)
        for number, size in enumerate([100, 150, 200, 300, 400, 600, 800, 250])
    ]
    found = predict(seen, replace(NEED, walltime_s=None, params={"cells": 1000})).time
    assert found.value == pytest.approx(2000, rel=0.15)
    assert "power law" in found.method
    assert found.nearest
    assert found.safe >= found.high80


@pytest.mark.parametrize(
    ("home_s", "other_s", "moved", "worth"),
    [(100.0, 95.0, 0.0, False), (100.0, 50.0, 0.0, True), (100.0, 50.0, 50.0, False), (None, 50.0, 0.0, False)],
)
def test_a_job_leaves_its_cluster_only_for_a_clear_gain_after_moving_its_data(home_s, other_s, moved, worth):
    found, why = pays({"time": home_s, "wait": 0.0}, {"time": other_s, "wait": 0.0}, Policy.FASTEST, moving_s=moved)
    assert found is worth
    assert why.endswith(".")


def test_the_chance_of_going_over_the_budget_follows_the_interval():
    cost = Quantity(value=10.0, unit="EUR", low80=5.0, high80=20.0)
    assert chance_above(cost, 10.0) == pytest.approx(0.5)
    assert chance_above(cost, 20.0) == pytest.approx(0.1, abs=0.001)
    assert chance_above(cost, 5.0) == pytest.approx(0.9, abs=0.001)
    assert chance_above(cost, 0.0) == 1.0
    assert chance_above(replace(cost, low80=None), 10.0) is None


def test_memory_is_sized_by_what_would_have_cost_least():
    rng = np.random.default_rng(2)
    inputs = rng.uniform(1e8, 1e9, 60)
    used = 3 * inputs * rng.uniform(0.97, 1.03, 60)
    seconds = np.full(60, 100.0)

    def asked(used: np.ndarray, at: float, count: int = 60) -> float:
        found = learn(inputs[:count], used[:count], seconds[:count])
        assert found is not None
        return found.at(at)

    assert 1.5e9 * 0.99 < asked(used, 5e8) < 1.5e9 * 1.15, "it follows the input, with a small margin"
    assert 0.98e9 < asked(rng.uniform(0.9e9, 1e9, 60), 5e8) < 1.2e9
    assert asked(used, 1e8, count=2) == pytest.approx(1.5 * used[:2].max())
    assert learn(inputs[:0], used[:0], seconds[:0]) is None
    assert 4e10 < asked(np.full(60, 4e10), 5e8) < 4.2e10, "never the very highest: the next run may need a hair more"
    assert after_failure(1.0, 5.0) == 5.0
    assert after_failure(5.0, 5.0) == 10.0


def test_run_times_carry_over_by_scaling_and_benchmarks():
    local = home([1e8, 2e8, 4e8], [10.0, 20.0, 40.0])
    assert np.exp(local.at(8e8)) == pytest.approx(80, rel=0.01)
    assert ratio([2.0], [16.0, 16.0]) == pytest.approx(np.log(8.0)), "its own benchmark counts for a third"
    assert ratio([2.0], []) == pytest.approx(np.log(2.0))
    assert ratio([], []) is None


def test_what_finished_corrects_what_was_carried_over():
    def off(value: float, seconds: float = 1000.0, size: float = 1e8) -> Residual:
        return Residual(value, np.log(size), seconds)

    assert line_off([], 1.0) == 0.0
    assert 0.35 < line_off([off(0.5)] * 3, np.log(1e8)) < 0.5
    assert line_off([off(0.5), off(0.1, size=1e6)], np.log(1e8)) > 0.3, "near inputs say most"
    assert machine_off([], [0.4] * 30) == pytest.approx(0.36, abs=0.03)
    assert machine_off([off(0.1)], ()) == pytest.approx(0.06, abs=0.02), "one run is believed for a good half"
    assert machine_off([off(0.1)] * 5, ()) == pytest.approx(0.09, abs=0.01)
    assert machine_off([off(0.7)] * 2, ()) == pytest.approx(0.69, abs=0.02), "two that agree outdo the ratio"


def test_a_run_that_was_disturbed_does_not_spoil_what_is_known_of_a_machine():
    long, short = (Residual(0.7, np.log(1e8), seconds) for seconds in (1000.0, 1.0))
    quiet = [Residual(0.0, np.log(1e8), 1000.0)] * 2
    assert machine_off([*quiet, long], ()) == pytest.approx(0, abs=0.02)
    assert machine_off([short], ()) < 0.1, "one run of a second says little"


def test_a_criterion_of_a_package_counts_by_its_weight(monkeypatch: pytest.MonkeyPatch):
    example = Path(__file__).parents[2] / "examples" / "criterion" / "src"
    monkeypatch.syspath_prepend(str(example))
    amount = import_module("heroes_idle_first").amount
    monkeypatch.setattr(plugins, "_installed", lambda: {"plugin:idle-first": amount})
    weights = weights_of(Policy.WEIGHTED, {"time": 1, "plugin:idle-first": 3})
    plugins.known(weights)
    with pytest.raises(ValueError, match=r"plugin:gone is not installed here; there are: plugin:idle-first"):
        plugins.known({"plugin:gone": 1.0})
    nothing = {name: Quantity(value=None, unit="") for name in ("time", "wait", "cost", "energy")}
    idle = plugins.values(weights, Spot(ALPHA, replace(MAIN, pending_jobs=0), None), nothing)
    full = plugins.values(weights, Spot(ALPHA, replace(MAIN, pending_jobs=50), None), nothing)
    quick = Contender(key="quick", worst_case=Decimal(1), free_nodes=1, name="quick", time=10.0, more=full)
    slow = Contender(key="slow", worst_case=Decimal(1), free_nodes=1, name="slow", time=15.0, more=idle)
    assert first([quick, slow], Policy.WEIGHTED, weights) == "slow"
    assert first([quick, slow], Policy.FASTEST, {"time": 1.0}) == "quick"


def test_bringing_data_counts_in_time_and_cost_and_is_a_part_of_the_score_that_can_be_recomputed():
    near = Contender(key="near", worst_case=Decimal(9), free_nodes=1, name="near", time=100.0, wait=0.0, cost=1.0)
    far = replace(near, key="far", time=90.0, moving_s=90.0, cost=0.9, moving_cost=0.45)
    quick = order([near, far], Policy.FASTEST, {"time": 1.0}).scored
    assert [one.key for one in quick] == ["near", "far"]
    assert quick[1].parts == {"time": 1.0, "moving": pytest.approx(100 / 180 - 1, abs=1e-6)}
    assert all(one.score == pytest.approx(sum(one.parts.values()), abs=1e-6) for one in quick)
    cheap = order([near, far], Policy.CHEAPEST, {"cost": 1.0}).scored
    assert "moving" not in cheap[0].parts
    still = order([near, replace(far, moving_s=0.0)], Policy.FASTEST, {"time": 1.0}).scored
    assert [one.key for one in still] == ["far", "near"]


def test_moving_is_told_by_what_the_line_really_did():
    need, terms = replace(NEED, moved_bytes=2 * 10**9, count=3), Terms(currency="EUR", gb_moved=Decimal("0.1"))
    unknown = moving(need, terms, None)
    assert unknown.seconds == pytest.approx(6e9 / 40e6)
    assert "assuming 40 MB/s" in unknown.source
    seen = speed([(10, 2.0), (100, 2.0), (8 * 10**8, 10.0), (8 * 10**8, 10.0)])
    assert (seen.start_s, seen.bytes_s) == (2.0, pytest.approx(1e8))
    found = moving(need, terms, seen)
    assert found.seconds == pytest.approx(62)
    assert found.cost == pytest.approx(0.6)
    said = told(found, "EUR")
    assert "6 GB" in said
    assert "100.0 MB/s by the last 4 transfers" in said
    assert told(moving(NEED, terms, seen), "EUR") == ""


def test_the_greenest_is_the_one_of_least_carbon_where_every_place_is_known():
    coal = Contender(key="coal", worst_case=Decimal(1), free_nodes=1, name="coal", energy=1e6, carbon=200.0)
    water = replace(coal, key="water", name="water", energy=2e6, carbon=30.0)
    assert first([coal, water], Policy.GREENEST, {"energy": 1.0}) == "water"
    assert first([coal, replace(water, carbon=None)], Policy.GREENEST, {"energy": 1.0}) == "coal"
    assert set(order([coal, water], Policy.GREENEST, {"energy": 1.0}).scored[0].parts) == {"carbon"}
