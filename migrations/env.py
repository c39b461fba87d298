"""Alembic's entry: runs on the connection that `heroes.kit.migrate` opened, in its transaction."""

from alembic import context

config = context.config
context.configure(connection=config.attributes["connection"], target_metadata=config.attributes["metadata"])
with context.begin_transaction():
    context.run_migrations()
