"""What jobs of this machine have used so far, as the kernel counts it."""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from heroes.adapters.ports import Counters, Key
from heroes.adapters.spool import Spool, alive, descendants, parse_member, resident_bytes
from heroes.adapters.supervisor import rapl_joules

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the processor time of these processes and of all that they have outlived."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / _TICKS


def read(spool: Spool, wanted: Iterable[Key], read_at: datetime) -> dict[Key, Counters]:
    """Return the counters of running jobs; one that has just ended, or is not told of, is left out."""
    keys = set(wanted)
    found = {}
    for member in spool.names("running"):
        site_id, _, index = parse_member(member)
        key = str(site_id), index
        record = spool.load(f"running/{member}") if key in keys else None
        if record is None or not alive(record["supervisor"]):
            continue
        processes = descendants(record["supervisor"]["pid"])
        if not processes:
            continue
        alone = record["alone"] and spool.counted("starts") == record["start_number"]
        energy = {f"rapl/{zone}": joules for zone, (joules, _) in rapl_joules().items()} if alone else {}
        found[key] = Counters(
            read_at,
            {"processes": cpu_seconds(processes)},
            energy,
            "rapl" if energy else None,
            energy_from_zero=False,
            memory_bytes=resident_bytes(processes) or None,
        )
    return found
