"""Archives of small files, as they arrive in a command's output."""

import base64
import subprocess
from pathlib import Path

import pytest

from heroes.kit.errors import Unreachable
from heroes.kit.packed import contents


def packed(folder: Path, *options: str) -> str:
    told = subprocess.run(["tar", "-c", *options, "-f", "-", "."], cwd=folder, check=True, capture_output=True)
    return base64.b64encode(told.stdout).decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/stdout").write_bytes(b"\0\xff" * 9000)
    (tmp_path / "empty").touch()
    (tmp_path / "odd\udcff").write_text("odd")
    (tmp_path / "link").symlink_to("empty")
    return tmp_path


@pytest.mark.parametrize("options", [(), ("-z",)])
def test_the_regular_files_are_told_by_path_whether_compressed_or_not(folder: Path, options: tuple[str, ...]) -> None:
    files = contents(packed(folder, *options))
    assert files == {"logs/stdout": b"\0\xff" * 9000, "empty": b"", "odd\udcff": b"odd"}


@pytest.mark.parametrize("options", [(), ("-z",)])
def test_an_archive_that_was_cut_is_asked_for_again(folder: Path, options: tuple[str, ...]) -> None:
    whole = packed(folder, *options)
    for length in (1, 3, 40, len(whole) // 8 * 4):
        with pytest.raises(Unreachable):
            contents(whole[:length])


def test_nothing_is_no_file() -> None:
    assert contents("") == {}
