"""The command line against the real application and a worker, over a real socket, from login to results."""

import asyncio
import contextlib
import io
import json
import re
import shlex
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from pydantic import SecretStr

from heroes import demo
from heroes.api import create_app
from heroes.cli import prepare
from heroes.cli.tree import run
from heroes.compose import compose
from heroes.kit.db import Database
from heroes.kit.postgres import DatabaseUrls
from heroes.kit.settings import Settings
from heroes.kit.work import Work
from heroes.worker import registrations, stamp, with_lines

PASSWORD = "a password for tests"
EXAMPLES = Path(__file__).parents[2] / "examples"
OUTLINE = "airfoil=home:wing/naca2412.dat"


class Said:
    """How a command ended: its exit code and what it wrote."""

    def __init__(self, code: int, out: str, err: str):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def __repr__(self) -> str:
        return f"exit code {self.code}\n{self.out}\n{self.err}"


class Terminal:
    """A shell of one user, without a terminal to ask on."""

    def __init__(self, url: str, capsys: pytest.CaptureFixture[str], environment: pytest.MonkeyPatch):
        self.url, self._capsys, self.environment = url, capsys, environment

    def __call__(self, *words: str | Path) -> Said:
        self._capsys.readouterr()
        code = run([str(word) for word in words])
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)

    def login(self, user: str = "lea", organization: str = "acme", password: str = PASSWORD) -> Said:
        self.environment.setenv("HEROES_PASSWORD", password)
        return self("login", self.url, "--organization", organization, "--user", user)


class Platform(threading.Thread):
    """API and worker in one event loop of their own."""

    def __init__(self, settings: Settings, port: int):
        super().__init__(daemon=True)
        self.settings = settings
        config = uvicorn.Config(create_app(settings), port=port, log_level="warning", lifespan="on")
        self.server = uvicorn.Server(config)

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        parts = with_lines(compose(self.settings))
        assert parts.lines is not None
        stop = asyncio.Event()
        work = Work(parts.database, registrations(parts))
        numbering = stamp(parts, work.bell("events"), stop)
        working = asyncio.gather(work.run(stop), parts.lines.run(stop), numbering)
        await self.server.serve()
        stop.set()
        await working
        await parts.database.close()


@pytest.fixture
async def emptied(database: Database) -> None:
    """An empty database, for a platform that opens its own connections."""


@pytest.fixture
def platform(emptied: None, database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[str]:
    """The address of a platform with the sample content."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path / "home"
    home.mkdir()
    settings = Settings(
        home=home,
        log_level="critical",
        port=port,
        database_url=SecretStr(database_urls.owner),
        database_app_url=SecretStr(database_urls.app),
        database_worker_url=SecretStr(database_urls.worker),
        webhook_private=True,
    )
    asyncio.run(prepare.fill(settings, PASSWORD, demo=True))
    running = Platform(settings, port)
    running.start()
    for _ in range(600):
        if running.server.started:
            break
        time.sleep(0.1)
    assert running.server.started, "the platform did not start within a minute"
    yield f"http://127.0.0.1:{port}"
    running.server.should_exit = True
    running.join(30)
    assert not running.is_alive(), "the platform did not stop"


@pytest.fixture
def heroes(
    platform: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("HEROES_URL", "HEROES_TOKEN", "HEROES_NEW_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    return Terminal(platform, capsys, monkeypatch)


def test_from_login_to_verified_results(heroes: Terminal, tmp_path: Path):
    assert heroes.login().code == 0
    assert [one["name"] for one in heroes("cluster", "list", "-o", "json").json] == ["here"]
    put = heroes("data", "put", EXAMPLES / "airfoil/naca2412.dat", "home:wing/")
    assert (put.code, put.out) == (0, "")
    names = [one["name"] for one in heroes("workflow", "list", "-o", "json").json]
    assert names == sorted(demo.WORKFLOWS)
    wait_for_queue(heroes)

    shown = heroes("rank", "airfoil", "-p", OUTLINE, "-p", "angles=-4,0,4,8")
    assert shown.code == 0
    assert "not predicted" in shown.out
    assert "Order: " in shown.out
    assert heroes("execution", "list", "-o", "json").out == "[]\n"  # nothing was started

    ended = heroes("run", "airfoil", "-p", OUTLINE, "-p", "angles=-4,8", "--yes", "--watch", "--timeout", "3m")
    assert ended.code == 0, ended
    assert "collect FINISHED 1/1 jobs" in ended.err
    assert [line.split()[0] for line in ended.out.splitlines()[1:]] == ["Cost", "Energy", "Results"]
    wid = ended.out.split()[0]

    got = heroes("execution", "results", wid[:-1], "--get", tmp_path / "out")
    assert got.code == 0, got
    assert "checksums verified" in got.err
    assert (tmp_path / "out/polar.csv").read_text().startswith("alpha_deg,cl")
    assert (tmp_path / "out/polar.svg").read_text().startswith("<")

    logs = heroes("execution", "logs", wid, "--step", "solve", "--follow")
    assert (logs.code, logs.out.count("NACA 2412")) == (0, 2)
    cost = heroes("execution", "cost", wid, "-o", "json").json
    assert float(cost["charged"]) > 0
    booked = heroes("ledger", "list", "--execution", wid, "-o", "json").json
    assert sum(float(one["amount"]) for one in booked) == pytest.approx(float(cost["charged"]))
    decision = heroes("execution", "decision", wid, "-o", "json").json
    assert (decision["cluster"], decision["rank"]) == ("here", 1)
    assert [one["state"] for one in heroes("exec", "jobs", wid, "-o", "json").json] == ["ENDED"] * 3
    assert heroes("execution", "cancel", wid).code == 1  # it has ended
    told = heroes("execution", "events", wid, "--follow", "-o", "jsonl")
    shown = heroes("data", "show", "home:wing/", "-o", "json").json
    assert (shown["holds"]["files"], shown["used_by"]) == (1, 1)
    assert wid in heroes("execution", "list", "--takes", "home:wing/naca2412.dat").out
    assert wid not in heroes("execution", "list", "--takes", "home:executions").out
    types = [json.loads(line)["type"] for line in told.out.splitlines()]
    assert (types[0], types[-1], types.count("job.ended")) == ("execution.submitted", "execution.finished", 3)
    assert heroes("execution", "events", wid).out.count("\n") in {len(types), len(types) + 1}  # with its heading

    (tmp_path / "bad.dat").write_text("no outline\n")
    heroes("data", "put", tmp_path / "bad.dat", "home:bad.dat")
    failed = heroes("run", "airfoil", "-p", "airfoil=home:bad.dat", "--cluster", "here", "--wait", "--timeout", "3m")
    assert failed.code == 3, failed
    assert "Logs" in failed.out


def wait_for_queue(heroes: Terminal) -> None:
    """Follow the platform's own first look at this machine."""
    for _ in range(600):
        if heroes("cluster", "queues", "here", "-o", "json").json:
            return
        threading.Event().wait(0.1)
    raise AssertionError("this machine was never seen")


def test_a_draft_is_kept_and_run_later_and_a_mail_at_its_end_is_asked_for(heroes: Terminal):
    assert heroes.login().code == 0
    assert heroes("draft", "list", "-o", "json").json == []
    kept = heroes("draft", "save", "airfoil", "-p", "panels=60", "-p", "angles=0,2", "--policy", "cheapest")
    assert kept.code == 0, kept
    draft = kept.out.strip()
    shown = heroes("draft", "show", draft[:-1], "-o", "json").json
    assert shown["asked"]["parameters"] == {"panels": 60, "angles": [0, 2]}
    assert "panels=60" in heroes("draft", "show", draft).out
    wait_for_queue(heroes)
    lacking = heroes("draft", "run", draft, "--yes")
    assert (lacking.code, "airfoil" in lacking.err) == (2, True)  # the outline; the draft stays
    heroes("draft", "delete", draft)
    whole = heroes("draft", "save", "airfoil", "-p", OUTLINE, "-p", "angles=0").out.strip()
    started = heroes("draft", "run", whole, "--yes", "-o", "json")
    assert started.json["configuration"]["parameters"]["angles"] == [0]
    assert heroes("draft", "list", "-o", "json").json == []
    heroes("execution", "cancel", started.json["wid"])

    assert "you are told in the page." in heroes("notice", "show").out
    asked = heroes("notice", "set", "--mail", "--browser")
    assert "in the page, by your browsers." in asked.out
    assert "no mail server" in asked.err
    assert "not told" in heroes("notice", "set", "--no-page", "--no-browser", "--no-mail").out
    told = heroes("notice", "set", "--browser", "-o", "json").json
    assert (told["page"], told["browser"], told["ends"]) == (False, True, False)
    assert heroes("notice", "browsers", "-o", "json").json == []
    assert heroes("notice", "forget", "psh_none").code != 0


def test_a_webhook_is_made_tested_switched_and_removed(heroes: Terminal):
    got: list[dict[str, Any]] = []
    answers = [500, 204]

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
            self.end_headers()

        def log_message(self, *words: Any) -> None: ...

    heroes.login("oda")
    assert "heroes webhook add" in heroes("webhook", "list").err
    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made = heroes("webhook", "add", f"http://127.0.0.1:{server.server_port}/", "--type", "budget.*")
        assert (made.code, made.out[:6]) == (0, "whsec_")
        [row] = heroes("webhook", "list", "-o", "json").json
        refused = heroes("webhook", "test", row["id"])
        assert (refused.code, "It did not arrive: The receiver answered 500." in refused.err) == (1, True), refused
        assert heroes("webhook", "off", row["id"]).code == 0
        assert heroes("webhook", "test", row["id"]).code != 0
        assert heroes("webhook", "on", row["id"]).code == 0  # tries what waits at once
        tried = heroes("webhook", "test", row["id"])
        assert (tried.code, "It arrived." in tried.err) == (0, True), tried
        server.shutdown()
    assert [event["type"] for event in got] == ["webhook.test"] * 3
    assert "Everything was delivered." in heroes("webhook", "dead", row["id"]).err
    assert "0 will be sent again." in heroes("webhook", "resend", row["id"]).err
    assert heroes("webhook", "remove", row["id"]).code == 0
    assert heroes("webhook", "list", "-o", "json").json == []


def test_folders_go_up_and_come_down_unchanged_and_what_is_there_is_not_sent_again(heroes: Terminal, tmp_path: Path):
    heroes.login()
    tree = tmp_path / "a tree"
    (tree / "sub/empty").mkdir(parents=True)
    (tree / "run.sh").write_text("#!/bin/sh\n")
    (tree / "run.sh").chmod(0o755)
    for name in ["with space", "quotes'\"", "new\nline", "$(reboot)`id`;&|<>*?", "größe-日本", "é" * 127, "-rf"]:
        (tree / "sub" / name).write_text(name)
    assert "Sent 8 files" in heroes("data", "put", tree, "home:up/").err
    (tree / "sub/more").write_text("more")
    assert "Sent 1 file " in heroes("data", "put", tree, "home:up/").err
    rows = heroes("data", "list", "-r", "home:up/", "-o", "json").json
    assert sum(not one["is_dir"] for one in rows) == 9

    down = tmp_path / "down"
    down.mkdir()
    assert "Fetched 9 files" in heroes("data", "get", "home:up/a tree", down).err
    assert facts(down / "a tree") == facts(tree)
    assert "Fetched 0 files" in heroes("data", "get", "home:up/a tree", down).err

    assert heroes("data", "mv", "home:up/a tree", "home:moved").code == 0
    assert heroes("data", "rm", "home:moved").code == 2  # a folder, and nobody to ask
    assert heroes("data", "rm", "-r", "home:moved").code == 2
    assert heroes("data", "rm", "-r", "--yes", "home:moved").code == 0
    assert heroes("data", "get", "home:moved", down).code == 1
    heroes("data", "rm", "-r", "--yes", "home:up")
    assert [one["object_name"] for one in heroes("data", "list", "home:", "-o", "json").json] == [
        "wing/"
    ]  # the sample's


def facts(root: Path) -> dict[str, Any]:
    found = {}
    for path in root.rglob("*"):
        status = path.stat()
        content = path.read_bytes() if path.is_file() else None
        found[str(path.relative_to(root))] = (content, status.st_mode & 0o777, content and int(status.st_mtime))
    return found


def test_versions_are_listed_restored_and_compared(heroes: Terminal, tmp_path: Path):
    heroes.login()
    file = tmp_path / "a.dat"
    for text in ("first", "second"):
        file.write_text(text)
        assert heroes("data", "cp", file, "home:a.dat").code == 0
    versions = heroes("data", "versions", "home:a.dat", "-o", "json").json
    assert [one["is_latest"] for one in versions] == [True, False]
    assert heroes("data", "checksum", "home:a.dat", file).code == 0
    assert heroes("data", "restore", "home:a.dat", "--version", versions[1]["version_id"]).code == 0
    assert heroes("data", "checksum", "home:a.dat", file).code == 1
    assert heroes("data", "cp", "home:a.dat", tmp_path / "b.dat").code == 0
    assert (tmp_path / "b.dat").read_text() == "first"


def test_wrong_input_is_named_all_at_once_and_each_refusal_has_its_code(heroes: Terminal):
    assert heroes("whoami").code == 4  # nobody signed in
    assert heroes.login(password="wrong").code == 4
    heroes.login()
    assert heroes("run", "airfoil", "-p", OUTLINE).code == 2  # no terminal, no --yes
    wrong = heroes("run", "airfoil", "-p", "anglez=1", "-p", "panels=many", "--yes")
    assert wrong.code == 2
    assert [pointer in wrong.err for pointer in ("/parameters/anglez", "/parameters/panels", "airfoil")] == [True] * 3
    assert heroes("workflow", "validate", "airfoil", "-p", "panels=3").code == 2
    assert heroes("execution", "show", "exe_zzz").code == 1
    assert heroes("user", "list").code == 5
    none = heroes("rank", "two-sites", "-p", "first=nowhere", "-p", "second=nowhere")
    assert none.code in {2, 6}, none
    wait_for_queue(heroes)
    away = heroes("run", "airfoil", "-p", OUTLINE, "--cluster", "nowhere")
    assert away.code in {2, 6}, away
    assert heroes("execution", "list", "-o", "json").json == []


def test_a_one_time_password_is_replaced_before_anything_else(heroes: Terminal):
    heroes.login("oda")
    made = heroes("user", "create", "max", "--role", "engineer", "--role", "engineer@wing", "-o", "json").json
    assert heroes.login("max", password=made["one_time_password"]).code == 4
    heroes.environment.setenv("HEROES_NEW_PASSWORD", "quite another long one")
    assert heroes.login("max", password=made["one_time_password"]).code == 0
    assert heroes("whoami", "-o", "json").json["groups"] == ["wing"]
    assert heroes("logout").code == 0
    assert heroes.login("max", password=made["one_time_password"]).code == 4
    assert heroes.login("max", password="quite another long one").code == 0
    assert {one["user"] for one in heroes("org", "list", "-o", "json").json} == {"oda", "max"}
    assert heroes("org", "use", "acme", "--user", "oda").code == 0
    assert heroes("role", "take", "engineer", "max", "--project", "wing").code == 0
    held = heroes("role", "holders", "--user", "max", "-o", "json").json
    assert [(one["role"], one["project"]) for one in held] == [("engineer", None)]


def test_a_token_works_without_a_sign_in_until_it_is_revoked(heroes: Terminal, tmp_path: Path):
    heroes.login()
    made = heroes("token", "create", "ci", "--action", "data.read")
    secret = made.out.strip()
    heroes.environment.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    heroes.environment.setenv("HEROES_URL", heroes.url)
    heroes.environment.setenv("HEROES_TOKEN", secret)
    assert heroes("whoami", "-o", "json").json["actions"] == ["data.read"]
    assert heroes("execution", "list").code in {0, 5}
    heroes.environment.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    heroes.environment.delenv("HEROES_TOKEN")
    [row] = heroes("token", "list", "-o", "json").json
    assert heroes("token", "rename", row["id"][:12], "nightly", "-o", "json").json["name"] == "nightly"
    key = heroes("ssh-key", "create", "laptop", "-o", "json").json["id"]
    assert heroes("ssh-key", "rename", key, "desk", "-o", "json").json["title"] == "desk"
    assert heroes("token", "revoke", row["id"]).code == 0
    heroes.environment.setenv("HEROES_TOKEN", secret)
    assert heroes("whoami").code == 4


def test_budgets_and_prices_are_set_and_listed(heroes: Terminal):
    heroes.login("bea")
    changed = heroes("budget", "set", "150.00", "--project", "wing", "-o", "json").json
    assert (changed["amount"], changed["of"]) == ("150.00", "wing")
    assert heroes("budget", "set", "10", "--user", "lea", "--period", "month").code == 0
    assert heroes("budget", "set", "20", "--user", "lea").code == 0  # the one there is
    listed = heroes("budget", "list", "-o", "json").json
    assert sorted((one["kind"], one["amount"]) for one in listed) == [("project", "150.00"), ("user", "20.00")]
    closed = next(one["id"] for one in listed if one["kind"] == "user")
    assert heroes("budget", "close", closed).code == 0
    assert closed not in heroes("budget", "list").out
    assert heroes("budget", "reopen", closed, "-o", "json").json["closed"] is False
    assert closed in heroes("budget", "list").out
    heroes.login("ada", "heroes")
    change = ("admin", "organization", "change", "acme")
    assert heroes(*change, "--title", "Acme Air", "--disable", "-o", "json").json["status"] == "DISABLED"
    assert heroes(*change, "--enable", "-o", "json").json["title"] == "Acme Air"
    assert heroes("tariff", "set", "here", "--core-hour", "0.05").code == 0
    history = heroes("tariff", "history", "here", "-o", "json").json
    assert [one["core_hour"] for one in history] == ["0.02", "0.05"]
    now = heroes("tariff", "list", "-o", "json", "--fields", "cluster_name,core_hour").json
    assert now == [{"cluster_name": "here", "core_hour": "0.05"}]


def test_a_workflow_is_published_and_a_broken_one_refused_with_line_and_column(heroes: Terminal, tmp_path: Path):
    heroes.login("tom")
    folder = tmp_path / "small"
    folder.mkdir()
    text = (
        "heroes: 1\nname: small\ntitle: Small\nsummary: Says hello.\nsteps:\n"
        "  hello: {run: [echo, hello], outputs: {said: said.txt}}\n"
    )
    (folder / "workflow.yaml").write_text(text)
    assert heroes("workflow", "validate", folder).code == 0
    published = heroes("workflow", "publish", folder, "-m", "first")
    assert published.code == 0, published
    assert published.out.startswith("small version 1 (")
    (folder / "workflow.yaml").write_text(text + "nosuch: 1\n")
    assert heroes("workflow", "validate", folder).code == 2
    refused = heroes("workflow", "publish", folder)
    assert refused.code == 2
    assert "line 7, column 1" in refused.err
    assert heroes("workflow", "withdraw", "small").code == 0
    assert "small" not in heroes("workflow", "list").out
    assert [one["name"] for one in heroes("workflow", "list", "--withdrawn", "-o", "json").json] == ["small"]
    assert heroes("workflow", "restore", "small").code == 0
    assert "small" in heroes("workflow", "list").out


def test_what_was_taken_away_comes_back_and_the_raw_api_takes_fields_and_bodies(heroes: Terminal):
    heroes.login("oda")
    assert heroes("api", "GET", "/organization/cluster/list", "-f", "limit=1").json[0]["name"] == "here"
    assert heroes("api", "get", "/api/v1/organization/auth/me").json["preferred_username"] == "oda"
    made = heroes("api", "POST", "/organization/admin/projects", "-f", "name=tail", "-f", "title=7").json
    assert made["title"] == "7"
    assert {
        one["name"] for one in heroes("api", "GET", "organization/admin/projects", "--paginate", "-f", "limit=1").json
    } == {
        "tail",
        "wing",
    }
    assert "It can be reopened until" in heroes("project", "remove", "tail", "--yes").err
    assert [one["name"] for one in heroes("project", "list", "--closed", "-o", "json").json] == ["tail"]
    assert heroes("project", "reopen", "tail", "-o", "json").json["closed"] is False
    assert heroes("role", "create", "reader", "--action", "workflow.read").code == 0
    assert heroes("role", "give", "reader", "lea").code == 0
    assert heroes("role", "remove", "reader").code == 0
    assert heroes("role", "restore", "reader", "-o", "json").json["actions"] == ["workflow.read"]
    assert "lea" in heroes("role", "holders", "--user", "lea").out
    new = ("ci", "--redirect", "https://ci.example/back", "--redirect", "http://127.0.0.1/back")
    registered = heroes("program", "create", *new, "--action", "workflow.read", "--project", "wing")
    assert next(iter(registered.out.split())).startswith("cli_")
    assert len(registered.out.split()) == 2
    assert "shown only now" in registered.err
    made = heroes("program", "create", *new, "--public", "-o", "json").json
    assert (made["client_secret"], len(made["redirect_uris"]), made["public"]) == (None, 2, True)
    assert heroes("program", "change", made["client_id"], "--name", "cd", "-o", "json").json["name"] == "cd"
    assert "cd" in heroes("program", "list").out
    assert heroes("program", "revoke", made["client_id"]).code == 0
    gone = heroes("api", "DELETE", "/organization/admin/projects/nosuch")
    assert (gone.code, gone.out) == (1, "")


UI = Path(__file__).parents[2] / "ui"


def test_whatever_the_pages_copy_runs_in_a_terminal_and_in_a_program(heroes: Terminal, tmp_path: Path):
    heroes.login("oda")
    assert heroes("role", "give", "engineer", "oda", "--project", "wing").code == 0
    wait_for_queue(heroes)
    cluster = heroes("cluster", "list", "-o", "json").json[0]
    workflow = heroes("workflow", "list", "-o", "json").json[0]
    since = "2026-01-01T00:00:00.000Z"
    calls: list[list[Any]] = [
        ["workflows", False],
        ["workflow", workflow["id"], workflow["name"]],
        ["executions", {"status": "running", "takes": "home:wing", "since": since}],
        ["executions", {"status": "failed", "workflow": "it's", "search": "a b", "user": "lea", "cluster": "here"}],
        ["clusters"],
        ["cluster", cluster["name"]],
        ["files", "home", ""],
        ["files", "home", "wing"],
        ["budgets", True],
        ["ledger", {"project": "wing", "kind": "charge", "since": since}],
        ["users", "le"],
        ["projects"],
        ["roles"],
        ["tokens"],
        ["keys"],
        ["programs"],
        ["audit", {"action": "user.*", "since": since}],
    ]
    run = {"wtid": "airfoil", "parameters": {"airfoil": "home:wing/naca2412.dat"}, "max_cost": "1.00"}
    assert heroes("data", "put", EXAMPLES / "airfoil/naca2412.dat", "home:wing/").code == 0
    asked = json.dumps({"origin": heroes.url, "calls": [*calls, ["run", run]]})
    made = subprocess.run(["node", "tools/copied.mjs"], cwd=UI, input=asked, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    copied = json.loads(made.stdout)
    assert {page for page, *_ in calls} | {"run"} == set(copied["pages"]), "each page's lines are tried"
    token = heroes("token", "create", "copied").out.strip()
    heroes.environment.setenv("HEROES_TOKEN", token)
    heroes.environment.setenv("HEROES_URL", heroes.url)
    for call, lines in zip(calls, copied["lines"], strict=False):
        said = heroes(*shlex.split(lines["cli"])[1:], "-o", "json")
        assert said.code == 0, (lines["cli"], said)
        answer = curl(lines["curl"])
        told = pasted(lines["python"]).count("\n")
        if isinstance(answer, list):
            assert len(answer) == len(said.json) == told, (call, lines)
        else:
            assert (answer["name"], told) == (said.json["name"], 1)
    runs = copied["lines"][-1]
    started = [heroes(*shlex.split(runs["cli"])[1:], "-o", "json").json["wid"], curl(runs["curl"])["wid"]]
    started.append(pasted(runs["python"]).strip())
    assert len(set(started)) == 3
    first, second, third = (heroes("execution", "show", wid, "-o", "json").json["configuration"] for wid in started)
    assert first == second == third
    for wid in started:
        heroes("execution", "cancel", wid)


def test_every_sign_for_copying_takes_its_lines_from_where_they_are_tried():
    signs = [sign for page in UI.glob("src/**/*.tsx") for sign in re.findall(r"<CopyAs (.{0,60})", page.read_text())]
    assert len(signs) > 12
    assert not [sign for sign in signs if "copies" not in sign and "formsOf(" not in sign]


def curl(line: str) -> Any:
    """Return the JSON that a copied line gets."""
    done = subprocess.run(["bash", "-c", f"{line} --silent --fail"], capture_output=True, text=True)
    assert done.returncode == 0, (line, done)
    return json.loads(done.stdout)


def pasted(program: str) -> str:
    """Return what copied lines of Python print."""
    with contextlib.redirect_stdout(io.StringIO()) as told:
        exec(program, {})
    return told.getvalue()
