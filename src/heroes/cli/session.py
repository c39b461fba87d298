"""Which platform, as whom: HEROES_URL and HEROES_TOKEN, else what `heroes login` kept."""

import os
import re
from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from heroes.cli import configuration
from heroes.cli.failures import SIGN_IN, USAGE, Stop

if TYPE_CHECKING:
    from heroes.client import Heroes

DEFAULT_URL = "http://127.0.0.1:8080"
_PART_OF_ID = re.compile(r"[a-z]{3}_[0-9a-z]{1,19}")
_opened = ExitStack()


def connect() -> "Heroes":
    """Return a client of the platform in use, signed in. Raises Stop if nobody is."""
    from heroes.client import Heroes

    token = os.environ.get("HEROES_TOKEN")
    if token:
        return _opened.enter_context(Heroes(address(), token=token))
    login = current()
    if login is None:
        raise Stop(f"Nobody is signed in at {address()}. Sign in with: heroes login", SIGN_IN)
    keeper = configuration.FileKeeper(login.key, login.tokens)
    return _opened.enter_context(Heroes(login.url, keeper=keeper))


def stranger(url: str) -> "Heroes":
    """Return a client of a platform, not signed in."""
    from heroes.client import Heroes

    return _opened.enter_context(Heroes(url))


def close() -> None:
    """Close every client."""
    _opened.close()


def current() -> configuration.Login | None:
    """Return the sign-in in use; HEROES_URL picks among those of that address."""
    kept = configuration.read()
    login = kept.login()
    url = os.environ.get("HEROES_URL", "").rstrip("/")
    if not url or (login and login.url == url):
        return login
    return next((one for one in kept.logins.values() if one.url == url), None)


def address() -> str:
    """Return the platform's address."""
    login = configuration.read().login()
    return (os.environ.get("HEROES_URL") or (login.url if login else DEFAULT_URL)).rstrip("/")


def project() -> str | None:
    """Return the project that was chosen with `heroes project use`."""
    if os.environ.get("HEROES_TOKEN"):
        return None
    login = current()
    return login.project if login else None


def whole_id(rows: Iterable[dict[str, Any]], text: str, field: str = "id") -> str:
    """Return the one id that begins with `text`; what does not look like the beginning of an id stays as it is.

    `rows` are asked only if needed. Raises Stop when none or several begin so.
    """
    if not _PART_OF_ID.fullmatch(text):
        return text
    found = [str(row[field]) for row in rows if str(row[field]).startswith(text)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Stop(f"There is nothing whose id begins with {text}.")
    raise Stop(f"{len(found)} ids begin with {text}: {', '.join(found[:5])}{' …' if found[5:] else ''}", USAGE)
