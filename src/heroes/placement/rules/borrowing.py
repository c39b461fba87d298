"""Cold start: what a queue has not seen yet is borrowed from the same step elsewhere, and that is always said.

Only the organization's own runs are borrowed from. The speed of the queue against the one it is borrowed from comes
from steps that ran on both, else from a benchmark that the compliance check ran on both, else nothing is borrowed.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from heroes.placement.rules.history import History
from heroes.placement.rules.needs import Need
from heroes.placement.rules.prediction import predict
from heroes.placement.rules.quantities import Prediction, Quantity, Reason, scaled, word
from heroes.placement.rules.transfer import Residual, home, line_off, machine_off, ratio

_UNSURE = 1.5
"""How much wider a borrowed interval is, in log: the ratio of two machines is not the same for every program."""
_LESS_SURE = 0.8
_CARRIED = 0.5
_CORRECTING = 6
"""How many of the newest runs here correct what is borrowed."""
_LINE = "line through run time and input"
_ENOUGH = 2
"""Steps that must have run on both queues for their ratio to be believed over a benchmark."""


def borrowed(here: str, histories: Mapping[str, History], need: Need, speeds: Mapping[str, float]) -> Prediction | None:
    """Return what a step would need on the queue `here`, from the queue that knows it best; None: nobody does.

    `speeds`: benchmark score by queue, higher = faster. What the step's own runs here were off corrects it. Memory is
    taken as it is; energy is not borrowed, for it hangs on the machine.
    """
    asked = replace(need, walltime_s=None)
    best: tuple[float, str, Prediction] | None = None
    for queue, history in histories.items():
        if queue == here or not len(history.of_step(need.workflow_id, need.step)):
            continue
        found = _there(history, asked)
        if found.time.value is not None and (best is None or (found.time.accuracy or 0) > best[0]):
            best = found.time.accuracy or 0.0, queue, found
    if best is None:
        return None
    _, there, found = best
    factor, ground = slowdown(here, there, histories, speeds, need.workflow_id)
    if factor is None:
        return None
    off, runs = _off(histories.get(here), histories[there], asked, factor, carried=found.time.method == _LINE)
    if runs:
        factor *= math.exp(off)
        ground += f", corrected by {runs} run{'s' if runs > 1 else ''} of it here"
    time = _lent(scaled(found.time, factor), ground)
    return replace(found, time=time, memory=_lent(found.memory, "as it is: memory hangs little on the machine"))


def _there(history: History, asked: Need) -> Prediction:
    """Return what is predicted there; an input unlike all seen ones is reached by a line through them."""
    found = predict(history, asked, quantities=("time", "memory"))
    if found.time.value is not None or asked.input_bytes is None:
        return found
    runs = history.of_step(asked.workflow_id, asked.step)
    line = home([one.input_bytes for one in runs.observations], [one.run_s for one in runs.observations])
    if line is None or not line.slope:
        return found
    reason = Reason(
        code="beyond_what_was_seen", text="Its input is unlike all that were seen, so nobody knows how far."
    )
    carried = Quantity(
        value=math.exp(line.at(asked.input_bytes)),
        unit="s",
        accuracy=_CARRIED,
        confidence="low",
        n_similar=line.runs,
        method=_LINE,
        reason=reason,
    )
    return replace(found, time=carried)


def _off(here: History | None, there: History, asked: Need, factor: float, *, carried: bool) -> tuple[float, int]:
    """Return what to add to the log of the time that is borrowed, and how many of the newest runs here say so.

    What they are off where like runs are known there is the machine's; what more they are off where only a line
    reaches them is the line's, and counts only for what is `carried` by it too.
    """
    machine: list[Residual] = []
    line: list[Residual] = []
    for one in here.of_step(asked.workflow_id, asked.step).observations[:_CORRECTING] if here is not None else ():
        then = replace(asked, cores=one.cores, tasks=1, nodes=one.nodes, input_bytes=one.input_bytes, params=one.params)
        time = _there(there, then).time
        if time.value and one.run_s > 0:
            seen = Residual(math.log(one.run_s / (time.value * factor)), math.log(one.input_bytes + 1024), one.run_s)
            (line if time.method == _LINE else machine).append(seen)
    off = machine_off(machine, ())
    if not carried:
        return off, len(machine)
    bent = [replace(one, off=one.off - off) for one in line]
    return off + line_off(bent, math.log((asked.input_bytes or 0) + 1024)), len(machine) + len(line)


def slowdown(
    here: str, there: str, histories: Mapping[str, History], speeds: Mapping[str, float], workflow_id: str
) -> tuple[float | None, str]:
    """Return how many times longer a run takes here than there, and how that is known.

    Steps of the same workflow say more of it than those of others.
    """
    known = _shared(histories.get(here), histories.get(there))
    like = [math.exp(one) for workflow, one in known if workflow == workflow_id]
    shared = like if len(like) >= _ENOUGH else [math.exp(one) for _, one in known]
    if len(shared) >= _ENOUGH:
        return float(np.median(shared)), f"scaled by how long {len(shared)} steps took here and there"
    measured = [speeds[there] / speeds[here]] if speeds.get(here) and speeds.get(there) else []
    both = ratio(shared, measured)
    if both is None:
        return None, ""
    said = [*(["one step"] if shared else []), *(["a benchmark"] if measured else [])]
    return math.exp(both), f"scaled by how long {' and '.join(said)} took here and there"


def _shared(here: History | None, there: History | None) -> list[tuple[str, float]]:
    """Return, for each step that ran on both, its workflow and the log of how many times longer it took here."""
    if here is None or there is None:
        return []
    found = []
    for key in sorted(here.steps & there.steps):
        mine, theirs = here.of_step(*key).measured["time"], there.of_step(*key).measured["time"]
        if np.nanmin(mine) > 0 and np.nanmin(theirs) > 0:
            found.append((key[0], float(np.log(np.nanmedian(mine)) - np.log(np.nanmedian(theirs)))))
    return found


def _lent(quantity: Quantity, ground: str) -> Quantity:
    """Return a quantity as borrowed: wider, less sure, and saying so."""
    if quantity.value is None or quantity.value <= 0:
        return quantity
    value = quantity.value

    def wider(end: float | None) -> float | None:
        return None if end is None or end <= 0 else float(value * (end / value) ** _UNSURE)

    accuracy = None if quantity.accuracy is None else round(quantity.accuracy * _LESS_SURE, 3)
    ends: dict[str, Any] = {
        name: wider(getattr(quantity, name)) for name in ("low80", "high80", "low90", "high90", "safe")
    }
    sure = word(accuracy or 0.0, quantity.n_similar)
    return replace(
        quantity,
        **ends,
        accuracy=accuracy,
        confidence="medium" if sure == "high" else sure,
        source="your organization's runs of this step on another queue",
        borrowed=f"This comes from runs on another queue, {ground}.",
    )
