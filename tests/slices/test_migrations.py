"""The migrations make what the models say, again and again, and never at the cost of a row.

They run in processes of their own, where only the platform's tables are known.
"""

import json
import subprocess
import sys
from dataclasses import asdict
from itertools import count
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from heroes.kit.postgres import DatabaseUrls, EmbeddedPostgres

pytestmark = pytest.mark.postgres
_NUMBERS = count()

MIGRATE = """
import json, sys
from heroes.kit.migrate import migrate
from heroes.kit.postgres import DatabaseUrls
from heroes.parts import load_models
migrate(DatabaseUrls(**json.loads(sys.argv[1])), load_models())
"""

COMPARE = """
import json, sys
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from heroes.parts import load_models
def ours(item, name, kind, reflected, compared):
    return not (kind == "table" and name in {"heroes_clock", "alembic_version"})
with create_engine(json.loads(sys.argv[1])["owner"]).connect() as connection:
    options = {"include_object": ours, "compare_type": True}
    context = MigrationContext.configure(connection, opts=options)
    print(json.dumps([str(difference) for difference in compare_metadata(context, load_models())]))
"""

TELL = """
import json
from heroes.parts import load_models
from heroes.kit import lifecycle
from heroes.kit.db import Base
load_models()
tables = {
    mapper.local_table.name: {
        "platform": bool(mapper.class_.__platform__),
        "tenant": "organization_id" in mapper.local_table.c,
        "due": "due_at" in mapper.local_table.c,
    }
    for mapper in Base.registry.mappers
}
print(json.dumps({"tables": tables, "answered": sorted(lifecycle.tables())}))
"""


def run(program: str, urls: DatabaseUrls | None = None) -> str:
    """Run a program of the platform's in a process that has imported nothing else; return what it printed."""
    arguments = [json.dumps(asdict(urls))] if urls else []
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def ask(urls: DatabaseUrls, query: str, **values: Any) -> list[tuple[Any, ...]]:
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        found = connection.execute(text(query), values)
        rows = [tuple(row) for row in found] if found.returns_rows else []
    engine.dispose()
    return rows


def fresh(server: EmbeddedPostgres) -> DatabaseUrls:
    return server.create(f"migrated_{next(_NUMBERS)}")


@pytest.fixture(scope="module")
def migrated(postgres: EmbeddedPostgres) -> DatabaseUrls:
    urls = fresh(postgres)
    run(MIGRATE, urls)
    return urls


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(TELL))
    return found


def test_the_migrations_make_exactly_what_the_models_say(migrated: DatabaseUrls):
    differences = json.loads(run(COMPARE, migrated))
    assert differences == [], "write the next migration: scripts/new-migration.py"


def test_a_second_migration_changes_nothing(postgres: EmbeddedPostgres):
    urls = fresh(postgres)
    run(MIGRATE, urls)
    before = _picture(urls)
    run(MIGRATE, urls)
    assert _picture(urls) == before


def test_two_that_start_together_migrate_one_after_the_other(postgres: EmbeddedPostgres, migrated: DatabaseUrls):
    urls = fresh(postgres)
    command = [sys.executable, "-c", MIGRATE, json.dumps(asdict(urls))]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert _picture(urls, policies=False) == _picture(migrated, policies=False)


def _picture(urls: DatabaseUrls, *, policies: bool = True) -> list[list[tuple[Any, ...]]]:
    queries = [
        "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY 1, 2",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        "SELECT version_num FROM alembic_version",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
    ]
    if policies:
        queries += [
            "SELECT tablename, policyname, roles::text, qual, with_check FROM pg_policies ORDER BY 1, 2",
            "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
            " WHERE table_schema = 'public' ORDER BY 1, 2, 3",
        ]
    return [ask(urls, query) for query in queries]


def test_every_tenants_table_is_walled_by_the_database(migrated: DatabaseUrls, told: dict[str, Any]):
    walled = dict(ask(migrated, "SELECT relname, relrowsecurity FROM pg_class WHERE relkind = 'r'"))
    policies: dict[str, set[str]] = {}
    for table, name in ask(migrated, "SELECT tablename, policyname FROM pg_policies"):
        policies.setdefault(table, set()).add(name)
    tenants = [name for name, facts in told["tables"].items() if not facts["platform"]]
    print(f"\n{len(tenants)} tables of tenants")
    assert len(tenants) > 30
    assert [name for name in tenants if not walled[name]] == []
    assert [name for name in tenants if policies.get(name) != {"own", "readable", "worker"}] == []
    assert [name for name, facts in told["tables"].items() if facts["platform"] and facts["tenant"]] == []


def test_the_logins_of_the_platform_own_nothing_and_pass_no_wall(migrated: DatabaseUrls):
    query = (
        "SELECT rolname FROM pg_roles WHERE rolname LIKE current_database() || '_%'"
        " AND (rolsuper OR rolbypassrls OR (rolname NOT LIKE '%\\_owner' AND (rolcreaterole OR rolcreatedb)))"
    )
    assert ask(migrated, query) == []
    owners = ask(migrated, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert [name.endswith("_owner") for (name,) in owners] == [True]


def test_every_table_of_an_organization_has_somebody_who_answers_for_its_life(told: dict[str, Any]):
    tenants = {name for name, facts in told["tables"].items() if facts["tenant"]}
    assert tenants - set(told["answered"]) == set(), "register a Lifecycle that names these tables"
    assert set(told["answered"]) - tenants == set(), "a Lifecycle names tables that do not exist"


def test_work_that_waits_is_found_by_an_index(migrated: DatabaseUrls, told: dict[str, Any]):
    due = [name for name, facts in told["tables"].items() if facts["due"]]
    indexed = {
        table
        for table, definition in ask(migrated, "SELECT tablename, indexdef FROM pg_indexes")
        if "due_at" in definition
    }
    assert [name for name in due if name not in indexed] == []


def test_rows_in_flight_live_through_a_migration(postgres: EmbeddedPostgres):
    urls = fresh(postgres)
    run(MIGRATE, urls)
    ask(urls, "INSERT INTO organizations (id, name, status) VALUES ('org_1', 'acme', 'CREATE_COMPLETE')")
    ask(
        urls,
        "INSERT INTO users (id, organization_id, username, due_at, lease_owner, fence, wakes)"
        " VALUES ('usr_1', 'org_1', 'lea', heroes_now() + interval '1 minute', 'a worker', 7, 3)",
    )
    before = ask(urls, "SELECT * FROM users")
    run(MIGRATE, urls)
    assert ask(urls, "SELECT * FROM users") == before
    # A worker that holds a row meanwhile is waited for, or goes on: neither is lost.
    engine = create_engine(urls.worker)
    with engine.begin() as connection:
        connection.execute(text("SELECT id FROM users WHERE id = 'usr_1' FOR UPDATE"))
        command = [sys.executable, "-c", MIGRATE, json.dumps(asdict(urls))]
        migration = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        connection.execute(text("UPDATE users SET fence = fence + 1 WHERE id = 'usr_1'"))
    engine.dispose()
    said = migration.communicate(timeout=120)[1]
    assert migration.returncode == 0, said
    assert ask(urls, "SELECT fence FROM users") == [(8,)]
