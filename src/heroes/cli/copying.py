"""Folders up and down, resumable: what is there and equal stays, every checksum is compared."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from heroes.cli import local
from heroes.cli.failures import USAGE, Stop
from heroes.cli.local import Found
from heroes.cli.output import Json
from heroes.cli.progress import transfer
from heroes.cli.terminal import say
from heroes.cli.words import clean, size

if TYPE_CHECKING:
    from heroes.client import Heroes

_PLACE = re.compile(r"[^/:]+:")


def is_place(text: str) -> bool:
    """Return whether this names a place in a bucket; `./a:b` is a file."""
    return _PLACE.match(text) is not None


@dataclass(frozen=True, slots=True)
class Place:
    """A name in a bucket."""

    bucket: str
    path: str

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Read `bucket:path`. Raises Stop."""
        if not is_place(text):
            raise Stop(f"{text} is no place in a bucket: write bucket:path, like home:wing/a.dat", USAGE)
        bucket, _, path = text.partition(":")
        return cls(bucket, path.lstrip("/"))

    @property
    def name(self) -> str:
        return self.path.rstrip("/").rpartition("/")[2]

    def __str__(self) -> str:
        return f"{self.bucket}:{self.path}"


def put(heroes: "Heroes", sources: list[Path], target: Place) -> None:
    """Send files and folders. Raises Stop before anything is sent if a source is not there."""
    for source in sources:
        if not source.exists():
            raise Stop(f"{clean(str(source))}: no such file or folder")
    into = len(sources) > 1 or target.path == "" or target.path.endswith("/")
    folder = target.path.rstrip("/") + "/" if target.path.rstrip("/") else ""
    plan: list[tuple[Found, str]] = []
    left_out: list[Path] = []
    for source in sources:
        name = folder + (source.name or source.resolve().name) if into else target.path
        if source.is_dir():
            there = _there(heroes, target.bucket, f"{name}/")
            plan += [(one, f"{name}/{one.name}") for one in local.below(source, left_out) if not _same(one, there)]
            if not any(source.iterdir()):
                plan.append((Found(source, "", True, 0), name))
        else:
            plan.append((Found(source, source.name, False, source.stat().st_size), name))
    with transfer(sum(one.size for one, _ in plan)) as progress:
        for one, name in plan:
            if one.is_dir:
                heroes.post("/organization/data/folder", {"bucket": target.bucket, "path": name})
            else:
                heroes.upload(one.path, target.bucket, name, progress, **local.facts(one.path))
    sent = [one for one, _ in plan if not one.is_dir]
    say(f"Sent {_counted(sent)} to {clean(str(target))}, checksums compared.")
    if left_out:
        raise Stop(f"{len(left_out)} left out, as said above.")


def _there(heroes: "Heroes", bucket: str, prefix: str) -> dict[str, str]:
    from heroes.client import ApiError

    try:
        found = heroes.objects(bucket, prefix, recursive=True)
        return {one["object_name"].removeprefix(prefix): one["etag"] for one in found if not one["is_dir"]}
    except ApiError as error:
        if error.status != 404:
            raise
        return {}


def _same(one: Found, there: dict[str, str]) -> bool:
    from heroes.client.wire import sha256_of

    return not one.is_dir and one.name in there and sha256_of(one.path).hexdigest() == there[one.name]


def get(heroes: "Heroes", source: Place, target: Path) -> None:
    """Fetch a file or a folder. Raises Stop for a name that leads out of `target`."""
    places = _places(heroes, source, target)
    wanted = [(one, place) for one, place in places if not _here(one, place)]
    links = [(one, place) for one, place in wanted if "link_target" in one["metadata"]]
    files = [(one, place) for one, place in wanted if not one["is_dir"] and "link_target" not in one["metadata"]]
    for one, place in places:
        (place if one["is_dir"] else place.parent).mkdir(parents=True, exist_ok=True)
    with transfer(sum(one["size"] for one, _ in files)) as progress:
        for one, place in files:
            heroes.download(source.bucket, one["object_name"], place, sha256=one["etag"], progress=progress)
            local.apply(place, one["metadata"])
    for one, place in links:  # last, so that no file is ever written through one of them
        local.link(place, one["metadata"]["link_target"])
    moved = [Found(place, "", False, one["size"]) for one, place in files]
    say(f"Fetched {_counted(moved)} to {clean(str(target))}, checksums verified.")


def _places(heroes: "Heroes", source: Place, target: Path) -> list[tuple[Json, Path]]:
    """What to fetch, and where each of it goes."""
    path, into = source.path.rstrip("/"), target.is_dir()
    if path:
        found = heroes.object(source.bucket, path)
        if not found["is_dir"]:
            return [(found, local.inside(target, source.name) if into else target)]
    root = local.inside(target, source.name or source.bucket) if into else target
    root.mkdir(parents=True, exist_ok=True)
    prefix = f"{path}/" if path else ""
    below = heroes.objects(source.bucket, prefix, recursive=True)
    return [(one, local.inside(root, one["object_name"].removeprefix(prefix))) for one in below]


def _here(one: Json, place: Path) -> bool:
    from heroes.client.wire import sha256_of

    if one["is_dir"] or "link_target" in one["metadata"]:
        return False
    same_size = place.is_file() and place.stat().st_size == one["size"]
    return same_size and sha256_of(place).hexdigest() == one["etag"]


def _counted(files: list[Found]) -> str:
    return f"{len(files)} file{'' if len(files) == 1 else 's'} ({size(sum(one.size for one in files))})"
