"""A real centre of Grid Engine: a workflow runs there, its use is the site's own word, a cancel really ends a job."""

from typing import Any

import pytest

from heroes.client import Heroes
from journeys.conftest import ROOT, Platform
from journeys.sites import enrol, seen_open, until
from lab.laboratory import Laboratory

pytestmark = pytest.mark.lab
QSTAT = ["env", "SGE_ROOT=/var/lib/gridengine", "qstat", "-u", "erin"]


@pytest.fixture(scope="module")
def gamma(platform: Platform, laboratory_session: Laboratory) -> Platform:
    platform.stop()
    platform.settings["HEROES_WATCH_SECONDS"] = "1"
    platform.start()
    enrol(platform, laboratory_session, "gamma")
    return platform


@pytest.fixture(autouse=True)
def opened(gamma: Platform, laboratory: Laboratory) -> None:
    seen_open(gamma, "gamma")


def run(lea: Heroes, workflow: str, parameters: dict[str, Any], **wishes: Any) -> str:
    wid: str = lea.run(workflow, parameters, **wishes)["wid"]
    [*_, ended] = lea.follow(wid, every=0.5, limit=400)
    assert ended["status"] == "FINISHED", (ended, lea.jobs(wid))
    return wid


def test_a_workflow_runs_there_and_its_use_is_what_the_site_accounts(gamma: Platform) -> None:
    lea = gamma.login()
    lea.upload(ROOT / "examples/airfoil/naca2412.dat", "home", "wing/naca2412.dat")
    wid = run(lea, "airfoil", {"airfoil": "home:wing/naca2412.dat", "angles": [0, 4]}, cluster="gamma")
    jobs = lea.jobs(wid)
    assert {(job["cluster"], job["usage"]["source"]) for job in jobs} == {("gamma", "accounting")}
    assert {job["usage"]["node_list"] for job in jobs} == {"gamma"}
    assert {result["name"] for result in lea.results(wid)} >= {"polar.csv", "polar.svg"}


def test_a_cancelled_job_really_ends_at_its_site(gamma: Platform, laboratory: Laboratory) -> None:
    tom = gamma.login("tom")
    source = (
        "heroes: 1\nname: sleeper\ntitle: Sleeper\nsummary: Sleeps.\nparameters: {}\n"
        "steps:\n  sleep:\n    run: [sleep, '600']\n    resources: {walltime: 900}\n"
    )
    tom.post("/organization/workflow/template", {"files": {"workflow.yaml": source}})
    lea = gamma.login()
    wid = lea.run("sleeper", {}, cluster="gamma")["wid"]
    for seen in lea.follow(wid, every=0.3, limit=60):
        if seen["status"] == "RUN_IN_PROGRESS":
            break
    lea.cancel(wid)
    [*_, ended] = lea.follow(wid, every=0.5, limit=90)
    assert ended["status"] == "CANCELED"
    until("an empty queue", lambda: laboratory.exec("gamma", QSTAT).stdout == "")
