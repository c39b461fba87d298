"""Sign in, sign out, who am I, is the platform well."""

import os
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from heroes import __version__
from heroes.cli import configuration, session, terminal
from heroes.cli.failures import SIGN_IN, USAGE, Stop
from heroes.cli.output import Column, Item, shown
from heroes.cli.terminal import say
from heroes.cli.tree import noun

if TYPE_CHECKING:
    from heroes.client import Heroes

app = noun("Sign in.")

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@app.command()
def login(
    address: Annotated[str | None, typer.Argument(help="Address of the platform.", envvar="HEROES_URL")] = None,
    organization: Annotated[str | None, typer.Option("--organization", "--org", help="Your organization.")] = None,
    user: Annotated[str | None, typer.Option("--user", "-u", help="Your user name.")] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    device: Annotated[bool, typer.Option("--device", help="Sign in on a web page, here or on another device.")] = False,
) -> None:
    """Sign in to a platform.

    With --device a page is named on which you sign in, so that no password is typed here.

    Without a terminal, give --organization and --user, and the password in HEROES_PASSWORD or by --password-stdin.
    A one-time password leads to asking for a new one (or give it in HEROES_NEW_PASSWORD).
    """
    last = session.current()
    password = sys.stdin.readline().rstrip("\n") if password_stdin else os.environ.get("HEROES_PASSWORD")
    url = _address(address or _asked("Address", "the address", last.url if last else session.DEFAULT_URL))
    if device:
        _kept(url, *_by_device(url))
        return
    organization = organization or _asked("Organization", "--organization", last.organization if last else None)
    user = user or _asked("User", "--user", last.user if last else None)
    if password is None:
        if not terminal.interactive():
            raise Stop("There is no terminal to ask for the password: set HEROES_PASSWORD.", USAGE)
        password = terminal.secret("Password")
    heroes = session.stranger(url)
    tokens = heroes.login(organization, user, password)
    if tokens.password_change_required:
        _replace_password(heroes, password)
        tokens = replace(tokens, password_change_required=False)
    _kept(url, organization, user, asdict(tokens))


def _by_device(url: str) -> tuple[str, str, dict[str, Any]]:
    """Wait until a person has let this command line in; return organization, user and tokens. Raises Stop."""
    heroes = session.stranger(url)
    begun = heroes.device_begin()
    say(f"Open {begun.get('verification_uri_complete') or begun['verification_uri']}")
    say(f"and check that it shows the code {begun['user_code']}. Waiting …")
    tokens = heroes.device_wait(begun)
    if tokens is None:
        raise Stop("Nobody let this command line in in time, or it was turned away.", SIGN_IN)
    me = heroes.me()
    return me["organization"], me["preferred_username"], asdict(tokens)


def _kept(url: str, organization: str, user: str, tokens: dict[str, Any]) -> None:
    """Keep a sign-in and say so."""
    from heroes.client import ApiError

    entry = configuration.Login(url, organization, user, tokens)

    def keep(kept: configuration.Configuration) -> None:
        before = kept.logins.get(entry.key)
        entry.project = before.project if before else None
        kept.logins[entry.key] = entry
        kept.current = entry.key

    configuration.change(keep)
    try:
        name = session.connect().me()["preferred_username"]
    except ApiError:
        name = user
    say(f"Signed in to {url} as {name} of {organization}.")


def _asked(question: str, flag: str, default: str | None) -> str:
    if not terminal.interactive():
        if flag == "the address" and default:
            return default
        raise Stop(f"There is no terminal to ask: give {flag}.", USAGE)
    return terminal.ask(question, default)


def _address(text: str) -> str:
    url = (text if "://" in text else f"https://{text}").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Stop(f"{text} is no address: write it like https://heroes.example", USAGE)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        say(f"Warning: {url} is not encrypted; others on the way can read your password.")
    return url


def _replace_password(heroes: "Heroes", current: str) -> None:
    """Set a new password in place of a one-time one. Raises Stop, ApiError."""
    from heroes.client import ApiError

    given = os.environ.get("HEROES_NEW_PASSWORD")
    if given:
        heroes.change_password(current, given)
        return
    if not terminal.interactive():
        raise Stop("This password may be used once: set HEROES_NEW_PASSWORD to the one that replaces it.", SIGN_IN)
    say("This password may be used once. Choose your own.")
    while True:
        new = terminal.secret("New password")
        if new != terminal.secret("New password again"):
            say("These two differ.")
            continue
        try:
            heroes.change_password(current, new)
        except ApiError as error:
            if error.status != 422:
                raise
            say(str(error))
            continue
        return


@app.command()
def logout() -> None:
    """End this sign-in everywhere, and forget it here."""
    from heroes.client import ApiError, Unanswered

    entry = session.current()
    if entry is None:
        say("Nobody is signed in.")
        return
    try:
        session.connect().logout()
        say(f"Signed out from {entry.url}.")
    except (ApiError, Unanswered) as error:
        say(f"Forgotten here; the platform was not told: {error}")

    def forget(kept: configuration.Configuration) -> None:
        kept.logins.pop(entry.key, None)
        if kept.current == entry.key:
            kept.current = next(iter(kept.logins), None)

    configuration.change(forget)


@app.command()
@shown
def whoami() -> Item:
    """Show who is signed in, with roles, projects and what is allowed."""
    me = session.connect().me()
    columns = [
        Column("User", "preferred_username"),
        Column("Organization", "organization"),
        Column("E-mail", "email"),
        Column("Roles", "roles"),
        Column("Projects", "groups"),
        Column("Allowed", "actions"),
    ]
    return Item(me, columns)


@app.command()
@shown
def info() -> Item:
    """Show the address, whether the platform and its parts work, and who is signed in; exit code 1 if it does not."""
    entry = session.current()
    url = session.address()
    state, parts, trouble = _health(url)
    value = {
        "address": url,
        "platform": state,
        "parts": parts,
        "user": f"{entry.user} of {entry.organization}" if entry else None,
        "token": bool(os.environ.get("HEROES_TOKEN")),
        "project": session.project(),
        "client": __version__,
        "config": str(configuration.path()),
    }
    broken = [f"{name}: {word}" for name, word in parts.items() if word != "ok"]
    columns = [Column(name.capitalize(), name) for name in value if name != "parts"]
    notes = [*broken, *([] if entry or value["token"] or trouble else ["Sign in with: heroes login"])]

    def ends() -> None:
        if trouble:
            raise Stop(trouble)

    return Item(value, columns, notes=notes, ends=ends)


def _health(url: str) -> tuple[str, dict[str, str], str | None]:
    """Return the platform's state in a word, its parts with theirs, and what is wrong with its remedy, if anything."""
    from heroes.client import Unanswered

    try:
        answer = session.stranger(url).root("/readyz")
    except Unanswered as error:
        remedy = "Start it with `heroes serve`, or name its address: heroes login ADDRESS, or HEROES_URL."
        return "does not answer", {}, f"{error}\n{remedy}"
    parts = answer.json() if answer.headers.get("content-type", "").startswith("application/json") else {}
    if answer.status_code == 200 and parts:
        return "ready", parts, None
    if parts:
        text = f"{url} is not ready: a part of it does not work. On its machine, the words of `heroes serve` say why."
        return "not ready", parts, text
    text = f"{url} answers HTTP {answer.status_code}, but not as HEROES does. Is this its address? See HEROES_URL."
    return "not ready", {}, text
