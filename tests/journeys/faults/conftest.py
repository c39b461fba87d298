"""One platform for all faults, looking often and leasing shortly, with a disk of its own, which can fill."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from journeys.conftest import Platform, running_platform
from journeys.faults.flow import WORKFLOWS, Flow
from journeys.sites import PATIENCE, ample_budgets, enrol_alone, seen_open
from lab.laboratory import Laboratory

SHORTENED = {"HEROES_WATCH_SECONDS": str(PATIENCE), "HEROES_LEASE_SECONDS": str(10 * PATIENCE)}
DISK = "truncate -s 4G disk.img && mkfs.ext4 -q -m 0 disk.img && mkdir disk && mount -o loop disk.img disk"


@pytest.fixture(scope="session")
def site(laboratory_session: Laboratory) -> Iterator[Platform]:
    with tempfile.TemporaryDirectory(prefix="heroes-faults-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        subprocess.run(["sh", "-ec", DISK], cwd=folder, check=True, capture_output=True)
        try:
            with running_platform(Path(folder, "disk"), SHORTENED) as platform:
                ample_budgets(platform)
                tom = platform.login("tom")
                for source in WORKFLOWS.values():
                    tom.post("/organization/workflow/template", {"files": {"workflow.yaml": source}})
                yield platform
        finally:
            subprocess.run(["umount", "-l", "disk"], cwd=folder, check=True)


@pytest.fixture
def flow(site: Platform, laboratory_alone: Laboratory) -> Callable[..., Flow]:
    """Return what makes a flow of jobs at some clusters, enrolled where needed, once these are seen whole."""

    def start(*clusters: str, parts: int) -> Flow:
        known = {one["name"] for one in site.login("oda").clusters()}
        for name in set(clusters) - known:
            centre, _, small = name.partition("-")
            user = laboratory_alone.centre(centre).users[1]
            other = {"name": name, "account": user, "job_root": f"/scratch/{user}/own/jobs"} if small else {}
            own = f"/scratch/{user}/own"
            laboratory_alone.exec(centre, ["sh", "-ec", f"mkdir -p {own}; chown {user} {own}"])
            enrol_alone(site, laboratory_alone, centre, **other)
        seen_open(site, *clusters)
        return Flow(site, laboratory_alone, clusters, parts)

    return start
