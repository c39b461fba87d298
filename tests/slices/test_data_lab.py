"""The same transfers over SSH to a real centre."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from people import caller, make_organization
from test_data_transfers import AWKWARD, World

from heroes.adapters.files import LocalBlobStore
from heroes.adapters.ssh import KeyAuth, SshSite, SshTarget, connect
from heroes.data.rules import Progress, StageItem
from heroes.kit.db import Database
from heroes.kit.errors import Unreachable
from lab.laboratory import Laboratory

pytestmark = [pytest.mark.anyio, pytest.mark.lab]


@dataclass
class Centre:
    """A line to a centre that connects again after a cut."""

    target: SshTarget
    root: PurePosixPath = field(default_factory=PurePosixPath)
    kind: str = "slurm"
    ssh: SshSite | None = None
    opened: list[SshSite] = field(default_factory=list)

    def owned(self) -> list[str]:
        return ["lin_1"]

    @property
    def shell(self) -> Any:
        return self.ssh.shell

    @property
    def files(self) -> Any:
        return self.ssh.bulk_files

    @asynccontextmanager
    async def bulk(self, line_id: str) -> AsyncIterator["Centre"]:
        if self.ssh is None or not self.ssh.alive:
            self.ssh = await connect(self.target)
            self.opened.append(self.ssh)
        yield self


class CuttingStore(LocalBlobStore):
    """Cuts the line after so many bytes were read."""

    centre: Centre | None = None
    after: int = 0
    read: int = 0

    async def get(self, key: str, offset: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        async for chunk in super().get(key, offset, length):
            self.read += len(chunk)
            if self.centre is not None and self.read > self.after:
                self.centre.ssh.connection.abort()
                raise Unreachable("The line was cut.")
            yield chunk


@pytest.fixture
async def world(laboratory: Laboratory, database: Database, tmp_path: Path) -> AsyncIterator[World]:
    known = laboratory.centre("alpha")
    target = SshTarget(known.host, known.user, KeyAuth(known.key_path.read_bytes()), known.host_key)
    centre = Centre(target)
    async with centre.bulk("lin_1"):
        home = (await centre.shell.run(["pwd"])).stdout.strip()
    centre.root = PurePosixPath(f"{home}/data-{secrets.token_hex(4)}")
    organization = await make_organization(database, "acme")
    store = CuttingStore(tmp_path / "objects")
    yield World(database, store, centre, await caller(database, organization, "lea"))  # type: ignore[arg-type]
    async with centre.bulk("lin_1"):
        await centre.shell.run(["rm", "-rf", str(centre.root)])
    for ssh in centre.opened:
        await ssh.close()


async def test_every_name_goes_to_a_centre_and_comes_back_unchanged(world: World):
    files = {f"copy{n}/{name}": data for n in range(6) for name, data in AWKWARD.items()} | {"big": os.urandom(3 << 20)}
    items = [
        *await world.stored(files, mode=0o755),
        StageItem("nothing in it", "dir"),
        StageItem("li nk", "link", target="$(x) y"),
    ]
    transfer = await world.stage_in(items)
    await world.work().until_idle()
    state = await world.state(transfer)
    assert (state.state, state.error, state.bytes) == (Progress.DONE, None, sum(map(len, files.values())))
    again = await world.stage_in(items)
    await world.work().until_idle()
    assert ((await world.state(again)).state, (await world.state(again)).bytes) == (Progress.DONE, 0)
    back = await world.stage_out(items)
    await world.work().until_idle()
    state = await world.state(back)
    assert (state.state, state.error) == (Progress.DONE, None)
    found = await world.results()
    links = {path: obj.current.link_target for path, obj in found.items() if obj.current and obj.current.link_target}
    assert links == {"li nk": "$(x) y"}
    assert found["nothing in it"].is_dir
    stored = {path: obj for path, obj in found.items() if not obj.is_dir and path not in links}
    assert {path: await world.content(obj) for path, obj in stored.items()} == files
    assert {obj.current.mode for obj in stored.values()} == {0o755}
    assert {obj.current.mtime.timestamp() for obj in stored.values()} == {1_600_000_000}


async def test_a_file_cut_on_its_way_to_a_centre_goes_on_where_it_ended(world: World):
    data = os.urandom(12 << 20)
    transfer = await world.stage_in(await world.stored({"big.dat": data}))
    world.store.centre, world.store.after = world.site, 10 << 20
    await world.work().until_idle()
    assert (await world.state(transfer)).state == Progress.WAITING
    world.store.centre, world.store.read = None, 0
    await world.again()
    assert (await world.state(transfer)).state == Progress.DONE
    assert 0 < world.store.read < len(data)
    assert len(world.site.opened) == 2
    back = await world.stage_out([StageItem("big.dat", size=len(data))])
    await world.work().until_idle()
    assert (await world.state(back)).state == Progress.DONE
    assert await world.content((await world.results())["big.dat"]) == data
