"""What is wrong at one place of what was sent: in English, and as a code with facts for whoever says it otherwise."""

from collections.abc import Iterable, Mapping
from typing import Any

Fault = dict[str, Any]
"""`pointer` into what was sent, `message`, `code` and its `facts`"""


class Wrong(ValueError):
    """A value that cannot be used; as any ValueError to those who only say why."""

    def __init__(self, message: str, code: str, **facts: Any):
        super().__init__(message)
        self.code, self.facts = code, facts


def fault(pointer: str, message: str, code: str, **facts: Any) -> Fault:
    """Return one fault."""
    return {"pointer": pointer, "message": message, "code": code, "facts": facts}


def fault_of(pointer: str, error: ValueError) -> Fault:
    """Return the fault that an error tells of."""
    if isinstance(error, Wrong):
        return fault(pointer, str(error), error.code, **error.facts)
    return fault(pointer, str(error), "unusable")


def joined(path: Iterable[Any]) -> str:
    """Return the JSON pointer (RFC 6901) of a path of keys and positions."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def of_form(item: Mapping[str, Any], path: Iterable[Any]) -> Fault:
    """Return the fault that Pydantic found, by codes that stay when its own names change."""
    context = item.get("ctx") or {}
    error = context.get("error")
    if isinstance(error, Wrong):
        return fault_of(joined(path), error)
    code, facts = _read(str(item["type"]), context)
    return fault(joined(path), str(item["msg"]).removeprefix("Value error, "), code, **facts)


_EXPECTED = {
    "string": "string",
    "int": "integer",
    "float": "number",
    "decimal": "number",
    "finite": "number",
    "bool": "boolean",
    "list": "array",
    "tuple": "array",
    "set": "array",
    "dict": "object",
    "mapping": "object",
    "model": "object",
}
_BOUNDS = {
    "greater_than_equal": ("too_small", "ge", "least"),
    "greater_than": ("too_small", "gt", "above"),
    "less_than_equal": ("too_large", "le", "most"),
    "less_than": ("too_large", "lt", "below"),
    "string_too_short": ("too_short", "min_length", "least"),
    "string_too_long": ("too_long", "max_length", "most"),
    "too_short": ("too_few", "min_length", "least"),
    "too_long": ("too_many", "max_length", "most"),
    "string_pattern_mismatch": ("pattern", "pattern", "pattern"),
    "decimal_max_places": ("too_precise", "decimal_places", "most"),
    "decimal_max_digits": ("too_large", "max_digits", "digits"),
    "decimal_whole_digits": ("too_large", "whole_digits", "digits"),
    "multiple_of": ("no_multiple", "multiple_of", "of"),
    "literal_error": ("not_one_of", "expected", "expected"),
    "enum": ("not_one_of", "expected", "expected"),
}


def _read(kind: str, context: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    if kind in _BOUNDS:
        code, theirs, ours = _BOUNDS[kind]
        value = context.get(theirs)
        return code, {ours: value if isinstance(value, int | float | str | None) else str(value)}
    if kind == "missing":
        return "missing", {}
    if kind == "extra_forbidden":
        return "unknown", {}
    first, _, rest = kind.partition("_")
    if first in {"date", "datetime", "time", "timezone"}:
        return "not_a_time", {}
    if first == "json":
        return "not_json", {}
    if first in _EXPECTED and rest:
        return "wrong_type", {"expected": _EXPECTED[first]}
    return "unusable", {}
