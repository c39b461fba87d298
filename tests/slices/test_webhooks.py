"""Webhooks against a real receiver on loopback: signed, in order, tried again, set aside, never inside."""

import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from people import login, make_app, make_client, make_organization, make_user
from receiver import Receiver, is_signed, receiving
from sqlalchemy import create_engine, func, select, text

from heroes.events import routes, service, steps
from heroes.events.models import DeadLetter, Webhook
from heroes.events.rules import BOTH_SIGN, DELAYS
from heroes.kit import lifecycle, outbox
from heroes.kit.db import Base, Database
from heroes.kit.secrets import DatabaseSecrets, SecretRow
from heroes.kit.settings import Settings
from heroes.kit.work import Work
from heroes.parts import Parts

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
HOOK = "/organization/webhook"


@dataclass
class Firm:
    """An organization, its administrator, a receiver, and a worker that is asked to work."""

    database: Database
    organization: Any
    admin: httpx.AsyncClient
    receiver: Receiver
    work: Work

    async def emit(self, *types: str, subject: str = "job_1", organization: Any = None) -> None:
        for one in types:
            async with self.database.worker() as session:
                owner = (organization or self.organization).id
                outbox.emit(session, owner, type=one, subject=subject, data={"n": one})
        await self.relay()

    async def relay(self) -> None:
        async with self.database.worker() as session:
            await service.relay(session)
        await self.work.until_idle()

    async def later(self, seconds: float) -> None:
        engine = create_engine(self.database.urls.owner)
        with engine.begin() as connection:
            by = timedelta(seconds=seconds)
            connection.execute(text("UPDATE heroes_clock SET shift = shift + :by").bindparams(by=by))
        engine.dispose()
        await self.work.until_idle()

    async def add(self, **more: Any) -> dict[str, Any]:
        answer = await self.admin.post(HOOK, json={"url": self.receiver.url, **more})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def show(self, made: dict[str, Any]) -> dict[str, Any]:
        return dict((await self.admin.get(f"{HOOK}/{made['id']}")).json())

    async def dead(self, made: dict[str, Any]) -> list[dict[str, Any]]:
        return list((await self.admin.get(f"{HOOK}/{made['id']}/dead")).json())


def parts_of(database: Database, *, private: bool = True) -> Parts:
    home = Path(tempfile.mkdtemp(prefix="heroes-test-home-"))
    settings = Settings(home=home, webhook_private=private)
    secrets = DatabaseSecrets(b"k" * 32)
    return Parts(settings=settings, database=database, store=None, secrets=secrets, registry=None)  # type: ignore[arg-type]


@pytest.fixture
async def firm(database: Database) -> AsyncIterator[Firm]:
    acme = await make_organization(database, "acme")
    parts = parts_of(database)
    app = make_app(database, routes.router)
    app.state.secrets = parts.secrets
    oda = await make_user(database, acme, "oda", ["organization_admin"])
    async with await login(make_client(app), oda) as admin, receiving() as receiver:
        yield Firm(database, acme, admin, receiver, Work(database, steps.registrations(parts)))


async def test_a_delivery_is_a_signed_cloud_event_and_its_secret_is_kept_sealed(firm: Firm):
    made = await firm.add()
    await firm.emit("job.ended")
    [(line, headers, body)] = firm.receiver.got
    assert line == "POST /hook?of=acme HTTP/1.1"
    assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert headers["host"] == f"127.0.0.1:{firm.receiver.port}"
    assert is_signed(made["secret"], headers, body)
    assert not is_signed(made["secret"], headers, body + b" ")
    [event] = firm.receiver.events
    assert (event["specversion"], event["type"], event["subject"]) == ("1.0", "job.ended", "job_1")
    assert headers["webhook-id"] == event["id"]
    shown = await firm.show(made)
    assert (shown["delivered_event"], shown["trouble"], shown["attempts"]) == (event["id"], None, 0)
    assert "secret" not in shown
    async with firm.database.worker() as session:
        assert made["secret"].encode() not in (await session.scalars(select(SecretRow.sealed))).one()


async def test_a_new_secret_signs_at_once_and_the_former_one_for_another_day(firm: Firm):
    made = await firm.add()
    answer = await firm.admin.post(f"{HOOK}/{made['id']}/secret")
    assert answer.status_code == 201, answer.text
    fresh = answer.json()["secret"]
    assert fresh != made["secret"]
    await firm.emit("job.ended")
    await firm.later(BOTH_SIGN.total_seconds() + 1)
    await firm.emit("job.ended")
    [(_, *during), (_, *after)] = firm.receiver.got
    assert [is_signed(secret, *during) for secret in (made["secret"], fresh)] == [True, True]
    assert [is_signed(secret, *after) for secret in (made["secret"], fresh)] == [False, True]
    await firm.admin.post(f"{HOOK}/{made['id']}/secret")
    async with firm.database.worker() as session:
        assert await session.scalar(select(func.count()).select_from(SecretRow)) == 2, "the oldest is forgotten"


async def test_a_receiver_that_fails_twice_gets_it_the_third_time_and_everything_in_order(firm: Firm):
    made = await firm.add()
    firm.receiver.answers = [500, 503, 204]
    await firm.emit("job.ended")
    await firm.emit("step.finished", "execution.finished")
    assert firm.receiver.types == ["job.ended"], "what comes later waits"
    shown = await firm.show(made)
    assert (shown["attempts"], shown["trouble"]) == (1, "The receiver answered 500.")
    assert shown["trouble_why"] == {"code": "answered", "facts": {"status": 500}}
    assert shown["next_attempt_at"] is not None
    await firm.later(DELAYS[0] + 1)
    assert firm.receiver.types == ["job.ended"] * 2
    await firm.later(DELAYS[0] + 1)
    assert firm.receiver.types == ["job.ended"] * 2, "the pause grows"
    await firm.later(DELAYS[1])
    assert firm.receiver.types == [*["job.ended"] * 3, "step.finished", "execution.finished"]
    assert len({headers["webhook-id"] for _, headers, _ in firm.receiver.got[:3]}) == 1, "known by one id"
    assert all(is_signed(made["secret"], headers, body) for _, headers, body in firm.receiver.got)
    assert await firm.dead(made) == []
    numbers = [event["sequence"] for event in firm.receiver.events]
    assert numbers == sorted(numbers)


async def test_what_never_arrives_is_set_aside_listed_and_sent_again_when_asked(firm: Firm):
    made = await firm.add()
    firm.receiver.answers = [500]
    await firm.emit("job.ended", "job.placed")
    for delay in DELAYS:
        await firm.later(delay + 1)
    assert firm.receiver.types == [*["job.ended"] * (len(DELAYS) + 1), "job.placed"], "then each has one try"
    dead = await firm.dead(made)
    assert [(one["type"], one["attempts"]) for one in dead] == [("job.ended", len(DELAYS) + 1), ("job.placed", 1)]
    place = f"{HOOK}/{made['id']}/dead"
    asked = await firm.admin.post(f"{place}/{dead[0]['id']}/resend")
    assert (asked.status_code, asked.json()["sending"]) == (202, True)
    await firm.work.until_idle()
    [still, _] = await firm.dead(made)
    assert (still["attempts"], still["sending"]) == (len(DELAYS) + 2, False), "still dead, and said so"
    firm.receiver.answers = [200]
    for one in dead:
        await firm.admin.post(f"{place}/{one['id']}/resend")
    await firm.work.until_idle()
    assert await firm.dead(made) == []
    assert sorted(firm.receiver.types[-2:]) == ["job.ended", "job.placed"], (
        "each asked for by itself: in no promised order"
    )
    assert (await firm.admin.post(f"{place}/{dead[0]['id']}/resend")).status_code == 404
    await firm.emit("job.running")
    assert firm.receiver.types[-1] == "job.running"


async def test_only_the_types_that_were_asked_for_come(firm: Firm):
    made = await firm.add(types=["job.ended", "execution.*"])
    await firm.emit("job.placed", "job.ended", "executions.odd", "execution.finished", "cluster.checked")
    assert firm.receiver.types == ["job.ended", "execution.finished"]
    async with firm.database.worker() as session:
        last = await session.scalar(select(func.max(outbox.Event.seq)))
    assert (await firm.show(made))["sequence"] == last, "what is not wanted is done with, too"


async def test_another_organizations_events_are_never_told(firm: Firm):
    rival = await make_organization(firm.database, "rival")
    await firm.add()
    await firm.emit("job.ended", organization=rival)
    await firm.emit("job.placed")
    assert firm.receiver.types == ["job.placed"]


async def test_a_new_webhook_is_told_what_happens_from_now_on(firm: Firm):
    await firm.emit("job.placed")
    await firm.add()
    await firm.emit("job.ended")
    assert firm.receiver.types == ["job.ended"]


async def test_a_test_goes_to_its_own_webhook_alone(firm: Firm):
    one, _ = await firm.add(types=["budget.*"]), await firm.add()
    asked = await firm.admin.post(f"{HOOK}/{one['id']}/test")
    assert asked.status_code == 202
    await firm.relay()
    [event] = firm.receiver.events
    assert (event["id"], event["type"], event["subject"]) == (asked.json()["event"], "webhook.test", one["id"])
    assert (await firm.show(one))["delivered_event"] == event["id"]


async def test_a_redirect_is_a_failure_and_is_not_followed(firm: Firm):
    made = await firm.add()
    firm.receiver.answers = [302]
    await firm.emit("job.ended")
    assert [line for line, _, _ in firm.receiver.got] == ["POST /hook?of=acme HTTP/1.1"]
    assert (await firm.show(made))["trouble"] == "The receiver answered 302."


async def test_a_receiver_that_is_gone_is_told_nothing_until_it_is_switched_on_and_then_misses_nothing(firm: Firm):
    made = await firm.add()
    firm.receiver.answers = [410]
    await firm.emit("job.ended", "job.placed")
    shown = await firm.show(made)
    assert (shown["active"], len(firm.receiver.got)) == (False, 1)
    assert "410" in shown["trouble"]
    assert (await firm.admin.post(f"{HOOK}/{made['id']}/test")).json()["code"] == "switched_off"
    firm.receiver.answers = [200]
    changed = await firm.admin.patch(f"{HOOK}/{made['id']}", json={"active": True})
    assert (changed.json()["active"], changed.json()["trouble"], changed.json()["trouble_why"]) == (True, None, None)
    await firm.work.until_idle()
    assert firm.receiver.types == ["job.ended", "job.ended", "job.placed"]


async def test_nobody_there_is_a_failure_that_names_it(firm: Firm):
    made = await firm.add(url="http://127.0.0.1:9/")
    await firm.emit("job.ended")
    shown = await firm.show(made)
    assert shown["attempts"] == 1
    assert shown["trouble"].startswith("No connection:")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"])
async def test_a_webhook_never_reaches_the_platforms_own_network(firm: Firm, host: str):
    work = Work(firm.database, steps.registrations(parts_of(firm.database, private=False)))
    made = await firm.add(url=f"http://{host}:{firm.receiver.port}/")
    async with firm.database.worker() as session:
        outbox.emit(session, firm.organization.id, type="job.ended", subject="job_1", data={})
    async with firm.database.worker() as session:
        await service.relay(session)
    await work.until_idle()
    shown = await firm.show(made)
    assert (shown["active"], firm.receiver.got) == (False, [])
    assert "HEROES_WEBHOOK_PRIVATE" in shown["trouble"]
    assert shown["trouble_why"]["code"] == "private_address"


async def test_a_name_is_resolved_once_and_its_judged_address_is_the_one_that_is_called(firm: Firm):
    await firm.add(url=f"http://localhost:{firm.receiver.port}/x")
    await firm.emit("job.ended")
    [(line, headers, _)] = firm.receiver.got
    assert (line, headers["host"]) == ("POST /x HTTP/1.1", f"localhost:{firm.receiver.port}")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"url": "ftp://a.example"}, "/url"),
        ({"url": "https://a:b@c.example"}, "/url"),
        ({"types": ["Job.Ended"]}, "/types/0"),
        ({"secret": "mine"}, "/secret"),
    ],
)
async def test_each_fault_of_a_webhook_is_pointed_at(firm: Firm, change: dict[str, Any], pointer: str):
    answer = await firm.admin.post(HOOK, json={"url": "https://a.example", **change})
    assert answer.status_code == 422
    problems = answer.json()["problems"]
    assert pointer in [problem["pointer"] for problem in problems]
    assert not any(problem["message"].startswith("Value error") for problem in problems)


async def test_webhooks_of_an_organization_are_bounded(firm: Firm):
    async with firm.database.worker() as session:
        for number in range(service.MOST_WEBHOOKS):
            more = {"title": "", "url": "https://a.example", "types": [], "secret_id": "none", "cursor": 0}
            session.add(Webhook(id=f"whk_{number:020d}", organization_id=firm.organization.id, **more))
    answer = await firm.admin.post(HOOK, json={"url": firm.receiver.url})
    assert (answer.status_code, answer.json()["code"]) == (409, "webhooks_full")


async def test_a_removed_webhook_leaves_nothing_behind(firm: Firm):
    made = await firm.add()
    firm.receiver.answers = [500]
    await firm.emit("job.ended")
    for delay in DELAYS:
        await firm.later(delay + 1)
    assert len(await firm.dead(made)) == 1
    assert (await firm.admin.delete(f"{HOOK}/{made['id']}")).status_code == 204
    assert await _left(firm.database) == (0, 0, 0)
    assert (await firm.admin.get(f"{HOOK}/{made['id']}")).status_code == 404


async def test_an_organization_takes_its_webhooks_along(firm: Firm):
    await firm.add()
    gone = ("organization", firm.organization.id, firm.organization.id)
    async with firm.database.worker() as session:
        assert (await lifecycle.count(session, *gone))["webhooks"] == 1
        await lifecycle._parts["events"].purge(session, *gone)
        await lifecycle._parts["events"].purge(session, *gone)
    assert (await _left(firm.database))[:2] == (0, 0)
    assert {"webhooks", "webhook_dead_letters"} <= lifecycle.tables()


async def _left(database: Database) -> tuple[int, ...]:
    async with database.worker() as session:
        counts = [select(func.count()).select_from(table) for table in (Webhook, DeadLetter, SecretRow)]
        return tuple([await session.scalar(one) or 0 for one in counts])


def test_the_tables_are_known():
    assert {"webhooks", "webhook_dead_letters"} <= set(Base.metadata.tables)
