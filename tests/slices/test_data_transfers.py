"""Files on their way to a site and back: verified, resumed after a cut, nothing sent twice, nothing interpreted."""

import hashlib
import os
import shutil
import stat
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from people import caller, make_organization
from sqlalchemy import select, text

from heroes.adapters import local
from heroes.adapters.files import LocalBlobStore
from heroes.adapters.local import LocalFiles, LocalShell
from heroes.adapters.ports import Result
from heroes.data import service
from heroes.data.models import Bucket, Object, Operation, Transfer, Version
from heroes.data.rules import Progress, Ref, StageItem
from heroes.data.service import objects
from heroes.data.steps import registrations, transfers
from heroes.data.steps.site import sum_all
from heroes.identity import Caller
from heroes.kit.db import Database
from heroes.kit.errors import Invalid, Refused, Unreachable
from heroes.kit.work import Waiter, Work
from heroes.parts import Parts

pytestmark = pytest.mark.anyio

AWKWARD = {
    "with space.dat": b"1",
    "quotes'\".dat": b"2",
    "new\nline.dat": b"3",
    "$(touch owned)`touch owned`;&|<>*?.dat": b"4",
    "-rf": b"5",
    "--checkpoint-action=exec=sh": b"6",
    "back\\slash\\n": b"7",
    "größe-日本.dat": b"8",
    "é" * 127 + "x": b"9",
    "deep/er/ \t end ": b"10",
    "empty.dat": b"",
}


@dataclass
class Shell:
    """The commands of this machine, counted, and cut where a test says so."""

    real: LocalShell = field(default_factory=LocalShell)
    asked: list[list[str]] = field(default_factory=list)
    broken: Callable[[Sequence[str]], Result | None] = lambda argv: None

    async def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 30.0) -> Result:
        self.asked.append(list(argv))
        return self.broken(argv) or await self.real.run(argv, stdin=stdin, timeout=timeout)


class Files(LocalFiles):
    """The files of this machine; a put or get is cut after some bytes where a test says so."""

    cut_after: int | None = None
    sent: int = 0
    puts: list[str]

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self.puts = []

    async def put(self, path: str, chunks: AsyncIterator[bytes], **options: Any) -> int:
        self.puts.append(path)
        return await super().put(path, self._counted(chunks), **options)

    async def get(self, path: str, offset: int = 0) -> AsyncIterator[bytes]:
        async for chunk in self._counted(super().get(path, offset)):
            yield chunk

    async def _counted(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for chunk in chunks:
            if self.cut_after is not None and self.sent + len(chunk) > self.cut_after:
                raise Unreachable("The line was cut.")
            self.sent += len(chunk)
            yield chunk


@dataclass
class Site:
    """This machine, as a centre that is reached by commands (`slurm`) or as the platform's own (`local`)."""

    root: Path
    kind: str = "slurm"

    def __post_init__(self) -> None:
        self.shell, self.files = Shell(), Files(str(self.root))
        self.down = False
        self.refusal: Refused | None = None

    def owned(self) -> list[str]:
        return ["lin_1"]

    @asynccontextmanager
    async def bulk(self, line_id: str) -> AsyncIterator["Site"]:
        if self.down:
            raise Unreachable("The site does not answer.")
        if self.refusal is not None:
            raise self.refusal
        yield self


@dataclass
class World:
    """A user, a site, and a worker."""

    database: Database
    store: LocalBlobStore
    site: Site
    who: Caller

    def work(self) -> Work:
        parts = Parts(None, self.database, self.store, None, None, self.site)  # type: ignore[arg-type]
        return Work(self.database, registrations(parts))

    @property
    def folder(self) -> Path:
        return self.site.root / "job 1"

    async def stored(self, files: dict[str, bytes], mode: int = 0o644) -> list[StageItem]:
        async with self.database.worker() as session:
            mine = await service.user_bucket(session, self.who.organization_id, self.who.user_id)
            for path, data in files.items():
                blob = await self.store.put(once(data), organization_id=self.who.organization_id)
                when = objects.moment(1_600_000_000)
                await service.put_blob(session, self.who, mine, f"in/{path}", blob, mode=mode, mtime=when)
            return await service.resolve(session, self.who, Ref("home", "in"))

    async def stage_in(self, items: Sequence[StageItem]) -> str:
        async with self.database.worker() as session:
            return await service.stage_in(
                session,
                organization_id=self.who.organization_id,
                line_id="lin_1",
                folder=str(self.folder),
                items=items,
                waiter=None,
            )

    async def stage_out(self, manifest: Sequence[StageItem], waiter: Waiter | None = None) -> str:
        async with self.database.worker() as session:
            mine = await service.user_bucket(session, self.who.organization_id, self.who.user_id)
            return await service.stage_out(
                session,
                organization_id=self.who.organization_id,
                line_id="lin_1",
                folder=str(self.folder),
                manifest=manifest,
                bucket_id=mine.id,
                prefix="results/exe_1",
                created_by=self.who.user_id,
                waiter=waiter,
            )

    async def state(self, transfer_id: str) -> service.TransferState:
        async with self.database.worker() as session:
            return await service.state(session, transfer_id)

    async def why(self, transfer_id: str) -> tuple[str, dict[str, Any]] | None:
        async with self.database.worker() as session:
            found = (await service.whys(session, [transfer_id])).get(transfer_id)
        return (found.code, found.facts) if found else None

    async def again(self) -> None:
        """Let time pass until what waits is due, and do it."""
        async with self.database.worker() as session:
            await session.execute(text("UPDATE transfers SET due_at = heroes_now() WHERE due_at IS NOT NULL"))
        await self.work().until_idle()

    async def results(self) -> dict[str, Object]:
        async with self.database.worker() as session:
            mine = await service.user_bucket(session, self.who.organization_id, self.who.user_id)
            cut = len("results/exe_1/")
            return {o.path[cut:]: o async for o in objects.walk(session, mine, "results/exe_1")}

    async def content(self, obj: Object) -> bytes:
        return b"".join([chunk async for chunk in self.store.get(obj.current.blob_key)])

    def lies_there(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and not path.is_symlink()
        }


async def once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def make_world(database: Database, tmp_path: Path, kind: str) -> World:
    root = tmp_path / "site"
    root.mkdir()
    organization = await make_organization(database, "acme")
    store = LocalBlobStore(tmp_path / "objects")
    return World(database, store, Site(root, kind), await caller(database, organization, "lea"))


@pytest.fixture(params=["slurm", "local"])
async def world(request: Any, database: Database, tmp_path: Path) -> World:
    return await make_world(database, tmp_path, request.param)


@pytest.fixture
async def centre(database: Database, tmp_path: Path) -> World:
    """Where commands run at the site."""
    return await make_world(database, tmp_path, "slurm")


@pytest.fixture
async def here(database: Database, tmp_path: Path) -> World:
    """The platform's own machine, where the platform's rights must not leak."""
    return await make_world(database, tmp_path, "local")


def manifest(folder: Path) -> list[StageItem]:
    """What a job's epilogue writes."""
    items = []
    for path in sorted(folder.rglob("*")):
        found, name = path.lstat(), str(path.relative_to(folder))
        if path.is_symlink():
            items.append(StageItem(name, "link", target=os.readlink(path)))
        elif path.is_dir():
            items.append(StageItem(name, "dir"))
        else:
            mode = stat.S_IMODE(found.st_mode)
            items.append(StageItem(name, size=found.st_size, mode=mode, mtime=found.st_mtime))
    return items


# --------------------------------------------------------------------------------------------------------- stage-in


@pytest.mark.parametrize("copies", [1, 7], ids=["one by one", "packed"])
async def test_every_name_arrives_unchanged_and_nothing_is_interpreted(world: World, copies: int):
    files = {f"copy{n}/{name}": data for n in range(copies) for name, data in AWKWARD.items()}
    transfer = await world.stage_in(await world.stored(files))
    await world.work().until_idle()
    state = await world.state(transfer)
    assert (state.state, state.error) == (Progress.DONE, None)
    assert world.lies_there() == files
    assert not list(world.site.root.rglob("owned"))
    assert state.files_done == state.files_total
    assert state.bytes == state.bytes_done == sum(map(len, files.values()))


async def test_links_times_execute_bits_and_empty_folders_survive_both_ways(world: World):
    items = [
        *await world.stored({"go.sh": b"#!/bin/sh\n"}, mode=0o755),
        StageItem("empty/deep", "dir"),
        StageItem("latest", "link", target="go.sh"),
        StageItem("dangling", "link", target="/nowhere/at all"),
    ]
    transfer = await world.stage_in(items)
    await world.work().until_idle()
    assert (await world.state(transfer)).state == Progress.DONE
    script = world.folder / "go.sh"
    assert (stat.S_IMODE(script.stat().st_mode), script.stat().st_mtime) == (0o755, 1_600_000_000)
    assert (world.folder / "empty/deep").is_dir()
    assert os.readlink(world.folder / "latest") == "go.sh"
    back = await world.stage_out(manifest(world.folder))
    await world.work().until_idle()
    state = await world.state(back)
    assert (state.state, state.error) == (Progress.DONE, None)
    found = await world.results()
    assert list(found) == ["dangling", "empty", "empty/deep", "go.sh", "latest"]
    assert (found["empty"].is_dir, found["empty/deep"].is_dir) == (True, True)
    assert found["dangling"].current.link_target == "/nowhere/at all"
    assert found["go.sh"].current.mode == 0o755
    assert found["go.sh"].current.mtime.timestamp() == 1_600_000_000
    assert await world.content(found["go.sh"]) == b"#!/bin/sh\n"


async def test_what_is_there_and_identical_is_not_sent_again(world: World):
    items = await world.stored({"a.dat": b"a" * 100_000, "b.dat": b"b" * 100_000})
    await world.stage_in(items)
    await world.work().until_idle()
    (world.folder / "b.dat").write_bytes(b"x" * 100_000)
    world.site.files.puts.clear()
    again = await world.stage_in(items)
    await world.work().until_idle()
    assert (await world.state(again)).bytes == 100_000
    assert len(world.site.files.puts) == 1
    assert world.lies_there() == {"a.dat": b"a" * 100_000, "b.dat": b"b" * 100_000}


async def test_a_file_cut_in_the_middle_goes_on_where_it_ended(world: World):
    data = os.urandom(5 * 1024 * 1024)
    transfer = await world.stage_in(await world.stored({"big.dat": data}))
    world.site.files.cut_after = 3 * 1024 * 1024
    await world.work().until_idle()
    assert (await world.state(transfer)).state == Progress.WAITING
    assert not (world.folder / "big.dat").exists()
    world.site.files.cut_after, world.site.files.sent = None, 0
    await world.again()
    assert (await world.state(transfer)).state == Progress.DONE
    assert world.lies_there() == {"big.dat": data}
    assert world.site.files.sent - (len(data) if world.site.kind == "local" else 0) == 2 * 1024 * 1024


async def test_an_order_of_nothing_still_makes_the_folder(world: World):
    transfer = await world.stage_in([])
    await world.work().until_idle()
    assert (await world.state(transfer)).state == Progress.DONE
    assert world.folder.is_dir()


async def test_a_site_that_does_not_answer_is_waited_for(world: World):
    world.site.down = True
    transfer = await world.stage_in(await world.stored({"a": b"a"}))
    for _ in range(30):
        await world.again()
    waiting = await world.state(transfer)
    assert (waiting.state, waiting.error) == (Progress.WAITING, "The site does not answer.")
    world.site.down = False
    await world.again()
    assert (await world.state(transfer)).state == Progress.DONE


async def test_a_file_folder_or_link_in_the_way_is_replaced_and_never_followed(world: World):
    outside = world.site.root / "outside"
    outside.write_bytes(b"mine")
    world.folder.mkdir()
    (world.folder / "a").symlink_to(outside)
    (world.folder / "b").mkdir()
    (world.folder / "b/x").write_bytes(b"x")
    (world.folder / "l").symlink_to(outside)
    items = [*await world.stored({"a": b"a", "b": b"b"}), StageItem("l", "link", target="a")]
    transfer = await world.stage_in(items)
    await world.work().until_idle()
    assert (await world.state(transfer)).error is None
    assert world.lies_there() == {"a": b"a", "b": b"b"}
    assert outside.read_bytes() == b"mine"
    assert os.readlink(world.folder / "l") == "a"


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", ""])
async def test_a_path_outside_the_folder_is_never_ordered(world: World, path: str):
    (item,) = await world.stored({"a": b"a"})
    with pytest.raises(Invalid):
        await world.stage_in([replace(item, path=path)])
    with pytest.raises(Invalid):
        await world.stage_out([replace(item, path=path)])


async def test_a_full_disk_at_the_site_is_waited_for_and_the_remedy_is_told(centre: World):
    full = Result(1, "", "mkdir: cannot create directory 'x': No space left on device")
    centre.site.shell.broken = lambda argv: full if "mkdir" in argv else None
    transfer = await centre.stage_in(await centre.stored({"a": b"a"}))
    await centre.again()
    state = await centre.state(transfer)
    assert state.state == Progress.WAITING
    assert "Make room" in (state.error or "")
    assert await centre.why(transfer) == ("no_room", {})
    centre.site.shell.broken = lambda argv: None
    await centre.again()
    state = await centre.state(transfer)
    assert (state.state, state.error) == (Progress.DONE, None)
    assert await centre.why(transfer) is None


async def test_a_login_that_is_refused_is_waited_for(centre: World):
    transfer = await centre.stage_in(await centre.stored({"a": b"a"}))
    centre.site.refusal = Refused("The account has expired.")
    await centre.again()
    state = await centre.state(transfer)
    assert (state.state, state.error) == (Progress.WAITING, "The account has expired.")
    centre.site.refusal = None
    await centre.again()
    assert (await centre.state(transfer)).state == Progress.DONE


async def test_what_arrives_damaged_is_sent_again_a_few_times_and_then_told(centre: World):
    def damaged(argv: Sequence[str]) -> Result | None:
        return Result(0, f"{'0' * 64}  {centre.folder}/a\n", "") if "sha256sum" in argv else None

    centre.site.shell.broken = damaged
    transfer = await centre.stage_in(await centre.stored({"a": b"a"}))
    for _ in range(transfers.SENDS):
        await centre.again()
        assert (await centre.state(transfer)).state == Progress.WAITING
    await centre.again()
    assert "disks" in ((await centre.state(transfer)).error or "")
    assert await centre.why(transfer) == ("damaged_often", {"path": "a", "times": transfers.SENDS})


async def test_many_small_files_take_few_commands(centre: World):
    items = await centre.stored({f"d{n % 10}/f{n}": str(n).encode() for n in range(300)})
    transfer = await centre.stage_in(items)
    await centre.work().until_idle()
    assert (await centre.state(transfer)).state == Progress.DONE
    assert len(centre.lies_there()) == 300
    assert centre.site.files.puts == []
    assert len(centre.site.shell.asked) <= 6
    centre.site.shell.asked.clear()
    back = await centre.stage_out(manifest(centre.folder))
    await centre.work().until_idle()
    assert (await centre.state(back)).state == Progress.DONE
    assert centre.site.files.sent == 0
    assert len(centre.site.shell.asked) <= 4
    found = await centre.results()
    assert await centre.content(found["d7/f17"]) == b"17"
    assert len(found) == 310


@pytest.mark.parametrize("least", [{"BATCH": 3}, {"BATCH_BYTES": 5}], ids=["names", "bytes"])
async def test_many_names_go_in_batches_of_which_a_power_cut_costs_one(
    world: World, monkeypatch: pytest.MonkeyPatch, least: dict[str, int]
):
    for name, value in least.items():
        monkeypatch.setattr(transfers, name, value)
    files = {f"f{n}": b"four" for n in range(7)}
    there = await world.stage_in(await world.stored(files))
    await world.work().until_idle()
    assert (await world.state(there)).files_done == 7
    assert world.lies_there() == files
    back = await world.stage_out(manifest(world.folder))
    await world.work().until_idle()
    assert (await world.state(back)).state == Progress.DONE
    assert {path for path, found in (await world.results()).items() if not found.is_dir} == set(files)


# -------------------------------------------------------------------------------------------------------- stage-out


async def test_outputs_become_objects_that_can_be_staged_on(world: World):
    world.folder.mkdir()
    for name, data in AWKWARD.items():
        (world.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (world.folder / name).write_bytes(data)
    (world.folder / "large.dat").write_bytes(b"L" * 3_000_000)
    listed = manifest(world.folder)
    transfer = await world.stage_out(listed)
    await world.work().until_idle()
    state = await world.state(transfer)
    assert (state.state, state.error) == (Progress.DONE, None)
    assert [item.path for item in state.objects] == [item.path for item in listed]
    found = await world.results()
    files = {path: await world.content(obj) for path, obj in found.items() if not obj.is_dir}
    assert files == AWKWARD | {"large.dat": b"L" * 3_000_000}
    for item in state.objects:
        assert item.kind == "dir" or (item.blob_key and item.version_id and item.object_id)
    large = next(item for item in state.objects if item.path == "large.dat")
    assert large.sha256 == hashlib.sha256(b"L" * 3_000_000).hexdigest()
    world.site.root = world.site.root / "other"
    world.site.root.mkdir()
    on = await world.stage_in(state.objects)
    await world.work().until_idle()
    assert (await world.state(on)).state == Progress.DONE
    assert world.lies_there() == files


async def test_a_name_that_is_not_unicode_is_stored_readably(world: World):
    world.folder.mkdir()
    await world.site.files.write(f"{world.folder}/a\udcff", b"x")
    transfer = await world.stage_out([StageItem("a\udcff", size=1)])
    await world.work().until_idle()
    assert (await world.state(transfer)).error is None
    assert list(await world.results()) == ["a\\xff"]


async def test_an_output_that_the_file_server_shows_late_is_asked_for_again(world: World):
    world.folder.mkdir()
    (world.folder / "short").write_bytes(b"12")
    (world.folder / "there").write_bytes(b"1")
    transfer = await world.stage_out(
        [StageItem("late", size=4), StageItem("short", size=4), StageItem("there", size=1)]
    )
    await world.again()
    state = await world.state(transfer)
    assert (state.state, state.files_done) == (Progress.RUNNING, 1)
    (world.folder / "short").write_bytes(b"1234")
    await world.again()
    (world.folder / "late").write_bytes(b"4321")
    await world.again()
    assert (await world.state(transfer)).state == Progress.DONE
    assert len(await world.results()) == 3


async def test_an_output_that_never_appears_fails_with_its_name_after_a_bound(world: World):
    world.folder.mkdir()
    (world.folder / "there").write_bytes(b"1")
    transfer = await world.stage_out([StageItem("never", size=4), StageItem("there", size=1)])
    tries = 0
    while (await world.state(transfer)).state != Progress.FAILED:
        await world.again()
        tries += 1
        assert tries <= transfers.LOOKS + 1
    assert tries >= transfers.LOOKS - 1
    assert "never" in ((await world.state(transfer)).error or "")
    assert list(await world.results()) == ["there"]


async def test_what_grew_or_turned_into_a_pipe_after_the_end_is_told_and_the_rest_is_kept(world: World):
    world.folder.mkdir()
    (world.folder / "grew").write_bytes(b"12345")
    os.mkfifo(world.folder / "pipe")
    (world.folder / "there").write_bytes(b"1")
    (world.folder / "link").symlink_to("/etc/shadow")
    items = [StageItem("grew", size=4), StageItem("pipe"), StageItem("link", size=4), StageItem("there", size=1)]
    transfer = await world.stage_out(items)
    await world.work().until_idle()
    state = await world.state(transfer)
    assert state.state == Progress.FAILED
    assert "3 of the outputs" in (state.error or "")
    code, facts = await world.why(transfer) or ("", {})
    assert (code, facts["count"], facts["why"]["code"]) == ("outputs_lost", 3, "written_late")
    assert [item.path for item in state.objects] == ["there"]
    assert list(await world.results()) == ["there"]


async def test_on_this_machine_no_link_of_a_users_script_leads_out_of_the_folder(here: World):
    secret = here.site.root.parent / "secret"
    secret.mkdir()
    (secret / "key").write_bytes(b"key!")
    here.folder.mkdir()
    (here.folder / "out").symlink_to(secret)
    transfer = await here.stage_out([StageItem("out/key", size=4, sha256=hashlib.sha256(b"key!").hexdigest())])
    for _ in range(transfers.LOOKS + 1):
        await here.again()
    assert (await here.state(transfer)).state == Progress.FAILED
    assert await here.results() == {}


async def test_a_checksum_of_the_manifest_must_be_that_of_what_arrives(world: World):
    world.folder.mkdir()
    (world.folder / "a").write_bytes(b"1234")
    transfer = await world.stage_out([StageItem("a", size=4, sha256="0" * 64)])
    for _ in range(transfers.LOOKS + 1):
        await world.again()
    assert (await world.state(transfer)).state == Progress.FAILED
    assert await world.results() == {}
    assert not [path for path in world.store.root.rglob("*") if path.is_file()]


async def test_what_was_fetched_before_a_cut_is_kept_and_not_fetched_again(world: World):
    world.folder.mkdir()
    for name in ("a", "b", "c"):
        (world.folder / name).write_bytes(name.encode() * 100_000)
    sums = {name: hashlib.sha256(name.encode() * 100_000).hexdigest() for name in ("a", "b", "c")}
    transfer = await world.stage_out([StageItem(name, size=100_000, sha256=sums[name]) for name in sums])
    world.site.files.cut_after = 250_000
    await world.work().until_idle()
    state = await world.state(transfer)
    assert (state.state, state.files_done) == (Progress.RUNNING, 2)
    world.site.files.cut_after, world.site.files.sent = None, 0
    await world.again()
    assert (await world.state(transfer)).state == Progress.DONE
    assert world.site.files.sent == 100_000
    async with world.database.worker() as session:
        assert len((await session.scalars(select(Version))).all()) == 3


async def test_a_full_bucket_ends_the_transfer_with_what_is_left_and_keeps_no_bytes(world: World):
    world.folder.mkdir()
    (world.folder / "a").write_bytes(b"1234")
    async with world.database.worker() as session:
        (await session.scalar(select(Bucket).where(Bucket.name == "lea"))).quota_bytes = 3
    transfer = await world.stage_out(manifest(world.folder))
    await world.work().until_idle()
    state = await world.state(transfer)
    assert ("quota" in (state.error or ""), state.unstorable) == (True, True)
    assert not [path for path in world.store.root.rglob("*") if path.is_file()]


async def test_a_name_that_no_bucket_can_hold_costs_itself_alone(world: World):
    world.folder.mkdir()
    (world.folder / "a").write_bytes(b"1234")
    (world.folder / os.fsdecode(b"\x83" * 66)).write_bytes(b"5678")
    transfer = await world.stage_out(manifest(world.folder))
    await world.work().until_idle()
    state = await world.state(transfer)
    assert (state.state, [item.path for item in state.objects], state.unstorable) == (Progress.FAILED, ["a"], True)
    assert "at most 255 bytes" in (state.error or "")
    assert len([path for path in world.store.root.rglob("*") if path.is_file()]) <= 1, "no bytes without a name"


async def test_who_waits_is_woken_at_the_end_and_a_transfer_given_up_stays_so(world: World):
    world.folder.mkdir()
    (world.folder / "a").write_bytes(b"1")
    async with world.database.worker() as session:
        waiting = Operation(id="opn_1", organization_id=world.who.organization_id, kind="x", bucket_id="b", path="p")
        session.add(waiting)
    await world.stage_out(manifest(world.folder), Waiter("operations", "opn_1"))
    given_up = await world.stage_out(manifest(world.folder))
    async with world.database.worker() as session:
        await service.give_up(session, given_up, "The run was cancelled.")
    only = Work(world.database, [r for r in world.work().registrations if r.model is Transfer])
    await only.until_idle()
    async with world.database.worker() as session:
        woken = await session.get(Operation, "opn_1")
        assert woken.wakes == 1
        assert woken.due_at is not None
    state = await world.state(given_up)
    assert (state.state, state.error) == (Progress.FAILED, "The run was cancelled.")


async def test_a_full_platform_waits_for_room_and_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch):
    world.folder.mkdir()
    (world.folder / "a").write_bytes(b"1")
    transfer = await world.stage_out(manifest(world.folder))

    async def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(LocalBlobStore, "_put", full)
        await world.work().until_idle()
        assert (await world.state(transfer)).state == Progress.WAITING
    await world.again()
    assert (await world.state(transfer)).state == Progress.DONE


async def test_a_transfer_is_only_claimed_where_its_line_is_held(world: World):
    transfer = await world.stage_in(await world.stored({"a": b"a"}))
    world.site.owned = lambda: []  # type: ignore[method-assign]
    await world.work().until_idle()
    assert (await world.state(transfer)).state == Progress.WAITING


@pytest.mark.parametrize("says", ["nothing", "no such program", "the sums"])
async def test_large_files_are_summed_whatever_their_names_and_whether_or_not_openssl_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str
):
    content = os.urandom(2**20 + 1)
    items = []
    for name in AWKWARD:
        path = tmp_path / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        items.append(StageItem(path=name, size=len(content)))
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in ("sh", "env", "xargs", "sha256sum", *(["openssl"] if says == "the sums" else [])):
        found = shutil.which(name)
        assert found is not None
        (commands / name).symlink_to(found)
    if says == "nothing":
        (commands / "openssl").symlink_to("/bin/true")
    monkeypatch.setattr(local, "_clean_environment", lambda: {"PATH": str(commands), "LANG": "C.UTF-8"})
    digest = hashlib.sha256(content).hexdigest()
    assert await sum_all(Site(tmp_path), str(tmp_path / "work"), items) == dict.fromkeys(AWKWARD, digest)
