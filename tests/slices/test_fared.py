"""What a cluster's users and its owner learn of it: how long jobs waited there, and which failed of what."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from centre import World, world_of
from people import login, make_app, make_client, make_organization, make_user
from sqlalchemy import text

from heroes.adapters.ports import SiteEnd
from heroes.insights.routes import router
from heroes.kit.db import Database

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

SOLVE = """
solve:
  script: |
    echo "attempt $HEROES_ATTEMPT" > out
  resources: {cores: 1, memory: 1 GiB, walltime: 600}
  outputs: {out: out}
  retries: {memory: 1, time: 0}
"""
PLACE = "/organization/insights/cluster/alpha"


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world_of(database, tmp_path) as made:
        yield made


async def told(world: World, user: Any, path: str = "", **asked: Any) -> Any:
    async with await login(
        make_client(make_app(world.database, router, home=world.parts.settings.home)), user
    ) as client:
        answer = await client.get(PLACE + path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def two_failures(world: World) -> tuple[str, str]:
    """One run that needed more memory and then ended well, and one that took too long."""
    alpha = await world.centre("alpha")
    alpha.fates = {1: SiteEnd.OUT_OF_MEMORY, 3: SiteEnd.TIME_LIMIT}
    first = await world.submit(SOLVE)
    assert (await world.ended(first))["status"] == "FINISHED"
    second = await world.submit(SOLVE)
    assert (await world.ended(second))["status"] == "FAILED"
    return first, second


async def test_a_user_of_a_cluster_learns_how_long_jobs_waited_there_and_which_failed_of_what(world: World) -> None:
    first, second = await two_failures(world)
    ben = await make_user(world.database, world.organization, "ben")
    for user in (world.user, ben):
        seen = await told(world, user)
        assert (seen["days"], seen["everyone"]) == (14, False), "an engineer is told of the own organization's jobs"
        [wait] = seen["waits"]
        assert (wait["queue"], wait["jobs"]) == ("main", 3)
        assert 0 <= wait["wait"]["low"] <= wait["wait"]["median"] <= wait["wait"]["high"] <= wait["longest"]
        assert sum(day["ended"] for day in seen["ends"]) == 3
        assert [day["failed"] for day in seen["ends"]][-1].keys() <= {"memory", "time"}
        assert sum(sum(day["failed"].values()) for day in seen["ends"]) == 2
    listed = await told(world, world.user, "/failures")
    assert [(one["cause"], one["execution"], one["attempt"]) for one in listed] == [
        ("time", second, 1),
        ("memory", first, 1),
    ]
    assert {one["name"] for one in listed} == {"probe"}
    assert [one["cause"] for one in await told(world, world.user, "/failures", cause="memory")] == ["memory"]
    assert len(await told(world, world.user, "/failures", limit=1)) == 1
    assert await told(world, ben, "/failures") == [], "whose jobs they were stays with those who may see them"


async def test_a_cluster_on_which_nothing_ran_says_so_and_older_orders_are_left_out(world: World) -> None:
    await two_failures(world)
    async with world.database.worker() as session:
        await session.execute(text("UPDATE submissions SET created_at = created_at - interval '20 days'"))
    seen = await told(world, world.user)
    assert (seen["waits"], seen["ends"]) == ([], [])
    assert await told(world, world.user, "/failures") == []
    assert (await told(world, world.user, days=30))["waits"][0]["jobs"] == 3


async def test_its_owner_is_told_of_all_who_use_it_but_in_figures_only(world: World) -> None:
    await two_failures(world)
    centre = await make_organization(world.database, "centre")
    pia = await make_user(world.database, centre, "pia", ["resource_provider"])
    eng = await make_user(world.database, centre, "eng", ["engineer"])
    async with world.database.worker() as session:  # the cluster is another organization's, which lets acme use it
        await session.execute(text("UPDATE clusters SET organization_id = :id"), {"id": centre.id})
        await session.execute(text("UPDATE queues SET organization_id = :id"), {"id": centre.id})
    seen = await told(world, pia)
    assert seen["everyone"] is True
    assert seen["waits"][0]["jobs"] == sum(day["ended"] for day in seen["ends"]) == 3
    assert await told(world, pia, "/failures") == []
    for user, asked in ((pia, {"own": True}), (eng, {})):
        assert (await told(world, user, **asked))["waits"] == [], "nothing of its own ran there"
    rival = await make_organization(world.database, "rival")
    eve = await make_user(world.database, rival, "eve", ["organization_admin"])
    async with await login(
        make_client(make_app(world.database, router, home=world.parts.settings.home)), eve
    ) as client:
        assert (await client.get(PLACE)).status_code == 404
        assert (await client.get(f"{PLACE}/failures")).status_code == 404
