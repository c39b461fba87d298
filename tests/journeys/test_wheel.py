"""The wheel holds all that the platform needs at run time."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from journeys.conftest import ROOT

LOOK = """
import heroes
from heroes import demo
from heroes.kit import migrate
print(heroes.__file__, migrate.folder(), demo.examples())
"""


def test_the_wheel_works_without_the_source_tree(tmp_path: Path) -> None:
    uv = Path(sys.executable).parent / "uv"
    build = [uv, "build", "--quiet", "--offline", "--no-build-isolation", "--wheel", "--out-dir", tmp_path / "dist"]
    environment = {**os.environ, "VIRTUAL_ENV": sys.prefix}
    subprocess.run([*build, "--python", sys.executable], cwd=ROOT, env=environment, check=True, timeout=120)
    [wheel] = (tmp_path / "dist").glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    alone = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    told = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=tmp_path, env=alone, capture_output=True, text=True, check=True
    )
    package, migrations, examples = map(Path, told.stdout.split())
    assert package.is_relative_to(tmp_path)
    assert list((migrations / "versions").glob("0001_*.py"))
    assert migrations.is_relative_to(tmp_path)
    assert (examples / "airfoil" / "workflow.yaml").is_file()
    assert examples.is_relative_to(tmp_path)
    pages = package.parent / "_ui"
    assert (pages / "index.html").is_file()
    assert list((pages / "assets").glob("*.js"))
    assert (package.parent / "_docs" / "guides" / "web.html").is_file()
