"""Commands that run or keep the platform itself, not a client of it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from heroes.cli import terminal
from heroes.cli.failures import USAGE, Stop
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


@app.command("reset-password")
def reset_password(
    user: Annotated[str, typer.Argument(help="User name.")],
    organization: Annotated[str, typer.Option("--organization", "--org", help="The user's organization.")],
    ask: Annotated[bool, typer.Option("--ask", help="Type the new password, unseen.")] = False,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the new password from standard input.")
    ] = False,
) -> None:
    """Replace a lost password, also the only administrator's, on the platform's machine; nobody needs to be signed in.

    Without --ask or --password-stdin a one-time password is made and printed once. The user's sessions end.
    """
    from heroes.cli import recovery

    recovery.reset_password(organization, user, _new_password(ask=ask, password_stdin=password_stdin))


def _new_password(*, ask: bool, password_stdin: bool) -> str | None:
    if password_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not ask:
        return None
    if not terminal.interactive():
        raise Stop("There is no terminal to ask: give --password-stdin.", USAGE)
    new = terminal.secret("New password")
    if terminal.secret("Once more") != new:
        raise Stop("The two differ; nothing was changed.")
    return new


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
