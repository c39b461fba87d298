"""Who leaves takes nothing down: what runs is ended first, what others count on stays, the rest goes."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from matrix_objects import PLAIN
from matrix_world import World, furnish, platform
from sqlalchemy import select

from heroes.kit.db import Base
from heroes.kit.postgres import DatabaseUrls
from heroes.kit.work import Work
from heroes.worker import registrations

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
SLOW = {"workflow.yaml": PLAIN["workflow.yaml"].replace("[echo, hello]", "[sleep, '600']").replace("plain", "slow")}


@pytest.fixture
async def world(database_urls: DatabaseUrls, anyio_backend: str) -> AsyncIterator[World]:
    async with platform(database_urls) as made:
        await furnish(made, made.acme)
        await made.publish(SLOW)
        await made.user(made.acme, "oda", ["organization_admin"])
        await made.user(made.heroes, "ada", ["solution_admin"])
        yield made


async def running(world: World) -> tuple[httpx.AsyncClient, str]:
    lea = await world.client("lea")
    answer = await lea.post("organization/workflow/submit", json={"wtid": "slow"})
    return lea, answer.raise_for_status().json()["wid"]


async def state(world: World, table: str, row_id: str, column: str) -> object:
    held = Base.metadata.tables[table].c
    async with world.database.worker() as session:
        return await session.scalar(select(held[column]).where(held.id == row_id))


async def test_the_executions_of_a_user_who_leaves_are_cancelled_and_stay_in_the_books(world: World):
    _, wid = await running(world)
    lea = world.users["acme", "lea"]
    oda = await world.client("oda")
    assert (await oda.delete("organization/admin/users/lea")).status_code == 202
    async with world.working():
        shown = await world.ended(oda, wid)
    assert shown["status"] == "CANCELED"
    await Work(world.database, registrations(world.parts)).until_idle()
    async with world.database.worker() as session:
        users = Base.metadata.tables["users"]
        await session.execute(users.update().where(users.c.id == lea.id).values(due_at=lea.created_at))
    await Work(world.database, registrations(world.parts)).until_idle()
    assert await state(world, "users", lea.id, "deleted_at") is not None
    assert (await oda.get(f"organization/workflow/{wid}")).json()["status"] == "CANCELED"


async def test_an_organization_goes_with_all_that_it_ran_once_that_has_ended(world: World):
    _, wid = await running(world)
    ada = await world.client("ada", world.heroes)
    target = {"organization_target": "acme"}
    rehearsed = await ada.delete("heroes/admin/organizations/", params={**target, "dry_run": True})
    would_go = rehearsed.json()["removes"]
    before = await world.count(*would_go)
    assert rehearsed.json()["status"] == "CREATE_COMPLETE"
    async with world.working():
        assert (await ada.delete("heroes/admin/organizations/", params=target)).status_code == 202
        async with asyncio.timeout(60):
            while (await ada.get("heroes/admin/organizations/", params=target)).status_code != 404:
                await asyncio.sleep(0.1)
    assert await state(world, "executions", wid, "id") is None
    assert await state(world, "organizations", world.acme.id, "status") == "DELETED"
    left = {}
    books = {"tariffs", "budgets", "budget_periods", "reservations", "draws", "usage", "ledger_entries"}
    kept = books | {"audit_events", "events", "removals"}  # a removal is of bytes, which go a little later
    async with world.database.worker() as session:
        for name, table in Base.metadata.tables.items():
            if "organization_id" in table.c and name not in kept and not name.startswith("test_"):
                found = await session.scalars(
                    select(table.c.organization_id).where(table.c.organization_id == world.acme.id)
                )
                left[name] = len(found.all())
    assert {name: count for name, count in left.items() if count} == {}
    after = await world.count(*would_go)
    assert would_go["executions"] == before["executions"] - after["executions"] == 1, "what was counted is what went"
    assert set(would_go) >= {"users", "executions", "objects", "versions"}
