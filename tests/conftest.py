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

pytest_plugins = ("lab.fixtures", "order")


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
