"""Values and decisions of the data slice: references, paths, byte ranges, what a transfer must send. No I/O."""

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Literal

from heroes.kit.errors import Invalid
from heroes.kit.faults import fault

SEGMENT_BYTES = 255
PATH_BYTES = 1024  # as in S3; two such paths fit one entry of an index
BUCKET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}")
HOME = "home"
SMALL_BYTES = 64 * 1024
MANY = 50
PACK_BYTES = 4 * 1024 * 1024


class Kind(StrEnum):
    FILE = "file"
    DIR = "dir"
    LINK = "link"


class BucketKind(StrEnum):
    USER = "user"
    PROJECT = "project"
    ORGANIZATION = "organization"
    INHERITED = "inherited"  # of a user who left, now another user's
    TRASH = "trash"  # hidden beside another bucket: what was thrown away from it


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Progress(StrEnum):
    """Of a transfer, an item of it, or an operation."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast bytes went over a line lately: seconds before the first, bytes a second, by so many transfers."""

    start_s: float
    bytes_s: float | None
    transfers: int


_SMALL, _LARGE = 64 * 2**10, 4 * 2**20


def speed(moved: Sequence[tuple[int, float]]) -> Speed:
    """Return how fast transfers of (bytes, seconds) were: small ones tell of the start, large ones of the rate."""
    small = [seconds for sent, seconds in moved if sent <= _SMALL]
    start = median(small) if small else 0.0
    large = [(sent, max(seconds - start, seconds / 10)) for sent, seconds in moved if sent >= _LARGE]
    rate = sum(sent for sent, _ in large) / sum(seconds for _, seconds in large) if large else None
    return Speed(start, rate, len(moved))


class TrashState(StrEnum):
    """Of what lies in the trash."""

    KEPT = "kept"
    RESTORING = "restoring"
    PURGING = "purging"


# ------------------------------------------------------------------------------------------------- names and paths


def normalise(path: str, *, pointer: str = "/path") -> str:
    """Return the path without leading, doubled and trailing slashes; "" is the bucket's root.

    Raises Invalid for `..`, `.`, NUL, text that is not UTF-8, a segment above 255 bytes or a path above 1024 bytes.
    """
    try:
        whole = path.encode()
    except UnicodeEncodeError as error:
        raise _unfit("A path must be valid Unicode.", pointer, "path_not_unicode") from error
    segments = [segment for segment in path.split("/") if segment]
    if "\0" in path:
        raise _unfit("A path cannot hold a NUL character.", pointer, "path_with_nul")
    if any(segment in {".", ".."} for segment in segments):
        raise _unfit("A path cannot hold the segments `.` and `..`; write it out.", pointer, "path_with_dots")
    if any(len(segment.encode()) > SEGMENT_BYTES for segment in segments):
        raise _unfit(
            f"A name has at most {SEGMENT_BYTES} bytes; shorten it.", pointer, "name_too_long", most=SEGMENT_BYTES
        )
    if len(whole) > PATH_BYTES:
        raise _unfit(f"A path has at most {PATH_BYTES} bytes; shorten it.", pointer, "path_too_long", most=PATH_BYTES)
    return "/".join(segments)


def _unfit(message: str, pointer: str, code: str, **facts: int) -> Invalid:
    return Invalid(message, [fault(pointer, message, code, **facts)], code="invalid_path")


def named(path: str, *, pointer: str = "/path") -> str:
    """As `normalise`, for what must have a name: Invalid for the bucket's root."""
    clean = normalise(path, pointer=pointer)
    if not clean:
        raise _unfit("Name a file or folder in the bucket.", pointer, "no_name")
    return clean


def bucket_name(name: str) -> str:
    """Return the name if a new bucket may have it, else raise Invalid."""
    if name == HOME or not BUCKET_NAME.fullmatch(name):
        message = (
            "A bucket's name has 1 to 128 letters, digits and . _ @ + -; a letter or digit first. `home` is taken."
        )
        raise Invalid(message, [fault("/name", message, "bucket_name")], code="invalid_bucket_name")
    return name


@dataclass(frozen=True, slots=True)
class Ref:
    """`bucket:path`; the bucket `home` is the caller's own."""

    bucket: str
    path: str

    @classmethod
    def parse(cls, text: str, *, pointer: str = "") -> "Ref":
        """Read `bucket:path`. Raises Invalid when there is no bucket or the path is unfit."""
        bucket, colon, path = text.partition(":")
        if not colon or not bucket or "/" in bucket:
            message = "A file is named bucket:path, or home:path for your own bucket."
            raise Invalid(message, [fault(pointer, message, "no_reference", given=text[:80])], code="invalid_reference")
        return cls(bucket, normalise(path, pointer=pointer))

    def __str__(self) -> str:
        return f"{self.bucket}:{self.path}"


def parent(path: str) -> str:
    return posixpath.dirname(path)


def beside(path: str, number: int) -> str:
    """Return a name like this one for a file that is kept beside it: `run/mesh (2).stl`."""
    folder, name = posixpath.split(path)
    stem, ending = posixpath.splitext(name)
    return posixpath.join(folder, f"{stem} ({number}){ending}")


def ancestors(path: str) -> list[str]:
    """The folders above a path, the outermost first, without the root."""
    found = []
    while path := parent(path):
        found.append(path)
    return found[::-1]


def below(path: str) -> tuple[str, str | None]:
    """The half-open range of paths, in the order of code points, that lie below a folder; None is no upper end."""
    return starting_with(f"{path}/") if path else ("", None)


def starting_with(prefix: str) -> tuple[str, str | None]:
    """The half-open range of texts, in the order of code points, that start with the prefix; None is no upper end."""
    for index in range(len(prefix) - 1, -1, -1):
        point = ord(prefix[index]) + 1
        if point <= 0x10FFFF:
            return prefix, prefix[:index] + chr(0xE000 if 0xD800 <= point <= 0xDFFF else point)
    return prefix, None


def overlap(one: str, other: str) -> bool:
    """Whether one path is the other or lies below it."""
    return one == other or not one or not other or one.startswith(other + "/") or other.startswith(one + "/")


# ------------------------------------------------------------------------------------------------------ HTTP ranges


class Unsatisfiable(Exception):
    """No byte of the range exists (416)."""


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return (first, last) of a `Range` header with one range, None where the whole is to be sent (RFC 9110 §14).

    Several ranges or an unreadable header mean the whole; Unsatisfiable when the range lies behind the end.
    """
    match = re.fullmatch(r"bytes=\s*(\d*)-(\d*)\s*", header or "")
    if not match or match.groups() == ("", ""):
        return None
    first_text, last_text = match.groups()
    if not first_text:
        first, last = max(0, size - int(last_text)), size - 1
        if int(last_text) == 0:
            raise Unsatisfiable
    else:
        first, last = int(first_text), min(int(last_text) if last_text else size - 1, size - 1)
        if last_text and int(last_text) < first:
            return None
    if first >= size:
        raise Unsatisfiable
    return first, last


# -------------------------------------------------------------------------------------------------------- transfers


@dataclass(frozen=True, slots=True)
class StageItem:
    """One name of a transfer: `path` relative to the site's folder. Names are `str` with surrogateescape."""

    path: str
    kind: Literal["file", "dir", "link"] = "file"
    blob_key: str | None = None
    size: int = 0
    sha256: str | None = None
    mode: int = 0o644
    mtime: float | None = None
    target: str | None = None
    object_id: str | None = None
    version_id: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What lies at the site under a name. `sha256` is asked only where the size fits."""

    kind: Literal["file", "dir", "link", "other"]
    size: int
    mode: int
    target: str | None = None
    sha256: str | None = None


def site_path(path: str) -> str:
    """Return the path if it stays inside the folder that it is relative to. Raises Invalid (absolute, `..`, NUL)."""
    segments = path.split("/")
    if not path or path.startswith("/") or "\0" in path or any(part in {"", ".", ".."} for part in segments):
        raise _unfit(f"{path!r} does not stay inside the job's folder.", "/items", "outside_folder")
    return path


def check_items(items: Iterable[StageItem]) -> None:
    """Raise Invalid for a path outside the folder, a name given twice, or one below a file or link of the same order.

    The last would write through a link to wherever it points.
    """
    kinds: dict[str, str] = {}
    for item in items:
        if site_path(item.path) in kinds:
            raise _unfit(f"{item.path!r} is given twice.", "/items", "given_twice")
        kinds[item.path] = item.kind
    for path in kinds:
        above = next((folder for folder in ancestors(path) if kinds.get(folder, "dir") != "dir"), None)
        if above:
            raise _unfit(f"{path!r} lies below {above!r}, which is no folder.", "/items", "below_file")


def same(item: StageItem, seen: Seen | None) -> bool:
    """Whether what lies there is what is wanted, so that nothing need be sent."""
    if seen is None or seen.kind != item.kind:
        return False
    match item.kind:
        case "dir":
            return True
        case "link":
            return seen.target == item.target
        case _:
            return seen.size == item.size and seen.sha256 is not None and seen.sha256 == item.sha256


def missing(items: Sequence[StageItem], there: Mapping[str, Seen]) -> list[StageItem]:
    """What of `items` a stage-in must send, given what lies there."""
    return [item for item in items if not same(item, there.get(item.path))]


def packs(items: Sequence[StageItem]) -> tuple[list[list[StageItem]], list[StageItem]]:
    """Part files into packs of small ones, each at most 4 MiB, and those sent alone.

    Few small files are sent alone: a pack pays only when it saves many round trips.
    """
    small = [item for item in items if item.kind == "file" and item.size <= SMALL_BYTES]
    if len(small) <= MANY:
        return [], list(items)
    together: list[list[StageItem]] = [[]]
    held = 0
    for item in small:
        if held + item.size > PACK_BYTES and together[-1]:
            together.append([])
            held = 0
        together[-1].append(item)
        held += item.size
    chosen = {item.path for item in small}
    return together, [item for item in items if item.path not in chosen]


class Arrival(StrEnum):
    READY = "ready"
    LATE = "late"
    WRONG = "wrong"


def arrival(item: StageItem, seen: Seen | None) -> Arrival:
    """Whether an output of the manifest can be fetched.

    Network file systems show names and sizes late, so what is missing or short is late, not lost. A file that is longer
    than the manifest says, or of another kind, was changed after the job ended.
    """
    if seen is None:
        return Arrival.LATE
    if seen.kind != item.kind:
        return Arrival.WRONG
    if item.kind == "link":
        return Arrival.READY if seen.target == item.target else Arrival.LATE
    if item.kind == "file" and seen.size != item.size:
        return Arrival.LATE if seen.size < item.size else Arrival.WRONG
    return Arrival.READY


def storable(name: str) -> str:
    """The name under which an output is stored: bytes that are not UTF-8 become `\\xNN`."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def parse_stat(output: str) -> dict[str, Seen]:
    """Read `stat --printf='%f %s %n\\0'`: raw mode in hexadecimal, size, name."""
    found = {}
    for record in output.split("\0")[:-1]:
        raw, size, name = record.split(" ", 2)
        mode = int(raw, 16)
        kind = _KINDS.get(mode & 0o170000, "other")
        found[name] = Seen(kind, int(size), mode & 0o7777)
    return found


_KINDS: dict[int, Literal["file", "dir", "link", "other"]] = {0o100000: "file", 0o040000: "dir", 0o120000: "link"}


def parse_sums(output: str) -> dict[str, str]:
    """Read `sha256sum`; a leading backslash says that newline, carriage return, backslash are escaped in the name."""
    found = {}
    for line in output.split("\n"):
        escaped = line.startswith("\\")
        digest, name = line[1:65] if escaped else line[:64], line[67:] if escaped else line[66:]
        if re.fullmatch(r"[0-9a-f]{64}", digest):
            found[re.sub(r"\\(.)", _unescape, name) if escaped else name] = digest
    return found


def _unescape(match: re.Match[str]) -> str:
    return {"n": "\n", "r": "\r", "\\": "\\"}.get(match[1], match[0])
