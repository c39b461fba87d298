"""A file of 5 GB that a browser sends, killed at half and chosen again: how much of it was kept, how fast it was."""

import hashlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, expect, sync_playwright

from bench.figures import Figure, figure
from bench.pages import API, ARGUMENTS, CHROMIUM, CSRF, PATIENCE_MS
from journeys.conftest import PASSWORD, Platform

SIZE = 5_000_000_000
MARK = 64 * 1024 * 1024  # one mark in each of so many bytes, so that no two pieces are alike
LONGEST_MS = 30 * 60_000


def upload(running: Platform) -> Iterator[Figure]:
    """Send, kill, choose again; the rest is what the platform says it had when the browser was gone."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder, sync_playwright() as play:
        path = Path(folder) / "mesh.stl"
        _fill(path)
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(base_url=running.url, locale="en-GB")
        context.set_default_timeout(PATIENCE_MS)
        body = {"organization": "acme", "username": "lea", "password": PASSWORD}
        assert context.request.post(f"{API}/auth/session", data=body, headers=CSRF).ok
        page = context.new_page()
        page.goto("/o/acme/data/home/")
        began = time.monotonic()
        page.locator("input[data-upload=files]").set_input_files(path)
        while _arrived(context) < SIZE / 2:
            time.sleep(0.1)
        page.close()
        speed = _arrived(context) / (time.monotonic() - began)
        sent: list[int] = []
        page = context.new_page()
        page.on(
            "request", lambda one: sent.append(int(one.headers["upload-offset"])) if one.method == "PATCH" else None
        )
        page.goto("/o/acme/data?view=transfers")
        page.locator("input[data-upload=again]").set_input_files(path)
        expect(page.locator("li[data-state=done]")).to_contain_text("mesh.stl", timeout=LONGEST_MS)
        kept = context.request.get(f"{API}/data/bucket/home/list?prefix=mesh.stl").json()
        with path.open("rb") as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() in str(kept), "what arrived is not what was sent"
        yield figure("5 GB from a browser, killed at half: goes on at", [100 * sent[0] / SIZE], "%", "≥ 45")
        yield figure("5 GB from a browser: speed of the first half", [speed / 1e6], "MB/s")
        browser.close()


def _fill(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(SIZE)
        for at in range(0, SIZE, MARK):
            file.seek(at)
            file.write(at.to_bytes(8, "big"))


def _arrived(context: BrowserContext) -> int:
    listed = context.request.get(f"{API}/data/uploads").json()
    return max((int(one["received"]) for one in listed if one["state"] == "waiting"), default=0)
