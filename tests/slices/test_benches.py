"""Benchmarks measure what the platform does now: those that need no laboratory, with little to do."""

import pytest
from bench import ticks

from heroes.kit.db import Database

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]


@pytest.mark.parametrize("share", [0.1, 1.0])
async def test_a_tick_stores_all_that_changed(database: Database, share: float):
    assert len(await ticks.looks(database, share, lone=20, members=30)) == ticks.REPETITIONS
