"""The inner side of a machine: pid 1 builds its own root, starts the services and then reaps orphans for ever.

What a machine writes is its own: /etc, /var, users, packages' state. The host's software is seen through the overlay,
the host's data is not: /home, /root, /tmp and every folder outside the usual system tree are hidden.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from . import accounts, gridengine, outages, slurm
from .machine import CODE, STATE, Machine
from .sites import INNER_NETWORK, SITES, Options, Site

SYSTEM_FOLDERS = {"bin", "boot", "dev", "etc", "proc", "run", "sbin", "sys", "usr", "var"}
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
TOOLS = Path("/usr/local/lib/lab")


def boot(name: str) -> None:
    """Runs as pid 1 in fresh namespaces; never returns."""
    began = time.monotonic()
    machine = Machine(SITES[name])
    _build_root(machine)
    options = Options(**json.loads(Path("/lab/options.json").read_text()))
    if options.clock_ahead_s:
        outages.set_clock(options.clock_ahead_s)
    for step in _services(machine.site, options):
        step()
        print(f"{time.monotonic() - began:6.2f} s  {getattr(step, '__name__', step)}", flush=True)
    Path("/lab/booted").touch()
    _reap_for_ever()


def _services(site: Site, options: Options) -> Iterable[Callable[[], None]]:
    yield from accounts.services(site)
    if site.scheduler == "gridengine":
        yield from gridengine.services(site)
    elif site.queues:
        yield from slurm.services(site, options, TOOLS)


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def tmpfs(folder: Path, options: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    mount("-t", "tmpfs", "-o", options, "tmpfs", str(folder))


def _build_root(machine: Machine) -> None:
    mount("--make-rprivate", "/")
    layers = machine.folder / "fs"
    tmpfs(layers, "mode=755")
    for layer in ("upper", "work", "root"):
        (layers / layer).mkdir()
    root = layers / "root"
    mount("-t", "overlay", "-o", f"lowerdir=/,upperdir={layers}/upper,workdir={layers}/work", "overlay", str(root))
    _hide_host_data(root)
    mount("-t", "proc", "proc", f"{root}/proc")
    mount("-t", "sysfs", "sysfs", f"{root}/sys")
    _devices(root / "dev")
    tmpfs(root / "run", "mode=755")
    for name in ("lock", "sshd", "jobs"):
        (root / "run" / name).mkdir()
    for folder in ("lab", "home", "scratch"):
        source = machine.disk if folder == "lab" else machine.disk / folder
        source.mkdir(exist_ok=True)
        (root / folder).mkdir(exist_ok=True)
        mount("--bind", str(source), str(root / folder))
    (root / "scratch").chmod(0o1777)
    tools = root / TOOLS.relative_to("/")
    shutil.copytree(CODE / "tools", tools)  # the machine outlives the checkout that started it
    _name(root, machine.site)
    (root / "old").mkdir()
    os.chdir(root)
    subprocess.run(["pivot_root", ".", "old"], check=True)
    os.chdir("/")
    subprocess.run(["umount", "--lazy", "/old"], check=True)
    Path("/old").rmdir()


def _hide_host_data(root: Path) -> None:
    for entry in root.iterdir():
        system = entry.name in SYSTEM_FOLDERS or entry.name.startswith("lib")
        if entry.is_dir() and not entry.is_symlink() and not system:
            tmpfs(entry, "size=1g,mode=" + {"tmp": "1777", "root": "700"}.get(entry.name, "755"))
    tmpfs(root / "var/tmp", "mode=1777")
    if (root / STATE.relative_to("/")).exists():
        tmpfs(root / STATE.relative_to("/"), "size=1m,mode=700")


def _devices(dev: Path) -> None:
    tmpfs(dev, "mode=755")
    for name in DEVICES:
        os.mknod(dev / name, 0o020666, os.stat(f"/dev/{name}").st_rdev)
        (dev / name).chmod(0o666)
    (dev / "pts").mkdir()
    mount("-t", "devpts", "-o", "newinstance,ptmxmode=0666,mode=620,gid=5", "devpts", str(dev / "pts"))
    tmpfs(dev / "shm", "mode=1777")
    links = {"ptmx": "pts/ptmx", "fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}
    for name, target in links.items():
        (dev / name).symlink_to(target)


def _name(root: Path, site: Site) -> None:
    socket.sethostname(site.name)
    lines = ["127.0.0.1 localhost", f"{site.address} {site.name}"]
    if site.name == "gate":
        lines.append(f"{INNER_NETWORK}.2 alpha")
    files = {"hosts": "\n".join(lines) + "\n", "hostname": f"{site.name}\n", "resolv.conf": ""}
    for name, text in files.items():
        path = root / "etc" / name
        path.unlink(missing_ok=True)
        path.write_text(text)


def _reap_for_ever() -> None:
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    while True:
        try:
            os.wait()
        except ChildProcessError:
            time.sleep(1)
