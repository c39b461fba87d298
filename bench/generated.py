"""Requests made from the OpenAPI document, by every role: what the platform answers to whatever it is sent."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import ROOT
from bench.figures import Figure, figure
from heroes.identity.rules import ROLES
from heroes.kit.postgres import DatabaseUrls, EmbeddedPostgres
from tables import make

EXAMPLES = 2  # of each kind, operation and role


def generated() -> Iterator[Figure]:
    """Ask every operation as every role; print each answer that is a server error or not documented."""
    home = Path(tempfile.mkdtemp(prefix="heroes-bench-", dir="/tmp"))
    home.chmod(0o755)
    server = EmbeddedPostgres(home, durable=False)
    server.start()
    try:
        asked, faults = asyncio.run(_asked(make(server, "generated")))
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
    for fault in faults:
        print(fault, file=sys.stderr)
    yield figure("generated requests, every operation and role", [asked], "requests")
    yield figure("server errors and undocumented answers among them", [len(faults)], "answers", "0")


async def _asked(urls: DatabaseUrls) -> tuple[int, list[str]]:
    sys.path.insert(0, str(ROOT / "tests" / "slices"))  # how the requests are made and judged is known there
    from any_input import play
    from matrix_stage import staged

    async with staged(urls) as stage:
        found = await play(stage, ["root", *ROLES], examples=EXAMPLES, each=True)
    return found.asked, list(found.told())
