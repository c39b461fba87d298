"""Events: their form outside, what follows an answer, and where a webhook may lead."""

import ipaddress
import json
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from heroes.adapters.guarded import is_public, judged
from heroes.client import ApiError, Heroes, Unanswered
from heroes.events import rules
from heroes.events.rules import DELAYS, MOST_BURIED, Answer, Bury, Delivered, Retry, SwitchOff, after
from heroes.identity import Action, Caller
from heroes.kit.errors import Refused

AT = datetime(2026, 5, 4, 3, 2, 1, tzinfo=timezone(timedelta(hours=2)))
EVENT = SimpleNamespace(id="evt_1", seq=42, type="job.ended", subject="job_1", data={"end": "FINISHED"}, at=AT)
FAILED = Answer(status=503)
SETTING = "HEROES_WEBHOOK_PRIVATE"


def test_an_event_outside_is_a_cloud_event_whose_sequence_sorts_as_text():
    told = rules.cloud_event(EVENT, "https://heroes.example")
    assert told == {
        "specversion": "1.0",
        "id": "evt_1",
        "source": "https://heroes.example",
        "type": "job.ended",
        "subject": "job_1",
        "time": "2026-05-04T01:02:01Z",
        "sequence": "00000000000000000042",
        "datacontenttype": "application/json",
        "data": {"end": "FINISHED"},
    }


def test_a_frame_is_one_message_under_its_number_whatever_the_data_holds():
    event = SimpleNamespace(**{**vars(EVENT), "data": {"text": "a\nid: 7\n\ndata: b\r"}})
    lines = rules.frame(event, "s").decode().split("\n")
    assert lines[0] == "id: 42"
    assert lines[2:] == ["", ""]
    assert json.loads(lines[1].removeprefix("data: "))["data"] == {"text": "a\nid: 7\n\ndata: b\r"}


def test_a_delivery_is_signed_as_the_standard_webhooks_say():
    sent = rules.signed(
        ["whsec_plJ3nmyCDGBKInavdOK15jsl"],
        "msg_loFOjxBNrRLzqYUf",
        datetime.fromtimestamp(1731705121, UTC),
        b'{"event_type":"ping","data":{"success":true}}',
    )
    assert sent == {
        "webhook-id": "msg_loFOjxBNrRLzqYUf",
        "webhook-timestamp": "1731705121",
        "webhook-signature": "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
    }


def test_secrets_are_of_their_own_and_long():
    one, other = rules.new_secret(), rules.new_secret()
    assert one != other
    assert one.startswith("whsec_")
    assert len(one) == 6 + 44


@pytest.mark.parametrize(
    ("answer", "attempts", "buried", "expected"),
    [
        pytest.param(Answer(status=204), 3, 5, Delivered(), id="any status of success is a delivery"),
        pytest.param(FAILED, 0, 0, Retry(DELAYS[0]), id="a failure is tried again soon"),
        pytest.param(FAILED, 6, 0, Retry(DELAYS[6]), id="and ever later"),
        pytest.param(FAILED, 7, 0, Bury(), id="until its tries are used up"),
        pytest.param(FAILED, 0, 1, Bury(), id="after a dead one, the next has one try"),
        pytest.param(Answer(trouble="No connection."), 0, 0, Retry(DELAYS[0]), id="silence is a failure"),
        pytest.param(Answer(status=302), 0, 0, Retry(DELAYS[0]), id="a redirect is a failure, and not followed"),
    ],
)
def test_what_follows_an_attempt(answer: Answer, attempts: int, buried: int, expected: Any):
    assert after(answer, attempts=attempts, buried=buried) == expected


@pytest.mark.parametrize(
    ("answer", "buried"),
    [
        pytest.param(Answer(status=410), 0, id="the receiver is gone for good"),
        pytest.param(
            Answer(trouble="private", closed=True, why={"code": "private_address", "facts": {}}),
            0,
            id="the address is closed",
        ),
        pytest.param(FAILED, MOST_BURIED - 1, id="nothing arrives any more"),
    ],
)
def test_a_webhook_that_leads_nowhere_is_switched_off_and_says_why(answer: Answer, buried: int):
    found = after(answer, attempts=0, buried=buried)
    assert isinstance(found, SwitchOff)
    assert found.why
    assert found.told["code"]


@pytest.mark.parametrize("text", ["job.ended", "job.*", "*", "execution.run_in_progress"])
def test_a_pattern_names_a_type_a_family_or_all(text: str):
    assert rules.PATTERN.fullmatch(text)


@pytest.mark.parametrize("text", ["", "job", "job.", ".ended", "*.ended", "job.ended.x", "Job.ended", "job.%", "**"])
def test_what_is_no_pattern_is_refused(text: str):
    assert not rules.PATTERN.fullmatch(text)


@pytest.mark.parametrize(
    "url",
    ["https://a.example", "http://a.example:8080/x?y=%20z", "https://[2001:db8::1]:8443/hook", "https://192.0.2.1/"],
)
def test_an_address_can_be_tried(url: str):
    assert rules.fault_of(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example",
        "file:///etc/passwd",
        "gopher://a.example",
        "//a.example",
        "a.example",
        "https://",
        "https://user:pw@a.example",
        "https://a.example@10.0.0.1",
        "https://a.example/#x",
        "https://a.example:99999/",
        "https://a.example:0/",
        "https://a.example/\r\nHost: b",
        "https://a b.example/",
        "https://[::1",
    ],
)
def test_an_address_that_is_none_is_refused_with_words(url: str):
    assert rules.fault_of(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "2001:db8::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_a_webhook_never_leads_inside(address: str):
    found = ipaddress.ip_address(address)
    assert not is_public(found)
    with pytest.raises(Refused, match=SETTING):
        judged(
            "hook.example", [ipaddress.ip_address("8.8.8.8"), found], private=False, allowed_by="HEROES_WEBHOOK_PRIVATE"
        )


@pytest.mark.parametrize("address", ["8.8.8.8", "193.99.144.80", "2a00:1450:4001:80b::200e", "64:ff9b::808:808"])
def test_a_webhook_leads_outside(address: str):
    found = ipaddress.ip_address(address)
    assert judged("hook.example", [found], private=False, allowed_by=SETTING) == [found]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "fd00::1", "169.254.1.1", "8.8.8.8"])
def test_the_operator_may_open_private_addresses(address: str):
    found = ipaddress.ip_address(address)
    assert judged("hook.example", [found], private=True, allowed_by=SETTING) == [found]


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255"])
def test_no_setting_opens_what_is_no_single_receiver(address: str):
    with pytest.raises(Refused):
        judged("hook.example", [ipaddress.ip_address(address)], private=True, allowed_by=SETTING)


def test_families_are_seen_by_those_whose_rights_they_concern():
    def who(*actions: Action) -> Caller:
        return Caller("usr_1", "lea", "org_1", "acme", actions=frozenset(actions))

    assert rules.families(who()) == []
    assert rules.families(who(Action.CLUSTER_READ, Action.LEDGER_READ)) == ["budget", "cluster"]
    assert not rules.sees_the_rest(who(Action.EXECUTION_READ_ALL))
    assert rules.sees_the_rest(who(Action.ORGANIZATION_MANAGE))


def test_a_cut_stream_goes_on_after_the_last_message_and_ends_when_nothing_more_will_come(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    asked: list[str | None] = []
    answers: list[Any] = [
        b'retry: 2000\n\n: still here\n\nid: 7\ndata: {"n": 1}\n\nid: 8\ndata: {"n"',
        httpx.ConnectError("refused"),
        b'event: gap\ndata: {"replayed_from": "x"}\n\nid: 9\ndata: {"n": 2}\n\n',
        None,
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("Last-Event-ID"))
        given = answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return httpx.Response(204) if given is None else httpx.Response(200, content=given)

    with Heroes("https://heroes.example", token="t", transport=httpx.MockTransport(answer)) as heroes:
        told = list(heroes.events("exe_1"))
    assert told == [{"n": 1}, {"replayed_from": "x"}, {"n": 2}]
    assert asked == [None, "7", "7", "9"]


def test_a_platform_that_stays_silent_is_given_up_and_a_refusal_is_told_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    tries: list[int] = []

    def silent(request: httpx.Request) -> httpx.Response:
        tries.append(1)
        raise httpx.ConnectError("refused")

    with Heroes("https://heroes.example", token="t", transport=httpx.MockTransport(silent)) as heroes:
        with pytest.raises(Unanswered):
            list(heroes.events())
        assert 2 < len(tries) < 10
    refused = httpx.MockTransport(lambda request: httpx.Response(404, json={"detail": "There is no such execution."}))
    with Heroes("https://heroes.example", token="t", transport=refused) as heroes, pytest.raises(ApiError):
        list(heroes.events("exe_1"))
