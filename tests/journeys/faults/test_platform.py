"""Parts of the platform die or stand still while jobs flow."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from heroes.kit.postgres import EmbeddedPostgres
from journeys.conftest import HEROES, Platform
from journeys.faults.conftest import SHORTENED
from journeys.faults.flow import Flow
from journeys.sites import until
from journeys.test_operation import child, wait_until_ready

pytestmark = pytest.mark.lab
PAST_ITS_LEASE_S = float(SHORTENED["HEROES_LEASE_SECONDS"]) * 1.5


@pytest.fixture
def second_worker(site: Platform) -> Iterator[subprocess.Popen[bytes]]:
    """A further worker on the same database."""
    log = (site.home.parent / "second-worker.log").open("ab")
    process = subprocess.Popen(
        [HEROES, "worker"], env=site.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )
    yield process
    process.kill()
    process.wait()
    log.close()


def test_killed_parts_come_back_and_go_on(flow: Callable[[], Flow]) -> None:
    jobs = flow()
    platform = jobs.platform
    for words in ("heroes.worker", "heroes.api"):
        time.sleep(2)
        os.kill(child(platform, words), signal.SIGKILL)
    wait_until_ready(platform)
    jobs.submit(platform.login(), 5)
    time.sleep(1)
    database = EmbeddedPostgres(platform.home)
    killed = database.pid()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    until("another database", lambda: database.pid() not in {None, killed})
    wait_until_ready(platform)
    jobs.assert_whole()


def test_a_worker_that_stood_still_past_its_lease_can_harm_nothing(
    second_worker: subprocess.Popen[bytes], flow: Callable[[], Flow]
) -> None:
    jobs = flow()
    first = child(jobs.platform, "heroes.worker")
    for pid in (first, second_worker.pid):
        time.sleep(2)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(PAST_ITS_LEASE_S)
        os.kill(pid, signal.SIGCONT)
    second_worker.kill()
    jobs.assert_whole()


def test_executions_cancelled_at_any_moment_of_their_submission_end_cancelled_or_finished(
    flow: Callable[[], Flow],
) -> None:
    jobs = flow()
    lea = jobs.platform.login()
    cancelled = []
    for pause in (0.0, 0.1, 0.3, 0.6, 1.0, 1.5, 2.0):
        wid = jobs.submit(lea, 3)
        time.sleep(pause)
        lea.cancel(wid)
        cancelled.append(wid)
        del jobs.wids[wid]
    jobs.assert_whole()
    for wid in cancelled:
        [*_, ended] = lea.follow(wid, every=0.5, limit=120)
        assert ended["status"] == "CANCELED", ended
    ended_jobs = {line.job for line in jobs.lines("ends")}
    for job in [job for wid in cancelled for job in lea.jobs(wid)]:
        assert (job["end"] == "SUCCEEDED") == (job["id"] in ended_jobs), job
