"""All events to one message broker, in their order; the row keeps the number of the last that it has taken."""

from sqlalchemy import select

from heroes.adapters.amqp import Broker, Message
from heroes.events import rules
from heroes.events.models import BrokerFeed
from heroes.identity.service import organizations
from heroes.kit.outbox import Event
from heroes.kit.work import Claim, Work

PIECE = 200
"""events that are sent and confirmed before the number of the last is kept"""


class Feed:
    """The step of an exchange."""

    def __init__(self, broker: Broker, source: str):
        self._broker, self._source = broker, source

    async def advance(self, work: Work, claim: Claim) -> None:
        """Send the next events. After a failure they may arrive twice, under the same `message_id`.

        Raises Unreachable, Refused: the row keeps its place and falls due again.
        """
        feed: BrokerFeed = await work.load(BrokerFeed, claim)
        following = select(Event).where(Event.seq > feed.cursor).order_by(Event.seq).limit(PIECE)
        async with work.database.worker() as session:
            events = (await session.scalars(following)).all()
            names = await organizations.names(session, {event.organization_id for event in events})
        wanted = [event for event in events if event.type != rules.TEST]
        # also without events: the exchange is there from the start, for queues to be bound to
        await self._broker.send([self._message(event, names[event.organization_id]) for event in wanted])
        async with work.apply(claim) as done:
            if events:
                done.row.cursor = events[-1].seq
            if len(events) == PIECE:
                done.again()

    def _message(self, event: Event, organization: str) -> Message:
        body = rules.dumped(rules.cloud_event(event, self._source))
        return Message(event.id, event.type, f"{organization}.{event.type}", body, rules.CONTENT_TYPE, event.at)
