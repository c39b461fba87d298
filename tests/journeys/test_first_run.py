"""What a newcomer does on the first day, on the machine itself."""

import hashlib
from pathlib import Path

from journeys.conftest import ROOT, Platform

PARAMETERS = {"airfoil": "home:wing/naca2412.dat", "angles": [-4, 0, 4, 8]}


def test_a_newcomer_runs_the_sample_and_gets_results_cost_and_energy(platform: Platform, tmp_path: Path) -> None:
    lea = platform.login()
    assert [one["name"] for one in lea.clusters()] == ["here"]
    lea.upload(ROOT / "examples/airfoil/naca2412.dat", "home", "wing/naca2412.dat")
    ranking = lea.rank("airfoil", PARAMETERS)
    assert [one["cluster"] for one in ranking["candidates"]] == ["here"]
    assert ranking["candidates"][0]["cost"]["value"] is None  # no history: nothing is invented
    started = lea.run("airfoil", PARAMETERS)
    assert started["status"] == "SUBMIT_IN_PROGRESS"
    [*_, ended] = lea.follow(started["wid"], every=0.5, limit=180)
    assert ended["status"] == "FINISHED", (ended, lea.jobs(started["wid"]))
    for result in lea.results(started["wid"]):
        target = tmp_path / result["name"]
        assert lea.download(result["bucket"], result["path"], target, sha256=result["sha256"])
        assert hashlib.sha256(target.read_bytes()).hexdigest() == result["sha256"]
    rows = (tmp_path / "polar.csv").read_text().splitlines()
    assert rows[0].startswith("alpha_deg,cl")
    assert [float(row.split(",")[0]) for row in rows[1:]] == [-4, 0, 4, 8]
    assert (tmp_path / "polar.svg").read_text().startswith("<")
    cost = lea.cost(started["wid"])
    assert cost["status"] == "final"
    assert float(cost["charged"]) > 0
    assert cost["energy_j"] is not None or cost["energy_reason"]
