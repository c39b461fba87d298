"""The user's own file of sign-ins and settings: mode 0600, replaced whole, changed under a lock.

The lock matters for more than the file: a refresh token may be used once, so two processes that share a sign-in must
not both use it.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heroes.cli.failures import Stop

if TYPE_CHECKING:
    from heroes.client import TokenSet

SETTINGS = {
    "output": "table, json, jsonl, yaml or csv",
    "policy": "fastest, cheapest, greenest or weighted",
}


@dataclass
class Login:
    """One sign-in: one user of one organization at one platform."""

    url: str
    organization: str
    user: str
    tokens: dict[str, Any]
    project: str | None = None

    @property
    def key(self) -> str:
        return f"{self.user}@{self.organization} {self.url}"


@dataclass
class Configuration:
    """All sign-ins, which one is in use, and the settings."""

    current: str | None = None
    logins: dict[str, Login] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    def login(self) -> Login | None:
        return self.logins.get(self.current or "")


def path() -> Path:
    """Return where the file is."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "heroes" / "config.json"


def read() -> Configuration:
    """Return what is kept; nothing if there is no file. Raises Stop for one that cannot be read."""
    try:
        kept = json.loads(path().read_text("utf-8"))
        logins = {key: Login(**login) for key, login in kept.get("logins", {}).items()}
        return Configuration(kept.get("current"), logins, kept.get("settings", {}))
    except FileNotFoundError:
        return Configuration()
    except (ValueError, TypeError, AttributeError):
        raise Stop(f"{path()} cannot be read as JSON: repair or remove it, then heroes login.") from None


def change(edit: Callable[[Configuration], None]) -> Configuration:
    """Read, edit and write the file while nobody else does."""
    with locked():
        kept = read()
        edit(kept)
        write(kept)
    return kept


def write(kept: Configuration) -> None:
    """Replace the file at once, readable by its owner alone. Call it under the lock."""
    content = {
        "current": kept.current,
        "logins": {key: asdict(login) for key, login in kept.logins.items()},
        "settings": kept.settings,
    }
    target = path()
    handle, name = tempfile.mkstemp(prefix=".config-", dir=target.parent)  # made with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2, ensure_ascii=False)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def locked() -> Iterator[None]:
    """Hold the file against every other process; the hold ends with this process, however it ends."""
    import fcntl

    folder = path().parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / "config.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class FileKeeper:
    """Keeps the token set of one sign-in in the file."""

    def __init__(self, key: str, tokens: dict[str, Any]):
        self._key = key
        self._tokens = _token_set(tokens)

    def load(self) -> "TokenSet | None":
        return self._tokens

    def save(self, tokens: "TokenSet") -> None:
        """Keep a new set; called under the lock. A sign-in that was ended meanwhile stays ended."""
        self._tokens = tokens
        kept = read()
        if login := kept.logins.get(self._key):
            login.tokens = asdict(tokens)
            write(kept)

    @contextmanager
    def lock(self) -> Iterator[None]:
        with locked():
            if login := read().logins.get(self._key):
                self._tokens = _token_set(login.tokens)
            yield


def _token_set(tokens: dict[str, Any]) -> "TokenSet | None":
    from heroes.client import TokenSet

    with suppress(TypeError):
        return TokenSet(**tokens)
    return None
