"""The batch system freezes, falls silent or forgets while jobs flow."""

import time
from collections.abc import Callable

import pytest

from journeys.faults.flow import JOBS, Flow
from journeys.sites import until

pytestmark = pytest.mark.lab
FROZEN_S, GONE_S = (60, 120) if JOBS >= 1000 else (20, 15)


def test_a_frozen_and_a_dead_scheduler_lose_and_double_nothing(flow: Callable[[], Flow]) -> None:
    jobs = flow()
    laboratory = jobs.laboratory
    with laboratory.fault("freeze", jobs.cluster, "slurmctld"):  # while the first orders leave
        time.sleep(9)
    jobs.until_running()
    with laboratory.fault("freeze", jobs.cluster, "slurmctld"):
        jobs.submit(jobs.platform.login(), 5)
        time.sleep(FROZEN_S)
    laboratory.exec(jobs.cluster, ["pkill", "-KILL", "-x", "slurmctld"])
    jobs.submit(jobs.platform.login(), 5)
    time.sleep(GONE_S)
    laboratory.exec(jobs.cluster, ["slurmctld"])
    jobs.assert_whole()


def test_a_silent_accounting_ends_nothing_and_orders_nothing(flow: Callable[[], Flow]) -> None:
    jobs = flow()
    laboratory = jobs.laboratory
    jobs.until_running()
    with laboratory.fault("freeze", jobs.cluster, "slurmdbd"):
        jobs.submit(jobs.platform.login(), 5)
        until("ended payloads", lambda: len(jobs.lines("ends")) > 20, 120)
        time.sleep(GONE_S)
    jobs.assert_whole()
