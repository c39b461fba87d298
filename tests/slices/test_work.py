"""Durable work: nothing lost, nothing doubled, whoever dies when."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import time
from datetime import timedelta

import pytest
from errands import Errand, advance_errands, do
from sqlalchemy import create_engine, func, select, text, update
from sqlalchemy.exc import DBAPIError

from heroes.kit.db import LOCK, Database, heroes_now
from heroes.kit.errors import Unreachable
from heroes.kit.machine import owner_name
from heroes.kit.work import Claim, Registration, Stale, Waiter, Work, wake, wake_failed, wake_named

pytestmark = pytest.mark.anyio


async def add(database: Database, *ids: str) -> None:
    async with database.worker() as session:
        for name in ids:
            row = Errand(id=name)
            session.add(row)
            wake(row)


async def get(database: Database, name: str) -> Errand:
    async with database.worker() as session:
        return (await session.execute(select(Errand).where(Errand.id == name))).scalar_one()


def works(database: Database, step=do, **options) -> Work:
    return Work(database, [Registration(Errand, step, **options)])


async def test_every_due_row_is_done_once_and_then_sleeps(database: Database) -> None:
    await add(database, *(f"e{n}" for n in range(100)))
    await asyncio.gather(works(database).until_idle(), works(database).until_idle())
    async with database.worker() as session:
        assert (await session.execute(select(func.sum(Errand.done), func.count(Errand.due_at)))).one() == (100, 0)


async def test_a_row_woken_while_it_is_being_done_is_done_again(database: Database) -> None:
    async def slow(work: Work, claim: Claim) -> None:
        if claim.wakes == 0:
            async with database.worker() as session:
                await wake_named(session, Waiter("test_errands", claim.id))
        await do(work, claim)

    await add(database, "e")
    await works(database, slow).until_idle()
    assert (await get(database, "e")).done == 2


async def test_a_worker_that_stands_still_within_a_transaction_loses_what_it_had_locked(database: Database) -> None:
    await add(database, "e")
    still = Database(database.urls, lease=timedelta(seconds=1))

    async def stand_still() -> None:
        async with still.worker() as session:
            await session.execute(select(Errand).where(Errand.id == "e").with_for_update(**LOCK))
            async with asyncio.timeout(60), database.worker() as other:  # which waits for the lock
                await other.execute(update(Errand).where(Errand.id == "e").values(done=7))
            await session.execute(update(Errand).where(Errand.id == "e").values(done=99))

    with pytest.raises(DBAPIError):
        await stand_still()
    await still.close()
    assert (await get(database, "e")).done == 7


async def test_a_stale_result_changes_nothing(database: Database) -> None:
    await add(database, "e")
    work = works(database)
    [claim] = await work.claim(work.registrations[0], 1)
    engine = create_engine(database.urls.owner)
    with engine.begin() as owner:
        owner.execute(text("UPDATE heroes_clock SET shift = '5 minutes'"))
    engine.dispose()
    [second] = await works(database).claim(work.registrations[0], 1)
    assert second.fence == claim.fence + 1
    with pytest.raises(Stale):
        await do(work, claim)
    await do(work, second)
    assert (await get(database, "e")).done == 1


async def test_a_failed_step_keeps_its_reason_and_comes_back_later(database: Database) -> None:
    async def fail(work: Work, claim: Claim) -> None:
        raise Unreachable("alpha does not answer.")

    await add(database, "e")
    await works(database, fail).until_idle()
    row = await get(database, "e")
    assert (row.failures, row.last_error, row.lease_owner) == (1, "alpha does not answer.", None)
    async with database.worker() as session:
        assert await session.scalar(select(Errand.due_at > heroes_now()))


async def test_an_intent_written_during_an_act_survives_its_result(database: Database) -> None:
    async def slow(work: Work, claim: Claim) -> None:
        async with database.worker() as session:
            row = await session.get_one(Errand, claim.id)
            row.intent = "cancel"
        await do(work, claim)

    await add(database, "e")
    await works(database, slow).until_idle()
    row = await get(database, "e")
    assert (row.intent, row.done) == ("cancel", 1)


async def test_the_running_loop_hears_the_doorbell_and_stops_when_asked(database: Database) -> None:
    stop = asyncio.Event()
    work = works(database)
    loop = asyncio.create_task(work.run(stop))
    await add(database, "e")
    async with asyncio.timeout(30):
        while (await get(database, "e")).done == 0:
            await asyncio.sleep(0.02)
    stop.set()
    await loop


async def test_work_of_a_killed_worker_is_taken_over_and_none_is_lost(database: Database) -> None:
    await add(database, *(f"e{n}" for n in range(40)))
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=advance_errands, args=(database.urls, 0.05)) for _ in range(2)]
    for process in workers:
        process.start()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        async with database.worker() as session:
            done = await session.scalar(select(func.count()).where(Errand.done > 0)) or 0
        if done >= 8 and workers[0].pid and workers[0].is_alive():
            os.kill(workers[0].pid, signal.SIGKILL)
        if done == 40:
            break
        await asyncio.sleep(0.05)
    workers[1].kill()
    for process in workers:
        process.join()
    async with database.worker() as session:
        assert (await session.execute(select(func.min(Errand.done), func.max(Errand.done)))).one() == (1, 1)


async def test_what_a_process_held_that_is_gone_is_due_at_once_and_what_a_living_one_holds_is_not(
    database: Database,
) -> None:
    async def nothing(work: Work, claim: Claim) -> None:
        pass

    registration = Registration(Errand, nothing)
    ended = subprocess.Popen(["true"])
    ended.wait()
    of_here = owner_name("here").split("|")[:3]
    dead = Work(database, [registration], owner="|".join([*of_here, str(ended.pid), "1", "x"]))
    living, heir = Work(database, [registration]), Work(database, [registration])
    await add(database, "of the dead")
    assert len(await dead.claim(registration, 8)) == 1
    await add(database, "of the living")
    assert len(await living.claim(registration, 8)) == 1
    await heir.inherit()
    assert [one.id for one in await heir.claim(registration, 8)] == ["of the dead"]


async def test_rows_of_one_slow_place_leave_room_for_those_of_others(database: Database) -> None:
    await add(database, *(f"slow{n}" for n in range(20)))
    async with database.worker() as session:
        await session.execute(update(Errand).values(intent="slow"))
    await add(database, "quick")
    async with database.worker() as session:
        await session.execute(update(Errand).where(Errand.id == "quick").values(intent="quick"))
    answers, at_once, most = asyncio.Event(), 0, 0

    async def ask(work: Work, claim: Claim) -> None:
        nonlocal at_once, most
        if claim.row.intent == "slow":
            at_once += 1
            most = max(most, at_once)
            await answers.wait()
            at_once -= 1
        await do(work, claim)

    work = works(database, ask, concurrency=8, by=Errand.intent, share=3)
    async with asyncio.timeout(30):
        while (await get(database, "quick")).done == 0:
            await work.start_due()
            await asyncio.sleep(0)
    assert most == 3
    answers.set()
    await work.until_idle()
    async with database.worker() as session:
        assert await session.scalar(select(func.sum(Errand.done))) == 21
    assert most < 8


async def test_what_failed_by_a_silent_place_is_due_again_when_that_answers(database: Database) -> None:
    async def fail(work: Work, claim: Claim) -> None:
        raise Unreachable("alpha does not answer.")

    await add(database, "of_alpha", "of_beta")
    async with database.worker() as session:
        for name in ("of_alpha", "of_beta"):
            await session.execute(update(Errand).where(Errand.id == name).values(intent=name))
    await works(database, fail).until_idle()
    async with database.worker() as session:
        await wake_failed(session, "intent", "of_alpha")
    await works(database).until_idle()
    assert [(await get(database, name)).done for name in ("of_alpha", "of_beta")] == [1, 0]
