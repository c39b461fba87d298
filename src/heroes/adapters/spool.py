"""The folder in which orders for this machine wait, run and end: names, processes, records. Standard library only.

All changes happen under its lock, each file appears by rename:

    node.json            what the machine gives to jobs      counter.json         ids given, starts counted
    orders/TOKEN.json    an order; exists = was ordered      cancel/MEMBER        somebody asked for its end
    queued/MEMBER   →    running/MEMBER (who runs it)   →    ended/MEMBER (how it ended, what it used)

MEMBER is `ID.TOKEN.INDEX` with zero-padded numbers, `-` for a job that is no array: names sort in the order of arrival.

A process is known by pid, start time and boot id together. A running job whose supervisor is gone, or which stems from
before the machine's last start, ends as NODE_FAILURE: its exit status was seen by nobody, and is not guessed.
"""

import contextlib
import fcntl
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NO_COUNTERS = "none: this machine's energy counters cannot be read"
MACHINE_SHARED = "none: rapl counts the whole machine and other jobs ran meanwhile"
"""in place of the source of a job's energy: why there is none"""

TOOLS = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
"""Where `bwrap`, `unshare`, `mount` and `pivot_root` are looked for; also not the platform's own environment."""
_FOLDERS = ("orders", "queued", "running", "ended", "cancel")


# -------------------------------------------------------------------------------------------------- names, processes


def member_name(site_id: int, token: str, index: int | None) -> str:
    return f"{site_id:010d}.{token}.{'-' if index is None else format(index, '09d')}"


def parse_member(name: str) -> tuple[int, str, int | None]:
    site_id, token, index = name.split(".")
    return int(site_id), token, None if index == "-" else int(index)


def boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def start_time(pid: int) -> int | None:
    """Clock ticks from the machine's start to the process's; None if there is no such process, or only its corpse."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if fields[0] in (b"Z", b"X") else int(fields[19])


def identity(pid: int) -> dict[str, Any]:
    return {"pid": pid, "start": start_time(pid), "boot": boot_id()}


def alive(who: dict[str, Any] | None) -> bool:
    if who is None or who["start"] is None or who["boot"] != boot_id():
        return False
    return bool(start_time(who["pid"]) == who["start"])


def descendants(pid: int) -> list[int]:
    """All processes below `pid`, parents first."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        current = waiting.pop()
        try:
            children = Path(f"/proc/{current}/task/{current}/children").read_text().split()
        except OSError:
            continue
        below = [int(child) for child in children]
        found += below
        waiting += below
    return found


def resident_bytes(pids: list[int]) -> int:
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError, IndexError):
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return total * resource.getpagesize()


# ------------------------------------------------------------------------------------------------------------- spool


class Spool:
    """The folder in which orders wait, run and end. Methods that change it are called inside `locked()`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def make(self, node: dict[str, Any]) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in _FOLDERS:
            (self.root / name).mkdir(mode=0o700, exist_ok=True)
        with self.locked():
            self.store("node.json", node)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the spool's lock; the kernel lets go of it when its holder dies."""
        descriptor = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def store(self, name: str, value: dict[str, Any]) -> None:
        path = self.root / name
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(value, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def load(self, name: str) -> dict[str, Any] | None:
        try:
            value: dict[str, Any] = json.loads((self.root / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return value

    def names(self, folder: str) -> list[str]:
        return sorted(name for name in os.listdir(self.root / folder) if not name.startswith("."))  # noqa: PTH208

    def has(self, name: str) -> bool:
        return (self.root / name).exists()

    def drop(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    def count(self, what: str) -> int:
        """The next number of this kind; numbers are never given twice."""
        counter = self.load("counter.json") or {}
        counter[what] = int(counter.get(what, 0)) + 1
        self.store("counter.json", counter)
        return int(counter[what])

    def counted(self, what: str) -> int:
        return int((self.load("counter.json") or {}).get(what, 0))

    def order_of(self, member: str) -> dict[str, Any] | None:
        return self.load(f"orders/{parse_member(member)[1]}.json")

    def taken(self) -> tuple[int, int]:
        """Cores and bytes of memory promised to running jobs."""
        records = [self.load(f"running/{name}") or {} for name in self.names("running")]
        return sum(r.get("cores", 0) for r in records), sum(r.get("memory_bytes", 0) for r in records)

    def fits(self, order: dict[str, Any]) -> bool:
        node = self.load("node.json") or {}
        cores, memory = self.taken()
        memory_fits = memory + (order["memory_bytes"] or 0) <= node["memory_bytes"]
        return bool(cores + order["cores"] <= node["cores"] and memory_fits)

    def beyond(self, order: dict[str, Any]) -> str | None:
        """Why this order does not fit even into the empty machine, which may be smaller now than when it was given."""
        node = self.load("node.json") or {}
        if order["cores"] > node["cores"]:
            return f"This machine now has {node['cores']} cores for jobs; {order['cores']} were asked for."
        if (order["memory_bytes"] or 0) > node["memory_bytes"]:
            has, asked = node["memory_bytes"], order["memory_bytes"]
            return f"This machine now has {has} bytes of memory for jobs; {asked} were asked for."
        return None

    def next_fitting(self) -> tuple[str, dict[str, Any]] | None:
        """The oldest waiting job, if it fits now. Nobody overtakes it: a large job is not starved by small ones.

        One that can never fit any more is ended as TOO_LARGE: it would block all behind it for good.
        """
        for member in self.names("queued"):
            order = self.order_of(member)
            if order is None or self.has(f"ended/{member}"):
                self.drop(f"queued/{member}")  # its order was never completed, or its end was written already
            elif why := self.beyond(order):
                self.end(member, {"end": "TOO_LARGE", "reason": why, "started_at": None, "ended_at": time.time()})
            else:
                return (member, order) if self.fits(order) else None
        return None

    def end(self, member: str, record: dict[str, Any]) -> None:
        self.store(f"ended/{member}", record)
        for folder in ("running", "queued", "cancel"):
            self.drop(f"{folder}/{member}")

    def bury(self) -> None:
        """End the running jobs whose supervisor is gone, and whatever may be left of their processes."""
        for member in self.names("running"):
            record = self.load(f"running/{member}")
            if record is None or alive(record["supervisor"]):
                continue
            if self.has(f"ended/{member}"):
                self.drop(f"running/{member}")
                continue
            for who in filter(alive, record.get("processes", [record["job"]])):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(os.getpgid(who["pid"]), signal.SIGKILL)
            same_boot = record["supervisor"]["boot"] == boot_id()
            why = "the supervisor vanished" if same_boot else "the machine was restarted"
            self.end(
                member,
                {"end": "NODE_FAILURE", "reason": why, "started_at": record["started_at"], "ended_at": time.time()},
            )


_PROGRAM = "import sys; sys.path.append(sys.argv[1]); from heroes.adapters.supervisor import main; main(sys.argv[2])"


def launch(spool: Path) -> None:
    """Start a supervisor that belongs to nobody: its starter forks once more and is gone at once."""
    log = os.open(spool / "supervisor.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    try:
        argv = [sys.executable, "-I", "-S", "-c", _PROGRAM, str(Path(__file__).parents[2]), str(spool)]
        actions = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, log, 2)]
        pid = os.posix_spawn(argv[0], argv, TOOLS, file_actions=actions, setsid=True, setsigmask=[])
        os.waitpid(pid, 0)
    finally:
        os.close(log)
        os.close(null)
