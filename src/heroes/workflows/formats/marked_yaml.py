"""YAML with the place of every value: the small, safe part of YAML 1.2 that a bundle needs.

Aliases, anchors, tags and merge keys are refused, so a document is a tree no larger than its text. Plain scalars follow
the core schema of YAML 1.2: `yes`, `on` and `00:05:00` are text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

LONGEST = 256 * 1024
DEEPEST = 40

Path = tuple[str | int, ...]
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONSTANTS = {word: value for words, value in ((("null", "~", ""), None), (("true",), True), (("false",), False))
              for word in {form for base in words for form in (base, base.capitalize(), base.upper())}}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a bundle, and where: line and column start at 1.

    `code` and `facts` say the same as `message` for other languages.
    """

    line: int
    column: int
    pointer: str
    message: str
    code: str
    facts: tuple[tuple[str, Any], ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.message}"


class Unreadable(ValueError):
    """The text is not YAML that we accept."""

    def __init__(self, line: int, column: int, message: str, code: str, **facts: Any):
        super().__init__(message)
        self.finding = Finding(line, column, "", message, code, tuple(facts.items()))


@dataclass(slots=True)
class Document:
    """A value with the (line, column) of each of its members and keys, and the keys that came twice."""

    value: Any = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def finding(self, path: Path, message: str, code: str, /, *, at_key: bool = False, **facts: Any) -> Finding:
        """A finding at the member of this path, or at the nearest member around it."""
        said = tuple(facts.items())
        for length in range(len(path), -1, -1):
            inner = path[:length]
            place = (self.keys.get(inner) if at_key else None) or self.places.get(inner) or self.keys.get(inner)
            if place is not None:
                return Finding(*place, pointer_of(path), message, code, said)
        return Finding(1, 1, pointer_of(path), message, code, said)


def pointer_of(path: Path) -> str:
    """JSON pointer (RFC 6901) of a path."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def read(text: str) -> Document:
    """Read one document. Raises Unreadable with the place of the first thing that cannot be read."""
    if len(text) > LONGEST:
        raise Unreadable(
            1, 1, f"the file has {len(text)} characters; at most {LONGEST} are read", "long_file", most=LONGEST
        )
    document = Document()
    try:
        events = iter(yaml.parse(text, Loader=_LOADER))
        _expect(events, yaml.StreamStartEvent)
        start = next(events)
        if isinstance(start, yaml.StreamEndEvent):
            return document
        document.value = _value(document, events, next(events), ())
        _expect(events, yaml.DocumentEndEvent)
        rest = next(events)
        if not isinstance(rest, yaml.StreamEndEvent):
            raise Unreadable(*_place(rest), "a second document; a bundle is one document", "second_document")
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        said = " ".join(filter(None, (wrong.context, wrong.problem)))
        raise Unreadable(
            *((mark.line + 1, mark.column + 1) if mark else (1, 1)), f"not YAML: {said}", "no_yaml", said=said
        ) from None
    except (yaml.YAMLError, UnicodeEncodeError) as wrong:
        position = getattr(wrong, "position", 0)
        before = text[: position if isinstance(position, int) else 0]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise Unreadable(line, column, "a character that YAML does not allow", "no_text") from None
    return document


def _expect(events: Iterator[Any], kind: type) -> None:
    event = next(events)
    if not isinstance(event, kind):
        raise Unreadable(*_place(event), "unexpected content", "no_yaml")


def _place(event: Any) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _value(document: Document, events: Iterator[Any], event: Any, path: Path) -> Any:
    place = _place(event)
    document.places[path] = place
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise Unreadable(*place, "anchors and aliases (&, *) are not read; write the value out", "anchors")
    if event.tag is not None and event.tag != "!":
        raise Unreadable(*place, f"tags ({event.tag}) are not read; write the plain value", "tags", tag=str(event.tag))
    if len(path) > DEEPEST:
        raise Unreadable(*place, f"nested deeper than {DEEPEST} levels", "too_deep", most=DEEPEST)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(document, events, path)
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(document, events, path)
    return _scalar(event)


def _sequence(document: Document, events: Iterator[Any], path: Path) -> list[Any]:
    members: list[Any] = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        members.append(_value(document, events, event, (*path, len(members))))
    return members


def _mapping(document: Document, events: Iterator[Any], path: Path) -> dict[str, Any]:
    members: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        place = _place(event)
        if not isinstance(event, yaml.ScalarEvent) or event.tag is not None or event.anchor:
            raise Unreadable(*place, "a key must be plain text", "plain_key")
        if event.value == "<<" and not event.style:
            raise Unreadable(*place, "merge keys (<<) are not read; write the keys out", "merge_keys")
        _scalar(event)
        key = (*path, event.value)
        if event.value in members:
            first = document.keys[key][0]
            message = f"key '{event.value}' stands twice; first in line {first}"
            document.findings.append(
                Finding(*place, pointer_of(key), message, "key_twice", (("key", event.value), ("first", first)))
            )
            _value(document, events, next(events), (*key, "(again)"))
            continue
        document.keys[key] = place
        members[event.value] = _value(document, events, next(events), key)
    return members


def _scalar(event: Any) -> Any:
    text: str = event.value
    if _UNSTORABLE.search(text):
        raise Unreadable(*_place(event), "a character that is no text (NUL or a lone surrogate)", "no_text")
    if event.style:  # quoted or a block: text, whatever it looks like
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if number not in (float("inf"), float("-inf")) else text
    return text
