"""The command `lab`."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence

from . import control
from .laboratory import Laboratory
from .machine import LabError

Handler = Callable[[argparse.Namespace], int | None]


def main(argv: Sequence[str]) -> int:
    if argv[:1] == ["_boot"]:
        from .inside import boot

        boot(argv[1])
    arguments = _parser().parse_args(argv)
    handler: Handler = arguments.handler
    try:
        control.require_root()
        return handler(arguments) or 0
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1


def _start(arguments: argparse.Namespace) -> None:
    began = time.monotonic()
    control.start(arguments.names)
    print(f"running: {', '.join(control.running())} (in {time.monotonic() - began:.1f} s)")


def _info(_: argparse.Namespace) -> None:
    print(json.dumps(control.info(), indent=2))


def _status(_: argparse.Namespace) -> int:
    running = control.running()
    for name, one in control.MACHINES.items():
        print(f"{name:8}{'up  ' if name in running else 'down'}  {one.site.address}")
    return 0 if running else 3


def _prove(_: argparse.Namespace) -> None:
    """The cheapest proof that this machine can carry the laboratory: the jump host alone, cut and healed."""
    ran_before = "gate" in control.running()
    laboratory = Laboratory.start("gate")
    quick = ("-o", "ConnectTimeout=2")
    try:
        laboratory.ssh("gate", "test -w /scratch")
        with laboratory.fault("cut", "gate"):
            silent = laboratory.ssh("gate", "true", options=quick, check=False)
        if "timed out" not in silent.stderr:
            raise LabError(f"a cut machine still answers: {silent.stderr}")
        laboratory.ssh("gate", "true", options=quick)
    finally:
        if not ran_before:
            control.forget("gate")
    print("namespaces, overlay, veth and iptables work here")


def _exec(arguments: argparse.Namespace) -> int:
    return control.machine(arguments.name).execute(arguments.command)


def _signal(arguments: argparse.Namespace) -> int:
    signal = "-STOP" if arguments.verb == "freeze" else "-CONT"
    return control.machine(arguments.name).execute(["pkill", signal, "-x", arguments.process])


def _set(arguments: argparse.Namespace) -> int:
    file = {"slow": "slow-factor", "watts": "watts"}[arguments.verb]
    return control.machine(arguments.name).execute(["sh", "-c", f"echo {arguments.value} > /run/{file}"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lab", description="A laboratory of real Slurm centres on this machine.")
    verbs = parser.add_subparsers(dest="verb", required=True)

    def verb(name: str, about: str, handler: Handler, machine: bool = True) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=about, description=about)
        if machine:
            sub.add_argument("name", choices=list(control.MACHINES))
        sub.set_defaults(handler=handler)
        return sub

    start = verb("start", "start the named machines (default: all); those that run are left alone", _start, False)
    start.add_argument("names", nargs="*", metavar="NAME")
    about = "lay the cables of all machines, so that this host's network stays as it is while they start and stop"
    verb("wire", about, lambda _: control.wire(), False)
    verb("stop", "switch all off and remove them; keys stay", lambda _: control.stop(), False)
    verb("status", "which machines run (exit code 3 if none)", _status, False)
    verb("info", "addresses, users, keys and queues as JSON", _info, False)
    verb("prove", "check that namespaces, overlay, veth and iptables work on this machine", _prove, False)
    run = verb("exec", "run a command as root inside a machine", _exec)
    run.add_argument("command", nargs=argparse.REMAINDER)
    verb("crash", "power cut; the disk stays", lambda a: control.crash(a.name))
    verb("up", "switch a crashed machine on again", lambda a: control.up(a.name))
    verb("cut", "all packets vanish", lambda a: control.machine(a.name).cut())
    verb("mute", "it hears, its answers vanish", lambda a: control.machine(a.name).mute())
    verb("heal", "end all network faults", lambda a: control.machine(a.name).heal())
    drop = verb("drop", "packets to one TCP port vanish", lambda a: control.machine(a.name).drop(a.port))
    drop.add_argument("port", type=int)
    undrop = verb("undrop", "end of drop", lambda a: control.machine(a.name).undrop(a.port))
    undrop.add_argument("port", type=int)
    loss = verb("loss", "a share of the packets vanishes; 0 ends it", lambda a: control.machine(a.name).lose(a.percent))
    loss.add_argument("percent", type=float)
    verb("freeze", "stop a process by its name, as a hung daemon", _signal).add_argument("process")
    verb("thaw", "end of freeze", _signal).add_argument("process")
    verb("slow", "jobs take FACTOR times as long", _set).add_argument("value", type=float, metavar="FACTOR")
    verb("watts", "power that the nodes' meter shows", _set).add_argument("value", type=float, metavar="WATTS")
    return parser
