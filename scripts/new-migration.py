"""Write the next migration: what the models say and a database of the present migrations does not have yet.

.venv/bin/python scripts/new-migration.py "Add the colour of buckets"
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from heroes.kit import schema
from heroes.kit.migrate import folder
from heroes.kit.postgres import EmbeddedPostgres
from heroes.parts import load_models


def main(message: str) -> None:
    """Start a server of its own, migrate it, and compare it with the models."""
    home = Path(tempfile.mkdtemp(prefix="heroes-migration-", dir="/tmp"))
    home.chmod(0o755)
    server = EmbeddedPostgres(home, durable=False)
    engine = create_engine(server.start().owner)
    try:
        number = f"{len(list((folder() / 'versions').glob('*.py'))) + 1:04d}"
        with engine.begin() as connection:
            schema.prepare(connection)
            config = Config()
            config.set_main_option("script_location", str(folder()))
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            config.attributes.update(connection=connection, metadata=load_models())
            command.upgrade(config, "head")
            slug = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")
            command.revision(config, message=slug, autogenerate=True, rev_id=number)
    finally:
        engine.dispose()
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
