"""What every suite stands on: one real PostgreSQL per run, one database per worker, one event loop."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from heroes.kit import schema
from heroes.kit.db import Database
from heroes.kit.postgres import DatabaseUrls, EmbeddedPostgres
from heroes.parts import load_models
from tables import empty

pytest_plugins = ("lab.fixtures",)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


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
    """The platform's tables, made from the models; that the migrations make the same is a test of its own."""
    metadata = load_models()
    urls = postgres.create(f"test_{os.getpid()}")
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        schema.prepare(connection)
        metadata.create_all(connection)
        app, worker = (url.split("//")[1].split("@")[0] for url in (urls.app, urls.worker))
        schema.reconcile(connection, app=app, worker=worker)
    engine.dispose()
    return urls


@pytest.fixture
async def database(database_urls: DatabaseUrls, anyio_backend: str) -> AsyncIterator[Database]:
    """An empty platform database."""
    empty(database_urls)
    opened = Database(database_urls)
    try:
        yield opened
    finally:
        await opened.close()
