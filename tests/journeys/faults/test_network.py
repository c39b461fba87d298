"""The way to the centre breaks while jobs flow."""

import time
from collections.abc import Callable

import pytest

from journeys.faults.flow import IN_FULL, Flow
from journeys.sites import until

pytestmark = pytest.mark.lab
OTHERS = "alpha-small"
"""the centre by another account: platforms of other tests keep their connections"""
SILENT_S, CUT_S, OFF_S = (20, 60, 60) if IN_FULL else (8, 8, 4)


def test_a_line_that_is_mute_cut_or_lossy_loses_and_doubles_nothing(flow: Callable[..., Flow]) -> None:
    jobs = flow("alpha", parts=5)
    laboratory = jobs.laboratory
    jobs.some()
    jobs.until_started()
    with laboratory.fault("mute", "alpha"):  # orders arrive, their answers are lost
        jobs.some()
        time.sleep(SILENT_S)
    with laboratory.fault("loss", "alpha", 5):
        jobs.some()
        jobs.until_started()
    with laboratory.fault("cut", "alpha"):
        jobs.some()
        time.sleep(CUT_S)
        jobs.until_told("Not heard from alpha")
    jobs.until_started()
    with laboratory.fault("login", "alpha"):  # the login node's power is cut; the jobs run on
        jobs.some()
        time.sleep(OFF_S)
    jobs.assert_whole()


def test_at_a_changed_host_key_everything_stops_until_a_person_approved_it(flow: Callable[..., Flow]) -> None:
    jobs = flow(OTHERS, parts=2)
    jobs.some(seconds=4)
    jobs.until_started()
    jobs.some()
    with jobs.laboratory.fault("host-key", "alpha"):
        until_stopped(jobs)
        jobs.until_told("host key")
        approve(jobs)
        jobs.assert_whole()
    until_stopped(jobs)
    approve(jobs)


def until_stopped(jobs: Flow) -> None:
    oda = jobs.platform.login("oda")
    jobs.laboratory.exec("alpha", ["pkill", "-KILL", "-u", "bob", "-x", "sshd"], check=False)
    until("the stop", lambda: oda.cluster(OTHERS)["state"] == "STOPPED_HOST_KEY")


def approve(jobs: Flow) -> None:
    oda = jobs.platform.login("oda")
    oda.post(f"/organization/cluster/{OTHERS}/host-key", {"fingerprint": oda.cluster(OTHERS)["offered_fingerprint"]})
