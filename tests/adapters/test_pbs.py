"""The contract of a Batch on a PBS made from recorded output of OpenPBS 23, whose jobs really run on this machine."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters import fake_pbs
from adapters.batch_contract import *  # noqa: F403 - the suite is the contract
from adapters.batch_contract import ContractSite
from heroes.adapters.local import LocalFiles, LocalShell
from heroes.adapters.pbs import Pbs
from heroes.adapters.ports import Absent, Found, Result, SiteEnd, SiteState, Unknown
from heroes.kit.errors import Refused, Unreachable

pytestmark = pytest.mark.anyio


class ShellWithPbs(LocalShell):
    """This machine's shell, with PBS' programs on its PATH."""

    def __init__(self, programs: Path) -> None:
        super().__init__()
        self._path = f"PATH={programs}:/usr/bin:/bin"

    async def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 30.0) -> Result:
        return await super().run(["env", self._path, *argv], stdin=stdin, timeout=timeout)


def make(folder: Path, *, history: bool = True) -> ContractSite:
    fake_pbs.install(folder / "pbs", history=history)
    (folder / "jobs").mkdir()
    root = str(folder / "jobs")
    return ContractSite(ShellWithPbs(folder / "pbs/bin"), LocalFiles(root), Pbs(), root)


def server(site: ContractSite, **values: Any) -> dict[str, Any]:
    """The server's state, changed by the values."""
    path = Path(site.root).parent / "pbs"
    with fake_pbs.opened(path) as state:
        state.update(values)
        return dict(json.loads(json.dumps(state)))


@pytest.fixture
async def site(tmp_path: Path) -> ContractSite:
    return make(tmp_path)


@pytest.fixture
async def forgetful(tmp_path: Path) -> ContractSite:
    """A site without job_history_enable."""
    return make(tmp_path, history=False)


async def test_the_first_job_of_a_server_has_number_zero_and_is_a_job_like_any(site: ContractSite) -> None:
    site_id = await site.submit(await site.order("true"))
    assert site_id == "0.delta"
    (job,) = await site.ended(site_id)
    assert job.end is SiteEnd.COMPLETED


async def test_a_uneven_array_can_lose_a_single_element(site: ContractSite) -> None:
    site_id = await site.submit(await site.order("sleep 300", indexes=(1, 7, 9), walltime_s=600))
    await site.watched(site_id, lambda jobs: all(job.state is SiteState.RUNNING for job in jobs))
    await site.cancel(f"{site_id}_7")
    jobs = await site.watched(site_id, lambda jobs: any(job.state is SiteState.ENDED for job in jobs))
    assert {job.index: job.end for job in jobs} == {1: None, 7: SiteEnd.CANCELLED, 9: None}
    await site.cancel(site_id)
    assert {job.end for job in await site.ended(site_id)} == {SiteEnd.CANCELLED}


@pytest.mark.parametrize("indexes", [(3,), (0, 1, 2), (4, 6, 8)])
async def test_every_element_finds_its_own_index(site: ContractSite, indexes: tuple[int, ...]) -> None:
    order = await site.order("echo $HEROES_INDEX", indexes=indexes)
    jobs = await site.ended(await site.submit(order))
    assert tuple(job.index for job in jobs) == indexes
    told = [await site.text(f"{order.folder}/{order.token}/stdout.{index}") for index in indexes]
    assert told == [f"{index}\n" for index in indexes]


async def test_a_job_over_its_walltime_is_ended_by_the_time_limit(site: ContractSite) -> None:
    (job,) = await site.ended(await site.submit(await site.order("sleep 60", walltime_s=1)))
    assert job.end is SiteEnd.TIME_LIMIT


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"queue": "nosuch"}, "queue does not exist"),
        ({"queue": "short", "walltime_s": 36000}, "more time, nodes or memory"),
        ({"folder": "/nosuch"}, "cannot be made"),
    ],
)
async def test_a_refused_order_says_why_and_can_be_given_again(
    site: ContractSite, wrong: dict[str, Any], words: str
) -> None:
    order = await site.order("true")
    for _ in range(2):
        with pytest.raises(Refused, match=words):
            await site.submit(replace(order, **wrong))
    (job,) = await site.ended(await site.submit(order))
    assert job.end is SiteEnd.COMPLETED


async def test_a_job_that_can_never_start_says_so_and_leaves_when_cancelled(site: ContractSite) -> None:
    site_id = await site.submit(replace(await site.order("true"), cpus_per_task=9999))
    (job,) = await site.watched(site_id, lambda jobs: bool(jobs[0].text))
    assert job.state is SiteState.QUEUED
    assert "never start" in (job.text or "")
    await site.cancel(site_id)
    (job,) = await site.ended(site_id)
    assert (job.end, job.exit_code, job.started_at) == (SiteEnd.CANCELLED, None, None)


async def test_without_history_a_forgotten_job_has_ended_and_nobody_guesses_how(forgetful: ContractSite) -> None:
    site = forgetful
    order = await site.order("exit 3")
    site_id = await site.batch.submit(site.shell, order)
    site.ordered[site_id] = ""  # the server does not know the name any more
    (job,) = await site.ended(site_id)
    assert (job.end, job.exit_code) == (SiteEnd.UNKNOWN, None)
    # the server is all that such a site has: it answered, and the gate and the exit file tell whether the job began
    assert isinstance(await site.batch.find(site.shell, order.token, since=site.since), Absent)
    with pytest.raises(Refused, match="no history"):
        await site.batch.usage(site.shell, [site_id])
    server(site, down=True)
    assert isinstance(await site.batch.find(site.shell, order.token, since=site.since), Unknown)


async def test_without_history_a_forgotten_array_is_told_as_a_whole(forgetful: ContractSite) -> None:
    site = forgetful
    site_id = await site.batch.submit(site.shell, await site.order("true", indexes=(0, 1)))
    for _ in range(600):
        seen = await site.batch.watch(site.shell, since=site.since, known=[site_id])
        if (site_id, None) in seen.jobs:
            break
    assert {key: job.end for key, job in seen.jobs.items()} == {(site_id, None): SiteEnd.UNKNOWN}


async def test_without_history_a_live_job_is_found_and_followed(forgetful: ContractSite) -> None:
    site = forgetful
    order = await site.order("sleep 300", walltime_s=600)
    site_id = await site.submit(order)
    await site.watched(site_id, lambda jobs: jobs[0].state is SiteState.RUNNING)
    found = await site.batch.find(site.shell, order.token, since=site.since)
    assert isinstance(found, Found)
    await site.cancel(site_id)


async def test_a_silent_server_ends_nothing_and_leaves_orders_in_doubt(site: ContractSite) -> None:
    site_id = await site.submit(await site.order("true"))
    await site.ended(site_id)
    order = await site.order("true")
    server(site, down=True)
    assert isinstance(await site.batch.find(site.shell, order.token, since=site.since), Unknown)
    sighting = await site.batch.watch(site.shell, since=site.since, known=[site_id])
    assert not sighting.complete
    assert not sighting.jobs
    for act in (site.submit(order), site.batch.usage(site.shell, [site_id]), site.cancel(site_id)):
        with pytest.raises(Unreachable):
            await act
    server(site, down=False)
    with pytest.raises(Refused, match="given before"):
        await site.submit(order)


async def test_the_probe_knows_the_setup(site: ContractSite) -> None:
    facts = {fact.code: fact.value for fact in await site.batch.probe(site.shell)}
    assert facts["scheduler"] == "pbs 23.06.06"
    assert (facts["accounting"], facts["max_array_size"], facts["default_queue"]) == (True, 10000, "workq")
    assert abs(facts["clock_ahead_s"]) < 5
