"""In which order the files begin, and which of them stay on one worker, where several share the tests.

Files with tests that have the laboratory for themselves are one group: on two workers they would only wait for each
other. They begin, since they take longest and mostly wait; what merely uses the laboratory comes last.
"""

import pytest
from xdist.scheduler import LoadFileScheduling, LoadScopeScheduling

ALONE = (
    *("adapters/test_slurm.py", "adapters/test_ssh.py", "lab/", "journeys/test_compliance.py"),
    *("journeys/test_faults.py", "journeys/test_site_troubles.py", "journeys/faults/"),
)
"""the last has a platform that goes on to the end of the run: after all else in its group"""
LONG = ("slices/test_submission_model.py", "slices/test_matrix.py", "slices/test_cli.py", "journeys/", "traces/")


def file_of(nodeid: str) -> str:
    return nodeid.partition("::")[0].removeprefix("tests/")


class Together(LoadFileScheduling):
    """A file on one worker, and on a single one all that break the laboratory."""

    def _split_scope(self, nodeid: str) -> str:
        return "laboratory" if file_of(nodeid).startswith(ALONE) else file_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling | None:
    return Together(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what takes longest."""
    needs: dict[str, set[str]] = {}
    for item in items:
        needs.setdefault(file_of(item.nodeid), set()).update(getattr(item, "fixturenames", ()))
    unknown = [file for file in needs if "laboratory_alone" in needs[file] and not file.startswith(ALONE)]
    if unknown:
        raise pytest.UsageError(f"name {unknown} in {__file__}: other workers would wait for its tests")

    def turn(item: pytest.Item) -> int:
        file = file_of(item.nodeid)
        if file.startswith(ALONE):
            return next(number for number, one in enumerate(ALONE) if file.startswith(one))
        if "laboratory_session" in needs[file]:
            return len(ALONE) + 2
        return len(ALONE) + (not file.startswith(LONG))

    items.sort(key=turn)
