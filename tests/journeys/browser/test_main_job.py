"""The main job in the browser; the numbers are those of the requirements of the web pages."""

import csv
import json
import os
import re
import shlex
import subprocess
import sys
from datetime import UTC as UTC_ZONE
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
import yaml
from playwright.sync_api import Page, Route, expect

from heroes.kit.postgres import EmbeddedPostgres
from journeys.browser.conftest import (
    PASSWORD,
    PATIENCE_MS,
    ROOT,
    Opened,
    asked_from_now,
    faults_of,
    in_both_themes,
    small_targets,
    stands,
    visit,
    without_news,
)
from journeys.browser.large import full_folder, wide_execution
from journeys.browser.passing import listening

API = "/api/v1/organization"
CSRF = {"X-Heroes-Csrf": "1"}
HEROES = str(Path(sys.executable).parent / "heroes")
RUN_MS = 240_000  # the sample's own limit on a busy machine
ROUTES = [
    "",
    "workflows",
    "executions",
    "executions?status=failed",
    "insights",
    "insights?view=energy",
    "insights?view=decisions",
    "clusters",
    "clusters/here",
    "clusters/new",
    "more",
    "nothing-here",
]


def main_of(page: Page):
    return page.locator("main")


def begin(page: Page) -> None:
    """Open the sample's wizard from its card and wait for the ranking."""
    page.goto("/o/acme/workflows")
    page.get_by_role("link", name=re.compile("^Run .*airfoil", re.IGNORECASE)).click()
    expect(page).to_have_url(re.compile("/submit/.*/placement"))
    expect(page.get_by_role("button", name=re.compile("^Review:"))).to_be_enabled()


@pytest.fixture(scope="module")
def finished(chromium: Any, platform: Any) -> str:
    """The id of one execution of the sample that has finished, begun by its card in three clicks (R1)."""
    context = chromium.new_context(base_url=platform.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    body = {"username": "lea", "organization": "acme", "password": PASSWORD}
    assert context.request.post(f"{API}/auth/session", data=body, headers=CSRF, timeout=PATIENCE_MS).ok
    page = context.new_page()
    begin(page)  # the first click
    page.get_by_role("button", name=re.compile("^Review:")).click()  # the second
    expect(page).to_have_url(re.compile("/review"))
    page.get_by_role("button", name=re.compile("^Run on ")).click()  # the third
    expect(page).to_have_url(re.compile("/executions/exe_"))
    found = re.search(r"exe_\w+", page.url)
    assert found
    expect(page.locator(".top .status")).to_have_text("Finished", timeout=RUN_MS)
    context.close()
    return found.group()


def submitted(page: Page, like: str, **more: Any) -> str:
    """Submit what an execution ran once more, by the API; return its id."""
    told = page.request.get(f"{API}/workflow/{like}").json()["configuration"]
    body = {"wtid": told["wtid"], "parameters": told["parameters"], "project": told["project"], **more}
    answer = page.request.post(f"{API}/workflow/submit", data=body, headers=CSRF)
    assert answer.ok, answer.text()
    return str(answer.json()["wid"])


def test_r1_the_sample_runs_from_its_card_in_three_clicks(finished: str):
    assert finished.startswith("exe_")


def test_r5_a_draft_survives_reload_going_back_and_the_end_of_the_session(opened: Opened):
    page = opened("lea", "workflows")
    begin(page)
    page.get_by_role("button", name="Inputs").click()
    field = page.locator("#root_panels")
    field.fill("90")
    page.wait_for_function("() => Object.values(localStorage).some((kept) => kept.includes('\"panels\":90'))")
    page.reload()
    expect(page.locator("#root_panels")).to_have_value("90")
    page.goto("/o/acme/executions")
    page.go_back()
    expect(page.locator("#root_panels")).to_have_value("90")
    page.context.clear_cookies()
    page.locator("#root_panels").fill("75")
    dialog = page.get_by_role("dialog")  # over the page: nothing of it is lost
    dialog.locator("#password").fill(PASSWORD)
    with page.expect_response(
        lambda answer: "/draft/drf_" in answer.url and answer.request.method == "PUT" and answer.ok
    ) as kept:
        dialog.locator("#password").press("Enter")
    assert kept.value.request.post_data_json["asked"]["parameters"]["panels"] == 75
    expect(dialog).to_have_count(0)
    expect(page.locator("#root_panels")).to_have_value("75")
    page.reload()
    expect(page.locator("#root_panels")).to_have_value("75")


def test_r3_next_with_errors_leads_to_a_summary_whose_links_reach_the_fields(opened: Opened):
    page = opened("lea", "workflows")
    begin(page)
    page.get_by_role("button", name="Inputs").click()
    page.locator("#root_panels").fill("1")
    page.get_by_role("button", name="Resources", exact=True).last.click()
    summary = page.locator(".blockers")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.locator("#root_panels")).to_be_focused()
    expect(page.locator("#root_panels")).to_have_attribute("aria-invalid", "true")
    told = (page.locator("#root_panels").get_attribute("aria-describedby") or "").split()
    said = [page.locator(f"[id='{one}']").inner_text() for one in told if page.locator(f"[id='{one}']").count()]
    assert any("20" in one for one in said), said


def test_r6_a_double_click_and_a_lost_answer_are_one_execution(opened: Opened):
    page = opened("lea", "workflows")
    begin(page)
    page.get_by_role("button", name=re.compile("^Review:")).click()
    run = page.get_by_role("button", name=re.compile("^Run on "))
    made: list[str] = []
    keys: list[str] = []

    def lost(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        expect(run).to_have_attribute("aria-busy", "true")
        made.append(route.fetch().json()["wid"])
        route.abort()

    page.route("**/workflow/submit", lost, times=1)
    run.dblclick()
    expect(page.get_by_role("alert")).to_contain_text("The platform does not answer")
    expect(run).to_have_attribute("aria-busy", "false")
    with page.expect_request("**/workflow/submit") as again:
        run.dblclick()
    expect(page).to_have_url(re.compile(f"/executions/{made[0]}"))
    assert [*keys, again.value.headers["idempotency-key"]] == [keys[0]] * 2
    page.get_by_role("button", name="Cancel", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("is charged")
    dialog.get_by_role("button", name=re.compile("^Cancel ")).click()  # R26: it names its object
    expect(page.locator(".top .status")).to_have_text(re.compile("Cancel"), timeout=RUN_MS)


def test_r11_another_policy_ranks_anew_and_says_so(opened: Opened):
    page = opened("lea", "workflows")
    begin(page)
    page.get_by_text("Cheapest", exact=True).click()
    expect(page.locator("[aria-live]").filter(has_text=re.compile("Ranked by .*here")).first).to_be_attached()
    page.get_by_role("button", name="Show as table").click()
    expect(page.get_by_role("group", name="Why this order")).to_contain_text("here")
    expect(main_of(page)).to_contain_text("Your own choice.")
    page.get_by_role("button", name=re.compile("^Back to")).click()
    expect(main_of(page)).to_contain_text("default. You may change it.")
    expect(page.get_by_role("navigation", name="Main", exact=True)).to_contain_text("All services up")


def test_the_documentation_is_at_hand_and_accessible(opened: Opened):
    page = opened("lea", "data/home/")
    page.get_by_role("link", name="Documentation").click()
    page.get_by_role("navigation").get_by_role("link", name="In the browser").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("In the browser")
    assert faults_of(page) == []
    search = page.get_by_role("searchbox", name="Search the documentation")
    search.fill("watch_seconds  every")
    search.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"passages? on “watch_seconds  every”"))
    assert faults_of(page) == []
    page.get_by_role("link", name="Lines to clusters · Watching").click()
    expect(page.get_by_role("heading", name="Watching")).to_be_in_viewport()
    page.get_by_role("searchbox").fill("<b>nowhere</b>")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Nothing on “<b>nowhere</b>”.")


def test_r15_what_is_copied_asks_for_the_same_as_the_page(opened: Opened, platform: Any, tmp_path: Path):
    page = opened("lea", "workflows")
    begin(page)
    page.get_by_text("Fastest", exact=True).click()
    page.get_by_text("Balanced", exact=True).click()
    page.get_by_role("slider", name=re.compile("cost", re.IGNORECASE)).press("ArrowRight")
    page.get_by_role("button", name=re.compile("^Review:")).click()
    command = page.locator(".copy-as dd .mono").first.inner_text()
    assert "--weights" in command
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copied = []
    for way in page.locator(".copy-as").get_by_role("button").all()[1:]:
        way.click()
        copied.append(page.evaluate("navigator.clipboard.readText()"))
    as_yaml, as_curl = yaml.safe_load(copied[0]), shlex.split(copied[1])
    with page.expect_request(lambda one: one.url.endswith("/workflow/submit")) as sent:
        page.get_by_role("button", name=re.compile("^Run on ")).click()
    token = page.request.post(f"{API}/auth/token", data={"name": "copied"}, headers=CSRF).json()["token"]
    with listening(platform.url) as (address, heard):
        more = {"HEROES_URL": address, "HEROES_TOKEN": token, "XDG_CONFIG_HOME": str(tmp_path)}
        ran = subprocess.run(
            [HEROES, *shlex.split(command)[1:]],
            env={**os.environ, **more},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr
    assert heard == [sent.value.post_data_buffer]
    assert as_curl[as_curl.index("-d") + 1].encode() == heard[0]
    assert as_curl[as_curl.index("-H") + 1] == "Authorization: Bearer $HEROES_TOKEN"
    assert as_yaml == json.loads(heard[0])
    for one in page.request.get(f"{API}/workflow/running").json():
        page.request.delete(f"{API}/workflow/{one['wid']}", headers=CSRF)


def test_r16_run_again_opens_a_draft_filled_in_as_before(opened: Opened, finished: str):
    page = opened("lea", f"executions/{finished}")
    page.get_by_role("link", name="Run again").click()
    expect(page).to_have_url(re.compile("/submit/.*/inputs"))
    expect(main_of(page)).to_contain_text(finished)
    expect(main_of(page)).to_contain_text("All inputs are those of")
    page.locator("#root_panels").fill("90")
    changed = page.get_by_role("table", name="Changed inputs").get_by_role("row")
    expect(changed).to_have_count(2)
    expect(changed.last).to_have_text(re.compile("Panels.*160.*90"))
    assert [*faults_of(page), *small_targets(page)] == []
    page.get_by_role("button", name="Resources", exact=True).last.click()
    page.get_by_role("list", name="Steps").get_by_role("button", name="Review").click()
    expect(page).to_have_url(re.compile("/review"))
    expect(changed.last).to_have_text(re.compile("Panels.*160.*90"))


def test_r18_many_tabs_share_one_stream_which_outlives_the_tab_that_held_it(opened: Opened, finished: str):
    page = opened("lea", "executions")
    streams: list[Page] = []
    page.context.on("request", lambda one: streams.append(one.frame.page) if one.url.endswith("/events") else None)
    held = "() => navigator.locks.query().then((all) => all.held.length)"
    page.reload()
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    others = [page.context.new_page() for _ in range(3)]
    for other in others:
        other.goto("/o/acme/executions")
        expect(other.get_by_role("row").nth(1)).to_be_visible()
    assert page.evaluate(held) == 1
    assert set(streams) == {page}
    begun = submitted(page, finished)
    expect(others[0].locator(f"a[href*={begun}]")).to_be_visible()  # no tab asked by itself
    page.request.delete(f"{API}/workflow/{begun}", headers=CSRF)
    with page.context.expect_event("request", lambda one: one.url.endswith("/events")) as next_one:
        page.close()
    assert next_one.value.frame.page in others


def shows(page: Page, execution: str) -> Any:
    return page.get_by_role("row").filter(has=page.locator(f"a[href*={execution}]"))


def test_r19_after_half_a_minute_offline_or_hidden_the_page_is_right_without_a_reload(opened: Opened, finished: str):
    page = opened("lea", "more")
    page.clock.install()
    page.goto("/o/acme/executions")
    expect(shows(page, finished)).to_be_visible()
    page.evaluate("window.same = true")
    page.context.set_offline(True)
    begun = submitted(page, finished)
    page.clock.run_for(30_000)
    expect(page.get_by_role("status").filter(has_text="Reconnecting")).to_be_visible()
    assert shows(page, begun).count() == 0
    page.context.set_offline(False)
    expect(shows(page, begun)).to_be_visible()
    page.clock.run_for(5_000)
    expect(page.get_by_text("Reconnecting")).to_have_count(0)
    hide = "(hidden) => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
    page.evaluate(f"{hide} document.dispatchEvent(new Event('visibilitychange')); }}", True)
    page.clock.run_for(30_000)
    page.request.delete(f"{API}/workflow/{begun}", headers=CSRF)
    with page.expect_response(lambda answer: "/workflow/executions" in answer.url):
        page.evaluate(f"{hide} document.dispatchEvent(new Event('visibilitychange')); }}", False)
    expect(shows(page, begun)).to_contain_text("Cancel", timeout=RUN_MS)
    assert page.evaluate("window.same"), "it was never loaded anew"


def test_r21_the_graph_is_a_list_too(opened: Opened, finished: str):
    page = opened("lea", f"executions/{finished}/graph")
    page.get_by_role("button", name="Show as list").click()
    expect(main_of(page).get_by_text("Finished").first).to_be_visible()


def test_a_part_of_a_page_that_did_not_arrive_is_had_by_loading_anew_until_it_is_told(opened: Opened):
    page = opened("lea", "more")
    for part in ("index", "start", "Insights"):  # the first script, what it asks for, and a page of its own
        page.route(re.compile(rf"/assets/{part}-[\w-]+\.js$"), lambda route: route.abort("connectionreset"), times=1)
        page.goto("/o/acme/insights")
        expect(page.locator("h1")).to_have_text("Insights")
    page = opened("lea", "more")
    page.evaluate("window.same = true")
    page.route(re.compile(r"/assets/Insights-[\w-]+\.js$"), lambda route: route.abort("connectionreset"), times=1)
    link = page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Insights")
    with page.expect_event("requestfailed"):
        link.hover()  # fetched beforehand: not needed yet, so nothing that is typed here may be lost
    page.wait_for_timeout(2500)
    assert page.evaluate("window.same")
    link.click()
    expect(page.locator("h1")).to_have_text("Insights")
    page = opened("lea", "more")
    asked: list[str] = []

    def never(route: Route) -> None:
        asked.append(route.request.url)
        route.abort("connectionreset")

    page.route(re.compile(r"/assets/Insights-[\w-]+\.js$"), never)
    page.goto("/o/acme/insights")
    expect(main_of(page)).to_contain_text("This page failed")
    page.wait_for_timeout(3000)
    expect(main_of(page)).to_contain_text("This page failed")
    assert 1 < len(asked) <= 2 * 5, "the router's own time, three of ours, and no more"


def test_r22_r38_a_filter_is_in_the_address_and_the_same_in_a_fresh_browser(opened: Opened, finished: str):
    page = opened("lea", "executions")
    page.get_by_role("button", name="Finished", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?status=finished"))
    fresh = opened("lea", "executions?status=finished")
    expect(fresh.get_by_role("button", name="Finished", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(fresh.get_by_role("link", name=re.compile("airfoil", re.IGNORECASE)).first).to_be_visible()


def test_r23_the_log_is_shown_and_searched(opened: Opened, finished: str):
    page = opened("lea", f"executions/{finished}/logs")
    page.get_by_label("Find in the log").fill("angles")
    expect(page.get_by_role("status").filter(has_text="1 of 1")).to_be_visible()
    expect(page.get_by_role("log").locator("mark")).to_have_text("angles")


def test_r28_cost_and_energy_say_whether_they_are_estimated_accruing_or_final(opened: Opened, finished: str):
    page = opened("lea", f"executions/{finished}/cost")
    figures = main_of(page).locator(".strip > *")
    cost, energy = figures.filter(has_text="Cost"), figures.filter(has_text="Energy")
    expect(cost).to_contain_text(re.compile("final.*€", re.DOTALL))
    joules: float | None = None

    def under_way(route: Route) -> None:
        told = route.fetch().json()
        if "lines" in told:
            told |= {
                "status": "accruing",
                "charged": "0",
                "reserved": "5.00",
                "energy_j": joules,
                "energy_source": None,
            }
        elif "candidates" in told:
            for one in told["candidates"]:
                one["cost"] |= {"value": 4.12, "low80": 3.7, "high80": 4.8, "confidence": "high"}
                one["energy"] |= {"value": 7.2e6, "low80": 6.1e6, "high80": 7.9e6, "confidence": "high"}
        else:
            told |= {"status": "RUNNING", "end_time": None}
        route.fulfill(json=told)

    page.route(re.compile(rf"/decision/(?!list)|/workflow/{finished}(/cost)?$"), under_way)
    page.reload()
    expect(cost).to_contain_text(re.compile("accruing.*€0.00.*estimated €3.70–4.80 · at most €5.00", re.DOTALL))
    expect(energy).to_contain_text(re.compile("estimated.*2 kWh.*1.7–2.2 kWh", re.DOTALL))
    joules = 3.6e6
    page.reload()
    expect(energy).to_contain_text(re.compile("accruing.*1 kWh", re.DOTALL))
    assert "N/A" not in main_of(page).inner_text()
    assert faults_of(page) == []


def test_r39_a_deep_link_is_where_one_lands_after_signing_in(chromium: Any, platform: Any):
    context = chromium.new_context(base_url=platform.url, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto("/o/acme/executions?status=failed")
    page.locator("#user").fill("lea")
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    expect(page.locator("h1")).to_have_text("Executions")
    expect(page).to_have_url(re.compile(r"/o/acme/executions\?status=failed"))
    context.close()


def test_r40_a_forbidden_address_says_which_permission_is_missing_and_who_grants_it(opened: Opened):
    page = opened("lea", "organization")
    expect(main_of(page)).to_contain_text("see users, groups and their roles")
    expect(main_of(page)).to_contain_text("administrator")
    assert page.locator("nav.nav").get_by_role("link", name="Organization").count() == 0


def test_r41_no_match_offers_to_clear_the_filters(opened: Opened):
    page = opened("lea", "workflows?q=nothing-of-this-name")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_role("row").nth(1)).to_be_visible()


def test_r44_every_plot_is_a_table_and_a_file_with_equal_numbers(opened: Opened, finished: str):
    page = opened("lea", "insights")
    plot = page.locator("section").filter(has=page.get_by_role("heading", name="Cost by project and week"))
    plot.get_by_role("button", name="Show as table").click()
    rows = plot.locator("tbody tr")
    expect(rows.first).to_be_visible()
    with page.expect_download() as saved:
        plot.get_by_role("button", name=re.compile("^CSV")).click()
    lines = list(csv.reader(Path(saved.value.path()).read_text().splitlines()))
    shown = [float(cell.strip("€<")) for cell in rows.locator("td:last-child").all_inner_texts()]
    assert len(shown) == len(lines) - 1 > 0
    assert shown == [pytest.approx(float(line[-1]), rel=0.02, abs=1e-4) for line in lines[1:]]


def test_r44_what_a_job_used_over_time_is_a_plot_a_table_and_a_file(opened: Opened, finished: str, platform: Any):
    intervals = [[1_780_000_000 + 60 * n, 60.0, None if n == 2 else 30.0 + n, None, 10**9] for n in range(5)]
    url = EmbeddedPostgres(platform.home).urls().owner.replace("postgresql+psycopg", "postgresql")
    orders = (
        "SELECT id FROM job_arrays WHERE execution_id = %(id)s UNION SELECT id FROM jobs WHERE execution_id = %(id)s"
    )
    rows = f"""
        INSERT INTO usage_samples (watch_id, organization_id, token, index, read_at, counters, every_s, intervals)
        SELECT w.id, w.organization_id, w.token, w.index, heroes_now(), '{{}}', 60, %(intervals)s FROM watches w
        WHERE w.waiter_id IN ({orders})
        ON CONFLICT (watch_id) DO UPDATE SET intervals = excluded.intervals"""
    with psycopg.connect(url) as connection:
        made = connection.execute(rows, {"id": finished, "intervals": json.dumps(intervals)})
        assert made.rowcount > 0
    page = opened("lea", f"executions/{finished}/cost")
    plot = page.locator("section").filter(has=page.get_by_role("heading", name="While it ran"))
    expect(plot.get_by_role("img", name=re.compile("^Cores busy over time"))).to_be_visible()
    expect(plot.locator("svg[role=img] rect")).to_have_count(1)  # the one interval that is not known
    expect(plot).to_contain_text("No meter told")
    assert [*faults_of(page), *small_targets(page)] == []
    plot.get_by_role("button", name="Show as table").click()
    expect(plot.locator("tbody tr")).to_have_count(5)
    with page.expect_download() as saved:
        plot.get_by_role("button", name=re.compile("^CSV")).click()
    lines = Path(saved.value.path()).read_text().strip().splitlines()
    assert [bool(line.split(",")[2]) for line in lines[1:]] == [True, True, False, True, True]
    page.goto(f"/o/acme/executions/{finished}/timeline")
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV: Timeline").click()
    jobs = page.get_by_role("list", name="Timeline").get_by_role("listitem").count()
    assert len(Path(saved.value.path()).read_text().strip().splitlines()) == jobs + 1


def wider_than_the_screen(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"))


def test_r45_r48_axe_finds_nothing_on_any_route_and_none_scrolls_sideways_at_320_px(opened: Opened, finished: str):
    page = opened("oda", "more")
    found: dict[str, list[str]] = {}
    tabs = ("", "/graph", "/timeline", "/logs", "/results", "/cost", "/decision", "/details")
    for route in [*ROUTES, *(f"executions/{finished}{tab}" for tab in tabs)]:
        page.set_viewport_size({"width": 1440, "height": 900})
        visit(page, f"/o/acme/{route}")
        stands(page)
        faults = [*in_both_themes(page), *small_targets(page)]
        page.set_viewport_size({"width": 320, "height": 900})
        if wider_than_the_screen(page):
            faults.append("it scrolls sideways at 320 px")
        if faults:
            found[route] = faults
    assert found == {}


def test_r43_r45_nothing_in_the_wizard_is_at_fault_and_nothing_of_an_execution_too_small_to_hit(
    opened: Opened, finished: str
):
    page = opened("lea", f"executions/{finished}")
    found = {}
    for name in ("Graph", "Timeline", "Results", "Cost & energy", "Details"):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(page.locator(".loading")).to_have_count(0)
        found[name] = small_targets(page)
    begin(page)
    for name in ("Placement", "Inputs", "Resources", "Review"):
        if name != "Placement":
            page.get_by_role("list", name="Steps").get_by_role("button", name=name).click()
        expect(page.get_by_role("list", name="Steps").locator("[aria-current=step]")).to_contain_text(name)
        expect(page.locator(".loading")).to_have_count(0)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")  # what lies half below the dock seems small until then
        found[name] = [*small_targets(page), *in_both_themes(page)]
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_r43_a_result_is_downloaded_by_keyboard_alone(opened: Opened, finished: str):
    page = opened("lea", f"executions/{finished}")
    expect(page.get_by_role("link", name="Results")).to_be_visible()

    def press(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            focused = page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText || ''")
            if focused.strip() == name:
                return page.keyboard.press("Enter")
        raise AssertionError(f"{name} cannot be reached")

    press("Results")
    expect(page.get_by_role("link", name="Download: polar.csv")).to_be_visible()
    with page.expect_download() as saved:
        press("Download: polar.csv")
    assert Path(saved.value.path()).read_text().startswith("alpha_deg,cl")


def test_r48_nothing_but_tables_and_graphs_scrolls_sideways_at_320_px_in_german(opened: Opened, finished: str):
    page = opened("oda", "more", width=320)
    page.evaluate("() => localStorage.setItem('heroes.language', 'de')")
    page.reload()
    too_wide = []
    for route in [*ROUTES, f"executions/{finished}"]:
        visit(page, f"/o/acme/{route}")
        stands(page)
        if wider_than_the_screen(page):
            too_wide.append(route)
    assert too_wide == []


def test_r49_no_page_loads_more_than_its_budget():
    told = subprocess.run(
        [ROOT / "scripts" / "build-ui.sh", sys.prefix, "npm", "exec", "-c", "node tools/budget.mjs"],
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout + told.stderr


TIMES = (
    (
        "lea",
        "Pacific/Auckland",
        ("executions", "executions/{wid}", "executions/{wid}/decision", "workflows", "data/home/wing/", ""),
    ),
    (
        "oda",
        "America/St_Johns",
        ("clusters", "clusters/here", "organization", "organization/projects", "organization/audit"),
    ),
    ("bea", "Asia/Kathmandu", ("billing/ledger", "billing/tariffs")),
)
UTC = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$")
FOCUSED = """() => {
    const time = [...document.querySelectorAll('main .exact time')].find((one) => one.checkVisibility());
    const one = time?.closest('.exact');
    one?.focus();
    if (!one || document.activeElement !== one) return null;
    const tip = getComputedStyle(one, '::after').content.slice(1, -1);
    return [tip, new Date(time.dateTime).getTime(), one.title, one.innerText];
}"""
UNTOLD = """() => {
    const told = '.exact, svg, [role=img], [aria-hidden=true], .tl, .log, option, .sr';
    const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const bare = [...document.querySelectorAll('main time')].filter((one) => !one.closest('.exact'));
    const found = bare.map((one) => one.outerHTML);
    const at = /\\b\\d{1,2}(:\\d\\d| (Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec))\\b/;
    while (walk.nextNode()) {
        const { data, parentElement } = walk.currentNode;
        if (at.test(data) && !parentElement.closest(told)) found.push(data);
    }
    return found;
}"""


@pytest.mark.parametrize(("user", "zone", "paths"), TIMES)
def test_r51_a_time_is_the_readers_own_and_tells_utc_on_focus(
    opened: Opened, finished: str, user: str, zone: str, paths: tuple[str, ...]
):
    page = opened(user, "more", timezone_id=zone)
    for path in paths:
        page.goto(f"/o/acme/{path.format(wid=finished)}")
        expect(page.locator(".loading")).to_have_count(0)
        page.keyboard.press("Shift")  # what follows is the keyboard's focus
        expect(main_of(page).locator(".exact time:visible").first).to_be_visible()
        tip, at, title, text = page.wait_for_function(FOCUSED, polling=100).json_value()
        assert UTC.match(tip), (path, tip)
        assert title == tip
        assert datetime.strptime(tip, "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC_ZONE).timestamp() == at // 1000
        own = datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
        assert own.strftime("%H:%M") in text or own.strftime("%-d %b") in text, (path, text)
        assert page.evaluate(UNTOLD) == [], path


def test_r51_the_bell_tells_utc_too(opened: Opened, finished: str):
    page = opened("lea", "more", timezone_id="Asia/Kathmandu")
    page.get_by_role("button", name=re.compile("^Notices")).focus()
    page.keyboard.press("Enter")
    ended = page.get_by_role("menuitem").filter(has=page.locator("time")).first
    expect(ended).to_be_visible()
    page.keyboard.press("Home")
    expect(ended).to_be_focused()
    assert UTC.match(ended.locator(".exact").evaluate("one => getComputedStyle(one, '::after').content.slice(1, -1)"))


def test_r51_energy_is_kwh_with_its_joules_on_focus(opened: Opened, finished: str):
    page = opened("lea", "more")

    def metered(route: Route) -> None:
        told = route.fetch().json()
        route.fulfill(json={**told, "energy_j": 41_000_000.0, "energy_source": "ear", "energy_reason": None})

    page.route("**/cost", metered)
    page.goto(f"/o/acme/executions/{finished}")
    energy = main_of(page).locator(".exact").filter(has_text="kWh").first
    expect(energy).to_have_text("11 kWh")
    page.keyboard.press("Shift")
    energy.focus()
    expect(energy).to_be_focused()
    assert energy.evaluate("one => getComputedStyle(one, '::after').content") == '"41,000,000 J"'
    assert faults_of(page) == []

    def predicted(route: Route) -> None:
        told = route.fetch().json()
        told["outcome"]["energy_j"] = 41_000_000.0
        told["candidates"][0]["energy"] |= {"value": 36_000_000.0, "low80": 3.5e7, "high80": 3.7e7}
        route.fulfill(json=told)

    page.route(re.compile("/decision/(?!list)"), predicted)
    page.goto(f"/o/acme/executions/{finished}/decision")
    for energy, joules in (("11 kWh", "41,000,000 J"), ("10 kWh", "36,000,000 J")):
        expect(main_of(page).locator(".exact").get_by_text(energy, exact=True).first).to_have_attribute("title", joules)


def test_r51_ids_can_be_copied(opened: Opened, finished: str):
    page = opened("lea", f"executions/{finished}/details", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=f"Copy: {finished}").click()
    expect(page.get_by_role("button", name=f"Copied: {finished}")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == finished
    workflow = page.request.get(f"{API}/workflow/{finished}").json()["configuration"]["wtid"]
    page.get_by_role("button", name=f"Copy: {workflow}").click()
    page.wait_for_function("async (id) => await navigator.clipboard.readText() === id", arg=workflow)
    page.get_by_role("button", name="Copy as").click()
    page.get_by_role("menuitem", name="Command line").click()
    expect(page.get_by_text("Copied: Command line.")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()").startswith(f"heroes run {workflow} -p ")


def test_r53_the_decisions_state_how_often_the_range_held(opened: Opened, finished: str):
    page = opened("lea", "insights?view=decisions")
    expect(main_of(page)).to_contain_text("Median error")
    expect(main_of(page)).to_contain_text("80 % range held")

    def judged(route: Route) -> None:
        told = route.fetch().json()
        base = {**told[0], "execution": finished}
        figures = [
            (100.0, 80.0, 130.0, 110.0),
            (50.0, 40.0, 60.0, 90.0),
            *[(10.0 * n, 8.0 * n, 13.0 * n, 11.0 * n) for n in range(1, 5)],
        ]
        rows = [
            {
                **base,
                "decision": f"dec_{at}",
                "time": {**base["time"], "predicted": one[0], "low80": one[1], "high80": one[2], "actual": one[3]},
            }
            for at, one in enumerate(figures)
        ]
        route.fulfill(json=rows)

    page.route("**/insights/decisions?*", judged)
    page.reload()
    points = main_of(page).locator(".scatter circle")
    expect(points).to_have_count(6)
    expect(points.locator("title").first).to_have_text(re.compile("predicted 2 min, happened 2 min", re.IGNORECASE))
    expect(main_of(page)).to_contain_text("83 %")
    points.first.click()
    expect(page).to_have_url(re.compile(f"/executions/{finished}/decision"))
    page.go_back()
    plot = page.locator("section").filter(
        has=page.get_by_role("heading", name="What happened against what was predicted")
    )
    plot.get_by_role("button", name="Show as table").click()
    expect(plot.locator("tbody tr")).to_have_count(6)
    plot.locator("tbody tr").first.get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"/executions/{finished}/decision"))


def test_more_is_reserved_for_a_run_that_waits_for_money_and_it_goes_on(opened: Opened, finished: str):
    page = opened("lea", "more")
    wid = submitted(page, finished, max_cost="0.0001")
    page.goto(f"/o/acme/executions/{wid}")
    page.locator(".top").get_by_role("button", name="Reserve more").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox")).not_to_have_value("")
    dialog.get_by_role("button", name="Reserve more").click()
    expect(page.get_by_text("more are reserved.")).to_be_visible()
    expect(page.locator(".top").get_by_role("button", name="Reserve more")).to_be_hidden(timeout=RUN_MS)
    page.request.delete(f"{API}/workflow/{wid}", headers=CSRF)


def test_five_thousand_executions_stay_few_nodes_and_few_requests(opened: Opened, finished: str, platform: Any):
    named = "jsonb_populate_record(e, jsonb_build_object('id', 'exe_' || lpad(n::text, 20, '0')))"
    copied = f"INSERT INTO executions SELECT ({named}).* FROM executions e, generate_series(1, 5000) n WHERE e.id = %s"
    url = EmbeddedPostgres(platform.home).urls().owner.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url) as connection:
        connection.execute(copied, [finished])
    page = opened("lea", "more")
    without_news(page)
    for route, lists in (("executions", 1), ("", 2)):
        asked = asked_from_now(page)
        page.goto(f"/o/acme/{route}")
        expect(page.locator("tbody tr").nth(3)).to_be_visible()
        page.wait_for_load_state("networkidle")
        told_by_the_header = 2  # what runs, and what ended lately
        lists_asked = sum("/workflow/executions" in one or "/workflow/running" in one for one in asked)
        assert lists_asked <= lists + told_by_the_header
        assert len(asked) <= 12, asked
        assert page.evaluate("document.querySelectorAll('*').length") < 3000
    page.goto("/o/acme/executions")
    expect(page.get_by_text(re.compile(r"5,0\d\d so far"))).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(50)
    with page.expect_response(lambda answer: "/workflow/executions" in answer.url):
        page.get_by_role("link", name=re.compile("^Next")).click()
    expect(page).to_have_url(re.compile("after="))
    expect(page.locator("tbody tr")).to_have_count(50)


def test_r21_five_thousand_tasks_stay_few_nodes_and_few_requests(opened: Opened, finished: str, platform: Any):
    wide = wide_execution(platform, finished, 5000)
    page = opened("lea", "more")
    without_news(page)
    asked = asked_from_now(page)
    page.goto(f"/o/acme/executions/{wide}/graph")
    expect(page.locator("svg.dag .nd")).to_have_count(1)
    expect(page.locator("svg.dag")).to_contain_text("5,000 steps")
    page.wait_for_load_state("networkidle")
    assert len(asked) <= 14, asked
    assert page.evaluate("document.querySelectorAll('*').length") < 3000
    page.get_by_role("button", name="Draw all 5,000 steps").click()
    expect(page.locator("svg.dag").get_by_text("Part 1", exact=True)).to_be_visible()
    page.locator(".dag-scroll").evaluate("box => box.scrollTo(0, box.scrollHeight)")
    expect(page.locator("svg.dag").get_by_text("Part 5000", exact=True)).to_be_visible()
    assert page.evaluate("document.querySelectorAll('*').length") < 3000
    page.get_by_role("button", name="Failed only").click()
    expect(page.locator("svg.dag .nd")).to_have_count(5)
    page.get_by_role("button", name="Show as list").click()
    expect(page.locator("tbody tr")).to_have_count(300)


def test_r34_a_hundred_thousand_objects_stay_few_nodes_and_few_requests(opened: Opened, platform: Any):
    page = opened("lea", "more")
    kept = {**CSRF, "Content-Type": "application/octet-stream"}
    for name in ("many/a", "model.dat"):
        assert page.request.put(f"{API}/data/bucket/home/object/{name}", data=b"data", headers=kept).ok
    full_folder(platform, "model.dat", 100_000)
    asked = asked_from_now(page)
    page.goto("/o/acme/data/home/many")
    expect(page.get_by_text("f000001.dat", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert len(asked) <= 14, asked
    assert page.evaluate("document.querySelectorAll('*').length") < 3000

    def listed() -> int:
        return sum("/bucket/home/list" in one for one in asked)

    assert page.locator("tbody tr").count() < 120
    assert listed() <= 2
    for _ in range(3):
        before = listed()
        for _ in range(600):  # until what came last is drawn, the page ends where it did
            page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            page.wait_for_timeout(100)
            if listed() > before:
                break
        assert listed() > before
    assert listed() <= 8, "what is scrolled to is asked for, and no more"
    assert page.evaluate("document.querySelectorAll('*').length") < 3000
    page.get_by_role("button", name="Changed").click()
    expect(page.get_by_text("Sorted among the first")).to_be_visible()
