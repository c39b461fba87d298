"""Parameters typed on a command line, as values of the types that the workflow's JSON Schema names.

What does not fit stays text: the platform then says what is wrong, with a pointer to it.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WORDS = {"true": True, "yes": True, "false": False, "no": False}
_MISFIT = object()


def coerce(schema: Schema, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return values for `texts`; a list may be written with commas, or as JSON."""
    members: Schema = schema.get("properties", {})
    return {name: value_of(members.get(name, {}), text) for name, text in texts.items()}


def value_of(schema: Schema, text: str) -> Any:
    """Return one value; text is taken as text only when no other declared type fits."""
    for kind in sorted(_kinds(schema), key=lambda kind: kind == "string"):
        value = _as(kind, schema, text)
        if value is not _MISFIT:
            return value
    return text


def _kinds(schema: Schema) -> list[str]:
    declared = schema.get("type")
    if declared:
        return [declared] if isinstance(declared, str) else list(declared)
    names = {str: "string", bool: "boolean", int: "integer", float: "number"}
    return sorted({names[type(one)] for one in schema.get("enum", ["text"]) if type(one) in names})


def _as(kind: str, schema: Schema, text: str) -> Any:
    bare = text.strip()
    if kind == "string":
        return text
    if kind == "boolean":
        return _WORDS.get(bare.lower(), _MISFIT)
    if kind == "null":
        return None if bare in {"", "null"} else _MISFIT
    if kind in {"integer", "number"}:
        return _number(bare, whole=kind == "integer")
    if kind == "array" and not bare.startswith("["):
        return [value_of(schema.get("items") or {}, part.strip()) for part in text.split(",")] if bare else []
    return _structure(bare, list if kind == "array" else dict)


def _number(text: str, *, whole: bool) -> Any:
    if not _NUMBER.fullmatch(text) or len(text) > 300:
        return _MISFIT
    if text.lstrip("+-").isdigit():
        return int(text)
    value = float(text)
    return _MISFIT if whole or not math.isfinite(value) else value


def _structure(text: str, kind: type) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _MISFIT
    return value if isinstance(value, kind) else _MISFIT
