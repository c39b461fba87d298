"""Commands that run or keep the platform itself, not a client of it."""

from pathlib import Path
from typing import Annotated

import typer

from heroes.cli.tree import noun

app = noun("Run the platform.")


@app.command()
def serve(demo: Annotated[bool, typer.Option("--demo", help="Add the sample content.")] = False) -> None:
    """Run the platform on this machine, in the foreground; Ctrl-C stops it."""
    from heroes.cli import serve as platform

    platform.serve(demo)


@app.command()
def worker() -> None:
    """Run a further worker on the database of this installation."""
    from heroes.cli import serve as platform

    platform.worker()


@app.command("rotate-key")
def rotate_key(
    given: Annotated[
        bool, typer.Option("--given", help="The key file already has the new key in front; make none, drop none.")
    ] = False,
) -> None:
    """Seal all secrets under a fresh master key, while the platform runs; or move them into the vault of the settings.

    Where several machines read the key file, put the new key in front of it everywhere, run this with --given, and
    take the old line out afterwards.
    """
    from heroes.cli import sealing

    sealing.rotate_key(given=given)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write database, objects, registry and keys into one file."""
    from heroes.cli import backup as keeping

    keeping.backup(file)


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that `heroes backup` wrote.")]) -> None:
    """Bring back what a backup holds, into an empty data folder."""
    from heroes.cli import backup as keeping

    keeping.restore(file)
