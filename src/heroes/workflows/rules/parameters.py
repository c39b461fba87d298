"""Parameters of a workflow against its JSON Schema: defaults filled, every problem named at once."""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry

from heroes.kit.faults import Fault, fault, joined
from heroes.workflows.rules.bundle import Bundle

FILE_FORMATS = ("file", "folder")
Problem = Fault
"""its pointer leads into the parameters"""
_REFERENCE = re.compile(r"[^/:\s\x00][^/:\x00]*:[^\x00]*")
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}


def _is_file(value: object) -> bool:
    return not isinstance(value, str) or bool(_REFERENCE.fullmatch(value))


FORMATS = FormatChecker(formats=("date", "email", "ipv4", "ipv6", "uuid"))
for _format in FILE_FORMATS:
    FORMATS.checks(_format)(_is_file)


def validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    """A validator that fetches nothing from the network."""
    return Draft202012Validator(dict(schema), registry=Registry(), format_checker=FORMATS)


def validate(bundle: Bundle, params: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The parameters with defaults filled in, and all problems at once (none = they may run)."""
    filled: dict[str, Any] = _fill(bundle.schema, copy.deepcopy(dict(params)))
    problems = {
        (problem["pointer"], problem["message"]): problem
        for error in validator(bundle.schema).iter_errors(filled)
        for problem in explain(error)
    }
    return filled, sorted(problems.values(), key=lambda problem: problem["pointer"])


def _fill(schema: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, dict):
        for name, member in schema.get("properties", {}).items():
            if name not in value and "default" in member:
                value[name] = copy.deepcopy(member["default"])
            if name in value:
                value[name] = _fill(member, value[name])
    elif isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        return [_fill(schema["items"], member) for member in value]
    return value


pointer = joined


def explain(error: ValidationError) -> Iterator[Problem]:
    """A validation error as problems, each at the very member that is missing, unknown or wrong."""
    here = pointer(error.absolute_path)
    instance: Any = error.instance
    rule: Any = error.validator_value
    if error.validator == "required":
        for name in rule:
            if name not in instance:
                yield fault(here + pointer([name]), f"'{name}' is missing", "missing", name=name)
    elif error.validator == "additionalProperties" and rule is False:
        schema: Any = error.schema
        for name in instance:
            if name not in schema.get("properties", {}):
                known = sorted(schema.get("properties", {}))
                text = f"'{name}' is unknown; known: {', '.join(known) or 'none'}"
                yield fault(here + pointer([name]), text, "unknown", name=name, known=known)
    elif error.validator == "format" and rule in FILE_FORMATS:
        message = f"{str(instance)[:80]!r} is not a reference to data; write bucket:path, like home:wing/a.dat"
        yield fault(here, message, "no_reference", given=str(instance)[:80])
    else:
        text = error.message if len(error.message) <= 300 else error.message[:300] + "…"
        code, facts = _read(str(error.validator), rule)
        yield fault(here, text, code, **facts)


_RULES: Mapping[str, tuple[str, str]] = {
    "minimum": ("too_small", "least"),
    "exclusiveMinimum": ("too_small", "above"),
    "maximum": ("too_large", "most"),
    "exclusiveMaximum": ("too_large", "below"),
    "minLength": ("too_short", "least"),
    "maxLength": ("too_long", "most"),
    "minItems": ("too_few", "least"),
    "maxItems": ("too_many", "most"),
    "enum": ("not_one_of", "allowed"),
    "type": ("wrong_type", "expected"),
    "pattern": ("pattern", "pattern"),
    "format": ("no_format", "format"),
    "multipleOf": ("no_multiple", "of"),
}
"""keyword of JSON Schema → code, and the name of its value among the facts"""


def _read(keyword: str, rule: Any) -> tuple[str, dict[str, Any]]:
    if keyword == "const":
        return "not_one_of", {"allowed": [rule]}
    if keyword == "uniqueItems":
        return "not_unique", {}
    if keyword in _RULES:
        code, name = _RULES[keyword]
        return code, {name: rule}
    return "unfit", {"rule": keyword}


def file_references(
    schema: Mapping[str, Any], value: Any, at: str = "", formats: tuple[str, ...] = FILE_FORMATS
) -> list[tuple[str, str]]:
    """(JSON pointer, bucket:path) of every file and folder named in the parameters, or of one of these formats."""
    if isinstance(value, str):
        return [(at, value)] if schema.get("format") in formats else []
    if isinstance(value, Mapping):
        members = schema.get("properties", {})
        return [
            found
            for name, member in value.items()
            if isinstance(members.get(name), Mapping)
            for found in file_references(members[name], member, at + pointer([name]), formats)
        ]
    if isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        return [
            found
            for position, member in enumerate(value)
            for found in file_references(schema["items"], member, f"{at}/{position}", formats)
        ]
    return []


def coerce(schema: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """Parameters typed on a command line as values of the schema's types.

    What does not fit its type, or has no place in the schema, stays text: `validate` then says so.
    """
    properties = schema.get("properties", {})
    return {name: _coerced(properties.get(name, {"type": "string"}), text) for name, text in texts.items()}


def _coerced(schema: Mapping[str, Any], text: str) -> Any:
    declared = schema.get("type")
    types = [declared] if isinstance(declared, str) else list(declared or _types_of_enum(schema))
    for kind in sorted(types, key=lambda kind: kind == "string"):
        value = _as_type(kind, schema, text)
        if value is not _NOT:
            return value
    return text


_NOT = object()


def _types_of_enum(schema: Mapping[str, Any]) -> list[str]:
    names: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}
    return sorted({names[type(value)] for value in schema.get("enum", ["text"]) if type(value) in names})


def _as_type(kind: str, schema: Mapping[str, Any], text: str) -> Any:
    stripped = text.strip()
    match kind:
        case "string":
            return text
        case "boolean":
            return _BOOLEANS.get(stripped.lower(), _NOT)
        case "null":
            return None if stripped in ("", "null") else _NOT
        case "array" if not stripped.startswith("["):
            items = schema.get("items")
            member = items if isinstance(items, Mapping) else {}
            return [_coerced(member, part.strip()) for part in text.split(",")] if stripped else []
    value = _json(stripped)
    fits = {
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "number": isinstance(value, int | float) and not isinstance(value, bool),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
    }
    return value if fits.get(kind, False) else _NOT


def _json(text: str) -> Any:
    def not_a_number(name: str) -> Any:
        raise ValueError(name)

    number = re.fullmatch(r"\+?(-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)", text, re.ASCII)
    if number is not None:
        digits = number[1]
        if re.fullmatch(r"-?\d{1,300}", digits):
            return int(digits)
        value = float(digits)
        return value if value not in (float("inf"), float("-inf")) else None
    try:
        return json.loads(text, parse_constant=not_a_number)
    except (ValueError, RecursionError):
        return None
