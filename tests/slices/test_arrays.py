"""Jobs that ask for the same go as one array: one order, each payload once, each member with its own end."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from centre import Centre, World, world_of
from sqlalchemy import select

from heroes.adapters.ports import SiteEnd, SiteState
from heroes.clusters.models import Cluster
from heroes.kit import outbox
from heroes.kit.db import Database

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

HEAD = """\
parameters:
  numbers: {type: array, items: {type: integer}, maxItems: 10000}
  word: {type: string, default: it's "so"}
required: [numbers]
"""
EACH = """
each:
  foreach: "{{ params.numbers }}"
  run:
    - sh
    - -c
    - |
      echo "$0 $HEROES_INDEX $PARAM_WORD"
      cat "$HEROES_PARAMS" > params
      echo "$0" > out
      echo s >> ../../starts-$HEROES_INDEX
      [ "$0" != 13 ] || exit 3
    - "{{ item }}"
  resources: {cores: 1, memory: 1 GiB, walltime: 600}
  outputs: {out: out, params: params}
"""


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world_of(database, tmp_path) as made:
        yield made


async def submit(world: World, numbers: list[int], extra: str = "") -> str:
    return await world.submit(EACH + extra, head=HEAD, parameters={"numbers": numbers})


def starts(centre: Centre) -> list[int]:
    """How often each member's payload was started, read from the site's disk."""
    return [len(path.read_text().split()) for path in sorted(centre.root.glob("arr_*/starts-*"))]


async def test_a_step_over_many_items_is_one_order_and_each_payload_starts_once(world: World) -> None:
    alpha = await world.centre("alpha")
    wid = await submit(world, [-4, 0, 4, 8])
    await world.due()
    await world.step()
    [order] = alpha.orders.values()
    assert order.indexes == (0, 1, 2, 3)
    queued = await world.jobs(wid)
    assert [(job.state, job.stage_in_id) for job in queued] == [("QUEUED", None)] * 4, "nothing was to be sent"
    await alpha.run()
    assert starts(alpha) == [1, 1, 1, 1]
    ended = await world.ended(wid)
    assert ended["status"] == "FINISHED", (ended, await world.get(f"{wid}/jobs"))
    jobs = await world.get(f"{wid}/jobs")
    assert [job["exit_code"] for job in jobs] == [0] * 4
    attempts = sorted((one.number, one.site_id) for one in await world.attempts(wid))
    assert attempts == [(1, f"1000_{i}") for i in range(4)]
    assert await world.held() == 0
    await world.round()
    assert not list(alpha.root.iterdir()), "the folder goes when all has come home"


async def test_members_have_their_own_values_and_share_the_rest(world: World) -> None:
    alpha = await world.centre("alpha")
    wid = await submit(world, [7, 8])
    await world.due()
    await world.step()
    await alpha.run()
    folders = [next(alpha.root.glob(f"arr_*/{index}")) for index in (0, 1)]
    assert [(folder / "work/out").read_text() for folder in folders] == ["7\n", "8\n"]
    assert [(folder / "logs/stdout").read_text() for folder in folders] == ['7 0 it\'s "so"\n', '8 1 it\'s "so"\n']
    params = [json.loads((folder / "work/params").read_text()) for folder in folders]
    assert params == [
        {"numbers": [7, 8], "word": 'it\'s "so"', "item": item, "index": index} for index, item in enumerate((7, 8))
    ]
    assert (await world.ended(wid))["status"] == "FINISHED"


async def test_only_the_members_that_failed_are_ordered_again_as_one_order(world: World) -> None:
    alpha = await world.centre("alpha")
    alpha.fates = {2: SiteEnd.NODE_FAILURE, 3: SiteEnd.NODE_FAILURE}
    wid = await submit(world, [0, 1, 2, 3], "  retries: {infrastructure: 1}\n")
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert [order.indexes for order in alpha.orders.values()] == [(0, 1, 2, 3), (0, 1)]
    assert sorted((one.number, one.code) for one in await world.attempts(wid)) == [
        (1, "finished"),
        (1, "finished"),
        (1, "node_failure"),
        (1, "node_failure"),
        (2, "finished"),
        (2, "finished"),
    ]
    assert await world.held() == 0


async def test_a_single_member_that_failed_goes_again_alone(world: World) -> None:
    alpha = await world.centre("alpha")
    alpha.fates = {2: SiteEnd.NODE_FAILURE}
    wid = await submit(world, [0, 1, 2], "  retries: {infrastructure: 1}\n")
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert [order.indexes for order in alpha.orders.values()] == [(0, 1, 2), None]


async def test_one_member_s_own_error_is_its_own(world: World) -> None:
    await world.centre("alpha")
    wid = await submit(world, [12, 13, 14])
    ended = await world.ended(wid)
    assert ended["status"] == "FAILED"
    assert "exit code 3. (1 of 3 jobs)" in ended["reason"]
    assert [job["end"] for job in await world.get(f"{wid}/jobs")] == ["SUCCEEDED", "FAILED", "SUCCEEDED"]
    assert await world.held() == 0


async def test_the_members_cost_what_each_used_and_no_more_than_was_drawn(world: World) -> None:
    await world.centre("alpha", "1")
    wid = await submit(world, [0, 1, 2])
    assert await world.held() == pytest.approx(3 * 3 * 600 / 3600, abs=1e-6)  # with two retries each
    await world.ended(wid)
    cost = await world.get(f"{wid}/cost")
    assert float(cost["charged"]) == pytest.approx(3 * 36 / 3600)  # each ran for 36 s on one core, says the site
    assert len(cost["lines"]) == 3


# --------------------------------------------------------------------------------------------------------- the limits


async def test_an_array_above_the_site_s_size_goes_in_parts_that_are_staged_once(world: World) -> None:
    alpha = await world.centre("alpha")
    alpha.largest = 3
    wid = await submit(world, list(range(20, 30)))
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert all(len(order.indexes or ()) <= 3 for order in alpha.orders.values())
    assert alpha.started == 10
    assert await world.held() == 0


async def test_a_limit_that_is_known_beforehand_cuts_the_array_at_once(world: World) -> None:
    alpha = await world.centre("alpha")
    async with world.database.worker() as session:
        cluster = await session.get_one(Cluster, "clu_alpha")
        cluster.facts = {"max_array_size": 1001, "max_submit_jobs": 4}
    wid = await submit(world, list(range(20, 30)))
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert sorted(len(order.indexes or ()) for order in alpha.orders.values()) == [2, 4, 4]
    assert alpha.given == 3


async def test_a_full_site_is_waited_for_and_the_state_says_so(world: World) -> None:
    alpha = await world.centre("alpha")
    alpha.busy = 0
    wid = await submit(world, [0, 1])
    for _ in range(3):
        await world.round()
    jobs = await world.get(f"{wid}/jobs")
    assert {job["code"] for job in jobs} == {"site_full"}
    assert "takes no more jobs" in jobs[0]["text"]
    alpha.busy = None
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert alpha.started == 2


async def test_a_limit_that_nobody_told_is_found_by_ordering_smaller_parts(world: World) -> None:
    alpha = await world.centre("alpha")
    alpha.busy = 20
    wid = await submit(world, list(range(20, 68)))
    assert (await world.ended(wid))["status"] == "FINISHED"
    assert alpha.started == 48
    assert max(len(order.indexes or ()) for order in alpha.orders.values()) <= 20


# ----------------------------------------------------------------------------------------------------------- cancel


async def test_a_cancelled_execution_cancels_the_whole_array_by_one_command(world: World) -> None:
    alpha = await world.centre("alpha")
    wid = await submit(world, [0, 1, 2])
    await world.due()
    await world.step()
    await world.cancel(wid)
    for _ in range(20):  # members that are just being advanced are asked to end a moment later
        if not any(job.state is SiteState.QUEUED for job in alpha.jobs.values()):
            break
        await world.due()
        await world.step()
    ended = await world.ended(wid)
    assert ended["status"] == "CANCELED"
    assert alpha.started == 0
    assert {job.end for job in alpha.jobs.values()} == {SiteEnd.CANCELLED}
    assert await world.held() == 0


async def test_an_energy_policy_is_asked_for_where_the_queue_takes_one(world: World) -> None:
    """The step's own, else under greenest the least energy; a queue without EAR in its scheduler is asked for none."""
    alpha = await world.centre("alpha", facts={"commands": [], "ear": "full"})
    beta = await world.centre("beta", facts={"commands": ["eacct"], "ear": "library"})
    at = 'one:\n  run: ["true"]\n  resources: {cores: 1, memory: 1 GiB, walltime: 600}\n'
    for place in ("{cluster: alpha, energy_policy: min_time}", "{cluster: alpha}", "{cluster: beta}"):
        await world.submit(f"{at}  placement: {place}\n", policy="greenest")
    await submit(world, [1, 2], "  placement: {cluster: alpha, energy_policy: monitoring}\n")
    await world.due()
    await world.step()
    asked = {(order.indexes is not None, order.energy_policy) for order in alpha.orders.values()}
    assert asked == {(False, "min_time"), (False, "min_energy"), (True, "monitoring")}
    assert [order.energy_policy for order in beta.orders.values()] == [None]


CLOSE = """
close:
  inputs: {each/: "{{ steps.each.outputs.out }}"}
  script: ls each 2>/dev/null > all || true
  resources: {walltime: 60}
  outputs: {all: all}
"""


async def told(world: World, wid: str, family: str) -> list[str]:
    """The types of an execution's events of one family, in their order."""
    ours = outbox.Event.subject == wid, outbox.Event.type.like(f"{family}.%")
    async with world.database.worker() as session:
        return list(await session.scalars(select(outbox.Event.type).where(*ours).order_by(outbox.Event.id)))


async def test_a_step_over_no_items_ends_at_once_and_what_hangs_on_it_goes_on(world: World) -> None:
    alpha = await world.centre("alpha")
    wid = await submit(world, [], CLOSE)
    ended = await world.ended(wid)
    assert ended["status"] == "FINISHED", ended
    assert {one["name"]: one["state"] for one in ended["steps"]} == {"each": "FINISHED", "close": "FINISHED"}
    assert (alpha.started, await world.held()) == (1, 0)
    assert await told(world, wid, "step") == ["step.finished", "step.finished"]


async def test_a_step_that_cannot_be_planned_fails_and_what_hangs_on_it_is_skipped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unplanned(*_: object) -> None:
        raise ValueError("an output has no name")

    await world.centre("alpha")
    monkeypatch.setattr("heroes.executions.engines.steps.plan", unplanned)
    wid = await submit(world, [1], CLOSE)
    ended = await world.ended(wid)
    assert (ended["status"], await world.held()) == ("FAILED", 0)
    assert {one["name"]: one["state"] for one in ended["steps"]} == {"each": "FAILED", "close": "SKIPPED"}
    assert "an output has no name" in ended["reason"]
    assert await told(world, wid, "step") == ["step.failed", "step.skipped"]
