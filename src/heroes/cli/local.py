"""Files of this machine: what a folder holds, and where a name from outside may be written."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from heroes.cli.failures import Stop
from heroes.cli.terminal import say
from heroes.cli.words import clean


class Found(NamedTuple):
    """A file or an empty folder to send: where it is, and its name relative to what was asked for."""

    path: Path
    name: str
    is_dir: bool
    size: int


def inside(folder: Path, name: str) -> Path:
    """Return the path of a name that somebody else chose, below `folder`. Raises Stop for one that leads out."""
    parts = name.rstrip("/").split("/")
    if not name or any(part in {"", ".", ".."} or "\0" in part for part in parts):
        raise Stop(f"The name {clean(name)!r} leads out of the folder; it is not written.")
    return folder.joinpath(*parts)


def below(root: Path, left_out: list[Path]) -> Iterator[Found]:
    """Yield the files below a folder in the order of names, and its empty folders.

    What cannot be sent is said, and added to `left_out`.
    """

    def leave(path: Path, why: str) -> None:
        say(f"Left out, {why}: {clean(str(path))}")
        left_out.append(path)

    for folder, folders, files in os.walk(root, onerror=_stop):
        folders.sort()
        here = Path(folder)
        for name in [one for one in folders if (here / one).is_symlink()]:
            leave(here / name, "a link to a folder")
            folders.remove(name)
        for name in [one for one in folders if not _unicode(one)]:
            leave(here / name, "its name is no Unicode")
            folders.remove(name)
        for name in sorted(files):
            path = here / name
            try:
                facts = path.stat()
            except FileNotFoundError:
                leave(path, "a link to nothing")
                continue
            if not stat.S_ISREG(facts.st_mode):
                leave(path, "no regular file")
            elif not _unicode(name):
                leave(path, "its name is no Unicode")
            else:
                yield Found(path, path.relative_to(root).as_posix(), False, facts.st_size)
        if not folders and not files and here != root:
            yield Found(here, here.relative_to(root).as_posix(), True, 0)


def facts(path: Path) -> dict[str, Any]:
    """Return permission bits and time of a file as the API takes them."""
    found = path.stat()
    when = datetime.fromtimestamp(found.st_mtime, UTC).isoformat()
    return {"mode": f"{stat.S_IMODE(found.st_mode) & 0o777:04o}", "mtime": when}


def apply(path: Path, metadata: dict[str, Any]) -> None:
    """Give a fetched file its execute bits and its time."""
    mode = int(str(metadata.get("mode") or "0644"), 8)
    if mode & 0o100:
        path.chmod(path.stat().st_mode | (mode & 0o111))
    if metadata.get("mtime"):
        when = datetime.fromisoformat(metadata["mtime"]).timestamp()
        os.utime(path, (when, when))


def link(path: Path, target: str) -> None:
    """Make a symbolic link that stays in its folder's tree; another is left out, and said."""
    if target.startswith("/") or ".." in target.split("/"):
        say(f"Left out, a link that leads out: {clean(str(path))} -> {clean(target)}")
        return
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def _unicode(name: str) -> bool:
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in name)


def _stop(error: OSError) -> None:
    raise error
