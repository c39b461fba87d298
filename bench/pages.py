"""What the web pages cost the browser's main thread, beside a page of the application that holds nothing."""

import re
from collections.abc import Callable, Iterator

from playwright.sync_api import CDPSession, Page, expect, sync_playwright

from bench.figures import Figure, figure, ratio
from bench.running import ask
from journeys.browser.large import full_folder, long_log, wide_execution
from journeys.conftest import PASSWORD, Platform

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
REPETITIONS = 7
EXECUTIONS = 5000
TASKS = 5000
OBJECTS = 100_000
PRINTED, NEWEST = 100_000, 1000  # lines of a log that has ended, and how many come first
SECONDS, LINES = 60, 200  # of a log, and in each of them
PATIENCE_MS = 120_000
CSRF = {"X-Heroes-Csrf": "1"}
API = "/api/v1/organization"
TALK = f"""heroes: 1
name: talk
title: A talkative program
summary: Prints {LINES} lines a second.
steps:
  talk:
    title: Talk
    script: |
      for i in $(seq {SECONDS * LINES}); do echo "line $i"; [ $((i % 20)) = 0 ] && sleep 0.1; done
      exit 0
    resources: {{cores: 1, memory: 64 MiB, walltime: 00:10:00}}
"""
_COPY = """
INSERT INTO executions
SELECT (jsonb_populate_record(one, jsonb_build_object('id', 'exe_' || lpad(number::text, 20, '0')))).*
FROM executions one, generate_series(1, %s) number WHERE one.id = %s
"""
_LONG = """() => {
  window.longest = 0;
  const see = (list) => list.getEntries().forEach((one) => { window.longest = Math.max(window.longest, one.duration); })
  new PerformanceObserver(see).observe({ type: 'longtask' });
}"""
_SHOWN = """() => {
  const look = () => { if (document.querySelector('[role=log]')?.textContent.includes('LAST')) {
      seen.disconnect();
      requestAnimationFrame(() => setTimeout(() => { window.shown = performance.now(); })); } };
  const seen = new MutationObserver(look);
  seen.observe(document, { childList: true, subtree: true, characterData: true });
}"""
_NODES = "document.querySelectorAll('*').length"


def pages(running: Platform) -> Iterator[Figure]:
    """Measure a log that prints fast for a minute, and pages that hold much, beside one that holds nothing."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(base_url=running.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
        context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        page = context.new_page()
        _enter(page, "tom")
        answer = page.request.post(f"{API}/workflow/template", data={"files": {"workflow.yaml": TALK}}, headers=CSRF)
        assert answer.ok, answer.text()
        _enter(page, "lea")
        page.goto("/o/acme/more")
        yield from _log(page)
        yield from _long_log(running, page)
        yield from _large(running, page)
        browser.close()


def _enter(page: Page, user: str) -> None:
    body = {"organization": "acme", "username": user, "password": PASSWORD}
    assert page.request.post(f"{API}/auth/session", data=body, headers=CSRF).ok


def _idle(page: Page) -> float:
    """Return the share of a minute that a page costs which holds nothing."""
    page.goto("/o/acme/nothing-here")
    _nothing(page)
    page.wait_for_load_state("networkidle")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before = _spent(session)
    for _ in range(SECONDS):
        page.wait_for_timeout(1000)
        page.evaluate(_NODES)
    return (_spent(session) - before) / SECONDS * 100


def _log(page: Page) -> Iterator[Figure]:
    body = {"wtid": "talk", "project": "wing"}
    execution = page.request.post(f"{API}/workflow/submit", data=body, headers=CSRF).json()["wid"]
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/logs" in one.url else None)
    page.goto(f"/o/acme/executions/{execution}/logs")
    expect(page.get_by_role("log")).to_contain_text(re.compile(r"line \d+"))
    page.evaluate(_LONG)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before, nodes = _spent(session), []
    while page.request.get(f"{API}/workflow/{execution}").json()["status"] not in {"FINISHED", "FAILED"}:
        page.wait_for_timeout(1000)
        nodes.append(float(page.evaluate(_NODES)))
    expect(page.get_by_role("log")).to_contain_text(f"line {SECONDS * LINES}")
    busy = (_spent(session) - before) / SECONDS * 100
    name = f"a log of {LINES} lines a second, {SECONDS} s"
    yield figure(f"{name}: longest task, 0 if none of 50 ms", [float(page.evaluate("window.longest"))], "ms", "≤ 200")
    full = figure(f"{name}: tasks of the main thread", [busy], "% of the time")
    blank = figure(f"a page that holds nothing, {SECONDS} s: tasks of the main thread", [_idle(page)], "% of the time")
    yield from (full, blank, ratio(f"{name} / a page that holds nothing", full, blank))
    yield figure(f"{name}: nodes of the page", nodes, "nodes")
    yield figure(f"{name}: requests", [float(len(asked))], "requests")


def _long_log(running: Platform, page: Page) -> Iterator[Figure]:
    """Yield how long the newest lines of a long log take by the clock, from their address until they are drawn."""
    [(ended,)] = ask(running, "SELECT id FROM executions ORDER BY id LIMIT 1")
    path = long_log(page.request, ended, PRINTED)
    other = page.context.new_page()
    other.add_init_script(f"({_SHOWN.replace('LAST', str(PRINTED))})()")
    asked, shown = [], []
    for _ in range(REPETITIONS):
        with other.expect_response(lambda one: "/logs" in one.url and "/api/" in one.url) as told:
            other.goto(f"/o/acme/{path}")
        other.wait_for_function("window.shown")
        shown.append(float(other.evaluate("window.shown")))
        assert len(told.value.json()["lines"]) == NEWEST
        asked.append(told.value.request.timing["responseEnd"])
    other.close()
    name = f"the newest {NEWEST:,} of {PRINTED:,} lines of a log"
    yield figure(f"{name}: from the address until they are drawn", shown, "ms", "≤ 1,000")
    yield figure(f"{name}: of this, the platform's answer", asked, "ms")


def _large(running: Platform, page: Page) -> Iterator[Figure]:
    [(first,)] = ask(running, "SELECT id FROM executions ORDER BY id LIMIT 1")
    wide = wide_execution(running, first, TASKS)
    ask(running, _COPY, EXECUTIONS, first)
    held = {**CSRF, "Content-Type": "application/octet-stream"}
    for name in ("many/a", "model.dat"):
        assert page.request.put(f"{API}/data/bucket/home/object/{name}", data=b"data", headers=held).ok
    full_folder(running, "model.dat", OBJECTS)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    blank = figure(
        "a page that holds nothing", [_load(page, session, "nothing-here") for _ in range(REPETITIONS)], "ms"
    )
    yield blank
    for name, path, stands in (
        (f"the list of {EXECUTIONS:,} executions", "executions", _listed),
        (f"the graph of {TASKS:,} tasks", f"executions/{wide}/graph", _drawn),
        (f"a folder of {OBJECTS:,} objects", "data/home/many", _filled),
    ):
        full = figure(name, [_load(page, session, path, stands) for _ in range(REPETITIONS)], "ms")
        yield full
        yield ratio(f"{name} / a page that holds nothing", full, blank)
        yield figure(f"{name}: nodes of the page", [float(page.evaluate(_NODES))], "nodes")


def _listed(page: Page) -> None:
    expect(page.get_by_text(re.compile(r"5,0\d\d so far"))).to_be_visible()
    expect(page.locator("tbody tr").nth(40)).to_be_visible()


def _drawn(page: Page) -> None:
    expect(page.locator("svg.dag")).to_contain_text(f"{TASKS:,} steps")


def _filled(page: Page) -> None:
    expect(page.get_by_text("f000020.dat", exact=True)).to_be_visible()


def _nothing(page: Page) -> None:
    expect(page.locator("h1, .empty h3").first).to_be_visible()


def _load(page: Page, session: CDPSession, path: str, stands: Callable[[Page], None] = _nothing) -> float:
    """Return the milliseconds of tasks until a page stands."""
    page.goto("about:blank")
    before = _spent(session)
    page.goto(f"/o/acme/{path}")
    stands(page)
    page.wait_for_load_state("networkidle")
    return (_spent(session) - before) * 1000


def _spent(session: CDPSession) -> float:
    told = session.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in told if one["name"] == "TaskDuration")
