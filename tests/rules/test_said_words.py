"""Whatever the platform says by a code has its German words: the web pages fall back to English else."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from heroes.adapters.slurm_words import WAITING
from heroes.costs.rules import REASONS
from heroes.identity.rules import MEANINGS, Action
from heroes.placement.rules import Policy

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "heroes"
WORDS = ROOT / "ui" / "src" / "i18n" / "german"

PROBLEMS = {
    *("AppError", "SignIn", "Denied", "NotFound", "Conflict", "OverBudget", "NoCluster", "TooLarge", "Invalid"),
    *("TooMany", "Unavailable"),
}
SITE_ERRORS = {"Unreachable", "Refused", "Garbled", "HostKeyChanged", "Damaged"}
NO_PAGE = ("cli", "client", "facades")
"""what no web page shows"""
IN_ENGLISH = {"unusable"}
"""errors of which nothing but a text is known"""


@cache
def calls() -> list[tuple[str, str, ast.Call]]:
    """Return every call in the source: its file, the name that is called, and the call."""
    found = []
    for file in sorted(SOURCE.rglob("*.py")):
        where = file.relative_to(SOURCE).as_posix()
        if where.startswith(NO_PAGE):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                found.append((where, name, node))
    return found


def texts(node: ast.AST | None) -> set[str]:
    """Return the text that stands there, or each of those between which a condition chooses."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return texts(node.body) | texts(node.orelse)
    return set()


def named(call: ast.Call, *names: str) -> set[str]:
    """Return the texts of the first of these arguments that the call names."""
    for name in names:
        given = [one.value for one in call.keywords if one.arg == name]
        if given:
            return texts(given[0])
    return set()


def at(place: int, *names: str, within: str | tuple[str, ...] = "") -> set[str]:
    """Return the texts at a place, or named `code`, of the calls with these names."""
    found: set[str] = set()
    for where, name, call in calls():
        if name in names and where.startswith(within):
            found |= texts(call.args[place]) if len(call.args) > place else named(call, "code")
    return found


def tree(file: str) -> ast.Module:
    return ast.parse((SOURCE / file).read_text())


def assigned(file: str, name: str) -> ast.AST:
    """Return what a name of a module is."""
    for node in tree(file).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(one, ast.Name) and one.id == name for one in targets):
            value = getattr(node, "value", None)
            assert isinstance(value, ast.AST)
            return value
    raise AssertionError(f"{file} has no {name}")


def pairs(node: ast.AST, place: int = 0) -> Iterator[str]:
    """Yield the text at a place of every tuple below a node."""
    for one in ast.walk(node):
        if isinstance(one, ast.Tuple) and len(one.elts) > place:
            yield from texts(one.elts[place])


def returned(file: str, function: str) -> set[str]:
    """Return the texts that a function returns first of several things."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            told = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
            return {text for one in told if isinstance(one, ast.Tuple) for text in texts(one.elts[0])}
    raise AssertionError(f"{file} has no {function}")


@cache
def said(table: str) -> frozenset[str]:
    """Return the codes for which a table of the web pages has German words."""
    for file in WORDS.glob("*.ts"):
        text = file.read_text()
        found = re.search(rf"^(?:export )?const {table}\b[^=]*= \{{\n(.*?)^\}};", text, re.DOTALL | re.MULTILINE)
        if found:
            own = re.findall(r"^  '?([A-Za-z_. ]+?)'?: ", found[1], re.MULTILINE)
            return frozenset(own)
    raise AssertionError(f"no table {table}")


def problems() -> set[str]:
    found: set[str] = set()
    for _, name, call in calls():
        if name in PROBLEMS:
            found |= named(call, "case", "code")
        if name in {"sign_in", "refused"} and len(call.args) > 1:
            found |= texts(call.args[1])
    return found


def faults() -> set[str]:
    return {
        *at(2, "fault"),
        *at(1, "Wrong"),
        *at(3, "Unreadable", within="workflows/formats"),
        *at(4, "Finding", within="workflows/formats"),
        *at(2, "finding", "note", within="workflows/formats"),
        *at(3, "only", within="workflows/formats"),
        *at(1, "TemplateError", within="workflows/rules"),
        *at(2, "_unfit", within="data/"),
        *at(2, "_wrong", within="workflows/archives"),
        *at(1, "_misfit", within="identity/"),
        *pairs(assigned("kit/faults.py", "_BOUNDS")),
        *returned("kit/faults.py", "_read"),
        *pairs(assigned("workflows/rules/parameters.py", "_RULES")),
        *returned("workflows/rules/parameters.py", "_read"),
    }


def discards() -> set[str]:
    return at(0, "Discard", within="placement/") | at(9, "Discarded", within="placement/")


def unpredicted() -> set[str]:
    return at(1, "nothing", within="placement/") | at(9, "Reason", within="placement/rules")


def orders() -> set[str]:
    return {*Policy, *at(1, "Order", within="placement/rules/scoring"), *at(9, "Reason", within="placement/service")}


def findings() -> set[str]:
    found = at(99, "Finding", within="clusters/") | at(3, "Judged", within="clusters/")
    found |= {*at(5, "_line", within="clusters/probe"), *pairs(assigned("clusters/probe.py", "_EAR"))}
    for file in ("clusters/compliance.py", "clusters/probe.py"):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Assign) and any(
                isinstance(one, ast.Name) and one.id in {"code", "slow"} for one in node.targets
            ):
                found |= texts(node.value)
    return found


def energy() -> set[str]:
    none = assigned("energy/rules.py", "_NONE")
    assert isinstance(none, ast.Dict)
    return {
        *at(3, "Reading"),
        *at(0, "Why", within="executions/views"),
        *(text for one in none.values for text in texts(one)),
    }


def jobs() -> set[str]:
    found = at(2, "Verdict", within="jobs/") | at(1, "note", within="jobs/") | at(2, "move", within="jobs/")
    found |= at(3, "turn", within="jobs/") | {*pairs(assigned("jobs/rules.py", "_SITE_ENDS"), 1)}
    for _, name, call in calls():
        if name == "tell":
            found |= named(call, "note_code")
    for file in (SOURCE / "jobs").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    found |= texts(value) if texts(key) == {"note_code"} else set()
    return found | discards()


def lines() -> set[str]:
    found: set[str] = set()
    for _, name, call in calls():
        if name in SITE_ERRORS:
            found |= named(call, "code")
    return found | {"not_there", "no_room", "never_appeared", "outputs_lost"}


def deliveries() -> set[str]:
    return at(0, "why", within="events/") | at(
        9, "Unreachable", "Refused", "kind", within=("adapters/webhook", "adapters/guarded", "adapters/smtp")
    )


SOURCES = {
    "problems": (problems, 100, {"lines"}),
    "faults": (faults, 120, {"bundles"}),
    "discards": (discards, 25, set[str]()),
    "unpredicted": (unpredicted, 6, set[str]()),
    "orders": (orders, 6, set[str]()),
    "findings": (findings, 50, set[str]()),
    "energy": (energy, 6, set[str]()),
    "jobs": (jobs, 25, {"UNFIT"}),
    "lines": (lines, 20, {"deliveries", "transfers"}),
    "deliveries": (deliveries, 9, set[str]()),
    "permissions": (lambda: set(Action), 28, set[str]()),
    "bookings": (lambda: {*REASONS.values(), "stored"}, 3, set[str]()),
}
"""table → what emits its codes, at least how many these are, and further tables that belong to it"""


@pytest.mark.parametrize("table", SOURCES)
def test_whatever_is_told_by_code_has_german_words(table: str):
    emitted, least, more = SOURCES[table]
    codes = emitted()
    assert len(codes) >= least
    known = said(table).union(*(said(one) for one in more))
    assert sorted(codes - known - IN_ENGLISH) == []


def test_every_refusal_has_a_code_or_a_case_of_its_own():
    bare = [
        f"{where}:{call.lineno} {name}"
        for where, name, call in calls()
        if name in PROBLEMS - {"OverBudget", "NoCluster", "AppError"}
        and not {"code", "case"} & {one.arg for one in call.keywords}
        and not any(isinstance(one, ast.Starred) for one in call.args)
        and call.args
    ]
    assert bare == []


def test_every_reason_for_waiting_at_slurm_has_german_words():
    assert sorted(set(WAITING) - said("SLURM")) == []


def test_every_permission_says_in_words_what_it_allows():
    assert set(MEANINGS) == set(Action)
