"""Where log lines can go: OTLP/HTTP, syslog (RFC 5424), a file. The settings name them."""

import email.utils
import fcntl
import gzip
import json
import os
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from heroes.kit.settings import Settings
from heroes.kit.shipping import Later, Line, Refusal, Sink

TIMEOUT = 10.0  # seconds for one answer
LONGEST_DATAGRAM = 60_000  # bytes; a line beyond it is cut
LOCAL = "/dev/log"
TROUBLES = Path("logs") / "troubles.jsonl"
TROUBLES_MIB, TROUBLES_KEPT = 2, 1
_RESOURCE = {"service.name", "service.version"}
_OWN = {"@timestamp", "message", "log.level", "ecs.version"} | _RESOURCE
_LOCAL0 = 16
_AGAIN = {408, 425, 429, 502, 503, 504}
_OTLP_SEVERITY = {"debug": 5, "info": 9, "warning": 13, "error": 17, "critical": 21, "exception": 17}
_SYSLOG_SEVERITY = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2, "exception": 3}


def destinations(settings: Settings) -> list[Sink]:
    """Return the destinations that the settings name."""
    found: list[Sink] = []
    if settings.log_otlp_url:
        headers = settings.log_otlp_headers.get_secret_value() if settings.log_otlp_headers else ""
        found.append(Otlp(settings.log_otlp_url, pairs(headers)))
    if settings.log_syslog_url:
        found.append(Syslog(settings.log_syslog_url))
    if settings.log_file:
        found.append(Rotated(settings.log_file, settings.log_file_mib * 2**20, settings.log_file_kept))
    return found


def troubles(settings: Settings) -> "Rotated":
    """Return the files of the data folder that keep the last warnings and errors, which `kit/troubles.py` reads."""
    return Rotated(settings.home / TROUBLES, TROUBLES_MIB * 2**20, TROUBLES_KEPT)


def pairs(text: str) -> dict[str, str]:
    """Return headers written as `name=value,name=value`."""
    split = (part.partition("=") for part in text.split(",") if part.strip())
    return {name.strip(): value.strip() for name, _, value in split}


class Otlp:
    """A collector that takes logs over OTLP/HTTP in its JSON encoding, compressed (OpenTelemetry protocol 1.x)."""

    def __init__(self, url: str, headers: Mapping[str, str] = {}):
        path = urlsplit(url).path
        self.name = url if path not in {"", "/"} else url.rstrip("/") + "/v1/logs"
        fixed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        self._http = httpx.Client(timeout=TIMEOUT, headers={**headers, **fixed}, follow_redirects=False)

    def send(self, lines: Sequence[Line]) -> None:
        body = gzip.compress(json.dumps(otlp(lines), ensure_ascii=False).encode("utf-8", "replace"), 5)
        try:
            answer = self._http.post(self.name, content=body)
        except httpx.HTTPError as error:
            raise Later(str(error)) from None
        if answer.status_code in _AGAIN:
            raise Later(f"answers {answer.status_code}", _seconds(answer.headers.get("Retry-After")))
        if answer.status_code >= 300:
            raise Refusal(f"answers {answer.status_code}")

    def close(self) -> None:
        self._http.close()


def otlp(lines: Sequence[Line]) -> dict[str, Any]:
    """Return an ExportLogsServiceRequest in the JSON encoding; lines of one service stand together."""
    by_service: dict[str, list[Line]] = {}
    for line in lines:
        by_service.setdefault(str(line.get("service.name", "heroes")), []).append(line)
    return {
        "resourceLogs": [
            {
                "resource": {"attributes": _attributes({"service.name": name, **_MACHINE})},
                "scopeLogs": [{"scope": {"name": "heroes"}, "logRecords": [_record(line) for line in of_one]}],
            }
            for name, of_one in by_service.items()
        ]
    }


_MACHINE = {"host.name": socket.gethostname(), "process.pid": os.getpid()}


def _record(line: Line) -> dict[str, Any]:
    level = str(line.get("log.level", "info"))
    at = str(_nanoseconds(line))
    return {
        "timeUnixNano": at,
        "observedTimeUnixNano": at,
        "severityNumber": _OTLP_SEVERITY.get(level, 9),
        "severityText": level.upper(),
        "body": {"stringValue": str(line.get("message", ""))},
        "attributes": _attributes({key: value for key, value in line.items() if key not in _OWN}),
    }


def _attributes(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": str(key), "value": _any(value)} for key, value in values.items() if value is not None]


def _any(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int() if -(2**63) <= value < 2**63:
            return {"intValue": str(value)}
        case float() if value == value and abs(value) != float("inf"):
            return {"doubleValue": value}
        case dict():
            return {"kvlistValue": {"values": _attributes(value)}}
        case list() | tuple():
            return {"arrayValue": {"values": [_any(inner) for inner in value if inner is not None]}}
        case _:
            return {"stringValue": str(value)}


def _nanoseconds(line: Line) -> int:
    with suppress(KeyError, ValueError):
        at = datetime.fromisoformat(str(line["@timestamp"]))
        return int(at.timestamp()) * 10**9 + at.microsecond * 1000
    return time.time_ns()


def _seconds(retry_after: str | None) -> float | None:
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    with suppress(ValueError):
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    return None


class Syslog:
    """A syslog server: `udp://host:514`, `tcp://host:601` (RFC 6587, counted octets) or `unix:///path`.

    Messages are those of RFC 5424. Whoever listens at /dev/log (journald, rsyslog as it comes) expects those of
    syslog(3) there and would take a newer one for text.
    """

    def __init__(self, url: str):
        self.name = url
        parts = urlsplit(url)
        self._kind, self._path, self._host = parts.scheme, parts.path, parts.hostname or ""
        self._port = parts.port or (601 if parts.scheme == "tcp" else 514)
        self._socket: socket.socket | None = None
        self._stream = parts.scheme == "tcp"

    def send(self, lines: Sequence[Line]) -> None:
        framed = [local(line) if self._path == LOCAL else syslog(line) for line in lines]
        try:
            connected = self._socket or self._connect()
            if self._stream:
                connected.sendall(b"".join(b"%d %s" % (len(one), one) for one in framed))
            else:
                for one in framed:
                    connected.send(one[:LONGEST_DATAGRAM])
        except OSError:
            self.close()
            raise

    def _connect(self) -> socket.socket:
        if self._kind == "unix":
            return self._local()
        kind = socket.SOCK_STREAM if self._stream else socket.SOCK_DGRAM
        family, _, protocol, _, address = socket.getaddrinfo(self._host, self._port, type=kind)[0]
        return self._opened(socket.socket(family, kind, protocol), address)

    def _local(self) -> socket.socket:
        """Some servers take datagrams at their socket, some a stream."""
        try:
            return self._opened(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM), self._path)
        except OSError as error:
            if error.errno != 91:  # EPROTOTYPE
                raise
            self._stream = True
            return self._opened(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), self._path)

    def _opened(self, made: socket.socket, address: Any) -> socket.socket:
        made.settimeout(TIMEOUT)
        try:
            made.connect(address)
        except OSError:
            made.close()
            raise
        self._socket = made
        return made

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def syslog(line: Line) -> bytes:
    """Return a line as a message of RFC 5424, facility local0; what is said is the line itself, as ECS JSON."""
    at = datetime.fromtimestamp(_nanoseconds(line) / 1e9).astimezone().isoformat(timespec="microseconds")
    names = (socket.gethostname()[:255], str(line.get("service.name", "heroes"))[:48], str(os.getpid()))
    head = " ".join([f"{_priority(line)}1", at, *(_printed(name) for name in names), "-", "-"])
    return f"{head} {json.dumps(line, ensure_ascii=False)}".encode("utf-8", "replace")


def local(line: Line) -> bytes:
    """Return a line as syslog(3) sends it to the machine's own socket."""
    at = time.strftime("%b %e %H:%M:%S", time.localtime(_nanoseconds(line) / 1e9))
    name = _printed(str(line.get("service.name", "heroes"))[:48])
    said = json.dumps(line, ensure_ascii=False)
    return f"{_priority(line)}{at} {name}[{os.getpid()}]: {said}".encode("utf-8", "replace")


def _priority(line: Line) -> str:
    return f"<{_LOCAL0 * 8 + _SYSLOG_SEVERITY.get(str(line.get('log.level', 'info')), 6)}>"


def _printed(name: str) -> str:
    return "".join(letter for letter in name if "!" <= letter <= "~") or "-"


class Rotated:
    """A file of lines that several processes write: at its size it becomes `.1`, that `.2`, and so on.

    Whoever finds it full moves it on, under a lock; the others see that the name means another file now, which is also
    how a rotation by others (logrotate) is followed.
    """

    def __init__(self, path: Path, most_bytes: int, kept: int):
        self.name = str(path)
        self._path, self._most, self._kept = path, most_bytes, kept
        self._file: int | None = None

    def send(self, lines: Sequence[Line]) -> None:
        for line in lines:
            os.write(self._writable(), json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    def _writable(self) -> int:
        if self._file is not None and self._is_current() and os.fstat(self._file).st_size < self._most:
            return self._file
        with self._locked():
            if self._path.exists() and self._path.stat().st_size >= self._most:
                self._move_on()
            self.close()
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        return self._file

    def _is_current(self) -> bool:
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        assert self._file is not None
        ours = os.fstat(self._file)
        return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)

    def _move_on(self) -> None:
        names = [self._path, *(self._path.with_name(f"{self._path.name}.{number}") for number in self._numbers())]
        for older, newer in zip(reversed(names), reversed(names[:-1]), strict=False):
            with suppress(FileNotFoundError):
                newer.replace(older)
        if self._kept == 0:
            self._path.unlink()

    def _numbers(self) -> range:
        return range(1, self._kept + 1)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
