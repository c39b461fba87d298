"""Who this machine and this process are: what a line of this host, and a lease held by a process of it, rest on."""

import os
from pathlib import Path
from uuid import uuid4

_SEPARATOR = "|"


def machine_id(home: Path) -> str:
    """Return the id of this installation's host: systemd's, else one made once in the data folder."""
    for path in (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id")):
        known = _text(path)
        if known:
            return known
    own = home / "machine-id"
    if not _text(own):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        own.write_text(uuid4().hex + "\n")
    return _text(own)


def boot_id() -> str:
    """Return the kernel's id of this boot; a process id means nothing after another."""
    return _text(Path("/proc/sys/kernel/random/boot_id"))


def owner_name(machine: str) -> str:
    """Return this process's name as an owner of leases: an id is only one with its boot, namespace and start."""
    namespace = _namespace()
    parts = (machine, boot_id(), namespace, str(os.getpid()), _started(os.getpid()), os.urandom(4).hex())
    return _SEPARATOR.join(parts)


def owner_is_dead(owner: str) -> bool:
    """Tell whether an owner has surely ended: it was a process of this very boot and namespace, and is gone."""
    parts = owner.split(_SEPARATOR)
    if len(parts) != 6:
        return False
    _, boot, namespace, pid, started, _ = parts
    if not namespace or not boot or boot != boot_id() or namespace != _namespace() or not pid.isdigit():
        return False
    return _started(int(pid)) != started


def _started(pid: int) -> str:
    # the 22nd field of stat, counted behind the command's name, which may hold spaces and parentheses
    return (_text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split() + [""] * 20)[19]


def _namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
