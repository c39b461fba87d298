"""The tree of commands: which module each noun lives in, loaded only when it is used, and how every command ends."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup

from heroes import __version__
from heroes.cli.failures import INTERRUPTED, tell

ALIASES = {
    "exec": "execution",
    "ls": "list",
    "rm": "remove",
    "cp": "copy",
    "mv": "move",
    "enrol": "add",
    "check": "test",
    "tasks": "jobs",
    "workflows": "workflow",
    "executions": "execution",
    "ssh_keys": "ssh-key",
    "key-gen": "create",
    "status": "show",
}


class Place(NamedTuple):
    """Where a command is: its module, and whether it is the module's whole group or one command of it."""

    section: str
    module: str
    whole: bool
    help: str


PLACES = {
    "login": Place("Sign in", "entrance", False, "Sign in to a platform."),
    "logout": Place("Sign in", "entrance", False, "End this sign-in everywhere."),
    "whoami": Place("Sign in", "entrance", False, "Show who is signed in, and what is allowed."),
    "info": Place("Sign in", "entrance", False, "Show whether the platform and its parts work."),
    "config": Place("Sign in", "config", True, "Settings of the command line."),
    "org": Place("Sign in", "org", True, "Change between the organizations that you are signed in to."),
    "token": Place("Sign in", "token", True, "Personal access tokens for programs."),
    "notice": Place("Sign in", "notice", True, "How you hear of the end of your runs."),
    "policy": Place("Administration", "policy", True, "How your organization ranks clusters, and which it leaves out."),
    "ssh-key": Place("Sign in", "sshkey", True, "SSH key pairs that are made and kept by the platform."),
    "rank": Place("Run", "run", False, "Rank the clusters for a workflow; starts nothing."),
    "run": Place("Run", "run", False, "Run a workflow."),
    "draft": Place("Run", "draft", True, "Drafts: runs that you have not finished asking for."),
    "workflow": Place("Run", "workflow", True, "Workflows: list, show, publish, validate."),
    "execution": Place("Run", "execution", True, "Executions: follow, logs, results, cost, cancel. (exec)"),
    "data": Place("Run", "data", True, "Files and folders in buckets, up and down."),
    "project": Place("Run", "project", True, "Projects: which one pays, who belongs to it."),
    "decision": Place("Run", "decision", True, "How good the predictions of runs were."),
    "predict": Place("Run", "predict", True, "Judge the predictor on a log of jobs; needs no platform."),
    "cluster": Place("Clusters and money", "cluster", True, "Clusters: enrol, check, pause, share."),
    "budget": Place("Clusters and money", "budget", True, "Budgets: what is left, reserved and spent."),
    "tariff": Place("Clusters and money", "tariff", True, "Prices of clusters."),
    "ledger": Place("Clusters and money", "ledger", True, "What was charged, booking by booking."),
    "user": Place("Administration", "user", True, "Users of the organization."),
    "role": Place("Administration", "role", True, "Roles, and who holds them."),
    "webhook": Place("Administration", "webhook", True, "Webhooks: tell other systems what happens."),
    "audit": Place("Administration", "audit", True, "The audit trail: who did what, and whether it is whole."),
    "admin": Place("Administration", "admin", True, "Organizations of the platform, and what its parts complained of."),
    "serve": Place("Platform", "operate", False, "Run the platform on this machine."),
    "worker": Place("Platform", "operate", False, "Run a further worker on the same database."),
    "rotate-key": Place("Platform", "operate", False, "Seal all secrets under a fresh master key."),
    "backup": Place("Platform", "operate", False, "Write all that the platform keeps into one file."),
    "restore": Place("Platform", "operate", False, "Bring back what a backup holds."),
    "api": Place("More", "api", False, "Send one request to the API."),
    "completion": Place("More", "more", False, "Print the completion script of a shell."),
    "version": Place("More", "more", False, "Print the version."),
}


class Aliased(TyperGroup):
    """A group whose commands may also be called by their short names."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found = super().get_command(ctx, cmd_name)
        return found or super().get_command(ctx, ALIASES.get(cmd_name, cmd_name))


class Tree(Aliased):
    """The whole command line; lists its commands without loading them."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(PLACES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        name = ALIASES.get(cmd_name, cmd_name)
        place = PLACES.get(name)
        if place is None:
            return None
        module = import_module(f"heroes.cli.{place.module}")
        group = typer.main.get_group(module.app)
        if not place.whole:
            return group.commands[name]
        group.name = name
        return group

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        for section in dict.fromkeys(place.section for place in PLACES.values()):
            with formatter.section(section):
                named = [(name, place.help) for name, place in PLACES.items() if place.section == section]
                formatter.write_dl([(f"{name:<10}", text) for name, text in named])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        names: Any = dict.fromkeys(PLACES)
        self.commands = names  # only the names, for "did you mean"
        return super().resolve_command(ctx, args)


_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


def noun(help: str) -> typer.Typer:
    """Return the group of one noun's verbs."""
    return typer.Typer(
        help=help,
        cls=Aliased,
        rich_markup_mode=None,
        add_completion=False,
        no_args_is_help=True,
        context_settings=_HELP,
    )


def tree() -> Any:
    """Return the root of the command line."""
    root = typer.Typer(
        cls=Tree, rich_markup_mode=None, add_completion=False, no_args_is_help=True, context_settings=_HELP
    )
    root.callback()(_root)
    made = typer.main.get_group(root)
    made.name = "heroes"
    return made


def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """HEROES: one login, many clusters, a budget that holds.

    Exit codes: 0 done, 1 error, 2 usage, 3 execution failed, 4 sign in first, 5 refused by policy or budget,
    6 no cluster can run it, 7 timeout, 130 interrupted.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Writes to standard output and standard error, raises nothing."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if list(arguments) == ["--version"]:
        print(f"heroes {__version__}")
        return 0
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # names of files need not be Unicode
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _invoke(list(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has enough; keep Python from saying so at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    return code


def _invoke(arguments: list[str]) -> int:
    from heroes.cli import session

    if "_HEROES_COMPLETE" in os.environ:
        from typer._completion_classes import completion_init

        completion_init()
    try:
        tree().main(arguments, prog_name="heroes")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        return tell(error)
    finally:
        session.close()
    return 0
