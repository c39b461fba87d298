"""Clusters over a real PostgreSQL; the machine itself is the site where one is needed."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from people import login, make_app, make_client, make_organization, make_user
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from heroes import clusters
from heroes.adapters.local import LocalFiles, LocalShell
from heroes.adapters.ports import Counters, HostKeyChanged, QueueFacts, Sighting, SiteJob, SiteState
from heroes.clusters import lines as lines_module
from heroes.clusters import routes, samples, steps
from heroes.clusters.connect import Opened
from heroes.clusters.lines import Lines
from heroes.clusters.models import Cluster, Line, Queue, Report, UsageSamples, Watch
from heroes.clusters.models import Sighting as SightingRow
from heroes.clusters.rules import ClusterState, LineState
from heroes.identity import Caller
from heroes.kit.db import Database
from heroes.kit.errors import NoCluster, NotFound, Unavailable, Unreachable
from heroes.kit.secrets import DatabaseSecrets, SecretRow
from heroes.kit.settings import Settings
from heroes.kit.work import Waiter, Work
from heroes.parts import Parts

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

KEY = asyncssh.generate_private_key("ssh-ed25519")
HOST_KEY = KEY.export_public_key().decode().strip()
OTHER_KEY = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
ENROL = {
    "name": "alpha",
    "title": "Alpha",
    "host": "alpha.test",
    "account": "heroes",
    "host_key": HOST_KEY,
    "auth": {"method": "key", "private_key": KEY.export_private_key().decode()},
}


# ------------------------------------------------------------------------------------- a site made of this machine


@dataclass
class Site:
    """A scheduler whose answers the test writes; commands and files are really those of this machine."""

    root: Path
    name: str = "stage"
    queued: list[QueueFacts] = field(default_factory=lambda: [facts_of("compute")])
    jobs: dict[tuple[str, int | None], SiteJob] = field(default_factory=dict)
    silent: str | None = None
    key_changed: bool = False
    asked: list[str] = field(default_factory=list)
    counters: dict[tuple[str, int | None], Counters] = field(default_factory=dict)
    sampled: list[list[tuple[str, int | None]]] = field(default_factory=list)
    connections: list["Connected"] = field(default_factory=list)

    async def connect(self, _: Any) -> Opened:
        if self.key_changed:
            raise HostKeyChanged("alpha shows another key.")
        self._heard("connect")
        self.connections.append(Connected(self))
        return Opened(self.connections[-1], self)  # type: ignore[arg-type]

    async def queues(self, _: Any) -> list[QueueFacts]:
        self._heard("queues")
        return self.queued

    async def watch(self, _: Any, *, since: datetime, known: Any, sample: Any = ()) -> Sighting:
        self._heard("watch")
        self.sampled.append(sorted(sample))
        counters = {key: one for key, one in self.counters.items() if key in sample}
        return Sighting(self.jobs, {"squeue": None, "sacct": None}, datetime.now(UTC), counters=counters)

    def _heard(self, what: str) -> None:
        self.asked.append(what)
        if self.silent:
            raise Unreachable(self.silent)


class Connected:
    banner = "Welcome to the stage"

    def __init__(self, site: Site) -> None:
        self.alive = True
        self.shell = LocalShell()
        self.files = self.bulk_files = LocalFiles(str(site.root))

    async def close(self) -> None:
        self.alive = False


def facts_of(name: str, free: int = 2, state: str = "UP") -> QueueFacts:
    return QueueFacts(name, 3, free, 32, 64 * 2**30, 0, 86400, None, state, 0, 1, 0)  # type: ignore[arg-type]


@pytest.fixture
async def parts(database: Database, tmp_path: Path) -> Parts:
    settings = Settings(home=tmp_path, watch_seconds=0.5)
    return Parts(settings, database, None, DatabaseSecrets(b"k" * 32), None)  # type: ignore[arg-type]


@pytest.fixture
async def site(tmp_path: Path) -> Site:
    root = tmp_path / "site"
    root.mkdir()
    return Site(root)


@pytest.fixture
async def lines(parts: Parts, site: Site) -> AsyncIterator[Lines]:
    held = Lines(parts, connector=site.connect)
    yield held
    await held.close()


async def enrolled(database: Database, site: Site, *, organization: str = "acme", **columns: Any) -> tuple[str, str]:
    """Return the ids of a cluster that is READY, and of its line."""
    owner = await make_organization(database, organization)
    async with database.worker() as session:
        cluster = Cluster(
            id="clu_1",
            organization_id=owner.id,
            name="alpha",
            kind="slurm",
            state="READY",
            host="alpha.test",
            host_key=HOST_KEY,
            job_root=str(site.root / "jobs"),
            facts={},
            **columns,
        )
        session.add(cluster)
        await session.flush()
        line = Line(
            id="lin_1",
            organization_id=owner.id,
            cluster_id="clu_1",
            kind="slurm",
            account="heroes",
            auth="none",
            state="NEW",
            due_at=func.heroes_now(),
        )
        session.add(line)
    return "clu_1", "lin_1"


async def turn(database: Database, lines: Lines) -> Work:
    """Take free lines and run what is due once."""
    await lines.tick()
    work = Work(database, _registrations(lines, database))
    await once(work)
    return work


async def once(work: Work) -> None:
    await work.start_due()
    await asyncio.gather(*(run.task for run in work._running.values()))


def _registrations(lines: Lines, database: Database, watch_seconds: float | None = 0.5) -> list[Any]:
    settings = Settings(home=Path("/nonexistent"), watch_seconds=watch_seconds)
    return steps.registrations(Parts(settings, database, None, None, None, lines))  # type: ignore[arg-type]


async def fetch(database: Database, model: Any, row_id: str) -> Any:
    async with database.worker() as session:
        return await session.get_one(model, row_id)


async def due_now(database: Database) -> None:
    async with database.worker() as session:
        await session.execute(text("UPDATE lines SET due_at = heroes_now(), sighted_at = NULL, watched_at = NULL"))


# ---------------------------------------------------------------------------------------------------------- secrets


async def test_a_secret_comes_back_in_its_organization_and_nowhere_else(database: Database):
    acme, other = await make_organization(database, "acme"), await make_organization(database, "other")
    store = DatabaseSecrets(b"k" * 32)
    async with database.app(acme.id) as session:
        secret_id = await store.put(session, acme.id, b"first")
        await store.put(session, acme.id, b"second", secret_id=secret_id)
        assert (await store.get(session, acme.id, secret_id)).get_secret_value() == b"second"
    for organization in (other.id, acme.id):
        async with database.app(other.id) as session:
            with pytest.raises(NotFound):
                await store.get(session, organization, secret_id)
    async with database.app(acme.id) as session:
        await store.delete(session, acme.id, secret_id)
        with pytest.raises(NotFound, match="anew"):
            await store.get(session, acme.id, secret_id)


async def test_the_database_holds_no_secret_in_clear_and_an_older_row_put_back_does_not_open(database: Database):
    acme = await make_organization(database, "acme")
    store = DatabaseSecrets(b"k" * 32)
    async with database.worker() as session:
        secret_id = await store.put(session, acme.id, b"clear-words")
        row = (await session.scalars(select(SecretRow))).one()
        first = row.wrapped_key, row.sealed
        assert b"clear-words" not in row.sealed + row.wrapped_key
        await store.put(session, acme.id, b"new", secret_id=secret_id)
        row.wrapped_key, row.sealed = first
        await session.flush()
        with pytest.raises(Unavailable):
            await store.get(session, acme.id, secret_id)


# ------------------------------------------------------------------------------------------------------------ lines


async def test_a_kept_line_knows_its_queues_and_says_when_it_last_heard(database: Database, lines: Lines, site: Site):
    await enrolled(database, site)
    await turn(database, lines)
    line = await fetch(database, Line, "lin_1")
    assert (line.state, line.trouble, line.banner) == (LineState.CONNECTED, None, "Welcome to the stage")
    assert line.last_heard_at is not None
    assert line.root == str(site.root / "jobs")
    async with database.worker() as session:
        queue = (await session.scalars(select(Queue))).one()
        assert (queue.name, queue.nodes_free, queue.state) == ("compute", 2, "UP")
        assert (await session.scalars(select(SightingRow))).one().nodes_free == 2


async def test_a_site_without_watched_jobs_is_asked_nothing_about_jobs(database: Database, lines: Lines, site: Site):
    await enrolled(database, site)
    await turn(database, lines)
    assert site.asked == ["connect", "queues"]


async def test_history_keeps_what_differs_and_a_queue_that_vanishes_is_gone(
    database: Database, lines: Lines, site: Site
):
    await enrolled(database, site)
    for queues in ([facts_of("compute")], [facts_of("compute")], [facts_of("compute", free=0)], [facts_of("new")]):
        site.queued = queues
        await due_now(database)
        await turn(database, lines)
    async with database.worker() as session:
        states = dict((await session.execute(select(Queue.name, Queue.state))).all())
        assert states == {"compute": "GONE", "new": "UP"}
        history = select(SightingRow.nodes_free).join(Queue, Queue.id == SightingRow.queue_id)
        kept = (await session.scalars(history.where(Queue.name == "compute").order_by(SightingRow.id))).all()
        assert kept == [2, 0]


async def watched(database: Database, site_id: str = "7") -> str:
    """Return a watch whose waiter is a row that can be seen to be woken: a report."""
    async with database.worker() as session:
        line = await session.get_one(Line, "lin_1")
        report = Report(
            id="rep_1",
            organization_id=line.organization_id,
            cluster_id="clu_1",
            line_id="lin_1",
            state="DONE",
        )
        await session.merge(report)
        await session.flush()
        return await clusters.watch(
            session,
            organization_id=line.organization_id,
            line_id="lin_1",
            token="habc",
            site_id=site_id,
            waiter=Waiter("reports", "rep_1"),
        )


async def test_what_a_process_heard_before_it_slept_is_not_stored_over_what_another_heard_since(
    database: Database, lines: Lines, site: Site, monkeypatch: pytest.MonkeyPatch
):
    await enrolled(database, site)
    watch_id = await watched(database)
    site.jobs = {("7", None): SiteJob("7", None, "habc", SiteState.RUNNING)}
    ask = steps._ask

    async def slept(*given: Any) -> Any:
        answer = await ask(*given)
        async with database.worker() as session:
            await session.execute(text("UPDATE lines SET fence = fence + 1"))
        return answer

    monkeypatch.setattr(steps, "_ask", slept)
    await turn(database, lines)
    async with database.worker() as session:
        seen = await clusters.last_seen(session, watch_id)
    assert seen is not None
    assert seen.job is None


async def test_a_watched_job_wakes_who_waits_for_it_when_it_is_seen_differently(
    database: Database, lines: Lines, site: Site
):
    await enrolled(database, site)
    watch_id = await watched(database)
    site.jobs = {("7", None): SiteJob("7", None, "habc", SiteState.RUNNING)}
    await turn(database, lines)
    async with database.worker() as session:
        seen = await clusters.last_seen(session, watch_id)
        assert seen is not None
        assert seen.job is not None
        assert seen.job.state is SiteState.RUNNING
    woken = (await fetch(database, Report, "rep_1")).wakes
    assert woken == 1
    await due_now(database)
    await turn(database, lines)
    assert (await fetch(database, Report, "rep_1")).wakes == woken, "the same again wakes nobody"


async def test_silence_leaves_every_watch_as_it_was_and_says_since_when(database: Database, lines: Lines, site: Site):
    await enrolled(database, site)
    watch_id = await watched(database)
    site.jobs = {("7", None): SiteJob("7", None, "habc", SiteState.RUNNING)}
    await turn(database, lines)
    before = (await fetch(database, Watch, watch_id)).job
    site.silent, site.jobs = "alpha did not answer in time.", {}
    await due_now(database)
    await turn(database, lines)
    line = await fetch(database, Line, "lin_1")
    assert line.state == LineState.UNREACHABLE
    assert line.trouble.startswith("Not heard from since ")
    assert line.trouble.endswith("alpha did not answer in time.")
    assert line.due_at is not None, "it is tried again"
    assert (await fetch(database, Watch, watch_id)).job == before


async def test_a_site_that_answers_again_wakes_all_who_waited(database: Database, lines: Lines, site: Site):
    await enrolled(database, site)
    await watched(database)
    await turn(database, lines)
    site.silent = "cut"
    await due_now(database)
    await turn(database, lines)
    site.silent = None
    await due_now(database)
    await turn(database, lines)
    assert (await fetch(database, Line, "lin_1")).state == LineState.CONNECTED
    assert (await fetch(database, Report, "rep_1")).wakes == 1


async def test_a_job_nobody_waits_for_any_more_is_not_asked_about(database: Database, lines: Lines, site: Site):
    await enrolled(database, site)
    watch_id = await watched(database)
    assert await watched(database) == watch_id, "asked twice it is one watch"
    async with database.worker() as session:
        await clusters.unwatch(session, watch_id)
    await turn(database, lines)
    assert "watch" not in site.asked


async def test_a_new_job_is_looked_at_soon_after_its_order_and_three_times_a_minute_at_most(
    database: Database, lines: Lines, site: Site
):
    await enrolled(database, site)
    site.jobs = {("7", None): SiteJob("7", None, "habc", SiteState.RUNNING)}
    await turn(database, lines)
    watch_id = await watched(database)
    ordered = (await fetch(database, Watch, watch_id)).created_at
    work = Work(database, _registrations(lines, database, watch_seconds=None))
    looked: list[float] = []
    for _ in range(90):
        await pass_a_second(database)
        await lines.tick()
        await once(work)
        if site.asked.count("watch") > len(looked):
            looked.append((lines.looked("lin_1")[-1] - ordered).total_seconds())
    assert 3 <= looked[0] < 10, looked
    assert 10 <= looked[1] < 20, looked
    assert all(later - sooner >= 60 for sooner, later in zip(looked, looked[3:], strict=False)), looked
    assert looked[-1] > 60, looked


async def pass_a_second(database: Database) -> None:
    engine = create_async_engine(database.urls.owner)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE heroes_clock SET shift = shift + interval '1 second'"))
    await engine.dispose()


RUNNING = SiteJob("7", None, "habc", SiteState.RUNNING)
KEY = ("7", None)


async def test_what_a_running_job_uses_is_asked_in_the_look_that_is_made_anyway(
    database: Database, lines: Lines, site: Site
):
    await enrolled(database, site)
    watch_id = await watched(database)
    began = datetime.now(UTC) - timedelta(seconds=100)
    site.jobs = {KEY: replace(RUNNING, started_at=began), ("8", None): replace(RUNNING, site_id="8", token="other")}
    site.counters = {KEY: Counters(began + timedelta(seconds=80), {"batch": 40.0}, {}, memory_bytes=5)}
    for _ in range(3):
        await due_now(database)
        await turn(database, lines)
    assert site.asked.count("watch") == 3, "no question of its own"
    assert site.sampled == [[], [KEY], []], "once it is known to run, and not again within a minute"
    row = await fetch(database, UsageSamples, watch_id)
    assert (row.token, row.intervals[0][1:]) == ("habc", [80.0, 40.0, None, 5])


async def test_a_look_stands_though_what_its_jobs_use_cannot_be_kept(
    database: Database, lines: Lines, site: Site, monkeypatch: pytest.MonkeyPatch
):
    async def fails(*_: Any) -> None:
        raise ValueError("The samples are no good.")

    monkeypatch.setattr(samples, "store", fails)
    await enrolled(database, site)
    watch_id = await watched(database)
    site.jobs = {KEY: RUNNING}
    site.counters = {KEY: Counters(datetime.now(UTC), {"batch": 1.0})}
    await turn(database, lines)
    site.jobs = {KEY: replace(RUNNING, state=SiteState.ENDED)}
    await due_now(database)
    await turn(database, lines)
    assert [KEY] in site.sampled
    assert (await fetch(database, Line, "lin_1")).state == LineState.CONNECTED
    async with database.worker() as session:
        seen = await clusters.last_seen(session, watch_id)
        assert seen is not None
        assert seen.job is not None
        assert seen.job.state is SiteState.ENDED


async def test_samples_of_a_job_of_another_token_under_the_same_number_are_not_ours(
    database: Database, lines: Lines, site: Site
):
    await enrolled(database, site)
    watch_id = await watched(database)
    site.jobs = {KEY: replace(RUNNING, token="theirs")}
    site.counters = {KEY: Counters(datetime.now(UTC), {"batch": 1.0})}
    for _ in range(2):
        await due_now(database)
        await turn(database, lines)
    async with database.worker() as session:
        assert await session.get(UsageSamples, watch_id) is None


async def test_one_process_owns_a_line_and_another_takes_it_only_when_the_lease_has_ended(
    database: Database, lines: Lines, parts: Parts, site: Site
):
    await enrolled(database, site)
    second = Lines(parts, connector=site.connect)
    await lines.tick()
    await second.tick()
    assert (lines.owned(), second.owned()) == (["lin_1"], [])
    with pytest.raises(Unreachable):
        async with second.control("lin_1"):
            pass
    await lines.close()
    await second.tick()
    assert second.owned() == ["lin_1"]
    await second.close()


async def test_a_line_whose_lease_moved_is_closed_at_once(database: Database, lines: Lines, site: Site):
    await enrolled(database, site)
    await turn(database, lines)
    assert site.connections[0].alive
    async with database.worker() as session:
        await session.execute(
            text("UPDATE lines SET owner = 'other', epoch = epoch + 1, owned_until = heroes_now() + '1 h'::interval")
        )
    await lines.tick()
    assert not site.connections[0].alive
    assert lines.owned() == []


async def test_a_lease_that_ran_out_unrenewed_is_taken_and_its_old_connection_closed(
    database: Database, lines: Lines, parts: Parts, site: Site
):
    await enrolled(database, site)
    await turn(database, lines)
    async with database.worker() as session:
        await session.execute(text("UPDATE lines SET owned_until = heroes_now() - interval '1 second'"))
    second = Lines(parts, connector=site.connect)
    await second.tick()
    assert second.owned() == ["lin_1"]
    await lines.tick()
    assert lines.owned() == []
    assert not site.connections[0].alive
    await second.close()


async def test_who_waits_for_a_turn_on_a_line_that_was_lost_meanwhile_does_not_open_it_again(
    database: Database, lines: Lines, site: Site
):
    await enrolled(database, site)
    await lines.tick()
    async with AsyncExitStack() as busy:
        for _ in range(2):
            await busy.enter_async_context(lines.control("lin_1"))

        async def next_turn() -> None:
            async with lines.control("lin_1"):
                pass

        waiting = asyncio.create_task(next_turn())
        await asyncio.sleep(0)
        async with database.worker() as session:
            await session.execute(
                text(
                    "UPDATE lines SET owner = 'other', epoch = epoch + 1, owned_until = heroes_now() + '1 h'::interval"
                )
            )
        await lines.tick()
    with pytest.raises(Unreachable):
        await waiting
    assert [one.alive for one in site.connections] == [False]


async def test_a_line_of_a_killed_process_of_this_machine_is_taken_without_waiting(
    database: Database, lines: Lines, site: Site
):
    await enrolled(database, site)
    parts = lines.owner.split("|")
    gone = "|".join([*parts[:3], "4194000", "1", "x"])
    async with database.worker() as session:
        await session.execute(
            text("UPDATE lines SET owner = :gone, owned_until = heroes_now() + interval '1 hour'"), {"gone": gone}
        )
    await lines.tick()
    assert lines.owned() == ["lin_1"]


async def test_a_local_line_is_owned_only_by_its_own_host(database: Database, parts: Parts, site: Site):
    await enrolled(database, site)
    async with database.worker() as session:
        await session.execute(text("UPDATE lines SET machine_id = 'there'"))
    here, there = Lines(parts, machine="here"), Lines(parts, machine="there")
    await here.tick()
    await there.tick()
    assert (here.owned(), there.owned()) == ([], ["lin_1"])
    await there.close()


async def test_what_many_ask_a_site_during_one_question_is_the_next_one(database: Database, lines: Lines, site: Site):
    await enrolled(database, site)
    await lines.tick()
    questions: list[list[str]] = []

    async def ask(reached: Any, keys: Any) -> dict[str, str]:
        questions.append(list(keys))
        await asyncio.sleep(0)
        return {key: f"{key} at {reached.cluster_name}" for key in keys}

    told = await asyncio.gather(*(lines.together("lin_1", ask, key) for key in "abc"))
    assert told == ["a at alpha", "b at alpha", "c at alpha"]
    assert questions == [["a", "b", "c"]]
    with pytest.raises(Unreachable):
        await lines.together("lin_2", ask, "a")


async def test_a_connection_has_four_sessions_for_bulk_and_two_for_control(
    database: Database, lines: Lines, site: Site
):
    await enrolled(database, site)
    await turn(database, lines)
    inside = {"bulk": 0, "control": 0}
    most = dict(inside)

    async def use(purpose: str) -> None:
        async with getattr(lines, purpose)("lin_1"):
            inside[purpose] += 1
            most[purpose] = max(most[purpose], inside[purpose])
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            inside[purpose] -= 1

    await asyncio.gather(*(use(purpose) for purpose in inside for _ in range(12)))
    assert most == {"bulk": 4, "control": 2}
    assert len(site.connections) == 1
    assert sum(lines_module.SESSIONS.values()) == 8, "two of sshd's ten are left to people"


async def test_a_connection_that_died_is_made_anew(database: Database, lines: Lines, site: Site):
    await enrolled(database, site)
    await turn(database, lines)
    site.connections[0].alive = False
    async with lines.control("lin_1") as reached:
        assert reached.root == str(site.root / "jobs")
    assert len(site.connections) == 2


# --------------------------------------------------------------------------------------------------------- host key


async def test_a_changed_host_key_stops_the_cluster_until_a_person_approves_the_new_one(
    database: Database, lines: Lines, site: Site
):
    await enrolled(database, site)
    site.key_changed = True
    await turn(database, lines)
    cluster = await fetch(database, Cluster, "clu_1")
    line = await fetch(database, Line, "lin_1")
    assert cluster.state == ClusterState.STOPPED_HOST_KEY
    assert (line.state, line.due_at) == (LineState.STOPPED, None)
    site.key_changed = False  # even a server that shows the old key again is not trusted by itself
    with pytest.raises(HostKeyChanged):
        async with lines.control("lin_1"):
            pass
    async with database.worker() as session:
        (await session.get_one(Cluster, "clu_1")).offered_host_key = OTHER_KEY
    organization = await _organization(database)
    user = await make_user(database, organization, "oda", ["organization_admin"])
    async with await login(make_client(make_app(database, routes.router)), user) as client:
        shown = (await client.get("/organization/cluster/alpha")).json()
        assert (await client.post("/organization/cluster/alpha/check")).status_code == 409
        wrong = await client.post("/organization/cluster/alpha/host-key", json={"fingerprint": "SHA256:nonsense"})
        assert wrong.status_code == 422
        right = {"fingerprint": shown["offered_fingerprint"]}
        approved = await client.post("/organization/cluster/alpha/host-key", json=right)
        assert (approved.status_code, approved.json()["state"]) == (200, "READY")
        assert approved.json()["host_key"] == OTHER_KEY
    await lines.tick()
    await turn(database, lines)
    assert (await fetch(database, Line, "lin_1")).state == LineState.CONNECTED


async def _organization(database: Database, name: str = "acme") -> Any:
    from heroes.identity.models import Organization

    async with database.worker() as session:
        return (await session.scalars(select(Organization).where(Organization.name == name))).one()


# -------------------------------------------------------------------------------------------------------- enrolment


async def test_enrolment_keeps_the_key_sealed_and_orders_a_check(database: Database):
    acme = await make_organization(database, "acme")
    oda = await make_user(database, acme, "oda", ["organization_admin"])
    async with await login(make_client(make_app(database, routes.router)), oda) as client:
        answer = await client.post("/organization/cluster", json=ENROL)
        assert answer.status_code == 201, answer.text
        assert (answer.json()["state"], answer.json()["folder_mode"]) == ("ENROLLING", "0700")
        assert "PRIVATE KEY" not in answer.text
        report = (await client.get("/organization/cluster/alpha/report")).json()
        assert (report["state"], report["findings"]) == ("WAITING", [])
        assert (await client.post("/organization/cluster", json=ENROL)).status_code == 409
        [listed] = (await client.get("/organization/cluster/list")).json()
        assert (listed["name"], listed["account_state"]) == ("alpha", "NEW")
        assert (await client.get("/organization/cluster/nowhere")).status_code == 404
    async with database.worker() as session:
        row = (await session.scalars(select(SecretRow))).one()
        assert b"PRIVATE KEY" not in row.sealed


@pytest.mark.parametrize("kind", ["slurm", "pbs", "gridengine"])
async def test_a_cluster_is_enrolled_with_its_batch_system(database: Database, kind: str):
    acme = await make_organization(database, "acme")
    oda = await make_user(database, acme, "oda", ["organization_admin"])
    async with await login(make_client(make_app(database, routes.router)), oda) as client:
        answer = await client.post("/organization/cluster", json={**ENROL, "kind": kind})
        assert (answer.status_code, answer.json()["kind"]) == (201, kind)
        for wrong in ("local", "lsf"):
            assert (await client.post("/organization/cluster", json={**ENROL, "kind": wrong})).status_code == 422


async def test_a_generated_key_pair_shows_its_public_half_only(database: Database):
    acme = await make_organization(database, "acme")
    oda = await make_user(database, acme, "oda", ["organization_admin"])
    async with await login(make_client(make_app(database, routes.router)), oda) as client:
        body = {**ENROL, "auth": {"method": "generated"}, "host_key": None}
        answer = await client.post("/organization/cluster", json=body)
        assert answer.status_code == 201, answer.text
        assert answer.json()["line"]["public_key"].startswith("ssh-ed25519 ")
        assert "PRIVATE" not in answer.text
        assert (await client.get("/organization/cluster/alpha/report")).status_code == 404, "no key, no check yet"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": "Not A Name"}, "/name"),
        ({"host": "lea@alpha"}, "/host"),
        ({"account": "a b"}, "/account"),
        ({"job_root": "relative"}, "/job_root"),
        ({"job_root": "~"}, "/job_root"),
        ({"job_root": "/x/../y"}, "/job_root"),
        ({"host_key": "nonsense"}, "/host_key"),
        ({"auth": {"method": "key"}}, "/auth/private_key"),
        ({"auth": {"method": "key", "private_key": "nonsense"}}, "/auth/private_key"),
        ({"auth": {"method": "password"}}, "/auth/password"),
        ({"jump": {"host": "gate", "host_key": ""}}, "/jump/host_key"),
    ],
)
async def test_each_fault_of_an_enrolment_is_pointed_at(database: Database, change: dict[str, Any], pointer: str):
    acme = await make_organization(database, "acme")
    oda = await make_user(database, acme, "oda", ["organization_admin"])
    async with await login(make_client(make_app(database, routes.router)), oda) as client:
        answer = await client.post("/organization/cluster", json={**ENROL, **change})
        assert answer.status_code == 422, answer.text
        assert pointer in [problem["pointer"] for problem in answer.json()["problems"]]
        assert (await client.get("/organization/cluster/list")).json() == []


async def test_an_engineer_sees_clusters_and_manages_none(database: Database):
    acme = await make_organization(database, "acme")
    oda = await make_user(database, acme, "oda", ["organization_admin"])
    lea = await make_user(database, acme, "lea")
    app = make_app(database, routes.router)
    async with await login(make_client(app), oda) as client:
        await client.post("/organization/cluster", json=ENROL)
    async with await login(make_client(app), lea) as client:
        assert (await client.get("/organization/cluster/alpha")).status_code == 200
        for method, path, body in [
            ("POST", "", ENROL),
            ("PATCH", "/alpha", {"title": "mine"}),
            ("DELETE", "/alpha", None),
            ("POST", "/alpha/pause", None),
            ("POST", "/alpha/check", None),
            ("POST", "/alpha/host-key", {"fingerprint": "x"}),
            ("POST", "/alpha/shares", {}),
            ("POST", "/alpha/lines", {"account": "lea"}),
        ]:
            answer = await client.request(method, f"/organization/cluster{path}", json=body)
            assert answer.status_code == 403, (method, path, answer.text)


async def test_a_shared_cluster_is_seen_and_used_but_managed_by_its_provider_alone(database: Database, site: Site):
    await enrolled(database, site)
    acme, other = await _organization(database), await make_organization(database, "other")
    app = make_app(database, routes.router)
    oda = await make_user(database, acme, "oda", ["organization_admin"])
    uta = await make_user(database, other, "uta", ["organization_admin"])
    provider, guest = await login(make_client(app), oda), await login(make_client(app), uta)
    address = "/organization/cluster/alpha"
    async with provider, guest:
        assert (await guest.get(address)).status_code == 404
        unconsented = await provider.post(f"{address}/shares", json={"organization": "other", "account": True})
        assert unconsented.status_code == 422
        assert (await provider.post(f"{address}/shares", json={"organization": "nobody"})).status_code == 404
        shared = await provider.post(f"{address}/shares", json={"organization": "other"})
        assert shared.status_code == 201
        assert (await guest.get(address)).status_code == 200
        assert (await guest.get(f"{address}/lines")).json() == [], "the cluster is shared, the account is not"
        async with database.app(other.id) as session:
            with pytest.raises(NoCluster, match="no account"):
                await clusters.line_for(session, other.id, "clu_1")
        consent = {"organization": "other", "account": True, "consent": "oda and uta, 1 March 2026"}
        assert (await provider.post(f"{address}/shares", json=consent)).status_code == 201
        async with database.worker() as session:
            assert (await clusters.line_for(session, other.id, "clu_1")).id == "lin_1"
        assert (await guest.post(f"{address}/pause")).status_code == 403
        assert (await guest.request("DELETE", address)).status_code == 403
        own = await guest.post(f"{address}/lines", json={"account": "uta"})
        assert own.status_code == 201, own.text
        async with database.worker() as session:
            assert (await clusters.line_for(session, other.id, "clu_1")).id == own.json()["id"], "its own comes first"
            assert (await clusters.line_for(session, acme.id, "clu_1")).id == "lin_1"
        assert [line["id"] for line in (await provider.get(f"{address}/lines")).json()] == ["lin_1"]
        listed = (await provider.get(f"{address}/shares")).json()
        assert listed == [{"organization_id": other.id, "organization": "other", "account": True}]
        assert (await provider.delete(f"{address}/shares?organization=other")).status_code == 204
        assert (await guest.get(address)).status_code == 404


async def test_a_paused_cluster_and_a_policy_are_changed_and_another_address_needs_its_key_approved(
    database: Database, site: Site
):
    await enrolled(database, site)
    oda = await make_user(database, await _organization(database), "oda", ["organization_admin"])
    address = "/organization/cluster/alpha"
    async with await login(make_client(make_app(database, routes.router)), oda) as client:
        assert (await client.post(f"{address}/pause")).json()["state"] == "PAUSED"
        assert (await client.post(f"{address}/resume")).json()["state"] == "READY"
        policy = {"job_root": "$SCRATCH/heroes", "folder_mode": "0750", "purge_days": 7}
        changed = (await client.patch(address, json=policy)).json()
        assert {key: changed[key] for key in policy} == policy
        assert changed["host_key"] == HOST_KEY
        assert (await client.patch(address, json={"job_root": "x"})).status_code == 422
        assert (await client.patch(address, json={"location": "DE"})).json()["location"] == "DE"
        assert (await client.patch(address, json={"location": ""})).json()["location"] is None
        moved = (await client.patch(address, json={"host": "elsewhere.test"})).json()
        assert moved["host_key"] is None


async def test_a_cluster_is_removed_with_its_secrets_unless_jobs_are_followed_on_it(database: Database, site: Site):
    await enrolled(database, site)
    watch_id = await watched(database)
    organization = await _organization(database)
    async with database.worker() as session:
        line = await session.get_one(Line, "lin_1")
        line.secret_id = await DatabaseSecrets(b"k" * 32).put(session, organization.id, b"key")
    oda = await make_user(database, organization, "oda", ["organization_admin"])
    async with await login(make_client(make_app(database, routes.router)), oda) as client:
        busy = await client.delete("/organization/cluster/alpha")
        assert (busy.status_code, busy.json()["jobs"]) == (409, 1)
        told = (await client.get("/organization/cluster/alpha/concerned")).json()
        assert told == {"jobs": 1, "organizations": 1, "by_line": {"lin_1": 1}}
        async with database.worker() as session:
            await clusters.unwatch(session, watch_id)
        assert (await client.delete("/organization/cluster/alpha")).status_code == 204
        assert (await client.get("/organization/cluster/list")).json() == []
        async with database.worker() as session:
            assert (await session.scalars(select(SecretRow))).all() == []
        assert (await client.post("/organization/cluster", json=ENROL)).status_code == 201, "its name is free"


async def test_an_account_stays_while_jobs_of_whomever_are_followed_through_it(database: Database, site: Site):
    await enrolled(database, site)
    watch_id = await watched(database)
    acme, guest = await _organization(database), await make_organization(database, "guest")
    async with database.worker() as session:  # the job is of another organization, which may use the account
        (await session.get_one(Watch, watch_id)).organization_id = guest.id
    oda = await make_user(database, acme, "oda", ["organization_admin"])
    uta = await make_user(database, guest, "uta", ["organization_admin"])
    app, address = make_app(database, routes.router), "/organization/cluster/alpha"
    async with await login(make_client(app), oda) as client:
        told = {"jobs": 1, "organizations": 1, "by_line": {"lin_1": 1}}
        assert (await client.get(f"{address}/concerned")).json() == told
        kept = await client.delete(f"{address}/lines/lin_1")
        assert (kept.status_code, kept.json()["jobs"]) == (409, 1)
        assert (await client.post(f"{address}/shares", json={"organization": "guest"})).status_code == 201
    async with await login(make_client(app), uta) as client:
        assert (await client.get(f"{address}/concerned")).json() == {"jobs": 0, "organizations": 0, "by_line": {}}


async def test_an_account_is_changed_with_a_fence_and_its_user_name_only_while_no_job_runs_under_it(
    database: Database, site: Site
):
    await enrolled(database, site)
    watch_id = await watched(database)
    acme = await _organization(database)
    async with database.worker() as session:
        line = await session.get_one(Line, "lin_1")
        line.secret_id, line.state = await DatabaseSecrets(b"k" * 32).put(session, acme.id, b"key"), "CONNECTED"
        epoch = line.epoch
    oda = await make_user(database, acme, "oda", ["organization_admin"])
    async with await login(make_client(make_app(database, routes.router)), oda) as client:
        address = "/organization/cluster/alpha/lines/lin_1"
        charged = (await client.patch(address, json={"batch_account": "wing"})).json()
        assert (charged["batch_account"], charged["state"]) == ("wing", "CONNECTED"), "what runs is followed on"
        assert (await client.patch(address, json={"batch_account": ""})).json()["batch_account"] is None
        busy = await client.patch(address, json={"account": "uta"})
        assert (busy.status_code, busy.json()["jobs"]) == (409, 1)
        bad = await client.patch(address, json={"auth": {"method": "key", "private_key": "none"}})
        assert (bad.status_code, bad.json()["problems"][0]["pointer"]) == (422, "/auth/private_key")
        proven = (await client.patch(address, json={"auth": {"method": "generated"}})).json()
        assert (proven["auth"], proven["state"], proven["public_key"][:11]) == ("generated", "NEW", "ssh-ed25519")
        async with database.worker() as session:
            assert len((await session.scalars(select(SecretRow))).all()) == 1, "the old secret is gone"
            assert (await session.get_one(Line, "lin_1")).epoch == epoch + 3
            await clusters.unwatch(session, watch_id)
        assert (await client.patch(address, json={"account": "uta"})).json()["account"] == "uta"
        assert (await client.patch(address.replace("lin_1", "lin_2"), json={})).status_code == 404


async def test_queues_lines_and_history_are_listed(database: Database, lines: Lines, site: Site):
    await enrolled(database, site)
    await turn(database, lines)
    lea = await make_user(database, await _organization(database), "lea")
    async with await login(make_client(make_app(database, routes.router)), lea) as client:
        address = "/organization/cluster/alpha"
        assert [q["name"] for q in (await client.get(f"{address}/queues")).json()] == ["compute"]
        shown = (await client.get(f"{address}/lines")).json()[0]
        assert (shown["state"], shown["last_error"]) == ("CONNECTED", None)
        assert "secret_id" not in shown
        history = await client.get(f"{address}/sightings", params={"queue": "compute"})
        assert [s["nodes_free"] for s in history.json()] == [2]
        assert (await client.get(f"{address}/sightings", params={"queue": "other"})).json() == []


async def test_candidates_are_the_queues_one_may_see_with_the_account_to_use(
    database: Database, lines: Lines, site: Site
):
    await enrolled(database, site)
    await turn(database, lines)
    acme, other = await _organization(database), await make_organization(database, "other")
    async with database.app(acme.id) as session:
        places = await clusters.candidates_rows(session, Caller.system(acme.id))
        assert [(p.cluster.name, p.queue and p.queue.name, p.line and p.line.id) for p in places] == [
            ("alpha", "compute", "lin_1")
        ]
    async with database.app(other.id) as session:
        assert await clusters.candidates_rows(session, Caller.system(other.id)) == []


# -------------------------------------------------------------------------------------------------------------- here


async def test_this_machine_is_a_cluster_open_to_everyone_and_checks_itself(database: Database, parts: Parts):
    heroes, acme = await make_organization(database, "heroes", platform=True), await make_organization(database, "acme")
    lines = Lines(parts)
    async with database.worker() as session:
        await clusters.ensure_here(session, heroes.id, parts.settings.home, lines.machine)
    async with database.worker() as session:
        await clusters.ensure_here(session, heroes.id, parts.settings.home, lines.machine)  # at the next start
    await lines.tick()
    work = Work(database, steps.registrations(Parts(parts.settings, database, None, parts.secrets, None, lines)))  # type: ignore[arg-type]
    report = await _finished(database, work)
    assert report.verdict in ("ok", "warn"), json.dumps(report.findings, indent=1)
    async with database.app(acme.id) as session:
        place = (await clusters.candidates_rows(session, Caller.system(acme.id)))[0]
        assert (place.cluster.name, place.cluster.state) == ("here", "READY")
        assert place.queue is not None
        assert place.line is not None
        assert "sha256sum" in place.queue.facts["commands"]
        assert bool(place.queue.facts["python"]) is bool(shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin"))
        assert (await clusters.line_for(session, acme.id, place.cluster.id)).id == place.line.id
    assert not list((parts.settings.home / "here" / "checks").iterdir()), "a probe leaves nothing behind"
    await lines.close()


async def _finished(database: Database, work: Work) -> Report:
    stop = asyncio.Event()
    running = asyncio.create_task(work.run(stop))
    try:
        async with asyncio.timeout(60):
            while True:
                async with database.worker() as session:
                    done = select(Report).where(Report.state == "DONE").order_by(Report.id.desc()).limit(1)
                    if report := (await session.scalars(done)).one_or_none():
                        return report
                await asyncio.sleep(0.1)
    finally:
        stop.set()
        await running


async def test_a_machine_without_walls_serves_its_own_organization_only(database: Database, parts: Parts):
    heroes, acme = await make_organization(database, "heroes", platform=True), await make_organization(database, "acme")
    async with database.worker() as session:
        cluster = await clusters.ensure_here(session, heroes.id, parts.settings.home, "m", walled=False)
        assert cluster.facts["walled"] is False
    async with database.app(acme.id) as session:
        assert await clusters.candidates_rows(session, Caller.system(acme.id)) == []
