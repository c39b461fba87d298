"""What a run's jobs used over time: told while they run and after their end, and where it is not known, why."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from centre import Centre, World, now, world_of

from heroes.adapters.ports import Counters, SiteState
from heroes.clusters import samples
from heroes.clusters.models import Cluster
from heroes.kit.db import Database

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

EACH = """
each:
  foreach: [1, 2, 3]
  run: [sh, -c, "true {{ item }}"]
  resources: {cores: 2, memory: 1 GiB, walltime: 600}
"""


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world_of(database, tmp_path) as made:
        yield made


async def sampled(world: World, site: Centre, index: int, *readings: tuple[float, float, float | None]) -> None:
    """Let the keeper read an element's counters: seconds since its start, processor seconds, joules."""
    key = "1000", index
    began = site.jobs[f"1000_{index}"].started_at
    assert began is not None
    for after, cpu, joules in readings:
        energy = {"steps/0": joules} if joules else {}
        read = Counters(began + timedelta(seconds=after), {"0": cpu}, energy, "slurm" if joules else None)
        async with world.database.worker() as session:
            jobs = {job.key: job for job in site.jobs.values()}
            await samples.store(session, "lin_alpha", jobs, {key: read}, 60)


async def usage(world: World, wid: str, query: str = "") -> Any:
    return await world.get(f"{wid}/usage{query}")


async def test_each_member_of_an_array_has_its_own_samples_and_keeps_them(world: World) -> None:
    alpha = await world.centre("alpha")
    wid = await world.submit(EACH)
    await world.due()
    await world.step()
    assert {one["cpu_unknown"]["code"] for one in await usage(world, wid)} == {"not_started"}
    for name, job in alpha.jobs.items():
        alpha.jobs[name] = replace(job, state=SiteState.RUNNING, started_at=now() - timedelta(seconds=600))
    await world.look()
    await world.step()
    await sampled(world, alpha, 0, (60, 120.0, 6000.0), (120, 180.0, None))
    await sampled(world, alpha, 2, (60, 30.0, None))
    first, second, third = await usage(world, wid)
    assert [(one["cpu_share"], one["power_w"]) for one in first["samples"]] == [(1.0, 100.0), (0.5, None)]
    assert (first["cores"], first["energy_source"], first["cpu_unknown"], first["power_unknown"]) == (
        2,
        "slurm",
        None,
        None,
    )
    assert (second["samples"], second["cpu_unknown"]["code"]) == ([], "not_yet")
    assert (third["samples"][0]["cpu_share"], third["power_unknown"]["code"]) == (0.25, "no_meter")
    for name, job in alpha.jobs.items():
        alpha.jobs[name] = replace(job, state=SiteState.QUEUED)
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert (await usage(world, wid))[0]["samples"] == first["samples"], "they stay after the end"
    assert (await usage(world, wid, "?step=each&index=1"))[0]["cpu_unknown"]["code"] == "too_short"
    assert [one["index"] for one in await usage(world, wid, "?step=each&index=2")] == [2]
    assert await usage(world, wid, "?step=other") == []


async def test_a_cluster_that_tells_nothing_of_running_jobs_is_named_as_the_reason(world: World) -> None:
    await world.centre("alpha")
    wid = await world.submit(EACH)
    await world.ended(wid)
    async with world.database.worker() as session:
        (await session.get_one(Cluster, "clu_alpha")).kind = "gridengine"
    told = await usage(world, wid)
    assert {one["cpu_unknown"]["code"] for one in told} == {"not_told"}


async def test_one_answer_has_the_samples_of_twenty_jobs_at_most(world: World) -> None:
    await world.centre("alpha")
    wid = await world.submit(EACH.replace("[1, 2, 3]", str(list(range(25)))))
    await world.due()
    await world.step()
    answer = await world.client.get(f"/organization/workflow/{wid}/usage?limit=1000")
    assert len(answer.json()) == 20
    assert 'rel="next"' in answer.headers["Link"]
    further = await world.client.get(answer.headers["Link"].split(">")[0].lstrip("<"))
    assert len(further.json()) == 5
