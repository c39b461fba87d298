"""What can be done with the whole laboratory: start, stop, describe."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypedDict

from . import keys
from .machine import STATE, LabError, Machine, command, connect_inner_network
from .sites import ACCOUNTS, CERTIFICATE_USER, INNER_NETWORK, PASSWORD, PASSWORD_USER, SITES, Options, Site

MACHINES = {name: Machine(site) for name, site in SITES.items()}
GUARD_ROUTE = ("unreachable", "10.77.0.0/16", "metric", "4096")
"""Packets for a laboratory address that is not there must not leave by the default route."""


class QueueInfo(TypedDict):
    name: str
    nodes: int
    cpus_per_node: int
    gpus_per_node: int
    max_time: str


class SiteInfo(TypedDict):
    name: str
    running: bool
    host: str
    port: int
    users: list[str]
    user: str
    key: str
    certificate: str
    certificate_user: str
    password_user: str
    password: str
    host_key: str
    jump_address: str | None
    accounts: list[str]
    queues: list[QueueInfo]
    watts_per_node: int
    slow_factor: float


def machine(name: str) -> Machine:
    if name not in MACHINES:
        raise LabError(f"no machine named {name!r}; there are {', '.join(MACHINES)}")
    return MACHINES[name]


def wire() -> None:
    """Lays the cables of all machines: from now on none that starts or stops changes this host's network."""
    require_root()
    with _lock():
        for one in MACHINES.values():
            one.wire()
        command("ip", "route", "replace", *GUARD_ROUTE)


def start(names: Iterable[str] = (), options: Options | None = None) -> list[str]:
    """Starts the named machines (default: all) in parallel; those that already run are left alone.

    Returns the names it had to start. Raises LabError if one does not boot.
    """
    require_root()
    wanted = [machine(name) for name in names] or list(MACHINES.values())
    with _lock():
        keys.make_keys()
        _write_client_files()
        command("ip", "route", "replace", *GUARD_ROUTE)
        cold = [one for one in wanted if not one.booted()]
        for one in cold:
            one.forget()
            public_keys = [keys.public(keys.client_key(key_type)) for key_type in keys.CLIENT_KEY_TYPES]
            chosen = options or Options.from_environment()
            one.prepare_disk(chosen, keys.host_keys(one.site), public_keys, keys.public(keys.authority()))
            one.power_on()
        connect_inner_network(MACHINES["gate"], MACHINES["alpha"])
        for one in cold:
            one.wait_booted()
        return [one.site.name for one in cold]


def stop() -> None:
    """Switches all machines off and removes them; the keys stay."""
    require_root()
    with _lock():
        for one in MACHINES.values():
            one.forget()
            one.unwire()
        command("ip", "route", "del", *GUARD_ROUTE, check=False)


def forget(name: str) -> None:
    """Switches one machine off and removes it."""
    with _lock():
        machine(name).forget()


def crash(name: str) -> None:
    """A power cut. `up` starts the machine again with its disk as it was."""
    with _lock():
        machine(name).power_off()


def up(name: str) -> None:
    """Switches a crashed machine on again. Raises LabError if it was never started."""
    with _lock():
        one = machine(name)
        if one.booted():
            return
        if not one.disk.exists():
            raise LabError(f"{name} was never started; use: lab start {name}")
        one.power_off()
        one.power_on()
        one.wait_booted()


def set_clock(name: str, ahead_s: int) -> None:
    """Switches a machine off and on again with a clock that is ahead by so much, or behind. Raises LabError."""
    crash(name)
    file = machine(name).disk / "options.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "clock_ahead_s": ahead_s}))
    up(name)


def running() -> list[str]:
    return [name for name, one in MACHINES.items() if one.booted()]


def describe(site: Site) -> SiteInfo:
    return SiteInfo(
        name=site.name,
        running=MACHINES[site.name].booted(),
        host=site.address,
        port=22,
        users=list(site.users),
        user=site.users[0],
        key=str(keys.client_key()),
        certificate=str(keys.certificate()),
        certificate_user=CERTIFICATE_USER,
        password_user=PASSWORD_USER,
        password=PASSWORD,
        host_key=keys.known_hosts_line(site),
        jump_address=f"{INNER_NETWORK}.2" if site.name == "alpha" else None,
        accounts=list(ACCOUNTS) if site.queues else [],
        queues=[
            QueueInfo(
                name=queue.name,
                nodes=queue.nodes,
                cpus_per_node=site.cpus_per_node,
                gpus_per_node=queue.gpus_per_node,
                max_time=queue.max_time,
            )
            for queue in site.queues
        ],
        watts_per_node=site.watts_per_node,
        slow_factor=Options.from_environment().slow_factors.get(site.name, site.slow_factor),
    )


def info() -> dict[str, SiteInfo]:
    return {name: describe(site) for name, site in SITES.items()}


def _write_client_files() -> None:
    """known_hosts and an ssh_config, so that `ssh -F $HEROES_LAB/ssh_config alpha` works."""
    known_hosts = STATE / "known_hosts"
    lines = [keys.known_hosts_line(site) for site in SITES.values()]
    lines.append(keys.known_hosts_line(SITES["alpha"]).replace(SITES["alpha"].address, f"{INNER_NETWORK}.2", 1))
    known_hosts.write_text("\n".join(lines) + "\n")
    hosts = [f"Host {site.name}\n HostName {site.address}\n User {site.users[0]}\n" for site in SITES.values()]
    hosts.append(f"Host alpha-behind-gate\n HostName {INNER_NETWORK}.2\n User alice\n ProxyJump gate\n")
    common = f"Host *\n IdentityFile {keys.client_key()}\n IdentitiesOnly yes\n UserKnownHostsFile {known_hosts}\n"
    strict = " StrictHostKeyChecking yes\n BatchMode yes\n ConnectTimeout 5\n LogLevel ERROR\n"
    (STATE / "ssh_config").write_text("".join(hosts) + common + strict)


@contextmanager
def _lock() -> Iterator[None]:
    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def require_root() -> None:
    if os.geteuid() != 0:
        raise LabError("the laboratory needs root: it makes network namespaces and mounts")
