"""The job plane's decisions: nothing doubled, nothing lost, nothing ended by silence."""

import asyncio
import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from heroes.adapters.local import LocalFiles
from heroes.adapters.ports import Absent, Found, SiteEnd, SiteJob, SiteState, Unknown
from heroes.jobs import rules
from heroes.jobs.models import Submission
from heroes.jobs.rules import (
    KEPT,
    LONGEST_PIECE,
    Adopt,
    Again,
    Anew,
    AskAgain,
    Cause,
    Ceiling,
    End,
    ExitRecord,
    Gate,
    GiveUp,
    Last,
    NeverOrdered,
    Order,
    OrderState,
    Spec,
    Stop,
    TakeGate,
    Verdict,
    begin,
    continued,
    pieces,
    whole,
)
from heroes.jobs.script import Folders, job_script, read_exit, read_manifest
from heroes.jobs.steps.order import take_gate
from heroes.jobs.steps.settle import handled, run_time

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUNNING = SiteJob("17", None, "hx", SiteState.RUNNING)


def order(seconds_ago: float | None = 5, times: int = 0, gate: Gate = Gate.OPEN, cancelled: bool = False) -> OrderState:
    at = None if seconds_ago is None else NOW - timedelta(seconds=seconds_ago)
    return OrderState(at, times, gate, cancelled)


@pytest.mark.parametrize(
    ("state", "site", "expected"),
    [
        pytest.param(order(None), NeverOrdered(), Order, id="what never left is ordered"),
        pytest.param(order(None, cancelled=True), NeverOrdered(), GiveUp, id="what never left is cancelled at once"),
        pytest.param(order(), Absent(NOW), AskAgain, id="an order just sent and not seen is young, not lost"),
        pytest.param(order(), Unknown("sacct: timeout"), AskAgain, id="a silent accounting database ends nothing"),
        pytest.param(order(9999, 99), Unknown("squeue: timeout"), AskAgain, id="however long the silence lasts"),
        pytest.param(order(), Found([RUNNING]), Adopt, id="a job found by its token is adopted, never ordered again"),
        pytest.param(order(9999, 99), Found([RUNNING]), Adopt, id="also when it was given up for lost"),
        pytest.param(order(9999, 0), Absent(NOW), AskAgain, id="one answer of absence is not enough"),
        pytest.param(order(9999, 2), Absent(NOW), TakeGate, id="before a second order the first is made harmless"),
        pytest.param(order(9999, 3, Gate.OURS), Absent(NOW), Anew, id="only then a new token may follow"),
        pytest.param(order(9999, 3, Gate.OURS), Found([RUNNING]), Stop, id="a late arrival found its gate taken"),
        pytest.param(order(9999, 3, Gate.OURS), Unknown("cut"), AskAgain, id="with our gate silence is still silence"),
        pytest.param(order(cancelled=True), Absent(NOW), TakeGate, id="a cancel in doubt takes the gate first"),
        pytest.param(
            order(cancelled=True), Found([RUNNING]), Adopt, id="a cancelled job that runs is adopted, then ended"
        ),
        pytest.param(
            order(9, 1, Gate.OURS, cancelled=True), Absent(NOW), GiveUp, id="a cancel that holds the gate is done"
        ),
        pytest.param(
            order(cancelled=True), Unknown("cut"), AskAgain, id="a cancel waits for the site as all else does"
        ),
    ],
)
def test_an_order_is_never_given_twice(state: OrderState, site: object, expected: type) -> None:
    assert isinstance(rules.next_action(state, site, NOW), expected)  # type: ignore[arg-type]


FIRST = replace(RUNNING, index=0)


@pytest.mark.parametrize(
    ("site", "gone"),
    [
        pytest.param(Absent(NOW), True, id="no source knows the array"),
        pytest.param(Found([FIRST], complete=True), True, id="every source knows others only"),
        pytest.param(Found([FIRST]), False, id="a source was silent, which may know it"),
        pytest.param(Found([FIRST, replace(FIRST, index=1)], complete=True), False, id="it is known"),
        pytest.param(Found([RUNNING], complete=True), False, id="the array is told as a whole"),
        pytest.param(Unknown("cut"), False, id="nobody answered"),
    ],
)
def test_a_member_is_gone_only_where_every_source_knows_others_alone(site: Found | Absent | Unknown, gone: bool):
    assert rules.is_gone(site, 1) is gone


def ended(end: SiteEnd, exit_code: int | None = None, signal: int | None = None) -> SiteJob:
    return SiteJob("17", None, "hx", SiteState.ENDED, end=end, exit_code=exit_code, signal=signal)


@pytest.mark.parametrize(
    ("site", "record", "cancelled", "end", "cause"),
    [
        pytest.param(ended(SiteEnd.COMPLETED, 0), ExitRecord(0, 0, 1), False, End.SUCCEEDED, None, id="well"),
        pytest.param(
            None, ExitRecord(0, 0, 1), False, End.SUCCEEDED, None, id="forgotten by the site, proven by its file"
        ),
        pytest.param(ended(SiteEnd.FAILED, 3), ExitRecord(3, 0, 1), False, End.FAILED, Cause.PROGRAM, id="exit code"),
        pytest.param(ended(SiteEnd.TIME_LIMIT), None, False, End.FAILED, Cause.TIME, id="time limit"),
        pytest.param(ended(SiteEnd.OUT_OF_MEMORY), None, False, End.FAILED, Cause.MEMORY, id="memory"),
        pytest.param(ended(SiteEnd.NODE_FAILURE), None, False, End.FAILED, Cause.INFRASTRUCTURE, id="node failure"),
        pytest.param(ended(SiteEnd.CANCELLED), None, True, End.CANCELLED, Cause.USER, id="cancelled as asked"),
        pytest.param(ended(SiteEnd.CANCELLED), None, False, End.FAILED, Cause.INFRASTRUCTURE, id="by somebody else"),
        pytest.param(
            ended(SiteEnd.COMPLETED, 0), ExitRecord(0, 0, 1), True, End.SUCCEEDED, None, id="too late to cancel"
        ),
        pytest.param(ended(SiteEnd.FAILED, 113), None, False, End.FAILED, Cause.INFRASTRUCTURE, id="gate taken"),
        pytest.param(ended(SiteEnd.FAILED, 115), None, False, End.FAILED, Cause.INFRASTRUCTURE, id="disk full"),
        pytest.param(
            ended(SiteEnd.FAILED, 113),
            ExitRecord(113, 0, 1),
            False,
            End.FAILED,
            Cause.PROGRAM,
            id="its own code",
        ),
    ],
)
def test_an_end_is_judged_by_proof(
    site: SiteJob | None, record: ExitRecord | None, cancelled: bool, end: End, cause: Cause | None
) -> None:
    found = rules.verdict(site, record, cancelled=cancelled)
    assert found is not None
    assert (found.end, found.cause) == (end, cause)


def test_a_job_that_the_site_could_not_launch_is_tried_again_as_a_fault_of_the_site() -> None:
    found = rules.verdict(ended(SiteEnd.NOT_LAUNCHED, 0), None, cancelled=False)
    assert found is not None
    assert (found.end, found.cause, found.code) == (End.FAILED, Cause.INFRASTRUCTURE, "not_launched")


def test_a_job_for_which_the_site_became_too_small_is_tried_elsewhere() -> None:
    found = rules.verdict(ended(SiteEnd.TOO_LARGE), None, cancelled=False)
    assert found is not None
    assert (found.end, found.cause, found.code) == (End.FAILED, Cause.INFRASTRUCTURE, "site_too_small")


def test_a_completed_job_without_exit_file_is_looked_at_again() -> None:
    assert rules.verdict(ended(SiteEnd.COMPLETED, 0), None, cancelled=False) is None
    assert rules.verdict(None, None, cancelled=False) is None
    assert rules.verdict(ended(SiteEnd.UNKNOWN), None, cancelled=False) is None


def test_an_outcome_that_nobody_can_tell_is_called_unknown() -> None:
    assert rules.without_exit_file(None).end is End.OUTCOME_UNKNOWN
    assert rules.without_exit_file(ended(SiteEnd.COMPLETED, 0)).end is End.SUCCEEDED


@pytest.mark.parametrize(
    ("shown", "since"),
    [
        pytest.param(None, "first", id="not shown: its start, as known"),
        pytest.param(RUNNING, "first", id="shown without its start"),
        pytest.param(replace(RUNNING, started_at=NOW), "last", id="begun again: its last start"),
        pytest.param(replace(RUNNING, state=SiteState.QUEUED), None, id="put back: it waits"),
        pytest.param(replace(RUNNING, state=SiteState.HELD), None, id="held: it waits"),
        pytest.param(replace(RUNNING, state=SiteState.QUEUED, queued=False), "first", id="no more in the queue"),
    ],
)
def test_a_job_uses_its_walltime_since_its_last_start(shown: SiteJob | None, since: str | None) -> None:
    first = NOW - timedelta(days=1)
    assert rules.running_since(shown, first, None) == {"first": first, "last": NOW, None: None}[since]
    if since == "first":
        assert rules.running_since(shown, None, first) == first


def test_a_job_is_overdue_only_past_its_walltime() -> None:
    begun = NOW - timedelta(minutes=20)
    assert rules.overdue(begun, 3600, NOW) is None
    assert rules.overdue(begun, 60, NOW) == timedelta(minutes=19)
    assert rules.overdue(None, 60, NOW) is None


GIB = 2**30


def failed(cause: Cause, end: End = End.FAILED) -> Verdict:
    return Verdict(end, cause, "code", "It failed.")


def allowing(**options: object) -> Spec:
    options = {"memory_bytes": GIB, "walltime_s": 100, **options}
    return Spec(("x",), None, {}, {}, (), {}, **options)  # type: ignore[arg-type]


def test_retries_are_counted_by_cause() -> None:
    one = allowing(retries={"infrastructure": 1, "program": 0})
    assert isinstance(rules.after(failed(Cause.INFRASTRUCTURE), one, {}, Ceiling()), Again)
    assert rules.after(failed(Cause.INFRASTRUCTURE), one, {"infrastructure": 1}, Ceiling()) == Last()
    assert rules.after(failed(Cause.PROGRAM), one, {}, Ceiling()) == Last()
    assert rules.after(failed(Cause.USER), one, {}, Ceiling()) == Last()


def test_the_oftener_a_site_fails_a_job_the_longer_it_waits() -> None:
    waits = [rules.pause_s({"infrastructure": times, "memory": 3}) for times in range(8)]
    assert waits == [0, 0, 10, 30, 90, 270, 300, 300]
    again = rules.after(
        failed(Cause.INFRASTRUCTURE), allowing(retries={"infrastructure": 3}), {"infrastructure": 2}, Ceiling()
    )
    assert isinstance(again, Again)
    assert again.why == "It starts anew in 30 s, elsewhere where that is possible."


def test_an_unknown_outcome_starts_anew_only_where_the_step_says_so() -> None:
    unknown = failed(Cause.INFRASTRUCTURE, End.OUTCOME_UNKNOWN)
    assert rules.after(unknown, allowing(retries={"infrastructure": 9}), {}, Ceiling()) == Last()
    again = rules.after(unknown, allowing(retries={"unknown": 1}), {}, Ceiling())
    assert isinstance(again, Again)
    assert again.cause == "unknown"


@pytest.mark.parametrize(
    ("ceiling", "peak", "asked", "gets"),
    [
        pytest.param(None, None, GIB, 2 * GIB, id="twice, where nobody names a limit"),
        pytest.param(4 * GIB, None, GIB, 2 * GIB, id="twice, below the limit"),
        pytest.param(3 * GIB // 2, None, GIB, 3 * GIB // 2, id="what the largest node has"),
        pytest.param(GIB, None, GIB, None, id="nothing, where no node has more"),
        pytest.param(None, GIB, None, 2 * GIB, id="twice what it was seen to use, where it asked for none"),
        pytest.param(None, None, None, None, id="nothing, where nothing is known"),
    ],
)
def test_a_job_out_of_memory_asks_for_more_within_limits(
    ceiling: int | None, peak: int | None, asked: int | None, gets: int | None
) -> None:
    spec = allowing(retries={"memory": 1}, growth={"memory": 2.0}, memory_bytes=asked)
    found = rules.after(failed(Cause.MEMORY), spec, {}, Ceiling(memory_bytes=ceiling), peak)
    assert isinstance(found, Again if gets else Last)
    assert found.why
    if isinstance(found, Again):
        assert (found.memory_bytes, found.walltime_s) == (gets, 100)


def test_a_job_out_of_memory_asks_at_once_for_what_runs_of_its_step_were_seen_to_use() -> None:
    spec = allowing(retries={"memory": 1}, growth={"memory": 2.0}, memory_bytes=GIB)
    for seen, most, gets in [(10 * GIB, None, 10 * GIB), (10 * GIB, 8 * GIB, 8 * GIB), (GIB // 2, None, 2 * GIB)]:
        found = rules.after(failed(Cause.MEMORY), spec, {}, Ceiling(memory_bytes=most, seen_bytes=seen))
        assert isinstance(found, Again)
        assert found.memory_bytes == gets


@pytest.mark.parametrize(
    ("ceiling", "checkpoint", "factor", "gets"),
    [
        pytest.param(None, (), 2.0, 200, id="twice"),
        pytest.param(150, (), 2.0, 150, id="what the queue allows"),
        pytest.param(100, (), 2.0, None, id="nothing, where no queue allows more"),
        pytest.param(100, ("state",), 1.0, 100, id="the same, from its checkpoint"),
        pytest.param(None, ("state",), 1.5, 150, id="more, from its checkpoint"),
    ],
)
def test_a_job_out_of_time_asks_for_more_or_goes_on_from_its_checkpoint(
    ceiling: int | None, checkpoint: tuple[str, ...], factor: float, gets: int | None
) -> None:
    spec = allowing(retries={"time": 1}, growth={"time": factor}, checkpoint=checkpoint)
    found = rules.after(failed(Cause.TIME), spec, {}, Ceiling(walltime_s=ceiling))
    assert isinstance(found, Again if gets else Last)
    if isinstance(found, Again):
        assert (found.walltime_s, found.memory_bytes) == (gets, GIB)
        assert ("checkpoint" in found.why) == bool(checkpoint)


# --------------------------------------------------------------------------------- the script, run by a real shell


def spec(*command: str, **options: object) -> Spec:
    return Spec(command, None, {}, {}, (), {}, **options)  # type: ignore[arg-type]


def start(
    folder: Path, what: Spec, environment: dict[str, str] | None = None, job_id: str = "17", path: str = "/usr/bin:/bin"
) -> int:
    folders = Folders(str(folder), "htoken")
    Path(folders.work).mkdir(exist_ok=True)
    Path(folders.script).write_bytes(job_script(what, folders, environment or {}))
    variables = {"PATH": path, "SLURM_JOB_ID": job_id}
    return subprocess.run(["bash", folders.script], env=variables, check=False).returncode


@pytest.fixture
def ordered(tmp_path: Path) -> Path:
    (tmp_path / "htoken").mkdir()
    return tmp_path


@pytest.mark.parametrize(("status", "told"), [(3, rules.NO_ROOM), (0, 0)])
def test_an_exit_file_that_finds_no_room_for_its_name_is_a_full_disk(ordered: Path, status: int, told: int) -> None:
    stubborn = ordered / "bin/mv"
    stubborn.parent.mkdir()
    stubborn.write_text("#!/bin/sh\necho 'mv: No space left on device' >&2; exit 1\n")
    stubborn.chmod(0o755)
    path = f"{stubborn.parent}:/usr/bin:/bin"
    assert start(ordered, spec("bash", "-c", f"exit {status}"), path=path) == told
    assert not (ordered / "htoken/exit-0").exists()


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        pytest.param("exit 1", rules.NO_ROOM, id="failed by it"),
        pytest.param("exit 0", 0, id="did without"),
        pytest.param("head -c 8192 /dev/zero >&2; exit 7", 7, id="failed much later"),
    ],
)
def test_a_payload_that_found_the_disk_full_says_so_although_others_made_room_since(
    ordered: Path, ending: str, told: int
) -> None:
    said = "cat: write error: No space left on device"
    payload = f"exec 2> '{ordered}/htoken/stderr'; echo '{said}' >&2; {ending}"  # as the batch system directs it
    assert start(ordered, spec("bash", "-c", payload)) == told


def test_a_job_leaves_its_exit_code_and_a_manifest_of_what_it_wrote(ordered: Path) -> None:
    command = "printf hello > 'a file'; mkdir empty; ln -s 'a file' link; touch \"$(printf 'new\\nline')\"; exit 3"
    assert start(ordered, spec("bash", "-c", command)) == 3
    token = ordered / "htoken"
    assert read_exit((token / "exit-0").read_text()).exit_code == 3
    written = {
        one.path: one for one in read_manifest((token / "outputs-0").read_bytes(), (token / "sums-0").read_bytes())
    }
    assert {path: one.kind for path, one in written.items()} == {
        "a file": "file",
        "empty": "dir",
        "link": "link",
        "new\nline": "file",
    }
    assert written["a file"].size == 5
    assert written["a file"].sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert written["link"].target == "a file"


def test_values_with_shell_characters_arrive_unchanged(ordered: Path) -> None:
    nasty = "$(touch /tmp/never) `id` 'single' \"double\" \\ ; & | \n new line *"
    script = "import json,os,sys; json.dump([sys.argv[1], os.environ['PARAM_X']], open('out','w'))"
    assert start(ordered, spec("python3", "-c", script, nasty), {"PARAM_X": nasty}) == 0
    assert json.loads((ordered / "work" / "out").read_text()) == [nasty, nasty]


def take(folder: Path) -> str:
    return asyncio.run(take_gate(LocalFiles(str(folder)), Folders(str(folder), "htoken")))


def test_a_job_whose_gate_was_taken_never_starts_its_payload(ordered: Path) -> None:
    assert take(ordered) == "revoked"
    assert start(ordered, spec("touch", "started")) == rules.NEVER_STARTED
    assert not (ordered / "work" / "started").exists()


def test_a_job_that_holds_its_gate_cannot_be_revoked(ordered: Path) -> None:
    assert start(ordered, spec("true")) == 0
    assert take(ordered) == "job.17"


def test_taking_the_gate_before_the_order_arrives_stops_its_mkdir(tmp_path: Path) -> None:
    assert take(tmp_path) == "revoked"
    assert subprocess.run(["mkdir", str(tmp_path / "htoken")], capture_output=True, check=False).returncode != 0


def test_a_second_start_by_the_site_runs_only_what_may_run_twice(ordered: Path) -> None:
    once = spec("bash", "-c", "echo x >> ../starts")
    assert start(ordered, once) == 0
    assert start(ordered, once) == rules.RESTARTED
    assert start(ordered, spec("bash", "-c", "echo x >> ../starts", rerunnable=True)) == 0
    assert (ordered / "starts").read_text() == "x\nx\n"


def test_a_second_run_hides_the_end_of_the_first(ordered: Path) -> None:
    assert start(ordered, spec("false", rerunnable=True)) == 1
    looks = "find .. -name 'exit-*' -o -name 'outputs-*' -o -name 'sums-*' | wc -l > ../ends"
    assert start(ordered, spec("bash", "-c", looks, rerunnable=True)) == 0
    assert (ordered / "ends").read_text().strip() == "0", "an old end would be taken for that of the live run"


def test_another_job_of_the_same_token_never_starts(ordered: Path) -> None:
    assert start(ordered, spec("true")) == 0
    assert start(ordered, spec("touch", "second"), job_id="18") == rules.NEVER_STARTED
    assert not (ordered / "work" / "second").exists()


def test_a_command_that_is_a_word_of_the_shell_is_not_run_by_the_shell(ordered: Path) -> None:
    assert start(ordered, spec("exit", "0")) == 127


def test_a_cut_manifest_is_refused() -> None:
    with pytest.raises(ValueError, match="cut"):
        read_manifest(b"f 5 1.0 644\0name")


@pytest.mark.parametrize(
    ("content", "size"),
    [
        pytest.param(b"plain", 5, id="plain text is whole"),
        pytest.param("grün".encode(), 5, id="a whole character stays"),
        pytest.param("grü".encode()[:-1], 2, id="half of two bytes is left"),
        pytest.param("€".encode()[:2], 0, id="two of three bytes are nothing yet"),
        pytest.param(b"x" + "😀".encode()[:3], 1, id="three of four bytes are left"),
        pytest.param("😀".encode(), 4, id="four of four are shown"),
        pytest.param(b"\xff\xfe\x80\x80\x80\x80", 6, id="what is no text at all is not held back"),
        pytest.param(b"", 0, id="nothing is nothing"),
    ],
)
def test_a_log_is_never_cut_within_a_character(content: bytes, size: int):
    assert whole(content) == size


def test_pieces_of_a_log_are_bounded_and_join_to_what_was_read():
    text = ("añ€😀" * 40_000).encode()
    found = pieces(text, 7)
    assert b"".join(content for _, content in found) == text
    assert all(len(content) <= LONGEST_PIECE and content.decode() for _, content in found)
    assert [offset for offset, _ in found] == [7 + sum(len(c) for _, c in found[:n]) for n in range(len(found))]


def test_a_reader_far_behind_goes_on_where_it_is_still_kept():
    assert begin(100, KEPT) == 100
    assert begin(100, KEPT + 5000) == 5000
    assert continued("€x".encode()[1:]) == 2
    assert continued(b"x") == 0


@pytest.mark.parametrize(
    ("elapsed", "exact", "seconds"),
    [(0.0, 0.4, 0.4), (3.0, 2.6, 2.6), (3.0, None, 3.0), (3.0, 0.0, 3.0), (900.0, 12.0, 900.0), (None, None, 0.0)],
)
def test_a_run_is_learned_to_the_fraction_of_a_second_where_accounting_agrees(elapsed, exact, seconds) -> None:
    assert run_time({"elapsed_s": elapsed, "run_s": exact}) == seconds


def test_what_was_neither_waiting_nor_running_was_handling_whatever_the_sites_clock_says():
    submission, usage = Submission(created_at=NOW), {"wait_s": 4.0, "elapsed_s": 10, "run_s": 10.2}
    assert handled(submission, NOW + timedelta(seconds=17), usage) == pytest.approx(2.8)
    assert handled(submission, NOW + timedelta(seconds=9), usage) == 0.0, "measured by two clocks"
    assert handled(submission, NOW + timedelta(seconds=17), {"elapsed_s": 10}) is None
