"""Bring a database to the present: Alembic for the tables, `kit.schema` for all around them."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, make_url, text

from heroes.kit import schema
from heroes.kit.postgres import DatabaseUrls

_LOCK = 0x48455253  # two processes that start together migrate one after the other


def migrate(urls: DatabaseUrls, metadata: MetaData) -> None:
    """Apply every missing migration as the owner; safe to call at each start and from several processes."""
    engine = create_engine(urls.owner)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            schema.prepare(connection)
            config = Config()
            config.set_main_option("script_location", str(folder()))
            config.attributes["connection"] = connection
            config.attributes["metadata"] = metadata
            command.upgrade(config, "head")
            app, worker = (make_url(url).username or "" for url in (urls.app, urls.worker))
            schema.reconcile(connection, app=app, worker=worker)
    finally:
        engine.dispose()


def folder() -> Path:
    """Return the migrations: inside the installed package, or beside `src` in a checkout."""
    installed = Path(str(files("heroes"))) / "_migrations"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "migrations"
