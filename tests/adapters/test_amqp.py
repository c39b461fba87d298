"""Events to a real RabbitMQ: in order, none lost while it is gone, each under its own id."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aio_pika
import pytest
from people import make_organization
from pydantic import SecretStr
from sqlalchemy import select

from heroes.events import service
from heroes.events.models import BrokerFeed
from heroes.events.rules import CONTENT_TYPE
from heroes.events.steps import message_broker, registrations
from heroes.kit import outbox
from heroes.kit.db import Database
from heroes.kit.settings import Settings, SettingsError
from heroes.kit.work import Work
from lab import counterparts

pytestmark = [pytest.mark.anyio, pytest.mark.postgres, pytest.mark.lab]
EXCHANGE = "heroes"


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[counterparts.RabbitMQ]:
    with counterparts.rabbitmq_running(tmp_path_factory.mktemp("rabbit")) as server:
        yield server


@pytest.fixture
async def work(database: Database, rabbit: counterparts.RabbitMQ, tmp_path: Path) -> Work:
    settings = Settings(home=tmp_path, amqp_url=SecretStr(rabbit.url), amqp_exchange=EXCHANGE)
    parts: Any = SimpleNamespace(settings=settings, database=database, secrets=None)
    async with database.worker() as session:
        await service.attach_broker(session, EXCHANGE)
    feeds = [one for one in registrations(parts) if one.model is BrokerFeed]
    return Work(database, feeds)


async def happens(database: Database, organization_id: str, *types: str) -> None:
    async with database.worker() as session:
        for type in types:
            outbox.emit(session, organization_id, type=type, subject="exe_1", data={"state": "RUNNING"})
    async with database.worker() as session:
        await service.relay(session)


async def taken(queue: Any, count: int) -> list[Any]:
    found = []
    async with asyncio.timeout(30):
        while len(found) < count:
            message = await queue.get(fail=False)
            if message is None:
                await asyncio.sleep(0.02)
                continue
            await message.ack()
            found.append(message)
    return found


async def test_events_arrive_in_order_by_organization_and_type(
    database: Database, rabbit: counterparts.RabbitMQ, work: Work
) -> None:
    acme = await make_organization(database, "acme")
    rival = await make_organization(database, "rival")
    await work.until_idle()
    async with await aio_pika.connect(rabbit.url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(durable=True, auto_delete=False)
        await queue.bind(EXCHANGE, "acme.job.*")
        await happens(database, acme.id, "job.submitted", "execution.started", "job.ended")
        await happens(database, rival.id, "job.submitted")
        await work.until_idle()
        first, second = await taken(queue, 2)
        assert (first.type, second.type, first.routing_key) == ("job.submitted", "job.ended", "acme.job.submitted")
        assert (first.content_type, first.delivery_mode.value) == (CONTENT_TYPE, 2)
        event = json.loads(first.body)
        assert (event["specversion"], event["id"], event["data"]) == ("1.0", first.message_id, {"state": "RUNNING"})
        assert await queue.get(fail=False) is None
        await queue.delete(if_empty=False)


async def test_while_the_broker_is_gone_nothing_is_lost_and_all_follows(
    database: Database, rabbit: counterparts.RabbitMQ, work: Work
) -> None:
    acme = await make_organization(database, "acme")
    await work.until_idle()
    async with await aio_pika.connect(rabbit.url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("kept", durable=True)
        await queue.bind(EXCHANGE, "#")
    rabbit.stop()
    await happens(database, acme.id, "job.submitted", "job.ended")
    await work.until_idle()
    async with database.worker() as session:
        feed = (await session.scalars(select(BrokerFeed))).one()
    assert feed.failures == 1
    assert feed.last_error is not None
    assert "does not answer" in feed.last_error
    assert rabbit.password not in feed.last_error
    rabbit.start()
    async with database.worker() as session:
        await service.attach_broker(session, EXCHANGE)
    await work.until_idle()
    async with await aio_pika.connect(rabbit.url) as connection:
        queue = await (await connection.channel()).get_queue("kept")
        assert [message.type for message in await taken(queue, 2)] == ["job.submitted", "job.ended"]
        await queue.delete(if_empty=False)


async def test_an_exchange_that_is_not_told_any_more_waits_for_nothing(database: Database, work: Work) -> None:
    acme = await make_organization(database)
    for attached, due in ((None, [None]), ("another", [None, "now"])):
        async with database.worker() as session:
            await service.attach_broker(session, attached)
        await happens(database, acme.id, "job.ended")
        async with database.worker() as session:
            rows = (await session.scalars(select(BrokerFeed).order_by(BrokerFeed.id.desc()))).all()
        assert [row.due_at and "now" for row in rows] == due
    async with database.worker() as session:
        await service.attach_broker(session, EXCHANGE)
    await work.until_idle()
    async with database.worker() as session:
        assert (await session.get_one(BrokerFeed, EXCHANGE)).failures == 0


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("amqp://lea:secret@broker.example.org/", "sent in clear"),
        ("http://broker", "amqps://"),
        ("amqps://broker:x/", "no address"),
    ],
)
async def test_a_wrong_address_is_told_without_its_password(url: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=words) as told:
        message_broker(Settings(home=tmp_path, amqp_url=SecretStr(url)))
    assert "secret" not in str(told.value)
