"""Every crash point of submission, enumerated: a worker dies before and after each commit and each remote act.

One execution has as many jobs as there are points; the worker that advances the n-th job dies at the n-th point, and
another takes over. Each job's payload is run by a real shell from a real disk, so that starts are read from there.
"""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from centre import Centre, Lines, World, world_of
from sqlalchemy import func, select, text

from heroes.adapters.ports import Order, Shell
from heroes.clusters.lines import Site
from heroes.costs.models import BudgetPeriod, Draw, Reservation, Usage
from heroes.data import steps as data_steps
from heroes.executions import steps as execution_steps
from heroes.jobs import steps as job_steps
from heroes.jobs.models import Attempt, Job
from heroes.kit.db import Database
from heroes.kit.errors import Unreachable
from heroes.kit.outbox import Event
from heroes.kit.work import Claim, Done, Registration, Work

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

REMOTE = {"submit", "find", "cancel", "usage", "symlink", "write", "rename"}
ARRIVES = 4
"""the round in which what was on its way arrives"""
MOST_ROUNDS = 40


class Died(BaseException):
    """The worker is killed here."""


@dataclass
class Fate:
    """What befalls the worker that advances one job: at its n-th point it dies, or a user cancels, or both."""

    at: int
    dies: bool
    cancels: bool
    points: list[str] = field(default_factory=list)

    async def point(self, name: str, world: World, job_id: str, *, locked: bool = False) -> None:
        self.points.append(name)
        if len(self.points) < self.at or not (self.dies or self.cancels):
            return
        if self.cancels and not locked:  # whoever holds the row's lock has committed before a user can ask
            self.cancels = False
            async with world.database.worker() as session:
                asked = "UPDATE jobs SET cancel_requested_at = heroes_now(), wakes = wakes + 1 WHERE id = :id"
                await session.execute(text(asked), {"id": job_id})
        if self.dies:
            self.dies = False
            raise Died(name)


class Acts:
    """Something remote, each act of which is a point before and a point after."""

    def __init__(self, real: Any, point: Any) -> None:
        self._real, self._point = real, point

    def __getattr__(self, name: str) -> Any:
        act = getattr(self._real, name)
        if name not in REMOTE:
            return act

        async def watched(*given: Any, **more: Any) -> Any:
            await self._point(f"before {name}")
            try:
                return await act(*given, **more)
            finally:
                await self._point(f"after {name}")

        return watched


class Mortal(Work):
    """A worker that dies where the fate of the job says so."""

    world: World
    fates: dict[str, Fate]
    current: str = ""

    async def point(self, name: str, *, locked: bool = False) -> None:
        await self.fates[self.current].point(name, self.world, self.current, locked=locked)

    @asynccontextmanager
    async def _fenced(self, claim: Claim) -> AsyncIterator[Done]:
        async with super()._fenced(claim) as done:
            yield done
            await self.point("before commit", locked=True)
        await self.point("after commit")

    async def advance(self, registration: Registration) -> int:
        claims = await self.claim(registration, 200)
        for claim in claims:
            self.current = claim.id
            with suppress(Died):  # its lease ends, and another takes over
                await self._start(registration, claim)
        return len(claims)


class MortalLines(Lines):
    """The lines of that worker."""

    work: Mortal

    @asynccontextmanager
    async def control(self, line_id: str) -> AsyncIterator[Site]:
        async with super().control(line_id) as site:
            point = self.work.point
            yield replace(site, batch=Acts(site.batch, point), files=Acts(site.files, point))


class Doubtful(Centre):
    """A centre that treats the first order of each job in one way: prompt, mute, late, or lost on the way."""

    way = "prompt"
    stray: list[Order]
    treated: set[str]

    async def submit(self, shell: Shell, order: Order) -> str:
        first = order.folder not in self.treated
        self.treated.add(order.folder)
        self.mute, self.late = first and self.way == "mute", first and self.way == "late"
        if first and self.way == "lost":
            self.stray.append(order)
            raise Unreachable("The connection was cut.")
        return await super().submit(shell, order)

    def arrive(self) -> None:
        super().arrive()
        while self.stray:
            order = self.stray.pop()
            # the order's own mkdir stops it where the platform has taken the gate, or has removed the job's folder
            with suppress(FileExistsError, FileNotFoundError):
                (Path(order.folder) / order.token).mkdir()
                self._take(order)


@dataclass
class Play:
    """One play of the model."""

    world: World
    centre: Doubtful
    work: Mortal
    rest: Work
    jobs: Registration
    wid: str

    async def to_the_end(self, *, silent: int = 0) -> None:
        for number in range(MOST_ROUNDS):
            self.centre.silent = number < silent
            await self.world.due()
            for _ in range(12):
                if not await self.work.advance(self.jobs):
                    break
                await self.rest.until_idle()
            if number == ARRIVES:
                self.centre.arrive()
            await self.centre.run()
            await self.world.look()
            await self.rest.until_idle()
            if (await self.world.execution(self.wid)).status in {"FINISHED", "FAILED", "CANCELED"}:
                return
        raise AssertionError(
            [(job.step, job.state, job.note, job.last_error) for job in await self.world.jobs(self.wid)]
        )


async def play(world: World, way: str, count: int, *, dies: bool, cancels: bool) -> Play:
    """Submit `count` jobs, of which the n-th meets its fate at the n-th point."""
    centre = world.centres.get("alpha") or await world.centre("alpha")
    centre.__class__ = Doubtful
    assert isinstance(centre, Doubtful)
    centre.way, centre.stray, centre.treated = way, [], set()
    payload = f'echo "$HEROES_JOB $HEROES_ATTEMPT" >> {centre.root}/starts'
    step = "s{}:\n  script: {}\n  resources: {{walltime: 60}}\n  retries: {{infrastructure: 0}}\n"
    wid = await world.submit("".join(step.format(n, repr(payload)) for n in range(count)))
    lines = MortalLines()
    lines.centres = world.lines.centres
    parts = replace(world.parts, lines=lines)  # type: ignore[arg-type]
    jobs = next(one for one in job_steps.registrations(parts) if one.model is Job)
    rest = [one for slice_ in (data_steps, execution_steps) for one in slice_.registrations(world.parts)]
    work = Mortal(world.database, [jobs])
    work.world, work.fates, lines.work = world, {}, work
    made = Play(world, centre, work, Work(world.database, rest), jobs, wid)
    await made.rest.until_idle()
    for number, job in enumerate(sorted(await world.jobs(wid), key=lambda job: int(job.step[1:])), start=1):
        work.fates[job.id] = Fate(number, dies, cancels)
    return made


async def assert_whole(played: Play) -> None:
    """At most one start per attempt, exactly one end, and money held and freed exactly once."""
    world, file = played.world, played.centre.root / "starts"
    mine = set(played.work.fates)
    starts = Counter(
        line for line in (file.read_text().splitlines() if file.exists() else []) if line.split()[0] in mine
    )
    assert set(starts.values()) <= {1}, starts
    started = {line.split()[0] for line in starts}
    async with world.database.worker() as session:
        jobs = (await session.scalars(select(Job).where(Job.execution_id == played.wid))).all()
        tried = (await session.scalars(select(Attempt).where(Attempt.job_id.in_(mine)))).all()
        used = (await session.scalars(select(Usage).where(Usage.execution_id == played.wid))).all()
        drawn = (await session.scalars(select(Draw).where(Draw.execution_id == played.wid))).all()
        held = (await session.scalars(select(Reservation).where(Reservation.execution_id == played.wid))).all()
        ends = select(Event.subject, func.count()).where(Event.type == "job.ended", Event.subject.in_(mine))
        told = {row[0]: row[1] for row in await session.execute(ends.group_by(Event.subject))}
        budget = (await session.scalars(select(BudgetPeriod))).one()
        spent = (await session.scalars(select(func.sum(Usage.charged)))).one()
    for job in jobs:
        met = played.work.fates[job.id]
        assert job.state == "ENDED", (job.step, met.points)
        assert (job.end == "SUCCEEDED") <= (job.id in started), (job.end, met.points)
        if not met.cancels and job.cancel_requested_at is None:
            assert job.end == "SUCCEEDED", (job.end, job.note, met.points)
    assert told == dict.fromkeys(mine, 1)
    assert max(Counter((one.job_id, one.number) for one in tried).values(), default=1) == 1
    assert Counter(one.attempt_id for one in used) == Counter(one.id for one in tried)
    assert all(one.closed_at is not None for one in drawn)
    assert all((one.released_at is not None, one.remaining) == (True, 0) for one in held)
    assert (budget.reserved, budget.spent) == (0, spent or 0)


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world_of(database, tmp_path, budget="100000") as made:
        yield made


@pytest.mark.parametrize("cancels", [False, True], ids=["killed", "killed and cancelled"])
@pytest.mark.parametrize(
    ("way", "silent"),
    [("prompt", 0), ("mute", 0), ("mute", 3), ("late", 0), ("lost", 0)],
    ids=["prompt", "answer lost", "answer lost and sources silent", "order taken late", "order lost on its way"],
)
async def test_whoever_dies_where_each_payload_starts_once_and_ends_once(
    world: World, way: str, silent: int, cancels: bool
) -> None:
    dry = await play(world, way, 1, dies=False, cancels=False)
    await dry.to_the_end(silent=silent)
    [fate] = dry.work.fates.values()
    assert {"before submit", "after submit", "before commit", "after commit"} <= set(fate.points)
    played = await play(world, way, len(fate.points), dies=True, cancels=cancels)
    await played.to_the_end(silent=silent)
    assert not [one.at for one in played.work.fates.values() if one.dies], "every point was reached"
    await assert_whole(played)


@pytest.mark.parametrize("way", ["prompt", "mute", "late"])
async def test_a_cancel_during_any_act_is_not_lost(world: World, way: str) -> None:
    dry = await play(world, way, 1, dies=False, cancels=False)
    await dry.to_the_end()
    [fate] = dry.work.fates.values()
    played = await play(world, way, len(fate.points), dies=False, cancels=True)
    await played.to_the_end()
    await assert_whole(played)
    ends = {job.step: job.end for job in await world.jobs(played.wid)}
    assert ends["s0"] == "CANCELLED", "asked before anything had left"
