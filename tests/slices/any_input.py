"""Requests made from the OpenAPI document alone (Schemathesis), and what an answer must be for each of them.

Every operation gets valid and invalid requests from a fixed seed. A part of them names objects that exist, or changes
one field of a request that works: those reach the code that a wholly made-up request is turned away from.
"""

import asyncio
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from matrix_routes import TABLE, filled
from matrix_stage import Stage
from matrix_world import V1
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
LONGEST = 20.0  # seconds for one answer: none of these may wait
ENDLESS: dict[str, dict[str, str]] = {
    "GET /organization/events": {"follow": "false"},
    "GET /organization/workflow/{wid}/events": {"follow": "false"},
    "GET /organization/workflow/{wid}/logs/{stream}": {"follow": "false"},
    "GET /hpcwaas/executions/{execution_id}/logs": {"timeout": "0"},
}
"""Operations that wait for what is to come when they are asked to."""

HOSTILE: tuple[Any, ...] = (
    "\0", "a\0b", "", " ", "/", "..", "../../etc/passwd", "%", "%00", "%ff", "'", "\\", "\ud800", "\u202e",
    "\N{PILE OF POO}", "é" * 300, "x" * 5000, "-1", "0", "1e400", "NaN", "Infinity", "9" * 40, "*", "a:b", ":", "a:",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+00:00", "{{ x }}", 0, -1, 2**31, 2**63, 2**63 - 1, 10**40, 1e308,
    0.1, True, None, [], {}, [None], [[]], {"": ""}, {"a\0": "b"}, ["\0"], ["x"] * 1000,
)  # fmt: skip
"""What programs have stumbled over; each takes the place of one value in a request that works otherwise."""


Make = Callable[[dict[str, str]], tuple[Case, httpx.Request]]
"""Returns a request to an organization whose objects have these names."""


@schemathesis.serializer("application/offset+octet-stream", "application/x-tar")
def as_bytes(context: Any, value: Any) -> bytes:
    """A body of mere bytes goes as it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@dataclass
class Found:
    """What was asked, and what was wrong with which answers."""

    asked: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)  # one example of each

    def told(self) -> Iterator[str]:
        for what, example in sorted(self.faults.items()):
            yield f"{what}\n    {example}"


async def play(stage: Stage, roles: list[str], *, examples: int, number: int = 20260101, each: bool = False) -> Found:
    """Ask every operation `examples` generated requests of either mode and as many hostile ones; undo each.

    The roles take turns, or with `each` every one of them asks all of it.
    """
    found = Found()
    api = schemathesis.openapi.from_dict(stage.world.app.openapi())
    for result in api.get_all_operations():
        operation = result.ok()
        name = f"{operation.method.upper()} {operation.path.removeprefix(V1)}"
        turn = 0
        for make in (*generated(operation, name, examples, number), *hostile(operation, name, examples, number)):
            for role in roles if each else [roles[turn % len(roles)]]:
                try:
                    case, sent = make(stage.objects(role).by("id"))
                except httpx.InvalidURL:  # longer than the client can send
                    continue
                answer = await ask(stage, role, sent)
                found.asked += 1
                judge(name, role, case, sent, answer, found)
            turn += 1
    return found


def generated(operation: Any, name: str, examples: int, number: int) -> Iterator[Make]:
    """Yield the makers of requests from the document alone."""
    dice = random.Random(f"{number} {name}")
    for case in cases(operation, examples, number):
        yield partial(prepare, name, case, dice.random())


def cases(operation: Any, examples: int, number: int) -> list[Case]:
    """Return the same requests for the same number, whatever was asked before."""
    made: list[Case] = []
    for mode in MODES:

        @seed(number)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def collect(case: Case) -> None:
            made.append(case)

        try:
            collect()
        except Exception as error:  # an operation without anything that could be wrong has no invalid requests
            if type(error).__name__ not in {"Unsatisfiable", "FailedHealthCheck"}:
                raise
    return made


def hostile(operation: Any, name: str, examples: int, number: int) -> Iterator[Make]:
    """Yield the makers of requests that work but for one value, from a fixed seed."""
    call, document = TABLE[name][0], operation.schema.raw_schema
    told = document["paths"][operation.path][operation.method.lower()].get("requestBody", {}).get("content", {})
    body = told.get("application/json", {}).get("schema", {}) if isinstance(call.json, dict) else {}
    places = [("path", key) for key in call.path]
    places += [("query", one.name) for one in operation.query]
    places += [("body", key) for key in _properties(body, document)]
    pairs = [(where, key, value) for where, key in places for value in HOSTILE]
    pairs = [pair for pair in pairs if pair[0] != "path" or "/" not in str(pair[2])]  # another address altogether
    for where, key, value in random.Random(f"{number} {name}").sample(pairs, min(examples, len(pairs))):
        yield partial(spoil, operation, name, where, key, value)


def spoil(
    operation: Any, name: str, where: str, key: str, value: Any, names: dict[str, str]
) -> tuple[Case, httpx.Request]:
    """Return a request that works, but for one value."""
    call = TABLE[name][0]
    path, query, body = (dict(filled(part, names) or {}) for part in (call.path, call.query, call.json))
    if where == "path":
        path[key] = quote(_bytes(str(value)), safe="") or "%20"
    elif where == "query":
        query[key] = _bytes(str(value))
    else:
        body[key] = value
    query |= ENDLESS.get(name, {})
    case = operation.Case(path_parameters=path)
    verb, template = name.split(" ")
    url = f"http://test{V1}{template.format(**path)}?{urlencode(query)}"
    if call.data is not None:
        return case, httpx.Request(verb, url, data=filled(call.data, names), files=call.files)
    if call.json is None:
        return case, httpx.Request(verb, url, headers=call.headers, content=call.content)
    headers = {**call.headers, "Content-Type": "application/json"}
    return case, httpx.Request(verb, url, headers=headers, content=json.dumps(body).encode())


def _properties(schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    if "$ref" in schema:
        return _properties(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    own = list(schema.get("properties", {}))
    return own + [key for one in schema.get("anyOf", []) for key in _properties(one, document)]


def prepare(name: str, case: Case, known: float, names: dict[str, str]) -> tuple[Case, httpx.Request]:
    """Return the request on the wire; two in three name objects that are there, one in three changes a valid body."""
    sent = requests.Request(**case.as_transport_kwargs(base_url="http://test"))
    model = TABLE[name][0]
    if known < 2 / 3 and model.path:
        path = V1 + name.split(" ")[1]
        sent.url = "http://test" + path.format(**filled(model.path, names))
    if known < 1 / 3:
        if isinstance(sent.json, dict) and isinstance(model.json, dict):
            whole, keys = filled(model.json, names), sorted(sent.json)
            changed = keys[int(known * 3 * len(keys))] if keys else None
            sent.json = {**whole, **({changed: sent.json[changed]} if changed else {})}
        if isinstance(sent.params, dict):
            sent.params = {**filled(model.query, names), **sent.params}
    if name in ENDLESS:
        sent.params = {**(sent.params or {}), **ENDLESS[name]}
    wire = sent.prepare()
    headers = [(key.encode(), _bytes(value)) for key, value in wire.headers.items()]
    return case, httpx.Request(str(wire.method), str(wire.url), headers=headers, content=wire.body)


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


async def ask(stage: Stage, role: str, sent: httpx.Request) -> httpx.Response | Exception:
    sent.read()
    client = await stage.as_role(role)
    for name, value in client.headers.items():
        sent.headers.setdefault(name, value)
    sent.headers["Authorization"] = client.headers["Authorization"]
    sent.headers.pop("token", None)
    stage.world.database.undoing = True
    try:
        return await asyncio.wait_for(client.send(sent), LONGEST)
    except Exception as error:
        return error
    finally:
        stage.world.database.undoing = False


def judge(
    name: str, role: str, case: Case, sent: httpx.Request, answer: httpx.Response | Exception, found: Found
) -> None:
    if isinstance(answer, Exception):
        note(found, f"{name}: {type(answer).__name__}: {str(answer)[:200]}", role, sent, repr(answer))
        return
    found.statuses[answer.status_code] = found.statuses.get(answer.status_code, 0) + 1
    for check in CHECKS:
        try:
            case.validate_response(answer, checks=[check])
        except FailureGroup as group:
            for one in group.exceptions:
                note(found, f"{name}: {one.title}: {answer.status_code}", role, sent, f"{one}\n{answer.text[:500]}")


def note(found: Found, what: str, role: str, sent: httpx.Request, more: str) -> None:
    body = sent.content[:500] if hasattr(sent, "_content") else b""
    found.faults.setdefault(what, f"as {role}: {sent.method} {sent.url} {body!r}\n{more}")
