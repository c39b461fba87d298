"""The wizard in detail, and what stands where something fails; the numbers are those of the requirements."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from journeys.browser.conftest import PASSWORD, PATIENCE_MS, Opened, faults_of, small_targets
from journeys.browser.texts import TOLD, in_english, lasting

API = "/api/v1/organization"
CSRF = {"X-Heroes-Csrf": "1"}
LINES = 12_000
RUN_MS = 240_000
TALK = """heroes: 1
name: talk
title: A talkative program
summary: Prints two hundred lines a second, then ends as asked.
parameters:
  lines: {type: integer, minimum: 1, maximum: 100000, default: 20, title: Lines, unit: lines, x-group: Output,
    description: So many lines are printed.}
  status: {type: integer, minimum: 0, maximum: 3, default: 0, title: Exit status, x-group: Output}
KNOBSsteps:
  talk:
    title: Talk
    script: |
      for i in $(seq "$PARAM_LINES"); do echo "line $i"; [ $((i % 20)) = 0 ] && sleep 0.1; done
      [ "$PARAM_STATUS" = 0 ] || echo "no mesh was found" >&2
      exit "$PARAM_STATUS"
    resources: {cores: 1, memory: 64 MiB, walltime: 00:05:00}
"""
KNOB = "  knob{0:02}: {{type: number, default: 1, maximum: 9, title: Knob {0}, unit: mm, x-advanced: {1}}}\n"


def signed_in(chromium: Any, platform: Any, user: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=platform.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    body = {"username": user, "organization": "acme", "password": PASSWORD}
    assert context.request.post(f"{API}/auth/session", data=body, headers=CSRF, timeout=PATIENCE_MS).ok
    yield context
    context.close()


def run(page: Page, **parameters: Any) -> str:
    """Submit the talkative program, and return its execution."""
    body = {"wtid": "talk", "parameters": parameters, "project": "wing"}
    answer = page.request.post(f"{API}/workflow/submit", data=body, headers=CSRF)
    assert answer.ok, answer.text()
    return str(answer.json()["wid"])


def ended(page: Page, execution: str) -> str:
    for _ in range(120):
        status = str(page.request.get(f"{API}/workflow/{execution}").json()["status"])
        if status in {"FINISHED", "FAILED", "CANCELED"}:
            return status
        time.sleep(0.5)
    raise AssertionError("it never ended")


@pytest.fixture(scope="module")
def lea(chromium: Any, platform: Any) -> Iterator[BrowserContext]:
    """Lea's browser, which loads the pages once."""
    yield from signed_in(chromium, platform, "lea")


@pytest.fixture(scope="module")
def talk(chromium: Any, platform: Any) -> Iterator[str]:
    """The id of a workflow with a hundred inputs, published by its author."""
    knobs = "".join(KNOB.format(number, "true" if number >= 20 else "false") for number in range(98))
    files = {"workflow.yaml": TALK.replace("KNOBS", knobs)}
    for context in signed_in(chromium, platform, "tom"):
        made = context.request.post(f"{API}/workflow/template", data={"files": files}, headers=CSRF)
        assert made.ok, made.text()
        yield str(made.json()["id"])


@pytest.fixture(scope="module", autouse=True)
def flood(chromium: Any, platform: Any, talk: str) -> Iterator[tuple[Page, list[str]]]:
    """A log of two hundred lines a second for a minute, open while the first tests run, and what it asked for."""
    asked: list[str] = []
    for context in signed_in(chromium, platform, "tom"):
        page = context.new_page()
        page.on("request", lambda one: asked.append(one.url) if "/logs" in one.url and "/api/" in one.url else None)
        page.goto(f"/o/acme/executions/{run(page, lines=LINES)}/logs")
        page.evaluate("""() => { window.most = 0; setInterval(() => {
            window.most = Math.max(window.most, document.querySelectorAll('*').length); }, 250); }""")
        yield page, asked


@pytest.fixture(scope="module")
def finished_talk(lea: BrowserContext, talk: str) -> str:
    """An execution of it that has finished; the newest."""
    shown = lea.new_page()
    found = shown.request.get(f"{API}/workflow/executions?status=FINISHED&limit=1").json()
    execution = str(found[0]["wid"]) if found else run(shown)
    ended(shown, execution)
    shown.close()
    return execution


@pytest.fixture
def page(lea: BrowserContext) -> Iterator[Page]:
    shown = lea.new_page()
    yield shown
    shown.close()


@pytest.fixture
def wizard(page: Page, talk: str) -> Callable[..., Page]:
    """The wizard of that workflow at its ranking."""

    def begin(before: Callable[[Page], object] = lambda page: None) -> Page:
        before(page)
        page.goto(f"/o/acme/run/{talk}")
        expect(page).to_have_url(re.compile("/placement"))
        expect(page.locator("table.rank tbody tr").first).to_be_visible()
        return page

    return begin


def changing(page: Page, change: Callable[[dict[str, Any]], None]) -> None:
    """Let the ranking pass through `change` on its way to the page."""

    def altered(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        change(told)
        route.fulfill(response=answer, json=told)

    page.route(f"**{API}/decision", altered)


def with_a_second(told: dict[str, Any]) -> None:
    """Add a place that costs more and has another name."""
    other = json.loads(json.dumps(told["candidates"][0]))
    other.update(rank=2, cluster="far", cluster_id="clu_far", queue_id="que_far", score=0.5)
    for one, value in ((told["candidates"][0], 1.0), (other, 4.1)):
        one["cost"].update(value=value, low80=value * 0.9, high80=value * 1.2, confidence="high", accuracy=0.86)
        one["cost"].update(n_similar=38)
        one["time"].update(value=60 * value, low80=50 * value, high80=80 * value, confidence="high", accuracy=0.9)
    told["candidates"].append(other)


@contextmanager
def speaking_german(page: Page) -> Iterator[None]:
    """Let the page speak German meanwhile: what the platform says in English has other words by its code."""
    page.evaluate("() => localStorage.setItem('heroes.language', 'de')")
    page.reload()
    try:
        yield
    finally:
        page.evaluate("() => localStorage.setItem('heroes.language', 'en')")


def review(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Review:")).click()
    expect(page).to_have_url(re.compile("/review"))


def test_r2_a_hundred_inputs_are_grouped_with_units_and_those_for_experts_are_folded_away(wizard: Any):
    page = wizard()
    page.get_by_role("button", name="Inputs").click()
    lines = page.get_by_role("group", name="Output").get_by_label("Lines, lines")
    expect(lines).to_have_value("20")
    expect(lines).to_have_accessible_description(re.compile("So many lines are printed."))
    expect(page.get_by_label("Knob 3, mm")).to_be_visible()
    expert = page.get_by_label("Knob 50, mm")
    expect(expert).to_be_hidden()
    page.get_by_text("78 more inputs, for experts").click()
    expert.fill("99")
    page.get_by_text("78 more inputs, for experts").click()
    page.get_by_role("button", name="Resources", exact=True).last.click()
    page.locator(".blockers").get_by_role("link").click()
    expect(expert).to_be_focused()  # what is wrong is unfolded


def test_r4_where_nothing_can_run_it_the_button_says_what_stands_in_the_way(wizard: Any):
    page = wizard()
    page.get_by_role("button", name="Resources").click()
    page.get_by_label("Cores").fill("4000")
    page.get_by_role("button", name="Placement", exact=True).last.click()
    expect(page.get_by_text("No cluster can run this now")).to_be_visible()
    page.locator(".dock .primary").click()
    blockers = page.locator(".blockers")
    expect(blockers).to_be_focused()
    blockers.get_by_role("button", name="Where").click()
    expect(page.locator("#discarded")).to_be_focused()
    expect(page.locator("#discarded")).to_contain_text("here")


def test_r8_r12_ranges_confidence_and_the_difference_of_a_lower_rank_which_is_recorded_with_its_reason(wizard: Any):
    page = wizard(lambda page: changing(page, with_a_second))
    second = page.locator("table.rank tbody tr").nth(1)
    expect(second).to_contain_text("3.69–4.92")
    expect(second).to_contain_text("high 0.86")
    expect(second).to_contain_text("38 similar runs")
    expect(second).to_contain_text("+€3.10")
    expect(second).to_contain_text("+3 min")
    second.get_by_role("radio").check()
    review(page)
    page.get_by_label(re.compile("^Why not the first")).fill("its licence is there")
    with page.expect_request(lambda one: one.url.endswith("/workflow/submit")) as sent:
        page.get_by_role("button", name="Run on far").click()
    body = sent.value.post_data_json
    assert (body["cluster"], body["because"]) == ("clu_far", "its licence is there")
    expect(page.get_by_role("alert")).to_be_visible()  # there is no such cluster


def test_r8_a_low_confidence_is_told_by_a_sign_and_in_words(wizard: Any):
    def unsure(told: dict[str, Any]) -> None:
        with_a_second(told)
        for one in ("cost", "time"):
            told["candidates"][1][one].update(confidence="low", accuracy=0.41, n_similar=1)

    page = wizard(lambda page: changing(page, unsure))
    said = page.locator("table.rank tbody tr").nth(1).locator(".cfr")
    expect(said).to_have_text(re.compile("low.*0.41"))
    expect(said.locator("svg")).to_be_visible()


def test_r11_another_policy_keeps_what_was_chosen(wizard: Any):
    page = wizard(lambda page: changing(page, with_a_second))
    second = page.locator("table.rank tbody tr").filter(has_text="far").get_by_role("radio")
    second.check()
    page.get_by_text("Cheapest", exact=True).click()
    expect(page.locator("[aria-live]").filter(has_text=re.compile("Ranked by .*here")).first).to_be_attached()
    expect(second).to_be_checked()


def test_r7_the_ranking_tells_every_figure_why_one_is_missing_and_keeps_its_ranks_when_sorted(wizard: Any):
    def incomplete(told: dict[str, Any]) -> None:
        with_a_second(told)
        first, second = told["candidates"]
        first["wait"].update(value=120, low80=60, high80=300)
        first["energy"].update(value=7.2e5, low80=6e5, high80=9e5, reason=None)
        second["energy"].update(value=None, reason={"code": "no_meter", "text": "No meter on this queue."})
        second["wait"].update(value=None, reason={"code": "no_history", "text": "Nobody waited there yet."})

    page = wizard(lambda page: changing(page, incomplete))
    rows = page.locator("table.rank tbody tr")
    heads = ["Rank", "Cluster", "Cost, whole run", "Time to result", "Energy", "Confidence", "Against rank 1"]
    for head in heads:
        expect(page.get_by_role("columnheader", name=head, exact=True)).to_be_visible()
    first, second = rows.nth(0), rows.nth(1)
    for said in ("€1.00", "0.90–1.20", "3 min", "2 min queued", "0.2 kWh", "high 0.86"):
        expect(first).to_contain_text(said)
    for said in ("not predicted", "No meter on this queue.", "waiting not predicted", "Nobody waited there yet."):
        expect(second).to_contain_text(said)
    for wrong in ("None", "undefined", "NaN", "null"):
        assert not re.search(rf"\b{wrong}\b", page.locator("main").inner_text()), wrong
    head = page.get_by_role("columnheader", name="Cost, whole run")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.get_by_role("button").click()
    expect(page).to_have_url(re.compile("sort=-cost"))
    expect(rows.nth(0)).to_contain_text("far")
    expect(rows.nth(0).locator(".rk")).to_have_text("2")  # where it stands, not where it is shown
    expect(rows.nth(1).locator(".rk")).to_have_text("1")
    page.reload()
    expect(rows.nth(0)).to_contain_text("far")
    page.get_by_role("columnheader", name="Energy").get_by_role("button").click()
    expect(rows.nth(1).locator(".rk")).to_have_text("2")  # without a figure it is last, whichever way


def test_r7_what_no_cluster_tells_is_said_once_for_all_of_them(wizard: Any):
    why = {"code": "no_history", "text": "No run of step solve has finished on this queue yet."}

    def unknown(told: dict[str, Any]) -> None:
        with_a_second(told)
        for one in told["candidates"]:
            one["time"].update(value=None, reason=why)
            one["energy"].update(value=None, reason=why)

    page = wizard(lambda page: changing(page, unknown))
    expect(page.locator("table.rank tbody tr").first).to_contain_text("not predicted")
    expect(page.get_by_text(why["text"])).to_have_count(1)
    expect(page.locator("main")).to_contain_text(f"Time to result, Energy: not predicted on any of them. {why['text']}")


def test_r29_a_notice_hides_no_button_of_the_wizard(wizard: Any):
    page = wizard()
    above = """() => { const [notice, dock] = [document.createElement('div'), document.querySelector('.dock')];
        notice.className = 'toast'; notice.textContent = 'talk has finished.'; document.body.append(notice);
        const above = dock.getBoundingClientRect().top - notice.getBoundingClientRect().bottom;
        notice.remove(); return above; }"""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(above) >= 0


def test_r9_what_was_discarded_is_counted_and_says_why_and_what_would_cure_it(wizard: Any):
    paused = {"cluster": "here", "queue": None, "code": "paused", "reason": "here is paused.", "cure": "", "facts": {}}
    page = wizard(lambda page: changing(page, lambda told: told["discarded"].append(paused)))
    page.get_by_role("button", name="Tell me when back: here").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("here takes jobs now: there is nothing to wait for.")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Resources").click()
    page.get_by_label("Cores").fill("4000")
    page.get_by_role("button", name="Placement", exact=True).last.click()
    discarded = page.get_by_role("region", name="Discarded")
    rows = discarded.get_by_role("listitem")
    expect(rows.first).to_contain_text("Too few cores")  # the ranking before stands until this one is there
    expect(discarded.get_by_role("heading")).to_have_text(f"Discarded{rows.count()}")
    expect(rows.first).to_contain_text("here")
    expect(rows.first).to_contain_text(re.compile(r"Ask for at most \d+ cores a node, or for more nodes\."))
    assert "_" not in discarded.inner_text(), "no code of the platform"
    with speaking_german(page):
        expect(page.locator("#discarded").get_by_role("listitem").first).to_contain_text(
            re.compile(
                r"verlangt 4\.000 Kerne je Knoten; Knoten von local haben \d+\. Verlangen Sie höchstens \d+ Kerne"
            )
        )


def test_r10_the_parts_of_the_price_add_up_to_what_is_reserved(wizard: Any):
    page = wizard()
    review(page)
    price = page.get_by_role("region", name="What it costs").locator("dd:not(.why-cost)")
    expect(price.nth(2)).to_be_visible()
    amounts = [float(re.sub(r"[^\d.]", "", one)) for one in price.all_inner_texts()[1:-1]]
    assert amounts
    assert sum(amounts[:-1]) == pytest.approx(amounts[-1], abs=0.01)


def test_r13_what_the_budget_does_not_cover_is_not_submitted(wizard: Any, opened: Opened):
    bea = opened("bea", "more")
    asked = {"kind": "user", "user": "lea", "amount": "0.0005", "currency": "EUR", "period": "once", "title": "Small"}
    budget = bea.request.post(f"{API}/budget", data=asked, headers=CSRF).json()["id"]
    page = wizard()
    review(page)
    blockers = page.locator(".blockers")
    expect(blockers).to_contain_text("is left and €0.00 is reserved by other runs; this one needs up to")
    expect(blockers).to_contain_text("billing administrator")
    orders: list[str] = []
    page.on("request", lambda one: orders.append(one.url) if one.url.endswith("/submit") else None)
    page.get_by_role("button", name="Run on here").click()
    expect(blockers).to_be_focused()
    assert orders == []
    expect(page.get_by_role("region", name="What it costs")).to_contain_text(
        re.compile("Estimated.*Approximate maximum", re.DOTALL)
    )
    assert bea.request.delete(f"{API}/budget/{budget}", headers=CSRF).ok


def test_r46_the_theme_follows_the_system_is_kept_and_is_there_before_the_first_paint(opened: Opened):
    page = opened("lea", "", color_scheme="dark")
    paper = "() => getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.emulate_media(color_scheme="light")
    light = page.evaluate(paper)
    assert dark != light
    page.get_by_role("button", name="Light or dark").click()
    page.get_by_role("menuitem", name="Dark", exact=True).click()
    assert page.evaluate(paper) == dark
    page.route("**/assets/*.js", lambda route: route.abort())  # before any of the application runs
    page.reload(wait_until="domcontentloaded")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_r50_a_platform_that_is_looked_after_comes_back_by_itself(opened: Opened):
    page = opened("lea", "more")
    page.clock.install()
    told = {"type": "about:blank", "status": 503, "code": "unavailable", "detail": "Later.", "request_id": "req_later"}
    page.route("**/api/v1/**", lambda route: route.fulfill(status=503, json=told))
    page.goto("/o/acme/executions")
    expect(page.get_by_text("The platform is being looked after")).to_be_visible()
    expect(page.get_by_role("button", name="Copy: req_later")).to_be_visible()
    page.unroute("**/api/v1/**")
    page.clock.run_for(5_000)
    expect(page.get_by_role("heading", name="Executions")).to_be_visible()


def test_r27_what_fails_later_is_told_in_a_dialog_and_stays(opened: Opened):
    page = opened("bea", "billing")
    page.get_by_role("button", name="Edit budget of Wing").click()
    page.get_by_label(re.compile("Amount of each period")).fill("90")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has_text="Wing").first).to_contain_text("€90")
    gone = {"type": "about:blank", "status": 409, "code": "x", "detail": "It is closed.", "request_id": "req_1"}
    page.route(f"**{API}/budget/*", lambda route: route.fulfill(status=409, json=gone))
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("dialog")).to_contain_text("It is closed.")
    expect(page.get_by_role("button", name="Copy: req_1")).to_be_visible()


def test_r14_an_old_ranking_is_made_anew_and_a_new_price_is_confirmed(wizard: Any):
    asked = 0

    def dearer(told: dict[str, Any]) -> None:
        nonlocal asked
        asked += 1
        told["candidates"][0]["worst_case"]["amount"] = f"{asked}.00"

    page = wizard(lambda page: changing(page, dearer))
    review(page)
    page.evaluate("() => { const now = Date.now.bind(Date); Date.now = () => now() + 11 * 60_000; }")
    page.get_by_role("button", name="Run on here").click()
    expect(page.get_by_text("It was here, €1.00 at most; it is here, €2.00 at most.")).to_be_visible()
    expect(page).to_have_url(re.compile("/review"))
    page.get_by_role("button", name="Run on here").click()
    expect(page).to_have_url(re.compile("/executions/exe_"))


def test_r25_a_failure_tells_what_happened_why_what_to_do_and_its_last_lines(page: Page, talk: str):
    execution = run(page, status=2)
    assert ended(page, execution) == "FAILED"
    page.goto(f"/o/acme/executions/{execution}")
    told = page.get_by_role("alert")
    expect(told).to_contain_text("Talk failed. The program ended with exit code 2.")
    expect(told).to_contain_text("Change the inputs, then run it again")
    expect(told).to_contain_text("no mesh was found")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    told.get_by_role("button", name="Ask for help").click()
    expect(told.get_by_role("button", name="Copied: what happened, with all ids")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert execution in copied
    assert "job_" in copied
    told.get_by_role("link", name="First failure").click()  # R22: one activation
    expect(page).to_have_url(re.compile("/logs?.*step=talk"))
    expect(page.get_by_role("log")).to_contain_text("no mesh was found")
    page.go_back()
    with speaking_german(page):
        expect(page.get_by_role("alert")).to_contain_text("Das Programm endete mit dem Rückgabewert 2. Meist fehlt")
        page.goto("/o/acme/executions?status=failed")
        expect(page.get_by_role("row").filter(has_text=execution[-5:])).to_contain_text("Talk: Das Programm endete")


def test_r42_a_changed_filter_never_shows_old_rows_and_a_view_asks_little(page: Page, finished_talk: str):
    page.goto("/o/acme/executions")
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/api/v1/" in one.url else None)
    held: list[Route] = []
    page.route("**/workflow/executions?*", lambda route: held.append(route))
    page.get_by_role("button", name="Cancelled").click()
    expect(page).to_have_url(re.compile("status=canceled"))
    expect(page.locator("tbody tr")).to_have_count(0)
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(100)
    held[0].continue_()
    expect(page.get_by_role("button", name="Clear filters")).to_be_visible()
    assert len(asked) <= 5


def test_r43_the_main_job_goes_by_keyboard_alone_with_the_focus_in_sight(page: Page, talk: str):
    page.goto("/o/acme/workflows")
    expect(page.get_by_role("link", name=re.compile("^Run .*talkative"))).to_be_visible()

    def press(name: str) -> None:
        """Move on until what has the focus is called so, always in sight, then press it."""
        seen = """() => { const on = document.activeElement, box = on.getBoundingClientRect();
            const x = box.x + box.width / 2, y = box.y + Math.min(box.height / 2, 10);
            const top = document.elementFromPoint(x, y);
            return [on.getAttribute('aria-label') || on.innerText || '', !top || on.contains(top) || top.contains(on)];
        }"""
        for _ in range(80):
            page.keyboard.press("Tab")
            label, visible = page.evaluate(seen)
            assert visible, f"something hides {label}"
            if re.match(name, label.strip()):
                return page.keyboard.press("Enter")
        raise AssertionError(f"{name} cannot be reached")

    press("Run .*talkative")
    expect(page.locator("table.rank tbody tr").first).to_be_visible()
    press("Review:")
    expect(page).to_have_url(re.compile("/review"))
    press("Run on here")
    expect(page).to_have_url(re.compile("/executions/exe_"))
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_be_visible()
    press("Cancel$")
    expect(page.get_by_role("dialog")).to_be_visible()
    press("Cancel ")
    expect(page.locator(".top .status")).to_have_text(re.compile("Cancel|Finished"))


def test_r29_who_began_a_run_is_told_when_it_ends(page: Page, talk: str):
    page.add_init_script("""window.told = []; window.Notification = class {
        static permission = 'granted';
        static requestPermission = async () => 'granted';
        constructor(text) { window.told.push(text); }
    }""")
    page.goto("/o/acme/more")
    with page.expect_response("**/notice/wish"):
        page.get_by_label("Through the browser").check()
    run(page)
    notice = page.locator(".toast").filter(has_text="talk has finished.")
    expect(notice).to_be_visible()
    page.evaluate("() => Object.defineProperty(document, 'hidden', {value: true})")
    execution = run(page, status=1)
    page.wait_for_function("() => window.told.includes('talk has failed.')")
    notice.get_by_role("button", name="Look").click()
    expect(page).to_have_url(re.compile("/executions/exe_"))
    assert execution not in page.url


def test_r24_a_part_of_the_time_is_chosen_is_in_the_address_and_each_bar_has_a_name(page: Page, finished_talk: str):
    page.goto(f"/o/acme/executions/{finished_talk}/timeline")
    bars = page.get_by_role("list", name="Timeline").get_by_role("listitem")
    expect(bars).to_have_count(1)
    name = bars.first.get_attribute("aria-label") or ""
    assert re.match(r"talk: Waited .*, Ran ", name)
    page.get_by_role("slider", name="to").press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"[?&]from=\d+&to=\d+"))
    page.reload()
    page.get_by_role("button", name="Show all of it").click()
    expect(page).to_have_url(re.compile(r"/timeline$"))


def test_r24_where_nothing_happens_for_long_the_timeline_is_cut_and_says_so(page: Page, finished_talk: str):
    def with_a_pause(route: Route) -> None:
        answer = route.fetch()
        [job] = answer.json()
        hours = {"mesh": (9, 0, 10), "solve": (14, 0, 20)}
        times = {
            step: {
                name: f"2026-05-06T{hour:02}:{minute:02}:00Z"
                for name, minute in (("submitted_at", begin), ("started_at", begin), ("ended_at", end))
            }
            for step, (hour, begin, end) in hours.items()
        }
        route.fulfill(
            response=answer, json=[{**job, "id": f"job_{step}", "step": step, **times[step]} for step in times]
        )

    page.route(re.compile(rf"/workflow/{finished_talk}/jobs\?"), with_a_pause)
    page.goto(f"/o/acme/executions/{finished_talk}/timeline")
    bars = page.get_by_role("list", name="Timeline").get_by_role("listitem")
    expect(bars).to_have_count(2)
    assert [one.get_attribute("aria-label") for one in bars.all()] == [
        "mesh: Waited 0 s, Ran 10 min",
        "solve: Waited 0 s, Ran 20 min",
    ]
    widths = [one.locator("i").bounding_box()["width"] for one in bars.all()]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.02), "so long as they ran"
    assert sum(widths) == pytest.approx(bars.first.locator(".lane").bounding_box()["width"], rel=0.02)
    expect(bars.first.locator(".cut-out")).to_be_visible()
    expect(page.get_by_text("idle cut: 4 h 50 min")).to_be_visible()


def test_r17_a_waiting_run_tells_since_when_why_and_when_it_should_begin(page: Page, finished_talk: str):
    def waiting(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        if isinstance(told, list):
            told[0].update(state="QUEUED", end=None, started_at=None, ended_at=None, explanation="Others go first.")
            told[0].update(submitted_at=datetime.now(UTC).isoformat())
        else:
            told.update(status="PENDING", end_time=None)
        route.fulfill(response=answer, json=told)

    def soon(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        for one in told["candidates"]:
            one["wait"].update(value=1200, low80=600, high80=3600, reason=None)
        route.fulfill(response=answer, json=told)

    page.route(re.compile(rf"/workflow/{finished_talk}(/jobs\?.*)?$"), waiting)
    page.route(re.compile("/decision/(?!list)"), soon)
    page.goto(f"/o/acme/executions/{finished_talk}")
    note = page.get_by_role("status").filter(has_text="Talk has waited for")
    expect(note).to_contain_text(re.compile(r"It should begin in \d+ min to \d+ min\."))
    expect(note).to_contain_text("Others go first.")


def test_r26_one_run_and_several_are_cancelled_from_the_list_by_name_and_what_is_charged_is_told(page: Page, talk: str):
    runs = [run(page, lines=50_000) for _ in range(3)]
    page.goto("/o/acme/executions?status=running")
    first, *others = [page.get_by_role("row").filter(has_text=one[-5:]) for one in runs]
    first.get_by_role("button", name=re.compile("^Cancel talk exe_…")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("is charged")
    dialog.get_by_role("button", name="Cancel talk").click()
    expect(dialog).to_have_count(0)
    for one in others:
        one.get_by_role("checkbox").check()
    assert [*faults_of(page), *small_targets(page)] == []
    page.get_by_role("button", name="Cancel 2 executions").click()
    for one in runs[1:]:
        expect(dialog).to_contain_text(one[-5:])
    dialog.get_by_role("button", name="Cancel 2 executions").click()
    assert [ended(page, one) for one in runs] == ["CANCELED"] * 3


def test_r20_two_hundred_lines_a_second_for_a_minute_stay_few_nodes_and_few_requests(flood: tuple[Page, list[str]]):
    page, asked = flood
    expect(page.get_by_role("log")).to_contain_text(f"line {LINES}", timeout=RUN_MS)  # it follows
    assert page.locator("[role=log] li").count() < 120
    assert page.evaluate("window.most") < 1500, "also while it went on"
    assert len(asked) < LINES / 100, "at most one for a hundred lines"


def test_r47_whatever_has_german_words_is_told_in_german(opened: Opened, talk: str):
    page = opened("lea", "more")
    execution = run(page, status=3)
    assert ended(page, execution) == "FAILED"
    page.add_init_script(TOLD)
    page.evaluate("() => localStorage.setItem('heroes.language', 'de')")
    english: dict[str, list[str]] = {}
    paths = ("", "?tab=steps", "/decision", "/logs")
    for path in (*(f"executions/{execution}{one}" for one in paths), "executions", "clusters/here", f"run/{talk}"):
        page.goto(f"/o/acme/{path}")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".loading, .skel")).to_have_count(0)
        if told := lasting(page, in_english):
            english[path] = told
    assert english == {}


def test_r4_what_is_wrong_with_an_input_is_told_in_german(opened: Opened, talk: str):
    page = opened("lea", "more")
    page.evaluate("() => localStorage.setItem('heroes.language', 'de')")
    page.goto(f"/o/acme/run/{talk}")
    page.get_by_role("button", name="Eingaben").click()
    page.locator("#root_lines").fill("0")
    page.evaluate("() => document.getElementById('inputs-next').click()")
    expect(page.locator(".blockers").first).to_contain_text("muss mindestens 1 sein")
