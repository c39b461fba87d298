"""The real platform, started as a user starts it: one per run of this suite's file, in a data folder of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from heroes.client import Heroes

ROOT = Path(__file__).parents[2]
HEROES = str(Path(sys.executable).parent / "heroes")
PASSWORD = "a password for tests"
READY_WITHIN = 300.0
RUNNING: list["Platform"] = []


@dataclass
class Platform:
    """A platform that `heroes serve --demo` runs; `stop`, `kill` and `start` it as fate would."""

    home: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    clients: list[Heroes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HEROES_")}
        own = {"HEROES_HOME": str(self.home), "HEROES_PORT": str(self.port), "HEROES_DEMO_PASSWORD": PASSWORD}
        return {**kept, **own, **self.settings}

    def start(self) -> None:
        with (self.home.parent / f"{self.home.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [HEROES, "serve", "--demo"], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.words()
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError(f"the platform was not ready within {READY_WITHIN} s: {self.words()}")

    def words(self) -> str:
        log = self.home.parent / f"{self.home.name}.log"
        return log.read_text(errors="replace")[-4000:] if log.exists() else ""

    def complaints(self, most: int = 20) -> str:
        """Return what it warned of last, a line each."""
        log = self.home.parent / f"{self.home.name}.log"
        found: deque[str] = deque(maxlen=most)
        for line in log.read_text(errors="replace").splitlines() if log.exists() else ():
            with suppress(ValueError, AttributeError):
                told = json.loads(line)
                if told.get("log.level") in {"warning", "error", "critical"}:
                    words = (told.get(key) for key in ("@timestamp", "message", "table", "row", "error"))
                    found.append(" ".join(str(word) for word in words if word)[:500])
        return "\n".join(found)

    def stop(self) -> None:
        while self.clients:
            self.clients.pop().close()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def kill(self) -> None:
        """Kill the supervisor with -9; its children die with it, the database survives as it may."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def login(self, user: str = "lea", organization: str = "acme") -> Heroes:
        """Sign in; the throttle of logins, and a database that just came back, are waited out as a client does."""
        client = Heroes(self.url)
        self.clients.append(client)
        for _ in range(20):
            try:
                client.login(organization, user, PASSWORD)
            except Exception as error:
                if getattr(error, "status", None) not in {429, 503}:
                    raise
                time.sleep(1)
            else:
                return client
        raise AssertionError("the throttle never let us in")


@contextmanager
def running_platform(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Platform]:
    """Yield a platform that runs, with its data in an empty folder and sample content in it."""
    folder.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = Platform(folder / "home", port, dict(settings or {}))
    RUNNING.append(running)
    try:
        running.start()
        yield running
    finally:
        RUNNING.remove(running)
        running.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a failure show what the platforms that run complained of: their logs go with them."""
    report = yield
    told = "\n".join(filter(None, (platform.complaints() for platform in RUNNING))) if report.failed else ""
    if told:
        report.sections.append(("the platform's complaints", told))
        crash = getattr(report.longrepr, "reprcrash", None)
        if crash is not None:
            crash.message += f"\nThe platform complained of:\n{told}"
    return report


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """A platform of this file's own, with sample content and nothing else."""
    folder = Path(tempfile.mkdtemp(prefix="heroes-journey-", dir="/var/tmp"))
    try:
        with running_platform(folder) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)
