"""The contract of a Batch over FirecREST v2, against a server that keeps to its published OpenAPI document."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from adapters.batch_contract import *  # noqa: F403 - the suite is the contract
from adapters.batch_contract import ContractSite
from adapters.fake_firecrest import SECRET, SYSTEM, FakeFirecrest
from heroes.adapters.firecrest import FirecRest, cores, judged
from heroes.adapters.firecrest_files import FirecRestFiles
from heroes.adapters.local import LocalShell
from heroes.adapters.ports import Busy, Found, NotThere, SiteEnd, Unknown
from heroes.adapters.rest import ClientCredentials, Rest
from heroes.kit.errors import Refused, Unreachable

pytestmark = pytest.mark.anyio
URL = "https://firecrest.test"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[FakeFirecrest]:
    made = FakeFirecrest(tmp_path)
    yield made
    await made.stop()


@pytest.fixture
async def rest(server: FakeFirecrest) -> AsyncIterator[Rest]:
    identity = ClientCredentials(f"{URL}/token", "lea", SECRET)
    made = Rest(URL, identity, transport=httpx.ASGITransport(app=server.app), name="FirecREST")
    yield made
    await made.close()


@pytest.fixture
async def site(rest: Rest, tmp_path: Path) -> ContractSite:
    (tmp_path / "jobs").mkdir()
    batch = FirecRest(rest, SYSTEM)
    files, root = FirecRestFiles(rest, SYSTEM), str(tmp_path / "jobs")
    return ContractSite(LocalShell(), files, batch, root, submitted_at=False)


async def test_an_order_whose_answer_was_lost_is_found_never_ordered_twice(site: ContractSite, server: FakeFirecrest):
    order = await site.order("true")
    server.lose = True
    with pytest.raises(Unreachable):
        await site.submit(order)
    found = await site.batch.find(site.shell, order.token, since=site.since)
    assert isinstance(found, Found)
    assert len(found.jobs) == 1
    with pytest.raises(Refused, match="given before"):
        await site.submit(order)
    assert len(server.jobs) == 1


async def test_a_refused_order_says_why_and_can_be_given_again(site: ContractSite):
    order = await site.order("true")
    for _ in range(2):
        with pytest.raises(Refused, match="queue does not exist"):
            await site.submit(replace(order, queue="nosuch"))
    (job,) = await site.ended(await site.submit(order))
    assert job.end is SiteEnd.COMPLETED


async def test_a_silent_scheduler_ends_nothing_and_leaves_orders_in_doubt(site: ContractSite, server: FakeFirecrest):
    site_id = await site.submit(await site.order("true"))
    await site.ended(site_id)
    order = await site.order("true")
    server.down = True
    assert isinstance(await site.batch.find(site.shell, order.token, since=site.since), Unknown)
    acts = [
        site.submit(order),
        site.batch.watch(site.shell, since=site.since, known=[site_id]),
        site.batch.usage(site.shell, [site_id]),
        site.cancel(site_id),
    ]
    for act in acts:
        with pytest.raises(Unreachable):
            await act
    server.down = False
    with pytest.raises(Refused, match="given before"):
        await site.submit(order)


async def test_an_order_older_than_the_interface_remembers_is_unknown_not_absent(site: ContractSite):
    since = datetime.now(UTC) - timedelta(days=8)
    assert isinstance(await site.batch.find(site.shell, "t12345678901234", since=since), Unknown)


async def test_one_look_is_one_request_however_many_jobs(site: ContractSite, server: FakeFirecrest):
    ids = [await site.submit(await site.order("true")) for _ in range(3)]
    server.requests.clear()
    await site.batch.watch(site.shell, since=site.since, known=ids)
    assert server.requests == ["GET /compute/{system_name}/jobs"]


async def test_a_job_over_its_walltime_is_ended_by_the_time_limit(site: ContractSite):
    (job,) = await site.ended(await site.submit(await site.order("sleep 60", walltime_s=1)))
    assert job.end is SiteEnd.TIME_LIMIT


async def test_an_array_is_cancelled_as_a_whole_and_never_more_than_was_asked(site: ContractSite):
    site_id = await site.submit(await site.order("sleep 300", indexes=(0, 1), walltime_s=600))
    with pytest.raises(Refused, match="whole arrays only, and element 0"):
        await site.cancel(f"{site_id}_1")
    await site.batch.cancel(site.shell, site.ordered[site_id], [f"{site_id}_0", f"{site_id}_1"])
    assert {job.end for job in await site.ended(site_id)} == {SiteEnd.CANCELLED}


async def test_a_token_is_asked_for_once_and_anew_when_it_is_not_taken_any_more(
    site: ContractSite, rest: Rest, server: FakeFirecrest
):
    for _ in range(3):
        await site.batch.queues(site.shell)
    assert server.asked_tokens == 1
    server.tokens.clear()  # revoked
    await site.batch.queues(site.shell)
    assert server.asked_tokens == 2


async def test_a_wrong_secret_is_refused_with_the_remedy_and_never_shown(server: FakeFirecrest):
    identity = ClientCredentials(f"{URL}/token", "lea", "not the secret")
    rest = Rest(URL, identity, transport=httpx.ASGITransport(app=server.app))
    with pytest.raises(Refused, match="Check its id and secret") as caught:
        await FirecRest(rest, SYSTEM).queues(LocalShell())
    assert "not the secret" not in f"{caught.value}{identity!r}"
    await rest.close()


async def test_a_site_that_does_not_answer_is_unreachable():
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("timed out")

    rest = Rest(URL, ClientCredentials(f"{URL}/token", "lea", SECRET), transport=httpx.MockTransport(silent))
    with pytest.raises(Unreachable):
        await FirecRest(rest, SYSTEM).probe(LocalShell())
    await rest.close()


async def test_another_systems_name_is_refused_with_those_there_are(rest: Rest):
    with pytest.raises(Refused, match="it has: delta"):
        await FirecRest(rest, "gamma").probe(LocalShell())


async def test_the_gate_is_a_link_that_only_one_can_make(site: ContractSite):
    await site.files.symlink("revoked", f"{site.root}/gate")
    with pytest.raises(Refused):
        await site.files.symlink("job.1", f"{site.root}/gate")
    entry = await site.files.stat(f"{site.root}/gate")
    assert entry is not None
    assert (entry.kind, entry.target) == ("link", "revoked")


async def test_files_are_written_read_renamed_and_removed(site: ContractSite):
    files, root = site.files, site.root
    await files.makedirs(f"{root}/a/b")
    await files.write(f"{root}/a/b/größe $(x)", bytes(range(256)), 0o640)
    assert await files.read(f"{root}/a/b/größe $(x)", 10, 5) == bytes(range(10, 15))
    await files.rename(f"{root}/a/b/größe $(x)", f"{root}/a/new")
    assert [(one.path, one.kind, one.size) for one in await files.listdir(f"{root}/a")] == [
        ("b", "dir", (Path(root) / "a/b").stat().st_size),
        ("new", "file", 256),
    ]
    entry = await files.stat(f"{root}/a/new")
    assert entry is not None
    assert entry.mode == 0o640
    await files.remove_tree(f"{root}/a")
    await files.remove(f"{root}/a")
    assert await files.stat(f"{root}/a") is None
    with pytest.raises(NotThere):
        await files.read(f"{root}/a/new")


async def test_names_that_firecrest_would_hand_to_a_shell_are_refused(site: ContractSite, server: FakeFirecrest):
    server.requests.clear()
    with pytest.raises(Refused, match="rename it"):
        await site.files.write(f"{site.root}/a'; touch no; '", b"")
    assert server.requests == []


@pytest.mark.parametrize(("text", "count"), [("1", 1), ("2(x3),4\n", 10), ("", None), ("many", None)])
def test_cores_of_a_job_are_read_as_slurm_writes_them(text: str, count: int | None):
    assert cores(text) == count


def test_a_limit_on_submitted_jobs_is_waited_for():
    body = {"message": "Job submission rejected: accounting/QOS policy limit exceeded. QOSMaxSubmitJobPerUserLimit"}
    assert isinstance(judged(httpx.Response(403, json=body)), Busy)
