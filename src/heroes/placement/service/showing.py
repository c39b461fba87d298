"""A ranking as people read it: each candidate with its predictions, its parts, and what would put it first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from heroes.costs.rules import text
from heroes.energy import service as energy
from heroes.placement import rules
from heroes.placement.rules import Contender, Need, Offer, Policy, Quantity, Spot
from heroes.placement.schemas import Candidate, Discarded, Money, Place, StepPrediction, Suggestion
from heroes.placement.service import plugins

EXPLAINED = 5
"""Down to which rank it is said what would put a candidate first: trying costs a millisecond or two each."""

_SHARED = "This account also serves other organizations; the site's file rights are the only wall between them."


@dataclass(frozen=True, slots=True)
class Aim:
    """What is wanted: the policy with its weights, at what time; what the budgets still hold (None: none applies)."""

    policy: Policy
    weights: Mapping[str, float]
    now: datetime
    budget: Decimal | None = None
    explain: bool = True

    @property
    def parameters(self) -> Mapping[str, float]:
        """Return the weights as the order takes them: a deadline as the seconds that are left."""
        if self.policy is not Policy.DEADLINE:
            return self.weights
        return {rules.DEADLINE: self.weights[rules.DEADLINE] - self.now.timestamp()}


def joint(offers: Sequence[Offer]) -> dict[str, Quantity]:
    """Return the quantities of a whole workflow at one place."""
    return rules.together(offers, _currency(offers))


def contender(key: str, offers: Sequence[Offer], quantities: Mapping[str, Quantity], aim: Aim) -> Contender:
    """Return what the order is made from: amounts, as `joint` tells them, with the starts that failures will cost."""
    spot = offers[0].spot
    again = rules.runs_expected(spot.reliability.chance) if spot.reliability and spot.reliability.jobs else 1.0

    def expected(name: str) -> float | None:
        value = quantities[name].value
        return None if value is None else value * again

    time, wait, handling = quantities["time"], quantities["wait"], quantities["handling"]
    run = expected("time")
    moved = rules.all_moved([one.moving for one in offers])
    latest = (
        None
        if time.safe is None or wait.safe is None
        else time.safe * again + wait.safe + (handling.safe or handling.value or 0.0) + moved.seconds
    )
    return Contender(
        key=key,
        worst_case=sum((one.worst for one in offers), Decimal(0)),
        free_nodes=spot.queue.nodes_free if spot.queue else 0,
        name=f"{spot.cluster.name}/{spot.queue.name if spot.queue else ''}",
        time=None if run is None else run + (handling.value or 0.0),
        wait=rules.wait_ceiling(wait),
        cost=expected("cost"),
        energy=expected("energy"),
        carbon=expected("carbon"),
        moving_s=moved.seconds,
        moving_cost=moved.cost,
        latest=latest,
        more=plugins.values(aim.weights, spot, quantities),
    )


@dataclass(frozen=True, slots=True)
class Showing:
    """What a candidate is shown against: the aim, all contenders, and what each step asks."""

    aim: Aim
    contenders: Sequence[Contender]
    needs: Mapping[str, Need]

    def candidate(
        self, rank: int, scored: rules.Scored, offers: Sequence[Offer], predicted: dict[str, Quantity]
    ) -> Candidate:
        """Return one candidate in its place."""
        spot, queue = offers[0].spot, offers[0].spot.queue
        assert queue is not None  # only places with a queue make offers
        currency = _currency(offers)
        tips = [(one.step, *rules.suggested(one, self.needs.get(one.step))) for one in offers]
        tried = self.aim.explain and 1 < rank <= EXPLAINED
        moved = rules.all_moved([one.moving for one in offers])
        change = self._change(scored.key, currency) if tried else None
        return Candidate(
            rank=rank,
            cluster=spot.cluster.name,
            cluster_id=spot.cluster.id,
            queue=queue.name,
            queue_id=queue.id,
            score=scored.score,
            parts=dict(scored.parts),
            **predicted,
            over_budget=self._over_budget(predicted["cost"]),
            reliability=spot.reliability,
            change=change,
            moving=moved,
            explanation=_explained(predicted, change, rules.moving_told(moved, currency), tried=tried),
            worst_case=Money(amount=text(sum((one.worst for one in offers), Decimal(0))), currency=currency),
            free_nodes=queue.nodes_free,
            pending_jobs=queue.pending_jobs,
            places=[
                Place(
                    step=one.step, cluster=one.spot.cluster.name, queue=one.spot.queue.name, worst_case=text(one.worst)
                )
                for one in offers
                if one.spot.queue is not None
            ],
            predictions=[_of_one(one, self.needs.get(one.step)) for one in offers if one.spot.queue is not None],
            suggestions=[
                Suggestion(step=step, walltime_s=walltime, memory_bytes=memory)
                for step, walltime, memory in tips
                if walltime is not None or memory is not None
            ],
            shared_account=_SHARED if any(o.spot.cluster.line and o.spot.cluster.line.shared for o in offers) else None,
        )

    def _change(self, key: Any, unit: str) -> rules.Change | None:
        return rules.smallest(self.contenders, key, self.aim.policy, self.aim.parameters, unit)

    def _over_budget(self, cost: Quantity) -> float | None:
        if self.aim.budget is None:
            return None
        return rules.chance_above(cost, float(self.aim.budget))


def _of_one(offer: Offer, need: Need | None) -> StepPrediction:
    queue, one = offer.spot.queue, offer.one
    assert queue is not None
    cost = offer.cost if need is None else rules.scaled(offer.cost, 1 / need.count)
    return StepPrediction(
        step=offer.step,
        cluster=offer.spot.cluster.name,
        queue=queue.name,
        time=one.time,
        wait=one.wait,
        memory=one.memory,
        energy=one.energy,
        cost=cost,
    )


def _explained(predicted: Mapping[str, Quantity], change: rules.Change | None, moved: str, *, tried: bool) -> str:
    """Say in a few plain sentences what is known of a candidate and why it stands where it does."""
    time, wait = predicted["time"], predicted["wait"]
    said = []
    if time.value is None:
        said.append(time.reason.text if time.reason else "How long it takes is not known.")
    elif time.low80 is not None and time.high80 is not None:
        low, middle, high = map(rules.duration, (time.low80, time.value, time.high80))
        ends = "" if low == high else f", between {low} and {high} in 8 of 10 cases"
        said.append(f"It should run about {middle}{ends}, judging by {time.n_similar} earlier runs.")
    else:
        said.append(
            f"It should run about {rules.duration(time.value)}; too few runs are known to say how sure that is."
        )
    if time.borrowed:
        said.append(time.borrowed)
    elif time.source == rules.OF_OTHERS:
        said.append("Those are runs of other users of your organization: none of yours was like this one.")
    if wait.chances:
        name, chance = next(((n, c) for n, c in wait.chances.items() if c >= 0.5), list(wait.chances.items())[-1])
        said.append(f"It starts within {name} with a chance of {chance:.0%}.")
    if moved:
        said.append(moved)
    source = predicted["energy"].source or ""
    if predicted["energy"].value is not None and source.startswith(energy.MODEL):
        said.append(f"Its energy is not metered but told by a model: {source.removeprefix(energy.MODEL)}.")
    if (grams := predicted["carbon"].value) is not None:
        said.append(f"Making its power emits about {_grams(grams)} of CO2.")
    if tried:
        said.append(change.text if change else "No lower price, shorter time or other weight alone would put it first.")
    return " ".join(said)


def _grams(amount: float) -> str:
    return f"{amount / 1000:.3g} kg" if amount >= 1000 else f"{amount:.3g} g"


def _currency(offers: Sequence[Offer]) -> str:
    return next((one.spot.terms.currency for one in offers if one.spot.terms is not None), "")


class Assessed(Protocol):
    """One need with the places that cannot take it."""

    discards: list[tuple[Spot, rules.Discard]]


def discarded_by(assessed: Sequence[Assessed]) -> list[Discarded]:
    """Return the first reason against each place."""
    found: dict[str, Discarded] = {}
    for one in assessed:
        for spot, why in one.discards:
            key = f"{spot.cluster.id}/{spot.queue.id if spot.queue else ''}"
            found.setdefault(key, *left_out(spot, why))
    return list(found.values())


def left_out(spot: Spot, why: rules.Discard) -> list[Discarded]:
    queue = None if why.whole or spot.queue is None else spot.queue.name
    facts = dict(why.facts)
    return [
        Discarded(cluster=spot.cluster.name, queue=queue, code=why.code, reason=why.reason, cure=why.cure, facts=facts)
    ]


def unknown(name: str, step: str) -> Discarded:
    reason = f"Step {step} is bound to {name}, and there is no cluster {name} that you may use."
    cure = "`heroes cluster list` shows which there are; change the parameter or choice that binds the step."
    return Discarded(cluster=name, queue=None, code="no_such_cluster", reason=reason, cure=cure, facts={"step": step})


def once(discarded: Sequence[Discarded]) -> list[Discarded]:
    seen: dict[tuple[str, str | None, str], Discarded] = {}
    for one in discarded:
        seen.setdefault((one.cluster, one.queue, one.code), one)
    return list(seen.values())
