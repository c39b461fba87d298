"""What every route needs: who may call it, a smallest valid request, and what somebody of elsewhere is told.

In paths, queries and bodies `@name` stands for an object of the organization under test, by its id or by its name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from heroes.identity import Action as A

OPEN, ANYONE = "open", "anyone"  # no token needed; any token will do


@dataclass(frozen=True)
class Call:
    """One request of a route. `needs` are asked in this order; who has none of `sees` is told that it is not there."""

    needs: str | A | tuple[A, ...]
    status: int  # for those who may
    foreign: int = 404  # for who may all this, but in another organization
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    json: Any = None
    files: dict[str, Any] | None = None
    data: dict[str, str] | None = None
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    sees: frozenset[A] | None = None

    @property
    def asked(self) -> tuple[A, ...]:
        if isinstance(self.needs, tuple):
            return self.needs
        return (self.needs,) if isinstance(self.needs, A) else ()

    def answer(self, actions: Iterable[A]) -> tuple[int, A | None]:
        """Return the status, and with 403 the right that is missing, for a caller of the same organization."""
        held = frozenset(actions)
        first = next((action for action in self.asked if action not in held), None)
        if self.sees is not None and not self.sees & held:
            return 404, None
        return (403, first) if first else (self.status, None)

    def words(self) -> set[str]:
        """Return the objects that the request names."""
        return {word for word in _words([self.path, self.query, self.json, self.data]) if word.startswith("@")}


def _words(value: Any) -> Iterable[str]:
    match value:
        case str():
            yield value.split("/")[0].split(":")[0] if value.startswith("@") else value
        case dict():
            for inner in value.values():
                yield from _words(inner)
        case list():
            for inner in value:
                yield from _words(inner)


def filled(value: Any, names: dict[str, str]) -> Any:
    """Return the value with the objects' names in place of `@name`."""
    match value:
        case str() if value.startswith("@"):
            word = next(_words(value).__iter__())
            return names[word[1:]] + value[len(word) :]
        case dict():
            return {key: filled(inner, names) for key, inner in value.items()}
        case list():
            return [filled(inner, names) for inner in value]
        case _:
            return value


_BUCKET = {"bucket": "@bucket"}
_FILE = {"bucket": "@bucket", "file": "a.dat"}
_DATA = frozenset({A.DATA_READ, A.DATA_MANAGE})
_ALL = frozenset({A.EXECUTION_READ_ALL})
_MINE = frozenset({A.TOKEN_MANAGE})
_WID, _DONE = {"wid": "@running"}, {"wid": "@done"}
_DRAFT = {"draft": "drf_0000000000"}  # seen by nobody but who saved it
_WTID, _PUBLISH = {"wtid": "@workflow"}, (A.WORKFLOW_READ, A.WORKFLOW_PUBLISH)
_CLUSTER = {"cluster": "@cluster"}
_ORGANIZATIONS = "/heroes/admin/organizations/"
_TUS = {"Upload-Length": "3", "Upload-Metadata": "path ZGF0YTpmcmVzaA=="}  # data:fresh
_TAR = {"Content-Type": "application/x-tar"}
BUNDLE = {
    "workflow.yaml": "heroes: 1\nname: fresh\ntitle: Fresh\nsummary: New.\nsteps:\n  only:\n    run: [echo, hello]\n"
}


def _group(name: str) -> dict[str, list[Call]]:
    """Groups and projects are one thing under two names."""
    one = f"/organization/admin/{name}/{{project}}"
    path = {"project": "@project"}
    return {
        f"GET /organization/admin/{name}": [Call(A.USER_READ, 200, 200)],
        f"POST /organization/admin/{name}": [Call(A.PROJECT_MANAGE, 201, 201, json={"name": f"new-{name}"})],
        f"PATCH {one}": [Call(A.PROJECT_MANAGE, 200, path=path, json={"title": "Wing"})],
        f"DELETE {one}": [Call(A.PROJECT_MANAGE, 202, path=path)],
        f"POST {one}/reopen": [Call(A.PROJECT_MANAGE, 404, path=path)],
        f"GET {one}/leaves": [Call(A.PROJECT_MANAGE, 200, path=path)],
    }


IDENTITY: dict[str, list[Call]] = {
    "POST /organization/auth/login": [Call(OPEN, 422, 422, json={})],
    "POST /organization/auth/session": [Call(OPEN, 422, 422, json={})],
    "POST /organization/auth/refresh": [Call(OPEN, 422, 422, json={})],
    "POST /organization/auth/logout": [Call(ANYONE, 204, 204)],
    "GET /organization/auth/me": [Call(ANYONE, 200, 200)],
    "PATCH /organization/auth/preferences": [
        Call(ANYONE, 200, 200, json={"pinned_workflows": ["wft_1"]}),
        Call(ANYONE, 422, 422, json={"pinned_workflows": ["elsewhere"]}),
    ],
    "GET /organization/auth/rights": [Call(ANYONE, 200, 200)],
    "POST /organization/auth/password": [Call(ANYONE, 422, 422, json={})],
    "POST /organization/auth/token": [
        Call(ANYONE, 201, 201, json={"name": "fresh"}),
        Call(A.TOKEN_MANAGE, 201, json={"name": "fresh", "user": "@program"}),
        Call(ANYONE, 201, json={"name": "fresh", "projects": ["@project"]}),
    ],
    "GET /organization/auth/token": [
        Call(ANYONE, 200, 200),
        Call(A.TOKEN_MANAGE, 200, 200, query={"everyone": "true"}),
    ],
    "PATCH /organization/auth/token/{token_id}": [
        Call(ANYONE, 200, path={"token_id": "@token"}, json={"name": "New"}, sees=_MINE)
    ],
    "DELETE /organization/auth/token/{token_id}": [Call(ANYONE, 204, path={"token_id": "@token"}, sees=_MINE)],
    "GET /organization/admin/users": [Call(A.USER_READ, 200, 200)],
    "POST /organization/admin/users": [
        Call(A.USER_MANAGE, 201, 201, json={"username": "fresh-user", "service": True}),
        Call(
            (A.USER_MANAGE, A.ROLE_MANAGE),
            201,
            json={"username": "new", "service": True, "roles": [{"role": "engineer", "project": "@project"}]},
        ),
    ],
    "GET /organization/admin/users/{user}": [Call(A.USER_READ, 200, path={"user": "@user"})],
    "PATCH /organization/admin/users/{user}": [
        Call(A.USER_MANAGE, 200, path={"user": "@user"}, json={"firstName": "Lea"})
    ],
    "DELETE /organization/admin/users/{user}": [Call(A.USER_MANAGE, 202, path={"user": "@user"})],
    "GET /organization/admin/users/{user}/leaves": [Call(A.USER_MANAGE, 200, path={"user": "@user"})],
    **_group("groups"),
    **_group("projects"),
    "GET /organization/admin/roles": [Call(A.USER_READ, 200, 200)],
    "POST /organization/admin/roles": [
        Call(A.ROLE_MANAGE, 201, 201, json={"name": "fresh", "actions": ["workflow.read"]})
    ],
    "PATCH /organization/admin/roles/{name}": [
        Call(A.ROLE_MANAGE, 200, path={"name": "@role"}, json={"title": "Reader"})
    ],
    "DELETE /organization/admin/roles/{name}": [Call(A.ROLE_MANAGE, 204, path={"name": "@role"})],
    "POST /organization/admin/roles/{name}/restore": [Call(A.ROLE_MANAGE, 404, path={"name": "@role"})],
    "GET /organization/admin/assignments": [
        Call(A.USER_READ, 200, 200),
        Call(A.USER_READ, 200, query={"user": "@user"}),
        Call(A.USER_READ, 200, query={"project": "@project"}),
    ],
    "POST /organization/admin/assignments": [
        Call(A.ROLE_MANAGE, 201, json={"user": "@user", "role": "application_packager", "project": "@project"})
    ],
    "DELETE /organization/admin/assignments/{assignment_id}": [
        Call(A.ROLE_MANAGE, 204, path={"assignment_id": "@assignment"})
    ],
    "GET /organization/admin/organization": [Call(A.ORGANIZATION_MANAGE, 200, 200)],
    "PATCH /organization/admin/organization": [Call(A.ORGANIZATION_MANAGE, 200, 200, json={"title": "New"})],
    f"GET {_ORGANIZATIONS}": [
        Call(A.PLATFORM_OPERATE, 200, 403),
        Call(A.PLATFORM_OPERATE, 200, 403, query={"organization_target": "@organization"}),
    ],
    f"POST {_ORGANIZATIONS}": [
        Call(A.PLATFORM_OPERATE, 202, 403, query={"user_email": "a@b.example"}, json={"name": "fresh"})
    ],
    f"PATCH {_ORGANIZATIONS}": [
        Call(A.PLATFORM_OPERATE, 200, 403, query={"organization_target": "@customer"}, json={"enabled": False})
    ],
    f"DELETE {_ORGANIZATIONS}": [Call(A.PLATFORM_OPERATE, 202, 403, query={"organization_target": "@customer"})],
}

DATA: dict[str, list[Call]] = {
    "GET /organization/data/list": [Call(ANYONE, 200, 200)],
    "POST /organization/data/bucket": [
        Call(A.DATA_MANAGE, 201, 201, json={"name": "fresh"}),
        Call(A.DATA_MANAGE, 201, json={"name": "fresh", "project": "@project_name"}),
    ],
    "GET /organization/data/bucket/{bucket}": [Call(ANYONE, 200, path=_BUCKET, sees=_DATA)],
    "PATCH /organization/data/bucket/{bucket}": [
        Call(A.DATA_MANAGE, 200, path=_BUCKET, json={"quota_bytes": 10**9}, sees=_DATA)
    ],
    "DELETE /organization/data/bucket/{bucket}": [
        Call(A.DATA_MANAGE, 204, path={"bucket": "@empty_bucket"}, sees=_DATA)
    ],
    "GET /organization/data/bucket/{bucket}/share": [Call(ANYONE, 200, path=_BUCKET, sees=_DATA)],
    "PUT /organization/data/bucket/{bucket}/share": [
        Call(A.DATA_SHARE, 200, path=_BUCKET, json={"kind": "organization", "name": "", "right": "read"}, sees=_DATA)
    ],
    "DELETE /organization/data/bucket/{bucket}/share": [
        Call(A.DATA_SHARE, 204, path=_BUCKET, query={"kind": "organization"}, sees=_DATA)
    ],
    "GET /organization/data/bucket/{bucket}/list": [Call(ANYONE, 200, path=_BUCKET, sees=_DATA)],
    "PUT /organization/data/bucket/{bucket}/object/{path}": [
        Call(A.DATA_WRITE, 201, path={**_BUCKET, "path": "b.dat"}, content=b"new", sees=_DATA)
    ],
    "POST /organization/data/upload": [
        Call(A.DATA_WRITE, 201, data={**_BUCKET, "path": "b.dat"}, files={"file": ("b", b"new")}, sees=_DATA)
    ],
    "GET /organization/data/download": [Call(ANYONE, 200, query=_FILE, sees=_DATA)],
    "GET /organization/data/object": [Call(ANYONE, 200, query=_FILE, sees=_DATA)],
    "DELETE /organization/data/object": [Call(A.DATA_WRITE, 200, query=_FILE, sees=_DATA)],
    "GET /organization/data/checksum": [Call(ANYONE, 200, query=_FILE, sees=_DATA)],
    "GET /organization/data/size": [Call(ANYONE, 200, query=_FILE, sees=_DATA)],
    "GET /organization/data/versions": [Call(ANYONE, 200, query=_FILE, sees=_DATA)],
    "POST /organization/data/folder": [Call(A.DATA_WRITE, 201, json={**_BUCKET, "path": "new"}, sees=_DATA)],
    "POST /organization/data/move": [
        Call(A.DATA_WRITE, 200, json={"source": "@bucket:a.dat", "target": "@bucket:c.dat"}, sees=_DATA)
    ],
    "POST /organization/data/restore": [Call(A.DATA_WRITE, 201, json={**_FILE, "version_id": "@version"}, sees=_DATA)],
    "GET /organization/data/trash": [Call(ANYONE, 200, 200)],
    "POST /organization/data/trash": [Call(A.DATA_WRITE, 201, json={**_BUCKET, "path": "a.dat"}, sees=_DATA)],
    "POST /organization/data/trash/{trashed}/restore": [
        Call(A.DATA_WRITE, 200, path={"trashed": "@trashed"}, json={}, sees=_DATA)
    ],
    "DELETE /organization/data/trash/{trashed}": [Call(A.DATA_WRITE, 200, path={"trashed": "@trashed"}, sees=_DATA)],
    "GET /organization/data/uploads": [Call(ANYONE, 200, 200)],
    "POST /organization/data/uploads": [Call(A.DATA_WRITE, 201, headers=_TUS, sees=_DATA)],
    "GET /organization/data/uploads/{upload}": [Call(ANYONE, 404, path={"upload": "@upload"})],
    "HEAD /organization/data/uploads/{upload}": [Call(ANYONE, 404, path={"upload": "@upload"})],
    "PATCH /organization/data/uploads/{upload}": [
        Call(ANYONE, 415, 415, path={"upload": "@upload"}, headers={"Upload-Offset": "0"}, content=b"x")
    ],
    "DELETE /organization/data/uploads/{upload}": [Call(ANYONE, 404, path={"upload": "@upload"})],
    "POST /organization/data/existing": [Call(ANYONE, 200, json={**_BUCKET, "paths": ["a.dat"]}, sees=_DATA)],
    "GET /organization/operations/list": [Call(ANYONE, 200, 200)],
    "GET /organization/operations/{operation_id}": [Call(ANYONE, 200, path={"operation_id": "@operation"}, sees=_DATA)],
}

WORKFLOWS: dict[str, list[Call]] = {
    "GET /organization/workflow/list": [
        Call(A.WORKFLOW_READ, 200, 200),
        Call((A.WORKFLOW_READ, A.WORKFLOW_PUBLISH), 200, 200, query={"withdrawn": "true"}),
    ],
    "GET /organization/workflow/schema": [Call(OPEN, 200, 200)],
    "POST /organization/workflow/template": [Call(A.WORKFLOW_PUBLISH, 201, 201, json={"files": BUNDLE})],
    "GET /organization/workflow/template/{wtid}": [Call(A.WORKFLOW_READ, 200, path=_WTID)],
    "PATCH /organization/workflow/template/{wtid}": [
        Call(_PUBLISH, 200, path=_WTID, json={"visibility": "restricted"})
    ],
    "DELETE /organization/workflow/template/{wtid}": [Call(_PUBLISH, 204, path=_WTID)],
    "POST /organization/workflow/template/{wtid}/restore": [Call(_PUBLISH, 404, path=_WTID)],
    "POST /organization/workflow/template/{wtid}/validate": [
        Call(A.WORKFLOW_READ, 200, path=_WTID, json={"parameters": {}})
    ],
    "GET /organization/workflow/template/{wtid}/shares": [Call(_PUBLISH, 200, path=_WTID)],
    "POST /organization/workflow/template/{wtid}/shares": [
        Call(_PUBLISH, 201, path=_WTID, json={"kind": "project", "id": "@project_id"})
    ],
    "DELETE /organization/workflow/template/{wtid}/shares": [Call(_PUBLISH, 204, path=_WTID)],
}

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJd7n3sPdxDYw8w7UpkqaMNJvDqMXC7+i1iKXhrhyHvV"
_ENROL = {"name": "fresh", "host": "login.fresh.example", "account": "a", "host_key": HOST_KEY}

CLUSTERS: dict[str, list[Call]] = {
    "GET /organization/cluster/list": [Call(A.CLUSTER_READ, 200, 200)],
    "POST /organization/cluster": [Call(A.CLUSTER_MANAGE, 201, 201, json=_ENROL)],
    "GET /organization/cluster/{cluster}": [Call(A.CLUSTER_READ, 200, path=_CLUSTER)],
    "PATCH /organization/cluster/{cluster}": [Call(A.CLUSTER_MANAGE, 200, path=_CLUSTER, json={"title": "New"})],
    "DELETE /organization/cluster/{cluster}": [Call(A.CLUSTER_MANAGE, 204, path=_CLUSTER)],
    "POST /organization/cluster/{cluster}/pause": [Call(A.CLUSTER_MANAGE, 200, path=_CLUSTER)],
    "POST /organization/cluster/{cluster}/resume": [Call(A.CLUSTER_MANAGE, 200, path=_CLUSTER)],
    "POST /organization/cluster/{cluster}/host-key": [
        Call(A.CLUSTER_MANAGE, 200, path=_CLUSTER, json={"fingerprint": "@fingerprint"})
    ],
    "GET /organization/cluster/{cluster}/queues": [Call(A.CLUSTER_READ, 200, path=_CLUSTER)],
    "GET /organization/cluster/{cluster}/sightings": [Call(A.CLUSTER_READ, 200, path=_CLUSTER)],
    "GET /organization/cluster/{cluster}/lines": [Call(A.CLUSTER_READ, 200, path=_CLUSTER)],
    "POST /organization/cluster/{cluster}/lines": [
        Call(A.CLUSTER_MANAGE, 201, path=_CLUSTER, json={"account": "second"})
    ],
    "PATCH /organization/cluster/{cluster}/lines/{line}": [
        Call(A.CLUSTER_MANAGE, 200, path={**_CLUSTER, "line": "@line"}, json={"batch_account": "wing"}),
    ],
    "DELETE /organization/cluster/{cluster}/lines/{line}": [
        Call(A.CLUSTER_MANAGE, 204, path={**_CLUSTER, "line": "@line"}),
    ],
    "POST /organization/cluster/{cluster}/check": [Call(A.CLUSTER_MANAGE, 202, path=_CLUSTER)],
    "GET /organization/cluster/{cluster}/concerned": [Call(A.CLUSTER_MANAGE, 200, path=_CLUSTER)],
    "GET /organization/cluster/{cluster}/report": [Call(A.CLUSTER_READ, 200, path=_CLUSTER)],
    "GET /organization/cluster/{cluster}/shares": [Call(A.CLUSTER_MANAGE, 200, path=_CLUSTER)],
    "POST /organization/cluster/{cluster}/shares": [
        Call(A.CLUSTER_MANAGE, 201, path=_CLUSTER, json={"organization": "rival"})
    ],
    "DELETE /organization/cluster/{cluster}/shares": [Call(A.CLUSTER_MANAGE, 204, path=_CLUSTER)],
}

COSTS: dict[str, list[Call]] = {
    "POST /organization/tariff/effect": [Call(A.TARIFF_MANAGE, 200, json={**_CLUSTER, "core_hour": "0.02"})],
    "GET /organization/tariff/list": [
        Call(A.COST_READ, 200, 200),
        Call(A.COST_READ, 200, query=_CLUSTER),
    ],
    "POST /organization/tariff": [Call(A.TARIFF_MANAGE, 201, json={**_CLUSTER, "core_hour": "0.02"})],
    "POST /organization/tariff/preview": [Call(A.COST_READ, 200, json={**_CLUSTER, "walltime_s": 60})],
    "GET /organization/tariff/{tariff}": [Call(A.COST_READ, 200, path={"tariff": "@tariff"})],
    "DELETE /organization/tariff/{tariff}": [Call(A.TARIFF_MANAGE, 200, path={"tariff": "@tariff"})],
    "GET /organization/budget/list": [Call(A.COST_READ, 200, 200)],
    "POST /organization/budget": [
        Call(A.BUDGET_MANAGE, 201, 201, json={"kind": "organization", "amount": "500"}),
        Call(A.BUDGET_MANAGE, 201, json={"kind": "project", "project": "@project", "amount": "5"}),
        Call(A.BUDGET_MANAGE, 201, json={"kind": "user", "user": "@user", "amount": "5"}),
    ],
    "GET /organization/budget/usage": [
        Call(A.COST_READ, 200, 200),
        Call(A.COST_READ, 200, 200, query={"by": "day"}),
        Call(A.COST_READ, 200, 200, query={"by": "project_week"}),
        Call(A.COST_READ, 200, 200, query={"by": "day_cluster"}),
    ],
    "GET /organization/budget/items": [Call(A.COST_READ, 200, 200)],
    "GET /organization/budget/ledger": [
        Call(A.COST_READ, 200, 200),
        Call(A.COST_READ, 200, 200, query={"execution": "@done"}),
        Call(A.COST_READ, 200, query={"project": "@project"}),
    ],
    "GET /organization/budget/storage": [Call(A.COST_READ, 200, 200)],
    "GET /organization/budget/statement": [
        Call(A.LEDGER_READ, 200, 200, query={"month": "2026-01"}),
        Call(A.LEDGER_READ, 200, query={"month": "2026-01", "project": "@project"}),
    ],
    "GET /organization/budget/statement.csv": [
        Call(A.LEDGER_READ, 200, 200, query={"month": "2026-01"}),
        Call(A.LEDGER_READ, 200, query={"month": "2026-01", "project": "@project"}),
    ],
    "POST /organization/budget/reservation/{execution}": [
        Call(
            ANYONE,
            201,
            path={"execution": "@running"},
            json={"amount": "1"},
            sees=frozenset({A.BUDGET_MANAGE}),
        )
    ],
    "GET /organization/budget/{budget}": [Call(A.COST_READ, 200, path={"budget": "@budget"})],
    "PATCH /organization/budget/{budget}": [
        Call(A.BUDGET_MANAGE, 200, path={"budget": "@budget"}, json={"title": "New"})
    ],
    "DELETE /organization/budget/{budget}": [Call(A.BUDGET_MANAGE, 204, path={"budget": "@budget"})],
}

EXECUTIONS: dict[str, list[Call]] = {
    "GET /organization/decision/list": [
        Call(ANYONE, 200, 200),
        Call(ANYONE, 200, 200, query={"execution": "@running"}),
    ],
    "POST /organization/decision": [Call((A.WORKFLOW_READ, A.WORKFLOW_RUN), 200, json=_WTID)],
    "GET /organization/insights/decisions": [Call(A.COST_READ, 200, 200)],
    "GET /organization/insights/workflows": [Call(ANYONE, 200, 200)],
    "GET /organization/insights/cluster/{cluster}": [Call(A.CLUSTER_READ, 200, path=_CLUSTER)],
    "GET /organization/insights/cluster/{cluster}/failures": [Call(A.CLUSTER_READ, 200, path=_CLUSTER)],
    "GET /organization/insights/names": [Call(ANYONE, 200, 200, query={"id": "@cluster"})],
    "GET /organization/decision/policy": [Call(ANYONE, 200, 200)],
    "PUT /organization/decision/policy": [Call(A.ORGANIZATION_MANAGE, 200, 200, json={"policy": "greenest"})],
    "GET /organization/decision/report": [Call(ANYONE, 200, 200)],
    "GET /organization/decision/history": [Call(ANYONE, 200, 200)],
    "GET /organization/decision/{decision_id}": [Call(ANYONE, 200, path={"decision_id": "@decision"}, sees=_ALL)],
    "POST /organization/workflow/submit": [
        Call((A.WORKFLOW_READ, A.WORKFLOW_RUN), 202, json=_WTID),
        Call((A.WORKFLOW_READ, A.WORKFLOW_RUN), 202, json={**_WTID, "project": "@project"}),
    ],
    "GET /organization/draft/list": [Call(ANYONE, 200, 200)],
    "GET /organization/draft/{draft}": [Call(ANYONE, 404, 404, path=_DRAFT)],
    "PUT /organization/draft/{draft}": [
        Call((A.WORKFLOW_RUN, A.WORKFLOW_READ), 200, path=_DRAFT, json={"asked": _WTID})
    ],
    "DELETE /organization/draft/{draft}": [Call(ANYONE, 404, 404, path=_DRAFT)],
    "GET /organization/workflow/executions": [
        Call(ANYONE, 200, 200),
        Call(ANYONE, 200, 200, query={"workflow": "@workflow"}),
    ],
    "GET /organization/workflow/running": [Call(ANYONE, 200, 200)],
    "GET /organization/workflow/{wid}": [Call(ANYONE, 200, path=_WID, sees=_ALL)],
    "DELETE /organization/workflow/{wid}": [Call(A.EXECUTION_CANCEL_ALL, 202, path=_WID, sees=_ALL)],
    "PUT /organization/workflow/{wid}/notices": [Call(ANYONE, 403, path=_WID, json={"notices": ["mail"]}, sees=_ALL)],
    "POST /organization/workflow/{wid}/restart": [
        Call((A.EXECUTION_CANCEL_ALL, A.WORKFLOW_RUN), 202, path=_DONE, json={"from": "say"}, sees=_ALL),
    ],
    "GET /organization/workflow/{wid}/attempts": [Call(ANYONE, 200, path=_DONE, sees=_ALL)],
    "GET /organization/workflow/{wid}/jobs": [Call(ANYONE, 200, path=_DONE, sees=_ALL)],
    "GET /organization/workflow/{wid}/usage": [Call(ANYONE, 200, path=_DONE, sees=_ALL)],
    "GET /organization/workflow/{wid}/results": [Call(ANYONE, 200, path=_DONE, sees=_ALL)],
    "GET /organization/workflow/{wid}/cost": [Call(ANYONE, 200, path=_DONE, sees=_ALL)],
    "GET /organization/workflow/{wid}/logs": [Call(ANYONE, 200, path=_DONE, sees=_ALL)],
    "GET /organization/workflow/{wid}/logs/{stream}": [
        Call(ANYONE, 200, path={**_DONE, "stream": "stderr"}, sees=_ALL)
    ],
    "GET /organization/workflow/{wid}/logs/{stream}/lines": [
        Call(ANYONE, 200, path={**_DONE, "stream": "stdout"}, sees=_ALL)
    ],
    "GET /organization/workflow/{wid}/logs/{stream}/matches": [
        Call(ANYONE, 200, path={**_DONE, "stream": "stdout"}, query={"search": "a"}, sees=_ALL)
    ],
    "GET /organization/workflow/{wid}/logs/{stream}/text": [
        Call(ANYONE, 200, path={**_DONE, "stream": "stdout"}, sees=_ALL)
    ],
}

_WEBHOOK, _LETTER = {"webhook": "@webhook"}, {"webhook": "@webhook", "letter": "@letter"}
_PHONE = {"browser": "psh_0000000000"}  # seen by nobody but whose it is
_BROWSER = {
    "endpoint": "https://push.example/to/lea",
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
_THERE = {"after": "0", "follow": "false"}

EVENTS: dict[str, list[Call]] = {
    "GET /organization/events": [Call(ANYONE, 200, 200, query=_THERE)],
    "GET /organization/workflow/{wid}/events": [Call(ANYONE, 200, path=_DONE, query=_THERE, sees=_ALL)],
    "GET /organization/notice/wish": [Call(ANYONE, 200, 200)],
    "PUT /organization/notice/wish": [Call(ANYONE, 200, 200, json={"ends": True})],
    "GET /organization/notice/list": [Call(A.BUDGET_MANAGE, 200, 200)],
    "GET /organization/notice/cluster/list": [Call(ANYONE, 200, 200)],
    "POST /organization/notice/cluster": [Call(ANYONE, 201, json=_CLUSTER)],
    "DELETE /organization/notice/cluster/{awaited}": [Call(ANYONE, 404, 404, path={"awaited": "awa_0000000000"})],
    "GET /organization/notice/browser/key": [Call(ANYONE, 200, 200)],
    "GET /organization/notice/browser/list": [Call(ANYONE, 200, 200)],
    "POST /organization/notice/browser": [Call(ANYONE, 201, 201, json=_BROWSER)],
    "DELETE /organization/notice/browser/{browser}": [Call(ANYONE, 404, 404, path=_PHONE)],
    "POST /organization/notice/browser/{browser}/test": [Call(ANYONE, 404, 404, path=_PHONE)],
    "GET /organization/webhook/list": [Call(A.ORGANIZATION_MANAGE, 200, 200)],
    "POST /organization/webhook": [
        Call(A.ORGANIZATION_MANAGE, 201, 201, json={"url": "https://hook.example/in", "types": ["job.*"]})
    ],
    "GET /organization/webhook/{webhook}": [Call(A.ORGANIZATION_MANAGE, 200, path=_WEBHOOK)],
    "PATCH /organization/webhook/{webhook}": [Call(A.ORGANIZATION_MANAGE, 200, path=_WEBHOOK, json={"title": "New"})],
    "DELETE /organization/webhook/{webhook}": [Call(A.ORGANIZATION_MANAGE, 204, path=_WEBHOOK)],
    "POST /organization/webhook/{webhook}/secret": [Call(A.ORGANIZATION_MANAGE, 201, path=_WEBHOOK)],
    "POST /organization/webhook/{webhook}/test": [Call(A.ORGANIZATION_MANAGE, 202, path=_WEBHOOK)],
    "GET /organization/webhook/{webhook}/dead": [Call(A.ORGANIZATION_MANAGE, 200, path=_WEBHOOK)],
    "POST /organization/webhook/{webhook}/dead/{letter}/resend": [Call(A.ORGANIZATION_MANAGE, 202, path=_LETTER)],
}

CLIENTS: dict[str, list[Call]] = {
    "GET /organization/admin/clients": [Call(A.TOKEN_MANAGE, 200, 200)],
    "POST /organization/admin/clients": [
        Call(A.TOKEN_MANAGE, 201, json={"name": "fresh", "user": "@program"}),
        Call(A.TOKEN_MANAGE, 201, 201, json={"name": "fresh", "redirect_uris": ["https://a.example/"]}),
    ],
    "PATCH /organization/admin/clients/{client_id}": [
        Call(A.TOKEN_MANAGE, 200, path={"client_id": "@client"}, json={"name": "New"})
    ],
    "DELETE /organization/admin/clients/{client_id}": [Call(A.TOKEN_MANAGE, 204, path={"client_id": "@client"})],
}

OPERATING: dict[str, list[Call]] = {
    "GET /heroes/services": [Call(ANYONE, 200, 200)],
    "GET /heroes/admin/health": [Call(A.PLATFORM_OPERATE, 200, 403)],
    "GET /heroes/admin/logs": [Call(A.PLATFORM_OPERATE, 200, 403)],
    "GET /heroes/admin/logs/text": [Call(A.PLATFORM_OPERATE, 200, 403)],
    "GET /heroes/admin/work": [Call(A.PLATFORM_OPERATE, 200, 403)],
    "GET /heroes/admin/work/{table}": [Call(A.PLATFORM_OPERATE, 200, 403, path={"table": "jobs"})],
    "POST /heroes/admin/work/{table}/{row}/retry": [
        Call(A.PLATFORM_OPERATE, 404, 403, path={"table": "jobs", "row": "job_none"})
    ],
}

AUDIT: dict[str, list[Call]] = {
    "GET /organization/audit/list": [Call(ANYONE, 200, 200), Call(ANYONE, 200, 200, query={"action": "user.*"})],
}

CREDENTIALS: dict[str, list[Call]] = {
    "POST /organization/credential": [Call(ANYONE, 201, 201, json={"title": "alpha"})],
    "GET /organization/credential/list": [
        Call(ANYONE, 200, 200),
        Call(A.TOKEN_MANAGE, 200, 200, query={"everyone": "true"}),
    ],
    "PATCH /organization/credential/{credential_id}": [
        Call(ANYONE, 200, path={"credential_id": "@credential"}, json={"title": "New"}, sees=_MINE)
    ],
    "DELETE /organization/credential/{credential_id}": [
        Call(ANYONE, 204, path={"credential_id": "@credential"}, sees=_MINE)
    ],
}

_ASKED, _ENDED = {"execution_id": "@running"}, {"execution_id": "@done"}

HPCWAAS: dict[str, list[Call]] = {
    "GET /hpcwaas/workflows": [Call(A.WORKFLOW_READ, 200, 200)],
    "POST /hpcwaas/workflows/{workflow_id}": [
        Call((A.WORKFLOW_READ, A.WORKFLOW_RUN), 201, path={"workflow_id": "@workflow"})
    ],
    "GET /hpcwaas/executions/{execution_id}": [Call(ANYONE, 200, path=_ASKED, sees=_ALL)],
    "DELETE /hpcwaas/executions/{execution_id}": [Call(A.EXECUTION_CANCEL_ALL, 202, path=_ASKED, sees=_ALL)],
    "GET /hpcwaas/executions/{execution_id}/logs": [Call(ANYONE, 200, path=_ENDED, query={"timeout": "0"}, sees=_ALL)],
    "POST /hpcwaas/ssh_keys": [Call(ANYONE, 201, 201, json={})],
}

TABLE: dict[str, list[Call]] = {
    **IDENTITY,
    **AUDIT,
    **OPERATING,
    **CLIENTS,
    **CREDENTIALS,
    **HPCWAAS,
    **DATA,
    **WORKFLOWS,
    **CLUSTERS,
    **COSTS,
    **EXECUTIONS,
    **EVENTS,
}
