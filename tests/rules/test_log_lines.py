"""Numbered lines of a log: whatever the blocks in which its bytes come."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heroes.executions import lines
from heroes.executions.lines import Index, indexed, level_of, matching, numbered

pytestmark = pytest.mark.anyio


async def _cut(content: bytes, size: int, offset: int) -> AsyncIterator[bytes]:
    for at in range(offset, len(content), size):
        yield content[at : at + size]


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("ERROR: the mesh is broken", "error"),
        ("2026-11-22 10:00:00,123 ERROR solver diverged", "error"),
        ("[2026-11-22T10:00:00Z] WARN low memory", "warning"),
        ("10:00:01 [warning] residual", "warning"),
        ("<info> begun", "info"),
        ("DEBUG x=1", "debug"),
        ("    Traceback (most recent call last):", "error"),
        ("ValueError: no such file", "error"),
        ("--> FOAM FATAL ERROR:", "error"),
        ("failed to open mesh.stl", "error"),
        ("slurmstepd: error: Exceeded job memory limit", None),
        ("informal words", None),
        ("errors: 0", None),
        ("no error here", None),
        ("", None),
    ],
)
def test_a_level_is_the_word_at_the_beginning_of_a_line(line: str, level: str | None):
    assert level_of(line) == level


@given(
    st.lists(st.sampled_from(["a", "", "ERROR: é", "info", "x" * 30, "WARN"]), max_size=40),
    st.integers(1, 50),
    st.booleans(),
)
async def test_lines_are_the_same_whatever_the_blocks_they_come_in(told: list[str], size: int, ends: bool):
    content = "\n".join(told).encode() + (b"\n" if ends and told else b"")
    read = partial(_cut, content, size)
    real = content.removesuffix(b"\n").split(b"\n") if content else []
    index = await indexed(read)
    assert (index.total, index.size) == (len(real), len(content))
    found = await numbered(read, index, range(1, index.total + 1))
    assert [one.content for one in found] == real
    assert all(content[one.offset :].startswith(one.content) for one in found)
    for name, numbers in index.levels.items():
        assert list(numbers) == [at for at, line in enumerate(real, 1) if level_of(line.decode()) == name]
    assert await matching(read, index, "É") == [at for at, line in enumerate(real, 1) if "é".encode() in line]


async def test_lines_far_apart_are_found_by_what_is_remembered_of_their_beginnings(monkeypatch: pytest.MonkeyPatch):
    content = b"".join(b"line %d\n" % number for number in range(1, 5001))
    asked: list[int] = []

    def read(offset: int) -> AsyncIterator[bytes]:
        asked.append(offset)
        return _cut(content, 4096, offset)

    index: Index = await indexed(read)
    asked.clear()
    [first, last] = await numbered(read, index, [4001, 5000])
    assert (first.content, last.content) == (b"line 4001", b"line 5000")
    assert asked == [content.index(b"line 4001\n")], "what lies before is not read"
    assert await matching(read, index, "line 500", range(4000, 5001)) == [5000]


def test_a_very_long_line_is_shown_in_part():
    assert len(lines.Line(1, 0, b"x" * 100_000).text) == lines.LONGEST_LINE
