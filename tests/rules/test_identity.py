"""Rights are decided by pure functions; each row of HEROES D3.1 Table 1 is one row here."""

import re

import pytest

from heroes.identity.rules import (
    ADMINISTRATORS,
    CAPABILITIES,
    PLATFORM_ROLES,
    ROLES,
    TITLES,
    Action,
    Assignment,
    Caller,
    Capability,
    Rights,
    actions_of,
    allowed,
    assignable,
    beyond,
    grantable,
    rights,
    roles_with,
    scoped,
)
from heroes.kit.errors import Denied

C = Capability
NOTHING = Rights(frozenset(), {})

TABLE_1 = {
    "engineer": {C.SUBMIT, C.HOME},
    "workflow_admin": {C.SUBMIT, C.HOME, C.WORKFLOWS},
    "application_packager": {C.SUBMIT, C.PACKAGE},
    "project_admin": {C.DATA, C.USERS},
    "billing_admin": {C.BILLING},
    "solution_admin": {C.SUBMIT, C.HOME, C.DATA, C.WORKFLOWS, C.USERS, C.PACKAGE, C.BILLING},
    "tenant_admin": {C.USERS, C.BILLING},
    "organization_admin": {C.USERS, C.BILLING},
    "infrastructure_admin": set(),
    "platform_billing_admin": {C.BILLING},
    "resource_provider": {C.OFFER_RESOURCES},
    "application_provider": {C.SUBMIT, C.PACKAGE, C.OFFER_APPLICATIONS},
}


def holder(*roles: str, project: str | None = None, platform: bool = False) -> Rights:
    return rights([Assignment(role, project) for role in roles], {}, platform=platform)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_has_exactly_the_capabilities_of_its_row_in_table_1(role: str):
    whole = {capability for capability, actions in CAPABILITIES.items() if actions <= ROLES[role]}
    assert whole == TABLE_1[role]


def test_every_role_has_a_title_and_a_row():
    assert set(ROLES) == set(TITLES) == set(TABLE_1)


def test_every_action_but_reading_is_reached_by_some_role():
    assert all(roles_with(action) for action in Action)


def test_a_refusal_names_roles_that_somebody_here_could_be_given_and_folds_the_others():
    assert grantable(Action.BUDGET_MANAGE, platform=False) == ["billing_admin", "organization_admin"]
    assert grantable(Action.WORKFLOW_RUN, platform=False)[0] == "engineer"
    assert grantable(Action.PLATFORM_OPERATE, platform=False) == []
    assert grantable(Action.PLATFORM_OPERATE, platform=True) == ["solution_admin", "tenant_admin"]
    lea = Caller("usr_1", "lea", "org_1", "acme")
    for action, words in (
        (Action.BUDGET_MANAGE, "The role Billing admin or Organization admin grants it"),
        (Action.WORKFLOW_RUN, "The role Engineer, Researcher or Workflow admin (or one of "),
        (Action.PLATFORM_OPERATE, "Only those who run the platform have it."),
    ):
        with pytest.raises(Denied, match=re.escape(words)):
            lea.must(action)


def test_what_nobody_granted_is_denied():
    assert not any(allowed(NOTHING, action) for action in Action)
    assert actions_of("no such role", {}, platform=True) == frozenset()


def test_a_platform_role_is_worth_nothing_outside_the_platforms_organization():
    for role in PLATFORM_ROLES:
        assert holder(role) == NOTHING
        assert holder(role, platform=True).everywhere == ROLES[role]


def test_only_platform_roles_may_operate_the_platform():
    assert {role for role, actions in ROLES.items() if Action.PLATFORM_OPERATE in actions} <= PLATFORM_ROLES
    assert actions_of("own", {"own": ["platform.operate", "data.read"]}, platform=True) == {Action.DATA_READ}


def test_administrators_can_manage_users():
    assert all(Action.USER_MANAGE in ROLES[role] for role in ADMINISTRATORS)


def test_a_role_in_a_project_counts_in_that_project_only():
    held = holder("engineer", project="prj_wing")
    assert allowed(held, Action.WORKFLOW_RUN, "prj_wing")
    assert not allowed(held, Action.WORKFLOW_RUN, "prj_hull")
    assert not allowed(held, Action.WORKFLOW_RUN)


def test_a_role_in_the_organization_counts_in_every_project():
    assert allowed(holder("engineer"), Action.WORKFLOW_RUN, "prj_wing")


def test_roles_add_up():
    assigned = [Assignment("engineer"), Assignment("billing_admin"), Assignment("own", "prj")]
    held = rights(assigned, {"own": ["audit.read"]}, platform=False)
    assert held.everywhere == ROLES["engineer"] | ROLES["billing_admin"]
    assert held.by_project == {"prj": {Action.AUDIT_READ}}


def test_an_action_that_no_longer_exists_is_dropped_from_a_role_of_ones_own():
    assert actions_of("own", {"own": ["data.read", "data.teleport"]}, platform=False) == {Action.DATA_READ}


@pytest.mark.parametrize(
    ("actions", "projects", "action", "project", "expected"),
    [
        pytest.param(None, None, Action.DATA_READ, None, True, id="an unscoped token can what its owner can"),
        pytest.param(["data.read"], None, Action.DATA_READ, None, True, id="a scoped action stays"),
        pytest.param(["data.read"], None, Action.DATA_WRITE, None, False, id="an action out of scope goes"),
        pytest.param(["audit.read"], None, Action.AUDIT_READ, None, False, id="a scope never adds a right"),
        pytest.param(None, ["p1"], Action.DATA_READ, "p1", True, id="the owner's right holds in the token's project"),
        pytest.param(None, ["p1"], Action.DATA_READ, "p2", False, id="and in no other project"),
        pytest.param(None, ["p1"], Action.DATA_READ, None, False, id="and not in the organization"),
        pytest.param(None, ["p3"], Action.WORKFLOW_PUBLISH, "p3", True, id="a project right survives in its project"),
        pytest.param([], None, Action.DATA_READ, None, False, id="an empty scope allows nothing"),
    ],
)
def test_a_token_never_carries_more_than_its_owner_and_its_scope(actions, projects, action, project, expected):
    held = rights([Assignment("engineer"), Assignment("workflow_admin", "p3")], {}, platform=False)
    assert allowed(scoped(held, actions, projects), action, project) is expected


def test_nobody_rises_by_handing_out_roles():
    assert assignable(holder("engineer"), platform=False) == frozenset()
    assert not assignable(holder("organization_admin"), platform=False) & PLATFORM_ROLES
    assert not assignable(holder("organization_admin"), platform=True) & PLATFORM_ROLES
    assert assignable(holder("tenant_admin", platform=True), platform=True) >= PLATFORM_ROLES


def test_a_project_admin_hands_out_project_roles_in_the_own_project_only():
    held = holder("project_admin", project="prj_wing")
    assert "engineer" in assignable(held, "prj_wing", platform=False)
    assert "organization_admin" not in assignable(held, "prj_wing", platform=False)
    assert assignable(held, "prj_hull", platform=False) == frozenset()
    assert assignable(held, platform=False) == frozenset()


def test_a_role_of_ones_own_never_holds_more_than_its_author_has_or_may_hand_out():
    admin = holder("organization_admin")
    assert beyond({Action.WORKFLOW_RUN, Action.AUDIT_READ}, admin, platform=False) == frozenset()
    assert beyond({Action.PLATFORM_OPERATE, Action.AUDIT_READ}, admin, platform=False) == {Action.PLATFORM_OPERATE}
    project = holder("project_admin", project="p")
    assert beyond({Action.LEDGER_READ, Action.DATA_READ}, project, "p", platform=False) == {Action.LEDGER_READ}
    assert beyond({Action.DATA_READ}, NOTHING, platform=False) == {Action.DATA_READ}


def test_a_denial_names_the_right_and_the_roles_that_grant_it():
    who = Caller("usr_1", "bea", "org_1", "acme", actions=ROLES["billing_admin"])
    with pytest.raises(Denied, match=r"workflow\.run") as caught:
        who.must(Action.WORKFLOW_RUN)
    assert "engineer" in caught.value.facts["roles"]


def test_a_row_of_a_project_is_judged_by_the_rights_in_that_project():
    class Row:
        project_id = "prj_wing"

    who = Caller("usr_1", "lea", "org_1", "acme", project_actions={"prj_wing": ROLES["engineer"]})
    who.must(Action.WORKFLOW_RUN, on=Row())
    assert who.projects_with(Action.WORKFLOW_RUN) == ["prj_wing"]
    assert who.anywhere(Action.WORKFLOW_RUN)
    with pytest.raises(Denied):
        who.must(Action.WORKFLOW_RUN)


def test_who_has_a_right_in_a_project_only_reads_where_it_is_missing_and_who_gives_it():
    publishers = ROLES["workflow_admin"]
    held = {"prj_wing": publishers, "prj_tail": publishers, "prj_hull": ROLES["engineer"]}
    names = {"prj_wing": "wing", "prj_tail": "tail", "prj_hull": "hull"}
    who = Caller("usr_1", "wes", "org_1", "acme", project_actions=held, projects=names)
    with pytest.raises(Denied) as caught:
        who.must(Action.WORKFLOW_PUBLISH)
    assert caught.value.detail == (
        "You hold the right to publish and change workflows (workflow.publish) in tail and wing only; this needs it in "
        "the whole organization. An administrator of your organization can give you the role Workflow admin there, "
        "without a project."
    )
    assert caught.value.facts["projects"] == ["tail", "wing"]
    assert caught.value.facts["case"] == "needs_right_everywhere"


def test_the_platform_itself_may_do_everything_in_one_organization():
    system = Caller.system("org_1")
    assert system.is_system
    assert all(system.can(action) for action in Action)
