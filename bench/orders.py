"""Many at once: submissions side by side, watching for many clients, ensembles of ten thousand."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.figures import Figure, figure
from bench.processes import cpu, memory
from bench.running import ask, parts_of
from bench.site import CENTRE, SLEEP, clients, count_commands, ready, until
from heroes.client import Heroes
from journeys.conftest import Platform

SUBMISSIONS = 200
AT_ONCE = 50
STORMS = 3
WATCHED = 1000
CLIENTS = 100
WATCH_S = 60.0
WINDOWS = 3
MEMBERS = 10_000
ENSEMBLES = 3
_KNOWN = """
SELECT count(*) FROM jobs WHERE execution_id = %s AND state NOT IN ('PLACED', 'STAGING', 'SUBMITTING')
"""
_ORDERS = """
SELECT count(*), extract(epoch FROM max(j.submitted_at) - min(s.ordered_at))
FROM jobs j JOIN submissions s ON s.id = j.submission_id WHERE j.execution_id = ANY(%s)
"""
_ENDS = "SELECT status, count(*) FROM executions WHERE id = ANY(%s) GROUP BY status"
_OVER = "SELECT count(*) FROM executions WHERE id = ANY(%s) AND end_time IS NOT NULL"


def storm(running: Platform) -> Iterator[Figure]:
    """Measure 200 submissions without input files, 50 at once, until all have ended."""
    ready(running, SLEEP)
    failed, accepted, ordered = [], [], []
    many = clients(running, AT_ONCE)
    for _ in range(STORMS):
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            wids = list(pool.map(lambda n: _submit(many[n % AT_ONCE]), range(SUBMISSIONS)))
        accepted.append(SUBMISSIONS / (time.monotonic() - began))
        made = [wid for wid in wids if wid]
        _until_counted(running, "the ends", _OVER, made, len(made), 600)
        ends = dict(ask(running, _ENDS, made))
        failed.append(float(SUBMISSIONS - ends.get("FINISHED", 0)))
        count, span = ask(running, _ORDERS, made)[0]
        ordered.append(count / float(span))
    yield figure(f"{SUBMISSIONS} submissions, {AT_ONCE} at once: failed", failed, "jobs", "0")
    yield figure(f"{SUBMISSIONS} submissions, {AT_ONCE} at once: accepted by the API", accepted, "1 / s")
    yield figure(f"{SUBMISSIONS} submissions, {AT_ONCE} at once: orders at the site", ordered, "1 / s", "≥ 33")


def _submit(lea: Heroes) -> str | None:
    try:
        wid: str = lea.run("sleep", {"numbers": [0]}, cluster=CENTRE)["wid"]
    except Exception as error:
        print(f"a submission failed: {error}")
        return None
    return wid


def live(running: Platform) -> Iterator[Figure]:
    """Measure the memory and the CPU time of API and worker while twice ten thousand jobs live at a site."""
    ready(running, SLEEP)
    lea = running.login()
    parameters = {"numbers": list(range(MEMBERS)), "seconds": 1200}
    wids = [lea.run("sleep", parameters, cluster=CENTRE)["wid"] for _ in range(2)]
    until("all members", lambda: all(ask(running, _KNOWN, wid)[0][0] == MEMBERS for wid in wids), 600)
    time.sleep(WATCH_S)
    sizes, spent = [], []
    for _ in range(WINDOWS):
        before = cpu(parts_of(running))
        time.sleep(WATCH_S)
        spent.append((cpu(parts_of(running)) - before) * 1000)
        sizes.append(memory(parts_of(running)))
    for wid in wids:
        lea.cancel(wid)
    until("the end", lambda: ask(running, _OVER, wids)[0][0] == 2, 900, 1)
    yield figure(f"{2 * MEMBERS} live jobs: memory of API + worker", sizes, "MB PSS", "≤ 400")
    yield figure(f"{2 * MEMBERS} live jobs: API + worker", spent, "CPU ms / min")


def watch(running: Platform) -> Iterator[Figure]:
    """Measure the remote commands for 1,000 jobs that run or wait while 100 clients ask for them without pause."""
    laboratory = ready(running, SLEEP)
    lea = running.login()
    wid = lea.run("sleep", {"numbers": list(range(WATCHED)), "seconds": 1200}, cluster=CENTRE)["wid"]
    until("the orders", lambda: ask(running, _KNOWN, wid)[0][0] == WATCHED, 300)
    commands = count_commands(laboratory)
    until("a line that was opened again", lambda: commands() > 4, 120)
    time.sleep(30)  # what opening a line asks is over
    stop = time.monotonic() + WATCH_S * WINDOWS
    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = [pool.submit(_look, client, wid, stop) for client in clients(running, CLIENTS)]
        samples = []
        for _ in range(WINDOWS):
            before, began = commands(), time.monotonic()
            time.sleep(WATCH_S)
            samples.append((commands() - before) * 60 / (time.monotonic() - began))
        answers = sum(one.result() for one in asked)
    lea.cancel(wid)
    until("the end", lambda: ask(running, _OVER, [wid])[0][0] == 1, 600, 1)
    name = f"watching {WATCHED} jobs for {CLIENTS} API clients"
    yield figure(f"{name}: remote commands", samples, "1 / min and line", "≤ 4")
    yield figure(f"{name}: answers of the API meanwhile", [answers / WATCH_S / WINDOWS], "1 / s")


def _look(client: Heroes, wid: str, stop: float) -> int:
    count = 0
    while time.monotonic() < stop:
        client.execution(wid)
        count += 1
        time.sleep(0.5)
    return count


def ensemble(running: Platform) -> Iterator[Figure]:
    """Measure an ensemble of ten thousand: from its submission until every member's place at the site is known."""
    laboratory = ready(running, SLEEP)
    lea = running.login()
    known, orders = [], []
    for _ in range(ENSEMBLES):
        began = time.monotonic()
        wid = lea.run("sleep", {"numbers": list(range(MEMBERS)), "seconds": 600}, cluster=CENTRE)["wid"]
        _until_counted(running, "all members", _KNOWN, wid, MEMBERS, 600)
        known.append(time.monotonic() - began)
        listed = laboratory.exec(CENTRE, ["squeue", "-h", "-o", "%F"]).stdout.split()
        orders.append(float(len(set(listed))))
        lea.cancel(wid)
        _until_counted(running, "the end", _OVER, [wid], 1, 900)
    yield figure(f"ensemble of {MEMBERS}: submission until all are known", known, "s", "≤ 30")
    yield figure(f"ensemble of {MEMBERS}: remote submissions", orders, "orders", "≤ 3")


def _until_counted(running: Platform, what: str, query: str, about: Any, count: int, within_s: float) -> None:
    until(what, lambda: ask(running, query, about)[0][0] == count, within_s)
