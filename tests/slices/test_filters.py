"""The list of executions, narrowed by what people ask for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from centre import world_of
from people import make_project, make_user
from sqlalchemy import update

from heroes.executions.models import Execution
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
