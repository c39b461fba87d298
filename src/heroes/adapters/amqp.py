"""Messages to a broker by AMQP 0-9-1 (RabbitMQ and others): persistent, each confirmed before it counts as sent."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import aio_pika
from aio_pika.abc import AbstractConnection, AbstractExchange
from aiormq.exceptions import AMQPChannelError, AMQPError

from heroes.kit.addresses import is_this_machine
from heroes.kit.errors import Refused, Unreachable

WITHIN = 20.0
"""seconds to connect, and for all messages of one call to be confirmed"""


@dataclass(frozen=True, slots=True)
class Message:
    """One event on its way. `id`: the same each time it is sent; `key`: what queues are bound by."""

    id: str
    type: str
    key: str
    body: bytes
    content_type: str
    at: datetime


def _place(url: str) -> str:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises ValueError
    except ValueError:
        raise ValueError("no address of a broker; write amqps://user:password@host/vhost") from None
    if parts.scheme not in {"amqp", "amqps"} or not parts.hostname:
        raise ValueError("write amqps://user:password@host/vhost, or amqp:// for a broker on this machine")
    if parts.scheme == "amqp" and parts.password and not is_this_machine(parts.hostname):
        raise ValueError("a password is not sent in clear: use amqps://")
    return parts.hostname


class Broker:
    """A topic exchange at a broker, over one connection that is opened when needed.

    Raises ValueError for a URL that names no broker; its text never repeats the URL.
    """

    def __init__(self, url: str, exchange: str):
        self._place = _place(url)
        self._url, self._exchange = url, exchange
        self._opened: tuple[AbstractConnection, AbstractExchange] | None = None

    async def send(self, messages: Sequence[Message]) -> None:
        """Return when the broker has taken all messages. On any error all may arrive again, under the same ids.

        Raises Unreachable: try again later; Refused: the broker will not take them as it is set up.
        """
        try:
            async with asyncio.timeout(WITHIN):
                exchange = await self._open()
                for message in messages:  # one after the other: their order is kept in each queue
                    await exchange.publish(_written(message), message.key, mandatory=False)
        except AMQPChannelError as error:
            await self.close()
            raise Refused(f"The message broker at {self._place} refused: {error}") from None
        except (AMQPError, OSError, TimeoutError, RuntimeError) as error:
            await self.close()
            why = type(error).__name__  # its text may hold the password
            raise Unreachable(f"The message broker at {self._place} does not answer ({why}).") from None

    async def _open(self) -> AbstractExchange:
        if self._opened is not None and not self._opened[0].is_closed:
            return self._opened[1]
        connection = await aio_pika.connect(self._url, timeout=WITHIN)
        channel = await connection.channel(publisher_confirms=True)
        exchange = await channel.declare_exchange(self._exchange, aio_pika.ExchangeType.TOPIC, durable=True)
        self._opened = connection, exchange
        return exchange

    async def close(self) -> None:
        """Close the connection; the next message opens another."""
        opened, self._opened = self._opened, None
        if opened is not None:
            try:
                async with asyncio.timeout(WITHIN):
                    await opened[0].close()
            except (AMQPError, OSError, TimeoutError, RuntimeError):
                pass  # it was gone already


def _written(message: Message) -> aio_pika.Message:
    return aio_pika.Message(
        message.body,
        content_type=message.content_type,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=message.id,
        timestamp=message.at,
        type=message.type,
        app_id="heroes",
    )
