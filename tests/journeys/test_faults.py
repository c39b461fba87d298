"""Whatever is killed, cut or silent: every payload starts once, every execution ends, nothing is lost."""

import time

import pytest

from heroes.client import Heroes
from journeys.conftest import Platform
from journeys.sites import enrol, seen_open, until
from lab.laboratory import Laboratory

pytestmark = pytest.mark.lab

MARKER = """\
heroes: 1
name: marker
title: Marker
summary: Each start of a payload writes one line on the site's disk.
parameters:
  run: {type: string}
  seconds: {type: integer, default: 1}
  numbers: {type: array, items: {type: integer}, maxItems: 64}
required: [run, numbers]
steps:
  mark:
    foreach: "{{ params.numbers }}"
    script: |
      echo "$HEROES_JOB" >> /scratch/starts-$PARAM_RUN
      sleep "$PARAM_SECONDS"
      echo "$PARAM_ITEM" > number
    resources: {cores: 1, memory: 64 MiB, walltime: 120}
    retries: {infrastructure: 0}
    outputs: {number: number}
outputs: {numbers/: "{{ steps.mark.outputs.number }}"}
"""
NUMBERS = list(range(8))


@pytest.fixture(scope="module")
def site(platform: Platform, laboratory_session: Laboratory) -> Platform:
    platform.stop()
    platform.settings["HEROES_WATCH_SECONDS"] = "1"
    platform.start()
    enrol(platform, laboratory_session, "alpha")
    platform.login("tom").post("/organization/workflow/template", {"files": {"workflow.yaml": MARKER}})
    return platform


def start(platform: Platform, run: str, seconds: int = 1) -> tuple[Heroes, str]:
    seen_open(platform, "alpha")
    lea = platform.login()
    parameters = {"run": run, "seconds": seconds, "numbers": NUMBERS}
    return lea, lea.run("marker", parameters, cluster="alpha")["wid"]


def starts(laboratory: Laboratory, run: str) -> list[str]:
    return laboratory.exec("alpha", ["cat", f"/scratch/starts-{run}"], check=False).stdout.split()


def assert_whole(lea: Heroes, laboratory: Laboratory, wid: str, run: str, limit: float = 150) -> None:
    """Every payload started exactly once, as read from the site; everything ended well and is settled."""
    [*_, ended] = lea.follow(wid, every=0.5, limit=limit)
    jobs = lea.jobs(wid)
    assert ended["status"] == "FINISHED", (ended, jobs)
    assert sorted(starts(laboratory, run)) == sorted(job["id"] for job in jobs)
    assert [job["exit_code"] for job in jobs] == [0] * len(NUMBERS)
    assert len(lea.results(wid)) >= 1
    budget = next(iter(lea.pages("/organization/budget/list")))
    assert float(budget["reserved"]) == 0, budget


@pytest.mark.parametrize("after", [0.3, 1.0, 2.0, 3.5])
def test_a_platform_killed_at_any_moment_goes_on_by_itself(
    site: Platform, laboratory: Laboratory, after: float
) -> None:
    run = f"kill-{after}-{time.time_ns()}"
    _, wid = start(site, run)
    time.sleep(after)
    site.kill()
    site.start()
    assert_whole(site.login(), laboratory, wid, run)


def test_an_order_whose_answer_is_lost_is_adopted_and_not_given_again(
    site: Platform, laboratory_alone: Laboratory
) -> None:
    run = f"mute-{time.time_ns()}"
    lea, wid = start(site, run)
    until("an order", lambda: any(job["state"] in {"SUBMITTING", "QUEUED"} for job in lea.jobs(wid)), 30)
    laboratory_alone.fault("mute", "alpha")
    time.sleep(8)
    laboratory_alone.heal("alpha")
    assert_whole(lea, laboratory_alone, wid, run, limit=240)


def test_a_centre_that_is_cut_off_is_waited_for(site: Platform, laboratory_alone: Laboratory) -> None:
    run = f"cut-{time.time_ns()}"
    lea, wid = start(site, run, seconds=3)
    until("running jobs", lambda: any(job["state"] == "RUNNING" for job in lea.jobs(wid)), 60)
    laboratory_alone.fault("cut", "alpha")
    time.sleep(10)
    assert lea.execution(wid)["status"] in {"RUN_IN_PROGRESS", "PENDING"}
    laboratory_alone.heal("alpha")
    assert_whole(lea, laboratory_alone, wid, run, limit=240)


def test_a_frozen_scheduler_doubles_nothing(site: Platform, laboratory_alone: Laboratory) -> None:
    run = f"freeze-{time.time_ns()}"
    seen_open(site, "alpha")
    laboratory_alone.exec("alpha", ["pkill", "-STOP", "-x", "slurmctld"])
    lea, wid = start(site, run)
    time.sleep(9)
    laboratory_alone.exec("alpha", ["pkill", "-CONT", "-x", "slurmctld"])
    assert_whole(lea, laboratory_alone, wid, run, limit=240)
