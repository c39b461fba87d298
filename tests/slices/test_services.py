"""What everybody may know of the platform's own health."""

from pathlib import Path

import pytest
from people import login, make_app, make_client, make_organization, make_user
from sqlalchemy import text

from heroes.kit.db import Database
from heroes.operating import LOOKED_S, everybody

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]


async def test_everybody_is_told_in_one_sentence_whether_the_platform_works_and_nothing_of_its_inside(
    database: Database, tmp_path: Path
):
    lea = await make_user(database, await make_organization(database))
    home = tmp_path / "home"
    home.mkdir()
    app = make_app(database, everybody, home=home)
    async with make_client(app) as client:
        assert (await client.get("/heroes/services")).status_code == 401

        async def told() -> tuple[str, str]:
            said = (await client.get("/heroes/services")).json()
            assert set(said) == {"state", "code", "text", "at"}
            return said["state"], said["code"]

        await login(client, lea)
        assert await told() == ("up", "up")
        async with database.worker() as session:  # no worker takes it
            await session.execute(text("UPDATE organizations SET due_at = heroes_now() - interval '10 minutes'"))
        assert await told() == ("up", "up"), "what was looked at just now is not looked at again"
        app.state.services = app.state.services[0] - LOOKED_S - 1, app.state.services[1]
        assert await told() == ("degraded", "work_late")
        home.rename(tmp_path / "gone")
        app.state.services = None
        assert await told() == ("degraded", "files_down")
