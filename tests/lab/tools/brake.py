"""Makes a centre's jobs slower by the factor in /run/slow-factor: they run for one share of the time and are frozen
for the rest. Work takes `factor` times as long in wall time, waiting (sleep) does not, CPU time stays the same."""

import time
from pathlib import Path

GROUP = Path("/run/jobs")
RUN_SECONDS = 0.04
POLL_SECONDS = 0.1


def factor() -> float:
    try:
        return float(Path("/run/slow-factor").read_text())
    except (OSError, ValueError):
        return 1.0


def has_jobs() -> bool:
    return "populated 1" in (GROUP / "cgroup.events").read_text()


def freeze(frozen: bool) -> None:
    (GROUP / "cgroup.freeze").write_text("1" if frozen else "0")


while True:
    slow = factor()
    if slow > 1 and has_jobs():
        freeze(True)
        time.sleep(RUN_SECONDS * (slow - 1))
        freeze(False)
        time.sleep(RUN_SECONDS)
    else:
        time.sleep(POLL_SECONDS)
