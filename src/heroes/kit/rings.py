"""Hearing what is rung in the database, without a look at the clock: psycopg's own way wakes ten times a second."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import psycopg


async def rings(url: str, channel: str) -> AsyncIterator[str | None]:
    """Yield None once the channel is listened to, then each ring's words. Raises psycopg.Error when the line is cut.

    `url` may be SQLAlchemy's or PostgreSQL's own.
    """
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    async with await _connected(plain) as connection:
        await connection.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(channel)))
        yield None
        loop, readable = asyncio.get_running_loop(), asyncio.Event()
        descriptor = connection.fileno()
        loop.add_reader(descriptor, readable.set)
        try:
            while True:
                connection.pgconn.consume_input()
                while (ring := connection.pgconn.notifies()) is not None:
                    yield ring.extra.decode()
                await readable.wait()
                readable.clear()
        finally:
            loop.remove_reader(descriptor)


async def _connected(url: str) -> psycopg.AsyncConnection[Any]:
    """Connect. Whoever is told to stop meanwhile leaves no open connection behind, as psycopg by itself would."""
    opening = asyncio.create_task(psycopg.AsyncConnection.connect(url, autocommit=True))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        with suppress(psycopg.Error):
            await (await opening).close()
        raise
