"""One look at 20,000 live jobs, from what squeue prints to the rows: what it costs the worker, PostgreSQL apart."""

import asyncio
import math
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bench.figures import Figure, figure
from heroes.adapters.ports import Result
from heroes.adapters.slurm import Slurm
from heroes.clusters.lines import Lines, Site, _Held
from heroes.clusters.models import Line, Watch
from heroes.clusters.rules import Kind
from heroes.clusters.steps import keep
from heroes.kit import bulk
from heroes.kit.db import Base, Database, heroes_now
from heroes.kit.postgres import EmbeddedPostgres
from heroes.kit.process import keep_loaded
from heroes.kit.work import Claim, Registration, Work
from tables import make

LONE, MEMBERS = 10_000, 10_000
REPETITIONS = 7
SUBMITTED, STARTED, ENDS = 1_795_255_657, 1_795_255_659, 1_795_259_259


@dataclass
class _Squeue:
    """Answers the question on all jobs as the site's shell does; `changed` of them say another start each time."""

    lone: int
    members: int
    changed: int = 0
    turn: int = 0

    async def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 30.0) -> Result:
        mark = argv[4]
        jobs = [(str(number), "") for number in range(1, self.lone + 1)]
        jobs += [("900000", f"_{task}") for task in range(self.members)]
        every = len(jobs) // self.changed if self.changed else 0
        self.turn += 1
        lines = [
            f"{site_id}{task}|RUNNING|{SUBMITTED}|{STARTED + (self.turn if every and place % every == 0 else 0)}|"
            f"{ENDS}|n0|None|h{site_id}"
            for place, (site_id, task) in enumerate(jobs)
        ]
        parts = {"clock": [f"{int(time.time())} +0000"], "squeue": lines, "sacct": []}
        out = [line for name, told in parts.items() for line in (f"{mark} {name}", *told, f"{mark} . 0")]
        return Result(0, "\n".join(out) + "\n", "")


class _OneLine(Lines):
    """A worker's only line, held all the time: all of `Lines` but leases and connection."""

    def __init__(self, shell: _Squeue) -> None:
        self.shell = shell
        self._held = {"lin_1": _Held("lin_1", 1, math.inf)}
        files: Any = None
        self._site = Site(shell, files, Slurm(), "/scratch", "alpha", "lin_1", "clu_1", Kind.SLURM, None, 0o700)

    @asynccontextmanager
    async def watching(self, line_id: str) -> AsyncIterator[Site]:
        yield self._site

    def looked(self, line_id: str) -> Sequence[datetime]:
        return ()  # as if minutes lay between the looks


def ticks() -> Iterator[Figure]:
    """Measure looks at jobs of which 1 % changed, and at jobs that all changed."""
    with tempfile.TemporaryDirectory(prefix="heroes-bench-", dir="/tmp") as home:
        Path(home).chmod(0o755)
        server = EmbeddedPostgres(Path(home), durable=False)
        server.start()
        try:
            database = Database(make(server, "ticks"))
            keep_loaded()  # as a worker does once it has started
            for share, goal in ((0.01, "≤ 100"), (1.0, "≤ 1,000")):
                samples = asyncio.run(looks(database, share))
                name = f"one look at {LONE + MEMBERS:,} live jobs, {share:.0%} changed"
                yield figure(name, samples, "CPU ms", goal)
        finally:
            server.stop()


async def looks(database: Database, share: float, lone: int = LONE, members: int = MEMBERS) -> list[float]:
    """Return the CPU ms of each look at this many jobs; fails where one does not store all that changed."""
    shell = _Squeue(lone, members)
    lines = _OneLine(shell)
    async with database.worker() as session:
        await session.execute(text("DELETE FROM watches"))
        await _fill(session, lone, members)
    await _look(database, lines)  # all are new to it
    shell.changed = round(share * (lone + members))
    samples = []
    for _ in range(REPETITIONS):
        async with database.worker() as session:
            before = (await session.scalars(select(heroes_now()))).one()
        spent = await _look(database, lines)
        async with database.worker() as session:
            changed = await session.scalar(select(func.count()).where(Watch.changed_at > before))
        assert changed == shell.changed, f"{changed} of {shell.changed} changes were stored"
        samples.append(spent * 1000)
    await database.close()
    return samples


async def _look(database: Database, lines: _OneLine) -> float:
    """Let a worker's keeper look once; return the CPU seconds of this process, the shell's own apart."""
    async with database.worker() as session:
        await session.execute(text("UPDATE lines SET due_at = heroes_now(), watched_at = NULL, lease_owner = NULL"))
    answer = await lines.shell.run(["", "", "", "", "@@"])
    del answer
    before = time.process_time()
    await lines.shell.run(["", "", "", "", "@@"])
    of_shell = time.process_time() - before

    async def step(work: Work, claim: Claim) -> None:
        await keep(work, claim, lines=lines)

    work = Work(database, [Registration(Line, step)])
    before = time.process_time()
    await work.start_due()
    await asyncio.gather(*(run.task for run in work._running.values()))
    return time.process_time() - before - of_shell


async def _fill(session: AsyncSession, lone: int, members: int) -> None:
    tables = Base.metadata.tables
    if await session.get(Line, "lin_1") is None:
        acme = {"id": "org_1", "name": "acme", "title": "Acme"}
        await session.execute(tables["organizations"].insert().values(**acme))
        cluster = {"id": "clu_1", "organization_id": "org_1", "name": "alpha", "kind": "slurm", "state": "READY"}
        await session.execute(tables["clusters"].insert().values(**cluster, job_root="/scratch"))
        known = {"id": "lin_1", "organization_id": "org_1", "cluster_id": "clu_1", "account": "alice"}
        line = {**known, "kind": "slurm", "auth": "key", "state": "CONNECTED", "sighted_at": heroes_now()}
        await session.execute(tables["lines"].insert().values(**line))
    same = {"organization_id": "org_1", "line_id": "lin_1"}
    own = {**same, "index": None, "waiter_table": "jobs"}
    rows: list[dict[str, Any]] = [
        {**own, "id": f"w{n}", "token": f"h{n}", "site_id": f"{n}", "waiter_id": f"j{n}"} for n in range(1, lone + 1)
    ]
    array = {"token": "h900000", "site_id": "900000", "waiter_table": "job_arrays", "waiter_id": "a1"}
    rows += [{**same, **array, "id": f"m{task}", "index": task} for task in range(members)]
    await bulk.insert(session, Watch, rows)
