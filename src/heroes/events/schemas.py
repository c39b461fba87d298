"""What goes in and out over HTTP."""

import hashlib
from datetime import datetime
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from heroes.adapters import webpush
from heroes.events import rules
from heroes.events.mails import Language
from heroes.events.models import AwaitedCluster, DeadLetter, Notice, PushSubscription, Webhook
from heroes.kit.faults import Wrong
from heroes.kit.why import Why


def _address(url: str) -> str:
    wrong = rules.fault_of(url)
    if wrong:
        raise wrong
    return url


def _pattern(text: str) -> str:
    if not rules.PATTERN.fullmatch(text):
        raise Wrong("Write a type such as job.ended, a family such as job.*, or *.", "no_event_type")
    return text


Url = Annotated[str, Field(max_length=2000), AfterValidator(_address)]
Types = Annotated[list[Annotated[str, Field(max_length=100), AfterValidator(_pattern)]], Field(max_length=50)]
Title = Annotated[str, Field(max_length=200)]


class WebhookIn(BaseModel):
    """A new webhook; without `types` it is told everything."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"url": "https://hooks.example.org/heroes", "types": ["execution.*", "budget.threshold"]}]
        },
    )

    url: Url
    types: Types = []
    title: Title = ""


class WebhookChange(BaseModel):
    """What to change. Switching it on, or a new address, tries the next event at once."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"active": True}]})

    url: Url | None = None
    types: Types | None = None
    title: Title | None = None
    active: bool | None = None


class WebhookOut(BaseModel):
    """A webhook and how it is doing; `trouble` is why the last attempt failed, or why it was switched off."""

    id: str
    title: str
    url: str
    types: list[str]
    active: bool
    sequence: int
    """the number of the last event that is done with"""
    attempts: int
    """failed ones at the event that is next"""
    next_attempt_at: datetime | None
    trouble: str | None
    trouble_why: Why | None = None
    delivered_event: str | None
    delivered_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, row: Webhook) -> "WebhookOut":
        return cls.model_validate(facts(row))


class WebhookMade(WebhookOut):
    """A webhook with the new secret that signs what it is told; shown once."""

    secret: str


class TestOut(BaseModel):
    """The event that was made to try the webhook; it comes in its turn."""

    event: str


class DeadLetterOut(BaseModel):
    """An event that could not be delivered."""

    id: str
    event: str
    type: str
    subject: str
    attempts: int
    trouble: str
    trouble_why: Why | None = None
    sending: bool
    """somebody asked to send it again, and that has not been tried yet"""
    created_at: datetime

    @classmethod
    def of(cls, row: DeadLetter) -> "DeadLetterOut":
        return cls(
            id=row.id,
            event=row.event_id,
            type=row.type,
            subject=row.subject,
            attempts=row.attempts,
            trouble=row.trouble,
            trouble_why=Why.of(row.trouble_why),
            sending=row.due_at is not None,
            created_at=row.created_at,
        )


def facts(row: Webhook) -> dict[str, object]:
    """Return what is shown of a webhook."""
    return {
        "id": row.id,
        "title": row.title,
        "url": row.url,
        "types": row.types,
        "active": row.active,
        "sequence": row.cursor,
        "attempts": row.attempts,
        "next_attempt_at": row.due_at if row.attempts else None,
        "trouble": row.trouble,
        "trouble_why": Why.of(row.trouble_why),
        "delivered_event": row.delivered_event,
        "delivered_at": row.delivered_at,
        "created_at": row.created_at,
    }


class AwaitedIn(BaseModel):
    """A cluster that you want to be told of when it takes jobs again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"cluster": "alpha"}]})

    cluster: Annotated[str, Field(min_length=1, max_length=200)] = Field(description="name or id")
    queue: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="one queue of it; left out: any"
    )


class AwaitedOut(BaseModel):
    """A cluster that you wait for (`told_at` null), or were told of; it is forgotten at `ends_at`."""

    id: str
    cluster: str
    queue: str | None
    asked_at: datetime
    told_at: datetime | None = Field(description="when it was back, and you were told")
    ends_at: datetime

    @classmethod
    def of(cls, row: AwaitedCluster) -> Self:
        same = {name: getattr(row, name) for name in ("id", "asked_at", "told_at", "ends_at")}
        return cls(cluster=row.name, queue=row.queue or None, **same)


class NoticeWishIn(BaseModel):
    """How you want to hear of the end of your runs."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"ends": True}]})

    ends: bool = Field(description="a mail when an execution of your own has ended")
    page: bool | None = Field(default=None, description="a word in the open page; left out: as it was, else yes")
    browser: bool | None = Field(
        default=None,
        description="a notice in each browser of yours that takes them, all pages closed; left out: as it was, else no",
    )
    language: Language | None = Field(
        default=None, description="of every mail to you; left out: as it was, else English"
    )


class NoticeWishOut(NoticeWishIn):
    """How you want to hear of the end of your runs, and whether that can be. A run may say otherwise."""

    page: bool
    browser: bool
    language: Language
    address: str = Field(description="where to; an administrator can change it")
    server: bool = Field(description="whether this platform has a mail server; else nothing is sent")


class BrowserIn(BaseModel):
    """A browser that takes notices, as its `PushManager.subscribe` tells it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "endpoint": "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
                    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
                    "title": "Firefox on Linux",
                }
            ]
        },
    )

    endpoint: Url
    p256dh: Annotated[str, Field(max_length=100)] = Field(description="the browser's public key")
    auth: Annotated[str, Field(max_length=40)] = Field(description="the browser's secret, never shown again")
    title: Annotated[str, Field(max_length=100)] = Field(default="", description="what you know it by")

    @model_validator(mode="after")
    def _usable(self) -> Self:
        try:
            fault = webpush.key_fault(webpush.raw(self.p256dh), webpush.raw(self.auth))
        except ValueError:
            fault = "Write both keys in Base64 for addresses (RFC 4648, 5)."
        if fault:
            raise Wrong(fault, "unfit_browser_key")
        return self


class BrowserOut(BaseModel):
    """A browser of yours that takes notices; `trouble` is why the last one did not get there."""

    id: str
    title: str
    service: str = Field(description="the host that brings notices to this browser")
    mark: str = Field(description="SHA-256 of its address there, by which a browser knows itself")
    trouble: str | None
    trouble_why: Why | None = None
    delivered_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, row: PushSubscription) -> Self:
        return cls(
            id=row.id,
            title=row.title,
            service=urlsplit(row.endpoint).hostname or "",
            mark=hashlib.sha256(row.endpoint.encode()).hexdigest(),
            trouble=row.trouble,
            trouble_why=Why.of(row.trouble_why),
            delivered_at=row.delivered_at,
            created_at=row.created_at,
        )


class PushKeyOut(BaseModel):
    """The key that a browser is to know this platform by (`applicationServerKey`)."""

    key: str


class NoticeOut(BaseModel):
    """A mail about a budget; `trouble` is why it was not taken yet, or was given up (`state` failed)."""

    id: str
    type: str
    budget: str
    percent: int | None = Field(
        default=None, description="how much of it was taken: the threshold or limit that was reached"
    )
    user: str
    state: Literal["waiting", "sent", "failed"]
    attempts: int
    trouble: str | None
    trouble_why: Why | None = None
    created_at: datetime
    sent_at: datetime | None

    @classmethod
    def of(cls, row: Notice, percent: int | None) -> Self:
        return cls(
            id=row.id,
            type=row.type,
            budget=row.subject,
            percent=percent,
            user=row.user_id,
            state="sent" if row.sent_at else "waiting" if row.due_at else "failed",
            attempts=row.attempts,
            trouble=row.trouble,
            trouble_why=Why.of(row.trouble_why),
            created_at=row.created_at,
            sent_at=row.sent_at,
        )
