"""Walls around a user's script on this machine: bubblewrap, or util-linux' `unshare` where that is missing.

Inside there are: the system's programs and libraries (read-only), a chosen part of /etc (nothing secret), own /tmp and
/dev/shm of bounded size, own /proc and process ids, and the job's folder, read-write, at its own path. Nothing else is
mounted: no home folders, no data folder, no database socket, no other job's folder. Without `network` there is only a
loopback interface of its own.

A user namespace keeps the file rights of the account it was started by, also root's, so the mounts are the wall, not
file modes: what must not be read is not there. Capabilities are dropped and none can be had again over these mounts.
With `network` the script shares the machine's network, loopback included: what listens there needs a password.
"""

import asyncio
import shlex
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from heroes.adapters.spool import TOOLS

NOBODY = "65534"
START_FD = 3
"""The payload's first act is a byte on this descriptor: whoever holds the other end knows that the walls stood."""

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix/store", "/gnu/store")
_ETC = (
    "alternatives", "bash.bashrc", "ca-certificates.conf", "environment-modules", "fonts", "gai.conf",
    "group", "host.conf", "hostname", "hosts", "inputrc", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "lmod",
    "locale.alias", "localtime", "magic", "mime.types", "networks", "nsswitch.conf", "openmpi", "os-release",
    "passwd", "profile", "profile.d", "protocols", "rpc", "services", "ssl/certs", "ssl/openssl.cnf",
    "terminfo", "timezone",
)  # fmt: skip
_ETC_NETWORK = ("resolv.conf",)
_KERNEL = ("sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "scsi", "mtrr", "pressure", "driver")
"""Below /proc: what root may write by file rights alone, core_pattern among it. bubblewrap 0.8 started by root leaves
/proc/sys writable, so it is covered here. A covered /proc also keeps nested namespaces from mounting a fresh one."""
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")


class SandboxKind(StrEnum):
    """What this machine can do. `NONE`: a job has all rights of the platform's account."""

    BUBBLEWRAP = "bubblewrap"
    USER_NAMESPACE = "user_namespace"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class System:
    """What of this machine is shown inside: folders and files at their own paths, and links (path, target)."""

    shown: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    resolver: tuple[str, ...] = ()
    kernel: tuple[str, ...] = ()
    """parts of /proc to be made read-only"""

    @classmethod
    def here(cls, *, also: Sequence[str] = ()) -> "System":
        """Read what exists here. `also` are further read-only folders, such as a tree of site software."""
        shown: list[str] = []
        links: list[tuple[str, str]] = []
        for path in (*_SYSTEM, *also):
            if Path(path).is_symlink() and path in _SYSTEM:
                links.append((path, str(Path(path).readlink())))
            elif Path(path).is_dir():
                shown.append(path)
        etc = [f"/etc/{name}" for name in _ETC]
        shown += [path for path in etc if _world_readable(path)]
        resolver = [f"/etc/{name}" for name in _ETC_NETWORK]
        kernel = [f"/proc/{name}" for name in _KERNEL]
        return cls(tuple(shown), tuple(links), _existing(resolver), _existing(kernel))


def _existing(paths: Sequence[str]) -> tuple[str, ...]:
    return tuple(path for path in paths if Path(path).exists())


def _world_readable(path: str) -> bool:
    try:
        return bool(Path(path).stat().st_mode & 0o004)
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Walls:
    """What one job may see and use. `hidden` folders stay empty even where a shown folder contains them."""

    folder: str
    network: bool = False
    hidden: tuple[str, ...] = ()
    tmp_bytes: int = 1 << 30
    """bound of /tmp and of /dev/shm, each: both live in memory"""


def environment(folder: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The whole environment of a job; nothing of the platform's own gets in."""
    clean = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": "/tmp"}  # noqa: S108
    return {**clean, **(more or {})}


def confine(kind: SandboxKind, walls: Walls, argv: Sequence[str], env: Mapping[str, str], system: System) -> list[str]:
    """The argv that runs `argv` inside the walls. Pure: what exists here is told by `system`.

    Descriptor 3 must be open for writing: one byte arrives there just before `argv` takes over.
    """
    payload = ["/bin/sh", "-c", f'echo >&{START_FD}; exec {START_FD}>&-; exec "$@"', "sh", *argv]
    match kind:
        case SandboxKind.BUBBLEWRAP:
            return [*_bubblewrap(walls, env, system), *payload]
        case SandboxKind.USER_NAMESPACE:
            return _unshare(walls, env, system, payload)
        case SandboxKind.NONE:
            clean = [f"{name}={value}" for name, value in env.items()]
            return ["/usr/bin/env", "-i", "-C", walls.folder, *clean, *payload]


def _below(path: str, folders: Sequence[str]) -> bool:
    return any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders)


def _masks(walls: Walls, system: System) -> list[str]:
    """Hidden folders that a shown one would bring in."""
    return [path for path in walls.hidden if _below(path, system.shown)]


def _bubblewrap(walls: Walls, env: Mapping[str, str], system: System) -> list[str]:
    argv = [
        "bwrap",
        "--unshare-user",
        "--uid",
        NOBODY,
        "--gid",
        NOBODY,
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-uts",
    ]
    argv += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    if not walls.network:
        argv += ["--unshare-net"]
    for path in (*system.shown, *(system.resolver if walls.network else ())):
        argv += ["--ro-bind", path, path]
    for path, target in system.links:
        argv += ["--symlink", target, path]
    for path in _masks(walls, system):
        argv += ["--tmpfs", path]
    size = str(walls.tmp_bytes)
    argv += ["--proc", "/proc"]
    for path in system.kernel:
        argv += ["--ro-bind", path, path]
    argv += ["--dev", "/dev", "--size", size, "--tmpfs", "/dev/shm", "--size", size, "--tmpfs", "/tmp"]  # noqa: S108
    argv += ["--bind", walls.folder, walls.folder, "--chdir", walls.folder, "--clearenv"]
    for name, value in env.items():
        argv += ["--setenv", name, value]
    return [*argv, "--"]


def _unshare(walls: Walls, env: Mapping[str, str], system: System, payload: Sequence[str]) -> list[str]:
    """A new root is built on a tmpfs over /sys (needed by nobody here), then becomes the root.

    The last `unshare` makes a second user namespace, which does not own these mounts: nothing can be unmounted from
    inside. Mount flags that the kernel locks (nosuid, nodev) are repeated when a bind is made read-only.
    """
    new, quote = "/sys", shlex.quote
    root: list[str] = [f"mount -t tmpfs -o mode=755 tmpfs {new}"]
    for path in (*system.shown, *(system.resolver if walls.network else ())):
        source, at = quote(path), quote(new + path)
        make = f"mkdir -p {at}" if Path(path).is_dir() else f"mkdir -p {quote(str(Path(new + path).parent))}; : > {at}"
        root += [make, f"mount --bind {source} {at}", f"mount -o remount,bind,ro,nosuid,nodev {at}"]
    root += [f"ln -s {quote(target)} {quote(new + path)}" for path, target in system.links]
    root += [f"mount -t tmpfs tmpfs {quote(new + path)}" for path in _masks(walls, system)]
    root += [f"mkdir -p {new}/dev/shm {new}/proc {new}/tmp", f"mount -t proc proc {new}/proc"]  # noqa: S108
    for path in system.kernel:
        at = new + path
        root += [f"mount --bind {at} {at}", f"mount -o remount,bind,ro,nosuid,nodev,noexec {at}"]
    for name in _DEVICES:
        root += [f": > {new}/dev/{name}", f"mount --bind /dev/{name} {new}/dev/{name}"]
    root += [f"ln -s /proc/self/fd {new}/dev/fd"]
    root += [f"ln -s /proc/self/fd/{n} {new}/dev/{name}" for n, name in enumerate(("stdin", "stdout", "stderr"))]
    root += [f"mount -t tmpfs -o mode=1777,size={walls.tmp_bytes} tmpfs {new}/{name}" for name in ("dev/shm", "tmp")]
    at = quote(new + walls.folder)
    root += [f"mkdir -p {at}", f"mount --bind {quote(walls.folder)} {at}", f"mount -o remount,bind,ro {new}"]
    root += ["ip link set lo up 2>/dev/null || true"] if not walls.network else []
    root += [f"cd {new}", "pivot_root . .", "umount -l .", f"cd {quote(walls.folder)}", '"$@"; code=$?; exit $code']
    script = "set -eu; umask 022; " + "\n".join(root)
    inner = ["setpriv", "--no-new-privs", "--inh-caps=-all", "--"]
    inner += ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--"]
    inner += ["/usr/bin/env", "-i", *(f"{name}={value}" for name, value in env.items())]
    argv = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "--pid",
        "--ipc",
        "--uts",
        "--fork",
        "--kill-child=SIGKILL",
    ]
    argv += [] if walls.network else ["--net"]
    return [
        *argv,
        "--",
        "/bin/sh",
        "-c",
        script.replace('"$@"; code=$?', 'set +e; "$@"; code=$?'),
        "sh",
        *inner,
        *payload,
    ]


async def probe(*, limit_s: float = 20.0) -> SandboxKind:
    """The strongest kind that really works here: each is tried with a script that looks for a file it must not see."""
    for kind, program in ((SandboxKind.BUBBLEWRAP, "bwrap"), (SandboxKind.USER_NAMESPACE, "unshare")):
        if shutil.which(program, path="/usr/local/bin:/usr/bin:/bin") and await _holds(kind, limit_s):
            return kind
    return SandboxKind.NONE


async def _holds(kind: SandboxKind, limit_s: float) -> bool:
    with tempfile.TemporaryDirectory(prefix="heroes-probe-") as name:
        base = Path(name)
        secret, folder = base / "secret", base / "job"
        folder.mkdir()
        secret.write_text("not for jobs")
        script = f'test ! -e {shlex.quote(str(secret))} && test ! -e /root && test "$(id -u)" = {NOBODY} && : > ran'
        walls = Walls(str(folder), tmp_bytes=1 << 20)
        argv = confine(kind, walls, ["/bin/sh", "-c", script], environment(str(folder)), System.here())
        shell = ["/bin/sh", "-c", f'exec "$@" {START_FD}>/dev/null', "sh", *argv]
        process = await asyncio.create_subprocess_exec(
            *shell,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=TOOLS,
            cwd="/",
        )
        try:
            status = await asyncio.wait_for(process.wait(), limit_s)
        except TimeoutError:
            process.kill()
            await process.wait()
            return False
        return status == 0 and (folder / "ran").exists()
