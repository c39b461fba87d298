"""Files, money, people and the platform in the browser; the numbers are those of the requirements of the web pages."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.browser.conftest import Opened, faults_of, small_targets

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


def test_r30_an_upload_that_was_cut_off_goes_on_after_the_file_is_chosen_again(opened: Opened, tmp_path: Path):
    whole = bytes(range(256)) * 4096
    half = len(whole) // 2
    (tmp_path / "mesh.stl").write_bytes(whole)
    page = opened("lea", "more")
    tus = {**CSRF, "Tus-Resumable": "1.0.0"}
    named = f"path {base64.b64encode(b'home:mesh.stl').decode()}"
    asked = {**tus, "Upload-Length": str(len(whole)), "Upload-Metadata": named}
    begun = page.request.post("/api/v1/organization/data/uploads", headers=asked)
    piece = {**tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    assert page.request.patch(begun.headers["location"], data=whole[:half], headers=piece).ok
    sent: list[int] = []
    page.on("request", lambda one: sent.append(int(one.headers["upload-offset"])) if one.method == "PATCH" else None)
    page.goto("/o/acme/data?view=transfers")
    expect(page.locator("li[data-state=lost]")).to_contain_text("mesh.stl")
    page.locator("input[data-upload=again]").set_input_files(tmp_path / "mesh.stl")
    expect(page.locator("li[data-state=done]")).to_contain_text("mesh.stl")
    assert sent == [half], "only the rest is sent"
    page.get_by_role("link", name="Home", exact=True).last.click()
    expect(row(page, "mesh.stl")).to_be_visible()


def test_r31_a_folder_keeps_its_tree_and_taken_names_are_asked_about(opened: Opened, tmp_path: Path):
    for name in ("case/a.txt", "case/sub/b.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    page = opened("lea", "data/home/")
    page.locator("input[data-upload=folder]").set_input_files(tmp_path / "case")
    expect(page.locator("li[data-state=done]")).to_have_count(2)
    page.get_by_role("row").get_by_role("link", name="case", exact=True).click()
    expect(row(page, "sub")).to_be_visible()
    page.go_back()
    expect(row(page, "case")).to_be_visible()
    page.locator("input[data-upload=folder]").set_input_files(tmp_path / "case")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 names are taken")
    dialog.get_by_role("button", name="Keep both").click()
    expect(page.locator("li[data-state=done]")).to_have_count(4)
    page.get_by_role("row").get_by_role("link", name="case", exact=True).click()
    expect(row(page, "a (2).txt")).to_be_visible()


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


def test_r40_a_role_sees_its_own_places_and_is_told_what_it_lacks(opened: Opened):
    page = opened("lea", "billing")
    expect(page.get_by_role("main")).to_contain_text("“ledger.read")
    expect(page.get_by_role("main")).to_contain_text("billing administrator")
    places = page.get_by_role("navigation", name="Main", exact=True)
    expect(places.get_by_role("link", name="Data", exact=True)).to_be_visible()
    expect(places.get_by_role("link", name="Billing")).to_have_count(0)
    places = opened("bea", "billing").get_by_role("navigation", name="Main", exact=True)
    expect(places.get_by_role("link", name="Billing")).to_be_visible()
    expect(places.get_by_role("link", name="Platform")).to_have_count(0)


def test_a_budget_is_set_shown_with_its_effect_changed_and_put_back(opened: Opened):
    page = opened("bea", "billing")
    wing = page.get_by_role("row").filter(has_text="Wing")
    before = wing.get_by_role("cell").first.inner_text()
    page.get_by_role("button", name="Edit budget of Wing").click()
    page.get_by_label(re.compile("Amount of each period")).fill("50")
    expect(page.get_by_role("dialog")).to_contain_text("Left would be €50.00")
    page.get_by_role("button", name="Save").click()
    expect(wing).to_contain_text("€50.00")
    page.get_by_role("button", name="Undo").click()
    expect(wing.get_by_role("cell").first).to_have_text(before)


def test_r52_a_price_shows_what_it_would_have_changed_and_stays_in_the_history(opened: Opened):
    page = opened("oda", "billing/tariffs")
    expect(page.get_by_role("row").filter(has_text="here")).to_be_visible()
    expect(page.get_by_role("button", name="Set price")).to_have_count(0)  # it is another organization's
    post(page, "cluster", {"name": "own", "kind": "slurm", "host": "127.0.0.1", "port": 9, "account": "a"})
    page.reload()
    page.get_by_role("button", name="Set price").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Core and hour").fill("0.03")
    expect(dialog.locator(".effect")).to_be_visible()
    dialog.get_by_role("button", name="Set price").click()
    expect(page.get_by_role("row").filter(has_text="own")).to_contain_text("€0.030 per core-h")
    page.get_by_role("button", name="End the price of own").click()
    page.get_by_role("button", name="End price").click()
    page.get_by_role("button", name="past prices too").click()
    expect(page.get_by_role("row").filter(has_text="over")).to_contain_text("until")


def test_a_colleague_is_invited_disabled_and_found_in_the_record(opened: Opened):
    page = opened("oda", "organization")
    page.get_by_role("button", name="Invite").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("User name").fill("zoe")
    dialog.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("dialog")).to_contain_text("shown once")
    page.get_by_role("button", name="I have kept it").click()
    page.get_by_role("button", name="Edit: zoe").click()
    page.get_by_role("menuitem", name="Disable").click()
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(page.get_by_role("row").filter(has_text="zoe")).to_contain_text("disabled")
    page.goto("/o/acme/organization/audit?action=user")
    expect(page.get_by_text("oda invited zoe")).to_be_visible()


def test_a_workflow_is_published_from_a_folder_restricted_and_withdrawn(opened: Opened, tmp_path: Path):
    (tmp_path / "hello").mkdir()
    steps = "steps:\n  hello: {run: [echo, hello], resources: {cores: 1, memory: 16 MiB, walltime: 00:01:00}}\n"
    (tmp_path / "hello" / "workflow.yaml").write_text(
        f"heroes: 1\nname: hello\ntitle: A greeting\nsummary: Greets.\n{steps}"
    )
    page = opened("tom", "workflows")
    expect(page.get_by_role("button", name="Publish a workflow")).to_be_visible()
    page.locator("input[data-publish]").set_input_files(tmp_path / "hello")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("next version of the workflow")
    dialog.get_by_role("button", name="Publish a workflow").click()
    greeting = page.get_by_role("row").filter(has_text="A greeting")
    expect(greeting).to_contain_text("by tom")
    page.get_by_role("button", name="Change A greeting").click()
    page.get_by_role("menuitem", name="Restrict").click()
    expect(dialog).to_contain_text("Only publishers")
    dialog.get_by_role("button", name="Restrict").click()
    expect(greeting).to_contain_text("restricted")
    page.get_by_role("button", name="Undo").click()
    expect(greeting).not_to_contain_text("restricted")
    page.get_by_role("button", name="Change A greeting").click()
    page.get_by_role("menuitem", name="Withdraw").click()
    expect(dialog).to_contain_text("brings it back")
    dialog.get_by_role("button", name="Withdraw").click()
    expect(greeting).to_have_count(0)


PAGES = {
    "lea": [
        *("data/home/", "data?view=transfers", "data?view=trash", "run/airfoil", "workflows/airfoil?tab=files"),
        *("", "insights", "insights?view=decisions", "more", "clusters", "nothing-here"),
    ],
    "tom": ["workflows", "workflows/airfoil", "workflows/airfoil?tab=steps", "workflows/airfoil?tab=versions"],
    "bea": ["billing", "billing/ledger", "billing/alerts"],
    "oda": [
        "billing/tariffs",
        *(f"organization{page}" for page in ("", "/projects", "/roles", "/credentials", "/policies", "/audit")),
    ],
    "ada": ["", "executions", "data", "insights", "platform", "platform/health", "platform/work"],
}
"""every page by whom it is for; ada's organization has nothing yet"""
HOME = {"ada": "heroes"}


def stands(page: Page) -> None:
    """Wait until a page shows what it has."""
    expect(page.locator("h1, .empty h3").first).to_be_visible()
    expect(page.locator(".loading, .skel")).to_have_count(0)


@pytest.mark.parametrize("user", PAGES)
def test_r45_r48_every_page_passes_axe_in_both_themes_and_fits_320_pixels(opened: Opened, user: str):
    home = HOME.get(user, "acme")
    page = opened(user, PAGES[user][0], color_scheme="light", organization=home)
    found: dict[str, object] = {}
    for path in PAGES[user]:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(f"/o/{home}/{path}")
        stands(page)
        faults = [*faults_of(page), *small_targets(page)]
        page.emulate_media(color_scheme="dark")
        faults += faults_of(page)
        page.set_viewport_size({"width": 320, "height": 700})
        width = page.evaluate("document.documentElement.scrollWidth")
        if faults or width > 320:
            found[path] = (faults, width)
    assert found == {}


TEXTS = """() => { const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) { const box = walk.currentNode.parentElement;
        if (!box.closest('script, style, code, pre, .mono, .readme-text, .log') && box.checkVisibility())
            found.push(walk.currentNode.textContent.trim()); }
    return [found.filter(Boolean), window.told]; }"""
TOLD = """window.told = []; const ask = window.fetch;
    window.fetch = async (...asked) => { const answer = await ask(...asked);
        if (answer.headers.get('content-type')?.includes('json')) window.told.push(await answer.clone().text());
        return answer; };"""
LETTERED = re.compile(r"[^\W\d_]{3,}")
KNOWN = {
    *(
        "HEROES",
        "heroes",
        "Ctrl",
        "CSV",
        "SHA",
        "kWh",
        "min",
        "MiB",
        "GiB",
        "Deutsch",
        "English",
        "POST",
        "curl",
        "YAML",
        "true",
        "false",
    ),
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec"),
}
"""units, names and months, which are nobody's to translate or the browser's"""


def strings(told: Any) -> Iterator[str]:
    """Yield every text of an answer, names of its fields among them."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for name, value in told.items():
            yield from (name, *strings(value))
    elif isinstance(told, list):
        for value in told:
            yield from strings(value)


def of_nobody(text: str, told: set[str]) -> bool:
    """Whether something stands in a text that neither a catalogue nor the platform said."""
    while (less := re.sub(r"⟦[^⟦⟧]*⟧", "\n", text)) != text:
        text = less
    for part in text.splitlines():
        plain = part.strip(" ·,.:;()…–→")
        if KNOWN.issuperset(LETTERED.findall(plain)) or any(plain in one for one in told):
            continue
        for one in sorted(told, key=len, reverse=True):
            if one in plain:
                plain = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", " ", plain)
        if not KNOWN.issuperset(LETTERED.findall(plain)):
            return True
    return False


def hard_coded(page: Page) -> list[str]:
    """Return what stands in a page in the pseudo-language that neither a catalogue nor the platform said."""
    texts, answers = page.evaluate(TEXTS)
    told = {one for answer in answers for one in strings(json.loads(answer)) if LETTERED.search(one)}
    told |= {one.replace("_", " ") for one in told if "_" in one}
    return [one for one in texts if of_nobody(one, told)]


def test_r47_no_page_holds_a_text_that_no_catalogue_has(opened: Opened):
    found: dict[str, list[str]] = {}
    for user, paths in PAGES.items():
        home = HOME.get(user, "acme")
        page = opened(user, "more", organization=home)
        page.add_init_script(TOLD)
        page.evaluate("() => localStorage.setItem('heroes.language', 'xx')")
        for path in paths:
            page.goto(f"/o/{home}/{path}")
            stands(page)
            for _ in range(40):  # until what comes last is there
                hard = hard_coded(page)
                if not hard:
                    break
                page.wait_for_timeout(250)
            else:
                found[f"{user} {path}"] = hard
    assert found == {}


def test_r45_the_way_in_passes_axe(chromium: Any, platform: Any):
    context = chromium.new_context(base_url=platform.url, locale="en-GB")
    page = context.new_page()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto("/o/acme/executions?status=failed")
        expect(page.locator("#user")).to_be_visible()
        assert [*faults_of(page), *small_targets(page)] == []
    context.close()


def test_r5_a_draft_survives_another_browser_and_is_gone_once_it_is_removed(opened: Opened):
    page = opened("lea", "workflows")
    page.get_by_role("link", name=re.compile("^Run .*airfoil", re.IGNORECASE)).click()
    expect(page).to_have_url(re.compile("/placement"))
    page.get_by_role("button", name="Inputs").click()
    with page.expect_response(lambda answer: "/draft/drf_" in answer.url and answer.request.method == "PUT"):
        page.locator("#root_panels").fill("90")
    other = opened("lea", "")
    drafts = other.get_by_role("region", name="Drafts")
    drafts.get_by_role("link", name="Lift of an airfoil").click()
    expect(other.locator("#root_panels")).to_have_value("90")
    with other.expect_response(lambda answer: "/draft/drf_" in answer.url and answer.request.method == "PUT"):
        other.locator("#root_panels").fill("120")
    page.locator("#root_panels").fill("60")  # what was read here is not what is there
    page.get_by_role("button", name="Take that one").click()
    expect(page.locator("#root_panels")).to_have_value("120")
    page.goto("/o/acme")
    page.get_by_role("button", name=re.compile("^Remove the draft of Lift")).click()
    expect(page.get_by_role("region", name="Drafts")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("region", name="Drafts")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Remove the draft of Lift")).click()
    expect(page.get_by_role("region", name="Drafts")).to_have_count(0)
    other.reload()
    expect(other.get_by_text("This draft is not here any more")).to_be_visible()
