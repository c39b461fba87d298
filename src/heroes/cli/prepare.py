"""The start's first act, a process of its own: migrate, lay the foundation, with `--demo` add the sample content.

What it prints to standard output is shown to the user when the platform is ready.
"""

import asyncio
import os
import secrets
import sys
from pathlib import Path

from heroes import demo as samples
from heroes import foundation
from heroes.compose import compose
from heroes.kit.logins import database_urls
from heroes.kit.migrate import migrate
from heroes.kit.settings import Settings, load
from heroes.parts import load_models


def main(demo: bool) -> None:
    """Bring the database to this version and see to what it must hold; safe to repeat."""
    settings = load()
    migrate(database_urls(settings), load_models())
    login = ("acme", "lea") if demo else (foundation.PLATFORM, foundation.ADMINISTRATOR)
    kept = (settings.home / "first-login").exists()
    password, path = first_password(settings, *login)
    if asyncio.run(fill(settings, password, demo)):
        print("organization {}, user {},".format(*login), f"password {password if path else '$HEROES_DEMO_PASSWORD'}")
        if path:
            print(f"(shown once; kept in {path})")
    elif path and not kept:
        path.unlink()  # somebody removed the first one, as they should: a new one would open nothing


async def fill(settings: Settings, password: str, demo: bool) -> bool:
    """Add what every installation has, and with `demo` the sample content; return whether anything was new."""
    parts = compose(settings)
    try:
        async with parts.database.worker() as session:
            founded = await foundation.lay(session, settings, password)
            seeded = demo and await samples.seed(session, parts, password)
            return founded or seeded
    finally:
        await parts.database.close()


def first_password(settings: Settings, organization: str, user: str) -> tuple[str, Path | None]:
    """Return the first users' password, and where it is kept if it was generated."""
    if settings.demo_password:
        return settings.demo_password.get_secret_value(), None
    path = settings.home / "first-login"
    if path.exists():
        return path.read_text().splitlines()[2].split()[1], path
    password = secrets.token_urlsafe(12)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"organization {organization}\nuser {user}\npassword {password}\naddress {settings.address}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    return password, path


if __name__ == "__main__":
    main("--demo" in sys.argv[1:])
