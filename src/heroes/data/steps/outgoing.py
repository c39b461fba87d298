"""Stage-out: fetch what a job left, as its manifest says, and verify every byte."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from heroes.adapters.files import Blob, BlobStore
from heroes.adapters.ports import NotThere
from heroes.data.rules import Arrival, Seen, StageItem, arrival, packs, storable
from heroes.data.steps.site import Place, is_here, look, pack, sum_all
from heroes.kit.errors import Garbled, Refused, SiteError
from heroes.kit.packed import contents

T = TypeVar("T")


@dataclass
class Fetched:
    """What one look brought: items with their blobs, those to ask for again, and those that can never be had (why)."""

    done: list[StageItem] = field(default_factory=list)
    late: list[StageItem] = field(default_factory=list)
    lost: list[tuple[StageItem, Refused]] = field(default_factory=list)
    bytes: int = 0
    cut: SiteError | None = None
    """the line went down on the way: what was fetched before is kept, then this is raised"""


async def fetch(
    place: Place, store: BlobStore, organization_id: str, folder: str, items: Sequence[StageItem]
) -> Fetched:
    """Fetch a batch of outputs. Only `Fetched.cut` tells of a line that went down midway."""
    fetched = Fetched()
    try:
        seen = await look(place, folder, items, sums=False)
        # Bits that the file has now count more than those the manifest knew.
        files = [replace(item, mode=_mode(seen, item)) for item in _sort(items, seen, fetched)]
        unsummed = [item for item in files if item.sha256 is None]
        async with _meanwhile(sum_all(place, folder, unsummed)) as sums:
            together, alone = ([], files) if is_here(place) else packs(files)
            await _fetch_packs(place, store, organization_id, folder, together, fetched, sums)
            for item in alone:
                try:
                    blob = await store.put(place.files.get(f"{folder}/{item.path}"), organization_id=organization_id)
                except NotThere:
                    fetched.late.append(item)
                else:
                    await _judge(store, fetched, sums, [item], [blob])
    except (Refused, Garbled):
        await _forget(store, fetched)
        raise
    except NotThere:
        settled = {item.path for item in [*fetched.done, *fetched.late, *(lost for lost, _ in fetched.lost)]}
        fetched.late += [item for item in items if item.path not in settled]
    except SiteError as error:
        fetched.cut = error
    except BaseException:
        await _forget(store, fetched)
        raise
    return fetched


async def _fetch_packs(
    place: Place,
    store: BlobStore,
    organization_id: str,
    folder: str,
    together: Sequence[Sequence[StageItem]],
    fetched: Fetched,
    sums: asyncio.Task[dict[str, str]],
) -> None:
    """Fetch packs of small files; each is opened and stored while the next one is on its way."""

    async def keep(group: Sequence[StageItem], packed: str) -> None:
        held = await asyncio.to_thread(contents, packed)
        fetched.late += [item for item in group if item.path not in held]
        there = [item for item in group if item.path in held]
        blobs = await store.put_all([held[item.path] for item in there], organization_id=organization_id)
        await _judge(store, fetched, sums, there, blobs)

    keeping: asyncio.Task[None] | None = None
    try:
        for group in together:
            packed = await pack(place, folder, group)
            if keeping is not None:
                await keeping
            keeping = asyncio.create_task(keep(group, packed))
    finally:
        if keeping is not None:
            await keeping


def _mode(seen: Mapping[str, Seen], item: StageItem) -> int:
    return seen[item.path].mode & 0o777 if item.path in seen else item.mode


def _sort(items: Sequence[StageItem], seen: Mapping[str, Seen], fetched: Fetched) -> list[StageItem]:
    """Part the items by how they arrived; return the files that are ready to be fetched."""
    ready = []
    for item in items:
        match arrival(item, seen.get(item.path)):
            case Arrival.LATE:
                fetched.late.append(item)
            case Arrival.WRONG:
                same = item.kind == seen[item.path].kind
                what = "was changed after the job ended" if same else "is of another kind"
                text = f"{item.path!r} {what}; do not write outputs after the last command."
                path = storable(item.path)
                fetched.lost.append((item, Refused(text, code="written_late" if same else "other_kind", path=path)))
            case Arrival.READY if item.kind == "file":
                ready.append(item)
            case Arrival.READY:
                fetched.done.append(item)
    return ready


@asynccontextmanager
async def _meanwhile(work: Coroutine[Any, Any, T]) -> AsyncIterator[asyncio.Task[T]]:
    """Do something beside the block, which may await it; it does not outlive the block."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _judge(
    store: BlobStore,
    fetched: Fetched,
    sums: asyncio.Task[dict[str, str]],
    items: Sequence[StageItem],
    blobs: Sequence[Blob],
) -> None:
    """Keep what is as the manifest says; what is short or unlike its checksum is asked for again."""
    try:
        known = {} if all(item.sha256 for item in items) else await sums
    except BaseException:
        for blob in blobs:
            await store.delete(blob.key)
        raise
    for item, blob in zip(items, blobs, strict=True):
        if (blob.size, blob.sha256) == (item.size, item.sha256 or known.get(item.path)):
            fetched.done.append(with_blob(item, blob))
            fetched.bytes += blob.size
        else:
            await store.delete(blob.key)
            fetched.late.append(item)


def with_blob(item: StageItem, blob: Blob) -> StageItem:
    return replace(item, blob_key=blob.key, size=blob.size, sha256=blob.sha256)


async def _forget(store: BlobStore, fetched: Fetched) -> None:
    for item in fetched.done:
        if item.blob_key:
            await store.delete(item.blob_key)
