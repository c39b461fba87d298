"""Machines of the centre die while jobs flow."""

import time
from collections.abc import Callable

import pytest

from journeys.faults.flow import Flow

pytestmark = pytest.mark.lab


def test_a_power_cut_of_the_centre_is_answered_with_new_attempts_and_no_doubled_start(
    flow: Callable[[], Flow],
) -> None:
    jobs = flow()
    jobs.until_running()
    with jobs.laboratory.fault("crash", jobs.cluster):
        time.sleep(3)
    jobs.assert_whole()


def test_a_lost_node_takes_its_jobs_along_and_they_run_elsewhere(flow: Callable[[], Flow]) -> None:
    jobs = flow()
    jobs.until_running()
    kill = "pkill -KILL -f 'slurmd .*-N alpha-n0'; pkill -KILL -f 'slurmstepd.*alpha-n0' || true"
    jobs.laboratory.exec(jobs.cluster, ["sh", "-c", kill])
    node = ["scontrol", "update", "NodeName=alpha-n0", "State=DOWN", "Reason=lost"]
    jobs.laboratory.exec(jobs.cluster, node)
    jobs.assert_whole()
