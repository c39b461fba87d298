"""Each shown state says since when and how fresh it is; silence is told, never taken for an end."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from centre import World, now, world_of
from sqlalchemy import text

from heroes.adapters.ports import SiteEnd, SiteState
from heroes.kit.db import Database

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

SOLVE = "solve:\n  script: exit 0\n  resources: {walltime: 60}\n  retries: {infrastructure: 0}\n"


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world_of(database, tmp_path) as made:
        yield made


async def queued(world: World) -> str:
    """Return an execution whose one job waits in the queue of alpha for a reason."""
    alpha = await world.centre("alpha")
    wid = await world.submit(SOLVE)
    for _ in range(3):
        await world.due()
        await world.step()
    alpha.waits("Priority", "Jobs of higher priority are before it.")
    await world.look()
    await world.step()
    return wid


async def test_a_waiting_job_tells_the_schedulers_reason_and_how_fresh_it_is(world: World) -> None:
    wid = await queued(world)
    [job] = await world.get(f"{wid}/jobs")
    assert (job["state"], job["reason"]) == ("QUEUED", "Priority")
    assert job["explanation"].startswith("Queued on alpha since ")
    assert "Jobs of higher priority are before it. Last heard from alpha" in job["explanation"]
    assert datetime.fromisoformat(job["heard_at"]).tzinfo
    shown = await world.get(wid)
    assert "solve: 1 queued on alpha. Jobs of higher priority are before it. Last heard" in shown["explanation"]


async def test_a_silent_site_is_told_and_ends_nothing(world: World) -> None:
    wid = await queued(world)
    world.centres["alpha"].down = True
    async with world.database.worker() as session:
        why = "Not heard from since 2026-03-01 11:50:00 UTC (1 hour ago). The connection was refused."
        await session.execute(
            text(
                "UPDATE lines SET state = 'UNREACHABLE', trouble = :why, last_heard_at = heroes_now() - interval '1 h'"
            ),
            {"why": why},
        )
    for _ in range(5):
        await world.due()
        await world.step()
    [job] = await world.get(f"{wid}/jobs")
    assert (job["state"], job["end"]) == ("QUEUED", None)
    assert "Not heard from alpha since" in job["explanation"]
    assert "(1 h). The connection was refused. What was last seen may have changed" in job["explanation"]
    assert "Not heard from alpha since" in (await world.get(wid))["explanation"]


async def test_that_a_job_ended_is_told_while_its_site_is_silent_on_what_it_left(world: World) -> None:
    wid = await queued(world)
    alpha = world.centres["alpha"]
    await alpha.run()
    await world.look()
    alpha.down = True
    for _ in range(3):
        await world.due()
        await world.step()
    [job] = await world.get(f"{wid}/jobs")
    assert (job["state"], job["end"]) == ("COLLECTING", None)
    assert job["text"].startswith("The site says that it ended")
    alpha.down = False
    assert (await world.ended(wid))["status"] == "FINISHED"


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (SiteEnd.TIME_LIMIT, "reached its time limit"),
        (SiteEnd.OUT_OF_MEMORY, "needed more memory"),
        (SiteEnd.NODE_FAILURE, "A node of the site failed"),
        (SiteEnd.PREEMPTED, "for more urgent work"),
        (SiteEnd.REQUEUED, "back into its queue"),
    ],
)
async def test_an_end_by_the_site_is_told_in_plain_words(world: World, end: SiteEnd, said: str) -> None:
    alpha = await world.centre("alpha")
    alpha.fates = {1: end}
    wid = await world.submit(SOLVE)
    shown = await world.ended(wid)
    assert said in shown["explanation"]
    assert said in (await world.get(f"{wid}/attempts"))[0]["text"]


async def test_a_job_that_its_site_forgot_ends_as_unknown_and_its_step_decides(world: World) -> None:
    """Neither exit file nor accounting tells: nobody can, and that is what is said."""
    alpha = await world.centre("alpha")
    alpha.fates = {1: SiteEnd.UNKNOWN}
    wid = await world.submit(SOLVE)
    shown = await world.ended(wid, rounds=60)
    assert "nobody can tell how it ended" in shown["explanation"]
    assert [one["end"] for one in await world.get(f"{wid}/attempts")] == ["OUTCOME_UNKNOWN"]
    await world.post(f"{wid}/restart")
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert await world.held() == 0


async def test_where_the_step_says_so_an_unknown_outcome_starts_anew(world: World) -> None:
    alpha = await world.centre("alpha")
    alpha.fates = {1: SiteEnd.UNKNOWN}
    wid = await world.submit(SOLVE.replace("infrastructure: 0", "infrastructure: 0, unknown: 1"))
    assert (await world.ended(wid, rounds=60))["status"] == "FINISHED"
    assert [one["end"] for one in await world.get(f"{wid}/attempts")] == ["OUTCOME_UNKNOWN", "SUCCEEDED"]


async def test_another_job_under_the_same_id_says_nothing_of_ours(world: World) -> None:
    alpha = await world.centre("alpha")
    wid = await world.submit(SOLVE)
    for _ in range(3):
        await world.due()
        await world.step()
    [(name, lost)] = alpha.jobs.items()
    alpha.jobs[name] = replace(
        lost, token="another", state=SiteState.ENDED, end=SiteEnd.COMPLETED, exit_code=0, started_at=now()
    )
    async with world.database.worker() as session:  # as when it ran past its walltime, and its site lost its state
        await session.execute(text("UPDATE jobs SET state = 'COLLECTING'"))
    ended = await world.ended(wid, rounds=60)
    [job] = await world.get(f"{wid}/jobs")
    assert (ended["status"], job["end"]) == ("FAILED", "FAILED"), job
    assert "before it began" in job["text"], job


async def test_a_purged_job_folder_is_a_job_that_never_started_and_is_tried_again(world: World) -> None:
    alpha = await world.centre("alpha")
    wid = await world.submit(SOLVE.replace("infrastructure: 0", "infrastructure: 1"))
    for _ in range(3):
        await world.due()
        await world.step()
    [job] = await world.jobs(wid)
    await alpha.files.remove_tree(f"{alpha.root}/{job.id}/1")
    assert (await world.ended(wid, rounds=60))["status"] == "FINISHED"
    assert [one["code"] for one in await world.get(f"{wid}/attempts")] == ["never_started", "finished"]
