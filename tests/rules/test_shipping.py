"""Log lines on their way to a collector, a syslog server, a file."""

import json
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import structlog

from heroes.kit.destinations import Rotated, destinations, local, otlp, pairs, syslog
from heroes.kit.settings import Settings
from heroes.kit.shipping import Later, Line, Refusal, Shipper

LINE: Line = {
    "@timestamp": "2026-11-21T20:00:00.123456Z",
    "log.level": "warning",
    "message": "login refused ☃\nsecond line",
    "service.name": "heroes-api",
    "ecs.version": "8.11",
    "http.request.id": "req_1",
    "attempts": 3,
    "seconds": 1.5,
    "known": False,
    "nothing": None,
    "facts": {"roles": ["engineer", 2**70, None], "inner": {}},
}


class Kept:
    """A destination that keeps what it gets and answers as it was told to, then well."""

    name = "kept"

    def __init__(self, *answers: Exception):
        self.answers, self.got = list(answers), list[list[Line]]()
        self.asked, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    def send(self, lines: Sequence[Line]) -> None:
        self.asked.set()
        assert self.go_on.wait(30)
        if self.answers:
            raise self.answers.pop(0)
        self.got.append(list(lines))

    def close(self) -> None:
        pass

    def messages(self) -> list[Any]:
        return [line["message"] for lines in self.got for line in lines]


def test_lines_arrive_in_their_order_after_a_destination_was_away():
    pauses: list[float] = []
    sink = Kept(OSError("gone"), Later("busy", after=7.0), Later("busy"))
    shipper = Shipper(sink, sleep=pauses.append)
    with structlog.testing.capture_logs() as said:
        for number in range(100):
            shipper.offer({"message": number})
        shipper.close(30)
    assert sink.messages() == list(range(100))
    assert [(one["event"], one["error"]) for one in said] == [("log lines do not arrive", "gone")], "said once"
    assert pauses == [0.5, 7.0, 2.0], "doubled each time, and longer when the destination asks for it"


def test_a_destination_that_hangs_holds_nobody_up_and_hears_how_much_it_missed():
    sink = Kept()
    sink.go_on.clear()
    shipper = Shipper(sink, most=10)
    shipper.offer({"message": "first"})
    assert sink.asked.wait(30)  # it holds the first line and does not answer
    for number in range(25):
        shipper.offer({"message": number})
    assert shipper.lost == 15
    sink.go_on.set()
    shipper.close(30)
    told = [line for lines in sink.got for line in lines if "log.lost" in line]
    assert [line["log.lost"] for line in told] == [15]
    assert [said for said in sink.messages() if said in range(25)] == list(range(10))


def test_lines_that_are_refused_are_counted_not_sent_for_ever():
    sink = Kept(Refusal("answers 400"))
    shipper = Shipper(sink)
    shipper.offer({"message": "bad"})
    shipper.close(30)
    assert (sink.got, shipper.lost) == ([], 1)


def test_the_end_of_a_process_waits_no_longer_than_its_bound():
    shipper = Shipper(Kept(*[OSError("gone")] * 1000), sleep=lambda _: None)
    shipper.offer({"message": "late"})
    shipper.close(0)
    assert shipper._thread is not None
    assert not shipper._thread.is_alive()


def test_a_syslog_message_is_one_of_rfc_5424_whatever_the_line_holds():
    for line in (LINE, {"message": "bare"}, {**LINE, "service.name": "a b\n☃", "log.level": "odd"}):
        message = syslog(line).decode()
        found = re.fullmatch(
            r"<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) "
            r"([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) - - (\{.*\})",
            message,
        )
        assert found, message
        assert "\n" not in message
        assert json.loads(found[6]) == line
    assert syslog(LINE).startswith(b"<132>1 "), "local0, warning"


def test_the_machines_own_socket_gets_what_syslog_3_sends():
    told = local(LINE).decode()
    assert re.fullmatch(r"<132>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d heroes-api\[\d+\]: \{.*\}", told), told


def test_a_line_becomes_a_log_record_of_the_opentelemetry_protocol():
    [resource] = otlp([LINE])["resourceLogs"]
    assert {"key": "service.name", "value": {"stringValue": "heroes-api"}} in resource["resource"]["attributes"]
    [record] = resource["scopeLogs"][0]["logRecords"]
    assert record["timeUnixNano"] == "1795291200123456000"
    assert (record["severityNumber"], record["severityText"]) == (13, "WARNING")
    assert record["body"] == {"stringValue": LINE["message"]}
    roles = {"arrayValue": {"values": [{"stringValue": "engineer"}, {"stringValue": str(2**70)}]}}
    assert record["attributes"] == [
        {"key": "http.request.id", "value": {"stringValue": "req_1"}},
        {"key": "attempts", "value": {"intValue": "3"}},
        {"key": "seconds", "value": {"doubleValue": 1.5}},
        {"key": "known", "value": {"boolValue": False}},
        {
            "key": "facts",
            "value": {
                "kvlistValue": {
                    "values": [
                        {"key": "roles", "value": roles},
                        {"key": "inner", "value": {"kvlistValue": {"values": []}}},
                    ]
                }
            },
        },
    ]


def test_a_file_is_moved_on_at_its_size_and_only_so_many_are_kept(tmp_path: Path):
    path = tmp_path / "logs" / "heroes.log"
    files = [Rotated(path, 1000, 2), Rotated(path, 1000, 2)]  # two processes
    for number in range(100):
        files[number % 2].send([{"number": number, "filler": "x" * 80}])
    for one in files:
        one.close()
    assert sorted(one.name for one in path.parent.iterdir()) == [
        "heroes.log",
        "heroes.log.1",
        "heroes.log.2",
        "heroes.log.lock",
    ]
    whole = "".join(Path(f"{path}{name}").read_text() for name in (".2", ".1", ""))
    kept = [json.loads(line)["number"] for line in whole.splitlines()]
    assert kept == list(range(kept[0], 100)), "the last lines, whole and in order"
    assert all(Path(f"{path}{name}").stat().st_size <= 1100 for name in (".2", ".1", ""))
    assert path.stat().st_mode & 0o007 == 0, "not for everybody's eyes"


def test_a_rotation_by_another_program_is_followed(tmp_path: Path):
    path = tmp_path / "heroes.log"
    file = Rotated(path, 10**6, 2)
    file.send([{"number": 1}])
    path.rename(tmp_path / "moved")
    file.send([{"number": 2}])
    file.close()
    assert [path.read_text(), (tmp_path / "moved").read_text()] == ['{"number": 2}\n', '{"number": 1}\n']


def test_the_settings_name_destinations_and_what_is_wrong_with_them(tmp_path: Path):
    given = Settings(
        log_otlp_url="http://collector:4318",
        log_otlp_headers="authorization=Bearer x=,a = b",
        log_syslog_url="unix:///dev/log",
        log_file=tmp_path / "a.log",
    )
    assert [one.name for one in destinations(given)] == [
        "http://collector:4318/v1/logs",
        "unix:///dev/log",
        str(tmp_path / "a.log"),
    ]
    assert pairs("authorization=Bearer x=,a = b") == {"authorization": "Bearer x=", "a": "b"}
    assert destinations(Settings()) == []
    for name, wrong in (("log_otlp_url", "collector:4317"), ("log_syslog_url", "http://x"), ("log_file_mib", 0)):
        with pytest.raises(ValueError, match=name):
            Settings(**{name: wrong})
