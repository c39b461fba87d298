"""The tree of commands: which module each noun lives in, loaded only when it is used, and how every command ends."""

import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from heroes import __version__
from heroes.cli.failures import INTERRUPTED, tell

Since = Annotated[str | None, typer.Option(help="From this time on: 2026-03-01T18:00+01:00.")]
Until = Annotated[str | None, typer.Option(help="Before this time: 2026-03-01T18:00+01:00.")]
ALIASES = {
    "exec": "execution",
    "ls": "list",
    "rm": "remove",
    "delete": "remove",
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
    "policy": Place("Administration", "policy", True, "How your organization ranks clusters, and which it leaves out."),
    "user": Place("Administration", "user", True, "Users of the organization."),
    "role": Place("Administration", "role", True, "Roles, and who holds them."),
    "program": Place("Administration", "program", True, "Programs that ask for tokens by OAuth 2."),
    "webhook": Place("Administration", "webhook", True, "Webhooks: tell other systems what happens."),
    "audit": Place("Administration", "audit", True, "The audit trail: who did what, and whether it is whole."),
    "admin": Place("Administration", "admin", True, "Organizations of the platform, and what its parts complained of."),
    "serve": Place("Platform", "operate", False, "Run the platform on this machine."),
    "worker": Place("Platform", "operate", False, "Run a further worker on the same database."),
    "rotate-key": Place("Platform", "operate", False, "Seal all secrets under a fresh master key."),
    "reset-password": Place("Platform", "operate", False, "Replace a lost password, on the platform's machine."),
    "backup": Place("Platform", "operate", False, "Write all that the platform keeps into one file."),
    "restore": Place("Platform", "operate", False, "Bring back what a backup holds."),
    "api": Place("More", "api", False, "Send one request to the API."),
    "completion": Place("More", "more", False, "Print the completion script of a shell."),
    "version": Place("More", "more", False, "Print the version."),
}


_VALUES = {
    **dict.fromkeys(("since", "until", "deadline", "ends", "valid_from"), "TIME"),
    **dict.fromkeys(("timeout", "patience"), "DURATION"),
    **dict.fromkeys(("amount", "sum_", "max_cost", "fixed", "core_hour", "node_hour", "gpu_hour"), "AMOUNT"),
    **dict.fromkeys(("gb_moved", "gb_month", "kwh"), "AMOUNT"),
    **dict.fromkeys(("title", "message", "because", "search", "consent"), "TEXT"),
    **dict.fromkeys(("api_url", "token_url", "redirect"), "URL"),
    **dict.fromkeys(("host_key", "jump_host_key"), "KEY"),
    "job_root": "PATH",
    "folder_mode": "MODE",
    "batch_account": "PROJECT",
}


class Verb(TyperCommand):
    """A command whose help names what is to be given as people say it: WORKFLOW, not {workflow} <str>."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        params: list[Any] = self.params
        for one in params:
            type_ = one.type_descriptor
            if one.metavar is not None or getattr(one, "is_flag", False) or type_.is_choice:
                continue
            number = type_.annotation in (int, float, list[int]) and one.param_type_name == "option"
            named = "PATH" if type_.annotation is Path else "N" if number else one.name.strip("_").upper()
            one.metavar = one.name.upper() if one.param_type_name == "argument" else _VALUES.get(one.name, named)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [re.sub(r"^\{(.+)\}", r"\1", piece) for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        arguments, options = [], []
        params: list[Any] = self.get_params(ctx)
        for one in params:
            told = one.get_help_record(ctx)
            if told and one.param_type_name == "argument":
                arguments.append((one.display_name_raw, re.sub(r" *\[required\]$", "", told[1])))
            elif told:
                options.append(told)
        for title, rows in (("Arguments", arguments), ("Options", options)):
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


class Aliased(TyperGroup):
    """A group whose commands may also be called by their short names."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write what each command does to the end of its sentence."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, one.get_short_help_str(200)) for name, one in found if one is not None and not one.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

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


class Noun(typer.Typer):
    """The group of one noun's verbs."""

    def command(self, name: str | None = None, **settings: Any) -> Any:
        return super().command(name, **{"cls": Verb, **settings})


def noun(help: str) -> typer.Typer:
    """Return the group of one noun's verbs."""
    return Noun(
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
