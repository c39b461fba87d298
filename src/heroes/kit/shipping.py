"""Log lines to where an installation collects them: an OTLP collector, a syslog server, a file that is rotated.

A line is handed over and forgotten: each destination has a bounded queue and a thread of its own, so that no request
waits for one that is slow or away. What does not fit is lost and counted, and the count is told as soon as lines arrive
there again. Standard output stays whole in every case.
"""

import atexit
import json
import queue
import threading
import time
from collections.abc import Callable, Container, Mapping, MutableMapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

import structlog

Line = dict[str, Any]

TROUBLES = frozenset({"warning", "error", "exception", "critical"})
MOST_WAITING = 20_000  # lines for one destination
MOST_TROUBLES = 1_000  # of which each may hold a long trace
AT_ONCE = 512  # lines in one sending
GATHERED_FOR = 0.5  # seconds in which lines come together before they go
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between attempts
AT_THE_END = 3.0  # seconds in which a process that ends still tries


class Sink(Protocol):
    """One destination. Both methods are called by its shipper's thread alone."""

    @property
    def name(self) -> str: ...

    def send(self, lines: Sequence[Line]) -> None:
        """Deliver lines in their order. Raises Later or OSError to be tried again, Refusal to be not."""

    def close(self) -> None: ...


class Later(Exception):
    """The destination cannot take lines now; `after` is how many seconds it asks to be left alone."""

    def __init__(self, why: str, after: float | None = None):
        super().__init__(why)
        self.after = after


class Refusal(Exception):
    """The destination takes these lines never."""


class Shipper:
    """One destination's queue and thread; it starts with the first line."""

    def __init__(
        self,
        sink: Sink,
        *,
        most: int = MOST_WAITING,
        sleep: Callable[[float], object] | None = None,
        levels: Container[str] | None = None,
    ):
        self.sink, self.lost, self._levels = sink, 0, levels
        self._queue: queue.Queue[Line] = queue.Queue(most)
        self._ending, self._lock = threading.Event(), threading.Lock()
        self._pause: Callable[[float], object] = sleep or self._ending.wait
        self._thread: threading.Thread | None = None
        self._tries_until = float("inf")
        self._in_trouble = False

    def wants(self, event: Mapping[str, Any]) -> bool:
        """Say whether this destination is told lines of this level."""
        return self._levels is None or event.get("log.level") in self._levels

    def offer(self, line: Line) -> None:
        """Take a line along; never waits."""
        if self._ending.is_set():
            return
        if self._thread is None:
            self._begin()
        try:
            self._queue.put_nowait(line)
        except queue.Full:
            with self._lock:
                self.lost += 1

    def close(self, within: float = AT_THE_END) -> None:
        """Send what waits, for at most `within` seconds."""
        self._tries_until = time.monotonic() + within
        self._ending.set()
        if self._thread is not None:
            self._thread.join(within + 1)

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"logs to {self.sink.name}", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (lines := self._gathered()) is not None:
            if lines and not self._delivered(lines):
                with self._lock:
                    self.lost += len(lines)
        with suppress(OSError):
            self.sink.close()

    def _gathered(self) -> list[Line] | None:
        """Return the next lines, none of them if none came for a moment; None at the end."""
        lines: list[Line] = []
        until = time.monotonic() + GATHERED_FOR
        while len(lines) < AT_ONCE:
            try:
                left = 0.0 if self._ending.is_set() else max(until - time.monotonic(), 0.01)
                lines.append(self._queue.get(timeout=left) if left else self._queue.get_nowait())
            except queue.Empty:
                if self._ending.is_set() or time.monotonic() >= until:
                    break
        return None if not lines and self._ending.is_set() else lines

    def _delivered(self, lines: list[Line]) -> bool:
        pause = FIRST_PAUSE
        while True:
            told = self._told_losses()
            try:
                self.sink.send([*told, *lines] if told else lines)
            except Refusal as error:
                self._complain(error)
                return False
            except (Later, OSError) as error:
                self._complain(error)
                if told:
                    with self._lock:
                        self.lost += told[0]["log.lost"]
                asked = getattr(error, "after", None)
                self._pause(min(max(asked or 0.0, pause), LONGEST_PAUSE))
                if time.monotonic() > self._tries_until:
                    return False
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self._in_trouble = False
                return True

    def _complain(self, error: Exception) -> None:
        """Say once, wherever else lines go, that they do not arrive here."""
        if not self._in_trouble:
            self._in_trouble = True
            structlog.get_logger().warning("log lines do not arrive", destination=self.sink.name, error=str(error))

    def _told_losses(self) -> list[Line]:
        with self._lock:
            lost, self.lost = self.lost, 0
        words = "log lines were lost: this destination did not take them in time"
        return [{**stamped("warning"), "message": words, "log.lost": lost}] if lost else []


def stamped(level: str) -> Line:
    """Return the beginning of a line of this module's own."""
    now = time.time()
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
    return {"@timestamp": f"{whole}.{int(now % 1 * 1e6):06d}Z", "log.level": level, "ecs.version": "8.11"}


_shippers: list[Shipper] = []


def begin(sinks: Sequence[Sink], *, troubles: Sink | None = None) -> None:
    """Ship every line of this process from now on to these destinations, warnings and errors to `troubles` too."""
    end()
    _shippers[:] = [Shipper(sink) for sink in sinks]
    if troubles is not None:
        _shippers.append(Shipper(troubles, most=MOST_TROUBLES, levels=TROUBLES))


def end() -> None:
    """Send what waits, within a bound, and ship no more."""
    leaving, _shippers[:] = list(_shippers), []
    for shipper in leaving:
        shipper.close()


atexit.register(end)


def shipped() -> bool:
    """Say whether all lines go anywhere but to standard output."""
    return any(shipper.wants({"log.level": "info"}) for shipper in _shippers)


def ship(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hand a finished line to every destination; a processor of structlog."""
    wanting = [shipper for shipper in _shippers if shipper.wants(event)]
    if wanting:
        line = json.loads(json.dumps(event, default=str))  # as it is now: later changes are nobody's concern
        for shipper in wanting:
            shipper.offer(line)
    return event
