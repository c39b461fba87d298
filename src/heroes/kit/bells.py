"""Bells in an API process: one LISTEN connection, held only while somebody waits, wakes all who wait for a name."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg

from heroes.kit.rings import rings

AGAIN = 1.0  # seconds until a lost connection is opened anew


class Bells:
    """Who waits for what on one channel. A bell may ring for nothing: whoever hears it looks at the rows."""

    def __init__(self, url: str, channel: str):
        self._url = url
        self._channel = channel
        self._bells: dict[str, set[asyncio.Event]] = {}
        self._listener: asyncio.Task[None] | None = None
        self.stopped = False

    @asynccontextmanager
    async def waiting(self, name: str) -> AsyncIterator[asyncio.Event]:
        """Yield an event that is set whenever `name` is notified, and after each gap in the listening."""
        bell = asyncio.Event()
        self._bells.setdefault(name, set()).add(bell)
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())
        try:
            yield bell
        finally:
            self._bells[name].discard(bell)
            if not self._bells[name]:
                del self._bells[name]
            if not self._bells and self._listener is not None:
                listener, self._listener = self._listener, None
                listener.cancel()
                # not gathered: were this task cancelled too, the listener would be told twice, and leave its connection
                await asyncio.wait({listener})

    def stop(self) -> None:
        """Tell everybody who waits that this process is ending."""
        self.stopped = True
        self._ring_all()

    def _ring_all(self) -> None:
        for bells in self._bells.values():
            for bell in bells:
                bell.set()

    async def _listen(self) -> None:
        while True:
            try:
                async for name in rings(self._url, self._channel):
                    if name is None:
                        self._ring_all()  # what was notified before is not told again
                    for bell in self._bells.get(name or "", ()):
                        bell.set()
            except psycopg.Error:
                await asyncio.sleep(AGAIN)


async def rang(bell: asyncio.Event, seconds: float) -> bool:
    """Wait for a bell, this long at the most; tell whether it rang."""
    try:
        await asyncio.wait_for(bell.wait(), seconds)
    except TimeoutError:
        return False
    return True
