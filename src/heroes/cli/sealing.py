"""A fresh master key under everything that is sealed, while the platform goes on working."""

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy import text

from heroes.cli.failures import Stop
from heroes.kit.errors import Unavailable

if TYPE_CHECKING:
    from heroes.adapters.vault import VaultSecrets
    from heroes.kit.db import Database


def rotate_key(*, given: bool) -> None:
    """Put a fresh key in front, wrap every sealed key anew, then drop the old one; with a vault, move secrets there."""
    try:
        asyncio.run(_rotate(given=given))
    except Unavailable as error:
        raise Stop(error.detail) from None


async def _rotate(*, given: bool) -> None:
    from heroes.adapters.vault import VaultSecrets
    from heroes.compose import compose
    from heroes.events import browsers
    from heroes.identity import keys as signing
    from heroes.kit import secrets
    from heroes.kit.settings import load

    settings = load()
    path = secrets.key_path(settings.home, settings.master_key_file)
    masters = secrets.master_keys(settings.home, settings.master_key_file)
    if not given:
        secrets.add_key(path)
    parts = compose(settings)
    moved = done = 0
    try:
        if isinstance(parts.secrets, VaultSecrets):
            moved = await _moved(parts.database, parts.secrets)
        while True:  # batch by batch, beside the platform's own work
            async with parts.database.worker() as session:
                batch = await secrets.rewrap(session, masters)
            done += batch
            if not batch:
                break
        async with parts.database.worker() as session:
            # waits for those that sealed before they saw the new key; whoever comes later has seen it
            await session.execute(text("LOCK TABLE secrets, signing_keys, push_keys IN SHARE ROW EXCLUSIVE MODE"))
            while batch := await secrets.rewrap(session, masters):
                done += batch
            done += await signing.rewrap(session, masters) + await browsers.rewrap(session, masters)
    finally:
        await parts.database.close()
    if not given:
        secrets.drop_old_keys(path)
    print(f"{done} keys are under the {'first' if given else 'new'} master key; nothing is under an old one.")
    if moved:
        print(f"{moved} secrets were moved into the vault.")


async def _moved(database: "Database", store: "VaultSecrets") -> int:
    moved = 0
    while True:
        async with database.worker() as session:
            batch = await store.move(session)
        moved += batch
        if not batch:
            return moved
