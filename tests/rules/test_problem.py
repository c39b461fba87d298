"""What leaves the API when something below it fails."""

import httpx
import pytest
from fastapi import FastAPI
from psycopg import OperationalError as NoAnswer
from sqlalchemy.exc import InterfaceError, OperationalError

from heroes.kit import problem


@pytest.mark.anyio
@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
async def test_a_database_that_is_down_is_told_as_such_and_when_to_ask_again(kind: type[OperationalError]) -> None:
    app = FastAPI()
    problem.install(app)

    @app.get("/thing")
    async def thing() -> None:
        raise kind("SELECT secret", {}, NoAnswer("connection refused"))

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://heroes") as client:
        answer = await client.get("/thing")

    assert answer.status_code == 503
    assert answer.json()["code"] == "no_database"
    assert answer.headers["Retry-After"] == "2"
    assert "secret" not in answer.text
