"""Mails about budgets, through a mail server that speaks SMTP over a socket."""

from collections.abc import AsyncIterator
from decimal import Decimal
from mailbox import Mailbox, mailbox
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from centre import world_of
from people import caller, login, make_app, make_client, make_organization, make_project, make_user
from pydantic import SecretStr
from sqlalchemy import select, update
from test_costs import Firm, _cluster

from heroes.costs.rules import AtLimit, BudgetKind, Quantities
from heroes.events import service
from heroes.events.models import Notice
from heroes.events.routes import router
from heroes.events.rules import DELAYS
from heroes.events.steps import mail_server, registrations
from heroes.identity.models import User
from heroes.kit.db import Database, heroes_now
from heroes.kit.settings import Settings, SettingsError
from heroes.kit.work import Work

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as opened:
        yield opened


@pytest.fixture
async def firm(database: Database) -> Firm:
    organization = await make_organization(database)
    project = await make_project(database, organization)
    lea = await caller(database, organization, "lea", [("engineer", project.id)])
    bea = await caller(database, organization, "bea", ["billing_admin"])
    return Firm(database, organization, project, lea, bea, *await _cluster(database, organization.id, "alpha"))


async def post(firm: Firm, box: Mailbox | None) -> None:
    """Number what happened, and send what is due, as a worker does; `box` None: there is no mail server."""
    url = SecretStr(box.url) if box else None
    settings = SimpleNamespace(smtp_url=url, amqp_url=None, address="https://heroes.acme.example", webhook_private=True)
    parts = cast("Any", SimpleNamespace(settings=settings, database=firm.database, secrets=None))
    async with firm.database.worker() as session:
        await service.relay(session, mail=box is not None)
    [mine] = [one for one in registrations(parts) if one.model is Notice]
    await Work(firm.database, [mine]).until_idle()


async def soon(firm: Firm) -> None:
    async with firm.database.worker() as session:
        await session.execute(update(Notice).where(Notice.due_at.is_not(None)).values(due_at=heroes_now()))


async def notices(firm: Firm) -> list[Notice]:
    async with firm.database.worker() as session:
        return list(await session.scalars(select(Notice).order_by(Notice.id)))


async def test_who_keeps_budgets_is_written_to_once_when_a_threshold_is_reached(firm: Firm, box: Mailbox):
    await firm.budget(100, title="Wing\nBcc: all@acme.example")
    await firm.reserve(85)
    await post(firm, box)
    await post(firm, box)
    [mail] = box.taken
    assert box.to == ["bea@acme.example"]
    assert mail["Subject"] == "HEROES: the budget “Wing Bcc: all@acme.example” of the project wing has reached 80 %"
    assert (mail["From"], mail["Bcc"], mail["Auto-Submitted"]) == ("hpc@acme.example", None, "auto-generated")
    text = mail.get_content()
    assert "Reserved   85.00 EUR" in text
    assert "Left       15.00 EUR" in text
    assert "https://heroes.acme.example" in text
    [notice] = await notices(firm)
    assert notice.sent_at is not None


@pytest.mark.parametrize(("script", "words"), [("exit 0", "has finished"), ("exit 3", "has failed")])
async def test_who_wants_it_is_written_to_once_when_a_run_of_their_own_ends(
    database: Database, box: Mailbox, tmp_path: Path, script: str, words: str
):
    async with world_of(database, tmp_path) as world:
        await make_user(database, world.organization, "ann", ["engineer", ("engineer", world.project.id)])
        world.client._transport.app.include_router(router)  # type: ignore[attr-defined]
        await world.centre("alpha")
        steps = f"only:\n  script: {script}\n  resources: {{walltime: 60}}"

        async def mails(wid: str) -> int:
            await world.ended(wid)
            await post(cast("Any", world), box)
            await post(cast("Any", world), box)
            return len(box.taken)

        assert await mails(await world.submit(steps)) == 0  # nobody asked
        asked = await world.client.put("/organization/notice/wish", json={"ends": True})
        where = {"address": "lea@acme.example", "server": False, "language": "en"}
        assert asked.json() == {"ends": True, "page": True, "browser": False, **where}
        wid = await world.submit(steps)
        assert await mails(wid) == 1
        [mail] = box.taken
        assert (box.to, mail["Subject"]) == (["lea@acme.example"], f"HEROES: probe {words}")
        text = mail.get_content()
        assert f"https://heroes.acme.example/o/acme/executions/{wid}" in text
        assert "Cluster    alpha" in text
        assert "EUR" in text
        assert "Energy     not measured" in text
        assert ("exit code 3" in text) is (words == "has failed")
        assert (await world.client.get("/organization/notice/list")).status_code == 403
        german = await world.client.put("/organization/notice/wish", json={"ends": True, "language": "de"})
        assert german.json()["language"] == "de"
        await world.client.put("/organization/notice/wish", json={"ends": True})  # it stays
        assert await mails(await world.submit(steps)) == 2
        said = {"has finished": "ist fertig", "has failed": "ist fehlgeschlagen"}[words]
        assert box.taken[-1]["Subject"] == f"HEROES: probe {said}"
        assert "Energie     nicht gemessen" in box.taken[-1].get_content()
        await world.client.put("/organization/notice/wish", json={"ends": False})
        assert await mails(await world.submit(steps)) == 2
        assert await mails(await world.submit(steps, notices=["mail", "page"])) == 3  # of this run alone
        await world.client.put("/organization/notice/wish", json={"ends": True})
        assert await mails(await world.submit(steps, notices=[])) == 3
        later = await world.submit(steps, notices=["page"])
        changed = await world.client.put(f"/organization/workflow/{later}/notices", json={"notices": ["mail"]})
        assert (changed.status_code, changed.json()["notices"]) == (200, ["mail"])
        assert await mails(later) == 4
        after = await world.client.put(f"/organization/workflow/{later}/notices", json={"notices": None})
        assert (after.status_code, after.json()["code"]) == (409, "ended")


async def test_the_owner_of_a_users_budget_is_written_to_as_well(firm: Firm, box: Mailbox):
    await firm.budget(100, BudgetKind.USER)
    await firm.reserve(85)
    await post(firm, box)
    assert sorted(box.to) == ["bea@acme.example", "lea@acme.example"]


async def test_the_mail_about_a_limit_says_what_happens_now(firm: Firm, box: Mailbox):
    told = await firm.budget(100, policy=AtLimit.CANCEL_RUNNING, limit_percent=20, thresholds=())
    tariff = await firm.tariff(core_hour=1)
    execution = await firm.reserve(40)
    order = await firm.draw(execution, 30, tariff)
    await firm.settle(execution, str(order), Quantities(core_s=Decimal(30 * 3600)))
    await post(firm, box)
    [mail] = box.taken
    assert mail["Subject"].endswith("has reached its limit of 20 %")
    assert "what runs on it is cancelled" in mail.get_content()
    assert told.budget.id == (await notices(firm))[0].subject


async def test_a_server_that_is_busy_or_away_is_tried_again_and_the_mail_comes_once(firm: Firm, box: Mailbox):
    box.says = [451]
    await firm.budget(100)
    await firm.reserve(85)
    await post(firm, box)
    [notice] = await notices(firm)
    assert (notice.attempts, notice.sent_at, notice.trouble) == (1, None, "The mail server answered 451 Not now")
    away, box.port = box.port, 1
    await soon(firm)
    await post(firm, box)
    [notice] = await notices(firm)
    assert notice.attempts == 2
    assert "does not answer" in (notice.trouble or "")
    box.port = away
    await soon(firm)
    await post(firm, box)
    assert len(box.taken) == 1
    assert (await notices(firm))[0].trouble is None


async def test_tries_have_a_bound_and_what_was_given_up_is_shown_with_its_reason(firm: Firm, box: Mailbox):
    box.says = [451] * 50
    await firm.budget(100)
    await firm.reserve(85)
    for _ in range(len(DELAYS) + 3):
        await post(firm, box)
        await soon(firm)
    assert box.offered == len(DELAYS) + 1
    async with firm.database.worker() as session:
        bea = (await session.scalars(select(User).where(User.username == "bea"))).one()
    async with make_client(make_app(firm.database, router)) as client:
        await login(client, bea)
        [told] = (await client.get("/organization/notice/list")).json()
    assert (told["state"], told["attempts"], told["percent"]) == ("failed", len(DELAYS) + 1, 80)
    assert told["trouble"] == "The mail server answered 451 Not now"
    assert told["trouble_why"] == {"code": "mail_server_answered", "facts": {"status": 451, "said": "Not now"}}


async def test_what_the_server_will_never_take_is_given_up_at_once(firm: Firm, box: Mailbox):
    box.says = [550]
    await firm.budget(100)
    await firm.reserve(85)
    await post(firm, box)
    await soon(firm)
    await post(firm, box)
    assert box.offered == 1


async def test_who_has_left_or_has_no_address_is_not_written_to(firm: Firm, box: Mailbox):
    await make_user(firm.database, firm.organization, "ben", ["billing_admin"])
    async with firm.database.worker() as session:
        await session.execute(update(User).where(User.username == "bea").values(email=""))
        await session.execute(update(User).where(User.username == "ben").values(enabled=False))
    await firm.budget(100)
    await firm.reserve(85)
    await post(firm, box)
    assert box.offered == 0
    [notice] = await notices(firm)
    assert notice.trouble == "This user has no e-mail address."


async def test_without_a_mail_server_nobody_is_to_be_written_to(firm: Firm):
    await firm.budget(100)
    await firm.reserve(85)
    await post(firm, None)
    assert await notices(firm) == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://mail.example", "write smtp://"),
        ("smtp://", "write smtp://"),
        ("smtp://lea:secret@mail.example", "not sent in clear"),
        ("smtps://lea@mail.example", "both user and password"),
        ("smtps://mail.example?from=a%20b", "no e-mail address"),
    ],
)
def test_a_wrong_address_of_the_mail_server_is_refused_at_the_start(url: str, words: str):
    with pytest.raises((SettingsError, ValueError), match=words) as caught:
        mail_server(Settings(smtp_url=SecretStr(url)).smtp_url)
    assert "secret" not in str(caught.value)
