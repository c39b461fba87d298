"""Run times of whole job logs, replayed causally; the protocol's figures."""

from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, figure
from heroes.placement.prediction.reading import read
from heroes.placement.prediction.replay import judge, replay

SMALL = ("KTH-SP2", "SDSC-SP2", "WAGAP-2013", "LLNL-Atlas")
LARGE = ("CTC-SP2", "CEA-Curie", "RICC")


def small_logs(traces: Path) -> Iterator[Figure]:
    """Replay the logs of minutes."""
    return _all(traces, SMALL)


def large_logs(traces: Path) -> Iterator[Figure]:
    """Replay the logs of an hour."""
    return _all(traces, LARGE)


def _all(traces: Path, names: tuple[str, ...]) -> Iterator[Figure]:
    for name in names:
        found = judge(replay(read(traces / "hpc" / f"{name}.parquet")))
        yield figure(f"{name}: accuracy (EA)", [found.accuracy], "")
        yield figure(f"{name}: MAE / last two's", [found.error / found.tsafrir_error], "×", "≤ 0.75")
        yield figure(f"{name}: 90 % interval holds", [found.coverage90], "", "0.88 – 0.92")
        yield figure(f"{name}: worst block of 5,000", [found.worst_block], "", "≥ 0.80")
        yield figure(f"{name}: confidence error", [found.confidence_error], "", "≤ 0.02")
        yield figure(f"{name}: safe limit, accuracy", [found.safe_accuracy], "")
        yield figure(f"{name}: safe limit, too low", [found.safe_under], "", "≤ 0.05")
