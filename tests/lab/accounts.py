"""Users and sshd of a machine, with the settings a site gets from its distribution."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from .sites import CERTIFICATE_USER, PASSWORD, PASSWORD_USER, Site

FIRST_UID = 20001
BANNER = """\
************************************************************
  {name}: authorised use only. All activity is recorded.
************************************************************
"""
SSHD_CONFIG = """\
Include /etc/ssh/sshd_config.d/*.conf
HostKey /lab/hostkeys/ssh_host_ed25519_key
HostKey /lab/hostkeys/ssh_host_rsa_key
HostKey /lab/hostkeys/ssh_host_ecdsa_key
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication yes
TrustedUserCAKeys /lab/user_ca.pub
UsePAM yes
X11Forwarding yes
PrintMotd no
Banner /etc/issue.net
AcceptEnv LANG LC_*
Subsystem sftp /usr/lib/openssh/sftp-server
"""


def services(site: Site) -> Iterable[Callable[[], None]]:
    def users() -> None:
        for number, name in enumerate(site.all_users):
            _add_user(name, FIRST_UID + number)

    def sshd() -> None:
        Path("/etc/issue.net").write_text(BANNER.format(name=site.name))
        Path("/etc/ssh/sshd_config").write_text(SSHD_CONFIG)
        subprocess.run(["/usr/sbin/sshd", "-E", "/lab/log/sshd.log"], check=True)

    return (users, sshd)


def _add_user(name: str, uid: int) -> None:
    # '*' and not '!': with '!' sshd takes the account for locked and refuses keys too.
    secret = _encrypted(PASSWORD) if name == PASSWORD_USER else "*"
    subprocess.run(["useradd", "-M", "-p", secret, "-u", str(uid), "-s", "/bin/bash", name], check=True)
    home = Path("/home", name)
    if home.exists():
        return
    shutil.copytree("/etc/skel", home)
    home.chmod(0o700)
    ssh = home / ".ssh"
    ssh.mkdir(mode=0o700)
    if name not in (PASSWORD_USER, CERTIFICATE_USER):
        shutil.copy("/lab/authorized_keys", ssh / "authorized_keys")
    for path in (home, *home.rglob("*")):
        os.chown(path, uid, uid)


def _encrypted(password: str) -> str:
    done = subprocess.run(["openssl", "passwd", "-6", password], check=True, capture_output=True, text=True)
    return done.stdout.strip()
