"""Drafts: what somebody has not finished asking for waits on the platform, for that person alone."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from matrix_world import World, furnish, platform
from sqlalchemy import func, select

from heroes.executions.service import drafts as service
from heroes.kit.db import Base
from heroes.kit.postgres import DatabaseUrls

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
DRAFT = "organization/draft/"
ONE, TWO = "drf_0000000001", "drf_0000000002"
HALF = {"wtid": "greet", "parameters": {"times": 99}, "resources": {"cores": 0}, "project": "wing"}


@pytest.fixture(scope="module")
async def world(database_urls: DatabaseUrls, anyio_backend: str) -> AsyncIterator[World]:
    async with platform(database_urls) as made:
        project = await furnish(made, made.acme)
        await made.user(made.acme, "ann", ["engineer", ("engineer", project.id)])
        await made.user(made.acme, "oda", ["organization_admin"])
        await made.user(made.rival, "eve", ["engineer"])
        yield made


@pytest.fixture
async def lea(world: World) -> AsyncIterator[httpx.AsyncClient]:
    client = await world.client("lea")
    yield client
    for one in (await client.get(DRAFT + "list")).json():
        await client.delete(DRAFT + one["id"])


async def keep(client: httpx.AsyncClient, draft: str = ONE, **more: Any) -> httpx.Response:
    return await client.put(DRAFT + draft, json={"asked": HALF, **more})


async def test_a_draft_may_lack_anything_and_be_wrong_and_is_given_back_as_it_was_saved(lea: httpx.AsyncClient):
    kept = (await keep(lea, source="exe_1")).raise_for_status().json()
    assert (kept["id"], kept["revision"], kept["title"], kept["source"]) == (ONE, 1, "Say a word", "exe_1")
    shown = (await lea.get(DRAFT + ONE)).json()
    assert shown == kept
    assert {name: value for name, value in shown["asked"].items() if value is not None} == HALF


async def test_saving_again_replaces_and_a_list_has_the_last_begun_first_in_pages(lea: httpx.AsyncClient):
    for draft in (ONE, TWO):
        await keep(lea, draft)
    changed = {**HALF, "parameters": {"word": "goodbye"}}
    kept = (await lea.put(DRAFT + ONE, json={"asked": changed})).json()
    assert (kept["revision"], kept["asked"]["parameters"]) == (2, {"word": "goodbye"})
    assert kept["updated_at"] > kept["created_at"]
    first = await lea.get(DRAFT + "list", params={"limit": 1})
    assert ([one["id"] for one in first.json()], first.headers["X-Total-Count"]) == ([TWO], "2")
    following = await lea.get("http://test" + first.headers["Link"].partition("<")[2].partition(">")[0])
    assert [one["id"] for one in following.json()] == [ONE]


async def test_who_changes_another_draft_than_they_read_is_told(lea: httpx.AsyncClient):
    assert (await keep(lea, revision=3)).json()["code"] == "draft_gone"
    assert (await keep(lea, revision=0)).json()["revision"] == 1
    assert (await keep(lea, revision=1)).json()["revision"] == 2
    late = await keep(lea, revision=1)
    assert (late.status_code, late.json()["code"], late.json()["revision"]) == (409, "draft_changed", 2)
    assert (await keep(lea)).json()["revision"] == 3


async def test_nobody_else_sees_changes_or_removes_it_not_even_an_administrator(world: World, lea: httpx.AsyncClient):
    await keep(lea)
    for other in (await world.client("ann"), await world.client("oda"), await world.client("eve", world.rival)):
        assert (await other.get(DRAFT + "list")).json() == []
        assert (await other.get(DRAFT + ONE)).status_code == 404
        assert (await other.delete(DRAFT + ONE)).status_code == 404
    ann = await world.client("ann")  # the same id is another draft
    assert (await ann.put(DRAFT + ONE, json={"asked": {"wtid": "greet"}})).json()["revision"] == 1
    assert (await lea.get(DRAFT + ONE)).json()["asked"]["parameters"] == {"times": 99}
    eve = await world.client("eve", world.rival)
    assert (await keep(eve)).status_code == 404  # no such workflow there


async def test_a_draft_has_a_size_a_person_a_number_of_them_and_an_id_its_form(
    lea: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    large = {"wtid": "greet", "parameters": {"word": "x" * service.LARGEST_DRAFT}}
    assert (await lea.put(DRAFT + ONE, json={"asked": large})).status_code == 413
    assert (await keep(lea, "drf_1")).status_code == 422
    assert (await keep(lea, "exe_0000000001")).status_code == 422
    monkeypatch.setattr(service, "MOST_DRAFTS", 1)
    await keep(lea)
    full = await keep(lea, TWO)
    assert (full.status_code, full.json()["code"]) == (409, "too_many_drafts")
    assert (await keep(lea)).status_code == 200  # one that is there may still be changed


async def test_a_removed_draft_is_gone_and_those_of_who_leaves_go_too(world: World, lea: httpx.AsyncClient):
    await keep(lea)
    assert (await lea.delete(DRAFT + ONE)).status_code == 204
    assert (await lea.delete(DRAFT + ONE)).status_code == 404
    user = await world.user(world.acme, "ben", ["engineer"])
    await keep(await world.client("ben"))
    table = Base.metadata.tables["drafts"]
    held = select(func.count()).select_from(table).where(table.c.user_id == user.id)

    async def left() -> int:
        async with world.database.worker() as session:
            return await session.scalar(held) or 0

    assert await left() == 1
    oda = await world.client("oda")
    assert (await oda.delete("organization/admin/users/ben")).status_code == 202
    async with world.working(), asyncio.timeout(60):
        while await left():
            await asyncio.sleep(0.1)
