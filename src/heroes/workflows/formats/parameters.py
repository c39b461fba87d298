"""The parameters of a bundle: each a JSON Schema that can be checked without surprises."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from heroes.workflows.formats import patterns
from heroes.workflows.formats.marked_yaml import Document, Finding, Path
from heroes.workflows.rules.parameters import FILE_FORMATS, explain, validator
from heroes.workflows.rules.templates import Reference

_PLAIN = (
    *("type", "title", "description", "default", "examples", "deprecated", "enum", "const", "format", "unit"),
    *("pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minItems", "maxItems", "uniqueItems", "required", "minProperties", "maxProperties"),
)
_ONE_SCHEMA = ("items", "additionalProperties")
_SCHEMAS = ("anyOf", "oneOf", "allOf", "prefixItems")
KEYWORDS = (*_PLAIN, *_ONE_SCHEMA, *_SCHEMAS, "properties")


def schema(declared: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    """The JSON Schema object of all parameters."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": dict(declared),
        "required": list(required),
        "additionalProperties": False,
    }


def check(document: Document, declared: Mapping[str, Any], required: list[str]) -> list[Finding]:
    """What is wrong with the declared parameters."""
    findings: list[Finding] = []
    by_variable: dict[str, str] = {}
    for name, member in declared.items():
        path: Path = ("parameters", name)
        other = by_variable.setdefault(name.upper(), name)
        if other != name:
            message = f"'{name}' and '{other}' differ only in case; scripts see both as PARAM_{name.upper()}"
            findings.append(document.finding(path, message, "differ_in_case", at_key=True, first=name, second=other))
        found = list(_schema(document, member, path))
        findings += found or list(_default(document, member, path))
    for position, name in enumerate(required):
        if name not in declared:
            text = f"'{name}' is not a parameter"
            findings.append(document.finding(("required", position), text, "not_a_parameter", name=name))
    return findings


def _schema(document: Document, member: Any, path: Path) -> Iterator[Finding]:
    if not isinstance(member, dict):
        yield document.finding(path, "must be a JSON Schema, such as {type: number}", "no_schema")
        return
    for keyword in member:
        if keyword not in KEYWORDS and not keyword.startswith("x-"):
            yield document.finding(
                (*path, keyword), _unknown(keyword), "unknown_key", at_key=True, key=keyword, known=KEYWORDS
            )
    own = {keyword: value for keyword, value in member.items() if keyword in _PLAIN}
    for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(own):
        for wrong in explain(error):
            at = (*path, *error.absolute_path)
            yield document.finding(at, wrong["message"], wrong["code"], **wrong["facts"])
        return
    if "pattern" in member and (problem := patterns.problem(member["pattern"])):
        yield document.finding((*path, "pattern"), str(problem), problem.code, **problem.facts)
    if member.get("format") in FILE_FORMATS and member.get("type") != "string":
        text = f"format: {member['format']} goes with type: string"
        yield document.finding((*path, "format"), text, "format_of_text", format=member["format"])
    for below, at in _below(member, path):
        yield from _schema(document, below, at)


def _below(member: dict[str, Any], path: Path) -> Iterator[tuple[Any, Path]]:
    for keyword in _ONE_SCHEMA:
        if keyword in member and not (keyword == "additionalProperties" and isinstance(member[keyword], bool)):
            yield member[keyword], (*path, keyword)
    for keyword in _SCHEMAS:
        if keyword in member:
            listed = member[keyword] if isinstance(member[keyword], list) and member[keyword] else [None]
            yield from ((below, (*path, keyword, position)) for position, below in enumerate(listed))
    if "properties" in member:
        named = member["properties"] if isinstance(member["properties"], dict) else {"": None}
        yield from ((below, (*path, "properties", name)) for name, below in named.items())


def _default(document: Document, member: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    if "default" in member:
        for error in validator(member).iter_errors(member["default"]):
            for problem in explain(error):
                at = (*path, "default", *error.absolute_path)
                text = f"the default does not fit its own schema: {problem['message']}"
                yield document.finding(at, text, "unfit_default", why=problem)


def _unknown(keyword: str) -> str:
    near = difflib.get_close_matches(keyword, KEYWORDS, n=1)
    if near:
        return f"unknown keyword '{keyword}'; did you mean '{near[0]}'?"
    return f"keyword '{keyword}' is not read in a parameter; known: {', '.join(KEYWORDS)}"


def resolve(declared: Mapping[str, Any], reference: Reference) -> Mapping[str, Any] | None:
    """The schema of what `params.x.y` names; None if there is no such parameter or member."""
    members: Any = declared
    found: Any = None
    for name in reference.path:
        found = members.get(name)
        if not isinstance(found, Mapping):
            return None
        members = found.get("properties", {})
    return found if isinstance(found, Mapping) else None


def always_given(declared: Mapping[str, Any], required: list[str], reference: Reference) -> bool:
    """Whether `params.x.y` has a value in every run: required, or with a default, at each level."""
    members: Mapping[str, Any] = declared
    musts = required
    for name in reference.path:
        member = members.get(name)
        if not isinstance(member, Mapping) or not (name in musts or "default" in member):
            return False
        members, musts = member.get("properties", {}), member.get("required", [])
    return True


def file_kind(schema: Mapping[str, Any] | None) -> str | None:
    """`file`, `folder` or `files` if a value of this schema names data; else None."""
    if schema is None:
        return None
    if schema.get("format") in FILE_FORMATS:
        return str(schema["format"])
    items = schema.get("items")
    if schema.get("type") == "array" and isinstance(items, Mapping) and items.get("format") in FILE_FORMATS:
        return "files"
    return None
