"""Secrets at rest: AES-256-GCM with a key of its own for each, wrapped by the master key.

Ciphertext is bound to organization, id and version: a row copied to another tenant or rolled back does not open.
"""

import os
from pathlib import Path
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretBytes
from sqlalchemy import delete as sql_delete
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from heroes.kit.db import Base, Tenant, Timestamps
from heroes.kit.errors import NotFound, Unavailable
from heroes.kit.ids import new_id

_KEY_BYTES = 32
_NONCE_BYTES = 12


class Secret(SecretBytes):
    """A value that shows as stars in text, representation and logs."""

    def text(self) -> str:
        """Return the value as text."""
        return self.get_secret_value().decode()


class SecretStore(Protocol):
    """Where secrets rest. One implementation here; an outside vault is another."""

    async def put(
        self, session: AsyncSession, organization_id: str, value: bytes, *, secret_id: str | None = None
    ) -> str:
        """Keep a value and return its id; with the id of an existing secret, replace it by a new version."""
        ...

    async def get(self, session: AsyncSession, organization_id: str, secret_id: str) -> Secret:
        """Return the value; raises NotFound, and Unavailable when it cannot be opened."""
        ...

    async def delete(self, session: AsyncSession, organization_id: str, secret_id: str) -> None:
        """Forget the value; absent is fine."""
        ...


class SecretRow(Tenant, Timestamps, Base):
    """One sealed value. Nothing in here is readable without the master key."""

    __tablename__ = "secrets"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    wrapped_key: Mapped[bytes]
    sealed: Mapped[bytes]


class Sealed(NamedTuple):
    """A value under its own key, and that key under the master key; each with its nonce in front."""

    wrapped_key: bytes
    sealed: bytes


def seal(master: bytes, value: bytes, *, organization_id: str, secret_id: str, version: int) -> Sealed:
    """Return the envelope of a value, bound to where it belongs."""
    bound_to = _binding(organization_id, secret_id, version)
    key = AESGCM.generate_key(bit_length=256)
    return Sealed(_encrypt(master, key, bound_to), _encrypt(key, value, bound_to))


def unseal(master: bytes, envelope: Sealed, *, organization_id: str, secret_id: str, version: int) -> Secret:
    """Return the value of an envelope; raises Unavailable for another master key, place or version."""
    bound_to = _binding(organization_id, secret_id, version)
    try:
        key = _decrypt(master, envelope.wrapped_key, bound_to)
        return Secret(_decrypt(key, envelope.sealed, bound_to))
    except InvalidTag:
        raise Unavailable(
            "A stored secret cannot be opened: the master key is not the one it was sealed with. "
            "Restore the key that belongs to this database, or enter the secret anew.",
            code="secret_sealed",
            secret=secret_id,
        ) from None


def master_key(home: Path, key_file: Path | None = None) -> bytes:
    """Return the 32 bytes of the master key: from the named file, else from the data folder, made at first use.

    A named file holds 32 raw bytes or 64 hexadecimal digits. Raises Unavailable when it is missing or another length.
    """
    path = key_file or home / "keys" / "master.key"
    if key_file is None and not path.exists():
        _create_key(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"The master key cannot be read ({error.strerror}). Point HEROES_MASTER_KEY_FILE to a readable file.",
            code="master_key",
        ) from None
    return _parse_key(content)


class DatabaseSecrets:
    """The secret store inside the platform's own database."""

    def __init__(self, master: bytes) -> None:
        self._master = master

    async def put(
        self, session: AsyncSession, organization_id: str, value: bytes, *, secret_id: str | None = None
    ) -> str:
        """Keep a value and return its id; with the id of an existing secret, replace it by a new version."""
        row = await self._row(session, organization_id, secret_id, lock=True) if secret_id else None
        identifier, version = (row.id, row.version + 1) if row else (new_id("sec"), 1)
        envelope = seal(self._master, value, organization_id=organization_id, secret_id=identifier, version=version)
        if row is None:
            row = SecretRow(id=identifier, organization_id=organization_id)
            session.add(row)
        row.version, row.wrapped_key, row.sealed = version, envelope.wrapped_key, envelope.sealed
        await session.flush()
        return identifier

    async def get(self, session: AsyncSession, organization_id: str, secret_id: str) -> Secret:
        """Return the value; raises NotFound, and Unavailable when it cannot be opened."""
        row = await self._row(session, organization_id, secret_id)
        envelope = Sealed(row.wrapped_key, row.sealed)
        return unseal(
            self._master, envelope, organization_id=row.organization_id, secret_id=row.id, version=row.version
        )

    async def delete(self, session: AsyncSession, organization_id: str, secret_id: str) -> None:
        """Forget the value; absent is fine."""
        await session.execute(
            sql_delete(SecretRow).where(SecretRow.organization_id == organization_id, SecretRow.id == secret_id)
        )

    async def _row(
        self, session: AsyncSession, organization_id: str, secret_id: str, *, lock: bool = False
    ) -> SecretRow:
        asked = select(SecretRow).where(SecretRow.organization_id == organization_id, SecretRow.id == secret_id)
        row = (await session.execute(asked.with_for_update() if lock else asked)).scalar_one_or_none()
        if row is None:
            raise NotFound("No such secret; it was removed. Enter it anew.", code="secret_not_found")
        return row


def _binding(organization_id: str, secret_id: str, version: int) -> bytes:
    return "\0".join(("heroes", organization_id, secret_id, str(version))).encode()


def _encrypt(key: bytes, value: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, value, bound_to)


def _decrypt(key: bytes, blob: bytes, bound_to: bytes) -> bytes:
    return AESGCM(key).decrypt(blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], bound_to)


def _create_key(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A half-written key would seal secrets nobody can open: written aside, synced, then linked; the first of two wins.
    aside = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, os.urandom(_KEY_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def _parse_key(content: bytes) -> bytes:
    if len(content) == _KEY_BYTES:
        return content
    try:
        key = bytes.fromhex(content.decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise Unavailable(
            "The master key file must hold 32 raw bytes or 64 hexadecimal digits (openssl rand -hex 32).",
            code="master_key",
        )
    return key
