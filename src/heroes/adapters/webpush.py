"""Web Push: a message sealed for one browser (RFC 8291), brought to its push service (RFC 8030) in our name (RFC 8292).

The service cannot read it. Its address comes from a browser and so from a user: it is judged as those of webhooks are.
"""

import base64
import os
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from joserfc import jwt
from joserfc.jwk import ECKey

from heroes.adapters import webhook
from heroes.kit.secrets import Secret

KEPT_S = 24 * 3600  # how long a push service keeps a message for a browser that is away
SIGNED_FOR_S = 12 * 3600  # RFC 8292 allows a day
LONGEST = 3000  # bytes of a message; services take 4096 sealed
_RECORD = 4096
_POINT, _AUTH = 65, 16  # bytes
_CURVE = ec.SECP256R1()


@dataclass(frozen=True, slots=True)
class Browser:
    """Where one browser is reached, its public key (an uncompressed point of P-256) and its secret."""

    endpoint: str
    p256dh: bytes
    auth: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a push service said; `after`: the seconds it asks to be left alone."""

    status: int
    after: float | None


def key_fault(p256dh: bytes, auth: bytes) -> str | None:
    """Return what is wrong with the keys of a browser; None: they can be used."""
    if len(auth) != _AUTH:
        return f"auth is {_AUTH} bytes."
    if len(p256dh) != _POINT:
        return f"p256dh is {_POINT} bytes."
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, p256dh)
    except ValueError:
        return "p256dh is no point of P-256."
    return None


def sealed(
    message: bytes, browser: Browser, *, salt: bytes | None = None, own: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """Return a message as the body that only this browser opens: one record of aes128gcm (RFC 8188)."""
    if len(message) > LONGEST:
        raise ValueError(f"a message for a browser has at most {LONGEST} bytes")
    salt, own = salt or os.urandom(16), own or ec.generate_private_key(_CURVE)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, browser.p256dh)
    ours = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), theirs)
    secret = _derived(shared, browser.auth, b"WebPush: info\x00" + browser.p256dh + ours, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\x00", 12)
    last = b"\x02"  # the only record is the last one
    head = salt + _RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + AESGCM(key).encrypt(nonce, message + last, None)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def signature(key: Secret, endpoint: str, contact: str) -> str:
    """Return the header Authorization by which a push service knows who sends; `contact` is whom it may write to."""
    parts, signer = urlsplit(endpoint), ECKey.import_key(key.get_secret_value())
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(time.time()) + SIGNED_FOR_S, "sub": contact}
    token = jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, signer, algorithms=["ES256"])
    return f"vapid t={token}, k={text(public(key))}"


def new_key() -> bytes:
    """Return a fresh private key as PEM."""
    return bytes(ECKey.generate_key("P-256").as_pem(private=True))


def public(key: Secret) -> bytes:
    """Return the point by which browsers know who may send to them."""
    private = load_pem_private_key(key.get_secret_value(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def text(value: bytes) -> str:
    """Return bytes as browsers and headers write them: Base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def raw(value: str) -> bytes:
    """Return the bytes of such a text. Raises ValueError."""
    return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)


async def send(
    browser: Browser, message: bytes, *, key: Secret, contact: str, private: bool = False, kept_s: int = KEPT_S
) -> Answered:
    """Bring a message to a browser's push service. Raises Unreachable, and Refused for a closed address."""
    headers = {
        "Authorization": signature(key, browser.endpoint, contact),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(kept_s),
        "Urgency": "normal",
        "User-Agent": "HEROES",
    }
    answer = await webhook.answered(browser.endpoint, body=sealed(message, browser), headers=headers, private=private)
    asked = answer.headers.get("Retry-After", "")
    return Answered(answer.status_code, float(asked) if asked.isdecimal() and len(asked) < 8 else None)
