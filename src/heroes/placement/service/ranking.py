"""Ranking the places for a workflow, and choosing one for a job. Rows only; no site is called."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.costs import service as costs
from heroes.costs.rules import Terms, shown
from heroes.data import service as data
from heroes.energy import service as energy
from heroes.identity import Caller
from heroes.kit.db import transaction_time
from heroes.kit.errors import Invalid
from heroes.kit.faults import fault, fault_of
from heroes.placement import rules
from heroes.placement.rules import ClusterView, History, LineView, Need, Offer, Policy, QueueView, Reason, Spot
from heroes.placement.schemas import Candidate, Choice, Discarded, PolicyUsed, Ranking
from heroes.placement.service import plugins, policies
from heroes.placement.service.forecasting import Move, foresee, settle_on
from heroes.placement.service.observing import losses, seen
from heroes.placement.service.showing import Aim, Showing, contender, discarded_by, joint, left_out, once, unknown

NEEDS_BUDGET = "NEEDS_BUDGET"
_WITH_WEIGHTS = {Policy.WEIGHTED, Policy.DEADLINE}


async def rank(
    session: AsyncSession,
    who: Caller,
    needs: Sequence[Need],
    *,
    policy: Policy | str | None = None,
    weights: Mapping[str, float] | None = None,
    project_id: str,
) -> Ranking:
    """Return the places that can run all of a workflow, in the order of the policy, and why the others cannot.

    Raises Invalid for a policy or weights that do not exist, or that the organization does not leave open.
    """
    own = await policies.own(session, who.organization_id)
    chosen, shares = _policy(*policies.aimed(own, policy, weights))
    currencies, left = await costs.means(session, who.organization_id, project_id, who.user_id)
    return await _ranked(session, who, needs, chosen, shares, currencies, policies.barred(own), budget=left)


async def choose(
    session: AsyncSession,
    need: Need,
    *,
    organization_id: str,
    user_id: str,
    project_id: str | None = None,
    held: Decimal | None = None,
    tied: Sequence[Need] = (),
    job_id: str | None = None,
    execution_id: str | None = None,
) -> Choice:
    """Return where one job goes, by what is known now; or why it waits.

    For the worker, whose login sees all rows: only clusters that the organization owns or was granted count. With
    `project_id` also those granted to the project, and only prices in the currency of the budgets that pay. `held` is
    what is still reserved for the job: where it does not cover the first place, the cheapest that it covers is taken.
    `tied` are steps still to come whose cluster hangs on this one's: a place is taken only if it leaves one for them.
    With `job_id` what is predicted for it there is kept. The cluster of the execution's decision is left only where
    that pays, and the choice says so.
    """
    projects = {project_id: ""} if project_id else {}
    who = replace(Caller.system(organization_id), user_id=user_id, projects=projects)
    policy, shares = _policy(need.policy, need.weights if need.policy in _WITH_WEIGHTS else None)
    currencies: Collection[str] = ()
    if project_id:
        currencies = await costs.currencies(session, organization_id, project_id, user_id)
    barred = policies.barred(await policies.own(session, organization_id))
    ranking = await _ranked(
        session, who, [need, *tied], policy, shares, currencies, barred, explain=False, lead=frozenset({need.step})
    )
    if not ranking.candidates:
        return _none(ranking.discarded)
    elsewhere = [one for one in ranking.candidates if one.cluster_id not in need.avoid]
    priced = [(one, _own(one, need.step)) for one in [*elsewhere, *ranking.candidates]]
    found = rules.affordable(priced[: len(elsewhere)], held) or rules.affordable(priced, held)
    if found is None:
        return _unpaid(priced, held or Decimal(0))
    move = Move(found)
    if execution_id is not None:
        covered = [one for one, price in priced if held is None or price <= held]
        move = await settle_on(session, organization_id, execution_id, found, covered, policy, need)
    if job_id is not None and execution_id is not None:
        await foresee(session, who, need, move, job_id=job_id, execution_id=execution_id, project_id=project_id)
    return Choice(candidate=move.to, code=ranking.order.code, reason=move.why or ranking.order.text)


def _own(candidate: Candidate, step: str) -> Decimal:
    """Return the worst case of one step's jobs at a candidate."""
    return sum((Decimal(one.worst_case) for one in candidate.places if one.step == step), Decimal(0))


def _unpaid(priced: Sequence[tuple[Candidate, Decimal]], held: Decimal) -> Choice:
    """Say what the cheapest place needs beyond what is reserved."""
    cheapest, needed = min(priced, key=lambda pair: pair[1])
    unit = cheapest.worst_case.currency
    text = (
        f"It waits for money. The cheapest place that can take it now, {cheapest.cluster}/{cheapest.queue}, may cost "
        f"up to {shown(needed, unit)}, and {shown(held, unit)} are left of what is reserved for this execution."
    )
    return Choice(candidate=None, code=NEEDS_BUDGET, reason=text, short=needed - held)


async def ceiling(
    session: AsyncSession, need: Need, *, organization_id: str, user_id: str, used: bool = False
) -> tuple[int | None, int | None, int]:
    """Return the most memory (bytes a node) and walltime (s) that any queue would give this job; None: no limit.

    And, where `used` is asked for, the most memory that runs of its step were seen to use; 0: none was measured.
    """
    now = await transaction_time(session)
    spots = await _spots(session, replace(Caller.system(organization_id), user_id=user_id))

    def most(name: str, asked: Need, had: int | None) -> int | None:
        fitting = [
            one.queue for one in spots if one.queue and not rules.constrain(asked, one.cluster, one.queue, now=now)
        ]
        limits = [getattr(queue, name) for queue in fitting]
        return None if None in limits else max([had or 0, *limits])

    memory = most("memory_bytes_per_node", replace(need, memory_bytes=None), need.memory_bytes)
    longest = most("max_walltime_s", replace(need, walltime_s=1), need.walltime_s)
    if not used:
        return memory, longest, 0
    queues = sorted({one.queue.id for one in spots if one.queue})
    runs = [one for rows in (await seen(session, organization_id, queues, [need])).values() for one in rows]
    same = [one.memory_bytes or 0 for one in runs if (one.workflow_id, one.step) == (need.workflow_id, need.step)]
    return memory, longest, max(same, default=0)


def _none(discarded: Sequence[Discarded]) -> Choice:
    """Say why no place can take a job now."""
    telling = [one for one in discarded if one.code not in {"pinned", "tied"}] or list(discarded)
    if not telling:
        text = "There is no cluster for your organization yet. Enrol one, or ask a provider to share one."
        return Choice(candidate=None, code="no_cluster", reason=text)
    said = " ".join(f"{one.reason} {one.cure}" for one in telling[:3])
    more = f" And {len(telling) - 3} more." if len(telling) > 3 else ""
    code = telling[0].code if len(telling) == 1 else "no_cluster"
    return Choice(candidate=None, code=code, reason=f"No cluster can take it now. {said}{more}")


def _policy(policy: Policy | str | None, weights: Mapping[str, float] | None) -> tuple[Policy, dict[str, float]]:
    try:
        named = Policy(policy) if policy else (Policy.WEIGHTED if weights else rules.DEFAULT_POLICY)
    except ValueError:
        problem = fault("/policy", f"must be one of {', '.join(Policy)}", "not_one_of", allowed=list(Policy))
        raise Invalid(f"There is no policy {policy}.", [problem], case="see_fields") from None
    if weights and named not in _WITH_WEIGHTS:
        problem = fault("/weights", "only the policy weighted has weights", "weights_of_weighted")
        raise Invalid("Weights need a policy.", [problem], case="see_fields")
    try:
        plugins.known(weights or {})
        return named, rules.weights_of(named, weights)
    except ValueError as error:
        pointer = "/deadline" if named is Policy.DEADLINE else "/weights"
        raise Invalid("This policy cannot be used like that.", [fault_of(pointer, error)], case="see_fields") from error


# -------------------------------------------------------------------------------------------------------- assembling


@dataclass(slots=True)
class _Assessed:
    """One need at every place."""

    need: Need
    offers: dict[str, Offer] = field(default_factory=dict)
    discards: list[tuple[Spot, rules.Discard]] = field(default_factory=list)


async def _ranked(
    session: AsyncSession,
    who: Caller,
    needs: Sequence[Need],
    policy: Policy,
    weights: dict[str, float],
    currencies: Collection[str],
    barred: Collection[str],
    *,
    explain: bool = True,
    lead: frozenset[str] | None = None,
    budget: Decimal | None = None,
) -> Ranking:
    """Rank; what was seen is read only where some place fits. `explain`: also say what would change the order."""
    now = await transaction_time(session)
    spots = await _spots(session, who)
    assessed = [_assess(need, spots, currencies, now, barred) for need in needs]
    if any(one.offers for one in assessed):
        spots = await _with_history(session, who, spots, needs)
        assessed = [_assess(need, spots, currencies, now, barred) for need in needs]
    aim = Aim(policy, weights, now, budget, explain)
    return assemble(assessed, spots, aim, lead)


async def _with_history(session: AsyncSession, who: Caller, spots: Sequence[Spot], needs: Sequence[Need]) -> list[Spot]:
    """Return the places with what the organization's jobs taught: here, elsewhere to borrow from, and node failures."""
    queues = sorted({spot.queue.id for spot in spots if spot.queue})
    rows = await seen(session, who.organization_id, queues, needs)
    found = {queue: History(observed, who.user_id) for queue, observed in rows.items()}
    lost = await losses(session, who.organization_id, queues)
    speeds = {spot.queue.id: float(spot.queue.facts.get("speed") or 0) for spot in spots if spot.queue}
    nodes = {spot.queue.id: energy.node(spot.queue.facts, spot.queue.cores_per_node) for spot in spots if spot.queue}
    power = rules.PowerModel(nodes, found)
    lines = {spot.cluster.line.id for spot in spots if spot.cluster.line and spot.cluster.line.id}
    speeds_of = await data.speeds(session, sorted(lines))
    return [
        spot
        if spot.queue is None
        else replace(
            spot,
            observations=found.get(spot.queue.id, ()),
            elsewhere=found,
            speeds=speeds,
            power=power,
            speed=speeds_of.get(spot.cluster.line.id) if spot.cluster.line else None,
            reliability=rules.reliability(*lost.get(spot.queue.id, (0, 0))),
        )
        for spot in spots
    ]


def _assess(
    need: Need, spots: Sequence[Spot], currencies: Collection[str], now: datetime, barred: Collection[str] = ()
) -> _Assessed:
    found = _Assessed(need)
    for spot in spots:
        if spot.cluster.id in barred:
            found.discards.append((spot, policies.left_out()))
            continue
        match rules.offer(need, spot, currencies=currencies, now=now):
            case Offer() as offer if spot.queue is not None:
                found.offers[spot.queue.id] = offer
            case rules.Discard() as discard:
                found.discards.append((spot, discard))
    return found


def assemble(
    assessed: Sequence[_Assessed],
    spots: Sequence[Spot],
    aim: Aim,
    lead: frozenset[str] | None = None,
) -> Ranking:
    """Put the places in order that can run every leading step; for steps bound or tied elsewhere the best is added.

    `lead` names the leading steps; None: those that are bound to nothing and tied to none of them.
    """
    lead = rules.leading([one.need for one in assessed]) if lead is None else lead
    leading = [one for one in assessed if one.need.step in lead]
    others = [(one, _in_order(one, aim)) for one in assessed if one.need.step not in lead]
    candidates, without_room = _whole(leading, [(one.need, offers) for one, offers in others])
    discarded = discarded_by(leading)
    for one, offers in others:
        if not offers:
            discarded += [item for item in discarded_by([one]) if item.code != "pinned"]
    discarded += [*_misnamed(assessed, spots), *without_room]
    predicted = {key: joint(offers) for key, offers in candidates.items()}
    contenders = [contender(key, offers, predicted[key], aim) for key, offers in candidates.items()]
    order = rules.order(contenders, aim.policy, aim.parameters)
    needs = {one.need.step: one.need for one in assessed}
    showing = Showing(aim, contenders, needs)
    return Ranking(
        policy=PolicyUsed(name=aim.policy, weights=dict(aim.weights)),
        candidates=[
            showing.candidate(rank, one, candidates[one.key], predicted[one.key])
            for rank, one in enumerate(order.scored, start=1)
        ],
        discarded=once(discarded),
        order=Reason(code=order.code, text=order.text, facts=order.facts) if candidates else _EMPTY,
    )


def _whole(
    leading: Sequence[_Assessed], others: Sequence[tuple[Need, Sequence[Offer]]]
) -> tuple[dict[str, list[Offer]], list[Discarded]]:
    """Return the offers of all steps at each place that can run the leading ones, and why the others find no room."""
    found: dict[str, list[Offer]] = {}
    without_room: list[Discarded] = []
    if not leading or not all(offers for _, offers in others):
        return found, without_room
    for key in leading[0].offers:
        if not all(key in one.offers for one in leading):
            continue
        own = [one.offers[key] for one in leading]
        added, stuck = rules.joined([(one.need, one.offers[key]) for one in leading], others)
        if stuck is None:
            found[key] = [*own, *added]
        else:
            without_room += left_out(own[0].spot, rules.no_room(stuck, own[0].spot.cluster.name))
    return found, without_room


def _misnamed(assessed: Sequence[_Assessed], spots: Sequence[Spot]) -> list[Discarded]:
    """Say which clusters that steps are bound to do not exist."""
    known = {name for spot in spots for name in (spot.cluster.name, spot.cluster.id)}
    bound = [(one.need.pinned_cluster, one.need.step) for one in assessed]
    return [unknown(name, step) for name, step in bound if name is not None and name not in known]


_EMPTY = Reason(code="no_candidate", text="No place can run this now; each discarded one says why and what cures it.")


def _in_order(one: _Assessed, aim: Aim) -> list[Offer]:
    contenders = [contender(key, [offer], joint([offer]), aim) for key, offer in one.offers.items()]
    order = rules.order(contenders, aim.policy, aim.parameters)
    return [one.offers[scored.key] for scored in order.scored]


# ----------------------------------------------------------------------------------------------------------- reading


async def _spots(session: AsyncSession, who: Caller) -> list[Spot]:
    """Return every place the caller may use, with its price."""
    places = await clusters.candidates_rows(session, who)
    tariffs = await costs.in_force(session, sorted({place.cluster.id for place in places}))
    spots = []
    for place in places:
        queue_id = place.queue.id if place.queue is not None else None
        tariff = tariffs.get((place.cluster.id, queue_id)) or tariffs.get((place.cluster.id, None))
        terms: Terms | None = tariff.terms if tariff is not None else None
        spots.append(Spot(*viewed(place, who), terms))
    return spots


def viewed(place: clusters.Place, who: Caller) -> tuple[ClusterView, QueueView | None]:
    """Return a place as the rules see it."""
    return _cluster(place, who), _queue(place)


def _cluster(place: clusters.Place, who: Caller) -> ClusterView:
    line = place.line
    return ClusterView(
        id=place.cluster.id,
        name=place.cluster.name,
        state=place.cluster.state,
        location=place.cluster.location,
        line=None
        if line is None
        else LineView(
            id=line.id,
            state=line.state,
            last_heard_at=line.last_heard_at,
            trouble=line.trouble,
            trouble_why=line.trouble_why,
            batch_account=line.batch_account,
            shared=line.organization_id != who.organization_id and not _is_local(place),
        ),
    )


def _is_local(place: clusters.Place) -> bool:
    return place.cluster.kind == "local"


def _queue(place: clusters.Place) -> QueueView | None:
    queue = place.queue
    if queue is None:
        return None
    facts: dict[str, Any] = queue.facts or (place.cluster.facts if _is_local(place) else {})
    return QueueView(
        id=queue.id,
        name=queue.name,
        state=queue.state,
        nodes_total=queue.nodes_total,
        nodes_free=queue.nodes_free,
        down_nodes=queue.down_nodes,
        cores_per_node=queue.cores_per_node,
        cores_total=queue.cores_total,
        memory_bytes_per_node=queue.memory_bytes_per_node,
        gpus_per_node=queue.gpus_per_node,
        max_walltime_s=queue.max_walltime_s,
        default_walltime_s=queue.default_walltime_s,
        max_nodes=queue.max_nodes,
        accounts=tuple(queue.accounts) if queue.accounts is not None else None,
        pending_jobs=queue.pending_jobs,
        facts=facts,
    )
