"""The contract of a Batch, and Grid Engine's own troubles, on the laboratory's real centre."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.batch_contract import *  # noqa: F403 - the suite is the contract
from adapters.batch_contract import ContractSite
from heroes.adapters.gridengine import GridEngine
from heroes.adapters.ports import Absent, Found, SiteEnd, SiteState, Unknown
from heroes.adapters.ssh import KeyAuth, SshTarget, connect
from heroes.kit.errors import Refused
from lab.laboratory import Laboratory

pytestmark = [pytest.mark.anyio, pytest.mark.lab]


async def enter(laboratory: Laboratory) -> AsyncIterator[ContractSite]:
    known = laboratory.centre("gamma")
    target = SshTarget(
        host=known.host, user=known.user, auth=KeyAuth(known.key_path.read_bytes()), host_key=known.host_key
    )
    async with await connect(target) as ssh:
        home = (await ssh.shell.run(["pwd"])).stdout.strip()
        site = ContractSite(ssh.shell, ssh.files, GridEngine(lag_s=5), f"{home}/contract-{secrets.token_hex(4)}")
        yield site
        if ssh.alive:
            await site.cancel(*site.ordered)


@pytest.fixture
async def site(laboratory: Laboratory) -> AsyncIterator[ContractSite]:
    async for each in enter(laboratory):
        yield each


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"queue": "nosuch.q"}, "queue does not exist"),
        ({"cpus_per_task": 999}, "No queue can ever"),
        ({"queue": "short.q", "walltime_s": 36000}, "No queue can ever"),
        ({"gpus": 1}, "GPUs"),
        ({"folder": "/nosuch"}, "cannot be made"),
    ],
)
async def test_a_refused_order_says_why_and_can_be_given_again(
    site: ContractSite, wrong: dict[str, object], words: str
) -> None:
    order = await site.order("true")
    for _ in range(2):
        with pytest.raises(Refused, match=words):
            await site.submit(replace(order, **wrong))  # type: ignore[arg-type]


async def test_a_job_of_several_cores_gets_them_on_one_host(site: ContractSite) -> None:
    order = replace(await site.order("echo $NSLOTS $PE"), cpus_per_task=3)
    (job,) = await site.ended(await site.submit(order))
    assert job.usage is not None
    assert (job.usage.nodes, job.usage.cpus) == (1, 3)
    assert await site.text(f"{order.folder}/{order.token}/stdout") == "3 smp\n"


async def test_a_job_over_its_walltime_is_ended_by_the_time_limit(site: ContractSite) -> None:
    (job,) = await site.ended(await site.submit(await site.order("sleep 600", walltime_s=3)))
    assert job.end is SiteEnd.TIME_LIMIT


async def test_a_job_held_and_cancelled_has_ended_though_no_source_tells_of_it(
    site: ContractSite, laboratory: Laboratory
) -> None:
    filler = replace(await site.order("sleep 300", walltime_s=600), cpus_per_task=16)
    filling = await site.submit(filler)
    await site.watched(filling, lambda jobs: jobs[0].state is SiteState.RUNNING)
    site_id = await site.submit(replace(await site.order("true"), cpus_per_task=16))
    laboratory.exec("gamma", ["env", "SGE_ROOT=/var/lib/gridengine", "qhold", site_id])
    await site.watched(site_id, lambda jobs: jobs[0].state is SiteState.HELD)
    await site.cancel(site_id, filling)
    site.ordered[site_id] = ""
    (job,) = await site.ended(site_id)
    assert (job.end, job.started_at) == (SiteEnd.CANCELLED, None)


async def test_an_element_deleted_before_it_began_is_in_no_source_though_all_answer(site: ContractSite) -> None:
    order = replace(await site.order("sleep 300", indexes=(0, 1), walltime_s=600), cpus_per_task=16)
    site_id = await site.submit(order)
    await site.watched(site_id, lambda jobs: jobs[0].state is SiteState.RUNNING)
    await site.cancel(f"{site_id}_1")
    seen = await site.batch.watch(site.shell, since=site.since, known=[site_id])
    assert (site_id, 1) not in seen.jobs
    found = await site.batch.find(site.shell, order.token, since=site.since)
    assert isinstance(found, Found)
    assert ([job.index for job in found.jobs], found.complete) == ([0], True)
    await site.cancel(site_id)


async def test_a_silent_accounting_leaves_absence_unknown(site: ContractSite, laboratory: Laboratory) -> None:
    await site.ended(await site.submit(await site.order("true")))
    file = "/var/lib/gridengine/default/common/accounting"
    laboratory.exec("gamma", ["chmod", "600", file])
    try:
        assert isinstance(await site.batch.find(site.shell, "tnobodyhasthis0", since=site.since), Unknown)
        sighting = await site.batch.watch(site.shell, since=site.since, known=["999999"])
        assert sighting.sources["qacct"]
        assert not sighting.complete
    finally:
        laboratory.exec("gamma", ["chmod", "644", file])
    assert isinstance(await site.batch.find(site.shell, "tnobodyhasthis0", since=site.since), Absent)


async def test_an_element_of_a_uneven_array_can_be_cancelled_alone(site: ContractSite) -> None:
    site_id = await site.submit(await site.order("sleep 300", indexes=(0, 7, 9), walltime_s=600))
    await site.watched(site_id, lambda jobs: all(job.state is SiteState.RUNNING for job in jobs))
    await site.cancel(f"{site_id}_7")
    jobs = await site.watched(site_id, lambda jobs: any(job.state is SiteState.ENDED for job in jobs))
    assert {job.index: job.end for job in jobs} == {0: None, 7: SiteEnd.CANCELLED, 9: None}


async def test_the_probe_knows_the_setup(site: ContractSite) -> None:
    facts = {fact.code: fact.value for fact in await site.batch.probe(site.shell)}
    assert facts["scheduler"] == "gridengine 8.1.9"
    assert facts["parallel_environments"] == {"mpi": "$fill_up", "smp": "$pe_slots"}
    assert (facts["accounting"], facts["max_array_size"]) == (True, 75000)
    assert abs(facts["clock_ahead_s"]) < 5


async def test_queues_tell_their_limits(site: ContractSite) -> None:
    queues = {queue.name: queue for queue in await site.batch.queues(site.shell)}
    assert {name: queue.max_walltime_s for name, queue in queues.items()} == {"all.q": 86400, "short.q": 1800}
    assert queues["all.q"].cores_per_node == 16
    assert (queues["all.q"].memory_bytes_per_node or 0) > 1 << 30
