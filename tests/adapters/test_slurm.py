"""The contract of a Batch, and Slurm's own troubles, on the laboratory's real centres."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.batch_contract import *  # noqa: F403 - the suite is the contract
from adapters.batch_contract import ContractSite
from heroes.adapters.ports import Absent, Busy, Found, Sighting, SiteEnd, SiteState, Unknown
from heroes.adapters.slurm import Slurm
from heroes.adapters.ssh import KeyAuth, SshTarget, connect
from heroes.kit.errors import Refused, Unreachable
from lab.laboratory import Laboratory

pytestmark = [pytest.mark.anyio, pytest.mark.lab]


async def enter(laboratory: Laboratory, centre: str, user: str | None = None) -> AsyncIterator[ContractSite]:
    known = laboratory.centre(centre)
    target = SshTarget(
        host=known.host,
        user=user or known.user,
        auth=KeyAuth(known.key_path.read_bytes()),
        host_key=known.host_key,
    )
    async with await connect(target) as ssh:
        home = (await ssh.shell.run(["pwd"])).stdout.strip()
        site = ContractSite(ssh.shell, ssh.files, Slurm(), f"{home}/contract-{secrets.token_hex(4)}")
        yield site
        if ssh.alive:
            await site.cancel(*site.ordered)


@pytest.fixture(params=["alpha", "beta"])
async def site(laboratory: Laboratory, request: pytest.FixtureRequest) -> AsyncIterator[ContractSite]:
    async for each in enter(laboratory, request.param):
        yield each


@pytest.fixture
async def alpha(laboratory: Laboratory) -> AsyncIterator[ContractSite]:
    async for each in enter(laboratory, "alpha"):
        yield each


@pytest.fixture
async def alpha_alone(laboratory_alone: Laboratory) -> AsyncIterator[ContractSite]:
    async for each in enter(laboratory_alone, "alpha"):
        yield each


@pytest.fixture(scope="module", autouse=True)
def overdue(laboratory_session: Laboratory) -> tuple[str, str]:
    """Id and token of a job that its limit ends within two minutes: they pass while the other tests run."""
    token = f"t{secrets.token_hex(7)}"
    sbatch = f"sbatch --parsable -p gpu -t 1 --mem=100M -J {token} -o /dev/null --wrap='sleep 600'"
    return laboratory_session.ssh("alpha", sbatch).stdout.strip(), token


# ------------------------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"queue": "nosuch"}, "queue does not exist"),
        ({"account": "nosuch"}, "may not use this queue"),
        ({"queue": "compute", "gpus": 1}, "No node of the queue"),
        ({"script_path": "/nosuch/job.sh"}, "script is not at the site"),
        ({"folder": "/nosuch"}, "cannot be made"),
    ],
)
async def test_a_refused_order_says_why_and_can_be_given_again(
    alpha: ContractSite, wrong: dict[str, object], words: str
) -> None:
    order = await alpha.order("true")
    for _ in range(2):  # the first refusal leaves nothing behind that would make the second an AlreadyOrdered
        with pytest.raises(Refused, match=words):
            await alpha.submit(replace(order, **wrong))  # type: ignore[arg-type]
    (job,) = await alpha.ended(await alpha.submit(order))
    assert job.end is SiteEnd.COMPLETED


async def test_a_limit_on_submitted_jobs_makes_the_site_busy_and_not_the_order_wrong(
    laboratory_alone: Laboratory,
) -> None:
    change = ["sacctmgr", "-i", "modify", "user", "bob", "set"]
    laboratory_alone.exec("alpha", [*change, "MaxSubmitJobs=0"])
    try:
        async for site in enter(laboratory_alone, "alpha", "bob"):
            order = await site.order("true")
            with pytest.raises(Busy, match="no more jobs"):
                await site.submit(order)
            laboratory_alone.exec("alpha", [*change, "MaxSubmitJobs=-1"])
            assert await site.submit(order)
    finally:
        laboratory_alone.exec("alpha", [*change, "MaxSubmitJobs=-1"])


async def test_a_job_that_can_never_start_says_so(alpha: ContractSite) -> None:
    site_id = await alpha.submit(await alpha.order("true", walltime_s=9 * 86400))
    (job,) = await alpha.watched(site_id, lambda jobs: jobs[0].reason == "PartitionTimeLimit")
    assert job.state is SiteState.QUEUED
    assert "never start" in (job.text or "")


# --------------------------------------------------------------------------------------------------------- ends and use


async def test_the_meter_of_the_node_is_read(alpha: ContractSite) -> None:
    site_id = await alpha.submit(await alpha.order("sleep 8"))
    await alpha.ended(site_id)
    async with asyncio.timeout(60):
        while True:
            usage = (await alpha.batch.usage(alpha.shell, [site_id]))[site_id, None].usage
            if usage and usage.energy_j:
                break
            await asyncio.sleep(0.5)
    assert usage.energy_j == pytest.approx(250 * usage.elapsed_s, rel=0.5)
    assert usage.energy_source == "sacct batch step"


async def test_jobs_that_shared_a_node_are_told_of_each_other(alpha: ContractSite) -> None:
    """Slurm tells each of them all of the node's energy; from the core-seconds of all, each one's part is known."""
    ids = [await alpha.submit(await alpha.order("sleep 8")) for _ in range(2)]
    for site_id in ids:
        await alpha.ended(site_id)
    async with asyncio.timeout(60):
        while True:
            told = await alpha.batch.usage(alpha.shell, ids)
            jobs = [told[site_id, None] for site_id in ids]
            if all(job.usage and job.usage.energy_j for job in jobs):
                break
            await asyncio.sleep(0.5)
    first, second = jobs
    assert first.usage
    assert second.usage
    assert first.started_at
    assert second.started_at
    assert first.ended_at
    assert second.ended_at
    both = min(first.ended_at, second.ended_at) - max(first.started_at, second.started_at)
    met = both.total_seconds() if first.usage.node_list == second.usage.node_list else 0.0
    for mine, other in ((first.usage, second.usage), (second.usage, first.usage)):
        own = mine.cpus * mine.elapsed_s
        assert mine.core_s_of_all is not None
        assert mine.core_s_of_all >= own + other.cpus * max(0.0, met)


async def test_a_requeued_job_keeps_its_id_and_its_former_use(
    alpha_alone: ContractSite, laboratory_alone: Laboratory
) -> None:
    site = alpha_alone
    order = replace(await site.order("sleep 4", walltime_s=120), rerunnable=True)
    site_id = await site.submit(order)
    await site.watched(site_id, lambda jobs: jobs[0].state is SiteState.RUNNING)
    await asyncio.sleep(2)
    laboratory_alone.exec("alpha", ["scontrol", "requeue", site_id])
    await site.watched(site_id, lambda jobs: jobs[0].state is SiteState.QUEUED)
    async with asyncio.timeout(60):
        while True:
            job = (await site.batch.usage(site.shell, [site_id]))[site_id, None]
            if job.restarts:
                break
            await asyncio.sleep(0.5)
    assert job.state is not SiteState.ENDED
    assert [former.cpus for former in job.earlier] == [1]


async def test_a_job_held_and_cancelled_is_found_by_its_id(alpha: ContractSite, laboratory: Laboratory) -> None:
    site_id = await alpha.submit(await alpha.order("true", walltime_s=9 * 86400))
    laboratory.exec("alpha", ["scontrol", "hold", site_id])
    await alpha.watched(site_id, lambda jobs: jobs[0].state is SiteState.HELD)
    await alpha.cancel(site_id)
    (job,) = await alpha.ended(site_id)
    assert (job.end, job.exit_code, job.started_at) == (SiteEnd.CANCELLED, None, None)


async def test_an_element_that_waits_is_cancelled_alone(alpha: ContractSite) -> None:
    many = await alpha.order("sleep 300", indexes=tuple(range(20)), walltime_s=600)
    site_id = await alpha.submit(replace(many, cpus_per_task=32))  # more than all nodes hold at once
    await alpha.cancel(f"{site_id}_19", token=f"t{secrets.token_hex(7)}")
    await alpha.cancel(f"{site_id}_19")
    jobs = await alpha.watched(site_id, lambda jobs: len(jobs) == 19)  # Slurm keeps no record of it
    assert not [job for job in jobs if job.index == 19 or job.state is SiteState.ENDED]
    await alpha.cancel(site_id)
    assert {job.end for job in await alpha.ended(site_id, count=19)} == {SiteEnd.CANCELLED}


async def test_the_probe_knows_the_setup(alpha: ContractSite) -> None:
    facts = {fact.code: fact.value for fact in await alpha.batch.probe(alpha.shell)}
    assert facts["accounting"] is True
    assert facts["energy"] == {"plugin": "pm_counters", "interval_s": 2}
    assert facts["default_queue"] == "compute"
    assert facts["max_array_size"] == 20001
    assert {each["account"] for each in facts["accounts"]} == {"proj1", "proj2"}
    assert facts["default_account"] == "proj1"
    assert abs(facts["clock_ahead_s"]) < 5


async def test_queues_tell_gpus_and_limits(alpha: ContractSite) -> None:
    queues = {queue.name: queue for queue in await alpha.batch.queues(alpha.shell)}
    assert (queues["compute"].default, queues["compute"].nodes_total, queues["compute"].cores_per_node) == (True, 3, 32)
    assert (queues["gpu"].gpus_per_node, queues["gpu"].max_walltime_s) == (4, 4 * 3600)


# -------------------------------------------------------------------------------------------------------------- silence


async def test_a_silent_accounting_leaves_absence_unknown_and_live_jobs_in_sight(
    alpha_alone: ContractSite, laboratory_alone: Laboratory
) -> None:
    site = alpha_alone
    site_id = await site.submit(await site.order("sleep 300", walltime_s=600))
    with laboratory_alone.fault("freeze", "alpha", "slurmdbd"):
        found, sighting, usage = await asyncio.gather(  # each waits until Slurm's own patience with it ends
            site.batch.find(site.shell, "tnobodyhasthis0", since=site.since),
            site.batch.watch(site.shell, since=site.since, known=[site_id, "999999"]),
            site.batch.usage(site.shell, [site_id]),
            return_exceptions=True,
        )
        assert isinstance(found, Unknown)
        assert isinstance(sighting, Sighting)
        assert sighting.sources["squeue"] is None
        assert sighting.sources["sacct"]
        assert not sighting.complete
        assert sighting.jobs[site_id, None].end is None
        assert isinstance(usage, Unreachable)
    assert isinstance(await site.batch.find(site.shell, "tnobodyhasthis0", since=site.since), Absent)


async def test_an_order_to_a_silent_controller_is_in_doubt_and_not_repeated(
    alpha_alone: ContractSite, laboratory_alone: Laboratory
) -> None:
    site = alpha_alone
    order = await site.order("true")
    with laboratory_alone.fault("freeze", "alpha", "slurmctld"):
        with pytest.raises(Unreachable):
            await site.submit(order)
        assert isinstance(await site.batch.find(site.shell, order.token, since=site.since), Unknown)
    with pytest.raises(Refused, match="given before"):
        await site.submit(order)


async def test_an_order_whose_answer_is_lost_is_found_again(
    alpha_alone: ContractSite, laboratory_alone: Laboratory
) -> None:
    order = await alpha_alone.order("sleep 5")
    with laboratory_alone.fault("freeze", "alpha", "slurmctld"):
        asking = asyncio.create_task(alpha_alone.submit(order))
        await asyncio.to_thread(
            laboratory_alone.exec,
            "alpha",
            ["sh", "-c", f"until [ -d {order.folder}/{order.token} ]; do sleep 0.05; done"],
        )
        mute = laboratory_alone.fault("mute", "alpha")
    with mute, pytest.raises(Unreachable):
        await asking
    async for site in enter(laboratory_alone, "alpha"):
        found = await site.batch.find(site.shell, order.token, since=site.since - timedelta(minutes=5))
        assert isinstance(found, Found)
        assert len(found.jobs) == 1
        with pytest.raises(Refused, match="given before"):
            await site.submit(order)


async def test_a_job_over_its_walltime_is_ended_by_the_time_limit(
    alpha: ContractSite, overdue: tuple[str, str]
) -> None:
    site_id, alpha.ordered[site_id] = overdue
    (job,) = await alpha.ended(site_id)
    assert job.end is SiteEnd.TIME_LIMIT
