"""The batch system freezes, falls silent or forgets while jobs flow."""

import time
from collections.abc import Callable

import pytest

from journeys.faults.flow import IN_FULL, SAVED_S, Flow
from journeys.sites import until

pytestmark = pytest.mark.lab
FROZEN_S, GONE_S = (60, 120) if IN_FULL else (15, 10)
FORGETFUL = "sed -i s/^MinJobAge=.*/MinJobAge={}/ /etc/slurm/slurm.conf; scontrol reconfigure"


def test_a_frozen_or_dead_scheduler_and_a_silent_accounting_end_and_order_nothing(flow: Callable[..., Flow]) -> None:
    jobs = flow("alpha", "beta", parts=4)
    laboratory = jobs.laboratory
    laboratory.exec("beta", ["sh", "-c", FORGETFUL.format(2)])
    try:
        with laboratory.fault("freeze", "alpha", "slurmctld"):  # while the first orders leave
            jobs.some()
            time.sleep(9)
        jobs.until_started()
        with laboratory.fault("kill", "beta", "slurmdbd"):
            with laboratory.fault("freeze", "alpha", "slurmctld"):
                jobs.some()
                time.sleep(FROZEN_S)
            jobs.until_working()
            time.sleep(SAVED_S)
            with laboratory.fault("kill", "alpha", "slurmctld"):
                jobs.some()
                time.sleep(GONE_S)
                jobs.until_told("Not heard from", "does not answer")
            until("a controller that forgot all jobs", lambda: nothing_known(jobs), 120)
        jobs.some()
        jobs.assert_whole()
    finally:
        laboratory.exec("beta", ["sh", "-c", FORGETFUL.format(300)])


def nothing_known(jobs: Flow) -> bool:
    return not jobs.laboratory.exec("beta", ["squeue", "-h", "-t", "all"]).stdout
