"""What the platform asks of a site: run a command, move files, keep a batch queue.

The adapters (ssh, slurm, local …) implement these protocols; slices use nothing else of them. All times are aware
`datetime`s, all sizes bytes, all durations seconds. Every call may raise, besides what it names:

- `Unreachable`: no answer, or no complete one. Whether a command took effect is then in doubt: ask before repeating.
- `Refused`: the site understood and said no. The text names the remedy; repeating changes nothing.
- `Garbled`: the site answered something that cannot be read.
"""

import re
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol

from heroes.kit.errors import Refused, SiteError, Unreachable


class NotThere(SiteError):
    """The file or folder does not exist at the site."""

    def __init__(self, detail: str, **facts: Any):
        super().__init__(detail, code="not_there", **facts)


class AlreadyOrdered(Refused):
    """The token's folder exists: this order was given before. Fact `site_id`: the scheduler's answer then, or None.

    Nothing was submitted now. `Batch.find` tells what became of the first order.
    """


class Unaccounted(Unreachable):
    """The site answers, but its accounting does not: `Batch.usage` cannot tell now."""


class Busy(Unreachable):
    """The scheduler takes no more jobs just now. Surely nothing was submitted: try the same order later."""


class NoRoom(Unreachable):
    """The site's disk is full, or the account's quota is used up: nothing is lost, and there may be room later."""

    def __init__(self, what: str, **facts: Any):
        super().__init__(
            f"{what} The site's disk is full, or the account's quota is used up. Make room there, or ask the site for "
            f"more; it then goes on by itself.",
            code="no_room",
            **facts,
        )


NO_ROOM = re.compile("no space left on device|disk quota exceeded|disc quota exceeded", re.IGNORECASE)
"""What commands of a site say then, in the C locale."""


class HostKeyChanged(Refused):
    """The site's host key is not the pinned one. Facts: `pinned`, `offered` (SHA256 fingerprints), `host`, `port`."""


# ---------------------------------------------------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True)
class Result:
    """What a command left: exit status (128 + n when signal n killed it) and its two streams, invalid UTF-8 escaped."""

    exit_status: int
    stdout: str
    stderr: str

    @property
    def ok(self) -> bool:
        return self.exit_status == 0


class Shell(Protocol):
    """Runs commands as the line's account."""

    async def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 30.0) -> Result:
        """Run one command of quoted arguments (never a shell string of user values) and wait for its end.

        `timeout` is in seconds; when it passes, or the connection is cut, it is in doubt whether the command ran:
        `Unreachable`. A non-zero exit status is an answer, not an error. Output above the bound raises `Garbled`.
        """
        ...


# ------------------------------------------------------------------------------------------------------------- files


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in the site's file system; a link is a link. `path` is as asked for, from `listdir` the bare name."""

    path: str
    kind: Literal["file", "dir", "link", "other"]
    size: int
    mtime: float
    mode: int
    target: str | None = None


class Files(Protocol):
    """The site's files. Names are `str` with surrogateescape: any bytes but NUL. A missing file is `NotThere`."""

    async def read(self, path: str, offset: int = 0, limit: int | None = None) -> bytes:
        """The bytes from `offset`, at most `limit` of them; b"" at or behind the end."""
        ...

    async def write(self, path: str, data: bytes, mode: int = 0o600) -> None:
        """Replace the file as one act: a temporary beside it, fsync where the site offers it, rename over it."""
        ...

    async def put(
        self,
        path: str,
        chunks: AsyncIterator[bytes],
        *,
        offset: int = 0,
        mode: int = 0o600,
        mtime: float | None = None,
    ) -> int:
        """Write the stream into the file itself, from `offset` on (0 empties it first); returns its size at the end.

        Resumable: after `Unreachable`, `stat` tells how much is there; call again with the rest and that offset.
        """
        ...

    def get(self, path: str, offset: int = 0) -> AsyncIterator[bytes]:
        """The file's bytes from `offset` to its end, in chunks."""
        ...

    async def stat(self, path: str) -> Entry | None:
        """What is at the path (not following a last link), or None."""
        ...

    async def listdir(self, path: str) -> list[Entry]:
        """The folder's entries with bare names as `path`, sorted, without "." and ".."."""
        ...

    async def makedirs(self, path: str, mode: int = 0o700) -> None:
        """Make the folder and its missing parents; an existing folder is left as it is."""
        ...

    async def symlink(self, target: str, path: str) -> None:
        """Make a link at `path` with this target text. Refused if something is there."""
        ...

    async def set_mode(self, path: str, mode: int) -> None: ...

    async def set_times(self, path: str, mtime: float) -> None: ...

    async def rename(self, old: str, new: str) -> None:
        """Rename, replacing what `new` was, as one act."""
        ...

    async def remove(self, path: str) -> None:
        """Remove a file or link; a missing one is fine."""
        ...

    async def remove_tree(self, path: str) -> None:
        """Remove a folder with all below it, or a file. Links are removed, never followed; a missing path is fine."""
        ...


# ------------------------------------------------------------------------------------------------------------- batch


class SiteState(StrEnum):
    """Where a job is at its site."""

    QUEUED = "QUEUED"
    HELD = "HELD"
    RUNNING = "RUNNING"
    COMPLETING = "COMPLETING"
    ENDED = "ENDED"


class SiteEnd(StrEnum):
    """How a job ended at its site."""

    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    TIME_LIMIT = "TIME_LIMIT"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    NODE_FAILURE = "NODE_FAILURE"
    NOT_LAUNCHED = "NOT_LAUNCHED"
    TOO_LARGE = "TOO_LARGE"  # never started: the site became smaller than what it asks for
    PREEMPTED = "PREEMPTED"
    REQUEUED = "REQUEUED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Order:
    """One job, or one array of jobs, as it is ordered from a scheduler.

    `token` (15 characters [a-z0-9], a letter first) is the job's name at the site and the name of the folder
    `folder`/`token`, which the order makes, exclusively: the same token can never be ordered twice.
    `stdout_path` and `stderr_path` are absolute; in an array "{index}" in them stands for the element's index.
    """

    token: str
    folder: str
    script_path: str
    queue: str | None
    account: str | None
    walltime_s: int
    nodes: int = 1
    tasks: int = 1
    cpus_per_task: int = 1
    memory_bytes: int | None = None
    """per node"""
    gpus: int = 0
    """per node"""
    indexes: tuple[int, ...] | None = None
    """the elements of an array, None for a single job"""
    rerunnable: bool = False
    comment: str = ""
    stdout_path: str | None = None
    """None: `folder`/`token`/stdout, in an array stdout.{index}"""
    stderr_path: str | None = None
    chdir: str | None = None
    """the working folder, None: `folder`"""
    energy_policy: str | None = None
    """monitoring, min_time or min_energy, at a site that takes it; None: the site's own"""


@dataclass(frozen=True, slots=True)
class SiteUsage:
    """What a run of a job used. None is "the site does not say", never zero."""

    nodes: int
    cpus: int
    elapsed_s: float
    cpu_s: float | None = None
    max_rss_bytes: int | None = None
    """the largest resident set of any task in any step"""
    energy_j: float | None = None
    """the site's own meter; counts whole nodes, so it is the job's only where the job had its nodes alone"""
    energy_source: str | None = None
    gpus: int = 0
    node_list: str | None = None
    """as the site writes it, such as n[1-3]"""
    core_s_of_all: float | None = None
    """core-seconds of all jobs on its nodes while it ran, its own among them; None: the site does not say"""
    sharing_unknown: str | None = None
    """why nobody knows whether its nodes were shared"""


Key = tuple[str, int | None]
"""a job at its site: its id there and, in an array, its element"""


@dataclass(frozen=True, slots=True)
class SiteJob:
    """A job, or one element of an array, as one site sees it. `token` is its name there."""

    site_id: str
    index: int | None
    token: str
    state: SiteState
    end: SiteEnd | None = None
    reason: str | None = None
    """the site's own word: why it waits, or the raw state it ended in"""
    text: str | None = None
    """the same in plain words"""
    exit_code: int | None = None
    signal: int | None = None
    submitted_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    restarts: int = 0
    usage: SiteUsage | None = None
    earlier: tuple[SiteUsage, ...] = ()
    """what former runs of the same job used, before the site requeued it"""
    queued: bool = True
    """False: its queue does not list it (any more), though its accounting has not said that it ended"""

    @property
    def key(self) -> Key:
        return self.site_id, self.index

    def is_of(self, token: str) -> bool:
        """Tell whether it is the job of this token: a site that lost its state gives ids out again."""
        return self.token in ("", token)


@dataclass(frozen=True, slots=True)
class Counters:
    """What a running job has used so far, by counters of its parts. A part's only grow; parts may come and go."""

    read_at: datetime
    """by our clock"""
    cpu_s: Mapping[str, float] = field(default_factory=dict)
    """part → seconds of processor time since it began; empty: the site does not say"""
    energy_j: Mapping[str, float] = field(default_factory=dict)
    """part → joules; parts named "group/…" add up, and each group is the whole job in the eyes of another meter"""
    energy_source: str | None = None
    energy_from_zero: bool = True
    """the counters of energy began with their parts, so that the first reading tells something too"""
    memory_bytes: int | None = None
    """the largest resident set seen so far of any task, or of all processes together"""


@dataclass(frozen=True, slots=True)
class Found:
    jobs: list[SiteJob]
    complete: bool = False
    """every source answered: an element of the array that is not among them is in none"""


@dataclass(frozen=True, slots=True)
class Absent:
    """Every source that the site has answered, and none knows the job.

    It may have ended, where the site keeps no books, or be still on its way: who concludes from it takes the job's gate
    first. A gate that the job holds tells that it began, then its exit file tells how it ended; one that the platform
    holds stops a job that arrives later before its payload.
    """

    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Unknown:
    """At least one source was silent, so absence proves nothing."""

    why: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """One look at the account's jobs. A job in no source is only gone if every source answered and it is not young.

    What ended under an array's id without an element is the whole array: all its elements that had not ended.
    """

    jobs: Mapping[Key, SiteJob]
    sources: Mapping[str, str | None]
    """source → None if it answered, else why it did not; the list of live jobs is the first"""
    asked_at: datetime
    """by our clock"""
    clock_ahead_s: float = 0.0
    """the site's clock minus ours, to about the second"""
    counters: Mapping[Key, Counters] = field(default_factory=dict)
    """of those running jobs of which it was asked, as far as the site tells; what is missing proves nothing"""

    @property
    def complete(self) -> bool:
        return not any(self.sources.values())

    @property
    def listed(self) -> bool:
        """Whether the site told which jobs live, whatever its accounting does."""
        return next(iter(self.sources.values()), None) is None


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """A queue and how full it is. None is "no limit" for limits and "not said" elsewhere."""

    name: str
    nodes_total: int
    nodes_free: int
    """wholly idle and usable"""
    cores_per_node: int
    """of the smallest node, as all per-node facts: what a job may count on"""
    memory_bytes_per_node: int | None
    gpus_per_node: int
    max_walltime_s: int | None
    max_nodes: int | None
    state: Literal["UP", "DOWN", "DRAIN", "INACTIVE"]
    pending_jobs: int
    running_jobs: int
    down_nodes: int
    cores_total: int = 0
    cores_free: int = 0
    """on usable nodes, also on those partly busy"""
    default: bool = False
    default_walltime_s: int | None = None
    accounts: tuple[str, ...] | None = None
    """the accounts allowed in it, None: all"""


@dataclass(frozen=True, slots=True)
class Fact:
    """One finding of a probe: what was asked, the raw answer, and the value read from it (None: could not be found)."""

    code: str
    value: Any
    command: str
    raw: str = field(default="", repr=False)


class Batch(Protocol):
    """A scheduler, spoken to through a Shell."""

    name: str

    async def submit(self, shell: Shell, order: Order) -> str:
        """Make the token's folder, exclusively, and submit; one remote command. Returns the id of the job or array.

        `AlreadyOrdered`: the token was used before. `Refused`: surely nothing was submitted, and why. `Busy`: surely
        nothing was submitted, later it may be. `Unreachable`: in doubt; `find` the token before anything else.
        """
        ...

    async def find(self, shell: Shell, token: str, *, since: datetime) -> Found | Absent | Unknown:
        """Ask every source of the site for jobs of this name submitted after `since`. A silent source is `Unknown`.

        A source that the site surely does not have, since it keeps no books, is none: `Absent` then rests on its queue.
        """
        ...

    async def watch(
        self,
        shell: Shell,
        *,
        since: datetime,
        known: Collection[str],
        sample: Collection[Key] = (),
    ) -> Sighting:
        """One composite question: all live jobs of the account, and those of the `known` site ids which are not live.

        A silent source is told in the answer's `sources`; only silence of the whole line raises. Of the few jobs to
        `sample` the same question also asks the counters, last and briefly: what they cannot tell is left out.
        """
        ...

    async def usage(self, shell: Shell, site_ids: Collection[str]) -> dict[Key, SiteJob]:
        """The accounting of these jobs, elements by index, with energy. Ids the accounting does not know are missing.

        `Unaccounted` if the accounting does not answer, `Refused` if the site keeps none.
        """
        ...

    def is_told(self, seen: SiteJob) -> bool:
        """Tell whether a look at an ended job found all that `usage` would: then it need not be asked."""
        ...

    async def cancel(self, shell: Shell, token: str, site_ids: Collection[str]) -> None:
        """Cancel jobs, arrays, or elements ("id_index") of the order with this token. Ended and unknown ids are fine.

        A site that lost its state counts anew: an id that is another order's by now is left alone.
        """
        ...

    async def queues(self, shell: Shell) -> list[QueueFacts]: ...

    async def probe(self, shell: Shell) -> list[Fact]:
        """What kind of scheduler this is and how it is set up."""
        ...
