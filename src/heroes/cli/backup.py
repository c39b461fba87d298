"""`heroes backup` and `heroes restore`: database, objects, registry and keys in one tar file with checksums.

The file holds the master key: whoever has it can open every secret of the installation.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO, Any

import psycopg
from sqlalchemy import URL, make_url

from heroes.cli.account import CannotRun, make_home
from heroes.cli.serve import only_one, plainly
from heroes.kit.logins import owner_url
from heroes.kit.postgres import EmbeddedPostgres, binaries, platform_account
from heroes.kit.settings import Settings, load

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
KEPT = ("keys", "first-login", "registry.git", "objects")
BLOCK = 1 << 20


class Summing:
    """A file that is read once and knows the SHA-256 of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._digest.update(data)
        return data

    def hex(self) -> str:
        """Return the checksum of everything up to here."""
        return self._digest.hexdigest()


def backup(file: Path) -> None:
    """Write a backup of this installation to `file`; the platform may run meanwhile.

    The database is dumped first: what it names was stored before. Ends the process with 1 and a clear message when it
    cannot.
    """
    with plainly():
        settings = load()
        os.umask(0o077)
        if not settings.home.is_dir():
            raise CannotRun(f"There is no installation in {settings.home}: set HEROES_HOME.")
        _refuse_existing(file)
        fresh = file.with_name(f"{file.name}.new")
        try:
            with tempfile.TemporaryDirectory() as folder, fresh.open("xb") as out:
                dump = Path(folder) / DUMP
                with database(settings) as owner:
                    tool("pg_dump", owner, "--format=custom", "--no-owner", "--file", str(dump))
                write(out, dump, settings.home)
                out.flush()
                os.fsync(out.fileno())
            _refuse_existing(file)  # also one that came meanwhile
            fresh.rename(file)
        except FileExistsError:
            raise CannotRun(
                f"{fresh} is left from a backup that was cut off, or goes on: look, then remove it."
            ) from None
        except OSError as error:
            fresh.unlink(missing_ok=True)
            raise CannotRun(f"The backup {file} cannot be written: {error.strerror or error}.") from None
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        print(f"Backup written: {file}. It holds the master key: keep it as safe as the platform itself.")
        if settings.master_key_file:
            print(f"Not in it, since it lies outside of the data folder: the master key {settings.master_key_file}.")


def _refuse_existing(file: Path) -> None:
    if os.path.lexists(file):
        raise CannotRun(f"{file} exists and is not overwritten: name another file, or move it away.")


def restore(file: Path) -> None:
    """Bring an empty installation to the state of the backup in `file`; every checksum is verified first.

    Ends the process with 1 and a clear message when home or database are not empty, or the file is damaged.
    """
    with plainly():
        settings = load()
        os.umask(0o077)
        make_home(settings.home, platform_account() if os.geteuid() == 0 else None)
        with only_one(settings.home):
            check_home_empty(settings.home)
            with tempfile.TemporaryDirectory(dir=settings.home, prefix="restore-") as folder:
                manifest = unpack(file, Path(folder))
                with database(settings) as owner:
                    check_database_empty(owner)
                    # Policies and grants name the logins of the place; each start makes them anew.
                    quietly = ["--no-owner", "--no-privileges", "--no-policies", "--single-transaction"]
                    tool("pg_restore", owner, *quietly, "--dbname", owner.database or "", str(Path(folder) / DUMP))
                for name in KEPT:
                    if (Path(folder) / "home" / name).exists():
                        (Path(folder) / "home" / name).rename(settings.home / name)
            give_away(settings.home)
        print(f"Restored the state of {manifest['made_at']}. Start with `heroes serve`.")


def write(out: IO[bytes], dump: Path, home: Path) -> None:
    """Write the tar file: the dump, the kept parts of the home, and at the end the manifest."""
    sums: dict[str, str] = {}
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        add(tar, DUMP, dump, sums)
        for name in KEPT:
            for path in below(home / name):
                add(tar, f"home/{path.relative_to(home).as_posix()}", path, sums)
        manifest = {
            "format": FORMAT,
            "version": version("heroes"),
            "made_at": datetime.now(UTC).isoformat(),
            "sha256": sums,
        }
        data = json.dumps(manifest, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))


def below(path: Path) -> Iterator[Path]:
    """Yield `path` and all below it; a repository's references before its objects, which are written first."""
    if not path.exists():
        return
    yield path
    if path.is_dir() and not path.is_symlink():
        for inner in sorted(path.iterdir(), key=lambda one: (one.name == "objects", one.name)):
            yield from below(inner)


def add(tar: tarfile.TarFile, name: str, path: Path, sums: dict[str, str]) -> None:
    """Add a file or folder under `name`; one that was removed meanwhile is left out."""
    try:
        info = tar.gettarinfo(path, name)
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        if info.isdir():
            tar.addfile(info)
        elif path.is_file() and not path.is_symlink():
            info.type, info.linkname = tarfile.REGTYPE, ""
            with path.open("rb") as file:
                info.size = os.fstat(file.fileno()).st_size
                summing = Summing(file)
                tar.addfile(info, summing)
            sums[name] = summing.hex()
    except FileNotFoundError:
        return


def unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup into `folder`, verify every checksum and return the manifest.

    Raises CannotRun when the file is no backup, damaged or made by a newer version.
    """
    sums: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    try:
        with tarfile.open(file, mode="r:") as tar:
            for info in tar:
                name = PurePosixPath(info.name)
                if name.is_absolute() or ".." in name.parts or not (info.isreg() or info.isdir()):
                    raise CannotRun(f"The backup {file} holds {info.name!r}, which no backup holds: it is not used.")
                if info.isdir():
                    (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
                    continue
                inner = tar.extractfile(info)
                summing = Summing(inner) if inner else Summing(io.BytesIO())
                if info.name == MANIFEST:
                    manifest = json.loads(summing.read())
                    continue
                (folder / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with (folder / name).open("xb") as target:
                    shutil.copyfileobj(summing, target, BLOCK)
                    os.fchmod(target.fileno(), info.mode & 0o777)
                sums[info.name] = summing.hex()
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise CannotRun(f"The backup {file} is damaged or no backup: {error}.") from None
    except OSError as error:
        raise CannotRun(f"The backup {file} cannot be restored: {error.strerror or error}.") from None
    if not manifest or manifest.get("sha256") != sums:
        raise CannotRun(f"The backup {file} is damaged: its content differs from its manifest. Nothing was restored.")
    if manifest["format"] > FORMAT:
        raise CannotRun(f"The backup {file} was made by HEROES {manifest['version']}: restore it with that version.")
    return manifest


@contextmanager
def database(settings: Settings) -> Iterator[URL]:
    """Yield the owner's login; an embedded server that was down is started, and stopped at the end."""
    if settings.database_url:
        yield owner_url(settings.database_url.get_secret_value())
        return
    server = EmbeddedPostgres(settings.home)
    ran = server.pid() is not None
    try:
        yield make_url(server.start().owner)
    finally:
        if not ran:
            server.stop()


def tool(name: str, owner: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's programs with the owner's login, whose password is in no command line."""
    login = {
        "PGHOST": owner.query.get("host") or owner.host,
        "PGPORT": owner.query.get("port") or owner.port,
        "PGUSER": owner.username,
        "PGDATABASE": owner.database,
        "PGPASSWORD": owner.password,
    }
    environment = {**os.environ, **{key: str(value) for key, value in login.items() if value}}
    done = subprocess.run(
        [str(binaries() / name), *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        raise CannotRun(f"{name} failed; nothing was changed:\n{done.stderr.strip()}")


def check_home_empty(home: Path) -> None:
    """Refuse to restore over an installation."""
    there = [name for name in KEPT if (home / name).exists()]
    if there:
        raise CannotRun(f"{home} is not empty ({', '.join(there)}): restore into another HEROES_HOME, or move it away.")


def check_database_empty(owner: URL) -> None:
    """Refuse to restore over tables."""
    plain = owner.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(plain, connect_timeout=10) as connection:
            found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    except psycopg.OperationalError as error:
        raise CannotRun(f"The database does not let us in: {error}") from None
    if found and found[0]:
        raise CannotRun(f"The database {owner.database} holds {found[0]} tables: restore into an empty one.")


def give_away(home: Path) -> None:
    """Give what root restored to the system user that runs the platform."""
    if os.geteuid() == 0:
        account = platform_account()
        for name in (*KEPT, "serve.lock"):
            for path in below(home / name):
                os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
