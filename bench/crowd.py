"""What one user's requests cost beside ten thousand other organizations with a million executions."""

from collections.abc import Callable, Iterator
from functools import partial

import httpx

from bench import ROOT
from bench.figures import Figure, figure, ratio
from bench.processes import cpu
from bench.running import api_of, ask
from journeys.conftest import Platform

ORGANIZATIONS = 10_000
EXECUTIONS = 100  # of each
REPETITIONS = 7
REQUESTS = 100
OUTLINE = "home:wing/naca2412.dat"
GOAL = "≤ 1.3"

# Rows of lea's organization under other ids; each of the new organizations has a user, a project and executions.
_ROWS = """
INSERT INTO {table}
SELECT (jsonb_populate_record(one, jsonb_build_object({columns}))).*
FROM {table} one, generate_series(1, {times}) number WHERE {which}
"""
_FIRST = "(SELECT {} FROM executions ORDER BY id LIMIT 1)"
_COPIES = {
    "organizations": (
        {"id": "'org_c' || number", "name": "'copy-' || number", "due_at": "NULL", "platform": "false"},
        f"one.id = {_FIRST.format('organization_id')}",
        ORGANIZATIONS,
    ),
    "users": (
        {"id": "'usr_c' || number", "organization_id": "'org_c' || number", "due_at": "NULL"},
        f"one.id = {_FIRST.format('user_id')}",
        ORGANIZATIONS,
    ),
    "projects": (
        {"id": "'prj_c' || number", "organization_id": "'org_c' || number"},
        f"one.id = {_FIRST.format('project_id')}",
        ORGANIZATIONS,
    ),
    "executions": (
        {
            "id": "'exe_c' || lpad(number::text, 8, '0')",
            "organization_id": f"'org_c' || (number % {ORGANIZATIONS} + 1)",
            "user_id": f"'usr_c' || (number % {ORGANIZATIONS} + 1)",
            "project_id": f"'prj_c' || (number % {ORGANIZATIONS} + 1)",
            "due_at": "NULL",
        },
        f"one.id = {_FIRST.format('id')}",
        ORGANIZATIONS * EXECUTIONS,
    ),
}


def crowd(running: Platform) -> Iterator[Figure]:
    """Measure requests of lea's, API and database together, before and after the others come; nothing is removed."""
    lea = running.login()
    lea.upload(ROOT / "examples/airfoil/naca2412.dat", "home", OUTLINE.removeprefix("home:"))
    run = lea.run("airfoil", {"airfoil": OUTLINE, "angles": [0, 4]}, cluster="here")
    for _ in lea.follow(run["wid"], limit=120):
        pass
    paths = {
        "`me`": "/organization/auth/me",
        "`workflow list`": "/organization/workflow/list",
        "`execution list`": "/organization/workflow/executions",
        "`execution show`": f"/organization/workflow/{run['wid']}",
        "`data list`": "/organization/data/list",
        "`audit list`": "/organization/audit/list",
    }

    def measured(when: str) -> dict[str, Figure]:
        return {
            name: figure(f"{name}, {when}", _samples(running, partial(lea.request, "GET", path)), "CPU ms")
            for name, path in paths.items()
        }

    alone = measured("alone")
    for table, (columns, which, times) in _COPIES.items():
        told = ", ".join(f"'{name}', {value}" for name, value in columns.items())
        ask(running, _ROWS.format(table=table, columns=told, which=which, times=times))
    ask(running, "VACUUM ANALYZE")
    among = measured(f"among {ORGANIZATIONS * EXECUTIONS:,} executions of {ORGANIZATIONS:,} organizations")
    for name in paths:
        yield alone[name]
        yield among[name]
        yield ratio(f"{name}: among others / alone", among[name], alone[name], GOAL)


def _samples(running: Platform, call: Callable[[], httpx.Response]) -> list[float]:
    for _ in range(5):
        call()
    backends = ask(running, "SELECT pid FROM pg_stat_activity WHERE usename = current_database() || '_app'")
    assert backends, "the API has connections to its database"
    pids = [api_of(running), *(int(pid) for (pid,) in backends)]
    found = []
    for _ in range(REPETITIONS):
        before = cpu(pids)
        for _ in range(REQUESTS):
            call().raise_for_status()
        found.append((cpu(pids) - before) / REQUESTS * 1000)
    return found
