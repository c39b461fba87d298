"""A push service and the browser behind it: it checks who sends (RFC 8292), and opens what came as a browser does.

Written from RFC 8188 and RFC 8291 step by step, with HMAC alone, so that it shares nothing with what it tests.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Reader:
    """What a browser keeps of a subscription to itself."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = b"sixteen bytes ok"

    def keys(self) -> dict[str, str]:
        return {"p256dh": encoded(point(self.key)), "auth": encoded(self.auth)}

    def opened(self, body: bytes) -> bytes:
        """Return what a body of one record of aes128gcm says. Raises InvalidTag if it is for another browser."""
        salt, record, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= record
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        first = hmac.digest(self.auth, shared, hashlib.sha256)
        info = b"WebPush: info\0" + point(self.key) + sender
        secret = hmac.digest(first, info + b"\1", hashlib.sha256)
        second = hmac.digest(salt, secret, hashlib.sha256)
        key = hmac.digest(second, b"Content-Encoding: aes128gcm\0\1", hashlib.sha256)[:16]
        nonce = hmac.digest(second, b"Content-Encoding: nonce\0\1", hashlib.sha256)[:12]
        said = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert said[-1:] == b"\2"  # the last record
        return said[:-1]


def sender_of(headers: dict[str, str]) -> tuple[dict[str, Any], str]:
    """Return the claims of who sends and their key, once the signature was found good. Raises InvalidSignature."""
    scheme, _, rest = headers["authorization"].partition(" ")
    assert scheme == "vapid"
    told = dict(one.strip().split("=", 1) for one in rest.split(","))
    head, claims, signature = told["t"].split(".")
    assert json.loads(decoded(head)) == {"typ": "JWT", "alg": "ES256"}
    r, s = (int.from_bytes(part, "big") for part in (decoded(signature)[:32], decoded(signature)[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decoded(told["k"]))
    key.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(decoded(claims)), told["k"]
