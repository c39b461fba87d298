"""What a browser gets at an address that nobody serves."""

from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI

from heroes import pages
from heroes.kit import problem

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.anyio
async def test_a_browser_is_told_by_a_page_that_nothing_is_there_and_a_program_by_a_problem():
    app = FastAPI()
    app.state.settings = SimpleNamespace(address="http://heroes.test", oidc=None, oidc_issuer=None)
    problem.install(app)
    pages.install(app)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://heroes.test") as client:
        told = await client.get("/executions", headers=PAGE)
        assert (told.status_code, told.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
        assert "default-src 'none'" in told.headers["Content-Security-Policy"]
        for answer in (await client.get("/executions"), await client.post("/executions", headers=PAGE)):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
