"""The last warnings and errors in files of bounded size, as several processes write and the API reads them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from pydantic import SecretStr

from heroes.kit import log, shipping
from heroes.kit.destinations import TROUBLES, TROUBLES_KEPT, TROUBLES_MIB, Rotated, troubles
from heroes.kit.settings import Settings
from heroes.kit.troubles import LONGEST, Wish, read, text

BEGAN = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Thirty lines of two parts in files of about a dozen each, of which the oldest are gone."""
    path = tmp_path / "logs" / "troubles.jsonl"
    sink = Rotated(path, 1500, TROUBLES_KEPT)
    for number in range(30):
        sink.send([line(number)])
    sink.close()
    return path


def line(number: int) -> dict[str, object]:
    return {
        "@timestamp": (BEGAN + timedelta(minutes=number)).isoformat(),
        "log.level": "error" if number % 3 == 0 else "warning",
        "service.name": "heroes-api" if number % 2 else "heroes-worker",
        "message": f"trouble {number:02}",
        "row": f"job_{number}",
        "ecs.version": "8.11",
        **({"error.stack_trace": "Traceback: " + "x" * 30_000} if number == 27 else {}),
    }


def numbers(path: Path, wish: Wish, **more: object) -> list[int]:
    return [int(one.message.split()[-1]) for one in read(path, wish, **more)]  # type: ignore[arg-type]


def test_the_newest_stand_first_and_what_is_older_than_the_files_is_gone(written: Path):
    found = numbers(written, Wish())
    assert found == sorted(found, reverse=True)
    assert found[0] == 29
    assert 5 < len(found) < 30
    assert sum(one.stat().st_size for one in written.parent.glob("troubles.jsonl*")) < 70_000


def test_pages_meet_without_a_gap_also_when_lines_come_in_between(written: Path):
    whole, pages, after = numbers(written, Wish()), [], None
    for _ in range(len(whole)):
        one = read(written, Wish(), after=after, most=1)
        pages += [int(each.message.split()[-1]) for each in one]
        after = (one[-1].file, one[-1].offset) if one else after
        with written.open("ab") as file:
            file.write(json.dumps(line(99)).encode() + b"\n")
    assert pages == whole
    assert read(written, Wish(), after=(1, 1)) == []  # a page whose file is gone


def test_what_is_asked_for_narrows(written: Path):
    whole = numbers(written, Wish())
    assert numbers(written, Wish(errors=True)) == [one for one in whole if one % 3 == 0]
    assert numbers(written, Wish(part="worker")) == [one for one in whole if one % 2 == 0]
    assert numbers(written, Wish(search="JOB_29")) == [29]
    since, until = BEGAN + timedelta(minutes=25), BEGAN + timedelta(minutes=28)
    assert numbers(written, Wish(since=since, until=until)) == [27, 26, 25]
    [traced] = read(written, Wish(search="trouble 27"))
    assert traced.facts == {"row": "job_27"}
    assert len(traced.trace or "") == LONGEST
    assert text(traced).startswith("2026-11-01T12:27:00+00:00 ERROR api trouble 27 row=job_27\nxxx")


def test_a_line_that_a_full_disk_has_cut_spoils_no_other(tmp_path: Path):
    path = tmp_path / "troubles.jsonl"
    whole = json.dumps(line(1)).encode()
    path.write_bytes(whole + b"\n" + whole[:40] + b"\n[]\n{}\n\xff\n" + whole + b"\n" + whole[:7])
    assert numbers(path, Wish()) == [1, 1]
    assert read(tmp_path / "nothing.jsonl", Wish()) == []


def test_a_process_keeps_its_warnings_and_errors_without_secrets_and_nothing_else(tmp_path: Path):
    before, settings = structlog.get_config(), Settings(home=tmp_path)
    try:
        log.configure("INFO", service="heroes-worker")
        shipping.begin([], troubles=troubles(settings))
        assert not shipping.shipped()
        out = structlog.get_logger()
        out.info("all is well")
        out.warning("a site is away", password=SecretStr("hunter2"))
        try:
            raise RuntimeError("no room")
        except RuntimeError:
            out.exception("a row failed", row="job_1")
        shipping.end()
    finally:
        structlog.configure(**before)
    failed, away = read(tmp_path / TROUBLES, Wish())
    assert (failed.message, failed.error, failed.part) == ("a row failed", True, "worker")
    assert "RuntimeError: no room" in (failed.trace or "")
    assert (away.message, away.facts) == ("a site is away", {"password": "**********"})


def test_what_is_kept_has_a_bound():
    assert TROUBLES_MIB * (TROUBLES_KEPT + 1) == 4
