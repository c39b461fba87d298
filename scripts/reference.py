"""The generated part of the documentation: pages made from the code itself, so that they cannot fall behind it.

As a hook of MkDocs (see `mkdocs.yml`) it adds its pages to the site; nothing is written beside the handwritten pages.

    .venv/bin/python scripts/reference.py FOLDER      # the same pages as files, for reading without a site
"""

import json
import sys
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Any

import typer
from pydantic_core import PydanticUndefined

MADE = "<!-- Made by scripts/reference.py; change the code it describes. -->\n"
METHODS = ("get", "post", "put", "patch", "delete")


def pages() -> dict[str, str]:
    """Return every generated page by its name below `reference/`."""
    made = {
        "cli.md": command_line(),
        "api.md": api(),
        "settings.md": settings(),
        "workflow-format.md": workflow_format(),
        "errors.md": errors(),
        "roles.md": roles(),
    }
    return {name: MADE + text for name, text in made.items()}


def on_files(found: Any, config: Any) -> Any:
    """Add the pages to the site; called by MkDocs."""
    from mkdocs.structure.files import File

    for name, text in pages().items():
        found.append(File.generated(config, f"reference/{name}", content=text))
    return found


def cell(text: Any) -> str:
    """Return text that stays inside one cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def table(head: list[str], rows: list[list[Any]]) -> str:
    """Return a Markdown table; "" without rows."""
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell(one) for one in line) + " |\n" for line in lines) + "\n"


# ------------------------------------------------------------------------------------------------------ command line


def command_line() -> str:
    """Return the page on `heroes`: every command with its arguments and options."""
    from heroes.cli.tree import tree

    root = tree()
    intro = (
        "# Command line\n\n"
        "Data goes to standard output, everything else to standard error. Without a terminal nothing is asked. "
        "`heroes COMMAND --help` says the same as this page. Exit codes: [Errors and exit codes](errors.md).\n\n"
    )
    return intro + "".join(_commands(root, ["heroes"], 2))


def _commands(group: Any, path: list[str], level: int) -> Iterator[str]:
    context = typer.Context(group, info_name=path[-1])
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        words = [*path, name]
        if hasattr(command, "list_commands"):
            yield f"{'#' * level} {' '.join(words)}\n\n{_help(command)}\n\n"
            yield from _commands(command, words, min(level + 1, 4))
        else:
            yield _command(command, words, level)


def _command(command: Any, words: list[str], level: int) -> str:
    context = typer.Context(command, info_name=words[-1])
    usage = [*words, *command.collect_usage_pieces(context)]
    arguments = [
        ["`" + " ".join(one.get_usage_pieces(context)) + "`", one.help or ""] for one in _params(command, "argument")
    ]
    text = f"{'#' * level} {' '.join(words)}\n\n```text\n{' '.join(usage)}\n```\n\n{_help(command)}\n\n"
    return text + table(["Argument", "Meaning"], arguments) + _options(command)


def _params(command: Any, kind: str) -> list[Any]:
    return [one for one in command.params if one.param_type_name == kind and not getattr(one, "hidden", False)]


def _options(command: Any) -> str:
    rows = []
    for one in _params(command, "option"):
        if one.name in {"help", "install_completion", "show_completion"}:
            continue
        names = ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))
        plain = one.default if isinstance(one.default, str | int | float) and one.default not in ("", False) else None
        rows.append([names, (one.help or "") + ("" if plain is None else f" Default: `{plain}`.")])
    return table(["Option", "Meaning"], rows)


def _help(command: Any) -> str:
    return str(command.help or command.short_help or "").replace("\b", "").strip()


# --------------------------------------------------------------------------------------------------------------- API


def api() -> str:
    """Return the page on the HTTP interface, from its OpenAPI document."""
    from heroes.api import create_app
    from heroes.kit.settings import Settings

    document = create_app(Settings()).openapi()
    text = (
        "# API\n\n"
        "Every path below also exists without `/api/v1`. A running platform shows the document itself at "
        "`/api/v1/openapi.json` and calls it from a page at `/api/docs`.\n\n"
        "**Signing in.** `POST /api/v1/organization/auth/login`, then `Authorization: Bearer TOKEN`; a personal access "
        "token works in the same place, and older clients may send either in the header `token`.\n\n"
        "**Lists** are arrays, paged by `limit` (1 to 1000, default 100) and `cursor`; the header `Link` names the "
        "next page, `X-Total-Count` the number of all.\n\n"
        "**Creating** calls that list `Idempotency-Key` do the same body under the same key once and answer alike "
        "for 24 hours; another body under that key is refused.\n\n"
        "**Errors** are `application/problem+json` (RFC 9457), see [Errors and exit codes](errors.md).\n\n"
    )
    by_tag: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                call = methods[method]
                by_tag.setdefault((call.get("tags") or ["other"])[0], []).append((method.upper(), path, call))
    for tag in sorted(by_tag):
        text += f"## {tag.capitalize()}\n\n"
        text += "".join(_call(method, path, call, document) for method, path, call in by_tag[tag])
    schemas = document["components"]["schemas"]
    text += "## Bodies\n\n" + "".join(_body(name, schemas[name]) for name in sorted(schemas))
    return text


def _call(method: str, path: str, call: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    text = f"### {method} {path}\n\n{(call.get('description') or call.get('summary') or '').strip()}\n\n"
    rows = [
        [f"`{one['name']}`", one["in"], _type(one.get("schema", {})), one.get("description", "")]
        for one in (_resolved(one, document) for one in call.get("parameters", []))
        if one["in"] != "path"
    ]
    text += table(["Parameter", "In", "Type", "Meaning"], rows)
    takes = [_type(one.get("schema", {})) for one in call.get("requestBody", {}).get("content", {}).values()]
    if takes:
        text += f"Takes: {' or '.join(takes)}\n\n"
    answers = []
    for code, answer in call.get("responses", {}).items():
        kinds = [_type(one.get("schema", {})) for one in answer.get("content", {}).values()]
        answers.append(f"{code} {' or '.join(kinds) if code < '300' and any(kinds) else answer.get('description', '')}")
    return text + f"Answers: {'; '.join(one.strip() for one in answers)}\n\n"


def _resolved(one: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in one:
        return one
    return document["components"]["parameters"][one["$ref"].rpartition("/")[2]]  # type: ignore[no-any-return]


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{anchor(name)})"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " or ".join(dict.fromkeys(_type(one) for one in schema[word]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "any")


def _body(name: str, schema: Mapping[str, Any]) -> str:
    needed = set(schema.get("required", ()))
    rows = [
        [f"`{one}`" + (" (needed)" if one in needed and "default" not in facts else ""), _type(facts), _meaning(facts)]
        for one, facts in schema.get("properties", {}).items()
    ]
    words = (schema.get("description") or "").strip()
    if "enum" in schema:
        words = " ".join((words, "One of", _type(schema))).strip()
    return f"### {name} {{ #{anchor(name)} }}\n\n{words}\n\n" + table(["Field", "Type", "Meaning"], rows)


def _meaning(facts: Mapping[str, Any]) -> str:
    default = facts.get("default")
    return facts.get("description", "") + (f" Default: `{json.dumps(default)}`." if default not in (None, "") else "")


def anchor(name: str) -> str:
    """Return the anchor of a body on the API's page."""
    return "body-" + "".join(letter if letter.isalnum() else "-" for letter in name.lower())


# ---------------------------------------------------------------------------------------------------------- settings


def settings() -> str:
    """Return the page on the settings."""
    from heroes.kit.settings import Settings

    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default is PydanticUndefined or field.default in (None, []) else f"`{field.default}`"
        if name == "home":
            default = "`/var/lib/heroes` for root, else `$XDG_DATA_HOME/heroes` or `~/.local/share/heroes`"
        rows.append([f"`HEROES_{name.upper()}`", field.description or "", default])
    return (
        "# Settings\n\n"
        "Each setting is an environment variable of `heroes serve` and `heroes worker`. A wrong value ends the start "
        "with a list of all that is wrong.\n\n" + table(["Variable", "Meaning", "Default"], rows) + _CLIENT
    )


_CLIENT = """\
The command line reads these too, some instead of what `heroes login` keeps:

| Variable | Meaning |
| --- | --- |
| `HEROES_URL` | address of the platform |
| `HEROES_TOKEN` | access token or personal access token |
| `HEROES_PASSWORD`, `HEROES_NEW_PASSWORD` | for `heroes login`; the new one, where a one-time password must change |
| `HEROES_SITE_PASSWORD`, `HEROES_SITE_PASSPHRASE`, `HEROES_SSH_KEY_TOKEN` | how an account at a site signs in |
| `HEROES_DEBUG` | any value: unexpected errors with their trace |
| `XDG_CONFIG_HOME` | where logins are kept, else `~/.config` |
| `NO_COLOR` | no colours |
"""


# --------------------------------------------------------------------------------------------------- workflow format


def workflow_format() -> str:
    """Return the page on `workflow.yaml`, from its JSON Schema."""
    schema = json.loads((files("heroes.workflows.formats") / "workflow.schema.json").read_text())
    step = schema["$defs"]["step"]
    text = (
        "# Workflow format\n\n"
        "The file `workflow.yaml` of a bundle, format 1. [Write a workflow](../guides/write-a-workflow.md) explains it "
        "by example. Editors take the JSON Schema from `GET /api/v1/organization/workflow/schema`. Unknown keys are "
        "refused, each finding with line and column.\n\n## The file\n\n"
    )
    text += _keys(schema, schema) + "## A step\n\n" + _keys(step, schema)
    for name, words in (("resources", "Resources"), ("requires", "Requires"), ("placement", "Placement")):
        text += f"## {words} of a step\n\n" + _keys(step["properties"][name], schema)
    return text + "## Retries of a step\n\n" + _keys(step["properties"]["retries"], schema) + _TEMPLATES


def _keys(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    needed = set(schema.get("required", ()))
    rows = []
    for name, given in schema["properties"].items():
        facts = {**_definition(given, whole), **{key: value for key, value in given.items() if key != "$ref"}}
        kind = facts.get("type", "")
        shown = (
            " or ".join(kind) if isinstance(kind, list) else kind or (f"`{facts['const']}`" if "const" in facts else "")
        )
        limits = [
            f"{words} {facts[key]}"
            for key, words in (("minimum", "at least"), ("maximum", "at most"), ("maxItems", "at most"),
                               ("maxProperties", "at most"), ("maxLength", "at most characters:"), ("pattern", "fits"))
            if key in facts
        ]  # fmt: skip
        default = f" Default: `{json.dumps(facts['default'])}`." if "default" in facts else ""
        words = facts.get("description", "") + default
        rows.append([f"`{name}`" + (" (needed)" if name in needed else ""), shown, words, ", ".join(limits)])
    return table(["Key", "Type", "Meaning", "Limits"], rows)


def _definition(given: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    return whole["$defs"][given["$ref"].rpartition("/")[2]] if "$ref" in given else {}


_TEMPLATES = """\
## Templates

A template is a look-up between double braces; nothing is ever evaluated.

| Template | Value |
| --- | --- |
| `{{ params.NAME }}`, `{{ params.NAME.MEMBER }}` | a parameter, or a member of it |
| `{{ item }}`, `{{ item.MEMBER }}` | the item of this job, in a step with `foreach` |
| `{{ index }}` | its number, from 0 |
| `{{ steps.STEP.outputs.NAME }}` | the files of another step's output; only in `inputs` and the workflow's `outputs` |

A value that is one template and nothing else keeps its type; an element of `run` that is exactly one list becomes one
argument for each member. `script` is not a template: parameters arrive as `PARAM_NAME` and in the file that
`HEROES_PARAMS` names.
"""


# ------------------------------------------------------------------------------------------------------------ errors


def errors() -> str:
    """Return the page on problems of the API and exit codes of the command line."""
    from heroes.kit import errors as known

    rows = []
    for one in vars(known).values():
        if isinstance(one, type) and issubclass(one, known.AppError):
            rows.append([one.status, f"`{one.code}`", one.title, HTTPStatus(one.status).phrase])
    rows.sort(key=lambda row: (row[0], row[1]))
    return _ERRORS + table(["Status", "Code", "Title", "HTTP"], rows) + _EXITS


_ERRORS = """\
# Errors and exit codes

An error is `application/problem+json`: `title`, `status`, `detail` (a sentence that names the remedy), a stable `code`,
`request_id`, and facts as further members. `invalid` carries `problems`, a list of `{pointer, message, code, facts}`,
one for each fault at once. `over_budget` carries `left`, `reserved`, `needed`, `currency` and `ask`. `no_cluster`
carries `discarded`: every place with its reason and cure.

Where `code` is a general one, such as `conflict` or `not_found`, `case` says what exactly. Sentences are English. With
`case`, `code` and facts whoever shows an error says the same in another language; so it is of discarded places (`code`,
`facts`), why a ranking is in its order (`order.facts`), findings of a compliance check (`code`, `facts`), energy that
is not known (`energy_why`), and why an account's site is not heard (`trouble`).

A route may give a narrower code of the same status, such as `unbounded_cost` or `ended` for 409. The codes of the
classes:

"""

_EXITS = """\
## Exit codes of `heroes`

| Code | Meaning |
| --- | --- |
| 0 | done |
| 1 | error |
| 2 | wrong usage |
| 3 | the execution failed |
| 4 | sign in first |
| 5 | refused by right, policy or budget |
| 6 | no cluster can run it |
| 7 | not in time |
| 130 | interrupted; what runs goes on |
"""


# ------------------------------------------------------------------------------------------------------------- roles


def roles() -> str:
    """Return the page on roles and the actions that each allows."""
    from heroes.identity.rules import PLATFORM_ROLES, PROJECT_ROLES, ROLES, TITLES

    text = (
        "# Roles and actions\n\nWhat is not allowed is denied. An organization may make roles of its own from the same "
        "actions, never with more rights than their author may hand out.\n\n"
    )
    rows = []
    for name, actions in ROLES.items():
        where = "organization or project" if name in PROJECT_ROLES else "organization"
        where = "the platform's organization" if name in PLATFORM_ROLES else where
        rows.append([f"`{name}`", TITLES[name], where, ", ".join(f"`{one}`" for one in sorted(actions))])
    return text + table(["Role", "Title", "Held in", "Allows"], rows)


def main(folder: str) -> None:
    """Write the pages into a folder."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (target / name).write_text(text)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: scripts/reference.py FOLDER")
    main(sys.argv[1])
