"""What requests cost the API process."""

from collections.abc import Callable, Iterator

import httpx

from bench import ROOT
from bench.figures import Figure, figure, ratio
from bench.processes import cpu
from bench.running import api_of, ask, bare
from journeys.conftest import Platform

REPETITIONS = 5
REQUESTS = 200
RANKINGS = 20
CLUSTERS = 20
OUTLINE = "home:wing/naca2412.dat"

# The machine itself, under other names, with its queue, account, price and consents. Nobody holds these lines, so that
# only rows are read.
_COPY = """
INSERT INTO {table}
SELECT (jsonb_populate_record(one, %s::jsonb || jsonb_build_object({columns}))).*
FROM {table} one, generate_series(2, %s) number WHERE {which}
"""
_HERE = "(SELECT id FROM clusters WHERE name = 'here')"
_COPIES = {
    "clusters": ({"id": "one.id", "name": "'here'"}, "one.name = 'here'"),
    "queues": ({"id": "one.id", "cluster_id": "one.cluster_id"}, f"one.cluster_id = {_HERE}"),
    "lines": ({"id": "one.id", "cluster_id": "one.cluster_id"}, f"one.cluster_id = {_HERE}"),
    "tariffs": ({"id": "one.id", "cluster_id": "one.cluster_id"}, f"one.cluster_id = {_HERE}"),
    "grants": ({"id": "one.id", "object_id": "one.object_id"}, "strpos(one.object_id, '-') = 0"),
}
_CHANGES = {"lines": '{"machine_id": "elsewhere", "owner": null, "due_at": null, "lease_owner": null}'}


def requests(running: Platform) -> Iterator[Figure]:
    """Measure reading requests per CPU second of the API, against a bare route of the same framework."""
    lea = running.login()
    lea.upload(ROOT / "examples/airfoil/naca2412.dat", "home", OUTLINE.removeprefix("home:"))
    run = lea.run("airfoil", {"airfoil": OUTLINE, "angles": [0, 4]}, cluster="here")
    for _ in lea.follow(run["wid"], limit=120):
        pass
    base = _bare()
    paths = {
        "`me`": "/organization/auth/me",
        "`workflow list`": "/organization/workflow/list",
        "`execution show`": f"/organization/workflow/{run['wid']}",
    }
    yield base
    for name, path in paths.items():

        def call(path: str = path) -> httpx.Response:
            return lea.request("GET", path)

        samples = [REQUESTS / _spent(api_of(running), REQUESTS, call) for _ in range(REPETITIONS)]
        yield (found := figure(name, samples, "requests / CPU s"))
        yield ratio(f"bare FastAPI route / {name}", base, found)


def rank(running: Platform) -> Iterator[Figure]:
    """Measure one ranking of one workflow over twenty clusters, none of which is called."""
    lea = running.login()
    lea.upload(ROOT / "examples/airfoil/naca2412.dat", "home", OUTLINE.removeprefix("home:"))
    body = {"wtid": "airfoil", "parameters": {"airfoil": OUTLINE, "angles": [0]}}

    def call() -> httpx.Response:
        return lea.request("POST", "/organization/decision", json=body)

    _multiply(running)
    try:
        found = call().json()
        count = len(found["candidates"]) + len(found["discarded"])
        samples = [_spent(api_of(running), RANKINGS, call) / RANKINGS * 1000 for _ in range(REPETITIONS)]
    finally:
        _remove(running)
    yield figure(f"rank 1 workflow × {count} clusters", samples, "CPU ms")


def _spent(pid: int, times: int, call: Callable[[], httpx.Response]) -> float:
    """Return the CPU seconds of a process while it answers; the first answer, which warms it, apart."""
    call()
    before = cpu([pid])
    for _ in range(times):
        call().raise_for_status()
    return cpu([pid]) - before


def _bare() -> Figure:
    with bare() as (url, pid), httpx.Client(base_url=url) as http:
        samples = [REQUESTS / _spent(pid, REQUESTS, lambda: http.get("/me")) for _ in range(REPETITIONS)]
    return figure("bare FastAPI route", samples, "requests / CPU s")


def _multiply(running: Platform) -> None:
    for name, (columns, which) in _COPIES.items():
        built = ", ".join(f"'{column}', {value} || '-' || number" for column, value in columns.items())
        ask(running, _COPY.format(table=name, columns=built, which=which), _CHANGES.get(name, "{}"), CLUSTERS)


def _remove(running: Platform) -> None:
    ask(running, "DELETE FROM grants WHERE strpos(object_id, '-') > 0")
    ask(running, "DELETE FROM clusters WHERE strpos(id, '-') > 0")
