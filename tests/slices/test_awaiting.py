"""Being told that a cluster takes jobs again: once, whoever asked, by the ways they chose."""

from collections.abc import AsyncIterator
from mailbox import mailbox
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from people import login, make_app, make_client, make_organization, make_user
from pydantic import SecretStr
from sqlalchemy import select, text, update
from test_costs import _cluster

from heroes.clusters.models import Cluster, Line
from heroes.clusters.routes import router as clusters_router
from heroes.events import service
from heroes.events.awaiting import EVERY, PATIENCE
from heroes.events.models import AwaitedCluster, Notice
from heroes.events.routes import router
from heroes.events.steps import registrations
from heroes.identity.models import Organization
from heroes.kit.db import Database, heroes_now
from heroes.kit.outbox import Event
from heroes.kit.work import Work

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
PLACE = "/organization/notice/cluster"


class Yard:
    """One organization with the cluster alpha, which is paused, and lea, who waits for it."""

    def __init__(self, database: Database, organization: Organization, lea: httpx.AsyncClient, box: Any):
        self.database, self.organization, self.lea, self.box = database, organization, lea, box

    async def ask(self, status: int = 201, **more: Any) -> Any:
        answer = await self.lea.post(PLACE, json={"cluster": "alpha", **more})
        assert answer.status_code == status, answer.text
        return answer.json()

    async def listed(self) -> list[Any]:
        return list((await self.lea.get(f"{PLACE}/list")).json())

    async def be(self, state: str) -> None:
        async with self.database.worker() as session:
            await session.execute(update(Cluster).values(state=state))
            await session.execute(update(Line).values(state="CONNECTED", last_heard_at=heroes_now()))

    async def work(self, *, later: float = EVERY) -> None:
        """Look once more, as if so many seconds had passed, and tell what is to be told."""
        settings = SimpleNamespace(
            smtp_url=SecretStr(self.box.url), amqp_url=None, address="https://h.example", webhook_private=True
        )
        parts = cast("Any", SimpleNamespace(settings=settings, database=self.database, secrets=None))
        async with self.database.worker() as session:
            for column in ("due_at", "ends_at"):
                words = f"UPDATE awaited_clusters SET {column} = {column} - make_interval(secs => {later})"
                await session.execute(text(words))
        ours = [one for one in registrations(parts) if one.model in {AwaitedCluster, Notice}]
        await Work(self.database, ours).until_idle()
        async with self.database.worker() as session:
            await service.relay(session, mail=True)
        await Work(self.database, ours).until_idle()

    async def events(self) -> list[dict[str, Any]]:
        async with self.database.worker() as session:
            found = await session.scalars(select(Event).where(Event.type == "notice.cluster_back"))
            return [one.data for one in found]


@pytest.fixture
async def yard(database: Database) -> AsyncIterator[Yard]:
    organization = await make_organization(database)
    cluster_id, _ = await _cluster(database, organization.id, "alpha")
    async with database.worker() as session:
        same = {"organization_id": organization.id, "cluster_id": cluster_id}
        session.add(Line(id="lin_alpha", **same, kind="slurm", account="svc", auth="none", state="CONNECTED"))
    user = await make_user(database, organization, "lea")
    app = make_app(database, router, clusters_router)
    async with make_client(app) as client, mailbox() as box:
        made = Yard(database, organization, await login(client, user), box)
        await made.be("PAUSED")
        yield made


async def test_who_waits_for_a_cluster_is_told_once_when_it_takes_jobs_again(yard: Yard):
    await yard.lea.put("/organization/notice/wish", json={"ends": True, "language": "de"})
    await yard.ask()
    await yard.ask()  # twice is once
    await yard.work()
    assert (yard.box.taken, await yard.events()) == ([], [])
    await yard.be("READY")
    await yard.work()
    await yard.work()
    [mail] = yard.box.taken
    assert mail["Subject"] == "HEROES: alpha nimmt wieder Jobs an"
    assert "https://h.example/o/acme/clusters/alpha" in mail.get_content()
    assert [one["cluster"] for one in await yard.events()] == ["alpha"]
    [row] = await yard.listed()
    assert row["told_at"] is not None
    told = await yard.lea.get("/organization/events", params={"follow": "false", "after": 0})
    assert "notice.cluster_back" in told.text


async def test_nobody_else_hears_of_it_and_without_a_wish_it_only_stands_in_the_list(yard: Yard):
    await yard.ask()
    await yard.be("READY")
    await yard.work()
    assert yard.box.taken == []
    assert len(await yard.listed()) == 1
    app = yard.lea._transport.app  # type: ignore[attr-defined]
    oda = await make_user(yard.database, yard.organization, "oda", ["organization_admin"])
    async with make_client(app) as client:
        await login(client, oda)
        assert (await client.get(f"{PLACE}/list")).json() == []
        seen = await client.get("/organization/events", params={"follow": "false", "after": 0})
        assert "notice." not in seen.text
        [row] = await yard.listed()
        assert (await client.delete(f"{PLACE}/{row['id']}")).status_code == 404


async def test_one_may_withdraw_and_is_never_told_after_thirty_days(yard: Yard):
    first = await yard.ask()
    assert (await yard.lea.delete(f"{PLACE}/{first['id']}")).status_code == 204
    assert await yard.listed() == []
    await yard.ask(queue="batch")
    await yard.work(later=PATIENCE.total_seconds() + 1)
    assert await yard.listed() == []
    await yard.be("READY")
    await yard.work()
    assert await yard.events() == []


async def test_only_what_is_closed_and_can_be_seen_is_waited_for(yard: Yard):
    assert (await yard.ask(404, cluster="omega"))["code"] == "not_found"
    assert (await yard.ask(404, queue="nowhere"))["code"] == "no_queue"
    other = await make_organization(yard.database, "other")
    app = yard.lea._transport.app  # type: ignore[attr-defined]
    async with make_client(app) as client:
        await login(client, await make_user(yard.database, other, "eve"))
        assert (await client.post(PLACE, json={"cluster": "alpha"})).status_code == 404
    await yard.be("READY")
    assert (await yard.ask(409))["code"] == "cluster_is_back"
