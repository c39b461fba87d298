"""Lists that are narrowed and logs that are read, in the browser; the numbers are those of the requirements."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.browser.conftest import Opened, faults_of, small_targets
from journeys.browser.large import owner

API = "/api/v1/organization"
CSRF = {"X-Heroes-Csrf": "1"}
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
    with owner(platform) as connection:
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
