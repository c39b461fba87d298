"""The ranking as people read it: what is predicted, what is not and why, what was discarded and its cure."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from heroes.cli.output import Column, Json, table
from heroes.cli.words import amount, clean, quantity

NOT_PREDICTED = "not predicted"

_CANDIDATES = [
    Column("Rank", "rank", right=True),
    Column("Cluster", "cluster"),
    Column("Queue", "queue"),
    Column("At most", "worst_case", right=True),
    Column("Cost", "cost"),
    Column("Time to result", "time"),
    Column("Wait", "wait"),
    Column("Energy", "energy"),
    Column("Confidence", "confidence"),
]
_DISCARDED = [Column("Discarded", "cluster"), Column("Queue", "queue"), Column("Why", "reason"), Column("Cure", "cure")]
_WHAT = {"cost": "cost", "time": "time to result", "wait": "waiting time", "energy": "energy"}


def show(ranking: Json, out: TextIO | None = None) -> None:
    """Write the ranking: the candidates, why values are missing, why this order, and the discarded places."""
    out = out or sys.stdout
    candidates: list[Json] = ranking["candidates"]
    if candidates:
        heads = [one.name for one in _CANDIDATES]
        table(heads, [_row(one) for one in candidates], _CANDIDATES, out)
        lines = [*_missing(candidates), *_places(candidates), *_warnings(candidates), *_said(candidates)]
        lines.append(f"Order: {clean(ranking['order']['text'])}")
        out.write("\n" + "\n".join(lines) + "\n")
    else:
        out.write("No cluster can run this now.\n")
    if ranking["discarded"]:
        out.write("\n")
        show_discarded(ranking["discarded"], out)


def show_discarded(discarded: Sequence[Json], out: TextIO) -> None:
    """Write the places that cannot run it, why, and what would cure that."""
    rows = [
        [clean(str(one["cluster"])), clean(one.get("queue") or "any"), clean(one["reason"]), clean(one["cure"])]
        for one in discarded
    ]
    heads = [f"Discarded ({len(rows)})", *(one.name for one in _DISCARDED[1:])]
    table(heads, rows, _DISCARDED, out)


def difference(chosen: Json, first: Json) -> str:
    """Return what the choice of a lower rank changes, as far as both are predicted."""
    said = []
    for name in ("cost", "time", "energy"):
        ours, theirs = _told(chosen, name), _told(first, name)
        if ours["value"] is not None and theirs["value"] is not None and ours["unit"] == theirs["unit"]:
            gap = ours["value"] - theirs["value"]
            said.append(f"{'+' if gap >= 0 else '−'}{quantity(abs(gap), ours['unit'])} {_WHAT[name]}")
    return ", ".join(said) or "no difference is predicted"


def price(candidate: Json) -> str:
    """Return the most that a candidate costs."""
    worst = candidate["worst_case"]
    return f"{amount(worst['amount'])} {worst['currency']}"


def _row(one: Json) -> list[str]:
    predicted = [_predicted(_told(one, name)) for name in _WHAT]
    place = [str(one["rank"]), clean(one["cluster"]), clean(one["queue"])]
    return [*place, price(one), *predicted, _confidence(one)]


def _told(one: Json, name: str) -> Json:
    """Return one predicted quantity; a time to result is waiting, bringing data, handling and running together."""
    own: Json = one[name]
    if name != "time" or own["value"] is None:
        return own
    parts = [own, *(part for part in (one["wait"], one.get("handling")) if part and part["value"] is not None)]
    moving = (one.get("moving") or {}).get("seconds") or 0.0

    def end(which: str) -> float:
        return sum((part["value"] if part.get(which) is None else part[which] for part in parts), moving)

    return {**own, "value": end("value"), "low80": end("low80"), "high80": end("high80")}


def _predicted(value: Json) -> str:
    if value["value"] is None:
        return NOT_PREDICTED
    middle = quantity(value["value"], value["unit"])
    low, high = value.get("low80"), value.get("high80")
    if low is None or high is None or low == high:
        return middle
    return f"{middle} ({quantity(low, value['unit'])} to {quantity(high, value['unit'])})"


def _confidence(one: Json) -> str:
    """The least confident of what is predicted, and how many runs it stands on."""
    told = [one[name] for name in _WHAT if one[name]["value"] is not None]
    if not told:
        return "none"
    order = ["none", "low", "medium", "high"]
    least = min(told, key=lambda value: (_index(order, value["confidence"]), value["n_similar"]))
    runs = least["n_similar"]
    return f"{least['confidence']}, from {runs} similar run{'' if runs == 1 else 's'}"


def _index(order: list[str], word: Any) -> int:
    return order.index(word) if word in order else len(order)


def _missing(candidates: Iterable[Json]) -> list[str]:
    """One line for each reason, naming what it leaves unsaid and where."""
    words: dict[str, dict[str, None]] = {}
    places: dict[str, dict[str, None]] = {}
    for one in candidates:
        for name, word in _WHAT.items():
            if one[name]["value"] is None:
                why = clean((one[name].get("reason") or {}).get("text") or "no reason given")
                words.setdefault(why, {})[word] = None
                places.setdefault(why, {})[clean(f"{one['cluster']}/{one['queue']}")] = None
    return [f"Not predicted: {', '.join(words[why])} on {', '.join(places[why])}. {why}" for why in words]


def _places(candidates: Iterable[Json]) -> list[str]:
    """Where the steps of a workflow that uses several clusters would run."""
    said = []
    for one in candidates:
        spread = {(place["cluster"], place["queue"]) for place in one.get("places") or []}
        if len(spread) > 1:
            steps = ", ".join(f"{place['step']} on {place['cluster']}/{place['queue']}" for place in one["places"])
            said.append(f"Rank {one['rank']}: {clean(steps)}")
    return said


def _said(candidates: Iterable[Json]) -> list[str]:
    """Say what is known of each, what would put it first, and where the budget may not last."""
    said = []
    for one in candidates:
        place = clean(f"{one['cluster']}/{one['queue']}")
        if one.get("explanation") and one["time"]["value"] is not None:
            said.append(f"{place}: {clean(one['explanation'])}")
        over = one.get("over_budget")
        if over is not None and over >= 0.05:
            said.append(f"{place}: with a chance of {over:.0%} it costs more than the budgets still hold.")
    return said


def _warnings(candidates: Iterable[Json]) -> list[str]:
    return [
        f"Note on {clean(one['cluster'])}: {clean(one['shared_account'])}"
        for one in candidates
        if one.get("shared_account")
    ]
