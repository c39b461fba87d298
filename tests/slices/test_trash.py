"""What is thrown away can be brought back, and what is sent survives a lost connection."""

# ruff: noqa: F811  fixtures of test_data are asked for by name

import base64
import hashlib
from typing import Any

import httpx
import pytest
from people import caller_for
from sqlalchemy import func, select, text
from test_data import acme, app, blobs, client, get, names, other, put, store, work  # noqa: F401  fixtures

from heroes.data.models import Bucket, Trashed
from heroes.data.service import operations, resumable
from heroes.identity.models import User
from heroes.kit import lifecycle
from heroes.kit.errors import Invalid

pytestmark = pytest.mark.anyio

TRASH = "/organization/data/trash"
UPLOADS = "/organization/data/uploads"


async def throw(client: httpx.AsyncClient, path: str, bucket: str = "home") -> dict[str, Any]:
    answer = await client.post(TRASH, json={"bucket": bucket, "path": path})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def used(client: httpx.AsyncClient) -> int:
    return int((await client.get("/organization/data/bucket/home")).json()["used_bytes"])


async def test_what_is_thrown_away_is_out_of_sight_and_comes_back_with_its_versions(client):
    for path, content in (("run/a.dat", b"12345"), ("run/a.dat", b"123"), ("run/sub/b.dat", b"1")):
        await put(client, path, content)
    thrown = await throw(client, "run")
    assert (thrown["path"], thrown["files"], thrown["folders"], thrown["bytes"]) == ("run", 2, 2, 9)
    assert (await names(client), await used(client)) == ([], 0)
    assert [row["id"] for row in (await client.get(TRASH)).json()] == [thrown["id"]]
    assert [row["name"] for row in (await client.get("/organization/data/list")).json()] == ["acme", "lea"]
    back = await client.post(f"{TRASH}/{thrown['id']}/restore", json={})
    assert (back.status_code, back.json()["state"]) == (200, "done")
    assert await names(client, bucket_recursive=True) == ["run/", "run/a.dat", "run/sub/", "run/sub/b.dat"]
    versions = await client.get("/organization/data/versions", params={"bucket": "home", "file": "run/a.dat"})
    assert (len(versions.json()), await used(client)) == (2, 9)
    assert (await client.get(TRASH)).json() == []


async def test_a_taken_place_is_said_and_another_one_may_be_named(client):
    await put(client, "a.dat", b"old")
    thrown = await throw(client, "a.dat")
    await put(client, "a.dat", b"new")
    assert (await client.post(f"{TRASH}/{thrown['id']}/restore", json={})).json()["code"] == "exists"
    assert (await client.post(f"{TRASH}/{thrown['id']}/restore", json={"target": "old/a.dat"})).is_success
    assert ((await get(client, "a.dat")).content, (await get(client, "old/a.dat")).content) == (b"new", b"old")


async def test_a_folder_of_thousands_goes_to_the_trash_and_back_in_bounded_batches(database, client, store):
    count = operations.BATCH * 2 + 10
    async with database.worker() as session:
        await session.execute(
            text(
                "INSERT INTO objects (id, organization_id, bucket_id, path, parent, is_dir) "
                "SELECT 'obj_many' || n, b.organization_id, b.id, 'many/' || lpad(n::text, 6, '0'), 'many', true "
                "FROM buckets b, generate_series(1, :count) n WHERE b.name = 'lea'"
            ),
            {"count": count},
        )
    await client.post("/organization/data/folder", json={"bucket": "home", "path": "many"})
    thrown = await throw(client, "many")
    assert (await client.post(f"{TRASH}/{thrown['id']}/restore", json={})).json()["code"] == "busy"
    await work(database, store).until_idle()
    assert await names(client) == []
    started = await client.post(f"{TRASH}/{thrown['id']}/restore", json={})
    assert (started.status_code, started.json()["state"]) == (202, "running")
    await work(database, store).until_idle()
    told = (await client.get(f"/organization/operations/{started.json()['id']}")).json()
    assert (told["state"], told["objects_done"], told["objects_total"]) == ("done", count + 1, count + 1)
    assert len(await names(client, prefix="many/", limit=1000)) == 1000


async def test_the_trash_is_emptied_by_hand_or_after_its_time(database, client, store):
    for name in ("a", "b"):
        await put(client, name, b"bytes")
    first, second = await throw(client, "a"), await throw(client, "b")
    assert (await client.delete(f"{TRASH}/{first['id']}")).json()["state"] == "done"
    assert [row["id"] for row in (await client.get(TRASH)).json()] == [second["id"]]
    async with database.worker() as session:
        await session.execute(text("UPDATE trash SET due_at = heroes_now()"))
    await work(database, store).until_idle()
    async with database.worker() as session:
        assert await session.scalar(select(func.count()).select_from(Trashed)) in {0, 1}
        await session.execute(text("UPDATE trash SET due_at = heroes_now()"))
    await work(database, store).until_idle()
    assert (await client.get(TRASH)).json() == []


async def test_only_who_may_write_throws_away_and_nobody_else_sees_it(app, database, acme, client):
    await put(client, "a.dat")
    async with await other(app, database, acme, "tom") as tom:
        assert (await tom.post(TRASH, json={"bucket": "lea", "path": "a.dat"})).status_code == 404
        share = {"kind": "user", "name": "tom", "right": "read"}
        await client.put("/organization/data/bucket/home/share", json=share)
        assert (await tom.post(TRASH, json={"bucket": "lea", "path": "a.dat"})).status_code == 403
        thrown = await throw(client, "a.dat")
        assert [row["id"] for row in (await tom.get(TRASH)).json()] == [thrown["id"]]
        assert (await tom.post(f"{TRASH}/{thrown['id']}/restore", json={})).status_code == 403
        await client.delete("/organization/data/bucket/home/share", params={"kind": "user", "name": "tom"})
        assert (await tom.get(TRASH)).json() == []
        assert (await tom.delete(f"{TRASH}/{thrown['id']}")).status_code == 404


async def test_the_trash_goes_with_its_user(database, acme, client, store):
    await put(client, "a.dat")
    await throw(client, "a.dat")
    async with database.worker() as session:
        lea = await session.scalar(select(Bucket.owner_user_id).where(Bucket.name == "lea"))
        await lifecycle.purge(session, "user", acme.id, lea)
    await work(database, store).until_idle()
    async with database.worker() as session:
        left = await session.scalar(select(func.count()).select_from(Bucket).where(Bucket.owner_user_id == lea))
        assert (left, await session.scalar(select(func.count()).select_from(Trashed))) == (0, 0)


# -------------------------------------------------------------------------------------------------- resumable uploads


def announced(path: str, size: int, **told: str) -> dict[str, str]:
    pairs = {"path": path, **told}
    coded = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in pairs.items())
    return {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": coded}


async def begin(client: httpx.AsyncClient, path: str, size: int, **told: str) -> str:
    answer = await client.post(UPLOADS, headers=announced(path, size, **told))
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


async def send(client: httpx.AsyncClient, url: str, offset: int, content: Any) -> httpx.Response:
    headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return await client.patch(url, headers=headers, content=content)


async def test_an_upload_goes_on_where_it_was_cut_and_is_one_file_in_the_end(database, client, store, monkeypatch):
    monkeypatch.setattr(resumable, "PART_BYTES", 1000)
    whole = bytes(range(256)) * 10
    url = await begin(client, "home:big.dat", len(whole), sha256=hashlib.sha256(whole).hexdigest())
    assert (await send(client, url, 0, whole[:1300])).headers["Upload-Offset"] == "1300"
    again = await client.head(url)
    assert (again.headers["Upload-Offset"], again.headers["Upload-Length"]) == ("1300", "2560")
    wrong = await send(client, url, 0, whole)
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["offset"]) == (409, "offset", 1300)
    assert await names(client) == []
    assert (await send(client, url, 1300, whole[1300:])).status_code == 204
    await work(database, store).until_idle()
    assert (await client.get(url)).json()["state"] == "done"
    assert (await get(client, "big.dat")).content == whole
    async with database.worker() as session:
        await session.execute(text("UPDATE removals SET due_at = heroes_now()"))
    await work(database, store).until_idle()
    assert blobs(store) == 1, "the parts are gone, the file is there"


async def test_what_arrived_before_the_line_broke_is_kept(database, acme, client, store):
    async def broken():
        yield b"12345"
        raise Invalid("the line broke")

    url = await begin(client, "home:a.dat", 10)
    async with database.worker() as session:
        user = await session.scalar(select(User).where(User.username == "lea"))
    lea = await caller_for(database, user)
    await resumable.receive(database, store, lea, url.rpartition("/")[2], 0, broken())
    assert (await client.head(url)).headers["Upload-Offset"] == "5"
    assert (await send(client, url, 5, b"67890")).headers["Upload-Offset"] == "10"


@pytest.mark.parametrize(
    ("place", "expected"),
    [("replace", {"a.dat": b"new"}), ("keep_both", {"a.dat": b"old", "a (2).dat": b"new"})],
)
async def test_a_taken_name_is_replaced_or_both_are_kept(database, client, store, place, expected):
    await put(client, "a.dat", b"old")
    assert (
        await client.post("/organization/data/existing", json={"bucket": "home", "paths": ["a.dat", "b"]})
    ).json() == {"taken": ["a.dat"]}
    refused = await client.post(UPLOADS, headers=announced("home:a.dat", 3, place="refuse"))
    assert refused.json()["code"] == "exists"
    await send(client, await begin(client, "home:a.dat", 3, place=place), 0, b"new")
    await work(database, store).until_idle()
    assert {name: (await get(client, name)).content for name in await names(client)} == expected


async def test_a_wrong_checksum_makes_no_file_and_says_so(database, client, store):
    url = await begin(client, "home:a.dat", 3, sha256="0" * 64)
    await send(client, url, 0, b"abc")
    await work(database, store).until_idle()
    told = (await client.get(url)).json()
    assert (told["state"], await names(client)) == ("failed", [])
    assert "checksum" in told["error"]


async def test_more_than_was_announced_more_than_fits_and_other_content_are_refused(client):
    url = await begin(client, "home:a.dat", 3)
    assert (await send(client, url, 0, b"abcd")).json()["code"] == "too_long"
    assert (await client.patch(url, headers={"Upload-Offset": "0"}, content=b"abc")).status_code == 415
    assert (await client.post(UPLOADS, headers=announced("home:a.dat", 1, mode="x"))).status_code == 422
    assert (await client.post(UPLOADS, headers=announced("nowhere:a.dat", 1))).status_code == 404


async def test_an_upload_is_its_senders_alone_and_ends_when_they_say_so(app, database, acme, client, store):
    url = await begin(client, "home:a.dat", 10)
    await send(client, url, 0, b"12345")
    async with await other(app, database, acme, "tom") as tom:
        assert (await tom.get(url)).status_code == (await tom.delete(url)).status_code == 404
        assert (await tom.get(UPLOADS)).json() == []
    [shown] = (await client.get(UPLOADS)).json()
    assert (shown["path"], shown["received"], shown["size"], shown["state"]) == ("lea:a.dat", 5, 10, "waiting")
    assert (await client.delete(url)).status_code == 204
    await work(database, store).until_idle()
    assert (blobs(store), (await client.get(UPLOADS)).json()) == (0, [])


async def test_an_upload_that_nobody_goes_on_with_is_forgotten_after_a_week(database, client, store):
    url = await begin(client, "home:a.dat", 10)
    await send(client, url, 0, b"12345")
    async with database.worker() as session:
        await session.execute(text("UPDATE uploads SET due_at = heroes_now()"))
    await work(database, store).until_idle()
    assert ((await client.get(url)).status_code, blobs(store)) == (404, 0)


async def test_an_empty_file_needs_no_bytes(database, client, store):
    url = await begin(client, "home:empty", 0)
    await work(database, store).until_idle()
    assert (await client.get(url)).json()["state"] == "done"
    assert (await get(client, "empty")).content == b""
