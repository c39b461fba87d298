"""Lines: in each worker process one `Lines` holds the only connections to sites.

A line is owned by one process at a time: a lease on its row (`owner`, `owned_until`) with a fence (`epoch`). Who loses
the lease closes the connection at once; who cannot renew it in time closes it before anybody else may take it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters.ports import Batch, Files, HostKeyChanged, Key, Shell, SiteJob
from heroes.clusters import rules
from heroes.clusters.connect import (
    Connection,
    Connector,
    Endpoint,
    Opened,
    absolute_root,
    connect,
    expand,
    scan,
    signed,
)
from heroes.clusters.models import Cluster, Line
from heroes.clusters.rules import FILES_ONLY, LOOKS_A_MINUTE, Auth, ClusterState, Kind
from heroes.clusters.samples import Turns
from heroes.identity import Caller
from heroes.identity.service import credentials
from heroes.kit import audit, outbox
from heroes.kit.clock import utcnow
from heroes.kit.db import LOCK, heroes_now
from heroes.kit.due import seconds_until
from heroes.kit.errors import Refused, SiteError, Unavailable, Unreachable
from heroes.kit.machine import machine_id, owner_is_dead, owner_name
from heroes.kit.secrets import Secret
from heroes.kit.together import K, Together, V
from heroes.kit.work import wake

if TYPE_CHECKING:
    from heroes.parts import Parts

log = structlog.get_logger()

OF_LEASE = 0.5  # of a row's lease: a line falls free before the acts that used it are taken over
RENEW_BELOW = 2 / 3  # of the lease
TICK_S = 3.0
DRAIN_S = 21.0
_CLOSED = (ClusterState.STOPPED_HOST_KEY, ClusterState.DELETED)
SESSIONS: Mapping[str, int] = {"bulk": 4, "control": 2, "watch": 1, "peek": 1}  # of sshd's ten; two are left to people


@dataclass(frozen=True, slots=True)
class Site:
    """A site through its line, for the length of one `async with`."""

    shell: Shell
    files: Files
    batch: Batch
    root: str
    cluster_name: str
    line_id: str
    cluster_id: str
    kind: Kind
    account: str | None
    """what the scheduler charges"""
    folder_mode: int

    @property
    def files_only(self) -> bool:
        """Whether no command may or can be run there outside of jobs."""
        return self.kind in FILES_ONLY


@dataclass
class _Held:
    """A line that this process owns."""

    line_id: str
    epoch: int
    until: float
    """by this process's own clock: after it the lease may be another's"""
    opened: Opened | None = None
    site: Site | None = None
    trouble: SiteError | None = None
    failures: int = 0
    next_try: float = 0.0
    heard_at: datetime | None = None
    seen: Mapping[Key, SiteJob] = field(default_factory=dict)
    """the jobs as they were stored last: nobody else stores them meanwhile"""
    turns: Turns | None = None
    looked: list[datetime] = field(default_factory=list)
    """when its jobs were looked at last, by the database's clock"""
    using: int = 0
    connecting: asyncio.Lock = field(default_factory=asyncio.Lock)
    sessions: dict[str, asyncio.Semaphore] = field(
        default_factory=lambda: {name: asyncio.Semaphore(count) for name, count in SESSIONS.items()}
    )


class Lines:
    """The connections of one worker process."""

    def __init__(self, parts: "Parts", *, connector: Connector = connect, machine: str | None = None) -> None:
        self._database = parts.database
        self._secrets = parts.secrets
        self._home = parts.settings.home
        self._allowed = {"private": parts.settings.site_private, "rclone": parts.settings.bulk_rclone}
        self._lease = timedelta(seconds=parts.settings.lease_seconds * OF_LEASE)
        self._connect = connector
        self.machine = machine or machine_id(parts.settings.home)
        self.owner = owner_name(self.machine)
        self._held: dict[str, _Held] = {}
        self._together: dict[tuple[str, Any], Together[Any, Any]] = {}
        left = seconds_until(Line.owned_until).label("left")
        news = select(Line.id, Line.epoch, Line.owner, left, _shut().label("closed"))
        self._news = news.join(Cluster, Cluster.id == Line.cluster_id).where(self._ours())

    def _ours(self) -> ColumnElement[bool]:
        """A local line belongs to its own host, any other to whoever takes it."""
        return or_(Line.machine_id.is_(None), Line.machine_id == self.machine)

    def owned(self) -> list[str]:
        """Return the ids of the lines whose connections this process holds; only it may claim their rows."""
        now = time.monotonic()
        return [held.line_id for held in self._held.values() if held.until > now]

    def holds(self, line_id: str, epoch: int) -> bool:
        """Tell whether this process holds a line as its row has it now, not as it was before a person changed it."""
        held = self._held.get(line_id)
        return held is not None and held.epoch == epoch

    # sessions: each raises Unreachable while the site does not answer, Refused (HostKeyChanged) when it may not be used

    @asynccontextmanager
    async def control(self, line_id: str) -> AsyncIterator[Site]:
        """Yield the site for short questions and orders; two at a time."""
        async with self._session(line_id, "control") as site:
            yield site

    async def together(
        self, line_id: str, ask: Callable[[Site, Sequence[K]], Awaitable[Mapping[K, V]]], key: K
    ) -> V | None:
        """Ask a site what other rows ask it at this moment too: one command for all that came during the last one."""
        if (line_id, ask) not in self._together:

            async def at_site(keys: Sequence[K]) -> Mapping[K, V]:
                async with self.control(line_id) as site:
                    return await ask(site, keys)

            self._together[line_id, ask] = Together(at_site)
        return await self._together[line_id, ask](key)

    @asynccontextmanager
    async def bulk(self, line_id: str) -> AsyncIterator[Site]:
        """Yield the site for moving files, in an SFTP session apart from the small ones; four at a time."""
        async with self._session(line_id, "bulk") as site:
            yield site

    @asynccontextmanager
    async def watching(self, line_id: str) -> AsyncIterator[Site]:
        """Yield the site for the one composite question on all jobs; one at a time."""
        async with self._session(line_id, "watch") as site:
            yield site

    @asynccontextmanager
    async def peek(self, line_id: str) -> AsyncIterator[Site]:
        """Yield the site for a look at a running job's files; one at a time."""
        async with self._session(line_id, "peek") as site:
            yield site

    def heard_at(self, line_id: str) -> datetime | None:
        """Return when the site last answered this process."""
        held = self._held.get(line_id)
        return held.heard_at if held else None

    def banner(self, line_id: str) -> str | None:
        """Return what the site said before login."""
        held = self._held.get(line_id)
        return held.opened.connection.banner or None if held and held.opened else None

    def seen(self, line_id: str) -> Mapping[Key, SiteJob]:
        """Return the jobs as this process stored them last while it has held the line; none at first."""
        held = self._held.get(line_id)
        return held.seen if held else {}

    def remember(self, line_id: str, jobs: Mapping[Key, SiteJob]) -> None:
        """Keep what was stored."""
        if line_id in self._held:
            self._held[line_id].seen = jobs

    def turns(self, line_id: str, every_s: float) -> Turns:
        """Return when the running jobs of a line were asked what they use; begun anew with each holding of it."""
        held = self._held.get(line_id)
        if held is None:
            return Turns(every_s)
        held.turns = held.turns or Turns(every_s)
        return held.turns

    def looked(self, line_id: str) -> Sequence[datetime]:
        """Return when this process looked at a line's jobs last, as often as counts."""
        held = self._held.get(line_id)
        return held.looked if held else ()

    def look(self, line_id: str, now: datetime) -> None:
        """Note a look at a line's jobs."""
        if held := self._held.get(line_id):
            held.looked = [*held.looked, now][-LOOKS_A_MINUTE:]

    # ownership

    async def run(self, stop: asyncio.Event) -> None:
        """Take lines that are free, renew, and close what is lost, until `stop`; then give all back."""
        try:
            while not stop.is_set():
                try:
                    await self.tick()
                except Exception:
                    log.exception("lines could not be renewed; trying again")
                    await self._close_expired()
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), min(TICK_S, self._lease.total_seconds() / 6))
        finally:
            await self._quiet()
            await self.close()

    async def _quiet(self) -> None:
        """Let acts under way end, for a bounded time, so that a stop leaves nothing in doubt."""
        for _ in range(int(DRAIN_S / TICK_S)):
            if not any(held.using for held in self._held.values()):
                return
            await asyncio.sleep(TICK_S)
            with suppress(Exception):
                await self._renew()

    async def tick(self) -> None:
        """Renew the leases that are due, take what is free, close what is lost or stopped."""
        news = await self._database.once(self._news)  # one question; most times there is nothing to do
        if self._renewal_due({row.id: row for row in news}):
            await self._renew()
        others = [row for row in news if row.id not in self._held]
        gone = {owner for owner in {row.owner for row in others} if owner is None or owner_is_dead(owner)}
        if any(row.owner in gone or row.left is None or row.left < 0 for row in others):
            async with self._database.worker() as session:
                await self._take(session)
        await self._close_expired()

    def _renewal_due(self, rows: Mapping[str, Any]) -> bool:
        for held in self._held.values():
            row = rows.get(held.line_id)
            if row is None or (row.owner, row.epoch) != (self.owner, held.epoch) or row.left is None:
                return True
            if row.left < self._lease.total_seconds() * RENEW_BELOW or (row.closed and held.opened is not None):
                return True
        return False

    async def _renew(self) -> None:
        asked, before = time.monotonic(), list(self._held.values())
        async with self._database.worker() as session:
            mine = update(Line).where(Line.owner == self.owner, Line.id.in_(list(self._held)))
            renewed = mine.values(owned_until=heroes_now() + self._lease).returning(Line.id, Line.epoch)
            rows = await session.execute(renewed.execution_options(synchronize_session=False))
            kept = dict(rows.all())
            of_closed = select(Line.id).join(Cluster, Cluster.id == Line.cluster_id).where(_shut())
            closed = set(await session.scalars(of_closed.where(Line.id.in_(list(self._held)))))
        for held in before:
            if kept.get(held.line_id) != held.epoch:
                if self._held.get(held.line_id) is held:
                    del self._held[held.line_id]
                await self._drop(held)
                continue
            held.until = asked + self._lease.total_seconds()
            if held.line_id in closed:
                await self._drop(held)

    async def close(self) -> None:
        """Close all connections and give the leases back, so that others need not wait for their end."""
        held, self._held = list(self._held.values()), {}
        await asyncio.gather(*(self._drop(one) for one in held))
        with suppress(Exception):  # a lease that cannot be given back ends by itself
            async with self._database.worker() as session:
                await session.execute(
                    update(Line)
                    .where(Line.owner == self.owner)
                    .values(owner=None, owned_until=None)
                    .execution_options(synchronize_session=False)
                )

    async def _take(self, session: AsyncSession) -> None:
        mine = self._ours()
        free = or_(Line.owner.is_(None), Line.owned_until < heroes_now())
        owners = await session.scalars(select(Line.owner).where(mine, Line.owner.is_not(None)).distinct())
        dead = [owner for owner in owners if owner and owner_is_dead(owner)]
        rows = await session.scalars(
            select(Line)
            .where(mine, or_(free, Line.owner.in_(dead)))
            .limit(64)
            .with_for_update(skip_locked=True, **LOCK)
        )
        for line in rows:
            line.owner, line.epoch = self.owner, line.epoch + 1
            # known before the commit rings: a line that was not ours after all is dropped at the next renewal
            self._held[line.id] = _Held(line.id, line.epoch, time.monotonic() + self._lease.total_seconds())
            line.owned_until = heroes_now() + self._lease
            wake(line)

    async def _close_expired(self) -> None:
        now = time.monotonic()
        for held in [held for held in self._held.values() if held.until <= now]:
            del self._held[held.line_id]
            await self._drop(held)

    async def _drop(self, held: _Held) -> None:
        opened, held.opened, held.site = held.opened, None, None
        if opened is not None:
            with suppress(Exception):
                await opened.connection.close()

    # connecting

    @asynccontextmanager
    async def _session(self, line_id: str, purpose: str) -> AsyncIterator[Site]:
        held = self._still(line_id)
        async with held.sessions[purpose]:
            self._still(line_id, held)  # it may have waited long for its turn
            site = await self._connected(held)
            if purpose == "bulk" and held.opened is not None:
                site = _with_files(site, held.opened.connection.bulk_files)
            held.using += 1
            try:
                yield site
            except Unreachable:
                await self._drop_if_dead(held)
                raise
            finally:
                held.using -= 1
            held.heard_at = utcnow()

    def _still(self, line_id: str, known: _Held | None = None) -> _Held:
        """Return the line if it is this process's still, and the one that was `known`. Raises Unreachable."""
        held = self._held.get(line_id)
        if held is None or held.until <= time.monotonic() or known not in (None, held):
            text = "Another worker holds the connection of this account, or none does yet."
            raise Unreachable(text, code="not_connected_yet")
        return held

    async def _connected(self, held: _Held) -> Site:
        async with held.connecting:
            await self._drop_if_dead(held)
            if held.site is not None:
                return held.site
            if held.trouble is not None and time.monotonic() < held.next_try:
                raise held.trouble
            try:
                held.site = await self._open(held)
                self._still(held.line_id, held)  # else nobody would ever close what was just opened
            except SiteError as error:
                await self._failed(held, error)
                raise
            held.trouble, held.failures, held.heard_at = None, 0, utcnow()
            return held.site

    async def _drop_if_dead(self, held: _Held) -> None:
        if held.opened is not None and not held.opened.connection.alive:
            await self._drop(held)

    async def _failed(self, held: _Held, error: SiteError) -> None:
        held.trouble, held.failures = error, held.failures + 1
        held.next_try = time.monotonic() + rules.reconnect_after(held.failures)
        await self._drop(held)
        if isinstance(error, HostKeyChanged):
            await self._stop_cluster(held.line_id)

    async def _open(self, held: _Held) -> Site:
        async with self._database.worker() as session:
            line = await session.get_one(Line, held.line_id)
            cluster = await session.get_one(Cluster, line.cluster_id)
            if cluster.state == ClusterState.STOPPED_HOST_KEY:
                raise stopped_by_host_key(cluster)
            if cluster.state == ClusterState.DELETED:
                raise Refused("This cluster was removed.", code="cluster_removed")
            secret = await self._secret(session, line, cluster)
        endpoint = Endpoint(
            Kind(cluster.kind),
            line.account,
            cluster.host,
            cluster.port or 22,
            cluster.jump,
            cluster.host_key,
            secret,
            self._home,
            cluster.api,
            **self._allowed,
        )
        if endpoint.kind is not Kind.LOCAL and not endpoint.api and endpoint.host_key is None:
            await self._offer_host_key(cluster.id, endpoint)
        held.opened = await self._connect(endpoint)
        connection: Connection = held.opened.connection
        if endpoint.kind is Kind.FIRECREST:
            root = expand(cluster.job_root, {})
            await connection.files.makedirs(root, cluster.folder_mode)
        else:
            root = await absolute_root(connection.shell, cluster.job_root)
            # whether that worked is said by the compliance check, and by each job that needs the folder
            await connection.shell.run(["mkdir", "-p", "-m", f"{cluster.folder_mode:o}", "--", root])
        return Site(
            connection.shell,
            connection.files,
            held.opened.batch,
            root,
            cluster.name,
            line.id,
            cluster.id,
            endpoint.kind,
            line.batch_account,
            cluster.folder_mode,
        )

    async def _secret(self, session: AsyncSession, line: Line, cluster: Cluster) -> Secret | None:
        """Fetch the account's secret for this one connection; its use is recorded.

        Raises Unreachable while the secret store is sealed or silent: all that needs the site waits.
        """
        use = {"cluster": cluster.id, "account": line.account}
        try:
            if line.credential_id is not None:
                return await credentials.fetch(session, self._secrets, line.credential_id, line=line.id, **use)
            if line.auth == Auth.SIGNED:
                secret = await signed(self._secrets, line.account)
            elif line.secret_id:
                secret = await self._secrets.get(session, line.organization_id, line.secret_id)
            else:
                return None
        except Unavailable as error:
            raise Unreachable(error.detail, code=error.reason) from None
        audit.record(session, Caller.system(line.organization_id), "line.secret_used", line, **use)
        return secret

    async def _offer_host_key(self, cluster_id: str, endpoint: Endpoint) -> None:
        offered = await scan(endpoint)
        async with self._database.worker() as session:
            cluster = await session.get_one(Cluster, cluster_id)
            cluster.offered_host_key = offered.line
        raise Refused(
            f"{endpoint.host} shows the host key {offered.fingerprint}. Compare it with what the site publishes, "
            "then approve it; nothing was sent to it.",
            code="host_key_unapproved",
            host=endpoint.host,
            fingerprint=offered.fingerprint,
        )

    async def _stop_cluster(self, line_id: str) -> None:
        async with self._database.worker() as session:
            line = await session.get_one(Line, line_id)
            cluster = await session.get_one(Cluster, line.cluster_id, with_for_update=LOCK)
            if cluster.state != ClusterState.STOPPED_HOST_KEY:
                cluster.before_stop, cluster.state = cluster.state, ClusterState.STOPPED_HOST_KEY
                facts = {"cluster": cluster.name, "host": cluster.host}
                outbox.emit(
                    session,
                    cluster.organization_id,
                    type="cluster.host_key_changed",
                    subject=cluster.id,
                    data=facts,
                )
        endpoint = Endpoint(Kind(cluster.kind), line.account, cluster.host, cluster.port or 22, cluster.jump)
        with suppress(SiteError):  # shown to the person who decides; without it the fingerprint must be typed in
            offered = await scan(endpoint)
            async with self._database.worker() as session:
                (await session.get_one(Cluster, line.cluster_id)).offered_host_key = offered.line


def _shut() -> ColumnElement[bool]:
    """The condition that a line's connection may not stay open: its cluster is closed, or its key was revoked."""
    return or_(Cluster.state.in_(_CLOSED), credentials.ended(Line.credential_id))


def stopped_by_host_key(cluster: Cluster) -> HostKeyChanged:
    """Return the error of every use of a cluster whose host key changed."""
    return HostKeyChanged(
        f"The host key of {cluster.name} changed, so nothing is sent to it. Ask the site whether it was changed on "
        "purpose; then a person who manages the cluster approves the new fingerprint.",
        code="host_key_changed",
        pinned=cluster.host_key,
        offered=cluster.offered_host_key,
        host=cluster.host,
        port=cluster.port,
    )


def _with_files(site: Site, files: Files) -> Site:
    return replace(site, files=files)
