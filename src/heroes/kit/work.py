"""Durable work: the row is the truth.

A row that waits for something says when it is next due. Workers claim due rows in batches; a claim is a lease (the row
falls due again when it ends) and a fence (each claim counts it up; a result is applied only under the fence it was
claimed with). Every step may run twice, so it looks before it acts. LISTEN/NOTIFY is only a doorbell.
"""

import asyncio
import random
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, NamedTuple

import psycopg
import structlog
from sqlalchemy import ColumnElement, Index, case, inspect, null, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, object_session

from heroes.kit.db import Base, Database, doorbell, heroes_now, know_time
from heroes.kit.due import apart, freed, held, leased, look, recovered, sooner, take, woken
from heroes.kit.errors import Refused, Unreachable
from heroes.kit.machine import owner_is_dead, owner_name
from heroes.kit.rings import rings

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
NOW = timedelta(0)
LONGEST_BACKOFF = 300.0  # seconds
IDLE = 5.0  # seconds between looks when no doorbell rings
LOCKED = 0.25  # seconds until another look at a due row that somebody has locked
GATHER = 0.02  # seconds in which several doorbells count as one
BUSY = 0.05  # and while one look after the other finds what is due: it is claimed together then


class Durable:
    """Columns of a table whose rows are advanced by steps."""

    due_at: Mapped[datetime | None] = mapped_column(sort_order=910)
    lease_owner: Mapped[str | None] = mapped_column(sort_order=911)
    fence: Mapped[int] = mapped_column(default=0, server_default="0", sort_order=912)
    wakes: Mapped[int] = mapped_column(default=0, server_default="0", sort_order=913)
    failures: Mapped[int] = mapped_column(default=0, server_default="0", sort_order=914)
    last_error: Mapped[str | None] = mapped_column(sort_order=915)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        name = cls.__tablename__  # type: ignore[attr-defined]
        return (Index(f"ix_{name}_due", "due_at", postgresql_where="due_at IS NOT NULL"),)


class Stale(Exception):
    """Somebody else has claimed the row since: what this claim found out is dropped."""


class Waiter(NamedTuple):
    """A row that waits: whoever it waits for, further down, wakes it by name when done."""

    table: str
    id: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A right to advance one row until the lease ends."""

    model: Any
    id: str
    organization_id: str
    fence: int
    wakes: int
    failures: int
    row: Any = field(compare=False, repr=False)


@dataclass(slots=True)
class Done:
    """An open application of a result: one transaction, the row locked under its fence."""

    session: AsyncSession
    row: Any
    _after: timedelta | None = None

    def again(self, after: timedelta | float = 0.0) -> None:
        """Fall due again after a time (seconds or timedelta), at once by itself; else the row sleeps until woken."""
        self._after = after if isinstance(after, timedelta) else timedelta(seconds=after)


Step = Callable[["Work", Claim], Awaitable[None]]


@dataclass(frozen=True)
class Registration:
    """A step for the due rows of one table: how many at once, and which.

    `only` gives further SQL conditions. It is asked once; what changes with time is a bound value, as in `due.one_of`.
    Of the rows that have one value of the column `by`, at most `share` are advanced at once: the slow slow no others.
    """

    model: Any
    step: Step
    concurrency: int = 8
    batch: int = 16
    only: Callable[[], Sequence[ColumnElement[bool]]] | None = None
    by: Any = None
    share: int = 8

    @cached_property
    def conditions(self) -> Sequence[ColumnElement[bool]]:
        return tuple(self.only()) if self.only else ()


def wake(row: Any, after: timedelta | float = 0.0) -> None:
    """Make a row due when this session commits. A row under a lease is looked at again as soon as that ends."""
    session = object_session(row)
    if session is None:
        raise ValueError("add the row to a session before waking it")
    model = type(row)
    delay = after if isinstance(after, timedelta) else timedelta(seconds=after)
    if inspect(row).persistent:
        row.wakes = model.wakes + 1
        row.due_at = sooner(model, heroes_now() + delay)
    else:
        row.due_at = heroes_now() + delay
    if not delay:
        doorbell(session, model.__tablename__)


async def wake_named(session: AsyncSession, waiter: Waiter) -> None:
    """Wake the row that a waiter names; does nothing if it has gone."""
    await wake_all_named(session, (waiter,))


async def wake_all_named(session: AsyncSession, waiters: Collection[Waiter]) -> None:
    """Wake all rows that these waiters name, each once: one statement a table, which locks them in their order."""
    for table in sorted({one.table for one in waiters}):
        rows = sorted(one.id for one in waiters if one.table == table)
        await session.execute(woken(_durable(table)), {"rows": rows})
        doorbell(session, table)


async def wake_failed(session: AsyncSession, column: str, value: str) -> None:
    """Make due what waits out its failures, in all tables with this column: what they failed by has passed."""
    for model in due_tables():
        if column in inspect(model).columns:
            table = model.__tablename__
            await session.execute(recovered(model, column), {"value": value})
            doorbell(session, table)


def backoff(failures: int) -> float:
    """Return seconds to wait after so many failures in a row: 1, 2, 4 … 300, with a fifth of jitter."""
    return min(LONGEST_BACKOFF, 2.0 ** min(failures, 10)) * random.uniform(0.8, 1.2)  # noqa: S311


@dataclass
class _Running:
    claim: Claim
    registration: Registration
    task: asyncio.Task[None] = field(init=False)

    def in_its_lane(self, row: Any) -> bool:
        """Tell whether the row still is where this worker may advance it and has a place for it."""
        by = self.registration.by
        return by is None or getattr(row, by.key) == getattr(self.claim.row, by.key)


@dataclass
class Work:
    """The worker's side: claims, runs and settles the steps of one process."""

    database: Database
    registrations: list[Registration] = field(default_factory=list)
    lease: timedelta = LEASE
    owner: str = field(default_factory=lambda: owner_name(socket.gethostname()))

    def __post_init__(self) -> None:
        self._running: dict[tuple[str, str], _Running] = {}
        self._stopping = False
        self._bell = asyncio.Event()
        self._bells: dict[str, asyncio.Event] = {one.model.__tablename__: self._bell for one in self.registrations}
        self._next = 0.0
        self._looks: dict[tuple[int, ...], Any] = {}
        self._takes: dict[int, Any] = {}
        self._conditions: dict[int, Sequence[ColumnElement[bool]]] = {}

    def bell(self, table: str) -> asyncio.Event:
        """Return an event that is set whenever somebody rings for a table, and when rings may have been missed."""
        return self._bells.setdefault(table, asyncio.Event())

    # what steps use

    async def load(self, model: Any, claim: Claim) -> Any:
        """Return the row as it was claimed, detached and read-only. What has changed since, `apply` finds out."""
        if not isinstance(claim.row, model):
            raise TypeError(f"the claim is of {type(claim.row).__name__}, not of {model.__name__}")
        return claim.row

    @asynccontextmanager
    async def apply(self, claim: Claim) -> AsyncIterator[Done]:
        """Apply the result of a claim in one transaction and give the lease back. Raises Stale, changing nothing.

        A row that falls due at once keeps the lease, and its next act follows under the same claim: to find and claim
        it anew would cost more than many an act.
        """
        model, following = claim.model, None
        async with self._fenced(claim) as done:
            wakes = done.row.wakes
            yield done
            row, run = done.row, self._running.get((model.__tablename__, claim.id))
            row.failures, row.last_error = 0, None
            if done._after == NOW and run and run.claim is claim and run.in_its_lane(row) and not self._stopping:
                row.due_at = heroes_now() + self.lease
                await done.session.flush()
                await done.session.refresh(row)
                following = replace(claim, wakes=wakes, failures=0, row=row)
            else:
                row.lease_owner = None
                due = null() if done._after is None else heroes_now() + done._after
                woken = inspect(row).attrs.wakes.history.added  # by itself, and not written yet: `case` reads the row
                row.due_at = heroes_now() if woken else case((model.wakes > claim.wakes, heroes_now()), else_=due)
                if done._after is not None:
                    doorbell(done.session, model.__tablename__)
        if run and following:
            run.claim = following

    @asynccontextmanager
    async def checkpoint(self, claim: Claim) -> AsyncIterator[Done]:
        """Commit something under the fence and go on with the same lease. Raises Stale, changing nothing."""
        async with self._fenced(claim) as done:
            yield done

    @asynccontextmanager
    async def _fenced(self, claim: Claim) -> AsyncIterator[Done]:
        model = claim.model
        async with self.database.worker() as session:
            found = (await session.execute(held(model), {"row": claim.id, "mark": claim.fence})).one_or_none()
            if found is None:
                raise Stale
            row, time = found
            know_time(session, time)
            yield Done(session, row)

    # the loop

    async def run(self, stop: asyncio.Event) -> None:
        """Advance due rows until `stop`; acts under way then get 20 s to end, and others take over the rest."""
        listener = asyncio.create_task(self._listen())
        renewer = asyncio.create_task(self._renew())
        stopper = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                self._bell.clear()
                found = 0
                try:
                    found = await self.start_due()
                    pause = max(GATHER, self._next)
                except Exception:
                    log.exception("the database did not answer; looking again")
                    pause = IDLE
                bell = asyncio.create_task(self._bell.wait())
                await asyncio.wait({bell, stopper}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                bell.cancel()
                await asyncio.wait({stopper}, timeout=BUSY if found else GATHER)
        finally:
            self._stopping = True
            await self._drain(20)
            for task in (listener, renewer, stopper):
                task.cancel()
            await asyncio.gather(listener, renewer, stopper, return_exceptions=True)

    async def start_due(self) -> int:
        """Claim what is due and start its steps; return how many."""
        free = [one for one in self.registrations if self._room(one) > 0]
        self._next, started = IDLE, 0
        if not free:
            return 0
        [row] = await self.database.once(self._look(free))
        answers: Iterable[tuple[Registration, bool, Decimal | None]] = zip(free, row[0::2], row[1::2], strict=True)
        for registration, due, later in answers:
            pauses = [self._next, IDLE if later is None else float(later)]
            if due:
                room = self._room(registration)
                found = await self.claim(registration, room)
                for claim in found:
                    self._start(registration, claim)
                started += len(found)
                if not found:
                    pauses.append(LOCKED)
                elif len(found) == room and self._room(registration) > 0:
                    pauses.append(0.0)  # a whole batch was due, perhaps more
            self._next = min(pauses)
        return started

    def _room(self, registration: Registration) -> int:
        busy = sum(run.registration is registration for run in self._running.values())
        most = registration.batch if registration.by is None else min(registration.batch, registration.share)
        return min(most, registration.concurrency - busy)

    def _conditions_of(self, registration: Registration) -> Sequence[ColumnElement[bool]]:
        key = id(registration)
        if key not in self._conditions:
            found = registration.conditions
            if registration.by is not None:
                found = (*found, apart(registration.by, partial(self._crowded, registration)))
            self._conditions[key] = found
        return self._conditions[key]

    def _crowded(self, registration: Registration) -> list[str]:
        runs = (run for run in self._running.values() if run.registration is registration)
        counts = Counter(getattr(run.claim.row, registration.by.key) for run in runs)
        return [value for value, count in counts.items() if value is not None and count >= registration.share]

    def _look(self, free: Sequence[Registration]) -> Any:
        key = tuple(map(id, free))
        if key not in self._looks:
            self._looks[key] = look([(one.model, self._conditions_of(one)) for one in free])
        return self._looks[key]

    async def until_idle(self, *, limit: float = 60.0) -> None:
        """Run everything due, and what that makes due, until nothing is due now (for tests and commands)."""
        async with asyncio.timeout(limit):
            while True:
                busy = bool(self._running)  # what ends while we look may leave room for more of its kind
                if not await self.start_due() and not self._running and not busy:
                    return
                tasks = [run.task for run in self._running.values()]
                if tasks:
                    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)

    async def claim(self, registration: Registration, count: int) -> list[Claim]:
        """Take up to `count` due rows under a lease."""
        key = id(registration)
        if key not in self._takes:
            self._takes[key] = take(registration.model, self._conditions_of(registration), self.owner, self.lease)
        async with self.database.worker_at_once() as session:
            rows = (await session.scalars(self._takes[key], {"count": count})).all()
        return [Claim(type(r), r.id, r.organization_id, r.fence, r.wakes, r.failures, r) for r in rows]

    def _start(self, registration: Registration, claim: Claim) -> asyncio.Task[None]:
        key = (registration.model.__tablename__, claim.id)
        run = self._running[key] = _Running(claim, registration)
        run.task = asyncio.create_task(self._act(run), name=f"{key[0]}:{claim.id}")

        def ended(_: asyncio.Task[None]) -> None:
            if self._running.get(key) is run:
                del self._running[key]
            self._bell.set()

        run.task.add_done_callback(ended)
        return run.task

    async def _act(self, run: _Running) -> None:
        table, claim = run.registration.model.__tablename__, None
        with structlog.contextvars.bound_contextvars(
            **{"organization.id": run.claim.organization_id, "row": run.claim.id}
        ):
            try:
                while claim is not run.claim:
                    claim = run.claim
                    await run.registration.step(self, claim)
            except Stale:
                log.info("a stale result was dropped", table=table)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                quiet = isinstance(error, Unreachable | Refused)
                log.warning("step failed", table=table, error=str(error), exc_info=None if quiet else error)
                with suppress(Exception):
                    await self._fail(run.claim, error)

    async def _fail(self, claim: Claim, error: Exception) -> None:
        model = claim.model
        text = str(error) or type(error).__name__
        async with self.database.worker() as session:
            await session.execute(
                update(model)
                .where(model.id == claim.id, model.fence == claim.fence)
                .values(
                    failures=model.failures + 1,
                    last_error=text[:2000],
                    lease_owner=None,
                    due_at=case(
                        (model.wakes > claim.wakes, heroes_now()),
                        else_=heroes_now() + timedelta(seconds=backoff(claim.failures)),
                    ),
                )
                .execution_options(synchronize_session=False)
            )

    async def _renew(self) -> None:
        while True:
            with suppress(Exception):
                await self.inherit()
            await asyncio.sleep(self.lease.total_seconds() / 3)
            with suppress(Exception):
                await self._renew_once()

    async def inherit(self) -> None:
        """Make due at once what processes of this machine held that are gone; of others only the lease's end tells."""
        models = list({one.model.__tablename__: one.model for one in self.registrations}.values())
        async with self.database.worker_at_once() as session:
            owners = (await session.scalars(leased(models, self.lease))).all()
            dead = [owner for owner in owners if owner_is_dead(owner)]
            for model in models if dead else ():
                await session.execute(freed(model), {"owners": dead})
        if dead:
            self._bell.set()

    async def _renew_once(self) -> None:
        by_registration: dict[int, list[_Running]] = {}
        for run in list(self._running.values()):
            by_registration.setdefault(id(run.registration), []).append(run)
        for runs in by_registration.values():
            model = runs[0].registration.model
            fences = {run.claim.id: run.claim.fence for run in runs}
            async with self.database.worker() as session:
                kept = await session.execute(
                    update(model)
                    .where(model.id.in_(fences), model.lease_owner == self.owner)
                    .values(due_at=heroes_now() + self.lease)
                    .returning(model.id, model.fence)
                    .execution_options(synchronize_session=False)
                )
                held = {row_id for row_id, fence in kept.all() if fences.get(row_id) == fence}
            for run in runs:
                if run.claim.id not in held and not run.task.done():
                    run.task.cancel()  # somebody else has the row: stop acting on it

    async def _listen(self) -> None:
        while True:
            try:
                async for table in rings(self.database.urls.worker, "heroes_work"):
                    for bell in self._bells.values() if table is None else [self._bells.get(table)]:
                        if bell is not None:
                            bell.set()
            except psycopg.Error:
                await asyncio.sleep(1)

    async def _drain(self, seconds: float) -> None:
        tasks = [run.task for run in self._running.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def _durable(table: str) -> Any:
    for mapper in Base.registry.mappers:
        if mapper.class_.__tablename__ == table and issubclass(mapper.class_, Durable):
            return mapper.class_
    raise LookupError(f"no durable table is called {table}")


def due_tables() -> Iterable[Any]:
    """Return every durable model, for views on the work that waits."""
    return [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Durable)]


__all__ = [
    "Claim",
    "Done",
    "Durable",
    "Registration",
    "Stale",
    "Waiter",
    "Work",
    "backoff",
    "wake",
    "wake_all_named",
    "wake_failed",
    "wake_named",
]
