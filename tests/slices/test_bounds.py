"""What a request may be at most, and what guards every answer."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from heroes.kit import bounds
from heroes.kit.bounds import Bounds, depth

pytestmark = pytest.mark.anyio


@pytest.fixture
def client() -> httpx.AsyncClient:
    app = FastAPI()

    @app.post("/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    app.put("/organization/data/bucket/home/object/{path:path}")(echo)

    @app.post("/json")
    async def read(body: dict[str, Any]) -> dict[str, Any]:
        return body

    return httpx.AsyncClient(transport=httpx.ASGITransport(Bounds(app, https=True)), base_url="http://test")


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        (b"[" * 200 + b"]" * 200, True),
        (b'{"a":' * 70 + b"1" + b"}" * 70, True),
        (b"[" + b"[]," * 5000 + b"[]]", False),
        (b'"' + b"[" * 500 + b'"', False),
        (b'["\\"' + b"[" * 500 + b'"]', False),
    ],
    ids=["lists", "objects", "long but flat", "brackets in a text", "behind a quote in a text"],
)
def test_depth_is_counted_without_reading_the_json(text: bytes, deep: bool):
    assert (depth(text, bounds.DEEPEST_JSON) > bounds.DEEPEST_JSON) is deep


async def test_what_is_too_deep_too_large_or_too_much_is_refused_before_it_is_read(client: httpx.AsyncClient):
    async with client:
        nested: Any = 1
        for _ in range(bounds.DEEPEST_JSON + 1):
            nested = [nested]
        deep = await client.post("/json", json={"a": nested})
        assert (deep.status_code, deep.json()["code"]) == (400, "too_deep")
        json_text = {"Content-Type": "application/json"}
        half = await client.post("/json", headers=json_text, content=b'{"a": "\\ud800 and \\uDC00"}')
        assert (half.status_code, half.json()["code"]) == (400, "no_text")
        pair = await client.post("/json", headers=json_text, content=b'{"a": "\\ud83d\\udca9"}')
        assert pair.status_code == 200
        large = await client.post("/json", content=b" " * (bounds.LARGEST_TEXT + 1))
        assert (large.status_code, large.headers["content-type"]) == (413, "application/problem+json")

        async def chunks():
            for _ in range(bounds.LARGEST_TEXT // 2**20 + 1):
                yield b" " * 2**20

        assert (await client.post("/json", content=chunks())).status_code == 413, "also where no length was told"
        many = {f"X-{number}": "x" for number in range(bounds.MOST_HEADERS)}
        assert (await client.post("/json", json={}, headers=many)).status_code == 431
        assert (await client.post("/json?" + "q" * bounds.LONGEST_TARGET, json={})).status_code == 414
        assert (await client.post("/json", json={"fine": [1]})).json() == {"fine": [1]}


async def test_a_file_is_streamed_whatever_its_size(client: httpx.AsyncClient):
    async with client:
        kind = {"Content-Type": "application/octet-stream"}
        size = bounds.LARGEST_TEXT + 5
        assert (await client.post("/echo", content=b"x" * size, headers=kind)).json() == size
        json_file = "/organization/data/bucket/home/object/deep/a.json"
        for kind in ({}, {"Content-Type": "application/json"}):
            assert (await client.put(json_file, content=b"[" * size, headers=kind)).json() == size


async def test_every_answer_is_guarded_also_a_refusal(client: httpx.AsyncClient):
    async with client:
        for answer in (await client.post("/json", json={}), await client.post("/json", content=b"[" * 99)):
            told = answer.headers
            assert told["X-Content-Type-Options"] == "nosniff"
            assert told["Content-Security-Policy"] == bounds.NO_PAGE
            assert told["Strict-Transport-Security"] == bounds.HTTPS_FOR


async def test_a_client_that_falls_silent_in_the_middle_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bounds, "SILENT_FOR", 0.01)
    told: list[Any] = []

    async def silent() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        told.append(message)

    async def never(*_: Any) -> None:
        raise AssertionError("the request went on")

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": [(b"content-length", b"9"), (b"content-type", b"application/json")],
    }
    await Bounds(never)(scope, silent, send)
    assert (told[0]["status"], json.loads(told[1]["body"])["code"]) == (408, "too_slow")
