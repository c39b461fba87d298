"""Measured figures, and the table that shows them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity: the median of its repetitions, their least and greatest, and what it should be."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    repetitions: int
    goal: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def figure(name: str, samples: Sequence[float], unit: str, goal: str = "") -> Figure:
    return Figure(name, median(samples), unit, min(samples), max(samples), len(samples), goal)


def ratio(name: str, over: Figure, under: Figure, goal: str = "") -> Figure:
    """How many times `under` goes into `over`; the spread is the widest that both allow."""
    parts = (over.value / under.value, over.low / under.high, over.high / under.low)
    return Figure(name, *parts[:1], "×", *parts[1:], min(over.repetitions, under.repetitions), goal)


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table."""
    head = ("What", "Median", "Unit", "Goal", "Least – greatest", "Repetitions")
    rows = [
        (
            one.name,
            short(one.value),
            one.unit,
            one.goal or "–",
            f"{short(one.low)} – {short(one.high)}",
            str(one.repetitions),
        )
        for one in figures
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [head, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |" for line in lines
    )


def short(number: float) -> str:
    """Return three significant digits, as people write them."""
    digits = 0 if abs(number) >= 100 else 1 if abs(number) >= 10 else 2
    return f"{number:.{digits}f}"
