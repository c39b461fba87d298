import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from heroes.adapters.local import LocalFiles, LocalShell
from heroes.adapters.ports import NotThere
from heroes.adapters.spool import start_time
from heroes.kit.errors import Garbled, Refused, Unreachable

pytestmark = pytest.mark.anyio

ODD_NAMES = [
    "with space",
    "quote\"and'quote",
    "new\nline",
    "$(touch pwned)",
    "; rm -rf .",
    "-rf",
    "ünï·東京",
    os.fsdecode(b"not\xff\xfeutf8"),
    "x" * 255,
    "*?[a]",
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "jobs"
    folder.mkdir()
    return folder


@pytest.fixture
def files(root: Path) -> LocalFiles:
    return LocalFiles(str(root))


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def everything(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


# ------------------------------------------------------------------------------------------------------------- shell


async def test_a_command_gets_its_arguments_and_input_unchanged():
    arguments = ["$(id)", "a b", "'\"", "new\nline", "`x`"]
    result = await LocalShell().run(["/usr/bin/printf", "%s|", *arguments])
    assert result.stdout == "|".join(arguments) + "|"
    assert (await LocalShell().run(["cat"], stdin=b"\x00bytes")).stdout == "\x00bytes"


async def test_a_failed_command_is_an_answer_not_an_error():
    result = await LocalShell().run(["/bin/sh", "-c", "echo no >&2; exit 7"])
    assert (result.exit_status, result.stderr) == (7, "no\n")
    assert (await LocalShell().run(["/bin/sh", "-c", "kill -9 $$"])).exit_status == 137
    assert (await LocalShell().run(["/no/such/program"])).exit_status == 127


async def test_a_command_that_does_not_end_is_killed_with_its_children_and_stays_in_doubt(tmp_path: Path):
    script = f"sleep 600 & echo $! > {tmp_path}/pid; wait"
    with pytest.raises(Unreachable, match="did not end within"):
        await LocalShell().run(["/bin/sh", "-c", script], timeout=0.5)
    child = int((tmp_path / "pid").read_text())
    async with asyncio.timeout(30):  # the signal was sent; dying takes the kernel a moment
        while start_time(child) is not None:
            await asyncio.sleep(0.01)


async def test_an_endless_answer_is_not_kept():
    with pytest.raises(Garbled):
        await LocalShell(output_limit=1000).run(["/bin/sh", "-c", "yes"], timeout=20)


async def test_the_platforms_environment_does_not_reach_commands(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEROES_SECRET", "s3cret")
    assert "s3cret" not in (await LocalShell().run(["env"])).stdout


# ------------------------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize("name", ODD_NAMES, ids=[f"name {n}" for n in range(len(ODD_NAMES))])
async def test_any_file_name_arrives_unchanged(files: LocalFiles, root: Path, name: str):
    path = f"{root}/{name}" if name != "x" * 255 else f"{root}/{'x' * 200}"
    await files.put(path, stream(b"abc", b"def"), mode=0o640, mtime=1234567890.5)
    assert await everything(files.get(path, 2)) == b"cdef"
    assert [entry.path for entry in await files.listdir(str(root))] == [path.rpartition("/")[2]]
    found = await files.stat(path)
    assert found is not None
    assert (found.kind, found.size, found.mode, found.mtime) == ("file", 6, 0o640, 1234567890.5)
    await files.rename(path, f"{root}/other")
    assert await files.stat(path) is None
    assert await files.read(f"{root}/other", 1, 3) == b"bcd"


async def test_a_cut_upload_goes_on_where_it_stopped(files: LocalFiles, root: Path):
    async def cut() -> AsyncIterator[bytes]:
        yield b"12345"
        raise Unreachable("cut")

    with pytest.raises(Unreachable):
        await files.put(f"{root}/a", cut())
    there = await files.stat(f"{root}/a")
    assert there is not None
    assert await files.put(f"{root}/a", stream(b"678"), offset=there.size) == 8
    assert await files.read(f"{root}/a") == b"12345678"
    with pytest.raises(Refused, match="cannot go on"):
        await files.put(f"{root}/a", stream(b"x"), offset=99)


async def test_a_write_replaces_the_whole_file_or_nothing(files: LocalFiles, root: Path):
    await files.write(f"{root}/a", b"old and long")
    await files.write(f"{root}/a", b"new", mode=0o755)
    assert (root / "a").read_bytes() == b"new"
    assert (root / "a").stat().st_mode & 0o777 == 0o755
    assert [entry.path for entry in await files.listdir(str(root))] == ["a"]


async def test_a_missing_file_is_told_as_missing(files: LocalFiles, root: Path):
    for act in (files.read(f"{root}/no"), files.listdir(f"{root}/no"), files.write(f"{root}/no/a", b"")):
        with pytest.raises(NotThere):
            await act
    assert await files.stat(f"{root}/no/more") is None
    await files.remove(f"{root}/no")
    await files.remove_tree(f"{root}/no")


async def test_a_link_laid_by_a_script_is_never_followed(files: LocalFiles, root: Path, tmp_path: Path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_bytes(b"master key")
    (root / "results").symlink_to(secret)
    (root / "key").symlink_to(secret / "key")
    assert (await files.stat(f"{root}/key")).target == str(secret / "key")  # type: ignore[union-attr]
    with pytest.raises(Refused, match="link"):
        await files.read(f"{root}/key")
    with pytest.raises(Refused, match="link"):
        await everything(files.get(f"{root}/key"))
    with pytest.raises(Refused, match="link"):
        await files.put(f"{root}/key", stream(b"overwritten"))
    with pytest.raises(Refused, match="link"):
        await files.set_mode(f"{root}/key", 0o777)
    for act in (
        files.read(f"{root}/results/key"),
        files.write(f"{root}/results/key", b"x"),
        files.listdir(f"{root}/results"),
        files.makedirs(f"{root}/results/more"),
        files.rename(f"{root}/results/key", f"{root}/mine"),
        files.symlink("x", f"{root}/results/gate"),
    ):
        with pytest.raises((Refused, NotThere)):
            await act
    await files.remove(f"{root}/results/key")
    await files.remove_tree(f"{root}/results")
    await files.remove_tree(f"{root}/key")
    assert (secret / "key").read_bytes() == b"master key"
    assert sorted(path.name for path in secret.iterdir()) == ["key"]


async def test_nothing_outside_the_folder_is_reached(files: LocalFiles, root: Path, tmp_path: Path):
    (tmp_path / "outside").write_text("x")
    for path in (f"{tmp_path}/outside", f"{root}/../outside", "/etc/passwd", "relative", f"{root}x/a"):
        with pytest.raises(Refused, match="not below"):
            await files.read(path)


async def test_a_pipe_left_by_a_script_makes_nobody_wait(files: LocalFiles, root: Path):
    os.mkfifo(root / "pipe")
    with pytest.raises(Refused, match="not a regular file"):
        await files.read(f"{root}/pipe")
    assert (await files.stat(f"{root}/pipe")).kind == "other"  # type: ignore[union-attr]


async def test_a_link_is_made_once(files: LocalFiles, root: Path):
    await files.symlink("revoked", f"{root}/gate")
    with pytest.raises(Refused, match="exists already"):
        await files.symlink("job.1", f"{root}/gate")
    assert os.readlink(root / "gate") == "revoked"


async def test_a_tree_goes_with_everything_below_and_nothing_beside(files: LocalFiles, root: Path, tmp_path: Path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("x")
    tree = root / "tree"
    await files.makedirs(f"{tree}/a/b/c")
    (tree / "a" / "out").symlink_to(tmp_path / "kept")
    (tree / "a" / "b" / "locked").mkdir()
    (tree / "a" / "b" / "locked" / "f").write_text("x")
    (tree / "a" / "b" / "locked").chmod(0)
    (root / "beside").write_text("x")
    await files.remove_tree(str(tree))
    assert os.listdir(root) == ["beside"]
    assert (tmp_path / "kept" / "file").read_text() == "x"


async def test_a_tree_deeper_than_any_path_can_be_removed(files: LocalFiles, root: Path):
    here = os.open(root, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("deep-enough-a-name", dir_fd=here)
        below = os.open("deep-enough-a-name", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    await files.remove_tree(f"{root}/deep-enough-a-name")
    assert os.listdir(root) == []
