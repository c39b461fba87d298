"""`heroes serve`: database, API and worker as one; starts them in order, keeps them alive, stops them in order."""

import ctypes
import fcntl
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TextIO

from heroes.cli.account import CannotRun, hand_over
from heroes.kit.postgres import DatabaseFailed, DatabaseUrls, EmbeddedPostgres
from heroes.kit.settings import Settings, SettingsError, load

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104
API_STOPS_WITHIN = 15.0
WORKER_STOPS_WITHIN = 20.0
DATABASE_STOPS_WITHIN = 20.0
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
TRIES_AT_START = 5
PR_SET_PDEATHSIG = 1
ROOM = 64 * 2**20  # a database writes logs of 16 MiB ahead


@dataclass
class Child:
    """One process of the platform, started again when it dies, after a pause that grows while it keeps dying."""

    name: str
    argv: Sequence[str]
    stops_within: float
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    deaths: int = 0
    ever_ready: bool = False
    environment: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start it in a process group of its own; it is killed if this process is."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.argv,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=die_with_parent,
        )

    def look(self) -> None:
        """Notice its death, and start it again when its pause is over."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_again_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.deaths = 1 if now - self.started_at > STEADY_AFTER else self.deaths + 1
        if not self.ever_ready and self.deaths >= TRIES_AT_START:
            raise CannotRun(
                f"The {self.name} did not start ({self.deaths} tries, exit code {code}): see its words above."
            )
        pause = min(2.0 ** (self.deaths - 1), LONGEST_PAUSE)
        say(f"The {self.name} ended (exit code {code}); it is started again in {pause:.0f} s.")
        self._sweep()
        self.process, self.start_again_at = None, now + pause

    def stop(self, hurry: "Signals") -> None:
        """Ask it to end; kill its group when its time is over, or at a second request to stop."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.terminate()
        deadline = time.monotonic() + self.stops_within
        while self.process.poll() is None and time.monotonic() < deadline and hurry.asked < 2:
            hurry.wait(0.1)
        self._sweep()
        self.process.wait()

    def _sweep(self) -> None:
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Signals:
    """Counts requests to stop, and wakes the waiting loop at once."""

    def __init__(self) -> None:
        self.asked = 0
        self._reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1

    def wait(self, seconds: float) -> None:
        """Return at the next signal, at the latest after `seconds`."""
        if select.select([self._reader], [], [], seconds)[0]:
            with suppress(BlockingIOError):
                os.read(self._reader, 4096)


def serve(demo: bool) -> None:
    """Run the platform in the foreground until it is told to stop; `demo` adds the sample content.

    Ends the process with 1 and a message that names the remedy when it cannot run.
    """
    with plainly():
        settings = load()
        hand_over(settings, ["serve", *(["--demo"] if demo else [])])
        os.umask(0o077)
        with only_one(settings.home):
            check_port(settings)
            run(settings, demo)


def worker() -> None:
    """Become a further worker on the database of this installation."""
    with plainly():
        settings = load()
        hand_over(settings, ["worker"])
        os.umask(0o077)
        postgres = EmbeddedPostgres(settings.home)
        if not settings.database_url and postgres.pid() is None:
            raise CannotRun(
                "No database: start `heroes serve` with the same HEROES_HOME first, or set HEROES_DATABASE_URL."
            )
        os.environ.update(database_environment(outside(settings) if settings.database_url else postgres.urls()))
        os.execv(sys.executable, [sys.executable, "-m", "heroes.worker"])  # noqa: S606  our own program


def look_after(postgres: EmbeddedPostgres | None, children: Sequence[Child]) -> None:
    """Start again what has ended."""
    if postgres and postgres.pid() is None:
        say("The database ended; it is started again.")
        postgres.start()
    for child in children:
        child.look()


def is_full(folder: Path) -> bool:
    """Tell whether a disk has too little room for a database to start."""
    return shutil.disk_usage(folder).free < ROOM


def run(settings: Settings, demo: bool) -> None:
    """Start all parts, watch them, stop them: worker, API, database."""
    signals = Signals()
    postgres = None if settings.database_url else EmbeddedPostgres(settings.home)
    children: list[Child] = []
    try:
        urls = postgres.start() if postgres else outside(settings)
        environment = {**database_environment(urls), "HEROES_HOME": str(settings.home)}
        news = prepare(environment, demo, signals)
        api = Child("API", api_command(settings), API_STOPS_WITHIN, environment=environment)
        children = [
            Child("worker", [sys.executable, "-m", "heroes.worker"], WORKER_STOPS_WITHIN, environment=environment),
            api,
        ]
        while not signals.asked:
            was_full = is_full(settings.home)
            try:
                look_after(postgres, children)
            except (OSError, DatabaseFailed):
                if not (api.ever_ready and (was_full or is_full(settings.home))):
                    raise  # on a full disk nothing can be started nor said: tried again until there is room
            if not api.ever_ready and answers(settings):
                api.ever_ready = children[0].ever_ready = True
                greet(settings, news)
            signals.wait(1.0 if api.ever_ready else 0.05)
        say("Stopping.")
    finally:
        for child in children:
            child.stop(signals)
        if postgres:
            postgres.stop(seconds=DATABASE_STOPS_WITHIN if signals.asked < 2 else 2)
    say("Stopped.")


def prepare(environment: dict[str, str], demo: bool, signals: Signals) -> str:
    """Migrate and seed in a process of its own, whose memory is given back; return what it tells the user."""
    command = [sys.executable, "-m", "heroes.cli.prepare", *(["--demo"] if demo else [])]
    with subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        process_group=0,
        preexec_fn=die_with_parent,
        text=True,
    ) as process:
        while process.poll() is None:
            signals.wait(0.2)
            if signals.asked:
                process.terminate()
        words = process.stdout.read() if process.stdout else ""
    if process.returncode and not signals.asked:
        raise CannotRun("The database could not be brought to this version: see the words above. Nothing was started.")
    return words


def api_command(settings: Settings) -> list[str]:
    """Return the command line of the API process; nothing in it is secret."""
    command = [sys.executable, "-m", "uvicorn", "heroes.api:create_app", "--factory", "--no-access-log"]
    command += ["--host", settings.bind, "--port", str(settings.port), "--log-level", "warning", "--no-server-header"]
    command += ["--loop", "asyncio"]  # uvloop, where it happens to be installed, loses the input of git: seen with 0.23
    command += ["--timeout-graceful-shutdown", str(round(API_STOPS_WITHIN - 5))]
    if settings.trusted_proxies:
        command += ["--proxy-headers", "--forwarded-allow-ips", ",".join(settings.trusted_proxies)]
    else:
        command += ["--no-proxy-headers"]
    if settings.tls_cert and settings.tls_key:
        command += ["--ssl-certfile", str(settings.tls_cert), "--ssl-keyfile", str(settings.tls_key)]
    return command


def outside(settings: Settings) -> DatabaseUrls:
    """Return the logins of the outside database that the settings name."""
    from heroes.kit.logins import database_urls  # weighs 20 MB, which a long-lived supervisor need not carry

    return database_urls(settings)


def database_environment(urls: DatabaseUrls) -> dict[str, str]:
    """Return the variables that tell a child its three logins."""
    return {
        "HEROES_DATABASE_URL": urls.owner,
        "HEROES_DATABASE_APP_URL": urls.app,
        "HEROES_DATABASE_WORKER_URL": urls.worker,
    }


def check_port(settings: Settings) -> None:
    """Refuse early when the address is taken or not ours; an API that is just ending gets a moment."""
    deadline = time.monotonic() + 3
    while True:
        try:
            family = socket.AF_INET6 if ":" in settings.bind else socket.AF_INET
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((settings.bind, settings.port))
            return
        except PermissionError:
            raise CannotRun(f"No right to listen on port {settings.port}: set HEROES_PORT to 1024 or more.") from None
        except OSError as error:
            if time.monotonic() > deadline:
                raise CannotRun(
                    f"Cannot listen on {settings.bind} port {settings.port} ({error.strerror}): "
                    "end what uses it, or set HEROES_PORT or HEROES_BIND."
                ) from None
            time.sleep(0.1)


def answers(settings: Settings) -> bool:
    """Return whether the API takes connections."""
    try:
        with socket.create_connection((ANYWHERE.get(settings.bind, settings.bind), settings.port), timeout=1):
            return True
    except OSError:
        return False


def greet(settings: Settings, news: str) -> None:
    """Say where the platform is, and what the first start made."""
    say(f"\nHEROES is ready: {settings.address}")
    first = settings.home / "first-login"
    if news:
        say(news.rstrip())
    elif first.exists():
        say(f"The first login is kept in {first}.")
    say("Ctrl-C stops it.\n")


@contextmanager
def only_one(home: Path) -> Iterator[TextIO]:
    """Hold the data folder; the hold ends with this process, however it ends."""
    path = home / "serve.lock"
    with path.open("r+" if path.exists() else "x+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotRun(
                f"The platform already runs on {home} (process {lock.read().strip()}): stop it, or set HEROES_HOME."
            ) from None
        lock.seek(0)
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield lock


@contextmanager
def plainly() -> Iterator[None]:
    """End the process with 1 and one clear message when it cannot do what was asked."""
    try:
        yield
    except (CannotRun, DatabaseFailed, SettingsError) as error:
        print(f"heroes: {error}", file=sys.stderr, flush=True)
        raise SystemExit(1) from None


def die_with_parent() -> None:
    """In a new child: be killed when this process is, so that no orphan holds the port."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def say(words: str) -> None:
    """Tell whoever watches the terminal."""
    print(words, flush=True)
