"""Files, money, people and the platform in the browser; the numbers are those of the requirements of the web pages."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.browser.conftest import Opened, faults_of

CSRF = {"X-Heroes-Csrf": "1"}


def put(page: Page, path: str, content: bytes = b"data", bucket: str = "home") -> None:
    answer = page.request.put(
        f"/api/v1/organization/data/bucket/{bucket}/object/{path}",
        data=content,
        headers={**CSRF, "Content-Type": "application/octet-stream"},
    )
    assert answer.ok, answer.text()


def post(page: Page, path: str, body: Any) -> Any:
    answer = page.request.post(f"/api/v1/organization/{path}", data=body, headers=CSRF)
    assert answer.ok, answer.text()
    return answer.json()


def row(page: Page, name: str):
    return page.locator("table tbody tr").filter(has=page.get_by_text(name, exact=True))


def test_r32_a_folder_is_renamed_with_all_it_holds_and_named_back(opened: Opened):
    page = opened("lea", "data/home/")
    put(page, "old/x.txt")
    page.reload()
    row(page, "old").get_by_role("checkbox").check()
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("New name").fill("new")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(row(page, "new")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "old")).to_be_visible()
    expect(row(page, "new")).to_have_count(0)


def test_r33_deleting_says_how_much_and_is_undone_from_the_trash(opened: Opened):
    page = opened("lea", "data/home/")
    put(page, "gone/a.txt", b"12345")
    put(page, "gone/b.txt", b"12345")
    page.reload()
    row(page, "gone").get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("2 files and 1 folder, 10 B with all versions")
    page.get_by_role("button", name="Move to trash").click()
    expect(row(page, "gone")).to_have_count(0)
    page.goto("/o/acme/data?view=trash")
    page.get_by_role("button", name="Bring back gone").click()
    expect(page.get_by_text("gone is back.")).to_be_visible()
    page.goto("/o/acme/data/home/")
    expect(row(page, "gone")).to_be_visible()


def test_r34_a_folder_of_many_stays_bounded_in_rows_and_requests(opened: Opened):
    page = opened("lea", "more")
    for number in range(420):
        post(page, "data/folder", {"bucket": "home", "path": f"many/d{number:04}"})
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/list?" in one.url and "/bucket/" in one.url else None)
    page.goto("/o/acme/data/home/many")
    expect(row(page, "d0000")).to_be_visible()
    assert page.locator("tbody tr").count() < 120
    assert len(asked) <= 2
    page.get_by_role("button", name="Changed").click()
    expect(page.get_by_text("Sorted among the first")).to_be_visible()


def test_r35_r36_a_table_is_previewed_a_drawing_runs_nothing_and_the_address_keeps_both(opened: Opened):
    page = opened("lea", "more")
    put(page, "look/polar.csv", b"alpha,cl\n-4,-0.41\n0,0.24\n")
    put(page, "look/bad.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>parent.hacked = 1</script></svg>')
    page.goto("/o/acme/data/home/look")
    page.get_by_role("button", name="polar.csv").click()
    expect(page).to_have_url(re.compile(r"sel=.*polar\.csv"))
    expect(page.locator(".look").get_by_role("cell", name="0.24")).to_be_visible()
    page.reload()
    expect(page.locator(".look").get_by_role("cell", name="0.24")).to_be_visible()
    page.get_by_role("button", name="bad.svg").click()
    expect(page.locator(".look img")).to_be_visible()
    assert page.evaluate("window.hacked") is None
    kept = page.request.get("/api/v1/organization/data/download?bucket=home&file=look/bad.svg")
    assert "sandbox" in kept.headers["content-security-policy"]


def test_the_operator_sees_health_and_the_work_that_waits(opened: Opened, platform: Any):
    page = opened("oda", "platform")
    expect(page.get_by_role("main")).to_contain_text("“platform.operate” is missing")


PAGES = [
    ("lea", "data/home/"),
    ("lea", "data?view=trash"),
    ("bea", "billing"),
    ("bea", "billing/ledger"),
    ("bea", "billing/alerts"),
    ("oda", "billing/tariffs"),
    ("oda", "organization"),
    ("oda", "organization/roles"),
    ("oda", "organization/credentials"),
    ("oda", "organization/audit"),
]


@pytest.mark.parametrize(("user", "path"), PAGES)
def test_r45_r48_every_page_passes_axe_in_both_themes_and_fits_320_pixels(opened: Opened, user: str, path: str):
    page = opened(user, path, color_scheme="light")
    expect(page.locator("main h1")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert faults_of(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults_of(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
