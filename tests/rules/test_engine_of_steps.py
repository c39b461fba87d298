"""What a step's jobs are given, and where their results are found: every job's own, none over another."""

import pytest

from heroes.executions.engines.steps import Context, plan, results_of, within
from heroes.workflows.formats.heroes_yaml import parse

WORKFLOW = """\
heroes: 1
name: sweep
title: Sweep
parameters:
  numbers: {type: array, items: {type: integer}, minItems: 1, maxItems: 9}
required: [numbers]
steps:
  each:
    foreach: "{{ params.numbers }}"
    run: ['true']
    resources: {cores: 1, walltime: 60}
    outputs: {out: '*.dat'}
  all:
    needs: [each]
    run: ['true']
    resources: {cores: 1, walltime: 60}
    outputs: {table: out/table.csv}
outputs:
  parts/: "{{ steps.each.outputs.out }}"
  table.csv: "{{ steps.all.outputs.table }}"
"""


def test_members_find_their_own_item_and_share_the_text_of_what_all_are_given() -> None:
    step = parse(WORKFLOW, []).step("each")
    first, second = plan(step, Context({"numbers": [7, 8]}, {}, {}, (), {}, {}))
    assert first.spec.environment == {"PARAM_NUMBERS": "[7,8]", "PARAM_ITEM": "7"}
    assert second.spec.environment == {"PARAM_NUMBERS": "[7,8]", "PARAM_ITEM": "8"}
    # ten thousand members of ten thousand numbers would be half a gigabyte of it
    assert first.spec.environment["PARAM_NUMBERS"] is second.spec.environment["PARAM_NUMBERS"]


def written(path: str) -> dict[str, str]:
    return {"path": path, "kind": "file"}


def test_results_of_a_foreach_step_stand_apart_by_their_index() -> None:
    outputs = {
        "each": {"out": [[written("a.dat"), written("b.dat")], [written("a.dat")]]},
        "all": {"table": [[written("out/table.csv")]]},
    }
    found = [one["path"] for one in results_of(parse(WORKFLOW, []), outputs)]
    assert found == ["parts/0/a.dat", "parts/0/b.dat", "parts/1/a.dat", "table.csv"]


def test_a_step_that_wrote_nothing_has_no_results() -> None:
    assert results_of(parse(WORKFLOW, []), {}) == []


@pytest.mark.parametrize(
    ("pattern", "path", "stands"),
    [
        ("out/*", "out/a/b", "a/b"),
        ("out/", "out/a/b", "a/b"),
        ("out", "out/a", "a"),
        ("logs/run.txt", "logs/run.txt", "run.txt"),
        ("*.csv", "deep/one.csv", "deep/one.csv"),
        ("a/p*/x", "a/p1/x", "p1/x"),
    ],
)
def test_what_a_pattern_brings_keeps_its_path_below_the_part_without_wildcards(
    pattern: str, path: str, stands: str
) -> None:
    assert within(pattern, path) == stands
