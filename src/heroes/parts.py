"""What a process is composed of; built once in `api.py` or `worker.py` and handed to the slices."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heroes.adapters.files import BlobStore
    from heroes.adapters.git import Registry
    from heroes.clusters.lines import Lines
    from heroes.kit.db import Database
    from heroes.kit.secrets import SecretStore
    from heroes.kit.settings import Settings

SLICES = (
    "identity",
    "clusters",
    "energy",
    "data",
    "workflows",
    "costs",
    "placement",
    "jobs",
    "executions",
    "events",
)


@dataclass(frozen=True)
class Parts:
    """The adapters of one process. `lines` is None in the API, which never opens a connection to a site."""

    settings: "Settings"
    database: "Database"
    store: "BlobStore"
    secrets: "SecretStore"
    registry: "Registry"
    lines: "Lines | None" = None


def load_models() -> Any:
    """Import every table, lowest slice first, and return the metadata."""
    for name in ("audit", "outbox", "idempotency", "secrets"):
        if find_spec(f"heroes.kit.{name}"):
            import_module(f"heroes.kit.{name}")
    for name in SLICES:
        if find_spec(f"heroes.{name}") and find_spec(f"heroes.{name}.models"):
            import_module(f"heroes.{name}.models")
    return import_module("heroes.kit.db").Base.metadata
