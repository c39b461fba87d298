"""Machines and disks of the centres fail while jobs flow."""

import time
from collections.abc import Callable

import pytest

from journeys.faults.flow import IN_FULL, SAVED_S, Flow
from lab.disks import full, small_disk

pytestmark = pytest.mark.lab
AN_HOUR_S = 3600
DISK_MIB = 512 if IN_FULL else 64
FULL_S = 60 if IN_FULL else 6


def test_lost_nodes_and_a_power_cut_are_answered_with_new_attempts_and_no_doubled_start(
    flow: Callable[..., Flow],
) -> None:
    jobs = flow("alpha", "beta", parts=4)
    laboratory = jobs.laboratory
    jobs.some(workflow="reflow", seconds=4)  # the site may start these again by itself
    jobs.some(seconds=4)
    jobs.until_started(10)
    for machine in jobs.machines:
        with laboratory.fault("node", machine, f"{machine}-n0"):
            down = ["scontrol", "update", f"NodeName={machine}-n0", "State=DOWN", "Reason=lost"]
            laboratory.exec(machine, down)
    jobs.assert_whole()
    jobs.until_working()
    jobs.some(seconds=20)
    jobs.until_started()
    time.sleep(SAVED_S)
    with laboratory.fault("crash", "alpha"):
        time.sleep(3)
        jobs.some()
    jobs.assert_whole()


def test_full_disks_used_up_quotas_and_a_clock_that_is_wrong_by_an_hour_lose_nothing(
    flow: Callable[..., Flow],
) -> None:
    jobs = flow("alpha-small", "beta-small", parts=3)
    laboratory = jobs.laboratory
    with (
        laboratory.fault("clock", "beta", AN_HOUR_S),
        small_disk(laboratory, "alpha", "bob", "/scratch/bob", "disk", DISK_MIB) as disk,
        small_disk(laboratory, "beta", "dave", "/scratch/dave", "quota", DISK_MIB) as quota,
    ):
        jobs.until_working()
        jobs.some()
        jobs.until_started()
        with full(laboratory, "alpha", "bob", disk), full(laboratory, "beta", "dave", quota):
            jobs.some()
            jobs.until_told("disk is full", "quota is used up")
            time.sleep(FULL_S)
        jobs.some()
        jobs.assert_whole()
