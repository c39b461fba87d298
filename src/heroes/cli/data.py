"""Files and folders in buckets. `bucket:path` names a place; `home:` is your own bucket."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from heroes.cli import bucket, copying, session, terminal
from heroes.cli.copying import Place, is_place
from heroes.cli.failures import ERROR, USAGE, Stop
from heroes.cli.output import Column, Item, Listing, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun
from heroes.cli.words import NOTHING, clean, size, when

if TYPE_CHECKING:
    from heroes.client import Heroes

app = noun("Files and folders in buckets, up and down. bucket:path names a place, home: is your own bucket.")
app.add_typer(bucket.app, name="bucket")

DATA = "/organization/data"
Where = Annotated[str, typer.Argument(metavar="BUCKET:PATH", help="A place, such as home:wing/a.dat.")]

_OBJECTS = [
    Column("Name", "object_name"),
    Column("Size", "size", lambda value: size(value) if value else NOTHING, right=True),
    Column("Changed", "last_modified", when),
    Column("SHA-256", "etag", lambda value: str(value)[:12] if value else NOTHING),
]
_HELD = [
    Column("Files", "holds.files"),
    Column("Of all versions", "holds.bytes", size),
    Column("Used by", "used_by", lambda value: "1 execution" if value == 1 else f"{value} executions"),
]
_VERSIONS = [
    Column("Version", "version_id"),
    Column("Number", "metadata.number", right=True),
    Column("Size", "size", size, right=True),
    Column("Stored", "last_modified", when),
    Column("Current", "is_latest"),
    Column("SHA-256", "etag"),
]


@app.command("list")
@shown
def list_(
    where: Annotated[str | None, typer.Argument(metavar="BUCKET:PATH", help="A place; none: your buckets.")] = None,
    recursive: Annotated[bool, typer.Option("--recursive", "-r", help="All that lies below.")] = False,
) -> Listing:
    """List buckets, or what a place holds."""
    heroes = session.connect()
    if where is None:
        return bucket.listing(heroes)
    place = Place.parse(where if ":" in where else f"{where}:")
    prefix = place.path
    if prefix and not prefix.endswith("/"):
        found = heroes.object(place.bucket, prefix)
        if not found["is_dir"]:
            return Listing([found], _OBJECTS)
        prefix += "/"
    rows = heroes.objects(place.bucket, prefix, recursive=recursive)
    return Listing(rows, _OBJECTS, none=f"{clean(where)} is empty.")


@app.command("show")
@shown
def show(where: Where) -> Item:
    """Show one file or folder, what it holds, and how many executions took it as input."""
    heroes = session.connect()
    place = Place.parse(where)
    named = {"bucket": place.bucket, "file": place.path}
    found = heroes.object(place.bucket, place.path) | {"holds": heroes.get(f"{DATA}/size", **named)}
    found["used_by"] = used_by(heroes, place)
    notes = [f"heroes execution list --takes {shlex.quote(str(place))}"] if found["used_by"] else []
    return Item(found, [*_OBJECTS, *_HELD], notes=notes)


def used_by(heroes: "Heroes", place: Place) -> int:
    """Return how many executions, of those one may see, took this file or one in this folder."""
    asked = {"takes": str(place), "limit": 1}
    answer = heroes.request("GET", "/organization/workflow/executions", params=asked)
    return int(answer.headers["X-Total-Count"])


@app.command("put")
def put(
    sources: Annotated[list[Path], typer.Argument(help="Files or folders of this machine.")],
    target: Annotated[str, typer.Argument(metavar="BUCKET:PATH", help="Where to; ends with / for a folder.")],
) -> None:
    """Send files and folders, checksums compared. What of a folder is already there and equal is not sent again."""
    copying.put(session.connect(), sources, Place.parse(target))


@app.command("get")
def get(
    source: Where,
    target: Annotated[Path, typer.Argument(help="Where to; a folder, or a new name.")] = Path(),
) -> None:
    """Fetch a file or a folder, checksums compared. What is already here and equal is not fetched again."""
    copying.get(session.connect(), Place.parse(source), target)


@app.command("copy")
def copy(
    sources: Annotated[list[str], typer.Argument(help="What to copy.")],
    target: Annotated[str, typer.Argument(help="Where to.")],
    recursive: Annotated[
        bool, typer.Option("--recursive", "-r", help="Nothing more: folders are always copied whole.")
    ] = False,
) -> None:
    """Copy between this machine and a bucket, either way. (cp)"""
    if is_place(target) and not any(map(is_place, sources)):
        put([Path(one) for one in sources], target)
    elif all(map(is_place, sources)) and not is_place(target):
        for one in sources:
            get(one, Path(target))
    else:
        raise Stop("Copy between this machine and a bucket; within buckets use: heroes data move", USAGE)


@app.command("move")
@shown
def move(
    source: Where,
    target: Annotated[str, typer.Argument(metavar="NEW:PATH", help="New place and name; ends with / for a folder.")],
) -> Item:
    """Rename or move a file or folder, also to another bucket; nothing is copied through this machine."""
    heroes = session.connect()
    old, new = Place.parse(source), Place.parse(target)
    if new.path == "" or new.path.endswith("/"):
        new = Place(new.bucket, new.path + old.name)
    return _settled(heroes, heroes.post(f"{DATA}/move", {"source": str(old), "target": str(new)}))


@app.command("remove")
@shown
def remove(
    where: Where,
    recursive: Annotated[bool, typer.Option("--recursive", "-r", help="A folder with all below.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> Item:
    """Remove a file with its versions, or a folder with all below."""
    heroes = session.connect()
    place = Place.parse(where)
    if not place.path:
        raise Stop(f"{where} is a whole bucket: heroes data bucket remove {place.bucket}", USAGE)
    found = heroes.object(place.bucket, place.path)
    if found["is_dir"]:
        if not recursive:
            raise Stop(f"{where} is a folder: give --recursive to remove it with all below.", USAGE)
        if not yes and not terminal.interactive():
            raise Stop(f"{where} is a folder and there is no terminal to ask: give --yes.", USAGE)
        if not yes:
            held = heroes.get(f"{DATA}/size", bucket=place.bucket, file=place.path)
            used = used_by(heroes, place)
            taken = f" Executions that took some of it: {used}; they keep their inputs." if used else ""
            what = f"{clean(where)} with {held['files']} files ({size(held['bytes'])}) and all their versions"
            if not terminal.confirm(f"Remove {what}?{taken}"):
                raise Stop("Nothing was removed.")
    return _settled(heroes, heroes.send("DELETE", f"{DATA}/object", bucket=place.bucket, file=place.path))


def _settled(heroes: Any, operation: dict[str, Any]) -> Item:
    if operation["state"] not in {"done", "failed"}:
        say("This goes on by itself, also if you leave.")
    ended = heroes.settled(operation)

    def ends() -> None:
        if ended["state"] == "failed":
            raise Stop(clean(ended["error"] or "It failed."), ERROR)

    return Item(ended, table=lambda: say(f"{ended['kind'].capitalize()} {ended['state']}."), ends=ends)


@app.command("mkdir")
def mkdir(where: Where) -> None:
    """Make a folder and those above it."""
    place = Place.parse(where)
    session.connect().post(f"{DATA}/folder", {"bucket": place.bucket, "path": place.path.rstrip("/")})


@app.command("checksum")
@shown
def checksum(
    where: Where,
    file: Annotated[Path | None, typer.Argument(help="A file of this machine to compare with.")] = None,
) -> Item:
    """Show the SHA-256 of a stored file; with a FILE compare, and end with 1 if they differ."""
    place = Place.parse(where)
    found = session.connect().get(f"{DATA}/checksum", bucket=place.bucket, file=place.path)
    if file is not None:
        from heroes.client.wire import sha256_of

        found["equal"] = sha256_of(file).hexdigest() == found["checksum"]

    def ends() -> None:
        if found.get("equal") is False:
            raise Stop(f"{where} and {file} differ.")

    return Item(found, table=lambda: print(f"{found['checksum']}  {clean(where)}"), ends=ends)


@app.command("versions")
@shown
def versions(where: Where) -> Listing:
    """List the versions of a file, newest first."""
    place = Place.parse(where)
    return Listing(session.connect().pages(f"{DATA}/versions", bucket=place.bucket, file=place.path), _VERSIONS)


@app.command("restore")
@shown
def restore(where: Where, version: Annotated[str, typer.Option(help="Id of the version, or its beginning.")]) -> Item:
    """Make an old version current again, as a new version."""
    heroes = session.connect()
    place = Place.parse(where)
    rows = heroes.pages(f"{DATA}/versions", bucket=place.bucket, file=place.path)
    whole = session.whole_id(rows, version, "version_id")
    body = {"bucket": place.bucket, "file": place.path, "version_id": whole}
    return Item(heroes.post(f"{DATA}/restore", body), _VERSIONS)
