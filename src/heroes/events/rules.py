"""Which events somebody is told, how they look outside, and what follows from an answer. No I/O."""

import base64
import hashlib
import hmac
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from heroes.identity import Action, Caller
from heroes.kit.faults import Wrong

OF_EXECUTIONS = frozenset({"execution", "step", "job"})
"""Families whose events are seen by whoever sees their execution."""
_NEEDS = {
    "cluster": Action.CLUSTER_READ,
    "workflow": Action.WORKFLOW_PUBLISH,
    "budget": Action.LEDGER_READ,
}
OF_ONE = "notice"
"""the family of events that are meant for one person, named by `user`"""
KNOWN = OF_EXECUTIONS | frozenset(_NEEDS) | {OF_ONE}
ENDS = frozenset({"execution.finished", "execution.failed", "execution.canceled"})
BACK = "notice.cluster_back"
TEST = "webhook.test"
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"

PATTERN = re.compile(r"\*|[a-z][a-z_]*\.(\*|[a-z][a-z_]*)")
DELAYS = (5.0, 30.0, 120.0, 600.0, 1800.0, 7200.0, 21600.0)
"""Seconds before each further attempt; after the last of them the event is a dead letter."""
MOST_BURIED = 100
BOTH_SIGN = timedelta(hours=24)
"""So long after a change the former secret signs too."""
_SECRET = "whsec_"

PREAMBLE = b"retry: 2000\n\n"
HEARTBEAT = b": still here\n\n"


def families(who: Caller) -> list[str]:
    """Return the families of events, besides those of executions, that a caller may see."""
    return sorted(family for family, action in _NEEDS.items() if who.can(action))


def sees_the_rest(who: Caller) -> bool:
    """Say whether a caller sees events of families that nothing else is said of."""
    return who.can(Action.ORGANIZATION_MANAGE)


# ---------------------------------------------------------------------------------------------------------- formats


def cloud_event(event: Any, source: str) -> dict[str, Any]:
    """Return an event as CloudEvents 1.0 JSON; `sequence` sorts as text."""
    return {
        "specversion": "1.0",
        "id": event.id,
        "source": source,
        "type": event.type,
        "subject": event.subject,
        "time": event.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "sequence": f"{event.seq:020d}",
        "datacontenttype": "application/json",
        "data": event.data,
    }


def dumped(value: Mapping[str, Any]) -> bytes:
    """Return the bytes that are sent, and signed."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def frame(event: Any, source: str) -> bytes:
    """Return an event as it goes over a stream, under its number."""
    return b"id: %d\ndata: %s\n\n" % (event.seq, dumped(cloud_event(event, source)))


def gap(oldest: datetime) -> bytes:
    """Return what tells a stream's reader that events were left out, so that it looks at everything anew."""
    return b"event: gap\ndata: %s\n\n" % dumped({"replayed_from": oldest.astimezone(UTC).isoformat()})


# ------------------------------------------------------------------------------------------------------------- mail


OF_BUDGETS = frozenset({"budget.threshold", "budget.limit"})
TOLD = OF_BUDGETS | ENDS | {BACK}
"""Events that people are told of: of budgets by mail, of ends and of clusters that are back as each wants it."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The mail or notice is not tried again."""


def after_mail(*, attempts: int, refused: bool) -> "Retry | GiveUp":
    """Decide what follows a mail that was not taken, when there were `attempts` before."""
    return GiveUp() if refused or attempts >= len(DELAYS) else Retry(DELAYS[attempts])


# ------------------------------------------------------------------------------------------------------------- push

LONGEST_ASKED = 6 * 3600.0  # seconds that a push service may ask to be left alone


@dataclass(frozen=True, slots=True)
class Gone:
    """The browser takes notices no more: it is forgotten."""


def after_push(answer: "Answer", *, attempts: int, asked: float | None = None) -> "Delivered | Retry | Gone | GiveUp":
    """Decide what follows a notice that was offered to a push service, when there were `attempts` before (RFC 8030).

    `asked`: the seconds for which the service wants to be left alone (429, 503).
    """
    match answer:
        case Answer(status=int(status)) if 200 <= status < 300:
            return Delivered()
        case Answer(status=404 | 410):
            return Gone()
        case Answer(status=int(status)) if 300 <= status < 500 and status not in _PASSING:
            return GiveUp()  # 413 too large, 400, 401 and 403 not ours: the same again would be answered the same
        case Answer(closed=True):
            return GiveUp()
        case _ if attempts >= len(DELAYS):
            return GiveUp()
        case _:
            return Retry(max(DELAYS[attempts], min(asked or 0.0, LONGEST_ASKED)))


_PASSING = {408, 425, 429}


def push_words(status: int) -> str:
    """Return what the answer of a push service means."""
    return "" if 200 <= status < 300 else f"The push service of this browser answered {status}."


def fault_of_push(endpoint: str, *, private: bool) -> Wrong | None:
    """Return what is wrong with the address that a browser gave; plain HTTP only where private addresses are open."""
    if not private and not endpoint.startswith("https:"):
        return Wrong("The address of a push service begins with https://.", "no_https")
    return fault_of(endpoint)


def contact_of(address: str) -> str:
    """Return whom a push service may write to about us (RFC 8292): the platform's page, or its host's postmaster."""
    return address if address.startswith("https:") else f"mailto:postmaster@{urlsplit(address).hostname or 'localhost'}"


# --------------------------------------------------------------------------------------------------------- webhooks


def fault_of(url: str) -> Wrong | None:
    """Return what is wrong with the address of a webhook; None if it can be tried."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return Wrong("This is no address.", "no_address")
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return Wrong("Give a whole address that begins with https:// or http://.", "no_whole_address")
    if parts.username is not None or parts.password is not None:
        return Wrong("An address holds no user or password; deliveries are signed instead.", "address_with_user")
    if parts.fragment or not url.isascii() or not url.isprintable() or " " in url:
        return Wrong("Give a plain address, without # and with special characters escaped.", "no_plain_address")
    return None


def new_secret() -> str:
    """Return a secret in the form of the Standard Webhooks: 32 random bytes."""
    return _SECRET + base64.b64encode(os.urandom(32)).decode()


def signed(secrets: Sequence[str], event_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the three headers of the Standard Webhooks: id, time of sending, HMAC-SHA256 over both and the body.

    Of several secrets each signs, separated by a space: one that fits is enough for the receiver.
    """
    stamp = str(int(at.timestamp()))
    keys = (base64.b64decode(secret.removeprefix(_SECRET)) for secret in secrets)
    macs = (hmac.digest(key, f"{event_id}.{stamp}.".encode() + body, hashlib.sha256) for key in keys)
    signature = " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs)
    return {"webhook-id": event_id, "webhook-timestamp": stamp, "webhook-signature": signature}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt: a status, or why there was none. `closed`: the address may not be reached at all."""

    status: int | None = None
    trouble: str = ""
    closed: bool = False
    why: Mapping[str, Any] | None = None

    @property
    def words(self) -> str:
        return self.trouble or f"The receiver answered {self.status}."

    @property
    def told(self) -> dict[str, Any]:
        """The same by code and facts, for whoever says it in another language."""
        return dict(self.why) if self.why else why("answered", status=self.status)


def why(code: str, **facts: Any) -> dict[str, Any]:
    """Return a trouble by its code, with the amounts and names in its words."""
    return {"code": code, "facts": facts}


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver took it."""


@dataclass(frozen=True, slots=True)
class Retry:
    after: float  # seconds


@dataclass(frozen=True, slots=True)
class Bury:
    """Set aside as a dead letter; the next event is tried."""


@dataclass(frozen=True, slots=True)
class SwitchOff:
    """Nothing more is sent until somebody switches it on again; the event keeps its place."""

    why: str
    told: dict[str, Any]


Next = Delivered | Retry | Bury | SwitchOff


def after(answer: Answer, *, attempts: int, buried: int) -> Next:
    """Decide what follows an attempt, when there were `attempts` at this event before and `buried` events in a row.

    Once one event has died, each further one is tried once only until one arrives: what is down for long must not
    make everything else wait for hours.
    """
    match answer:
        case Answer(status=int(status)) if 200 <= status < 300:
            return Delivered()
        case Answer(status=410):
            return SwitchOff("The receiver says that it is gone for good (410).", why("receiver_gone"))
        case Answer(closed=True):
            return SwitchOff(answer.trouble, answer.told)
        case _ if buried + 1 >= MOST_BURIED:
            words = f"{buried} events in a row could not be delivered. {answer.words}"
            return SwitchOff(words, why("undelivered", count=buried, last={"text": answer.words, **answer.told}))
        case _ if buried or attempts >= len(DELAYS):
            return Bury()
        case _:
            return Retry(DELAYS[attempts])
