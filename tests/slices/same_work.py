"""Whether two requests were the same work: the statements that each asked of the database, and what it was told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from matrix_stage import Stage
from sqlalchemy import event


@dataclass
class Trace:
    """What was asked of the database, and how many rows each question gave."""

    asked: list[tuple[str, int]] = field(default_factory=list)


@contextmanager
def traced(stage: Stage) -> Iterator[Trace]:
    """Write down every statement of the API's and the worker's logins meanwhile."""
    trace, engines = Trace(), (stage.world.database._app.sync_engine, stage.world.database._worker.sync_engine)

    def note(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        trace.asked.append((statement, cursor.rowcount))

    for engine in engines:
        event.listen(engine, "after_cursor_execute", note)
    try:
        yield trace
    finally:
        for engine in engines:
            event.remove(engine, "after_cursor_execute", note)


def elsewhere(value: str) -> str:
    """Return a name or id of the same form and length that nobody has."""
    head, mark, tail = value.rpartition("_")
    return head + mark + "".join("0" if letter != "0" else "1" for letter in tail) if mark else "q" * len(value)


def shown(answer: httpx.Response, *names: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Return an answer without what differs between any two: the id of the request, and the name that was asked for."""
    told = answer.json() if answer.content else {}
    told.pop("request_id", None)
    text = {key: _without(str(value), names) for key, value in told.items()}
    headers = {key: value for key, value in answer.headers.items() if key != "x-request-id"}
    return answer.status_code, text, headers


def _without(text: str, names: tuple[str, ...]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "…")
    return text
