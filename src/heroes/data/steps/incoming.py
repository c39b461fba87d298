"""Stage-in: make the site's folder hold what is wanted, sending only what is missing or different."""

from collections.abc import Sequence

from heroes.adapters.files import BlobStore
from heroes.data.rules import Seen, StageItem, ancestors, missing, packs, parent, storable
from heroes.data.steps.site import Place, is_here, look, make_folders, unpack
from heroes.kit.errors import Unreachable


class Damaged(Unreachable):
    """What was sent is not what lies there now."""


async def send(place: Place, store: BlobStore, folder: str, items: Sequence[StageItem]) -> int:
    """Send what of the items is missing or different, and verify it; return the bytes sent.

    Safe to repeat after a cut: what is there is looked at first, a half-sent file goes on where it ended.
    Raises Unreachable, Damaged, Refused, Garbled.
    """
    there = await look(place, folder, items, sums=True)
    todo = missing(items, there)
    await _clear(place, folder, todo, there)
    await make_folders(place, folder, _folders(items))
    await _set_modes(place, folder, items, there)
    together, alone = ([], todo) if is_here(place) else packs(todo)
    for group in together:
        await unpack(place, store, folder, group)
    for item in alone:
        await _send_one(place, store, folder, item)
    arrived = await look(place, folder, todo, sums=True) if todo else {}
    if damaged := missing(todo, arrived):
        path = damaged[0].path
        raise Damaged(f"{path!r} did not arrive as it was sent; sending it again.", code="damaged", path=storable(path))
    return sum(item.size for item in todo if item.kind == "file")


def _folders(items: Sequence[StageItem]) -> list[str]:
    """The folders that must be there: those asked for and those above any name, outermost first."""
    wanted = {""} | {item.path for item in items if item.kind == "dir"}
    for item in items:
        wanted.update(ancestors(item.path))
    return sorted(wanted)


async def _clear(place: Place, folder: str, todo: Sequence[StageItem], there: dict[str, Seen]) -> None:
    """Remove what is in the way: another kind, or a link to elsewhere."""
    for item in todo:
        seen = there.get(item.path)
        if seen is not None and (seen.kind != item.kind or item.kind == "link"):
            await place.files.remove_tree(f"{folder}/{item.path}")


async def _set_modes(place: Place, folder: str, items: Sequence[StageItem], there: dict[str, Seen]) -> None:
    """A file whose bytes are there may still lack its execute bit."""
    for item in items:
        seen = there.get(item.path)
        if item.kind == "file" and seen is not None and seen.kind == "file" and seen.mode & 0o777 != item.mode:
            await place.files.set_mode(f"{folder}/{item.path}", item.mode)


async def _send_one(place: Place, store: BlobStore, folder: str, item: StageItem) -> None:
    final = f"{folder}/{item.path}"
    if item.kind == "link":
        await place.files.symlink(item.target or "", final)
    elif item.kind == "file" and item.blob_key is not None:
        # Named by the blob, which never changes: whatever lies there is a true beginning of it.
        # Not by the file's own name, which may already have the 255 bytes that a name can have.
        part = "/".join(filter(None, [folder, parent(item.path), f".{item.blob_key.rpartition('/')[2]}.part"]))
        offset = await _begun(place, part, item.size)
        await place.files.put(part, store.get(item.blob_key, offset), offset=offset, mode=item.mode, mtime=item.mtime)
        await place.files.rename(part, final)


async def _begun(place: Place, part: str, size: int) -> int:
    """Bytes of a half-sent file that are already there."""
    entry = await place.files.stat(part)
    if entry is None:
        return 0
    if entry.kind == "file" and entry.size <= size:
        return entry.size
    await place.files.remove_tree(part)
    return 0
