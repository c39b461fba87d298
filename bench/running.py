"""A platform of the benchmarks' own: started as a user starts it, on a free port, in a folder that goes away."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bench.processes import tree
from heroes.kit.postgres import EmbeddedPostgres
from journeys.conftest import Platform


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def platform(below: Path = Path("/var/tmp")) -> Iterator[Platform]:
    """Yield a platform with sample content, as `make run` leaves it, with its home below that folder."""
    folder = Path(tempfile.mkdtemp(prefix="heroes-bench-", dir=below))
    folder.chmod(0o755)
    running = Platform(folder / "home", free_port())
    try:
        running.start()
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def api_of(running: Platform) -> int:
    return _part(running, "heroes.api:create_app")


def worker_of(running: Platform) -> int:
    return _part(running, "heroes.worker")


def parts_of(running: Platform) -> list[int]:
    """Return the processes of the API and the worker: what costs CPU time besides the database."""
    return [api_of(running), worker_of(running)]


def all_of(running: Platform) -> list[int]:
    """Return every process of the platform, the embedded database and its backends included."""
    assert running.process is not None
    server = EmbeddedPostgres(running.home).pid()
    return tree(running.process.pid) + (tree(server) if server else [])


def ask(running: Platform, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask the platform's database past the API, so that waiting for an end costs the platform nothing."""
    url = EmbeddedPostgres(running.home).urls().owner.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query, values or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def bare() -> Iterator[tuple[str, int]]:
    """Yield address and process of the least API there is: one route of the same framework and server."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.bare:app", "--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen([*command, "--port", str(port), "--no-proxy-headers"], stdin=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                httpx.get(f"{url}/me")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def _part(running: Platform, words: str) -> int:
    assert running.process is not None
    for pid in tree(running.process.pid):
        if words in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
            return pid
    raise LookupError(f"no process of the platform runs {words}")
