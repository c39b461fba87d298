"""Files, money, people and the platform in the browser; the numbers are those of the requirements of the web pages."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from heroes.kit.destinations import TROUBLES
from journeys.browser.conftest import (
    ROOT,
    Opened,
    faults_of,
    in_both_themes,
    more_of,
    small_targets,
    stands,
    visit,
    walk,
)
from journeys.browser.large import owner
from journeys.browser.texts import TOLD, hard_coded, lasting

CSRF = {"X-Heroes-Csrf": "1"}
NOW = datetime.now(UTC).isoformat()


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


def received(page: Page) -> int:
    """Return how much of the one upload that waits has arrived."""
    listed = page.request.get("/api/v1/organization/data/uploads").json()
    return max((int(one["received"]) for one in listed if one["state"] == "waiting"), default=0)


def test_r30_an_upload_that_was_killed_at_half_goes_on_after_the_file_is_chosen_again(opened: Opened, tmp_path: Path):
    size = 128 * 1024 * 1024  # in pieces of 32 MiB; `make bench` sends 5 GB
    with (tmp_path / "mesh.stl").open("wb") as file:
        file.truncate(size)
        for at in range(0, size, 8 * 1024 * 1024):
            file.seek(at)
            file.write(at.to_bytes(8, "big"))
    page = opened("lea", "data/home/")
    line = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 32 * 1024 * 1024}
    line.send("Network.emulateNetworkConditions", slow)
    page.locator("input[data-upload=files]").set_input_files(tmp_path / "mesh.stl")
    page.get_by_role("button", name="Pause: mesh.stl").click()
    expect(page.locator("li[data-state=paused]")).to_contain_text("mesh.stl")
    assert received(page) < size // 2
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.method == "PATCH" else None)
    page.wait_for_timeout(500)
    assert asked == [], "nothing is sent while it waits"
    page.get_by_role("button", name="Go on: mesh.stl").click()
    page.locator("nav.nav").get_by_role("link", name="Workflows", exact=True).click()
    expect(page.get_by_role("heading", name="Workflows")).to_be_visible()  # it goes on beside another page
    for _ in range(600):
        if received(page) >= size // 2:
            break
        page.wait_for_timeout(50)
    other = page.context.new_page()
    page.close()
    arrived = received(other)
    assert size // 2 <= arrived < size
    sent: list[int] = []
    other.on("request", lambda one: sent.append(int(one.headers["upload-offset"])) if one.method == "PATCH" else None)
    other.goto("/o/acme/data?view=transfers")
    expect(other.locator("li[data-state=lost]")).to_contain_text("mesh.stl")
    other.locator("input[data-upload=again]").set_input_files(tmp_path / "mesh.stl")
    expect(other.locator("li[data-state=done]")).to_contain_text("mesh.stl")
    assert sent[0] >= 0.45 * size, "only the rest is sent"
    other.get_by_role("link", name="Home", exact=True).last.click()
    row(other, "mesh.stl").get_by_role("button", name="mesh.stl").click()
    with (tmp_path / "mesh.stl").open("rb") as file:
        whole = hashlib.file_digest(file, "sha256").hexdigest()
    expect(other.get_by_role("button", name=f"Copy: {whole}")).to_be_visible()


def test_r31_a_folder_keeps_its_tree_and_taken_names_are_left_out_replaced_or_kept_beside(
    opened: Opened, tmp_path: Path
):
    def write(said: str) -> None:
        for name in ("case/a.txt", "case/sub/b.txt"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(f"{said} {name}")

    def upload(how: str | None, sent: int) -> None:
        row(page, "case").wait_for()
        page.locator("input[data-upload=folder]").set_input_files(tmp_path / "case")
        if how:
            expect(page.get_by_role("dialog")).to_contain_text("2 names are taken")
            page.get_by_role("dialog").get_by_role("button", name=how, exact=True).click()
        expect(page.get_by_text(f"{sent} of {sent} files")).to_be_visible()

    def held(path: str) -> str:
        return page.request.get(f"/api/v1/organization/data/download?bucket=home&file={path}").text()

    page = opened("lea", "more")
    put(page, "case/kept.txt")
    page.goto("/o/acme/data/home/")
    write("first")
    upload(None, 2)
    page.get_by_role("row").get_by_role("link", name="case", exact=True).click()
    expect(row(page, "sub")).to_be_visible()
    page.go_back()
    write("second")
    (tmp_path / "case/new.txt").write_text("new")
    upload("Leave these out", 3)
    assert [held("case/a.txt"), held("case/new.txt")] == ["first case/a.txt", "new"]
    (tmp_path / "case/new.txt").unlink()
    upload("Replace", 5)
    assert [held("case/a.txt"), held("case/sub/b.txt")] == ["second case/a.txt", "second case/sub/b.txt"]
    upload("Keep both", 7)
    page.get_by_role("row").get_by_role("link", name="case", exact=True).click()
    expect(row(page, "a (2).txt")).to_be_visible()
    expect(row(page, "kept.txt")).to_be_visible()


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
    large = {"kind": "move", "path": "runs/old", "target_path": "runs/2024", "objects_total": 3400, "created_at": NOW}
    under_way = {**large, "id": "ope_1", "state": "running", "objects_done": 120, "error": None}
    stopped = {**large, "id": "ope_2", "state": "failed", "objects_done": 0, "error": "There is a folder runs/2024."}
    page.route("**/operations/list?*", lambda route: route.fulfill(json=[under_way, stopped]))
    page.reload()
    expect(page.locator("li[data-state=running]")).to_contain_text(re.compile("runs/old.*runs/2024.*120.*3,400"))
    expect(page.locator("li[data-state=failed]")).to_contain_text("There is a folder runs/2024.")


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


def test_a_file_is_used_in_a_workflow_which_opens_with_it_filled_in(opened: Opened):
    page = opened("lea", "data/home/")
    put(page, "mine/section 2.dat", (ROOT / "examples/airfoil/naca2412.dat").read_bytes())
    page.goto("/o/acme/data/home/mine")
    page.get_by_role("button", name="section 2.dat", exact=True).click()
    page.get_by_role("button", name="Use in a workflow").click()
    dialog = page.get_by_role("dialog", name="Use section 2.dat in a workflow")
    expect(dialog.get_by_role("link")).to_have_text(re.compile("^Lift of an airfoil"))  # no other takes a file
    assert [*faults_of(page), *small_targets(page)] == []
    dialog.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/submit/.*/inputs"))
    expect(page.get_by_label("Outline")).to_have_value("home:mine/section 2.dat")
    page.get_by_role("button", name="Resources", exact=True).last.click()
    expect(page).to_have_url(re.compile("/resources"))
    asked = {"wtid": "airfoil", "parameters": {"airfoil": "home:mine/section 2.dat"}, "project": "wing"}
    run = post(page, "workflow/submit", asked)["wid"]
    page.goto("/o/acme/data/home/?sel=mine")
    page.get_by_role("button", name="Use in a workflow").click()
    expect(page.get_by_role("dialog")).to_contain_text("No workflow that you may run takes a folder.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("Used by 1 execution.")
    page.keyboard.press("Escape")
    page.get_by_role("complementary", name="mine").get_by_role("link", name="1 execution").click()
    expect(page.get_by_text("Took: home:mine")).to_be_visible()
    expect(page.locator(f"a[href*='{run}']").first).to_be_visible()
    page.request.delete(f"/api/v1/organization/workflow/{run}", headers=CSRF)


def pdf(words: str) -> bytes:
    """Return a page that says so."""
    drawn = f"BT /F1 24 Tf 20 50 Td ({words}) Tj ET".encode()
    font = "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 100] /Contents 4 0 R {font} >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
    ]
    made = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (at, one) for at, one in enumerate(parts, 1))
    return made + b"trailer << /Root 1 0 R /Size 5 >>\n%%EOF\n"


DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_r35_r36_text_tables_images_and_pdf_are_previewed_a_drawing_runs_nothing_and_the_address_keeps_it(
    opened: Opened,
):
    page = opened("lea", "more")
    refused: list[str] = []
    page.on("console", lambda one: refused.append(one.text) if "Content Security Policy" in one.text else None)
    put(page, "look/polar.csv", b"alpha,cl\n-4,-0.41\n0,0.24\n")
    put(page, "look/notes.txt", b"Mesh 4 has a hole. <b>Use 5.</b>\n")
    put(page, "look/dot.png", DOT)
    put(page, "look/paper.pdf", pdf("Lift of an airfoil"))
    put(page, "look/mesh.stl", b"solid")
    put(page, "look/bad.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>parent.hacked = 1</script></svg>')
    page.goto("/o/acme/data/home/look")
    page.get_by_role("button", name="polar.csv").click()
    expect(page).to_have_url(re.compile(r"sel=.*polar\.csv"))
    expect(page.locator(".look").get_by_role("cell", name="0.24")).to_be_visible()
    page.reload()
    expect(page.locator(".look").get_by_role("cell", name="0.24")).to_be_visible()
    page.get_by_role("button", name="notes.txt").click()
    expect(page.locator(".look pre")).to_have_text("Mesh 4 has a hole. <b>Use 5.</b>\n")
    page.get_by_role("button", name="dot.png").click()
    expect(page.locator(".look img")).to_be_visible()
    assert page.locator(".look img").evaluate("async (img) => { await img.decode(); return img.naturalWidth; }") == 1
    page.get_by_role("button", name="paper.pdf").click()
    frame = page.locator(".look iframe")
    expect(frame).to_be_visible()
    expect(frame).to_have_attribute("title", "paper.pdf")
    shown = frame.element_handle().content_frame()
    assert shown is not None
    shown.wait_for_url(re.compile("^blob:"))
    page.get_by_role("button", name="mesh.stl").click()
    expect(page.locator(".look")).to_contain_text("Download it.")
    page.get_by_role("button", name="bad.svg").click()
    expect(page.locator(".look img")).to_be_visible()
    assert page.evaluate("window.hacked") is None
    assert refused == []
    kept = page.request.get("/api/v1/organization/data/download?bucket=home&file=look/bad.svg")
    assert "sandbox" in kept.headers["content-security-policy"]


def test_the_operator_sees_health_and_the_work_that_waits(opened: Opened, platform: Any):
    page = opened("oda", "platform")
    expect(page.get_by_role("main")).to_contain_text("You lack the right to operate the platform. Only those who run")


def test_the_operator_sees_what_the_parts_complained_of_narrows_it_and_takes_it_away(opened: Opened, platform: Any):
    path = platform.home / TROUBLES
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        for number in range(60):
            said = {"message": f"a site was away for the {number:02}th time", "heroes.line": "lin_1"}
            level = {"log.level": "error", "error.stack_trace": "Traceback: no route"} if number == 57 else {}
            at = {"@timestamp": datetime.now(UTC).isoformat(), "log.level": "warning", "service.name": "heroes-worker"}
            file.write(json.dumps({**at, **said, **level}) + "\n")
    page = opened("ada", "platform/logs", organization="heroes")
    rows = page.get_by_role("table", name="Logs").locator("tbody tr")
    expect(page.get_by_text("the 59th time")).to_be_visible()
    expect(rows).to_have_count(50)
    page.get_by_role("searchbox", name="Text in the line").fill("the 5")
    expect(page).to_have_url(re.compile(r"[?&]q=the"))
    expect(rows).to_have_count(10)
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Level").select_option("error")
    expect(rows).to_have_count(1)
    page.reload()
    expect(rows).to_have_count(1)
    rows.get_by_text("Where in the program").click()
    expect(rows).to_contain_text("Traceback: no route")
    assert faults_of(page) == []
    assert small_targets(page) == []
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download").click()
    told = Path(taken.value.path()).read_text()
    assert "ERROR worker a site was away for the 57th time heroes.line=lin_1\nTraceback: no route" in told
    assert told.count("away") == 1


def test_r40_a_role_sees_its_own_places_and_is_told_what_it_lacks(opened: Opened):
    page = opened("lea", "billing")
    expect(page.get_by_role("main")).to_contain_text("to read the books of the whole organization")
    expect(page.get_by_role("main")).to_contain_text("Billing administrator")
    places = page.get_by_role("navigation", name="Main", exact=True)
    expect(places.get_by_role("link", name="Data", exact=True)).to_be_visible()
    expect(places.get_by_role("link", name="Billing")).to_have_count(0)
    page.goto("/o/acme/more")
    expect(page.get_by_role("heading", name="When a run of mine ends")).to_be_visible()
    page = opened("bea", "more")
    places = page.get_by_role("navigation", name="Main", exact=True)
    expect(places.get_by_role("link", name="Billing")).to_be_visible()
    expect(places.get_by_role("link", name="Platform")).to_have_count(0)
    expect(page.get_by_role("heading", name="Light or dark")).to_be_visible()
    expect(page.get_by_role("heading", name="When a run of mine ends")).to_have_count(0)  # bea runs nothing


def test_a_budget_is_set_shown_with_its_effect_changed_and_put_back(opened: Opened):
    page = opened("bea", "billing")
    wing = page.get_by_role("row", name=re.compile("^Wing once"))
    before = wing.get_by_role("cell").first.inner_text()
    page.get_by_role("button", name="Edit budget of Wing").click()
    page.get_by_label(re.compile("Amount of each period")).fill("50")
    left = re.compile(r"Left would be €(50\.00|49\.9\d)")  # another's run may hold a little
    expect(page.get_by_role("dialog")).to_contain_text(left)
    page.get_by_role("button", name="Save").click()
    expect(wing.get_by_role("cell").first).to_have_text("€50")
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
    samples = dialog.locator(".effect").get_by_role("row")  # no run of theirs was priced there
    expect(samples).to_have_count(4)
    expect(samples.nth(2)).to_have_text(re.compile("64 cores × 2 h.*€3.84"))
    dialog.get_by_role("button", name="Set price").click()
    expect(page.get_by_role("row").filter(has_text="own")).to_contain_text("€0.030 per core-h")
    page.get_by_role("button", name="End the price of own").click()
    page.get_by_role("button", name="End price").click()
    page.get_by_role("button", name="past prices too").click()
    expect(page.get_by_role("row").filter(has_text="over")).to_contain_text("until")


FAILS = """heroes: 1
name: fails
title: Fails
summary: Ends with an error.
steps:
  solve: {run: [sh, -c, exit 3], resources: {cores: 1, memory: 16 MiB, walltime: 00:01:00}}
"""


def ended(page: Page, execution: str) -> None:
    for _ in range(240):
        shown = page.request.get(f"/api/v1/organization/workflow/{execution}").json()
        if shown["status"] in {"FINISHED", "FAILED", "CANCELED"}:
            return
        page.wait_for_timeout(250)
    raise AssertionError("it never ended")


def test_r44_a_clusters_page_tells_how_long_jobs_waited_and_what_they_failed_of(opened: Opened):
    post(opened("tom", "more"), "workflow/template", {"files": {"workflow.yaml": FAILS}})
    page = opened("lea", "clusters/here")
    waited = re.compile(r"of \d+ jobs?|No wait seen in this time")  # others may have run before
    expect(page.get_by_role("region", name="Waits in the queues", exact=True)).to_contain_text(waited)
    run = post(page, "workflow/submit", {"wtid": "fails", "parameters": {}, "project": "wing"})["wid"]
    ended(page, run)
    page.goto("/o/acme/clusters/here?days=7")
    waits, failures = (
        page.get_by_role("region", name=name, exact=True) for name in ("Waits in the queues", "Failures")
    )
    expect(waits.get_by_role("row").filter(has_text="local")).to_contain_text(re.compile(r"of \d+ jobs?"))
    expect(failures).to_contain_text(re.compile(r"1 of \d+ starts failed:\s\d+\s%\."))
    for part, told in ((waits, r"local,\d+,"), (failures, r",\d+,\d+,1\b")):
        part.get_by_role("button", name="Show as table").click()
        with page.expect_download() as saved:
            part.get_by_role("button", name=re.compile("^CSV")).click()
        assert re.search(told, saved.value.path().read_text())
    page.get_by_label("Cause").select_option("memory")
    expect(page).to_have_url(re.compile("cause=memory"))
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_role("link", name="fails", exact=True).click()
    expect(page).to_have_url(re.compile(f"executions/{run}"))


def test_what_a_month_cost_is_split_by_cluster_or_project_and_taken_along(opened: Opened):
    tom = opened("tom", "more")
    post(tom, "workflow/template", {"files": {"workflow.yaml": FAILS}})
    ended(tom, post(tom, "workflow/submit", {"wtid": "fails", "parameters": {}, "project": "wing"})["wid"])
    page = opened("bea", "billing")
    plot = page.get_by_role("region", name="By day and cluster")
    expect(plot.get_by_role("listitem")).to_contain_text(["here"])
    charged = page.get_by_role("region", name="Price lines").locator("tfoot td").last
    plot.get_by_role("button", name="Show as table").click()
    expect(plot.get_by_role("row").last).to_contain_text(re.compile(r"here\s*€"))
    expect(charged).to_have_text(re.compile(r"€\d"))
    page.get_by_label("split by").select_option("project")
    expect(page).to_have_url(re.compile("split=project"))
    expect(page.get_by_role("region", name="By day and project").get_by_role("listitem")).to_contain_text(["wing"])
    with page.expect_download() as saved:
        page.get_by_role("link", name="Export CSV").click()
    assert "charge" in saved.value.path().read_text()
    page.get_by_label("Month").select_option(index=1)
    expect(page).to_have_url(re.compile(r"month=\d{4}-\d{2}"))
    expect(page.get_by_text("Nothing was charged in this time")).to_be_visible()


def test_a_cluster_is_changed_put_back_given_another_account_and_removed(opened: Opened):
    page = opened("oda", "more")
    enrol = {"name": "beta", "host": "login.beta.invalid", "account": "heroes01", "title": "Beta"}
    post(page, "cluster", enrol)
    post(page, "cluster/beta/shares", {"organization": "heroes"})
    page.goto("/o/acme/clusters/beta")
    expect(page.get_by_role("region", name="Who may use it").get_by_role("row")).to_contain_text("heroes")
    page.get_by_role("button", name="Change", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Nothing waits or runs there now.")
    dialog.get_by_label("Job folders", exact=False).first.fill("nowhere")
    dialog.get_by_role("button", name="Save the change").click()
    expect(dialog.get_by_role("alert")).to_contain_text("an absolute path")
    dialog.get_by_label("Job folders", exact=False).first.fill("$SCRATCH/heroes")
    expect(dialog).to_contain_text("New jobs make their folders there.")
    dialog.get_by_role("button", name="Save the change").click()
    facts = page.get_by_role("region", name="Facts")
    expect(facts).to_contain_text("$SCRATCH/heroes")
    page.get_by_role("button", name="Undo").click()
    expect(facts).to_contain_text("~/heroes")
    page.get_by_role("button", name="Add an account").click()
    dialog.get_by_label("Account").fill("wing07")
    dialog.get_by_role("button", name="Add the account").click()
    page.get_by_role("button", name="Change the account wing07").click()
    dialog.get_by_label("Account").fill("wing08")
    dialog.get_by_label("Project at the centre").fill("aero")
    expect(dialog).to_contain_text("Jobs that begin from now on are charged there.")
    dialog.get_by_label("How it signs in").select_option("password")
    dialog.get_by_label("Password").fill("secret")
    expect(dialog).to_contain_text("It signs in anew")
    dialog.get_by_role("button", name="Save the change").click()
    changed = page.get_by_role("listitem").filter(has_text="wing08")
    expect(changed).to_contain_text("charged to aero")
    changed.get_by_role("button", name="Remove the account wing08").click()
    dialog.get_by_role("button", name="Remove the account and its secret").click()
    expect(page.get_by_text("The account wing08 is removed.")).to_be_visible()
    page.get_by_role("link", name="What was changed, and by whom").click()
    expect(page.get_by_role("table")).to_contain_text("changed the cluster")
    page.goto("/o/acme/clusters/beta")
    page.get_by_role("button", name="Remove", exact=True).first.click()
    dialog.get_by_role("button", name="Remove beta and its accounts").click()
    expect(page).to_have_url(re.compile("clusters$"))


def test_a_webhook_is_added_tried_changed_sends_again_and_is_removed(opened: Opened, platform: Any):
    page = opened("oda", "organization/webhooks")
    page.get_by_role("button", name="Add a webhook").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Address").fill("hooks.example")
    dialog.get_by_role("button", name="Add a webhook").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Address: Give a whole address")
    dialog.get_by_label("Address").fill("http://127.0.0.1:9/hook")
    dialog.get_by_label("What it is for").fill("Alarm")
    dialog.get_by_label("Events").fill("job.ended, execution.*")
    dialog.get_by_role("button", name="Add a webhook").click()
    expect(dialog).to_contain_text("whsec_")
    dialog.get_by_role("button", name="I have kept it").click()
    alarm = page.get_by_role("row").filter(has_text="Alarm")
    expect(alarm).to_contain_text("job.ended, execution.*")

    def choose(what: str) -> None:
        alarm.get_by_role("button", name="Change or test Alarm").click()
        page.get_by_role("menuitem", name=what).click()

    choose("Send a test event")
    expect(page.get_by_role("main")).to_contain_text("has not arrived at Alarm. 127.0.0.1 leads to 127.0.0.1")
    expect(alarm).to_contain_text("Off")
    page.evaluate("() => localStorage.setItem('heroes.language', 'de')")
    page.reload()
    expect(alarm).to_contain_text("127.0.0.1 führt zu 127.0.0.1, einer Adresse in einem privaten Netz.")
    page.evaluate("() => localStorage.setItem('heroes.language', 'en')")
    with owner(platform) as connection:  # what an address that did not answer leaves behind
        connection.execute(
            "INSERT INTO webhook_dead_letters"
            " (id, organization_id, webhook_id, event_id, type, subject, attempts, trouble)"
            " SELECT 'dea_1', w.organization_id, w.id, e.id, e.type, e.subject, 8, 'It answered 500.'"
            " FROM webhooks w JOIN events e ON e.organization_id = w.organization_id ORDER BY e.id LIMIT 1"
        )
    page.reload()  # else it is seen within half a minute
    choose("Remove")
    expect(dialog).to_contain_text("1 event that was not delivered goes with it.")
    dialog.get_by_role("button", name="Keep as it is").click()
    alarm.get_by_role("button", name="1 not delivered").click()
    expect(dialog).to_contain_text("It answered 500.")
    with page.expect_response(lambda one: one.url.endswith("/resend") and one.status == 202):
        dialog.get_by_role("button", name=re.compile("^Send .* again$")).first.click()
    dialog.get_by_role("button", name="Close").click()
    choose("Change")
    dialog.get_by_label("Events").fill("job.ended")
    expect(dialog).to_contain_text("What happens from now on")
    dialog.get_by_role("button", name="Save the change").click()
    expect(alarm).not_to_contain_text("execution.*")
    page.get_by_role("button", name="Undo").click()
    expect(alarm).to_contain_text("execution.*")
    choose("Remove")
    dialog.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="No webhook yet")).to_be_visible()


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
    page.get_by_role("button", name="Edit: zoe").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("No files, and nothing that runs.")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="History of zoe").click()
    expect(page.get_by_text("oda invited zoe")).to_be_visible()
    expect(page.get_by_text("oda disabled zoe")).to_be_visible()


def test_a_pinned_workflow_is_at_hand_on_the_first_page(opened: Opened):
    page = opened("lea", "workflows")
    pin = page.get_by_role("button", name="Pin Lid-driven cavity with OpenFOAM")
    with page.expect_response("**/auth/preferences"):
        pin.click()
    expect(pin).to_have_attribute("aria-pressed", "true")
    assert [*faults_of(page), *small_targets(page)] == []
    page.evaluate("localStorage.clear()")  # they belong to the person, not to the browser
    page.goto("/o/acme")
    kept = page.get_by_role("region", name="Pinned workflows").get_by_role("listitem")
    expect(kept).to_have_text(re.compile("^Lid-driven cavity with OpenFOAM"))
    kept.get_by_role("link", name=re.compile("^Lid-driven")).click()
    with page.expect_response("**/auth/preferences"):
        page.get_by_role("button", name="Pin Lid-driven cavity with OpenFOAM").click()
    page.goto("/o/acme")
    expect(page.get_by_role("region", name="Workflows", exact=True).get_by_role("listitem").nth(1)).to_be_visible()


def test_a_workflow_is_published_from_a_folder_restricted_and_withdrawn(opened: Opened, tmp_path: Path):
    (tmp_path / "hello").mkdir()
    steps = "steps:\n  hello: {run: [echo, hello], resources: {cores: 1, memory: 16 MiB, walltime: 00:01:00}}\n"
    (tmp_path / "hello" / "workflow.yaml").write_text(
        f"heroes: 1\nname: hello\ntitle: A greeting\nsummary: Greets.\n{steps}"
    )
    (tmp_path / "faulty").mkdir()
    (tmp_path / "faulty" / "workflow.yaml").write_text(f"heroes: 1\nname: hello\ntitel: A greeting\n{steps}")
    page = opened("tom", "more")
    dialog = page.get_by_role("dialog")
    page.evaluate("() => localStorage.setItem('heroes.language', 'de')")
    page.goto("/o/acme/workflows")
    page.locator("input[data-publish]").set_input_files(tmp_path / "faulty")
    dialog.locator(".btn.primary").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Zeile 3, Spalte 1: „titel“ ist kein bekannter Schlüssel")
    page.evaluate("() => localStorage.setItem('heroes.language', 'en')")
    page.goto("/o/acme/workflows")
    expect(page.get_by_role("button", name="Publish a workflow")).to_be_visible()
    page.locator("input[data-publish]").set_input_files(tmp_path / "hello")
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
    expect(dialog).to_contain_text("can be put back")
    dialog.get_by_role("button", name="Withdraw").click()
    expect(greeting).to_have_count(0)
    page.get_by_role("button", name="Withdrawn").click()
    expect(greeting).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name="Put back: A greeting").click()
    expect(page.get_by_role("heading", name="Nothing is withdrawn")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(greeting).to_be_visible()


PAGES = {
    "lea": [
        *("data/home/", "data?view=transfers", "data?view=trash", "run/airfoil", "workflows/airfoil?tab=files"),
        *("", "executions", "insights", "insights?view=decisions", "more", "clusters", "clusters/here", "nothing-here"),
    ],
    "tom": ["workflows", "workflows/airfoil", "workflows/airfoil?tab=steps", "workflows/airfoil?tab=versions"],
    "bea": ["billing", "billing/ledger", "billing/alerts"],
    "oda": [
        "billing/tariffs",
        *(
            f"organization{page}"
            for page in ("", "/projects", "/roles", "/credentials", "/policies", "/webhooks", "/audit")
        ),
    ],
    "ada": [
        "",
        "executions",
        "data/home/",
        "insights",
        "platform",
        "platform/health",
        "platform/work",
        "platform/logs",
    ],
}
"""every page by whom it is for; ada's organization has nothing yet"""
HOME = {"ada": "heroes"}


@pytest.mark.parametrize("user", PAGES)
def test_r45_r48_every_page_passes_axe_in_both_themes_and_fits_320_pixels(opened: Opened, user: str):
    home = HOME.get(user, "acme")
    page = opened(user, "more", color_scheme="light", organization=home)
    found: dict[str, object] = {}
    for path in PAGES[user]:
        page.set_viewport_size({"width": 1440, "height": 900})
        visit(page, f"/o/{home}/{path}")
        stands(page)
        faults = [*small_targets(page), *in_both_themes(page)]
        page.set_viewport_size({"width": 320, "height": 700})
        width = page.evaluate("document.documentElement.scrollWidth")
        if faults or width > 320:
            found[path] = (faults, width)
    assert found == {}


EMPTY = [
    *("workflows", "data/home/", "data?view=trash", "data?view=transfers", "insights?view=energy"),
    *("insights?view=decisions", "clusters", "billing", "billing/ledger", "billing/alerts", "billing/tariffs"),
    *(
        f"organization{page}"
        for page in ("", "/projects", "/roles", "/credentials", "/policies", "/webhooks", "/audit")
    ),
]
"""what an organization without anything sees besides"""


UNTOLD = """() => [...document.querySelectorAll('main .empty')].map((one) => [
    one.querySelector('h3')?.innerText, one.querySelector('p')?.innerText, one.querySelectorAll('.primary').length,
]).filter(([what, why, primary]) => !what || !why || primary > 1)"""


def test_r41_r45_a_page_that_holds_nothing_says_why_and_has_no_fault(opened: Opened):
    page = opened("ada", "more", organization="heroes")
    found: dict[str, list[object]] = {}
    for path in EMPTY:
        visit(page, f"/o/heroes/{path}")
        stands(page)
        if faults := [*in_both_themes(page), *page.evaluate(UNTOLD)]:
            found[path] = faults
    assert found == {}


ANSWERS: dict[str, dict[str, Any] | None] = {
    "is not there": None,
    "is looked after": {"status": 503, "code": "unavailable", "detail": "Later.", "request_id": "req_later"},
    "has a fault": {"status": 500, "code": "internal", "detail": "It is our fault.", "request_id": "req_fault"},
}
ERRORS = {
    **PAGES,
    "lea": [*PAGES["lea"], *(f"executions{page}" for page in ("", "/exe_1", "/exe_1/logs", "/exe_1/decision"))],
    "oda": [*PAGES["oda"], "clusters", "clusters/here", "clusters/new"],
    "ada": ["platform", "platform/health", "platform/work", "platform/logs"],
}


def failed(page: Page) -> None:
    """Let time pass until nothing is tried again that would keep the reader waiting."""
    for _ in range(200):
        page.clock.fast_forward(3000)
        told = page.locator("main").locator("[role=alert], .empty, h1")
        if told.count() and not page.locator(".loading, .skel").count():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{page.url} neither stands nor says why")


def recovered(page: Page, address: str) -> None:
    """Go to a page and let time pass until it is there again."""
    walk(page, address)
    for _ in range(200):
        page.clock.fast_forward(3000)
        if more_of(page).count():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{page.url} never comes back")


def where_it_fails(opened: Opened, user: str, *, every: bool) -> dict[str, list[str]]:
    """Return what is at fault on somebody's pages while the platform fails: one way each, or every way."""
    home = HOME.get(user, "acme")
    page = opened(user, "more", organization=home)
    page.clock.install()
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    ways, now = list(ANSWERS), ""

    def fail(route: Route) -> None:
        told = ANSWERS[now] if now else {}
        if not now:
            route.continue_()
        elif told is None:
            route.abort()
        else:
            route.fulfill(status=told["status"], json={"type": "about:blank", "title": "No", **told})

    page.route("**/api/v1/**", fail)
    found: dict[str, list[str]] = {}
    for at, path in enumerate(ERRORS[user]):
        for way in ways if every else [ways[at % len(ways)]]:
            now = ""
            recovered(page, f"/o/{home}/more")
            now = way
            visit(page, f"/o/{home}/{path}")
            failed(page)
            if faults := in_both_themes(page):
                found[f"{path}: the platform {way}"] = faults
    return found


@pytest.mark.parametrize("user", ERRORS)
def test_r45_nothing_is_at_fault_where_the_platform_fails(opened: Opened, user: str):
    assert where_it_fails(opened, user, every=False) == {}


@pytest.mark.long
@pytest.mark.parametrize("user", ERRORS)
def test_r45_nothing_is_at_fault_in_whichever_way_the_platform_fails(opened: Opened, user: str):
    assert where_it_fails(opened, user, every=True) == {}


def test_r47_no_page_holds_a_text_that_no_catalogue_has(opened: Opened):
    found: dict[str, list[str]] = {}
    for user, paths in PAGES.items():
        home = HOME.get(user, "acme")
        page = opened(user, "more", organization=home)
        page.add_init_script(TOLD)
        page.evaluate("() => localStorage.setItem('heroes.language', 'xx')")
        page.reload()
        for path in paths:
            visit(page, f"/o/{home}/{path}")
            stands(page)
            if hard := lasting(page, hard_coded):
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


def test_the_project_chosen_in_the_header_pays_for_new_runs_and_narrows_the_lists(opened: Opened):
    admin = opened("oda", "more")
    post(admin, "admin/projects", {"name": "rotor"})
    post(admin, "admin/assignments", {"user": "tom", "role": "engineer", "project": "rotor"})
    post(admin, "budget", {"kind": "project", "project": "rotor", "amount": "40", "currency": "EUR", "title": "Rotor"})
    page = opened("tom", "executions")
    header = page.get_by_role("banner")
    header.get_by_role("button", name="acme, All projects: choose a project").click()
    expect(page.get_by_role("menuitem", name="wing")).to_contain_text("left")
    page.get_by_role("menuitem", name="rotor").click()
    expect(page).to_have_url(re.compile(r"executions\?project=rotor$"))
    expect(page.get_by_role("button", name="Clear filters")).to_be_visible()
    page.goto("/o/acme/workflows")
    chosen = header.get_by_role("button", name="acme, rotor: choose a project")
    expect(chosen).to_contain_text("€40.00 left")
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Executions").click()
    expect(page).to_have_url(re.compile("project=rotor"))
    page.goto("/o/acme/run/airfoil")
    expect(page.locator("#payer")).to_have_value("rotor")
    chosen.click()
    page.get_by_role("menuitem", name="All projects").click()
    page.goto("/o/acme/run/airfoil")
    expect(page.locator("#payer")).to_have_value("")
    admin.goto("/o/acme/organization/projects")
    admin.get_by_role("button", name="Close the project rotor").click()
    admin.get_by_role("dialog").get_by_role("button", name="Close", exact=True).click()
    closed = admin.get_by_role("region", name="Closed projects")
    expect(closed).to_contain_text("rotor")
    admin.get_by_role("button", name="Undo").click()
    expect(closed).to_have_count(0)
    expect(admin.get_by_role("button", name="Close the project rotor")).to_be_visible()
