"""What a meter's number means."""

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
