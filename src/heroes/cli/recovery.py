"""`heroes reset-password`: the operator of the machine replaces a password that nobody else can."""

import asyncio

from heroes.cli import terminal
from heroes.cli.account import CannotRun
from heroes.cli.backup import database as served
from heroes.cli.serve import plainly
from heroes.kit.db import Database
from heroes.kit.errors import AppError
from heroes.kit.logins import database_urls
from heroes.kit.settings import Settings, load
from heroes.parts import load_models


def reset_password(organization: str, user: str, new: str | None) -> None:
    """Give a user a password, `new` or a one-time one that is printed once; the platform may run meanwhile.

    Who may read the data folder may do this: nobody has to be signed in. Ends the process with 1 and a clear message
    when it cannot.
    """
    with plainly():
        settings = load()
        if not settings.home.is_dir():
            raise CannotRun(f"There is no installation in {settings.home}: set HEROES_HOME.")
        with served(settings):
            try:
                one_time = asyncio.run(_replace(settings, organization, user, new))
            except AppError as error:
                raise CannotRun(error.detail) from None
    terminal.say(f"The password of {user} of {organization} was replaced, and every session of theirs is over.")
    if one_time:
        terminal.say("It is shown once, holds 14 days, and opens nothing but the choice of another:")
        print(one_time)


async def _replace(settings: Settings, organization: str, user: str, new: str | None) -> str | None:
    from heroes.identity.service import organizations, people

    load_models()
    database = Database(database_urls(settings))
    try:
        async with database.worker() as session:
            found = await organizations.named(session, organization)
        if found is None:
            raise CannotRun(f"There is no organization {organization!r} here: `heroes admin organization list`.")
        async with database.app(found.id) as session:
            return await people.replace_password(session, found.id, user, new=new)
    finally:
        await database.close()
