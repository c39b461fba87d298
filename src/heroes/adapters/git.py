"""A git repository in which each publication is one commit and one tag; the `git` program does the work.

Arguments are passed as arguments, contents through pipes; no work tree is ever written, no hook runs, and neither the
user's nor the system's git configuration is read.
"""

import asyncio
import base64
import fcntl
import os
import re
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from heroes.kit.errors import Garbled, Refused, Unreachable

BRANCH = "refs/heads/main"
LOCAL_TIMEOUT_S = 60.0
REMOTE_TIMEOUT_S = 120.0
PUSH_TRIES = 4
LARGEST_ANSWER = 256 * 1024 * 1024

_SEGMENT = r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}"
_FOLDER = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*")
_URL = re.compile(r"(?:https?|ssh|git|file)://[^\s]+|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:[^\s]+|/[^\s]*")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.fsync=all",
    "protocol.allow=never",
    "protocol.https.allow=always",
    "protocol.http.allow=always",
    "protocol.ssh.allow=always",
    "protocol.git.allow=always",
    "protocol.file.allow=always",
    "transfer.fsckObjects=true",
    "credential.helper=",
    "gc.auto=0",
)


@dataclass(frozen=True, slots=True)
class RegistryFile:
    """One file of a bundle; there are no links."""

    data: bytes
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """A commit, and the tag `<folder>/v<number>` that names it."""

    commit: str
    tag: str
    number: int


class Registry:
    """One repository: a bare one of our own in `home`, or a copy of the one at `url`, to which commits are pushed."""

    def __init__(self, home: Path, url: str | None = None):
        if url is not None and not _URL.fullmatch(url):
            raise Refused("The registry's address must be an https, ssh, git or file URL, or an absolute path.")
        self.url: str | None = None
        self._login: str | None = None
        if url is not None:
            self.url, self._login = _without_login(url)
        self.path = home / ("registry-copy.git" if url else "registry.git")
        self._busy = asyncio.Lock()

    async def publish(
        self,
        folder: str,
        files: Mapping[str, RegistryFile],
        *,
        message: str,
        author: str,
        email: str = "",
        at_least: int = 1,
    ) -> Publication:
        """Make `folder` hold exactly these files, as one commit tagged with the next number (`at_least` or above).

        Raises Refused for names that a repository must not hold, Unreachable when the registry at `url` is away.
        """
        _check(folder, files)
        async with self._alone():
            for attempt in range(PUSH_TRIES):
                await self._follow()
                taken = await self._numbers(folder)
                number = max([at_least, *(n + 1 for n in taken)])
                tag = f"{folder}/v{number}"
                person = _person(author, email)
                stream = _fast_import(folder, files, tag, message, person, await self._tip())
                await self._git("fast-import", "--quiet", "--done", "--date-format=now", stdin=stream)
                commit = (await self._git("rev-parse", "--verify", f"refs/tags/{tag}^{{commit}}")).decode().strip()
                if self.url is None or await self._push(tag, last=attempt == PUSH_TRIES - 1):
                    return Publication(commit, tag, number)
        raise Unreachable("The registry changed under every attempt to publish; try again.")

    async def read(self, commit: str, folder: str) -> dict[str, RegistryFile]:
        """The files of a folder at a commit or tag. Raises Refused if it is not there, or holds links or modules."""
        _check(folder, {})
        if not re.fullmatch(r"[0-9a-f]{40,64}|[A-Za-z0-9._/-]{1,400}", commit) or commit.startswith("-"):
            raise Refused(f"'{commit[:80]}' is no commit or tag.")
        async with self._alone():
            listed = await self._git("ls-tree", "-r", "-z", "--full-tree", f"{commit}:{folder}")
            entries = [_entry(line) for line in listed.split(b"\0") if line]
            asked = b"".join(blob + b"\n" for _, blob, _ in entries)
            answers = await self._git("cat-file", "--batch", stdin=asked) if entries else b""
        return _contents(entries, answers)

    async def numbers(self, folder: str) -> list[int]:
        """Numbers of the versions of a folder, lowest first."""
        _check(folder, {})
        async with self._alone():
            return await self._numbers(folder)

    async def follow(self) -> None:
        """Take over what others pushed to `url`; nothing without one. Raises Unreachable."""
        async with self._alone():
            await self._follow()

    # below here the caller holds the lock -----------------------------------------------------------------------------

    async def _numbers(self, folder: str) -> list[int]:
        listed = await self._git("for-each-ref", "--format=%(refname)", f"refs/tags/{folder}/")
        names = (line.rsplit("/", 1) for line in listed.decode().splitlines())
        return sorted(
            int(name[1:]) for above, name in names if above == f"refs/tags/{folder}" and re.fullmatch(r"v\d{1,9}", name)
        )

    async def _tip(self) -> str | None:
        found = await self._git("for-each-ref", "--format=%(objectname)", BRANCH)
        return found.decode().strip() or None

    async def _follow(self) -> None:
        if self.url is not None:
            refs = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
            arguments = ("fetch", "--quiet", "--prune", "--no-auto-gc", "--", self.url, *refs)
            await self._git(*arguments, timeout=REMOTE_TIMEOUT_S, remote=True)

    async def _push(self, tag: str, *, last: bool) -> bool:
        refs = (f"{BRANCH}:{BRANCH}", f"refs/tags/{tag}:refs/tags/{tag}")
        try:
            arguments = ("push", "--quiet", "--atomic", "--no-verify", "--", self.url or "", *refs)
            await self._git(*arguments, timeout=REMOTE_TIMEOUT_S, remote=True)
        except Refused:
            await self._git("update-ref", "-d", f"refs/tags/{tag}")
            if last:
                raise
            return False  # somebody else was first: take over theirs and try again
        return True

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """One at a time, also among the processes of this machine."""
        async with self._busy:
            await asyncio.to_thread(self.path.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                await _lock(descriptor)
                if not (self.path / "HEAD").exists():
                    await self._run(
                        ("init", "--quiet", "--bare", "--template=", "--initial-branch=main", "--", str(self.path)),
                        b"",
                        LOCAL_TIMEOUT_S,
                        remote=False,
                    )
                yield
            finally:
                os.close(descriptor)

    async def _git(
        self, *arguments: str, stdin: bytes = b"", timeout: float = LOCAL_TIMEOUT_S, remote: bool = False
    ) -> bytes:
        return await self._run(("--git-dir", str(self.path), *arguments), stdin, timeout, remote=remote)

    async def _run(self, arguments: Sequence[str], stdin: bytes, timeout: float, *, remote: bool) -> bytes:
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        settings += ["-c", f"safe.directory={self.path}"]
        try:
            process = await asyncio.create_subprocess_exec(
                "git",
                *settings,
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=_environment(self._login if remote else None),
                cwd="/",
                start_new_session=True,
            )
        except FileNotFoundError:
            raise Refused("The program git is not installed on this machine; install it.") from None
        try:
            async with asyncio.timeout(timeout):
                out, err = await process.communicate(stdin)
        except TimeoutError:
            raise Unreachable(f"The registry did not answer within {timeout:g} s.") from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if process.returncode != 0:
            raise _translated(err.decode(errors="replace"), remote=remote)
        if len(out) > LARGEST_ANSWER:
            raise Refused("The registry holds more than can be read at once.")
        return out


async def _lock(descriptor: int) -> None:
    for _ in range(int(LOCAL_TIMEOUT_S / 0.05)):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.sleep(0.05)
        else:
            return
    raise Unreachable("Another process has kept the registry busy for a minute; try again.")


def _without_login(url: str) -> tuple[str, str | None]:
    """The address and the header that logs in: a password in the address would stand in the list of processes."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or "@" not in parts.netloc:
        return url, None
    login, host = parts.netloc.rsplit("@", 1)
    secret = base64.b64encode(unquote(login).encode()).decode()
    return urlunsplit(parts._replace(netloc=host)), f"Authorization: Basic {secret}"


def _environment(login: str | None) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SSH_AUTH_SOCK", "SSL_CERT_FILE") if name in os.environ}
    header = (
        {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader", "GIT_CONFIG_VALUE_0": login} if login else {}
    )
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        **kept,
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
        "GIT_OPTIONAL_LOCKS": "0",
        **header,
    }


def _translated(said: str, *, remote: bool) -> Unreachable | Refused | Garbled:
    lines = [line.strip() for line in _CREDENTIALS.sub("", said).splitlines() if line.strip()]
    words = " ".join(lines)[:500] or "git ended without a word"
    away = (
        "Could not resolve",
        "unable to access",
        "Connection",
        "timed out",
        "Could not read from remote",
        "early EOF",
    )
    if remote and any(sign in words for sign in away):
        return Unreachable(f"The registry cannot be reached: {words}")
    if "Not a valid object name" in words or "unknown revision" in words or "exist" in words:
        return Refused(f"The registry does not hold this: {words}")
    if remote:
        return Refused(f"The registry refused: {words}")
    return Garbled(f"git failed: {words}")


def _check(folder: str, files: Mapping[str, RegistryFile]) -> None:
    if not _FOLDER.fullmatch(folder) or ".." in folder or folder.endswith((".lock", ".")):
        raise Refused(f"'{folder[:100]}' cannot name a folder of the registry.")
    for path in files:
        names = path.split("/")
        if any(name in ("", ".", "..") or name.lower() == ".git" for name in names) or path != path.strip("/"):
            raise Refused(f"'{path[:200]}' cannot stand in a repository.")
        if any(ord(character) < 32 for character in path):
            raise Refused("File names in a repository hold no control characters.")


def _person(name: str, email: str) -> str:
    """How git names an author; signs that end a name or an address are left out."""
    plain = re.sub(r"[<>\x00-\x1f]", "", name).strip() or "unknown"
    address = re.sub(r"[<>\s\x00-\x1f]", "", email)
    return f"{plain} <{address}>"


def _quoted(path: str) -> bytes:
    return b'"' + path.replace("\\", "\\\\").replace('"', '\\"').encode("utf-8", "surrogateescape") + b'"'


def _data(content: bytes) -> bytes:
    return b"data %d\n" % len(content) + content + b"\n"


def _fast_import(
    folder: str, files: Mapping[str, RegistryFile], tag: str, message: str, person: str, tip: str | None
) -> bytes:
    """The stream that makes one commit and one tag."""
    who = person.encode()
    commit = [b"commit " + BRANCH.encode() + b"\nmark :1\n"]
    commit.append(b"author " + who + b" now\ncommitter " + who + b" now\n" + _data(message.encode()))
    if tip is not None:
        commit.append(b"from " + tip.encode() + b"\n")
    commit.append(b"D " + _quoted(folder) + b"\n")
    for path, file in sorted(files.items()):
        mode = b"100755" if file.executable else b"100644"
        commit.append(b"M " + mode + b" inline " + _quoted(f"{folder}/{path}") + b"\n" + _data(file.data))
    named = b"\ntag " + tag.encode() + b"\nfrom :1\ntagger " + who + b" now\n" + _data(message.encode())
    return b"".join(commit) + named + b"done\n"


def _entry(line: bytes) -> tuple[str, bytes, str]:
    """(mode, object, path) of a line of ls-tree."""
    try:
        head, path = line.split(b"\t", 1)
        mode, kind, blob = head.split(b" ")
    except ValueError:
        raise Garbled("git listed a tree in words that are not known.") from None
    name = path.decode("utf-8", "surrogateescape")
    if kind != b"blob" or mode == b"120000":
        raise Refused(f"'{name}' in the registry is a link or a module; a bundle holds files only.")
    return mode.decode(), blob, name


def _contents(entries: Sequence[tuple[str, bytes, str]], answers: bytes) -> dict[str, RegistryFile]:
    files: dict[str, RegistryFile] = {}
    position = 0
    for mode, _, path in entries:
        end = answers.index(b"\n", position)
        size = int(answers[position:end].split(b" ")[2])
        files[path] = RegistryFile(answers[end + 1 : end + 1 + size], mode == "100755")
        position = end + 1 + size + 1
    return files
