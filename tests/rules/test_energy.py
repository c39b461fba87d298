"""What a meter's number means."""

from dataclasses import replace

import pytest

from heroes.adapters.ports import SiteJob, SiteState, SiteUsage
from heroes.energy import service
from heroes.energy.rules import from_site, share


def used(energy_j: float | None, elapsed_s: float = 60.0, source: str | None = "slurm", cpus: int = 2) -> SiteUsage:
    return SiteUsage(nodes=1, cpus=cpus, elapsed_s=elapsed_s, energy_j=energy_j, energy_source=source)


def test_a_measured_energy_is_told_with_its_source():
    reading = from_site(used(1234.0), 30)
    assert (reading.joules, reading.source, reading.reason) == (1234.0, "slurm", None)


@pytest.mark.parametrize(
    ("usage", "interval_s", "why"),
    [
        pytest.param(None, 30, "has not told", id="no accounting"),
        pytest.param(used(None), 30, "has no energy", id="no meter"),
        pytest.param(
            used(None, source="none: other jobs ran meanwhile"), 30, "Other jobs ran meanwhile.", id="its word"
        ),
        pytest.param(used(900.0, elapsed_s=10), 30, "below the meter's resolution: it ran 10 s", id="too short"),
        pytest.param(used(0.0), None, "resolution: it counted nothing", id="a zero is no measurement"),
    ],
)
def test_an_unmeasured_energy_is_unknown_with_the_reason_and_never_zero(usage, interval_s, why: str):
    reading = from_site(usage, interval_s)
    assert reading.joules is None
    assert why.lower() in str(reading.reason).lower()


def test_a_shared_nodes_energy_is_split_by_core_seconds():
    reading = from_site(used(1000.0, cpus=2), 30, core_s_of_all=480.0)
    assert reading.joules == pytest.approx(250.0)
    assert "split by core-seconds" in str(reading.source)
    assert from_site(used(1000.0, cpus=2), 30, core_s_of_all=120.0).joules == 1000.0


def test_shares_add_up_to_the_meter():
    parts = [share(1000.0, core_s, 60.0) for core_s in (10.0, 20.0, 30.0)]
    assert sum(parts) == pytest.approx(1000.0)


def test_a_job_is_read_from_its_sites_accounting():
    job = SiteJob("7", None, "t", SiteState.ENDED, usage=used(5.0))
    assert service.of_job(job).joules == 5.0
    assert service.of_job(None).joules is None


def test_what_the_site_tells_of_the_nodes_other_jobs_splits_its_meter_and_the_source_says_how():
    reading = from_site(replace(used(1000.0, cpus=2), core_s_of_all=480.0), 30)
    assert reading.joules == pytest.approx(250.0)
    assert reading.source == "slurm, shared nodes split by core-seconds: 25.0% of 1000 J"


def test_a_meter_whose_node_may_have_been_shared_says_that_nobody_knows():
    reading = from_site(replace(used(1000.0), sharing_unknown="the site hides others' jobs"), 30)
    assert (reading.joules, reading.source) == (1000.0, "slurm; the site hides others' jobs")
