"""Draw the key screens of a running platform into docs/screens: `make screens URL=http://127.0.0.1:8080`.

The password of the sample's people is read from HEROES_DEMO_PASSWORD. Needs Debian's chromium.
"""

import os
import re
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
PATIENCE_MS = 120_000


def enter(context: BrowserContext, user: str) -> Page:
    """Sign somebody in and return their first page."""
    body = {"organization": "acme", "username": user, "password": os.environ["HEROES_DEMO_PASSWORD"]}
    path = "/api/v1/organization/auth/session"
    answer = context.request.post(path, data=body, headers={"X-Heroes-Csrf": "1"}, timeout=PATIENCE_MS)
    if not answer.ok:
        sys.exit(f"cannot sign in as {user}: {answer.text()}")
    return context.new_page()


def drawn(page: Page, path: str, name: str, folder: Path) -> None:
    """Open a page, wait until it stands, and keep its picture."""
    page.goto(f"/o/acme/{path}")
    expect(page.locator("h1, .empty h3").first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".loading, .skel")).to_have_count(0, timeout=PATIENCE_MS)
    page.wait_for_timeout(300)
    paths = page.locator("dl dd").filter(has_text=re.compile("^/"))  # what tells of this machine
    paths.evaluate_all("(all) => all.forEach((one) => { one.textContent = '/…'; })")
    page.screenshot(path=folder / f"{name}.png")


def placement(page: Page, folder: Path) -> None:
    """Open the wizard of the sample at its ranking."""
    page.goto("/o/acme/workflows")
    page.get_by_role("link", name=re.compile("^Run .*airfoil", re.IGNORECASE)).click()
    expect(page.get_by_role("button", name=re.compile("^Review:"))).to_be_visible(timeout=PATIENCE_MS)
    page.screenshot(path=folder / "submit.png")


def main(url: str, folder: Path) -> None:
    """Draw all screens: those of an engineer, then those of who manages the organization."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        shown: Any = {"base_url": url, "viewport": {"width": 1440, "height": 900}, "locale": "en-GB"}
        for user in ("lea", "oda"):
            context = browser.new_context(**shown)
            context.set_default_timeout(PATIENCE_MS)
            page = enter(context, user)
            if user == "lea":
                drawn(page, "", "home", folder)
                drawn(page, "workflows", "workflows", folder)
                placement(page, folder)
                drawn(page, "executions", "executions", folder)
                page.goto("/o/acme/executions?status=finished")
                first = page.locator("tbody tr a.name").first
                expect(first.or_(page.locator(".empty"))).to_be_visible()
                if first.count():
                    path = str(first.get_attribute("href")).removeprefix("/o/acme/")
                    drawn(page, path, "execution", folder)
                    drawn(page, f"{path}/decision", "decision", folder)
                drawn(page, "insights", "insights", folder)
            else:
                drawn(page, "clusters/here", "cluster", folder)
                drawn(page, "clusters/new", "enrol", folder)
                drawn(page, "insights?view=decisions", "decisions", folder)
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080", ROOT / "docs" / "screens")
