"""Commands and queries on events and webhooks, and the streams of one API process."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.events import browsers, rules
from heroes.events.models import BrokerFeed, DeadLetter, Notice, NoticeWish, Webhook, trail
from heroes.events.schemas import WebhookChange, WebhookIn
from heroes.executions import service as executions
from heroes.executions.rules import ENDED
from heroes.identity import Action, Caller, visible
from heroes.identity.service import holders
from heroes.kit import audit, outbox
from heroes.kit.bells import Bells, rang
from heroes.kit.db import LOCK, Database, doorbell, heroes_now
from heroes.kit.errors import Conflict, NotFound, TooMany
from heroes.kit.ids import new_id
from heroes.kit.outbox import Event
from heroes.kit.secrets import SecretStore
from heroes.kit.work import Waiter, wake, wake_all_named

STAMPED = "heroes_events"
"""The channel on which an organization's id is notified when events of its own were stamped."""
WINDOW = timedelta(days=7)
"""How far back an organization's stream is replayed."""
PIECE = 200
BEAT = 15.0  # seconds between two signs of life of a stream, and between two looks at its session
MOST_STREAMS = 10  # of one user, in one process
MOST_WEBHOOKS = 50  # of one organization


# -------------------------------------------------------------------------------------------------------- the relay


async def relay(session: AsyncSession, *, mail: bool = False) -> None:
    """Stamp what was committed, ring for the organizations it belongs to, wake webhooks and broker, ask for notices.

    A webhook or a broker whose last attempt failed keeps its pause. `mail`: there is a server that takes mails.
    """
    numbered = await outbox.stamp(session)
    if not numbered:
        return
    before = select(func.max(Event.seq) - numbered).scalar_subquery()
    organizations = (await session.scalars(select(Event.organization_id).where(Event.seq > before).distinct())).all()
    for organization_id in organizations:
        await session.execute(select(func.pg_notify(STAMPED, organization_id)))
    ours = Webhook.organization_id.in_(organizations), Webhook.active, Webhook.attempts == 0
    webhooks = (await session.scalars(select(Webhook.id).where(*ours))).all()
    exchanges = (await session.scalars(select(BrokerFeed.id).where(BrokerFeed.failures == 0))).all()
    concerned = [(Webhook, webhooks), (BrokerFeed, exchanges)]
    await wake_all_named(session, [Waiter(model.__tablename__, row) for model, rows in concerned for row in rows])
    news = (await session.scalars(select(Event).where(Event.seq > before, Event.type.in_(rules.TOLD)))).all()
    for event in news if mail else ():
        if event.type in rules.OF_BUDGETS:
            await _write_to_those_concerned(session, event)
    await _tell_who_began(session, [event for event in news if event.type in rules.ENDS], mail=mail)
    await _tell_who_waited(session, [event for event in news if event.type == rules.BACK], mail=mail)


async def attach_broker(session: AsyncSession, exchange: str | None) -> None:
    """Let a new exchange hear what happens from now on; a known one goes on where it was, and any other rests."""
    resting = update(BrokerFeed).values(due_at=None, failures=1)  # news do not wake what has failed
    await session.execute(resting if exchange is None else resting.where(BrokerFeed.id != exchange))
    if exchange is None:
        return
    last = select(func.coalesce(func.max(Event.seq), 0)).scalar_subquery()
    row = insert(BrokerFeed).values(id=exchange, cursor=last, due_at=heroes_now())
    again = row.on_conflict_do_update(index_elements=[BrokerFeed.id], set_={"due_at": heroes_now()})
    await session.execute(again)
    doorbell(session, BrokerFeed.__tablename__)


async def _write_to_those_concerned(session: AsyncSession, event: Event) -> None:
    """Ask for a mail to each who keeps budgets, and to whom this one belongs; in the transaction of the stamp: once."""
    told = event.data
    people = await holders.holders(session, event.organization_id, Action.BUDGET_MANAGE, told.get("project"))
    for user_id in dict.fromkeys([*people, *filter(None, [told.get("user")])]):
        await _write(session, event, user_id)


async def _tell_who_began(session: AsyncSession, ends: Sequence[Event], *, mail: bool) -> None:
    """Ask for what each who began one of these wants to be told by: of this run, else of every run."""
    if not ends:
        return
    began = await executions.wishes_of(session, {event.subject for event in ends})
    usual = await _usual(session, {user_id for user_id, _ in began.values()})
    for event in ends:
        user_id, chosen = began.get(event.subject, ("", []))
        ways = usual.get(user_id, set()) if chosen is None else set(chosen)
        await _tell(session, event, user_id, ways, mail=mail)


async def _tell_who_waited(session: AsyncSession, back: Sequence[Event], *, mail: bool) -> None:
    """Ask for what each who waited for a cluster wants to be told by, as for the end of a run."""
    usual = await _usual(session, {event.data["user"] for event in back}) if back else {}
    for event in back:
        user_id = event.data["user"]
        await _tell(session, event, user_id, usual.get(user_id, set()), mail=mail)


async def _usual(session: AsyncSession, people: Collection[str]) -> dict[str, set[str]]:
    """Return by which ways each of these people wants to be told."""
    wishes = (await session.scalars(select(NoticeWish).where(NoticeWish.user_id.in_(people)))).all()
    return {
        wish.user_id: {way for way, on in (("mail", wish.ends), ("browser", wish.browser)) if on} for wish in wishes
    }


async def _tell(session: AsyncSession, event: Event, user_id: str, ways: Collection[str], *, mail: bool) -> None:
    if mail and "mail" in ways:
        await _write(session, event, user_id)
    if "browser" in ways:
        await browsers.tell(session, user_id, event.id)


async def _write(session: AsyncSession, event: Event, user_id: str) -> None:
    made = insert(Notice).values(
        id=new_id("not"),
        organization_id=event.organization_id,
        event_id=event.id,
        user_id=user_id,
        type=event.type,
        subject=event.subject,
        attempts=0,
        due_at=heroes_now(),
    )
    await session.execute(made.on_conflict_do_nothing())
    doorbell(session, Notice.__tablename__)


def notices(who: Caller) -> Select[Notice]:
    """Return the query of the mails about budgets and what became of them. Raises Denied."""
    who.must(Action.BUDGET_MANAGE)
    return visible(Notice, who).where(Notice.type.in_(rules.OF_BUDGETS))


async def percents(session: AsyncSession, who: Caller, event_ids: Collection[str]) -> dict[str, int]:
    """Return which threshold or limit of its budget each of these events tells of."""
    asked = visible(Event, who).where(Event.id.in_(event_ids)).with_only_columns(Event.id, Event.data)
    told = {id_: data.get("threshold") or data.get("limit") for id_, data in await session.execute(asked)}
    return {id_: int(percent) for id_, percent in told.items() if percent}


async def wish(session: AsyncSession, who: Caller) -> NoticeWish | None:
    """Return what the caller wants to be written to about; None: nothing was said, so nothing."""
    found: NoticeWish | None = await session.scalar(visible(NoticeWish, who))
    return found


async def change_wish(
    session: AsyncSession, who: Caller, *, ends: bool, page: bool | None = None, browser: bool | None = None
) -> None:
    """Say how the caller wants to hear of the end of their own executions; None: as it was."""
    given = {"ends": ends, "page": page, "browser": browser}
    said = {name: value for name, value in given.items() if value is not None}
    made = insert(NoticeWish).values(user_id=who.user_id, organization_id=who.organization_id, **said)
    changed = {**said, "updated_at": heroes_now()}
    await session.execute(made.on_conflict_do_update(index_elements=[NoticeWish.user_id], set_=changed))


# -------------------------------------------------------------------------------------------------- reading events


def readable(who: Caller, wid: str | None = None) -> Select[Event]:
    """Return the query of the stamped events that a caller may see, of one execution or of the organization."""
    query = visible(Event, who).where(Event.seq.is_not(None))
    if wid is not None:
        return query.where(trail() == wid)
    family = func.split_part(Event.type, ".", 1)
    own = executions.listing(who).with_only_columns(*executions.KEY)
    seen: list[ColumnElement[bool]] = [
        and_(family.in_(rules.OF_EXECUTIONS), trail().in_(own)),
        family.in_(rules.families(who)),
        and_(family == rules.OF_ONE, Event.data["user"].astext == who.user_id),
    ]
    if rules.sees_the_rest(who):
        seen.append(family.not_in(rules.KNOWN))
    return query.where(or_(*seen))


async def piece(session: AsyncSession, who: Caller, after: int, wid: str | None) -> Sequence[Event]:
    """Return the next events after a number, at most PIECE. Raises NotFound for an execution out of sight."""
    if wid is not None:
        await executions.get(session, who, wid)
    query = readable(who, wid).where(Event.seq > after).order_by(Event.seq).limit(PIECE)
    return (await session.scalars(query)).all()


async def is_over(session: AsyncSession, who: Caller, wid: str, after: int) -> bool:
    """Say whether an execution has ended, and its end is not after this number: nothing more will come."""
    if (await executions.get(session, who, wid)).status not in ENDED:
        return False
    last = await session.scalar(readable(who, wid).order_by(Event.seq.desc()).limit(1))
    return last is not None and last.type in rules.ENDS and (last.seq or 0) <= after


async def start(session: AsyncSession, who: Caller, after: int | None, wid: str | None) -> tuple[int, bytes]:
    """Return the number to begin after, and what tells of a gap before it (b"" if there is none).

    A stream of the organization begins now, that of an execution at its first event, unless `after` says otherwise.
    """
    if wid is not None:
        return after or 0, b""
    ours = select(func.max(Event.seq)).where(Event.organization_id == who.organization_id)
    if after is None:
        return await session.scalar(ours) or 0, b""
    older = Event.at < heroes_now() - WINDOW
    passed = await session.scalar(ours.where(older)) or 0
    if passed <= after:
        return after, b""
    missed = await session.scalar(readable(who).where(Event.seq > after, Event.seq <= passed).limit(1))
    return passed, rules.gap(missed.at + WINDOW) if missed else b""


# ---------------------------------------------------------------------------------------------------------- streams


@dataclass
class Streams:
    """The streams that one process serves."""

    database: Database
    source: str
    beat: float = BEAT
    most: int = MOST_STREAMS
    open: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.bells = Bells(self.database.urls.app, STAMPED)

    def admit(self, who: Caller) -> None:
        """Return if the caller may open one more stream. Raises TooMany."""
        if self.open[who.user_id] >= self.most:
            raise TooMany(
                f"You have {self.most} event streams open already; close one, or share one between the pages.",
                case="streams_full",
                retry_after=round(self.beat) or 1,
            )

    async def follow(
        self,
        who: Caller,
        again: Callable[[], Awaitable[Caller | None]],
        *,
        after: int,
        wid: str | None,
        first: bytes = b"",
        live: bool = True,
    ) -> AsyncIterator[bytes]:
        """Yield events as they are stamped, until the execution is over or the caller's session has ended.

        No database session is open while nothing happens; `again` asks who the caller is now. With `live` false the
        stream ends with the events that are there.
        """
        if self.open[who.user_id] >= self.most:
            return
        self.open[who.user_id] += 1
        try:
            async with self.bells.waiting(who.organization_id) as bell:
                yield rules.PREAMBLE + first
                asked_at = time.monotonic()
                while not self.bells.stopped:
                    bell.clear()
                    rows, over = await self._look(who, after, wid)
                    if rows:
                        yield b"".join(rules.frame(row, self.source) for row in rows)
                        after = rows[-1].seq or after
                    elif over or not live:
                        return
                    elif not await rang(bell, self.beat):
                        yield rules.HEARTBEAT
                    if time.monotonic() - asked_at >= self.beat:
                        found, asked_at = await again(), time.monotonic()
                        if found is None:
                            return
                        who = found
        finally:
            self.open -= Counter((who.user_id,))  # keeps no zeros

    async def _look(self, who: Caller, after: int, wid: str | None) -> tuple[Sequence[Event], bool]:
        async with self.database.app(who.organization_id) as session:
            try:
                rows = await piece(session, who, after, wid)
                return rows, not rows and wid is not None and await is_over(session, who, wid, after)
            except NotFound:
                return [], True  # out of sight since, or deleted


# --------------------------------------------------------------------------------------------------------- webhooks


def webhooks(who: Caller) -> Select[Webhook]:
    """Return the query of the organization's webhooks. Raises Denied."""
    who.must(Action.ORGANIZATION_MANAGE)
    return visible(Webhook, who)


async def get(session: AsyncSession, who: Caller, webhook_id: str, *, lock: bool = False) -> Webhook:
    """Return a webhook. Raises Denied, NotFound."""
    query = webhooks(who).where(Webhook.id == webhook_id)
    found = await session.scalar(query.with_for_update(**LOCK) if lock else query)
    if found is None:
        raise NotFound("There is no such webhook.", code="no_webhook")
    return found


async def create(session: AsyncSession, who: Caller, secrets: SecretStore, asked: WebhookIn) -> tuple[Webhook, str]:
    """Make a webhook that is told what happens from now on; return it and its secret. Raises Denied, Conflict."""
    held = await session.scalar(select(func.count()).select_from(webhooks(who).subquery()))
    if (held or 0) >= MOST_WEBHOOKS:
        raise Conflict(f"An organization has at most {MOST_WEBHOOKS} webhooks; remove one first.", code="webhooks_full")
    secret = rules.new_secret()
    row = Webhook(
        id=new_id("whk"),
        organization_id=who.organization_id,
        title=asked.title,
        url=asked.url,
        types=list(dict.fromkeys(asked.types)),
        secret_id=await secrets.put(session, who.organization_id, secret.encode()),
        cursor=(await start(session, who, None, None))[0],
    )
    session.add(row)
    audit.record(session, who, "webhook.created", row, url=asked.url)
    await session.flush()
    await session.refresh(row)
    return row, secret


async def change(session: AsyncSession, who: Caller, webhook_id: str, asked: WebhookChange) -> Webhook:
    """Change a webhook. Raises Denied, NotFound."""
    row = await get(session, who, webhook_id, lock=True)
    given = {name: value for name, value in asked.model_dump(exclude_unset=True).items() if value is not None}
    for name, value in given.items():
        setattr(row, name, value)
    if row.active and ("url" in given or "active" in given):
        row.attempts, row.buried, row.trouble, row.trouble_why = 0, 0, None, None
        wake(row)
    audit.record(session, who, "webhook.changed", row, **{"url": row.url, **given})
    await session.flush()
    await session.refresh(row)
    return row


async def rotate(session: AsyncSession, who: Caller, secrets: SecretStore, webhook_id: str) -> tuple[Webhook, str]:
    """Give a webhook a new secret; for a day both sign. Return it and the secret. Raises Denied, NotFound."""
    row = await get(session, who, webhook_id, lock=True)
    if row.former_secret_id is not None:
        await secrets.delete(session, who.organization_id, row.former_secret_id)
    secret = rules.new_secret()
    row.former_secret_id, row.former_until = row.secret_id, heroes_now() + rules.BOTH_SIGN
    row.secret_id = await secrets.put(session, who.organization_id, secret.encode())
    audit.record(session, who, "webhook.secret_changed", row, url=row.url)
    await session.flush()
    await session.refresh(row)
    return row, secret


async def delete(session: AsyncSession, who: Caller, secrets: SecretStore, webhook_id: str) -> None:
    """Remove a webhook with its dead letters and its secrets. Raises Denied, NotFound."""
    row = await get(session, who, webhook_id, lock=True)
    audit.record(session, who, "webhook.deleted", row, url=row.url)
    for secret_id in filter(None, (row.secret_id, row.former_secret_id)):
        await secrets.delete(session, who.organization_id, secret_id)
    await session.delete(row)


async def test(session: AsyncSession, who: Caller, webhook_id: str) -> str:
    """Make an event for this webhook alone and return its id. Raises Denied, NotFound, Conflict."""
    row = await get(session, who, webhook_id)
    if not row.active:
        raise Conflict("This webhook is switched off; switch it on first.", code="switched_off", trouble=row.trouble)
    event = Event(
        id=new_id("evt"), organization_id=who.organization_id, type=rules.TEST, subject=row.id, data={"by": who.user_id}
    )
    session.add(event)
    doorbell(session, Event.__tablename__)
    return event.id


async def dead_letters(session: AsyncSession, who: Caller, webhook_id: str) -> Select[DeadLetter]:
    """Return the query of what a webhook could not deliver. Raises Denied, NotFound."""
    return visible(DeadLetter, who).where(DeadLetter.webhook_id == (await get(session, who, webhook_id)).id)


async def resend(session: AsyncSession, who: Caller, webhook_id: str, letter_id: str) -> DeadLetter:
    """Send a dead letter again; it goes when it arrives. Raises Denied, NotFound."""
    query = (await dead_letters(session, who, webhook_id)).where(DeadLetter.id == letter_id).with_for_update(**LOCK)
    row = await session.scalar(query)
    if row is None:
        raise NotFound("There is no such dead letter; it may have been delivered since.", code="no_dead_letter")
    wake(row)
    url = (await get(session, who, webhook_id)).url
    audit.record(session, who, "webhook.resent", row, event=row.event_id, url=url)
    await session.flush()
    await session.refresh(row)
    return row
