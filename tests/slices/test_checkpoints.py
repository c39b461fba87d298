"""What an attempt left to go on from, the next one finds: at the same site, at another, after a restart."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from centre import World, world_of

from heroes.adapters.ports import SiteEnd
from heroes.data.models import Transfer
from heroes.kit.db import Database

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

COUNT = """
count:
  script: |
    echo "attempt $HEROES_ATTEMPT from ${HEROES_CHECKPOINT:-nothing}" >> history
    mkdir -p state
    echo "$(( $(cat state/number 2>/dev/null || echo 0) + 1 ))" > state/number
    head -c 100000 /dev/zero > state/large
    ln -sf number state/latest
    test "$(cat state/number)" -ge ENOUGH
    cat state/latest > total
  resources: {walltime: 60}
  checkpoint: [state/, history]
  retries: RETRIES
  outputs: {total: total, history: history}
"""


def count(enough: int, retries: str) -> str:
    return COUNT.replace("ENOUGH", str(enough)).replace("RETRIES", retries)


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world_of(database, tmp_path) as made:
        yield made


async def written(world: World, wid: str, name: str) -> str:
    [job] = await world.jobs(wid)
    [item] = job.outputs[name]
    return b"".join([chunk async for chunk in world.parts.store.get(item["blob_key"])]).decode()


async def test_after_a_time_limit_the_next_attempt_goes_on(world: World) -> None:
    alpha = await world.centre("alpha")
    alpha.fates = {1: SiteEnd.TIME_LIMIT, 2: SiteEnd.TIME_LIMIT}
    wid = await world.submit(count(3, "{time: 2, infrastructure: 0}"))
    ended = await world.ended(wid)
    assert ended["status"] == "FINISHED", ended
    assert await written(world, wid, "total") == "3\n"
    told = ["attempt 1 from nothing", "attempt 2 from 1", "attempt 3 from 2"]
    assert (await written(world, wid, "history")).splitlines() == told
    assert [order.walltime_s for order in alpha.orders.values()] == [60, 60, 60]


async def test_at_the_same_site_a_checkpoint_does_not_travel_again(world: World) -> None:
    alpha = await world.centre("alpha")
    alpha.fates = {1: SiteEnd.TIME_LIMIT}
    wid = await world.submit(count(2, "{time: 1}"))
    sent = []
    for _ in range(10):
        await world.round()
        [job] = await world.jobs(wid)
        if job.attempt == 2 and job.stage_in_id:
            async with world.database.worker() as session:
                sent.append((await session.get_one(Transfer, job.stage_in_id)).bytes_sent)
        if job.state == "ENDED":
            break
    assert sent
    assert sent[-1] == 0
    assert await written(world, wid, "total") == "2\n"


async def test_at_another_site_the_checkpoint_comes_along(world: World) -> None:
    alpha, beta = await world.centre("alpha", "1"), await world.centre("beta", "2")
    alpha.fates = {1: SiteEnd.NODE_FAILURE}
    wid = await world.submit(count(2, "{infrastructure: 1}"))
    ended = await world.ended(wid)
    assert ended["status"] == "FINISHED", ended
    assert (alpha.started, beta.started) == (1, 1)
    assert await written(world, wid, "total") == "2\n"
    for _ in range(3):
        await world.round()
    assert not any([*alpha.root.iterdir(), *beta.root.iterdir()]), "folders are removed at every site"


async def test_a_restart_goes_on_from_the_checkpoint_and_from_a_step_begins_without(world: World) -> None:
    await world.centre("alpha")
    wid = await world.submit(count(2, "{infrastructure: 0}"))
    assert (await world.ended(wid))["status"] == "FAILED"
    await world.post(f"{wid}/restart", {"from": "count"})
    assert (await world.ended(wid))["status"] == "FAILED"
    await world.post(f"{wid}/restart")
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert (await written(world, wid, "history")).splitlines() == ["attempt 2 from nothing", "attempt 3 from 2"]


async def test_an_attempt_that_left_nothing_leaves_the_former_checkpoint_in_force(world: World) -> None:
    alpha = await world.centre("alpha")
    lost = count(2, "{program: 2}").replace(
        "    mkdir -p state\n",
        '    if [ "$HEROES_ATTEMPT" = 2 ]; then rm -rf state history; exit 1; fi\n    mkdir -p state\n',
    )
    wid = await world.submit(lost)
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert alpha.started == 3
    assert (await written(world, wid, "history")).splitlines() == ["attempt 1 from nothing", "attempt 3 from 1"]
