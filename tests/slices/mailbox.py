"""A small mail server for tests: it speaks SMTP (RFC 5321) over a real socket and keeps what it takes."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class Mailbox:
    """What the server took. `says` are its next answers to a message: 250 takes it; then it takes all."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    says: list[int] = field(default_factory=list)
    offered: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=hpc@acme.example"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        await say("220 mail.test ESMTP")
        recipients: list[str] = []
        while line := (await reader.readline()).decode().strip():
            match line.split(" ")[0].upper():
                case "EHLO" | "HELO":
                    await say("250-mail.test")
                    await say("250 SIZE 1000000")
                case "MAIL" | "RSET" | "NOOP":
                    recipients = []
                    await say("250 OK")
                case "RCPT":
                    recipients.append(line.partition("<")[2].partition(">")[0])
                    await say("250 OK")
                case "DATA":
                    await say("354 Go on")
                    raw = await reader.readuntil(b"\r\n.\r\n")
                    await say(self.judge(raw[:-3].replace(b"\r\n..", b"\r\n."), recipients))
                case "QUIT":
                    await say("221 Bye")
                    break
                case _:
                    await say("502 Not known")
        writer.close()

    def judge(self, raw: bytes, recipients: list[str]) -> str:
        self.offered += 1
        code = self.says.pop(0) if self.says else 250
        if code == 250:
            message = email.message_from_bytes(raw, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
            self.to += recipients
        return f"{code} {'Taken' if code == 250 else 'Not now' if code < 500 else 'Never'}"


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    """Yield a running mail server."""
    box = Mailbox()
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    async with server:
        yield box
