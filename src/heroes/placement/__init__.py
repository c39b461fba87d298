"""Placement: constrain, predict, rank, explain; and what really happened.

To read it, begin with `service/ranking.py`: `rank` for a workflow, `choose` for one job just before it leaves. Both
read rows, then ask `rules`, which know no database:

1. `needs` is what is asked, `offers` asks each place in turn. `constraints` discards it with a cure, or
2. `prediction` says what the job will take there, from `history`: by like runs, or by how the step scales (`scaling`);
   the wait by `waits`, memory to ask for by `sizing`. A place that saw nothing borrows (`borrowing`, `transfer`); where
   no meter told, energy is a model's (`consumption`). All answers are a `quantities.Quantity`, or the reason for none.
3. `scoring` puts the places in order, `alternatives` tries what would put another first, `ties` keeps steps together,
   `moving` and `reliability` count what data and failing nodes cost.

`service/showing.py` words it, `keeping`, `observing` and `reporting` keep what was foretold and set it against what
happened. `prediction/` stands apart: the learned predictor of whole job logs, `heroes predict replay`.
"""

import os


def _load_numpy_with_one_thread() -> None:
    """Our matrices are small: several BLAS threads only wait for each other. BLAS reads this when numpy is loaded."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    ours = [name for name in names if name not in os.environ]
    os.environ.update(dict.fromkeys(ours, "1"))
    try:
        import numpy  # noqa: F401
    finally:
        for name in ours:
            del os.environ[name]


_load_numpy_with_one_thread()
