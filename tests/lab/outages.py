"""How a part of a centre comes back after an outage, and how a machine gets a clock that is wrong."""

from pathlib import Path

LISTENS = "ss -Hltn 'sport = 22' | grep -q ."
LOGIN_NODE_ON = f"/usr/sbin/sshd -E /lab/log/sshd.log; until {LISTENS}; do sleep 0.02; done"
CLOCK_LIBRARY = "usr/lib/*/faketime/libfaketimeMT.so.1"


def set_clock(seconds: int) -> None:
    """From now on the clock of whatever starts on this machine is ahead by so much. Raises FileNotFoundError."""
    libraries = sorted(Path("/").glob(CLOCK_LIBRARY))
    if not libraries:
        raise FileNotFoundError(f"/{CLOCK_LIBRARY}: install the package libfaketime")
    Path("/etc/faketimerc").write_text(f"{seconds:+d}s\n")
    Path("/etc/ld.so.preload").write_text(f"{libraries[0]}\n")
