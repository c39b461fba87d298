"""What an organization wants of placements: its own policy, whether others may be named, and clusters left out."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from heroes.clusters import service as clusters
from heroes.identity import Action, Caller
from heroes.kit import audit
from heroes.kit.db import LOCK
from heroes.kit.errors import Invalid
from heroes.kit.faults import fault, fault_of
from heroes.kit.ids import new_id
from heroes.placement import rules
from heroes.placement.models import PlacementPolicy
from heroes.placement.rules import Policy
from heroes.placement.schemas import OwnPolicyIn, OwnPolicyOut


async def own(session: AsyncSession, organization_id: str) -> PlacementPolicy | None:
    """Return the organization's policy; None: it has none of its own."""
    found: PlacementPolicy | None = await session.scalar(_of(organization_id))
    return found


def shown(row: PlacementPolicy | None) -> OwnPolicyOut:
    """Return a policy as it is shown; without one of the organization's own the platform's."""
    policy = rules.DEFAULT_POLICY if row is None else Policy(row.policy)
    return OwnPolicyOut(
        policy=policy,
        weights=rules.weights_of(policy, row.weights if row else None) if policy is Policy.WEIGHTED else None,
        balanced=dict(rules.BALANCED),
        fixed=row is not None and row.fixed,
        barred=[] if row is None else row.barred,
        changed_at=None if row is None else row.updated_at,
    )


async def change(session: AsyncSession, who: Caller, asked: OwnPolicyIn) -> PlacementPolicy:
    """Set the organization's policy. Raises Denied; Invalid for weights that do not fit; NotFound for a cluster."""
    who.must(Action.ORGANIZATION_MANAGE)
    weights = _weights(asked)
    barred = sorted({(await clusters.cluster_by_name(session, who, name)).id for name in asked.barred})
    row = await session.scalar(_of(who.organization_id).with_for_update(**LOCK))
    if row is None:
        row = PlacementPolicy(id=new_id("pol"), organization_id=who.organization_id)
        session.add(row)
    row.policy, row.weights, row.fixed, row.barred = asked.policy, weights, asked.fixed, barred
    audit.record(
        session, who, "policy.changed", row, policy=asked.policy, weights=weights, fixed=asked.fixed, clusters=barred
    )
    await session.flush()
    await session.refresh(row)
    return row


def aimed(
    row: PlacementPolicy | None, policy: Policy | str | None, weights: Mapping[str, float] | None
) -> tuple[Policy | str | None, Mapping[str, float] | None]:
    """Return the policy and weights that hold. Raises Invalid where the organization fixes others than were named."""
    if row is None:
        return policy, weights
    if policy is None and not weights:
        return row.policy, row.weights
    if row.fixed and not _same(row, policy, weights):
        raise Invalid(
            f"Your organization ranks clusters by the policy {row.policy} and no other. Leave policy and weights out, "
            "or ask an administrator of your organization.",
            [
                fault(
                    "/policy" if policy else "/weights", f"is fixed to {row.policy}", "policy_fixed", policy=row.policy
                )
            ],
            code="policy_fixed",
        )
    return policy, weights


def _same(row: PlacementPolicy, policy: Policy | str | None, weights: Mapping[str, float] | None) -> bool:
    if policy not in {None, row.policy}:
        return False
    if row.policy != Policy.WEIGHTED:
        return not weights
    return rules.weights_of(Policy.WEIGHTED, weights or row.weights) == rules.weights_of(Policy.WEIGHTED, row.weights)


def barred(row: PlacementPolicy | None) -> Sequence[str]:
    """Return the ids of the clusters that are left out."""
    return row.barred if row is not None else ()


def left_out() -> rules.Discard:
    """Say why a cluster that the organization leaves out is no place."""
    return rules.Discard(
        code="barred",
        reason="Your organization does not allow this cluster.",
        cure="An administrator of your organization allows it on the page Organization, Policies.",
        whole=True,
    )


def _of(organization_id: str) -> Select[PlacementPolicy]:
    return select(PlacementPolicy).where(PlacementPolicy.organization_id == organization_id)


def _weights(asked: OwnPolicyIn) -> dict[str, float] | None:
    if asked.policy is Policy.DEADLINE:
        problem = fault("/policy", "each run names its own deadline", "deadline_of_each")
        raise Invalid("A deadline cannot hold for every run.", [problem], case="see_fields")
    if asked.weights and asked.policy is not Policy.WEIGHTED:
        problem = fault("/weights", "only the policy weighted has weights", "weights_of_weighted")
        raise Invalid("Weights need the policy weighted.", [problem], case="see_fields")
    try:
        return dict(rules.weights_of(asked.policy, asked.weights)) if asked.weights else None
    except ValueError as error:
        raise Invalid("These weights cannot be used.", [fault_of("/weights", error)], case="see_fields") from error
