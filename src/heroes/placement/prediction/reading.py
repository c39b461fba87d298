"""Reading job logs: the Standard Workload Format of the Parallel Workloads Archive (also gzipped), and parquet."""

import gzip
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heroes.placement.prediction.log import Log, log_of

_SWF = {
    "job": 0,
    "submit": 1,
    "wait": 2,
    "run": 3,
    "allocated": 4,
    "procs": 7,
    "reqtime": 8,
    "reqmem": 9,
    "user": 11,
    "group": 12,
    "app": 13,
    "queue": 14,
    "part": 15,
}
_USED = ("job", "submit", "wait", "run", "procs", "reqtime", "reqmem", "user", "group", "app", "queue", "part")
_OPTIONAL = ("input_bytes",)


def read(path: Path) -> Log:
    """Read a log: `.parquet` with columns job, submit, wait, run, procs, reqtime, user, …; everything else as SWF.

    Raises ValueError where it is neither, OSError where it cannot be read.
    """
    if path.suffix == ".parquet":
        return _parquet(path)
    text = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode(errors="replace")
    rows = [line.split() for line in text.splitlines() if line.strip() and not line.lstrip().startswith(";")]
    try:
        if not rows or min(len(row) for row in rows) < 16:
            raise ValueError("a line has fewer than 16 columns")
        table = np.array([row[:16] for row in rows], dtype=np.float64)
    except ValueError as error:
        raise ValueError(f"{path.name} is no SWF log ({error}); give a .swf, .swf.gz or .parquet file") from error
    columns = {name: table[:, number] for name, number in _SWF.items()}
    columns["procs"] = np.where(columns["procs"] > 0, columns["procs"], columns.pop("allocated"))
    return log_of(columns)


def _parquet(path: Path) -> Log:
    import pyarrow.lib
    from pyarrow import parquet

    try:
        table = parquet.read_table(path)
    except pyarrow.lib.ArrowInvalid as error:
        raise ValueError(f"{path.name} is no parquet file: {error}") from error
    names = [name for name in (*_USED, *_OPTIONAL) if name in table.column_names]
    columns: dict[str, NDArray[Any]] = {name: table[name].to_numpy() for name in names}
    return log_of(columns)


def write_log(path: Path, jobs: Iterable[Mapping[str, Any]]) -> int:
    """Write jobs as a log that `read` reads; names become numbers, and submissions count from the first.

    Each has `submit` (ISO 8601), `run`, `wait` (s or None), `procs`, `user`, `app`, `queue` and `input_bytes`; what was
    requested is not known. Returns how many.
    """
    import pyarrow
    from pyarrow import parquet

    rows = sorted(jobs, key=lambda one: str(one["submit"]))
    begun = [datetime.fromisoformat(one["submit"]).timestamp() for one in rows]
    columns: dict[str, Any] = {
        "job": np.arange(1, len(rows) + 1),
        "submit": np.array([one - begun[0] for one in begun], dtype=np.float64),
        "wait": np.array([-1.0 if one["wait"] is None else one["wait"] for one in rows], dtype=np.float64),
        "run": np.array([one["run"] for one in rows], dtype=np.float64),
        "procs": np.array([one["procs"] for one in rows], dtype=np.int64),
        "reqtime": np.full(len(rows), -1),
        "input_bytes": np.array([one["input_bytes"] for one in rows], dtype=np.int64),
    }
    for name in ("user", "app", "queue"):
        known: dict[str | None, int] = {None: -1}
        columns[name] = np.array([known.setdefault(one[name], len(known)) for one in rows], dtype=np.int64)
    parquet.write_table(pyarrow.table(columns), path, compression="zstd")
    return len(rows)


def write(path: Path, job: NDArray[Any], columns: dict[str, NDArray[np.float64]]) -> None:
    """Write predictions as parquet: job and one column each."""
    import pyarrow
    from pyarrow import parquet

    table = pyarrow.table({"job": job, **columns})
    parquet.write_table(table, path, compression="zstd")
