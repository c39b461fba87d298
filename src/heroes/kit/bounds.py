"""Bounds on what a request may be, before anything reads it; and the headers that every answer carries.

Pure ASGI: nothing of a body is held but JSON, and that only up to its bound. Files are streamed through; what they may
weigh is the data slice's and the quota's.
"""

import asyncio
import json
import re
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from heroes.kit.ids import new_id

MOST_HEADERS = 100
LONGEST_TARGET = 8 * 1024  # bytes of path and query
LARGEST_TEXT = 4 * 2**20  # bytes of a body that is parsed as a whole: JSON, forms
DEEPEST_JSON = 64
SILENT_FOR = 30.0  # seconds without a byte of a body after which a client is given up

_STREAMED = ("multipart/form-data", "application/octet-stream", "application/offset+octet-stream", "application/x-tar")
_FILE = re.compile(r"/organization/data/bucket/[^/]+/object/")  # a file of whatever type is put there as it is
_PAGES = ("text/html", "text/javascript", "application/javascript", "text/css", "image/svg")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")  # half a character, unless its other half follows
_BRACKET = re.compile(rb"[\[\]{}]")

GUARDS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Set where an answer does not say otherwise itself."""

NO_PAGE = "default-src 'none'; frame-ancestors 'self'"
"""The policy of an answer that is no page and no script; those that are say their own."""

HTTPS_FOR = "max-age=31536000"


class Refusal(Exception):
    """A request that goes no further."""

    def __init__(self, status: int, code: str, detail: str):
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


class Bounds:
    """Refuse what is too large, too deep or too slow; guard every answer."""

    def __init__(self, app: ASGIApp, *, https: bool = False):
        self._app, self._https = app, https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._guard(MutableHeaders(scope=message))
            await send(message)

        try:
            _judge_head(scope)
            body = await _whole(receive) if _is_parsed(scope) else None
        except Refusal as refusal:
            await _refuse(refusal, guarded)
            return
        await self._app(scope, _again(body, receive) if body is not None else _bounded(receive), guarded)

    def _guard(self, headers: MutableHeaders) -> None:
        for name, value in GUARDS.items():
            headers.setdefault(name, value)
        if not headers.get("content-type", "").startswith(_PAGES):
            headers.setdefault("Content-Security-Policy", NO_PAGE)
        if self._https:
            headers.setdefault("Strict-Transport-Security", HTTPS_FOR)


def depth(body: bytes, most: int) -> int:
    """Return how deep the brackets of a JSON text are nested; looks no further once it is more than `most`."""
    if body.count(b"[") + body.count(b"{") <= most:
        return 0
    level = deepest = 0
    for found in _BRACKET.finditer(_STRING.sub(b"", body)):
        level += 1 if found[0] in b"[{" else -1
        deepest = max(deepest, level)
        if deepest > most:
            break
    return deepest


def is_text(body: bytes) -> bool:
    """Say whether every text of a JSON document can be written down; what is no JSON is for others to refuse."""
    try:
        json.dumps(json.loads(body), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    except (ValueError, RecursionError):
        return True
    return True


def _judge_head(scope: Scope) -> None:
    headers = Headers(scope=scope)
    if len(scope["headers"]) > MOST_HEADERS:
        raise Refusal(431, "too_many_headers", f"A request may have {MOST_HEADERS} headers; send fewer.")
    if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > LONGEST_TARGET:
        raise Refusal(
            414, "target_too_long", f"Path and query may have {LONGEST_TARGET} bytes; send the rest as a body."
        )
    told = headers.get("content-length", "")
    if _is_parsed(scope) and told.isdigit() and int(told) > LARGEST_TEXT:
        raise _too_large()


def _is_parsed(scope: Scope) -> bool:
    """Say whether a body is read as a whole: anything but a stream of bytes. Most requests have none."""
    headers = Headers(scope=scope)
    if "content-length" not in headers and "transfer-encoding" not in headers:
        return False
    if scope["method"] == "PUT" and _FILE.search(scope["path"]):
        return False
    return not headers.get("content-type", "").startswith(_STREAMED)


async def _whole(receive: Receive) -> bytes:
    parts, size, more = [], 0, True
    while more:
        message = await _heard(receive)
        if message["type"] == "http.disconnect":
            raise Refusal(400, "cut", "The request ended early.")
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_TEXT:
            raise _too_large()
        parts.append(part)
        more = message.get("more_body", False)
    body = b"".join(parts)
    if depth(body, DEEPEST_JSON) > DEEPEST_JSON:
        raise Refusal(400, "too_deep", f"Lists and objects may be nested {DEEPEST_JSON} deep.")
    if _SURROGATE.search(body) and not is_text(body):
        raise Refusal(400, "no_text", "A text holds half a character (a lone surrogate); send whole ones.")
    return body


async def _heard(receive: Receive) -> Message:
    try:
        async with asyncio.timeout(SILENT_FOR):
            return await receive()
    except TimeoutError:
        raise Refusal(408, "too_slow", f"Nothing came for {SILENT_FOR:.0f} s; send the request again.") from None


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body at once, then what really comes: the end of the connection."""
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


def _bounded(receive: Receive) -> Receive:
    """Return a `receive` that gives up a client who sends nothing in the middle of a body, as if it had gone."""
    over = False

    async def patient() -> Message:
        nonlocal over
        if over:
            return await receive()
        try:
            message = await _heard(receive)
        except Refusal:
            over = True
            return {"type": "http.disconnect"}
        over = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return patient


def _too_large() -> Refusal:
    most = LARGEST_TEXT // 2**20
    return Refusal(413, "too_large", f"A request may have {most} MiB of text; upload files as files.")


async def _refuse(refusal: Refusal, send: Send) -> None:
    body = {
        "type": f"urn:heroes:problem:{refusal.code}",
        "title": "Request refused",
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "request_id": new_id("req"),
    }
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
