"""A real sshd of the tests' own on loopback, with accounts that exist nowhere else."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh
import pytest

from heroes.adapters.ssh import KeyAuth, PasswordAuth, SshTarget

PASSWORD = "a pass'word \\with $igns"
CSH = shutil.which("tcsh") or shutil.which("csh")
SHELLS = {
    "bea": "/bin/bash",
    "tina": CSH or "/bin/sh",
    "nora": "/usr/sbin/nologin",
    "paul": "/bin/sh",
    "pia": "/bin/sh",
}
SHELLS |= {"eva": "/bin/sh", "finn": "/bin/bash"}
CONFIG = """
ListenAddress 127.0.0.1
Port {port}
HostKey {base}/host_key
PidFile none
UsePAM yes
StrictModes no
MaxSessions 10
MaxStartups 100
AuthorizedKeysFile {base}/authorized_keys
TrustedUserCAKeys {base}/user_ca.pub
PasswordAuthentication no
KbdInteractiveAuthentication yes
Banner {base}/banner
Subsystem sftp /usr/lib/openssh/sftp-server
Match User pia
  PasswordAuthentication yes
  KbdInteractiveAuthentication no
"""
START = (
    "mount --bind {base}/passwd /etc/passwd && mount --bind {base}/shadow /etc/shadow && "
    "exec /usr/sbin/sshd -D -e -f {base}/config"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Sshd:
    """A private sshd with accounts of its own, in a mount namespace that has its own /etc/passwd."""

    base: Path
    port: int = field(default_factory=free_port)
    keys: dict[str, asyncssh.SSHKey] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def prepare(self) -> None:
        self.base.chmod(0o755)
        for name in ("ssh-rsa", "ecdsa-sha2-nistp256", "ssh-ed25519", "ca", "foreign"):
            kind = name if "-" in name else "ssh-ed25519"
            self.keys[name] = asyncssh.generate_private_key(kind, **({"key_size": 2048} if kind == "ssh-rsa" else {}))
        known = [
            self.keys[name].export_public_key().decode() for name in ("ssh-rsa", "ecdsa-sha2-nistp256", "ssh-ed25519")
        ]
        self._file("authorized_keys", "".join(known), 0o644)
        self._file("user_ca.pub", self.keys["ca"].export_public_key().decode(), 0o644)
        self._file("banner", "Welcome to nowhere.\n", 0o644)
        self._file("config", CONFIG.format(port=self.port, base=self.base))
        secret = subprocess.run(
            ["openssl", "passwd", "-6", "-stdin"], input=PASSWORD, capture_output=True, text=True, check=True
        ).stdout.strip()
        passwd, shadow = Path("/etc/passwd").read_text(), Path("/etc/shadow").read_text()
        for uid, (user, shell) in enumerate(SHELLS.items(), 31001):
            home = self.base / user
            home.mkdir()
            os.chown(home, uid, 65534)
            passwd += f"{user}:x:{uid}:65534::{home}:{shell}\n"
            expires = "1" if user == "eva" else ""
            shadow += f"{user}:{secret if user in ('paul', 'pia') else '*'}:19000:0:99999:7::{expires}:\n"
        self._file("passwd", passwd, 0o644)
        self._file("shadow", shadow)
        for rc in ("bea/.bashrc", "tina/.cshrc"):
            self._file(rc, "echo NOISE\n", 0o644)
        self.new_host_key("ssh-ed25519")

    def _file(self, name: str, text: str, mode: int = 0o600) -> None:
        (self.base / name).write_text(text)
        (self.base / name).chmod(mode)

    def new_host_key(self, kind: str) -> None:
        """Change the host key; takes effect at the next start."""
        self.keys["host"] = asyncssh.generate_private_key(kind)
        self._file("host_key", self.keys["host"].export_private_key().decode())

    def start(self) -> None:
        Path("/run/sshd").mkdir(exist_ok=True)
        command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", START.format(base=self.base)]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the private sshd does not start")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait()

    @property
    def host_key(self) -> str:
        return self.keys["host"].export_public_key().decode()

    def key(self, name: str = "ssh-ed25519", passphrase: str | None = None) -> KeyAuth:
        form = "openssh" if passphrase is None else "pkcs8-pem"
        return KeyAuth(self.keys[name].export_private_key(form, passphrase), passphrase)

    def target(self, user: str = "finn", auth: KeyAuth | PasswordAuth | None = None) -> SshTarget:
        return SshTarget("127.0.0.1", user, auth or self.key(), self.host_key, port=self.port)


@contextmanager
def private_sshd() -> Iterator[Sshd]:
    """Yield one that answers; the test is left out where none can be started."""
    if os.geteuid() != 0 or not Path("/usr/sbin/sshd").exists():
        pytest.skip("a private sshd needs root and openssh-server: run scripts/install-lab.sh and the tests as root")
    base = Path(tempfile.mkdtemp(prefix="heroes-sshd-", dir="/tmp"))
    server = Sshd(base)
    try:
        server.prepare()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(base, ignore_errors=True)
