"""Two real Slurm centres: enrolled, checked, priced differently, used by one workflow."""

import csv
import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from heroes.client import Heroes
from journeys.conftest import ROOT, Platform
from journeys.sites import PRICES, enrol, seen_open
from lab.laboratory import Laboratory

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def centres(platform: Platform, laboratory_session: Laboratory) -> Platform:
    platform.stop()
    platform.settings["HEROES_WATCH_SECONDS"] = "1"
    platform.start()
    enrol(platform, laboratory_session, "alpha", "beta")
    return platform


@pytest.fixture(autouse=True)
def both_open(centres: Platform, laboratory: Laboratory) -> None:
    seen_open(centres, "alpha", "beta")


def run(lea: Heroes, workflow: str, parameters: dict[str, Any], **wishes: Any) -> str:
    wid: str = lea.run(workflow, parameters, **wishes)["wid"]
    [*_, ended] = lea.follow(wid, every=0.5, limit=400)
    assert ended["status"] == "FINISHED", (ended, lea.jobs(wid))
    return wid


def test_one_workflow_uses_both_centres_and_the_file_goes_through_the_platform(
    centres: Platform, laboratory: Laboratory, tmp_path: Path
) -> None:
    lea = centres.login()
    wid = run(lea, "two-sites", {"first": "alpha", "second": "beta"})
    assert [(job["step"], job["cluster"]) for job in lea.jobs(wid)] == [("simulate", "alpha"), ("analyse", "beta")]
    for result in lea.results(wid):
        target = tmp_path / result["name"]
        lea.download(result["bucket"], result["path"], target, sha256=result["sha256"])
        assert hashlib.sha256(target.read_bytes()).hexdigest() == result["sha256"]


def test_what_is_charged_is_tariff_times_what_the_site_accounts(centres: Platform, laboratory: Laboratory) -> None:
    lea = centres.login()
    lea.upload(ROOT / "examples/airfoil/naca2412.dat", "home", "wing/naca2412.dat")
    wid = run(lea, "airfoil", {"airfoil": "home:wing/naca2412.dat", "angles": [0, 4]}, cluster="beta")
    expected = Decimal(0)
    for job in lea.jobs(wid):
        columns = ["sacct", "-nPX", "-j", job["site_id"], "-o", "ElapsedRaw,AllocCPUS"]
        elapsed, cpus = laboratory.exec("beta", columns).stdout.split()[0].split("|")
        expected += Decimal("0.01") + Decimal(PRICES["beta"]) * int(elapsed) * int(cpus) / 3600
    cost = lea.cost(wid)
    assert abs(Decimal(cost["charged"]) - expected) < Decimal("0.000001")
    assert Decimal(cost["overrun"]) == 0


def test_the_cavity_agrees_with_the_published_profile_and_its_energy_is_the_sites_own(
    centres: Platform, laboratory: Laboratory, tmp_path: Path
) -> None:
    lea = centres.login()
    wid = run(lea, "cavity", {"reynolds": 100}, cluster="alpha")
    found = {result["name"]: result for result in lea.results(wid)}
    target = tmp_path / "comparison.csv"
    lea.download(found["comparison.csv"]["bucket"], found["comparison.csv"]["path"], target)
    with target.open() as file:
        rows = list(csv.DictReader(file))
    errors = [float(row["u"]) - float(row["u_published"]) for row in rows]
    assert (sum(error**2 for error in errors) / len(errors)) ** 0.5 < 0.01
    [solve] = [job for job in lea.jobs(wid) if job["step"] == "solve"]
    joules = laboratory.exec("alpha", ["sacct", "-nP", "-j", solve["site_id"], "-o", "JobID,ConsumedEnergyRaw"]).stdout
    told = [float(line.split("|")[1] or 0) for line in joules.split()]
    assert 0 < solve["usage"]["energy_j"] <= max(told)


def test_members_of_an_ensemble_that_shared_a_node_share_what_its_meter_counted(
    centres: Platform, laboratory: Laboratory
) -> None:
    source = (
        "heroes: 1\nname: nap\ntitle: A nap\nsummary: Sleeps.\nparameters: {}\nsteps:\n  sleep:\n"
        "    foreach: [1, 2, 3, 4]\n    run: [sleep, '5']\n    resources: {cores: 1, memory: 64 MiB, walltime: 60}\n"
    )
    centres.login("tom").post("/organization/workflow/template", {"files": {"workflow.yaml": source}})
    lea = centres.login()
    wid = run(lea, "nap", {}, cluster="alpha")
    used = [job["usage"] for job in lea.jobs(wid)]
    nodes = [one["node_list"] for one in used]
    crowded = [one for one in used if nodes.count(one["node_list"]) > 1]
    assert crowded, f"four jobs of one core had a node each: {nodes}"
    assert all("split by core-seconds" in one["energy_source"] for one in crowded), crowded


def test_a_cancelled_job_really_ends_at_its_site(centres: Platform, laboratory: Laboratory) -> None:
    tom = centres.login("tom")
    source = (
        "heroes: 1\nname: sleeper\ntitle: Sleeper\nsummary: Sleeps.\nparameters: {}\n"
        "steps:\n  sleep:\n    run: [sleep, '600']\n    resources: {walltime: 900}\n"
    )
    tom.post("/organization/workflow/template", {"files": {"workflow.yaml": source}})
    lea = centres.login()
    wid = lea.run("sleeper", {}, cluster="alpha")["wid"]
    for seen in lea.follow(wid, every=0.3, limit=60):
        if seen["status"] == "RUN_IN_PROGRESS":
            break
    [job] = lea.jobs(wid)
    assert lea.log(wid)["content"] == ""
    lea.cancel(wid)
    [*_, ended] = lea.follow(wid, every=0.5, limit=60)
    assert ended["status"] == "CANCELED"
    state = laboratory.exec("alpha", ["sacct", "-nPX", "-j", job["site_id"], "-o", "State"]).stdout
    assert state.startswith("CANCELLED")
