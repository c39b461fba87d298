"""Small files that arrive in a command's output: a tar archive, compressed or not, as base64 text."""

import base64
import binascii
import io
import tarfile
import zlib

from heroes.kit.errors import Unreachable


def contents(packed: str) -> dict[str, bytes]:
    """Return the contents of the regular files of an archive, by path. Raises Unreachable when it was cut."""
    found: dict[str, bytes] = {}
    if not packed:
        return found
    try:
        plain = io.BytesIO(base64.b64decode(packed, validate=True))
        with tarfile.open(fileobj=plain, encoding="utf-8", errors="surrogateescape") as archive:
            for entry in archive:
                content = archive.extractfile(entry) if entry.isreg() else None
                if content is not None:
                    found[entry.name.removeprefix("./")] = content.read()
    except (binascii.Error, tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise Unreachable("The archive of small files arrived cut; asking again.", code="arrived_cut") from error
    return found
