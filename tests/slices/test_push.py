"""Notices to browsers through a push service on loopback: sealed, signed, tried again within bounds, never inside."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from centre import world_of
from people import login, make_app, make_client, make_organization, make_user
from push_service import Reader, sender_of
from receiver import Receiver, receiving
from sqlalchemy import select, update

from heroes.events import routes, service, steps
from heroes.events.browsers import MOST_BROWSERS, rewrap
from heroes.events.models import PushKey, PushMessage, PushSubscription
from heroes.events.rules import DELAYS, Answer, Delivered, GiveUp, Gone, Retry, after_push
from heroes.identity.models import User
from heroes.kit import lifecycle
from heroes.kit.db import Database, heroes_now
from heroes.kit.secrets import MasterKeys, master_keys
from heroes.kit.settings import Settings
from heroes.kit.work import Work
from heroes.parts import Parts

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
BROWSER = "/organization/notice/browser"
WISH = "/organization/notice/wish"
ADDRESS = "https://heroes.acme.example"


@dataclass
class Firm:
    """Lea, her browser behind a push service, and a worker that is asked to work."""

    database: Database
    organization: Any
    user: User
    lea: httpx.AsyncClient
    service: Receiver
    reader: Reader
    parts: Parts

    def address(self, path: str = "/to/lea") -> str:
        return f"http://127.0.0.1:{self.service.port}{path}"

    async def add(self, path: str = "/to/lea", title: str = "Firefox on Linux") -> dict[str, Any]:
        body = {"endpoint": self.address(path), **self.reader.keys(), "title": title}
        answer = await self.lea.post(BROWSER, json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def listed(self) -> list[dict[str, Any]]:
        return list((await self.lea.get(f"{BROWSER}/list")).json())

    async def work(self) -> None:
        async with self.database.worker() as session:
            await service.relay(session)
        [mine] = [one for one in steps.registrations(self.parts) if one.model is PushMessage]
        await Work(self.database, [mine]).until_idle()

    async def tried(self, browser: dict[str, Any]) -> None:
        assert (await self.lea.post(f"{BROWSER}/{browser['id']}/test")).status_code == 200
        await self.work()

    async def waiting(self) -> list[PushMessage]:
        async with self.database.worker() as session:
            return list(await session.scalars(select(PushMessage)))

    async def soon(self) -> None:
        async with self.database.worker() as session:
            await session.execute(update(PushMessage).values(due_at=heroes_now()))
        await self.work()

    def said(self) -> list[dict[str, str]]:
        return [json.loads(self.reader.opened(body)) for _, _, body in self.service.got]


def parts_of(database: Database, home: Path, *, private: bool = True) -> Parts:
    settings = Settings(home=home, webhook_private=private, public_url=ADDRESS)
    return Parts(settings=settings, database=database, store=None, secrets=None, registry=None)  # type: ignore[arg-type]


@pytest.fixture
async def firm(database: Database, tmp_path: Path) -> AsyncIterator[Firm]:
    organization = await make_organization(database)
    user = await make_user(database, organization)
    app = make_app(database, routes.router, home=tmp_path)
    parts = parts_of(database, tmp_path)
    app.state.settings = parts.settings
    async with receiving() as service, make_client(app) as lea:
        service.answers = [201]
        await login(lea, user)
        yield Firm(database, organization, user, lea, service, Reader(), parts)


async def test_a_browser_opens_what_comes_and_its_service_knows_who_sent_it(firm: Firm):
    key = (await firm.lea.get(f"{BROWSER}/key")).json()["key"]
    browser = await firm.add()
    await firm.tried(browser)
    [(line, headers, body)] = firm.service.got
    assert line == "POST /to/lea HTTP/1.1"
    told = {"title": "Notices of HEROES arrive in this browser.", "path": "/o/acme/more", "tag": "try"}
    assert firm.said() == [told]
    assert b"HEROES" not in body
    claims, named = sender_of(headers)
    assert (claims["aud"], claims["sub"], named) == (f"http://127.0.0.1:{firm.service.port}", ADDRESS, key)
    assert (headers["content-encoding"], headers["ttl"], headers["urgency"]) == ("aes128gcm", "86400", "normal")
    [now] = await firm.listed()
    assert (now["title"], now["service"], now["trouble"]) == ("Firefox on Linux", "127.0.0.1", None)
    assert now["delivered_at"] is not None
    assert await firm.waiting() == []


@pytest.mark.parametrize(("script", "words"), [("exit 0", "has finished"), ("exit 3", "has failed")])
async def test_who_wants_it_is_told_in_every_browser_when_a_run_of_their_own_ends(
    database: Database, tmp_path: Path, script: str, words: str
):
    async with world_of(database, tmp_path) as world, receiving() as service:
        service.answers = [201]
        app = world.client._transport.app  # type: ignore[attr-defined]
        app.include_router(routes.router)
        parts = parts_of(database, Path(app.state.settings.home))
        app.state.settings = parts.settings
        await world.centre("alpha")
        firm = Firm(database, world.organization, None, world.client, service, Reader(), parts)  # type: ignore[arg-type]
        steps_of = f"only:\n  script: {script}\n  resources: {{walltime: 60}}"

        async def told(**more: Any) -> list[dict[str, str]]:
            service.got.clear()
            wid = await world.submit(steps_of, **more)
            await world.ended(wid)
            await firm.work()
            await firm.work()
            assert all(one["path"] == f"/o/acme/executions/{wid}" and one["tag"] == wid for one in firm.said())
            return firm.said()

        await firm.add()
        assert await told() == []  # nobody asked
        assert [one["title"] for one in await told(notices=["browser"])] == [f"probe {words}"]  # of this run alone
        asked = await world.client.put(WISH, json={"ends": False, "browser": True, "language": "de"})
        assert asked.json()["browser"] is True
        await firm.add("/to/leas/phone")
        said = {"has finished": "ist fertig", "has failed": "ist fehlgeschlagen"}[words]
        assert [one["title"] for one in await told()] == [f"probe {said}"] * 2
        assert await told(notices=["page"]) == []


async def test_one_that_is_told_it_is_gone_is_forgotten(firm: Firm):
    for status in (404, 410):
        firm.service.answers = [status]
        await firm.tried(await firm.add())
        assert await firm.listed() == []
        assert await firm.waiting() == []


async def test_a_service_that_is_busy_is_asked_again_and_then_given_up_with_the_reason(firm: Firm):
    firm.service.answers = [429]
    await firm.tried(await firm.add())
    [message] = await firm.waiting()
    assert (message.attempts, message.trouble) == (1, "The push service of this browser answered 429.")
    for _ in range(len(DELAYS) + 3):
        await firm.soon()
    assert len(firm.service.got) == len(DELAYS) + 1
    assert await firm.waiting() == []
    [browser] = await firm.listed()
    assert browser["trouble"] == "The push service of this browser answered 429."
    firm.service.answers = [201]
    await firm.tried(browser)
    assert (await firm.listed())[0]["trouble"] is None


async def test_what_is_too_large_or_not_ours_is_not_sent_again(firm: Firm):
    for status in (400, 403, 413):
        firm.service.got.clear()
        firm.service.answers = [status]
        browser = await firm.add()
        await firm.tried(browser)
        await firm.soon()
        assert len(firm.service.got) == 1
        assert str(status) in (await firm.listed())[0]["trouble"]


@pytest.mark.parametrize(
    ("answer", "attempts", "asked", "then"),
    [
        (Answer(201), 0, None, Delivered()),
        (Answer(410), 0, None, Gone()),
        (Answer(429), 0, 40.0, Retry(40.0)),
        (Answer(429), 0, 1.0, Retry(DELAYS[0])),
        (Answer(503), 1, 1e9, Retry(6 * 3600.0)),
        (Answer(trouble="No connection."), 2, None, Retry(DELAYS[2])),
        (Answer(500), len(DELAYS), None, GiveUp()),
        (Answer(trouble="closed", closed=True), 0, None, GiveUp()),
        (Answer(302), 0, None, GiveUp()),
    ],
)
async def test_what_follows_an_answer(answer: Answer, attempts: int, asked: float | None, then: Any):
    assert after_push(answer, attempts=attempts, asked=asked) == then


async def test_an_address_inside_is_neither_taken_nor_called(firm: Firm, tmp_path: Path):
    browser = await firm.add()
    firm.parts = parts_of(firm.database, tmp_path, private=False)
    firm.lea._transport.app.state.settings = firm.parts.settings  # type: ignore[attr-defined]
    await firm.tried(browser)
    assert firm.service.got == []
    assert "an address inside a private network" in (await firm.listed())[0]["trouble"]
    for address in (firm.address("/other"), "https://lea:secret@push.example/a", "ftp://push.example/a"):
        body = {"endpoint": address, **firm.reader.keys()}
        assert (await firm.lea.post(BROWSER, json=body)).status_code == 422
    wrong = {"endpoint": "https://push.example/a", "p256dh": "AAAA", "auth": "!"}
    assert (await firm.lea.post(BROWSER, json=wrong)).status_code == 422


async def test_a_user_has_a_bounded_number_of_browsers_and_sees_and_removes_only_their_own(firm: Firm):
    first = await firm.add()
    assert (await firm.add(title="The same"))["id"] == first["id"]
    for number in range(MOST_BROWSERS - 1):
        await firm.add(f"/to/{number}")
    body = {"endpoint": firm.address("/to/another"), **firm.reader.keys()}
    full = await firm.lea.post(BROWSER, json=body)
    assert (full.status_code, full.json()["code"]) == (409, "browsers_full")
    assert len(await firm.listed()) == MOST_BROWSERS
    ann = await make_user(firm.database, firm.organization, "ann", ["organization_admin"])
    async with make_client(firm.lea._transport.app) as other:  # type: ignore[attr-defined]
        await login(other, ann)
        assert (await other.get(f"{BROWSER}/list")).json() == []
        assert (await other.delete(f"{BROWSER}/{first['id']}")).status_code == 404
        assert (await other.post(f"{BROWSER}/{first['id']}/test")).status_code == 404
    assert (await firm.lea.delete(f"{BROWSER}/{first['id']}")).status_code == 204
    assert len(await firm.listed()) == MOST_BROWSERS - 1


async def test_who_has_left_is_told_nothing_and_leaves_nothing(firm: Firm):
    browser = await firm.add()
    assert (await firm.lea.post(f"{BROWSER}/{browser['id']}/test")).status_code == 200
    assert (await firm.lea.post(f"{BROWSER}/{browser['id']}/test")).status_code == 200
    assert len(await firm.waiting()) == 1  # one test at a time
    async with firm.database.worker() as session:
        await session.execute(update(User).where(User.id == firm.user.id).values(enabled=False))
    await firm.work()
    assert (firm.service.got, await firm.waiting()) == ([], [])
    async with firm.database.worker() as session:
        await lifecycle.purge(session, "user", firm.organization.id, firm.user.id)
    async with firm.database.worker() as session:
        assert (await session.scalars(select(PushSubscription))).all() == []


async def test_the_key_is_made_once_and_opens_under_a_fresh_master_key(firm: Firm):
    async def key() -> str:
        return str((await firm.lea.get(f"{BROWSER}/key")).json()["key"])

    before = await key()
    old = master_keys(firm.parts.settings.home).all()[0]
    path = firm.parts.settings.home / "keys" / "master.key"
    path.write_text(f"{'ab' * 32}\n{old.hex()}\n")
    async with firm.database.worker() as session:
        assert await rewrap(session, MasterKeys(path)) == 1
    path.write_text(f"{'ab' * 32}\n")
    del firm.lea._transport.app.state.push_keys  # type: ignore[attr-defined]
    assert await key() == before
    async with firm.database.worker() as session:
        assert len((await session.scalars(select(PushKey))).all()) == 1
