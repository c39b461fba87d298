"""A bundle as it arrives: a tar stream or paths with texts, bounded, without links and without paths that lead out."""

import hashlib
import io
import stat
import tarfile
from collections.abc import Mapping
from pathlib import Path

from heroes.adapters.git import RegistryFile
from heroes.kit.errors import Invalid
from heroes.kit.faults import Wrong, fault, fault_of, joined
from heroes.workflows.formats import paths

MOST_FILES = 1000
MOST_BYTES = 32 * 1024 * 1024

Files = dict[str, RegistryFile]


def from_texts(texts: Mapping[str, str]) -> Files:
    """Files from paths and texts. Raises Invalid."""
    return _checked({path: RegistryFile(text.encode("utf-8", "surrogatepass")) for path, text in texts.items()})


def from_tar(data: bytes) -> Files:
    """Files of a tar archive, plain or compressed; one folder around everything is taken off. Raises Invalid."""
    files: Files = {}
    left = MOST_BYTES
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r|*") as archive:
            for seen, member in enumerate(archive):
                path = member.name.removeprefix("./")
                if member.isdir() or _is_leftover(path):
                    continue
                if not member.isreg():
                    raise _wrong(path, f"'{path}' is a link or device; a bundle holds files only", "no_file")
                left -= member.size
                if left < 0 or seen > 10 * MOST_FILES or len(files) >= MOST_FILES:
                    raise _too_large()
                if path in files:
                    raise _wrong(path, f"'{path}' stands twice in the archive", "twice")
                opened = archive.extractfile(member)
                content = opened.read() if opened else b""
                files[path] = RegistryFile(content, bool(member.mode & stat.S_IXUSR))
    except (tarfile.TarError, EOFError, OSError, UnicodeError) as wrong:
        raise Invalid(f"This is no tar archive that can be read: {wrong}.", case="no_archive") from None
    return _checked(_without_folder(files))


def from_folder(folder: Path) -> Files:
    """Files below a folder of this machine, such as a sample. Raises Invalid for links."""
    files: Files = {}
    for found in sorted(folder.rglob("*")):
        path = found.relative_to(folder).as_posix()
        if found.is_symlink() or not (found.is_file() or found.is_dir()):
            raise _wrong(path, f"'{path}' is a link or device; a bundle holds files only", "no_file")
        if found.is_file() and not _is_leftover(path):
            files[path] = RegistryFile(found.read_bytes(), bool(found.stat().st_mode & stat.S_IXUSR))
    return _checked(files)


def _is_leftover(path: str) -> bool:
    """Compiled Python lies beside every script that was tried out, and differs each time."""
    return "__pycache__" in path.split("/")


def digest(files: Files) -> str:
    """SHA-256 of names, modes and contents: equal bundles have equal digests."""
    total = hashlib.sha256()
    for path, file in sorted(files.items()):
        name = path.encode("utf-8", "surrogateescape")
        head = b"%d %d %d\n" % (len(name), file.executable, len(file.data))
        total.update(head + name + file.data)
    return total.hexdigest()


def _without_folder(files: Files) -> Files:
    tops = {path.split("/")[0] for path in files}
    if "workflow.yaml" in files or len(tops) != 1:
        return files
    return {path.partition("/")[2]: file for path, file in files.items() if "/" in path}


def _checked(files: Files) -> Files:
    problems = [(path, problem) for path in files if (problem := _problem(path))]
    if problems:
        raise Invalid(
            f"{len(problems)} paths of the bundle cannot be used.",
            [fault_of(joined(["files", path]), wrong) for path, wrong in problems],
            case="see_fields",
        )
    if len(files) > MOST_FILES or sum(len(file.data) for file in files.values()) > MOST_BYTES:
        raise _too_large()
    for first, second in paths.clashes(files):
        raise _wrong(second, f"'{first}' and '{second}' cannot both be there", "clash", first=first, second=second)
    return files


def _problem(path: str) -> Wrong | None:
    if any(name.lower() == ".git" for name in path.split("/")):
        return Wrong(f"'{path}' is git's own; publish the files without it", "path_of_git", path=path)
    if any(0xD800 <= ord(character) <= 0xDFFF for character in path):
        return Wrong("a file name that is not Unicode", "path_not_unicode")
    return paths.problem(path)


def _too_large() -> Invalid:
    text = f"a bundle has at most {MOST_FILES} files and {MOST_BYTES >> 20} MiB together"
    return _wrong("", text, "bundle_too_large", files=MOST_FILES, bytes=MOST_BYTES)


def _wrong(path: str, message: str, code: str, **facts: str | int) -> Invalid:
    pointer = joined(["files", path]) if path else ""
    shown = "".join(character if character.isprintable() else "?" for character in message)
    return Invalid(f"{shown[0].upper()}{shown[1:]}.", [fault(pointer, shown, code, **facts)], case="see_fields")
