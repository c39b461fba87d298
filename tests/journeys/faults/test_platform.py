"""Parts of the platform die, stand still or find no room while jobs flow."""

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
FULL_S = 5


@pytest.fixture
def second_worker(site: Platform) -> Iterator[subprocess.Popen[bytes]]:
    """A further worker on the same database."""
    with (site.home.parent / "second-worker.log").open("ab") as log:
        process = subprocess.Popen(
            [HEROES, "worker"], env=site.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    yield process
    process.kill()
    process.wait()


def test_killed_parts_and_a_full_disk_are_gone_on_from(flow: Callable[..., Flow]) -> None:
    jobs = flow("alpha", parts=5)
    platform = jobs.platform
    for words in ("heroes.worker", "heroes.api"):
        jobs.some()
        time.sleep(2)
        os.kill(child(platform, words), signal.SIGKILL)
        wait_until_ready(platform)
    jobs.some()
    time.sleep(1)
    database = EmbeddedPostgres(platform.home)
    killed = database.pid()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    until("another database", lambda: database.pid() not in {None, killed})
    wait_until_ready(platform)
    jobs.some()
    filler = platform.home.parent / "filler"
    subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=1M"], check=False, capture_output=True)
    try:
        time.sleep(FULL_S)
    finally:
        filler.unlink()
    wait_until_ready(platform)
    jobs.some()
    jobs.assert_whole()


def test_a_worker_that_stood_still_past_its_lease_and_cancels_at_any_moment_harm_nothing(
    second_worker: subprocess.Popen[bytes], flow: Callable[..., Flow]
) -> None:
    jobs = flow("alpha", parts=3)
    lea = jobs.platform.login()
    jobs.some()
    first = child(jobs.platform, "heroes.worker")
    cancelled = []
    for pid in (first, second_worker.pid):
        time.sleep(2)
        os.kill(pid, signal.SIGSTOP)
        jobs.some()
        for pause in (0.0, 0.1, 0.3, 0.6, 1.0, 1.5, 2.0):
            wid = jobs.submit(lea, 3, "alpha")
            time.sleep(pause)
            lea.cancel(wid)
            cancelled.append(wid)
        time.sleep(PAST_ITS_LEASE_S - 5.5)
        os.kill(pid, signal.SIGCONT)
    second_worker.kill()
    jobs.assert_whole(cancelled=cancelled)
