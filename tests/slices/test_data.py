"""Files of users, projects and organizations, over the API and a real PostgreSQL."""

import asyncio
import base64
import hashlib
import io
import json
import os
import subprocess
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from people import caller, caller_for, login, make_app, make_client, make_organization, make_project, make_user
from sqlalchemy import create_engine, event, func, select, text

from heroes.adapters.files import LocalBlobStore
from heroes.data import service
from heroes.data.models import Bucket, Object, Removal, Version
from heroes.data.routes import router
from heroes.data.rules import Ref
from heroes.data.service import objects, operations
from heroes.data.steps import registrations
from heroes.identity import Caller
from heroes.identity.models import Organization
from heroes.kit import lifecycle
from heroes.kit.db import Database
from heroes.kit.errors import Conflict, Denied, NotFound
from heroes.kit.work import Work
from heroes.parts import Parts

pytestmark = pytest.mark.anyio

AWKWARD = [
    "with space.dat",
    "quotes'\".dat",
    "new\nline.dat",
    "$(reboot)`id`;&|<>*?[x]{a,b}~!#.dat",
    "-rf",
    "back\\slash",
    "größe-日本-\U0001f680.dat",
    "é" * 127 + "x",
    "%2e%2e",
    "a+b&c=d",
]


@pytest.fixture
def store(tmp_path: Path) -> LocalBlobStore:
    return LocalBlobStore(tmp_path / "objects")


@pytest.fixture
def app(database: Database, store: LocalBlobStore) -> FastAPI:
    app = make_app(database, router)
    app.state.store = store
    return app


@pytest.fixture
async def acme(database: Database) -> Organization:
    return await make_organization(database, "acme")


@pytest.fixture
async def client(app: FastAPI, database: Database, acme: Organization) -> AsyncIterator[httpx.AsyncClient]:
    """Lea, an engineer."""
    async with make_client(app) as client:
        yield await login(client, await make_user(database, acme, "lea"))


async def other(app: FastAPI, database: Database, organization: Organization, name: str, *roles: Any):
    return await login(make_client(app), await make_user(database, organization, name, roles or ("engineer",)))


def work(database: Database, store: LocalBlobStore) -> Work:
    parts = Parts(settings=None, database=database, store=store, secrets=None, registry=None)  # type: ignore[arg-type]
    return Work(database, registrations(parts))


async def put(client: httpx.AsyncClient, path: str, data: bytes = b"data", bucket: str = "home", **extra: Any):
    return await client.put(f"/organization/data/bucket/{bucket}/object/{quote(path)}", content=data, **extra)


async def get(client: httpx.AsyncClient, path: str, bucket: str = "home", **extra: Any) -> httpx.Response:
    return await client.get("/organization/data/download", params={"bucket": bucket, "file": path}, **extra)


async def names(client: httpx.AsyncClient, bucket: str = "home", **params: Any) -> list[str]:
    answer = await client.get(f"/organization/data/bucket/{bucket}/list", params=params)
    assert answer.status_code == 200, answer.text
    return [row["object_name"] for row in answer.json()]


def blobs(store: LocalBlobStore) -> int:
    return sum(path.is_file() for path in store.root.rglob("*"))


# ---------------------------------------------------------------------------------------------------------- buckets


async def test_a_new_user_has_a_bucket_of_the_own_name_and_home_means_it(client: httpx.AsyncClient):
    mine = next(row for row in (await client.get("/organization/data/list")).json() if row["home"])
    assert (mine["name"], mine["owner"], mine["kind"], mine["used_bytes"]) == ("lea", "lea", "user", 0)
    assert (await put(client, "a.dat")).status_code == 201
    assert await names(client, "lea") == await names(client, "home") == ["a.dat"]


async def test_nobody_else_sees_a_users_own_bucket(app, database, acme, client):
    await put(client, "secret.dat")
    rival = await make_organization(database, "rival")
    for organization, roles in [(acme, ("engineer",)), (acme, ("solution_admin",)), (rival, ("engineer",))]:
        async with await other(app, database, organization, f"x{roles[0]}", *roles) as stranger:
            assert (await get(stranger, "secret.dat", "lea")).status_code == 404
            assert (await put(stranger, "x", bucket="lea")).status_code == 404
            assert "lea" not in [row["name"] for row in (await stranger.get("/organization/data/list")).json()]


async def test_a_bucket_is_shared_to_read_and_to_write_and_closed_again(app, database, acme, client):
    await put(client, "a.dat", b"shared")
    async with await other(app, database, acme, "tom") as tom:
        share = {"kind": "user", "name": "tom", "right": "read"}
        assert (await client.put("/organization/data/bucket/home/share", json=share)).status_code == 200
        assert (await get(tom, "a.dat", "lea")).content == b"shared"
        assert (await put(tom, "b.dat", bucket="lea")).status_code == 403
        assert (await client.put("/organization/data/bucket/home/share", json=share | {"right": "write"})).is_success
        assert (await put(tom, "b.dat", bucket="lea")).status_code == 201
        assert (await client.get("/organization/data/bucket/home/share")).json() == [share | {"right": "write"}]
        gone = await client.delete("/organization/data/bucket/home/share", params={"kind": "user", "name": "tom"})
        assert gone.status_code == 204
        assert (await get(tom, "a.dat", "lea")).status_code == 404


async def test_a_projects_bucket_is_its_members_and_only_who_manages_data_bounds_it(app, database, acme, client):
    wing = await make_project(database, acme, "wing")
    async with (
        await other(app, database, acme, "mia", ("engineer", wing.id)) as mia,
        await other(app, database, acme, "pia", ("project_admin", wing.id)) as pia,
    ):
        assert (await put(mia, "mesh.dat", bucket="wing")).status_code == 201
        assert (await get(client, "mesh.dat", "wing")).status_code == 404
        assert (await mia.patch("/organization/data/bucket/wing", json={"quota_bytes": 5})).status_code == 403
        assert (await pia.patch("/organization/data/bucket/wing", json={"quota_bytes": 5})).status_code == 200
        made = await pia.post("/organization/data/bucket", json={"name": "wing-archive", "project": "wing"})
        assert made.status_code == 201
        assert (made.json()["kind"], made.json()["project"]) == ("project", "wing")
        again = await pia.post("/organization/data/bucket", json={"name": "wing-archive", "project": "wing"})
        assert again.status_code == 409
        assert (
            await mia.post("/organization/data/bucket", json={"name": "mine", "project": "wing"})
        ).status_code == 403
        assert (await pia.delete("/organization/data/bucket/wing-archive")).status_code == 204
        assert (await pia.delete("/organization/data/bucket/wing")).status_code == 409


async def test_an_upload_above_the_quota_is_refused_with_what_is_left_and_stores_nothing(app, database, acme, store):
    wing = await make_project(database, acme, "wing")
    async with await other(app, database, acme, "pia", ("solution_admin", None), ("engineer", wing.id)) as pia:
        async with database.worker() as session:
            (await session.scalar(select(Bucket).where(Bucket.name == "pia"))).quota_bytes = 10
        assert (await put(pia, "a", b"123456")).status_code == 201
        refused = await put(pia, "b", b"12345")
        assert refused.status_code == 409
        assert (refused.json()["code"], refused.json()["left_bytes"]) == ("over_quota", 4)
        assert (await put(pia, "b", b"1234")).status_code == 201
        assert blobs(store) == 2


# ---------------------------------------------------------------------------------------------------------- uploads


@pytest.mark.parametrize("name", AWKWARD)
async def test_an_awkward_name_arrives_unchanged(client: httpx.AsyncClient, name: str):
    path = f"in {name[:3].strip()} folder/{name}"
    made = await put(client, path, name.encode())
    assert made.status_code == 201, made.text
    assert made.json()["object_name"] == path
    answer = await get(client, path)
    assert answer.content == name.encode()
    assert await names(client, bucket_recursive=True) == [path.split("/")[0] + "/", path]


@pytest.mark.parametrize("path", ["../x", "a/../../x", "./x", "x" * 256, "/".join(["x" * 200] * 6), "a\0b"])
async def test_an_unfit_path_is_refused(client: httpx.AsyncClient, store: LocalBlobStore, path: str):
    answer = await client.post(
        "/organization/data/upload", data={"bucket": "home", "path": path}, files={"file": ("x", b"data")}
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_path"
    assert blobs(store) == 0


async def test_a_form_stores_a_file_with_the_fields_of_the_listing(client: httpx.AsyncClient):
    answer = await client.post(
        "/organization/data/upload",
        data={"bucket": "home", "path": "wing/"},
        files={"file": ("naca 2412.dat", b"1 0\n")},
    )
    assert answer.status_code == 201, answer.text
    row = answer.json()
    digest = hashlib.sha256(b"1 0\n").hexdigest()
    expected = {
        "bucket_name": "lea",
        "object_name": "wing/naca 2412.dat",
        "is_dir": False,
        "size": 4,
        "etag": digest,
        "content_type": "application/octet-stream",
        "is_latest": True,
        "owner_name": "lea",
        "storage_class": "STANDARD",
    }
    assert {key: row[key] for key in expected} == expected
    assert set(row) == {*expected, "last_modified", "version_id", "metadata"}
    assert row["metadata"]["sha256"] == digest


async def test_the_fields_of_a_form_may_follow_its_file(client: httpx.AsyncClient):
    digest = hashlib.sha256(b"data" * 100_000).hexdigest()
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.dat"\r\n\r\n' + b"data" * 100_000,
        *(
            f'\r\n--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
            for name, value in [("bucket", "home"), ("path", "late/a.dat"), ("sha256", digest)]
        ),
        b"\r\n--x--\r\n",
    ]
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await client.post("/organization/data/upload", content=b"".join(parts), headers=headers)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["object_name"], answer.json()["etag"]) == ("late/a.dat", digest)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf', "upload_cut"),
        (b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nall\r\n--x', "upload_cut"),
        (b'--x\r\nContent-Disposition: form-data; name="bucket"\r\n\r\nhome\r\n--x--\r\n', "invalid"),
        (b"garbage", "broken_form"),
    ],
)
async def test_a_form_that_ends_too_early_leaves_no_object(client, store, body: bytes, code: str):
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await client.post("/organization/data/upload", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await names(client) == []
    assert blobs(store) == 0


async def test_an_upload_cut_in_the_middle_leaves_no_object_and_no_bytes(app, client, store):
    messages = [
        {"type": "http.request", "body": os.urandom(3_000_000), "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if len(messages) > 1 else messages[0]

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    path = "/organization/data/bucket/home/object/big.dat"
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PUT",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": "http",
        "server": ("test", 80),
        "client": ("127.0.0.1", 1),
        "headers": [(b"authorization", client.headers["Authorization"].encode())],
    }
    await app(scope, receive, send)
    assert await names(client) == []
    assert blobs(store) == 0


@pytest.mark.parametrize("form", ["hex", "digest", "field"])
async def test_a_wrong_checksum_leaves_no_object_and_the_right_one_is_kept(client, store, form: str):
    async def send(data: bytes, announced: bytes) -> httpx.Response:
        digest = hashlib.sha256(announced)
        match form:
            case "hex":
                return await put(client, "a.dat", data, headers={"X-Content-Sha256": digest.hexdigest()})
            case "digest":
                value = f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
                return await put(client, "a.dat", data, headers={"Content-Digest": value})
            case _:
                fields = {"bucket": "home", "path": "a.dat", "sha256": digest.hexdigest()}
                return await client.post("/organization/data/upload", data=fields, files={"file": ("a", data)})

    wrong = await send(b"damaged", b"data")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "checksum_mismatch")
    assert await names(client) == []
    assert blobs(store) == 0
    assert (await send(b"data", b"data")).status_code == 201
    assert (await get(client, "a.dat")).content == b"data"


async def test_the_same_upload_under_one_key_is_stored_once(client, store):
    first = await put(client, "a.dat", b"data", headers={"Idempotency-Key": "k1"})
    again = await put(client, "a.dat", b"data", headers={"Idempotency-Key": "k1"})
    assert first.json() == again.json()
    assert (await put(client, "a.dat", b"other", headers={"Idempotency-Key": "k1"})).status_code == 422
    assert blobs(store) == 1


async def test_a_file_and_a_folder_cannot_have_one_name(client):
    await put(client, "a/b.dat")
    assert (await put(client, "a")).json()["code"] == "is_folder"
    assert (await put(client, "a/b.dat/c")).json()["code"] == "is_file"
    folder = {"bucket": "home", "path": "a/b.dat"}
    assert (await client.post("/organization/data/folder", json=folder)).status_code == 409


# -------------------------------------------------------------------------------------------------------- downloads


async def test_ranges_etags_and_conditions(client):
    etag = (await put(client, "a.dat", b"0123456789")).json()["etag"]
    whole = await get(client, "a.dat")
    assert (whole.status_code, whole.headers["etag"], whole.headers["accept-ranges"]) == (200, f'"{etag}"', "bytes")
    part = await get(client, "a.dat", headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    assert (await get(client, "a.dat", headers={"Range": "bytes=-3"})).content == b"789"
    behind = await get(client, "a.dat", headers={"Range": "bytes=10-"})
    assert (behind.status_code, behind.headers["content-range"]) == (416, "bytes */10")
    assert (await get(client, "a.dat", headers={"If-None-Match": f'"{etag}"'})).status_code == 304
    assert (await get(client, "a.dat", headers={"If-Match": '"other"'})).status_code == 412
    changed = await get(client, "a.dat", headers={"Range": "bytes=2-4", "If-Range": '"other"'})
    assert (changed.status_code, changed.content) == (200, b"0123456789")


@pytest.mark.parametrize("name", ["page.html", "image.svg", "code.js", "text.xml"])
async def test_what_a_browser_could_run_is_only_ever_downloaded(client, name: str):
    await put(client, name, b"<script>alert(1)</script>")
    headers = (await get(client, name)).headers
    assert headers["content-disposition"].startswith("attachment")
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]


async def test_a_header_cannot_be_smuggled_in_by_a_name(client):
    await put(client, 'a"\r\nX-Evil: 1;.dat')
    answer = await get(client, 'a"\r\nX-Evil: 1;.dat')
    assert answer.status_code == 200
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize("kind", ["zip", "tar"])
async def test_a_folder_comes_as_one_archive_with_empty_folders_links_and_execute_bits(
    database, acme, client, store, tmp_path: Path, kind: str
):
    await put(client, "run/bin/go.sh", b"#!/bin/sh\n", params={"mode": "0755", "mtime": "2020-01-02T03:04:05Z"})
    await put(client, "run/größe.dat", b"x" * 3_000_000)
    await put(client, "beside.dat")
    await client.post("/organization/data/folder", json={"bucket": "home", "path": "run/empty"})
    async with database.worker() as session:
        bucket = await session.scalar(select(Bucket).where(Bucket.name == "lea"))
        await objects.store_version(session, bucket, "run/latest", objects.Content.link("bin/go.sh"), created_by=None)
    answer = await client.get("/organization/data/download", params={"bucket": "home", "file": "run", "format": kind})
    out = tmp_path / "out"
    if kind == "tar":
        out.mkdir()
        await asyncio.to_thread(subprocess.run, ["tar", "-x", "-C", out], input=answer.content, check=True)
        assert (out / "latest").readlink() == Path("bin/go.sh")
        assert (out / "bin/go.sh").stat().st_mode & 0o777 == 0o755
        assert (out / "bin/go.sh").stat().st_mtime == 1577934245
    else:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.testzip() is None
            modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
            assert modes["bin/go.sh"] & 0o777 == 0o755
            assert modes["latest"] & 0o170000 == 0o120000
            assert archive.read("latest") == b"bin/go.sh"
            archive.extractall(out)
    assert (out / "größe.dat").read_bytes() == b"x" * 3_000_000
    assert (out / "empty").is_dir()
    assert not (out / "beside.dat").exists()


# --------------------------------------------------------------------------------------------------------- versions


async def test_versions_are_kept_shown_and_restored(client):
    first = (await put(client, "a.dat", b"one")).json()
    second = (await put(client, "a.dat", b"two")).json()
    params = {"bucket": "home", "file": "a.dat"}
    shown = (await client.get("/organization/data/versions", params=params)).json()
    assert [(row["version_id"], row["is_latest"]) for row in shown] == [
        (second["version_id"], True),
        (first["version_id"], False),
    ]
    old = await client.get("/organization/data/download", params=params | {"version_id": first["version_id"]})
    assert old.content == b"one"
    restored = await client.post("/organization/data/restore", json=params | {"version_id": first["version_id"]})
    assert restored.status_code == 201
    assert (await get(client, "a.dat")).content == b"one"
    assert len((await client.get("/organization/data/versions", params=params)).json()) == 3
    checksum = (await client.get("/organization/data/checksum", params=params)).json()
    assert (checksum["algorithm"], checksum["checksum"]) == ("sha256", hashlib.sha256(b"one").hexdigest())


# ---------------------------------------------------------------------------------------------------------- listing


async def test_a_listing_shows_one_level_or_all_and_empty_folders(client):
    for path in ["wing/a.dat", "wing/deep/b.dat", "wing.txt", "wing0", "other/c"]:
        await put(client, path)
    await client.post("/organization/data/folder", json={"bucket": "home", "path": "empty"})
    assert await names(client) == ["empty/", "other/", "wing/", "wing.txt", "wing0"]
    assert await names(client, prefix="wing/") == ["wing/a.dat", "wing/deep/"]
    assert await names(client, prefix="wing") == ["wing/", "wing.txt", "wing0"]
    assert await names(client, prefix="wing/", bucket_recursive=True) == [
        "wing/a.dat",
        "wing/deep/",
        "wing/deep/b.dat",
    ]
    assert await names(client, prefix="nothing/") == []


async def hundred_thousand(database: Database, bucket_name: str = "lea", count: int = 100_000) -> str:
    """Fill a bucket with folders of 1000 files each; return its id."""
    async with database.worker() as session:
        bucket = await session.scalar(select(Bucket).where(Bucket.name == bucket_name))
        rows = text(
            "INSERT INTO objects (id, organization_id, bucket_id, path, parent, is_dir, current_version_id)"
            " SELECT 'obj_' || n, :org, :bucket, 'run/part' || n / 1000 || '/file' || n, 'run/part' || n / 1000, false,"
            " 'ver_' || n FROM generate_series(0, :last) n"
        )
        where = {"org": bucket.organization_id, "bucket": bucket.id, "last": count - 1}
        await objects.make_folders(session, bucket, ["run", *(f"run/part{n}" for n in range((count + 999) // 1000))])
        await session.execute(rows, where)
        await session.execute(
            text(
                "INSERT INTO versions (id, organization_id, object_id, number, kind, blob_key, size, sha256,"
                " content_type, mode) SELECT 'ver_' || n, :org, 'obj_' || n, 1, 'file', 'k' || n, 1, 'x', 'y', 420"
                " FROM generate_series(0, :last) n"
            ),
            {"org": bucket.organization_id, "last": count - 1},
        )
        bucket.used_bytes = count
        bucket_id = str(bucket.id)
    engine = create_engine(database.urls.owner)
    with engine.begin() as connection:  # else the plans follow what other tests had in there
        connection.execute(text("ANALYZE objects, versions"))
    engine.dispose()
    return bucket_id


async def test_a_listing_of_100_000_objects_reads_one_page_of_rows(database, client):
    bucket_id = await hundred_thousand(database)
    async with database.worker() as session:
        bucket = await session.get(Bucket, bucket_id)
        for prefix, recursive in [("", True), ("run/part5/", False), ("run/", False)]:
            query = objects.listing(bucket, prefix, recursive=recursive).order_by(Object.path).limit(101)
            plan = await explain(session, query)
            assert max(rows_read(plan)) <= 101, (prefix, plan)
    first = await client.get("/organization/data/bucket/home/list", params={"bucket_recursive": True, "limit": 1000})
    assert first.headers["X-Total-Count"] == "100101"
    assert len(first.json()) == 1000
    second = await client.get(first.headers["Link"].split(">")[0].removeprefix("<"))
    assert second.json()[0]["object_name"] > first.json()[-1]["object_name"]
    assert len(second.json()) == 1000


async def explain(session: Any, query: Any) -> dict[str, Any]:
    compiled = query.compile(dialect=session.bind.dialect, compile_kwargs={"literal_binds": True})
    found = await session.execute(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {str(compiled).replace(':', chr(92) + ':')}"))
    plan = found.scalar()
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]


def rows_read(plan: dict[str, Any]) -> list[float]:
    here = (
        [plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)]
        if "Index Name" in plan or "Scan" in plan["Node Type"]
        else []
    )
    return here + [rows for child in plan.get("Plans", []) for rows in rows_read(child)]


# --------------------------------------------------------------------------------------------------- move and delete


async def test_a_file_and_a_folder_are_renamed_with_their_versions(client):
    await put(client, "a/one.dat", b"1")
    await put(client, "a/one.dat", b"2")
    await put(client, "a/deep/two.dat")
    moved = await client.post("/organization/data/move", json={"source": "home:a", "target": "home:new/b"})
    assert (moved.status_code, moved.json()["state"]) == (200, "done")
    assert await names(client, bucket_recursive=True) == [
        "new/",
        "new/b/",
        "new/b/deep/",
        "new/b/deep/two.dat",
        "new/b/one.dat",
    ]
    params = {"bucket": "home", "file": "new/b/one.dat"}
    assert len((await client.get("/organization/data/versions", params=params)).json()) == 2
    move = {"source": "home:new/b/one.dat", "target": "home:one.dat"}
    assert (await client.post("/organization/data/move", json=move)).status_code == 200
    assert (await get(client, "one.dat")).content == b"2"


@pytest.mark.parametrize(
    ("source", "target", "status"),
    [
        ("home:a", "home:a/b", 422),
        ("home:a", "home:a", 422),
        ("home:a", "home:c.dat", 409),
        ("home:nothing", "home:x", 404),
        ("home:a", "home:c.dat/x", 409),
        ("home:a", "nobody:x", 404),
        ("home:a", "home:" + "/".join(["x" * 250] * 4) + "/" + "y" * 18, 422),
        ("home:a", "../x", 422),
    ],
)
async def test_a_move_that_cannot_be_changes_nothing(client, source: str, target: str, status: int):
    await put(client, "a/b.dat")
    await put(client, "c.dat")
    before = await names(client, bucket_recursive=True)
    moved = await client.post("/organization/data/move", json={"source": source, "target": target})
    assert moved.status_code == status, moved.text
    assert await names(client, bucket_recursive=True) == before


async def test_what_moves_to_another_bucket_counts_there(app, database, acme):
    wing = await make_project(database, acme, "wing")
    async with await other(app, database, acme, "mia", "engineer", ("engineer", wing.id)) as mia:
        await put(mia, "a/one.dat", b"12345")
        moved = await mia.post("/organization/data/move", json={"source": "home:a", "target": "wing:a"})
        assert moved.status_code == 200
        rows = (await mia.get("/organization/data/list")).json()
        assert {row["name"]: row["used_bytes"] for row in rows} == {"acme": 0, "mia": 0, "wing": 5}
        assert (await get(mia, "a/one.dat", "wing")).content == b"12345"


async def test_a_folder_of_thousands_moves_in_bounded_batches_and_is_closed_meanwhile(database, client, store):
    await hundred_thousand(database, count=3000)
    moved = await client.post("/organization/data/move", json={"source": "home:run", "target": "home:moved"})
    assert moved.status_code == 202
    operation = moved.headers["Location"]
    assert (await client.get(operation)).json()["state"] == "running"
    for path in ("run/part2/x", "moved/part0/x", "moved"):
        refused = await put(client, path)
        assert (refused.status_code, refused.json()["code"]) == (409, "busy")
    assert (await put(client, "beside.dat")).status_code == 201
    async with counted(database) as changed:
        await work(database, store).until_idle()
    assert max(changed) <= operations.BATCH
    done = (await client.get(operation)).json()
    assert (done["state"], done["objects_done"]) == ("done", 3004)
    assert await names(client) == ["beside.dat", "moved/"]
    assert await names(client, prefix="moved/") == ["moved/part0/", "moved/part1/", "moved/part2/"]
    assert len(await names(client, prefix="moved/part1/", limit=1000)) == 1000


async def test_before_it_is_deleted_a_folder_says_how_much_it_holds_with_all_versions(client):
    for path, content in (("run/a.dat", b"12345"), ("run/a.dat", b"123"), ("run/sub/b.dat", b"1"), ("runner", b"9")):
        stored = await client.put(f"/organization/data/bucket/home/object/{path}", content=content)
        assert stored.status_code == 201
    told = (await client.get("/organization/data/size", params={"bucket": "home", "file": "run"})).json()
    assert (told["files"], told["folders"], told["bytes"]) == (2, 2, 9)
    gone = (await client.delete("/organization/data/object", params={"bucket": "home", "file": "run"})).json()
    assert gone["objects_done"] == told["files"] + told["folders"]


async def test_a_folder_of_thousands_is_deleted_in_bounded_batches_and_its_bytes_after_the_grace(
    database, client, store
):
    await put(client, "run/part0/real.dat", b"kept a week")
    await put(client, "other.dat", b"other")
    await hundred_thousand(database, count=3000)
    gone = await client.delete("/organization/data/object", params={"bucket": "home", "file": "run"})
    assert gone.status_code == 202
    async with counted(database) as changed:
        await work(database, store).until_idle()
    assert max(changed) <= 2 * operations.BATCH
    assert await names(client, bucket_recursive=True) == ["other.dat"]
    assert blobs(store) == 2
    async with database.worker() as session:
        await session.execute(text("DELETE FROM removals WHERE keys::text LIKE '%\"k1%'"))
        assert await session.scalar(select(func.count()).select_from(Version)) == 1
        assert await session.scalar(select(func.count()).select_from(Removal)) > 0


async def test_deleted_bytes_go_after_the_grace_but_not_those_that_a_version_still_names(
    database, database_urls, client, store
):
    first = (await put(client, "a.dat", b"one")).json()
    await put(client, "b.dat", b"two")
    async with database.worker() as session:
        bucket = await session.scalar(select(Bucket).where(Bucket.name == "lea"))
        version = await session.get(Version, first["version_id"])
        content = objects.Content(objects.Kind.FILE, 3, version.sha256, version.blob_key)
        await objects.store_version(session, bucket, "copy.dat", content, created_by=None)
    for name in ("a.dat", "b.dat"):
        answer = await client.delete("/organization/data/object", params={"bucket": "home", "file": name})
        assert (answer.status_code, answer.json()["state"]) == (200, "done")
    worker = work(database, store)
    await worker.until_idle()
    assert blobs(store) == 2
    await shift_clock(database_urls, days=8)
    await worker.until_idle()
    assert blobs(store) == 1
    assert await store.exists(version.blob_key)


async def shift_clock(database_urls: Any, *, days: int) -> None:
    engine = create_engine(database_urls.owner)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE heroes_clock SET shift = '{days} days'"))
    engine.dispose()


class counted:
    """Rows that each changing statement touched."""

    def __init__(self, database: Database) -> None:
        self.engine = database._worker.sync_engine
        self.rows: list[int] = []

    def see(self, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("UPDATE objects", "DELETE FROM objects", "INSERT INTO removals")):
            self.rows.append(cursor.rowcount)

    async def __aenter__(self) -> list[int]:
        event.listen(self.engine, "after_cursor_execute", self.see)
        return self.rows

    async def __aexit__(self, *_: Any) -> None:
        event.remove(self.engine, "after_cursor_execute", self.see)


async def test_an_operation_is_shown_to_who_asked_for_it_and_to_nobody_else(app, database, acme, client):
    await put(client, "a.dat")
    made = await client.delete("/organization/data/object", params={"bucket": "home", "file": "a.dat"})
    path = f"/organization/operations/{made.json()['id']}"
    assert (await client.get(path)).status_code == 200
    async with await other(app, database, acme, "tom") as tom:
        assert (await tom.get(path)).status_code == 404


# ---------------------------------------------------------------------------------------------- what others rely on


async def test_a_reference_stands_for_a_file_or_for_all_below_a_folder(database, acme, store):
    lea = await caller(database, acme, "lea")
    async with database.app(acme.id) as session:
        mine = await service.user_bucket(session, acme.id, lea.user_id)
        await service.put_bytes(session, store, lea, mine, "wing/a.dat", b"a")
        await service.put_bytes(session, store, lea, mine, "wing/deep/b.dat", b"bb")
        await objects.make_folder(session, lea, Ref("home", "wing/empty"))
    async with database.worker() as session:
        (one,) = await service.resolve(session, lea, "home:wing/a.dat")
        assert (one.path, one.size, one.sha256) == ("a.dat", 1, hashlib.sha256(b"a").hexdigest())
        assert await store.exists(one.blob_key)
        found = await service.resolve(session, lea, Ref("lea", "wing"))
        assert [(item.path, item.kind) for item in found] == [
            ("a.dat", "file"),
            ("deep", "dir"),
            ("deep/b.dat", "file"),
            ("empty", "dir"),
        ]
        for missing in ("home:nothing", "home:wing/empty", "nobody:x"):
            with pytest.raises(NotFound):
                await service.resolve(session, lea, missing)


async def test_the_platform_writes_where_a_user_may_not_and_a_user_does_not(database, acme, store):
    lea, tom = await caller(database, acme, "lea"), await caller(database, acme, "tom")
    async with database.worker() as session:
        mine = await service.user_bucket(session, acme.id, lea.user_id)
        with pytest.raises(Denied):
            await service.put_bytes(session, store, tom, mine, "log", b"x")
        await service.put_bytes(session, store, Caller.system(acme.id), mine, "log", b"x")


async def test_two_uploads_to_one_full_bucket_never_exceed_its_quota(database, acme, store):
    lea = await caller(database, acme, "lea")
    async with database.worker() as session:
        (await service.user_bucket(session, acme.id, lea.user_id)).quota_bytes = 10

    async def one(number: int) -> bool:
        try:
            async with database.app(acme.id) as session:
                mine = await service.user_bucket(session, acme.id, lea.user_id)
                await service.put_bytes(session, store, lea, mine, f"{number}", b"1234")
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(*(one(number) for number in range(5)))) == [False, False, False, True, True]


async def test_a_leaving_user_takes_the_bucket_along_unless_there_is_an_heir(database, acme, store):
    lea, tom, mia = [await make_user(database, acme, name) for name in ("lea", "tom", "mia")]
    for user in (lea, mia):
        who = await caller_for(database, user)
        async with database.app(acme.id) as session:
            mine = await service.user_bucket(session, acme.id, user.id)
            await service.put_bytes(session, store, who, mine, "a.dat", b"x")
    async with database.worker() as session:
        await session.execute(text("UPDATE users SET heir_id = :heir WHERE id = :id"), {"heir": tom.id, "id": lea.id})
        assert (await lifecycle.count(session, "user", acme.id, mia.id))["objects"] == 1
        for user in (lea, mia):
            await lifecycle._parts["data"].purge(session, "user", acme.id, user.id)
    await work(database, store).until_idle()
    async with database.worker() as session:
        left = (await session.scalars(select(Bucket).where(Bucket.owner_user_id.is_not(None)))).all()
        assert {(bucket.name, bucket.kind, bucket.owner_user_id) for bucket in left} == {
            ("lea", "inherited", tom.id),
            ("tom", "user", tom.id),
        }


async def test_an_organization_that_ends_leaves_no_rows_and_no_bytes(database, acme, store):
    lea = await caller(database, acme, "lea")
    async with database.app(acme.id) as session:
        mine = await service.user_bucket(session, acme.id, lea.user_id)
        await service.put_bytes(session, store, lea, mine, "a.dat", b"x")
    async with database.worker() as session:
        await lifecycle._parts["data"].purge(session, "organization", acme.id, acme.id)
    await work(database, store).until_idle()
    async with database.worker() as session:
        assert set((await lifecycle._parts["data"].count(session, "organization", acme.id, acme.id)).values()) == {0}
    assert blobs(store) == 0
