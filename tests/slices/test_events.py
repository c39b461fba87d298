"""Event streams over a real socket: nothing missed, nothing twice, nothing of others, nothing held while idle."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
import uvicorn
from people import login, make_app, make_client, make_organization, make_project, make_user
from sqlalchemy import create_engine, insert, text, update

from heroes.events import routes, service
from heroes.events.service import Streams
from heroes.executions.models import Execution
from heroes.identity.models import Organization, Project, User
from heroes.kit import outbox
from heroes.kit.db import Base, Database, heroes_now
from heroes.kit.ids import new_id

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
EVENTS = "/organization/events"
LONG = 3600.0  # seconds: a stream of this beat moves by its bell alone


@dataclass
class Reader:
    """One open stream."""

    response: httpx.Response

    def __post_init__(self) -> None:
        self._lines = self.response.aiter_lines()

    async def line(self) -> str:
        """Return the next line that says something; raises StopAsyncIteration at the end."""
        async with asyncio.timeout(20):
            while True:
                if said := await anext(self._lines):
                    return said

    async def event(self) -> dict[str, Any]:
        """Return the next event, with its number."""
        while True:
            said = await self.line()
            if said.startswith("id: "):
                data = (await self.line()).removeprefix("data: ")
                return {**json.loads(data), "number": int(said.removeprefix("id: "))}

    async def rest(self) -> list[dict[str, Any]]:
        """Return all events up to the end of the stream."""
        found = []
        try:
            while True:
                found.append(await self.event())
        except StopAsyncIteration:
            return found


@dataclass
class Platform:
    """Two organizations, an engineer with an execution, and the API on a socket."""

    database: Database
    app: Any
    url: str
    acme: Organization
    rival: Organization
    project: Project
    lea: User
    wid: str

    async def emit(self, *types: str, subject: str | None = None, organization: Organization | None = None) -> None:
        async with self.database.worker() as session:
            for one in types:
                owner = (organization or self.acme).id
                about = subject or (self.wid if one.startswith("execution") else "job_1")
                data = {"execution": self.wid} if one.startswith(("job", "step")) and subject is None else {}
                outbox.emit(session, owner, type=one, subject=about, data=data)
        await self.relay()

    async def relay(self) -> None:
        async with self.database.worker() as session:
            await service.relay(session)

    async def end(self, status: str = "FINISHED") -> None:
        async with self.database.worker() as session:
            ended = update(Execution).where(Execution.id == self.wid).values(status=status, end_time=heroes_now())
            await session.execute(ended)
        await self.emit(f"execution.{status.lower()}")

    def beat(self, seconds: float, *, most: int = 10) -> Streams:
        self.app.state.streams = Streams(self.database, "https://heroes.example", beat=seconds, most=most)
        return self.app.state.streams  # type: ignore[no-any-return]

    async def headers(self, user: User) -> dict[str, str]:
        async with await login(make_client(self.app), user) as client:
            return {"Authorization": client.headers["Authorization"]}

    @asynccontextmanager
    async def reading(self, user: User, path: str = EVENTS, last: int | None = None) -> AsyncIterator[Reader]:
        headers = await self.headers(user) | ({} if last is None else {"Last-Event-ID": str(last)})
        async with (
            httpx.AsyncClient(timeout=20) as client,
            client.stream("GET", self.url + path, headers=headers) as got,
        ):
            assert got.status_code == 200, await got.aread()
            assert got.headers["Content-Type"].startswith("text/event-stream")
            reader = Reader(got)
            assert await reader.line() == "retry: 2000"
            yield reader

    async def get(self, user: User, path: str, **params: Any) -> httpx.Response:
        async with httpx.AsyncClient(timeout=20) as client:
            return await client.get(self.url + path, params=params, headers=await self.headers(user))

    async def closed(self) -> None:
        """Wait until the server has noticed that all readers are gone."""
        async with asyncio.timeout(20):
            while self.app.state.streams.open:
                await asyncio.sleep(0.01)

    @property
    def events(self) -> str:
        return f"/organization/workflow/{self.wid}/events"


async def execution_of(database: Database, user: User, project: Project) -> str:
    """An execution, as a row only."""
    wid = new_id("exe")
    row = {"id": wid, "organization_id": user.organization_id, "user_id": user.id, "username": user.username}
    row |= {"project_id": project.id, "workflow_id": "wfl_1", "version_id": "ver_1", "name": "greet"}
    row |= {"engine": "steps", "parameters": {}, "inputs": {}, "policy": "fastest", "chosen": False}
    row |= {"status": "RUN_IN_PROGRESS", "status_since": heroes_now(), "submit_time": heroes_now()}
    async with database.worker() as session:
        await session.execute(insert(Base.metadata.tables["executions"]).values(row))
    return wid


@pytest.fixture
async def platform(database: Database) -> AsyncIterator[Platform]:
    acme, rival = await make_organization(database, "acme"), await make_organization(database, "rival")
    project = await make_project(database, acme)
    lea = await make_user(database, acme, "lea", ["engineer", ("engineer", project.id)])
    app = make_app(database, routes.router)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server._serve())  # without its handlers of signals
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    wid = await execution_of(database, lea, project)
    made = Platform(database, app, f"http://127.0.0.1:{port}", acme, rival, project, lea, wid)
    made.beat(LONG)
    yield made
    app.state.streams.bells.stop()
    server.should_exit = True
    await serving


async def test_who_comes_back_gets_what_was_missed_without_gap_or_double(platform: Platform):
    seen: list[dict[str, Any]] = []
    async with platform.reading(platform.lea) as reader:
        await platform.emit(*["job.placed"] * 5)
        seen += [await reader.event() for _ in range(3)]
    for _ in range(4):
        await asyncio.gather(*(platform.emit("job.running", "job.ended") for _ in range(8)))
    await platform.relay()
    async with platform.reading(platform.lea, last=seen[-1]["number"]) as reader:
        seen += [await reader.event() for _ in range(2 + 64)]
        await platform.emit("job.ended")
        seen.append(await reader.event())
    numbers = [event["number"] for event in seen]
    assert numbers == list(range(numbers[0], numbers[0] + 70))
    assert len({event["id"] for event in seen}) == 70


async def test_a_long_replay_comes_whole(platform: Platform):
    await platform.emit(*["job.placed"] * (2 * service.PIECE + 7))
    answer = await platform.get(platform.lea, EVENTS, after=0, follow=False)
    assert answer.text.count("\nid: ") == 2 * service.PIECE + 7


async def test_an_event_wakes_its_readers_by_the_bell_and_idle_ones_hold_no_session(platform: Platform):
    oda = await make_user(platform.database, platform.acme, "oda", ["organization_admin"])
    eve = await make_user(platform.database, platform.rival, "eve", ["organization_admin"])
    async with (
        platform.reading(platform.lea) as first,
        platform.reading(oda) as second,
        platform.reading(eve) as other,
    ):
        await platform.emit("job.placed")
        assert (await first.event())["type"] == (await second.event())["type"] == "job.placed"
        assert await listening(platform.database) == 1
        async with asyncio.timeout(20):
            while platform.database._app.pool.checkedout():  # type: ignore[attr-defined]
                await asyncio.sleep(0.01)
        await platform.emit("odd.thing", organization=platform.rival)
        assert (await other.event())["type"] == "odd.thing", "and not what happened in acme before"
    await platform.closed()
    assert await listening(platform.database) == 0, "and nobody listens when nobody reads"


async def listening(database: Database) -> int:
    found = (
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %heroes_events%' AND pid <> pg_backend_pid()"
    )
    async with database.app(None) as session:  # a login sees what its own connections do
        return await session.scalar(text(found)) or 0


async def test_events_of_one_transaction_keep_their_order(platform: Platform):
    types = [f"job.t{'x' * number}" for number in range(200)]
    await platform.emit(*types)
    assert [event["type"] for event in told(await platform.get(platform.lea, EVENTS, after=0, follow=False))] == types


def told(answer: httpx.Response) -> list[dict[str, Any]]:
    return [json.loads(line.removeprefix("data: ")) for line in answer.text.split("\n") if line.startswith("data")]


async def test_everybody_sees_what_they_may_and_no_more(platform: Platform):
    mia = await make_user(platform.database, platform.acme, "mia")
    oda = await make_user(platform.database, platform.acme, "oda", ["organization_admin"])
    ben = await make_user(platform.database, platform.acme, "ben", ["billing_admin"])
    pam = await make_user(platform.database, platform.acme, "pam", [("project_admin", platform.project.id)])
    eve = await make_user(platform.database, platform.rival, "eve", ["organization_admin", "engineer"])
    await platform.emit("execution.submitted", "step.finished", "job.ended")
    await platform.emit("cluster.checked", "workflow.published", "budget.threshold", "odd.thing", subject="x_1")

    async def seen(user: User) -> list[str]:
        return [event["type"] for event in told(await platform.get(user, EVENTS, after=0, follow=False))]

    own = ["execution.submitted", "step.finished", "job.ended"]
    assert await seen(platform.lea) == [*own, "cluster.checked"]
    assert await seen(mia) == ["cluster.checked"]
    assert await seen(ben) == ["cluster.checked", "budget.threshold"]
    assert await seen(pam) == own
    assert await seen(oda) == [*own, "cluster.checked", "budget.threshold", "odd.thing"]
    assert await seen(eve) == []
    for user, status in ((mia, 404), (eve, 404), (ben, 404), (pam, 200), (oda, 200), (platform.lea, 200)):
        answer = await platform.get(user, platform.events, follow=False)
        assert answer.status_code == status, user.username


async def test_an_executions_stream_begins_at_its_first_event_and_ends_with_its_last(platform: Platform):
    other = await execution_of(platform.database, platform.lea, platform.project)
    await platform.emit("execution.submitted", "job.placed")
    await platform.emit("execution.submitted", subject=other)
    async with platform.reading(platform.lea, platform.events) as reader:
        first = await reader.event()
        await platform.emit("job.ended")
        await platform.end()
        rest = await reader.rest()
    types = ["execution.submitted", "job.placed", "job.ended", "execution.finished"]
    assert [event["type"] for event in [first, *rest]] == types
    headers = await platform.headers(platform.lea) | {"Last-Event-ID": str(rest[-1]["number"])}
    async with httpx.AsyncClient() as client:
        again = await client.get(platform.url + platform.events, headers=headers)
    assert again.status_code == 204, "a browser does not come back"


async def test_an_ended_execution_that_runs_again_is_followed_again(platform: Platform):
    await platform.end("FAILED")
    async with platform.database.worker() as session:
        await session.execute(update(Execution).where(Execution.id == platform.wid).values(status="RUN_IN_PROGRESS"))
    async with platform.reading(platform.lea, platform.events) as reader:
        assert (await reader.event())["type"] == "execution.failed"
        await platform.emit("job.ended")
        assert (await reader.event())["type"] == "job.ended"
        await platform.end()
        assert [event["type"] for event in await reader.rest()] == ["execution.finished"]


async def test_what_is_not_stamped_yet_is_not_told(platform: Platform):
    async with platform.database.worker() as session:
        outbox.emit(session, platform.acme.id, type="execution.submitted", subject=platform.wid, data={})
    assert "id:" not in (await platform.get(platform.lea, platform.events, follow=False)).text


async def test_a_stream_shows_that_it_lives_and_ends_with_its_session(platform: Platform):
    platform.beat(0.05)
    async with platform.reading(platform.lea) as reader:
        assert (await reader.line()).startswith(":")
        async with platform.database.worker() as session:
            ended = text("UPDATE sessions SET ended_at = heroes_now() WHERE user_id = :user")
            await session.execute(ended, {"user": platform.lea.id})
        assert await reader.rest() == []
    await platform.closed()


async def test_a_right_that_is_taken_away_closes_what_it_opened(platform: Platform):
    platform.beat(0.05)
    pam = await make_user(platform.database, platform.acme, "pam", [("project_admin", platform.project.id)])
    await platform.emit("job.placed")
    async with platform.reading(pam, platform.events) as reader:
        assert (await reader.event())["type"] == "job.placed"
        async with platform.database.worker() as session:
            await session.execute(text("DELETE FROM assignments WHERE user_id = :user"), {"user": pam.id})
        assert await reader.rest() == []


async def test_streams_of_one_user_are_bounded_and_a_closed_one_makes_room(platform: Platform):
    platform.beat(LONG, most=2)
    oda = await make_user(platform.database, platform.acme, "oda", ["organization_admin"])
    async with platform.reading(platform.lea), platform.reading(platform.lea):
        refused = await platform.get(platform.lea, EVENTS)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
        assert (await platform.get(oda, EVENTS, follow=False)).status_code == 200, "others have their own"
    await platform.closed()
    assert (await platform.get(platform.lea, EVENTS, follow=False)).status_code == 200


async def test_who_was_away_too_long_is_told_of_the_gap_and_gets_the_rest(platform: Platform):
    await platform.emit("job.placed", "job.running")
    engine = create_engine(platform.database.urls.owner)
    with engine.begin() as connection:
        by = service.WINDOW + timedelta(hours=1)
        connection.execute(text("UPDATE events SET at = at - :by").bindparams(by=by))
    engine.dispose()
    await platform.emit("job.ended")
    told = (await platform.get(platform.lea, EVENTS, after=1, follow=False)).text
    assert [line for line in told.split("\n") if line.startswith(("event", "id"))] == ["event: gap", "id: 3"]
    assert "gap" not in (await platform.get(platform.lea, EVENTS, after=2, follow=False)).text
    whole = (await platform.get(platform.lea, platform.events, follow=False)).text
    assert whole.count("\nid: ") == 3, "an execution's own events are few, and all there"


async def test_a_process_that_ends_closes_its_streams(platform: Platform):
    async with platform.reading(platform.lea) as reader:
        platform.app.state.streams.bells.stop()
        assert await reader.rest() == []


async def test_a_number_that_is_none_is_refused(platform: Platform):
    for value in ("x", "-1", str(2**63)):
        headers = await platform.headers(platform.lea) | {"Last-Event-ID": value}
        async with httpx.AsyncClient() as client:
            assert (await client.get(platform.url + EVENTS, headers=headers)).status_code == 422
