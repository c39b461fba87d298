"""Write the platform's OpenAPI document to standard output; nothing is started."""

import json
import sys
import tempfile
from pathlib import Path

from heroes.api import create_app
from heroes.kit.settings import Settings


def document() -> str:
    """Return the document as JSON."""
    with tempfile.TemporaryDirectory() as home:
        return json.dumps(create_app(Settings(home=Path(home))).openapi(), ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(document())
