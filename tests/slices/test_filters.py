"""The list of executions, narrowed by what people ask for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from centre import world_of
from people import login, make_app, make_client, make_project, make_user
from sqlalchemy import update

from heroes.data.routes import router as data_router
from heroes.executions.models import Execution
from heroes.executions.rules import Status
from heroes.kit.db import Database

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

STEPS = "only:\n  script: exit 0\n  resources: {walltime: 60}"
LONG_AGO = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_executions_are_found_by_workflow_project_cluster_person_time_and_text(
    database: Database, tmp_path: Path
):
    async with world_of(database, tmp_path) as world:
        await world.centre("alpha")
        new = await world.submit(STEPS)
        old = str((await world.post("submit", {"wtid": "probe"}))["wid"])
        tail = await make_project(database, world.organization, "tail")
        ann = await make_user(database, world.organization, "ann", [("engineer", world.project.id)])
        changed = {
            "name": "drivaer_100%",
            "reason": "The mesh is broken.",
            "cluster": "beta",
            "project_id": tail.id,
            "submit_time": LONG_AGO,
        }
        async with database.worker() as session:
            await session.execute(update(Execution).where(Execution.id == old).values(changed))

        async def found(path: str = "executions", **query: str) -> set[str]:
            answer = await world.client.get(f"/organization/workflow/{path}", params=query)
            assert answer.status_code == 200, answer.text
            assert int(answer.headers["X-Total-Count"]) == len(answer.json())
            return {one["wid"] for one in answer.json()}

        assert await found() == {new, old}
        for only_old in (
            {"workflow": "drivaer_100%"},
            {"project": tail.id},
            {"cluster": "beta"},
            {"until": (LONG_AGO + timedelta(seconds=1)).isoformat()},
            {"search": "MESH is"},
            {"search": "_100%"},
            {"search": old},
            {"search": old.removeprefix("exe_")},
        ):
            assert await found(**only_old) == {old}, only_old
        for only_new in ({"workflow": "probe"}, {"project": "wing"}, {"cluster": "alpha"}, {"search": "prob"}):
            assert await found(**only_new) == {new}, only_new
        assert await found(since=(LONG_AGO + timedelta(seconds=1)).isoformat()) == {new}
        assert await found(since=LONG_AGO.isoformat()) == {new, old}
        assert await found(user="lea") == {new, old}
        assert await found(user=ann.username) == set()
        assert await found("running", cluster="beta") == {old}
        assert await found(status="FINISHED", cluster="beta") == set()
        assert await found(search="%") == {old}, "a sign of the database's is a sign like any other"
        assert (await world.client.get("/organization/workflow/executions?since=today")).status_code == 422


async def test_a_status_is_known_in_any_case_and_another_word_is_refused_by_name(database: Database, tmp_path: Path):
    async with world_of(database, tmp_path) as world:
        await world.centre("alpha")
        wid = await world.submit(STEPS)
        now = (await world.client.get(f"/organization/workflow/{wid}")).json()["status"]
        for path in ("executions", "running"):
            for status in (now, now.lower(), now.capitalize()):
                answer = await world.client.get(f"/organization/workflow/{path}", params={"status": status})
                assert [one["wid"] for one in answer.json()] == [wid], (path, status)
            wrong = await world.client.get(f"/organization/workflow/{path}", params={"status": "done"})
            assert wrong.status_code == 422, path
            [problem] = wrong.json()["problems"]
            assert problem["code"] == "not_one_of"
            assert all(f"'{one}'" in problem["facts"]["expected"] for one in Status)


async def test_a_file_tells_which_runs_took_it_to_those_who_may_see_them(database: Database, tmp_path: Path):
    async with world_of(database, tmp_path) as world:
        await world.centre("alpha")
        app = make_app(database, data_router, home=tmp_path)
        app.state.store = world.parts.store
        files = await login(make_client(app), world.user)
        for name in ("a.dat", "b.dat", "case/mesh.dat", "case/deep/walls.dat", "case.dat"):
            await files.put(f"/organization/data/bucket/home/object/{name}", content=name.encode())
        one = await world.submit(STEPS + '\n  inputs: {in.dat: "home:a.dat"}')
        folder = await world.submit(STEPS + '\n  inputs: {"in/": "home:case", again.dat: "home:case/mesh.dat"}')

        async def takers(*takes: str, status: int = 200) -> list[str]:
            answer = await world.client.get("/organization/workflow/executions", params={"takes": takes, "limit": 1})
            assert answer.status_code == status, answer.text
            total = int(answer.headers.get("X-Total-Count", "0"))
            assert len(answer.json()) == min(total, 1) or status != 200
            return [row["wid"] for row in answer.json()] * total if status == 200 else []

        assert await takers("home:a.dat") == [one]
        for taken in ("home:case", "home:case/", "home:case/deep", "home:case/deep/walls.dat", "home:case/mesh.dat"):
            assert await takers(taken) == [folder], taken
        assert await takers("home:b.dat") == await takers("home:case.dat") == []
        assert len(await takers("home:b.dat", "home:a.dat", "home:case")) == len(await takers("home:")) == 2
        await files.post("/organization/data/move", json={"source": "home:a.dat", "target": "home:moved.dat"})
        await files.put("/organization/data/bucket/home/object/moved.dat", content=b"newer")
        assert await takers("home:moved.dat") == [one], "a file stays the one that was taken, by another name and newer"
        await takers("home:a.dat", status=404)
        await takers("a.dat", status=422)
        ann = await make_user(database, world.organization, "ann", [("engineer", world.project.id)])
        async with database.worker() as session:
            await session.execute(update(Execution).where(Execution.id == one).values(user_id=ann.id))
        assert await takers("home:moved.dat") == [], "nobody learns of runs that they may not see"
        await files.aclose()
