"""Bytes between a cluster and the platform, against the best tools for it in the same session and the same order."""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.disk import own_disk
from bench.figures import Figure, figure, ratio
from bench.running import ask, platform
from bench.site import CENTRE, ready
from journeys.conftest import Platform
from lab.laboratory import SSH, Laboratory

LARGE_MIB = 1024
SMALL_FILES, SMALL_BYTES = 2000, 4096
REPETITIONS = 3
WITHIN_S = 900.0
MAKE = {
    "large": f"head -c {LARGE_MIB << 20} /dev/urandom > work/blob",
    "small": f"head -c {SMALL_FILES * SMALL_BYTES} /dev/urandom | split -a 4 -b {SMALL_BYTES} - work/part-",
}
_WORKFLOW = """\
heroes: 1
name: NAME
title: There and back
summary: One step writes, another one reads it, and everything goes through the platform.
parameters: {}
steps:
  write:
    script: |
      mkdir work
      MAKE
    resources: {cores: 1, memory: 64 MiB, walltime: 1200}
    outputs: {data: work/}
  read:
    inputs: {data/: "{{ steps.write.outputs.data }}"}
    run: ["true"]
    resources: {cores: 1, memory: 64 MiB, walltime: 1200}
"""
_TRANSFERS = """
SELECT t.direction, extract(epoch FROM t.updated_at - t.created_at), t.bytes_total
FROM transfers t JOIN jobs j ON t.id IN (j.stage_in_id, j.stage_out_id)
WHERE j.execution_id = %s AND t.files_total >= %s AND t.bytes_total >= %s
"""
RCLONE = (
    *("rclone", "--config", "/dev/null", "--retries", "1", "--low-level-retries", "1", "--transfers", "4"),
    *("--sftp-concurrency", "64", "--sftp-chunk-size", "255k", "--sftp-ciphers", "aes128-gcm@openssh.com"),
)


def bulk() -> Iterator[Figure]:
    """Measure 1 GiB and 2,000 files of 4 KiB from a cluster and to it again, with verified checksums."""
    sources = [_WORKFLOW.replace("NAME", name).replace("MAKE", make) for name, make in MAKE.items()]
    few, many = "1 GiB", f"{SMALL_FILES} files of 4 KiB"
    with own_disk() as disk, platform(disk) as running:
        laboratory = ready(running, *sources)
        yield from _compare(disk, running, laboratory, "large", few, 1, _rclone, "rclone, tuned", "≥ 0.95")
        yield from _compare(disk, running, laboratory, "small", many, SMALL_FILES, _tar, "tar | ssh", "≥ 0.8")


def _compare(
    disk: Path,
    running: Platform,
    laboratory: Laboratory,
    name: str,
    what: str,
    files: int,
    peer: Callable[[bool, Path], Sequence[str]],
    called: str,
    goal: str,
) -> Iterator[Figure]:
    ours: dict[str, list[float]] = {"out": [], "in": []}
    theirs: dict[str, list[float]] = {"out": [], "in": []}
    laboratory.ssh(CENTRE, f"rm -rf peer back; mkdir peer; cd peer; mkdir work; {MAKE[name]}")
    for _ in range(REPETITIONS):
        with tempfile.TemporaryDirectory(prefix="heroes-bulk-", dir=disk) as folder:
            for direction in ("out", "in"):
                theirs[direction].append(_timed(peer(direction == "out", Path(folder))))
        laboratory.ssh(CENTRE, "rm -rf back")
        for direction, seconds in _ours(running, name, files):
            ours[direction].append(seconds)
    for direction, words in (("out", "from a cluster"), ("in", "to a cluster")):
        mine = figure(f"{what} {words}, verified", ours[direction], "s")
        other = figure(f"{what} {words}, {called}", theirs[direction], "s")
        yield from (mine, other)
        yield ratio(f"speed of ours / {called}, {what} {words}", other, mine, goal)


def _ours(running: Platform, name: str, files: int) -> list[tuple[str, float]]:
    lea = running.login()
    wid = lea.run(name, {}, cluster=CENTRE)["wid"]
    [*_, ended] = lea.follow(wid, every=1, limit=WITHIN_S)
    assert ended["status"] == "FINISHED", json.dumps(ended)
    found = ask(running, _TRANSFERS, wid, files, SMALL_FILES * SMALL_BYTES)
    assert sorted(row[0] for row in found) == ["in", "out"], found
    return [(row[0], float(row[1])) for row in found]


def _timed(argv: Sequence[str]) -> float:
    began = time.monotonic()
    subprocess.run(argv, stdin=subprocess.DEVNULL, check=True, capture_output=True)
    return time.monotonic() - began


def _rclone(from_there: bool, folder: Path) -> Sequence[str]:
    program = shutil.which("rclone") or str(Path(__file__).parents[1] / ".venv/bin/rclone")
    centre = Laboratory().centre(CENTRE)
    known_hosts = folder / "known_hosts"
    # of every kind that the site has: rclone asks for another one than ssh does
    keys = subprocess.run(("ssh-keyscan", centre.host), check=True, capture_output=True, timeout=30)
    known_hosts.write_bytes(keys.stdout)
    site = f":sftp,host={centre.host},user={centre.user},key_file={centre.key_path},known_hosts_file={known_hosts}:"
    ends = (f"{site}peer/work", f"{folder}/work") if from_there else (f"{folder}/work", f"{site}back")
    return (program, *RCLONE[1:], "copy", *ends)


def _tar(from_there: bool, folder: Path) -> Sequence[str]:
    ssh = " ".join(SSH)
    if from_there:
        return ("sh", "-ec", f"{ssh} {CENTRE} 'tar -C peer -cf - work' | tar -C {folder} -xf -")
    return ("sh", "-ec", f"tar -C {folder} -cf - work | {ssh} {CENTRE} 'mkdir -p back && tar -C back -xf -'")
