"""The reader of `workflow.yaml`, format 1. Every finding has its line and column, and all are reported at once."""

import difflib
import json
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files as package_files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from heroes.kit.errors import Invalid
from heroes.kit.faults import fault
from heroes.workflows.formats import parameters, steps
from heroes.workflows.formats.marked_yaml import Document, Finding, Unreadable, read
from heroes.workflows.rules import Bundle
from heroes.workflows.rules.parameters import explain

FILE = "workflow.yaml"


@cache
def schema() -> Mapping[str, Any]:
    """The published JSON Schema of the format."""
    text = package_files(__package__).joinpath("workflow.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def parse(text: str, files: Collection[str], links: Collection[str] = ()) -> Bundle:
    """Read a bundle's `workflow.yaml`; `files` are all paths of the bundle, `links` those that are symbolic links.

    Raises Invalid whose problems hold line, column, JSON pointer and message of each finding.
    """
    bundle, findings = examine(text, files, links)
    if bundle is None or findings:
        raise invalid(findings)
    return bundle


def invalid(findings: Collection[Finding]) -> Invalid:
    """The findings as the error that the API answers with."""
    first = min(findings, key=lambda finding: (finding.line, finding.column))
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    problems: list[dict[str, Any]] = [
        {
            **fault(found.pointer, found.message, found.code, **dict(found.facts)),
            **{"line": found.line, "column": found.column},
        }
        for found in findings
    ]
    detail = f"{FILE}, line {first.line}, column {first.column}: {first.message}{more}"
    return Invalid(detail, problems, code="invalid_workflow")


def examine(text: str, files: Collection[str], links: Collection[str] = ()) -> tuple[Bundle | None, list[Finding]]:
    """The bundle and all findings, in the order of the text; the bundle only if there are none."""
    try:
        document = read(text)
    except Unreadable as unreadable:
        return None, [unreadable.finding]
    findings = document.findings + _structure(document)
    findings += [
        document.finding((), f"'{path}' is a symbolic link; a bundle holds files only", "bundled_link", link=path)
        for path in sorted(links)
    ]
    bundle = None
    if not findings:
        bundle, findings = _meaning(document, files)
    ordered = sorted(set(findings), key=lambda finding: (finding.line, finding.column, finding.message))
    return (None if findings else bundle), ordered


def _meaning(document: Document, files: Collection[str]) -> tuple[Bundle | None, list[Finding]]:
    value: dict[str, Any] = document.value
    declared: dict[str, Any] = value.get("parameters", {})
    findings = parameters.check(document, declared, value.get("required", []))
    if findings:
        return None, findings
    specs, findings = steps.build(document, declared, set(files))
    if findings:
        return None, findings
    bundle = Bundle(
        name=value["name"],
        title=value.get("title") or value["name"],
        summary=(value.get("summary") or "").strip(),
        schema=parameters.schema(declared, value.get("required", [])),
        steps=specs,
        outputs=value.get("outputs", {}),
    )
    return bundle, []


def _structure(document: Document) -> list[Finding]:
    if not isinstance(document.value, dict):
        return [
            document.finding((), "a bundle begins with 'heroes: 1' and is a mapping of keys to values", "no_mapping")
        ]
    if "heroes" in document.value and document.value["heroes"] != 1:
        message = f"format {document.value['heroes']!r} is not known; this version reads 'heroes: 1'"
        return [document.finding(("heroes",), message, "unknown_format", format=str(document.value["heroes"]))]
    errors = Draft202012Validator(schema()).iter_errors(document.value)
    return [finding for error in errors for finding in _explain(document, error)]


def _explain(document: Document, error: ValidationError) -> list[Finding]:
    path = tuple(error.absolute_path)
    rule: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "additionalProperties":
        rules: Any = error.schema
        known = list(rules["properties"])
        return [
            document.finding(
                (*path, name), _unknown_key(name, known), "unknown_key", at_key=True, key=name, known=tuple(known)
            )
            for name in instance
            if name not in known
        ]
    if error.validator == "required":
        return [
            document.finding(path, f"'{name}' is missing", "missing_key", key=name)
            for name in rule
            if name not in instance
        ]
    if "propertyNames" in error.absolute_schema_path:
        return [
            document.finding(
                (*path, str(instance)),
                f"'{instance}' is not a name that fits {rule}",
                "unfit_name",
                at_key=True,
                key=str(instance),
                pattern=str(rule),
            )
        ]
    if error.validator == "type":
        wanted = " or ".join([rule] if isinstance(rule, str) else rule)
        return [
            document.finding(
                path,
                f"must be {wanted}, not {_type_name(instance)}",
                "wrong_type",
                expected=tuple(wanted.split(" or ")),
            )
        ]
    if error.validator == "pattern":
        return [document.finding(path, f"{instance!r} does not fit {rule}", "pattern", pattern=str(rule))]
    return [document.finding(path, one["message"], one["code"], **one["facts"]) for one in explain(error)]


def _unknown_key(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else "known: " + ", ".join(known)
    return f"unknown key '{name}'; {hint}"


def _type_name(value: object) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "text", list: "array", dict: "object"}
    return names.get(type(value), "empty")
