"""`python -m bench [NAME…] [--out FILE]`: measure, print a table, and keep it as JSON."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    bulk,
    crowd,
    decision,
    faults,
    generated,
    identity,
    jobs,
    learning,
    logs,
    memory,
    orders,
    pages,
    power,
    programs,
    requests,
    running,
    ticks,
    transfer,
    upload,
)
from bench.figures import Figure, short, table
from journeys.conftest import Platform

WITHOUT_PLATFORM: dict[str, Callable[[], Iterator[Figure]]] = {
    "help": programs.help_text,
    "decision": decision.decision,
    "faults": faults.faults,
    "learning": learning.learning,
    "identity": identity.rights_and_tokens,
    "generated": generated.generated,
    "ticks": ticks.ticks,
    "bulk": bulk.bulk,
}
NEED_ROOT = {"jobs", "storm", "watch", "ensemble", "live", "bulk", "faults", "learning"}
"""what runs in the laboratory"""
ON_PLATFORM: dict[str, Callable[[Platform], Iterator[Figure]]] = {
    "start": programs.start,
    "idle": programs.idle,
    "requests": requests.requests,
    "login": identity.login,
    "rank": requests.rank,
    "pages": pages.pages,
    "upload": upload.upload,
    "jobs": jobs.jobs,
    "storm": orders.storm,
    "watch": orders.watch,
    "ensemble": orders.ensemble,
    "live": orders.live,
    "crowd": crowd.crowd,  # the last: what it leaves behind would weigh on the others
}
ON_TRACES: dict[str, Callable[[Path], Iterator[Figure]]] = {
    "logs": logs.small_logs,
    "large-logs": logs.large_logs,
    "memory": memory.memory,
    "cross-cluster": transfer.cross_cluster,
    "power": power.power,
}
"""By name alone: they read the folder that HEROES_TRACES names, and the large ones take an hour."""
NAMES = [*WITHOUT_PLATFORM, *ON_PLATFORM]


def measure(names: list[str]) -> list[Figure]:
    """Run benchmarks in their order, those that need a platform on one and the same; say each figure as it comes."""
    found: list[Figure] = []
    with ExitStack() as stack:
        platform = stack.enter_context(running.platform()) if set(names) & set(ON_PLATFORM) else None
        for name in [*NAMES, *ON_TRACES]:
            if name not in names:
                continue
            print(f"measuring {name} …", file=sys.stderr, flush=True)
            for one in _figures(name, platform):
                print(f"  {one.name}: {short(one.value)} {one.unit}", file=sys.stderr, flush=True)
                found.append(one)
    return found


def _figures(name: str, platform: Platform | None) -> Iterator[Figure]:
    if name in ON_TRACES:
        return ON_TRACES[name](Path(os.environ["HEROES_TRACES"]))
    if platform is None or name in WITHOUT_PLATFORM:
        return WITHOUT_PLATFORM[name]()
    return ON_PLATFORM[name](platform)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"which ones, of {', '.join([*NAMES, *ON_TRACES])} (default: all without traces)",
    )
    parser.add_argument("--out", type=Path, help="write the figures to this file as JSON")
    given = parser.parse_args()
    unknown = set(given.names) - {*NAMES, *ON_TRACES}
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join([*NAMES, *ON_TRACES])}")
    names = given.names or NAMES
    if set(names) & set(ON_TRACES) and not os.environ.get("HEROES_TRACES"):
        parser.error("set HEROES_TRACES to the folder of traces")
    if NEED_ROOT & set(names) and os.geteuid() != 0:
        print(f"left out: {', '.join(sorted(NEED_ROOT & set(names)))}: the laboratory needs root.", file=sys.stderr)
        names = [name for name in names if name not in NEED_ROOT]
    figures = measure(names)
    print(table(figures))
    if given.out:
        measured = {"measured_at": datetime.now(UTC).isoformat(), "figures": [one.as_json() for one in figures]}
        given.out.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
