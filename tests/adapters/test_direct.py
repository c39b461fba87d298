import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from heroes.adapters import direct
from heroes.adapters.direct import BLOCK, DirectFile, Source

SIZES = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 17]


def pieces(data: bytes) -> Iterator[bytes]:
    step = BLOCK // 3 + 5
    yield from (data[at : at + step] for at in range(0, len(data), step))


def written(path: Path, data: bytes) -> bytes:
    file = DirectFile(path)
    for piece in pieces(data):
        file.append(piece)
    file.sync()
    file.close()
    return path.read_bytes()


@pytest.mark.parametrize("size", SIZES)
def test_what_is_appended_in_any_pieces_is_in_the_file(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    assert written(tmp_path / "new", data) == data
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


def test_whole_blocks_are_written_directly_and_the_rest_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ways: list[tuple[bool, int]] = []
    flush = DirectFile._flush

    def spy(self: DirectFile) -> None:
        ways.append((bool(fcntl.fcntl(self._file, fcntl.F_GETFL) & os.O_DIRECT), self._filled))
        flush(self)

    monkeypatch.setattr(DirectFile, "_flush", spy)
    data = os.urandom(2 * BLOCK + 5)
    assert written(tmp_path / "new", data) == data
    assert ways == [(True, BLOCK), (True, BLOCK), (False, 5)]


@pytest.mark.parametrize("refuses", ["the system", "the file system", "the disk"])
@pytest.mark.parametrize("size", SIZES)
def test_where_direct_writing_is_refused_the_file_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuses: str, size: int
) -> None:
    if refuses == "the system":
        monkeypatch.setattr(direct, "_DIRECT", 0)
    elif refuses == "the file system":
        monkeypatch.setattr(fcntl, "fcntl", _without_direct)
    else:
        monkeypatch.setattr(DirectFile, "__init__", _with_a_picky_disk)
    data = os.urandom(size)
    assert written(tmp_path / "new", data) == data


@pytest.mark.parametrize("way", ["direct", "through the cache", "refused by the file system", "refused by the disk"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("offset", [0, 1, BLOCK - 1, BLOCK, 2 * BLOCK + 16])
def test_a_source_is_read_from_any_place_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, size: int, offset: int
) -> None:
    data = os.urandom(size)
    (tmp_path / "file").write_bytes(data)
    if way == "refused by the file system":
        monkeypatch.setattr(fcntl, "fcntl", _without_direct)
    source = Source(tmp_path / "file", offset, direct=way != "through the cache")
    if way == "refused by the disk":
        source._file = _Picky(source._file)  # type: ignore[assignment]
    read = []
    while block := source.read():
        read.append(block)
    source.close()
    assert b"".join(read) == data[offset:]
    assert len(read) <= (4 if way == "through the cache" else 1), "few large reads where each may wait for the disk"


def test_a_name_that_is_taken_and_a_disk_that_is_full_are_told(tmp_path: Path) -> None:
    DirectFile(tmp_path / "new").close()
    with pytest.raises(FileExistsError):
        DirectFile(tmp_path / "new")
    file = DirectFile(tmp_path / "full")
    with open("/dev/full", "wb", buffering=0) as full:
        os.dup2(full.fileno(), file._file.fileno())
    with pytest.raises(OSError, match="No space left"):
        file.append(bytes(BLOCK))
    file.close()


_fcntl = fcntl.fcntl
_init = DirectFile.__init__


def _without_direct(file: Any, command: int, argument: int = 0) -> int:
    if command == fcntl.F_SETFL and argument & os.O_DIRECT:
        raise OSError(errno.EINVAL, "Invalid argument")
    return _fcntl(file, command, argument)


def _with_a_picky_disk(self: DirectFile, path: Path) -> None:
    _init(self, path)
    self._file = _Picky(self._file)  # type: ignore[assignment]


class _Picky:
    """A disk that takes half of a direct write, none that begins elsewhere than at a block, and no direct read."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def readinto(self, into: Any) -> int:
        if _fcntl(self._file, fcntl.F_GETFL) & os.O_DIRECT:
            raise OSError(errno.EINVAL, "Invalid argument")
        return int(self._file.readinto(into))

    def write(self, data: memoryview) -> int:
        if not _fcntl(self._file, fcntl.F_GETFL) & os.O_DIRECT:
            return int(self._file.write(data))
        if len(data) % BLOCK:
            raise OSError(errno.EINVAL, "Invalid argument")
        return int(self._file.write(data[: BLOCK // 2]))
