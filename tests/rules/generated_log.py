"""A job log from a stated model, for tests where no real one is at hand.

Forty users have one to four programs each. A program has a usual run time (log-normal over programs, a factor of three
around it for one user in four), runs on a fixed number of processors, and asks for a round number of hours well above.
Users work in sessions: a few jobs of the same program within minutes, then a pause. One job in twenty fails within a
minute; jobs at their request are killed there; jobs wait for an exponential time.
"""

import numpy as np

from heroes.placement.prediction.log import Log, log_of

HOUR = 3600.0


def columns(jobs: int = 3000, seed: int = 11) -> dict[str, np.ndarray]:
    """Return the columns of a generated log, as in the Parallel Workloads Archive."""
    rng = np.random.default_rng(seed)
    programs = [
        (user, procs, float(np.exp(rng.normal(7, 1.5))), spread)
        for user in range(40)
        for spread in [0.5 if user % 4 == 0 else 0.08]
        for procs in rng.choice([1, 2, 4, 8, 16, 32], rng.integers(1, 5), replace=False).tolist()
    ]
    rows: list[tuple[float, float, float, int, float, int]] = []
    now = 0.0
    while len(rows) < jobs:
        now += float(rng.exponential(1500))
        user, procs, usual, spread = programs[int(rng.integers(len(programs)))]
        request = HOUR * max(1.0, float(np.ceil(usual * 4 / HOUR)))
        at = now
        for _ in range(int(rng.integers(1, 12))):
            run = usual * float(np.exp(rng.normal(0, spread)))
            if rng.random() < 0.05:
                run = float(rng.uniform(1, 60))
            rows.append((at, float(rng.exponential(300)), round(max(1.0, min(run, request))), procs, request, user))
            at += float(rng.exponential(120))
    rows = sorted(rows)[:jobs]
    names = ("submit", "wait", "run", "procs", "reqtime", "user")
    table = {name: np.array([row[number] for row in rows]) for number, name in enumerate(names)}
    for name in ("submit", "wait"):
        table[name] = np.floor(table[name])
    return {"job": np.arange(1, jobs + 1), **table}


def log(jobs: int = 3000, seed: int = 11) -> Log:
    """Return a generated log."""
    return log_of(columns(jobs, seed))
