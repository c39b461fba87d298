"""The worker process: claims due rows, holds the lines to sites, advances everything that waits."""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec

import structlog

from heroes.adapters.vault import VaultSecrets
from heroes.clusters.lines import Lines
from heroes.compose import compose
from heroes.events import service as events
from heroes.kit import audit, log, outbox, shipping
from heroes.kit.destinations import destinations, troubles
from heroes.kit.process import keep_loaded, leave_no_dump, trim
from heroes.kit.settings import Settings, load
from heroes.kit.work import Registration, Work
from heroes.parts import SLICES, Parts

STAMP_EVERY = 1.0  # seconds between two looks for events without a number, at least
SEAL_EVERY = 5.0  # seconds between two seals of the audit trail
SWEEP_EVERY = 3600.0  # seconds between two looks for secrets that were forgotten here, not yet in the vault
STAMP_UNASKED = 10.0  # and at most, should a doorbell be lost


def with_lines(parts: Parts) -> Parts:
    """Return the parts of a worker: those of any process, and its connections to sites."""
    return replace(parts, lines=Lines(parts))


def registrations(parts: Parts) -> list[Registration]:
    """Return the steps of every slice."""
    found = []
    for name in SLICES:
        if find_spec(f"heroes.{name}.steps"):
            found += import_module(f"heroes.{name}.steps").registrations(parts)
    return found


async def run(settings: Settings) -> None:
    """Work until told to stop; acts under way are ended, the rest is for others."""
    parts = with_lines(compose(settings))
    work = Work(parts.database, registrations(parts), timedelta(seconds=settings.lease_seconds))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    structlog.get_logger().info("worker started", owner=work.owner)
    assert parts.lines is not None
    async with parts.database.worker() as session:
        await events.attach_broker(session, settings.amqp_exchange if settings.amqp_url is not None else None)
    await asyncio.gather(
        work.run(stop),
        parts.lines.run(stop),
        stamp(parts, work.bell(outbox.Event.__tablename__), stop),
        seal(parts, stop),
        sweep(parts, stop),
        trim(stop),
    )
    await parts.database.close()


async def stamp(parts: Parts, rung: asyncio.Event, stop: asyncio.Event) -> None:
    """Number events a moment after the first of them rings, so that a burst is one transaction."""
    stopped = asyncio.create_task(stop.wait())
    while not stop.is_set():
        heard = asyncio.create_task(rung.wait())
        await asyncio.wait({heard, stopped}, timeout=STAMP_UNASKED, return_when=asyncio.FIRST_COMPLETED)
        heard.cancel()
        rung.clear()
        try:
            async with parts.database.worker() as session:
                await events.relay(session, mail=parts.settings.smtp_url is not None)
        except Exception:
            structlog.get_logger().exception("events could not be numbered; trying again")
        await asyncio.wait({stopped}, timeout=STAMP_EVERY)
    await stopped


def tell_elsewhere(rows: Sequence[audit.AuditEvent], sealed: audit.AuditSeal) -> None:
    """Write what was sealed to the log, which goes to a collector: there it shows later that nothing was changed.

    It is written before the seal is committed, so that a row may come twice, under one id, but is never left out.
    """
    out = structlog.get_logger()
    for row in rows:
        facts = {"event.id": row.id, "event.action": row.action, "event.created": row.at.isoformat()}
        about = {"object.type": row.object_type, "object.id": row.object_id, "facts": row.facts, "seal": sealed.number}
        ids = {"organization.id": row.organization_id, "user.id": row.actor_id}
        out.info(
            "audit", **{"event.kind": "event"}, **facts, **ids, **{f"heroes.{key}": it for key, it in about.items()}
        )
    out.info("audit sealed", **{"heroes.seal": sealed.number, "heroes.rows": sealed.rows, "heroes.hash": sealed.hash})


async def seal(parts: Parts, stop: asyncio.Event) -> None:
    """Seal the audit trail every few seconds, batch by batch."""
    while not stop.is_set():
        sealed = 0
        try:
            async with parts.database.worker() as session:
                sealed = await audit.seal(session, tell_elsewhere if shipping.shipped() else None)
        except Exception:
            structlog.get_logger().exception("the audit trail could not be sealed; trying again")
        if sealed < audit.BATCH:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SEAL_EVERY)


async def sweep(parts: Parts, stop: asyncio.Event) -> None:
    """Remove from an outside vault what no row names any more, once an hour."""
    while isinstance(parts.secrets, VaultSecrets) and not stop.is_set():
        try:
            await parts.secrets.sweep(parts.database)
        except Exception:
            structlog.get_logger().exception("the vault could not be swept; trying again in an hour")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SWEEP_EVERY)


def main() -> None:
    """Run one worker process."""
    settings = load()
    log.configure(settings.log_level, service="heroes-worker")
    shipping.begin(destinations(settings), troubles=troubles(settings))
    keep_loaded()
    leave_no_dump()
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
