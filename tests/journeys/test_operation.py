"""Running the platform: it holds together, comes back by itself, and what is backed up can be restored elsewhere."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from journeys.conftest import HEROES, Platform


def heroes(platform: Platform, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as the operator of `platform`, with other settings where given."""
    environment = {**platform.environment, **settings}
    return subprocess.run(
        [HEROES, *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def child(platform: Platform, words: str) -> int:
    """Return the process id of the supervisor's child whose command line holds `words`."""
    parent = (platform.home / "serve.lock").read_text().strip()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            if status.read_text().rpartition(")")[2].split()[1] != parent:
                continue
            if words in status.with_name("cmdline").read_text():
                return int(status.parent.name)
        except (FileNotFoundError, ProcessLookupError):
            continue
    raise AssertionError(f"no child runs {words}")


def wait_until_ready(platform: Platform) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{platform.url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(platform.words())


def test_a_second_start_on_the_same_data_is_refused_with_the_remedy(platform: Platform) -> None:
    refused = heroes(platform, "serve")
    assert refused.returncode == 1
    assert "already runs" in refused.stderr
    assert "HEROES_HOME" in refused.stderr


def test_a_port_in_use_is_refused_with_the_remedy(platform: Platform) -> None:
    refused = heroes(platform, "serve", HEROES_HOME=str(platform.home.with_name("other")))
    assert refused.returncode == 1
    assert "HEROES_PORT" in refused.stderr


@pytest.mark.parametrize("part", ["heroes.api:create_app", "heroes.worker"])
def test_a_part_that_dies_is_started_again(platform: Platform, part: str) -> None:
    before = child(platform, part)
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if child(platform, part) != before:
                break
        except AssertionError:
            pass
        time.sleep(0.1)
    wait_until_ready(platform)
    assert child(platform, part) != before


def test_after_kill_9_of_everything_the_next_start_goes_on(platform: Platform) -> None:
    platform.kill()
    platform.start()
    assert [one["name"] for one in platform.login().clusters()] == ["here"]


@pytest.mark.parametrize("runs", [True, False], ids=["while it runs", "while it is stopped"])
def test_the_platform_admins_lost_password_is_replaced_on_its_machine(platform: Platform, runs: bool) -> None:
    if not runs:
        platform.stop()
    made = heroes(platform, "reset-password", "ada", "--organization", "heroes")
    if not runs:
        platform.start()
    assert made.returncode == 0, made.stderr
    body = {"organization": "heroes", "username": "ada", "password": made.stdout.strip()}
    entered = httpx.post(f"{platform.url}/api/v1/organization/auth/login", json=body, timeout=30)
    assert entered.status_code == 200, entered.text
    assert entered.json()["password_change_required"] is True


@pytest.fixture(scope="module")
def archive(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the running platform, with one file in it."""
    folder = tmp_path_factory.mktemp("backup")
    note = folder / "note.txt"
    note.write_text("kept")
    platform.login().upload(note, "home", "note.txt")
    archive = folder / "backup.tar"
    made = heroes(platform, "backup", str(archive))
    assert made.returncode == 0, made.stderr
    assert archive.stat().st_mode & 0o077 == 0
    return archive


def test_a_backup_overwrites_nothing(platform: Platform, tmp_path: Path) -> None:
    kept = tmp_path / "backup.tar"
    kept.write_text("an older backup")
    refused = heroes(platform, "backup", str(kept))
    assert refused.returncode == 1
    assert "not overwritten" in refused.stderr
    assert kept.read_text() == "an older backup"
    assert list(tmp_path.iterdir()) == [kept]


def test_a_damaged_backup_is_refused_and_leaves_nothing(platform: Platform, archive: Path, tmp_path: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[2048] ^= 0xFF  # within the dump
    damaged = tmp_path / "backup.tar"
    damaged.write_bytes(content)
    empty = platform.home.with_name("empty")
    refused = heroes(platform, "restore", str(damaged), HEROES_HOME=str(empty))
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert not [path for path in empty.iterdir() if path.name != "serve.lock"]


@pytest.fixture(scope="module")
def stopped(platform: Platform, archive: Path) -> Platform:
    """The platform, stopped for good: the tests that need it so come last."""
    platform.stop()
    return platform


def test_nothing_is_restored_over_an_installation(stopped: Platform, archive: Path) -> None:
    refused = heroes(stopped, "restore", str(archive))
    assert refused.returncode == 1
    assert "not empty" in refused.stderr


@pytest.fixture
def restored(stopped: Platform, archive: Path) -> Iterator[Platform]:
    """What was backed up, restored elsewhere."""
    other = Platform(stopped.home.with_name("restored"), stopped.port)
    done = heroes(other, "restore", str(archive))
    assert done.returncode == 0, done.stderr
    try:
        other.start()
        yield other
    finally:
        other.stop()


def test_a_restored_platform_has_people_workflows_and_files(restored: Platform, tmp_path: Path) -> None:
    lea = restored.login()
    assert {workflow["name"] for workflow in lea.workflows()} >= {"airfoil"}
    lea.download("home", "note.txt", tmp_path / "back.txt")
    assert (tmp_path / "back.txt").read_text() == "kept"
