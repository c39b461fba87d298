"""Regular expressions that are matched in time linear or quadratic in the text: a schema must not stall the server."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from heroes.kit.faults import Wrong

LONGEST = 200
MOST_REPEATS = 2
_PARSER: Any = import_module("re._parser")  # what a pattern is made of is told under no public name


def problem(pattern: str) -> Wrong | None:
    """Why a pattern of a parameter's schema is refused; None if it is harmless."""
    if len(pattern) > LONGEST:
        return Wrong(f"the pattern is longer than {LONGEST} characters", "long_pattern", most=LONGEST)
    try:
        compiled: Any = _PARSER.parse(pattern)
    except (re.error, RecursionError, OverflowError) as wrong:
        return Wrong(f"the pattern cannot be read: {wrong}", "unreadable_pattern", said=str(wrong))
    repeats = list(_repeats(compiled))
    if any(inner for inner in repeats):
        text = (
            "the pattern repeats something that itself repeats or branches, which can take for ever; write it simpler"
        )
        return Wrong(text, "nested_pattern")
    if len(repeats) > MOST_REPEATS:
        text = f"the pattern has more than {MOST_REPEATS} open repetitions (* or +); bound them as in {{0,20}}"
        return Wrong(text, "open_pattern", most=MOST_REPEATS)
    if _names(compiled) & {"GROUPREF", "GROUPREF_EXISTS", "ASSERT", "ASSERT_NOT"}:
        return Wrong("back references and look-around are not allowed in a pattern", "looking_pattern")
    return None


def _repeats(node: Any) -> Iterator[bool]:
    """One entry per wide repetition: whether it holds another repetition or a branch."""
    for name, argument in _operations(node):
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and argument[1] > 100:
            yield bool(_names(argument[2]) & {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT", "BRANCH"})
        for below in _below(argument):
            yield from _repeats(below)


def _names(node: Any) -> set[str]:
    found: set[str] = set()
    for name, argument in _operations(node):
        found.add(name)
        for below in _below(argument):
            found |= _names(below)
    return found


def _operations(node: Any) -> list[tuple[str, Any]]:
    return [(str(operation), argument) for operation, argument in node]


def _below(argument: Any) -> Iterator[Any]:
    if isinstance(argument, _PARSER.SubPattern):
        yield argument
    elif isinstance(argument, tuple | list):
        for member in argument:
            yield from _below(member)
