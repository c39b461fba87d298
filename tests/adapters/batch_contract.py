"""What every Batch promises, whatever the scheduler. A suite imports all of it and gives a fixture `site`."""

import asyncio
import itertools
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from heroes.adapters.ports import (
    Absent,
    AlreadyOrdered,
    Batch,
    Files,
    Found,
    Order,
    Shell,
    SiteEnd,
    SiteJob,
    SiteState,
)
from heroes.kit.errors import Refused

PATIENCE_S = 120.0


@dataclass
class ContractSite:
    """A site under test. `root`: an absolute folder of the account, for the jobs of one test."""

    shell: Shell
    files: Files
    batch: Batch
    root: str
    queue: str | None = None
    submitted_at: bool = True
    """whether the site tells when a job was submitted"""
    since: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(minutes=1))
    ordered: dict[str, str] = field(default_factory=dict)
    """ids → tokens"""
    _count: "itertools.count[int]" = field(default_factory=itertools.count)

    async def order(self, script: str, *, indexes: tuple[int, ...] | None = None, walltime_s: int = 60) -> Order:
        folder = f"{self.root}/{next(self._count)}"
        await self.files.makedirs(folder)
        await self.files.write(f"{folder}/job.sh", f"#!/bin/sh\n{script}\n".encode(), 0o700)
        return Order(
            token=f"t{secrets.token_hex(7)}",
            folder=folder,
            script_path=f"{folder}/job.sh",
            queue=self.queue,
            account=None,
            walltime_s=walltime_s,
            memory_bytes=100 << 20,
            indexes=indexes,
            comment="a comment | with ' separators",
        )

    async def submit(self, order: Order) -> str:
        site_id = await self.batch.submit(self.shell, order)
        self.ordered[site_id] = order.token
        return site_id

    async def cancel(self, *site_ids: str, token: str | None = None) -> None:
        """Cancel what was ordered here, each under its own token."""
        for each in site_ids:
            known = self.ordered.get(each.partition("_")[0], "t0")
            await self.batch.cancel(self.shell, token or known, [each])

    async def watched(
        self, site_id: str, reached: Callable[[list[SiteJob]], bool], known: Collection[str] = ()
    ) -> list[SiteJob]:
        """Watch until the job (or all elements of the array) satisfies the condition."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                sighting = await self.batch.watch(self.shell, since=self.since, known={site_id, *known})
                jobs = [job for key, job in sorted(sighting.jobs.items(), key=str) if key[0] == site_id]
                # a site whose counter was set back knows former jobs of the same id: the token tells
                jobs = [job for job in jobs if job.token == self.ordered[site_id]]
                if jobs and reached(jobs):
                    return jobs
                await asyncio.sleep(0.3)

    async def ended(self, site_id: str, count: int | None = None) -> list[SiteJob]:
        """Watch until all (`count` of them) have ended; of those that wait together a site may not name each yet."""
        return await self.watched(
            site_id, lambda jobs: count in (None, len(jobs)) and all(job.state is SiteState.ENDED for job in jobs)
        )

    async def text(self, path: str) -> str:
        return (await self.files.read(path)).decode()


async def test_a_job_runs_in_its_folder_and_its_exit_code_and_output_are_told(site: ContractSite) -> None:
    order = await site.order("pwd; echo trouble >&2; exit 7")
    (job,) = await site.ended(await site.submit(order))
    assert (job.token, job.index, job.end, job.exit_code) == (order.token, None, SiteEnd.FAILED, 7)
    assert (job.submitted_at is not None) == site.submitted_at
    assert job.started_at is not None
    assert job.ended_at is not None
    assert await site.text(f"{order.folder}/{order.token}/stdout") == f"{order.folder}\n"
    assert await site.text(f"{order.folder}/{order.token}/stderr") == "trouble\n"


async def test_a_job_that_succeeds_is_completed_with_exit_code_zero(site: ContractSite) -> None:
    (job,) = await site.ended(await site.submit(await site.order("true")))
    assert (job.end, job.exit_code, job.signal) == (SiteEnd.COMPLETED, 0, None)


async def test_the_same_token_cannot_be_ordered_twice(site: ContractSite) -> None:
    order = await site.order("true")
    site_id = await site.submit(order)
    with pytest.raises(AlreadyOrdered) as caught:
        await site.submit(order)
    assert caught.value.facts["site_id"] == site_id
    found = await site.batch.find(site.shell, order.token, since=site.since)
    assert isinstance(found, Found)
    assert [job.site_id for job in found.jobs] == [site_id]


async def test_of_many_orders_of_one_token_at_once_one_is_taken(site: ContractSite) -> None:
    order = await site.order("true")
    answers = await asyncio.gather(*(site.submit(order) for _ in range(4)), return_exceptions=True)
    taken = [answer for answer in answers if isinstance(answer, str)]
    assert len(taken) == 1
    assert sum(isinstance(answer, AlreadyOrdered) for answer in answers) == 3


async def test_a_job_is_found_by_its_token_from_order_to_end(site: ContractSite) -> None:
    order = await site.order("sleep 1")
    site_id = await site.submit(order)
    for _ in range(2):
        found = await site.batch.find(site.shell, order.token, since=site.since)
        assert isinstance(found, Found)
        assert [(job.site_id, job.token) for job in found.jobs] == [(site_id, order.token)]
        (job,) = await site.ended(site_id)
    assert job.end is SiteEnd.COMPLETED


async def test_a_token_never_ordered_is_absent(site: ContractSite) -> None:
    assert isinstance(await site.batch.find(site.shell, f"t{secrets.token_hex(7)}", since=site.since), Absent)


async def test_a_running_job_is_seen_running_and_can_be_cancelled(site: ContractSite) -> None:
    site_id = await site.submit(await site.order("sleep 300", walltime_s=600))
    await site.watched(site_id, lambda jobs: jobs[0].state is SiteState.RUNNING)
    await site.cancel(site_id)
    (job,) = await site.ended(site_id)
    assert job.end is SiteEnd.CANCELLED
    await site.cancel(site_id)  # once more is fine


async def test_an_id_that_a_site_gave_to_another_order_since_is_not_cancelled(site: ContractSite) -> None:
    order = await site.order("while [ ! -e go ]; do sleep 0.2; done", walltime_s=600)
    site_id = await site.submit(order)
    await site.watched(site_id, lambda jobs: jobs[0].state is SiteState.RUNNING)
    await site.cancel(site_id, token=f"t{secrets.token_hex(7)}")
    await site.files.write(f"{order.folder}/go", b"")
    (job,) = await site.ended(site_id)
    assert (job.end, job.exit_code) == (SiteEnd.COMPLETED, 0)


async def test_cancelling_an_id_that_never_was_is_fine(site: ContractSite) -> None:
    await site.cancel("999999")


async def test_cancelling_something_that_is_no_job_id_is_refused(site: ContractSite) -> None:
    with pytest.raises(Refused):
        await site.cancel("--user=root")


async def test_elements_of_an_array_are_told_apart(site: ContractSite) -> None:
    order = await site.order("sleep 1; exit ${SLURM_ARRAY_TASK_ID:-$HEROES_INDEX}", indexes=(0, 2, 5))
    jobs = await site.ended(await site.submit(order), count=3)
    told = [(job.index, job.exit_code) for job in jobs]
    assert told == [(0, 0), (2, 2), (5, 5)], jobs
    names = {entry.path for entry in await site.files.listdir(f"{order.folder}/{order.token}")}
    assert {"stdout.0", "stdout.2", "stdout.5"} <= names


async def test_the_accounting_tells_the_usage_of_a_job_that_ended(site: ContractSite) -> None:
    site_id = await site.submit(await site.order("sleep 2"))
    (seen,) = await site.ended(site_id)
    jobs = await site.batch.usage(site.shell, [site_id, "999999"])
    assert list(jobs) == [(site_id, None)]
    usage = jobs[site_id, None].usage
    assert usage is not None
    assert (usage.nodes, usage.cpus) == (1, 1)
    assert usage.elapsed_s >= 1
    if site.batch.is_told(seen):
        assert seen.usage == usage


async def test_every_queue_has_nodes_and_states(site: ContractSite) -> None:
    queues = await site.batch.queues(site.shell)
    assert queues
    for queue in queues:
        assert queue.state == "UP"
        assert 0 <= queue.nodes_free <= queue.nodes_total
        assert queue.cores_per_node > 0


async def test_the_probe_names_the_scheduler(site: ContractSite) -> None:
    facts = {fact.code: fact.value for fact in await site.batch.probe(site.shell)}
    assert str(facts["scheduler"]).startswith(site.batch.name)
