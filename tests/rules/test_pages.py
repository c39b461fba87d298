"""What a browser gets at an address that nobody serves."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urldefrag

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


ROOT = Path(__file__).parents[2]


def _documents() -> dict[str, str]:
    """Every built page of the documentation by its path."""
    home = pages.documents()
    return {path.relative_to(home).as_posix(): path.read_text() for path in home.rglob("*.html")}


def test_every_link_of_the_documentation_and_to_it_leads_to_a_page_and_a_section_that_there_is():
    documents = _documents()
    sections = {name: set(re.findall(r'id="([^"]+)"', text)) for name, text in documents.items()}
    files = pages.built(pages.documents())
    asked = [(name, found) for name, text in documents.items() for found in re.findall(r'(?:href|src)="([^"]+)"', text)]
    for file in (ROOT / "ui" / "src").rglob("*.tsx"):
        found = re.findall(r"""docs(?:=|: )["']([^"']+)["']""", file.read_text())
        asked += [(f"{file.name}.html", re.sub("(#|$)", r".html\1", one, count=1)) for one in found]
    assert len(asked) > 500
    wrong = []
    for name, target in asked:
        path, section = urldefrag(target)
        if "://" in target or target.startswith("/"):
            continue
        whole = (Path("/") / name).parent.joinpath(path).as_posix() if path else f"/{name}"
        inside = Path(*_walked(whole)).as_posix()
        if inside not in files or (section and section not in sections.get(inside, set())):
            wrong.append((name, target))
    assert wrong == []


def test_what_the_search_of_the_documentation_finds_is_there():
    found = json.loads((pages.documents() / "search.json").read_text())
    documents = _documents()
    for one in found:
        path, section = urldefrag(one["to"])
        assert f'id="{section}"' in documents[path], one["to"]
    assert {urldefrag(one["to"])[0] for one in found} == set(documents) - {"search.html"}
    [watching] = [one for one in found if one["to"] == "concepts/lines.html#watching"]
    assert (watching["page"], watching["heading"]) == ("Lines to clusters", "Watching")
    assert "HEROES_WATCH_SECONDS" in watching["text"]


def _walked(path: str) -> list[str]:
    """Return the parts of a path, each `..` taken back."""
    walked: list[str] = []
    for part in path.strip("/").split("/"):
        if part == "..":
            walked.pop()
        else:
            walked.append(part)
    return walked


@pytest.mark.anyio
async def test_the_documentation_runs_no_foreign_script_and_loads_nothing_from_elsewhere():
    app = FastAPI(docs_url=None)
    app.state.settings = SimpleNamespace(address="http://heroes.test", oidc=None, oidc_issuer=None)
    problem.install(app)
    pages.install(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://heroes.test") as client:
        assert (await client.get("/docs")).headers["Location"] == "/docs/index.html"
        page = await client.get("/docs/guides/web.html")
        assert "default-src 'none'; script-src 'self'" in page.headers["Content-Security-Policy"]
        assert (await client.get("/docs/docs.css")).headers["Content-Type"].startswith("text/css")
        assert (await client.get("/docs/../pages.py")).status_code == 404
        assert (await client.get("/docs/%2e%2e/pages.py")).status_code == 404
    foreign = r"<script(?! src=\"(?:/theme|search).js\")|<style| style=| on[a-z]+=|https?://[^\"]+\.(?:js|css)\""
    assert [found for text in _documents().values() for found in re.findall(foreign, text)] == []
