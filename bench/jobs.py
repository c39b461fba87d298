"""What a job costs API and worker, on a real Slurm centre of the laboratory; PostgreSQL and the centre apart."""

import time
from collections.abc import Iterator

from bench.figures import Figure, figure, ratio
from bench.processes import command_cpu, cpu
from bench.running import ask, parts_of
from bench.site import CENTRE, ready
from journeys.conftest import Platform
from lab.laboratory import SSH

MANY = 200
LONE = 50
REPETITIONS = 3
ORDERS = 20
WITHIN_S = 240.0
SECOND = """\
heroes: 1
name: second
title: A second
summary: Sleeps for one second, as often as asked, side by side.
parameters:
  numbers: {type: array, items: {type: integer}, minItems: 1, maxItems: 200}
required: [numbers]
steps:
  sleep:
    foreach: "{{ params.numbers }}"
    run: [sleep, '1']
    resources: {cores: 1, walltime: 60}
"""


def jobs(running: Platform) -> Iterator[Figure]:
    """Measure API + worker for lone jobs and for 200 in one execution, against a plain loop of sbatch over SSH."""
    ready(running, SECOND)
    plain = figure("plain `ssh … sbatch` loop, one job", [_plain() for _ in range(REPETITIONS)], "CPU ms")
    alone = [_run(running, LONE, 1) / LONE for _ in range(REPETITIONS)]
    lone = figure(f"a lone one-second job, {LONE} submitted one by one", alone, "CPU ms", "≤ 40")
    many = [_run(running, 1, MANY) / MANY for _ in range(REPETITIONS)]
    each = figure(f"each of {MANY} one-second jobs of one ensemble", many, "CPU ms", "≤ 10")
    yield from (lone, each, plain)
    yield ratio("lone job / plain sbatch", lone, plain)
    yield ratio(f"each of {MANY} jobs / plain sbatch", each, plain)


def _run(running: Platform, executions: int, count: int) -> float:
    """Run executions of so many jobs; return the CPU milliseconds from the first submission until all folders went."""
    lea = running.login()
    pids = parts_of(running)
    before = cpu(pids)
    wids = [lea.run("second", {"numbers": list(range(count))}, cluster=CENTRE)["wid"] for _ in range(executions)]
    deadline = time.monotonic() + WITHIN_S
    while not _over(running, wids, count):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not all jobs had ended after {WITHIN_S:.0f} s: {lea.execution(wids[-1])}")
        time.sleep(0.5)
    spent = cpu(pids) - before
    assert {lea.execution(wid)["status"] for wid in wids} == {"FINISHED"}
    return spent * 1000


def _over(running: Platform, wids: list[str], count: int) -> bool:
    done = "SELECT count(*) FROM jobs WHERE execution_id = ANY(%s) AND folder_removed_at IS NOT NULL"
    return bool(ask(running, done, wids)[0][0] == count * len(wids))


def _plain() -> float:
    """Return the CPU milliseconds per job of a user's own loop: one ssh and one sbatch each."""
    order = "sbatch --quiet --parsable --account=proj1 --time=1 --output=/dev/null --wrap='sleep 1'"
    spent = sum(command_cpu([*SSH, CENTRE, order]) for _ in range(ORDERS))
    return spent * 1000 / ORDERS
