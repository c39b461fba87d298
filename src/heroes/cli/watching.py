"""Following an execution to its end: live on a terminal, in lines elsewhere; its end as an exit code."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import typer

from heroes.cli.failures import FAILED, INTERRUPTED, TIMEOUT, Stop
from heroes.cli.output import Json
from heroes.cli.terminal import say
from heroes.cli.words import amount, clean, duration, energy, moment

if TYPE_CHECKING:
    from rich.console import RenderableType

    from heroes.client import Heroes

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 3.0
LOOKS_PER_NEWS = 4
MOST_NEWS = 3
_MARKS = {"FINISHED": "✓", "FAILED": "✗", "CANCELED": "✗", "RUNNING": "◐", "WAITING": "·", "SKIPPED": "–"}
_COLOURS = {"FINISHED": "green", "FAILED": "red", "CANCELED": "red", "RUNNING": "cyan"}
Seen = Callable[[Json, str | None], None]


def watch(heroes: "Heroes", wid: str, *, timeout: float | None = None, quiet: bool = False) -> Json:
    """Show an execution until it has ended and return it.

    Raises Stop after `timeout` seconds and at Ctrl-C; the execution itself goes on, and the message says how to return.
    """
    try:
        if quiet:
            return follow(heroes, wid, timeout, lambda found, trouble: None, news=False)
        if sys.stderr.isatty():
            return _live(heroes, wid, timeout)
        return follow(heroes, wid, timeout, Lines())
    except KeyboardInterrupt:
        raise Stop(f"{wid} goes on by itself. Return with: heroes execution watch {wid}", INTERRUPTED) from None


def follow(heroes: "Heroes", wid: str, timeout: float | None, seen: Seen, *, news: bool = True) -> Json:
    """Look at an execution again and again until it has ended; a platform that is away for a while is waited for.

    With `news` what is seen has, under `news`, what its jobs are doing in plain words.
    """
    from heroes.client import ENDED, ApiError, Unanswered

    deadline = None if timeout is None else time.monotonic() + timeout
    pause, found = FIRST_PAUSE, None
    said: list[str] = []
    for look in count():
        try:
            found = heroes.execution(wid)
            if news and look % LOOKS_PER_NEWS == LOOKS_PER_NEWS - 1:
                said = _news(heroes.jobs(wid))
            seen({**found, "news": said}, None)
            if found["status"] in ENDED:
                return found
        except (Unanswered, ApiError) as error:
            if isinstance(error, ApiError) and error.status < 500 and error.status != 429:
                raise
            if found is not None:
                seen(found, str(error))
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise Stop(f"{wid} has not ended in time; it goes on. Return with: heroes execution watch {wid}", TIMEOUT)
        time.sleep(pause if left is None else min(pause, left))
        pause = min(pause * 1.25, LONGEST_PAUSE)
    raise AssertionError("the end was not seen")


def _news(jobs: list[Json]) -> list[str]:
    told = [f"{job['step']} {job['index']}: {job['text']}" for job in jobs if job["end"] is None and job["text"]]
    return [*told[:MOST_NEWS], *([f"… and {len(told) - MOST_NEWS} more"] if told[MOST_NEWS:] else [])]


class Lines:
    """Says what changed, one line each, to standard error."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def __call__(self, found: Json, trouble: str | None) -> None:
        self._say("", "", trouble or "")
        self._say("status", f"{found['wid']} {found['status']}", found.get("reason") or "")
        for step in found.get("steps") or []:
            if step["state"] != "WAITING":
                done = f" {step['jobs_ended']}/{step['jobs']} jobs" if step["jobs"] else ""
                self._say(step["name"], f"{step['name']} {step['state']}{done}", step.get("reason") or "")
        self._say("news", "", "; ".join(found.get("news") or []))

    def _say(self, key: str, words: str, reason: str) -> None:
        text = clean(": ".join(part for part in (words, reason) if part))
        if text and self._said.get(key) != text:
            say(f"{datetime.now().astimezone():%H:%M:%S} {text}")
        self._said[key] = text


def _live(heroes: "Heroes", wid: str, timeout: float | None) -> Json:
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console(stderr=True, highlight=False), auto_refresh=True, refresh_per_second=4) as live:
        return follow(heroes, wid, timeout, lambda found, trouble: live.update(drawn(found, trouble)))


def drawn(found: Json, trouble: str | None) -> "RenderableType":
    """Return an execution with its steps as it is shown on a terminal."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    began = moment(found["submit_time"])
    ended = moment(found["end_time"]) if found.get("end_time") else datetime.now(UTC)
    head = f"{found['status']}  {found['configuration']['name']}  {found['wid']}  {duration((ended - began).seconds)}"
    steps = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for step in found.get("steps") or []:
        mark = Text(_MARKS.get(step["state"], "?"), style=_COLOURS.get(step["state"], ""))
        done = f"{step['jobs_ended']}/{step['jobs']} jobs" if step["jobs"] else ""
        steps.add_row(
            mark,
            Text(clean(step["name"])),
            Text(clean(step["title"])),
            Text(step["state"]),
            done,
            _took(step),
            Text(clean(step.get("reason") or "")),
        )
    words = [clean(found.get("reason") or ""), *map(clean, found.get("news") or []), clean(trouble or "")]
    return Group(Text(clean(head), style="bold"), steps, *(Text(one, style="yellow") for one in words if one))


def _took(step: Json) -> str:
    if not step.get("started_at"):
        return ""
    end = moment(step["ended_at"]) if step.get("ended_at") else datetime.now(UTC)
    return duration(max((end - moment(step["started_at"])).total_seconds(), 0))


def closing(found: Json, cost: Json) -> list[str]:
    """Return how it ended, what it cost, the energy it used or why that is unknown, and how to get the results."""
    wid = found["wid"]
    lines = [f"{wid} {found['status']}" + (f": {clean(found['reason'])}" if found.get("reason") else "")]
    lines.append(f"Cost    {cost_words(cost)}")
    lines.append(f"Energy  {energy_words(cost)}")
    if found["status"] == "FINISHED":
        lines.append(f"Results heroes execution results {wid} --get .")
    else:
        lines.append(f"Logs    heroes execution logs {wid}")
    return lines


def cost_words(cost: Json) -> str:
    """Return what was charged, and what the platform bore; or who is told that."""
    if cost["charged"] is None:
        return "told to whoever began it and to those who keep the books"
    unit = cost.get("currency") or ""
    over = float(cost["overrun"] or 0)
    more = f" ({amount(cost['overrun'])} {unit} above the reservation are not charged)" if over else ""
    return f"{amount(cost['charged'])} {unit}".strip() + f", {cost['status']}{more}"


def energy_words(cost: Json) -> str:
    """Return the energy and its source, or why it is unknown."""
    if cost.get("energy_j") is None:
        part = cost.get("energy_at_least_j")
        known = "unknown" if part is None else f"at least {energy(part)}"
        return f"{known}: {clean(cost.get('energy_reason') or 'no reason given')}"
    return f"{energy(cost['energy_j'])} ({clean(cost.get('energy_source') or 'no source named')})"


def leave(found: Json) -> None:
    """End the command with the exit code that the end of the execution means."""
    if found["status"] != "FINISHED":
        raise typer.Exit(FAILED)
