"""The machine itself keeps the promises of every batch system."""

from pathlib import Path

import pytest

from adapters.batch_contract import *  # noqa: F403 - the suite is the contract
from adapters.batch_contract import ContractSite
from heroes.adapters import sandbox
from heroes.adapters.local import LocalFiles, LocalShell
from heroes.adapters.localbatch import LocalBatch

pytestmark = pytest.mark.anyio


@pytest.fixture
async def site(tmp_path: Path) -> ContractSite:
    (tmp_path / "jobs").mkdir()
    files = LocalFiles(str(tmp_path / "jobs"))
    batch = LocalBatch(str(tmp_path / "spool"), cores=2, kind=await sandbox.probe(), hidden=[str(tmp_path)], grace_s=1)
    return ContractSite(LocalShell(), files, batch, str(tmp_path / "jobs"))
