"""Steps tied to each other's cluster: chosen together before submission, and held when each job is placed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from centre import World, world_of

from heroes.kit.db import Database

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

SHORT, LONG = 600, 3000


def steps(*told: tuple[str, int, str], foreach: str = "") -> str:
    """Steps of (name, walltime, placement)."""
    return "\n".join(
        f"{name}:\n  script: echo hello\n  resources: {{walltime: {walltime}}}\n"
        + (f"  placement: {{{placement}}}\n" if placement else "")
        + (f"  foreach: {foreach}\n" if foreach and not placement else "")
        for name, walltime, placement in told
    )


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world_of(database, tmp_path) as made:
        yield made


async def places(world: World, wid: str) -> list[tuple[str, str]]:
    assert (await world.ended(wid))["status"] == "FINISHED"
    return [(job.step, job.cluster) for job in await world.jobs(wid)]


async def test_a_step_runs_on_the_cluster_of_the_step_it_is_tied_to(world: World) -> None:
    await world.centre("alpha", "1", max_walltime_s=SHORT)
    await world.centre("beta", "2", max_walltime_s=3600)
    wid = await world.submit(steps(("mesh", SHORT, ""), ("solve", LONG, "same_as: mesh")))
    # alpha is cheaper for the mesh, but would leave the solve without a place
    assert await places(world, wid) == [("mesh", "beta"), ("solve", "beta")]


async def test_a_step_keeps_off_the_cluster_of_the_step_it_must_not_meet(world: World) -> None:
    await world.centre("alpha", "1", max_walltime_s=3600)
    await world.centre("beta", "2", max_walltime_s=SHORT)
    wid = await world.submit(steps(("first", SHORT, ""), ("second", LONG, "not_same_as: first")))
    # only alpha gives the second step its time, so the first one leaves it free
    assert await places(world, wid) == [("first", "beta"), ("second", "alpha")]


async def test_the_ranking_shows_the_joint_choice_and_why_a_place_is_out(world: World) -> None:
    await world.centre("alpha", "1", max_walltime_s=3600)
    await world.centre("beta", "2", max_walltime_s=SHORT)
    await world.publish(steps(("first", SHORT, ""), ("second", LONG, "not_same_as: first")))
    told = (await world.client.post("/organization/decision", json={"wtid": "probe"})).json()
    assert [[(one["step"], one["cluster"]) for one in found["places"]] for found in told["candidates"]] == [
        [("first", "beta"), ("second", "alpha")]
    ]
    [out] = [one for one in told["discarded"] if one["code"] == "tied"]
    assert out["cluster"] == "alpha"
    assert out["reason"] == (
        "With alpha chosen, no place is left for step second, which must run on another cluster than step first."
    )
    assert out["cure"]


async def test_a_tie_that_no_two_clusters_can_hold_is_refused_and_reserves_nothing(world: World) -> None:
    await world.centre("alpha", "1")
    await world.publish(steps(("first", SHORT, ""), ("second", SHORT, "not_same_as: first")))
    refused = await world.post("submit", {"wtid": "probe"}, status=409)
    assert [(one["cluster"], one["code"]) for one in refused["discarded"]] == [("alpha", "tied")]
    assert await world.held() == 0


async def test_a_cluster_that_the_user_picked_is_for_the_untied_steps(world: World) -> None:
    await world.centre("alpha", "1")
    await world.centre("beta", "2")
    wid = await world.submit(steps(("first", SHORT, ""), ("second", SHORT, "not_same_as: first")), cluster="alpha")
    assert await places(world, wid) == [("first", "alpha"), ("second", "beta")]


async def test_all_jobs_of_a_step_that_others_are_tied_to_stay_on_one_cluster(world: World) -> None:
    await world.centre("alpha", "1")
    await world.centre("beta", "1")
    told = steps(("first", SHORT, ""), ("second", SHORT, "not_same_as: first"), foreach="[a, b, c]")
    found = await places(world, await world.submit(told))
    assert len({cluster for step, cluster in found if step == "first"}) == 1
    assert {cluster for step, cluster in found if step == "second"}.isdisjoint(
        cluster for step, cluster in found if step == "first"
    )
