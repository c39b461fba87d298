"""One platform for all faults, with a centre enrolled, looking often and leasing shortly."""

from collections.abc import Callable

import pytest

from journeys.conftest import Platform
from journeys.faults.flow import WORKFLOW, Flow
from journeys.sites import enrol, seen_open
from lab.laboratory import Laboratory

CENTRE = "alpha"
SHORTENED = {"HEROES_WATCH_SECONDS": "1", "HEROES_LEASE_SECONDS": "10"}


@pytest.fixture(scope="module")
def site(platform: Platform, laboratory_session: Laboratory) -> Platform:
    platform.stop()
    platform.settings.update(SHORTENED)
    platform.start()
    enrol(platform, laboratory_session, CENTRE)
    platform.login("tom").post("/organization/workflow/template", {"files": {"workflow.yaml": WORKFLOW}})
    return platform


@pytest.fixture
def flow(site: Platform, laboratory_alone: Laboratory) -> Callable[[], Flow]:
    """Return what starts a flow of jobs at the centre, once it is whole."""

    def start() -> Flow:
        seen_open(site, CENTRE)
        return Flow(site, laboratory_alone, CENTRE).start()

    return start
