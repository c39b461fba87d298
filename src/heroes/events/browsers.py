"""The browsers that take notices while no page is open: commands, queries, and the key they know us by."""

import asyncio
from typing import Self
from urllib.parse import urlsplit

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters import webpush
from heroes.events import rules
from heroes.events.models import PushKey, PushMessage, PushSubscription
from heroes.events.schemas import BrowserIn
from heroes.identity import Caller, visible
from heroes.kit import audit
from heroes.kit.db import Database, doorbell, heroes_now
from heroes.kit.errors import Conflict, Invalid, NotFound
from heroes.kit.faults import fault_of
from heroes.kit.ids import new_id
from heroes.kit.secrets import MasterKeys, Sealed, Secret, master_keys, rewrap_keys
from heroes.kit.settings import Settings

MOST_BROWSERS = 20  # of one user
_LOCK = 0x48505553  # one process makes the key


class PushKeys:
    """The key of this installation, as one process knows it."""

    def __init__(self, database: Database, master: MasterKeys):
        self._database, self._master = database, master
        self._key: Secret | None = None
        self._loading = asyncio.Lock()

    @classmethod
    def of(cls, database: Database, settings: Settings) -> Self:
        """Return it as the settings of this process say where the master key is."""
        return cls(database, master_keys(settings.home, settings.master_key_file))

    async def key(self) -> Secret:
        """Return the private key; made at the first need of the installation."""
        async with self._loading:
            if self._key is None:
                self._key = await self._load()
        return self._key

    async def _load(self) -> Secret:
        async with self._database.worker() as session:
            row = await session.scalar(select(PushKey))
            if row is None:
                await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
                row = await session.scalar(select(PushKey))
            if row is None:
                session.add(row := self._made())
            place = {"organization_id": "", "secret_id": row.id}
            return self._master.unseal(Sealed(row.wrapped_key, row.sealed), **place, version=1)

    def _made(self) -> PushKey:
        name = new_id("key")
        sealed = self._master.seal(webpush.new_key(), organization_id="", secret_id=name, version=1)
        return PushKey(id=name, wrapped_key=sealed.wrapped_key, sealed=sealed.sealed)


async def rewrap(session: AsyncSession, keys: MasterKeys) -> int:
    """Wrap the key anew if it is under an old master key; return how many were."""
    return await rewrap_keys(session, keys, PushKey)


def browsers(who: Caller) -> Select[PushSubscription]:
    """Return the query of the caller's own browsers."""
    return visible(PushSubscription, who)


async def add(session: AsyncSession, who: Caller, asked: BrowserIn, *, private: bool) -> PushSubscription:
    """Let a browser of the caller take notices; one that is known gets its new keys. Raises Invalid, Conflict."""
    wrong = rules.fault_of_push(asked.endpoint, private=private)
    if wrong:
        raise Invalid(str(wrong), [fault_of("/endpoint", wrong)], case="see_fields")
    known = PushSubscription.endpoint == asked.endpoint
    others = select(func.count()).select_from(browsers(who).where(~known).subquery())
    if (await session.scalar(others) or 0) >= MOST_BROWSERS:
        raise Conflict(f"At most {MOST_BROWSERS} browsers take notices; remove one first.", code="browsers_full")
    said = {"title": asked.title, "p256dh": webpush.raw(asked.p256dh), "auth": webpush.raw(asked.auth)}
    made = insert(PushSubscription).values(
        id=new_id("psh"), organization_id=who.organization_id, user_id=who.user_id, endpoint=asked.endpoint, **said
    )
    again = {**said, "trouble": None, "trouble_why": None, "updated_at": heroes_now()}
    await session.execute(made.on_conflict_do_update(index_elements=["user_id", "endpoint"], set_=again))
    row = (await session.scalars(browsers(who).where(known))).one()
    audit.record(session, who, "browser.added", row, service=urlsplit(row.endpoint).hostname, title=row.title)
    return row


async def get(session: AsyncSession, who: Caller, browser_id: str) -> PushSubscription:
    """Return a browser of the caller. Raises NotFound."""
    row: PushSubscription | None = await session.scalar(browsers(who).where(PushSubscription.id == browser_id))
    if row is None:
        raise NotFound("You have no such browser; it may have been removed since.", code="no_browser")
    return row


async def forget(session: AsyncSession, who: Caller, browser_id: str) -> None:
    """Send a browser no more notices. Raises NotFound."""
    row = await get(session, who, browser_id)
    audit.record(session, who, "browser.removed", row, title=row.title)
    await session.delete(row)


async def try_out(session: AsyncSession, who: Caller, browser_id: str) -> PushSubscription:
    """Send a browser a notice that says that notices arrive. Raises NotFound."""
    row = await get(session, who, browser_id)
    waiting = PushMessage.subscription_id == row.id, PushMessage.event_id.is_(None)
    if await session.scalar(select(PushMessage.id).where(*waiting)) is None:
        await _queue(session, row, None)
    return row


async def tell(session: AsyncSession, user_id: str, event_id: str) -> None:
    """Ask for a notice about an event in every browser of a user, for the worker's login."""
    rows = await session.scalars(select(PushSubscription).where(PushSubscription.user_id == user_id))
    for row in rows.all():
        await _queue(session, row, event_id)


async def _queue(session: AsyncSession, to: PushSubscription, event_id: str | None) -> None:
    made = insert(PushMessage).values(
        id=new_id("psm"),
        organization_id=to.organization_id,
        subscription_id=to.id,
        event_id=event_id,
        attempts=0,
        due_at=heroes_now(),
    )
    await session.execute(made.on_conflict_do_nothing())
    doorbell(session, PushMessage.__tablename__)
