"""Orders of arrays whose answer was lost, that came late, or whose worker stood still: each payload starts once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from centre import Centre, World, world_of

from heroes.adapters.ports import Order, Shell
from heroes.kit.db import Database

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

EACH = """
each:
  foreach: "{{ params.numbers }}"
  run: [sh, -c, "echo s >> ../../starts-$HEROES_INDEX", "{{ item }}"]
  resources: {walltime: 600}
"""
HEAD = "parameters:\n  numbers: {type: array, items: {type: integer}, maxItems: 10}\nrequired: [numbers]\n"
MEMBERS = [4, 5, 6]
MOST = 40


class Slow(Centre):
    """A centre whose first order waits in the hands of the worker that gives it, before anything has left."""

    stood: asyncio.Event
    goes_on: asyncio.Event

    async def submit(self, shell: Shell, order: Order) -> str:
        if not self.stood.is_set():
            self.stood.set()
            await self.goes_on.wait()
        return await super().submit(shell, order)


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world_of(database, tmp_path) as made:
        yield made


async def submit(world: World) -> str:
    return await world.submit(EACH, head=HEAD, parameters={"numbers": MEMBERS})


async def slow_centre(world: World) -> Slow:
    alpha = await world.centre("alpha")
    alpha.__class__ = Slow
    assert isinstance(alpha, Slow)
    alpha.stood, alpha.goes_on = asyncio.Event(), asyncio.Event()
    return alpha


async def until_given(world: World, centre: Centre, orders: int) -> None:
    """Let time pass, with nothing running at the site, until so many orders have reached it."""
    for _ in range(MOST):
        if centre.given >= orders:
            return
        await world.due()
        await world.step()
    raise AssertionError(centre.given)


async def assert_whole(world: World, wid: str) -> None:
    """Each member ended well at its first attempt, and all money is free again."""
    assert (await world.ended(wid))["status"] == "FINISHED", await world.get(f"{wid}/jobs")
    assert [(one["number"], one["end"]) for one in await world.get(f"{wid}/attempts")] == [(1, "SUCCEEDED")] * len(
        MEMBERS
    )
    assert await world.held() == 0


def starts(centre: Centre) -> list[int]:
    return [len(path.read_text().split()) for path in sorted(centre.root.glob("arr_*/starts-*"))]


async def test_an_array_whose_answer_was_lost_is_adopted_and_not_ordered_again(world: World) -> None:
    alpha = await world.centre("alpha")
    alpha.mute = True
    wid = await submit(world)
    await until_given(world, alpha, 1)
    alpha.mute = False
    for _ in range(5):
        await world.due()
        await world.step()
    assert [job.state for job in await world.jobs(wid)] == ["QUEUED"] * 3
    await alpha.run()
    assert (alpha.given, starts(alpha)) == (1, [1, 1, 1])
    await assert_whole(world, wid)


async def test_an_array_that_comes_after_it_was_given_up_finds_its_gates_taken(world: World) -> None:
    alpha = await world.centre("alpha")
    alpha.late = True
    wid = await submit(world)
    await until_given(world, alpha, 1)
    alpha.late = False
    await until_given(world, alpha, 2)
    alpha.arrive()
    assert await alpha.run() == 2 * len(MEMBERS)
    assert starts(alpha) == [1, 1, 1], "the late ones ended without their payload"
    await assert_whole(world, wid)


async def test_a_worker_that_stood_still_past_its_lease_can_neither_order_nor_write(world: World) -> None:
    alpha = await slow_centre(world)
    wid = await submit(world)
    paused = asyncio.create_task(world.work().until_idle(limit=600))
    await asyncio.wait_for(alpha.stood.wait(), 120)
    await until_given(world, alpha, 1)
    before = [(job.state, job.submission_id, job.note) for job in await world.jobs(wid)]
    alpha.goes_on.set()
    await paused
    assert (alpha.given, len(alpha.orders)) == (2, 1), "its order found the token's folder there"
    after = [(job.state, job.submission_id, job.note) for job in await world.jobs(wid)]
    assert after == before, "its answer hit the fence"
    await alpha.run()
    assert starts(alpha) == [1, 1, 1]
    await assert_whole(world, wid)


async def test_a_cancel_that_comes_while_an_array_is_being_ordered_is_not_lost(world: World) -> None:
    alpha = await slow_centre(world)
    wid = await submit(world)
    ordering = asyncio.create_task(world.work().until_idle(limit=600))
    await asyncio.wait_for(alpha.stood.wait(), 120)
    await world.cancel(wid)
    alpha.goes_on.set()
    await ordering
    assert (await world.ended(wid))["status"] == "CANCELED"
    assert (alpha.started, starts(alpha)) == (0, [])
    assert await world.held() == 0
