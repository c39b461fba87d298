"""The documentation keeps its word: its commands run, what it names exists, and the site builds."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from select import select
from typing import Any

import pytest
import typer

from heroes.cli.serve import API_STOPS_WITHIN, DATABASE_STOPS_WITHIN, WORKER_STOPS_WITHIN
from heroes.cli.tree import tree
from heroes.kit.settings import Settings
from journeys.conftest import PASSWORD, ROOT, Platform

EXECUTED = ("README.md", "docs/getting-started.md")
BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>.+?) -->\n)?```(?P<kind>sh|console)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
MARK = re.compile(r"run(?:, answering (?P<answers>.+))?|shown: .+")
LONGEST = 180  # seconds that one command may take


@dataclass(frozen=True)
class Block:
    """One block of commands: whether it is executed, and what a person types when asked."""

    page: str
    mark: str
    commands: tuple[str, ...]

    @property
    def runs(self) -> bool:
        return self.mark.startswith("run")

    @property
    def answers(self) -> list[str]:
        found = MARK.fullmatch(self.mark)
        return (found["answers"] or "").split() if found else []


def blocks(page: str) -> Iterator[Block]:
    """Yield the blocks of a page; of a recording only the lines that were typed."""
    for found in BLOCK.finditer((ROOT / page).read_text()):
        text = found["text"].replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        if found["kind"] == "console":
            lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        yield Block(page, found["mark"] or "", tuple(lines))


def pages() -> list[str]:
    """Every page with commands."""
    return ["README.md", "CONTRIBUTING.md", *(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like a clone to whoever types the commands; what they write stays in it."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.mark.parametrize("page", EXECUTED)
def test_every_block_of_commands_is_executed_or_says_why_not(page: str) -> None:
    for block in blocks(page):
        assert MARK.fullmatch(block.mark), f"{page}: mark this block `<!-- run -->` or `<!-- shown: why -->`: {block}"


@pytest.mark.parametrize("page", EXECUTED)
def test_the_commands_of_a_page_run_in_its_order(page: str, platform: Platform, clone: Path) -> None:
    home = clone / Path(page).stem
    home.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HEROES_", "XDG_"))}
    environment |= {"HOME": str(home), "PATH": f"{Path(sys.prefix) / 'bin'}:{environment['PATH']}", "NO_COLOR": "1"}
    environment |= {"TERM": "dumb", "COLUMNS": "120"}
    typed = {"ADDRESS": platform.url, "PASSWORD": PASSWORD}
    ran = 0
    for block in blocks(page):
        if not block.runs:
            continue
        answers = [typed.get(word, word) for word in block.answers]
        for command in block.commands:
            whole = re.sub(r"\bID\b", lambda _: newest(platform), command)
            code, said = typing(whole, answers, environment, clone)
            assert code == 0, f"{page}: {whole} ended with {code}:\n{said}"
            ran += 1
        assert not answers, f"{page}: nobody asked for {answers}"
    assert ran


def newest(platform: Platform) -> str:
    """The id that a reader would put in the place of ID: of the execution just started."""
    return str(next(iter(platform.login().executions()))["wid"])


def typing(command: str, answers: list[str], environment: dict[str, str], folder: Path) -> tuple[int, str]:
    """Run a command on a terminal and answer what it asks, taking from `answers`; return exit code and screen."""
    ours, theirs = os.openpty()
    argv = ["setsid", "--ctty", "--wait", "bash", "-e", "-o", "pipefail", "-c", command]
    with subprocess.Popen(argv, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        screen = asked = ""
        while select([ours], [], [], LONGEST)[0]:
            try:
                piece = os.read(ours, 65536).decode(errors="replace")
            except OSError:  # the other end is closed: it has ended
                break
            screen, asked = screen + piece, asked + piece
            if answers and re.search(r"[:?)] $", asked):
                os.write(ours, f"{answers.pop(0)}\n".encode())
                asked = ""
        else:
            process.kill()
    os.close(ours)
    return process.returncode, screen


def test_every_command_and_option_in_the_documentation_exists() -> None:
    root = tree()
    for page in pages():
        for block in blocks(page):
            for command in block.commands:
                for words in heroes_commands(command):
                    assert_exists(root, words, page)


def heroes_commands(line: str) -> Iterator[list[str]]:
    """The words of each `heroes …` in a line, without settings before it and what is piped after it."""
    words = shlex.split(line, comments=True)
    for position, word in enumerate(words):
        if word == "heroes" or word.endswith("/heroes"):
            if position and "=" not in words[position - 1] and words[position - 1] not in {"|", "&&", ";"}:
                continue
            rest = words[position + 1 :]
            end = next((index for index, one in enumerate(rest) if one in {"|", "&&", ";", ">"}), len(rest))
            yield rest[:end]


def assert_exists(command: Any, words: list[str], page: str) -> None:
    said = f"{page}: heroes {' '.join(words)}"
    rest = list(words)
    while hasattr(command, "get_command") and rest and not rest[0].startswith("-"):
        found = command.get_command(typer.Context(command), rest.pop(0))
        assert found is not None, said
        command = found
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {
        "--help",
        "-h",
        "--version",
    }
    for word in rest:
        if re.match(r"--?[a-z]", word):
            assert word.partition("=")[0] in known, f"{said}: no option {word}"


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(tmp_path)]
    built = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    for page in ("index", "getting-started", "reference/cli", "reference/api", "reference/settings"):
        assert (tmp_path / f"{page}.html").is_file()


def test_one_unit_is_told_for_the_service_and_it_leaves_jobs_of_this_machine_alone() -> None:
    told = [
        block
        for page in pages()
        for block in re.findall(r"^```ini\n(.*?)^```$", (ROOT / page).read_text(), re.M | re.S)
    ]
    [unit] = [block for block in told if re.search(r"^ExecStart=\S+/heroes serve$", block, re.M)]
    settings = dict(re.findall(r"^(\w+)=(.*)$", unit, re.M))
    assert settings["KillMode"] == "process", "any other ends jobs of `here` with the service"
    assert settings["OOMPolicy"] == "continue", "else a job killed for its memory stops the service"
    stops_within = WORKER_STOPS_WITHIN + API_STOPS_WITHIN + DATABASE_STOPS_WITHIN
    assert int(settings["TimeoutStopSec"]) > stops_within, "serve ends database, API and worker itself, if it is let"
