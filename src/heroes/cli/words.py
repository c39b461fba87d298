"""Values as people read them. Control characters never reach the terminal: names and logs are other people's text."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

NOTHING = "–"
LONG_LIST = 12
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNSAFE_IN_LOG = re.compile(r"(\x1b\[[0-9;]*m)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_KWH = 3.6e6


def clean(text: str) -> str:
    """Return text with control characters written out."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def clean_log(text: str) -> str:
    """Return a log's text for a terminal: line ends and colours stay, whatever else steers a terminal is removed."""
    return _UNSAFE_IN_LOG.sub(lambda found: found[1] or "", text)


def plain(value: Any) -> str:
    """Return any value in one line."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
        return ", ".join(plain(one) for one in value) or NOTHING
    if isinstance(value, dict | list):
        return clean(json.dumps(value, ensure_ascii=False)) if value else NOTHING
    return clean(str(value))


def brief(value: Any) -> str:
    """Return any value in one line, of a long list its begin, its end and its length."""
    if isinstance(value, list) and len(value) > LONG_LIST:
        return f"{plain(value[:5])} … {plain(value[-1])} ({len(value)} values)"
    return plain(value)


def absent(show: Callable[[Any], str]) -> Callable[[Any], str]:
    """Let a formatter write a dash for what is not there."""
    return lambda value: NOTHING if value is None else show(value)


def moment(value: str) -> datetime:
    """Return a time of the API in the local zone."""
    return datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone()


@absent
def when(value: Any) -> str:
    """Return a time (ISO 8601, or milliseconds since 1970) as local date and time."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
    return moment(value).strftime("%Y-%m-%d %H:%M:%S")


@absent
def duration(seconds: Any) -> str:
    """Return seconds as people say them."""
    left = float(seconds)
    if left < 60:
        return f"{left:.1f} s" if 0 < left < 10 else f"{left:.0f} s"
    minutes, rest = divmod(round(left), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
    first = next(index for index, (count, _) in enumerate(parts) if count)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count)


@absent
def left(counts: dict[str, Any]) -> str:
    """Return what one leaves behind, as a sentence; nothing where that is nothing."""
    nouns = {
        "files": f"files ({size(counts['bytes'])})",
        "running": "executions that run",
        "tokens": "tokens",
        "keys": "SSH keys",
        "programs": "programs",
    }
    told = [f"{counts[key]} {noun}" for key, noun in nouns.items() if counts[key]]
    return f" Left behind: {', '.join(told)}." if told else ""


def size(count: Any) -> str:
    """Return bytes in decimal units."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} PB"


@absent
def amount(value: Any) -> str:
    """Return an amount of money: two decimals, and four where it is below one."""
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return clean(str(value))
    cents = exact.quantize(Decimal("0.01"))
    small = abs(exact) < 1 and exact != cents
    return f"{exact.quantize(Decimal('0.0001')) if small else cents}"


@absent
def energy(joules: Any) -> str:
    """Return joules, in Wh or kWh where they are many, as the web does."""
    value = float(joules)
    if value < 360:
        return f"{value:.3g} J"
    return f"{value / 3600:.3g} Wh" if value < _KWH / 10 else f"{value / _KWH:.3g} kWh"


def quantity(value: Any, unit: str) -> str:
    """Return a predicted value in its unit."""
    match unit:
        case "s":
            return duration(value)
        case "J":
            return energy(value)
        case "B" | "byte" | "bytes":
            return size(value)
        case _:
            return f"{amount(value)} {unit}".strip()


_SPAN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?:in)?)?(?:(\d+)s?)?")


def seconds_of(text: str) -> float:
    """Return the seconds that `90`, `90s`, `15m`, `1h30m` or `2d` mean. Raises ValueError."""
    found = _SPAN.fullmatch(text.replace(" ", ""))
    if not found or not any(found.groups()):
        raise ValueError(f"{text!r} is no span of time; write 90s, 15m, 1h30m or 2d")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
