"""One request to the API, for what has no command of its own."""

import json
import sys
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from heroes.cli import session
from heroes.cli.failures import USAGE, Stop
from heroes.cli.tree import noun

app = noun("One request to the API.")

BASE = "/api/v1"


@app.command()
def api(
    method: Annotated[str, typer.Argument(help="GET, POST, PUT, PATCH or DELETE.")],
    path: Annotated[str, typer.Argument(help="Below /api/v1, such as /organization/cluster/list.")],
    field: Annotated[
        list[str] | None, typer.Option("--field", "-f", metavar="KEY=VALUE", help="A text field (repeat).")
    ] = None,
    typed: Annotated[
        list[str] | None, typer.Option("--typed", "-F", metavar="KEY=VALUE", help="A field as JSON: 1, true, [1,2].")
    ] = None,
    source: Annotated[str | None, typer.Option("--input", help="A file with the body; - for standard input.")] = None,
    header: Annotated[list[str] | None, typer.Option("--header", "-H", metavar="NAME: VALUE", help="(repeat)")] = None,
    paginate: Annotated[bool, typer.Option("--paginate", help="Follow the pages of a list.")] = False,
    include: Annotated[bool, typer.Option("--include", "-i", help="Status and headers, on standard error.")] = False,
) -> None:
    """Send one request, signed in, and print the answer.

    Fields go into the address for GET and DELETE, else into a JSON body.
    """
    if urlsplit(path).netloc or "://" in path:
        raise Stop("Give a path of the platform, not a whole address.", USAGE)
    verb = method.upper()
    address = "/" + path.lstrip("/").removeprefix(BASE.lstrip("/")).lstrip("/")
    fields = _fields(field, typed)
    options: dict[str, Any] = {"headers": _headers(header)}
    if source is not None:
        content = sys.stdin.buffer.read() if source == "-" else _content(source)
        options["content"] = content
        options["headers"].setdefault("Content-Type", "application/json")
        options["params"] = fields
    elif verb in {"GET", "DELETE", "HEAD"}:
        options["params"] = fields
    elif fields:
        options["json"] = fields
    heroes = session.connect()
    if paginate:
        print(json.dumps(list(heroes.pages(address, **fields)), indent=2, ensure_ascii=False))
        return
    answer = heroes.request(verb, address, **options)
    if include:
        lines = [f"HTTP {answer.status_code}", *(f"{name}: {value}" for name, value in answer.headers.items())]
        print("\n".join(lines), file=sys.stderr)
    _write(answer)


def _fields(texts: list[str] | None, typed: list[str] | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one, as_json in [*((text, False) for text in texts or []), *((text, True) for text in typed or [])]:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise Stop(f"{one}: write KEY=VALUE.", USAGE)
        try:
            found[name] = json.loads(value) if as_json else value
        except ValueError:
            raise Stop(f"-F {one}: {value} is no JSON; for text use -f.", USAGE) from None
    return found


def _headers(given: list[str] | None) -> dict[str, str]:
    pairs = [one.partition(":") for one in given or []]
    if any(not colon for _, colon, _ in pairs):
        raise Stop("--header: write NAME: VALUE.", USAGE)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _content(source: str) -> bytes:
    with open(source, "rb") as file:
        return file.read()


def _write(answer: Any) -> None:
    if answer.content and "json" in answer.headers.get("Content-Type", ""):
        print(json.dumps(answer.json(), indent=2, ensure_ascii=False))
    elif answer.content:
        sys.stdout.buffer.write(answer.content)
        sys.stdout.buffer.flush()
