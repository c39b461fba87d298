"""Build the adapters that a process is composed of, from its settings."""

from datetime import timedelta

from heroes.adapters.files import LocalBlobStore
from heroes.adapters.git import Registry
from heroes.adapters.vault import Vault, VaultSecrets
from heroes.kit.db import Database
from heroes.kit.logins import database_urls
from heroes.kit.secrets import DatabaseSecrets, SecretStore, master_keys
from heroes.kit.settings import Settings
from heroes.parts import Parts, load_models


def compose(settings: Settings) -> Parts:
    """Return the parts of one process; the worker adds its lines to sites."""
    load_models()
    return Parts(
        settings=settings,
        database=Database(database_urls(settings), lease=timedelta(seconds=settings.lease_seconds)),
        store=LocalBlobStore(settings.home / "objects"),
        secrets=secret_store(settings),
        registry=Registry(settings.home, settings.registry_url),
    )


def secret_store(settings: Settings) -> SecretStore:
    """Return where secrets rest: the vault that the settings name, else the platform's own database."""
    inside = DatabaseSecrets(master_keys(settings.home, settings.master_key_file))
    if not settings.vault_url or settings.vault_secret_id_file is None:
        return inside
    vault = Vault(
        settings.vault_url,
        settings.vault_role_id,
        settings.vault_secret_id_file,
        mount=settings.vault_mount,
        ssh_mount=settings.vault_ssh_mount,
        ssh_role=settings.vault_ssh_role,
        ca_file=settings.vault_ca_file,
    )
    return VaultSecrets(vault, inside)
