"""Durable work: keep a line (connect, sight the queues, watch the jobs). The compliance check is in `checking`."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import ColumnElement, select

from heroes.adapters.ports import HostKeyChanged, Key, QueueFacts, Sighting
from heroes.clusters import rules, samples
from heroes.clusters.checking import check
from heroes.clusters.lines import Lines, stopped_by_host_key
from heroes.clusters.models import Cluster, Line, Report
from heroes.clusters.rules import ClusterState, Kind, LineState
from heroes.clusters.sighting import active_watches, store_jobs, store_queues, wake_watchers
from heroes.kit.db import heroes_now, transaction_time
from heroes.kit.due import one_of
from heroes.kit.errors import Refused, SiteError
from heroes.kit.work import Claim, Registration, Stale, Work, wake_failed

if TYPE_CHECKING:
    from heroes.parts import Parts

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _View:
    """What a line's keeper knows before it asks the site."""

    line: Line
    cluster: Cluster
    now: datetime
    active: rules.Active
    tick: rules.Tick


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the site answered; None where it was not asked."""

    root: str
    queues: Sequence[QueueFacts] | None
    jobs: Sighting | None
    took_s: float
    sampled: Sequence[Key] = ()
    """the running jobs of which it was asked what they use"""


def registrations(parts: "Parts") -> list[Registration]:
    """Return the steps of this slice; none in a process that holds no lines."""
    lines = parts.lines
    if lines is None:
        return []

    def own_lines() -> Sequence[ColumnElement[bool]]:
        return [one_of(Line.id, lines.owned)]

    def own_reports() -> Sequence[ColumnElement[bool]]:
        return [one_of(Report.line_id, lines.owned)]

    keeper = partial(keep, lines=lines, watch_seconds=parts.settings.watch_seconds)
    return [
        Registration(Line, keeper, concurrency=64, only=own_lines),
        Registration(Report, partial(check, lines=lines), concurrency=16, batch=4, only=own_reports),
    ]


async def keep(work: Work, claim: Claim, *, lines: Lines, watch_seconds: float | None = None) -> None:
    """Hold one line: connect, ask what is due, store what differs. Silence changes nothing but the line's own state."""
    view = await _look(work, claim, lines, watch_seconds)
    if view.cluster.state == ClusterState.DELETED:
        async with work.apply(claim):
            return  # never due again
    usable = view.cluster.state != ClusterState.STOPPED_HOST_KEY and view.line.state == LineState.CONNECTED
    if usable and not (view.tick.sight or view.tick.watch):
        async with work.apply(claim) as done:
            done.again(view.tick.again)  # woken before its time: somebody wants a further job watched
        return
    try:
        if view.cluster.state == ClusterState.STOPPED_HOST_KEY:
            raise stopped_by_host_key(view.cluster)
        answer = await _ask(lines, view)
    except SiteError as error:
        await _not_heard(work, claim, view, error, lines.heard_at(view.line.id))
        return
    await _heard(work, claim, lines, view, answer)


async def _look(work: Work, claim: Claim, lines: Lines, setting: float | None) -> _View:
    line: Line = await work.load(Line, claim)
    async with work.database.worker() as session:
        cluster = await session.get_one(Cluster, line.cluster_id)
        now = await transaction_time(session)
        active = await active_watches(session, line.id)
        session.expunge(cluster)
    tick = rules.tick(
        now,
        sighted_at=line.sighted_at,
        watched_at=line.watched_at,
        active=active,
        looked=lines.looked(line.id),
        sight_every=rules.sight_seconds(setting, active.count),
        watch_every=rules.watch_seconds(Kind(cluster.kind), setting),
    )
    return _View(line, cluster, now, active, tick)


async def _ask(lines: Lines, view: _View) -> _Answer:
    async with lines.watching(view.line.id) as site:
        began = time.monotonic()
        queues = await site.batch.queues(site.shell) if view.tick.sight else None
        jobs = None
        sample = _to_sample(lines, view) if view.tick.watch else []
        if view.tick.watch:
            lines.look(view.line.id, view.now)
            since = (view.active.since or view.now) - rules.WATCH_MARGIN
            jobs = await site.batch.watch(site.shell, since=since, known=view.active.site_ids, sample=sample)
        return _Answer(site.root, queues, jobs, time.monotonic() - began, sample)


def _to_sample(lines: Lines, view: _View) -> list[Key]:
    """Return the few running jobs of which the look also asks what they use."""
    kind = Kind(view.cluster.kind)
    if kind not in samples.TOLD_BY:
        return []
    running = samples.running(lines.seen(view.line.id), view.active.site_ids)
    return lines.turns(view.line.id, samples.EVERY_S[kind]).choose(running, time.monotonic())


async def _keep_samples(work: Work, lines: Lines, view: _View, answer: _Answer) -> None:
    """Store what running jobs use. Whatever fails here costs a point of a plot, never the look."""
    every_s = samples.EVERY_S[Kind(view.cluster.kind)]
    try:
        read = answer.jobs.counters if answer.jobs is not None else {}
        lines.turns(view.line.id, every_s).told(answer.sampled, read, time.monotonic())
        if answer.jobs is not None and read:
            async with work.database.worker() as session:
                await samples.store(session, view.line.id, answer.jobs.jobs, read, every_s)
    except Exception:
        log.exception("samples of running jobs could not be kept", line=view.line.id)


async def _heard(work: Work, claim: Claim, lines: Lines, view: _View, answer: _Answer) -> None:
    async with work.database.worker() as session:  # without the line's lock: who waits for jobs locks them first
        if await session.scalar(select(Line.fence).where(Line.id == claim.id)) != claim.fence:
            raise Stale  # this process slept: another one has seen what came later
        if answer.queues is not None:
            await store_queues(session, view.cluster, answer.queues, view.now)
        if answer.jobs is not None:
            await store_jobs(session, view.line.id, answer.jobs, lines.seen(view.line.id))
        if view.line.state == LineState.UNREACHABLE:
            await wake_watchers(session, view.line.id)
            await wake_failed(session, "line_id", view.line.id)
    if answer.jobs is not None:
        lines.remember(view.line.id, answer.jobs.jobs)
    if answer.sampled:
        await _keep_samples(work, lines, view, answer)
    async with work.apply(claim) as done:
        line: Line = done.row
        if answer.queues is not None:
            line.sighted_at = heroes_now()
        if answer.jobs is not None:
            line.watched_at = heroes_now()
            line.sources = {name: why for name, why in answer.jobs.sources.items() if why}
        if line.state != LineState.CONNECTED:
            line.state, line.connected_at = LineState.CONNECTED, heroes_now()
        line.trouble, line.trouble_why = None, None
        line.root, line.banner = answer.root, lines.banner(line.id)
        line.last_heard_at = heroes_now()
        done.again(max(view.tick.again, rules.pause_after(answer.took_s)))


async def _not_heard(work: Work, claim: Claim, view: _View, error: SiteError, heard_at: datetime | None) -> None:
    async with work.apply(claim) as done:
        line: Line = done.row
        stopped = isinstance(error, HostKeyChanged)
        unapproved = isinstance(error, Refused) and error.facts.get("code") == "host_key_unapproved"
        if stopped or unapproved:
            line.state, line.trouble, line.trouble_why = LineState.STOPPED, error.detail, rules.told(error)
            return  # a person's approval wakes the line
        line.state = LineState.UNREACHABLE
        since = heard_at or line.last_heard_at
        line.trouble, line.trouble_why = rules.silence(since, view.now, error.detail), rules.told(error, since)
        done.again(rules.reconnect_after(3 if isinstance(error, Refused) else 1) + 0.5)
