"""Thirty real runs on two centres of different speed: what they teach the platform."""

import time
from collections.abc import Iterator
from xml.etree import ElementTree

from bench.faults import REPORT, groups
from bench.figures import Figure, figure


def learning() -> Iterator[Figure]:
    """Run the journey of learning: the faster centre first, the interval true. Raises RuntimeError if it is not."""
    began = time.monotonic()
    bad = groups("tests/journeys/browser/test_learning.py")
    if bad:
        raise RuntimeError("thirty runs did not teach what they should: see above")
    held = next(one for one in ElementTree.parse(REPORT).iter("property") if one.get("name") == "held")
    yield figure(
        "thirty runs on two centres: the 80 % interval held, last 20 jobs",
        [float(held.get("value", "nan"))],
        "",
        "0.60 – 0.95",
    )
    yield figure("thirty runs on two centres", [(time.monotonic() - began) / 60], "min")
