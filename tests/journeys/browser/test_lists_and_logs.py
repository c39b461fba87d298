"""Lists that are narrowed and logs that are read, in the browser; the numbers are those of the requirements."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.browser import large
from journeys.browser.conftest import Opened, faults_of, small_targets

API = "/api/v1/organization"
CSRF = {"X-Heroes-Csrf": "1"}
MANY = 100_000
PRINTS = """heroes: 1
name: prints
title: Prints
summary: Prints a line.
steps:
  print: {run: [echo, hello], resources: {cores: 1, memory: 16 MiB, walltime: 00:01:00}}
"""
OUTLINE = {"airfoil": "home:wing/naca2412.dat"}


def submitted(page: Page, workflow: str, parameters: dict[str, Any]) -> str:
    """Submit a run and ask for its end at once, so that it costs nothing; return its id."""
    answer = page.request.post(
        f"{API}/workflow/submit", data={"wtid": workflow, "parameters": parameters, "project": "wing"}, headers=CSRF
    )
    assert answer.ok, answer.text()
    wid = str(answer.json()["wid"])
    page.request.delete(f"{API}/workflow/{wid}", headers=CSRF)
    return wid


@pytest.fixture(scope="module")
def two(chromium: Any, platform: Any) -> tuple[str, str]:
    """Two executions: one begun just now, and one of another name, cluster and day."""
    context = chromium.new_context(base_url=platform.url)
    body = {"username": "lea", "organization": "acme", "password": "a password for tests"}
    assert context.request.post(f"{API}/auth/session", data=body, headers=CSRF).ok
    page = context.new_page()
    new, old = submitted(page, "airfoil", OUTLINE), submitted(page, "airfoil", OUTLINE)
    context.close()
    changed = "name = 'drivaer', cluster = 'farm', submit_time = '2024-05-06 12:00Z'"
    with large.owner(platform) as connection:
        connection.execute(f"UPDATE executions SET {changed} WHERE id = %s", [old])
    return new, old


def rows(page: Page):
    return page.locator("table.executions tbody tr")


def test_r38_executions_are_narrowed_by_more_than_their_state_and_the_address_says_by_what(
    opened: Opened, two: tuple[str, str]
):
    page = opened("lea", "executions")
    expect(rows(page)).to_have_count(2)
    page.get_by_role("button", name="Filters", exact=True).click()
    page.get_by_label("Workflow", exact=True).select_option("airfoil")
    expect(rows(page)).to_have_count(1)
    expect(page).to_have_url(re.compile("workflow=airfoil"))
    page.get_by_role("button", name="Remove the filter Workflow").click()
    page.get_by_label("Submitted").select_option("between")
    page.get_by_label("To", exact=True).fill("2024-05-06")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("drivaer")
    page.get_by_role("searchbox", name="Search executions").fill("DRIV")
    expect(page).to_have_url(re.compile("q=DRIV"))
    again = opened("lea", page.url.partition("/acme/")[2])
    expect(rows(again)).to_have_count(1)
    expect(rows(again)).to_contain_text("drivaer")
    expect(again.get_by_text("1 found.")).to_be_visible()
    assert faults_of(again) == []
    assert small_targets(again) == []


def test_r41_where_nothing_matches_the_filters_are_cleared_at_once(opened: Opened, two: tuple[str, str]):
    page = opened("lea", "executions?cluster=nowhere&within=7d&status=failed")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.locator(".empty").get_by_role("button", name="Clear filters").click()
    expect(rows(page)).to_have_count(2)
    expect(page).to_have_url(re.compile("/executions$"))


def told(page: Page):
    return page.locator("table tbody tr")


def test_the_record_says_in_plain_words_who_did_what_and_leads_to_it(opened: Opened, two: tuple[str, str]):
    page = opened("oda", f"organization/audit?subject={two[0]}")
    row = told(page).filter(has_text="lea started airfoil on here")
    expect(row).to_be_visible()
    expect(row.get_by_text("execution.submitted")).to_be_hidden()
    row.locator("summary").click()
    expect(row.get_by_text("execution.submitted")).to_be_visible()
    assert faults_of(page) == []
    assert small_targets(page) == []
    row.get_by_role("link", name="airfoil").click()
    expect(page).to_have_url(re.compile(f"/executions/{two[0]}"))


def test_r38_the_record_is_narrowed_by_person_action_object_and_time_and_saved_as_it_is_shown(opened: Opened):
    page = opened("oda", "organization/audit")
    page.get_by_role("button", name="Filters", exact=True).click()
    page.get_by_label("Action", exact=True).select_option("role")
    expect(told(page).filter(has_text="gave lea the role Engineer in the project wing")).to_be_visible()
    page.get_by_label("Time", exact=True).select_option("7d")
    expect(page).to_have_url(re.compile("action=role.*within=7d"))
    expect(told(page).filter(has_text="signed in")).to_have_count(0)
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    lines = Path(saved.value.path()).read_text().splitlines()
    assert lines[0].startswith("at,who,what,action")
    assert any("gave lea the role Engineer in the project wing,role.assigned" in line for line in lines)
    page.get_by_label("Person", exact=True).select_option("lea")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.locator(".empty").get_by_role("button", name="Clear filters").click()
    expect(told(page).filter(has_text="oda signed in").first).to_be_visible()


@pytest.fixture(scope="module")
def long_log(chromium: Any, platform: Any) -> str:
    """The page of an execution whose job printed a hundred thousand lines."""
    context = chromium.new_context(base_url=platform.url)
    body = {"username": "tom", "organization": "acme", "password": "a password for tests"}
    assert context.request.post(f"{API}/auth/session", data=body, headers=CSRF).ok
    page = context.new_page()
    made = page.request.post(f"{API}/workflow/template", data={"files": {"workflow.yaml": PRINTS}}, headers=CSRF)
    assert made.ok, made.text()
    asked = {"wtid": made.json()["id"], "project": "wing"}
    wid = page.request.post(f"{API}/workflow/submit", data=asked, headers=CSRF).json()["wid"]
    for _ in range(480):
        if page.request.get(f"{API}/workflow/{wid}").json()["status"] == "FINISHED":
            break
        page.wait_for_timeout(500)
    shown = large.long_log(page.request, wid, MANY)
    context.close()
    return shown


def lines_of(page: Page):
    return page.get_by_role("log").locator("li")


def test_r23_the_newest_of_a_hundred_thousand_lines_come_first_and_few_are_drawn(opened: Opened, long_log: str):
    page = opened("tom", "more")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/logs" in one.url and "/api/" in one.url else None)
    page.goto(f"/o/acme/{long_log}")
    expect(lines_of(page).last).to_contain_text(f"{MANY}")
    assert len(asked) == 1, "one question brings the newest thousand"
    assert lines_of(page).count() < 120
    page.get_by_role("button", name="To the first line").click()
    expect(lines_of(page).first).to_contain_text("Time 1")
    assert len(asked) <= 3
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download").click()
    assert Path(saved.value.path()).read_text().count("\n") == MANY


def test_r23_a_line_in_the_address_is_shown_and_marked_and_a_text_is_found_in_all_of_the_log(
    opened: Opened, long_log: str
):
    page = opened("tom", f"{long_log}#L1234")
    marked = page.locator("[role=log] li.hit")
    expect(marked).to_have_text("1234Time 1234")
    expect(marked).to_be_in_viewport()
    page.get_by_label("Go to line").fill("77000")
    page.get_by_label("Go to line").press("Enter")
    expect(marked).to_contain_text("77000")
    expect(page).to_have_url(re.compile("#L77000$"))
    page.get_by_role("searchbox", name="Find in the log").fill("NAN")
    expect(page.get_by_role("status").filter(has_text="1 of 24")).to_be_visible()
    expect(page.locator("[role=log] li mark").first).to_have_text("nan")
    page.get_by_role("button", name="Previous match").click()
    expect(page.get_by_role("status").filter(has_text="24 of 24")).to_be_visible()
    expect(page.locator("[role=log] li.hit").filter(has_text="96024")).to_be_in_viewport()


def test_r23_lines_of_a_level_times_and_wrapping_are_in_the_address(opened: Opened, long_log: str):
    page = opened("tom", long_log)
    page.get_by_label("Level").select_option("error")
    expect(lines_of(page)).to_have_count(24)
    expect(lines_of(page).first).to_contain_text("4001")
    page.get_by_role("button", name="Times", exact=True).click()
    page.get_by_role("button", name="Wrap lines").click()
    expect(lines_of(page).first.locator("time")).to_have_text("10:00:00")
    expect(page.get_by_text("Times as the program printed them.")).to_be_visible()
    again = opened("tom", page.url.partition("/acme/")[2])
    expect(lines_of(again)).to_have_count(24)
    expect(again.get_by_role("button", name="Wrap lines")).to_have_attribute("aria-pressed", "true")
    expect(again.get_by_text("24 of 100,000 lines")).to_be_visible()
    assert faults_of(again) == []
    assert small_targets(again) == []
    again.get_by_label("Level").select_option("info")
    expect(again.get_by_text("No line is marked so.")).to_be_visible()
    again.get_by_role("button", name="Show all lines").click()
    expect(lines_of(again).last).to_contain_text(f"{MANY}")


def test_the_organizations_policy_is_what_the_wizard_begins_with_and_its_history_is_told(opened: Opened):
    page = opened("oda", "organization/policies")
    page.get_by_role("button", name="Change: Placement of runs").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Clusters are ranked").select_option("greenest")
    dialog.get_by_label("No run may name another policy").check()
    expect(dialog).to_contain_text("refused from now on")
    assert faults_of(page) == []
    dialog.get_by_role("button", name="Change").click()
    expect(page.locator("main")).to_contain_text("by energy: the greenest first")
    lea = opened("lea", "run/airfoil")
    expect(lea.get_by_text("Your organization ranks clusters by its own policy: Greenest.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("main")).to_contain_text("may name another policy")
    page.get_by_role("link", name="What was changed").click()
    expect(page.get_by_text("oda changed the policy of placement to greenest")).to_be_visible()


def test_r29_how_one_hears_of_the_end_is_chosen_for_each_run_and_changed_while_it_goes_on(opened: Opened):
    page = opened("tom", "more")
    files = {"workflow.yaml": PRINTS.replace("prints", "sleeps").replace("echo, hello", "sleep, '55'")}
    made = page.request.post(f"{API}/workflow/template", data={"files": files}, headers=CSRF)
    assert made.ok, made.text()
    page.goto(f"/o/acme/run/{made.json()['id']}")
    page.get_by_role("button", name=re.compile("^Review:")).click()
    expect(page.get_by_label("In the page")).to_be_checked()
    page.get_by_label("By mail to tom@acme.example").check()
    expect(page.get_by_text("--notices page,mail")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Run on ")).click()
    expect(page).to_have_url(re.compile("/executions/exe_"))
    wid = page.url.partition("/executions/")[2].partition("?")[0]
    assert page.request.get(f"{API}/workflow/{wid}").json()["notices"] == ["mail", "page"]
    page.goto(f"/o/acme/executions/{wid}/details")
    with page.expect_response("**/notices"):
        page.get_by_label("By mail to tom@acme.example").uncheck()
    assert page.request.get(f"{API}/workflow/{wid}").json()["notices"] == ["page"]
    page.request.delete(f"{API}/workflow/{wid}", headers=CSRF)


def test_the_bell_tells_what_ended_since_one_looked_and_leads_there(opened: Opened, long_log: str):
    wid = long_log.partition("/")[2].partition("/")[0]
    page = opened("tom", "more")
    expect(page.get_by_role("button", name="Notices", exact=True)).to_be_visible()
    page.evaluate("""() => { for (const key of Object.keys(localStorage)) if (key.startsWith('heroes.bell.seen'))
        localStorage.setItem(key, '2020-01-01T00:00:00Z'); }""")
    page.reload()
    page.get_by_role("button", name=re.compile(r"Notices, \d+ unread")).click()
    expect(page.get_by_role("menuitem").filter(has_text="prints has finished.")).to_be_visible()
    page.get_by_role("menuitem").filter(has_text="prints has finished.").click()
    expect(page).to_have_url(re.compile(f"/executions/{wid}"))
    page.wait_for_function("""() => Object.keys(localStorage).some((key) =>
        key.startsWith('heroes.bell.seen') && localStorage.getItem(key) > '2021')""")  # what is shown counts as read


def test_a_file_leads_to_the_run_that_made_it(opened: Opened, long_log: str):
    wid = long_log.partition("/")[2].partition("/")[0]
    page = opened("tom", f"data/home/executions/{wid}/steps/print/0/logs/?sel=stdout")
    expect(page.get_by_text("Made by")).to_be_visible()
    page.get_by_role("complementary").get_by_role("link", name="prints").click()
    expect(page).to_have_url(re.compile(f"/executions/{wid}"))
    page.goto("/o/acme/data/home/executions")
    folder = page.get_by_role("row").filter(has_text=wid)
    expect(folder).to_contain_text("prints")
    folder.get_by_role("link", name=wid).click()
    expect(page.get_by_text("written by prints")).to_be_visible()


def test_a_log_at_a_glance_has_a_title_and_one_row_of_tools(opened: Opened, long_log: str):
    page = opened("tom", f"{long_log.replace('/logs', '')}&q=nan")
    tools = page.get_by_role("region", name="Log").locator(".log-tools")
    expect(tools.get_by_role("heading", name="Log")).to_be_visible()
    expect(tools).to_contain_text("1 of 24")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert tools.bounding_box()["height"] < 56, width
