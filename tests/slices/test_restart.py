"""An ended execution runs again from what failed; what finished is kept, and the budget is asked anew."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from centre import World, world_of
from people import login, make_client, make_user
from sqlalchemy import text

from heroes.adapters.ports import SiteEnd
from heroes.jobs.models import Job
from heroes.kit.db import Database
from heroes.kit.work import Stale

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

CHAIN = """
prepare:
  script: echo "prepared $HEROES_ATTEMPT" > made; echo prepare >> "$HEROES_PARAMS.starts"
  resources: {walltime: 60}
  outputs: {made: made}
solve:
  inputs: {made: "{{ steps.prepare.outputs.made }}"}
  script: |
    test "$HEROES_ATTEMPT" -ge 2
    cat made > solved
    echo "solved $HEROES_ATTEMPT" >> solved
  resources: {walltime: 60}
  outputs: {solved: solved}
close:
  inputs: {solved: "{{ steps.solve.outputs.solved }}"}
  script: cat solved > all
  resources: {walltime: 60}
  outputs: {all: all}
"""
OUTPUTS = 'outputs: {all: "{{ steps.close.outputs.all }}"}\n'


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world_of(database, tmp_path) as made:
        yield made


async def states(world: World, wid: str) -> dict[str, str]:
    return {step["name"]: step["state"] for step in (await world.get(wid))["steps"]}


async def test_a_failed_execution_goes_on_from_the_step_that_failed(world: World) -> None:
    alpha = await world.centre("alpha")
    wid = await world.submit(CHAIN, head=OUTPUTS)
    assert (await world.ended(wid))["status"] == "FAILED"
    assert await states(world, wid) == {"prepare": "FINISHED", "solve": "FAILED", "close": "SKIPPED"}
    assert (alpha.started, await world.held()) == (2, 0)

    again = await world.post(f"{wid}/restart")
    assert (again["status"], again["restarts"], again["reason"]) == ("SUBMIT_IN_PROGRESS", 1, None)
    assert await states(world, wid) == {"prepare": "FINISHED", "solve": "WAITING", "close": "WAITING"}
    assert await world.held() > 0
    ended = await world.ended(wid)
    assert ended["status"] == "FINISHED", ended
    assert alpha.started == 4
    assert await world.held() == 0
    [result] = await world.get(f"{wid}/results")
    assert result["size"] == len("prepared 1\nsolved 2\n")
    tried = await world.get(f"{wid}/attempts")
    assert [(one["step"], one["number"], one["end"]) for one in tried] == [
        ("prepare", 1, "SUCCEEDED"),
        ("solve", 1, "FAILED"),
        ("solve", 2, "SUCCEEDED"),
        ("close", 1, "SUCCEEDED"),
    ]
    assert not any(alpha.root.iterdir()), "every folder of every attempt is removed in the end"


async def test_from_a_step_runs_it_and_all_after_it_again(world: World) -> None:
    alpha = await world.centre("alpha")
    wid = await world.submit(CHAIN.replace('test "$HEROES_ATTEMPT" -ge 2', "true"), head=OUTPUTS)
    assert (await world.ended(wid))["status"] == "FINISHED"
    await world.post(f"{wid}/restart", status=409)
    await world.post(f"{wid}/restart", {"from": "solve"})
    assert await states(world, wid) == {"prepare": "FINISHED", "solve": "WAITING", "close": "WAITING"}
    assert await world.get(f"{wid}/results") == []
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert alpha.started == 5
    jobs = {job["step"]: job["attempt"] for job in await world.get(f"{wid}/jobs")}
    assert jobs == {"prepare": 1, "solve": 2, "close": 2}


async def test_members_that_succeeded_are_kept(world: World) -> None:
    alpha = await world.centre("alpha")
    each = """
each:
  foreach: [0, 1, 2, 3]
  script: |
    if [ "$PARAM_ITEM" = 2 ]; then test "$HEROES_ATTEMPT" -ge 2; fi
    echo "$PARAM_ITEM by $HEROES_ATTEMPT" > out
  resources: {walltime: 60}
  outputs: {out: out}
all:
  inputs: {each/: "{{ steps.each.outputs.out }}"}
  script: cat each/*/out > all
  resources: {walltime: 60}
  outputs: {all: all}
"""
    wid = await world.submit(each, head='outputs: {all: "{{ steps.all.outputs.all }}"}\n')
    ended = await world.ended(wid)
    assert (ended["status"], alpha.started) == ("FAILED", 4)
    reserved = await world.get(f"{wid}/cost")
    again = await world.post(f"{wid}/restart")
    assert float((await world.get(f"{wid}/cost"))["reserved"]) < 2 * float(reserved["reserved"])
    assert again["status"] == "SUBMIT_IN_PROGRESS"
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert alpha.started == 4 + 1 + 1
    attempts = [job["attempt"] for job in await world.get(f"{wid}/jobs") if job["step"] == "each"]
    assert attempts == [1, 1, 2, 1]


async def test_a_cancelled_execution_can_be_restarted(world: World) -> None:
    alpha = await world.centre("alpha")
    wid = await world.submit(CHAIN.replace('test "$HEROES_ATTEMPT" -ge 2', "true"))
    await world.due()
    await world.step()  # its first job is in the queue now
    await world.cancel(wid)
    assert (await world.ended(wid))["status"] == "CANCELED"
    assert alpha.started == 0
    await world.post(f"{wid}/restart")
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert alpha.started == 3


async def test_a_restart_can_be_cancelled_before_its_steps_start(world: World) -> None:
    await world.centre("alpha")
    wid = await world.submit(CHAIN)
    await world.ended(wid)
    await world.post(f"{wid}/restart", {"from": "prepare"})
    await world.cancel(wid)
    assert (await world.ended(wid))["status"] == "CANCELED"
    assert await world.held() == 0
    assert [one.number for one in await world.attempts(wid)] == [1, 1]


async def test_a_step_may_get_other_resources_and_another_place(world: World) -> None:
    alpha, beta = await world.centre("alpha", "1"), await world.centre("beta", "2")
    wid = await world.submit(CHAIN, cluster="alpha")
    await world.ended(wid)
    wanted = {"resources": {"solve": {"memory": "2 GiB", "walltime": 120}}, "cluster": "beta"}
    shown = await world.post(f"{wid}/restart", wanted)
    assert shown["configuration"]["cluster"] == "beta"
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert (alpha.started, beta.started) == (2, 2)
    first, _ = beta.orders.values()
    assert (first.memory_bytes, first.walltime_s) == (2 * 2**30, 120)


async def test_what_is_wrong_with_a_restart_is_said_and_changes_nothing(world: World) -> None:
    alpha = await world.centre("alpha")
    wid = await world.submit(CHAIN)
    assert (await world.post(f"{wid}/restart", status=409))["code"] == "running"
    await world.ended(wid)
    before = await world.execution(wid)
    assert "/from" in str(await world.post(f"{wid}/restart", {"from": "nine"}, status=422))
    assert "/resources/nine" in str(await world.post(f"{wid}/restart", {"resources": {"nine": {}}}, status=422))
    greedy = {"resources": {"solve": {"walltime": "10-00:00:00"}}}
    assert (await world.post(f"{wid}/restart", greedy, status=409))["code"] == "no_cluster"
    assert (await world.post(f"{wid}/restart", {"cluster": "gamma"}, status=409))["code"] == "no_cluster"
    assert (await world.execution(wid)).wakes == before.wakes
    assert (alpha.started, await world.held()) == (2, 0)


async def test_a_restart_that_the_budget_does_not_cover_is_refused(database: Database, tmp_path: Path) -> None:
    async with world_of(database, tmp_path, budget="3") as world:
        alpha = await world.centre("alpha", "12")
        alpha.fates = {1: SiteEnd.TIME_LIMIT}
        wid = await world.submit(
            "solve:\n  script: exit 0\n  resources: {walltime: 600}\n  retries: {infrastructure: 0}\n"
        )
        assert (await world.ended(wid))["status"] == "FAILED"
        more = {"resources": {"solve": {"walltime": 3000}}}
        assert (await world.post(f"{wid}/restart", more, status=409))["code"] == "over_budget"
        assert (await world.get(wid))["status"] == "FAILED"
        await world.post(f"{wid}/restart")
        assert (await world.ended(wid))["status"] == "FINISHED"


async def test_a_restart_asked_twice_under_one_key_is_one(world: World) -> None:
    await world.centre("alpha")
    wid = await world.submit(CHAIN)
    await world.ended(wid)
    key = {"Idempotency-Key": "again-1"}
    first = await world.post(f"{wid}/restart", headers=key)
    assert await world.post(f"{wid}/restart", headers=key) == first
    assert (await world.execution(wid)).restarts == 1


async def test_only_who_may_run_and_cancel_restarts_anothers_execution(world: World) -> None:
    await world.centre("alpha")
    wid = await world.submit(CHAIN)
    await world.ended(wid)
    reader = await make_user(world.database, world.organization, "rita", ["auditor"])
    client = await login(make_client(world.client._transport.app), reader)  # type: ignore[attr-defined]
    answer = await client.post(f"/organization/workflow/{wid}/restart", json={})
    assert answer.status_code in {403, 404}
    await client.aclose()


async def test_a_late_removal_of_folders_harms_no_restart(world: World) -> None:
    """The worker that was about to remove the folders stops; the restart runs; then the worker goes on."""
    await world.centre("alpha")
    wid = await world.submit(CHAIN)
    await world.ended(wid)
    async with world.database.worker() as session:  # as if the folders of the first attempt still lay there
        await session.execute(text("UPDATE jobs SET due_at = heroes_now(), folders = '[\"lin_alpha\"]'"))
    late = world.work()
    registration = next(one for one in late.registrations if one.model is Job)
    claims = await late.claim(registration, 16)
    assert len(claims) == 2
    await world.post(f"{wid}/restart")
    await world.due()
    await world.step()  # the new attempt's inputs and script lie there
    for claim in claims:
        with suppress(Stale):
            await registration.step(late, claim)
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert [one.number for one in await world.attempts(wid)] == [1, 1, 2, 1]
