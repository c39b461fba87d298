"""What wrong input gets, through the whole platform: a named fault and its cure, and nothing left behind."""

import asyncio
import hashlib
import io
import json
import tarfile
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from matrix_objects import PLAIN
from matrix_world import GREET, GREET_FILES, V1, World, furnish, platform
from people import make_project
from sqlalchemy import select

from heroes.kit.db import Base
from heroes.kit.ids import new_id
from heroes.kit.postgres import DatabaseUrls
from heroes.kit.settings import Settings

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
SUBMIT, DECIDE = "organization/workflow/submit", "organization/decision"
WRITTEN = ("executions", "execution_steps", "reservations", "decisions", "jobs", "submissions", "transfers", "events")

PAIR = (
    GREET.replace("name: greet", "name: pair")
    .replace(
        "source: {type: string, format: file}",
        "source: {type: string, format: file}\n  second: {type: string, format: file}",
    )
    .replace("required: [source]", "required: [source, second]")
)

SHELL = (
    r"""a b  $(touch pwned) `touch pwned` ; touch pwned & | > pwned ' " \ \n ${HOME} $1 * ? ~ # ! é 測"""
    + "\tTab\nLine\n"
)
NAMES = [
    "plain",
    "with space",
    "it's",
    'a "quote"',
    "new\nline",
    "$(touch pwned)",
    "`id`",
    "-rf",
    "ünïcödé 測",
    "a;b|c&d>e",
    "\\n",
    "x" * 255,
]
CARRY = {
    "workflow.yaml": """heroes: 1
name: carry
title: Carry everything
summary: Tells what arrived, as argument, in the environment and in files, and hands the files on.
parameters:
  word: {type: string}
  tree: {type: string, format: folder}
required: [word, tree]
steps:
  argument:
    files: [carry.py]
    inputs: {in/: "{{ params.tree }}"}
    run: [python3, carry.py, "{{ params.word }}", "x{{ params.word }}y"]
    resources: {cores: 1, memory: 128 MiB, walltime: 00:10:00}
    outputs: {told: told.json, files: "out/*"}
  variable:
    inputs: {again/: "{{ steps.argument.outputs.files }}"}
    script: |
      printf %s "$PARAM_WORD" > variable.txt
      cp "$HEROES_PARAMS" kept.json
      ls -1 | grep -c pwned > count.txt || true
    resources: {cores: 1, memory: 128 MiB, walltime: 00:10:00}
    outputs: {variable: variable.txt, params: kept.json, count: count.txt, files: "again/*"}
outputs:
  told.json: "{{ steps.argument.outputs.told }}"
  variable.txt: "{{ steps.variable.outputs.variable }}"
  kept.json: "{{ steps.variable.outputs.params }}"
  count.txt: "{{ steps.variable.outputs.count }}"
  first/: "{{ steps.argument.outputs.files }}"
  second/: "{{ steps.variable.outputs.files }}"
""",
    "carry.py": """import json, os, shutil, sys
names = sorted(os.listdir("in"))
shutil.copytree("in", "out")
with open("told.json", "w") as file:
    json.dump({"argv": sys.argv[1:], "names": names, "here": sorted(os.listdir("."))}, file)
""",
}
PRY = """heroes: 1
name: pry
title: Look around
summary: Tries to reach what is not its own.
steps:
  look:
    files: [pry.py]
    run: [python3, pry.py]
    resources: {cores: 1, memory: 128 MiB, walltime: 00:10:00}
    outputs: {seen: seen.json}
outputs: {seen.json: "{{ steps.look.outputs.seen }}"}
"""
PRYING = """import json, os, socket
seen, tried = [], 0
for path in PATHS:
    for way in (path, "/proc/1/root" + path, "/proc/self/root" + path):
        tried += 1
        try:
            with open(way, "rb") as file:
                seen.append([way, len(file.read(100))])
        except IsADirectoryError:
            way_down = os.getcwd()[len(path) + 1 :].split("/")[0] if os.getcwd().startswith(path + "/") else None
            seen.append([way, [name for name in os.listdir(way) if name != way_down]])
        except OSError:
            pass
for kind, address in ((socket.AF_UNIX, SOCKET), (socket.AF_INET, ("127.0.0.1", PORT))):
    tried += 1
    try:
        socket.socket(kind).connect(address)
        seen.append([str(address), "connected"])
    except OSError:
        pass
json.dump({"home": PATHS[0], "seen": seen, "tried": tried, "environment": sorted(os.environ)}, open("seen.json", "w"))
"""


@pytest.fixture(scope="module")
async def world(database_urls: DatabaseUrls, anyio_backend: str) -> AsyncIterator[World]:
    async with platform(database_urls) as made:
        await furnish(made, made.acme)
        await made.user(made.acme, "tom", ["workflow_admin"])
        await made.user(made.acme, "bea", ["billing_admin"])
        await made.user(made.acme, "oda", ["organization_admin"])
        await made.publish({**GREET_FILES, "workflow.yaml": PAIR})
        await made.publish(PLAIN)
        yield made


async def refused(world: World, status: int, body: Any, path: str = SUBMIT, **more: Any) -> dict[str, Any]:
    """Ask as lea for what must be refused; nothing is reserved, submitted or told to anybody. Return the problem."""
    client = await world.client("lea")
    before = await world.count(*WRITTEN, "budget_periods"), await reserved(world)
    answer = await client.post(path, json=body, **more)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await world.count(*WRITTEN, "budget_periods"), await reserved(world)) == before
    return dict(answer.json())


async def reserved(world: World, budget: str | None = None) -> Decimal:
    periods = Base.metadata.tables["budget_periods"].c
    query = select(periods.reserved) if budget is None else select(periods.reserved).where(periods.budget_id == budget)
    async with world.database.worker() as session:
        return sum((await session.scalars(query)).all(), Decimal(0))


# ---------------------------------------------------------------------------------------------- a request that is wrong

GOOD = {"source": "home:a.dat"}


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        pytest.param({"parameters": {**GOOD, "wrod": "x"}}, ["/parameters/wrod"], id="unknown parameter"),
        pytest.param({"parameters": {**GOOD, "times": "two"}}, ["/parameters/times"], id="wrong type"),
        pytest.param({"parameters": {**GOOD, "times": 10}}, ["/parameters/times"], id="above the bound"),
        pytest.param({"parameters": {}}, ["/parameters/source"], id="missing parameter"),
        pytest.param({"parameters": {"source": "home:b.dat"}}, ["/parameters/source"], id="missing file"),
        pytest.param(
            {"parameters": {"source": "home:b.dat", "wrod": "x"}},
            ["source", "wrod"],
            id="missing file, unknown parameter",
        ),
        pytest.param({"parameters": {"source": "wign:a.dat"}}, ["/parameters/source"], id="missing bucket"),
        pytest.param({"parameters": {"source": "home:"}}, ["/parameters/source"], id="a folder instead of a file"),
        pytest.param({"parameters": {"source": "home:../lea/a.dat"}}, ["/parameters/source"], id="path outside"),
        pytest.param({"parameters": {"times": 0, "x": 1}}, ["source", "times", "x"], id="three things"),
        pytest.param({"wtid": "pair", "parameters": {}}, ["second", "source"], id="two missing parameters"),
        pytest.param(
            {"wtid": "pair", "parameters": {"source": "home:b.dat", "second": "home:c.dat"}},
            ["second", "source"],
            id="two missing files",
        ),
        pytest.param(
            {"wtid": "pair", "parameters": {"source": "home:b.dat", "second": "home:b.dat"}},
            ["second", "source"],
            id="one missing file, twice",
        ),
        pytest.param(
            {"parameters": {"source": "home:b.dat"}, "project": "tail"},
            ["/parameters/source", "/project"],
            id="missing file and unknown project",
        ),
        pytest.param({"parameters": GOOD, "polcy": "cheapest"}, ["/polcy"], id="unknown field"),
        pytest.param({"parameters": GOOD, "policy": "best"}, ["/policy"], id="unknown policy"),
        pytest.param({"parameters": GOOD, "resources": {"cores": 0}}, ["/resources/cores"], id="no cores"),
        pytest.param({"parameters": GOOD, "resources": {"memory": "much"}}, ["/resources"], id="no memory"),
        pytest.param({"parameters": GOOD, "max_cost": "-1"}, ["/max_cost"], id="negative cost"),
        pytest.param({"parameters": ["a"], "wtid": 7}, ["/parameters", "/wtid"], id="wrong shapes"),
    ],
)
@pytest.mark.parametrize("path", [SUBMIT, DECIDE])
async def test_each_fault_of_a_request_is_named_by_a_pointer(world: World, path: str, body: Any, pointers: list[str]):
    if path == DECIDE and "max_cost" in body:
        body, pointers = {**body, "max_cost": "1"}, ["/max_cost"]  # a ranking takes none at all
    problem = await refused(world, 422, {"wtid": "greet", **body}, path)
    found = [one["pointer"] for one in problem["problems"]]
    assert sorted(found) == [one if one.startswith("/") else f"/parameters/{one}" for one in pointers]
    assert all(one["message"] for one in problem["problems"])


async def test_what_is_no_json_or_names_no_workflow_is_refused(world: World):
    client = await world.client("lea")
    for content in (b"", b"{", b"[]", b'"x"'):
        answer = await client.post(SUBMIT, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422, content
    assert (await refused(world, 404, {"wtid": "gret", "parameters": {}}))["code"] == "workflow_not_found"
    assert (await refused(world, 404, {"wtid": "greet", "version": "9", "parameters": GOOD}))[
        "code"
    ] == "version_not_found"


# ------------------------------------------------------------------------------------------------------ no place for it


async def test_what_no_cluster_can_run_is_refused_with_every_cluster_its_reason_and_its_cure(world: World):
    oda = await world.client("oda")
    for name in ("alpha", "beta"):
        await oda.post("organization/cluster", json={"name": name, "host": f"{name}.example", "account": "a"})
    seen = {one["name"] for one in (await oda.get("organization/cluster/list")).json()}
    assert seen == {"here", "alpha", "beta"}
    for resources in ({"gpus": 8}, {"nodes": 1000, "cores": 1000}, {"memory": "900 TiB"}):
        problem = await refused(world, 409, {"wtid": "greet", "parameters": GOOD, "resources": resources})
        assert problem["code"] == "no_cluster"
        assert {one["cluster"] for one in problem["discarded"]} == seen
        assert all(one["reason"] and one["cure"] and one["code"] for one in problem["discarded"])
    shown = (await (await world.client("lea")).post(DECIDE, json={"wtid": "greet", "parameters": GOOD})).json()
    assert {one["cluster"] for one in shown["discarded"]} == {"alpha", "beta"}
    named = await refused(world, 409, {"wtid": "greet", "parameters": GOOD, "cluster": "alpha"})
    assert named["detail"].startswith("alpha cannot run this: ")
    unknown = await refused(world, 409, {"wtid": "greet", "parameters": GOOD, "cluster": "gamma"})
    assert "here" in unknown["detail"]


# ---------------------------------------------------------------------------------------------------------------- money


async def price(client: httpx.AsyncClient, project: str) -> Decimal:
    ranking = await client.post(DECIDE, json={"wtid": "plain", "project": project})
    return Decimal(ranking.json()["candidates"][0]["worst_case"]["amount"])


async def test_fifty_at_once_on_a_budget_for_three_are_exactly_three(world: World):
    tail = await make_project(world.database, world.acme, "tail")
    await world.user(world.acme, "kim", [("engineer", tail.id)])
    kim = await world.client("kim")
    each = await price(kim, "tail")
    budget = await world.budget(str(each * 3 + each / 2), tail, title="Tail")
    before = await world.count("executions", "reservations")
    asked = [
        kim.post(SUBMIT, json={"wtid": "plain"}, headers={"Idempotency-Key": new_id("key")} if number % 2 else {})
        for number in range(50)
    ]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [202] * 3 + [409] * 47
    after = await world.count("executions", "reservations")
    assert after == {name: count + 3 for name, count in before.items()}
    assert await reserved(world, budget) == each * 3
    for answer in answers:
        if answer.status_code == 409:
            told = answer.json()
            assert (told["code"], Decimal(told["needed"]), told["currency"]) == ("over_budget", each, "EUR")
            assert (Decimal(told["left"]), Decimal(told["reserved"])) == (each / 2, each * 3)
            assert "bea" in told["ask"]
            assert "bea" in told["detail"]
    few = await kim.post(SUBMIT, json={"wtid": "plain", "max_cost": str(each / 2)})
    assert few.status_code == 202, "what is left can be spent by who bounds the cost"


async def test_without_a_budget_nothing_starts_and_whom_to_ask_is_named(world: World):
    fin = await make_project(world.database, world.acme, "fin")
    await world.user(world.acme, "zoe", [("engineer", fin.id)])
    zoe = await world.client("zoe")
    before = await world.count(*WRITTEN)
    answer = await zoe.post(SUBMIT, json={"wtid": "plain"})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_budget")
    assert "bea" in answer.json()["ask"]
    assert await world.count(*WRITTEN) == before


async def test_one_key_is_one_execution_and_another_body_under_it_is_refused(world: World):
    client = await world.client("lea")
    key = {"Idempotency-Key": new_id("key")}
    body = {"wtid": "greet", "parameters": GOOD}
    first = await client.post(SUBMIT, json=body, headers=key)
    again = await client.post(SUBMIT, json=body, headers=key)
    assert (first.status_code, again.status_code, first.json()) == (202, 202, again.json())
    problem = await refused(world, 422, {**body, "policy": "fastest"}, headers=key)
    assert problem["code"] == "idempotency_key"


# -------------------------------------------------------------------------------------------------------------- uploads


async def test_an_upload_that_is_cut_or_has_a_wrong_checksum_makes_no_object(world: World):
    client = await world.client("lea")
    before = await world.count("objects", "versions")
    digest = hashlib.sha256(b"whole").hexdigest()
    path = "organization/data/bucket/home/object/cut.dat"
    wrong = await client.put(path, content=b"damaged", headers={"X-Content-Sha256": digest})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "checksum_mismatch")
    await cut(world, client.headers["Authorization"], f"{V1}/{path}")
    form = (
        b'--x\r\nContent-Disposition: form-data; name="bucket"\r\n\r\nhome\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="cut.dat"\r\n\r\nhalf of i'
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    half = await client.post("organization/data/upload", content=form, headers=headers)
    assert (half.status_code, half.json()["code"]) == (422, "upload_cut")
    assert await world.count("objects", "versions") == before
    assert (await client.get("organization/data/object?bucket=home&file=cut.dat")).status_code == 404


async def cut(world: World, token: str, path: str) -> None:
    """Send the first part of a body and hang up."""
    parts = [{"type": "http.request", "body": b"x" * 100_000, "more_body": True}]

    async def receive() -> dict[str, Any]:
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        assert message.get("status", 400) >= 400

    where = {"path": path, "raw_path": path.encode(), "query_string": b"", "scheme": "http", "method": "PUT"}
    ends = {"server": ("test", 80), "client": ("127.0.0.1", 1), "headers": [(b"authorization", token.encode())]}
    await world.app({"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", **where, **ends}, receive, send)


# ------------------------------------------------------------------------------------------------------------ workflows


@pytest.mark.parametrize(
    ("old", "new", "line", "column"),
    [
        pytest.param("    files: [say.sh]", "    needs: [say]\n    files: [say.sh]", 12, 13, id="cycle"),
        pytest.param("    files:", "    fiels:", 12, 5, id="unknown key"),
        pytest.param("title: Say", "colour: red\ntitle: Say", 3, 1, id="unknown key at the top"),
        pytest.param("{in.dat:", "{../in.dat:", 13, 14, id="input above the job folder"),
        pytest.param("{in.dat:", "{/tmp/in.dat:", 13, 14, id="absolute input"),
        pytest.param("copy: copy.dat}", "copy: ../copy.dat}", 16, 37, id="output above the job folder"),
        pytest.param("copy: copy.dat}", "copy: /etc/passwd}", 16, 37, id="absolute output"),
        pytest.param("[say.sh]", "[../say.sh]", 12, 13, id="file above the bundle"),
        pytest.param("params.word", "params.wrod", 14, 23, id="unknown parameter"),
    ],
)
async def test_a_wrong_workflow_is_refused_with_line_and_column(
    world: World, old: str, new: str, line: int, column: int
):
    tom = await world.client("tom")
    before = await world.count("workflows", "workflow_versions", "events")
    files = {**GREET_FILES, "workflow.yaml": GREET.replace(old, new, 1)}
    answer = await tom.post("organization/workflow/template", json={"files": files})
    assert answer.status_code == 422, answer.text
    found = [(one["line"], one["column"]) for one in answer.json()["problems"]]
    assert (line, column) in found, answer.json()["problems"]
    assert await world.count("workflows", "workflow_versions", "events") == before


async def test_a_link_or_a_path_outside_in_a_bundle_is_refused(world: World):
    tom = await world.client("tom")
    for name, kind in (("link", tarfile.SYMTYPE), ("../up", tarfile.REGTYPE), ("/abs", tarfile.REGTYPE)):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for path, content in GREET_FILES.items():
                member = tarfile.TarInfo(path)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content.encode()))
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
        headers = {"Content-Type": "application/x-tar"}
        answer = await tom.post("organization/workflow/template", content=packed.getvalue(), headers=headers)
        assert answer.status_code == 422, name
        assert answer.json()["problems"], answer.text


# --------------------------------------------------------------------------------------------------------- on a cluster


@pytest.fixture(scope="module")
async def ran(world: World) -> dict[str, dict[str, bytes]]:
    """Run both workflows on this machine and return their results by name."""
    lea = await world.client("lea")
    for name in NAMES:
        path = f"organization/data/bucket/home/object/tree/{quote(name, safe='')}"
        assert (await lea.put(path, content=name.encode())).status_code == 201, name
    await world.publish(CARRY)
    own = world.parts.settings.home
    other = own / "here" / "other-users-job" / "work"
    other.mkdir(parents=True)
    (other / "secret.dat").write_text("secret")
    (own / "master-key").write_text("key")
    blob = next(path for path in (own / "objects").rglob("*") if path.is_file())
    places = parse_qs(urlsplit(world.database.urls.app).query)["host"][0]
    paths = [str(path) for path in (own, own / "master-key", blob, own / "here", other, other / "secret.dat")]
    known = {"PATHS": [*paths, places, "/root", "/etc/shadow"], "SOCKET": f"{places}/.s.PGSQL.5432", "PORT": 5432}
    script = "".join(f"{name} = {value!r}\n" for name, value in known.items()) + PRYING
    await world.publish({"workflow.yaml": PRY, "pry.py": script})
    bodies = {"carry": {"word": SHELL, "tree": "home:tree"}, "pry": {}}
    found: dict[str, dict[str, bytes]] = {}
    async with world.working():
        wids = {}
        for name, parameters in bodies.items():
            answer = await lea.post(SUBMIT, json={"wtid": name, "parameters": parameters})
            assert answer.status_code == 202, answer.text
            wids[name] = answer.json()["wid"]
        for name, wid in wids.items():
            shown = await world.ended(lea, wid)
            assert shown["status"] == "FINISHED", (shown, (await lea.get(f"organization/workflow/{wid}/jobs")).text)
            found[name] = await results(lea, wid)
    return found


async def results(client: httpx.AsyncClient, wid: str) -> dict[str, bytes]:
    told = (await client.get(f"organization/workflow/{wid}/results", params={"limit": 1000})).json()
    contents = {}
    for one in told:
        got = await client.get("organization/data/download", params={"bucket": one["bucket"], "file": one["path"]})
        assert hashlib.sha256(got.content).hexdigest() == one["sha256"], one["name"]
        contents[one["name"]] = got.content
    return contents


async def test_parameters_with_shell_characters_arrive_unchanged_and_are_never_run(ran: dict[str, dict[str, bytes]]):
    told = json.loads(ran["carry"]["told.json"])
    assert told["argv"] == [SHELL, f"x{SHELL}y"]
    assert ran["carry"]["variable.txt"].decode() == SHELL
    assert json.loads(ran["carry"]["kept.json"])["word"] == SHELL
    assert not [name for name in told["here"] if "pwned" in name]
    assert ran["carry"]["count.txt"].strip() == b"0"


async def test_awkward_file_names_go_to_a_job_between_jobs_and_back_unchanged(ran: dict[str, dict[str, bytes]]):
    assert json.loads(ran["carry"]["told.json"])["names"] == sorted(NAMES)
    for folder in ("first/", "second/"):
        back = {name.removeprefix(folder): data for name, data in ran["carry"].items() if name.startswith(folder)}
        assert back == {name: name.encode() for name in NAMES}


async def test_a_script_on_this_machine_reaches_neither_platform_nor_database_nor_other_users(
    ran: dict[str, dict[str, bytes]],
):
    told = json.loads(ran["pry"]["seen.json"])
    assert told["tried"] > 20
    # Folders above its own are there, and hold nothing but the way down to it.
    assert [one for one in told["seen"] if one[1] != []] == []
    assert all(one[0].endswith(("/here", told["home"])) for one in told["seen"])
    settings = {f"HEROES_{name.upper()}" for name in Settings.model_fields}
    assert [name for name in told["environment"] if name in settings or name.startswith("PG")] == []


async def test_what_nothing_can_hold_is_told_and_no_failure_of_the_platform(world: World):
    lea, root = await world.client("lea"), await world.client("tom")
    for sent in ({"title": "a\0b"}, b"\xff{", b'{"title": "\\u0000"}'):
        how = (
            {"json": sent}
            if isinstance(sent, dict)
            else {"content": sent, "headers": {"Content-Type": "application/json"}}
        )
        answer = await lea.post("organization/credential", **how)
        assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json"), answer.text
    nobody = {"kind": "organization", "id": "org_nobody"}
    answer = await root.post("organization/workflow/template/greet/shares", json=nobody)
    assert (answer.status_code, answer.json()["code"]) == (404, "organization_not_found")
