"""What a command gives back, in the form that was asked for: `-o table|json|jsonl|yaml|csv`, `--fields`."""

import functools
import inspect
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, TextIO

import typer

from heroes.cli.failures import USAGE, Stop
from heroes.cli.terminal import say
from heroes.cli.words import clean, plain

Json = dict[str, Any]
_WHOLE = frozenset({"Id", "Execution", "Job", "Version"})  # copied by hand, so never cut into two lines


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    YAML = "yaml"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its heading, the field it shows (`a.b` is b within a), and how."""

    name: str
    path: str
    show: Callable[[Any], str] = plain
    right: bool = False


@dataclass(frozen=True)
class Listing:
    """Many items. `none` is said when there are no rows, `notes` after the table; `live` rows show as they come."""

    rows: Iterable[Json]
    columns: Sequence[Column]
    none: str = "Nothing there."
    notes: Sequence[str] = ()
    live: bool = False


@dataclass(frozen=True)
class Item:
    """One item: its fields one below the other, or as `table` draws it; `ends` may raise what its exit code says.

    `rows` are what its comma-separated form has instead of the one line of its fields.
    """

    value: Json
    columns: Sequence[Column] = ()
    table: Callable[[], None] | None = None
    notes: Sequence[str] = ()
    ends: Callable[[], None] | None = None
    rows: Sequence[Json] | None = None


Given = Listing | Item | None

_OUTPUT = typer.Option("--output", "-o", help="How to write the data.", show_default="table", show_choices=True)
_FIELDS = typer.Option("--fields", help="Only these fields, separated by commas; a.b is b within a.", metavar="NAMES")


def shown(command: Callable[..., Given]) -> Callable[..., None]:
    """Give a command the options `--output` and `--fields`, and write what it returns."""

    @functools.wraps(command)
    def run(*, output: Format | None = None, fields: str | None = None, **arguments: Any) -> None:
        form = output or preferred()
        given = command(**arguments)
        if given is not None:
            write(given, form, fields, sys.stdout)
        if isinstance(given, Item) and given.ends:
            given.ends()

    extra = {"output": Annotated[Format | None, _OUTPUT], "fields": Annotated[str | None, _FIELDS]}
    own = inspect.signature(command, eval_str=True)
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in extra.items()
    ]
    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own.parameters.values()]
    run.__signature__ = own.replace(parameters=[*parameters, *options], return_annotation=None)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in [*parameters, *options]}
    del run.__wrapped__  # its annotations would hide these
    return run


def preferred() -> Format:
    """Return the form that the user's configuration names."""
    from heroes.cli import configuration

    kept = configuration.read().settings.get("output", "")
    return Format(kept) if kept in set(Format) else Format.TABLE


def write(given: Listing | Item, form: Format, fields: str | None, out: TextIO) -> None:
    """Write the data to `out`; notes go to standard error. Raises Stop for a field that is not there."""
    names = [name.strip() for name in fields.split(",") if name.strip()] if fields else []
    columns = [Column(name, name) for name in names] or list(given.columns)
    if isinstance(given, Item):
        _check(names, [given.value])
        _write_item(given, form, names, columns, out)
    else:
        _write_listing(given, form, names, columns, out)
    if form is Format.TABLE:
        for note in given.notes:
            say(note)


def _write_item(given: Item, form: Format, names: list[str], columns: list[Column], out: TextIO) -> None:
    value = _picked(given.value, names)
    match form:
        case Format.JSON:
            out.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
        case Format.JSONL:
            out.write(json.dumps(value, ensure_ascii=False) + "\n")
        case Format.YAML:
            out.write(_yaml(value))
        case Format.CSV:
            _csv(given.rows or [given.value], columns or [Column(name, name) for name in given.value], out)
        case Format.TABLE if given.table and not names:
            given.table()
        case Format.TABLE:
            rows = [(one.name, one.show(get(given.value, one.path))) for one in columns or _all(given.value)]
            widest = max((len(name) for name, _ in rows), default=0)
            out.writelines(f"{name:<{widest}}  {text}\n" for name, text in rows)


def _write_listing(given: Listing, form: Format, names: list[str], columns: list[Column], out: TextIO) -> None:
    if form is Format.JSONL:
        for row in given.rows:
            _check(names, [row])
            out.write(json.dumps(_picked(row, names), ensure_ascii=False) + "\n")
            if given.live:
                out.flush()
        return
    if given.live and form is Format.TABLE:
        for row in given.rows:
            out.write("  ".join(_cells(row, columns)).rstrip() + "\n")
            out.flush()
        return
    rows = list(given.rows)
    _check(names, rows)
    match form:
        case Format.JSON:
            out.write(json.dumps([_picked(row, names) for row in rows], indent=2, ensure_ascii=False) + "\n")
        case Format.YAML:
            out.write(_yaml([_picked(row, names) for row in rows]))
        case Format.CSV:
            _csv(rows, columns, out)
        case _ if not rows:
            say(given.none)
        case _:
            table([one.name for one in columns], [_cells(row, columns) for row in rows], columns, out)


def get(row: Json, path: str) -> Any:
    """Return the field of a row that `a.b` names; None if it is not there."""
    value: Any = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], columns: Sequence[Column], out: TextIO | None = None
) -> None:
    """Write aligned columns: wrapped and with colour on a terminal, whole lines elsewhere."""
    out = out or sys.stdout
    right = [one.right for one in columns]
    if not out.isatty():
        grid = [list(map(str.upper, heads)), *rows]
        widths = [max(len(line[index]) for line in grid) for index in range(len(heads))]
        for line in grid:
            cells = [
                text.rjust(width) if flush else text.ljust(width)
                for text, width, flush in zip(line, widths, right, strict=True)
            ]
            out.write("  ".join(cells).rstrip() + "\n")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head, flush in zip(heads, right, strict=True):
        drawn.add_column(head, justify="right" if flush else "left", overflow="fold", no_wrap=head in _WHOLE)
    for row in rows:
        drawn.add_row(*(Text(text) for text in row))
    Console(file=out, highlight=False).print(drawn)


def _cells(row: Json, columns: Sequence[Column]) -> list[str]:
    return [one.show(get(row, one.path)) for one in columns]


def _picked(row: Json, names: list[str]) -> Json:
    return {name: get(row, name) for name in names} if names else row


def _check(names: list[str], rows: Sequence[Json]) -> None:
    for name in names:
        top = name.split(".")[0]
        if rows and not any(top in row for row in rows):
            known = ", ".join(rows[0])
            raise Stop(f"There is no field {clean(name)}; there are: {known}", USAGE)


def _all(value: Json) -> list[Column]:
    return [Column(name, name) for name in value]


def _yaml(value: Any) -> str:
    import yaml

    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True))


def _csv(rows: Sequence[Json], columns: Sequence[Column], out: TextIO) -> None:
    import csv

    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([one.path for one in columns])
    for row in rows:
        values = [get(row, one.path) for one in columns]
        writer.writerow([json.dumps(one) if isinstance(one, dict | list | bool) else one for one in values])
