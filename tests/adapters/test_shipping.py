"""Log lines at real destinations: an OpenTelemetry collector, and sockets as a syslog server opens them."""

import contextlib
import json
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from heroes.kit import log, shipping
from heroes.kit.destinations import Otlp, Syslog
from heroes.kit.errors import Unreachable
from lab import counterparts

WITHIN = 60.0  # seconds


@contextlib.contextmanager
def collector(folder: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    """Start a collector; yield its address and what it says of what it understood."""
    if (program := counterparts.rotel()) is None:
        counterparts.leave_out("no OpenTelemetry collector here: tests/lab/counterparts.py fetches it")
    ports = [counterparts.free_port() for _ in range(2)]
    told = folder / "told"
    arguments = ["--pid-file", str(folder / "pid"), "--exporter", "blackhole", "--debug-log", "logs"]
    arguments += ["--debug-log-verbosity", "detailed", "--otlp-http-endpoint", f"127.0.0.1:{ports[0]}"]
    arguments += ["--otlp-grpc-endpoint", f"127.0.0.1:{ports[1]}"]
    with told.open("wb") as out:
        server = subprocess.Popen(
            [str(program), "start", *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder
        )
    try:
        yield f"http://127.0.0.1:{ports[0]}", told.read_text
    finally:
        server.terminate()
        server.wait(WITHIN)


def until(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN
    while not there():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


@pytest.fixture
def logging() -> Iterator[None]:
    """Log as a process of the platform does, and afterwards as the tests do."""
    before = structlog.get_config()
    yield
    shipping.end()
    structlog.configure(**before)


@pytest.mark.lab
def test_a_real_collector_understands_every_line(tmp_path: Path, logging: None):
    with collector(tmp_path) as (address, told):
        log.configure("INFO", service="heroes-worker")
        shipping.begin([Otlp(address)])
        out = structlog.get_logger()
        for number in range(3):
            out.warning(f"line ☃ {number}", organization="org_1", number=number, facts={"deep": [True, 1.5]})
        try:
            raise Unreachable("The site did not answer.")
        except Unreachable:
            out.exception("a step failed")
        shipping.end()  # the collector may have come later than the first attempt
        until(lambda: "a step failed" in told())
        for words in (
            *(f"Body: Str(line ☃ {number})" for number in range(3)),
            "service.name: Str(heroes-worker)",
            "SEVERITY_NUMBER_WARN(13)",
            "SEVERITY_NUMBER_ERROR(17)",
            "organization: Str(org_1)",
            "number: Int(2)",
            "facts: Map(deep:Slice(Bool(true), Double(1.5)))",
            "The site did not answer.",
        ):
            assert words in told(), words


def test_a_stream_of_syslog_is_counted_in_octets_and_goes_on_after_a_break():
    with socket.create_server(("127.0.0.1", 0)) as server:
        sink = Syslog(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        first = [{"message": "one\ntwo ☃"}, {"message": "three"}]
        sink.send(first)
        taken, _ = server.accept()
        assert _read(taken, 2) == first
        taken.close()
        with contextlib.suppress(OSError):
            for _ in range(1000):  # the first bytes after a break still go into the kernel's buffer
                sink.send([{"message": "lost"}])
        sink.send([{"message": "again"}])
        again, _ = server.accept()
        assert _read(again, 1) == [{"message": "again"}]
        again.close()
        sink.close()


@pytest.mark.parametrize("kind", ["udp", "datagrams", "stream"])
def test_a_syslog_server_gets_lines_however_it_listens(tmp_path: Path, kind: str):
    path = str(tmp_path / "log")
    how = socket.SOCK_STREAM if kind == "stream" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET if kind == "udp" else socket.AF_UNIX, how) as server:
        server.bind(("127.0.0.1", 0) if kind == "udp" else path)
        server.settimeout(WITHIN)
        sink = Syslog(f"udp://127.0.0.1:{server.getsockname()[1]}" if kind == "udp" else f"unix://{path}")
        lines = [{"message": "one ☃"}, {"message": "two"}]
        if kind == "stream":
            server.listen()
            sink.send(lines)
            taken, _ = server.accept()
            assert _read(taken, 2) == lines
            taken.close()
        else:
            sink.send(lines)
            assert [_said(server.recv(65536)) for _ in lines] == lines
        sink.close()


def test_a_process_tells_its_lines_to_all_its_destinations_and_ends_with_them_told(tmp_path: Path, logging: None):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(str(tmp_path / "log"))
        server.settimeout(WITHIN)
        log.configure("INFO", service="heroes-api")
        shipping.begin([Syslog(f"unix://{tmp_path}/log")])
        structlog.get_logger().info("hello", secret=b"never shown")
        shipping.end()
        told = _said(server.recv(65536))
    assert (told["message"], told["secret"], told["service.name"]) == ("hello", "**********", "heroes-api")
    assert not [one for one in threading.enumerate() if one.name.startswith("logs to")]


def _read(stream: socket.socket, many: int) -> list[dict[str, object]]:
    """Read messages as RFC 6587 counts them."""
    stream.settimeout(WITHIN)
    found = []
    with stream.makefile("rb") as file:
        for _ in range(many):
            size = b""
            while (octet := file.read(1)) != b" ":
                size += octet
            found.append(_said(file.read(int(size))))
    return found


def _said(message: bytes) -> dict[str, object]:
    head, _, text = message.decode().partition("{")
    assert head.startswith("<134>1 "), head
    return dict(json.loads("{" + text))
