"""Energy where no meter tells: a model of the hardware, never mistaken for a measurement."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from heroes.energy.carbon import intensity
from heroes.energy.nodes import Metering, Node, node, published
from heroes.energy.power import Metered, known_device, server, unseen_device
from heroes.energy.processors import design_power
from heroes.placement.rules import History, Need, Observation, Offer, PowerModel, Spot, offer

from .test_placement import ALPHA, GIB, MAIN, NEED, NOW, PRICE, a_run, runs

XEON = {"cpu": "Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", "chips": 2, "cores": 80, "threads_per_core": 2, "mhz": 2500}
SMALL = {"cpu": "Intel(R) Xeon(R) E-2176G CPU @ 3.70GHz", "chips": 1, "cores": 12, "threads_per_core": 2, "mhz": 3700}
BARE = replace(NEED, walltime_s=None)


def offered(need: Need, model: PowerModel, seen: list[Observation], queue_id: str = "que_a") -> Offer:
    queue = replace(MAIN, id=queue_id)
    found = offer(need, Spot(ALPHA, queue, PRICE, observations=seen, power=model), currencies=(), now=NOW)
    assert isinstance(found, Offer)
    return found


def test_a_server_is_known_by_its_like():
    known, source = published()
    assert "SPECpower" in source
    assert all(one.watts > 0 for one in known)
    one = known[100]
    assert server(known, replace(one, watts=float("nan"))) == pytest.approx(one.watts, rel=0.25)


@pytest.mark.parametrize(
    ("name", "watts"),
    [
        ("Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", 150),
        ("Intel Xeon Gold 6248R", 205),
        ("Intel(R) Xeon(R) CPU E5-2690 v3 @ 2.60GHz", 135),
        ("AMD EPYC 7742 64-Core Processor", 225),
        ("Neoverse-N1", None),
    ],
)
def test_a_processor_is_known_by_its_model_however_its_name_is_written(name: str, watts: float | None):
    assert design_power(name) == watts


def test_a_server_takes_more_with_a_processor_of_more_design_power_that_nobody_measured():
    known, _ = published()
    asked = replace(known[100], cpu="Intel Xeon 9999", watts=float("nan"))
    weak, strong = (server(known, replace(asked, design_w=watts)) for watts in (100.0, 200.0))
    assert weak is not None
    assert strong is not None
    assert 1.4 < strong / weak < 2.1


def test_a_node_takes_what_servers_with_its_processor_take_and_more_with_more_of_them():
    two, one = node({**XEON, "memory_bytes": 192 * GIB}, 40), node({**XEON, "chips": 1, "cores": 40}, 20)
    assert isinstance(two, Node)
    assert isinstance(one, Node)
    assert 350 < two.cores_w < 550
    assert 0.4 < one.cores_w / two.cores_w < 0.8
    assert two.full_load(20) == pytest.approx(two.cores_w / 2)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, "compliance check"),
        ({**XEON, "virtual": True}, "virtual machines"),
        ({"cpu": "Fujitsu A64FX", "cores": 48}, "A64FX"),
    ],
)
def test_a_node_whose_power_nobody_can_tell_says_why(facts, why: str):
    found = node(facts, 8)
    assert isinstance(found, str)
    assert why in found


def test_without_a_meter_energy_is_run_time_times_the_nodes_power_and_names_the_model():
    seen = runs(100, 100, 100, 100, energy_j=None)
    here = node(XEON, 8)
    assert isinstance(here, Node)
    found = offered(BARE, PowerModel({"que_a": here}, {"que_a": History(seen)}), seen).energy
    assert found.value == pytest.approx(100 * here.full_load(4))
    assert found.source.startswith("model: ")
    assert "SPECpower" in found.source
    assert found.low80 < found.value / 1.5 < found.value * 1.5 < found.high80 <= found.safe
    assert found.confidence in {"low", "medium"}


def test_a_metered_run_of_the_step_elsewhere_says_more_than_the_hardware():
    there = [a_run(n, energy_j=100.0 * 30.0, queue_id="que_b") for n in range(4)]
    here, other = node(XEON, 8), node(XEON, 8)
    model = PowerModel({"que_a": here, "que_b": other}, {"que_b": History(there)})
    found = offered(BARE, model, runs(50, 50, 50, 50, energy_j=None)).energy
    assert found.value == pytest.approx(50 * 30.0, rel=0.02)
    assert "metered in runs of this step on Intel" in found.source
    carried = PowerModel({"que_a": node(SMALL, 8), "que_b": other}, {"que_b": History(there)})
    told = offered(BARE, carried, runs(50, 50, 50, 50, energy_j=None)).energy
    assert "on other hardware" in told.source
    assert told.high80 / told.value > found.high80 / found.value


def test_what_a_program_takes_of_a_gpu_is_never_guessed_from_the_limit_alone():
    need, facts = replace(BARE, gpus=1), {**XEON, "gpu": "NVIDIA A40", "gpu_limit_w": 300}
    seen = runs(100, 100, 100, energy_j=None, gpus=1)
    unknown = offered(need, PowerModel({"que_a": node(facts, 8)}, {}), seen).energy
    assert unknown.value is None
    assert "GPU's limit differs" in unknown.reason.text
    there = [a_run(n, energy_j=100.0 * 250.0, gpus=1) for n in range(3)]
    model = PowerModel({"que_a": node(facts, 8), "que_b": node(facts, 8)}, {"que_b": History(there)})
    found = offered(need, model, seen).energy
    assert found.value == pytest.approx(100 * 250, rel=0.02)
    assert "NVIDIA A40" in found.source


def test_a_meter_beats_every_model():
    seen = runs(100, 100, 100, 100)
    found = offered(BARE, PowerModel({"que_a": node(XEON, 8)}, {"que_a": History(seen)}), seen).energy
    assert found.value == 5000
    assert "model" not in found.source


def test_power_follows_the_batch_on_a_known_device_and_like_programs_on_an_unseen_one():
    def run(device: str, network: str, batch: float, watts: float) -> Metered:
        return Metered(device, network, batch, "sgd", 300.0, watts)

    known = [run("v100", "net", 2.0**n, 100.0 + 10 * n) for n in range(6)]
    asked = run("v100", "net", 12.0, float("nan"))
    assert known_device(known, asked) == pytest.approx(136, rel=0.03)
    assert known_device(known, replace(asked, network="other")) is None
    both = [run("v100", "like", 8.0, 130.0), run("a40", "like", 8.0, 195.0)]
    limits = {"v100": 300.0, "a40": 300.0}
    assert unseen_device([*known, *both], replace(asked, device="a40"), limits) == pytest.approx(200, rel=0.05)
    assert Metering([]).share("a40", "net", 1.0) is None


def test_carbon_follows_place_and_hour_and_names_year_and_source():
    noon, evening = datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 7, 1, 18, tzinfo=UTC)
    day, night = intensity("DE", noon, 3600), intensity("de-by", evening, 3600)
    assert day is not None
    assert night is not None
    assert day.g_kwh < night.g_kwh
    assert "2023, Electricity Maps" in day.source
    over_both = intensity("DE", noon, 7 * 3600)
    assert over_both is not None
    assert day.g_kwh < over_both.g_kwh < night.g_kwh
    assert intensity("PL", noon, 60).g_kwh > 5 * intensity("FR", noon, 60).g_kwh
    assert intensity("XX", noon, 60) is None
    assert intensity(None, noon, 60) is None


def test_a_candidates_carbon_is_its_energy_at_its_place_or_says_what_is_missing():
    seen = runs(100, 100, 100, 100)
    for place, why in (("DE", ""), (None, "location is not set"), ("XX", "of XX")):
        cluster = replace(ALPHA, location=place)
        found = offer(BARE, Spot(cluster, MAIN, PRICE, observations=seen), currencies=(), now=NOW)
        assert isinstance(found, Offer)
        if why:
            assert why in found.carbon.reason.text
        else:
            assert found.carbon.value == pytest.approx(5000 / 3.6e6 * intensity("DE", NOW, 100).g_kwh)
            assert "g CO2e/kWh (DE, by hour" in found.carbon.source
