"""One question for all who ask at the same moment."""

import asyncio
from collections.abc import Sequence

import pytest

from heroes.kit.errors import Garbled, Refused, SiteError, Unreachable
from heroes.kit.together import MOST, Together

pytestmark = pytest.mark.anyio


class Site:
    """Doubles what it is asked for, when told to; a question with a poisoned key in it has no answer."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.answers = asyncio.Event()
        self.poison: set[int] = set()
        self.spoilt: type[SiteError] = Garbled
        self.down = False

    async def ask(self, keys: Sequence[int]) -> dict[int, int]:
        self.asked.append(list(keys))
        await self.answers.wait()
        if self.down:
            raise Unreachable("Nobody answers.")
        if self.poison & set(keys):
            raise self.spoilt("What is that?")
        return {key: 2 * key for key in keys if key >= 0}


async def begun(together: Together[int, int], *keys: int) -> list["asyncio.Task[int | None]"]:
    tasks = [asyncio.create_task(_asked(together, key)) for key in keys]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def _asked(together: Together[int, int], key: int) -> int | None:
    return await together(key)


async def test_who_comes_during_a_question_has_part_in_the_next_one() -> None:
    site = Site()
    together = Together(site.ask)
    first = await begun(together, 1)
    later = await begun(together, 2, 3, 2, -4)
    assert site.asked == [[1]], "who comes alone is asked for at once"
    site.answers.set()
    assert await asyncio.gather(*first, *later) == [2, 4, 6, 4, None]
    assert site.asked == [[1], [2, 3, -4]]
    assert await together(5) == 10, "and so is who comes after all are answered"


async def test_a_question_is_of_bounded_size() -> None:
    site = Site()
    site.answers.set()
    together = Together(site.ask)
    assert await asyncio.gather(*(together(key) for key in range(MOST + 2))) == [2 * key for key in range(MOST + 2)]
    assert [len(keys) for keys in site.asked] == [MOST, 2]


async def test_silence_is_told_to_all_whose_question_it_was_and_to_nobody_else() -> None:
    site = Site()
    together = Together(site.ask)
    tasks = await begun(together, 1, 2, 3)
    site.down = True
    site.answers.set()
    assert [type(one) for one in await asyncio.gather(*tasks, return_exceptions=True)] == [Unreachable] * 3
    site.down = False
    assert await together(4) == 8


@pytest.mark.parametrize("spoilt", [Garbled, Refused])
async def test_what_one_key_spoils_is_its_own(spoilt: type[SiteError]) -> None:
    site = Site()
    site.poison, site.spoilt = {2}, spoilt
    site.answers.set()
    together = Together(site.ask)
    first, second, third = await asyncio.gather(*(together(key) for key in (1, 2, 3)), return_exceptions=True)
    assert (first, third) == (2, 6)
    assert isinstance(second, spoilt)
    assert site.asked == [[1, 2, 3], [1], [2], [3]]


async def test_who_goes_away_spoils_nothing_for_the_others() -> None:
    site = Site()
    together = Together(site.ask)
    gone, stays = await begun(together, 1, 2)
    gone.cancel()
    site.answers.set()
    assert await stays == 4
    assert gone.cancelled()
