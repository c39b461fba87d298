"""The machine itself as a batch system: the Batch `local` of the cluster `here`.

There is no daemon: an order is files in a spool folder, and a detached supervisor runs it (see `supervisor`). Orders go
on while the platform is down and are simply found again. The spool is the one source, and it always answers: a token
that is not in it was never ordered here.
"""

import asyncio
import contextlib
import os
import platform
import re
import signal
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from heroes.adapters import local_counters, sandbox
from heroes.adapters.ports import (
    Absent,
    AlreadyOrdered,
    Counters,
    Fact,
    Found,
    Key,
    Order,
    QueueFacts,
    Shell,
    Sighting,
    SiteEnd,
    SiteJob,
    SiteState,
    SiteUsage,
    Unknown,
)
from heroes.adapters.sandbox import SandboxKind, System, Walls
from heroes.adapters.spool import Spool, alive, launch, member_name, parse_member
from heroes.kit.errors import Refused, Unreachable

T = TypeVar("T")
QUEUE = "local"
_LAYERS = {SandboxKind.BUBBLEWRAP: 2, SandboxKind.USER_NAMESPACE: 2, SandboxKind.NONE: 0}
_TEXTS = {
    "TIME_LIMIT": "The job reached its walltime and was ended.",
    "OUT_OF_MEMORY": "The job used more memory than it had asked for and was ended.",
    "CANCELLED": "The job was cancelled.",
    "TOO_LARGE": "This machine became too small for the job while it waited.",
    "NODE_FAILURE": "This machine or the job's supervisor stopped; how the job would have ended is not known.",
}


class LocalBatch:
    """Orders for this machine. `root`: the spool, outside every job's folder; `hidden`: folders no job may ever see.

    `kind` is what `sandbox.probe` found. With `SandboxKind.NONE` a job has the rights of the platform's account:
    the caller must then serve one organization only, and say so.
    """

    name = "local"

    def __init__(
        self,
        root: str,
        *,
        cores: int | None = None,
        memory_bytes: int | None = None,
        node_name: str | None = None,
        kind: SandboxKind = SandboxKind.BUBBLEWRAP,
        network: bool = False,
        hidden: Collection[str] = (),
        software: Collection[str] = (),
        grace_s: float = 10.0,
    ) -> None:
        self._spool = Spool(Path(root))
        self._cores = cores or len(os.sched_getaffinity(0))
        self._memory = memory_bytes or _memory_total()
        self._node = node_name or platform.node()
        self._kind, self._network, self._grace = kind, network, grace_s
        asked = (*hidden, root)
        self._hidden = tuple(dict.fromkeys((*asked, *(os.path.realpath(path) for path in asked))))
        self._system = System.here(also=tuple(software))
        self._spool.make({"cores": self._cores, "memory_bytes": self._memory})

    # ------------------------------------------------------------------------------------------------------- Batch

    async def submit(self, shell: Shell, order: Order) -> str:
        """See `ports.Batch`. The commit is the rename of `orders/TOKEN.json`; before it nothing was ordered."""
        self._must_fit(order)
        return await self._do(partial(self._submit, order))

    async def find(self, shell: Shell, token: str, *, since: datetime) -> Found | Absent | Unknown:
        """See `ports.Batch`. The spool knows every order, so `since` is not needed."""
        try:
            jobs = await self._do(lambda: self._jobs_of(token))
        except Unreachable as error:
            return Unknown(error.detail)
        return Found(jobs, complete=True) if jobs is not None else Absent(datetime.now(UTC))

    async def watch(
        self, shell: Shell, *, since: datetime, known: Collection[str], sample: Collection[Key] = ()
    ) -> Sighting:
        asked_at = datetime.now(UTC)
        jobs = await self._do(lambda: self._watch(since, set(known)))
        counters = await asyncio.to_thread(self._counters, sample) if sample else {}
        return Sighting({job.key: job for job in jobs}, {"spool": None}, asked_at, counters=counters)

    async def usage(self, shell: Shell, site_ids: Collection[str]) -> dict[Key, SiteJob]:
        jobs = await self._do(lambda: self._members(set(site_ids)))
        return {job.key: job for job in jobs}

    def is_told(self, seen: SiteJob) -> bool:
        return seen.usage is not None

    async def cancel(self, shell: Shell, token: str, site_ids: Collection[str]) -> None:
        for site_id in site_ids:
            if not re.fullmatch(r"\d+(_\d+)?", site_id):
                raise Refused(f"{site_id!r} is no id of a job here.")
        await self._do(lambda: self._cancel(token, set(site_ids)))

    async def queues(self, shell: Shell) -> list[QueueFacts]:
        return [await self._do(self._queue)]

    async def probe(self, shell: Shell) -> list[Fact]:
        def facts() -> list[Fact]:
            load = Path("/proc/loadavg").read_text()
            return [
                Fact("scheduler", self.name, "", "orders are kept and run by the platform itself"),
                Fact("sandbox", self._kind.value, "bwrap / unshare", self._kind.value),
                Fact("cores", self._cores, "sched_getaffinity", str(self._cores)),
                Fact("memory_bytes", self._memory, "/proc/meminfo", str(self._memory)),
                Fact("load", float(load.split()[0]), "cat /proc/loadavg", load),
            ]

        return await asyncio.to_thread(facts)

    async def forget(self, before: datetime) -> int:
        """Drop the records of orders that ended entirely before this time; returns how many orders were dropped."""
        return await self._do(lambda: self._forget(before.timestamp()))

    # ------------------------------------------------------------------------------------------------------ inside

    async def _do(self, act: Callable[[], T]) -> T:
        def locked() -> tuple[T, bool]:
            with self._spool.locked():
                self._spool.bury()
                return act(), self._spool.next_fitting() is not None

        def all_of_it() -> T:
            try:
                answer, waiting = locked()
                if waiting:
                    launch(self._spool.root)
            except OSError as error:
                why = f"The spool of this machine's jobs cannot be used: {error}."
                raise Unreachable(why, path=str(self._spool.root)) from error
            return answer

        return await asyncio.to_thread(all_of_it)

    def _must_fit(self, order: Order) -> None:
        cores = order.tasks * order.cpus_per_task
        if order.queue not in (None, QUEUE):
            raise Refused(f"This machine has no queue {order.queue!r}; its only queue is {QUEUE!r}.")
        if order.nodes != 1:
            raise Refused(f"This machine is one node; {order.nodes} were asked for. Choose another cluster.")
        if order.gpus:
            raise Refused("GPUs of this machine cannot be given to jobs. Choose another cluster.")
        if cores > self._cores:
            raise Refused(f"This machine has {self._cores} cores for jobs; {cores} were asked for.", cores=self._cores)
        if (order.memory_bytes or 0) > self._memory:
            raise Refused(f"This machine has {self._memory} bytes of memory; {order.memory_bytes} were asked for.")

    def _submit(self, order: Order) -> str:
        folder = _checked_folder(order.folder)
        if _below(os.path.realpath(self._spool.root), os.path.realpath(folder)):
            raise Refused("The job's folder contains the platform's own records.")
        known = self._spool.load(f"orders/{order.token}.json")
        if known is not None:
            raise AlreadyOrdered("This order was given before.", site_id=str(known["site_id"]))
        record = self._record(order, folder)
        try:
            os.mkdir(f"{folder}/{order.token}", 0o700)  # noqa: PTH102 - a name may hold any byte
        except FileExistsError as error:
            raise AlreadyOrdered("This order's folder exists already.", site_id=None) from error
        site_id = self._spool.count("orders")
        for index in order.indexes if order.indexes is not None else (None,):
            (self._spool.root / "queued" / member_name(site_id, order.token, index)).touch()
        self._spool.store(f"orders/{order.token}.json", {**record, "site_id": site_id})
        return str(site_id)

    def _record(self, order: Order, folder: str) -> dict[str, Any]:
        cores = order.tasks * order.cpus_per_task
        suffix = "" if order.indexes is None else ".{index}"
        out = order.stdout_path or f"{folder}/{order.token}/stdout{suffix}"
        err = order.stderr_path or f"{folder}/{order.token}/stderr{suffix}"
        for path in (out, err, order.script_path, order.chdir or folder):
            if not _below(path, folder):
                raise Refused(f"{path!r} is not inside the job's folder, the only one the job will see.", path=path)
        tmp_bytes = min(1 << 30, order.memory_bytes or self._memory // 4)
        walls = Walls(folder, network=self._network, hidden=self._hidden, tmp_bytes=tmp_bytes)
        told = {"HEROES_CORES": str(cores), "OMP_NUM_THREADS": str(order.cpus_per_task)}
        env = sandbox.environment(folder, told)
        return {
            "indexes": order.indexes,
            "folder": folder,
            "confined": sandbox.confine(self._kind, walls, [], env, self._system),
            "chdir": order.chdir or folder,
            "argv": [*_interpreter(order.script_path), order.script_path],
            "layers": _LAYERS[self._kind],
            "stdout_path": out,
            "stderr_path": err,
            "cores": cores,
            "memory_bytes": order.memory_bytes,
            "walltime_s": order.walltime_s,
            "grace_s": self._grace,
            "submitted_at": time.time(),
            "comment": order.comment,
        }

    def _jobs_of(self, token: str) -> list[SiteJob] | None:
        order = self._spool.load(f"orders/{token}.json")
        if order is None:
            return None
        indexes = order["indexes"] if order["indexes"] is not None else [None]
        return [self._job(member_name(order["site_id"], token, index), order) for index in indexes]

    def _members(self, site_ids: set[str]) -> list[SiteJob]:
        """The jobs with these ids, in any state."""
        wanted = {int(site_id) for site_id in site_ids if site_id.isdigit()}
        found: dict[str, SiteJob] = {}
        for folder in ("queued", "running", "ended"):
            for member in self._spool.names(folder):
                if parse_member(member)[0] in wanted and (order := self._spool.order_of(member)) is not None:
                    found[member] = self._job(member, order)
        return list(found.values())

    def _watch(self, since: datetime, known: set[str]) -> list[SiteJob]:
        live: list[SiteJob] = []
        for folder in ("queued", "running"):
            for member in self._spool.names(folder):
                if (order := self._spool.order_of(member)) is not None:
                    live.append(self._job(member, order))
        seen = {job.site_id for job in live}
        del since  # every order is kept, so nothing depends on how far back one looks
        arrays = {site_id for site_id in known if site_id in seen}
        return [*live, *(job for job in self._members((known - seen) | arrays) if job.state is SiteState.ENDED)]

    def _counters(self, sample: Collection[Key]) -> dict[Key, Counters]:
        try:
            return local_counters.read(self._spool, sample, datetime.now(UTC))
        except OSError:
            return {}  # a look at the jobs never fails by this

    def _job(self, member: str, order: dict[str, Any]) -> SiteJob:
        site_id, token, index = parse_member(member)
        base = partial(SiteJob, str(site_id), index, token, submitted_at=_when(order["submitted_at"]))
        if (end := self._spool.load(f"ended/{member}")) is not None:
            return base(
                state=SiteState.ENDED,
                end=SiteEnd(end["end"]),
                reason=end["reason"] or end["end"],
                text=_TEXTS.get(end["end"]),
                exit_code=end.get("exit_code"),
                signal=end.get("signal"),
                started_at=_when(end["started_at"]),
                ended_at=_when(end["ended_at"]),
                usage=self._usage(end.get("usage")),
            )
        if (record := self._spool.load(f"running/{member}")) is not None:
            return base(state=SiteState.RUNNING, started_at=_when(record["started_at"]))
        text = "Waits until enough cores and memory of this machine are free."
        return base(state=SiteState.QUEUED, reason="Resources", text=text)

    def _usage(self, used: dict[str, Any] | None) -> SiteUsage | None:
        if used is None:
            return None
        return SiteUsage(
            nodes=1,
            cpus=used["cores"],
            elapsed_s=used["elapsed_s"],
            cpu_s=used["cpu_s"],
            max_rss_bytes=used["max_rss_bytes"],
            energy_j=used["energy_j"],
            energy_source=used["energy_source"],
            node_list=self._node,
        )

    def _cancel(self, token: str, site_ids: set[str]) -> None:
        for member in self._spool.names("queued"):
            if _is_meant(member, token, site_ids) and self._spool.order_of(member) is not None:
                now = time.time()
                self._spool.end(
                    member, {"end": "CANCELLED", "reason": "cancelled", "started_at": None, "ended_at": now}
                )
        for member in self._spool.names("running"):
            if _is_meant(member, token, site_ids):
                (self._spool.root / "cancel" / member).touch()
                supervisor = (self._spool.load(f"running/{member}") or {}).get("supervisor")
                if supervisor is not None and alive(supervisor):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(supervisor["pid"], signal.SIGTERM)

    def _queue(self) -> QueueFacts:
        taken, _ = self._spool.taken()
        free = max(0, self._cores - taken)
        return QueueFacts(
            name=QUEUE,
            nodes_total=1,
            nodes_free=int(taken == 0),
            cores_per_node=self._cores,
            memory_bytes_per_node=self._memory,
            gpus_per_node=0,
            max_walltime_s=None,
            max_nodes=1,
            state="UP",
            pending_jobs=len(self._spool.names("queued")),
            running_jobs=len(self._spool.names("running")),
            down_nodes=0,
            cores_total=self._cores,
            cores_free=free,
            default=True,
        )

    def _forget(self, before: float) -> int:
        live = {parse_member(name)[1] for folder in ("queued", "running") for name in self._spool.names(folder)}
        ended: dict[str, list[tuple[str, float]]] = {}
        for member in self._spool.names("ended"):
            record = self._spool.load(f"ended/{member}") or {}
            ended.setdefault(parse_member(member)[1], []).append((member, record.get("ended_at", 0.0)))
        old = [token for token, ends in ended.items() if token not in live and all(at < before for _, at in ends)]
        for token in old:
            self._spool.drop(f"orders/{token}.json")
            for member, _ in ended[token]:
                self._spool.drop(f"ended/{member}")
        return len(old)


def _is_meant(member: str, token: str, site_ids: set[str]) -> bool:
    site_id, own, index = parse_member(member)
    return own == token and (str(site_id) in site_ids or f"{site_id}_{index}" in site_ids)


def _when(stamp: float | None) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)


def _below(path: str, folder: str) -> bool:
    return ".." not in PurePosixPath(path).parts and PurePosixPath(path).is_relative_to(folder)


def _checked_folder(folder: str) -> str:
    plain = os.path.normpath(folder)
    if not folder.startswith("/") or os.path.islink(plain):  # noqa: PTH114 - a name may hold any byte
        raise Refused(f"The job's folder {folder!r} must be an absolute path and no link.", path=folder)
    if not os.path.isdir(plain):  # noqa: PTH112
        raise Refused(f"The job's folder {folder!r} does not exist.", path=folder)
    return plain


def _interpreter(script: str) -> list[str]:
    """As the kernel would read the script's first line, also where its file is not executable."""
    try:
        with open(script, "rb") as file:
            first = file.readline(256)
    except OSError as error:
        raise Refused(f"The job's script cannot be read: {error.strerror}.", path=script) from error
    if not first.startswith(b"#!"):
        return ["/bin/sh"]
    return os.fsdecode(first[2:].strip()).split(maxsplit=1)


def _memory_total() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
