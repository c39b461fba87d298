"""What starting costs: the command line, and the platform."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from bench import ROOT
from bench.figures import Figure, figure, ratio
from bench.processes import command_cpu, cpu, memory, tree
from bench.running import all_of, bare, parts_of
from heroes.kit.postgres import EmbeddedPostgres
from journeys.conftest import Platform

REPETITIONS = 9
STARTS = 3
SETTLE_S = 15.0
IDLE_S = 20.0


def help_text() -> Iterator[Figure]:
    """Measure `heroes --help` against the interpreter alone."""
    program = str(Path(sys.executable).parent / "heroes")
    commands = {"python -c pass": [sys.executable, "-c", "pass"], "heroes --help": [program, "--help"]}
    samples: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(REPETITIONS):
        for name, argv in commands.items():
            samples[name].append(command_cpu(argv) * 1000)
    base = figure("`python -c pass`", samples["python -c pass"], "CPU ms")
    yield (found := figure("`heroes --help`", samples["heroes --help"], "CPU ms", "≤ 150"))
    yield base
    yield ratio("`heroes --help` / `python -c pass`", found, base)


def start(running: Platform) -> Iterator[Figure]:
    """Measure `make run` when everything is set up, up to its readiness; the database's start is in it."""
    running.stop()
    spent, waited, least = [], [], []
    for _ in range(STARTS):
        began = time.monotonic()
        process = subprocess.Popen(
            ["make", "--no-print-directory", "run"],
            cwd=ROOT,
            env=running.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _until_ready(running.url)
        waited.append(time.monotonic() - began)
        server = EmbeddedPostgres(running.home).pid()
        spent.append(cpu(tree(process.pid) + (tree(server) if server else [])))
        os.kill(process.pid, signal.SIGTERM)
        process.wait()
        while EmbeddedPostgres(running.home).pid():
            time.sleep(0.05)
        with bare() as (_, pid):
            least.append(cpu([pid]))
    running.start()
    base = figure("start of a bare FastAPI application", least, "CPU s")
    yield (found := figure("`make run` to ready, already set up", spent, "CPU s"))
    yield figure("`make run` to ready, by the clock", waited, "s")
    yield base
    yield ratio("`make run` / bare FastAPI", found, base)


def _until_ready(url: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError("the platform was not ready within two minutes")


def idle(running: Platform) -> Iterator[Figure]:
    """Measure what a platform costs that nobody uses, with the cluster `here` being watched."""
    time.sleep(SETTLE_S)
    spent, held = [], []
    for _ in range(STARTS):
        before = cpu(parts_of(running))
        time.sleep(IDLE_S)
        spent.append((cpu(parts_of(running)) - before) * 1000 * 60 / IDLE_S)
        held.append(memory(all_of(running)))
    yield figure("idle memory, database included", held, "MB PSS", "≤ 300")
    yield figure("idle API + worker", spent, "CPU ms / min")
