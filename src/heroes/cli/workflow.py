"""Workflows: look, publish, validate."""

import json
import uuid
from pathlib import Path
from typing import Annotated, Any

import typer

from heroes.cli import session, watching
from heroes.cli.failures import USAGE, Stop
from heroes.cli.output import Column, Item, Json, Listing, get, shown, table
from heroes.cli.run import Parameter, ParameterFile, Version, finished, pairs, parameters
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import clean, plain, when

app = noun("Workflows: list, show, publish, validate.")

Workflow = Annotated[str, typer.Argument(help="Name or id of the workflow.")]
TEMPLATE = "/organization/workflow/template"
FILE = "workflow.yaml"
_LEFT_OUT = {".git", "__pycache__", ".DS_Store"}

_LIST = [
    Column("Name", "name"),
    Column("Title", "title"),
    Column("Version", "version", right=True),
    Column("Open to", "visibility"),
    Column("Published", "published_at", when),
    Column("Id", "id"),
]
_PARAMETERS = [
    Column("Parameter", "name"),
    Column("Type", "type"),
    Column("Needed", "needed"),
    Column("Default", "default"),
    Column("Meaning", "meaning"),
]
_STEPS = [
    Column("Step", "name"),
    Column("Title", "title"),
    Column("Jobs, at most", "jobs_bound", right=True),
    Column("After", "needs"),
    Column("Cores", "resources.cores", right=True),
    Column("Memory", "resources.memory", right=True),
    Column("Walltime", "resources.walltime", right=True),
]


@app.command("list")
@shown
def list_(
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Those that can be put back.")] = False,
) -> Listing:
    """List the workflows that you may see."""
    heroes = session.connect()
    if withdrawn:
        return Listing(heroes.pages("/organization/workflow/list", withdrawn=True), _LIST, none="None is withdrawn.")
    return Listing(heroes.workflows(), _LIST, none="There are no workflows. Publish one: heroes workflow publish")


@app.command("show")
@shown
def show(workflow: Workflow, version: Version = None) -> Item:
    """Show a workflow: what it does, its parameters, its steps, its results."""
    value = session.connect().workflow(workflow, version)
    return Item(value, _LIST, table=lambda: _drawn(value))


def _drawn(value: Json) -> None:
    print(f"{clean(value['name'])}: {clean(value['title'])} (version {value['shown']['version']}, {value['id']})")
    print(f"{clean(value['description'])}\n")
    schema = value["schema"]
    members = schema.get("properties", {})
    rows = [_parameter(name, member, schema.get("required", [])) for name, member in members.items()]
    if rows:
        table([one.name for one in _PARAMETERS], rows, _PARAMETERS)
        print()
    steps = [[one.show(get(step, one.path)) for one in _STEPS] for step in value["steps"]]
    table([one.name for one in _STEPS], steps, _STEPS)
    print(f"\nResults: {clean(', '.join(value['outputs'])) or 'none'}")
    needed = " ".join(f"-p {clean(name)}={_sample(members.get(name, {}))}" for name in schema.get("required", []))
    say(f"Run it with: heroes run {clean(value['name'])} {needed}".rstrip())


def _parameter(name: str, member: Json, required: list[str]) -> list[str]:
    kind = member.get("format") if member.get("format") in {"file", "folder"} else member.get("type")
    if kind == "array":
        kind = f"list of {(member.get('items') or {}).get('type', 'any')}s"
    bounds = [f"{word} {member[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in member]
    told = [str(kind or "any"), *bounds, *([str(member["unit"])] if "unit" in member else [])]
    if "enum" in member:
        told = [", ".join(map(str, member["enum"]))]
    default = json.dumps(member["default"], ensure_ascii=False) if "default" in member else None
    meaning = " – ".join(str(member[key]) for key in ("title", "description") if member.get(key))
    return [clean(name), clean(" ".join(told)), plain(name in required), plain(default), plain(meaning)]


def _sample(member: Json) -> str:
    return "home:PATH" if member.get("format") in {"file", "folder"} else "VALUE"


@app.command("withdraw")
def withdraw(workflow: Workflow) -> None:
    """Take a workflow off the list; what runs goes on, and it can be put back."""
    heroes = session.connect()
    heroes.send("DELETE", f"{TEMPLATE}{heroes.at(workflow)}")
    say(f"{clean(workflow)} is withdrawn; put it back with: heroes workflow restore {clean(workflow)}")


@app.command("restore")
@shown
def restore(workflow: Workflow) -> Item:
    """Put a withdrawn workflow back on the list, as it was; heroes workflow list --withdrawn names it."""
    heroes = session.connect()
    return Item(heroes.post(f"{TEMPLATE}{heroes.at(workflow)}/restore", once=False), _LIST)


@app.command("trigger")
@shown
def trigger(
    workflow: Annotated[str, typer.Argument(help="application@environment@workflow, or a name.")],
    inputs: Annotated[
        list[str] | None, typer.Option("--input", "-i", help="NAME=VALUE (repeat); read by the workflow's schema.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Show the steps until the end.")] = False,
) -> Item:
    """Run a workflow as the HPCWaaS client `waas` does: the first cluster of the ranking, unasked."""
    heroes = session.connect()
    body = {"inputs": pairs(inputs, "-i")}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    started = heroes.request("POST", f"/hpcwaas/workflows{heroes.at(workflow)}", json=body, headers=headers)
    wid = started.headers["Location"].rpartition("/")[2]
    if follow:
        return finished(heroes, watching.watch(heroes, wid))
    return Item(heroes.execution(wid), table=lambda: print(wid))


@app.command("publish")
@shown
def publish(
    folder: Annotated[Path, typer.Argument(help="Folder with a workflow.yaml.")],
    message: Annotated[str | None, typer.Option("--message", "-m", help="What changed.")] = None,
    visibility: Annotated[str | None, typer.Option(help="organization or restricted.")] = None,
) -> Item:
    """Publish a folder as the next version of the workflow that it names."""
    value = session.connect().publish(packed(folder), message=message, visibility=visibility)
    shown_ = value["shown"]
    line = f"{value['name']} version {shown_['version']} ({shown_['commit'][:12]})"
    return Item(value, table=lambda: print(line))


def packed(folder: Path) -> bytes:
    """Return the folder as a gzipped tar. Raises Stop if it holds no workflow."""
    import io
    import tarfile

    if not (folder / FILE).is_file():
        raise Stop(f"{folder} holds no {FILE}.", USAGE)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path in sorted(folder.rglob("*")):
            inner = path.relative_to(folder)
            if _LEFT_OUT.isdisjoint(inner.parts) and (path.is_file() or path.is_symlink()):
                archive.add(path, arcname=inner.as_posix(), recursive=False)
    return buffer.getvalue()


@app.command("validate")
@shown
def validate(
    workflow: Annotated[str, typer.Argument(help="Name or id of a workflow, or a folder with a workflow.yaml.")],
    parameter: Parameter = None,
    file: ParameterFile = None,
    version: Version = None,
) -> Item:
    """Check parameters against a workflow, or the form of a workflow.yaml before it is published."""
    heroes = session.connect()
    if (Path(workflow) / FILE).is_file():
        found = _form(heroes.get("/organization/workflow/schema"), Path(workflow) / FILE)
    else:
        found = heroes.validate(workflow, parameters(heroes, workflow, parameter, file, version), version)

    def table_of() -> None:
        for one in found["problems"]:
            print(f"{clean(one['pointer']) or '/'}: {clean(one['message'])}")
        if found["valid"]:
            say("No problem found.")

    def ends() -> None:
        if not found["valid"]:
            raise typer.Exit(USAGE)

    return Item(found, table=table_of, ends=ends)


def _form(schema: Json, file: Path) -> Json:
    """Check the form alone; what hangs on other steps and files is checked when it is published."""
    import jsonschema
    import yaml

    try:
        content: Any = yaml.safe_load(file.read_text("utf-8"))
    except yaml.YAMLError as error:
        return {"valid": False, "problems": [{"pointer": "", "message": str(error)}]}
    errors = jsonschema.Draft202012Validator(schema).iter_errors(json.loads(json.dumps(content, default=str)))
    problems = [
        {"pointer": "".join(f"/{part}" for part in error.absolute_path), "message": error.message[:300]}
        for error in errors
    ]
    return {"valid": not problems, "problems": problems}
