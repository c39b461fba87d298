"""Who runs the platform: an ordinary user as themselves; root hands over to the system user `heroes`."""

import os
import pwd
import sys
from collections.abc import Sequence
from pathlib import Path

from heroes.kit.postgres import DatabaseFailed, platform_account
from heroes.kit.settings import Settings


class CannotRun(Exception):
    """The platform cannot be started or stopped like this; the message names the remedy."""


def hand_over(settings: Settings, arguments: Sequence[str]) -> None:
    """Started by root, become the system user and begin anew with `heroes ARGUMENTS`; else only prepare the home.

    Raises CannotRun.
    """
    if os.geteuid() != 0:
        make_home(settings.home)
        return
    try:
        account = platform_account()
    except DatabaseFailed as error:
        raise CannotRun(str(error)) from None
    make_home(settings.home, account)
    os.environ.update(HOME=str(settings.home), USER=account.pw_name, LOGNAME=account.pw_name)
    os.environ["HEROES_HOME"] = str(settings.home)
    for name in [name for name in os.environ if name.startswith("XDG_")] + ["TMPDIR"]:
        os.environ.pop(name, None)  # root's own folders
    os.chdir("/")
    os.initgroups(account.pw_name, account.pw_gid)
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    program = Path(sys.prefix).resolve() / "bin" / "heroes"
    if not os.access(program, os.X_OK):
        raise CannotRun(f"The system user {account.pw_name} may not run {program}: install with `make setup`.")
    for path in (settings.master_key_file, settings.tls_cert, settings.tls_key):
        if path and not os.access(path, os.R_OK):
            raise CannotRun(f"The system user {account.pw_name} may not read {path}: chown {account.pw_name} {path}")
    os.execv(program, [str(program), *arguments])  # noqa: S606  our own program


def make_home(home: Path, account: pwd.struct_passwd | None = None) -> None:
    """Make the data folder; in root's, the system user may add things but not replace what is root's."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if account and home.stat().st_uid == 0:
            if home.stat().st_gid != account.pw_gid and {path.name for path in home.iterdir()} - {"app"}:
                raise CannotRun(
                    f"HEROES_HOME {home} is root's and not empty: name an empty folder, "
                    f"or give it away: chown -R {account.pw_name}: {home}"
                )
            os.chown(home, 0, account.pw_gid)
            home.chmod(0o1771)
        if not account and not os.access(home, os.W_OK | os.X_OK):
            raise PermissionError(13, "no right to write")
    except OSError as error:
        raise CannotRun(f"The data folder {home} cannot be used ({error.strerror}): set HEROES_HOME.") from None
