"""The samples: what they compute agrees with what is published, and they read files as they are found."""

import ast
import csv
import json
import math
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from heroes.placement.rules import ClusterView, LineView, Need, QueueView, constrain
from heroes.workflows.formats.heroes_yaml import parse
from heroes.workflows.rules import Amounts, Bundle, amounts, members, render_argv, validate

EXAMPLES = Path(__file__).parents[2] / "examples"
SAMPLES = ("airfoil", "cavity", "two-sites")


def bundle(name: str) -> Bundle:
    folder = EXAMPLES / name
    files = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    return parse((folder / "workflow.yaml").read_text(), files)


def load(sample: str, *names: str) -> list[ModuleType]:
    """Modules of a sample, as its own scripts import them; the path and the module table are left as they were."""
    folder = str(EXAMPLES / sample / "src")
    before, written = set(sys.modules), sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    sys.path.insert(0, folder)
    try:
        return [__import__(name) for name in names]
    finally:
        sys.path.remove(folder)
        sys.dont_write_bytecode = written
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(folder):
                del sys.modules[name]


outline, panel, naca4 = load("airfoil", "outline", "panel", "naca4")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_a_bundle_without_findings(name: str) -> None:
    assert bundle(name).name == name
    assert Bundle.from_json(json.loads(json.dumps(bundle(name).as_json()))) == bundle(name)


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.py")), ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_a_sample_needs_nothing_newer_than_python_3_6_and_no_package(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 6))
    own = {sibling.stem for sibling in path.parent.glob("*.py")}
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported - own <= sys.stdlib_module_names
    assert not imported & {"dataclasses", "tomllib", "zoneinfo", "graphlib", "contextvars"}


def test_an_airfoil_run_has_one_job_per_angle_and_then_one_that_collects() -> None:
    airfoil = bundle("airfoil")
    params, problems = validate(airfoil, {"airfoil": "home:wing/naca2412.dat"})
    assert problems == []
    solve, collect = airfoil.steps
    assert members(solve, params) == (-4, 0, 4, 8)
    assert solve.argv is not None
    assert render_argv(solve.argv, params, -4, 0)[3:] == ("--alpha=-4", "--panels", "160")
    assert collect.needs == ("solve",)
    assert amounts(solve.resources, params) == Amounts(memory_bytes=256 * 2**20, walltime_s=300)


def test_the_cavity_asks_for_one_core_per_process_and_for_openfoam() -> None:
    cavity = bundle("cavity")
    params, problems = validate(cavity, {"processes": 4})
    assert problems == []
    solve = cavity.step("solve")
    asked = amounts(solve.resources, params)
    assert (asked.cores, asked.tasks, asked.nodes) == (4, 4, 1)
    assert solve.requires.software == ("openfoam",)


@pytest.mark.parametrize("there", [False, True])
def test_the_cavity_runs_on_this_machine_only_where_it_has_openfoam_and_else_is_told_the_cure(there: bool) -> None:
    solve = bundle("cavity").step("solve")
    need = Need(step="solve", workflow_id="wfl_1", walltime_s=60, software=solve.requires.software)
    line = LineView(state="CONNECTED", last_heard_at=datetime.now(UTC))
    here = ClusterView(id="clu_1", name="here", state="READY", line=line)
    facts = {"software": {"openfoam": {}} if there else {}, "commands": ["python3"]}
    queue = QueueView(id="que_1", name="local", nodes_total=1, cores_per_node=2, facts=facts)
    found = constrain(need, here, queue, now=datetime.now(UTC))
    assert (None if found is None else found.code) == (None if there else "no_software")
    if found is not None:
        assert found.reason == "Step solve needs the software openfoam, which here/local lacks."
        assert found.cure.startswith("Choose a cluster that has it, or ask the site to install it")


# airfoil -----------------------------------------------------------------------------------------------------------


def polar(text: str, alpha: float, panels: int = 80) -> dict[str, float]:
    _, loop = outline.parse(text)
    result: dict[str, float] = panel.polar(loop, alpha, panels)
    return result


def selig(points: list[tuple[float, float]], header: str = "A WING\n") -> str:
    return header + "".join(f"{x:.6f} {y:.6f}\n" for x, y in points)


NACA0012 = naca4.outline("0012")
NACA2412 = naca4.outline("2412")


def slope(panels: int) -> float:
    text = selig(NACA0012)
    return (polar(text, 4, panels)["cl"] - polar(text, -4, panels)["cl"]) / math.radians(8)


def test_the_lift_slope_of_naca_0012_agrees_with_theory() -> None:
    assert slope(120) == pytest.approx(2 * math.pi * (1 + 0.77 * 0.12), rel=0.03)


def test_the_lift_slope_converges_with_the_number_of_panels() -> None:
    slopes = [slope(panels) for panels in (20, 40, 80, 160)]
    changes = [abs(after - before) for before, after in pairwise(slopes)]
    assert changes[0] > changes[1] > changes[2]
    assert changes[2] < 0.002 * slopes[-1]


def test_a_symmetric_airfoil_without_angle_has_no_lift() -> None:
    result = polar(selig(NACA0012), 0)
    assert result["cl"] == pytest.approx(0, abs=1e-9)
    assert result["cm"] == pytest.approx(0, abs=1e-9)


def test_a_cambered_airfoil_lifts_without_angle_as_thin_airfoil_theory_says_up_to_thickness() -> None:
    result = polar(selig(NACA2412), 0)
    assert result["cl"] == pytest.approx(0.228 * (1 + 0.77 * 0.12), rel=0.05)
    assert result["cm"] == pytest.approx(-0.053, rel=0.1)


def test_the_pressure_reaches_stagnation_and_stays_smooth_at_the_trailing_edge() -> None:
    pressures = [point["cp"] for point in panel.polar(outline.parse(selig(NACA0012))[1], 0, 160)["cp"]]
    assert max(pressures) == pytest.approx(1, abs=0.01)
    assert min(pressures) == pytest.approx(-0.415, abs=0.01)


def test_the_lift_of_a_joukowski_airfoil_matches_the_exact_flow() -> None:
    """Conformal mapping solves it exactly."""
    centre, tail = complex(-0.08, 0.08), 1.0
    radius = abs(tail - centre)
    points = []
    start = math.atan2((tail - centre).imag, (tail - centre).real)
    for i in range(201):
        z = centre + radius * complex(math.cos(start + 2 * math.pi * i / 200), math.sin(start + 2 * math.pi * i / 200))
        w = z + 1 / z
        points.append((w.real, w.imag))
    chord = max(x for x, _ in points) - min(x for x, _ in points)
    alpha = math.radians(5)
    exact = 8 * math.pi * radius / chord * math.sin(alpha + math.asin(centre.imag / radius))
    assert polar(selig(points), 5, 160)["cl"] == pytest.approx(exact, rel=0.02)


VARIANTS = {
    "no header": selig(NACA2412, ""),
    "two lines of header": selig(NACA2412, "NACA 2412\nfrom a catalogue, 1933\n"),
    "byte order mark and CRLF": "\ufeff" + selig(NACA2412).replace("\n", "\r\n"),
    "tabs and blank lines": selig(NACA2412).replace(" ", "\t") + "\n\n",
    "commas": selig(NACA2412, "NACA 2412\n").replace(" ", ", ").replace("NACA, ", "NACA "),
    "comments": selig(NACA2412, "# made by hand\n# x y\n"),
    "Fortran exponents": "WING\n" + "".join(f"{x:.8E} {y:.8E}\n".replace("E", "D") for x, y in NACA2412),
    "millimetres": selig([(250 * x, 250 * y) for x, y in NACA2412]),
    "shifted": selig([(x - 0.25, y + 3) for x, y in NACA2412]),
    "lower side first": selig(NACA2412[::-1]),
    "each point twice": selig([point for point in NACA2412 for _ in range(2)]),
    "near-duplicates at the trailing edge": selig([NACA2412[0], *[(x + 1e-7, y) for x, y in NACA2412[:1]], *NACA2412]),
    "closed with the first point again": selig([*NACA2412, NACA2412[0]]),
    "sharp trailing edge": selig([(1.0, 0.0), *NACA2412[1:-1], (1.0, 0.0)]),
    "starts at the nose": selig([*NACA2412[80:], *NACA2412[:81]]),
    "Lednicer": "NACA 2412\n 81. 81.\n\n" + selig(NACA2412[80::-1], "") + "\n" + selig(NACA2412[80:], ""),
    "Lednicer without blank lines": "NACA 2412\n81 81\n" + selig(NACA2412[80::-1], "") + selig(NACA2412[80:], ""),
    "few points": selig([*NACA2412[:81:4], *NACA2412[84::4]]),
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in VARIANTS.items()])
def test_an_outline_is_read_as_it_is_found(text: str) -> None:
    assert polar(text, 4)["cl"] == pytest.approx(polar(selig(NACA2412), 4)["cl"], rel=0.01)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "only 0 different points", id="empty"),
        pytest.param("A WING\n1 0\n0 0\n", "only 2 different points", id="too few"),
        pytest.param(selig(NACA2412[:40]) + "oops here\n" + selig(NACA2412[40:], ""), "line 42", id="words inside"),
        pytest.param(selig([(x, 0.0) for x, _ in NACA2412]), "encloses nothing", id="a plate without thickness"),
        pytest.param(selig([(0.5, y) for _, y in NACA2412]), "same x", id="a vertical line"),
        pytest.param("W\n" + "nan nan\n" * 20, "only 0", id="no numbers"),
        pytest.param(selig(NACA2412[:81]), "surface missing", id="upper surface only"),
        pytest.param("\x00\xff" * 50, "only 0", id="not text"),
    ],
)
def test_what_is_no_outline_is_refused_with_its_reason(text: str, said: str) -> None:
    with pytest.raises(outline.BadOutline, match=said):
        outline.parse(text)


def test_a_blunt_trailing_edge_is_closed_and_its_height_told() -> None:
    flatback = [(x, y + (0.02 * x if i <= 80 else -0.02 * x)) for i, (x, y) in enumerate(NACA0012)]
    result = polar(selig(flatback), 4)
    assert result["trailing_edge_gap"] == pytest.approx(0.0425, abs=0.001)
    assert math.isfinite(result["cl"])


def test_the_shipped_outlines_are_what_the_script_writes() -> None:
    for digits in ("0012", "2412"):
        script = EXAMPLES / "airfoil" / "src" / "naca4.py"
        made = subprocess.run([sys.executable, script, digits], capture_output=True, text=True, check=True).stdout
        assert (EXAMPLES / "airfoil" / f"naca{digits}.dat").read_text() == made


def run(cwd: Path, sample: str, *argv: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", str(EXAMPLES / sample / "src" / argv[0]), *argv[1:]]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert (done.returncode == 0) == ok, done.stderr
    return done


def test_the_table_and_the_plot_hold_every_angle_in_order(tmp_path: Path) -> None:
    for index, angle in enumerate((8, -4, 0.5)):
        folder = tmp_path / "polars" / str(index)
        folder.mkdir(parents=True)
        run(folder, "airfoil", "panel.py", str(EXAMPLES / "airfoil/naca2412.dat"), f"--alpha={angle}", "--panels=40")
    run(tmp_path, "airfoil", "collect.py", "polars")
    rows = list(csv.DictReader((tmp_path / "polar.csv").read_text().splitlines()))
    assert list(rows[0])[:2] == ["alpha_deg", "cl"]
    assert [float(row["alpha_deg"]) for row in rows] == [-4, 0.5, 8]
    assert sorted(float(row["cl"]) for row in rows) == [float(row["cl"]) for row in rows]
    plot = ElementTree.parse(tmp_path / "polar.svg").getroot()
    assert len(plot.findall(".//{*}circle")) == 3


def test_one_angle_alone_is_collected_too(tmp_path: Path) -> None:
    (tmp_path / "polars").mkdir()
    run(tmp_path / "polars", "airfoil", "panel.py", str(EXAMPLES / "airfoil/naca0012.dat"), "--alpha=0", "--panels=40")
    run(tmp_path, "airfoil", "collect.py", "polars")
    assert len((tmp_path / "polar.csv").read_text().splitlines()) == 2


def test_a_name_with_markup_does_not_break_the_plot(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "wing.dat").write_text(selig(NACA0012, "<script>&'\"\n"))
    run(tmp_path / "a", "airfoil", "panel.py", "wing.dat", "--alpha=1", "--panels=40")
    run(tmp_path, "airfoil", "collect.py", "a")
    assert "<script>" not in (tmp_path / "polar.svg").read_text()


def test_a_file_that_is_no_outline_ends_the_job_with_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "wing.dat").write_text("hello\n1 2 3\n")
    done = run(tmp_path, "airfoil", "panel.py", "wing.dat", "--alpha=1", ok=False)
    assert done.stderr.count("\n") == 1
    assert "wing.dat: only 0 different points" in done.stderr


# cavity ------------------------------------------------------------------------------------------------------------


def test_the_profile_is_compared_with_the_published_table(tmp_path: Path) -> None:
    table = EXAMPLES / "cavity" / "src" / "ghia1982.csv"
    rows = [line.split(",") for line in table.read_text().splitlines() if line[0].isdigit()]
    line = "".join(f"{row[0]} {float(row[1]) + 0.01} 0 0\n" for row in rows[1:-1])
    (tmp_path / "centreline.xy").write_text(line)
    run(tmp_path, "cavity", "profile.py", "centreline.xy", str(table), "--reynolds=100")
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["rms_difference"] == pytest.approx(0.01 * math.sqrt(15 / 17), rel=1e-3)
    ElementTree.parse(tmp_path / "profile.svg")


def test_a_reynolds_number_without_published_table_has_a_profile_and_no_invented_difference(tmp_path: Path) -> None:
    (tmp_path / "centreline.xy").write_text("".join(f"{i / 20} {i / 20} 0 0\n" for i in range(1, 20)))
    table = EXAMPLES / "cavity" / "src" / "ghia1982.csv"
    run(tmp_path, "cavity", "profile.py", "centreline.xy", str(table), "--reynolds=250")
    assert json.loads((tmp_path / "summary.json").read_text())["rms_difference"] is None


def test_a_diverged_solution_is_not_plotted_as_a_result(tmp_path: Path) -> None:
    (tmp_path / "centreline.xy").write_text("0.1 nan 0 0\n" * 20)
    table = EXAMPLES / "cavity" / "src" / "ghia1982.csv"
    done = run(tmp_path, "cavity", "profile.py", "centreline.xy", str(table), "--reynolds=100", ok=False)
    assert "diverged" in done.stderr


# two-sites ---------------------------------------------------------------------------------------------------------


def test_the_second_site_finds_what_the_first_one_put_in(tmp_path: Path) -> None:
    said = run(tmp_path, "two-sites", "simulate.py", "--members=64", "--frequency=4", "--damping=0.05", "--seed=3")
    told = run(tmp_path, "two-sites", "analyse.py", "ensemble.csv.gz")
    found = json.loads((tmp_path / "estimate.json").read_text())
    assert found["frequency_hz"] == pytest.approx(4, rel=0.02)
    assert found["damping"] == pytest.approx(0.05, rel=0.15)
    assert said.stdout.split()[-1] == told.stdout.split()[-1] == found["sha256"]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    argv = ("simulate.py", "--members=8", "--frequency=4", "--damping=0.05", "--seed=3")
    run(tmp_path, "two-sites", *argv)
    first = (tmp_path / "ensemble.csv.gz").read_bytes()
    run(tmp_path, "two-sites", *argv)
    assert (tmp_path / "ensemble.csv.gz").read_bytes() == first
