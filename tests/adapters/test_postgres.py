"""The embedded PostgreSQL, with the real server: who may enter, what survives, what is cleaned up."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from heroes.kit.postgres import DatabaseFailed, EmbeddedPostgres

pytestmark = pytest.mark.postgres

START_AND_WAIT = """
import signal, sys
from pathlib import Path
from heroes.kit.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
server.start()
print("started", flush=True)
signal.pause()
"""


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    """Run one statement with the login of `url` and return its rows."""
    where = make_url(url)
    with psycopg.connect(
        host=str(where.query["host"]),
        port=int(str(where.query["port"])),
        user=where.username,
        dbname=where.database,
        autocommit=True,
    ) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def home() -> Iterator[Path]:
    """Return an empty folder that the platform's system user can reach, also when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="hpg-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        EmbeddedPostgres(folder, durable=False).stop(seconds=2)
        shutil.rmtree(folder)


@pytest.fixture
def server(home: Path) -> EmbeddedPostgres:
    embedded = EmbeddedPostgres(home, durable=False)
    embedded.start()
    return embedded


def test_each_login_enters_as_itself_and_none_is_superuser(server: EmbeddedPostgres) -> None:
    urls = server.urls()
    me = "SELECT current_user::text, rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    assert query(urls.owner, me) == [("heroes_owner", False, True, False)]
    assert query(urls.app, me) == [("heroes_app", False, False, False)]
    assert query(urls.worker, me) == [("heroes_worker", False, False, False)]


def test_text_is_utf8_sorted_by_bytes_and_pages_carry_checksums(server: EmbeddedPostgres) -> None:
    owner = server.urls().owner
    assert query(owner, "SHOW server_encoding") == [("UTF8",)]
    assert query(owner, "SHOW data_checksums") == [("on",)]
    assert query(owner, "SELECT datcollate FROM pg_database WHERE datname = 'heroes'") == [("C",)]


def test_a_durable_server_waits_for_the_disk(home: Path) -> None:
    owner = EmbeddedPostgres(home).start().owner
    assert [query(owner, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")] == [
        [("on",)]
    ] * 3


def test_nobody_else_enters_the_socket_folder_and_nothing_listens_on_the_network(server: EmbeddedPostgres) -> None:
    folder = Path(str(make_url(server.urls().owner).query["host"]))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert query(server.urls().owner, "SHOW listen_addresses") == [("",)]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_another_user_of_the_machine_is_refused_even_past_the_folder(server: EmbeddedPostgres) -> None:
    folder = Path(str(make_url(server.urls().owner).query["host"]))
    for path in (folder.parent, folder, folder / ".s.PGSQL.5432"):
        path.chmod(0o777)
    psql = [str(server.binaries / "psql"), "-h", str(folder), "-U", "heroes_owner", "-c", "SELECT 1", "heroes"]
    refused = subprocess.run(psql, user="nobody", capture_output=True, text=True, check=False, cwd="/")
    assert refused.returncode == 2
    assert "Peer authentication failed" in refused.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_started_by_root_the_server_runs_as_the_system_user(server: EmbeddedPostgres) -> None:
    pid = server.pid()
    assert pid
    assert Path(f"/proc/{pid}").stat().st_uid == server.account.pw_uid != 0


def test_a_second_start_adopts_the_running_server(server: EmbeddedPostgres, home: Path) -> None:
    second = EmbeddedPostgres(home, durable=False)
    assert second.start() == server.urls()
    assert second.pid() == server.pid()


def test_what_was_written_is_there_after_stop_and_start(server: EmbeddedPostgres) -> None:
    query(server.urls().owner, "CREATE TABLE kept AS SELECT 42 AS answer")
    server.stop()
    assert server.pid() is None
    assert query(server.start().owner, "SELECT answer FROM kept") == [(42,)]


def test_the_server_outlives_a_killed_parent_and_is_adopted(home: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", START_AND_WAIT, str(home)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"started\n"
        parent.kill()
    server = EmbeddedPostgres(home, durable=False)
    before = server.pid()
    assert before
    assert query(server.start().owner, "SELECT 1") == [(1,)]
    assert server.pid() == before


def test_a_killed_server_recovers_what_was_committed(home: Path) -> None:
    server = EmbeddedPostgres(home)
    owner = server.start().owner
    query(owner, "CREATE TABLE kept AS SELECT 42 AS answer")
    pid = server.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert query(server.start().owner, "SELECT answer FROM kept") == [(42,)]
    assert server.pid() != pid


def test_a_pid_that_another_process_took_since_a_crash_is_no_server(server: EmbeddedPostgres) -> None:
    left = (server.data / "postmaster.pid").read_text().splitlines()
    server.stop()
    (server.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *left[1:]]) + "\n")
    assert server.pid() is None
    assert query(server.start().owner, "SELECT 1") == [(1,)]


def test_an_initdb_that_was_killed_leaves_nothing_half_done(home: Path) -> None:
    half = home / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert query(EmbeddedPostgres(home, durable=False).start().owner, "SELECT 1") == [(1,)]
    assert not half.exists()


def test_stop_ends_a_server_that_does_not_answer(server: EmbeddedPostgres) -> None:
    pid = server.pid()
    assert pid
    os.kill(pid, signal.SIGSTOP)
    server.stop(seconds=1)
    assert server.pid() is None
    assert query(server.start().owner, "SELECT 1") == [(1,)]


def test_a_server_whose_socket_was_swept_away_is_started_anew(server: EmbeddedPostgres) -> None:
    folder = Path(str(make_url(server.urls().owner).query["host"]))
    (folder / ".s.PGSQL.5432").unlink()
    assert query(server.start().owner, "SELECT 1") == [(1,)]


def test_a_copy_of_a_template_keeps_its_rows_and_its_roles(server: EmbeddedPostgres) -> None:
    template = server.create("pattern")
    query(template.owner, "CREATE TABLE kept AS SELECT 42 AS answer; GRANT SELECT ON kept TO pattern_app")
    copy = server.create("gw0", template="pattern")
    assert copy == server.urls("gw0", roles="pattern")
    assert query(copy.app, "SELECT answer FROM kept, current_database() d WHERE d = 'gw0'") == [(42,)]
    server.drop("gw0")
    assert query(template.app, "SELECT answer FROM kept") == [(42,)]


def test_the_logins_of_one_database_cannot_enter_another(server: EmbeddedPostgres) -> None:
    server.create("other")
    intruder = server.urls("heroes", roles="other")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        query(intruder.owner, "SELECT 1")


def test_a_home_with_a_long_path_gets_a_short_private_socket_folder(home: Path) -> None:
    deep = home / ("a" * 60) / ("b" * 60)
    server = EmbeddedPostgres(deep, durable=False)
    try:
        folder = Path(str(make_url(server.start().owner).query["host"]))
        assert len(str(folder / ".s.PGSQL.5432")) <= 107
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert query(server.urls().app, "SELECT 1") == [(1,)]
    finally:
        server.stop(seconds=2)
        shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="root's own folders matter only to root")
def test_a_home_that_the_system_user_cannot_reach_is_refused_with_the_remedy(home: Path) -> None:
    home.chmod(0o700)
    with pytest.raises(DatabaseFailed, match="HEROES_HOME"):
        EmbeddedPostgres(home / "inner", durable=False).start()


def test_data_of_another_major_version_is_refused_with_the_remedy(server: EmbeddedPostgres) -> None:
    server.stop()
    (server.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(DatabaseFailed, match="heroes backup"):
        server.start()


def test_a_name_that_is_no_plain_word_is_refused(server: EmbeddedPostgres) -> None:
    with pytest.raises(DatabaseFailed, match="cannot name a database"):
        server.create('x"; DROP DATABASE heroes; --')


def test_the_socket_is_a_socket_of_the_server(server: EmbeddedPostgres) -> None:
    folder = Path(str(make_url(server.urls().owner).query["host"]))
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(folder / ".s.PGSQL.5432"))
