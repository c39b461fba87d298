"""What the laboratory consists of: two Slurm centres, one of Grid Engine and a jump host, as plain values."""

import os
from dataclasses import asdict, dataclass, field

PASSWORD_USER = "paul"
"""May log in only with PASSWORD, asked by keyboard-interactive."""
PASSWORD = "turbulence-42"
CERTIFICATE_USER = "olga"
"""Has no authorized key: only a user certificate of the laboratory's authority opens the account."""
ACCOUNTS = ("proj1", "proj2")


@dataclass(frozen=True)
class Queue:
    name: str
    nodes: int
    max_time: str
    gpus_per_node: int = 0


@dataclass(frozen=True)
class Site:
    name: str
    number: int
    users: tuple[str, ...]
    queues: tuple[Queue, ...] = ()
    cpus_per_node: int = 0
    memory_mb_per_node: int = 64000
    watts_per_node: int = 0
    slow_factor: float = 1.0
    refuse_impossible_jobs: bool = False
    scheduler: str = "slurm"

    @property
    def address(self) -> str:
        return f"10.77.{self.number}.2"

    @property
    def all_users(self) -> tuple[str, ...]:
        return (*self.users, PASSWORD_USER, CERTIFICATE_USER)

    @property
    def node_count(self) -> int:
        return sum(queue.nodes for queue in self.queues)


SITES = {
    site.name: site
    for site in (
        Site(
            "alpha",
            1,
            ("alice", "bob"),
            (Queue("compute", 3, "1-00:00:00"), Queue("gpu", 1, "4:00:00", gpus_per_node=4)),
            cpus_per_node=32,
            watts_per_node=250,
        ),
        Site(
            "beta",
            2,
            ("carol", "dave"),
            (Queue("std", 2, "1-00:00:00"), Queue("long", 1, "7-00:00:00")),
            cpus_per_node=64,
            watts_per_node=400,
            slow_factor=2.0,
            refuse_impossible_jobs=True,
        ),
        Site("gate", 3, ("alice", "bob")),
        Site(
            "gamma",
            4,
            ("erin", "frank"),
            (Queue("all.q", 1, "24:00:00"), Queue("short.q", 1, "00:30:00")),
            cpus_per_node=16,
            scheduler="gridengine",
        ),
    )
}

INNER_NETWORK = "10.77.101"
"""The link between gate (.1) and alpha (.2): this address of alpha is reached only through gate."""


@dataclass(frozen=True)
class Options:
    """Settings of one start, kept on a machine's disk so that `up` after `crash` uses the same."""

    slurmd_timeout_s: int = 30
    min_job_age_s: int = 300
    slow_factors: dict[str, float] = field(default_factory=dict)
    clock_ahead_s: int = 0

    @classmethod
    def from_environment(cls) -> "Options":
        names = {site: f"HEROES_LAB_SLOW_{site.upper()}" for site in SITES}
        return cls(
            slurmd_timeout_s=int(os.environ.get("HEROES_LAB_SLURMD_TIMEOUT", "30")),
            min_job_age_s=int(os.environ.get("HEROES_LAB_MIN_JOB_AGE", "300")),
            slow_factors={site: float(os.environ[name]) for site, name in names.items() if name in os.environ},
        )

    def as_dict(self) -> dict[str, object]:
        return asdict(self)
