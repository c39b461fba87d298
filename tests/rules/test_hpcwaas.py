"""The words of HPCWaaS and ours."""

from datetime import timedelta

import pytest

from heroes.executions.rules import ENDED, Status
from heroes.facades.hpcwaas import rules
from heroes.facades.hpcwaas.rules import Level, Target

SCHEMA = {
    "properties": {
        "title": {"type": "string"},
        "members": {"type": "integer"},
        "angles": {"type": "array", "items": {"type": "number"}},
        "names": {"type": "array", "items": {"type": "string"}},
        "options": {"type": "object"},
        "fast": {"type": "boolean"},
    }
}


@pytest.mark.parametrize("status", list(Status))
def test_the_client_follows_exactly_while_something_may_still_happen(status):
    assert rules.status(status).lower().endswith("ing") == (status not in ENDED)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("1m", 60), ("1m30s", 90), ("500ms", 0.5), ("1.5s", 1.5), (".5m", 30), ("2h", 120), ("1us", 1e-6)],
)
def test_a_go_duration_is_read_and_bounded(text, seconds):
    assert rules.duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "1", "m", "1 m", "-1m", "1d", "1mm1", "١m", "1e3s"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="duration"):
        rules.duration(text)


@pytest.mark.parametrize(
    ("mask", "wanted"),
    [(0, Level.INFO | Level.WARN | Level.ERROR), (9, Level.DEBUG | Level.ERROR), (2, Level.INFO), (15, Level(15))],
)
def test_levels_are_a_bit_mask(mask, wanted):
    assert rules.levels(mask) == wanted


@pytest.mark.parametrize("mask", [16, 255, -1])
def test_bits_that_mean_nothing_are_refused(mask):
    with pytest.raises(ValueError, match="sum"):
        rules.levels(mask)


@pytest.mark.parametrize(
    ("identifier", "target"),
    [
        ("airfoil@any@airfoil", Target("airfoil", "airfoil", None)),
        ("airfoil@alpha@airfoil", Target("airfoil", "airfoil", "alpha")),
        ("airfoil", Target("airfoil")),
    ],
)
def test_an_identifier_names_workflow_and_place(identifier, target):
    assert rules.target(identifier) == target


@pytest.mark.parametrize("identifier", ["a@b", "a@@b", "@", "a@b@c@d", "@any@a"])
def test_what_is_no_identifier_is_refused(identifier):
    with pytest.raises(ValueError, match="application@environment@workflow"):
        rules.target(identifier)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("title", "12", "12"),
        ("members", "12", 12),
        ("angles", "-4 0  4", [-4, 0, 4]),
        ("angles", "[-4,0]", [-4, 0]),
        ("angles", "-4,0", [-4, 0]),
        ("angles", "", []),
        ("names", "a b", ["a", "b"]),
        ("options", '{"a": 1}', {"a": 1}),
        ("fast", "true", True),
        ("members", 3, 3),
        ("members", "many", "many"),
        ("unknown", "x", "x"),
    ],
)
def test_texts_are_read_by_the_schema_and_lists_also_by_blanks(name, text, value):
    assert rules.read(SCHEMA, {name: text}).parameters == {name: value}


def test_inputs_named_as_the_original_workflows_name_them_mean_what_they_meant():
    asked = {"vault_id": "k", "user_id": "bsc21", "debug": "true", "num_nodes": "4", "title": "a"}
    read = rules.read(SCHEMA, asked)
    assert (read.vault_id, read.user_id, read.nodes) == ("k", "bsc21", 4)
    assert read.parameters == {"title": "a"}
    assert read.faults == []


def test_a_workflow_with_parameters_of_these_names_gets_them_itself():
    schema = {"properties": {"num_nodes": {"type": "integer"}, "debug": {"type": "boolean"}}}
    read = rules.read(schema, {"num_nodes": "4", "debug": "false"})
    assert (read.parameters, read.nodes) == ({"num_nodes": 4, "debug": False}, None)


@pytest.mark.parametrize(("name", "text"), [("num_nodes", "0"), ("num_nodes", "two"), ("debug", "perhaps")])
def test_a_common_input_that_cannot_be_read_is_named(name, text):
    assert [fault["pointer"] for fault in rules.read(SCHEMA, {name: text}).faults] == [f"/inputs/{name}"]
