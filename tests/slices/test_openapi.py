"""The document of the API is complete: whoever reads only it can call every route and knows every answer."""

from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from people import make_client

from heroes.api import create_app
from heroes.kit.settings import Settings

V1 = "/api/v1"
OPEN = {"/organization/workflow/schema"} | {f"/organization/auth/{name}" for name in ("login", "refresh", "session")}
# What programs of others were written against; see the interfaces of the HEROES deliverables.
PROMISED = [
    "POST /organization/auth/login",
    "POST /organization/auth/refresh",
    "POST /organization/auth/logout",
    "GET /organization/auth/me",
    "GET /organization/data/list",
    "GET /organization/data/bucket/{}/list",
    "POST /organization/data/upload",
    "GET /organization/data/download",
    "GET /organization/workflow/list",
    "POST /organization/decision",
    "POST /organization/workflow/submit",
    "GET /organization/workflow/running",
    "GET /organization/workflow/{}",
    "DELETE /organization/workflow/{}",
    "GET /organization/workflow/template/{}",
    "POST /organization/workflow/template/{}/validate",
    *(f"GET /organization/workflow/{{}}/{part}" for part in ("logs", "jobs", "results", "cost")),
    "GET /organization/operations/{}",
    *(
        f"{verb} /organization/admin/{name}"
        for verb in ("GET", "POST")
        for name in ("users", "groups", "projects", "roles")
    ),
    *(f"DELETE /organization/admin/{name}/{{}}" for name in ("users", "groups", "projects", "roles")),
    "POST /heroes/admin/organizations/",
    "GET /heroes/admin/organizations/",
    "DELETE /heroes/admin/organizations/",
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(Settings(home=tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    paths = document["paths"].items()
    return {f"{verb.upper()} {path}": told for path, verbs in paths for verb, told in verbs.items()}


def bodies(operations: dict[str, dict[str, Any]]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every request body: of which operation, in which form, and what is said of it."""
    return [
        (name, form, told)
        for name, operation in operations.items()
        for form, told in operation.get("requestBody", {}).get("content", {}).items()
    ]


def models(document: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The models behind a schema: the one it refers to, or those it may be."""
    if "$ref" in schema:
        return [document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]]
    found = [model for one in schema.get("anyOf", []) for model in models(document, one)]
    return found or ([schema] if schema.get("type") != "null" else [])


def test_the_document_is_openapi_3_1_and_all_below_one_prefix(document: dict[str, Any]):
    assert document["openapi"].startswith("3.1.")
    assert [path for path in document["paths"] if not path.startswith(V1 + "/")] == []


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(operations: dict[str, dict[str, Any]]):
    names = [told["operationId"] for told in operations.values()]
    assert len(set(names)) == len(names)
    for what in ("summary", "description", "tags"):
        assert [name for name, told in operations.items() if not told.get(what)] == [], what


def foreign(name: str) -> bool:
    """Whether an operation belongs to a protocol of others, which has its own form of errors and takes what it gets."""
    return name.split(V1)[1].startswith("/hpcwaas/")


def test_every_operation_tells_its_errors_in_one_form(document: dict[str, Any], operations: dict[str, dict[str, Any]]):
    common = document["components"]["responses"]
    assert {tuple(answer["content"]) for answer in common.values()} == {("application/problem+json",)}
    for name, told in operations.items():
        answers = {status: answer for status, answer in told["responses"].items() if "$ref" not in answer}
        shared = {answer["$ref"] for answer in told["responses"].values() if "$ref" in answer}
        assert shared <= {f"#/components/responses/{key}" for key in common}, name
        assert "414" in told["responses"], f"{name}: what if it is too long?"
        assert any(status.startswith("2") for status in answers), name
        wanted = {"422"} if name.split(V1)[1] in OPEN else {"401", "422"}
        assert wanted <= set(answers), name
        for status, answer in answers.items():
            if status >= "400" and foreign(name):
                assert answer["content"].keys() == {"application/json"}, f"{name} {status}: as its clients know it"
            elif status >= "400":
                assert list(answer["content"]) == ["application/problem+json"], f"{name} {status}"
                assert answer["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
        if "{" in name:
            assert "404" in answers, f"{name}: what if it is not there?"


def test_every_operation_but_the_entrance_asks_for_a_token(document: dict[str, Any], operations: dict[str, Any]):
    schemes = document["components"]["securitySchemes"].values()
    assert {scheme["type"] for scheme in schemes} == {"http", "apiKey"}
    assert {name.split(V1)[1] for name, told in operations.items() if not told.get("security")} == OPEN


def test_every_request_body_has_an_example_that_fits(document: dict[str, Any], operations: dict[str, dict[str, Any]]):
    found = bodies(operations)
    assert len(found) > 30
    for name, form, told in found:
        if form != "application/json":
            assert told.get("example"), f"{name} {form}"
            continue
        for model in models(document, told["schema"]):
            assert model.get("examples"), f"{name}: {model.get('title')}"
            schema = {**model, "components": document["components"], "$defs": model.get("$defs", {})}
            for example in model["examples"]:
                faults = [fault.message for fault in Draft202012Validator(schema).iter_errors(example)]
                assert faults == [], f"{name}: {example}"


def test_no_request_body_takes_what_it_does_not_know(document: dict[str, Any], operations: dict[str, Any]):
    for name, form, told in bodies(operations):
        if form == "application/json" and not foreign(name):
            for model in models(document, told["schema"]):
                assert model.get("additionalProperties") is False, f"{name}: {model.get('title')}"


def test_the_promised_paths_are_there(operations: dict[str, Any]):
    known = {_shape(name.replace(V1, "")) for name in operations}
    assert [name for name in PROMISED if _shape(name) not in known] == []


@pytest.mark.anyio
async def test_every_path_answers_alike_with_the_prefix_and_without(app: FastAPI, operations: dict[str, Any]):
    async with make_client(app) as client:
        for name in operations:
            verb, path = name.split(" ")
            answers = [await client.request(verb, address) for address in (path, path.removeprefix(V1))]
            wanted = {200, 422} if path.removeprefix(V1) in OPEN else {401}
            assert {answer.status_code for answer in answers} <= wanted, name
            told = [{**answer.json(), "request_id": ""} for answer in answers if verb != "HEAD"]
            assert told or verb == "HEAD"
            assert told[:1] == told[1:], name


def _shape(name: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in name.split("/"))
