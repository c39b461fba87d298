"""Who may do what: actions, roles, and the pure questions asked of them. No I/O."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from heroes.kit.errors import Denied


class Action(StrEnum):
    """Everything that can be allowed. What is not allowed is denied."""

    ORGANIZATION_MANAGE = "organization.manage"
    USER_READ = "user.read"
    USER_MANAGE = "user.manage"
    ROLE_MANAGE = "role.manage"
    PROJECT_MANAGE = "project.manage"
    AUDIT_READ = "audit.read"
    TOKEN_MANAGE = "token.manage"  # tokens of others; one's own need no right
    DATA_READ = "data.read"
    DATA_WRITE = "data.write"
    DATA_SHARE = "data.share"
    DATA_MANAGE = "data.manage"
    WORKFLOW_READ = "workflow.read"
    WORKFLOW_RUN = "workflow.run"
    WORKFLOW_PUBLISH = "workflow.publish"
    EXECUTION_READ = "execution.read"
    EXECUTION_CANCEL = "execution.cancel"
    EXECUTION_READ_ALL = "execution.read_all"
    EXECUTION_CANCEL_ALL = "execution.cancel_all"
    APPLICATION_PACKAGE = "application.package"
    APPLICATION_PUBLISH = "application.publish"
    CLUSTER_READ = "cluster.read"
    CLUSTER_MANAGE = "cluster.manage"
    CLUSTER_PUBLISH = "cluster.publish"
    COST_READ = "cost.read"  # prices, one's own costs, and what is left of the budgets one draws from
    BUDGET_MANAGE = "budget.manage"
    TARIFF_MANAGE = "tariff.manage"
    LEDGER_READ = "ledger.read"  # the books of the whole organization
    PLATFORM_OPERATE = "platform.operate"


MEANINGS: dict[Action, str] = {
    Action.ORGANIZATION_MANAGE: "set the rules and webhooks of the organization",
    Action.USER_READ: "see users, groups and their roles",
    Action.USER_MANAGE: "invite, change and remove users",
    Action.ROLE_MANAGE: "make roles and give them to users",
    Action.PROJECT_MANAGE: "make projects and change their members",
    Action.AUDIT_READ: "read the audit trail of the organization",
    Action.TOKEN_MANAGE: "see and revoke the tokens and keys of others, and register programs",
    Action.DATA_READ: "see and download data",
    Action.DATA_WRITE: "upload, change and delete data",
    Action.DATA_SHARE: "share buckets with others",
    Action.DATA_MANAGE: "manage the buckets of others",
    Action.WORKFLOW_READ: "see workflows",
    Action.WORKFLOW_RUN: "run workflows",
    Action.WORKFLOW_PUBLISH: "publish and change workflows",
    Action.EXECUTION_READ: "see one's own executions",
    Action.EXECUTION_CANCEL: "cancel one's own executions",
    Action.EXECUTION_READ_ALL: "see the executions of others",
    Action.EXECUTION_CANCEL_ALL: "cancel the executions of others",
    Action.APPLICATION_PACKAGE: "package applications",
    Action.APPLICATION_PUBLISH: "publish applications on the marketplace",
    Action.CLUSTER_READ: "see clusters and their prices",
    Action.CLUSTER_MANAGE: "enrol and manage clusters",
    Action.CLUSTER_PUBLISH: "offer clusters to other organizations",
    Action.COST_READ: "see prices, one's own costs and what is left to spend",
    Action.BUDGET_MANAGE: "set budgets",
    Action.TARIFF_MANAGE: "set the prices of clusters",
    Action.LEDGER_READ: "read the books of the whole organization",
    Action.PLATFORM_OPERATE: "operate the platform",
}
"""what each allows, as it follows a "may"."""


class Capability(StrEnum):
    """The nine columns of Table 1 of HEROES D3.1."""

    SUBMIT = "Submit job/workflow"
    HOME = "Data access (home)"
    DATA = "Manage data access"
    WORKFLOWS = "Manage workflows"
    USERS = "Manage users/groups and roles"
    PACKAGE = "Package application"
    OFFER_APPLICATIONS = "Publish applications marketplace"
    OFFER_RESOURCES = "Publish resources in marketplace"
    BILLING = "Billings access and cost management"


CAPABILITIES: dict[Capability, frozenset[Action]] = {
    Capability.SUBMIT: frozenset({Action.WORKFLOW_RUN, Action.EXECUTION_READ, Action.EXECUTION_CANCEL}),
    Capability.HOME: frozenset({Action.DATA_READ, Action.DATA_WRITE}),
    Capability.DATA: frozenset({Action.DATA_SHARE, Action.DATA_MANAGE}),
    Capability.WORKFLOWS: frozenset({Action.WORKFLOW_PUBLISH}),
    Capability.USERS: frozenset({Action.USER_READ, Action.USER_MANAGE, Action.ROLE_MANAGE, Action.PROJECT_MANAGE}),
    Capability.PACKAGE: frozenset({Action.APPLICATION_PACKAGE}),
    Capability.OFFER_APPLICATIONS: frozenset({Action.APPLICATION_PUBLISH}),
    Capability.OFFER_RESOURCES: frozenset({Action.CLUSTER_PUBLISH}),
    Capability.BILLING: frozenset({Action.BUDGET_MANAGE, Action.TARIFF_MANAGE, Action.LEDGER_READ}),
}

_LOOK = frozenset({Action.WORKFLOW_READ, Action.CLUSTER_READ, Action.COST_READ})
_SUBMIT = _LOOK | CAPABILITIES[Capability.SUBMIT]
_HOME = CAPABILITIES[Capability.HOME]
_USERS = CAPABILITIES[Capability.USERS]
_BILLING = CAPABILITIES[Capability.BILLING] | {Action.COST_READ, Action.CLUSTER_READ, Action.USER_READ}
_OVERSEE = frozenset(
    {Action.EXECUTION_READ, Action.EXECUTION_READ_ALL, Action.EXECUTION_CANCEL, Action.EXECUTION_CANCEL_ALL}
)
_ORGANIZATION = (
    _USERS
    | _BILLING
    | _LOOK
    | _OVERSEE
    | {Action.ORGANIZATION_MANAGE, Action.AUDIT_READ, Action.TOKEN_MANAGE, Action.CLUSTER_MANAGE}
)

ROLES: dict[str, frozenset[Action]] = {
    "engineer": _SUBMIT | _HOME,
    "workflow_admin": _SUBMIT | _HOME | _OVERSEE | CAPABILITIES[Capability.WORKFLOWS],
    "application_packager": _SUBMIT | CAPABILITIES[Capability.PACKAGE],
    "project_admin": _LOOK | _USERS | _OVERSEE | CAPABILITIES[Capability.DATA],
    "billing_admin": _BILLING,
    "organization_admin": _ORGANIZATION,
    "solution_admin": frozenset(Action) - {Action.APPLICATION_PUBLISH, Action.CLUSTER_PUBLISH},
    "tenant_admin": _ORGANIZATION | {Action.PLATFORM_OPERATE},
    "infrastructure_admin": frozenset({Action.CLUSTER_READ, Action.CLUSTER_MANAGE, Action.AUDIT_READ}),
    "platform_billing_admin": _BILLING,
    "resource_provider": frozenset(
        {Action.CLUSTER_READ, Action.CLUSTER_MANAGE, Action.CLUSTER_PUBLISH, Action.TARIFF_MANAGE}
    ),
    "application_provider": _SUBMIT | CAPABILITIES[Capability.PACKAGE] | CAPABILITIES[Capability.OFFER_APPLICATIONS],
}

TITLES: dict[str, str] = {
    "engineer": "Engineer, Researcher",
    "workflow_admin": "Workflow admin",
    "application_packager": "Application packager",
    "project_admin": "Project admin",
    "billing_admin": "Billing admin",
    "organization_admin": "Organization admin",
    "solution_admin": "Solution admin",
    "tenant_admin": "Tenant admin",
    "infrastructure_admin": "Infrastructure admin",
    "platform_billing_admin": "Platform billing admin",
    "resource_provider": "Resource provider",
    "application_provider": "Application provider",
}

PLATFORM_ROLES = frozenset({"solution_admin", "tenant_admin", "infrastructure_admin", "platform_billing_admin"})
PROJECT_ROLES = frozenset({"engineer", "workflow_admin", "application_packager", "project_admin"})
ADMINISTRATORS = frozenset({"organization_admin", "tenant_admin", "solution_admin"})

CustomRoles = Mapping[str, Iterable[str]]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role that a user holds in the whole organization (`project_id` is None) or in one project."""

    role: str
    project_id: str | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """What a set of assignments amounts to."""

    everywhere: frozenset[Action]
    by_project: Mapping[str, frozenset[Action]]


def actions_of(role: str, custom: CustomRoles, *, platform: bool) -> frozenset[Action]:
    """Return what a role allows: nothing if it is unknown, or a platform role outside the platform's organization."""
    if role in PLATFORM_ROLES and not platform:
        return frozenset()
    if role in ROLES:
        return ROLES[role]
    known = {action.value for action in Action if action is not Action.PLATFORM_OPERATE}
    return frozenset(Action(name) for name in custom.get(role, ()) if name in known)


def rights(assignments: Iterable[Assignment], custom: CustomRoles, *, platform: bool) -> Rights:
    """Return the union of all assigned roles, apart for the organization and for each project."""
    everywhere: set[Action] = set()
    by_project: dict[str, set[Action]] = {}
    for assignment in assignments:
        granted = actions_of(assignment.role, custom, platform=platform)
        if assignment.project_id is None:
            everywhere |= granted
        else:
            by_project.setdefault(assignment.project_id, set()).update(granted)
    return Rights(frozenset(everywhere), {project: frozenset(actions) for project, actions in by_project.items()})


def scoped(held: Rights, actions: Iterable[str] | None, projects: Iterable[str] | None) -> Rights:
    """Return what is left of `held` under a token's scope; None leaves that side unscoped. Never more than held.

    A token of some projects carries the organization-wide rights into those projects and nowhere else.
    """
    allowed = frozenset(Action) if actions is None else frozenset(a for a in Action if a.value in set(actions))
    if projects is None:
        return Rights(held.everywhere & allowed, {p: a & allowed for p, a in held.by_project.items()})
    narrowed = {p: (held.everywhere | held.by_project.get(p, frozenset())) & allowed for p in projects}
    return Rights(frozenset(), narrowed)


def allowed(held: Rights, action: Action, project_id: str | None = None) -> bool:
    """Say whether the action is allowed, in the whole organization or in the given project."""
    return action in held.everywhere or (project_id is not None and action in held.by_project.get(project_id, ()))


def roles_with(action: Action) -> list[str]:
    """Return the default roles that grant an action, the smallest first."""
    granting = (role for role, actions in ROLES.items() if action in actions)
    return sorted(granting, key=lambda role: (len(ROLES[role]), role))


def grantable(action: Action, *, platform: bool) -> list[str]:
    """Return the default roles by which somebody here could be given a right: who work, then who provide or administer.

    Roles of the platform count in its own organization alone; elsewhere they allow nothing.
    """
    order = list(ROLES)
    found = [role for role in order if action in ROLES[role] and (platform or role not in PLATFORM_ROLES)]
    return sorted(found, key=lambda role: (role in ADMINISTRATORS, role in PLATFORM_ROLES, order.index(role)))


def _by_role(grants: Sequence[str]) -> str:
    if not grants:
        return "Only those who run the platform have it."
    first = " or ".join(TITLES[role] for role in grants[:2])
    more = len(grants) - 2
    others = f" (or one of {more} others)" if more > 1 else f" or {TITLES[grants[2]]}" if more == 1 else ""
    return f"The role {first}{others} grants it; an administrator of your organization assigns roles."


def assignable(held: Rights, project_id: str | None = None, *, platform: bool) -> frozenset[str]:
    """Return the default roles that the holder may give to others, in the organization or in one project.

    Platform roles are given only by who may operate the platform, so nobody rises above the own organization.
    """
    if Action.ROLE_MANAGE in held.everywhere:
        roles = PROJECT_ROLES if project_id else frozenset(ROLES) - PLATFORM_ROLES
        rise = platform and not project_id and Action.PLATFORM_OPERATE in held.everywhere
        return roles | (PLATFORM_ROLES if rise else frozenset())
    return PROJECT_ROLES if allowed(held, Action.ROLE_MANAGE, project_id) else frozenset()


def in_words(actions: Iterable[Action]) -> str:
    """Say what these allow: run workflows (workflow.run), see clusters (cluster.read)."""
    return ", ".join(f"{MEANINGS[one]} ({one.value})" for one in sorted(actions))


def beyond(
    wanted: Iterable[Action], held: Rights, project_id: str | None = None, *, platform: bool
) -> frozenset[Action]:
    """Return those actions that the author of a role or assignment neither has nor could hand out by a default role."""
    within = set(held.everywhere) | set(held.by_project.get(project_id or "", frozenset()))
    for role in assignable(held, project_id, platform=platform):
        within |= ROLES[role]
    if not (platform and Action.PLATFORM_OPERATE in held.everywhere):
        within.discard(Action.PLATFORM_OPERATE)
    return frozenset(wanted) - within


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as known for one request: `actions` hold in the organization, `project_actions` in one project."""

    user_id: str
    username: str
    organization_id: str
    organization: str
    email: str = ""
    email_verified: bool = False
    first_name: str = ""
    last_name: str = ""
    roles: tuple[str, ...] = ()
    actions: frozenset[Action] = frozenset()
    project_actions: Mapping[str, frozenset[Action]] = field(default_factory=dict)
    projects: Mapping[str, str] = field(default_factory=dict)
    session_id: str | None = None
    token_id: str | None = None
    platform: bool = False

    @classmethod
    def system(cls, organization_id: str) -> "Caller":
        """Return the platform itself, at work inside one organization."""
        return cls("system", "system", organization_id, "", actions=frozenset(Action))

    @property
    def is_system(self) -> bool:
        return self.user_id == "system"

    @property
    def rights(self) -> Rights:
        return Rights(self.actions, self.project_actions)

    def can(self, action: Action, project_id: str | None = None) -> bool:
        """Say whether the caller may do this, in the whole organization or in one project."""
        return allowed(self.rights, action, project_id)

    def anywhere(self, action: Action) -> bool:
        """Say whether the caller may do this at least in one project."""
        return self.can(action) or any(action in actions for actions in self.project_actions.values())

    def projects_with(self, action: Action) -> list[str]:
        """Return the projects in which a project role allows this."""
        return sorted(project for project, actions in self.project_actions.items() if action in actions)

    def must(self, action: Action, on: Any = None) -> None:
        """Return if allowed; `on` is a row whose `project_id`, if any, counts.

        Raises Denied, which names the action and the role that grants it, and where it is held if only elsewhere.
        """
        project_id = getattr(on, "project_id", None)
        if self.can(action, project_id):
            return
        grants = grantable(action, platform=self.platform)
        held = sorted(self.projects.get(project, project) for project in self.projects_with(action))
        if held and grants and project_id is None:
            raise Denied(
                f"You hold the right to {in_words([action])} in {' and '.join(held)} only; this needs it in the whole "
                "organization. An administrator of your organization can give you the role "
                f"{TITLES[grants[0]]} there, without a project.",
                case="needs_right_everywhere",
                action=action.value,
                roles=grants,
                projects=held,
            )
        raise Denied(
            f"This needs the right to {in_words([action])}. {_by_role(grants)}",
            case="needs_right",
            action=action.value,
            roles=grants,
        )
