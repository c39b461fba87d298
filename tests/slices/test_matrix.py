"""Every route, as a stranger, as somebody of another organization, and in each role: the real application, all at once.

A new route without an entry in `matrix_routes` fails here.
"""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from any_input import play
from joserfc import jwt
from matrix_routes import OPEN, TABLE, Call
from matrix_stage import Stage, staged
from matrix_world import V1, World
from people import login, make_client
from same_work import elsewhere, shown, traced
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from heroes.identity.door import keyring_of
from heroes.identity.keys import ALGORITHM
from heroes.identity.rules import ROLES
from heroes.identity.rules import Action as A
from heroes.identity.service import sessions
from heroes.kit.db import Base
from heroes.kit.postgres import DatabaseUrls

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
CALLS = [(name, number, call) for name, calls in TABLE.items() for number, call in enumerate(calls)]
NAMES = [f"{name} {number}".replace("/organization", "") for name, number, _ in CALLS]
EXAMPLES = 3  # of each kind and operation; every role and more of them: python -m bench generated
LOOKS = [one for one in CALLS if one[0].startswith(("GET ", "HEAD ")) and one[2].foreign == 404 and one[2].words()]


@pytest.fixture(scope="module")
async def stage(database_urls: DatabaseUrls, anyio_backend: str) -> AsyncIterator[Stage]:
    async with staged(database_urls) as ready:
        yield ready


def operations(world: World) -> dict[str, dict[str, Any]]:
    """Every operation of the platform's API, as its document names them."""
    paths = world.app.openapi()["paths"]
    return {
        f"{verb.upper()} {path.removeprefix(V1)}": told for path, verbs in paths.items() for verb, told in verbs.items()
    }


async def test_every_route_has_an_entry_and_every_entry_a_route(stage: Stage):
    known = set(operations(stage.world))
    print(f"\n{len(known)} routes, {len(CALLS)} requests, {len(CALLS) * (len(ROLES) + 3)} answers checked")
    assert known - set(TABLE) == set(), "routes without an entry in matrix_routes"
    assert set(TABLE) - known == set(), "entries without a route"


@pytest.mark.parametrize(("name", "number", "call"), CALLS, ids=NAMES)
async def test_a_stranger_is_asked_to_sign_in(stage: Stage, name: str, number: int, call: Call):
    answer = await stage.ask(stage.world.stranger(), name, call, stage.acme.by("id"))
    assert answer.status_code == (call.status if call.needs == OPEN else 401), answer.text


@pytest.mark.parametrize(("name", "number", "call"), CALLS, ids=NAMES)
async def test_another_organization_learns_nothing(stage: Stage, name: str, number: int, call: Call):
    client = await stage.world.client("eve", stage.world.rival)
    for kind in ("id", "name"):
        answer = await stage.ask(client, name, call, stage.acme.by(kind))
        assert answer.status_code == call.foreign, f"by {kind}: {answer.text}"
        sent = str(answer.request.url) + str(answer.request.read())
        told = [secret for secret in stage.acme.secrets() if secret in answer.text and secret not in sent]
        assert told == [], f"by {kind}: {answer.text}"


@pytest.mark.parametrize(("name", "number", "call"), CALLS, ids=NAMES)
async def test_each_role_may_exactly_what_it_grants(stage: Stage, name: str, number: int, call: Call):
    wrong = []
    for role, actions in ROLES.items():
        status, missing = call.answer(actions)
        answer = await stage.ask(await stage.as_role(role), name, call, stage.objects(role).by("id"))
        told = answer.json() if answer.status_code >= 400 and answer.content else {}
        names_right = name.startswith("HEAD ") or "errors" in told or told.get("action") == missing
        if answer.status_code != status or (missing and not names_right):
            wrong.append(f"{role}: wanted {status} {missing or ''}, got {answer.status_code} {answer.text[:300]}")
    assert not wrong, "\n" + "\n".join(wrong)


async def test_what_a_run_was_charged_is_told_to_who_began_it_and_to_who_keeps_the_books_everywhere_alike(stage: Stage):
    everybody = {"lea": stage.acme} | {role: stage.objects(role) for role in ROLES}
    for name, objects in everybody.items():
        client, wid = await stage.world.client(name, objects.organization), objects.by("id")["done"]
        mine = "organization/workflow"
        shown = await client.get(f"{mine}/{wid}/cost")
        reads = name == "lea" or A.EXECUTION_READ_ALL in ROLES[name]
        assert shown.status_code == (200 if reads else 404), name
        if not reads:
            continue
        listed = (await client.get(f"{mine}/executions", params={"search": wid})).json()
        [job] = (await client.get(f"{mine}/{wid}/jobs")).json()
        told = shown.json()
        amounts = told["charged"], told["reserved"], told["overrun"], job["cost"], listed[0]["figures"]["charged"]
        keeps = name == "lea" or A.LEDGER_READ in ROLES[name]
        assert [amount is not None for amount in amounts] == [keeps] * len(amounts), name
        assert bool(told["lines"]) == bool(told["lines_total"]) == keeps, name
        assert told["currency"] == "EUR", name


async def test_a_token_is_taken_from_either_header_and_at_either_mount(stage: Stage):
    signed = await stage.world.client("lea")
    bearer = signed.headers["Authorization"]
    raw = bearer.removeprefix("Bearer ")
    client = stage.world.stranger()
    for path in ("/organization/auth/me", V1 + "/organization/auth/me"):
        for headers in ({"Authorization": bearer}, {"token": raw}, {"token": bearer}):
            answer = await client.get(f"http://test{path}", headers=headers)
            assert answer.json()["preferred_username"] == "lea", headers.keys()
        for headers in ({"Authorization": "Bearer x"}, {"token": "x"}, {"Authorization": "Basic bGVhOng="}, {}):
            assert (await client.get(f"http://test{path}", headers=headers)).status_code == 401, headers


async def test_a_role_in_one_project_reaches_nothing_of_another(stage: Stage):
    inside, client = await stage.world.client("insider"), await stage.world.client("outsider")
    names = stage.acme.by("id")
    for name in (
        "GET /organization/workflow/{wid}",
        "DELETE /organization/workflow/{wid}",
        "GET /organization/decision/{decision_id}",
    ):
        call = TABLE[name][0]
        assert (await stage.ask(inside, name, call, names)).status_code == call.status, name
        assert (await stage.ask(client, name, call, names)).status_code == 404, name
    for name, calls in TABLE.items():
        if name.split(" ")[1].startswith("/organization/data/") and "@bucket" in calls[0].words():
            answer = await stage.ask(client, name, calls[0], names)
            assert answer.status_code == 404, f"{name}: {answer.text}"


async def test_a_one_time_password_opens_the_password_change_alone(stage: Stage):
    world = stage.world
    user = world.users["acme", "newcomer"]
    client = await login(make_client(world.app), user)
    async with client:
        for name, calls in TABLE.items():
            call = calls[0]
            if call.needs == OPEN or name.endswith("/auth/password"):
                continue
            answer = await stage.ask(client, name, call, stage.acme.by("id"))
            assert answer.status_code == 403, name
            if not name.startswith("HEAD "):  # its answer has no body
                told = answer.json()
                code = told["errors"][0]["id"] if "errors" in told else told.get("code")
                assert code == "password_change_required", name
        password = "POST /organization/auth/password"
        assert (await stage.ask(client, password, TABLE[password][0], {})).status_code == 422


async def worthless(stage: Stage) -> dict[str, str]:
    """Return tokens of an engineer's that open nothing, by what is wrong with them."""
    world = stage.world
    keyring, user = keyring_of(world.app), world.users["acme", "engineer"]
    async with world.database.app(user.organization_id) as session:
        ended, _ = await sessions.open_session(session, user.organization_id, user.id)
        live, _ = await sessions.open_session(session, user.organization_id, user.id)
        await sessions.end_sessions(session, user.id, "logout", only=ended)
    claims = {"sub": user.id, "sid": live}
    kid, key = await signer(keyring)
    whole = jwt.decode(await keyring.sign(claims), key, algorithms=[ALGORITHM])
    header = {"alg": ALGORITHM, "kid": kid, "typ": "at+jwt"}

    def forged(**changes: Any) -> str:
        return jwt.encode({**header, **changes.pop("header", {})}, {**whole.claims, **changes}, key)

    assert (await bearing(stage, forged()).get("organization/auth/me")).status_code == 200, "the forgery itself works"
    return {
        "revoked": await keyring.sign({**claims, "sid": ended}),
        "expired": await keyring.sign(claims, lifetime_s=-60),
        "not yet valid": forged(nbf=whole.claims["exp"]),
        "for another audience": forged(aud="elsewhere"),
        "of another issuer": forged(iss="https://elsewhere.example"),
        "no access token": forged(header={"typ": "JWT"}),
        "an unknown personal token": "heroes_pat_" + "x" * 43,
    }


async def signer(keyring: Any) -> tuple[str, Any]:
    await keyring.sign({})
    return keyring._signer


def bearing(stage: Stage, token: str) -> httpx.AsyncClient:
    client = stage.world.stranger()
    client.headers["Authorization"] = f"Bearer {token}"
    return client


async def test_a_token_that_is_over_or_meant_for_others_opens_no_route(stage: Stage):
    asked, leaks = 0, []
    for why, token in (await worthless(stage)).items():
        client = bearing(stage, token)
        for name, _, call in CALLS:
            if call.needs == OPEN:
                continue
            answer = await stage.ask(client, name, call, stage.acme.by("id"))
            asked += 1
            if answer.status_code != 401 or "WWW-Authenticate" not in answer.headers:
                leaks.append(f"{why}: {name}: {answer.status_code}")
    print(f"\n{asked} requests with worthless tokens, {len(leaks)} leaks")
    assert not leaks


async def test_straight_at_the_database_nothing_of_another_is_read_changed_or_removed(stage: Stage):
    world, probes, rows, leaks = stage.world, 0, 0, []
    tenants = [table for table in Base.metadata.sorted_tables if "organization_id" in table.c]
    for table in tenants:
        of_acme = table.c.organization_id == world.acme.id
        count = select(func.count()).select_from(table).where(of_acme)
        async with world.database.worker() as session:
            rows += (there := await session.scalar(count) or 0)
        if there == 0:
            continue
        for act in (
            count,
            update(table).where(of_acme).values(organization_id=world.acme.id),
            delete(table).where(of_acme),
        ):
            reached = await straight(stage, act)
            probes += 1
            if reached:
                leaks.append(f"{table.name}: {reached} rows by {type(act).__name__}")
    print(f"\n{probes} probes of {len(tenants)} tables with {rows} rows of another organization, {len(leaks)} leaks")
    assert rows > 100, "there is something to leak"
    assert not leaks


async def straight(stage: Stage, act: Any) -> int:
    """Return how many rows a statement reaches with the API's own login, as the rival, past every `visible`."""
    world = stage.world
    world.database.undoing = True
    try:
        async with world.database.app(world.rival.id) as session:
            result = await session.execute(act)
            return int(result.scalar_one()) if act.is_select else int(result.rowcount)
    except DBAPIError:  # not even the right to try
        return 0
    finally:
        world.database.undoing = False


@pytest.mark.parametrize(("name", "number", "call"), LOOKS, ids=[f"{name} {number}" for name, number, _ in LOOKS])
async def test_not_yours_and_not_there_do_the_same_work(stage: Stage, name: str, number: int, call: Call):
    eve = await stage.world.client("eve", stage.world.rival)
    for kind in ("id", "name"):
        theirs = stage.acme.by(kind)
        nobodys = {key: elsewhere(value) for key, value in theirs.items()}
        await stage.ask(eve, name, call, nobodys)  # whatever is looked up once for a process is known now
        traces, answers = [], []
        for names in (theirs, nobodys):
            with traced(stage) as trace:
                answers.append(await stage.ask(eve, name, call, names))
            traces.append(trace.asked)
        assert answers[0].status_code == 404
        assert traces[0] == traces[1], f"by {kind}"
        assert len(traces[0]) > 1
        words = (*theirs.values(), *nobodys.values())
        assert shown(answers[0], *words) == shown(answers[1], *words), f"by {kind}"


async def test_every_operation_answers_as_documented_whatever_it_is_sent(stage: Stage):
    found = await play(stage, ["root", "engineer", "solution_admin"], examples=EXAMPLES)
    print(f"\n{found.asked} generated requests, answers {dict(sorted(found.statuses.items()))}")
    assert found.asked > 1000
    assert not found.faults, "\n\n".join(found.told())
