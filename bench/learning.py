"""Thirty real runs on two centres of different speed: what they teach the platform."""

import time
from collections.abc import Iterator

from bench.faults import groups
from bench.figures import Figure, figure


def learning() -> Iterator[Figure]:
    """Run the journey of learning: the faster centre first, the interval true. Raises RuntimeError if it is not."""
    began = time.monotonic()
    bad = groups("tests/journeys/browser/test_learning.py")
    if bad:
        raise RuntimeError("thirty runs did not teach what they should: see above")
    yield figure("thirty runs on two centres: ranked and foreseen as they then were", [1.0 - bad], "", "1")
    yield figure("thirty runs on two centres", [(time.monotonic() - began) / 60], "min")
