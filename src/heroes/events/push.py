"""The step that brings notices to browsers."""

from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.adapters import webpush
from heroes.events import mails, rules
from heroes.events.browsers import PushKeys
from heroes.events.models import PushMessage, PushSubscription
from heroes.events.rules import Answer, Delivered, Gone, Retry
from heroes.executions import service as executions
from heroes.identity.service import holders, organizations
from heroes.kit.db import heroes_now
from heroes.kit.errors import Refused, Unreachable, told
from heroes.kit.outbox import Event
from heroes.kit.work import Claim, Done, Work

if TYPE_CHECKING:
    from heroes.parts import Parts


class Pusher:
    """Notices to browsers, through the push services that these named."""

    def __init__(self, parts: "Parts"):
        self._parts = parts

    async def advance(self, work: Work, claim: Claim) -> None:
        """Offer one notice; it may arrive twice, under one tag, of which a browser shows the last."""
        message: PushMessage = await work.load(PushMessage, claim)
        async with self._parts.database.worker() as session:
            target = await session.get_one(PushSubscription, message.subscription_id)
            words = await _words(session, message, target)
        if words is None:
            async with work.apply(claim) as done:
                await done.session.delete(done.row)
            return
        answer, asked = await self._offer(target, words)
        async with work.apply(claim) as done:
            await _settle(done, answer, asked)

    async def _offer(self, target: PushSubscription, words: dict[str, str]) -> tuple[Answer, float | None]:
        settings = self._parts.settings
        browser = webpush.Browser(target.endpoint, target.p256dh, target.auth)
        contact = rules.contact_of(settings.address)
        try:
            key, private = await self._keys.key(), settings.webhook_private
            answered = await webpush.send(browser, rules.dumped(words), key=key, contact=contact, private=private)
        except Unreachable as error:
            return Answer(trouble=error.detail, why=told(error)), None
        except Refused as error:
            return Answer(trouble=error.detail, closed=True, why=told(error)), None
        why = rules.why("push_answered", status=answered.status)
        return Answer(answered.status, rules.push_words(answered.status), why=why), answered.after

    @cached_property
    def _keys(self) -> PushKeys:
        return PushKeys.of(self._parts.database, self._parts.settings)


async def _words(session: AsyncSession, message: PushMessage, target: PushSubscription) -> dict[str, str] | None:
    """Return what the browser shows and where it leads; None: there is nobody to tell, or nothing left to look at."""
    if not await holders.is_here(session, target.user_id):
        return None
    language = mails.spoken(await holders.language_of(session, target.user_id))
    home = f"/o/{(await organizations.names(session, [message.organization_id]))[message.organization_id]}"
    if message.event_id is None:
        return {"title": mails.WORDS[language].arrives, "path": f"{home}/more", "tag": "try"}
    event = await session.get_one(Event, message.event_id)
    if event.type == rules.BACK:
        path = f"{home}/clusters/{quote(event.data['cluster'], safe='')}"
        return {"title": mails.back_briefly(event, language), "path": path, "tag": event.subject}
    execution = await executions.facts(session, event.subject)
    if execution is None:
        return None
    title = mails.briefly(execution.name, str(event.data["status"]), language)
    return {"title": title, "path": f"{home}/executions/{execution.id}", "tag": execution.id}


async def _settle(done: Done, answer: Answer, asked: float | None) -> None:
    message: PushMessage = done.row
    target = await done.session.get_one(PushSubscription, message.subscription_id)
    match rules.after_push(answer, attempts=message.attempts, asked=asked):
        case Delivered():
            target.trouble, target.trouble_why, target.delivered_at = None, None, heroes_now()
            await done.session.delete(message)
        case Retry(seconds):
            message.attempts, message.trouble = message.attempts + 1, answer.words
            target.trouble, target.trouble_why = answer.words, answer.told
            done.again(seconds)
        case Gone():
            await done.session.delete(message)
            await done.session.delete(target)
        case _:
            target.trouble, target.trouble_why = answer.words, answer.told
            await done.session.delete(message)
