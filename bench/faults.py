"""The whole table of faults with a thousand jobs in each flow, as the tests have it with a hundred."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from xml.etree import ElementTree

from bench import ROOT
from bench.figures import Figure, figure

JOBS = "1000"
REPORT = "/var/tmp/heroes-journeys.xml"


def faults() -> Iterator[Figure]:
    """Run every group of faults in full: nothing lost, doubled or wrongly ended. Raises RuntimeError if one fails."""
    began = time.monotonic()
    bad = groups("tests/journeys/faults", HEROES_FAULT_JOBS=JOBS)
    if bad:
        raise RuntimeError(f"{bad} groups of faults lost, doubled or wrongly ended jobs: see above")
    yield figure(
        f"groups of faults, {JOBS} jobs each: with a lost, doubled or wrongly ended job", [float(bad)], "", "0"
    )
    yield figure("all groups of faults", [(time.monotonic() - began) / 60], "min")


def groups(tests: str, **settings: str) -> int:
    """Run tests on the laboratory, the long ones too; return how many failed."""
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-m", "lab", f"--junitxml={REPORT}", tests]
    done = subprocess.run(pytest, cwd=ROOT, env={**os.environ, **settings}, check=False)
    suite = next(ElementTree.parse(REPORT).iter("testsuite"))
    return int(suite.get("failures", 0)) + int(suite.get("errors", 0)) or done.returncode
