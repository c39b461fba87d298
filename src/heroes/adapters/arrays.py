"""Arrays of jobs as schedulers take them, and the script that starts a job where the scheduler does little. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from shlex import quote

from heroes.adapters.ports import Order
from heroes.kit.errors import Refused

LONGEST_LIST = 160
"""characters of a list of indexes that travels with the job"""


def array_indexes(text: str) -> tuple[tuple[int, ...], bool]:
    """The elements of "0-3,5,8-20:4%2", and whether the list was cut ("0-3,5,...")."""
    found: list[int] = []
    cut = False
    for part in text.split("%")[0].split(","):
        match = re.fullmatch(r"(\d+)(?:-(\d+)(?::(\d+))?)?", part)
        if match is None:
            cut = True
            continue
        first, last, stride = int(match[1]), int(match[2] or match[1]), int(match[3] or 1)
        found += range(first, last + 1, stride)
    return tuple(found), cut


def array_text(indexes: Iterable[int]) -> str:
    """The shortest form for sbatch: (0, 1, 2, 7) → "0-2,7"."""
    runs: list[list[int]] = []
    for index in sorted(set(indexes)):
        if runs and index == runs[-1][1] + 1:
            runs[-1][1] = index
        else:
            runs.append([index, index])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


@dataclass(frozen=True, slots=True)
class Series:
    """Indexes as a range with a step, for schedulers that take nothing else. `listed`: the indexes, if uneven.

    The scheduler's numbers are the indexes plus `shift` where they are even; else numbers from `shift` on, each
    standing for one of `listed`.
    """

    first: int
    last: int
    step: int
    shift: int
    listed: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """Return the range with its step."""
        return f"{self.first}-{self.last}" + (f":{self.step}" if self.step > 1 else "")

    @property
    def list_text(self) -> str:
        """Return the list as it travels with the job, "" for an even series: letters that every scheduler keeps."""
        return array_text(self.listed).replace(",", "+")


def series(indexes: Sequence[int], shift: int = 0) -> Series:
    """Return the range for an array. Refused when the indexes are uneven and their list is too long to travel."""
    each = sorted(set(indexes))
    gaps = {after - before for before, after in pairwise(each)}
    if len(each) == 1:  # ranges must rise: of 3-4:2 only 3 is taken
        return Series(each[0] + shift, each[0] + shift + 1, 2, shift)
    if len(gaps) == 1:
        return Series(each[0] + shift, each[-1] + shift, gaps.pop(), shift)
    found = Series(shift, shift + len(each) - 1, 1, shift, tuple(each))
    if len(found.list_text) > LONGEST_LIST:
        raise Refused("This scheduler takes evenly spaced arrays only, and this one is too uneven: split the order.")
    return found


def index_of(number: int, shift: int, list_text: str | None) -> int:
    """Return the index that the scheduler's number stands for. Raises IndexError if the list has none for it."""
    if not list_text:
        return number - shift
    listed, _ = array_indexes(list_text.replace("+", ","))
    return listed[number - shift]


def start_script(order: Order, number: str = "", of: Series | None = None) -> bytes:
    """Return a script that starts the order's own one in its folder, with its streams in files that grow as it runs.

    `number`: the scheduler's variable with an element's number. The index itself is in HEROES_INDEX and, where the
    job's script looks, in PBS_ARRAY_INDEX.
    """
    lines = ["#!/bin/sh", "# Written by HEROES: starts the job in its folder."]
    suffix = ""
    if of is not None:
        suffix = ".{index}"
        if of.listed:
            lines += [f"n=$(({number} - {of.shift}))", f"set -- {' '.join(map(str, of.listed))}"]
            lines += ['shift "$n"', "HEROES_INDEX=$1"]
        else:
            lines.append(f"HEROES_INDEX=$(({number} - {of.shift}))")
        lines.append('export HEROES_INDEX PBS_ARRAY_INDEX="$HEROES_INDEX"')
    own = f"{order.folder}/{order.token}"
    out = _word(order.stdout_path or f"{own}/stdout{suffix}")
    err = _word(order.stderr_path or f"{own}/stderr{suffix}")
    lines.append(f"cd {quote(order.chdir or order.folder)} || exit 1")
    lines.append(f"exec {quote(order.script_path)} </dev/null >{out} 2>{err}")
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogateescape")


def _word(path: str) -> str:
    return '"$HEROES_INDEX"'.join(quote(part) for part in path.split("{index}"))


def hours(walltime_s: int) -> str:
    """Return a walltime as H:MM:SS, at least a second."""
    whole, rest = divmod(max(walltime_s, 1), 3600)
    return f"{whole}:{rest // 60:02}:{rest % 60:02}"
