"""The platform learns from its own runs: two centres of different speed, thirty runs of different sizes."""

import os
import random
import re
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from heroes.client import Heroes, Memory
from journeys.browser.conftest import PASSWORD, Opened
from journeys.conftest import HEROES, ROOT, Platform
from journeys.sites import enrol, seen_open
from lab.laboratory import Laboratory

pytestmark = [pytest.mark.lab, pytest.mark.long]

FAST, SLOW = "alpha", "beta"
ROUNDS, JUDGED = 15, 20
QUEUES = {FAST: "compute", SLOW: "std"}
AIRFOIL = "home:wing/naca2412.dat"


@pytest.fixture(scope="module")
def centres(platform: Platform, laboratory_session: Laboratory) -> Platform:
    """Both centres, known to be of the same hardware: only their runs tell which is faster."""
    platform.stop()
    platform.settings["HEROES_WATCH_SECONDS"] = "1"
    platform.start()
    enrol(platform, laboratory_session, FAST, SLOW)
    seen_open(platform, FAST, SLOW)
    return platform


def parameters(dice: random.Random) -> dict[str, Any]:
    """Return a run of another size: its time grows with the third power of the panels."""
    return {"airfoil": AIRFOIL, "angles": [dice.randint(-8, 8)], "panels": dice.randint(180, 400)}


def run(lea: Heroes, given: dict[str, Any], cluster: str) -> str:
    wid: str = lea.run("airfoil", given, cluster=cluster, queue=QUEUES[cluster])["wid"]
    return wid


def promised(lea: Heroes, wid: str, cluster: str) -> dict[str, dict[str, Any]]:
    """Return what was predicted for one job of each step where it went."""
    [made] = lea.pages("/organization/decision/list", execution=wid)
    candidates = lea.get(f"/organization/decision/{made['id']}")["candidates"]
    [chosen] = [one for one in candidates if (one["cluster"], one["queue"]) == (cluster, QUEUES[cluster])]
    return {one["step"]: one["time"] for one in chosen["predictions"]}


def outcome(lea: Heroes, wid: str, cluster: str) -> list[dict[str, Any]]:
    """Return each job with the interval that it was given and the seconds that it ran."""
    [*_, ended] = lea.follow(wid, every=0.5, limit=300)
    assert ended["status"] == "FINISHED", (ended, lea.jobs(wid))
    times, jobs = promised(lea, wid, cluster), lea.jobs(wid)
    assert {job["cluster"] for job in jobs} == {cluster}
    return [{**times[job["step"]], "step": job["step"], "run": job["usage"]["run_s"]} for job in jobs]


def cli(platform: Platform, *arguments: str) -> str:
    kept = Memory()
    with Heroes(platform.url, keeper=kept) as client:
        client.login("acme", "lea", PASSWORD)
        tokens = kept.load()
    assert tokens
    environment = {**os.environ, "HEROES_URL": platform.url, "HEROES_TOKEN": tokens.access_token, "COLUMNS": "200"}
    done = subprocess.run(
        [HEROES, *arguments], env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout


def test_after_thirty_runs_the_faster_centre_is_first_and_the_interval_is_true(
    centres: Platform, laboratory: Laboratory, opened: Opened, record_testsuite_property: Callable[[str, object], None]
) -> None:
    lea, dice = centres.login(), random.Random(7)
    lea.upload(ROOT / "examples/airfoil/naca2412.dat", "home", "wing/naca2412.dat")
    seen: list[dict[str, Any]] = []
    for _ in range(ROUNDS):
        started = [(run(lea, parameters(dice), name), name) for name in (FAST, SLOW)]
        seen += [job for wid, name in started for job in outcome(lea, wid, name)]

    ranking = lea.rank("airfoil", parameters(dice), policy="fastest")
    ranked = [one for one in ranking["candidates"] if one["queue"] == QUEUES.get(one["cluster"])]
    assert [one["cluster"] for one in ranked] == [FAST, SLOW], ranking["order"]
    for one in ranked:
        assert one["time"]["low80"] < one["time"]["value"] < one["time"]["high80"]
        assert one["time"]["n_similar"] >= 3
        assert "in 8 of 10 cases" in one["explanation"]

    last = lea.run("airfoil", parameters(dice), policy="fastest")["wid"]
    judged = seen[-JUDGED:]
    held = sum(1 for one in judged if one["low80"] is not None and one["low80"] <= one["run"] <= one["high80"])
    told = [(one["step"], one["low80"], round(one["run"], 2), one["high80"]) for one in judged]
    record_testsuite_property("held", held / JUDGED)
    assert 0.60 <= held / JUDGED <= 0.95, (held, told)

    assert re.search(r"(?m)^time +\d+ +\d+%.* \d+% +\d+% *$", cli(centres, "decision", "report"))
    in_order(cli(centres, "rank", "airfoil", "-p", f"airfoil={AIRFOIL}", "--policy", "fastest"), ranked)

    page = opened("lea", "insights?view=decisions")
    expect(page.locator("main")).to_contain_text("80 % range held")
    page = opened("lea", f"executions/{last}/decision")
    table = page.locator("main table.rank")
    expect(table).to_be_visible()
    in_order(table.inner_text(), ranked)


def in_order(shown: str, ranked: list[dict[str, Any]]) -> None:
    places = [shown.index(one["cluster"]) for one in ranked]
    assert places == sorted(places), shown
