"""Jobs that a site took and then knows no more, since its controller lost some state or its accounting is silent."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree

import pytest
from centre import SILENCE, Centre, World, now, world_of
from sqlalchemy import text

from heroes.adapters.ports import Sighting, SiteEnd, SiteJob, SiteState
from heroes.clusters.sighting import store_jobs
from heroes.jobs.rules import PATIENCE
from heroes.kit.db import Database

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

LONE = """
one:
  run: [sh, -c, "echo s >> ../../../begun-$HEROES_INDEX; exit CODE"]
  resources: {walltime: 600}
"""
EACH = """
each:
  foreach: "{{ params.numbers }}"
  run: [sh, -c, "echo s >> ../../../begun-$HEROES_INDEX; exit CODE"]
  resources: {walltime: 600}
"""
HEAD = "parameters:\n  numbers: {type: array, items: {type: integer}, maxItems: 10}\nrequired: [numbers]\n"
KINDS = pytest.mark.parametrize("kind", ["lone", "array"])
COUNT = {"lone": 1, "array": 3}


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world_of(database, tmp_path) as made:
        yield made


async def ordered(world: World, kind: str, *, code: int = 0) -> tuple[Centre, str]:
    """Return a centre that has just taken an order, and the execution."""
    alpha = await world.centre("alpha")
    if kind == "lone":
        wid = await world.submit(LONE.replace("CODE", str(code)))
    else:
        wid = await world.submit(EACH.replace("CODE", str(code)), head=HEAD, parameters={"numbers": [4, 5, 6]})
    await world.due()
    await world.step()
    assert [job.state for job in await world.jobs(wid)] == ["QUEUED"] * COUNT[kind]
    return alpha, wid


async def heard(world: World) -> None:
    """Let the site answer for a while, without a word of the jobs."""
    async with world.database.worker() as session:
        await session.execute(text("UPDATE lines SET last_heard_at = heroes_now() + interval '2 minutes'"))
    for _ in range(8):
        await world.due()
        await world.step()


def starts(centre: Centre) -> list[int]:
    return [len(path.read_text().split()) for path in sorted(centre.root.glob("begun-*"))]


@KINDS
async def test_an_order_that_the_site_lost_before_it_began_is_given_again(world: World, kind: str) -> None:
    alpha, wid = await ordered(world, kind)
    alpha.jobs.clear()
    await heard(world)
    assert alpha.given == 2
    assert (await world.ended(wid))["status"] == "FINISHED", await world.get(f"{wid}/jobs")
    assert starts(alpha) == [1] * COUNT[kind]
    assert await world.held() == 0


@KINDS
async def test_an_order_that_the_login_node_turned_away_is_given_once_it_lets_accounts_in(
    world: World, kind: str
) -> None:
    alpha = await world.centre("alpha")
    alpha.shut = True
    wid = await world.submit(EACH.replace("CODE", "0"), head=HEAD, parameters={"numbers": [4, 5, 6][: COUNT[kind]]})
    for _ in range(3):
        await world.due()
        await world.step()
    assert {job.state for job in await world.jobs(wid)} == {"SUBMITTING"}
    alpha.shut = False
    await heard(world)
    assert (await world.ended(wid))["status"] == "FINISHED", await world.get(f"{wid}/jobs")
    assert starts(alpha) == [1] * COUNT[kind]
    assert await world.held() == 0


@KINDS
async def test_a_job_seen_waiting_that_the_site_then_lost_is_given_again(world: World, kind: str) -> None:
    alpha, wid = await ordered(world, kind)
    await world.look()
    await world.step()
    alpha.jobs.clear()
    await world.look()
    await heard(world)
    assert alpha.given == 2
    assert (await world.ended(wid))["status"] == "FINISHED", await world.get(f"{wid}/jobs")
    assert starts(alpha) == [1] * COUNT[kind]
    async with world.database.worker() as session:
        followed = await session.scalar(text("SELECT count(*) FROM watches WHERE active"))
    assert followed == 0, "nobody asks for ever after the order that was lost"


@KINDS
async def test_a_job_that_ended_while_the_site_forgot_it_is_known_by_what_it_left(world: World, kind: str) -> None:
    alpha, wid = await ordered(world, kind)
    await alpha.run()
    alpha.jobs.clear()
    await heard(world)
    assert (await world.ended(wid))["status"] == "FINISHED", await world.get(f"{wid}/jobs")
    assert (alpha.given, starts(alpha)) == (1, [1] * COUNT[kind])
    assert await world.held() == 0


@KINDS
async def test_a_forgotten_job_that_began_and_left_nothing_is_neither_ended_nor_ordered_again(
    world: World, kind: str
) -> None:
    alpha, wid = await ordered(world, kind)
    await alpha.run()
    for name in alpha.jobs:
        alpha._killed(name)
    for left in alpha.root.rglob("exit"):
        left.unlink()
    alpha.jobs.clear()
    await heard(world)
    assert (await world.get(wid))["status"] not in {"FINISHED", "FAILED", "CANCELED"}
    assert (alpha.given, starts(alpha)) == (1, [1] * COUNT[kind])
    assert {job.end for job in await world.jobs(wid)} == {None}


async def test_a_job_that_its_site_put_back_into_the_queue_has_no_walltime_to_be_past(world: World) -> None:
    alpha = await world.centre("alpha")
    wid = await world.submit(LONE.replace("CODE", "1") + "  rerunnable: true\n")
    await world.due()
    await world.step()
    await alpha.run()  # its first run leaves an exit file, and the site begins it again
    [(name, ended)] = alpha.jobs.items()
    long_ago = datetime.now(UTC) - timedelta(hours=3)
    alive = replace(ended, state=SiteState.RUNNING, end=None, exit_code=None, ended_at=None, usage=None)
    shown = [
        (replace(alive, started_at=datetime.now(UTC)), "RUNNING"),
        (replace(alive, state=SiteState.QUEUED, started_at=None, restarts=1), "QUEUED"),
        (replace(alive, started_at=datetime.now(UTC), restarts=1), "RUNNING"),
    ]
    for job, state in shown:
        alpha.jobs[name] = job
        await world.look()
        for _ in range(2):
            await world.due()
            await world.step()
        assert [one.state for one in await world.jobs(wid)] == [state]
        async with world.database.worker() as session:
            await session.execute(text("UPDATE jobs SET started_at = :at, submitted_at = :at"), {"at": long_ago})
    alpha.jobs[name] = replace(alive, started_at=long_ago, restarts=1)
    await world.look()
    await world.due()
    await world.step()
    assert [one.state for one in await world.jobs(wid)] != ["RUNNING"], "its last run is past its walltime as well"


async def test_a_member_that_its_site_began_again_has_the_walltime_of_its_last_run(world: World) -> None:
    alpha = await world.centre("alpha")
    again = EACH.replace("CODE", "1") + "  rerunnable: true\n"
    wid = await world.submit(again, head=HEAD, parameters={"numbers": [4, 5, 6]})
    await world.due()
    await world.step()
    await alpha.run()  # their first runs leave exit files, and the site begins them again
    long_ago = datetime.now(UTC) - timedelta(hours=3)
    rerun = {"state": SiteState.RUNNING, "end": None, "exit_code": None, "ended_at": None, "usage": None, "restarts": 1}
    alpha.jobs = {name: replace(job, started_at=long_ago, **rerun) for name, job in alpha.jobs.items()}
    names = list(alpha.jobs)
    for name in names[1:]:
        alpha.jobs[name] = replace(alpha.jobs[name], started_at=datetime.now(UTC))
    async with world.database.worker() as session:
        await session.execute(text("UPDATE jobs SET started_at = :at, submitted_at = :at"), {"at": long_ago})
    await world.look()
    for _ in range(3):
        await world.due()
        await world.step()
    assert [job.state for job in await world.jobs(wid)] == ["ENDED", "RUNNING", "RUNNING"]


async def test_late_news_of_members_that_are_collected_already_holds_up_nobody(world: World) -> None:
    alpha, wid = await ordered(world, "array")
    await alpha.run()
    ended = dict(alpha.jobs)
    running = {"state": SiteState.RUNNING, "end": None, "exit_code": None, "ended_at": None, "usage": None}
    first = next(iter(alpha.jobs))
    alpha.jobs |= {name: replace(job, **running) for name, job in ended.items()}
    alpha.jobs[first] = replace(alpha.jobs[first], queued=False)  # the list has it no more, the books lag
    await world.look()
    await world.step()
    assert [job.state for job in await world.jobs(wid)] == ["COLLECTING", "RUNNING", "RUNNING"]
    alpha.jobs = ended
    await world.look()
    await world.step()
    assert {(job.state, job.end) for job in await world.jobs(wid)} == {("ENDED", "SUCCEEDED")}


async def test_members_of_an_array_that_its_site_forgot_as_a_whole_are_known_by_what_they_left(world: World) -> None:
    alpha, wid = await ordered(world, "array")
    await world.look()
    before = {job.key: job for job in alpha.jobs.values()}
    await alpha.run(2)
    [site_id] = alpha.orders
    forgotten = SiteJob(site_id, None, "", SiteState.ENDED, SiteEnd.UNKNOWN)
    alpha.jobs = {site_id: forgotten}
    async with world.database.worker() as session:
        await store_jobs(session, "lin_alpha", Sighting({forgotten.key: forgotten}, {"queue": None}, now()), before)
    for _ in range(PATIENCE + 3):
        await world.due()
        await world.step()
    ends = [(one["end"], one["text"][:24]) for one in await world.get(f"{wid}/attempts") if one["end"]]
    assert sorted(ends) == [("FAILED", "The site took the job out"[:24])] + [("SUCCEEDED", "Finished.")] * 2


async def waiting(world: World, kind: str) -> tuple[Centre, str]:
    """Return a centre in whose queue the jobs were seen, and the execution."""
    alpha, wid = await ordered(world, kind)
    await world.look()
    await world.step()
    return alpha, wid


def without_history(alpha: Centre) -> None:
    """Let the site know its jobs no more, as PBS says it of each that it once knew."""
    for name, job in alpha.jobs.items():
        alpha.jobs[name] = replace(job, token="", state=SiteState.ENDED, end=SiteEnd.UNKNOWN, exit_code=None)


async def judged(world: World) -> None:
    await world.look()
    for _ in range(PATIENCE + 3):
        await world.due()
        await world.step()


@KINDS
async def test_a_cancelled_job_that_never_began_ends_as_cancelled_where_a_site_has_no_history(
    world: World, kind: str
) -> None:
    alpha, wid = await waiting(world, kind)
    await world.cancel(wid)
    await world.step()
    without_history(alpha)
    await judged(world)
    assert [job.end for job in await world.jobs(wid)] == ["CANCELLED"] * COUNT[kind], await world.get(f"{wid}/jobs")
    assert (await world.get(wid))["status"] == "CANCELED"
    assert (await world.held(), starts(alpha)) == (0, [])


@KINDS
async def test_a_job_that_a_site_without_history_lost_before_it_began_is_tried_again(world: World, kind: str) -> None:
    alpha, wid = await waiting(world, kind)
    late = dict(alpha.jobs)
    without_history(alpha)
    await judged(world)
    alpha.jobs |= late  # were it only late, it would find its gate taken
    assert (await world.ended(wid))["status"] == "FINISHED", await world.get(f"{wid}/jobs")
    attempts = await world.get(f"{wid}/attempts")
    lost = [one["text"] for one in attempts if one["end"] == "FAILED"]
    assert len(lost) == COUNT[kind], attempts
    assert all("before it began" in text for text in lost), attempts
    assert (await world.held(), starts(alpha)) == (0, [1] * COUNT[kind])


@KINDS
async def test_of_a_job_whose_folder_was_purged_nobody_can_tell_whether_it_began(world: World, kind: str) -> None:
    alpha, wid = await waiting(world, kind)
    await alpha.run()
    for order in alpha.orders.values():
        rmtree(Path(order.folder, order.token))
    without_history(alpha)
    for name, job in alpha.jobs.items():
        alpha.jobs[name] = replace(job, started_at=None, usage=None)
    await judged(world)
    assert [job.end for job in await world.jobs(wid)] == ["OUTCOME_UNKNOWN"] * COUNT[kind]
    assert (alpha.given, starts(alpha)) == (1, [1] * COUNT[kind])


async def half_run(world: World, *, run: int = 1) -> tuple[Centre, str, dict[str, SiteJob]]:
    """Return a centre that ran some members and deleted the others, of which no source of it tells; and what was."""
    alpha, wid = await ordered(world, "array")
    await world.look()
    await world.step()
    await alpha.run(run)
    known = dict(alpha.jobs)
    alpha.jobs = {name: known[name] for name in list(known)[:1]}
    return alpha, wid, known


async def test_cancelled_members_that_no_book_knows_end_by_their_gates(world: World) -> None:
    alpha, wid, known = await half_run(world)
    await world.cancel(wid)
    await world.step()
    await world.look()
    await heard(world)
    assert (await world.get(wid))["status"] == "CANCELED", await world.get(f"{wid}/jobs")
    assert [job.end for job in await world.jobs(wid)] == ["SUCCEEDED", "CANCELLED", "CANCELLED"]
    assert await world.held() == 0
    alpha.jobs = known  # had they only been late, they would find their gates taken
    await alpha.run()
    assert (alpha.given, starts(alpha)) == (1, [1])


async def test_members_that_no_book_knows_are_ordered_anew_once_their_gates_are_taken(world: World) -> None:
    alpha, wid, known = await half_run(world)
    await world.look()
    await heard(world)
    assert alpha.given == 2
    alpha.jobs |= known  # those that were given up come after all
    assert (await world.ended(wid))["status"] == "FINISHED", await world.get(f"{wid}/jobs")
    assert (alpha.given, starts(alpha)) == (2, [1, 1, 1])
    assert await world.held() == 0


@pytest.mark.parametrize("cancels", [False, True])
async def test_a_member_that_no_book_knows_but_that_holds_its_gate_is_known_by_its_exit_file(
    world: World, cancels: bool
) -> None:
    alpha, wid, _ = await half_run(world, run=3)
    [order] = alpha.orders.values()
    exits = [Path(order.folder, order.token, f"exit-{task}") for task in (1, 2)]
    for one in exits:
        one.rename(one.with_name(f"late-{one.name}"))
    if cancels:
        await world.cancel(wid)
    await world.step()
    await world.look()
    await heard(world)
    assert [job.end for job in await world.jobs(wid)] == ["SUCCEEDED", None, None]
    for one in exits:
        one.with_name(f"late-{one.name}").rename(one)
    await world.ended(wid)
    assert [job.end for job in await world.jobs(wid)] == ["SUCCEEDED"] * 3
    assert (alpha.given, starts(alpha)) == (1, [1, 1, 1])


async def test_what_a_missing_member_of_an_array_still_writes_stays_where_it_writes(world: World) -> None:
    alpha, wid = await ordered(world, "array")
    await world.look()
    await world.step()
    [order] = alpha.orders.values()
    streams = [
        Path(order.folder, order.token, f"{name}.{index}") for name in ("stdout", "stderr") for index in range(3)
    ]
    for stream in streams:
        stream.write_text("so far")
    alpha.jobs = {name: replace(job, queued=False, state=SiteState.RUNNING) for name, job in alpha.jobs.items()}
    await world.look()
    await heard(world)
    assert [stream.read_text() for stream in streams] == ["so far"] * 6
    assert {job.end for job in await world.jobs(wid)} == {None}


@KINDS
async def test_a_job_that_only_the_accounting_still_calls_running_is_known_by_its_exit_file(
    world: World, kind: str
) -> None:
    alpha, wid = await ordered(world, kind)
    await alpha.run()
    for name, job in alpha.jobs.items():
        alpha.jobs[name] = replace(
            job, state=SiteState.RUNNING, end=None, exit_code=None, ended_at=None, usage=None, queued=False
        )
    await world.look()
    await world.step()
    assert [job.state for job in await world.jobs(wid)] != ["QUEUED"] * COUNT[kind]
    assert (await world.ended(wid))["status"] == "FINISHED", await world.get(f"{wid}/jobs")
    assert (alpha.given, starts(alpha)) == (1, [1] * COUNT[kind])


@KINDS
async def test_a_good_end_is_proven_by_its_exit_file_while_the_accounting_is_silent(world: World, kind: str) -> None:
    alpha, wid = await ordered(world, kind)
    await world.look()
    alpha.unaccounted = True
    await alpha.run()
    await world.look()
    await world.step()
    assert (await world.get(wid))["status"] != "FINISHED", "the accounting has some time to tell what was used"
    assert {SILENCE in (job.note or "") for job in await world.jobs(wid)} == {True}
    assert (await world.ended(wid))["status"] == "FINISHED", await world.get(f"{wid}/jobs")
    assert {job.usage["source"] for job in await world.jobs(wid) if job.usage} == {"exit file"}
    assert await world.held() == 0


@KINDS
async def test_a_bad_end_waits_for_the_accounting_which_alone_knows_its_cause(world: World, kind: str) -> None:
    alpha, wid = await ordered(world, kind, code=137)
    await world.look()
    alpha.unaccounted = True
    alpha.fates = dict.fromkeys(range(1, 4), SiteEnd.OUT_OF_MEMORY)
    alpha.leaves_exit_files = True
    await alpha.run()
    for _ in range(PATIENCE + 5):
        await world.round()
    assert {(job.end, SILENCE in (job.note or "")) for job in await world.jobs(wid)} == {(None, True)}
    alpha.unaccounted = False
    assert (await world.ended(wid))["status"] == "FAILED"
    assert {job.cause for job in await world.jobs(wid)} == {"memory"}
