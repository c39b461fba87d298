"""Many executions at one centre at the same time: none waits for another, and none fails by it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from centre import World, world_of

from heroes.kit.db import Database

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

ONE = """
one:
  run: ["true"]
  resources: {walltime: 600}
"""
COUNT = 8


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world_of(database, tmp_path) as made:
        yield made


async def test_jobs_ordered_and_settled_side_by_side_never_have_to_be_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[str] = []
    monkeypatch.setattr("heroes.kit.work.log.warning", lambda *_, error, **__: failed.append(error))
    alpha = await world.centre("alpha")
    await world.publish(ONE)
    wids = [str((await world.post("submit", {"wtid": "probe"}))["wid"]) for _ in range(COUNT)]
    for _ in range(2):
        await world.round()
    assert failed == []
    assert alpha.given == COUNT
    for wid in wids:
        assert (await world.ended(wid))["status"] == "FINISHED"
    assert failed == []
