"""Completion and version."""

from enum import StrEnum
from typing import Annotated

import typer

from heroes import __version__
from heroes.cli.tree import noun

app = noun("More.")


class Shell(StrEnum):
    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@app.command()
def completion(shell: Annotated[Shell, typer.Argument(help="bash, zsh or fish.")]) -> None:
    """Print the completion script of a shell.

    For bash: source <(heroes completion bash)
    """
    from typer._completion_shared import get_completion_script

    print(get_completion_script(prog_name="heroes", complete_var="_HEROES_COMPLETE", shell=shell.value))


@app.command()
def version() -> None:
    """Print the version."""
    print(f"heroes {__version__}")
