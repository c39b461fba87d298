"""Content that is large: made by copying rows of what a platform already has, so that it costs seconds."""

import psycopg
from playwright.sync_api import APIRequestContext

from heroes.kit.postgres import EmbeddedPostgres
from journeys.conftest import Platform

API = "/api/v1/organization"
STEPS = """
INSERT INTO execution_steps SELECT (jsonb_populate_record(s, jsonb_build_object(
    'id', 'stp_' || lpad(n::text, 20, '0'), 'execution_id', %(wide)s::text, 'number', n, 'name', 'part' || n,
    'title', 'Part ' || n, 'jobs', 1, 'jobs_ended', 1,
    'state', CASE n %% 1000 WHEN 7 THEN 'FAILED' ELSE 'FINISHED' END))).*
FROM execution_steps s, generate_series(1, %(count)s) n
WHERE s.id = (SELECT min(id) FROM execution_steps WHERE execution_id = %(like)s)
"""
JOBS = """
INSERT INTO jobs SELECT (jsonb_populate_record(j, jsonb_build_object(
    'id', 'job_' || lpad(n::text, 20, '0'), 'execution_id', %(wide)s::text, 'step', 'part' || n, 'index', 0))).*
FROM jobs j, generate_series(1, %(count)s) n
WHERE j.id = (SELECT min(id) FROM jobs WHERE execution_id = %(like)s)
"""
EXECUTION = """
INSERT INTO executions SELECT (jsonb_populate_record(e, jsonb_build_object('id', %(wide)s::text))).*
FROM executions e WHERE e.id = %(like)s
"""
OBJECTS = """
INSERT INTO objects SELECT (jsonb_populate_record(o, jsonb_build_object(
    'id', 'obj_' || lpad(n::text, 20, '0'), 'path', 'many/f' || lpad(n::text, 6, '0') || '.dat', 'parent', 'many'))).*
FROM objects o, generate_series(1, %(count)s) n
WHERE o.id = (SELECT min(id) FROM objects WHERE NOT is_dir AND path = %(like)s)
"""


def owner(platform: Platform) -> psycopg.Connection:
    """Return a connection to a platform's database with every right."""
    url = EmbeddedPostgres(platform.home).urls().owner.replace("postgresql+psycopg", "postgresql")
    return psycopg.connect(url)


def wide_execution(platform: Platform, like: str, count: int) -> str:
    """Make an execution of so many steps of one job each, otherwise like one that has ended; return its id."""
    given = {"wide": f"exe_{'0' * 15}w{count:04d}", "like": like, "count": count}
    with owner(platform) as connection:
        for statement in (EXECUTION, STEPS, JOBS):
            connection.execute(statement, given)
    return str(given["wide"])


def full_folder(platform: Platform, like: str, count: int) -> None:
    """Fill the folder `many` beside an object with so many others that hold the same."""
    with owner(platform) as connection:
        connection.execute(OBJECTS, {"like": like, "count": count})
        connection.execute("ANALYZE objects")


def long_log(request: APIRequestContext, ended: str, lines: int) -> str:
    """Give the first job of an execution that has ended so many lines of output; return the page of its log."""
    first = request.get(f"{API}/workflow/{ended}/jobs").json()[0]
    words = {4001: "10:00:00 ERROR nan", 500: "10:00:01 WARNING high", 100: "DEBUG seen"}
    said = [next((word for by, word in words.items() if n % by == 0), "Time") for n in range(1, lines + 1)]
    content = "".join(f"{word} {number}\n" for number, word in enumerate(said, 1)).encode()
    held = {"X-Heroes-Csrf": "1", "Content-Type": "application/octet-stream"}
    path = f"executions/{ended}/steps/{first['step']}/{first['index']}/logs/stdout"
    answer = request.put(f"{API}/data/bucket/home/object/{path}", data=content, headers=held)
    assert answer.ok, answer.text()
    return f"executions/{ended}/logs?step={first['step']}&index={first['index']}"
