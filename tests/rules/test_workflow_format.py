"""The format of workflow.yaml: what is read, and what is refused at which line and column."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from heroes.kit.errors import Invalid
from heroes.workflows.formats import heroes_yaml, paths, patterns
from heroes.workflows.formats.heroes_yaml import examine, parse
from heroes.workflows.formats.marked_yaml import Unreadable, read
from heroes.workflows.rules import (
    Amounts,
    Bundle,
    Resources,
    StepSpec,
    TemplateError,
    amounts,
    coerce,
    file_references,
    members,
    memory_bytes,
    render,
    render_argv,
    sources,
    validate,
    walltime_s,
)

BASE = """heroes: 1
name: wing
parameters:
  shape: {type: string, format: file}
  spare: {type: string, format: file}
  case: {type: string, format: folder}
  shapes: {type: array, items: {type: string, format: file}, maxItems: 9, default: []}
  angles: {type: array, items: {type: number}, maxItems: 5, default: [0, 4]}
  endless: {type: array, items: {type: number}, default: []}
  cases:
    {type: array, maxItems: 3, items: {type: object, properties: {re: {type: number}}, required: [re]}, default: []}
  n: {type: integer, default: 2, minimum: 1}
  mesh: {type: object, properties: {cells: {type: integer, default: 8}, note: {type: string}}, default: {}}
  note: {type: string}
required: [shape, case]
steps:
  one:
    files: [src/a.py]
    inputs: {a.dat: "{{ params.shape }}"}
    run: [python3, src/a.py, "{{ params.n }}"]
    outputs: {out: out.json, many: "*.vtk", all: results/}
  two:
    run: ["true"]
"""
FILES = ("workflow.yaml", "src/a.py", "src/b.py", "src/deep/c.py")


def with_step(text: str) -> str:
    return BASE + "".join(f"    {line}\n" for line in text.splitlines())


def findings(text: str) -> list[tuple[int, int, str]]:
    _, found = examine(text, FILES)
    return [(finding.line, finding.column, finding.message) for finding in found]


def only(text: str) -> tuple[int, int, str]:
    found = findings(text)
    assert len(found) == 1, found
    return found[0]


def position(text: str, needle: str) -> tuple[int, int]:
    """Line and column at which the last occurrence of a text begins."""
    before = text[: text.rindex(needle)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def test_the_published_schema_is_a_json_schema_and_its_own_example_fits() -> None:
    Draft202012Validator.check_schema(heroes_yaml.schema())
    assert findings(BASE) == []


def test_a_bundle_survives_the_way_through_the_database() -> None:
    bundle = parse(with_step('foreach: "{{ params.angles }}"'), FILES)
    assert Bundle.from_json(json.loads(json.dumps(bundle.as_json()))) == bundle


def test_a_step_that_says_little_gets_safe_defaults() -> None:
    step = parse(BASE, FILES).step("two")
    assert (step.title, step.foreach_bound, step.rerunnable) == ("two", 1, False)
    assert (step.retries.infrastructure, step.retries.program, step.attempts_bound) == (2, 0, 3)
    assert amounts(step.resources, {}) == Amounts()


def test_retries_are_declared_by_cause_with_what_they_ask_for_next() -> None:
    step = parse(with_step("retries: {infrastructure: 1, memory: 2, time: 1, memory_factor: 1.5}"), FILES).step("two")
    assert step.retries.counts == {"infrastructure": 1, "memory": 2, "time": 1, "program": 0, "unknown": 0}
    assert (step.attempts_bound, step.retries.memory_factor, step.time_factor) == (5, 1.5, 2.0)


def test_a_step_with_a_checkpoint_needs_no_more_time_to_go_on() -> None:
    step = parse(with_step("retries: {time: 3}\ncheckpoint: [state/, 'dump.*']"), FILES).step("two")
    assert (step.checkpoint, step.time_factor) == (("state/", "dump.*"), 1.0)


def test_steps_stand_in_an_order_that_can_run_whatever_the_order_of_the_text() -> None:
    text = "heroes: 1\nname: w\nsteps:\n  c: {run: [x], needs: [b]}\n  b: {run: [x], needs: [a]}\n  a: {run: [x]}\n"
    assert [step.name for step in parse(text, ()).steps] == ["a", "b", "c"]


def test_a_reference_to_an_output_implies_the_need() -> None:
    step = parse(with_step('inputs: {x.json: "{{ steps.one.outputs.out }}"}'), FILES).step("two")
    assert step.needs == ("one",)
    assert sources(step) == (("x.json", "one", "out"),)


def test_a_folder_of_the_bundle_stands_for_all_files_below() -> None:
    assert parse(with_step("files: [src/]"), FILES).step("two").files == ("src/a.py", "src/b.py", "src/deep/c.py")


# what is refused, and where --------------------------------------------------------------------------------------

STEP_FAULTS = [
    ("retrys: {}", "retrys", "did you mean 'retries'"),
    ("needs: [three]", "three", "there is no step 'three'"),
    ("needs: [two]", "two]", "a cycle"),
    ('inputs: {x: "{{ steps.two.outputs.y }}"}', '"{{ steps.two', "reads its own output: a cycle"),
    ('inputs: {x: "{{ steps.nine.outputs.y }}"}', '"{{ steps.nine', "there is no step 'nine'"),
    ('inputs: {x: "{{ steps.one.outputs.y }}"}', '"{{ steps.one', "has no output 'y'; it has: out, many, all"),
    ('inputs: {x: "{{ steps.one.outputs.many }}"}', "x:", "may be several files; write 'x/'"),
    ('inputs: {x: "{{ steps.one.outputs.all }}"}', "x:", "may be several files; write 'x/'"),
    ('inputs: {x: "{{ params.case }}"}', "x:", "write 'x/'"),
    ('inputs: {x: "{{ params.shapes }}"}', "x:", "write 'x/'"),
    ('inputs: {x: "{{ params.n }}"}', '"{{ params.n', "is not a file; declare it with format"),
    ('inputs: {x: "{{ params.nope }}"}', '"{{ params.nope', "there is no parameter 'nope'"),
    ('inputs: {x: "{{ params.shape"}', '"{{ params.shape', "is not closed"),
    ("inputs: {x: plain.txt}", "plain.txt", "an input is a file parameter"),
    ('inputs: {../x: "home:a"}', "../x", "leaves the job folder"),
    ('inputs: {/etc/x: "home:a"}', "/etc/x", "is absolute"),
    ('inputs: {a//x: "home:a"}', "a//x", "not written plainly"),
    ('inputs: {params.json: "home:a"}', "params.json", "written by the platform"),
    ('inputs: {x: "home:a", x/: "home:b"}', "x/:", "want the same place"),
    ("files: [src/a.py]\ninputs: {src: 'home:a'}", "src: 'home", "want the same place"),
    ("files: [../a.py]", "../a.py", "leaves the job folder"),
    ("files: [/etc/passwd]", "/etc/passwd", "is absolute"),
    ("files: [src/none.py]", "src/none.py", "has no file 'src/none.py'"),
    ("files: [none/]", "none/", "no files below"),
    ("outputs: {x: ../x}", "../x", "leaves the job folder"),
    ("outputs: {x: /x}", "/x", "is absolute"),
    ('outputs: {x: "a-{{ index }}"}', '"a-', "without templates"),
    ("outputs: {9x: a}", "9x", "is not a name"),
    ("script: echo", "two:", "exactly one of 'run' and 'script'"),
    ("foreach: []", "[]", "no items"),
    ("foreach: '{{ params.n }}'", "'{{ params.n", "is not of type: array"),
    ("foreach: '{{ params.endless }}'", "'{{ params.endless", "needs maxItems"),
    ("foreach: '{{ steps.one.outputs.many }}'", "'{{ steps", "goes over a parameter"),
    ("foreach: all of them", "all of them", "foreach is one parameter"),
    ("resources: {cores: many}", "many", "not a whole number"),
    ("resources: {cores: 0}", "0}", "at least 1"),
    ("resources: {cores: -1}", "-1", "at least 1"),
    ("resources: {gpus: -1}", "-1", "at least 0"),
    ("resources: {cores: 1.5}", "1.5", "must be integer or string"),
    ("resources: {cores: true}", "true}", "must be integer or string"),
    ("resources: {memory: 4G}", "4G", "write for example"),
    ("resources: {walltime: soon}", "soon", "is not a time"),
    ("resources: {walltime: '05:00'}", "'05:00'", "is not a time"),
    ("resources: {cores: 3, tasks: 2}", "resources", "evenly"),
    ("resources: {nodes: 4, tasks: 2}", "resources", "idle"),
    ("resources: {cpus: 1}", "cpus", "unknown key 'cpus'"),
    ("resources: {cores: '1{{ params.n }}'}", "'1{{", "exactly one reference"),
    ("resources: {cores: '{{ params.nope }}'}", "'{{ params.nope", "there is no parameter"),
    ("placement: {not_same_as: three}", "three", "there is no step 'three'"),
    ("placement: {energy_policy: least}", "least", "monitoring"),
    ("placement: {same_as: two}", "two}", "cannot be placed by itself"),
    ("placement: {cluster: '{{ params.note }}'}", "'{{ params.note", "may be absent"),
    ("retries: {program: 99}", "99", "99 is greater than the maximum of 10"),
    ("retries: {program: '1'}", "'1'", "must be integer, not text"),
    ("retries: {memory_factor: 1}", "1}", "1 is less than or equal to the minimum of 1"),
    ("checkpoint: [../state]", "../state", "leaves the job folder"),
    ('checkpoint: ["{{ params.n }}"]', '"{{', "without templates"),
    ("rerunnable: yes", "yes", "must be boolean, not text"),
    ("requires: {software: openfoam}", "openfoam", "must be array, not text"),
    ("title: 5", "5", "must be string, not integer"),
    ("title:", "title:", "must be string, not empty"),
]


@pytest.mark.parametrize(("step", "at", "said"), STEP_FAULTS, ids=[fault[0] for fault in STEP_FAULTS])
def test_a_fault_in_a_step_is_found_at_its_line_and_column(step: str, at: str, said: str) -> None:
    text = with_step(step)
    line, column, message = only(text)
    assert said in message
    if said == "must be string, not empty":
        assert line == position(text, at)[0]
    else:
        assert (line, column) == position(text, at)


RUN_FAULTS = [
    ('["x", "{{ item }}"]', "exists only in a step with foreach"),
    ('["x", "{{ index }}"]', "exists only in a step with foreach"),
    ('["x", "{{ steps.one.outputs.out }}"]', "is a file; bring it in with inputs"),
    ('["x", "{{ params.note }}"]', "may be absent; list it under required or give it a default"),
    ('["x", "{{ params.mesh.note }}"]', "may be absent"),
    ('["x", "{{ params.mesh.nope }}"]', "there is no parameter 'mesh.nope'"),
    ('["x", "{{ }}"]', "is not a reference"),
    ('["x", "{{ params }}"]', "is not a reference"),
    ('["x", "{{ params.n + 1 }}"]', "is not a reference"),
    ('["x", "{{ params[\'n\'] }}"]', "is not a reference"),
    ('["x", "{{ params.n.__class__ }}"]', "is not a reference"),
    ('["x", "{{ __import__(1) }}"]', "is not a reference"),
    ('["x", "{{ params.n }"]', "not closed"),
    ('[""]', "the command is empty"),
]


@pytest.mark.parametrize(("run", "said"), RUN_FAULTS, ids=[fault[0] for fault in RUN_FAULTS])
def test_a_fault_in_a_command_is_found(run: str, said: str) -> None:
    line, _, message = only(BASE.replace('["true"]', run))
    assert said in message
    assert line == BASE.count("\n")


TOP_FAULTS = [
    ("heroes: 1", "heroes: 2", "format 2 is not known"),
    ("heroes: 1", "heroes: '1'", "is not known"),
    ("heroes: 1\n", "", "'heroes' is missing"),
    ("name: wing", "name: Wing!", "does not fit"),
    ("name: wing", "nam: wing", "did you mean 'name'"),
    ("name: wing", "name: 5", "must be string"),
    ("required: [shape, case]", "required: [shape, case, nope]", "'nope' is not a parameter"),
    ("  two:", "  Two:", "is not a name"),
    ("  note:", "  9note:", "is not a name"),
    ("  note:", "  Shape:", "differ only in case"),
    (
        "{type: integer, default: 2, minimum: 1}",
        "{type: integer, default: 0, minimum: 1}",
        "does not fit its own schema",
    ),
    ("{type: integer, default: 2, minimum: 1}", "{type: integer, default: 2, minimun: 1}", "did you mean 'minimum'"),
    ("{type: integer, default: 2, minimum: 1}", "{type: whole, default: 2}", "is not valid under any"),
    ("{type: integer, default: 2, minimum: 1}", "{$ref: 'http://127.0.0.1:9/x'}", "'$ref' is not read"),
    ("{type: string, format: file}\n  spare", "{type: number, format: file}\n  spare", "goes with type: string"),
    ("  note: {type: string}", "  note: {type: string, pattern: '(a+)+$'}", "repeats something that itself repeats"),
    ("  note: {type: string}", "  note: {type: string, pattern: '('}", "cannot be read"),
    ("  note: {type: string}", "  note: text", "must be object, not text"),
    ("  note: {type: string}", "  note: {type: array, items: text}", "must be a JSON Schema"),
    ("  note: {type: string}", "  note: {anyOf: []}", "must be a JSON Schema"),
]


@pytest.mark.parametrize(("old", "new", "said"), TOP_FAULTS, ids=[fault[1] or "no heroes" for fault in TOP_FAULTS])
def test_a_fault_above_the_steps_is_found(old: str, new: str, said: str) -> None:
    assert old in BASE
    found = findings(BASE.replace(old, new, 1))
    assert any(said in message for _, _, message in found), found


OUTPUT_FAULTS = [
    ('outputs: {x: "{{ params.n }}"}', "an output is {{ steps"),
    ("outputs: {x: out.json}", "an output is {{ steps"),
    ('outputs: {x: "{{ steps.one.outputs.nope }}"}', "has no output"),
    ('outputs: {x: "{{ steps.one.outputs.many }}"}', "write 'x/'"),
    ('outputs: {../x: "{{ steps.one.outputs.out }}"}', "leaves the job folder"),
    ('outputs: {x: "{{ steps.one.outputs.out }}", x/y: "{{ steps.one.outputs.out }}"}', "want the same place"),
]


@pytest.mark.parametrize(("outputs", "said"), OUTPUT_FAULTS, ids=[fault[0] for fault in OUTPUT_FAULTS])
def test_a_fault_in_the_outputs_of_the_workflow_is_found(outputs: str, said: str) -> None:
    assert said in only(BASE + outputs + "\n")[2]


def test_a_longer_cycle_is_named_in_full() -> None:
    text = "heroes: 1\nname: w\nsteps:\n" + "".join(
        f"  {name}: {{run: [x], needs: [{need}]}}\n" for name, need in (("a", "b"), ("b", "c"), ("c", "b"))
    )
    line, column, message = only(text)
    assert "b needs c needs b" in message
    assert (line, column) == (5, 3)


def test_all_findings_are_reported_together_in_the_order_of_the_text() -> None:
    text = with_step("needs: [x, y]\nfiles: [../a]\noutputs: {z: /z}")
    with pytest.raises(Invalid) as caught:
        parse(text, FILES)
    problems = caught.value.facts["problems"]
    assert [problem["pointer"] for problem in problems] == [
        "/steps/two/needs/0",
        "/steps/two/needs/1",
        "/steps/two/files/0",
        "/steps/two/outputs/z",
    ]
    assert [problem["line"] for problem in problems] == sorted(problem["line"] for problem in problems)
    assert "(and 3 more)" in caught.value.detail
    assert caught.value.reason == "invalid_workflow"


def test_a_link_in_the_bundle_is_refused() -> None:
    bundle, found = examine(BASE, FILES, links=["src/b.py"])
    assert bundle is None
    assert "symbolic link" in found[0].message


def test_optional_files_may_be_left_out_of_the_inputs() -> None:
    step = parse(with_step('inputs: {x: "{{ params.spare }}"}'), FILES).step("two")
    assert step.inputs == {"x": "{{ params.spare }}"}


def test_members_of_the_items_of_a_foreach_are_known() -> None:
    good = BASE.replace('["true"]', '["x", "{{ item.re }}"]') + "    foreach: '{{ params.cases }}'\n"
    assert parse(good, FILES).step("two").foreach_bound == 3
    assert "not every item has 'nope'" in only(good.replace("item.re", "item.nope"))[2]
    listed = BASE.replace('["true"]', '["x", "{{ item.re }}"]') + "    foreach: [{re: 1}, {re: 2}]\n"
    assert members(parse(listed, FILES).step("two"), {}) == ({"re": 1}, {"re": 2})
    assert "not every item" in only(listed.replace("{re: 2}", "2"))[2]


def test_a_script_sees_parameters_as_variables_and_its_braces_are_bash_only() -> None:
    script = BASE.replace('run: ["true"]', "script: |\n      {0}")
    shell = script.replace("{0}", "awk '{{print $1}}' a; echo ${PARAM_N}; [[ -n {{x}} ]]")
    assert parse(shell, FILES).step("two").script is not None
    assert "arrive as PARAM_NAME" in only(script.replace("{0}", "echo {{ params.n }}"))[2]


# YAML ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 00:05:00", "00:05:00"),
        ("a: 1:30:00", "1:30:00"),
        ("a: yes", "yes"),
        ("a: off", "off"),
        ("a: true", True),
        ("a: False", False),
        ("a: ~", None),
        ("a:", None),
        ("a: null", None),
        ("a: 12", 12),
        ("a: -4", -4),
        ("a: 1e3", 1000.0),
        ("a: .5", 0.5),
        ("a: 0x10", "0x10"),
        ("a: 1_000", "1_000"),
        ("a: 1e999", "1e999"),
        ("a: .nan", ".nan"),
        ("a: 2024-01-01", "2024-01-01"),
        ("a: '12'", "12"),
        ("a: ''", ""),
        ("a: |\n  5\n", "5\n"),
        ("a: é☃", "é☃"),
    ],
)
def test_plain_values_are_read_as_in_yaml_1_2(text: str, value: Any) -> None:
    read_value = read(text).value["a"]
    assert read_value == value
    assert type(read_value) is type(value)


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (BOMB, 1, "aliases"),
        ("a: 1\nb: *a\n", 2, ""),
        ("x: &y {a: 1}\nz:\n  <<: *y\n", 1, "aliases"),
        ("a: 1\n<<: {b: 2}\n", 2, "merge keys"),
        ("a: !!python/object/apply:os.system [id]\n", 1, "tags"),
        ("a: !!str 5\n", 1, "tags"),
        ("a: [\n", 2, "not YAML"),
        ("a: b: c\n", 1, "not YAML"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("? [a]\n: 1\n", 1, "key must be plain text"),
        ('a: "\\0"\n', 1, "no text"),
        ("a: \x07\n", 1, "not allow"),
        ("[" * 100, 1, "nested deeper"),
        ("a: " + "x" * 300_000, 1, "at most"),
        ("\ta: 1\n", 1, "not YAML"),
    ],
    ids=lambda value: str(value)[:20].replace("\x07", "BEL"),
)
def test_yaml_that_could_hurt_or_cannot_be_read_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(text)
    assert caught.value.finding.line == line
    assert said in str(caught.value)


def test_a_key_that_stands_twice_is_found_at_its_second_place() -> None:
    line, column, message = only(BASE + "    title: a\n    title: b\n")
    assert (line, column) == (BASE.count("\n") + 2, 5)
    assert f"first in line {BASE.count(chr(10)) + 1}" in message


@pytest.mark.parametrize("text", ["", "   \n", "# only a comment\n", "- a\n", "text\n", "5\n"])
def test_a_file_that_is_no_bundle_says_how_one_begins(text: str) -> None:
    assert "begins with 'heroes: 1'" in only(text)[2]


# paths and patterns ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["a", "a/b.c", "a b", "ä☃", "$(x)", "..a", "a..b", "...", "x" * 255, "'\"", "-rf"])
def test_odd_but_harmless_paths_are_allowed(path: str) -> None:
    assert paths.problem(path) is None


@pytest.mark.parametrize(
    "path", ["", "/", ".", "..", "../a", "a/..", "a/../b", "a/./b", "a//b", "/a", "a\nb", "a\0b", "x" * 256, "a/"]
)
def test_paths_that_lead_out_or_cannot_be_are_refused(path: str) -> None:
    assert paths.problem(path)


def test_clashes_are_found_between_files_and_folders() -> None:
    assert paths.clashes(["a", "b/c", "b/d"]) == []
    assert paths.clashes(["a", "a/b"]) == [("a", "a/b")]
    assert paths.clashes(["a/", "a/b"]) == []
    assert paths.clashes(["a/b/c", "a"]) == [("a", "a/b/c")]


@pytest.mark.parametrize("pattern", ["^[a-z]+$", "^a{1,3}b*$", r"^\d+(\.\d+)?$", "abc", "^(a|b)$", "[^/]+"])
def test_ordinary_patterns_are_allowed(pattern: str) -> None:
    assert patterns.problem(pattern) is None
    re.compile(pattern)


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a*)*", "(a|a)*", "a*a*a*b", r"(.)\1", "(?=a)b", "x" * 201, "(", "(a+){2,500}"]
)
def test_patterns_that_may_take_for_ever_are_refused(pattern: str) -> None:
    assert patterns.problem(pattern)


# templates -------------------------------------------------------------------------------------------------------

PARAMS = {"n": 2, "x": 0.5, "on": True, "text": "a b; $(c)", "list": [1, 2.5, "z"], "mesh": {"cells": 8}, "none": None}


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{ params.n }}", 2),
        ("{{params.n}}", 2),
        ("{{ params.list }}", [1, 2.5, "z"]),
        ("{{ params.mesh.cells }}", 8),
        ("{{ params.none }}", None),
        ("{{ item }}", {"re": 100}),
        ("{{ item.re }}", 100),
        ("{{ index }}", 3),
        ("{{ steps.one.outputs.out }}", ["file"]),
        ("n={{ params.n }}, x={{ params.x }}", "n=2, x=0.5"),
        ("--on={{ params.on }}", "--on=true"),
        ("{{ params.text }}", "a b; $(c)"),
        ("<{{ params.text }}>", "<a b; $(c)>"),
        ("<{{ params.list }}>", '<[1,2.5,"z"]>'),
        ("<{{ params.none }}>", "<>"),
        ("plain } text", "plain } text"),
        ("", ""),
    ],
)
def test_a_template_renders(template: str, value: Any) -> None:
    assert render(template, PARAMS, {"re": 100}, 3, {"one": {"out": ["file"]}}) == value


def test_a_rendered_value_is_never_rendered_again() -> None:
    assert render("<{{ params.a }}>", {"a": "{{ params.b }}", "b": "no"}) == "<{{ params.b }}>"


@pytest.mark.parametrize(
    "template", ["{{ params.q }}", "{{ params.n.q }}", "{{ index }}", "{{ steps.a.outputs.b }}", "{{"]
)
def test_a_template_without_value_is_an_error_not_an_empty_text(template: str) -> None:
    with pytest.raises(TemplateError):
        render(template, PARAMS)


def test_an_argument_that_is_exactly_one_array_becomes_several_arguments() -> None:
    argv = ("run", "{{ params.list }}", "l={{ params.list }}", "{{ params.text }}", "{{ params.empty }}", "{{ item }}")
    assert render_argv(argv, {**PARAMS, "empty": []}, -4, 0) == (
        *("run", "1", "2.5", "z"),
        *('l=[1,2.5,"z"]', "a b; $(c)", "-4"),
    )


# resources -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(
            ("256 MiB", 2**28),
            ("256MiB", 2**28),
            ("1 GiB", 2**30),
            ("1.5 GiB", 3 * 2**29),
            ("2 GB", 2 * 10**9),
            (1024, 1024),
        ),
        *(("10 kB", 10_000), ("10 KiB", 10_240), ("1 TiB", 2**40), ("4096", 4096), ("1 B", 1)),
    ],
)
def test_memory_is_read_as_bytes(text: Any, number: int) -> None:
    assert memory_bytes(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(
            ("00:05:00", 300),
            ("1-00:00:00", 86400),
            ("100:00:00", 360_000),
            ("5 min", 300),
            ("2h", 7200),
            ("1.5 h", 5400),
        ),
        *((300, 300), ("300", 300), ("45 s", 45), ("1 d", 86400)),
    ],
)
def test_walltime_is_read_as_seconds(text: Any, number: int) -> None:
    assert walltime_s(text) == number


@pytest.mark.parametrize(
    "text", ["", "4G", "4 gib", "-1 GiB", "1 GiB x", "nan", "inf", 0, -5, True, None, 1.5, [1], "٤ GiB"]
)
def test_memory_that_is_no_quantity_is_refused(text: Any) -> None:
    with pytest.raises(ValueError):
        memory_bytes(text)


@pytest.mark.parametrize(
    "text", ["", "05:00", "1:60:00", "-5", "5 minutes later", 0, -1, False, None, "00:00:00", "1e9 h"]
)
def test_walltime_that_is_no_time_is_refused(text: Any) -> None:
    with pytest.raises(ValueError):
        walltime_s(text)


def test_every_resource_may_be_a_template() -> None:
    asked = Resources(
        cores="{{ params.c }}",
        nodes="{{ params.n }}",
        tasks="{{ params.t }}",
        memory="{{ params.m }} GiB",
        walltime="{{ params.w }}",
        gpus="{{ params.g }}",
    )
    params = {"c": 8, "n": 2, "t": 4, "m": 2, "w": "00:10:00", "g": 1}
    assert amounts(asked, params) == Amounts(8, 2, 4, 2**31, 600, 1)
    assert amounts(asked, params).cores_per_task == 2
    with pytest.raises(ValueError, match="cores"):
        amounts(asked, {**params, "c": "many"})


def test_cores_default_to_one_per_task_and_tasks_to_one_per_node() -> None:
    assert amounts(Resources(tasks=6), {}).cores == 6
    assert amounts(Resources(nodes=3), {}).tasks == 3
    assert amounts(Resources(cores=4), {}).tasks == 1


def test_a_foreach_beyond_its_bound_is_refused() -> None:
    step = StepSpec(name="s", title="s", foreach="{{ params.a }}", foreach_bound=2)
    assert members(step, {"a": [1, 2]}) == (1, 2)
    assert members(StepSpec(name="s", title="s"), {}) is None
    with pytest.raises(ValueError, match="more than 2"):
        members(step, {"a": [1, 2, 3]})


# parameters ------------------------------------------------------------------------------------------------------

GOOD = {"shape": "home:a.dat", "case": "home:case"}


def pointers(params: dict[str, Any]) -> list[str]:
    return [problem["pointer"] for problem in validate(parse(BASE, FILES), params)[1]]


def test_defaults_are_filled_in_at_every_level_and_the_given_values_are_not_touched() -> None:
    given = {**GOOD, "mesh": {"note": "x"}}
    filled, problems = validate(parse(BASE, FILES), given)
    assert problems == []
    assert filled["angles"] == [0, 4]
    assert filled["mesh"] == {"note": "x", "cells": 8}
    assert given["mesh"] == {"note": "x"}
    filled["angles"].append(8)
    assert validate(parse(BASE, FILES), GOOD)[0]["angles"] == [0, 4]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"unknown": 1}, ["/unknown"]),
        ({"a/b~c": 1}, ["/a~1b~0c"]),
        ({"shape": None}, ["/shape"]),
        ({"shape": "no reference"}, ["/shape"]),
        ({"shape": ":a"}, ["/shape"]),
        ({"shape": "a/b:c"}, ["/shape"]),
        ({"n": "2"}, ["/n"]),
        ({"n": True}, ["/n"]),
        ({"n": 0}, ["/n"]),
        ({"angles": [1, "x", 3, None]}, ["/angles/1", "/angles/3"]),
        ({"angles": [0] * 6}, ["/angles"]),
        ({"mesh": {"cells": "x"}}, ["/mesh/cells"]),
        ({"cases": [{}, {"re": 1}, 5]}, ["/cases/0/re", "/cases/2"]),
        ({"n": "x", "other": 1, "angles": 5}, ["/angles", "/n", "/other"]),
    ],
)
def test_every_problem_is_named_with_a_pointer(change: dict[str, Any], found: list[str]) -> None:
    assert pointers({**GOOD, **change}) == found


def test_two_missing_parameters_are_two_problems() -> None:
    assert pointers({}) == ["/case", "/shape"]


def test_all_files_named_in_the_parameters_are_found() -> None:
    bundle = parse(BASE, FILES)
    params = {**GOOD, "shapes": ["home:1", "home:2"], "note": "home:not a file"}
    assert file_references(bundle.schema, params) == [
        ("/shape", "home:a.dat"),
        ("/case", "home:case"),
        ("/shapes/0", "home:1"),
        ("/shapes/1", "home:2"),
    ]


SCHEMA = {
    "properties": {
        "numbers": {"type": "array", "items": {"type": "number"}},
        "words": {"type": "array", "items": {"type": "string"}},
        "n": {"type": "integer"},
        "x": {"type": "number"},
        "on": {"type": "boolean"},
        "text": {"type": "string"},
        "mesh": {"type": "object"},
        "maybe": {"type": ["integer", "null"]},
        "either": {"type": ["string", "integer"]},
        "pick": {"enum": [1, 2, "three"]},
    }
}


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("numbers", "-4,0,4,8", [-4, 0, 4, 8]),
        ("numbers", "-4, 0.5 ,1e3", [-4, 0.5, 1000.0]),
        ("numbers", "[1, 2]", [1, 2]),
        ("numbers", "", []),
        ("numbers", "3", [3]),
        ("numbers", "1,x", [1, "x"]),
        ("words", "a,b c", ["a", "b c"]),
        ("words", '["a,b"]', ["a,b"]),
        ("n", "12", 12),
        ("n", "+12", 12),
        ("n", "012", 12),
        ("n", "1.5", "1.5"),
        ("n", "x", "x"),
        ("n", "NaN", "NaN"),
        ("n", "true", "true"),
        ("x", ".5", 0.5),
        ("x", "1e400", "1e400"),
        ("x", "Infinity", "Infinity"),
        ("on", "true", True),
        ("on", "No", False),
        ("on", "maybe", "maybe"),
        ("text", "12", "12"),
        ("text", "$(rm -rf /)", "$(rm -rf /)"),
        ("mesh", '{"cells": 8}', {"cells": 8}),
        ("mesh", "{broken", "{broken"),
        ("mesh", "[" * 10_000, "[" * 10_000),
        ("maybe", "", None),
        ("maybe", "5", 5),
        ("either", "5", 5),
        ("either", "five", "five"),
        ("pick", "2", 2),
        ("pick", "three", "three"),
        ("unknown", "5", "5"),
    ],
)
def test_what_is_typed_on_a_command_line_becomes_a_value_of_its_type(name: str, typed: str, value: Any) -> None:
    made = coerce(SCHEMA, {name: typed})[name]
    assert made == value
    assert type(made) is type(value)
