"""The contract of a Batch and of Files over UNICORE's REST interface: HTTP in place of SSH."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from adapters import fake_pbs
from adapters.batch_contract import *  # noqa: F403 - the suite is the contract
from adapters.batch_contract import ContractSite
from adapters.fake_unicore import PASSWORD, URL, USER, FakeUnicore
from heroes.adapters.pbs import Pbs
from heroes.adapters.ports import Found, NotThere
from heroes.adapters.rest import Basic
from heroes.adapters.unicore import UnicoreConnection, connect
from heroes.kit.errors import Refused, Unreachable

pytestmark = pytest.mark.anyio


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[FakeUnicore]:
    fake_pbs.install(tmp_path / "pbs")
    (tmp_path / "jobs").mkdir()
    made = FakeUnicore(tmp_path / "uspaces", f"{tmp_path}/pbs/bin:/usr/bin:/bin")
    yield made
    await made.stop()


@pytest.fixture
async def connection(server: FakeUnicore) -> AsyncIterator[UnicoreConnection]:
    opened = await connect(URL, Basic(USER, PASSWORD), transport=httpx.ASGITransport(app=server.app))
    yield opened
    await opened.close()


@pytest.fixture
async def site(connection: UnicoreConnection, tmp_path: Path) -> ContractSite:
    return ContractSite(connection.shell, connection.files, Pbs(), str(tmp_path / "jobs"))


async def test_an_order_whose_answer_was_lost_is_found_and_never_ordered_twice(site: ContractSite, server: FakeUnicore):
    order = await site.order("true")
    await site.batch.probe(site.shell)
    server.lose = True
    with pytest.raises(Unreachable):
        await site.submit(order)
    async with asyncio.timeout(60):  # noqa: F405
        while not isinstance(found := await site.batch.find(site.shell, order.token, since=site.since), Found):
            pass
    with pytest.raises(Refused, match="given before"):
        await site.submit(order)
    assert len(found.jobs) == 1


async def test_arguments_and_input_arrive_as_they_are(connection: UnicoreConnection):
    strange = ["$(touch /tmp/no)", "a'b\"c", "new\nline", "größe", ""]
    answer = await connection.shell.run(["sh", "-c", 'printf "%s|" "$@"; cat; exit 7', "sh", *strange], stdin=b"\0\xff")
    assert answer.stdout == "|".join(strange) + "|\0\\xff"
    assert answer.exit_status == 7


async def test_a_command_leaves_nothing_at_the_site(connection: UnicoreConnection, server: FakeUnicore):
    await connection.shell.run(["true"])
    assert server.jobs == {}


async def test_a_command_that_does_not_end_in_time_leaves_a_doubt_and_is_ended(
    connection: UnicoreConnection, server: FakeUnicore
):
    with pytest.raises(Unreachable, match="did not end in time"):
        await connection.shell.run(["sleep", "300"], timeout=0.5)
    assert server.jobs == {}


async def test_a_site_without_commands_on_the_login_node_says_so(connection: UnicoreConnection, server: FakeUnicore):
    server.refuse = True
    with pytest.raises(Refused, match="Interactive jobs are disabled"):
        await connection.shell.run(["true"])


async def test_a_wrong_password_is_refused_with_the_remedy(server: FakeUnicore):
    with pytest.raises(Refused, match="check the account's id and secret"):
        await connect(URL, Basic(USER, "wrong"), transport=httpx.ASGITransport(app=server.app))


async def test_files_are_written_whole_and_told_as_they_are(connection: UnicoreConnection, tmp_path: Path):
    files, root = connection.files, f"{tmp_path}/f"
    await files.makedirs(f"{root}/größe and $(more)")
    path = f"{root}/größe and $(more)/a'b"
    await files.write(path, bytes(range(256)), 0o640)
    assert await files.read(path, 10, 5) == bytes(range(10, 15))
    assert await files.read(path, 250) == bytes(range(250, 256))
    await files.symlink("nowhere\n", f"{root}/link")
    await files.set_times(path, 1234.0)
    entry = await files.stat(path)
    assert entry is not None
    assert (entry.kind, entry.size, entry.mode, entry.mtime) == ("file", 256, 0o640, 1234.0)
    assert [(one.path, one.kind, one.target) for one in await files.listdir(root)] == [
        ("größe and $(more)", "dir", None),
        ("link", "link", "nowhere\n"),
    ]
    with pytest.raises(Refused):
        await files.symlink("other", f"{root}/link")
    await files.remove_tree(root)
    assert await files.stat(root) is None
    with pytest.raises(NotThere):
        await files.listdir(root)
    with pytest.raises(NotThere):
        await files.read(path)


async def test_a_cut_upload_goes_on_where_it_was(connection: UnicoreConnection, tmp_path: Path):
    async def stream(*parts: bytes) -> AsyncIterator[bytes]:
        for part in parts:
            yield part

    path = f"{tmp_path}/big"
    await connection.files.put(path, stream(b"first,"))
    assert await connection.files.put(path, stream(b"second"), offset=6, mtime=99.0) == 12
    assert b"".join([chunk async for chunk in connection.files.get(path)]) == b"first,second"
