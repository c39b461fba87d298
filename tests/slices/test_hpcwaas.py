"""The HPCWaaS execution API, asked as its original client asks it.

The requests in `fixtures/hpcwaas/requests.json` were recorded from the Go client `waas` of
github.com/eflows4hpc/hpcwaas-api, v0.4.0, byte for byte but for credentials and ids.
"""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from matrix_world import World, furnish, platform
from people import make_client
from sqlalchemy import select, text

from heroes.kit.db import Base
from heroes.kit.postgres import DatabaseUrls

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

RECORDED: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "hpcwaas" / "requests.json").read_text()
)
PASSWORD = "glider over the alps"
STEPS = "steps:\n  only:\n    run: [echo, hello]\n    resources: {cores: 1, memory: 64 MiB, walltime: 01:00:00}\n"
AIRFOIL = f"""heroes: 1
name: airfoil
title: Airfoil
summary: Takes a file and a list.
parameters:
  airfoil: {{type: string, format: file}}
  angles: {{type: array, items: {{type: number}}, maxItems: 20}}
required: [airfoil]
{STEPS}    outputs: {{}}
"""
CAVITY = f"heroes: 1\nname: cavity\ntitle: Cavity\nsummary: Takes nothing.\n{STEPS}"
KEYED = f"""heroes: 1
name: keyed
title: Keyed
summary: Takes a key.
parameters:
  vault_id: {{type: string}}
{STEPS}"""


@pytest.fixture(scope="module")
async def world(database_urls: DatabaseUrls, anyio_backend: str) -> AsyncIterator[World]:
    async with platform(database_urls) as made:
        project = await furnish(made, made.acme)
        held = ["engineer", ("engineer", project.id)]
        await made.user(made.acme, "ann", held, password=PASSWORD)
        await made.user(made.acme, "tim", held)
        await made.user(made.acme, "boss", ["organization_admin"])
        await made.user(made.rival, "eve", ["engineer"])
        ann = await made.client("ann")
        stored = await ann.put("organization/data/bucket/home/object/wing/naca2412.dat", content=b"data")
        assert stored.status_code == 201
        for files in (AIRFOIL, CAVITY, KEYED):
            await made.publish({"workflow.yaml": files})
        yield made


def basic(name: str, password: str) -> str:
    return base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture
def waas(world: World) -> httpx.AsyncClient:
    client = make_client(world.app)
    client.headers["Authorization"] = "Basic " + basic("acme/ann", PASSWORD)
    return client


async def replay(client: httpx.AsyncClient, request: dict[str, Any], **names: str) -> httpx.Response:
    headers = {key: value.format(**names) for key, value in request["headers"].items() if key != "Content-Length"}
    path = request["path"].replace("{execution}", names.get("execution", ""))
    sent = httpx.Request(request["method"], f"http://test{path}", headers=headers, content=request["body"].encode())
    assert "content-type" not in sent.headers, "the original sends none"
    return await client.send(sent)


async def test_the_recorded_requests_of_the_original_client_are_answered(world: World):
    client = make_client(world.app)
    token = (await world.client("ann")).headers["Authorization"].removeprefix("Bearer ")
    names = {"basic": basic("acme/ann", PASSWORD), "wrong": basic("acme/ann", "wrong"), "token": token}
    answers: list[tuple[str, int]] = []
    started: list[str] = []
    async with world.working():
        for request in RECORDED:
            names["execution"] = started[-1] if started else ""
            answer = await replay(client, request, **names)
            answers.append((f"{request['method']} {request['path'].partition('?')[0]}", answer.status_code))
            if answer.status_code == 201 and "Location" in answer.headers:
                assert answer.content == b""
                assert answer.headers["Location"].startswith("/executions/")
                started.append(answer.headers["Location"].rpartition("/")[2])
                if len(started) == 1:
                    await world.ended(await world.client("ann"), started[0])
            if "ssh_keys" in request["path"]:
                assert answer.json().keys() == {"id", "public_key"}
            if answer.status_code >= 400:
                assert all(fault.keys() == {"id", "status", "title", "detail"} for fault in answer.json()["errors"])
    logs, execution = "GET /hpcwaas/executions/{execution}/logs", "GET /hpcwaas/executions/{execution}"
    trigger = "POST /hpcwaas/workflows/airfoil@any@airfoil"
    assert answers[:6] == [
        ("GET /hpcwaas/workflows", 200), (trigger, 201), (execution, 200), (logs, 200), (logs, 410), (logs, 200)
    ]  # fmt: skip
    assert answers[6:] == [
        (trigger, 422),
        ("GET /hpcwaas/executions/exe_unknown", 404),
        ("POST /hpcwaas/workflows/cavity@any@cavity", 201),
        ("DELETE /hpcwaas/executions/{execution}", 202),
        ("POST /hpcwaas/ssh_keys", 201),
        (execution, 200),
        ("GET /hpcwaas/workflows", 401),
    ]
    await client.aclose()


async def test_workflows_are_listed_under_names_that_trigger_them(waas: httpx.AsyncClient):
    async with waas:
        listed = (await waas.get("/hpcwaas/workflows")).json()["workflows"]
        assert {"id", "name", "application_id", "environment_id", "environment_name"} == listed[0].keys()
        assert "cavity@any@cavity" in {one["id"] for one in listed}
        for wrong in ("cavity@any@other", "cavity@any", "nothing@any@nothing"):
            assert (await waas.post(f"/hpcwaas/workflows/{wrong}")).status_code == 404, wrong
        elsewhere = await waas.post("/hpcwaas/workflows/cavity@nowhere@cavity")
        assert elsewhere.status_code == 409, "the environment is a cluster, and there is none of this name"


async def test_a_body_may_be_missing_null_or_without_inputs(waas: httpx.AsyncClient):
    async with waas:
        for body in (b"", b"null", b"{}", b'{"inputs": null}', b'{"inputs": {}}'):
            answer = await waas.post("/hpcwaas/workflows/cavity@any@cavity", content=body)
            assert answer.status_code == 201, body
        assert (await waas.post("/hpcwaas/workflows/cavity@any@cavity", content=b"{")).status_code == 422


async def test_an_execution_of_somebody_else_is_not_there(world: World, waas: httpx.AsyncClient):
    async with waas:
        made = await waas.post("/hpcwaas/workflows/cavity@any@cavity")
    path = "http://test/hpcwaas" + made.headers["Location"]
    for stranger in (await world.client("tim"), await world.client("eve", world.rival)):
        for method, more in (("GET", ""), ("DELETE", ""), ("GET", "/logs?timeout=0")):
            answer = await stranger.request(method, path + more)
            assert (answer.status_code, answer.json()["errors"][0]["id"]) == (404, "no_execution")


async def test_a_long_poll_returns_as_soon_as_there_is_news(world: World, waas: httpx.AsyncClient):
    async with waas:
        made = await waas.post("/hpcwaas/workflows/cavity@any@cavity")
        path = f"/hpcwaas{made.headers['Location']}/logs"
        empty = (await waas.get(path, params={"timeout": "10ms", "levels": "8"})).json()
        assert empty == {"logs": [], "total_results": 0, "from": 0}
        async with world.working():
            seen: list[str] = []
            while True:
                answer = await waas.get(path, params={"from": len(seen), "size": 1, "timeout": "30s", "levels": 15})
                if answer.status_code == 410:
                    break
                seen += [one["content"] for one in answer.json()["logs"]]
        again = (await waas.get(path, params={"levels": 15})).json()
        assert [one["content"] for one in again["logs"]] == seen, "entries keep their places"
        assert (seen[0], seen[-1]) == ("Execution submitted.", "Execution ended successfully.")
        assert (await waas.get(path, params={"timeout": "soon"})).status_code == 422


async def test_a_key_belongs_to_its_maker_and_its_private_half_is_nowhere(world: World, waas: httpx.AsyncClient):
    async with waas:
        made = (await waas.post("/hpcwaas/ssh_keys", content=b'{"metadata": {"site": "alpha"}}')).json()
    listed = (await (await world.client("ann")).get("organization/credential/list")).json()
    own = [one for one in listed if one["public_key"] == made["public_key"]]
    assert [one["metadata"] for one in own] == [{"site": "alpha"}]
    assert (await (await world.client("tim")).get("organization/credential/list")).json() == []
    revoke = f"organization/credential/{own[0]['id']}"
    assert (await (await world.client("tim")).delete(revoke)).status_code == 404
    assert made["id"] not in json.dumps(own)
    async with world.database.worker() as session:
        for table in Base.metadata.sorted_tables:
            rows = (await session.execute(select(text(f"t::text FROM {table.name} t")))).scalars().all()
            assert not [row for row in rows if "PRIVATE KEY" in row or made["id"] in row], table.name


async def test_the_token_of_a_key_is_never_kept_with_the_parameters(world: World, waas: httpx.AsyncClient):
    async with waas:
        key = (await waas.post("/hpcwaas/ssh_keys")).json()["id"]
        made = await waas.post("/hpcwaas/workflows/keyed@any@keyed", json={"inputs": {"vault_id": key}})
        assert made.status_code == 201, made.text
        wrong = await waas.post("/hpcwaas/workflows/keyed@any@keyed", json={"inputs": {"vault_id": key + "x"}})
        assert wrong.status_code == 422
    wid = made.headers["Location"].rpartition("/")[2]
    shown = (await (await world.client("ann")).get(f"organization/workflow/{wid}")).json()
    assert shown["configuration"]["parameters"]["vault_id"].startswith("crd_")


async def test_key_and_account_lead_to_the_cluster_that_has_them(world: World, waas: httpx.AsyncClient):
    async with waas:
        key = (await waas.post("/hpcwaas/ssh_keys")).json()["id"]
        inputs = {"inputs": {"user_id": "bsc21", "vault_id": key}}
        nowhere = await waas.post("/hpcwaas/workflows/cavity@any@cavity", json=inputs)
        assert (nowhere.status_code, "add-account" in nowhere.text) == (422, True)
        boss = await world.client("boss")
        auth = {"method": "credential", "credential": key}
        body = {"name": "alpha", "host": "login.alpha.example", "account": "bsc21", "auth": auth}
        enrolled = await boss.post("organization/cluster", json=body)
        assert enrolled.status_code == 201, enrolled.text
        there = await waas.post("/hpcwaas/workflows/cavity@any@cavity", json=inputs)
        assert (there.status_code, "alpha" in there.text) == (409, True), "it was not checked yet"


async def test_a_password_is_hashed_once_and_forgotten_with_its_session(world: World):
    client = make_client(world.app)
    client.headers["Authorization"] = "Basic " + basic("acme/ann", PASSWORD)
    async with client:
        before = await world.count("sessions")
        for _ in range(5):
            assert (await client.get("/hpcwaas/workflows")).status_code == 200
        assert (await world.count("sessions"))["sessions"] <= before["sessions"] + 1
        for name, password in (("ann", PASSWORD), ("acme/nobody", PASSWORD), ("rival/ann", PASSWORD)):
            client.headers["Authorization"] = "Basic " + basic(name, password)
            answer = await client.get("/hpcwaas/workflows")
            assert answer.status_code in {401, 429}
            assert "Basic" in answer.headers.get("WWW-Authenticate", "Basic")
        client.headers["Authorization"] = "Basic !!"
        assert (await client.get("/hpcwaas/workflows")).status_code == 401


async def test_a_program_gives_its_token_as_the_password(world: World):
    token = (await (await world.client("ann")).post("organization/auth/token", json={"name": "nightly"})).json()[
        "token"
    ]
    client = make_client(world.app)
    async with client:
        for name, status in (("acme/ann", 200), ("ann", 200), ("acme/tim", 401)):
            client.headers["Authorization"] = "Basic " + basic(name, token)
            assert (await client.get("/hpcwaas/workflows")).status_code == status
