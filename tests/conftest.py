"""What every suite stands on: one real PostgreSQL per run, one database per worker, one event loop."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from heroes.kit.db import Database
from heroes.kit.postgres import DatabaseUrls, EmbeddedPostgres
from tables import empty, make

TESTS = Path(__file__).parent
LONG = {"test_submission_model.py", "test_matrix.py", "test_cli.py"}
pytest_plugins = ("lab.fixtures",)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests stay on one worker (`--dist loadgroup`), and put first what takes longest.

    A file stays together, for its fixtures. Files with tests that have the laboratory for themselves are one group:
    on two workers they would only wait for each other. They begin, and those that merely use it come last.
    """
    needs: dict[Path, set[str]] = {}
    for item in items:
        needs.setdefault(item.path, set()).update(getattr(item, "fixturenames", ()))
    items.sort(key=lambda item: _turn(item.path.relative_to(TESTS).parts, needs[item.path]))
    for item in items:
        alone = "laboratory_alone" in needs[item.path]
        group = "laboratory" if alone else str(item.path.relative_to(TESTS).with_suffix(""))
        item.add_marker(pytest.mark.xdist_group(group))


def _turn(path: tuple[str, ...], needs: set[str]) -> int:
    """When a file begins; the platform of the faults goes on to the end of the run: after all else in its group."""
    if "laboratory_alone" in needs:
        return 1 if "faults" in path else 0
    if "laboratory_session" in needs:
        return 4
    return 2 if path[0] in {"journeys", "traces"} or path[-1] in LONG else 3


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def every_line() -> None:
    """Log lines of every level, whatever a part of the platform under an earlier test has set."""
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A server of this worker's own; nobody else can reach it."""
    home = Path(tempfile.mkdtemp(prefix="heroes-test-", dir="/tmp"))
    home.chmod(0o755)
    server = EmbeddedPostgres(home, durable=False)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def database_urls(postgres: EmbeddedPostgres) -> DatabaseUrls:
    """The platform's tables."""
    return make(postgres, f"test_{os.getpid()}")


@pytest.fixture
async def database(database_urls: DatabaseUrls, anyio_backend: str) -> AsyncIterator[Database]:
    """An empty platform database."""
    empty(database_urls)
    opened = Database(database_urls)
    try:
        yield opened
    finally:
        await opened.close()
