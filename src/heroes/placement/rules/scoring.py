"""Order and score: additive parts, higher is better, and a sentence that says why this order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from heroes.kit.faults import Wrong
from heroes.placement.rules.needs import Policy

_T = TypeVar("_T")
CRITERIA = ("time", "cost", "energy", "carbon")
MOVING = "moving"
"""The part of a score that bringing data to the place takes away: never above 0."""
PLUGIN = "plugin:"
"""What the name of a criterion begins with that comes from a package installed beside; lower values are better."""
DEADLINE = "deadline"
"""The parameter of that policy: seconds since 1970."""
DEFAULT_POLICY = Policy.WEIGHTED
BALANCED: Mapping[str, float] = {"cost": 0.45, "time": 0.35, "energy": 0.2}
"""The weights of `weighted` where nobody names any."""
_WEIGHTS: Mapping[Policy, Mapping[str, float]] = {
    Policy.FASTEST: {"time": 1.0},
    Policy.CHEAPEST: {"cost": 1.0},
    Policy.GREENEST: {"energy": 1.0},
    Policy.WEIGHTED: BALANCED,
    Policy.DEADLINE: {"cost": 1.0},
}
_WORDS = {"time": "time to result", "cost": "cost", "energy": "energy", "carbon": "carbon"}


@dataclass(frozen=True, slots=True)
class Contender:
    """What the order is made from; None = not predicted. Seconds, the budget's currency, joules, g CO2e.

    `time` is run time and handling, all of the time to result but the wait and `moving_s`, the bringing of data; `cost`
    takes in the price of bringing data, `moving_cost`.
    """

    key: Any
    worst_case: Decimal
    free_nodes: int
    name: str
    time: float | None = None
    wait: float | None = None
    cost: float | None = None
    energy: float | None = None
    carbon: float | None = None
    moving_s: float = 0.0
    moving_cost: float = 0.0
    latest: float | None = None
    """by when it surely has ended: the safe limit of run time, waiting and handling, and the time of bringing data"""
    more: Mapping[str, float | None] = field(default_factory=dict)
    """values of criteria from plug-ins, by name"""

    def value(self, criterion: str) -> float | None:
        """Return the predicted amount of a criterion."""
        found: float | None = self.more.get(criterion) if criterion.startswith(PLUGIN) else getattr(self, criterion)
        return found


@dataclass(frozen=True, slots=True)
class Scored:
    """A contender in its place; `parts` add up to `score`."""

    key: Any
    score: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Order:
    """The order of the contenders, and why it is so."""

    scored: tuple[Scored, ...]
    code: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    """what the text says, for whoever says it in another language"""


def weights_of(policy: Policy, weights: Mapping[str, float] | None) -> dict[str, float]:
    """Return the weights of the criteria, adding up to 1.

    Raises ValueError for an unknown criterion, a negative weight, or weights that are all zero.
    """
    if policy is Policy.DEADLINE:
        if not weights or DEADLINE not in weights:
            raise Wrong("this policy needs a deadline", "needs_deadline")
        return {DEADLINE: float(weights[DEADLINE])}
    if policy is not Policy.WEIGHTED or not weights:
        return dict(_WEIGHTS[policy])
    unknown = sorted(name for name in weights if name not in CRITERIA and not name.startswith(PLUGIN))
    if unknown:
        text = f"{', '.join(unknown)} is no criterion; there are {', '.join(CRITERIA)}"
        raise Wrong(text, "no_criterion", unknown=unknown, known=list(CRITERIA))
    if any(not 0 <= weight < float("inf") for weight in weights.values()):
        raise Wrong("weights are numbers from 0 up", "negative_weight")
    total = sum(weights.values())
    if total <= 0:
        raise Wrong("at least one weight must be above 0", "no_weight")
    return {name: weight / total for name, weight in weights.items() if weight > 0}


def order(contenders: Sequence[Contender], policy: Policy, weights: Mapping[str, float]) -> Order:
    """Put contenders in order.

    By the policy where it can be predicted; what is not predicted follows by worst-case price, then free nodes. Under
    `cheapest` the worst case stands in for a cost that is not predicted: it is never exceeded.
    """
    if policy is Policy.DEADLINE:
        return _in_time(contenders, weights[DEADLINE])
    found = _judged(contenders, policy, weights)
    if found is None:
        return _by_price(contenders)
    found.scored.sort(key=_place)
    guessed = sum(1 for one, known in zip(contenders, found.told, strict=True) if known and one.cost is None)
    facts: dict[str, Any] = {
        "used": list(found.used),
        "left_out": [name for name in found.weights if name not in found.used],
        "without_wait": "time" in found.used and not found.with_wait,
        "guessed": guessed if "cost" in found.used else 0,
        "untold": found.told.count(False),
    }
    scored = tuple(Scored(one.key, score, own) for score, one, own in found.scored)
    return Order(scored, str(policy), _sentence(policy, **facts), facts)


def first(contenders: Sequence[Contender], policy: Policy, weights: Mapping[str, float]) -> Any:
    """Return the key of the contender that `order` puts first, without saying why."""
    found = None if policy is Policy.DEADLINE else _judged(contenders, policy, weights)
    return order(contenders, policy, weights).scored[0].key if found is None else min(found.scored, key=_place)[1].key


class _Judged(NamedTuple):
    """Contenders with their scores, in the order in which they came, and by what they are judged."""

    scored: list[tuple[float, Contender, dict[str, float]]]
    told: list[bool]
    used: Mapping[str, float]
    weights: Mapping[str, float]
    with_wait: bool


def _place(scored: tuple[float, Contender, dict[str, float]]) -> tuple[float, Decimal, int, str]:
    return -scored[0], *_price(scored[1])


def _judged(contenders: Sequence[Contender], policy: Policy, weights: Mapping[str, float]) -> _Judged | None:
    """Return the scores; None where nothing is predicted by which they could be told."""
    if policy is Policy.GREENEST and _carbon_told(contenders):
        weights = {"carbon": 1.0}
    values = {name: [one.value(name) for one in contenders] for name in weights}
    used = _usable(values, weights)
    if not used:
        return None
    with_wait = all(one.wait is not None for one in contenders if one.time is not None)
    amounts = {name: _amounts(contenders, name, values[name], policy, with_wait=with_wait) for name in used}
    told = [None not in found for found in zip(*amounts.values(), strict=True)]
    share = sum(used.values())
    parts = [dict.fromkeys(used, 0.0) for _ in contenders]
    for name, weight in used.items():
        known = [
            (one, own, value)
            for one, own, value, all_told in zip(contenders, parts, amounts[name], told, strict=True)
            if all_told and value is not None
        ]
        best, weight = min(value for _, _, value in known), weight / share
        for one, own, value in known:
            moved = _moved(one, name) if name in _MOVED else 0.0
            good = alone = _goodness(best, value)
            if moved:
                alone = _goodness(best, value - moved)
            own[name] = round(weight * alone, 6)
            if alone > good:
                own[MOVING] = own.get(MOVING, 0.0) + round(weight * (good - alone), 6)
    scored = [(round(sum(own.values()), 6), one, own) for one, own in zip(contenders, parts, strict=True)]
    return _Judged(scored, told, used, weights, with_wait)


def _amounts(
    contenders: Sequence[Contender], name: str, values: list[float | None], policy: Policy, *, with_wait: bool
) -> list[float | None]:
    """Return the amounts of a criterion by which contenders are compared."""
    if name == "time":
        return [_to_result(one, with_wait) for one in contenders]
    if name == "cost" and policy is not Policy.WEIGHTED:
        return [float(one.worst_case) if one.cost is None else one.cost for one in contenders]
    return values


def affordable(candidates: Sequence[tuple[_T, Decimal]], held: Decimal | None) -> _T | None:
    """Return the first candidate where what is held covers its worst case, else the cheapest covered one, else None.

    `held` None: nobody counts, the first is taken.
    """
    covered = [pair for pair in candidates if held is None or pair[1] <= held]
    if covered and covered[0] is candidates[0]:
        return covered[0][0]
    return min(covered, key=lambda pair: pair[1])[0] if covered else None


def _usable(values: Mapping[str, list[float | None]], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the criteria by which at least one contender can be judged on all of them; {} if there is none."""
    counts = {name: len(found) - found.count(None) for name, found in values.items()}
    used = {name: weight for name, weight in weights.items() if counts[name]}
    while used and all(None in row for row in zip(*(values[name] for name in used), strict=True)):
        del used[min(used, key=lambda name: counts[name])]
    return used


def _carbon_told(contenders: Sequence[Contender]) -> bool:
    """Return whether carbon is known wherever energy is: only then it can stand for it."""
    told = [one for one in contenders if one.energy is not None]
    return bool(told) and all(one.carbon is not None for one in told)


_MOVED = ("cost", "time")


def _moved(one: Contender, criterion: str) -> float:
    """Return what of an amount is the bringing of data."""
    if criterion == "cost":
        return 0.0 if one.cost is None else one.moving_cost
    return one.moving_s if criterion == "time" else 0.0


def _by_price(contenders: Sequence[Contender]) -> Order:
    ordered = sorted(contenders, key=_price)
    best = float(min((one.worst_case for one in contenders), default=Decimal(0)))
    scored = tuple(
        Scored(one.key, part, {"worst_case": part})
        for one in ordered
        for part in [round(_goodness(best, float(one.worst_case)), 6)]
    )
    text = (
        "What this order needs is not predicted for any candidate (confidence none): nothing similar was measured "
        "there yet. So they stand in the order of worst-case price, then free nodes. First runs teach the predictor."
    )
    return Order(scored, "no_prediction", text)


_SURE, _LIKELY, _UNTOLD = 0.75, 0.5, 0.25
_IN_TIME = "Those that surely end in time first, then those that likely do, then those of which nothing is known, then "


def _in_time(contenders: Sequence[Contender], left_s: float) -> Order:
    """Put first what surely ends within `left_s` seconds; among alike the cheapest."""

    def chance(one: Contender) -> float:
        result = _to_result(one, with_wait=True)
        if result is None:
            return _UNTOLD
        if one.latest is not None and one.latest <= left_s:
            return _SURE
        return _LIKELY if result <= left_s else 0.0

    def money(one: Contender) -> float:
        return float(one.worst_case) if one.cost is None else one.cost

    best = min(map(money, contenders), default=0.0)
    parts = {
        id(one): {"in_time": chance(one), "cost": round(0.25 * _goodness(best, money(one)), 6)} for one in contenders
    }
    scored = [(round(sum(parts[id(one)].values()), 6), one) for one in contenders]
    scored.sort(key=lambda pair: (-pair[0], *_price(pair[1])))
    sure = sum(1 for one in contenders if chance(one) == _SURE)
    text = f"{_IN_TIME}the late; among alike the cheapest. {sure} of {len(contenders)} surely end in time."
    placed = tuple(Scored(one.key, score, parts[id(one)]) for score, one in scored)
    return Order(placed, str(Policy.DEADLINE), text, {"sure": sure, "of": len(contenders)})


def _word(name: str) -> str:
    return _WORDS.get(name) or name.removeprefix(PLUGIN)


def _price(one: Contender) -> tuple[Decimal, int, str]:
    return one.worst_case, -one.free_nodes, one.name


def _to_result(one: Contender, with_wait: bool) -> float | None:
    if one.time is None:
        return None
    return one.time + one.moving_s + (one.wait or 0.0 if with_wait else 0.0)


def _goodness(best: float, value: float) -> float:
    """Return 1 for the best and half of it for twice the amount."""
    if value <= best:
        return 1.0
    return max(best, 0.0) / value


def _sentence(
    policy: Policy, *, used: Sequence[str], left_out: Sequence[str], without_wait: bool, guessed: int, untold: int
) -> str:
    lead = "Best by all weights together first" if policy is Policy.WEIGHTED else f"{policy.capitalize()} first"
    said = [f"{lead}, by predicted {_listed([_word(name) for name in used])}."]
    if left_out:
        said.append(f"Not predicted for any of them, so left out: {', '.join(map(_word, left_out))}.")
    if without_wait:
        said.append("The wait is not predicted for all of them, so it is left out.")
    if guessed:
        said.append(f"For {guessed} without a predicted cost the worst case stands in.")
    if untold:
        said.append(f"{untold} without a prediction follow, by worst-case price, then free nodes.")
    return " ".join(said)


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
