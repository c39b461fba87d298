"""A virtual power meter behind Cray's pm_counters files. Its power, in watts, is what /run/watts says."""

import time
from pathlib import Path

COUNTERS = Path("/sys/cray/pm_counters")
PERIOD_SECONDS = 0.2


def watts() -> float:
    try:
        return float(Path("/run/watts").read_text())
    except (OSError, ValueError):
        return 0.0


def show(name: str, value: float, unit: str) -> None:
    # Always the same length, written in place: a reader never sees an empty file.
    path = COUNTERS / name
    with path.open("r+" if path.exists() else "w") as file:
        file.write(f"{int(value):<14d}{unit}\n")


joules = 0.0
then = time.monotonic()
while True:
    now = time.monotonic()
    power = watts()
    joules += power * (now - then)
    then = now
    show("power", power, "W")
    show("energy", joules, "J")
    time.sleep(PERIOD_SECONDS)
