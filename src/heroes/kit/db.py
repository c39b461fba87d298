"""PostgreSQL: three logins, one transaction per block, row-level security derived from the models.

The owner migrates; `app` (the API) sees one organization per transaction; `worker` sees all rows and filters itself.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    DateTime,
    Executable,
    ForeignKey,
    MetaData,
    Numeric,
    Row,
    Text,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from heroes.kit.postgres import DatabaseUrls

LOCK: dict[str, Any] = {"key_share": True}
"""`with_for_update(**LOCK)` locks rows whose keys stay. A plain FOR UPDATE also waits for whoever has just inserted a
row that refers to them: two that both did, and then lock, would wait for each other."""
PREPARED = 1000  # statements that a connection keeps: psycopg's hundred are fewer than one job's own two hundred
_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table.

    A table either mixes in `Tenant` or says `__platform__ = True`; `__shared__ = (object type, id column)` lets those
    to whom identity's `grants` give that object read it too; `__readable__` is a further SQL condition for reading.
    """

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map: ClassVar = {
        str: Text,
        int: BigInteger,
        bool: Boolean,
        datetime: DateTime(timezone=True),
        Decimal: Numeric(24, 9),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: JSONB,
        list[dict[str, Any]]: JSONB,
    }
    __platform__: ClassVar[bool] = False
    __app_writes__: ClassVar[bool] = False
    __shared__: ClassVar[tuple[str, str] | None] = None
    __readable__: ClassVar[str | None] = None


class Tenant:
    """A row of one organization; no other can see it."""

    @declared_attr
    def organization_id(cls) -> Mapped[str]:
        return mapped_column(ForeignKey("organizations.id"), index=True)


class Timestamps:
    """When the row was born and last changed, by the database's clock."""

    created_at: Mapped[datetime] = mapped_column(server_default=text("heroes_now()"), sort_order=900)
    updated_at: Mapped[datetime] = mapped_column(
        server_default=text("heroes_now()"), onupdate=func.heroes_now(), sort_order=901
    )


def heroes_now() -> ColumnElement[datetime]:
    """Return SQL's time, by which leases, due times and tariffs are decided (and which tests shift)."""
    return func.heroes_now(type_=DateTime(timezone=True))


async def transaction_time(session: AsyncSession) -> datetime:
    """Return SQL's time, which stands still within a transaction, so that it is asked for once in each."""
    known: tuple[Any, datetime] | None = session.info.get("time")
    if known is not None and known[0] is session.sync_session.get_transaction():
        return known[1]
    time = (await session.scalars(select(heroes_now()))).one()
    know_time(session, time)
    return time


def know_time(session: AsyncSession, time: datetime) -> None:
    """Keep SQL's time, where another question of the transaction has answered it with its own."""
    session.info["time"] = session.sync_session.get_transaction(), time


class Database:
    """The engines of one process.

    A worker that stands still within a transaction for longer than its `lease` loses it: what it had locked is free.
    """

    def __init__(self, urls: DatabaseUrls, *, pool_size: int = 16, lease: timedelta = timedelta(minutes=1)):
        self.urls = urls
        self._app = _engine(urls.app, pool_size)
        still = f"-c idle_in_transaction_session_timeout={lease // timedelta(milliseconds=1)}"
        self._worker = _engine(urls.worker, pool_size, options=still)
        self._at_once = self._worker.execution_options(isolation_level="AUTOCOMMIT")
        self._app_at_once = self._app.execution_options(isolation_level="AUTOCOMMIT")
        self._app_sessions = async_sessionmaker(self._app, expire_on_commit=False)
        self._worker_sessions = async_sessionmaker(self._worker, expire_on_commit=False)

    @asynccontextmanager
    async def app(self, organization_id: str | None) -> AsyncIterator[AsyncSession]:
        """Yield one transaction that sees one organization's rows (None: no tenant's rows); commits at the end."""
        async with self._app_sessions() as session, session.begin():
            seeing = select(func.set_config("heroes.organization", organization_id or "", True), heroes_now())
            know_time(session, (await session.execute(seeing)).one()[1])
            yield session
            await _ring(session)

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[AsyncSession]:
        """Yield one transaction that sees all rows; commits at the end."""
        async with self._worker_sessions() as session, session.begin():
            yield session
            await _ring(session)

    def worker_at_once(self) -> AsyncSession:
        """Return a session, for `async with`, in which each statement is a transaction of its own."""
        return AsyncSession(self._at_once, expire_on_commit=False)

    async def once(self, statement: Executable, **values: Any) -> Sequence[Row[Any]]:
        """Run one statement that is a transaction of its own, as the worker; return its rows."""
        async with self._at_once.connect() as connection:
            return (await connection.execute(statement, values)).all()

    async def app_once(self, statement: Executable) -> Row[Any]:
        """Run one statement that is a transaction of its own and sees no tenant's rows; return its one row."""
        async with self._app_at_once.connect() as connection:
            return (await connection.execute(statement)).one()

    async def close(self) -> None:
        await self._app.dispose()
        await self._worker.dispose()


_RING = text("SELECT count(pg_notify('heroes_work', name)) FROM unnest(CAST(:tables AS text[])) AS name")


def doorbell(session: Any, table: str) -> None:
    """Ring for `table` when this session commits; a doorbell carries no tenant's content."""
    session.info.setdefault("doorbells", set()).add(table)


async def _ring(session: AsyncSession) -> None:
    await session.flush()
    if tables := session.info.pop("doorbells", ()):
        await session.execute(_RING, {"tables": list(tables)})


def _engine(url: str, pool_size: int, **connecting: str) -> AsyncEngine:
    # None beyond the pool: under load they would be opened and closed all the time. The one used last goes first: it is
    # the one that has most prepared.
    sizes = {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": 30, "pool_recycle": 1800}
    engine = create_async_engine(url, connect_args=connecting, pool_use_lifo=True, **sizes)

    @event.listens_for(engine.sync_engine, "connect")
    def _keep_prepared(connection: Any, record: Any) -> None:
        connection.driver_connection.prepared_max = PREPARED

    return engine
