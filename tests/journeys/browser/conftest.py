"""The web pages in Debian's Chromium, on a platform that was started as a user starts it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[3]
CHROMIUM = "/usr/bin/chromium"
PASSWORD = "a password for tests"
PATIENCE_MS = 60_000

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser per file: its event loop must not outlive it."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Debian's chromium is not installed")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    expect.set_options(timeout=PATIENCE_MS / 2)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser, platform: Any) -> Iterator[Opened]:
    """Open a page as somebody; their browser is closed at the end."""
    contexts: list[BrowserContext] = []

    def open_as(user: str, path: str, *, width: int = 1440, organization: str = "acme", **more: Any) -> Page:
        context = chromium.new_context(
            base_url=platform.url,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        body = {"username": user, "organization": organization, "password": PASSWORD}
        answer = context.request.post(
            "/api/v1/organization/auth/session", data=body, headers={"X-Heroes-Csrf": "1"}, timeout=PATIENCE_MS
        )
        assert answer.ok, answer.text()
        page = context.new_page()
        page.goto(f"/o/{organization}/{path}")
        return page

    yield open_as
    for context in contexts:
        context.close()


def small_targets(page: Page) -> list[str]:
    """Return what is too small to hit, on a wide screen and on a phone, one line each (R43)."""
    source = (Path(__file__).parent / "targets.js").read_text()
    before, found = page.viewport_size, []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} px: {one}" for one in page.evaluate(source[source.index("() =>") :])]
    if before:
        page.set_viewport_size(before)
    return found


TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def faults_of(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA, one line each; `rules`: only these of them."""
    source = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(source.read_text())
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = page.evaluate("(runOnly) => axe.run(document, {runOnly, resultTypes: ['violations']})", only)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


def in_both_themes(page: Page) -> list[str]:
    """Return what axe finds in light, and what colours do in dark: all else is the same there."""
    page.emulate_media(color_scheme="light")
    found = faults_of(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in faults_of(page, ["color-contrast"])]
    page.emulate_media(color_scheme="light")
    return found


def stands(page: Page) -> None:
    """Wait until a page shows what it has."""
    expect(page.locator("h1, .empty h3").first).to_be_visible()
    expect(page.locator(".loading, .skel")).to_have_count(0)


def without_news(page: Page) -> None:
    """Keep from a page what ends meanwhile: it would be told a moment later, and rightly look anew or say so."""
    silent = {"content_type": "text/event-stream", "body": "retry: 600000\n\n"}
    page.route("**/organization/events", lambda route: route.fulfill(**silent))


def asked_from_now(page: Page) -> list[str]:
    """Return the list that fills with what the next pages ask of the API; the one before may still have been asking."""
    page.goto("about:blank")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/api/v1/" in one.url else None)
    return asked


def walk(page: Page, address: str) -> None:
    """Go to another page of the application as its links do; it may lead on at once, as a card of a workflow does."""
    page.evaluate("(to) => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')); }", address)


def visit(page: Page, address: str) -> None:
    """Go to a page and wait until it is there: while it is fetched, the one before still stands."""
    other = "/".join([*address.split("/")[:3], "more"])
    walk(page, other)
    expect(more_of(page)).to_be_visible()
    if address != other:
        walk(page, address)
        expect(more_of(page)).to_have_count(0)


def more_of(page: Page):
    """What only that page has, in whichever language."""
    return page.locator("main .more-list")
