"""Run every suite below tests/, print the minutes of each, and close with what was left out and how to run it.

With CI=true leaving anything out is a failure. Arguments are handed to pytest.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
TOGETHER = (("rules",), ("adapters", "slices", "traces", "lab", "journeys"))
"""suites of one run: what waits for the laboratory beside what works, in the order of tests/order.py"""
TRACES = "HEROES_TRACES"
TESTS_FAILED, NOTHING_COLLECTED = 1, 5
IN_A_BROWSER = "tests.journeys.browser."
FEW = 3
"""how many failed tests of pages, whose browser shares two cores with all suites, are run once more, alone"""
REMEDY = "run `make test` as root: it installs the Debian packages of the laboratory and starts it"


def main(arguments: list[str]) -> int:
    is_root = os.geteuid() == 0
    if is_root:
        subprocess.run([ROOT / "scripts" / "install-lab.sh"], check=True)
        subprocess.run([sys.executable, ROOT / "tests" / "lab" / "counterparts.py"], cwd=ROOT, check=True)
        subprocess.run([ROOT / "tests" / "lab" / "lab", "wire"], check=False)  # without, its own tests will tell
    results: dict[str, int] = {}
    minutes: dict[str, float] = {}
    left_out: dict[str, Counter[str]] = {}
    unsteady: list[str] = []
    has_traces = bool(os.environ.get(TRACES))
    for group in groups(suites() if has_traces else suites() - {"traces"}):
        name = " + ".join(group)
        print(f"\n=== {name}", flush=True)
        began = time.monotonic()
        options = [*arguments, *([] if is_root else ["-m", "not lab and not long"])]
        results[name], left_out[name], failed = run(group, options)
        if pass_alone(failed):
            results[name] = 0
            unsteady += failed
        minutes[name] = (time.monotonic() - began) / 60
    began = time.monotonic()
    results["ui"] = unit_tests_of_pages()
    minutes["ui"] = (time.monotonic() - began) / 60
    print("\n=== all suites")
    for suite, code in results.items():
        print(f"{suite:18} {'passed' if code == 0 else 'FAILED'}  {minutes[suite]:5.1f} min")
    reasons = [f"{suite}: {count} × {reason}" for suite, found in left_out.items() for reason, count in found.items()]
    if not is_root:
        reasons.append(f"all tests marked `lab`, on real Slurm centres: {REMEDY}")
    if unsteady:
        print("UNSTEADY, passed only when run again alone; what failed is told above:\n  " + "\n  ".join(unsteady))
    if reasons:
        print("left out:\n  " + "\n  ".join(reasons))
    print("not asked for:\n  thirty runs that teach the platform (marked `long`): .venv/bin/python -m bench learning")
    if not has_traces:
        print(f"  traces, on real job logs: set {TRACES} to the folder that holds them")
    strict = os.environ.get("CI") == "true"
    if reasons and strict:
        print("CI=true: nothing may be left out")
    return 1 if any(results.values()) or (reasons and strict) else 0


def unit_tests_of_pages() -> int:
    """Run the tests beside the sources of the web pages, in Node.js; return their exit code."""
    print("\n=== ui", flush=True)
    command = [ROOT / "scripts" / "build-ui.sh", sys.prefix, "npm", "run", "--silent", "test"]
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode


def suites() -> set[str]:
    """Return the folders below tests/ that hold tests."""
    return {path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").glob("*/**/test_*.py")}


def groups(found: set[str]) -> list[list[str]]:
    """Return which suites run together, the quick ones first; what nobody has placed runs last, alone."""
    placed = [[name for name in group if name in found] for group in TOGETHER]
    known = {name for group in TOGETHER for name in group}
    return [*filter(None, placed), *([name] for name in sorted(found - known))]


def run(group: list[str], arguments: list[str]) -> tuple[int, Counter[str], list[str]]:
    """Run these suites as one; return pytest's exit code, how often each reason left a test out, and what failed."""
    cores = min(os.cpu_count() or 1, 8)
    spread = ["-n", str(cores + 1), "--dist", "loadfile", "--no-loadscope-reorder"]
    workers = [] if group == ["rules"] else spread
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        pytest = [sys.executable, "-m", "pytest", "-q", "--durations=10", *workers, f"--junitxml={report}", *arguments]
        code = subprocess.run(
            [*pytest, *(f"tests/{name}" for name in group)], cwd=ROOT, stdin=subprocess.DEVNULL, check=False
        ).returncode
        cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []  # noqa: S314  our own report
    skipped = (one for case in cases for one in case.iter("skipped") if one.get("type") == "pytest.skip")
    reasons = Counter(one.get("message", "?") for one in skipped)
    failed = [case for case in cases if {"failure", "error"} & {one.tag for one in case}]
    names = [f"{case.get('classname')}::{case.get('name')}" for case in failed] if code == TESTS_FAILED else []
    return (0 if code == NOTHING_COLLECTED else code), reasons, names


def pass_alone(failed: list[str]) -> bool:
    """Return whether what failed are a few tests of pages that pass when they are run once more, alone."""
    if not 0 < len(failed) <= FEW or not all(one.startswith(IN_A_BROWSER) for one in failed):
        return False
    print(f"\n=== once more, alone: {len(failed)}", flush=True)
    names = [f"{module.replace('.', '/')}.py::{test}" for module, _, test in (one.partition("::") for one in failed)]
    again = [sys.executable, "-m", "pytest", "-q", *names]
    return subprocess.run(again, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
