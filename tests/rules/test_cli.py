"""The command line and its client, without a platform: forms of output, types of parameters, exit codes, the file."""

import hashlib
import io
import json
import os
import re
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from heroes.cli import configuration, copying, local, ranking, session, watching, words
from heroes.cli.failures import NO_CLUSTER, REFUSED, SIGN_IN, TIMEOUT, USAGE, Stop, code_of, tell
from heroes.cli.output import Column, Format, Item, Listing, write
from heroes.cli.price_list import listed
from heroes.cli.run import pairs, wishes
from heroes.cli.tree import PLACES, run, tree
from heroes.client import ApiError, Damaged, Heroes, Memory, TokenSet, Unanswered
from heroes.client.parameters import coerce

ROOT = Path(__file__).parents[2]

URL = "https://heroes.example"
ROWS = [
    {"id": "exe_1", "at": {"cluster": "here"}, "size": 3, "note": None, "tags": ["a", "b"]},
    {"id": "exe_2", "at": {"cluster": "al,pha"}, "size": 4, "note": "x\x1b[2Jy", "tags": []},
]
COLUMNS = [Column("Id", "id"), Column("Cluster", "at.cluster"), Column("Size", "size", right=True), Column("N", "note")]


@pytest.fixture(autouse=True)
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("HEROES_URL", "HEROES_TOKEN", "HEROES_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


def written(given: Listing | Item, form: Format, fields: str | None = None) -> str:
    out = io.StringIO()
    write(given, form, fields, out)
    return out.getvalue()


# ----------------------------------------------------------------------------------------------------------- output


def test_json_is_the_data_as_the_platform_gave_it():
    assert json.loads(written(Listing(ROWS, COLUMNS), Format.JSON)) == ROWS
    assert json.loads(written(Item(ROWS[0], COLUMNS), Format.JSON)) == ROWS[0]


def test_jsonl_is_one_line_for_each_row_and_yaml_reads_back():
    assert [json.loads(line) for line in written(Listing(ROWS, COLUMNS), Format.JSONL).splitlines()] == ROWS
    assert yaml.safe_load(written(Listing(ROWS, COLUMNS), Format.YAML)) == ROWS


def test_csv_names_its_fields_and_quotes_what_needs_it():
    assert written(Listing(ROWS, COLUMNS[:3]), Format.CSV).splitlines() == [
        "id,at.cluster,size",
        "exe_1,here,3",
        'exe_2,"al,pha",4',
    ]


def test_a_table_in_a_pipe_has_whole_lines_no_colour_and_no_control_characters():
    lines = written(Listing(ROWS, COLUMNS), Format.TABLE).splitlines()
    assert lines[0] == "ID     CLUSTER  SIZE  N"
    assert lines[2] == r"exe_2  al,pha      4  x\x1b[2Jy"


@pytest.mark.parametrize(
    ("form", "expected"),
    [(Format.JSON, "[]\n"), (Format.JSONL, ""), (Format.YAML, "[]\n"), (Format.CSV, "id\n"), (Format.TABLE, "")],
)
def test_an_empty_list_is_empty_data_and_words_about_it_are_not_data(
    form: Format, expected: str, capsys: pytest.CaptureFixture[str]
):
    assert written(Listing([], COLUMNS[:1], none="No rows."), form) == expected
    assert capsys.readouterr().err == ("No rows.\n" if form is Format.TABLE else "")


def test_fields_pick_also_from_within_and_an_unknown_one_is_a_usage_error():
    assert json.loads(written(Listing(ROWS, COLUMNS), Format.JSON, "id, at.cluster")) == [
        {"id": "exe_1", "at.cluster": "here"},
        {"id": "exe_2", "at.cluster": "al,pha"},
    ]
    assert written(Listing(ROWS, COLUMNS), Format.TABLE, "size").splitlines() == ["SIZE", "3", "4"]
    with pytest.raises(Stop, match="no field nosuch") as stopped:
        written(Listing(ROWS, COLUMNS), Format.JSON, "nosuch")
    assert stopped.value.code == USAGE


@pytest.mark.parametrize(
    ("show", "value", "expected"),
    [
        (words.size, 0, "0 B"),
        (words.size, 2_500_000, "2.5 MB"),
        (words.duration, 3.21, "3.2 s"),
        (words.duration, 3725, "1 h 2 min"),
        (words.duration, 172800, "2 d"),
        (words.duration, None, "–"),
        (words.amount, "0.005", "0.0050"),
        (words.amount, "12.3456", "12.35"),
        (words.amount, "0.00", "0.00"),
        (words.energy, 312.0, "312 J"),
        (words.energy, 7.2e6, "2 kWh"),
        (words.energy, 2900.0, "0.806 Wh"),
        (words.energy, None, "–"),
        (words.plain, ["a", "b"], "a, b"),
        (words.plain, False, "no"),
        (words.brief, list(range(12)), ", ".join(map(str, range(12)))),
        (words.brief, list(range(330)), "0, 1, 2, 3, 4 … 329 (330 values)"),
    ],
)
def test_values_read_as_people_say_them(show: Any, value: Any, expected: str):
    assert show(value) == expected


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("15m", 900), ("1h30m", 5400), ("2d", 172800), ("0s", 0)])
def test_a_span_of_time_is_read(text: str, seconds: float):
    assert words.seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "1.5h"])
def test_what_is_no_span_of_time_is_refused(text: str):
    with pytest.raises(ValueError):
        words.seconds_of(text)


def test_a_log_keeps_its_colours_but_cannot_steer_the_terminal():
    assert words.clean_log("\x1b[31mred\x1b[0m\x1b[2J\x07\tx\r\n") == "\x1b[31mred\x1b[0m[2J\tx\r\n"


# ------------------------------------------------------------------------------------------------------- parameters

SCHEMA = {
    "properties": {
        "airfoil": {"type": "string", "format": "file"},
        "angles": {"type": "array", "items": {"type": "number"}},
        "names": {"type": "array", "items": {"type": "string"}},
        "panels": {"type": "integer"},
        "fast": {"type": "boolean"},
        "limit": {"type": ["number", "null"]},
        "choice": {"enum": [1, 2, "auto"]},
        "more": {"type": "object"},
    }
}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("airfoil", "home:a b.dat", "home:a b.dat"),
        ("airfoil", "7", "7"),
        ("angles", "-4,0, 4,8.5", [-4, 0, 4, 8.5]),
        ("angles", "[1, 2]", [1, 2]),
        ("angles", "", []),
        ("angles", "1,x", [1, "x"]),
        ("names", "1,true", ["1", "true"]),
        ("panels", "160", 160),
        ("panels", "+3", 3),
        ("panels", "1.5", "1.5"),
        ("panels", "many", "many"),
        ("fast", "Yes", True),
        ("fast", "0", "0"),
        ("limit", "null", None),
        ("limit", "1e-3", 0.001),
        ("limit", "1e999", "1e999"),
        ("choice", "2", 2),
        ("choice", "auto", "auto"),
        ("more", '{"a": 1}', {"a": 1}),
        ("unknown", "5", "5"),
    ],
)
def test_a_typed_parameter_has_the_type_of_its_schema_and_stays_text_where_it_does_not_fit(
    name: str, text: str, expected: Any
):
    value = coerce(SCHEMA, {name: text})[name]
    assert value == expected
    assert type(value) is type(expected)


def test_parameters_are_name_and_value_once_each():
    assert pairs(["a=1", "b=x=y", "c="], "-p") == {"a": "1", "b": "x=y", "c": ""}
    for wrong in (["a"], ["=1"], ["a=1", "a=2"]):
        with pytest.raises(Stop) as stopped:
            pairs(wrong, "-p")
        assert stopped.value.code == USAGE


def test_weights_ask_for_the_weighted_policy_and_counts_are_numbers():
    assert wishes(None, None, "cost=2,time=1", None, ["cores=4", "memory=4 GiB"]) == {
        "version": None,
        "policy": "weighted",
        "weights": {"cost": 2.0, "time": 1.0},
        "project": None,
        "resources": {"cores": 4, "memory": "4 GiB"},
    }
    with pytest.raises(Stop):
        wishes(None, None, "cost=dear", None, None)


# ------------------------------------------------------------------------------------------------------- exit codes


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (401, "sign_in", SIGN_IN),
        (403, "password_change_required", SIGN_IN),
        (403, "denied", REFUSED),
        (409, "over_budget", REFUSED),
        (409, "no_budget", REFUSED),
        (409, "no_cluster", NO_CLUSTER),
        (409, "conflict", 1),
        (422, "invalid", USAGE),
        (404, "not_found", 1),
        (503, "unavailable", 1),
    ],
)
def test_each_refusal_has_its_exit_code(status: int, code: str, expected: int):
    assert code_of(status, code) == expected


def test_a_refusal_says_what_where_and_under_which_request(capsys: pytest.CaptureFixture[str]):
    problem = {
        "detail": "Two things are wrong.",
        "code": "invalid",
        "problems": [{"pointer": "/parameters/a", "message": "is missing"}, {"line": 3, "column": 7, "message": "no"}],
        "request_id": "req_1",
    }
    assert tell(ApiError(422, problem)) == USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "heroes: Two things are wrong.",
        "  /parameters/a: is missing",
        "  line 3, column 7: no",
        "See what it takes with: heroes workflow show NAME",
        "  request req_1",
    ]


def test_over_budget_says_left_reserved_and_needed(capsys: pytest.CaptureFixture[str]):
    problem = {"detail": "Too dear.", "code": "over_budget", "left": "1.00", "reserved": "2.00", "needed": "3.00"}
    assert tell(ApiError(409, {**problem, "currency": "EUR"})) == REFUSED
    assert "left 1.00 EUR, reserved 2.00 EUR, needed 3.00 EUR" in capsys.readouterr().err


def test_no_cluster_prints_each_with_its_reason_and_cure(capsys: pytest.CaptureFixture[str]):
    one = {"cluster": "beta", "queue": None, "code": "paused", "reason": "It is paused.", "cure": "Resume it."}
    assert tell(ApiError(409, {"detail": "None.", "code": "no_cluster", "discarded": [one]})) == NO_CLUSTER
    assert "beta           any    It is paused.  Resume it." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nosuch"], USAGE),
        (["run"], USAGE),
        (["run", "airfoil"], USAGE),
        (["run", "airfoil", "--yes", "--timeout", "soon"], USAGE),
        (["rank", "airfoil"], SIGN_IN),
        (["data", "put", "x", "nowhere"], SIGN_IN),
        (["login", "https://heroes.example"], USAGE),
        (["api", "GET", "https://elsewhere.example/"], USAGE),
        (["config", "set", "nosuch", "1"], USAGE),
        (["execution", "list", "-o", "xml"], USAGE),
        (["--version"], 0),
        (["version"], 0),
        (["--help"], 0),
        (["completion", "bash"], 0),
    ],
)
def test_without_terminal_and_platform_nothing_is_asked_and_the_code_says_why(arguments: list[str], code: int):
    assert run(arguments) == code


def test_help_of_every_command_can_be_shown(capsys: pytest.CaptureFixture[str]):
    root = tree()
    for name in PLACES:
        command = root.get_command(None, name)
        for words_ in [[name], *([name, verb] for verb in getattr(command, "commands", {}))]:
            assert run([*words_, "--help"]) == 0, words_
    told = capsys.readouterr()
    assert told.err == ""
    assert not re.findall(r"<(?:str|int|list|path).*|\{[a-z].*", told.out), "types and braces are for programs"


@pytest.mark.parametrize(("short", "long"), [("exec", "execution"), ("ls", "list"), ("rm", "remove"), ("cp", "copy")])
def test_short_names_mean_the_long_ones(short: str, long: str, capsys: pytest.CaptureFixture[str]):
    words_ = [[short], [long]] if long == "execution" else [["data", short], ["data", long]]
    shown = []
    for one in words_:
        assert run([*one, "--help"]) == 0
        shown.append(capsys.readouterr().out.replace(f" {short} ", f" {long} "))
    assert shown[0] == shown[1]


def test_every_command_that_a_text_names_is_there():
    """In remedies, pages and documents: who is told to run something can run it."""
    named = re.compile(r"(?:`|^)heroes ([a-z][a-z_-]+)(?: ([a-z][a-z_-]+))?", re.MULTILINE)
    texts = [
        path
        for folder, pattern in (("src/heroes", "*.py"), ("ui/src", "*.ts*"), ("docs", "*.md"), (".", "README.md"))
        for path in (ROOT / folder).rglob(pattern)
        if not {"node_modules", "_ui", ".venv"} & set(path.relative_to(ROOT).parts)
    ]
    root = tree()
    wrong = []
    for path in texts:
        for first, second in named.findall(path.read_text()):
            command = root.get_command(None, first)
            verb = second if hasattr(command, "commands") else ""
            if command is None or (verb and command.get_command(None, verb) is None):
                wrong.append(f"{path.relative_to(ROOT)}: heroes {first} {second}".rstrip())
    assert not wrong


def test_help_loads_neither_server_nor_what_only_work_needs():
    program = (
        "import sys\nfrom heroes.cli.tree import run\nrun(['--help'])\n"
        "heavy = {'rich', 'httpx', 'yaml', 'sqlalchemy', 'fastapi', 'heroes.client', 'heroes.kit'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# ---------------------------------------------------------------------------------------------------- configuration


def kept(**more: Any) -> configuration.Login:
    tokens = {"access_token": "a", "refresh_token": "r", "expires_at": 0.0, "refresh_expires_at": 0.0}
    entry = configuration.Login(**{"url": URL, "organization": "acme", "user": "lea", "tokens": tokens, **more})

    def keep(found: configuration.Configuration) -> None:
        found.logins[entry.key] = entry
        found.current = entry.key

    configuration.change(keep)
    return entry


def test_the_file_is_its_owners_alone_and_holds_what_was_put_in():
    entry = kept()
    path = configuration.path()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert configuration.read().login() == entry
    assert sorted(one.name for one in path.parent.iterdir()) == ["config.json", "config.lock"]


def test_a_damaged_file_is_said_and_not_overwritten():
    kept()
    configuration.path().write_text("{")
    with pytest.raises(Stop, match="cannot be read"):
        kept()
    assert configuration.path().read_text() == "{"


def test_an_address_picks_its_own_sign_in_and_never_gets_anothers_token(monkeypatch: pytest.MonkeyPatch):
    other = kept(url="https://other.example")
    mine = kept()
    assert session.current() == mine
    monkeypatch.setenv("HEROES_URL", "https://other.example/")
    assert session.current() == other
    monkeypatch.setenv("HEROES_URL", "https://third.example")
    assert session.current() is None
    with pytest.raises(Stop) as stopped:
        session.connect()
    assert stopped.value.code == SIGN_IN


def test_the_beginning_of_an_id_is_enough_if_it_is_the_only_one():
    rows = [{"id": "exe_ab1"}, {"id": "exe_ab2"}, {"id": "exe_c"}]
    assert session.whole_id(rows, "exe_c") == "exe_c"
    assert session.whole_id(rows, "exe_ab1") == "exe_ab1"
    assert session.whole_id(rows, "airfoil") == "airfoil"
    for text, words_ in (("exe_ab", "2 ids begin"), ("exe_z", "nothing whose id")):
        with pytest.raises(Stop, match=words_):
            session.whole_id(rows, text)


# ----------------------------------------------------------------------------------------------------------- client


def client(answer: Any, **more: Any) -> Heroes:
    return Heroes(URL, transport=httpx.MockTransport(answer), **more)


def token_set(name: str, expires_at: float) -> TokenSet:
    return TokenSet(f"access-{name}", f"refresh-{name}", expires_at, expires_at)


def test_an_expired_token_is_refreshed_once_and_the_new_set_is_kept():
    refreshed: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/refresh"):
            refreshed.append(json.loads(request.content)["refresh_token"])
            new = {"access_token": "access-new", "refresh_token": "refresh-new"}
            return httpx.Response(200, json={**new, "expires_in": 600, "refresh_expires_in": 3600})
        return httpx.Response(200, json={"token": request.headers["Authorization"]})

    keeper = Memory(token_set("old", 0))
    with client(answer, keeper=keeper) as heroes:
        assert [heroes.me()["token"] for _ in range(3)] == ["Bearer access-new"] * 3
    assert refreshed == ["refresh-old"]
    found = keeper.load()
    assert found is not None
    assert found.refresh_token == "refresh-new"


def test_a_set_that_another_process_refreshed_meanwhile_is_used_and_not_refreshed_again():
    entry = kept()
    keeper = configuration.FileKeeper(entry.key, entry.tokens)
    fresh = {"access_token": "theirs", "refresh_token": "r2", "expires_at": time.time() + 600}
    kept(tokens={**fresh, "refresh_expires_at": time.time() + 600})

    def answer(request: httpx.Request) -> httpx.Response:
        assert not request.url.path.endswith("/refresh")
        return httpx.Response(200, json={"token": request.headers["Authorization"]})

    with client(answer, keeper=keeper) as heroes:
        assert heroes.me()["token"] == "Bearer theirs"


def test_a_set_refreshed_after_logout_is_not_kept_again():
    entry = kept()
    keeper = configuration.FileKeeper(entry.key, entry.tokens)
    configuration.change(lambda found: found.logins.clear())
    keeper.save(token_set("late", time.time() + 600))
    assert configuration.read().logins == {}


def test_a_lost_answer_to_a_creating_request_is_asked_again_under_the_same_key():
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            raise httpx.ReadError("cut")
        return httpx.Response(202, json={"wid": "exe_1"})

    with client(answer, token="t") as heroes:
        assert heroes.run("airfoil", {})["wid"] == "exe_1"
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_all_pages_are_read_and_a_token_never_leaves_its_platform():
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        more = {"Link": '<https://evil.example/api/v1/organization/cluster/list?cursor=x>; rel="next"'}
        return httpx.Response(200, json=[{"n": len(seen)}], headers=more if len(seen) == 1 else {})

    with client(answer, token="t") as heroes:
        assert [one["n"] for one in heroes.clusters()] == [1, 2]
        with pytest.raises(ValueError):
            heroes.get("https://evil.example/")
    assert {httpx.URL(url).host for url in seen} == {"heroes.example"}


def test_names_are_one_part_of_an_address_whatever_they_hold():
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.raw_path.decode())
        return httpx.Response(200, json={})

    with client(answer, token="t") as heroes:
        heroes.cluster("../auth/me?x#y")
    assert seen == ["/api/v1/organization/cluster/..%2Fauth%2Fme%3Fx%23y"]


def test_an_upload_carries_its_checksum_and_length(tmp_path: Path):
    source = tmp_path / "a.dat"
    source.write_bytes(b"x" * 3_000_000)
    got: dict[str, Any] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        body = request.read()
        got.update(request.headers, digest=hashlib.sha256(body).hexdigest(), path=request.url.raw_path.decode())
        return httpx.Response(201, json={"etag": got["digest"]})

    moved: list[int] = []
    with client(answer, token="t") as heroes:
        heroes.upload(source, "home", "dir/new\nline $(x).dat", moved.append)
    assert got["content-length"] == "3000000"
    assert "transfer-encoding" not in got
    assert got["content-digest"].startswith("sha-256=:")
    assert got["path"].endswith("/bucket/home/object/dir/new%0Aline%20%24%28x%29.dat")
    assert sum(moved) == 3_000_000


def test_a_damaged_download_leaves_nothing(tmp_path: Path):
    target = tmp_path / "a.dat"
    with client(lambda request: httpx.Response(200, content=b"other"), token="t") as heroes, pytest.raises(Damaged):
        heroes.download("home", "a.dat", target, sha256=hashlib.sha256(b"data").hexdigest())
    assert list(tmp_path.iterdir()) == []


def test_a_cut_download_is_taken_up_where_it_stopped(tmp_path: Path):
    data = os.urandom(3_000_000)
    ranges: list[str | None] = []

    class Cut(httpx.SyncByteStream):
        def __iter__(self) -> Any:
            yield data[: 2 << 20]
            raise httpx.ReadError("cut")

    def answer(request: httpx.Request) -> httpx.Response:
        ranges.append(request.headers.get("Range"))
        if len(ranges) == 1:
            return httpx.Response(200, stream=Cut())
        start = int(request.headers["Range"].removeprefix("bytes=").rstrip("-"))
        return httpx.Response(206, content=data[start:])

    with client(answer, token="t") as heroes:
        heroes.download("home", "a.dat", tmp_path / "a.dat", sha256=hashlib.sha256(data).hexdigest())
    assert (tmp_path / "a.dat").read_bytes() == data
    assert ranges == [None, f"bytes={2 << 20}-"]


def test_a_redirect_is_not_followed_with_the_token():
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "heroes.example"
        return httpx.Response(307, headers={"Location": "https://evil.example/"})

    with client(answer, token="t") as heroes, pytest.raises(ApiError, match="leads on to"):
        heroes.me()


def test_a_request_that_came_too_soon_is_sent_again_when_the_platform_says():
    soon = [httpx.Response(status, headers={"Retry-After": "0"}, json={}) for status in (429, 409)]
    answers = [*soon, httpx.Response(200, json={"n": 1})]
    with client(lambda request: answers.pop(0), token="t") as heroes:
        assert heroes.me() == {"n": 1}
    there = httpx.Response(409, json={"detail": "Is there."})
    with client(lambda request: there, token="t") as heroes, pytest.raises(ApiError, match="Is there"):
        heroes.me()
    late = httpx.Response(429, headers={"Retry-After": "600"}, json={"detail": "Later."})
    with client(lambda request: late, token="t") as heroes, pytest.raises(ApiError, match="Later"):
        heroes.me()


def test_silence_names_the_address():
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with client(answer, token="t") as heroes, pytest.raises(Unanswered, match=r"https://heroes\.example"):
        heroes.me()


# ---------------------------------------------------------------------------------------------------------- watching


def execution(status: str, **more: Any) -> dict[str, Any]:
    step = {"name": "solve", "title": "Solve", "state": "RUNNING", "jobs": 2, "jobs_ended": 1, "reason": None}
    times = {"submit_time": "2026-03-01T09:00:00+00:00", "end_time": None}
    shown = {"wid": "exe_1", "status": status, "reason": None, "configuration": {"name": "airfoil"}, **times}
    return {**shown, "steps": [{**step, "started_at": None, "ended_at": None}], **more}


def test_watching_survives_a_platform_that_is_away_and_says_each_change_once(
    capsys: pytest.CaptureFixture[str],
):
    answers: list[Any] = [
        httpx.Response(200, json=execution("PENDING")),
        httpx.ConnectError("refused"),
        httpx.Response(503, json={"detail": "It starts."}),
        httpx.Response(200, json=execution("FINISHED")),
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/jobs"):
            return httpx.Response(200, json=[])
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    with client(answer, token="t") as heroes:
        assert watching.follow(heroes, "exe_1", None, watching.Lines(), news=False)["status"] == "FINISHED"
    said = capsys.readouterr().err
    assert [said.count(word) for word in ("PENDING", "solve RUNNING 1/2 jobs", "refused", "It starts.")] == [1, 1, 1, 1]


def test_watching_ends_in_time_and_says_how_to_return():
    heroes = client(lambda request: httpx.Response(200, json=execution("PENDING")), token="t")
    with heroes, pytest.raises(Stop, match="heroes execution watch exe_1") as stopped:
        watching.watch(heroes, "exe_1", timeout=0, quiet=True)
    assert stopped.value.code == TIMEOUT


def test_the_end_tells_cost_and_energy_or_why_it_is_unknown():
    cost = {"charged": "0.0050", "currency": "EUR", "status": "final", "overrun": "0", "energy_j": None}
    lines = watching.closing(execution("FINISHED"), {**cost, "energy_reason": "No meter."})
    assert lines == [
        "exe_1 FINISHED",
        "Cost    0.0050 EUR, final",
        "Energy  unknown: No meter.",
        "Results heroes execution results exe_1 --get .",
    ]
    part = {"energy_at_least_j": 2000.0, "energy_reason": "4 of 5 jobs were measured."}
    assert watching.closing(execution("FINISHED"), {**cost, **part})[2] == (
        "Energy  at least 0.556 Wh: 4 of 5 jobs were measured."
    )
    failed = watching.closing(execution("FAILED", reason="x"), {**cost, "energy_j": 5.0, "energy_source": "sacct"})
    assert failed[2:] == ["Energy  5 J (sacct)", "Logs    heroes execution logs exe_1"]


# ---------------------------------------------------------------------------------------------------------- ranking


def predicted(value: float | None, unit: str, **more: Any) -> dict[str, Any]:
    why = {"code": "no_history", "text": "Nothing similar ran there."} if value is None else None
    return {"value": value, "unit": unit, "low80": None, "high80": None, "n_similar": 0, "reason": why, **more}


def candidate(rank: int, cluster: str, *, known: bool) -> dict[str, Any]:
    more = {"low80": 1.0, "high80": 3.0, "n_similar": 7, "confidence": "medium"} if known else {"confidence": "none"}
    return {
        "rank": rank,
        "cluster": cluster,
        "queue": "batch",
        "worst_case": {"amount": "0.04", "currency": "EUR"},
        "cost": predicted(2.0 if known else None, "EUR", **more),
        "time": predicted(2.0 if known else None, "s", **more),
        "wait": predicted(1.0 if known else None, "s", **more),
        "handling": predicted(2.0 if known else None, "s", **more),
        "moving": {"seconds": 1.0},
        "energy": predicted(None, "J", confidence="none"),
        "places": [],
        "shared_account": None,
    }


def test_a_ranking_says_what_is_not_predicted_and_why_and_never_a_zero_or_none():
    out = io.StringIO()
    discarded = {"cluster": "beta", "queue": "long", "code": "x", "reason": "Too small.", "cure": "Ask for less."}
    ranking.show(
        {
            "candidates": [candidate(1, "alpha", known=True), candidate(2, "here", known=False)],
            "discarded": [discarded],
            "order": {"text": "Cheapest first."},
        },
        out,
    )
    text = out.getvalue()
    assert "2.00 EUR (1.00 EUR to 3.00 EUR)" in text
    assert "6.0 s (4.0 s to 10 s)" in text, "waiting, bringing data, handling and running"
    assert "medium, from 7 similar runs" in text
    assert (
        "Not predicted: energy, cost, time to result, waiting time on alpha/batch, here/batch. Nothing similar" in text
    )
    assert "Order: Cheapest first." in text
    assert "DISCARDED (1)" in text
    assert "Ask for less." in text
    assert "None" not in text
    assert text.splitlines()[2].split("  ")[-1] == "none"


def test_a_lower_rank_shows_its_difference():
    first, chosen = candidate(1, "alpha", known=True), candidate(2, "here", known=True)
    chosen["cost"] = predicted(5.1, "EUR")
    chosen["time"], first["handling"] = predicted(1.0, "s"), predicted(5.0, "s")
    assert ranking.difference(chosen, first) == "+3.10 EUR cost, −4.0 s time to result"


# ------------------------------------------------------------------------------------------------------- local files


def test_names_of_others_never_lead_out_of_the_folder(tmp_path: Path):
    assert local.inside(tmp_path, "a/b c") == tmp_path / "a" / "b c"
    for name in ("../x", "/etc/passwd", "a/../../x", "a//b", "", "a/./b", "a\0b"):
        with pytest.raises(Stop):
            local.inside(tmp_path, name)


def test_a_fetched_link_stays_in_its_tree(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    local.link(tmp_path / "in", "sub/file")
    local.link(tmp_path / "up", "../../etc/passwd")
    local.link(tmp_path / "away", "/etc/passwd")
    assert [one.name for one in tmp_path.iterdir() if one.is_symlink()] == ["in"]
    assert capsys.readouterr().err.count("Left out") == 2


def test_what_cannot_be_sent_is_said_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "sub" / "empty").mkdir(parents=True)
    (tmp_path / "sub" / "a").write_text("a")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "broken").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff")).write_text("x")
    left_out: list[Path] = []
    assert [(one.name, one.is_dir) for one in local.below(tmp_path, left_out)] == [
        ("sub/a", False),
        ("sub/empty", True),
    ]
    assert len(left_out) == 4
    assert capsys.readouterr().err.count("Left out") == 4


@pytest.mark.parametrize(
    ("text", "is_place"), [("home:a", True), ("home:", True), ("./a:b", False), ("a/b:c", False), ("a", False)]
)
def test_a_place_in_a_bucket_is_told_from_a_file(text: str, is_place: bool):
    assert copying.is_place(text) is is_place


def test_a_clouds_price_is_taken_from_a_list_that_says_whence_and_when(tmp_path: Path):
    example = Path(__file__).parents[2] / "examples" / "prices" / "aws-ec2.csv"
    found = listed(example, "hpc7a.96xlarge", "eu-north-1")
    assert found.hour == "7.7252"
    assert found.title.endswith("collected by yeo/ec2.shop (MIT), 2025-04")
    with pytest.raises(Stop, match=r"no price of hpc7a\.96xlarge in mars-1; it is listed in"):
        listed(example, "hpc7a.96xlarge", "mars-1")
    nameless = tmp_path / "prices.csv"
    nameless.write_text("region,instance,usd_per_hour\na,b,1\n")
    with pytest.raises(Stop, match="needs both"):
        listed(nameless, "b", "a")


# ------------------------------------------------------------------------------------------------- is the platform well


def told_of(monkeypatch: pytest.MonkeyPatch, answer: httpx.Response | None) -> int:
    """Run `heroes info` against a platform that answers like this; None: it is silent."""

    def handle(request: httpx.Request) -> httpx.Response:
        if answer is None:
            raise httpx.ConnectError("Connection refused")
        return answer

    monkeypatch.setenv("HEROES_URL", URL)
    monkeypatch.setattr(session, "stranger", lambda url: Heroes(url, transport=httpx.MockTransport(handle)))
    return run(["info"])


def test_a_silent_platform_is_an_error_that_names_the_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert told_of(monkeypatch, None) == 1
    out, err = capsys.readouterr()
    assert "does not answer" in out, "what is known is shown all the same"
    assert f"heroes: {URL} does not answer" in err
    assert "heroes serve" in err
    assert "HEROES_URL" in err


def test_a_platform_of_which_a_part_does_not_work_is_an_error_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    parts = {"database": "does not answer", "objects": "ok"}
    assert told_of(monkeypatch, httpx.Response(503, json=parts)) == 1
    assert "database: does not answer" in capsys.readouterr().err


def test_a_proxy_without_a_platform_behind_it_is_an_error_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert told_of(monkeypatch, httpx.Response(502, text="Bad Gateway")) == 1
    assert "HTTP 502" in capsys.readouterr().err


def test_a_platform_that_works_is_told_without_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert told_of(monkeypatch, httpx.Response(200, json={"database": "ok", "objects": "ok"})) == 0
    assert "ready" in capsys.readouterr().out


# ----------------------------------------------------------------------------------------- a log that is not there yet


class Slow:
    """A platform on which the step `solve` has a job from the third question on, or never."""

    def __init__(self, *, ends: bool = False) -> None:
        self.ends, self.asked = ends, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/logs/stdout"):
            status = "FAILED" if self.ends else "RUN_IN_PROGRESS"
            return httpx.Response(200, json={"status": status, "steps": [{"name": "solve"}]})
        self.asked += 1
        if self.ends or self.asked < 3:
            return httpx.Response(404, json={"code": "no_job", "detail": "There is no such job yet."})
        pieces = [{"content": "one", "ended": False}, {"content": "two", "ended": True}]
        text = "".join(f"id: 1.{at}\ndata: {json.dumps(piece)}\n\n" for at, piece in enumerate(pieces))
        return httpx.Response(200, text=text, headers={"Content-Type": "text/event-stream"})


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    taken: list[float] = []
    monkeypatch.setattr(time, "sleep", taken.append)
    return taken


def test_a_log_is_followed_right_after_the_run_although_its_job_is_made_later(naps: list[float]):
    with client(Slow(), token="t") as heroes:
        assert [piece["content"] for piece in heroes.follow_log("exe_1", step="solve")] == ["one", "two"]
    assert len(naps) == 2


def test_a_log_that_will_never_be_is_not_waited_for(naps: list[float]):
    with client(Slow(ends=True), token="t") as heroes, pytest.raises(ApiError, match="no such job"):
        next(heroes.follow_log("exe_1", step="solve"))
    with client(Slow(), token="t") as heroes, pytest.raises(ApiError, match="no such job"):
        next(heroes.follow_log("exe_1", step="slove"))
    assert naps == [], "the execution has ended, or has no such step"


def test_a_log_is_waited_for_no_longer_than_asked(naps: list[float]):
    with client(Slow(), token="t") as heroes, pytest.raises(TimeoutError, match="exe_1"):
        next(heroes.follow_log("exe_1", step="solve", limit=0))
