"""A real Slurm centre of the laboratory, as the benchmarks use it."""

import time
from collections.abc import Callable

from heroes.client import Heroes
from journeys.conftest import PASSWORD, Platform
from journeys.sites import ample_budgets, enrol
from lab.control import machine
from lab.laboratory import Laboratory

CENTRE = "alpha"
SLEEP = """\
heroes: 1
name: sleep
title: A nap
summary: Sleeps, as often as asked, side by side.
parameters:
  seconds: {type: integer, default: 1}
  numbers: {type: array, items: {type: integer}, minItems: 1, maxItems: 10000}
required: [numbers]
steps:
  sleep:
    foreach: "{{ params.numbers }}"
    run: [sleep, "{{ params.seconds }}"]
    resources: {cores: 1, memory: 64 MiB, walltime: 3600}
"""


def ready(running: Platform, *sources: str) -> Laboratory:
    """Enrol the centre, if that was not done before, and publish these workflows."""
    laboratory = Laboratory.start(CENTRE)
    if not any(one["name"] == CENTRE for one in running.login("oda").clusters()):
        enrol(running, laboratory, CENTRE)
        ample_budgets(running)
    tom = running.login("tom")
    for source in sources:
        tom.post("/organization/workflow/template", {"files": {"workflow.yaml": source}})
    return laboratory


def until(what: str, holds: Callable[[], object], within_s: float, every_s: float = 0.2) -> float:
    """Wait until something holds; return the seconds that it took. Raises TimeoutError."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() > began + within_s:
            raise TimeoutError(f"waited {within_s:.0f} s in vain for {what}")
        time.sleep(every_s)
    return time.monotonic() - began


def count_commands(laboratory: Laboratory) -> Callable[[], int]:
    """Let the centre's stock sshd log every command and file session; return what counts them from now on."""
    verbose = (
        "sed -i /^LogLevel/d /etc/ssh/sshd_config; sed -i '1i LogLevel VERBOSE' /etc/ssh/sshd_config; "
        "kill -HUP $(cat /run/sshd.pid); pkill -KILL -u alice -x sshd; true"
    )
    laboratory.exec(CENTRE, ["sh", "-c", verbose])
    log = machine(CENTRE).disk / "log/sshd.log"

    def sessions() -> int:
        return log.read_text(errors="replace").count("Starting session:")

    before = sessions()
    return lambda: sessions() - before


def clients(running: Platform, count: int) -> list[Heroes]:
    """Return so many clients of one person, each with connections of its own."""
    tokens = Heroes(running.url).login("acme", "lea", PASSWORD)
    return [Heroes(running.url, token=tokens.access_token) for _ in range(count)]
