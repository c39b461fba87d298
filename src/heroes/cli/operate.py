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
