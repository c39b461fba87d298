"""The tables of a test's database."""

from sqlalchemy import create_engine

from heroes.kit.db import Base
from heroes.kit.postgres import DatabaseUrls


def empty(urls: DatabaseUrls) -> None:
    """Remove every row. Most tables have none: a DELETE of those is twelve times faster than a TRUNCATE of all."""
    engine = create_engine(urls.owner)
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    with engine.begin() as connection:
        connection.exec_driver_sql("; ".join(f"DELETE FROM {table}" for table in tables))
        connection.exec_driver_sql("UPDATE heroes_clock SET shift = '0'")
    engine.dispose()
