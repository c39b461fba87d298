"""The last warnings and errors of all processes that share the data folder, read from the files that they write.

Two files of bounded size, in the order of writing: no database is asked, and nothing here is in a request's way.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

LONGEST = 20_000  # characters of one trace
_ERRORS = frozenset({"error", "exception", "critical"})
_KNOWN = frozenset({"@timestamp", "log.level", "service.name", "message", "error.stack_trace", "ecs.version"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for; what is not said is not narrowed."""

    errors: bool = False
    part: str | None = None
    search: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """One line; `file` and `offset` are where it stands, which no later line changes."""

    file: int
    offset: int
    at: datetime
    error: bool
    part: str
    message: str
    facts: dict[str, Any]
    trace: str | None


def read(path: Path, wish: Wish, *, after: tuple[int, int] | None = None, most: int | None = None) -> list[Trouble]:
    """Return what fits, the newest first, at most `most`; `after`: what is older than the line at this place."""
    found: list[Trouble] = []
    for one in _lines(path, after):
        if _fits(one, wish):
            found.append(one)
            if len(found) == most:
                break
    return found


def _lines(path: Path, after: tuple[int, int] | None) -> Iterator[Trouble]:
    passed = after is None
    for name in (path, path.with_name(f"{path.name}.1")):
        try:
            with name.open("rb") as file:
                number, content = os.fstat(file.fileno()).st_ino, file.read()
        except FileNotFoundError:
            continue
        here = after is not None and after[0] == number
        if passed or here:
            yield from _backwards(number, content, after[1] if here and after else len(content))
        passed = passed or here


def _backwards(number: int, content: bytes, end: int) -> Iterator[Trouble]:
    while end > 0:
        begin = content.rfind(b"\n", 0, end - 1) + 1
        with suppress(ValueError, KeyError, AttributeError, TypeError):  # a line that a full disk has cut
            yield _parsed(number, begin, content[begin:end])
        end = begin


def _parsed(number: int, offset: int, line: bytes) -> Trouble:
    said = json.loads(line)
    trace = said.get("error.stack_trace")
    return Trouble(
        file=number,
        offset=offset,
        at=datetime.fromisoformat(said["@timestamp"]),
        error=said["log.level"] in _ERRORS,
        part=str(said.get("service.name", "heroes")).removeprefix("heroes-"),
        message=str(said["message"]),
        facts={name: value for name, value in said.items() if name not in _KNOWN},
        trace=str(trace)[-LONGEST:] if trace else None,
    )


def _fits(one: Trouble, wish: Wish) -> bool:
    return (
        (one.error or not wish.errors)
        and (wish.part is None or one.part == wish.part)
        and (wish.since is None or one.at >= wish.since)
        and (wish.until is None or one.at < wish.until)
        and (wish.search is None or wish.search.lower() in text(one).lower())
    )


def text(one: Trouble) -> str:
    """Return a line as one reads it: when, how bad, where, what, then its facts, and below its trace."""
    facts = " ".join(
        f"{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in one.facts.items()
    )
    head = f"{one.at.isoformat()} {'ERROR' if one.error else 'WARNING'} {one.part} {one.message}"
    return "\n".join(filter(None, (f"{head} {facts}".rstrip(), one.trace)))
