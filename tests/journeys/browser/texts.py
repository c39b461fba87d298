"""What stands in a page of another language that should not: hard-coded text, and English of the platform."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page

TEXTS = """() => { const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) { const box = walk.currentNode.parentElement;
        if (!box.closest('script, style, code, pre, .mono, .readme-text, .log') && box.checkVisibility())
            found.push((box.closest('.told > p, .sentence') ?? walk.currentNode).textContent.trim()); }  // one text
    return [[...new Set(found.filter(Boolean))], window.told]; }"""
TOLD = """window.told = []; const ask = window.fetch;
    window.fetch = async (...asked) => { const answer = await ask(...asked);
        if (answer.headers.get('content-type')?.includes('json')) window.told.push(await answer.clone().text());
        return answer; };"""
LETTERED = re.compile(r"[^\W\d_]{3,}")
KNOWN = {
    *(
        "HEROES",
        "heroes",
        "Ctrl",
        "CSV",
        "SHA",
        "kWh",
        "min",
        "MiB",
        "GiB",
        "Deutsch",
        "English",
        "POST",
        "curl",
        "YAML",
        "true",
        "false",
    ),
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec"),
}
"""units, names and months, which are nobody's to translate or the browser's"""


def strings(told: Any) -> Iterator[str]:
    """Yield every text of an answer, names of its fields among them."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for name, value in told.items():
            yield from (name, *strings(value))
    elif isinstance(told, list):
        for value in told:
            yield from strings(value)


def of_nobody(text: str, told: set[str]) -> bool:
    """Whether something stands in a text that neither a catalogue nor the platform said."""
    while (less := re.sub(r"⟦[^⟦⟧]*⟧", "\n", text)) != text:
        text = less
    for part in text.splitlines():
        plain = part.strip(" ·,.:;()…–→")
        if KNOWN.issuperset(LETTERED.findall(plain)) or any(plain in one for one in told):
            continue
        for one in sorted(told, key=len, reverse=True):
            if one in plain:
                plain = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", " ", plain)
        if not KNOWN.issuperset(LETTERED.findall(plain)):
            return True
    return False


def hard_coded(page: Page) -> list[str]:
    """Return what stands in a page in the pseudo-language that neither a catalogue nor the platform said."""
    texts, answers = page.evaluate(TEXTS)
    told = {one for answer in answers for one in strings(json.loads(answer)) if LETTERED.search(one)}
    told |= {one.replace("_", " ") for one in told if "_" in one}
    return [one for one in texts if of_nobody(one, told)]


SENTENCES = ("text", "reason", "cure", "detail", "message", "explanation")
BESIDE = {"energy_reason": "energy_why", "last_error": "trouble"}
"""a sentence → the member that tells the same by code"""


def sayings(told: Any) -> Iterator[str]:
    """Yield every English sentence of an answer beside which a code tells the same."""
    if isinstance(told, dict):
        beside = {name for name, code in BESIDE.items() if told.get(code)}
        named = {*SENTENCES} if isinstance(told.get("code"), str) else set[str]()
        for name, value in told.items():
            if isinstance(value, str) and name in named | beside and len(value.split()) > 3:
                yield value
            yield from sayings(value)
    elif isinstance(told, list):
        for value in told:
            yield from sayings(value)


def in_english(page: Page) -> list[str]:
    """Return what a page says in English that the platform told by a code too."""
    texts, answers = page.evaluate(TEXTS)
    told = {one for answer in answers for one in sayings(json.loads(answer))}
    return [one for one in told if any(one.rstrip(".") in text for text in texts)]


def lasting(page: Page, found: Callable[[Page], list[str]]) -> list[str]:
    """Return what is still found in a page when all that comes late, such as a language's words, had its time."""
    for _ in range(100):
        left = found(page)
        if not left:
            return []
        page.wait_for_timeout(100)
    return left
