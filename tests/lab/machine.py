"""A machine = network, mount, UTS, IPC and PID namespaces over an overlay of the host's root. This is its outer side.

Whether a machine lives is read from the kernel, never from a file: it lives while a process is pid 1 in its network
namespace. So nothing has to be repaired after a kill -9 of this program or an unclean stop.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .sites import INNER_NETWORK, Options, Site

STATE = Path(os.environ.get("HEROES_LAB", "/var/lib/heroes-lab"))
CODE = Path(__file__).resolve().parent
BOOT_SECONDS = 180
CLEAN_ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
}


class LabError(Exception):
    """The laboratory cannot do what was asked; the text says why."""


def command(*argv: str, check: bool = True) -> str:
    """Standard output of a host command. Raises LabError with its error output if it fails."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if check and done.returncode != 0:
        raise LabError(f"{' '.join(argv)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


@dataclass(frozen=True)
class Machine:
    site: Site

    @property
    def netns(self) -> str:
        return f"heroes-{self.site.name}"

    @property
    def interface(self) -> str:
        return f"hl-{self.site.name}"

    @property
    def folder(self) -> Path:
        return STATE / "machines" / self.site.name

    @property
    def disk(self) -> Path:
        """Seen as /lab inside; survives a power cut."""
        return self.folder / "disk"

    @property
    def log(self) -> Path:
        return self.folder / "boot.log"

    def processes(self) -> list[int]:
        """Host pids of all that runs in this machine's network namespace."""
        try:
            own = os.stat(f"/run/netns/{self.netns}")
        except FileNotFoundError:
            return []
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _in_namespace(pid, own)]

    def pid1(self) -> int | None:
        """Host pid of the machine's init, None while the machine is off."""
        return next((pid for pid in self.processes() if _is_init(pid)), None)

    def booted(self) -> bool:
        return (self.disk / "booted").exists() and self.pid1() is not None

    # -- power

    def power_on(self) -> None:
        """Begins to boot; wait_booted() tells when it is done. The disk must have been prepared."""
        self.wire()
        (self.disk / "booted").unlink(missing_ok=True)
        enter = ["nsenter", f"--net=/run/netns/{self.netns}", "unshare", "--mount", "--uts", "--ipc", "--pid"]
        init = ["--fork", "--kill-child", "/usr/bin/python3", str(CODE / "lab"), "_boot", self.site.name]
        environment = {**CLEAN_ENVIRONMENT, "HEROES_LAB": str(STATE)}
        with self.log.open("w") as log:
            # setsid --fork: the machine is nobody's child, so whoever starts it may end whenever it likes.
            argv = ["setsid", "--fork", *enter, *init]
            subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, check=True)

    def wait_booted(self) -> None:
        """Raises LabError with the end of the boot log if the machine dies or takes too long."""
        started = time.monotonic()
        while not (self.disk / "booted").exists():
            waited = time.monotonic() - started
            if waited > BOOT_SECONDS or (waited > 1 and self.pid1() is None):
                raise LabError(f"{self.site.name} did not boot:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.03)

    def power_off(self) -> None:
        """A power cut: everything inside dies at once. Disk and network cable stay."""
        for _ in range(500):
            processes = self.processes()
            if not processes:
                return
            for pid in processes:
                _kill(pid)
            time.sleep(0.02)
        raise LabError(f"{self.site.name}: processes {self.processes()} do not die")

    def prepare_disk(self, options: Options, host_keys: Path, public_keys: list[Path], authority: Path) -> None:
        """An empty disk with what the machine is told from outside: options, its host keys, who may log in."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.disk / "log").mkdir(parents=True)
        (self.disk / "options.json").write_text(json.dumps(options.as_dict()))
        shutil.copytree(host_keys, self.disk / "hostkeys")
        (self.disk / "authorized_keys").write_text("".join(key.read_text() for key in public_keys))
        shutil.copy(authority, self.disk / "user_ca.pub")

    def forget(self) -> None:
        """Power off, heal the network, and remove control group and disk. The cable stays: see `wire`."""
        self.power_off()
        if Path(f"/run/netns/{self.netns}").exists():
            self.heal()
        shutil.rmtree(self.folder, ignore_errors=True)
        remove_group = f"mount -t cgroup2 none /mnt && rmdir /mnt/{self.netns}"
        command("unshare", "--mount", "sh", "-c", remove_group, check=False)

    def wire(self) -> None:
        """Lay the machine's cable, once: it stays while the machine comes and goes.

        Whenever an address of this host comes or goes, a browser on it breaks off what it is loading.
        """
        ours = f"10.77.{self.site.number}.1/24"
        if ours in command("ip", "-br", "addr", "show", "dev", self.interface, "up", check=False):
            return
        self.unwire()
        command("ip", "netns", "add", self.netns)
        command("ip", "link", "add", self.interface, "type", "veth", "peer", "name", "eth0", "netns", self.netns)
        command("ip", "-n", self.netns, "link", "set", "lo", "up")
        command("ip", "-n", self.netns, "addr", "add", f"{self.site.address}/24", "dev", "eth0")
        command("ip", "-n", self.netns, "link", "set", "eth0", "up")
        command("ip", "addr", "add", ours, "dev", self.interface)
        command("ip", "link", "set", self.interface, "up")

    def unwire(self) -> None:
        """Remove cable and network namespace of a machine that is off."""
        command("ip", "link", "del", self.interface, check=False)
        if Path(f"/run/netns/{self.netns}").exists():
            command("ip", "netns", "del", self.netns)

    # -- inside

    def argv(self, inner: list[str]) -> list[str]:
        """The host command that runs `inner` as root in the machine. Raises LabError while it is off."""
        pid = self.pid1()
        if pid is None:
            raise LabError(f"{self.site.name} is off; start it with: lab up {self.site.name}")
        environment = [f"{name}={value}" for name, value in CLEAN_ENVIRONMENT.items()]
        return ["nsenter", "--target", str(pid), "--all", "env", "-i", *environment, *inner]

    def execute(self, inner: list[str]) -> int:
        """Replaces this process by `inner` running in the machine."""
        argv = self.argv(inner)
        sys.stdout.flush()
        os.execvp(argv[0], argv)

    # -- faults; they work on the network namespace, so also while the machine is off

    def cut(self) -> None:
        """All packets vanish, in both directions, without a word."""
        self._iptables("-I", "INPUT", "!", "-i", "lo", "-j", "DROP")
        self.mute()

    def mute(self) -> None:
        """It hears, but its answers vanish: a submission arrives, its reply does not."""
        self._iptables("-I", "OUTPUT", "!", "-o", "lo", "-j", "DROP")

    def drop(self, port: int) -> None:
        """Packets to one TCP port vanish."""
        self._iptables("-I", "INPUT", "-p", "tcp", "--dport", str(port), "-j", "DROP")

    def undrop(self, port: int) -> None:
        self._iptables("-D", "INPUT", "-p", "tcp", "--dport", str(port), "-j", "DROP")

    def lose(self, percent: float) -> None:
        """That share of the incoming packets vanishes; 0 ends it."""
        self._iptables("-N", "LOSS", check=False)
        self._iptables("-F", "LOSS")
        self._iptables("-D", "INPUT", "-j", "LOSS", check=False)
        if percent:
            share = str(percent / 100)
            self._iptables("-A", "LOSS", "-m", "statistic", "--mode", "random", "--probability", share, "-j", "DROP")
            self._iptables("-A", "INPUT", "!", "-i", "lo", "-j", "LOSS")

    def heal(self) -> None:
        """Ends every network fault."""
        self._iptables("-F")

    def _iptables(self, *rule: str, check: bool = True) -> None:
        command("nsenter", f"--net=/run/netns/{self.netns}", "iptables", "-w", *rule, check=check)


def connect_inner_network(gate: Machine, hidden: Machine) -> None:
    """A second cable between the jump host and the machine behind it, if both have a network."""
    if not all(Path(f"/run/netns/{machine.netns}").exists() for machine in (gate, hidden)):
        return
    if "eth1" in command("ip", "-n", gate.netns, "-o", "link"):
        return
    far_end = ("peer", "name", "eth1", "netns", hidden.netns)
    command("ip", "-n", gate.netns, "link", "add", "eth1", "type", "veth", *far_end)
    for machine, host in ((gate, 1), (hidden, 2)):
        command("ip", "-n", machine.netns, "addr", "add", f"{INNER_NETWORK}.{host}/24", "dev", "eth1")
        command("ip", "-n", machine.netns, "link", "set", "eth1", "up")


def _in_namespace(pid: int, own: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.stat(f"/proc/{pid}/ns/net"), own)
    except OSError:
        return False


def _is_init(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    numbers = next(line for line in status.splitlines() if line.startswith("NSpid:")).split()[1:]
    return len(numbers) == 2 and numbers[1] == "1"


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
