"""Two walls between organizations, each tested with the other one removed."""

import pytest
from people import caller, make_organization, make_project, make_user
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Mapped, mapped_column

from heroes.identity import Caller, visible
from heroes.identity.models import Grant, Organization, Project, SigningKey, Throttle, User
from heroes.identity.service.grants import grant, revoke
from heroes.kit.db import Base, Database, Tenant
from heroes.kit.ids import new_id

pytestmark = pytest.mark.anyio


class Telescope(Tenant, Base):
    """Something that can be shared."""

    __tablename__ = "test_telescopes"
    __shared__ = ("telescope", "id")

    id: Mapped[str] = mapped_column(primary_key=True)
    secret: Mapped[bool] = mapped_column(default=False)

    @classmethod
    def readable(cls, who: Caller):
        return cls.secret.is_(False)


class Mirror(Tenant, Base):
    """A part of what can be shared."""

    __tablename__ = "test_mirrors"
    __shared__ = ("telescope", "telescope_id")

    id: Mapped[str] = mapped_column(primary_key=True)
    telescope_id: Mapped[str]


async def two(database: Database) -> tuple[Organization, Organization]:
    acme, rival = await make_organization(database, "acme"), await make_organization(database, "rival")
    async with database.worker() as session:
        session.add(Telescope(id="acme-1", organization_id=acme.id))
        session.add(Telescope(id="acme-secret", organization_id=acme.id, secret=True))
        session.add(Telescope(id="rival-1", organization_id=rival.id))
        session.add(Mirror(id="acme-mirror", organization_id=acme.id, telescope_id="acme-1"))
    return acme, rival


async def test_the_second_wall_alone_a_query_without_visible_returns_only_own_rows(database: Database):
    acme, rival = await two(database)
    async with database.app(acme.id) as session:
        assert set(await session.scalars(select(Telescope.id))) == {"acme-1", "acme-secret"}
        assert await session.scalar(select(func.count()).select_from(Telescope)) == 2
        assert set(await session.scalars(select(Organization.id))) == {acme.id}
    async with database.app(rival.id) as session:
        assert set(await session.scalars(select(Telescope.id))) == {"rival-1"}


async def test_the_first_wall_alone_visible_returns_only_own_rows_through_the_workers_login(database: Database):
    acme, _ = await two(database)
    who = await caller(database, acme)
    async with database.worker() as session:
        assert await session.scalar(select(func.count()).select_from(Telescope)) == 3
        assert [row.id for row in await session.scalars(visible(Telescope, who))] == ["acme-1"]
        assert [row.id for row in await session.scalars(visible(User, who))] == [who.user_id]


async def test_without_an_organization_no_tenants_row_is_seen(database: Database):
    await two(database)
    async with database.app(None) as session:
        for model in (Telescope, Organization, User, Project, Grant):
            assert await session.scalar(select(func.count()).select_from(model)) == 0


async def test_the_organization_does_not_outlive_its_transaction(database: Database):
    acme, _ = await two(database)
    async with database.app(acme.id) as session:
        await session.scalars(select(Telescope.id))
    async with database.app(None) as session:
        assert await session.scalar(select(func.count()).select_from(Telescope)) == 0


async def test_a_row_cannot_be_written_into_another_organization(database: Database):
    acme, rival = await two(database)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.app(acme.id) as session:
            await session.execute(insert(Telescope).values(id="planted", organization_id=rival.id, secret=False))
    async with database.app(acme.id) as session:
        changed = await session.execute(update(Telescope).where(Telescope.id == "rival-1").values(secret=True))
        assert changed.rowcount == 0
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.app(acme.id) as session:
            await session.execute(update(Telescope).where(Telescope.id == "acme-1").values(organization_id=rival.id))


@pytest.mark.parametrize("grantee", ["organization", "everyone"])
async def test_a_grant_opens_one_object_and_its_parts_through_both_walls(database: Database, grantee: str):
    acme, rival = await two(database)
    owner, other = await caller(database, acme), await caller(database, rival, "eve")
    async with database.app(acme.id) as session:
        target = rival.id if grantee == "organization" else None
        await grant(
            session, owner, object_type="telescope", object_id="acme-1", grantee_type=grantee, grantee_id=target
        )
    for login in (database.app(rival.id), database.worker()):
        async with login as session:
            assert set(await session.scalars(visible(Telescope, other).with_only_columns(Telescope.id))) == {
                "acme-1",
                "rival-1",
            }
            assert [row.id for row in await session.scalars(visible(Mirror, other))] == ["acme-mirror"]
    async with database.app(rival.id) as session:
        assert set(await session.scalars(select(Telescope.id))) == {"acme-1", "rival-1"}
        changed = await session.execute(update(Telescope).where(Telescope.id == "acme-1").values(secret=True))
        assert changed.rowcount == 0
        removed = await session.execute(text("DELETE FROM grants"))
        assert removed.rowcount == 0
    async with database.app(acme.id) as session:
        await revoke(session, owner, object_type="telescope", object_id="acme-1")
    async with database.app(rival.id) as session:
        assert set(await session.scalars(select(Telescope.id))) == {"rival-1"}


async def test_a_grant_to_a_third_organization_opens_nothing_to_the_second(database: Database):
    acme, rival = await two(database)
    third = await make_organization(database, "third")
    owner, other = await caller(database, acme), await caller(database, rival, "eve")
    async with database.app(acme.id) as session:
        await grant(
            session,
            owner,
            object_type="telescope",
            object_id="acme-1",
            grantee_type="organization",
            grantee_id=third.id,
        )
    for login in (database.app(rival.id), database.worker()):
        async with login as session:
            assert [row.id for row in await session.scalars(visible(Telescope, other))] == ["rival-1"]
    async with database.app(rival.id) as session:
        assert set(await session.scalars(select(Telescope.id))) == {"rival-1"}
        assert await session.scalar(select(func.count()).select_from(Grant)) == 0


async def test_a_forged_grant_on_anothers_object_cannot_be_written_for_its_owner(database: Database):
    acme, rival = await two(database)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.app(rival.id) as session:
            session.add(
                Grant(
                    id=new_id("grt"),
                    organization_id=acme.id,
                    object_type="telescope",
                    object_id="acme-1",
                    grantee_type="organization",
                    grantee_id=rival.id,
                    grantee_organization_id=rival.id,
                )
            )


async def test_a_grant_of_ones_own_opens_nothing_of_anothers(database: Database):
    _, rival = await two(database)
    thief = await caller(database, rival, "eve")
    async with database.app(rival.id) as session:
        await grant(
            session,
            thief,
            object_type="telescope",
            object_id="acme-1",
            grantee_type="organization",
            grantee_id=rival.id,
        )
    async with database.app(rival.id) as session:
        assert set(await session.scalars(select(Telescope.id))) == {"rival-1"}
    async with database.worker() as session:
        assert [row.id for row in await session.scalars(visible(Telescope, thief))] == ["rival-1"]


async def test_a_project_grant_reaches_its_members_only(database: Database):
    acme, _ = await two(database)
    wing = await make_project(database, acme)
    owner = await caller(database, acme, "tom")
    member = await caller(database, acme, "lea", [("engineer", wing.id)])
    async with database.app(acme.id) as session:
        row = await grant(
            session, owner, object_type="telescope", object_id="acme-1", grantee_type="project", grantee_id=wing.id
        )
    assert row.grantee_organization_id == acme.id
    assert wing.id in member.projects
    assert wing.id not in owner.projects


async def test_the_apis_login_cannot_read_keys_hashes_of_others_or_the_throttle(database: Database):
    await two(database)
    async with database.app(None) as session:
        assert (await session.scalars(select(SigningKey.id))).all() == []
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.app(None) as session:
            await session.scalars(select(Throttle.id))
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.app(None) as session:
            session.add(SigningKey(id="mine", public_key={}, wrapped_key=b"", sealed=b""))
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.app(None) as session:
            await session.execute(text("SELECT heroes_person('anybody')"))


async def test_every_function_that_passes_the_wall_has_a_pinned_search_path_and_is_closed_to_the_public(
    database: Database,
):
    asked = text(
        "SELECT proname, proconfig, has_function_privilege('public', oid, 'EXECUTE') AS public"
        " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    async with database.worker() as session:
        found = (await session.execute(asked)).all()
    assert {row.proname for row in found} >= {"heroes_login", "heroes_session", "heroes_token", "heroes_refresh"}
    assert [row.proname for row in found if row.public] == []
    assert [row.proname for row in found if not any("search_path=" in item for item in row.proconfig or [])] == []


async def test_the_organizations_of_the_platform_are_told_to_the_platform_alone(database: Database):
    acme, _ = await two(database)
    home = await make_organization(database, "heroes", platform=True)
    asked = text("SELECT name FROM heroes_organizations() ORDER BY name")
    async with database.app(acme.id) as session:
        assert (await session.scalars(asked)).all() == []
        made = await session.execute(text("SELECT id FROM heroes_organization_create('org_x', 'x', '', 'a@b', 'h')"))
        assert made.all() == []
    async with database.app(home.id) as session:
        assert (await session.scalars(asked)).all() == ["acme", "heroes", "rival"]


async def test_the_worker_login_sees_all_users_and_the_app_login_its_own(database: Database):
    acme, rival = await two(database)
    await make_user(database, acme, "lea")
    await make_user(database, rival, "lea")
    async with database.worker() as session:
        assert await session.scalar(select(func.count()).select_from(User)) == 2
    async with database.app(acme.id) as session:
        assert (await session.scalars(select(User.organization_id))).all() == [acme.id]
