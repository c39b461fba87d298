"""Secrets at rest: AES-256-GCM with a key of its own for each, wrapped by the master key.

Ciphertext is bound to organization, id and version: a row copied to another tenant or rolled back does not open.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretBytes
from sqlalchemy import delete as sql_delete
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from heroes.kit.db import LOCK, Base, Tenant, Timestamps
from heroes.kit.errors import NotFound, Refused, Unavailable
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

    async def certificate(self, public_key: str, principal: str) -> str:
        """Return an OpenSSH user certificate of short life for an account name. Raises Refused, Unavailable."""
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


class MasterKeys:
    """The keys under which all others are wrapped: the first seals, each of them opens.

    The file is looked at again before each use, so that a key put in front of it counts at once in every process.
    """

    def __init__(self, path: Path | None, keys: tuple[bytes, ...] = ()) -> None:
        self._path, self._keys = path, keys
        self._seen: tuple[int, int, int] | None = None

    @classmethod
    def of(cls, key: "bytes | MasterKeys") -> "MasterKeys":
        """Return one that holds a single key and follows no file; one that is there already as it is."""
        return key if isinstance(key, MasterKeys) else cls(None, (key,))

    def all(self) -> tuple[bytes, ...]:
        """Return the keys as the file has them now. Raises Unavailable when it is missing or has another form."""
        if self._path is None:
            return self._keys
        try:
            found = self._path.stat()
            seen = (found.st_mtime_ns, found.st_size, found.st_ino)
            if seen != self._seen:
                self._keys, self._seen = _parse_keys(self._path.read_bytes()), seen
        except OSError as error:
            raise Unavailable(
                f"The master key cannot be read ({error.strerror}). Point HEROES_MASTER_KEY_FILE to a readable file.",
                code="master_key",
            ) from None
        return self._keys

    def seal(self, value: bytes, *, organization_id: str, secret_id: str, version: int) -> Sealed:
        """Return the envelope of a value under the first key."""
        place = {"organization_id": organization_id, "secret_id": secret_id}
        return seal(self.all()[0], value, **place, version=version)

    def unseal(self, envelope: Sealed, *, organization_id: str, secret_id: str, version: int) -> Secret:
        """Return the value of an envelope under any of the keys. Raises Unavailable."""
        *others, last = self.all()
        place = {"organization_id": organization_id, "secret_id": secret_id}
        for key in others:
            with suppress(Unavailable):
                return unseal(key, envelope, **place, version=version)
        return unseal(last, envelope, **place, version=version)

    def rewrapped(self, wrapped_key: bytes, *, organization_id: str, secret_id: str, version: int) -> bytes | None:
        """Return a value's key wrapped under the first master key; None if it is that already. Raises Unavailable."""
        bound_to = _binding(organization_id, secret_id, version)
        for place, master in enumerate(self.all()):
            with suppress(InvalidTag):
                key = _decrypt(master, wrapped_key, bound_to)
                return _encrypt(self.all()[0], key, bound_to) if place else None
        raise Unavailable("A stored secret is under none of the master keys.", code="secret_sealed", secret=secret_id)


def key_path(home: Path, key_file: Path | None = None) -> Path:
    """Return where the master key lies: in the named file, else in the data folder."""
    return key_file or home / "keys" / "master.key"


def master_keys(home: Path, key_file: Path | None = None) -> MasterKeys:
    """Return the master keys: of the named file, else of the data folder, made at first use.

    A file holds 32 raw bytes, or 64 hexadecimal digits a line: the first line seals, the others still open. Raises
    Unavailable when it is missing or of another form.
    """
    path = key_path(home, key_file)
    if key_file is None and not path.exists():
        _create_key(path)
    keys = MasterKeys(path)
    keys.all()
    return keys


def add_key(path: Path) -> None:
    """Put a fresh master key in front of the others. Every process seals with it from now on."""
    _write_keys(path, (os.urandom(_KEY_BYTES), *MasterKeys(path).all()))


def drop_old_keys(path: Path) -> None:
    """Leave the first master key only; what is still under another can then not be opened."""
    _write_keys(path, MasterKeys(path).all()[:1])


async def rewrap(session: AsyncSession, keys: MasterKeys, *, batch: int = 500) -> int:
    """Wrap the keys of at most `batch` secrets that are under an old master key anew; return how many were."""
    done = 0
    after = ""
    while done < batch:
        asked = select(SecretRow).where(SecretRow.id > after, SecretRow.sealed != b"").order_by(SecretRow.id)
        rows = (await session.scalars(asked.limit(batch).with_for_update(**LOCK))).all()
        for row in rows:
            place = {"organization_id": row.organization_id, "secret_id": row.id}
            wrapped = keys.rewrapped(row.wrapped_key, **place, version=row.version)
            if wrapped is not None:
                row.wrapped_key = wrapped
                done += 1
        if len(rows) < batch:
            break
        after = rows[-1].id
    await session.flush()
    return done


async def rewrap_keys(session: AsyncSession, keys: MasterKeys, model: Any) -> int:
    """Wrap the platform's own keys of a table that are under an old master key anew; return how many were."""
    done = 0
    for row in (await session.scalars(select(model).with_for_update(**LOCK))).all():
        wrapped = keys.rewrapped(row.wrapped_key, organization_id="", secret_id=row.id, version=1)
        if wrapped is not None:
            row.wrapped_key = wrapped
            done += 1
    await session.flush()
    return done


class DatabaseSecrets:
    """The secret store inside the platform's own database."""

    def __init__(self, master: bytes | MasterKeys) -> None:
        self._master = MasterKeys.of(master)

    async def put(
        self, session: AsyncSession, organization_id: str, value: bytes, *, secret_id: str | None = None
    ) -> str:
        """Keep a value and return its id; with the id of an existing secret, replace it by a new version."""
        row = await row_of(session, organization_id, secret_id, lock=True) if secret_id else None
        identifier, version = (row.id, row.version + 1) if row else (new_id("sec"), 1)
        envelope = self._master.seal(value, organization_id=organization_id, secret_id=identifier, version=version)
        if row is None:
            row = SecretRow(id=identifier, organization_id=organization_id)
            session.add(row)
        row.version, row.wrapped_key, row.sealed = version, envelope.wrapped_key, envelope.sealed
        await session.flush()
        return identifier

    async def get(self, session: AsyncSession, organization_id: str, secret_id: str) -> Secret:
        """Return the value; raises NotFound, and Unavailable when it cannot be opened."""
        row = await row_of(session, organization_id, secret_id)
        envelope = Sealed(row.wrapped_key, row.sealed)
        place = {"organization_id": row.organization_id, "secret_id": row.id}
        return self._master.unseal(envelope, **place, version=row.version)

    async def delete(self, session: AsyncSession, organization_id: str, secret_id: str) -> None:
        """Forget the value; absent is fine."""
        await session.execute(
            sql_delete(SecretRow).where(SecretRow.organization_id == organization_id, SecretRow.id == secret_id)
        )

    async def certificate(self, public_key: str, principal: str) -> str:
        """Raise Refused: only an outside vault signs."""
        raise Refused(
            "Certificates come from a vault that signs SSH keys: set HEROES_VAULT_URL and HEROES_VAULT_SSH_ROLE, "
            "or give the account a key."
        )


async def row_of(session: AsyncSession, organization_id: str, secret_id: str, *, lock: bool = False) -> SecretRow:
    """Return what is known of a secret besides its value. Raises NotFound."""
    asked = select(SecretRow).where(SecretRow.organization_id == organization_id, SecretRow.id == secret_id)
    row = (await session.execute(asked.with_for_update(**LOCK) if lock else asked)).scalar_one_or_none()
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


def _parse_keys(content: bytes) -> tuple[bytes, ...]:
    if len(content) == _KEY_BYTES:
        return (content,)
    try:
        keys = tuple(bytes.fromhex(line) for line in content.decode("ascii").split())
    except ValueError:
        keys = ()
    if not keys or any(len(key) != _KEY_BYTES for key in keys):
        raise Unavailable(
            "The master key file must hold 32 raw bytes or 64 hexadecimal digits a line (openssl rand -hex 32).",
            code="master_key",
        )
    return keys


def _write_keys(path: Path, keys: tuple[bytes, ...]) -> None:
    """Replace the file by one with these keys, for the same owner, in one step that a crash cannot halve."""
    before = path.stat()
    aside = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IMODE(before.st_mode))
    try:
        os.fchown(descriptor, before.st_uid, before.st_gid)
        os.write(descriptor, "".join(f"{key.hex()}\n" for key in keys).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    aside.replace(path)
