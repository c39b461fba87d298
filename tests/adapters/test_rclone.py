"""Large files by rclone from a real sshd, with a key that only an agent's socket lets it use."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncssh
import pytest
import structlog

from adapters.private_sshd import Sshd, private_sshd
from heroes.adapters import rclone
from heroes.adapters.agent import Agent, serving
from heroes.adapters.rclone import RcloneFiles
from heroes.adapters.ssh import KeyAuth, PasswordAuth, connect

pytestmark = [pytest.mark.anyio, pytest.mark.lab]
SIZE = 3 * 2**20 + 17
LARGE = 2**20


@pytest.fixture(scope="module")
def sshd() -> Iterator[Sshd]:
    with private_sshd() as server:
        (server.base / "finn" / "large.dat").write_bytes(os.urandom(SIZE))
        yield server


@pytest.fixture
def program() -> str:
    found = rclone.program()
    assert found is not None, "rclone comes with the platform's own requirements"
    return found


async def whole(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([block async for block in chunks])


def auths(sshd: Sshd) -> dict[str, KeyAuth]:
    foreign, authority = sshd.keys["foreign"], sshd.keys["ca"]
    signed = authority.generate_user_certificate(foreign, "finn", principals=["finn"])
    return {
        "ssh-ed25519": sshd.key("ssh-ed25519"),
        "ecdsa-sha2-nistp256": sshd.key("ecdsa-sha2-nistp256"),
        "ssh-rsa": sshd.key("ssh-rsa"),
        "sealed by a passphrase": sshd.key(passphrase="swordfish"),
        "certificate": KeyAuth(foreign.export_private_key(), None, signed.export_certificate()),
    }


@pytest.mark.parametrize(
    "kind", ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa", "sealed by a passphrase", "certificate"]
)
async def test_a_large_file_is_read_by_rclone_with_every_kind_of_key(
    sshd: Sshd, program: str, kind: str, monkeypatch: pytest.MonkeyPatch
):
    async with await connect(sshd.target(auth=auths(sshd)[kind])) as site:
        files = RcloneFiles(site, program, large=LARGE)
        path = sshd.base / "finn" / "large.dat"
        monkeypatch.setattr(type(files).__mro__[1], "get", lambda *_: pytest.fail("rclone did not bring all of it"))
        for offset in (0, 12345):
            assert await whole(files.get(str(path), offset)) == path.read_bytes()[offset:]


@pytest.mark.parametrize("trouble", ["another host key", "no such program's answer", "cut"])
async def test_whatever_happens_to_rclone_the_file_is_read_on_by_the_line(
    sshd: Sshd, program: str, trouble: str, tmp_path: Path
):
    path = sshd.base / "finn" / "large.dat"
    async with await connect(sshd.target()) as site:
        if trouble != "another host key":
            program = str(tmp_path / "rclone")
            says = "exit 3" if trouble.startswith("no such") else f"head -c 100000 {path}; exit 1"
            Path(program).write_text(f"#!/bin/sh\n{says}\n")
            Path(program).chmod(0o755)
        files = RcloneFiles(site, program, large=LARGE)
        if trouble == "another host key":
            other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
            files._target = type(site.target)(**{**_fields(site.target), "host_key": other})
        with structlog.testing.capture_logs() as lines:
            assert await whole(files.get(str(path))) == path.read_bytes()
        assert "going on by SFTP" in lines[0]["event"]
        if trouble == "another host key":
            assert "key mismatch" in lines[0]["error"]


async def test_small_files_odd_names_and_what_is_not_there_are_the_lines_business(sshd: Sshd):
    async with await connect(sshd.target()) as site:
        files = RcloneFiles(site, "/nonexistent/rclone", large=LARGE)
        odd = sshd.base / "finn" / "groß ␀.dat"
        odd.write_bytes(b"x" * (LARGE + 1))
        (sshd.base / "finn" / "small").write_bytes(b"small")
        assert len(await whole(files.get(str(odd)))) == LARGE + 1
        assert await whole(files.get(str(sshd.base / "finn" / "small"))) == b"small"
        assert rclone.eligible(sshd.target())
        assert not rclone.eligible(sshd.target(auth=PasswordAuth("x")))


async def test_nothing_of_a_private_key_is_in_a_file_an_argument_or_the_environment_of_rclone(
    sshd: Sshd, tmp_path: Path
):
    spy, seen = tmp_path / "rclone", tmp_path / "seen"
    spy.write_text(
        f"""#!/bin/sh
exec >{seen}
tr "\\0" "\\n" </proc/$$/environ
echo "$@"
cat "$RCLONE_SFTP_KNOWN_HOSTS_FILE"
"""
    )
    spy.chmod(0o755)
    async with await connect(sshd.target()) as site:
        await whole(RcloneFiles(site, str(spy), large=LARGE).get(str(sshd.base / "finn" / "large.dat")))
    told = seen.read_text()
    assert "PRIVATE KEY" not in told
    assert sshd.keys["host"].export_public_key().decode().split()[1] in told, "the pinned key alone"
    assert not Path(next(line for line in told.splitlines() if "SOCK" in line).partition("=")[2]).exists()


async def test_the_agent_signs_for_the_process_that_was_let_in_and_for_no_other():
    key = asyncssh.generate_private_key("ssh-ed25519")

    async def listed(agent: Agent, *, invited: bool) -> str:
        environment = {**os.environ, "SSH_AUTH_SOCK": str(agent.path)}
        asked = await asyncio.create_subprocess_exec(
            "ssh-add", "-L", env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        agent.let_in(asked.pid if invited else os.getpid())
        told, _ = await asked.communicate()
        return told.decode()

    async with serving(key) as agent:
        assert agent.path.parent.stat().st_mode & 0o777 == 0o700
        assert key.export_public_key().decode().split()[1] in await listed(agent, invited=True)
    async with serving(key) as agent:
        assert key.export_public_key().decode().split()[1] not in await listed(agent, invited=False)
        for message in (b"\x0b", b"\x0d", b"\x0d\0\0\0\xff", b"\x13", b"\x0d" + b"\0" * 12):
            assert agent.answer(message)[0] in {5, 12}
        assert agent.signed == 0
    assert not agent.path.exists()


def _fields(target: object) -> dict[str, object]:
    return {name: getattr(target, name) for name in target.__dataclass_fields__}  # type: ignore[attr-defined]
