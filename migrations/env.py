"""Alembic's entry: runs on the connection that `heroes.kit.migrate` opened, in its transaction."""

from typing import Any

from alembic import context

config = context.config


def ours(item: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Leave out what `kit.schema` keeps itself."""
    return not (kind == "table" and name == "heroes_clock")


context.configure(
    connection=config.attributes["connection"],
    target_metadata=config.attributes["metadata"],
    include_object=ours,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
