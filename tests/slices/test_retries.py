"""What follows a failure, by its cause: elsewhere, with more memory, with more time, or not at all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from centre import World, world_of
from sqlalchemy import text

from heroes.adapters.ports import SiteEnd
from heroes.kit.db import Database

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

MIB = 2**20
SOLVE = """
solve:
  script: |
    echo "attempt $HEROES_ATTEMPT" > out
  resources: {cores: 1, memory: 1 GiB, walltime: 600}
  outputs: {out: out}
"""


def solve(retries: str, resources: str = "{cores: 1, memory: 1 GiB, walltime: 600}") -> str:
    return SOLVE.replace("{cores: 1, memory: 1 GiB, walltime: 600}", resources) + f"  retries: {retries}\n"


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world_of(database, tmp_path) as made:
        yield made


async def test_a_job_that_ends_well_is_one_attempt(world: World) -> None:
    await world.centre("alpha")
    wid = await world.submit(SOLVE)
    ended = await world.ended(wid)
    assert ended["status"] == "FINISHED", ended
    assert [one.number for one in await world.attempts(wid)] == [1]
    assert await world.held() == 0


async def test_a_result_that_no_bucket_can_hold_is_not_paid_for_again(world: World) -> None:
    alpha = await world.centre("alpha")
    unfit = SOLVE.replace(
        'echo "attempt',
        """printf '' > "$(printf '\\203%.0s' $(seq 66))"
    echo "attempt""",
    )
    wid = await world.submit(unfit.replace("{out: out}", '{all: "*"}'))
    ended = await world.ended(wid)
    assert (ended["status"], alpha.started) == ("FAILED", 1), ended
    assert "at most 255 bytes" in ended["reason"]


async def test_after_a_node_failure_a_job_goes_elsewhere(world: World) -> None:
    alpha, beta = await world.centre("alpha", "1"), await world.centre("beta", "2")
    alpha.fates = {1: SiteEnd.NODE_FAILURE}
    wid = await world.submit(solve("{infrastructure: 1}"), policy="cheapest")
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert [(one.cluster, one.code) for one in await world.attempts(wid)] == [
        ("alpha", "node_failure"),
        ("beta", "finished"),
    ]
    assert (alpha.started, beta.started) == (1, 1)


async def test_after_a_node_failure_a_job_stays_where_no_other_cluster_can_run_it(world: World) -> None:
    alpha = await world.centre("alpha")
    alpha.fates = {1: SiteEnd.NODE_FAILURE}
    wid = await world.submit(solve("{infrastructure: 1}"))
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert [one.cluster for one in await world.attempts(wid)] == ["alpha", "alpha"]


@pytest.mark.parametrize("members", [1, 3])
async def test_a_site_that_fails_a_job_again_is_given_time(world: World, members: int) -> None:
    alpha = await world.centre("alpha")
    alpha.fates = dict.fromkeys(range(1, 2 * members + 1), SiteEnd.NODE_FAILURE)
    each = f"  foreach: {list(range(members))}\n" if members > 1 else ""
    wid = await world.submit(solve("{infrastructure: 2}") + each)
    for _ in range(8):
        await world.round()
    waiting = await world.get(f"{wid}/jobs")
    assert {(job["state"], job["code"], job["attempt"]) for job in waiting} == {("PLACED", "retrying", 3)}
    assert "It starts anew in 10 s" in waiting[0]["text"]
    assert alpha.started == 2 * members
    async with world.database.worker() as session:
        await session.execute(text("UPDATE jobs SET state_since = state_since - interval '10 s'"))
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert alpha.started == 3 * members


async def test_out_of_memory_asks_for_more_and_draws_anew(world: World) -> None:
    alpha = await world.centre("alpha")
    alpha.fates = {1: SiteEnd.OUT_OF_MEMORY, 2: SiteEnd.OUT_OF_MEMORY}
    wid = await world.submit(solve("{memory: 2}"))
    assert (await world.ended(wid))["status"] == "FINISHED"
    tried = await world.attempts(wid)
    assert [one.asked["memory_bytes"] // MIB for one in tried] == [1024, 2048, 4096]
    assert [one.cause for one in tried] == ["memory", "memory", None]
    assert [order.memory_bytes // MIB for order in alpha.orders.values()] == [1024, 2048, 4096]
    assert await world.held() == 0


async def test_memory_grows_to_what_the_largest_node_has_and_then_no_more(world: World) -> None:
    alpha = await world.centre("alpha", memory_bytes_per_node=1536 * MIB)
    alpha.fates = {1: SiteEnd.OUT_OF_MEMORY, 2: SiteEnd.OUT_OF_MEMORY}
    wid = await world.submit(solve("{memory: 5}"))
    ended = await world.ended(wid)
    assert ended["status"] == "FAILED"
    assert "No queue that it may use has more than 1536 MiB a node." in ended["reason"]
    assert [one.asked["memory_bytes"] // MIB for one in await world.attempts(wid)] == [1024, 1536]


async def test_a_time_limit_asks_for_more_time_which_was_reserved(world: World) -> None:
    alpha = await world.centre("alpha", "1")
    alpha.fates = {1: SiteEnd.TIME_LIMIT}
    wid = await world.submit(solve("{infrastructure: 0, time: 1}"))
    assert await world.held() == pytest.approx((600 + 1200) / 3600)
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert [order.walltime_s for order in alpha.orders.values()] == [600, 1200]
    assert [one.cause for one in await world.attempts(wid)] == ["time", None]


async def test_a_program_s_own_error_is_not_tried_again(world: World) -> None:
    alpha = await world.centre("alpha")
    wid = await world.submit("solve:\n  script: exit 3\n  resources: {walltime: 60}\n  retries: {memory: 3, time: 3}\n")
    ended = await world.ended(wid)
    assert (ended["status"], alpha.started) == ("FAILED", 1)
    assert "exit code 3" in ended["reason"]


async def test_without_a_policy_no_limit_is_tried_again(world: World) -> None:
    alpha = await world.centre("alpha")
    alpha.fates = {1: SiteEnd.OUT_OF_MEMORY}
    wid = await world.submit(SOLVE)
    assert (await world.ended(wid))["status"] == "FAILED"
    assert alpha.started == 1


async def test_a_retry_that_the_money_does_not_cover_waits_and_says_so(world: World) -> None:
    alpha = await world.centre("alpha", "1")
    alpha.fates = {1: SiteEnd.TIME_LIMIT}
    wid = await world.submit(solve("{infrastructure: 0, time: 1}"), max_cost="0.2")
    for _ in range(4):
        await world.round()
    [job] = await world.get(f"{wid}/jobs")
    assert (job["state"], job["code"], alpha.started) == ("PLACED", "NEEDS_BUDGET", 1)
