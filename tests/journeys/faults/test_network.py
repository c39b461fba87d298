"""The way to the centre breaks while jobs flow."""

import time
from collections.abc import Callable

import pytest

from journeys.faults.flow import Flow

pytestmark = pytest.mark.lab


def test_silence_cuts_and_lost_packets_lose_and_double_nothing(flow: Callable[[], Flow]) -> None:
    jobs = flow()
    laboratory = jobs.laboratory
    jobs.until_running()
    with laboratory.fault("mute", jobs.cluster):  # orders arrive, their answers are lost
        time.sleep(8)
    jobs.submit(jobs.platform.login(), 5)
    time.sleep(1)
    with laboratory.fault("cut", jobs.cluster):
        time.sleep(10)
    with laboratory.fault("loss", jobs.cluster, 5):
        jobs.submit(jobs.platform.login(), 5)
        time.sleep(10)
    jobs.assert_whole()
