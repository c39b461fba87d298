"""Build the adapters that a process is composed of, from its settings."""

from heroes.adapters.files import LocalBlobStore
from heroes.adapters.git import Registry
from heroes.kit.db import Database
from heroes.kit.logins import database_urls
from heroes.kit.secrets import DatabaseSecrets, master_key
from heroes.kit.settings import Settings
from heroes.parts import Parts, load_models


def compose(settings: Settings) -> Parts:
    """Return the parts of one process; the worker adds its lines to sites."""
    load_models()
    return Parts(
        settings=settings,
        database=Database(database_urls(settings)),
        store=LocalBlobStore(settings.home / "objects"),
        secrets=DatabaseSecrets(master_key(settings.home, settings.master_key_file)),
        registry=Registry(settings.home, settings.registry_url),
    )
