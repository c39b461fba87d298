"""Messages for browsers, by the example of RFC 8291 and by a reader that was written from the standards."""

import json
import time

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from heroes.adapters import webpush
from heroes.adapters.webpush import Browser
from heroes.kit.secrets import Secret
from slices.push_service import CURVE, Reader, decoded, encoded, sender_of

P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decoded(text), "big"), CURVE)


def browser_of(reader: Reader) -> Browser:
    keys = reader.keys()
    return Browser("https://push.example/to/lea", webpush.raw(keys["p256dh"]), webpush.raw(keys["auth"]))


def test_a_message_is_sealed_as_in_the_example_of_the_standard():
    """RFC 8291, Appendix A."""
    browser = Browser("https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV", decoded(P256DH), decoded(AUTH))
    own = private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    salt = decoded("DGv6ra1nlYgDCS1FRnbzlw")
    body = webpush.sealed(b"When I grow up, I want to be a watermelon", browser, salt=salt, own=own)
    assert encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
        "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    theirs = Reader(private("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), decoded(AUTH))
    assert theirs.opened(body) == b"When I grow up, I want to be a watermelon"


@pytest.mark.parametrize("length", [0, 1, 700, webpush.LONGEST])
def test_the_browser_alone_reads_it_and_no_two_bodies_are_alike(length: int):
    reader, message = Reader(), b"x" * length
    one, other = webpush.sealed(message, browser_of(reader)), webpush.sealed(message, browser_of(reader))
    assert reader.opened(one) == reader.opened(other) == message
    assert one[:16] != other[:16]
    with pytest.raises(InvalidTag):
        Reader().opened(one)
    with pytest.raises(InvalidTag):
        Reader(reader.key, b"another sixteen!").opened(one)
    with pytest.raises(InvalidTag):
        reader.opened(one[:-1] + bytes([one[-1] ^ 1]))


def test_what_a_push_service_would_not_take_is_not_sealed():
    with pytest.raises(ValueError, match="at most"):
        webpush.sealed(b"x" * (webpush.LONGEST + 1), browser_of(Reader()))


def test_the_service_knows_who_sends_for_less_than_a_day():
    """RFC 8292."""
    key = Secret(webpush.new_key())
    header = webpush.signature(key, "https://push.example:8443/to/lea?a=b", "https://heroes.acme.example")
    claims, named = sender_of({"authorization": header})
    assert (claims["aud"], claims["sub"]) == ("https://push.example:8443", "https://heroes.acme.example")
    assert 0 < claims["exp"] - time.time() < 24 * 3600
    assert named == webpush.text(webpush.public(key))
    assert len(decoded(named)) == 65


@pytest.mark.parametrize(
    ("p256dh", "auth", "words"),
    [
        (P256DH, AUTH, None),
        (P256DH, AUTH[:-4], "auth is 16 bytes."),
        (P256DH[:-4], AUTH, "p256dh is 65 bytes."),
        (encoded(b"\4" + b"\1" * 64), AUTH, "p256dh is no point of P-256."),
    ],
)
def test_keys_that_no_browser_has_are_refused(p256dh: str, auth: str, words: str | None):
    assert webpush.key_fault(webpush.raw(p256dh), webpush.raw(auth)) == words


def test_a_browsers_secret_is_not_in_what_is_printed():
    shown = json.dumps(repr(browser_of(Reader())))
    assert "sixteen" not in shown
