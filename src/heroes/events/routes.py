"""HTTP in, HTTP out: streams of events, notices, and webhooks."""

from functools import partial
from typing import Annotated, Any, cast

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.applications import Starlette

from heroes.adapters import webpush
from heroes.events import awaiting, browsers, mails, service
from heroes.events.browsers import PushKeys
from heroes.events.models import AwaitedCluster, DeadLetter, Notice, PushSubscription, Webhook
from heroes.events.schemas import (
    AwaitedIn,
    AwaitedOut,
    BrowserIn,
    BrowserOut,
    DeadLetterOut,
    NoticeOut,
    NoticeWishIn,
    NoticeWishOut,
    PushKeyOut,
    TestOut,
    WebhookChange,
    WebhookIn,
    WebhookMade,
    WebhookOut,
    facts,
)
from heroes.events.service import Streams
from heroes.identity import Caller, Tx, Who, still
from heroes.identity.service import holders
from heroes.kit.errors import Conflict, Denied, Invalid, NotFound, TooMany
from heroes.kit.idempotency import OnceOnly
from heroes.kit.paging import Paged
from heroes.kit.problem import problems

router = APIRouter(prefix="/organization", tags=["events"])
WEBHOOK, BROWSER, AWAITED = "/webhook", "/notice/browser", "/notice/cluster"

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {}}, "description": "Server-Sent Events"},
    204: {"description": "Nothing more will come"},
}
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # a proxy must not hold it back
_READ = problems(Denied, NotFound)
_WRITE = problems(Denied, NotFound, Conflict, Invalid)

_Number = Annotated[int | None, Query(ge=0, lt=2**63, description="Replay what came after this number.")]
_LastId = Annotated[int | None, Header(ge=0, lt=2**63, description="The last number seen; replaces `after`.")]
_Live = Annotated[bool, Query(description="Stay open for what comes; else end with what is there.")]


def streams_of(app: Starlette) -> Streams:
    """Return the streams of this process, made at first use."""
    if not hasattr(app.state, "streams"):
        app.state.streams = Streams(app.state.database, app.state.settings.address)
    return cast("Streams", app.state.streams)


@router.get("/events", response_class=StreamingResponse, responses={**problems(TooMany), **_STREAM})
async def follow_organization(
    request: Request, who: Who, after: _Number = None, follow: _Live = True, last_event_id: _LastId = None
) -> Response:
    """Stream what happens in the organization, as far as you may see it, from now on.

    Each message is a CloudEvent under its number. A reader that comes back with `Last-Event-ID` gets what it missed in
    the last seven days; a message of the type `gap` tells that there was more.
    """
    return await _stream(request, who, after if last_event_id is None else last_event_id, None, follow)


@router.get(
    "/workflow/{wid}/events", response_class=StreamingResponse, responses={**problems(NotFound, TooMany), **_STREAM}
)
async def follow_execution(
    wid: str, request: Request, who: Who, after: _Number = None, follow: _Live = True, last_event_id: _LastId = None
) -> Response:
    """Stream what happened to an execution, its steps and jobs, and what happens until it has ended."""
    return await _stream(request, who, after if last_event_id is None else last_event_id, wid, follow)


async def _stream(request: Request, who: Caller, after: int | None, wid: str | None, live: bool) -> Response:
    streams = streams_of(request.app)
    streams.admit(who)
    async with streams.database.app(who.organization_id) as session:
        begin, gap = await service.start(session, who, after, wid)
        if wid is not None:
            waiting = await service.piece(session, who, begin, wid)
            if not waiting and await service.is_over(session, who, wid, begin):
                return Response(status_code=204)  # tells an EventSource not to come back
    again = partial(still, request)
    told = streams.follow(who, again, after=begin, wid=wid, first=gap, live=live)
    return StreamingResponse(told, media_type="text/event-stream", headers=_HEADERS)


@router.get("/notice/list", responses=problems(Denied))
async def list_notices(who: Who, session: Tx, page: Paged) -> list[NoticeOut]:
    """List the mails about budgets, the newest first, and what became of each."""
    rows = await page.of(session, service.notices(who), [Notice.id], lambda row: row, descending=True)
    percents = await service.percents(session, who, {row.event_id for row in rows})
    return [NoticeOut.of(row, percents.get(row.event_id)) for row in rows]


@router.get("/notice/wish")
async def show_notice_wish(request: Request, who: Who, session: Tx) -> NoticeWishOut:
    """Show what you want to be written to about; nothing, until you say so."""
    wish = await service.wish(session, who)
    server = request.app.state.settings.smtp_url is not None
    language = mails.spoken(await holders.language_of(session, who.user_id))
    return NoticeWishOut(
        ends=wish is not None and wish.ends,
        page=wish is None or wish.page,
        browser=wish is not None and wish.browser,
        address=who.email,
        server=server,
        language=language,
    )


@router.put("/notice/wish")
async def change_notice_wish(body: NoticeWishIn, request: Request, who: Who, session: Tx) -> NoticeWishOut:
    """Say what you want to be written to about."""
    await service.change_wish(session, who, ends=body.ends, page=body.page, browser=body.browser)
    if body.language is not None:
        await holders.speak(session, who.user_id, body.language)
    return await show_notice_wish(request, who, session)


@router.get(f"{AWAITED}/list")
async def list_awaited_clusters(who: Who, session: Tx, page: Paged) -> list[AwaitedOut]:
    """List the clusters that you wait for, and those of the last 30 days that you were told are back."""
    return await page.of(session, awaiting.awaited(who), [AwaitedCluster.id], AwaitedOut.of, descending=True)


@router.post(AWAITED, status_code=201, responses=problems(NotFound, Conflict, Invalid))
async def await_cluster(body: AwaitedIn, who: Who, session: Tx, once: OnceOnly) -> AwaitedOut:
    """Be told once when a cluster takes jobs again, for 30 days at most; the same one again begins them anew.

    The notice comes as those of the end of your runs do.
    """

    async def make() -> AwaitedOut:
        return AwaitedOut.of(await awaiting.ask(session, who, body.cluster, body.queue or ""))

    answer: AwaitedOut = await once(session, who, body, make)
    return answer


@router.delete(f"{AWAITED}/{{awaited}}", status_code=204, responses=problems(NotFound))
async def withdraw_awaited_cluster(awaited: str, who: Who, session: Tx) -> None:
    """Do not wait for a cluster any more, or forget that it came back."""
    await awaiting.withdraw(session, who, awaited)


def push_keys_of(app: Starlette) -> PushKeys:
    """Return the installation's key for push services as this process knows it, made at first use."""
    if not hasattr(app.state, "push_keys"):
        app.state.push_keys = PushKeys.of(app.state.database, app.state.settings)
    return cast("PushKeys", app.state.push_keys)


@router.get(f"{BROWSER}/key")
async def show_push_key(request: Request, who: Who) -> PushKeyOut:
    """Show the key that a browser is to know this platform by when it asks its push service for an address."""
    return PushKeyOut(key=webpush.text(webpush.public(await push_keys_of(request.app).key())))


@router.get(f"{BROWSER}/list")
async def list_browsers(who: Who, session: Tx, page: Paged) -> list[BrowserOut]:
    """List your browsers that take notices while no page is open."""
    return await page.of(session, browsers.browsers(who), [PushSubscription.id], BrowserOut.of)


@router.post(BROWSER, status_code=201, responses=problems(Conflict, Invalid))
async def add_browser(body: BrowserIn, request: Request, who: Who, session: Tx, once: OnceOnly) -> BrowserOut:
    """Let a browser of yours take notices; the same one again only brings its newest keys."""
    private = request.app.state.settings.webhook_private

    async def make() -> BrowserOut:
        return BrowserOut.of(await browsers.add(session, who, body, private=private))

    answer: BrowserOut = await once(session, who, body, make)
    return answer


@router.delete(f"{BROWSER}/{{browser}}", status_code=204, responses=problems(NotFound))
async def forget_browser(browser: str, who: Who, session: Tx) -> None:
    """Send a browser no more notices."""
    await browsers.forget(session, who, browser)


@router.post(f"{BROWSER}/{{browser}}/test", responses=problems(NotFound))
async def try_browser(browser: str, who: Who, session: Tx) -> BrowserOut:
    """Send a browser a notice, to see whether it arrives; the list then tells when it did, or why not."""
    return BrowserOut.of(await browsers.try_out(session, who, browser))


@router.get(f"{WEBHOOK}/list", responses=_READ)
async def list_webhooks(who: Who, session: Tx, page: Paged) -> list[WebhookOut]:
    """List the webhooks and how each is doing."""
    return await page.of(session, service.webhooks(who), [Webhook.id], WebhookOut.of)


@router.post(WEBHOOK, status_code=201, responses=_WRITE)
async def create_webhook(asked: WebhookIn, request: Request, who: Who, session: Tx, once: OnceOnly) -> WebhookMade:
    """Make a webhook. The answer shows its secret, once."""

    async def make() -> WebhookMade:
        row, secret = await service.create(session, who, request.app.state.secrets, asked)
        return WebhookMade.model_validate({**facts(row), "secret": secret})

    answer: WebhookMade = await once(session, who, asked, make, shown_once=["secret"])
    return answer


@router.get(f"{WEBHOOK}/{{webhook}}", responses=_READ)
async def show_webhook(webhook: str, who: Who, session: Tx) -> WebhookOut:
    """Show one webhook."""
    return WebhookOut.of(await service.get(session, who, webhook))


@router.patch(f"{WEBHOOK}/{{webhook}}", responses=_WRITE)
async def change_webhook(webhook: str, asked: WebhookChange, who: Who, session: Tx) -> WebhookOut:
    """Change a webhook, switch it off, or on again; then it goes on where it stopped."""
    return WebhookOut.of(await service.change(session, who, webhook, asked))


@router.delete(f"{WEBHOOK}/{{webhook}}", status_code=204, responses=_READ)
async def delete_webhook(webhook: str, request: Request, who: Who, session: Tx) -> None:
    """Remove a webhook and its dead letters."""
    await service.delete(session, who, request.app.state.secrets, webhook)


@router.post(f"{WEBHOOK}/{{webhook}}/secret", status_code=201, responses=_WRITE)
async def change_secret(webhook: str, request: Request, who: Who, session: Tx, once: OnceOnly) -> WebhookMade:
    """Give a webhook a new secret, shown once. For a day the former one signs too, so that no delivery is refused."""

    async def make() -> WebhookMade:
        row, secret = await service.rotate(session, who, request.app.state.secrets, webhook)
        return WebhookMade.model_validate({**facts(row), "secret": secret})

    answer: WebhookMade = await once(session, who, None, make, shown_once=["secret"])
    return answer


@router.post(f"{WEBHOOK}/{{webhook}}/test", status_code=202, responses=_WRITE)
async def test_webhook(webhook: str, who: Who, session: Tx, once: OnceOnly) -> TestOut:
    """Make an event for this webhook alone; it comes in its turn, and the webhook then tells whether it arrived."""

    async def make() -> TestOut:
        return TestOut(event=await service.test(session, who, webhook))

    answer: TestOut = await once(session, who, None, make)
    return answer


@router.get(f"{WEBHOOK}/{{webhook}}/dead", responses=_READ)
async def list_dead_letters(webhook: str, who: Who, session: Tx, page: Paged) -> list[DeadLetterOut]:
    """List what could not be delivered."""
    return await page.of(session, await service.dead_letters(session, who, webhook), [DeadLetter.id], DeadLetterOut.of)


@router.post(f"{WEBHOOK}/{{webhook}}/dead/{{letter}}/resend", status_code=202, responses=_WRITE)
async def resend_dead_letter(webhook: str, letter: str, who: Who, session: Tx, once: OnceOnly) -> DeadLetterOut:
    """Send a dead letter again; it goes when it arrives."""

    async def make() -> DeadLetterOut:
        return DeadLetterOut.of(await service.resend(session, who, webhook, letter))

    answer: DeadLetterOut = await once(session, who, None, make)
    return answer
