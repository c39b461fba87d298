"""Settings from `HEROES_*` variables and one optional file, with a clear list of what is wrong."""

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class SettingsError(Exception):
    """The settings cannot be used; the message lists every fault with its variable."""


class Settings(BaseSettings):
    """What an administrator may set. Every field is the variable `HEROES_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="HEROES_", extra="ignore", env_file=None)

    home: Path = Field(default_factory=lambda: default_home(), description="data folder")
    port: int = Field(default=8080, ge=1, le=65535)
    bind: str = "127.0.0.1"
    public_url: HttpUrl | None = Field(default=None, description="address seen from outside")
    database_url: SecretStr | None = Field(default=None, description="owner's URL of an outside PostgreSQL")
    database_app_url: SecretStr | None = None
    database_worker_url: SecretStr | None = None
    master_key_file: Path | None = None
    registry_url: str | None = Field(default=None, description="git repository of workflows")
    tls_cert: Path | None = None
    tls_key: Path | None = None
    trusted_proxies: Annotated[list[str], NoDecode] = []
    smtp_url: SecretStr | None = None
    demo_password: SecretStr | None = None
    cors_origins: Annotated[list[str], NoDecode] = []
    access_minutes: int = Field(default=15, ge=1, le=24 * 60)
    session_idle_minutes: int = Field(default=12 * 60, ge=1)
    watch_seconds: float | None = Field(default=None, gt=0, description="seconds between looks at a site")
    worker_concurrency: int = Field(default=16, ge=1, le=256)
    log_level: str = "INFO"

    @field_validator("trusted_proxies", "cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @cached_property
    def address(self) -> str:
        """Return the platform's own address, as users type it."""
        if self.public_url:
            return str(self.public_url).rstrip("/")
        scheme = "https" if self.tls_cert else "http"
        return f"{scheme}://{self.bind}:{self.port}"


def load() -> Settings:
    """Return the settings of this process.

    Raises SettingsError with one line per wrong variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"HEROES_{'_'.join(str(p) for p in e['loc']).upper()}: {e['msg']}" for e in error.errors()]
        raise SettingsError("These settings cannot be used:\n  " + "\n  ".join(lines)) from None


def default_home() -> Path:
    """Return the data folder of an installation that names none: /var/lib/heroes for root, else the user's own."""
    if os.geteuid() == 0:
        return Path("/var/lib/heroes")
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "heroes"
