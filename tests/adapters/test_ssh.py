"""Commands and files over SSH, against real servers: one of our own on loopback, and the laboratory's."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import asyncssh
import pytest

from adapters.private_sshd import CSH, PASSWORD, Sshd, free_port, private_sshd
from heroes.adapters.ports import Entry, HostKeyChanged, NotThere
from heroes.adapters.ssh import KeyAuth, PasswordAuth, SshSite, SshTarget, connect, scan_host_key
from heroes.adapters.ssh_shell import command_line
from heroes.kit.errors import Garbled, Refused, Unreachable
from lab.laboratory import Laboratory

pytestmark = [pytest.mark.anyio, pytest.mark.lab]


@pytest.fixture(scope="module")
def sshd_module() -> Iterator[Sshd]:
    with private_sshd() as server:
        yield server


@pytest.fixture
def sshd(sshd_module: Sshd) -> Sshd:
    return sshd_module


@pytest.fixture
async def site(sshd: Sshd) -> AsyncIterator[SshSite]:
    async with await connect(sshd.target()) as opened:
        yield opened


async def said(target: SshTarget, *argv: str) -> str:
    async with await connect(target) as opened:
        return (await opened.shell.run(argv)).stdout


# --------------------------------------------------------------------------------------------------------------- login


@pytest.mark.parametrize("kind", ["ssh-rsa", "ecdsa-sha2-nistp256", "ssh-ed25519"])
async def test_every_kind_of_key_logs_in(sshd: Sshd, kind: str) -> None:
    assert await said(sshd.target(auth=sshd.key(kind)), "id", "-un") == "finn\n"


async def test_a_key_with_a_passphrase_logs_in_and_a_wrong_passphrase_is_told(sshd: Sshd) -> None:
    auth = sshd.key(passphrase="swordfish")
    assert await said(sshd.target(auth=auth), "id", "-un") == "finn\n"
    with pytest.raises(Refused, match="cannot be read"):
        await connect(sshd.target(auth=replace(auth, passphrase="wrong")))


async def test_a_certificate_opens_what_its_key_alone_does_not(sshd: Sshd) -> None:
    foreign = sshd.keys["foreign"]
    certificate = sshd.keys["ca"].generate_user_certificate(foreign, "tests", principals=["finn"]).export_certificate()
    assert await said(sshd.target(auth=replace(sshd.key("foreign"), certificate=certificate)), "id", "-un") == "finn\n"
    with pytest.raises(Refused, match="tina@127"):
        await connect(sshd.target("tina", auth=replace(sshd.key("foreign"), certificate=certificate)))


@pytest.mark.parametrize("user", ["paul", "pia"])
async def test_a_password_is_given_by_either_method_and_a_wrong_one_is_refused(sshd: Sshd, user: str) -> None:
    assert await said(sshd.target(user, PasswordAuth(PASSWORD)), "id", "-un") == f"{user}\n"
    with pytest.raises(Refused, match="refuses the account"):
        await connect(sshd.target(user, PasswordAuth("wrong")))


async def test_a_refused_account_is_named_with_what_the_host_says(sshd: Sshd) -> None:
    with pytest.raises(Refused, match=r"finn@127\.0\.0\.1.*authorized_keys.*Welcome to nowhere"):
        await connect(sshd.target(auth=sshd.key("foreign")))


async def test_an_expired_account_says_so(sshd: Sshd) -> None:
    with pytest.raises(Refused, match="expired"):
        await connect(sshd.target("eva"))


async def test_the_banner_is_kept(site: SshSite) -> None:
    assert site.banner == "Welcome to nowhere.\n"


async def test_secrets_are_not_shown(sshd: Sshd) -> None:
    assert "PRIVATE" not in repr(sshd.target())
    assert PASSWORD not in repr(sshd.target("paul", PasswordAuth(PASSWORD)))


# ------------------------------------------------------------------------------------------------------------ host keys


async def test_a_scanned_host_key_can_be_pinned(sshd: Sshd) -> None:
    scanned = await scan_host_key("127.0.0.1", sshd.port)
    assert scanned.fingerprint == sshd.keys["host"].get_fingerprint()
    assert await said(replace(sshd.target(), host_key=scanned.line), "echo", "in") == "in\n"


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256"])
async def test_a_changed_host_key_is_refused_with_both_fingerprints_and_no_login(sshd: Sshd, kind: str) -> None:
    other = asyncssh.generate_private_key(kind)
    with pytest.raises(HostKeyChanged) as caught:
        await connect(replace(sshd.target(), host_key=other.export_public_key().decode()))
    assert caught.value.facts["pinned"] == [other.get_fingerprint()]
    assert caught.value.facts["offered"] == sshd.keys["host"].get_fingerprint()
    assert "scan the key again" in str(caught.value)


async def test_nothing_pinned_is_refused(sshd: Sshd) -> None:
    with pytest.raises(Refused, match="No host key is pinned"):
        await connect(replace(sshd.target(), host_key=""))


# ------------------------------------------------------------------------------------------------------------- commands

NASTY = [
    "",
    " ",
    "a'b\"c",
    "$HOME `id` $(id)",
    "*?[a]~",
    "!history !! !1",
    "line\nbreak\n",
    "\\0101\\n%s%b%%",
    "é€\udcff",
    ";|&<>#",
]


@pytest.mark.parametrize("user", ["bea", "tina", "paul"])
async def test_arguments_arrive_as_they_were_given_through_any_login_shell(sshd: Sshd, user: str) -> None:
    auth = PasswordAuth(PASSWORD) if user == "paul" else None
    show = 'for each in "$@"; do printf "<%s>" "$each"; done; printf "[%s]" "$LC_ALL"'
    expected = "".join(f"<{each}>" for each in NASTY) + "[C]"
    assert await said(sshd.target(user, auth), "sh", "-c", show, "sh", *NASTY) == expected


@pytest.mark.skipif(CSH is None, reason="tcsh is not installed")
async def test_the_account_with_csh_really_uses_csh(sshd: Sshd) -> None:
    async with await connect(sshd.target("tina")) as site:
        raw = await site.connection.run("echo $shell", encoding="utf-8")
    assert "csh" in str(raw.stdout)


def test_the_command_line_has_nothing_that_a_shell_could_take_amiss() -> None:
    line = command_line(["printf", *NASTY], "mark")
    assert line.isascii()
    assert "!" not in line
    assert "\n" not in line
    assert line.count("'") == 2


async def test_what_startup_files_print_is_not_output_but_spoils_files(sshd: Sshd) -> None:
    async with await connect(sshd.target("bea")) as noisy:
        result = await noisy.shell.run(["sh", "-c", "echo out; echo err >&2; exit 3"])
        with pytest.raises(Refused, match="start-up files"):
            await noisy.files.stat("/")
    assert (result.exit_status, result.stdout, result.stderr) == (3, "out\n", "err\n")


async def test_stdin_is_bytes_and_may_be_left_unread(site: SshSite) -> None:
    data = os.urandom(300_000)
    result = await site.shell.run(["sha256sum"], stdin=data)
    assert result.stdout.split()[0] == hashlib.sha256(data).hexdigest()
    assert (await site.shell.run(["true"], stdin=data * 20)).ok


async def test_a_killed_command_and_a_missing_one_are_answers(site: SshSite) -> None:
    assert (await site.shell.run(["sh", "-c", "kill -9 $$"])).exit_status == 137
    assert (await site.shell.run(["no-such-command"])).exit_status == 127


async def test_a_command_without_answer_in_time_is_in_doubt_and_the_line_lives_on(site: SshSite) -> None:
    with pytest.raises(Unreachable, match=r"may or may not have run.*Not heard since"):
        await site.shell.run(["sleep", "20"], timeout=0.3)
    assert (await site.shell.run(["echo", "on"])).stdout == "on\n"


async def test_output_without_end_is_cut_off(site: SshSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heroes.adapters.ssh_shell.MAX_OUTPUT_BYTES", 1 << 20)
    with pytest.raises(Garbled, match="larger than 1 MiB"):
        await site.shell.run(["yes"])


async def test_a_command_too_long_for_a_line_is_refused_before_it_is_sent(site: SshSite) -> None:
    with pytest.raises(Refused, match="stdin"):
        await site.shell.run(["echo", "x" * 200_000])


async def test_a_login_shell_that_runs_nothing_is_refused_with_its_words(sshd: Sshd) -> None:
    async with await connect(sshd.target("nora")) as opened:
        with pytest.raises(Refused, match="not available"):
            await opened.shell.run(["true"])


async def test_more_questions_than_sessions_wait_for_their_turn(site: SshSite) -> None:
    results = await asyncio.gather(
        *(site.shell.run(["sh", "-c", "sleep 0.1; echo $1", "sh", str(n)]) for n in range(25))
    )
    assert [result.stdout for result in results] == [f"{n}\n" for n in range(25)]


async def test_a_cut_connection_is_unreachable_for_commands_and_files(site: SshSite) -> None:
    await site.files.stat("/")
    with pytest.raises(Unreachable, match="Not heard since"):
        await site.shell.run(["sh", "-c", "kill -9 $PPID; sleep 5"])
    with pytest.raises(Unreachable):
        await site.shell.run(["true"])
    with pytest.raises(Unreachable):
        await site.files.stat("/")
    assert not site.alive


async def test_nobody_at_the_port_is_unreachable(sshd: Sshd) -> None:
    with pytest.raises(Unreachable, match="cannot be reached"):
        await connect(replace(sshd.target(), port=free_port()))


# ---------------------------------------------------------------------------------------------------------------- files


@pytest.fixture
async def folder(site: SshSite, sshd: Sshd) -> AsyncIterator[str]:
    path = f"{sshd.base}/finn/work"
    await site.files.makedirs(path)
    yield path
    await site.files.remove_tree(path)


async def pieces(data: bytes, size: int = 70_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def test_any_name_survives(site: SshSite, folder: str) -> None:
    names = ["plain", "new\nline", "quo'te\"s", "Grüße €", "bytes\udcff\udc80", "x" * 255, "-rf", "*"]
    for name in names:
        await site.files.write(f"{folder}/{name}", name.encode(errors="surrogateescape"))
    entries = await site.files.listdir(folder)
    assert sorted(names) == sorted(entry.path for entry in entries)
    for name in names:
        assert await site.files.read(f"{folder}/{name}") == name.encode(errors="surrogateescape")
    assert sorted(os.listdir(os.fsencode(folder))) == sorted(os.fsencode(name) for name in names)


async def test_a_large_file_goes_there_and_back(site: SshSite, folder: str) -> None:
    data = os.urandom(20_000_003)
    assert await site.files.put(f"{folder}/big", pieces(data), mode=0o640, mtime=1_600_000_000) == len(data)
    entry = await site.files.stat(f"{folder}/big")
    assert entry == Entry(f"{folder}/big", "file", len(data), 1_600_000_000.0, 0o640)
    assert b"".join([block async for block in site.files.get(f"{folder}/big")]) == data
    assert b"".join([block async for block in site.files.get(f"{folder}/big", 19_000_000)]) == data[19_000_000:]
    assert await site.files.read(f"{folder}/big", 5, 300_000) == data[5:300_005]
    assert await site.files.read(f"{folder}/big", len(data), 10) == b""


async def test_a_transfer_goes_on_where_it_was_cut(site: SshSite, folder: str) -> None:
    data = os.urandom(1_000_000)
    await site.files.put(f"{folder}/f", pieces(data[:600_000]))
    assert await site.files.put(f"{folder}/f", pieces(data[500_000:]), offset=500_000) == len(data)
    assert await site.files.read(f"{folder}/f") == data
    with pytest.raises(Refused, match="only 1000000 bytes"):
        await site.files.put(f"{folder}/f", pieces(data), offset=2_000_000)


async def test_what_arrived_before_a_cut_is_a_true_beginning(sshd: Sshd, folder: str) -> None:
    data = os.urandom(30_000_000)
    async with await connect(sshd.target()) as doomed:

        async def cutting() -> AsyncIterator[bytes]:
            async for piece in pieces(data):
                yield piece
                sent.append(len(piece))
                if sum(sent) > 15_000_000:
                    doomed.connection.abort()

        sent: list[int] = []
        with pytest.raises(Unreachable):
            await doomed.files.put(f"{folder}/f", cutting())
    async with await connect(sshd.target()) as again:
        entry = await again.files.stat(f"{folder}/f")
        assert entry is not None
        there = await again.files.read(f"{folder}/f")
        assert there == data[: len(there)]
        await again.files.put(f"{folder}/f", pieces(data[len(there) :]), offset=len(there))
        assert await again.files.read(f"{folder}/f") == data


async def test_a_written_file_is_whole_or_not_there_and_leaves_nothing_beside(site: SshSite, folder: str) -> None:
    await site.files.write(f"{folder}/f", b"old", 0o644)
    await site.files.write(f"{folder}/f", b"new", 0o600)
    assert await site.files.read(f"{folder}/f") == b"new"
    (entry,) = await site.files.listdir(folder)
    assert (entry.path, entry.mode) == ("f", 0o600)
    with pytest.raises(Refused):
        await site.files.write(f"{folder}/{'y' * 256}", b"too long a name")
    assert [entry.path for entry in await site.files.listdir(folder)] == ["f"]


async def test_what_is_missing_is_not_there(site: SshSite, folder: str) -> None:
    assert await site.files.stat(f"{folder}/no") is None
    with pytest.raises(NotThere):
        await site.files.read(f"{folder}/no")
    with pytest.raises(NotThere):
        await site.files.listdir(f"{folder}/no")
    await site.files.remove(f"{folder}/no")
    await site.files.remove_tree(f"{folder}/no")


async def test_what_is_forbidden_is_refused(site: SshSite) -> None:
    with pytest.raises(Refused, match="permission denied"):
        await site.files.write("/etc/heroes-was-here", b"")
    with pytest.raises(Refused, match="permission denied"):
        await site.files.read("/etc/shadow")


async def test_links_are_seen_and_never_followed_when_a_tree_is_removed(site: SshSite, folder: str) -> None:
    await site.files.makedirs(f"{folder}/keep")
    await site.files.write(f"{folder}/keep/precious", b"1")
    await site.files.makedirs(f"{folder}/tree/deep/er")
    await site.files.symlink("../keep", f"{folder}/tree/link")
    await site.files.symlink(f"{folder}/keep/precious", f"{folder}/tree/deep/file-link")
    await site.files.write(f"{folder}/tree/deep/er/f", b"2")
    await site.files.set_mode(f"{folder}/tree/deep/er", 0o000)
    link = await site.files.stat(f"{folder}/tree/link")
    assert link is not None
    assert (link.kind, link.target) == ("link", "../keep")
    await site.files.remove_tree(f"{folder}/tree")
    assert await site.files.stat(f"{folder}/tree") is None
    assert await site.files.read(f"{folder}/keep/precious") == b"1"
    await site.files.symlink("keep", f"{folder}/l")
    await site.files.remove_tree(f"{folder}/l")
    assert await site.files.read(f"{folder}/keep/precious") == b"1"


async def test_folders_modes_times_and_renames(site: SshSite, folder: str) -> None:
    await asyncio.gather(*(site.files.makedirs(f"{folder}/a/b/c", 0o750) for _ in range(5)))
    await site.files.write(f"{folder}/a/b/c/f", b"1")
    await site.files.set_times(f"{folder}/a/b/c/f", 1_500_000_000)
    await site.files.set_mode(f"{folder}/a/b/c/f", 0o440)
    await site.files.write(f"{folder}/g", b"2")
    await site.files.rename(f"{folder}/a/b/c/f", f"{folder}/g")
    assert await site.files.stat(f"{folder}/g") == Entry(f"{folder}/g", "file", 1, 1_500_000_000.0, 0o440)


async def test_many_small_files_are_handled_at_once(site: SshSite, folder: str) -> None:
    await asyncio.gather(*(site.files.write(f"{folder}/{n}", str(n).encode()) for n in range(200)))
    read = await asyncio.gather(*(site.files.read(f"{folder}/{n}") for n in range(200)))
    assert read == [str(n).encode() for n in range(200)]


# ------------------------------------------------------------------------------------------------------- the laboratory


def alpha(laboratory: Laboratory) -> SshTarget:
    known = laboratory.centre("alpha")
    return SshTarget(known.host, known.user, KeyAuth(known.key_path.read_bytes()), known.host_key, known.port)


async def test_a_site_behind_a_jump_host_is_reached(laboratory: Laboratory) -> None:
    gate = laboratory.centre("gate")
    jump = SshTarget(gate.host, gate.user, KeyAuth(gate.key_path.read_bytes()), gate.host_key)
    hidden = replace(alpha(laboratory), host=laboratory.hidden_address, jump=jump)
    async with await connect(hidden) as site:
        assert (await site.shell.run(["id", "-un"])).stdout == "alice\n"
        assert await site.files.stat("/etc/hostname")
    with pytest.raises(Unreachable, match="jump host"):
        await connect(replace(hidden, port=2))


async def test_the_laboratory_s_password_account_logs_in(laboratory: Laboratory) -> None:
    user, password = laboratory.centre("alpha").password_login
    assert await said(replace(alpha(laboratory), user=user, auth=PasswordAuth(password)), "id", "-un") == f"{user}\n"


async def test_a_site_that_changed_its_host_keys_is_not_entered(laboratory_alone: Laboratory) -> None:
    target = alpha(laboratory_alone)
    with laboratory_alone.fault("host-key", "alpha"), pytest.raises(HostKeyChanged):
        await connect(target)
    assert await said(target, "echo", "back") == "back\n"


async def test_a_silent_site_is_noticed_by_the_keepalive(laboratory_alone: Laboratory) -> None:
    async with await connect(alpha(laboratory_alone)) as site:
        with laboratory_alone.fault("cut", "alpha"), pytest.raises(Unreachable, match="Not heard since"):
            await site.shell.run(["sleep", "100"], timeout=90)
        with pytest.raises(Unreachable):
            await site.shell.run(["true"])
