"""The registry on real git: each publication is a commit and a tag, and nothing of it is ever executed."""

import asyncio
import os
import subprocess
from pathlib import Path

import pytest

from heroes.adapters.git import Registry, RegistryFile
from heroes.kit.errors import Refused, SiteError, Unreachable

pytestmark = pytest.mark.anyio
WHO = {"author": "tom", "email": "tom@acme.example"}
NAMES = ["a b.txt", "quo'te\".txt", "back\\slash", "$(touch x)", "-rf", "Ünï/☃.dat", "x" * 255, "a;b&c|d"]


def git(path: Path, *argv: str, stdin: str = "") -> str:
    env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(path)}
    command = ["git", "-c", f"safe.directory={path}", "--git-dir", str(path), *argv]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=True, env=env).stdout


def files(text: str = "one") -> dict[str, RegistryFile]:
    return {"workflow.yaml": RegistryFile(text.encode()), "src/run.sh": RegistryFile(b"#!/bin/sh\n", executable=True)}


async def test_each_publication_is_a_commit_and_a_tag_and_stays_readable(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    first = await registry.publish("acme/airfoil", files("one"), message="First", **WHO)
    second = await registry.publish("acme/airfoil", {"workflow.yaml": RegistryFile(b"two")}, message="Second", **WHO)
    assert (first.tag, first.number) == ("acme/airfoil/v1", 1)
    assert (second.tag, second.number) == ("acme/airfoil/v2", 2)
    assert await registry.read(first.commit, "acme/airfoil") == files("one")
    assert await registry.read(second.tag, "acme/airfoil") == {"workflow.yaml": RegistryFile(b"two")}
    assert git(registry.path, "log", "--format=%s %an", "main") == "Second tom\nFirst tom\n"
    assert git(registry.path, "rev-parse", "acme/airfoil/v1^{commit}").strip() == first.commit
    git(registry.path, "fsck", "--strict")


async def test_workflows_do_not_disturb_each_other(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    await registry.publish("acme/a", files("a"), message="a", **WHO)
    other = await registry.publish("acme/a-b", files("b"), message="b", **WHO)
    assert other.number == 1
    assert (await registry.read("main", "acme/a"))["workflow.yaml"].data == b"a"
    assert await registry.numbers("acme/a") == [1]


@pytest.mark.parametrize("name", NAMES)
async def test_any_file_name_and_content_arrives_unchanged(tmp_path: Path, name: str) -> None:
    data = bytes(range(256)) * 3 + b"\ndone\ncommit refs/heads/main\n"
    done = await Registry(tmp_path).publish("acme/w", {name: RegistryFile(data)}, message='"\n\nfrom :1\ndone', **WHO)
    assert await Registry(tmp_path).read(done.commit, "acme/w") == {name: RegistryFile(data)}


@pytest.mark.parametrize("name", ["../up", "/abs", "a//b", "a/../b", ".git/config", "a/.GIT/hooks/x", "a\nb", "", "a/"])
async def test_a_name_that_leaves_the_folder_or_reaches_git_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused):
        await Registry(tmp_path).publish("acme/w", {name: RegistryFile(b"")}, message="m", **WHO)


@pytest.mark.parametrize("folder", ["../x", "/x", "-x", "a/../b", "a b", "", "a.lock", "a/", "x\ny"])
async def test_a_folder_with_an_odd_name_is_refused(tmp_path: Path, folder: str) -> None:
    with pytest.raises(Refused):
        await Registry(tmp_path).publish(folder, files(), message="m", **WHO)


@pytest.mark.parametrize("commit", ["--help", "-x", "no-such-tag", "0" * 40, "a:b", "main^{/x}"])
async def test_a_commit_that_is_not_there_is_refused(tmp_path: Path, commit: str) -> None:
    registry = Registry(tmp_path)
    await registry.publish("acme/w", files(), message="m", **WHO)
    with pytest.raises(Refused):
        await registry.read(commit, "acme/w")


async def test_an_author_cannot_smuggle_lines_into_the_history(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    await registry.publish("acme/w", files(), message="m", author="x <a@b>\nfrom 0", email="y>\nz")
    assert git(registry.path, "log", "--format=%an|%ae") == "x a@bfrom 0|yz\n"


async def test_a_link_in_the_registry_is_refused(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    await registry.publish("acme/w", files(), message="m", **WHO)
    stream = (
        "commit refs/heads/main\ncommitter x <x> 1 +0000\ndata 0\nfrom refs/heads/main^0\n"
        "M 120000 inline acme/w/evil\ndata 11\n/etc/passwd\n"
    )
    git(registry.path, "fast-import", "--quiet", stdin=stream)
    with pytest.raises(Refused, match="link"):
        await registry.read("main", "acme/w")


async def test_no_hook_runs(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    await registry.publish("acme/w", files(), message="m", **WHO)
    for name in ("reference-transaction", "post-commit", "update", "post-update"):
        hook = registry.path / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        hook.chmod(0o755)
    await registry.publish("acme/w", files("two"), message="m", **WHO)
    assert not (tmp_path / "ran").exists()


async def test_publications_at_once_get_different_numbers(tmp_path: Path) -> None:
    registries = [Registry(tmp_path) for _ in range(3)]
    made = await asyncio.gather(
        *(r.publish("acme/w", files(str(i)), message="m", **WHO) for i, r in enumerate(registries))
    )
    assert sorted(publication.number for publication in made) == [1, 2, 3]
    assert git(registries[0].path, "rev-list", "--count", "main").strip() == "3"


async def test_a_number_that_was_given_is_never_given_again(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    assert (await registry.publish("acme/w", files(), message="m", at_least=7, **WHO)).number == 7
    assert (await registry.publish("acme/w", files(), message="m", at_least=3, **WHO)).number == 8


async def test_a_registry_elsewhere_receives_each_publication(tmp_path: Path) -> None:
    central = tmp_path / "central.git"
    git(central, "init", "-q", "--bare", "-b", "main")
    one, two = Registry(tmp_path / "one", f"file://{central}"), Registry(tmp_path / "two", str(central))
    first = await one.publish("acme/w", files("one"), message="m", **WHO)
    second = await two.publish("acme/w", files("two"), message="m", **WHO)
    assert (first.number, second.number) == (1, 2)
    assert git(central, "tag").split() == ["acme/w/v1", "acme/w/v2"]
    await one.follow()
    assert await one.read(second.commit, "acme/w") == files("two")


async def test_a_registry_that_is_away_is_unreachable_and_holds_nothing_back(tmp_path: Path) -> None:
    central = tmp_path / "central.git"
    registry = Registry(tmp_path, str(central))
    with pytest.raises(SiteError):
        await registry.publish("acme/w", files(), message="m", **WHO)
    git(central, "init", "-q", "--bare", "-b", "main")
    assert (await registry.publish("acme/w", files(), message="m", **WHO)).number == 1


async def test_nobody_listening_is_unreachable_and_the_password_stays_out_of_the_message(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "http://tom:secret@127.0.0.1:9/registry.git")
    with pytest.raises(Unreachable) as caught:
        await registry.publish("acme/w", files(), message="m", **WHO)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["--upload-pack=touch x", "ext::sh -c touch", "relative/path", "javascript:x", ""])
def test_an_address_that_git_could_execute_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(Refused):
        Registry(tmp_path, url)
