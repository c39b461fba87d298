"""A script on this machine tries to get out."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from heroes.adapters import sandbox
from heroes.adapters.sandbox import SandboxKind, System, Walls, confine, environment
from heroes.adapters.spool import TOOLS

Script = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=[SandboxKind.BUBBLEWRAP, SandboxKind.USER_NAMESPACE])
def kind(request: pytest.FixtureRequest) -> SandboxKind:
    program = {SandboxKind.BUBBLEWRAP: "bwrap", SandboxKind.USER_NAMESPACE: "unshare"}[request.param]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed here")
    return SandboxKind(request.param)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The platform's data folder, with a job's folder inside it."""
    (tmp_path / "objects").mkdir()
    (tmp_path / "objects" / "blob").write_text("SECRET of another organization")
    (tmp_path / "here" / "mine" / "work").mkdir(parents=True)
    (tmp_path / "here" / "other").mkdir(parents=True)
    (tmp_path / "here" / "other" / "result").write_text("SECRET of another job")
    return tmp_path


@pytest.fixture
def run(kind: SandboxKind, home: Path) -> Script:
    def act(script: str, *, network: bool = False, hidden: tuple[str, ...] = (), also: tuple[str, ...] = ()):
        folder = str(home / "here" / "mine")
        walls = Walls(folder, network=network, hidden=hidden, tmp_bytes=4 << 20)
        system = System.here(also=also)
        argv = confine(kind, walls, ["/bin/bash", "-c", script], environment(folder), system)
        reading, writing = os.pipe()
        shell = ["/bin/bash", "-c", f'exec "$@" 3>&{writing}', "sh", *argv]
        try:
            return subprocess.run(
                shell, capture_output=True, text=True, timeout=60, pass_fds=(writing,), check=False, env=TOOLS
            )
        finally:
            os.close(writing)
            assert os.read(reading, 1) == b"\n"
            os.close(reading)

    return act


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.anyio
async def test_this_machine_has_walls():
    assert await sandbox.probe() is not SandboxKind.NONE


def test_a_script_works_in_its_own_folder_and_says_how_it_ended(run: Script, home: Path):
    done = run("cd work && echo result > out && pwd && exit 7")
    assert (done.returncode, done.stdout.strip()) == (7, str(home / "here" / "mine" / "work"))
    assert (home / "here" / "mine" / "work" / "out").read_text() == "result\n"
    assert (home / "here" / "mine" / "work" / "out").stat().st_uid == os.getuid()


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param("cat {home}/objects/blob", id="the data folder"),
        pytest.param("cat {home}/here/other/result", id="another job's folder"),
        pytest.param("cat ../other/result", id="another job's folder, by a relative path"),
        pytest.param("ls {home}/objects {home}/here/other", id="the names of what is there"),
        pytest.param("ln -s {home}/objects/blob l; cat l", id="through a link"),
        pytest.param("cat /proc/1/root{home}/objects/blob", id="through the root of the first process"),
        pytest.param("cat /proc/$PPID/root{home}/objects/blob", id="through the root of the parent"),
        pytest.param("cat /proc/1/cwd/../../objects/blob", id="through the first process's folder"),
        pytest.param("for fd in /proc/[0-9]*/fd/*; do cat $fd/objects/blob; done", id="through an open descriptor"),
        pytest.param("ls /root /home /var/lib", id="home folders and the system's data"),
        pytest.param("cat /etc/shadow", id="passwords"),
        pytest.param("ls /run /sys /mnt /srv", id="sockets, devices and mounts"),
        pytest.param("umount {home}/here/mine && cat {home}/objects/blob", id="by unmounting"),
        pytest.param(
            "unshare -Urm sh -c 'umount -l /tmp; umount -l /usr; cat {home}/objects/blob'", id="nested unmount"
        ),
        pytest.param(
            "unshare -Urm sh -c 'mount --bind /proc/1/root /tmp; cat /tmp{home}/objects/blob'", id="nested bind"
        ),
        pytest.param("mknod d b 259 0 || mknod d b 254 0", id="a device node of its own"),
        pytest.param("echo x > /usr/x || echo x > /etc/passwd || touch /lib/x", id="the system's programs"),
        pytest.param("p=/proc/sys/kernel/core_pattern; cat $p > $p", id="a kernel setting that runs a program as root"),
        pytest.param("p=/proc/sys/vm/swappiness; cat $p > $p", id="any kernel setting"),
        pytest.param("unshare -Urpf --mount-proc sh -c 'p=/proc/sys/vm/swappiness; cat $p > $p'", id="on a fresh proc"),
        pytest.param("echo h > /proc/sysrq-trigger", id="the system request key"),
        pytest.param("kill -0 {pid}", id="a process outside"),
        pytest.param("kill -9 -1; false", id="every process it can name"),
        pytest.param("head -c 1 /dev/mem || head -c 1 /dev/kmsg || head -c 1 /dev/vda", id="devices"),
    ],
)
def test_a_script_does_not_get_out(run: Script, home: Path, attempt: str):
    done = run(attempt.format(home=home, pid=os.getpid()))
    assert done.returncode != 0
    assert "SECRET" not in done.stdout


def test_a_script_sees_only_its_own_processes(run: Script):
    assert int(run("ls -d /proc/[0-9]* | wc -l").stdout) < 8


def test_a_script_has_no_network(run: Script, listening: int):
    assert run(f"exec 9<>/dev/tcp/127.0.0.1/{listening}").returncode != 0
    assert run("grep -c : /proc/net/dev").stdout.strip() == "1"
    assert run("cat /etc/resolv.conf").returncode != 0


def test_a_script_has_the_network_where_it_is_allowed(run: Script, listening: int):
    assert run(f"exec 9<>/dev/tcp/127.0.0.1/{listening}", network=True).returncode == 0


def test_the_databases_socket_is_not_there(run: Script, home: Path):
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as abstract:
        server.bind(str(home / ".s.PGSQL.5432"))
        server.listen()
        abstract.bind(b"\0heroes-test-abstract-%d" % os.getpid())
        abstract.listen()
        connect = "import socket,sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1].replace('@', chr(0)))"
        for address in (home / ".s.PGSQL.5432", f"@heroes-test-abstract-{os.getpid()}"):
            assert run(f'/usr/bin/python3 -c "{connect}" {address}').returncode != 0


def test_tmp_is_private_and_bounded(run: Script, tmp_path: Path):
    (Path("/tmp") / tmp_path.name).touch()
    try:
        assert run(f"ls /tmp/{tmp_path.name}").returncode != 0
        assert run("head -c 6000000 /dev/zero > /tmp/big || head -c 6000000 /dev/zero > /dev/shm/big").returncode != 0
        assert run("echo x > /tmp/a && echo y > /dev/shm/b").returncode == 0
        assert not (Path("/tmp") / "a").exists()
    finally:
        (Path("/tmp") / tmp_path.name).unlink()


def test_the_environment_is_clean(run: Script, monkeypatch: pytest.MonkeyPatch, home: Path):
    monkeypatch.setenv("HEROES_MASTER_KEY_FILE", "SECRET")
    seen = dict(line.split("=", 1) for line in run("env").stdout.splitlines())
    assert set(seen) <= {"PATH", "LANG", "HOME", "TMPDIR", "PWD", "SHLVL", "_", "OLDPWD"}
    assert seen["HOME"] == str(home / "here" / "mine")


def test_a_script_has_no_rights_and_cannot_get_any(run: Script):
    done = run("id -u; grep -E '^(CapEff|CapPrm|NoNewPrivs)' /proc/self/status")
    assert done.stdout.split() == ["65534", "CapPrm:", "0" * 16, "CapEff:", "0" * 16, "NoNewPrivs:", "1"]


def test_a_hidden_folder_stays_hidden_below_a_shown_one(run: Script, home: Path):
    """As where the data folder lies below /opt."""
    hidden = str(home / "objects")
    assert run(f"cat {home}/objects/blob", also=(str(home),), hidden=(hidden,)).returncode != 0
    assert run("echo still mine > out", also=(str(home),), hidden=(str(home),)).returncode == 0


@pytest.mark.parametrize(
    "name", ["with space", "new\nline", "$(touch pwned)", "quo'te\"", "東京", os.fsdecode(b"\xff\xfe")]
)
def test_a_folder_of_any_name_can_be_a_jobs(kind: SandboxKind, tmp_path: Path, name: str):
    folder = tmp_path / name
    folder.mkdir()
    argv = confine(
        kind, Walls(str(folder)), ["/bin/sh", "-c", "echo ok > out"], environment(str(folder)), System.here()
    )
    shell = ["/bin/sh", "-c", 'exec "$@" 3>/dev/null', "sh", *argv]
    done = subprocess.run(shell, check=False, capture_output=True, env=TOOLS)
    assert done.returncode == 0, done.stderr
    assert (folder / "out").read_text() == "ok\n"
    assert not (tmp_path / "pwned").exists()


def test_without_walls_the_script_runs_with_a_clean_environment_all_the_same(tmp_path: Path):
    argv = confine(SandboxKind.NONE, Walls(str(tmp_path)), ["/bin/sh", "-c", "env; pwd"], {"A": "b"}, System((), ()))
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" 3>/dev/null', "sh", *argv], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["A=b", f"PWD={tmp_path}", str(tmp_path)] or str(tmp_path) in done.stdout
    assert "HOME" not in done.stdout
