"""The words of mails, in each language."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from heroes.events.mails import WORDS, Ended, about_budget, about_end

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ENDED = Ended(
    "exe_1",
    "Wing\nsweep",
    "acme",
    "FAILED",
    "Out of memory.",
    "alpha",
    NOON,
    None,
    NOON,
    ("1234.500000007", "EUR"),
    5.4e6,
)
BUDGET = SimpleNamespace(
    type="budget.limit",
    at=NOON,
    data={
        "kind": "project",
        "limit": 90,
        "at_limit": "stop_new",
        "amount": "100.00",
        "spent": "80.50",
        "reserved": "12.00",
        "left": "7.50",
        "currency": "EUR",
    },
)


def test_the_end_of_a_run_in_german():
    subject, text = about_end(ENDED, "https://hpc.example", "de")
    assert subject == "HEROES: Wing sweep ist fehlgeschlagen"
    assert "Out of memory." in text
    for line in ("Aufgegeben  01.03.2026 12:00 UTC", "Kosten      1.234,50 EUR", "Energie     1,5 kWh"):
        assert line in text
    assert "https://hpc.example/o/acme/executions/exe_1" in text


def test_why_a_run_failed_in_german_and_energy_of_which_a_part_is_known():
    ended = replace(ENDED, failure=("solve", "program_failed", 3), joules=1270.0, partly=True)
    text = about_end(ended, "https://hpc.example", "de")[1]
    assert "solve: Das Programm endete mit dem Rückgabewert 3." in text
    assert "Energie     mindestens 0,35 Wh" in text
    assert "Out of memory." in about_end(replace(ended, failure=("solve", "odd", 3)), "https://hpc.example", "de")[1]


def test_a_limit_in_german():
    subject, text = about_budget(BUDGET, "https://hpc.example/o/acme/billing", "wing", "de")
    assert subject == "HEROES: Das Budget des Projekts wing hat seine Grenze von 90 % erreicht"
    assert "Übrig         7,50 EUR" in text
    assert "Ansehen: https://hpc.example/o/acme/billing\n" in text
    assert "beginnt nichts Neues" in text


def test_the_usual_language_is_english():
    told = {**BUDGET.data, "title": "Wing", "spent": "0.000000006"}
    subject, text = about_budget(SimpleNamespace(type="budget.limit", at=NOON, data=told), "https://x", "wing")
    assert subject == "HEROES: the budget “Wing” of the project wing has reached its limit of 90 %"
    assert "Spent     less than 0.0001 EUR\n  Reserved             12.00 EUR" in text


@pytest.mark.parametrize("language", WORDS)
def test_every_language_has_words_for_every_case(language: str):
    for status in ("FINISHED", "FAILED", "CANCELED"):
        assert about_end(replace(ENDED, status=status, joules=None, cost=None), "https://x", language)[1]
    for at_limit in ("warn", "stop_new", "cancel_running"):
        for kind in ("organization", "project", "user"):
            told = {**BUDGET.data, "at_limit": at_limit, "kind": kind}
            assert about_budget(SimpleNamespace(type="budget.limit", at=NOON, data=told), "https://x", "lea", language)[
                1
            ]
