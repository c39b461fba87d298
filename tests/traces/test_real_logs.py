"""The predictor on real job logs of the folder that HEROES_TRACES names. Accuracy has tolerances, time has none."""

import os
from pathlib import Path

import numpy as np
import pytest

from heroes.placement.prediction.reading import read
from heroes.placement.prediction.replay import COLUMNS, Replay, judge, replay

TRACES = Path(os.environ.get("HEROES_TRACES") or "/nonexistent") / "hpc"
pytestmark = pytest.mark.skipif(not TRACES.is_dir(), reason="set HEROES_TRACES to a folder with hpc/*.parquet")


@pytest.fixture(scope="module")
def kth() -> Replay:
    return replay(read(TRACES / "KTH-SP2.parquet"))


def test_kth_stays_as_good_as_it_was(kth: Replay):
    found = judge(kth)
    assert found.accuracy >= 0.63
    assert found.error <= 0.70 * found.tsafrir_error
    assert 0.88 <= found.coverage90 <= 0.92
    assert found.worst_block >= 0.85
    assert found.confidence_error <= 0.025
    assert found.safe_accuracy >= 0.528
    assert found.safe_under <= 0.06


def test_sdsc_stays_as_good_as_it_was_without_boosting():
    found = judge(replay(read(TRACES / "SDSC-SP2.parquet"), boosting=False))
    assert found.accuracy >= 0.625
    assert found.error <= 0.85 * found.tsafrir_error
    assert 0.88 <= found.coverage90 <= 0.92
    assert found.safe_accuracy >= 0.44
    assert found.safe_under <= 0.06


def test_on_a_real_log_no_prediction_knows_what_had_not_happened(kth: Replay):
    log = read(TRACES / "KTH-SP2.parquet")
    moment = float(log.submit[len(log) // 2])
    unfinished = log.end > moment
    rng = np.random.default_rng(3)
    log.run[unfinished] = np.ceil(log.run[unfinished] * rng.uniform(1.01, 4, unfinished.sum()))
    log.end[:] = log.start + log.run
    again = replay(log)
    before = log.submit <= moment
    for name in COLUMNS:
        np.testing.assert_array_equal(kth.columns[name][before], again.columns[name][before], err_msg=name)
