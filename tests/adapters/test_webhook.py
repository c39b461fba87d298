"""Deliveries over TLS: the name decides whose certificate is right, the judged address where the connection goes."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from heroes.adapters import guarded, webhook
from heroes.kit.errors import Refused, Unreachable

pytestmark = pytest.mark.anyio


def certificate(folder: Path, name: str) -> Path:
    """Write a certificate of its own for a name, with its key, into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *plain) + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
async def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> AsyncIterator[int]:
    """The port of a receiver with a trusted certificate for the name of the test's parameter."""
    path = certificate(tmp_path, request.param)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    trusted = ssl.create_default_context(cafile=path)
    monkeypatch.setattr(guarded, "_trusted", lambda: trusted)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize("served", ["localhost"], indirect=True)
async def test_the_certificate_is_that_of_the_name_though_the_address_is_called(served: int):
    status = await webhook.post(f"https://localhost:{served}/", body=b"{}", headers={}, private=True)
    assert status == 202


@pytest.mark.parametrize("served", ["other.example"], indirect=True)
async def test_the_certificate_of_another_name_is_refused(served: int):
    with pytest.raises(Unreachable, match="certificate"):
        await webhook.post(f"https://localhost:{served}/", body=b"{}", headers={}, private=True)


async def test_the_judged_address_is_called_and_the_name_not_asked_again(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    resolved = guarded.resolved

    async def once(host: str, port: int) -> list[guarded.Address]:
        asked.append(host)
        return await resolved("127.0.0.1", port)

    monkeypatch.setattr(guarded, "resolved", once)
    with pytest.raises(Refused, match=r"hook\.example leads to 127\.0\.0\.1"):
        await webhook.post("http://hook.example:9/", body=b"", headers={})
    with pytest.raises(Unreachable, match="No connection"):  # this name exists nowhere: it cannot have been asked
        await webhook.post("http://hook.example:9/", body=b"", headers={}, private=True)
    assert asked == ["hook.example"] * 2


async def test_a_name_without_address_is_said():
    with pytest.raises(Unreachable, match="has no address"):
        await webhook.post("http://nobody.invalid/", body=b"", headers={})


async def test_an_answer_that_never_comes_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webhook, "ANSWER_WITHIN", 0.2)
    closing = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await closing.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(Unreachable):
        await webhook.post(f"http://127.0.0.1:{port}/", body=b"{}", headers={}, private=True)
    closing.set()
    server.close()
    await server.wait_closed()
