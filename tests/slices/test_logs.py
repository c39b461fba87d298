"""What running jobs print, over a real database and a real socket; the site's files are those of this machine."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import httpx
import pytest
import uvicorn
from people import login, make_app, make_client, make_organization, make_project, make_user
from sqlalchemy import create_engine, func, select, text, update
from test_events import execution_of

from heroes.adapters.files import LocalBlobStore
from heroes.adapters.local import LocalFiles
from heroes.executions import routes
from heroes.executions.logs import LogStreams
from heroes.executions.logs import Place as Spot
from heroes.identity import Caller
from heroes.identity.models import Organization, User
from heroes.jobs import logs
from heroes.jobs.models import Array, Job, LogChunk, LogFollow, Submission
from heroes.jobs.rules import KEPT, LONGEST_PIECE, MOST_READ
from heroes.jobs.steps import watch_output
from heroes.kit.db import Base, Database, heroes_now
from heroes.kit.errors import Unreachable
from heroes.kit.work import Registration, Work

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
LOG = "/organization/workflow/{}/logs/stdout"


@dataclass
class Files(LocalFiles):
    """The site's files, and how often each was read."""

    root: str
    reads: list[int] = field(default_factory=list)
    silent: bool = False

    def __post_init__(self) -> None:
        LocalFiles.__init__(self, self.root)

    async def read(self, path: str, offset: int = 0, limit: int | None = None) -> bytes:
        if self.silent:
            raise Unreachable("alpha does not answer.")
        self.reads.append(offset)
        return await super().read(path, offset, limit)


@dataclass
class Site:
    """One line of this process, to a site whose files are a folder."""

    files: Files

    def owned(self) -> list[str]:
        return ["lin_1"]

    @asynccontextmanager
    async def peek(self, line_id: str) -> AsyncIterator["Site"]:
        yield self


class Turns(watch_output.Turns):
    """Turns without pauses, so that no test waits on the clock."""

    def done(self, line_id: str) -> None:
        self._next[line_id] = 0.0


@dataclass
class Place:
    """An execution with one running job, its output at the site, the API on a socket and a worker to be asked."""

    database: Database
    app: Any
    url: str
    lea: User
    wid: str
    files: Files
    store: LocalBlobStore
    output: Path
    work: Work

    async def headers(self, user: User) -> dict[str, str]:
        async with await login(make_client(self.app), user) as client:
            return {"Authorization": client.headers["Authorization"]}

    async def get(self, user: User, **params: Any) -> httpx.Response:
        async with httpx.AsyncClient(timeout=30) as client:
            return await client.get(self.url + LOG.format(self.wid), params=params, headers=await self.headers(user))

    def prints(self, content: bytes) -> None:
        with self.output.open("ab") as file:
            file.write(content)

    async def look(self) -> None:
        """Let the line's owner look once at each log that is wanted."""
        async with self.database.worker() as session:
            await session.execute(update(LogFollow).values(due_at=heroes_now()))
        await self.work.start_due()
        await asyncio.gather(*(run.task for run in list(self.work._running.values())))

    async def asked(self, **params: Any) -> dict[str, Any]:
        """Ask by offset while the owner works; return the piece."""
        answer = asyncio.create_task(self.get(self.lea, **params))
        while not answer.done():
            await self.look()
            await asyncio.sleep(0.01)
        assert (await answer).status_code == 200, (await answer).text
        return dict((await answer).json())

    @asynccontextmanager
    async def following(self, user: User, last: str | None = None) -> AsyncIterator["Reader"]:
        headers = await self.headers(user) | ({"Last-Event-ID": last} if last else {})
        address = self.url + LOG.format(self.wid)
        async with (
            httpx.AsyncClient(timeout=20) as client,
            client.stream("GET", address, params={"follow": True}, headers=headers) as got,
        ):
            assert got.status_code == 200, await got.aread()
            yield Reader(got)

    async def job(self, **values: Any) -> None:
        async with self.database.worker() as session:
            await session.execute(update(Job).values(**values))

    async def count(self, model: Any) -> int:
        async with self.database.worker() as session:
            return await session.scalar(select(func.count()).select_from(model)) or 0

    async def end(self) -> None:
        await self.job(state="ENDED", end="SUCCEEDED", ended_at=heroes_now())
        async with self.database.worker() as session:
            await logs.close(session, ["job_1"])
        await self.work.until_idle()

    async def later(self, seconds: float) -> None:
        engine = create_engine(self.database.urls.owner)
        with engine.begin() as connection:
            by = timedelta(seconds=seconds)
            connection.execute(text("UPDATE heroes_clock SET shift = shift + :by").bindparams(by=by))
        engine.dispose()


@dataclass
class Reader:
    response: httpx.Response
    last: str = ""

    def __post_init__(self) -> None:
        self._lines = self.response.aiter_lines()

    async def piece(self) -> dict[str, Any]:
        async with asyncio.timeout(20):
            while True:
                line = await anext(self._lines)
                if line.startswith("id: "):
                    self.last = line.removeprefix("id: ")
                if line.startswith("data: "):
                    return dict(json.loads(line.removeprefix("data: ")))


@pytest.fixture
async def place(database: Database, tmp_path: Path) -> AsyncIterator[Place]:
    acme = await make_organization(database, "acme")
    project = await make_project(database, acme)
    lea = await make_user(database, acme, "lea", ["engineer", ("engineer", project.id)])
    wid = await execution_of(database, lea, project)
    root = tmp_path / "site"
    (root / "job_1/1/htoken").mkdir(parents=True)
    tables = Base.metadata.tables
    async with database.worker() as session:
        cluster = {"id": "clu_1", "organization_id": acme.id, "name": "alpha", "kind": "slurm", "state": "READY"}
        await session.execute(tables["clusters"].insert().values(cluster | {"job_root": str(root)}))
        session.add(
            Job(
                id="job_1",
                organization_id=acme.id,
                execution_id=wid,
                waiter_table="executions",
                waiter_id=wid,
                project_id=project.id,
                user_id=lea.id,
                workflow_id="wfl_1",
                step="solve",
                index=0,
                title="Solve",
                spec={},
                state="RUNNING",
                state_since=heroes_now(),
                started_at=heroes_now(),
                policy="fastest",
                used={},
                cluster_id="clu_1",
                line_id="lin_1",
            )
        )
        await session.flush()
        session.add(
            Submission(
                id="sub_1",
                organization_id=acme.id,
                job_id="job_1",
                attempt=1,
                token="htoken",
                cluster_id="clu_1",
                line_id="lin_1",
                folder=str(root / "job_1/1"),
                gate="OPEN",
            )
        )
    app = make_app(database, routes.router)
    store = LocalBlobStore(tmp_path / "objects")
    files = Files(str(root))
    site: Any = Site(files)
    turns = Turns(site)

    async def step(work: Work, claim: Any) -> None:
        await watch_output.follow(work, claim, lines=site, store=store, turns=turns)

    app.state.log_streams = LogStreams(database, store, beat_s=3600.0)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server._serve())  # without its handlers of signals
    while not server.started:
        await asyncio.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    work = Work(database, [Registration(LogFollow, step)])
    async with database.worker() as session:
        await session.execute(update(Job).values(submission_id="sub_1"))
    yield Place(database, app, url, lea, wid, files, store, root / "job_1/1/htoken/stdout", work)
    app.state.log_streams.bells.stop()
    server.should_exit = True
    await serving
    await app.state.log_streams.close()


async def test_many_readers_of_one_log_cost_the_site_one_read(place: Place):
    place.prints(b"first\n")
    async with (
        place.following(place.lea) as one,
        place.following(place.lea) as two,
        place.following(place.lea) as three,
    ):
        while await place.count(LogFollow) == 0:
            await asyncio.sleep(0.01)
        await place.look()
        assert [(await each.piece())["content"] for each in (one, two, three)] == ["first\n"] * 3
        place.prints(b"second\n")
        await place.look()
        assert [(await each.piece())["content"] for each in (one, two, three)] == ["second\n"] * 3
    assert place.files.reads == [0, 6]


async def test_200_lines_a_second_come_whole_and_in_order(place: Place):
    lines = [f"step {number} residual 1.0e-{number % 9} größer\n".encode() for number in range(1000)]
    told = ""
    async with place.following(place.lea) as reader:
        while await place.count(LogFollow) == 0:
            await asyncio.sleep(0.01)
        for second in range(5):
            burst = b"".join(lines[second * 200 : second * 200 + 200])
            place.prints(burst[:-9])  # a writer's buffer ends anywhere, also within a character
            await place.look()
            place.prints(burst[-9:])
        await place.look()
        while len(told.encode()) < sum(map(len, lines)):
            told += (await reader.piece())["content"]
    assert told.encode() == b"".join(lines)
    assert len(place.files.reads) == 6


async def test_a_character_that_is_half_written_is_shown_when_it_is_whole(place: Place):
    euro = "€".encode()
    place.prints(b"costs 5 " + euro[:1])
    assert (await place.asked())["content"] == "costs 5 "
    place.prints(euro[1:] + b"\n")
    await place.look()
    piece = await place.asked(offset=8)
    assert (piece["content"], piece["next_offset"]) == ("€\n", 12)


async def test_a_reader_that_comes_back_gets_what_it_missed_and_the_end_once(place: Place):
    place.prints(b"one\n")
    async with place.following(place.lea) as reader:
        while await place.count(LogFollow) == 0:
            await asyncio.sleep(0.01)
        await place.look()
        assert (await reader.piece())["content"] == "one\n"
    place.prints(b"two\n")
    await place.look()
    await place.end()
    async with place.following(place.lea, last=reader.last) as reader:
        assert (await reader.piece())["content"] == "two\n"
        final = reader.last
    headers = await place.headers(place.lea) | {"Last-Event-ID": final}
    async with httpx.AsyncClient() as client:
        address = place.url + LOG.format(place.wid)
        again = await client.get(address, params={"follow": True}, headers=headers)
    assert again.status_code == 204, "a browser does not come back"


async def test_nobody_is_read_for_who_has_gone_away(place: Place):
    place.prints(b"one\n")
    await place.asked()
    await place.later(logs.WANTED.total_seconds() + 1)
    place.prints(b"two\n")
    before = len(place.files.reads)
    await place.look()
    await place.work.until_idle()
    assert len(place.files.reads) == before
    async with place.database.worker() as session:
        assert (await session.scalars(select(LogFollow.due_at))).one() is None, "the row sleeps"
    assert (await place.asked(offset=4))["content"] == "two\n", "and wakes when somebody asks again"


async def test_what_one_job_prints_is_held_up_to_a_bound_and_the_gap_is_told(place: Place):
    place.prints(b"x" * 99 + b"\n")
    assert (await place.asked())["next_offset"] == 100
    place.prints((b"y" * 99 + b"\n") * (3 * KEPT // 100))
    for _ in range(2 + KEPT // MOST_READ):
        await place.look()
    async with place.database.worker() as session:
        held = await session.scalar(select(func.sum(func.octet_length(LogChunk.content)))) or 0
    assert KEPT / 2 < held <= KEPT
    piece = await place.asked(offset=100)
    assert piece["missed"] > 0
    assert piece["offset"] == 100 + piece["missed"]
    assert piece["content"].startswith("y")


async def test_a_log_that_the_site_did_not_give_back_becomes_an_object_of_the_execution(place: Place):
    place.prints(b"the last words\n")
    await place.asked()
    await place.end()
    assert (await place.count(LogChunk), await place.count(LogFollow)) == (0, 0)
    piece = dict((await place.get(place.lea)).json())
    assert (piece["content"], piece["ended"]) == ("the last words\n", True)
    async with place.database.worker() as session:
        path = (await session.scalars(text("SELECT path FROM objects WHERE NOT is_dir"))).one()
    assert path == f"executions/{place.wid}/steps/solve/0/logs/stdout"


async def test_a_member_of_an_array_is_followed_where_its_own_output_grows(place: Place):
    folder = place.output.parents[1]
    async with place.database.worker() as session:
        job = await session.get_one(Job, "job_1")
        array = {"id": "arr_1", "organization_id": job.organization_id, "execution_id": place.wid, "step": "solve"}
        session.add(Array(**array, spec={}, members=9, state="RUNNING", line_id="lin_1", folder=str(folder)))
        await session.flush()
        job.array_id, job.task, job.index = "arr_1", 3, 7
    place.prints(b"of nobody\n")
    own = place.output.with_name("stdout.3")
    own.write_bytes(b"residual 1\n")
    assert (await place.asked())["content"] == "residual 1\n"
    collected = folder / "7/logs/stdout"
    collected.parent.mkdir(parents=True)
    own.rename(collected)
    with collected.open("ab") as file:
        file.write(b"done\n")
    await place.look()
    piece = await place.asked(offset=11)
    assert (piece["index"], piece["content"]) == (7, "done\n")
    await place.end()
    assert dict((await place.get(place.lea)).json())["content"] == "residual 1\ndone\n"
    assert (await place.count(LogChunk), await place.count(LogFollow)) == (0, 0)


async def test_a_job_that_began_anew_is_told_from_its_beginning(place: Place):
    place.prints(b"first attempt\n")
    async with place.following(place.lea) as reader:
        while await place.count(LogFollow) == 0:
            await asyncio.sleep(0.01)
        await place.look()
        assert (await reader.piece())["attempt"] == 1
        other = place.output.parents[2] / "2/hother"
        other.mkdir(parents=True)
        (other / "stdout").write_bytes(b"second\n")
        async with place.database.worker() as session:
            await session.execute(update(Job).values(attempt=2))
            await session.execute(update(Submission).values(token="hother", folder=str(other.parent)))
            await logs.close(session, ["job_1"])
        told = asyncio.create_task(reader.piece())
        while not told.done():
            await place.look()
            await asyncio.sleep(0.01)
        piece = await told
    assert (piece["attempt"], piece["offset"], piece["content"]) == (2, 0, "second\n")


async def test_a_silent_site_is_told_and_ends_nothing(place: Place):
    place.files.silent = True
    answer = asyncio.create_task(place.get(place.lea))
    while not answer.done():
        await place.look()
        await asyncio.sleep(0.05)
    assert (await answer).status_code == 503
    assert "alpha does not answer." in (await answer).json()["detail"]
    place.files.silent = False
    place.prints(b"there again\n")
    assert (await place.asked())["content"] == "there again\n"


async def test_a_line_reads_one_log_at_a_time_and_another_line_does_not_wait(place: Place):
    site: Any = Site(place.files)
    turns = watch_output.Turns(site)
    assert turns.take("lin_1")
    assert not turns.take("lin_1")
    assert turns.free() == []
    turns.done("lin_1")
    assert not turns.take("lin_1"), "the next read waits its second"
    assert turns.take("lin_2")


async def test_nobody_else_reads_it_and_streams_are_bounded(place: Place, database: Database):
    rival = await make_organization(database, "rival")
    eve = await make_user(database, rival, "eve", ["organization_admin", "engineer"])
    mia = await make_user(database, await _organization(database), "mia")
    for stranger in (eve, mia):
        assert (await place.get(stranger)).status_code == 404
        assert (await place.get(stranger, follow=True)).status_code == 404
    assert await place.count(LogFollow) == 0, "and asking made nothing"
    place.app.state.log_streams.most = 1
    async with place.following(place.lea) as reader:
        assert reader
        assert (await place.get(place.lea, follow=True)).status_code == 429


async def test_a_session_that_has_ended_reads_no_further_however_much_is_printed(place: Place, database: Database):
    place.prints(b"x" * 3 * LONGEST_PIECE)
    await place.asked()
    async with database.worker() as session:
        who = Caller.system((await session.get_one(Job, "job_1")).organization_id)
    told = LogStreams(database, place.store, beat_s=0.0)
    read = [
        frame
        async for frame in told.follow(who, AsyncMock(return_value=None), Spot(place.wid, "job_1", "stdout"))
        if frame.startswith(b"id: ")
    ]
    told.bells.stop()
    await told.close()
    assert len(read) == 1


async def _organization(database: Database) -> Any:
    async with database.worker() as session:
        return (await session.scalars(select(Organization).where(Organization.name == "acme"))).one()
