"""One question for all who have the same to ask at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from itertools import islice
from typing import Generic, TypeVar

from heroes.kit.errors import Garbled, Refused

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST = 64  # keys of one question


class Together(Generic[K, V]):
    """Asks for several keys at once: whoever comes while a question is under way has part in the next one.

    Who comes alone is asked for at once. That nobody answered is told to all whose question it was; what was refused
    or could not be read is asked for key by key, so that what one of them spoils is its own.
    """

    def __init__(self, ask: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._ask = ask
        self._waiting: dict[K, asyncio.Future[V | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def __call__(self, key: K) -> V | None:
        """Return the answer for a key; None: the answer does not name it. Raises what the question raised."""
        answer = self._waiting.get(key)
        if answer is None:
            answer = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_all())
        return await asyncio.shield(answer)

    async def _ask_all(self) -> None:
        try:
            while self._waiting:
                asked = dict(islice(self._waiting.items(), MOST))
                for key in asked:
                    del self._waiting[key]
                await self._answer(asked)
        finally:
            self._asking = None

    async def _answer(self, asked: Mapping[K, "asyncio.Future[V | None]"]) -> None:
        try:
            found = await self._ask(list(asked))
        except (Garbled, Refused) as error:
            if len(asked) == 1:
                _raise(asked, error)
            else:
                for key, answer in asked.items():
                    await self._answer({key: answer})
        except Exception as error:
            _raise(asked, error)
        except asyncio.CancelledError:  # the process ends
            for answer in asked.values():
                answer.cancel()
            raise
        else:
            for key, answer in asked.items():
                answer.set_result(found.get(key))


def _raise(asked: Mapping[K, "asyncio.Future[V | None]"], error: Exception) -> None:
    for answer in asked.values():
        answer.set_exception(error)
        answer.exception()  # who asked may have gone: nothing is to be said of that
