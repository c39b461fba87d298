import asyncio
import errno
import gc
import hashlib
import os
import stat
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from heroes.adapters import files
from heroes.adapters.files import Blob, LocalBlobStore
from heroes.kit.errors import Refused, Unavailable

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def store(tmp_path: Path) -> LocalBlobStore:
    return LocalBlobStore(tmp_path / "objects")


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def read(store: LocalBlobStore, key: str, *range_: int) -> bytes:
    return b"".join([chunk async for chunk in store.get(key, *range_)])


def files_below(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("large", [1, files.LARGE])
async def test_a_blob_comes_back_with_its_size_and_checksum(
    store: LocalBlobStore, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(files, "LARGE", large)
    data = os.urandom(3 * files.CHUNK + 17)
    blob = await store.put(stream(data[:10], data[10:5000], data[5000:]), organization_id="org_1")
    assert (blob.size, blob.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert await read(store, blob.key) == data
    assert await read(store, blob.key, files.CHUNK - 1, 2) == data[files.CHUNK - 1 : files.CHUNK + 1]
    assert await read(store, blob.key, len(data) - 3) == data[-3:]
    assert await store.size(blob.key) == len(data)


async def test_an_empty_blob_is_a_blob(store: LocalBlobStore) -> None:
    blob = await store.put(stream(), organization_id="org_1")
    assert blob.size == 0
    assert await read(store, blob.key) == b""


async def test_a_stream_cut_in_the_middle_leaves_nothing(store: LocalBlobStore) -> None:
    async def cut() -> AsyncIterator[bytes]:
        yield b"x" * 3 * files.CHUNK
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await store.put(cut(), organization_id="org_1")
    assert files_below(store.root) == []


async def test_organizations_lie_apart_and_nobody_else_may_read(store: LocalBlobStore) -> None:
    one = await store.put(stream(b"same"), organization_id="org_1")
    two = await store.put(stream(b"same"), organization_id="org_2")
    assert one.key != two.key
    assert (one.key.split("/")[0], two.key.split("/")[0]) == ("org_1", "org_2")
    assert [key async for key in store.keys("org_1")] == [one.key]
    assert [key async for key in store.keys("org_3")] == []
    assert stat.S_IMODE((store.root / one.key).stat().st_mode) == 0o600
    assert stat.S_IMODE((store.root / "org_1").stat().st_mode) == 0o700


async def test_deleting_twice_is_no_error_and_reading_what_is_gone_names_the_cure(store: LocalBlobStore) -> None:
    blob = await store.put(stream(b"x"), organization_id="org_1")
    await store.delete(blob.key)
    await store.delete(blob.key)
    assert not await store.exists(blob.key)
    with pytest.raises(Refused, match="backup"):
        await read(store, blob.key)


@pytest.mark.parametrize("key", ["../etc/passwd", "org/aa/bb", "/etc/passwd", "org/aa/bb/../../x"])
async def test_a_key_never_leaves_the_root(store: LocalBlobStore, key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        await read(store, key)
    with pytest.raises(ValueError, match="organization"):
        await store.put(stream(b"x"), organization_id=key)


async def test_bytes_and_every_new_folder_are_synced_before_put_returns(
    store: LocalBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    blob = await store.put(stream(b"x"), organization_id="org_1")
    final = store.root / blob.key
    assert synced == [
        str(store.root / "org_1/incoming" / final.name),
        *(str(folder) for folder in list(final.parents)[:4]),
    ]


async def test_a_full_disk_is_told_as_such_and_leaves_nothing(
    store: LocalBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "_append", full)
    with pytest.raises(Unavailable, match="full"):
        await store.put(stream(b"x"), organization_id="org_1")
    assert files_below(store.root) == []


async def test_many_contents_come_back_each_under_its_own_key(store: LocalBlobStore) -> None:
    contents = [os.urandom(100), b"", b"same", b"same"]
    blobs = await store.put_all(contents, organization_id="org_1")
    assert [(blob.size, blob.sha256) for blob in blobs] == [(len(c), hashlib.sha256(c).hexdigest()) for c in contents]
    assert await store.get_all([blob.key for blob in blobs]) == contents
    assert len({blob.key for blob in blobs}) == 4
    assert {stat.S_IMODE((store.root / blob.key).stat().st_mode) for blob in blobs} == {0o600}


@pytest.mark.parametrize("at_once", [True, False])
async def test_many_contents_lie_in_one_folder_and_are_synced_with_their_names_before_anybody_learns_of_them(
    store: LocalBlobStore, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    seen: list[tuple[bool, bool]] = []

    def look(_: int) -> int:
        paths = files_below(store.root)
        seen.append((any("incoming" in path.parts for path in paths), any("incoming" not in p.parts for p in paths)))
        return 0

    monkeypatch.setattr(files, "_syncfs", look if at_once else None)
    monkeypatch.setattr(os, "fsync", look)
    blobs = await store.put_all([b"one", b"two"], organization_id="org_1")
    assert set(seen) == {(False, True)}
    assert len(seen) == (1 if at_once else 2 + 4), "the file system; or each file, and each folder that may be new"
    assert len({blob.key.rpartition("/")[0] for blob in blobs}) == 1


async def test_what_a_cancelled_call_still_stores_is_removed(
    store: LocalBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way, go_on = threading.Event(), threading.Event()

    def slow(_: int) -> int:
        under_way.set()
        return int(not go_on.wait(30))

    monkeypatch.setattr(files, "_syncfs", slow)
    call = asyncio.create_task(store.put_all([b"one", b"two"], organization_id="org_1"))
    await asyncio.to_thread(under_way.wait, 30)
    call.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert files_below(store.root) == []


async def test_a_disk_that_fails_while_it_syncs_leaves_none_of_many(
    store: LocalBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_syncfs", lambda _: -1)
    with pytest.raises(OSError, match="Success"):
        await store.put_all([b"one", b"two"], organization_id="org_1")
    assert files_below(store.root) == []


async def test_what_a_killed_process_left_half_written_goes_at_the_next_start(store: LocalBlobStore) -> None:
    await store.put(stream(b"x"), organization_id="org_1")
    old, young = store.root / "org_1/incoming/old", store.root / "org_1/incoming/young"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (0, 0))
    LocalBlobStore(store.root)
    assert not old.exists()
    assert young.exists()


async def test_large_streams_pass_in_small_pieces(store: LocalBlobStore) -> None:
    async def long() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield bytes(files.CHUNK)

    blob: Blob = await store.put(long(), organization_id="org_1")
    sizes = [len(chunk) async for chunk in store.get(blob.key)]
    assert sum(sizes) == 64 * files.CHUNK
    assert max(sizes) == files.CHUNK


async def test_a_reader_who_is_cancelled_leaves_no_file_open(store: LocalBlobStore) -> None:
    blob = await store.put(stream(b"x" * 3 * 2**20), organization_id="org_1")
    with anyio.CancelScope() as cancelled:
        async for _ in store.get(blob.key):
            cancelled.cancel()
    gc.collect()  # a file that was left open is a warning, and that is an error
