"""Paths that stay inside the job folder."""

from collections.abc import Iterable

from heroes.kit.faults import Wrong

RESERVED = ("params.json",)
LONGEST_NAME = 255
LONGEST_PATH = 1024


def problem(path: str, *, folder_allowed: bool = False) -> Wrong | None:
    """Why a path may not be used in a job folder or bundle; None if it may."""
    if path.endswith("/") and not folder_allowed:
        return Wrong(f"'{path}' names a folder; name a file", "path_folder", path=path)
    trimmed = path.removesuffix("/")
    names = trimmed.split("/")
    if not trimmed:
        return Wrong("the path is empty", "path_empty")
    if path.startswith("/"):
        return Wrong(f"'{path}' is absolute; paths are relative to the job folder", "path_absolute", path=path)
    if ".." in names:
        return Wrong(f"'{path}' leaves the job folder", "path_leaves", path=path)
    if "" in names or "." in names:
        return Wrong(f"'{path}' is not written plainly; leave out './' and '//'", "path_not_plain", path=path)
    if any(ord(character) < 32 or ord(character) == 127 for character in path):
        return Wrong("the path holds control characters", "path_control")
    if len(path.encode(errors="surrogateescape")) > LONGEST_PATH or any(
        len(name.encode(errors="surrogateescape")) > LONGEST_NAME for name in names
    ):
        text = f"the path is too long: a name may have {LONGEST_NAME} bytes, a path {LONGEST_PATH}"
        return Wrong(text, "path_long", name=LONGEST_NAME, path=LONGEST_PATH)
    if trimmed in RESERVED or names[0].startswith(".heroes"):
        text = f"'{trimmed}' is written by the platform itself; choose another name"
        return Wrong(text, "path_reserved", path=trimmed)
    return None


def clashes(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of which one is the same as, or lies below, the other although that one is a file."""
    seen: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    for path in sorted(paths, key=lambda path: (path.count("/"), path)):
        trimmed = path.removesuffix("/")
        above = [trimmed.rsplit("/", cut)[0] for cut in range(trimmed.count("/"), 0, -1)]
        for place in (*above, trimmed):
            other = seen.get(place)
            if other is not None and (place == trimmed or not other.endswith("/")):
                found.append((other, path))
                break
        seen[trimmed] = path
    return found
