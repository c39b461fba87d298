"""Workflows over HTTP: published into git, listed, validated, shared, withdrawn; each right by its role."""

import asyncio
import io
import subprocess
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from people import caller, caller_for, login, make_app, make_client, make_organization, make_project, make_user

from heroes.adapters.files import LocalBlobStore
from heroes.adapters.git import Registry
from heroes.identity import Caller
from heroes.identity.models import Organization, User
from heroes.kit import lifecycle
from heroes.kit.db import Database
from heroes.kit.errors import Denied, Invalid, NotFound
from heroes.workflows import archives, service
from heroes.workflows.routes import router
from heroes.workflows.rules import Bundle

pytestmark = pytest.mark.anyio
EXAMPLES = Path(__file__).parents[2] / "examples"
LIST, TEMPLATE = "/organization/workflow/list", "/organization/workflow/template"
SMALL = """heroes: 1
name: small
title: A small one
summary: Says hello.
parameters:
  times: {type: integer, minimum: 1, default: 2}
  data: {type: string, format: file}
required: [data]
steps:
  hello:
    files: [src/hello.sh]
    inputs: {a.dat: "{{ params.data }}"}
    run: [sh, src/hello.sh, "{{ params.times }}"]
    outputs: {said: said.txt}
outputs: {said.txt: "{{ steps.hello.outputs.said }}"}
"""
FILES = {"workflow.yaml": SMALL, "src/hello.sh": "echo hello > said.txt\n", "README.md": "# Small\n"}


class World:
    """Two organizations and the application."""

    def __init__(self, database: Database, app: FastAPI, acme: Organization, rival: Organization):
        self.database, self.app, self.acme, self.rival = database, app, acme, rival
        self.registry: Registry = app.state.registry
        self.store: LocalBlobStore = app.state.store
        self.users: dict[str, User] = {}
        self.clients: list[httpx.AsyncClient] = []

    async def client(self, username: str, role: str = "engineer", organization: Organization | None = None) -> Any:
        key = username
        if key not in self.users:
            self.users[key] = await make_user(self.database, organization or self.acme, username, (role,))
        client = await login(make_client(self.app), self.users[key])
        self.clients.append(client)
        return client


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    app = make_app(database, router, home=tmp_path)
    app.state.registry = Registry(tmp_path)
    app.state.store = LocalBlobStore(tmp_path / "objects")
    made = World(database, app, await make_organization(database, "acme"), await make_organization(database, "rival"))
    yield made
    for client in made.clients:
        await client.aclose()


def tar(folder: Path) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(folder, arcname=folder.name)
    return packed.getvalue()


async def publish(client: httpx.AsyncClient, files: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    return await client.post(TEMPLATE, json={"files": files or FILES, **more})


async def test_the_list_is_narrowed_to_some_workflows_of_those_that_one_sees(world: World) -> None:
    author = await world.client("ann", "workflow_admin")
    ids = {}
    for name in ("small", "other", "third"):
        made = await publish(author, {**FILES, "workflow.yaml": SMALL.replace("name: small", f"name: {name}")})
        ids[name] = made.json()["id"]
    asked = {"id": [ids["third"], ids["small"], "wft_none"]}
    assert [one["name"] for one in (await author.get(LIST, params=asked)).json()] == ["small", "third"]
    foreign = await world.client("eve", "workflow_admin", world.rival)
    assert (await foreign.get(LIST, params=asked)).json() == []


async def test_the_list_is_narrowed_to_the_workflows_whose_newest_version_takes_a_file(world: World) -> None:
    author = await world.client("author", "workflow_admin")
    await publish(author)
    plain = SMALL.replace("  data: {type: string, format: file}\nrequired: [data]\n", "")
    plain = plain.replace('    inputs: {a.dat: "{{ params.data }}"}\n', "")
    await publish(author, {**FILES, "workflow.yaml": plain.replace("name: small", "name: plain")})
    many = "  data: {type: array, items: {type: string, format: folder}}"
    folders = plain.replace("steps:", f"{many}\nsteps:", 1).replace("name: small", "name: folders")
    assert (await publish(author, {**FILES, "workflow.yaml": folders})).status_code == 201

    async def names(**query: str) -> list[str]:
        return [one["name"] for one in (await author.get(LIST, params=query)).json()]

    assert await names() == ["folders", "plain", "small"]
    assert await names(takes="file") == ["small"]
    assert await names(takes="folder") == ["folders"]
    assert (await author.get(LIST, params={"takes": "money"})).status_code == 422
    await publish(author, {**FILES, "workflow.yaml": plain})  # its newest version takes none
    assert await names(takes="file") == []


async def test_a_published_workflow_is_listed_and_shown_with_all_that_is_needed_to_run_it(world: World) -> None:
    tom, lea = await world.client("tom", "workflow_admin"), await world.client("lea")
    made = await publish(tom, message="The first one")
    assert made.status_code == 201, made.text
    (listed,) = (await lea.get(LIST)).json()
    assert {"id", "name", "title", "description", "version", "published_at"} <= listed.keys()
    assert (listed["name"], listed["description"], listed["version"]) == ("small", "Says hello.", 1)
    for key in (listed["id"], "small"):
        shown = (await lea.get(f"{TEMPLATE}/{key}")).json()
        assert shown["readme"] == "# Small\n"
        assert shown["schema"]["required"] == ["data"]
        assert [(step["name"], step["jobs_bound"]) for step in shown["steps"]] == [("hello", 1)]
        assert [version["tag"] for version in shown["versions"]] == ["acme/small/v1"]
        assert {file["path"] for file in shown["files"]} == set(FILES)


async def test_each_publication_is_a_version_and_a_commit_and_old_ones_stay(world: World) -> None:
    tom = await world.client("tom", "workflow_admin")
    await publish(tom)
    changed = {**FILES, "workflow.yaml": SMALL.replace("A small one", "A better one")}
    second = (await publish(tom, changed, message="Better words")).json()
    assert (second["version"], second["title"]) == (2, "A better one")
    old = (await tom.get(f"{TEMPLATE}/small", params={"version": "v1"})).json()
    assert old["shown"]["version"] == 1
    assert [version["version"] for version in old["versions"]] == [2, 1]
    kept = await world.registry.read(second["shown"]["commit"], "acme/small")
    assert kept["workflow.yaml"].data.decode() == changed["workflow.yaml"]
    command = ["git", "-c", f"safe.directory={world.registry.path}", "--git-dir", str(world.registry.path)]
    log = subprocess.run([*command, "log", "--format=%s|%an"], capture_output=True, text=True, check=True).stdout
    assert log == "Better words|tom\nPublish small|tom\n"


async def test_the_same_bundle_published_twice_is_one_version(world: World) -> None:
    tom = await world.client("tom", "workflow_admin")
    first, second = (await publish(tom)).json(), (await publish(tom)).json()
    assert first["shown"] == second["shown"]
    assert len(second["versions"]) == 1


@pytest.mark.parametrize("name", ["airfoil", "cavity", "two-sites"])
async def test_the_samples_are_published_as_a_folder_with_their_modes_and_contents(world: World, name: str) -> None:
    tom = await world.client("tom", "workflow_admin")
    done = await tom.post(TEMPLATE, content=tar(EXAMPLES / name), headers={"Content-Type": "application/gzip"})
    assert done.status_code == 201, done.text
    who = await caller_for(world.database, world.users["tom"])
    async with world.database.app(world.acme.id) as session:
        workflow, version, bundle = await service.get(session, who, name)
        again = await service.version(session, version.id)
    assert again.bundle == bundle.as_json() or Bundle.from_json(again.bundle) == bundle
    for file in version.files:
        stored = b"".join([chunk async for chunk in world.store.get(file["blob_key"])])
        assert stored == (EXAMPLES / name / file["path"]).read_bytes()
    assert workflow.version == 1


async def test_a_bundle_with_faults_is_refused_with_line_and_column_and_nothing_is_published(world: World) -> None:
    tom = await world.client("tom", "workflow_admin")
    wrong = SMALL.replace("src/hello.sh]", "../../etc/passwd]").replace("outputs: {said:", "outputz: {said:")
    answer = await publish(tom, {**FILES, "workflow.yaml": wrong})
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert (problem["line"], problem["column"]) == (14, 5)
    assert "did you mean 'outputs'" in problem["message"]
    assert (await tom.get(LIST)).json() == []
    assert not await world.registry.numbers("acme/small")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"src/a.py": ""}, "no workflow.yaml"),
        ({**FILES, "../up": ""}, "paths"),
        ({**FILES, "/abs": ""}, "paths"),
        ({**FILES, ".git/hooks/x": ""}, "paths"),
        ({**FILES, "src/hello.sh/x": ""}, "cannot both be there"),
    ],
)
async def test_a_bundle_with_paths_that_lead_out_is_refused(world: World, files: dict[str, str], said: str) -> None:
    tom = await world.client("tom", "workflow_admin")
    answer = await publish(tom, files)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def hostile(kind: bytes, name: str = "workflow.yaml", target: str = "/etc/passwd", size: int = 0) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.type, member.linkname, member.size = kind, target, size
        archive.addfile(member, io.BytesIO(b"x" * size))
    return packed.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(hostile(tarfile.SYMTYPE), id="a symbolic link"),
        pytest.param(hostile(tarfile.LNKTYPE), id="a hard link"),
        pytest.param(hostile(tarfile.CHRTYPE), id="a device"),
        pytest.param(hostile(tarfile.FIFOTYPE), id="a pipe"),
        pytest.param(hostile(tarfile.REGTYPE, "../../x", size=1), id="a path upwards"),
        pytest.param(hostile(tarfile.REGTYPE, "/etc/x", size=1), id="an absolute path"),
        pytest.param(hostile(tarfile.REGTYPE, "a", size=archives.MOST_BYTES + 1), id="too large"),
        pytest.param(b"no archive at all", id="no archive"),
        pytest.param(b"\x1f\x8b\x08\x00broken", id="a broken archive"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_hostile_archive_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        service.read_bundle(archives.from_tar(data))


def test_a_folder_with_a_link_is_refused_and_compiled_leftovers_stay_out(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"x")
    (tmp_path / "workflow.yaml").write_text(SMALL)
    assert set(archives.from_folder(tmp_path)) == set(archives.from_tar(tar(tmp_path))) == {"workflow.yaml"}
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(Invalid):
        archives.from_folder(tmp_path)


async def test_every_problem_of_the_parameters_is_named_at_once(world: World) -> None:
    tom = await world.client("tom", "workflow_admin")
    await publish(tom)
    answer = await tom.post(f"{TEMPLATE}/small/validate", json={"parameters": {"times": "many", "colour": "red"}})
    assert answer.status_code == 200
    body = answer.json()
    assert not body["valid"]
    assert [problem["pointer"] for problem in body["problems"]] == ["/colour", "/data", "/times"]
    good = await tom.post(f"{TEMPLATE}/small/validate", json={"parameters": {"data": "home:a.dat"}})
    assert good.json() == {"valid": True, "parameters": {"data": "home:a.dat", "times": 2}, "problems": []}


@pytest.mark.parametrize("role", ["engineer", "application_packager", "project_admin", "billing_admin"])
async def test_only_who_may_publish_publishes_changes_shares_or_withdraws(world: World, role: str) -> None:
    tom, other = await world.client("tom", "workflow_admin"), await world.client("other", role)
    await publish(tom)
    assert (await publish(other)).status_code == 403
    for method, path, body in (
        ("PATCH", "/small", {"visibility": "restricted"}),
        ("DELETE", "/small", None),
        ("GET", "/small/shares", None),
        ("POST", "/small/shares", {"kind": "everyone"}),
        ("DELETE", "/small/shares", None),
    ):
        answer = await other.request(method, TEMPLATE + path, json=body)
        assert answer.status_code == 403, (method, path)
    assert (await other.get(LIST)).status_code == (403 if role == "billing_admin" else 200)


async def test_another_organization_neither_sees_nor_changes_a_workflow(world: World) -> None:
    tom = await world.client("tom", "workflow_admin")
    rex = await world.client("rex", "workflow_admin", world.rival)
    wtid = (await publish(tom)).json()["id"]
    assert (await rex.get(LIST)).json() == []
    for key in (wtid, "small"):
        assert (await rex.get(f"{TEMPLATE}/{key}")).status_code == 404
        assert (await rex.post(f"{TEMPLATE}/{key}/validate", json={})).status_code == 404
        assert (await rex.delete(f"{TEMPLATE}/{key}")).status_code == 404
        assert (await rex.patch(f"{TEMPLATE}/{key}", json={"visibility": "restricted"})).status_code == 404


async def test_two_organizations_use_the_same_name_apart(world: World) -> None:
    tom = await world.client("tom", "workflow_admin")
    rex = await world.client("rex", "workflow_admin", world.rival)
    first, second = (await publish(tom)).json(), (await publish(rex)).json()
    assert first["id"] != second["id"]
    assert [first["shown"]["tag"], second["shown"]["tag"]] == ["acme/small/v1", "rival/small/v1"]
    assert (await rex.get(f"{TEMPLATE}/small")).json()["id"] == second["id"]


async def test_without_a_token_nothing_is_answered(world: World) -> None:
    async with make_client(world.app) as nobody:
        assert (await nobody.get(LIST)).status_code == 401
        assert (await publish(nobody)).status_code == 401
        assert (await nobody.get(f"{TEMPLATE}/small")).status_code == 401


async def test_a_shared_workflow_can_be_seen_and_run_but_not_changed_until_it_is_closed_again(world: World) -> None:
    tom = await world.client("tom", "workflow_admin")
    rex = await world.client("rex", "workflow_admin", world.rival)
    wtid = (await publish(tom)).json()["id"]
    shared = await tom.post(f"{TEMPLATE}/small/shares", json={"kind": "organization", "id": world.rival.id})
    assert shared.status_code == 201, shared.text
    assert [row["id"] for row in (await rex.get(LIST)).json()] == [wtid]
    shown = await rex.get(f"{TEMPLATE}/small")
    assert shown.json()["versions"]
    assert (await rex.delete(f"{TEMPLATE}/{wtid}")).status_code == 404
    assert (await rex.post(f"{TEMPLATE}/{wtid}/shares", json={"kind": "everyone"})).status_code == 404
    assert (await tom.get(f"{TEMPLATE}/small/shares")).json() == [{"kind": "organization", "id": world.rival.id}]
    assert (await tom.delete(f"{TEMPLATE}/small/shares")).status_code == 204
    assert (await rex.get(f"{TEMPLATE}/{wtid}")).status_code == 404


async def test_a_restricted_workflow_is_known_to_publishers_and_those_it_is_shared_with_only(world: World) -> None:
    tom, lea, max_ = await world.client("tom", "workflow_admin"), await world.client("lea"), await world.client("max")
    await publish(tom, visibility="restricted")
    assert (await lea.get(LIST)).json() == (await max_.get(LIST)).json() == []
    assert (await lea.get(f"{TEMPLATE}/small")).status_code == 404
    shared = await tom.post(f"{TEMPLATE}/small/shares", json={"kind": "user", "id": world.users["lea"].id})
    assert shared.status_code == 201
    assert (await lea.get(f"{TEMPLATE}/small")).status_code == 200
    assert (await max_.get(f"{TEMPLATE}/small")).status_code == 404
    assert (await tom.patch(f"{TEMPLATE}/small", json={"visibility": "organization"})).status_code == 200
    assert (await max_.get(f"{TEMPLATE}/small")).status_code == 200


async def test_a_workflow_can_be_opened_to_one_project(world: World) -> None:
    tom = await world.client("tom", "workflow_admin")
    wing = await make_project(world.database, world.acme, "wing")
    member = await make_user(world.database, world.acme, "pat", [("engineer", wing.id)])
    await publish(tom, visibility="restricted")
    await tom.post(f"{TEMPLATE}/small/shares", json={"kind": "project", "id": wing.id})
    who = await caller_for(world.database, member)
    outside = await caller(world.database, world.acme, "max")
    async with world.database.app(world.acme.id) as session:
        assert (await service.get(session, who, "small")).workflow.name == "small"
        with pytest.raises(NotFound):
            await service.get(session, outside, "small")


async def test_a_withdrawn_workflow_is_gone_for_new_runs_but_its_versions_stay(world: World) -> None:
    tom = await world.client("tom", "workflow_admin")
    await publish(tom)
    who = await caller_for(world.database, world.users["tom"])
    async with world.database.app(world.acme.id) as session:
        held = (await service.get(session, who, "small")).version.id
    assert (await tom.delete(f"{TEMPLATE}/small")).status_code == 204
    assert (await tom.get(LIST)).json() == []
    assert (await tom.get(f"{TEMPLATE}/small")).status_code == 404
    async with world.database.worker() as session:
        assert (await service.version(session, held)).number == 1
    again = (await publish(tom)).json()
    assert again["version"] == 2
    assert len((await tom.get(LIST)).json()) == 1


async def test_a_withdrawn_workflow_is_put_back_as_it_was_by_its_publishers(world: World) -> None:
    tom, lea, eve = [
        await world.client(*one)
        for one in (("tom", "workflow_admin"), ("lea",), ("eve", "workflow_admin", world.rival))
    ]
    await publish(tom)
    assert (await tom.post(f"{TEMPLATE}/small/restore")).status_code == 404, "it is there"
    await tom.delete(f"{TEMPLATE}/small")
    gone = {"withdrawn": "true"}
    assert [one["name"] for one in (await tom.get(LIST, params=gone)).json()] == ["small"]
    assert (await eve.get(LIST, params=gone)).json() == []
    assert (await lea.get(LIST, params=gone)).status_code == 403
    assert (await eve.post(f"{TEMPLATE}/small/restore")).status_code == 404
    assert (await lea.post(f"{TEMPLATE}/small/restore")).status_code == 403
    back = await tom.post(f"{TEMPLATE}/small/restore")
    assert (back.status_code, back.json()["version"]) == (200, 1)
    assert [one["name"] for one in (await lea.get(LIST)).json()] == ["small"]


@pytest.mark.parametrize("version", ["2", "v9", "0", "-1", "x", "99999999999999999999", "1.0", "١"])
async def test_a_version_that_is_not_there_is_not_found(world: World, version: str) -> None:
    tom = await world.client("tom", "workflow_admin")
    await publish(tom)
    answer = await tom.get(f"{TEMPLATE}/small", params={"version": version})
    assert answer.status_code == 404


async def test_the_list_is_paged(world: World) -> None:
    tom = await world.client("tom", "workflow_admin")
    for number in range(5):
        await publish(tom, {**FILES, "workflow.yaml": SMALL.replace("name: small", f"name: small-{number}")})
    seen, address = [], f"{LIST}?limit=2"
    while address:
        answer = await tom.get(address)
        assert answer.headers["X-Total-Count"] == "5"
        seen += [row["name"] for row in answer.json()]
        address = answer.links.get("next", {}).get("url", "")
    assert seen == [f"small-{number}" for number in range(5)]


async def test_publications_at_once_make_one_version_each(world: World) -> None:
    tom = await world.client("tom", "workflow_admin")
    bundles = [{**FILES, "README.md": f"# {number}\n"} for number in range(4)]
    answers = await asyncio.gather(*(publish(tom, files) for files in bundles))
    assert sorted(answer.json()["shown"]["version"] for answer in answers) == [1, 2, 3, 4]


async def test_the_platform_publishes_the_samples_for_an_organization(world: World) -> None:
    files = archives.from_folder(EXAMPLES / "airfoil")
    system = Caller.system(world.acme.id)
    async with world.database.app(world.acme.id) as session:
        found = await service.publish(session, system, world.registry, world.store, files)
    assert found.version.tag == "acme/airfoil/v1"


async def test_a_purged_organization_leaves_no_workflow_and_another_ones_stay(world: World) -> None:
    tom = await world.client("tom", "workflow_admin")
    rex = await world.client("rex", "workflow_admin", world.rival)
    await publish(tom)
    await publish(rex)
    async with world.database.worker() as session:
        counted = await lifecycle.count(session, "organization", world.acme.id, world.acme.id)
        assert (counted["workflows"], counted["workflow_versions"]) == (1, 1)
        await lifecycle._parts["workflows"].purge(session, "organization", world.acme.id, world.acme.id)
    assert (await tom.get(LIST)).json() == []
    assert len((await rex.get(LIST)).json()) == 1


async def test_the_service_refuses_who_may_not_publish(world: World) -> None:
    lea = await caller(world.database, world.acme, "lea")
    async with world.database.app(world.acme.id) as session:
        with pytest.raises(Denied, match=r"workflow\.publish"):
            await service.publish(session, lea, world.registry, world.store, archives.from_texts(FILES))
