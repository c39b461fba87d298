"""Steps tied to each other's cluster: `same_as` and `not_same_as` as a joint choice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from heroes.placement.rules.needs import Discard, Need
from heroes.placement.rules.offers import Offer

MOST_TRIES = 20_000
"""Combinations looked at for one candidate; workflows tie a handful of steps, and the best stand first."""


def leading(needs: Sequence[Need]) -> frozenset[str]:
    """Return the steps that go to the candidate itself; all others follow their binding or their tie.

    Those are the steps bound to nothing and tied to none of them; where there are none, the first step alone.
    """
    at: dict[str, str] = {}
    """step → the step whose cluster it shares"""
    lead: list[str] = []
    bound = {need.step for need in needs if need.pinned_cluster is not None}
    for need in needs:
        at[need.step] = at.get(need.same_as, need.same_as) if need.same_as else need.step
        apart = need.not_same_as is not None and at.get(need.not_same_as, need.not_same_as) in lead
        if need.same_as is None and need.step not in bound and not apart:
            lead.append(need.step)
    return frozenset(lead or [need.step for need in needs[:1]])


def joined(
    fixed: Sequence[tuple[Need, Offer]], rest: Sequence[tuple[Need, Sequence[Offer]]]
) -> tuple[Sequence[Offer], Need | None]:
    """Return an offer for each of the rest, such that every tie holds with what is fixed; the first that fits is best.

    Where there is none: no offers, and the need that found no place.
    """
    placed: list[tuple[Need, str]] = []
    for need, offer in fixed:
        if not _fits(need, offer.spot.cluster.id, placed):
            return (), need
        placed.append((need, offer.spot.cluster.id))
    tries, stuck, deepest = 0, None, -1

    def place(number: int) -> list[Offer] | None:
        nonlocal tries, stuck, deepest
        if number == len(rest):
            return []
        need, offers = rest[number]
        if number > deepest:
            stuck, deepest = need, number
        for offer in offers:
            tries += 1
            if tries > MOST_TRIES:
                return None
            if _fits(need, offer.spot.cluster.id, placed):
                placed.append((need, offer.spot.cluster.id))
                found = place(number + 1)
                placed.pop()
                if found is not None:
                    return [offer, *found]
        return None

    found = place(0)
    return (found, None) if found is not None else ((), stuck)


def _fits(need: Need, cluster: str, placed: Sequence[tuple[Need, str]]) -> bool:
    for other, there in placed:
        same = need.same_as == other.step or other.same_as == need.step
        apart = need.not_same_as == other.step or other.not_same_as == need.step
        if (same and there != cluster) or (apart and there == cluster):
            return False
    return True


def no_room(need: Need, cluster: str) -> Discard:
    """Say that a candidate leaves no place for a tied step."""
    tied = need.same_as or need.not_same_as
    where = "on the cluster of" if need.same_as else "on another cluster than"
    told = f"must run {where} step {tied}" if tied else "is tied to the cluster of others"
    reason = f"With {cluster} chosen, no place is left for step {need.step}, which {told}."
    cure = "Choose another cluster, get an account on one more, or take the tie out of the workflow's `placement`."
    facts = {"step": need.step, "no_room": True, "same_as": need.same_as, "not_same_as": need.not_same_as}
    return Discard("tied", reason, cure, facts=facts)


def component(step: str, needs: Sequence[Need]) -> list[Need]:
    """Return what the steps ask that are tied to a step, directly or through others; [] where none is."""
    names, more = {step}, True
    while more:
        found = {
            one
            for need in needs
            for tie in (need.same_as, need.not_same_as)
            if tie and {need.step, tie} & names
            for one in (need.step, tie)
        }
        more, names = not found <= names, names | found
    return [need for need in needs if need.step in names and need.step != step] if len(names) > 1 else []


def settled(need: Need, placed: Mapping[str, Sequence[str]]) -> Need:
    """Return a need with the clusters on which the steps that it is tied to really run."""
    same, apart = placed.get(need.same_as or ""), placed.get(need.not_same_as or "")
    return replace(need, same_clusters=tuple(same) if same else need.same_clusters, not_clusters=tuple(apart or ()))


def together(need: Need, placed: Mapping[str, Sequence[str]], others: Sequence[Need]) -> Need:
    """Return the need of one job of a step: where others are tied to the step, all its jobs stay on one cluster."""
    own = placed.get(need.step)
    if own and any(need.step in (one.same_as, one.not_same_as) for one in others):
        return replace(need, same_as=need.step, same_clusters=tuple(own))
    return need
