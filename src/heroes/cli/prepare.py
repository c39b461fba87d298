"""The start's first act, a process of its own: migrate, and with `--demo` add the sample content.

What it prints to standard output is shown to the user when the platform is ready.
"""

import asyncio
import os
import secrets
import sys
from pathlib import Path

from heroes.kit.logins import database_urls
from heroes.kit.migrate import migrate
from heroes.kit.settings import Settings, load
from heroes.parts import load_models

ORGANIZATION = "acme"
USER = "lea"


def main(demo: bool) -> None:
    """Bring the database to this version; safe to repeat."""
    settings = load()
    migrate(database_urls(settings), load_models())
    if demo:
        from heroes import demo as samples

        password, path = first_password(settings)
        if asyncio.run(samples.seed(settings, password)):
            print(f"organization {ORGANIZATION}, user {USER}, password {password if path else '$HEROES_DEMO_PASSWORD'}")
            if path:
                print(f"(shown once; kept in {path})")


def first_password(settings: Settings) -> tuple[str, Path | None]:
    """Return the sample users' password, and where it is kept if it was generated."""
    if settings.demo_password:
        return settings.demo_password.get_secret_value(), None
    path = settings.home / "first-login"
    if path.exists():
        return path.read_text().splitlines()[2].split()[1], path
    password = secrets.token_urlsafe(12)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"organization {ORGANIZATION}\nuser {USER}\npassword {password}\naddress {settings.address}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    return password, path


if __name__ == "__main__":
    main("--demo" in sys.argv[1:])
