"""What jobs printed, piece by piece: all jobs in their order, or followed until they have ended."""

import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from heroes.cli.failures import INTERRUPTED, Stop
from heroes.cli.output import Json
from heroes.cli.terminal import say
from heroes.cli.words import clean, clean_log

if TYPE_CHECKING:
    from heroes.client import Heroes

PAUSE = 1.0
LEVELS = ("error", "warning", "info", "debug")
_AT_ONCE = 2000


class Wanted(NamedTuple):
    """Which lines: the newest so many of those of a level that hold a text."""

    tail: int | None
    level: str | None
    search: str | None


def lines(heroes: "Heroes", wid: str, step: str | None, index: int | None, stream: str, wanted: Wanted) -> None:
    """Write some lines of the logs of the fitting jobs, each after its number where not all are written."""
    fitting = [job for job in _fitting(heroes.jobs(wid), step, index) if job["started_at"] or job["end"]]
    for job in fitting:
        if len(fitting) > 1:
            say(f"==> {clean(job['step'])} {job['index']}: {clean(job['title'])} <==")
        which = {"step": job["step"], "index": job["index"], "level": wanted.level, "search": wanted.search}
        begin = -wanted.tail if wanted.tail else 0
        while True:
            told = heroes.log_lines(wid, stream, **which, begin=begin, limit=_AT_ONCE)
            for line in told["lines"]:
                _out(f"{line['number']}: {line['text']}\n" if wanted.level or wanted.search else f"{line['text']}\n")
            begin = told["begin"] + len(told["lines"])
            if not told["lines"] or begin >= told["total"]:
                break
    if not fitting:
        raise Stop("There is no such job yet; its step may still be waiting.")


def show(heroes: "Heroes", wid: str, step: str | None, index: int | None, stream: str, *, follow: bool) -> None:
    """Write the logs of the fitting jobs to standard output; whose they are is said on standard error."""
    try:
        places: dict[str, tuple[int | None, int]] = {}
        done: set[str] = set()
        last: str | None = None
        while True:
            over = not follow or _over(heroes, wid)
            fitting = _fitting(heroes.jobs(wid), step, index)
            for job in fitting:
                if job["id"] in done:
                    continue
                piece = _Pieces(heroes, wid, job, stream, *places.get(job["id"], (None, 0)))
                for content in piece:
                    if last != job["id"] and len(fitting) > 1:
                        say(f"==> {clean(job['step'])} {job['index']}: {clean(job['title'])} <==")
                        last = job["id"]
                    _out(content)
                places[job["id"]] = piece.attempt, piece.offset
                if piece.ended:
                    done.add(job["id"])
            if over:
                break
            time.sleep(PAUSE)
        if not fitting:
            raise Stop("There is no such job yet; its step may still be waiting.")
    except KeyboardInterrupt:
        raise Stop(f"{wid} goes on by itself. Return with: heroes execution logs -f {wid}", INTERRUPTED) from None


class _Pieces:
    """The pieces of one job's log that are there now."""

    def __init__(self, heroes: "Heroes", wid: str, job: Json, stream: str, attempt: int | None, offset: int):
        self._heroes, self._wid, self._stream = heroes, wid, stream
        self._job = job
        self.attempt, self.offset = attempt, offset
        self.ended = False

    def __iter__(self) -> "_Pieces":
        return self

    def __next__(self) -> str:
        if self.ended or (self._job["started_at"] is None and self._job["end"] is None):
            raise StopIteration
        piece = self._ask()
        if piece is None:
            raise StopIteration
        if self.attempt not in {None, piece["attempt"]}:
            say(f"It began anew: attempt {piece['attempt']}.")
        elif piece["missed"]:
            say(f"{piece['missed']} bytes were left out; they are in the whole log once the job has ended.")
        self.attempt, self.offset = int(piece["attempt"]), int(piece["next_offset"])
        self.ended = bool(piece["ended"])
        if not piece["content"]:
            raise StopIteration
        return str(piece["content"])

    def _ask(self) -> Json | None:
        from heroes.client import ApiError

        which = {"step": self._job["step"], "index": self._job["index"], "stream": self._stream}
        if self.attempt is not None:
            which["attempt"] = self.attempt
        try:
            return self._heroes.log(self._wid, **which, offset=self.offset)
        except ApiError as error:
            if error.status not in {404, 503}:
                raise
            say(str(error))
            return None


def _over(heroes: "Heroes", wid: str) -> bool:
    from heroes.client import ENDED

    return heroes.execution(wid)["status"] in ENDED


def _fitting(jobs: list[Json], step: str | None, index: int | None) -> list[Json]:
    return [job for job in jobs if step in {None, job["step"]} and index in {None, job["index"]}]


def _out(content: str) -> None:
    sys.stdout.write(clean_log(content) if sys.stdout.isatty() else content)
    sys.stdout.flush()
