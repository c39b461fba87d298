"""Runs the jobs of a spool folder on this machine, one after the other: the program behind `LocalBatch`.

It needs only the standard library, lives in a session of its own and so outlives whoever started it. It takes the
oldest waiting job that fits into the free cores and memory, starts another supervisor if there is room for more, runs
its job to the end, and takes the next; with nothing left to take it ends. So there are never more of them than jobs
running, and a queue of any length costs only files.

Limits. Cores and memory are counted when a job starts, so that the jobs side by side never were promised more than
there is; cores are not pinned. Walltime: SIGTERM, after a grace SIGKILL. Memory: the resident sets of the job's
processes are summed every second or so (pages shared between them count more than once) and a job above its limit is
killed; a faster burst is caught only by the kernel, to which jobs are offered before the platform (oom_score_adj).
An address-space limit was not chosen: it breaks programs that reserve much and use little. Disk is not limited.

CPU time and resident size come from the kernel's account of every process reaped, strays included: the supervisor is
the reaper of all that its job leaves behind.
"""

import contextlib
import ctypes
import fcntl
import os
import resource
import select
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from heroes.adapters.spool import (
    MACHINE_SHARED,
    NO_COUNTERS,
    TOOLS,
    Spool,
    descendants,
    identity,
    launch,
    parse_member,
    resident_bytes,
)

RAPL = Path("/sys/class/powercap")
_START_FD, _GO_FD = 3, 4
_WAITING = f'read -r go <&{_GO_FD} || exit 1; exec {_GO_FD}<&-; exec "$@"'
_PR_SET_CHILD_SUBREAPER = 36


# ------------------------------------------------------------------------------------------------------------ energy


def rapl_joules() -> dict[str, tuple[float, float]]:
    """Each package's energy counter and the value at which it wraps, in joules; empty where they cannot be read."""
    found: dict[str, tuple[float, float]] = {}
    for zone in RAPL.glob("intel-rapl:*"):
        with contextlib.suppress(OSError, ValueError):
            if zone.name.count(":") == 1 and (zone / "name").read_text().startswith("package"):
                wrap = float((zone / "max_energy_range_uj").read_text()) / 1e6
                found[zone.name] = (float((zone / "energy_uj").read_text()) / 1e6, wrap)
    return found


def joules_between(before: dict[str, tuple[float, float]], after: dict[str, tuple[float, float]]) -> float | None:
    """Energy of all packages, one wrap of a counter allowed for; None without a counter at both ends."""
    if not before or before.keys() != after.keys():
        return None
    return sum((after[zone][0] - before[zone][0]) % before[zone][1] for zone in before)


# --------------------------------------------------------------------------------------------------------------- run


class Run:
    """One job from its start to its end."""

    def __init__(self, spool: Spool, member: str, order: dict[str, Any], record: dict[str, Any]) -> None:
        self.spool, self.member, self.order, self.record = spool, member, order, record
        self.cpu_s, self.rss, self.peak = 0.0, 0, 0
        self.status: int | None = None
        self.killed: str | None = None
        self.why: str | None = None
        self.kill_at: float | None = None

    def go(self) -> dict[str, Any]:
        """Run the job and return how it ended."""
        energy, began = rapl_joules(), time.monotonic()
        try:
            pid, started, go = self._spawn()
        except OSError as error:
            return self._record("NODE_FAILURE", f"the job could not be started: {error}", None, None)
        self._let_go(pid, started, go, began)
        self._attend(pid, began)
        elapsed = time.monotonic() - began
        stood = self._walls_stood(started)
        usage = {
            "elapsed_s": elapsed,
            "cpu_s": self.cpu_s,
            "max_rss_bytes": max(self.rss, self.peak),
            "cores": self.order["cores"],
            **self._energy(energy),
        }
        if self.killed:
            return self._record(self.killed, self.why, usage, self.status)
        if not stood:
            return self._record("NODE_FAILURE", "the sandbox could not be set up; see the job's stderr", usage, None)
        return self._record("COMPLETED" if self.status == 0 else "FAILED", None, usage, self.status)

    def _record(self, end: str, reason: str | None, usage: dict[str, Any] | None, status: int | None) -> dict[str, Any]:
        code = None if status is None or not os.WIFEXITED(status) else os.WEXITSTATUS(status)
        number = None if status is None or not os.WIFSIGNALED(status) else os.WTERMSIG(status)
        return {
            "end": end,
            "reason": reason,
            "exit_code": code,
            "signal": number,
            "started_at": self.record["started_at"],
            "ended_at": time.time(),
            "usage": usage,
        }

    def _spawn(self) -> tuple[int, int, int]:
        """Build the job's walls; returns its pid, where it says that they stand, and where its script is let go."""
        site_id, _, index = parse_member(self.member)
        told = [f"HEROES_SITE_ID={site_id}", f"JOB_ID={site_id}"]
        if index is not None:
            told += [f"HEROES_INDEX={index}", f"PBS_ARRAY_INDEX={index}"]
        script = ["/usr/bin/env", "-C", self.order["chdir"], *told, *self.order["argv"]]
        argv = [*self.order["confined"], "/bin/sh", "-c", _WAITING, "sh", *script]
        out = self._open_output("stdout_path", index)
        err = out if self.order["stderr_path"] == self.order["stdout_path"] else self._open_output("stderr_path", index)
        null = os.open(os.devnull, os.O_RDONLY)
        started, standing = map(_high, os.pipe())
        waiting, go = map(_high, os.pipe())
        actions = [
            (os.POSIX_SPAWN_DUP2, null, 0),
            (os.POSIX_SPAWN_DUP2, out, 1),
            (os.POSIX_SPAWN_DUP2, err, 2),
            (os.POSIX_SPAWN_DUP2, standing, _START_FD),
            (os.POSIX_SPAWN_DUP2, waiting, _GO_FD),
        ]
        with _offered_to_the_kernel_first():
            pid = os.posix_spawnp(
                argv[0], argv, TOOLS, file_actions=actions, setsid=True, setsigmask=[], setsigdef=[signal.SIGTERM]
            )
        for descriptor in {out, err, null, standing, waiting}:
            os.close(descriptor)
        return pid, started, go

    def _let_go(self, pid: int, started: int, go: int, began: float) -> None:
        """Let the script start once all processes around it are on record, the sandbox's own too.

        Whoever buries this job ends them by that record: a sandbox whose outer process dies with its supervisor before
        the inner one has asked to die with it would run on for good. Until then the death of this process closes `go`.
        """
        while not select.select([started], [], [], 0.1)[0]:
            self._check(began)
        around = [identity(each) for each in (pid, *descendants(pid))]
        with self.spool.locked():
            self.record |= {"job": around[0], "processes": around}
            self.spool.store(f"running/{self.member}", self.record)
        with contextlib.suppress(BrokenPipeError):  # its walls did not stand
            os.write(go, b"\n")
        os.close(go)

    def _open_output(self, name: str, index: int | None) -> int:
        """A new file for a stream, no link followed on the way: an earlier job of this folder may have laid one."""
        path = Path(self.order[name].replace("{index}", "" if index is None else str(index)))
        folder = os.open(self.order["folder"], os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
        for part in path.relative_to(self.order["folder"]).parts[:-1]:
            below = os.open(part, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = below
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(path.name, flags, 0o600, dir_fd=folder)
        os.close(folder)
        os.set_blocking(descriptor, True)
        return _high(descriptor)

    def _attend(self, pid: int, began: float) -> None:
        """Wait for the job and all it left behind, keeping the clock, the memory and requests to end in view."""
        pause = 0.1
        while self._reap(pid):
            if self.status is not None:
                self._signal(signal.SIGKILL)  # the script has ended: what it left in the background ends too
            self._check(began)
            left = began + self.order["walltime_s"] - time.monotonic()
            arrived = signal.sigtimedwait([signal.SIGCHLD, signal.SIGTERM], min(pause, left) if left > 0 else pause)
            if arrived is not None and arrived.si_signo == signal.SIGTERM:
                self._asked_to_end()
            pause = min(1.0, pause * 1.5)

    def _reap(self, pid: int) -> bool:
        """Collect the dead with their usage; False when nobody is left."""
        while True:
            try:
                dead, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if dead == 0:
                return True
            if dead == pid:
                self.status = status
            self.cpu_s += usage.ru_utime + usage.ru_stime
            self.rss = max(self.rss, usage.ru_maxrss * 1024)

    def _check(self, began: float) -> None:
        now = time.monotonic()
        processes = descendants(os.getpid())
        resident = resident_bytes(processes)
        self.peak = max(self.peak, resident)
        limit = self.order["memory_bytes"]
        if self.kill_at is not None and now >= self.kill_at:
            self._signal(signal.SIGKILL)
        elif self.killed is None and limit and resident > limit:
            self._stop("OUT_OF_MEMORY", f"{resident} bytes resident, {limit} asked for", grace_s=0.0)
        elif self.killed is None and now - began >= self.order["walltime_s"]:
            self._stop("TIME_LIMIT", f"walltime of {self.order['walltime_s']} s reached", self.order["grace_s"])
        elif self.killed is None and self.spool.has(f"cancel/{self.member}"):
            self._stop("CANCELLED", "cancelled", self.order["grace_s"])

    def _asked_to_end(self) -> None:
        if self.killed is None and not self.spool.has(f"cancel/{self.member}"):
            self._stop("NODE_FAILURE", "the machine is being stopped", self.order["grace_s"])

    def _stop(self, end: str, why: str, grace_s: float) -> None:
        if self.status is not None:
            return
        self.killed, self.why, self.kill_at = end, why, time.monotonic() + grace_s
        self._signal(signal.SIGTERM if grace_s else signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        """Signal the job's processes: SIGKILL all; SIGTERM spares the sandbox's own, which would end at once."""
        processes = descendants(os.getpid())
        spared = set(processes[: self.order["layers"]]) if number == signal.SIGTERM else set()
        for pid in processes:
            if pid not in spared:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)

    def _walls_stood(self, reading: int) -> bool:
        os.set_blocking(reading, False)
        try:
            return os.read(reading, 1) != b""
        except BlockingIOError:
            return False
        finally:
            os.close(reading)

    def _energy(self, before: dict[str, tuple[float, float]]) -> dict[str, Any]:
        joules = joules_between(before, rapl_joules())
        if joules is None:
            return {"energy_j": None, "energy_source": NO_COUNTERS}
        with self.spool.locked():
            alone = self.record["alone"] and self.spool.counted("starts") == self.record["start_number"]
        if not alone:
            return {"energy_j": None, "energy_source": MACHINE_SHARED}
        return {"energy_j": joules, "energy_source": "rapl"}


def _high(descriptor: int) -> int:
    """The same file under a number that is hit by none of the descriptors given to the job."""
    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return high


@contextlib.contextmanager
def _offered_to_the_kernel_first() -> Iterator[None]:
    """What is started meanwhile is preferred when the kernel must kill for memory."""
    adjust = Path("/proc/self/oom_score_adj")
    with contextlib.suppress(OSError):
        adjust.write_text("500")
    yield
    with contextlib.suppress(OSError):
        adjust.write_text("0")


# -------------------------------------------------------------------------------------------------------------- main


def take(spool: Spool) -> tuple[str, dict[str, Any], dict[str, Any], bool] | None:
    """Make the next job that fits ours: (member, order, record, is there room for one more). Called locked."""
    spool.bury()
    found = spool.next_fitting()
    if found is None:
        return None
    member, order = found
    record = {
        "supervisor": identity(os.getpid()),
        "job": None,
        "processes": [],
        "cores": order["cores"],
        "memory_bytes": order["memory_bytes"] or 0,
        "started_at": time.time(),
        "alone": not spool.names("running"),
        "start_number": spool.count("starts"),
    }
    spool.store(f"running/{member}", record)
    spool.drop(f"queued/{member}")
    return member, order, record, spool.next_fitting() is not None


def supervise(root: Path) -> None:
    """Run jobs until none is left that fits."""
    spool = Spool(root)
    ended: tuple[str, dict[str, Any]] | None = None
    while True:
        with spool.locked():
            if ended is not None:
                spool.end(*ended)
            taken = take(spool)
        if taken is None:
            return
        member, order, record, room = taken
        if room:
            _reap_strays(False)  # or the new supervisor would become a child of this one
            launch(root)
        _reap_strays(True)
        ended = member, Run(spool, member, order, record).go()


def _reap_strays(on: bool) -> None:
    """Make orphans below this process its children (or, off, leave them to the machine)."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(on), 0, 0, 0)


def main(root: str) -> None:
    if os.fork():
        os._exit(0)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD, signal.SIGTERM])
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        os.nice(5)
    os.umask(0o077)
    supervise(Path(root))
