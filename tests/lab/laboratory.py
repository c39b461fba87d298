"""The laboratory as tests use it."""

import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from . import control, keys
from .inside import TOOLS
from .machine import STATE
from .outages import LISTENS, LOGIN_NODE_ON
from .sites import INNER_NETWORK, PASSWORD, PASSWORD_USER, SITES, Queue

FaultKind = Literal[
    "cut", "mute", "drop", "loss", "crash", "freeze", "kill", "login", "node", "clock", "slow", "watts", "host-key"
]
RESTART_SSHD = f"""\
kill $(cat /run/sshd.pid); while {LISTENS}; do sleep 0.02; done
/usr/sbin/sshd -E /lab/log/sshd.log; until {LISTENS}; do sleep 0.02; done
"""
NEW_HOST_KEYS = """\
cp -a /lab/hostkeys /lab/hostkeys.kept
for type in ed25519 rsa ecdsa; do
  rm /lab/hostkeys/ssh_host_${type}_key*; ssh-keygen -q -t $type -N '' -f /lab/hostkeys/ssh_host_${type}_key
done
"""
OLD_HOST_KEYS = "rm -r /lab/hostkeys; mv /lab/hostkeys.kept /lab/hostkeys\n"
SSH = ("ssh", "-F", str(STATE / "ssh_config"))


@dataclass(frozen=True)
class Centre:
    """A site as one of its users sees it."""

    name: str
    host: str
    port: int
    user: str
    users: tuple[str, ...]
    key_path: Path
    host_key: str
    """A line for known_hosts."""
    queues: tuple[Queue, ...]

    @property
    def password_login(self) -> tuple[str, str]:
        """User and password of the account that takes keyboard-interactive only."""
        return PASSWORD_USER, PASSWORD


class Laboratory:
    """Commands and faults for the running laboratory. Does not stop it when forgotten."""

    @classmethod
    def start(cls, *names: str) -> "Laboratory":
        """Starts the named machines, by default all, unless they run. Raises LabError."""
        control.start(names)
        return cls()

    def stop(self) -> None:
        control.stop()

    def centre(self, name: str) -> Centre:
        site = SITES[name]
        key = keys.known_hosts_line(site)
        return Centre(name, site.address, 22, site.users[0], site.users, keys.client_key(), key, site.queues)

    @property
    def hidden_address(self) -> str:
        """Address of alpha that only gate can reach."""
        return f"{INNER_NETWORK}.2"

    def exec(
        self,
        name: str,
        argv: list[str],
        *,
        user: str = "root",
        text: str | None = None,
        check: bool = True,
        timeout_s: float = 120,
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command inside a machine, past its network. `text` is its standard input."""
        inner = argv if user == "root" else ["runuser", "-u", user, "--", *argv]
        return _run(control.machine(name).argv(inner), text, check, timeout_s)

    def ssh(
        self,
        name: str,
        command: str,
        *,
        user: str | None = None,
        options: tuple[str, ...] = (),
        text: str | None = None,
        check: bool = True,
        timeout_s: float = 120,
    ) -> subprocess.CompletedProcess[str]:
        """Runs a shell command on a machine by the openssh client, as its first user unless told otherwise."""
        login = ("-l", user) if user else ()
        return _run([*SSH, *options, *login, name, command], text, check, timeout_s)

    def fault(self, kind: FaultKind, name: str, value: float | str = 0) -> ExitStack:
        """Breaks something at once; as a context manager it also mends it.

        `value`: TCP port of drop, percent of loss, process name of freeze and kill, compute node of node, seconds ahead
        of clock, factor of slow, watts of watts.
        """
        machine = control.machine(name)
        mend = ExitStack()
        match kind:
            case "cut":
                mend.callback(machine.heal)
                machine.cut()
            case "mute":
                mend.callback(machine.heal)
                machine.mute()
            case "drop":
                mend.callback(machine.undrop, int(value))
                machine.drop(int(value))
            case "loss":
                mend.callback(machine.lose, 0)
                machine.lose(float(value))
            case "crash":
                mend.callback(control.up, name)
                control.crash(name)
            case "freeze":
                mend.callback(self.exec, name, ["pkill", "-CONT", "-x", str(value)])
                self.exec(name, ["pkill", "-STOP", "-x", str(value)])
            case "kill" | "login" | "node":
                self._outage(mend, kind, name, str(value))
            case "clock":
                mend.callback(control.start, [name])
                mend.callback(control.forget, name)  # an accounting that knows the future is of no use any more
                control.set_clock(name, int(value))
            case "host-key":
                mend.callback(self.exec, name, ["sh", "-c", OLD_HOST_KEYS + RESTART_SSHD])
                self.exec(name, ["sh", "-c", NEW_HOST_KEYS + RESTART_SSHD])
            case "slow" | "watts":
                file = "/run/slow-factor" if kind == "slow" else "/run/watts"
                mend.callback(self.exec, name, ["tee", file], text=self.exec(name, ["cat", file]).stdout)
                self.exec(name, ["tee", file], text=f"{value}\n")
        return mend

    def _outage(self, mend: ExitStack, kind: Literal["kill", "login", "node"], name: str, part: str) -> None:
        """A daemon, the login node or a compute node is gone at once."""
        match kind:
            case "kill":
                mend.callback(self.exec, name, [f"/usr/sbin/{part}"])
                self.exec(name, ["sh", "-c", f"pkill -KILL -x {part}; while pgrep -x {part}; do sleep 0.02; done"])
            case "login":
                mend.callback(self.exec, name, ["sh", "-c", LOGIN_NODE_ON])
                self.exec(name, ["python3", f"{TOOLS}/blackout.py", "sshd"])
            case "node":
                mend.callback(self.exec, name, ["slurmd", "-b", "-N", part, "-d", f"{TOOLS}/slurmstepd"])
                self.exec(name, ["python3", f"{TOOLS}/blackout.py", part])

    def heal(self, name: str) -> None:
        """Ends every network fault and thaws every process; switches the machine on if it is off."""
        control.up(name)
        control.machine(name).heal()
        self.exec(name, ["pkill", "-CONT", "."], check=False)


def _run(argv: list[str], text: str | None, check: bool, timeout_s: float) -> subprocess.CompletedProcess[str]:
    # Without text the child gets an empty input: it must never read the test's own.
    done = subprocess.run(argv, input=text or "", capture_output=True, text=True, check=False, timeout=timeout_s)
    if check and done.returncode != 0:
        raise AssertionError(f"{argv} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done
