"""What is asked twice under one key is done once; every list is paged."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from matrix_objects import Objects, everything
from matrix_routes import TABLE, Call, filled
from matrix_world import V1, World, platform
from sqlalchemy import text, update

from heroes.kit.db import Base
from heroes.kit.ids import new_id
from heroes.kit.postgres import DatabaseUrls

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
CREATED = {"201", "202"}
FIXED = {"/organization/auth/rights", "/heroes/admin/work"}
"""lists of what the code itself names: actions, tables of work"""
SECRETS = {
    "/organization/auth/token",
    "/organization/admin/users",
    "/organization/webhook",
    "/organization/webhook/{webhook}/secret",
    "/organization/credential",
    "/organization/admin/clients",
    "/hpcwaas/ssh_keys",
    "/heroes/admin/organizations/",
}


@pytest.fixture(scope="module")
async def stage(database_urls: DatabaseUrls, anyio_backend: str) -> AsyncIterator[tuple[World, Objects]]:
    async with platform(database_urls) as world:
        [acme] = await everything(world, world.acme)
        await world.user(world.heroes, "ada", ["solution_admin"])
        yield world, acme


def operations(world: World, verb: str) -> dict[str, dict[str, Any]]:
    paths = world.app.openapi()["paths"]
    return {path.removeprefix(V1): told[verb] for path, told in paths.items() if verb in told}


def creating(world: World) -> dict[str, dict[str, Any]]:
    return {path: told for path, told in operations(world, "post").items() if CREATED & set(told["responses"])}


def parameters(told: dict[str, Any]) -> set[str]:
    return {one["name"] for one in told.get("parameters", [])}


async def ask(
    client: httpx.AsyncClient, path: str, call: Call, names: dict[str, str], **headers: str
) -> httpx.Response:
    return await client.post(
        path.format(**filled(call.path, names)),
        params=filled(call.query, names),
        json=filled(call.json, names),
        data=filled(call.data, names),
        files=call.files,
        headers={**call.headers, **headers},
    )


async def rows(world: World) -> dict[str, int]:
    """Return how many rows each table holds, but for those that tell who was here when."""
    return await world.count(*(name for name in Base.metadata.tables if not name.startswith(("test_", "sessions"))))


async def test_every_creating_post_takes_a_key(stage: tuple[World, Objects]):
    found = creating(stage[0])
    print(f"\n{len(found)} creating requests")
    assert len(found) > 20
    assert [path for path, told in found.items() if "idempotency-key" not in parameters(told)] == []


async def test_every_list_is_paged(stage: tuple[World, Objects]):
    world, _ = stage
    lists = {}
    for path, told in operations(world, "get").items():
        answer = told["responses"]["200"].get("content", {}).get("application/json", {}).get("schema", {})
        if answer.get("type") == "array" or any(one.get("type") == "array" for one in answer.get("anyOf", [])):
            lists[path] = told
    print(f"\n{len(lists)} lists")
    assert len(lists) > 20
    assert {path for path, told in lists.items() if not {"limit", "cursor"} <= parameters(told)} <= FIXED


async def test_every_creating_post_is_done_once_under_one_key(stage: tuple[World, Objects]):
    world, acme = stage
    names = acme.by("id")
    for path in creating(world):
        call = TABLE[f"POST {path}"][0]
        platforms = path.startswith("/heroes/")
        client = await world.client("ada", world.heroes) if platforms else await world.client("root")
        key = new_id("key")
        first = await ask(client, path, call, names, **{"Idempotency-Key": key})
        assert first.status_code == call.status, f"{path}: {first.text}"
        before = await rows(world)
        again = await ask(client, path, call, names, **{"Idempotency-Key": key})
        assert await rows(world) == before, f"{path}: a repetition left something behind"
        if path in SECRETS - {"/organization/admin/users"}:  # the user of the table is a program, without a password
            assert again.status_code == 409, f"{path}: {again.text}"
            assert "shown" in again.text, f"{path}: {again.text}"
            continue
        assert again.status_code == first.status_code, path
        assert (again.json() if again.content else None) == (first.json() if first.content else None), path


async def test_a_key_is_for_one_request_alone(stage: tuple[World, Objects]):
    world, _ = stage
    client = await world.client("root")
    key = {"Idempotency-Key": new_id("key")}
    made = await client.post("organization/data/bucket", json={"name": "one"}, headers=key)
    assert made.status_code == 201
    other_body = await client.post("organization/data/bucket", json={"name": "two"}, headers=key)
    other_path = await client.post("organization/admin/projects", json={"name": "two"}, headers=key)
    for answer in (other_body, other_path):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key")
    other_caller = await world.client("organization_admin")
    assert (
        await other_caller.post("organization/admin/projects", json={"name": "two"}, headers=key)
    ).status_code == 201
    at_root = await client.post("http://test/organization/data/bucket", json={"name": "one"}, headers=key)
    assert at_root.json() == made.json()


async def test_ten_at_once_under_one_key_make_one(stage: tuple[World, Objects]):
    world, _ = stage
    client = await world.client("lea")
    before = await world.count("executions", "reservations")
    key = {"Idempotency-Key": new_id("key")}
    asked = [client.post("organization/workflow/submit", json={"wtid": "plain"}, headers=key) for _ in range(10)]
    answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} <= {202, 409}
    accepted = [answer for answer in answers if answer.status_code == 202]
    assert len({answer.json()["wid"] for answer in accepted}) == 1
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status_code == 409)
    after = await world.count("executions", "reservations")
    assert after == {name: count + 1 for name, count in before.items()}


async def test_a_request_that_failed_may_be_sent_again_under_its_key(stage: tuple[World, Objects]):
    world, _ = stage
    client = await world.client("root")
    key = {"Idempotency-Key": new_id("key")}
    body = {"user": "late", "role": "engineer"}
    assert (await client.post("organization/admin/assignments", json=body, headers=key)).status_code == 404
    await client.post("organization/admin/users", json={"username": "late", "service": True})
    assert (await client.post("organization/admin/assignments", json=body, headers=key)).status_code == 201


async def test_secrets_that_are_shown_once_are_nowhere_in_the_database(stage: tuple[World, Objects]):
    world, _ = stage
    root, ada = await world.client("root"), await world.client("ada", world.heroes)
    key = {"Idempotency-Key": new_id("key")}
    token = await root.post("organization/auth/token", json={"name": "once"}, headers=key)
    user = await root.post(
        "organization/admin/users", json={"username": "once"}, headers=key | {"Idempotency-Key": "u"}
    )
    address = {"user_email": "a@b.example"}
    made = await ada.post("heroes/admin/organizations/", params=address, json={"name": "once"}, headers=key)
    secrets = [token.json()["token"], user.json()["one_time_password"], made.json()["one_time_password"]]
    again = await root.post("organization/admin/users", json={"username": "once"}, headers={"Idempotency-Key": "u"})
    assert (again.status_code, again.json()["code"]) == (409, "shown_once")
    assert again.json()["made"]["id"] == user.json()["id"]
    login = {
        "name": "site",
        "host": "h.example",
        "account": "a",
        "auth": {"method": "password", "password": "s3cr3t-pw"},
    }
    assert (
        await root.post("organization/cluster", json=login, headers=key | {"Idempotency-Key": "c"})
    ).status_code == 201
    async with world.database.worker() as session:
        for name in Base.metadata.tables:
            if name.startswith("test_") or name == "login_throttle":
                continue
            for secret in (*secrets, "s3cr3t-pw"):
                query = text(f"SELECT count(*) FROM {name} t WHERE t::text LIKE :part")
                assert await session.scalar(query, {"part": f"%{secret}%"}) == 0, name


async def test_a_key_is_forgotten_after_a_day(stage: tuple[World, Objects]):
    world, _ = stage
    client = await world.client("root")
    key = {"Idempotency-Key": new_id("key")}
    assert (await client.post("organization/data/bucket", json={"name": "day"}, headers=key)).status_code == 201
    keys = Base.metadata.tables["idempotency_keys"]
    async with world.database.worker() as session:
        old = update(keys).where(keys.c.key == key["Idempotency-Key"]).values(at=text("heroes_now() - interval '25 h'"))
        await session.execute(old)
    again = await client.post("organization/data/bucket", json={"name": "day"}, headers=key)
    assert again.status_code == 409, "the name is taken: it was tried anew"


def timeless(rows: list[Any]) -> str:
    """Leave out how long a state has lasted, as in "since 08:15:00 UTC (4 s)": that grows between two requests."""
    return re.sub(r"UTC \([^)]*\)", "UTC", json.dumps(rows, indent=1))


async def test_pages_give_every_row_once(stage: tuple[World, Objects]):
    world, acme = stage
    client = await world.client("root")
    for name, calls in TABLE.items():
        verb, path = name.split(" ", 1)
        told = operations(world, "get").get(path, {}) if verb == "GET" else {}
        if "cursor" not in parameters(told):
            continue
        call = calls[0]
        if path.startswith("/heroes/"):
            continue
        address = path.format(**filled(call.path, acme.by("id")))
        query = filled(call.query, acme.by("id"))
        whole = await client.get(address, params={**query, "limit": "1000"})
        if not isinstance(whole.json(), list):
            continue
        found: list[Any] = []
        page = await client.get(address, params={**query, "limit": "1"})
        while True:
            assert page.status_code == 200, f"{path}: {page.text}"
            found += page.json()
            link = page.headers.get("Link")
            if link is None:
                break
            assert len(found) <= len(whole.json()) + 50, path
            page = await client.get("http://test" + link.split(">")[0].removeprefix("<"))
        assert timeless(found) == timeless(whole.json()), path
        assert (await client.get(address, params={**query, "limit": "0"})).status_code == 422, path
        assert (await client.get(address, params={**query, "limit": "1001"})).status_code == 422, path
        assert (await client.get(address, params={**query, "cursor": "!"})).status_code == 422, path
