"""Where another service has a part: a push service while every page is closed, an identity provider at the entrance."""

import asyncio
import json
import re
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from push_service import Reader
from receiver import Receiver, receiving

from journeys.browser.conftest import PATIENCE_MS, Opened, faults_of, small_targets, without_news
from journeys.browser.provider import CLIENT, providing
from journeys.conftest import Platform, running_platform

API = "/api/v1/organization"
CSRF = {"X-Heroes-Csrf": "1"}

SUBSCRIBE = """([endpoint, keys]) => {
  // What a vendor's push service does when it is asked for an address; it cannot be reached from here.
  let made = null;
  const said = () => ({endpoint, keys, expirationTime: null});
  PushManager.prototype.getSubscription = async () => made;
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly || !options.applicationServerKey) throw new Error('not as it should be asked');
    made = {endpoint, options, toJSON: said, unsubscribe: async () => { made = null; return true; }};
    return made;
  };
}"""


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """A platform that may call addresses of this machine, for the push service, and that knows a provider there."""
    with (
        tempfile.TemporaryDirectory(prefix="heroes-elsewhere-", dir="/var/tmp", ignore_cleanup_errors=True) as folder,
        providing() as issuer,
        running_platform(
            Path(folder),
            {"HEROES_WEBHOOK_PRIVATE": "true", "HEROES_OIDC_ISSUER": issuer, "HEROES_OIDC_CLIENT_ID": CLIENT},
        ) as running,
    ):
        yield running


@pytest.fixture
def service() -> Iterator[Receiver]:
    """A push service in a thread of its own."""
    ready, stop = threading.Event(), asyncio.Event()
    held: dict[str, Any] = {}

    async def serve() -> None:
        async with receiving() as receiver:
            receiver.answers = [201]
            held.update(receiver=receiver, loop=asyncio.get_running_loop())
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(30)
    yield held["receiver"]
    held["loop"].call_soon_threadsafe(stop.set)
    thread.join(30)


def notices(page: Page) -> list[dict[str, Any]]:
    """What the browser shows, outside of any page."""
    found = page.evaluate("""async () => {
        const registration = await navigator.serviceWorker.getRegistration('/');
        const shown = await registration.getNotifications();
        return shown.map((one) => ({title: one.title, tag: one.tag, data: one.data}));
    }""")
    return list(found)


def deliver(page: Page, message: str) -> None:
    """Bring a message to the service worker as the browser does once it has opened it, by Chromium's own protocol."""
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(_ids(told)))
    session.send("ServiceWorker.enable")
    for _ in range(100):
        if found:
            break
        page.wait_for_timeout(100)
    origin = page.evaluate("() => location.origin")
    told = {"origin": origin, "registrationId": found[-1], "data": message}
    session.send("ServiceWorker.deliverPushMessage", told)


CLICK = """async () => {
  // What only a hand may do, a window that opens or comes to the front, is written down instead.
  const done = [];
  self.clients.openWindow = async (address) => { done.push(['opened', new URL(address).pathname]); };
  WindowClient.prototype.focus = async function () { done.push(['in front', new URL(this.url).pathname]); };
  for (const notification of await self.registration.getNotifications()) {
    const clicked = new NotificationEvent('notificationclick', {notification});
    const ended = [];
    clicked.waitUntil = (what) => ended.push(what);
    self.dispatchEvent(clicked);
    await Promise.all(ended);
  }
  return done;
}"""


def clicked(page: Page) -> list[list[str]]:
    """Click on the notices that the browser shows; return what became of it."""
    [worker] = page.context.service_workers
    return list(worker.evaluate(CLICK))


def shown(page: Page, message: str) -> None:
    """Deliver a message, and wait for its notice."""
    deliver(page, message)
    page.wait_for_function("""async () => {
        const registration = await navigator.serviceWorker.getRegistration('/');
        return (await registration.getNotifications()).length > 0;
    }""")


def _ids(told: dict[str, Any]) -> list[str]:
    return [str(one["registrationId"]) for one in told["registrations"] if not one["isDeleted"]]


def test_r29_the_end_of_a_run_is_told_while_every_page_is_closed(opened: Opened, service: Receiver):
    reader, address = Reader(), f"http://127.0.0.1:{service.port}/to/leas/browser"
    page = opened("lea", "more", permissions=["notifications"])
    without_news(page)  # a hidden page tells of the end itself, and would take the place of the notice of the same run
    page.reload()
    page.evaluate(SUBSCRIBE, [address, reader.keys()])
    with page.expect_response(lambda answer: answer.url.endswith("/notice/browser")) as made:
        page.get_by_label("Through the browser").check()
    assert made.value.status == 201, made.value.text()
    expect(page.get_by_text("also when all pages of HEROES are closed")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="this browser")
    expect(row).to_contain_text("Chrome on Linux")
    assert faults_of(page) == []
    assert small_targets(page) == []

    body = {"wtid": "airfoil", "parameters": {"airfoil": "home:wing/naca2412.dat"}, "project": "wing"}
    answer = page.request.post(f"{API}/workflow/submit", data=body, headers=CSRF)
    assert answer.ok, answer.text()
    wid = answer.json()["wid"]
    page.request.delete(f"{API}/workflow/{wid}", headers=CSRF)
    for _ in range(600):
        if service.got:
            break
        page.wait_for_timeout(200)
    [(_, _, sealed), *_] = service.got
    message = reader.opened(sealed).decode()
    told = json.loads(message)
    assert told["path"] == f"/o/acme/executions/{wid}"
    shown(page, message)
    assert notices(page) == [{"title": told["title"], "tag": wid, "data": {"path": told["path"]}}]
    assert clicked(page) == [["opened", told["path"]]], "the page that is open shows something else"
    assert notices(page) == []
    other = page.context.new_page()
    other.goto(f"{told['path']}/logs")
    shown(page, message)
    assert clicked(page) == [["in front", f"{told['path']}/logs"]], "a page of this run is open"
    other.close()

    page.get_by_role("button", name="Remove Chrome on Linux").click()
    expect(page.get_by_text("This browser is told only while a page of HEROES is open")).to_be_visible()
    assert page.request.get(f"{API}/notice/browser/list").json() == []


def test_the_worker_of_notices_is_of_this_origin_and_asks_nothing_else(opened: Opened):
    page = opened("lea", "more")
    answer = page.request.get("/push.js")
    assert answer.headers["content-security-policy"] == "default-src 'none'; connect-src 'self'"
    assert answer.headers["content-type"].startswith("text/javascript")


def test_a_browser_whose_push_service_is_out_of_reach_says_so(opened: Opened):
    page = opened("lea", "more", permissions=["notifications"])
    told = page.request.put(f"{API}/notice/wish", data={"ends": False, "browser": True}, headers=CSRF)
    assert told.ok
    page.reload()
    page.evaluate("""() => {
        PushManager.prototype.subscribe = async () => { throw new DOMException('push service error', 'AbortError'); };
    }""")
    page.get_by_role("button", name="Tell this browser too").click()
    expect(page.get_by_text("The push service of this browser did not answer").first).to_be_visible()


def test_r39_a_deep_link_through_single_sign_on_lands_where_it_points_to(chromium: Any, platform: Platform):
    context = chromium.new_context(base_url=platform.url, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    deep = "/o/acme/executions?status=failed&q=drivaer%20%26%20co&within=7d"
    page.goto(deep)
    assert [*faults_of(page), *small_targets(page)] == []
    page.get_by_role("link", name="Sign in at").click()
    expect(page).to_have_title("The provider")
    page.get_by_role("button", name="Sign in as nils").click()
    expect(page.get_by_role("heading", name="Executions", exact=True)).to_be_visible()
    assert page.url == f"{platform.url}{deep}"
    expect(page.get_by_role("searchbox", name="Search executions")).to_have_value("drivaer & co")
    page.goto(f"/oauth/elsewhere?next={deep.replace('/o/', 'https://elsewhere.example/o/')}")
    page.get_by_role("button", name="Sign in as nils").click()
    expect(page).to_have_url(re.compile(rf"^{re.escape(platform.url)}/o/acme/$"))
    context.close()
