"""Placement: constrain, predict, rank, explain; and what really happened."""

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
