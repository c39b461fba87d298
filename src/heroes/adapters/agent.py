"""A private key for one program, by an agent's socket: the program lets us sign and never sees the key.

The socket speaks the agent protocol of OpenSSH (draft-ietf-sshm-ssh-agent), as far as a login needs it: name the keys,
sign. It lies in a folder of its own that only this user may enter, and answers one process alone.
"""

import asyncio
import os
import socket
import struct
import tempfile
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

_FAILURE, _LIST, _KEYS, _SIGN, _SIGNATURE = 5, 11, 12, 13, 14
_RSA = {0: b"ssh-rsa", 2: b"rsa-sha2-256", 4: b"rsa-sha2-512"}
_LONGEST = 256 * 1024  # bytes of one message
_PATIENCE = 60.0  # seconds for one message, and until it is told whom to answer


@dataclass
class Agent:
    """A socket that signs for the process `let_in` named, and for no other."""

    path: Path
    key: asyncssh.SSHKey = field(repr=False)
    certificate: asyncssh.SSHCertificate | None = None
    signed: int = 0
    _guest: "asyncio.Future[int]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def let_in(self, pid: int) -> None:
        """Answer this process from now on."""
        if not self._guest.done():
            self._guest.set_result(pid)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until it ends."""
        with closing(writer), suppress(asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            guest = await asyncio.wait_for(asyncio.shield(self._guest), _PATIENCE)
            if _peer(writer) == guest:
                while True:
                    (size,) = struct.unpack(">I", await reader.readexactly(4))
                    if not 0 < size <= _LONGEST:
                        break
                    answer = self.answer(await asyncio.wait_for(reader.readexactly(size), _PATIENCE))
                    writer.write(struct.pack(">I", len(answer)) + answer)
                    await writer.drain()

    def answer(self, message: bytes) -> bytes:
        """Return what the agent says to one message; a failure to what it does not know."""
        try:
            if message[0] == _LIST:
                keys = self._public()
                return struct.pack(">BI", _KEYS, len(keys)) + b"".join(
                    _string(key) + _string(b"heroes") for key in keys
                )
            if message[0] == _SIGN:
                public, rest = _taken(message[1:])
                data, rest = _taken(rest)
                if public in self._public():
                    return struct.pack(">B", _SIGNATURE) + _string(self._signature(data, rest))
        except (struct.error, IndexError, KeyError, ValueError):
            pass
        return struct.pack(">B", _FAILURE)

    def _public(self) -> list[bytes]:
        signed = [] if self.certificate is None else [b64decode(self.certificate.export_certificate().split()[1])]
        return [*signed, self.key.public_data]

    def _signature(self, data: bytes, flags: bytes) -> bytes:
        (wanted,) = struct.unpack(">I", flags)
        algorithm = self.key.algorithm
        signature = self.key.sign(data, _RSA[wanted & 6] if algorithm == b"ssh-rsa" else algorithm)
        self.signed += 1
        return signature


@asynccontextmanager
async def serving(key: asyncssh.SSHKey, certificate: asyncssh.SSHCertificate | None = None) -> AsyncIterator[Agent]:
    """Yield an agent that holds this key until the end; its socket is gone then."""
    with tempfile.TemporaryDirectory(prefix="heroes-agent-") as folder:
        agent = Agent(Path(folder) / "socket", key, certificate)
        server = await asyncio.start_unix_server(agent.serve, agent.path)
        try:
            yield agent
        finally:
            agent._guest.cancel()
            server.close()


def _peer(writer: asyncio.StreamWriter) -> int:
    """Return the process at the other end, as the kernel knows it."""
    size = struct.calcsize("3i")
    told = writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    pid, user, _ = struct.unpack("3i", told)
    return int(pid) if user == os.geteuid() else -1


def _string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _taken(message: bytes) -> tuple[bytes, bytes]:
    (size,) = struct.unpack_from(">I", message)
    if len(message) < 4 + size:
        raise ValueError("a string is cut")
    return message[4 : 4 + size], message[4 + size :]
