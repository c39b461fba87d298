"""Mail by SMTP (RFC 5321), through one server: `smtp://`, `smtp+starttls://` or `smtps://`.

A name and password go over TLS only, except to this machine itself. Certificates are verified.
"""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from heroes.kit.addresses import is_this_machine
from heroes.kit.errors import Refused, Unreachable

WITHIN = 20.0  # seconds for each answer of the server
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
Scheme = Literal["smtp", "smtp+starttls", "smtps"]


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `sender`: the address mail comes from; None: the platform's own choice."""

    scheme: Scheme
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str | None = None


def server(url: str) -> Server:
    """Return the server that a URL names, such as `smtp+starttls://user:secret@mail.example.org?from=hpc@example.org`.

    Raises ValueError, which says what is wrong and never repeats the URL.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("no address of a mail server; write smtp+starttls://user:password@host:587") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("write smtp://host, smtp+starttls://user:password@host or smtps://user:password@host")
    scheme: Scheme = parts.scheme  # type: ignore[assignment]  # one of PORTS
    if parts.username and scheme == "smtp" and not is_this_machine(parts.hostname):
        raise ValueError("a password is not sent in clear: use smtp+starttls:// or smtps://")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("give both user and password, or neither")
    sender = parse_qs(parts.query).get("from", [None])[0]
    if sender is not None and not is_address(sender):
        raise ValueError("?from= is no e-mail address")
    user, password = (unquote(text) if text else None for text in (parts.username, parts.password))
    return Server(scheme, parts.hostname, port or PORTS[scheme], user, password, sender)


def is_address(text: str) -> bool:
    """Say whether a text can be one person's address in a header: all that is asked is that nothing breaks out."""
    local, at, domain = text.rpartition("@")
    return bool(local and at and domain) and text.isprintable() and not any(c in text for c in ' ,;:<>()[]\\"')


async def send(to: Server, message: EmailMessage) -> None:
    """Hand a message to the server, which then answers for it. It may arrive twice, under the same Message-ID.

    Raises Unreachable: try again later; Refused: the server will never take it.
    """
    await asyncio.to_thread(_send, to, message)


def _send(to: Server, message: EmailMessage) -> None:
    try:
        with _opened(to) as client:
            if to.scheme == "smtp+starttls":
                client.starttls(context=ssl.create_default_context())
            if to.user and to.password:
                client.login(to.user, to.password)
            client.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()), (0, b""))
        raise _judged(code, said) from None
    except smtplib.SMTPResponseException as error:
        raise _judged(error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPNotSupportedError as error:
        text = f"The mail server {to.host} cannot do what its address asks for: {error}"
        raise Refused(text, code="mail_server_lacks", host=to.host, said=str(error)) from None
    except (OSError, smtplib.SMTPException) as error:
        why = str(error) or type(error).__name__
        text = f"The mail server {to.host} does not answer: {why}"
        raise Unreachable(text, code="mail_server_silent", host=to.host, said=why) from None


def _opened(to: Server) -> smtplib.SMTP:
    if to.scheme == "smtps":
        return smtplib.SMTP_SSL(to.host, to.port, timeout=WITHIN, context=ssl.create_default_context())
    return smtplib.SMTP(to.host, to.port, timeout=WITHIN)


def _judged(code: int, said: bytes | str) -> Refused | Unreachable:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    text = f"The mail server answered {code} {words}".strip()[:500]
    kind = Refused if 500 <= code < 600 else Unreachable
    return kind(text, code="mail_server_answered", status=code, said=words)
