"""Keys of clients, of hosts and of the user certificate authority, made once and kept over stop and start."""

from pathlib import Path

from .machine import STATE, command
from .sites import CERTIFICATE_USER, SITES, Site

KEYS = STATE / "keys"
CLIENT_KEY_TYPES = ("ed25519", "rsa", "ecdsa")


def client_key(key_type: str = "ed25519") -> Path:
    return KEYS / f"id_{key_type}"


def public(key: Path) -> Path:
    return key.with_name(key.name + ".pub")


def authority() -> Path:
    return KEYS / "user_ca"


def certificate() -> Path:
    """Certificate of the ed25519 client key, valid for a week from the last start, for every user of the laboratory."""
    return KEYS / "id_ed25519-cert.pub"


def host_keys(site: Site) -> Path:
    return KEYS / "hosts" / site.name


def known_hosts_line(site: Site) -> str:
    key_type, key, *_ = public(host_keys(site) / "ssh_host_ed25519_key").read_text().split()
    return f"{site.address} {key_type} {key}"


def make_keys() -> None:
    """Makes what is missing and renews the certificate."""
    KEYS.mkdir(parents=True, exist_ok=True)
    KEYS.chmod(0o755)
    for key_type in CLIENT_KEY_TYPES:
        _make_key(client_key(key_type), key_type)
    _make_key(authority(), "ed25519")
    for site in SITES.values():
        host_keys(site).mkdir(parents=True, exist_ok=True)
        for key_type in CLIENT_KEY_TYPES:
            _make_key(host_keys(site) / f"ssh_host_{key_type}_key", key_type)
    users = ",".join(sorted({CERTIFICATE_USER} | {user for site in SITES.values() for user in site.users}))
    sign = ["ssh-keygen", "-q", "-s", str(authority()), "-I", "laboratory", "-n", users, "-V", "-1h:+1w"]
    command(*sign, str(public(client_key())))


def _make_key(path: Path, key_type: str) -> None:
    if not public(path).exists():
        path.unlink(missing_ok=True)
        command("ssh-keygen", "-q", "-t", key_type, "-N", "", "-C", path.name, "-f", str(path))
