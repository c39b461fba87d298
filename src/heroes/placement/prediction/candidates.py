"""Candidates: the finished runs a new job may resemble, how each compares to it, and the fixed similarity kernel.

The kernel weighs by similarity and recency within the user's own last runs; see Tsafrir et al., TPDS 2007, for recency.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from heroes.placement.prediction.log import Floats, Ints, Log, Trail, key_of, trail
from heroes.placement.prediction.ordered import Ordered

OWN, SHAPE, ANYONE = 48, 8, 4
"""How many runs are looked at: the user's own, those of anyone with the same processors and request, and of anyone."""

SIBLINGS = 64
"""How many of the user's last submissions are looked at for jobs that have not ended."""

_PROCS, _REQUEST, _OTHER_REQUEST, _OTHER_APP, _SIZE, _RANK, _AGE = 1.26, 3.28, 0.74, 1.97, 1.0, 0.088, 0.156
_SHAPE_SHARE, _ANYONE_SHARE, _LIMIT_SHARE = 0.05, 0.001, 0.02
_LEAST = 1e-9  # below this no run is like the job at all
_NO_REQUEST = float(np.log(4 * 86400.0))
_NO_GAP = 16.0

FEATURES = (
    *("d_procs", "d_request", "same_shape", "same_app", "same_queue", "same_memory", "same_group", "d_size"),
    *("shape_only", "anyone", "limit", "rank", "distance", "age", "submit_age", "d_hour", "d_gap", "same_previous"),
    *("d_last", "to_request", "value", "to_last", "share_of_request", "kernel", "density", "near_density", "below"),
    *("to_elapsed", "running_same", "unfinished", "unfinished_same", "own", "own_same", "request", "procs", "gap"),
    *("hour", "streak"),
)


@dataclass(frozen=True, slots=True)
class Index:
    """What is derived once from the columns of a log; nothing in it tells of a run before it has ended."""

    log: Log
    value: Floats  # log of the run time
    request: Floats
    procs: Floats
    memory: Floats
    size: Floats
    shape: Ints
    own_shape: Ints
    place: Ints  # of each job among its user's submissions
    gap: Floats
    previous: Ints  # shape of the user's submission before
    last: Floats  # value of the user's newest finished run at the submission; -1 = none
    by_user: Trail
    by_shape: Trail
    by_own_shape: Trail
    by_anyone: Trail
    submissions: Trail

    @classmethod
    def of(cls, log: Log) -> "Index":
        """Index a log."""
        rows = np.arange(len(log))
        shape = key_of(log.procs, log.requested)
        own_shape = key_of(log.user, shape, log.app)
        submissions = trail(log.user, rows.astype(np.float64))
        place = np.empty(len(log), dtype=np.int64)
        place[submissions.rows] = rows
        before = place - 1
        known = before >= submissions.starts[log.user]
        previous = submissions.rows[np.maximum(before, 0)]
        by_user = trail(log.user, log.end)
        newest = by_user.before(log.user, log.submit, 1)[:, 0]
        return cls(
            log=log,
            value=np.log(log.run),
            request=np.where(log.requested > 0, np.log(np.maximum(log.requested, 1.0)), _NO_REQUEST),
            procs=np.log(log.procs),
            memory=np.log1p(log.memory),
            size=np.log(log.size + 1024.0),
            shape=shape,
            own_shape=own_shape,
            place=place,
            gap=np.where(known, np.log1p(np.maximum(log.submit - log.submit[previous], 0.0)), _NO_GAP),
            previous=np.where(known, own_shape[previous], -1),
            last=np.where(newest >= 0, np.log(log.run)[newest], -1.0),
            by_user=by_user,
            by_shape=trail(shape, log.end),
            by_own_shape=trail(own_shape, log.end),
            by_anyone=trail(np.zeros(len(log), dtype=np.int64), log.end),
            submissions=submissions,
        )


class Siblings(NamedTuple):
    """The user's jobs that had not ended at the submission."""

    unfinished: Floats
    unfinished_same: Floats
    running_same: Floats
    longest_same: Floats  # log of 1 + the longest time that one of the same shape has been running, s
    streak: Floats  # submissions of the same shape in a row


@dataclass(frozen=True, slots=True)
class Candidates:
    """For each job (row): values (log s) it may take, their kernel weights, and how each compares to the job."""

    value: Floats
    weight: Floats
    rows: Ints  # of the log; -1 = none, or the limit
    there: NDArray[np.bool_]
    similar: Floats  # how many own runs of the same shape were seen
    own: Floats
    siblings: Siblings
    features: NDArray[np.float32] | None


def candidates(index: Index, rows: Ints, *, features: bool = True) -> Candidates:
    """Return what jobs may resemble, by what had ended strictly before each was submitted."""
    log, now = index.log, index.log.submit[rows]
    own = index.by_user.before(log.user[rows], now, OWN)
    shape = index.by_shape.before(index.shape[rows], now, SHAPE)
    anyone = index.by_anyone.before(np.zeros_like(rows), now, ANYONE)
    found = np.concatenate([own, shape, anyone], axis=1)
    there = found >= 0
    at = np.maximum(found, 0)
    rank = np.concatenate([np.arange(OWN), np.arange(SHAPE), np.arange(ANYONE)]).astype(np.float64)
    share = np.concatenate([np.ones(OWN), np.full(SHAPE, _SHAPE_SHARE), np.full(ANYONE, _ANYONE_SHARE)])
    weight = np.where(there, share * np.exp(-_distance(index, rows, at, rank)), 0.0)
    value = index.value[at]
    total = weight.sum(axis=1)
    limited = log.requested[rows] > 0
    limit = np.where(limited, _LIMIT_SHARE * np.maximum(total, _LEAST), 0.0)
    value = np.concatenate([value, index.request[rows][:, None]], axis=1)
    weight = np.concatenate([weight, limit[:, None]], axis=1)
    there = np.concatenate([there, limited[:, None]], axis=1)
    same = (index.own_shape[at] == index.own_shape[rows][:, None]) & there[:, :-1]
    siblings = _siblings(index, rows)
    result = Candidates(
        value=value,
        weight=weight,
        rows=np.concatenate([found, np.full((len(rows), 1), -1)], axis=1),
        there=there,
        similar=same[:, :OWN].sum(axis=1).astype(np.float64),
        own=there[:, :OWN].sum(axis=1).astype(np.float64),
        siblings=siblings,
        features=None,
    )
    if not features:
        return result
    return replace(result, features=_compared(index, rows, at, result))


def _distance(index: Index, rows: Ints, at: Ints, rank: Floats) -> Floats:
    log, one = index.log, rows[:, None]
    request = np.abs(index.request[at] - index.request[one])
    distance = _PROCS * np.abs(index.procs[at] - index.procs[one])
    distance += _REQUEST * request + _OTHER_REQUEST * (request > 1e-9)
    distance += _OTHER_APP * (log.app[at] != log.app[one])
    distance += _SIZE * np.abs(index.size[at] - index.size[one])
    distance += _RANK * rank
    distance += _AGE * np.log1p(np.maximum(log.submit[one] - log.end[at], 0.0) / 3600)
    return distance


def _siblings(index: Index, rows: Ints) -> Siblings:
    log, now = index.log, index.log.submit[rows][:, None]
    at = index.place[rows][:, None] - 1 - np.arange(SIBLINGS)
    there = at >= index.submissions.starts[log.user[rows]][:, None]
    one = index.submissions.rows[np.maximum(at, 0)]
    unfinished = there & (log.end[one] >= now)
    same = there & (index.own_shape[one] == index.own_shape[rows][:, None])
    running = unfinished & (log.start[one] < now) & same
    elapsed = np.where(running, now - log.start[one], 0.0)
    streak = np.where(same.all(axis=1), SIBLINGS, (~same).argmax(axis=1))
    return Siblings(
        unfinished=unfinished.sum(axis=1).astype(np.float64),
        unfinished_same=(unfinished & same).sum(axis=1).astype(np.float64),
        running_same=running.sum(axis=1).astype(np.float64),
        longest_same=np.log1p(elapsed.max(axis=1)),
        streak=streak.astype(np.float64),
    )


def _compared(index: Index, rows: Ints, at: Ints, found: Candidates) -> NDArray[np.float32]:
    """Return (jobs, candidates, FEATURES), each squashed to about -3…3 by fixed scales."""
    log, one, near = index.log, rows[:, None], found.siblings
    out = np.zeros((*found.value.shape, len(FEATURES)), dtype=np.float32)
    past, limit = out[:, :-1], out[:, -1]
    now = log.submit[one]
    column = {name: number for number, name in enumerate(FEATURES)}

    def put(name: str, values: NDArray[np.generic]) -> None:
        past[:, :, column[name]] = values

    put("d_procs", _squash(index.procs[one] - index.procs[at]))
    put("d_request", _squash(index.request[one] - index.request[at]))
    put("same_shape", index.shape[one] == index.shape[at])
    put("same_app", log.app[one] == log.app[at])
    put("same_queue", log.queue[one] == log.queue[at])
    put("same_memory", log.memory[one] == log.memory[at])
    put("same_group", log.group[one] == log.group[at])
    put("d_size", _squash(index.size[one] - index.size[at]))
    out[:, OWN : OWN + SHAPE, column["shape_only"]] = 1.0
    out[:, OWN + SHAPE : -1, column["anyone"]] = 1.0
    limit[:, column["limit"]] = 1.0
    rank = np.concatenate([np.arange(OWN), np.arange(SHAPE), np.arange(ANYONE)]).astype(np.float64)
    put("rank", _count(np.broadcast_to(rank, at.shape)))
    distance = np.where(log.user[at] == log.user[one], index.place[one] - index.place[at], 999)
    put("distance", _count(distance.astype(np.float64)))
    put("age", _long(np.log1p(np.maximum(now - log.end[at], 0.0))))
    put("submit_age", _long(np.log1p(np.maximum(now - log.submit[at], 0.0))))
    hours = (now - log.submit[at]) / 3600 % 24
    put("d_hour", np.minimum(hours, 24 - hours) / 12 - 1)
    put("d_gap", _squash(index.gap[one] - index.gap[at]))
    put("same_previous", index.previous[one] == index.previous[at])
    put("d_last", _squash(index.last[one] - index.last[at]))
    put("share_of_request", _squash(found.value[:, :-1] - index.request[at]))
    everywhere: dict[str, NDArray[np.generic]] = {
        "to_request": _squash(found.value - index.request[one]),
        "value": _long(found.value),
        "to_last": _squash(found.value - index.last[one]),
        "kernel": np.maximum(_log_weight(found.weight), -15) / 5,
        "to_elapsed": _squash(found.value - near.longest_same[:, None]),
        "running_same": _count(near.running_same)[:, None],
        "unfinished": _count(near.unfinished)[:, None],
        "unfinished_same": _count(near.unfinished_same)[:, None],
        "own": _count(found.own)[:, None],
        "own_same": _count(found.similar)[:, None],
        "request": _long(index.request[one]),
        "procs": _long(index.procs[one]),
        "gap": _long(index.gap[one]),
        "hour": log.submit[one] / 3600 % 24 / 12 - 1,
        "streak": _count(near.streak)[:, None],
    }
    for name, values in everywhere.items():
        out[:, :, column[name]] = values
    ordered = Ordered.of(found.value, found.weight)
    out[:, :, column["density"]] = ordered.back(ordered.closeness(1.0))
    out[:, :, column["near_density"]] = ordered.back(ordered.closeness(0.15))
    out[:, :, column["below"]] = ordered.back(ordered.below())
    return out


def _squash(difference: Floats) -> Floats:
    return np.clip(difference, -6.0, 6.0) / 2


def _count(number: Floats) -> Floats:
    return np.log1p(number) / 2 - 1


def _long(value: Floats) -> Floats:
    return value / 5 - 1


def _log_weight(weight: Floats) -> Floats:
    logs = np.log(weight + 1e-30)
    return np.asarray(logs - logs.max(axis=1, keepdims=True))
