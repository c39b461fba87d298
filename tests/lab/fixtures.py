"""pytest fixtures: one laboratory for all workers of a test run. Load them with `pytest_plugins = ("lab.fixtures",)`.

The first worker that needs the laboratory starts it; the controlling process stops it at the end, unless it already ran
before. Tests that break a site use `laboratory_alone`, all others `laboratory`: so no fault hits another worker's test.
"""

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from . import control
from .laboratory import Laboratory
from .machine import STATE

RUN = "HEROES_LAB_TEST_RUN"
NEEDED = ("slurmctld", "slurmdbd", "munged", "mariadbd", "sshd", "sge_qmaster", "ip", "iptables", "nsenter", "bwrap")
REMEDY = "run scripts/install-lab.sh and then the tests as root"


def missing() -> str | None:
    """Why the laboratory cannot run here and what to do; None if it can."""
    if os.geteuid() != 0:
        return f"the laboratory needs root: {REMEDY}"
    lacking = [name for name in NEEDED if not shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")]
    return f"the laboratory lacks {', '.join(lacking)}: {REMEDY}" if lacking else None


def pytest_configure(config: pytest.Config) -> None:
    if not _is_worker(config):
        os.environ[RUN] = f"{os.getpid()}-{time.time_ns()}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _is_worker(session.config):
        return
    owner, prepared_for = STATE / "owner", STATE / "prepared-for"
    if owner.exists() and owner.read_text() == os.environ.get(RUN):
        owner.unlink()
        control.stop()
    if prepared_for.exists() and prepared_for.read_text() == os.environ.get(RUN):
        prepared_for.unlink()  # the next run may have it


@pytest.fixture(scope="session")
def laboratory_session(pytestconfig: pytest.Config) -> Laboratory:
    """The running laboratory, for fixtures that outlive a test. Tests take `laboratory` or `laboratory_alone`."""
    reason = missing()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    STATE.mkdir(parents=True, exist_ok=True)
    laboratory = Laboratory()
    with _turn(pytestconfig):
        prepared_for = STATE / "prepared-for"
        if not prepared_for.exists() or prepared_for.read_text() != os.environ[RUN]:
            ran_before = control.running()
            control.start()
            for name in ran_before:
                laboratory.heal(name)
            if not ran_before:
                (STATE / "owner").write_text(os.environ[RUN])
            prepared_for.write_text(os.environ[RUN])
    return laboratory


@contextmanager
def whole() -> Iterator[None]:
    """While this lasts no test breaks the laboratory; for fixtures that outlive a test."""
    with _flock("use.lock", fcntl.LOCK_SH):
        yield


@pytest.fixture
def laboratory(laboratory_session: Laboratory) -> Iterator[Laboratory]:
    """The laboratory, whole: no test breaks it meanwhile."""
    with whole():
        yield laboratory_session


@pytest.fixture
def laboratory_alone(laboratory_session: Laboratory) -> Iterator[Laboratory]:
    """The laboratory for a test that breaks it: no other test uses it meanwhile, and it is whole again afterwards."""
    with _flock("use.lock", fcntl.LOCK_EX):
        yield laboratory_session
        control.start()
        for name in control.MACHINES:
            laboratory_session.heal(name)


@contextmanager
def _turn(config: pytest.Config) -> Iterator[None]:
    """Hold the run's lock once no other test run has the laboratory: their faults would hit each other's tests."""
    told = False
    while True:
        with _flock("run.lock", fcntl.LOCK_EX):
            other = _other_run()
            if other is None:
                yield
                return
        if not told:
            with config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
                print(f"\nwaiting for the laboratory: the test run with process id {other} has it", file=sys.stderr)
            told = True
        time.sleep(1)


def _other_run() -> int | None:
    """The process id of a living test run, not this one, that has the laboratory."""
    prepared_for = STATE / "prepared-for"
    if not prepared_for.exists() or prepared_for.read_text() == os.environ[RUN]:
        return None
    pid = int(prepared_for.read_text().partition("-")[0])
    try:
        return pid if b"pytest" in Path(f"/proc/{pid}/cmdline").read_bytes() else None
    except OSError:
        return None


@contextmanager
def _flock(name: str, kind: int) -> Iterator[None]:
    with (STATE / name).open("w") as file:
        fcntl.flock(file, kind)
        yield


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")
