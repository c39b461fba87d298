"""A small disk of its own for one user of a centre, full for real: the file system's end, or the user's quota."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from .laboratory import Laboratory

Limit = Literal["disk", "quota"]

_LOOPS = """
[ -e /dev/loop-control ] || mknod -m 600 /dev/loop-control c 10 237
for i in 0 1 2 3 4 5 6 7; do [ -e /dev/loop$i ] || mknod -m 600 /dev/loop$i b 7 $i; done
"""
_MOUNT = {
    "disk": "mkfs.ext4 -q -m 0 /lab/small.img && mount -o loop /lab/small.img {folder}",
    # a quota that the kernel itself enforces on any machine: that of a btrfs subvolume
    "quota": (
        "mkfs.btrfs -q --mixed /lab/small.img && mount -o loop /lab/small.img {folder} && btrfs quota enable {folder} "
        "&& btrfs subvolume create {folder}/own && btrfs qgroup limit {own}M {folder}/own"
    ),
}


@contextmanager
def small_disk(laboratory: Laboratory, name: str, user: str, folder: str, limit: Limit, mib: int = 32) -> Iterator[str]:
    """Mount so much at a folder of a centre; yield the folder in it that is the user's."""
    own = f"{folder}/own"
    begins = (
        f"mkdir -p {folder}; truncate -s {mib}M /lab/small.img; {_MOUNT[limit].format(folder=folder, own=mib // 4)}"
    )
    laboratory.exec(name, ["sh", "-ec", f"{_LOOPS}{begins}; mkdir -p {own}; chown {user} {own}; chmod 700 {own}"])
    try:
        yield own
    finally:
        # jobs under way may still hold it
        laboratory.exec(name, ["sh", "-c", f"umount -l {folder}; rm -f /lab/small.img"])


@contextmanager
def full(laboratory: Laboratory, name: str, user: str, own: str) -> Iterator[None]:
    """Fill the user's folder to the last byte; at the end there is room again."""
    fill = f"dd if=/dev/zero of={own}/filler bs=4k 2>&1; until ! printf x >>{own}/crumbs; do :; done; sync -f {own}"
    laboratory.exec(name, ["sh", "-c", fill], user=user)
    try:
        yield
    finally:
        laboratory.exec(name, ["sh", "-c", f"rm -f {own}/filler {own}/crumbs; sync -f {own}"])
