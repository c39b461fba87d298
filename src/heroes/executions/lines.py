"""A log as numbered lines: pages of it from anywhere, of one level, and what holds a text.

Numbers begin at 1. Levels are told by the word that programs put at the beginning of a line (`WARNING: …`,
`2026-11-22 10:00:00 ERROR …`, `[info] …`); a line without such a word has no level.
"""

import asyncio
import re
from array import array
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["error", "warning", "info", "debug"]
LEVELS: tuple[Level, ...] = ("error", "warning", "info", "debug")
EACH = 1000
"""The beginning of every so many lines is remembered."""
MOST_BYTES = 256 * 1024 * 1024
"""What is looked through of one log; what lies behind comes by offset and as a file."""
MOST_NUMBERS = 10_000
"""Numbers of matching lines in one answer."""
LONGEST_LINE = 8192
"""Bytes of one line that are shown."""

_MOMENT = rb"(?:[\[(]?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?[\])]?[ \t:|-]*)?"
_WORDS = {
    b"error": rb"error|err|fatal|critical|severe|panic|fail(?:ed|ure)?|traceback|segmentation fault"
    rb"|[a-z_.]*(?:error|exception)(?=:)|foam fatal(?: io)? error",
    b"warning": rb"warning|warn|foam warning",
    b"info": rb"info|notice",
    b"debug": rb"debug|trace|verbose",
}
_NAMED = b"|".join(b"(?P<%s>%s)" % pair for pair in _WORDS.items())
_HEAD = re.compile(rb"(?im)^[ \t]*" + _MOMENT + rb"[-*>=! ]{0,6}[\[(<]?(?:" + _NAMED + rb")(?![a-z0-9_])")

Read = Callable[[int], AsyncIterator[bytes]]
"""Yields a log's bytes from an offset on."""


def level_of(line: str) -> Level | None:
    """Return the level of one line; None: it says none."""
    found = _HEAD.match(line.encode())
    return _level(found) if found else None


def _level(found: re.Match[bytes]) -> Level:
    return next(name for name in LEVELS if name == found.lastgroup)


async def lines_in_blocks(read: Read, offset: int = 0, most: int = MOST_BYTES) -> AsyncIterator[bytes]:
    """Yield whole lines, many at once, from the beginning of a line on; the last may lack its end."""
    rest, seen = b"", 0
    async for block in read(offset):
        seen += len(block)
        cut = block.rfind(b"\n") + 1
        if cut:
            yield rest + block[:cut]
            rest = block[cut:]
        else:
            rest += block
        if seen >= most:
            break
    if rest:
        yield rest


@dataclass
class Index:
    """Where lines begin, and which have a level."""

    total: int = 0
    size: int = 0
    open: bool = False
    """the last line has no end yet"""
    begins: "array[int]" = field(default_factory=lambda: array("Q"))
    """the offsets of the lines 1, 1 + EACH, …"""
    levels: "dict[Level, array[int]]" = field(default_factory=lambda: {name: array("L") for name in LEVELS})
    """level → the numbers of its lines"""

    def add(self, block: bytes) -> None:
        """Take in the next whole lines."""
        starts = _starts(block)
        for number in range(-(-self.total // EACH) * EACH, self.total + len(starts), EACH):
            self.begins.append(self.size + starts[number - self.total])
        at = 0
        for found in _HEAD.finditer(block):
            while at + 1 < len(starts) and starts[at + 1] <= found.start():
                at += 1
            self.levels[_level(found)].append(self.total + at + 1)
        self.total += len(starts)
        self.size += len(block)
        self.open = not block.endswith(b"\n")


def _starts(block: bytes) -> "array[int]":
    """Return where the lines of a block begin."""
    found = array("L", [0])
    found.extend(match.end() for match in re.finditer(rb"\n", block))
    if found[-1] == len(block):
        found.pop()
    return found


async def indexed(read: Read) -> Index:
    """Look through a log once."""
    index = Index()
    async for block in lines_in_blocks(read):
        await asyncio.to_thread(index.add, block)
    return index


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    offset: int
    content: bytes

    @property
    def text(self) -> str:
        """What is shown of it: at most LONGEST_LINE bytes, without what a terminal would act on."""
        return self.content[:LONGEST_LINE].decode("utf-8", "replace").replace("\0", "\ufffd").rstrip("\r")


async def numbered(read: Read, index: Index, numbers: Sequence[int]) -> list[Line]:
    """Return the lines of these numbers, which come in order."""
    if not numbers:
        return []
    step = (numbers[0] - 1) // EACH
    number, offset = step * EACH + 1, index.begins[step]
    wanted, found = iter(numbers), list[Line]()
    following = next(wanted, None)
    async for block in lines_in_blocks(read, offset, index.size - offset):
        for content in block.removesuffix(b"\n").split(b"\n"):
            if number == following:
                found.append(Line(number, offset, content))
                following = next(wanted, None)
            number += 1
            offset += len(content) + 1
        if following is None:
            break
    return found


async def matching(read: Read, index: Index, text: str, numbers: Sequence[int] | None = None) -> list[int]:
    """Return the numbers of the lines that hold a text, whatever its case; only of these numbers, where given."""
    only = None if numbers is None else set(numbers)
    wanted, number, found = text.lower(), 1, list[int]()
    async for block in lines_in_blocks(read, 0, index.size):
        told = block.decode("utf-8", "replace").lower()
        if wanted in told:
            found += (at for at in _holding(told, wanted, number) if only is None or at in only)
        number += block.count(b"\n")
    return found


def _holding(block: str, wanted: str, first: int) -> Iterator[int]:
    at = block.find(wanted)
    number, counted = first, 0
    while at >= 0:
        number += block.count("\n", counted, at)
        yield number
        end = block.find("\n", at)
        if end < 0:
            return
        number, counted = number + 1, end + 1
        at = block.find(wanted, counted)


class Indexes:
    """The indexes of logs that were looked through last, by what never changes under its key."""

    def __init__(self, most: int = 32) -> None:
        self._most, self._held = most, OrderedDict[str, Index]()

    async def of(self, key: str, read: Read) -> Index:
        """Return the index of a log, made at the first look."""
        found = self._held.get(key)
        if found is None:
            found = self._held[key] = await indexed(read)
        self._held.move_to_end(key)
        while len(self._held) > self._most:
            self._held.popitem(last=False)
        return found
