"""What ids are called, told to whom may know it."""

from collections.abc import Sequence
from typing import Any

import pytest
from people import login, make_app, make_client, make_organization, make_project, make_user

from heroes.data.models import Bucket, Object
from heroes.data.rules import BucketKind
from heroes.insights.routes import router
from heroes.kit.db import Database
from heroes.kit.ids import new_id

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]


async def test_ids_are_called_by_name_for_whom_may_know_it_and_nobody_else(database: Database, tmp_path):
    acme, rival = await make_organization(database), await make_organization(database, "rival")
    wing = await make_project(database, acme)
    lea = await make_user(database, acme, "lea", [("engineer", wing.id)])
    ben = await make_user(database, acme, "ben", [])
    oda = await make_user(database, acme, "oda", ["organization_admin"])
    pia = await make_user(database, acme, "pia", ["project_admin"])
    eve = await make_user(database, rival, "eve", ["organization_admin"])
    home = Bucket(
        id=new_id("bkt"), organization_id=acme.id, name="home-lea", kind=BucketKind.USER, owner_user_id=lea.id
    )
    mesh = Object(id=new_id("obj"), organization_id=acme.id, bucket_id=home.id, path="wing/mesh.stl", parent="wing")
    async with database.app(acme.id) as session:
        session.add(home)
        await session.flush()
        session.add(mesh)
    asked = [lea.id, ben.id, wing.id, home.id, mesh.id, "exe_none", "nonsense", ""]

    async def told(user: Any, ids: Sequence[str] = asked) -> dict[str, tuple[str, str | None]]:
        async with make_client(make_app(database, router, home=tmp_path)) as client:
            await login(client, user)
            answer = await client.get("/organization/insights/names", params={"id": list(ids)})
            assert answer.status_code == 200, answer.text
            return {one["id"]: (one["name"], one["place"]) for one in answer.json()}

    own = {
        lea.id: ("lea", None),
        wing.id: ("wing", None),
        home.id: ("home-lea", None),
        mesh.id: ("wing/mesh.stl", "home-lea"),
    }
    assert await told(lea) == own
    assert await told(ben) == {ben.id: ("ben", None)}
    known = {lea.id: ("lea", None), ben.id: ("ben", None), wing.id: ("wing", None)}
    assert await told(pia) == known
    beyond = {home.id: ("home-lea", None), mesh.id: ("wing/mesh.stl", None)}
    assert await told(oda) == known | beyond, "who reads the record is told what it speaks of"
    assert await told(eve) == {}
    async with make_client(make_app(database, router, home=tmp_path)) as client:
        await login(client, lea)
        many = await client.get("/organization/insights/names", params={"id": ["usr_1"] * 401})
        assert many.status_code == 422
