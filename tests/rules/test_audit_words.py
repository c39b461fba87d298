"""Every action that is recorded has its sentence on the page of the record, in both languages."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
RECORDED = re.compile(r'audit\.record\(.{0,200}?"([a-z_]+\.[a-z_]+)"', re.DOTALL)
SAID = re.compile(r"^ +'([a-z_]+\.[a-z_]+)': ", re.MULTILINE)


def test_whatever_is_recorded_is_told_in_plain_words():
    sources = (ROOT / "src" / "heroes").rglob("*.py")
    recorded = {name for source in sources for name in RECORDED.findall(source.read_text())}
    assert len(recorded) > 60
    said = SAID.findall((ROOT / "ui/src/features/organization/auditWords.ts").read_text())
    assert {name: said.count(name) for name in recorded} == dict.fromkeys(recorded, 2)
    assert not set(said) - recorded, "words that nothing is recorded under"
