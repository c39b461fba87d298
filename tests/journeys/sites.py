"""Enrolling the laboratory's centres as an organization's administrator does."""

import os
import time
from typing import Any

from journeys.conftest import Platform
from lab.fixtures import whole
from lab.laboratory import Laboratory

PRICES = {"alpha": "0.05", "beta": "0.03", "gamma": "0.01"}
ACCOUNTS = {"alpha": "alice", "beta": "carol", "gamma": "erin"}
KINDS = {"gamma": "gridengine"}
PATIENCE = float(os.environ.get("HEROES_TEST_PATIENCE", "1"))
"""on a machine with much else to do, every limit is so many times longer"""
LIMIT_S = 90.0


def until(what: str, ask: Any, limit: float = LIMIT_S) -> Any:
    """Return the first answer that is true."""
    deadline = time.monotonic() + limit * PATIENCE
    while True:
        found = ask()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {limit} s for {what}"
        time.sleep(0.3)


def seen_open(platform: Platform, *names: str) -> None:
    """Wait until the platform has seen that these centres take jobs; a test before may have closed them."""
    oda = platform.login("oda")

    def queues() -> bool:
        return all(
            queue["state"] == "UP" and queue["nodes_free"] > 0
            for name in names
            for queue in oda.pages(f"/organization/cluster/{name}/queues")
        )

    until("open queues", queues)


def enrol(platform: Platform, laboratory: Laboratory, *names: str, **other: Any) -> None:
    """Enrol centres with the host key that the laboratory tells, price them, and check them."""
    with whole():
        enrol_alone(platform, laboratory, *names, **other)


def enrol_alone(platform: Platform, laboratory: Laboratory, *names: str, **other: Any) -> None:
    """Enrol centres for a test that has the laboratory for itself. `name`: what to call a single one."""
    known_as = {name: other.pop("name", name) for name in names}
    oda = platform.login("oda")
    for name in names:
        centre = laboratory.centre(name)
        account = {"method": "key", "private_key": centre.key_path.read_text()}
        body = {
            "name": known_as[name],
            "host": centre.host,
            "account": ACCOUNTS[name],
            "batch_account": "proj1",
            "auth": account,
        }
        body["kind"] = KINDS.get(name, "slurm")
        oda.post("/organization/cluster", {**body, "host_key": " ".join(centre.host_key.split()[-2:]), **other})
        oda.post("/organization/tariff", {"cluster": known_as[name], "core_hour": PRICES[name], "fixed": "0.01"})
    for name in known_as.values():
        until("queues", lambda name=name: list(oda.pages(f"/organization/cluster/{name}/queues")))
        oda.post(f"/organization/cluster/{name}/check", {})
    for name in known_as.values():
        report = until("the report", lambda name=name: _done(oda.get(f"/organization/cluster/{name}/report")))
        assert report["verdict"] in {"ok", "warn"}, report
        until("ready", lambda name=name: oda.cluster(name)["state"] == "READY")


def ample_budgets(platform: Platform) -> None:
    """Raise all budgets: a thousand jobs, over and over, cost more than the sample content has."""
    bea = platform.login("bea")
    for budget in bea.pages("/organization/budget/list"):
        bea.send("PATCH", f"/organization/budget/{budget['id']}", {"amount": "1000000"})


def _done(report: dict[str, Any]) -> dict[str, Any] | None:
    return report if report["state"] == "DONE" else None
