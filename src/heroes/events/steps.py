"""Deliveries: the next event of each webhook, dead letters that somebody sends again, mails, notices, the broker."""

from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters import smtp, webhook
from heroes.adapters.amqp import Broker
from heroes.events import mails, rules
from heroes.events.awaiting import Lookout
from heroes.events.broker import Feed
from heroes.events.models import AwaitedCluster, BrokerFeed, DeadLetter, Notice, PushMessage, Webhook
from heroes.events.push import Pusher
from heroes.events.rules import Answer, Bury, Delivered, Retry, SwitchOff
from heroes.executions import service as executions
from heroes.executions.views import cost_out
from heroes.identity import Caller
from heroes.identity.service import holders, organizations
from heroes.jobs import service as jobs
from heroes.kit.clock import utcnow
from heroes.kit.db import heroes_now
from heroes.kit.errors import Refused, Unreachable, told
from heroes.kit.ids import new_id
from heroes.kit.outbox import Event
from heroes.kit.settings import Settings, SettingsError
from heroes.kit.work import Claim, Done, Registration, Work

if TYPE_CHECKING:
    from heroes.parts import Parts


def mail_server(url: SecretStr | None) -> smtp.Server | None:
    """Return the mail server of the settings. Raises SettingsError."""
    try:
        return smtp.server(url.get_secret_value()) if url else None
    except ValueError as error:
        raise SettingsError(f"HEROES_SMTP_URL: {error}") from None


def message_broker(settings: Settings) -> Broker | None:
    """Return the message broker of the settings. Raises SettingsError."""
    try:
        return Broker(settings.amqp_url.get_secret_value(), settings.amqp_exchange) if settings.amqp_url else None
    except ValueError as error:
        raise SettingsError(f"HEROES_AMQP_URL: {error}") from None


class Deliveries:
    """The steps of this slice, with what they act through."""

    def __init__(self, parts: "Parts"):
        self._parts = parts
        self._server = mail_server(parts.settings.smtp_url)

    async def advance(self, work: Work, claim: Claim) -> None:
        """Deliver the next event that a webhook wants. It may arrive twice, under the same `webhook-id`."""
        hook: Webhook = await work.load(Webhook, claim)
        if not hook.active:
            async with work.apply(claim):
                return
        async with self._parts.database.worker() as session:
            last = await session.scalar(_stamped(hook).with_only_columns(func.max(Event.seq)))
            event = await session.scalar(_stamped(hook).where(_wanted(hook)).order_by(Event.seq).limit(1))
        if event is None:
            async with work.apply(claim) as done:
                done.row.cursor = last or hook.cursor
            return
        answer = await self._send(hook, event)
        async with work.apply(claim) as done:
            _settle(done, event, answer)

    async def resend(self, work: Work, claim: Claim) -> None:
        """Deliver a dead letter once more; it is gone when it arrived, else it stays dead with the new reason."""
        letter: DeadLetter = await work.load(DeadLetter, claim)
        async with self._parts.database.worker() as session:
            hook = await session.get_one(Webhook, letter.webhook_id)
            event = await session.get_one(Event, letter.event_id)
        answer = await self._send(hook, event)
        async with work.apply(claim) as done:
            if isinstance(rules.after(answer, attempts=0, buried=0), Delivered):
                await done.session.delete(done.row)
            else:
                done.row.attempts += 1
                done.row.trouble, done.row.trouble_why = answer.words, answer.told

    async def _send(self, hook: Webhook, event: Event) -> Answer:
        body = rules.dumped(rules.cloud_event(event, self._parts.settings.address))
        async with self._parts.database.worker() as session:
            secrets = [await self._parts.secrets.get(session, hook.organization_id, hook.secret_id)]
            if hook.former_secret_id and await session.scalar(select(heroes_now() < hook.former_until)):
                secrets.append(await self._parts.secrets.get(session, hook.organization_id, hook.former_secret_id))
        headers = {
            "Content-Type": rules.CONTENT_TYPE,
            "User-Agent": "HEROES",
            **rules.signed([secret.text() for secret in secrets], event.id, utcnow(), body),
        }
        try:
            private = self._parts.settings.webhook_private
            return Answer(status=await webhook.post(hook.url, body=body, headers=headers, private=private))
        except Unreachable as error:
            return Answer(trouble=error.detail, why=told(error))
        except Refused as error:
            return Answer(trouble=error.detail, closed=True, why=told(error))

    async def write(self, work: Work, claim: Claim) -> None:
        """Send one mail; it may arrive twice, under the same Message-ID."""
        notice: Notice = await work.load(Notice, claim)
        server = self._server
        async with self._parts.database.worker() as session:
            event = await session.get_one(Event, notice.event_id)
            address = await holders.address_of(session, notice.user_id)
            language = mails.spoken(await holders.language_of(session, notice.user_id))
            words = await self._words(session, event, notice.user_id, language)
        if server is None or address is None or words is None or not smtp.is_address(address):
            async with work.apply(claim) as done:
                done.row.trouble, done.row.trouble_why = _why_not(server, words)
            return
        trouble: Unreachable | Refused | None = None
        try:
            await smtp.send(server, self._mail(server, notice, event, address, words))
        except (Unreachable, Refused) as error:
            trouble = error
        async with work.apply(claim) as done:
            _note_mail(done, trouble)

    async def _words(
        self, session: AsyncSession, event: Event, reader: str, language: mails.Language
    ) -> tuple[str, str] | None:
        """Return subject and text of the mail about an event; None: what it is about is gone."""
        home = self._parts.settings.address
        if event.type not in rules.ENDS:
            [organization] = (await organizations.names(session, [event.organization_id])).values()
            if event.type == rules.BACK:
                return mails.about_back(event, f"{home}/o/{organization}", language)
            of = await holders.called(session, event.data.get("project"), event.data.get("user")) or organization
            page = f"{home}/o/{organization}" + ("" if event.data.get("user") == reader else "/billing")
            return mails.about_budget(event, page, of, language)
        ended = await _ended(session, event)
        return mails.about_end(ended, home, language) if ended else None

    def _mail(
        self, server: smtp.Server, notice: Notice, event: Event, address: str, words: tuple[str, str]
    ) -> EmailMessage:
        host = urlsplit(self._parts.settings.address).hostname or "localhost"
        made = EmailMessage()
        made["Subject"], text = words
        made["From"], made["To"] = server.sender or f"heroes@{host}", address
        made["Date"], made["Message-ID"] = format_datetime(event.at), f"<{notice.id}@{host}>"
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(text)
        return made


def _why_not(server: smtp.Server | None, words: tuple[str, str] | None) -> tuple[str, dict[str, Any]]:
    if server is None:
        return "There is no mail server (HEROES_SMTP_URL).", rules.why("no_mail_server")
    if words is None:
        return "The execution is gone.", rules.why("execution_gone")
    return "This user has no e-mail address.", rules.why("no_mail_address")


async def _ended(session: AsyncSession, event: Event) -> mails.Ended | None:
    execution = await executions.facts(session, event.subject)
    if execution is None:
        return None
    names = await organizations.names(session, [event.organization_id])
    cost = await cost_out(session, Caller.system(execution.organization_id), execution)
    failure = (await jobs.first_failures(session, [execution.id])).get(execution.id)
    return mails.Ended(
        wid=execution.id,
        name=execution.name,
        organization=names[event.organization_id],
        status=str(event.data["status"]),
        reason=execution.reason,
        cluster=execution.cluster,
        submitted=execution.submit_time,
        began=execution.run_time,
        ended=execution.end_time,
        cost=(cost.charged, cost.currency) if cost.currency and cost.charged else None,
        joules=cost.energy_at_least_j if cost.energy_j is None else cost.energy_j,
        partly=cost.energy_at_least_j is not None,
        failure=failure[:3] if failure and event.data["status"] == "FAILED" else None,
    )


def _note_mail(done: Done, trouble: Unreachable | Refused | None) -> None:
    notice: Notice = done.row
    if trouble is None:
        notice.trouble, notice.trouble_why, notice.sent_at = None, None, heroes_now()
        return
    notice.trouble, notice.trouble_why = trouble.detail, told(trouble)
    following = rules.after_mail(attempts=notice.attempts, refused=isinstance(trouble, Refused))
    notice.attempts += 1
    if isinstance(following, Retry):
        done.again(following.after)


def _settle(done: Done, event: Event, answer: Answer) -> None:
    hook: Webhook = done.row
    match rules.after(answer, attempts=hook.attempts, buried=hook.buried):
        case Delivered():
            hook.cursor, hook.attempts, hook.buried = event.seq or hook.cursor, 0, 0
            hook.trouble, hook.trouble_why, hook.delivered_event = None, None, event.id
            hook.delivered_at = heroes_now()
            done.again()
        case Retry(seconds):
            hook.attempts, hook.trouble, hook.trouble_why = hook.attempts + 1, answer.words, answer.told
            done.again(seconds)
        case Bury():
            _bury(done.session, hook, event, answer)
            hook.cursor, hook.attempts = event.seq or hook.cursor, 0
            hook.trouble, hook.trouble_why = answer.words, answer.told
            hook.buried += 1
            done.again()
        case SwitchOff(words, why):
            hook.active, hook.trouble, hook.trouble_why = False, words, why


def _bury(session: AsyncSession, hook: Webhook, event: Event, answer: Answer) -> None:
    session.add(
        DeadLetter(
            id=new_id("dlt"),
            organization_id=hook.organization_id,
            webhook_id=hook.id,
            event_id=event.id,
            type=event.type,
            subject=event.subject,
            attempts=hook.attempts + 1,
            trouble=answer.words,
            trouble_why=answer.told,
        )
    )


def _stamped(hook: Webhook) -> Select[Event]:
    return select(Event).where(Event.organization_id == hook.organization_id, Event.seq > hook.cursor)


def _wanted(hook: Webhook) -> ColumnElement[bool]:
    family = func.split_part(Event.type, ".", 1) + ".*"
    everything = not hook.types or "*" in hook.types
    chosen = true() if everything else or_(Event.type.in_(hook.types), family.in_(hook.types))
    own_test = and_(Event.type == rules.TEST, Event.subject == hook.id)
    return or_(own_test, and_(Event.type != rules.TEST, chosen))


def registrations(parts: "Parts") -> list[Registration]:
    """Return the steps of this slice."""
    deliveries, settings = Deliveries(parts), parts.settings
    work = [
        Registration(Webhook, deliveries.advance, concurrency=8),
        Registration(DeadLetter, deliveries.resend, concurrency=2),
        Registration(Notice, deliveries.write, concurrency=2),
        Registration(AwaitedCluster, Lookout(parts).advance, concurrency=1),
        Registration(PushMessage, Pusher(parts).advance, concurrency=8, by=PushMessage.subscription_id, share=1),
    ]
    broker = message_broker(settings)
    if broker is not None:
        ours = [BrokerFeed.id == settings.amqp_exchange]
        work.append(Registration(BrokerFeed, Feed(broker, settings.address).advance, concurrency=1, only=lambda: ours))
    return work
