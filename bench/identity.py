"""What it costs to know who asks: the check of a right, the check of a token, a login beside its hash."""

import asyncio
import time
from collections.abc import Iterator

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey

from bench.figures import Figure, figure, ratio
from bench.processes import cpu
from bench.running import api_of
from heroes.identity import passwords
from heroes.identity.keys import Keyring
from heroes.identity.rules import Action, Assignment, Caller, rights
from heroes.identity.service import sessions
from journeys.conftest import PASSWORD, Platform

REPETITIONS = 7
CHECKS = 50_000
TOKENS = 1_000
LOGINS = 5


def rights_and_tokens() -> Iterator[Figure]:
    """Measure one check of a right of somebody in twenty projects, and one of a token whose key is known."""
    held = [Assignment("engineer", None), *(Assignment("project_admin", f"prj_{number}") for number in range(20))]
    known = rights(held, {}, platform=False)
    who = Caller("usr", "lea", "org", "acme", actions=known.everywhere, project_actions=known.by_project)
    samples = []
    for _ in range(REPETITIONS):
        before = time.process_time()
        for _ in range(CHECKS):
            who.can(Action.WORKFLOW_RUN, "prj_7")
        samples.append((time.process_time() - before) / CHECKS * 1e6)
    yield figure("check of one right", samples, "CPU µs", "≤ 5")
    yield (base := figure("ECDSA P-256 alone", _signature(), "CPU µs"))
    yield (found := figure("check of an access token", asyncio.run(_verified()), "CPU µs", "≤ 150"))
    yield ratio("check of an access token / ECDSA alone", found, base)


def _signature() -> list[float]:
    """What the signature of one token costs by itself: the part that no library can save."""
    key, kind, words = ec.generate_private_key(ec.SECP256R1()), ec.ECDSA(hashes.SHA256()), b"x" * 300
    signature, public, samples = key.sign(words, kind), key.public_key(), []
    for _ in range(REPETITIONS):
        before = time.process_time()
        for _ in range(TOKENS):
            public.verify(signature, words, kind)
        samples.append((time.process_time() - before) / TOKENS * 1e6)
    return samples


async def _verified() -> list[float]:
    ring = Keyring(None, b"k" * 32, issuer="https://heroes.example", access_s=900)  # type: ignore[arg-type]
    key = ECKey.generate_key("P-256")
    ring._signer, ring._public, ring._looked_at = ("key_1", key), {"key_1": key}, time.monotonic()
    token = await ring.sign({"sub": "usr_1", "sid": "ses_1", "org": "acme"})
    samples = []
    for _ in range(REPETITIONS):
        before = time.process_time()
        for _ in range(TOKENS):
            await ring.verify(token)
        samples.append((time.process_time() - before) / TOKENS * 1e6)
    return samples


def login(running: Platform) -> Iterator[Figure]:
    """Measure what a login costs the API beside the hash alone; one address may have two checks a second."""
    stored = passwords._hasher.hash(PASSWORD)
    alone = []
    for _ in range(REPETITIONS):
        time.sleep(1 / sessions.SOURCE_RATE)  # as a login finds it: a machine that has done something else since
        before = time.process_time()
        passwords._hasher.verify(stored, PASSWORD)
        alone.append((time.process_time() - before) * 1000)
    yield (base := figure("argon2id alone", alone, "CPU ms"))
    body = {"organization": "acme", "username": "lea", "password": PASSWORD}
    samples = []
    with httpx.Client(base_url=running.url, timeout=60) as http:
        _enter(http, body)
        for _ in range(LOGINS):
            time.sleep(1 / sessions.SOURCE_RATE)  # so that the sample is a login, not a refusal and a login
            before = cpu([api_of(running)])
            _enter(http, body)
            samples.append((cpu([api_of(running)]) - before) * 1000)
    yield (found := figure("login", samples, "CPU ms"))
    yield ratio("login / argon2id alone", found, base, "≤ 1.2")


def _enter(http: httpx.Client, body: dict[str, str]) -> None:
    while (answer := http.post("/organization/auth/login", json=body)).status_code == 429:
        time.sleep(float(answer.headers["Retry-After"]))
    answer.raise_for_status()
