"""Settings from `HEROES_*` variables and one optional file, with a clear list of what is wrong."""

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class SettingsError(Exception):
    """The settings cannot be used; the message lists every fault with its variable."""


class Settings(BaseSettings):
    """What an administrator may set. Every field is the variable `HEROES_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="HEROES_", extra="ignore", env_file=None)

    home: Path = Field(default_factory=lambda: default_home(), description="data folder")
    port: int = Field(default=8080, ge=1, le=65535, description="port of the API")
    bind: str = Field(default="127.0.0.1", description="address to listen on; 0.0.0.0 is every one")
    public_url: HttpUrl | None = Field(default=None, description="address seen from outside")
    database_url: SecretStr | None = Field(default=None, description="owner's URL of an outside PostgreSQL")
    database_app_url: SecretStr | None = Field(
        default=None, description="the API's own login, where the owner may not make it"
    )
    database_worker_url: SecretStr | None = Field(
        default=None, description="the workers' own login, where the owner may not make it"
    )
    master_key_file: Path | None = Field(
        default=None, description="key that seals all secrets: 32 bytes or 64 hexadecimal digits; else one is made"
    )
    vault_url: str | None = Field(
        default=None, description="OpenBao or Vault that keeps all secrets; else they rest sealed in the database"
    )
    vault_role_id: str = Field(default="", description="the platform's AppRole there")
    vault_secret_id_file: Path | None = Field(default=None, description="file that holds the secret id of that role")
    vault_mount: str = Field(default="secret", description="its KV engine, version 2")
    vault_ssh_mount: str = Field(default="ssh", description="its SSH engine")
    vault_ssh_role: str | None = Field(default=None, description="the role there that signs certificates of accounts")
    vault_ca_file: Path | None = Field(default=None, description="authority of its TLS certificate (PEM)")
    registry_url: str | None = Field(default=None, description="git repository of workflows")
    tls_cert: Path | None = Field(default=None, description="certificate chain (PEM) of the API")
    tls_key: Path | None = Field(default=None, description="its private key (PEM)")
    trusted_proxies: Annotated[list[str], NoDecode] = Field(
        default=[], description="addresses, separated by commas, whose X-Forwarded-* headers are believed"
    )
    smtp_url: SecretStr | None = Field(
        default=None, description="mail server, such as smtp+starttls://user:secret@host?from=hpc@host"
    )
    amqp_url: SecretStr | None = Field(
        default=None, description="message broker that all events go to, such as amqps://user:secret@host/vhost"
    )
    amqp_exchange: str = Field(default="heroes", min_length=1, description="its topic exchange, made if it is missing")
    demo_password: SecretStr | None = Field(
        default=None, description="password of `ada` and of the sample users, instead of a generated one"
    )
    cors_origins: Annotated[list[str], NoDecode] = Field(
        default=[], description="web origins, separated by commas, that may call the API from a browser"
    )
    hpcwaas_prefixes: Annotated[list[str], NoDecode] = Field(
        default=[], description="further path prefixes, separated by commas, of the HPCWaaS API besides /hpcwaas"
    )
    webhook_private: bool = Field(
        default=False,
        description="let webhooks and notices to browsers reach private, loopback and link-local addresses",
    )
    site_private: bool = Field(
        default=False, description="let FirecREST and UNICORE sites stand at private, loopback and link-local addresses"
    )
    oidc_issuer: str | None = Field(default=None, description="issuer of an OpenID provider whose tokens are taken too")
    oidc_audience: str = Field(default="heroes", description="audience that its tokens must name")
    oidc_algorithms: Annotated[list[str], NoDecode] = Field(
        default=["RS256", "ES256", "PS256", "EdDSA"], description="algorithms, separated by commas, its tokens may use"
    )
    oidc_client_id: str | None = Field(default=None, description="the platform's own client at that provider")
    oidc_client_secret: SecretStr | None = Field(default=None, description="its secret")
    oidc_cli_client_id: str = Field(default="heroes-cli", description="public client there for `heroes login --device`")
    oidc_username: str = Field(
        default="{organization}.{username}", description="how that provider names a user; {username} alone is fine too"
    )
    oidc_organization_claim: str = Field(default="organization", description="claim that names the organization")
    oidc_roles_claim: str = Field(default="realm_access.roles", description="claim that lists roles; dots lead inwards")
    access_minutes: int = Field(default=15, ge=1, le=24 * 60, description="life of an access token")
    session_idle_minutes: int = Field(default=12 * 60, ge=1, description="a session unused for so long ends")
    bulk_rclone: bool = Field(
        default=False, description="read large files of sites by rclone, with up to two further connections an account"
    )
    watch_seconds: float | None = Field(default=None, gt=0, description="seconds between looks at running jobs")
    lease_seconds: float = Field(
        default=60, ge=6, le=3600, description="seconds of silence after which another worker takes over"
    )
    worker_concurrency: int = Field(default=64, ge=1, le=256, description="jobs that one worker advances at once")
    log_level: str = Field(default="INFO", description="least level that is written to the log")
    log_otlp_url: str | None = Field(
        default=None, description="OTLP/HTTP collector that gets the log too, such as https://collector:4318"
    )
    log_otlp_headers: SecretStr | None = Field(
        default=None, description="headers for it, as name=value, separated by commas"
    )
    log_syslog_url: str | None = Field(
        default=None, description="syslog server that gets the log too: udp://host:514, tcp://host:601, unix:///dev/log"
    )
    log_file: Path | None = Field(default=None, description="file that gets the log too, rotated")
    log_file_mib: int = Field(default=50, ge=1, le=100_000, description="MiB at which that file is moved on")
    log_file_kept: int = Field(default=5, ge=0, le=1000, description="files moved on that are kept")

    @field_validator("trusted_proxies", "cors_origins", "hpcwaas_prefixes", "oidc_algorithms", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("smtp_url")
    @classmethod
    def _names_a_server(cls, value: SecretStr | None) -> SecretStr | None:
        scheme, _, rest = (value.get_secret_value() if value else "smtp://host").partition("://")
        if scheme not in {"smtp", "smtp+starttls", "smtps"} or not rest:
            raise ValueError("write smtp://host, smtp+starttls://user:password@host or smtps://user:password@host")
        return value

    @field_validator("log_otlp_url")
    @classmethod
    def _names_a_collector(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^/?#\s]+(/\S*)?", value):
            raise ValueError("write https://host:4318 or http://host:4318")
        return value

    @field_validator("log_syslog_url")
    @classmethod
    def _names_a_syslog(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"(udp|tcp)://([\w.-]+|\[[\da-f:]+\])(:\d{1,5})?|unix:///\S+", value):
            raise ValueError("write udp://host:514, tcp://host:601 or unix:///dev/log")
        return value

    @field_validator("oidc_algorithms")
    @classmethod
    def _asymmetric(cls, value: list[str]) -> list[str]:
        wrong = [name for name in value if name.startswith("HS") or name.lower() == "none"]
        if wrong or not value:
            raise ValueError(f"{', '.join(wrong) or 'no algorithm'}: name algorithms with a public key, such as RS256")
        return value

    @model_validator(mode="after")
    def _vault_whole(self) -> "Settings":
        if self.vault_url and not (self.vault_role_id and self.vault_secret_id_file):
            raise ValueError("HEROES_VAULT_URL needs HEROES_VAULT_ROLE_ID and HEROES_VAULT_SECRET_ID_FILE too")
        return self

    @field_validator("oidc_username")
    @classmethod
    def _names_a_user(cls, value: str) -> str:
        if value.count("{username}") != 1 or value.replace("{username}", "").replace("{organization}", "").count("{"):
            raise ValueError("write {username} once, and {organization} if the name holds it")
        return value

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
