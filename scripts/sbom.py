"""Write the bill of materials (CycloneDX 1.6) of what a release stands on, from the lock files: PyPI and npm.

    python scripts/sbom.py FILE

Fails on a package that the locks do not pin by version and content, or that they take from a named registry.
"""

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")


def main(target: Path) -> None:
    """Write the document, or end with every package that is not pinned."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    faults: list[str] = []
    components = [*_pypi(ROOT / "requirements.txt", faults), *_npm(ROOT / "ui" / "package-lock.json", faults)]
    if faults:
        sys.exit("not pinned:\n  " + "\n  ".join(faults))
    different = {str(one["purl"]): one for one in components}  # npm may have one in several folders
    own = f"pkg:pypi/{project['name']}@{project['version']}"
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "purl": own,
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": [different[purl] for purl in sorted(different)],
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(document, indent=1) + "\n")
    print(f"{target}: {len(different)} packages, each pinned by version and content")


def _pypi(lock: Path, faults: list[str]) -> Iterator[dict[str, Any]]:
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text())
    for entry in entries:
        if not (found := _PINNED.match(entry)):
            continue
        name, version = re.sub(r"[-_.]+", "-", found[1]).lower(), found[2]
        if "--hash=sha256:" not in entry:
            faults.append(f"{lock.name}: {name} {version} has no hash")
        yield _component("pypi", name, version, licence=_licence(name))
    if re.search(r"^\s*(-i|--index-url|--extra-index-url)\b", lock.read_text(), re.MULTILINE):
        faults.append(f"{lock.name} names a registry")


def _npm(lock: Path, faults: list[str]) -> Iterator[dict[str, Any]]:
    if not lock.exists():
        return
    for path, told in json.loads(lock.read_text())["packages"].items():
        if not path.startswith("node_modules/") or told.get("dev") or told.get("link"):
            continue
        name, version = path.rpartition("node_modules/")[2], told["version"]
        algorithm, _, value = told.get("integrity", "").partition("-")
        if algorithm != "sha512":
            faults.append(f"{lock.name}: {name} {version} has no hash")
            continue
        content = {"alg": "SHA-512", "content": base64.b64decode(value).hex()}
        yield {**_component("npm", name, version, licence=told.get("license")), "hashes": [content]}


def _component(kind: str, name: str, version: str, *, licence: str | None) -> dict[str, Any]:
    purl = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    known = {"licenses": [{"license": {"name": licence}}]} if licence else {}
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, **known}


def _licence(name: str) -> str | None:
    """What an installed package says of its licence; one for another system is not here to be asked."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    short = told.get("License-Expression") or next(
        (text.rpartition(" :: ")[2] for text in told.get_all("Classifier") or () if text.startswith("License ::")), None
    )
    return str(short) if short else None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
