"""The thermal design power of processors, by the names that probes and publications give them."""

import re
from functools import cache

from heroes.energy.tables import table


def design_power(cpu: str) -> float | None:
    """Return the watts that the maker states for one processor; None where the table does not know it.

    Names differ in trade marks, order and clock, so it is known by its model: a row of the table is meant when all its
    words with a digit are in the name, and of several that with the most words in common.
    """
    words = _words(cpu)
    meant = [one for word in words for one in _by_model().get(word, ()) if one[0] <= words]
    found = max(meant, key=lambda one: (len(one[0]), len(one[1] & words), -one[2]), default=None)
    return None if found is None else found[2]


@cache
def _by_model() -> dict[str, list[tuple[frozenset[str], frozenset[str], float]]]:
    """Return (words with a digit, all words, watts) of each row, by each of the former."""
    found: dict[str, list[tuple[frozenset[str], frozenset[str], float]]] = {}
    for row in table("processors.csv")[0]:
        words = _words(row["cpu"])
        model = frozenset(word for word in words if any(sign.isdigit() for sign in word))
        for word in model:
            found.setdefault(word, []).append((model, words, float(row["watts"])))
    return found


def _words(cpu: str) -> frozenset[str]:
    plain = re.sub(r"\((r|tm)\)|[®™]|@.*|\d+-core|with .*", " ", cpu.lower())
    return frozenset(re.split(r"[\s(),]+", plain)) - {""}
