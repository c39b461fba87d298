"""Which three logins a process uses: those of the settings, of an outside server, or of the embedded one."""

import os
import secrets
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from heroes.kit.postgres import DatabaseFailed, DatabaseUrls, EmbeddedPostgres
from heroes.kit.settings import Settings

OLDEST = 150000


def database_urls(settings: Settings) -> DatabaseUrls:
    """Return the logins of this installation; the embedded server must have been started.

    Raises DatabaseFailed.
    """
    if not settings.database_url:
        return EmbeddedPostgres(settings.home).urls()
    owner = owner_url(settings.database_url.get_secret_value())
    if settings.database_app_url and settings.database_worker_url:
        app = _parsed("HEROES_DATABASE_APP_URL", settings.database_app_url.get_secret_value())
        worker = _parsed("HEROES_DATABASE_WORKER_URL", settings.database_worker_url.get_secret_value())
        return DatabaseUrls(_text(owner), _text(app), _text(worker))
    password = _password(settings.home / "keys" / "database-logins")
    app, worker = (owner.set(username=f"{owner.database}_{role}", password=password) for role in ("app", "worker"))
    _make_logins(owner, [app, worker])
    return DatabaseUrls(_text(owner), _text(app), _text(worker))


def owner_url(value: str) -> URL:
    """Return the owner's login that HEROES_DATABASE_URL names. Raises DatabaseFailed."""
    return _parsed("HEROES_DATABASE_URL", value)


def _make_logins(owner: URL, logins: list[URL]) -> None:
    plain = owner.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(plain, autocommit=True, connect_timeout=10) as connection:
            if connection.info.server_version < OLDEST:
                raise DatabaseFailed("HEROES_DATABASE_URL: this server is older than PostgreSQL 15: use a newer one.")
            for login in logins:
                name = sql.Identifier(login.username or "")
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login.username]).fetchone()
                verb = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN PASSWORD {}")
                connection.execute(verb.format(name, sql.Literal(login.password)))
                grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
                connection.execute(grant.format(sql.Identifier(owner.database or ""), name))
    except psycopg.errors.InsufficientPrivilege:
        raise DatabaseFailed(
            f"The owner {owner.username} of HEROES_DATABASE_URL may not make the logins of the platform. Give it "
            "CREATEROLE, or set HEROES_DATABASE_APP_URL and HEROES_DATABASE_WORKER_URL to two logins that exist."
        ) from None
    except psycopg.OperationalError as error:
        raise DatabaseFailed(f"HEROES_DATABASE_URL: the server does not let us in: {error}") from None


def _parsed(variable: str, value: str) -> URL:
    try:
        url = make_url(value)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() != "postgresql" or not url.database or not url.username:
        raise DatabaseFailed(f"{variable} must read postgresql://user:password@host/database.")
    return url.set(drivername="postgresql+psycopg")


def _password(path: Path) -> str:
    """Return the password of our own logins, made at the first call and kept in `path`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
    except FileExistsError:
        pass
    return path.read_text()


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
