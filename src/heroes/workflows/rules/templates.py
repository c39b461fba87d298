"""Templates `{{ … }}`: a grammar of five forms, looked up and never evaluated.

params.name[.member…]   item[.member…]   index   steps.name.outputs.name
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from heroes.kit.faults import Wrong

Root = Literal["params", "item", "index", "steps"]

_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = r"[A-Za-z][A-Za-z0-9_-]*"
_EXPRESSION = re.compile(
    rf"(?:(?P<params>params(?:\.{_NAME})+)|(?P<item>item(?:\.{_NAME})*)|(?P<index>index)"
    rf"|(?P<steps>steps\.{_NAME}\.outputs\.{_NAME}))"
)
GRAMMAR = "params.NAME, item, index or steps.STEP.outputs.NAME"


class TemplateError(Wrong):
    """The template cannot be read, or names a value that is not there."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One hole of a template; `path` is what follows the root (for steps: step and output)."""

    root: Root
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.root == "steps":
            return f"steps.{self.path[0]}.outputs.{self.path[1]}"
        return ".".join((self.root, *self.path))


def parts(text: str) -> tuple[str | Reference, ...]:
    """Split a template into literal text and references. Raises TemplateError."""
    found: list[str | Reference] = []
    position = 0
    for hole in _HOLE.finditer(text):
        if hole.start() > position:
            found.append(text[position : hole.start()])
        found.append(_reference(hole.group(1).strip()))
        position = hole.end()
    if position < len(text):
        found.append(text[position:])
    if any(isinstance(part, str) and "{{" in part for part in found):
        raise TemplateError("'{{' is not closed by '}}'", "open_template")
    return tuple(found)


def _reference(expression: str) -> Reference:
    match = _EXPRESSION.fullmatch(expression)
    if match is None:
        written = f"{{{{ {expression[:80]} }}}}"
        raise TemplateError(f"'{written}' is not a reference; write {GRAMMAR}", "unfit_template", written=written)
    names = expression.split(".")
    if match["steps"]:
        return Reference("steps", (names[1], names[3]))
    root: Root = "params" if match["params"] else "item" if match["item"] else "index"
    return Reference(root, tuple(names[1:]))


def references(text: str) -> tuple[Reference, ...]:
    """All references in a template. Raises TemplateError."""
    return tuple(part for part in parts(text) if isinstance(part, Reference))


def whole(text: str) -> Reference | None:
    """The one reference that this template consists of, if it is nothing else. Raises TemplateError."""
    found = parts(text.strip())
    return found[0] if len(found) == 1 and isinstance(found[0], Reference) else None


def render(
    template: str,
    params: Mapping[str, Any],
    item: Any = None,
    index: int | None = None,
    steps: Mapping[str, Mapping[str, Any]] | None = None,
) -> Any:
    """The value of a template: a template of one reference keeps the type of its value, every other is text.

    Raises TemplateError when a reference has no value.
    """
    scope: dict[str, Any] = {"params": params, "item": item, "index": index}
    only = whole(template)
    if only is not None:
        return _look_up(only, scope, steps or {})
    rendered = [
        part if isinstance(part, str) else as_text(_look_up(part, scope, steps or {})) for part in parts(template)
    ]
    return "".join(rendered)


def render_argv(
    argv: Sequence[str], params: Mapping[str, Any], item: Any = None, index: int | None = None
) -> tuple[str, ...]:
    """Arguments of a command, one per element; an element that is exactly one array becomes one argument per member."""
    rendered: list[str] = []
    for element in argv:
        value = render(element, params, item, index)
        if isinstance(value, list | tuple) and whole(element) is not None:
            rendered.extend(as_text(member) for member in value)
        else:
            rendered.append(as_text(value))
    return tuple(rendered)


def as_text(value: Any) -> str:
    """How a value is written into a command or an environment variable: text as it is, all else as in JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _look_up(reference: Reference, scope: Mapping[str, Any], steps: Mapping[str, Mapping[str, Any]]) -> Any:
    if reference.root == "steps":
        step, output = reference.path
        try:
            return steps[step][output]
        except KeyError:
            raise TemplateError(f"{reference} has no value yet", "no_value", reference=str(reference)) from None
    value = scope[reference.root]
    if reference.root == "index" and value is None:
        raise TemplateError("index exists only in a step with foreach", "only_in_foreach", reference="index")
    for name in reference.path:
        if not isinstance(value, Mapping) or name not in value:
            raise TemplateError(f"{reference} has no value", "no_value", reference=str(reference))
        value = value[name]
    return value
