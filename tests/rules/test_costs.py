"""Prices, worst cases, budgets and settlements as tables."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from heroes.costs import rules
from heroes.costs.rules import (
    Balance,
    Bounds,
    Part,
    Quantities,
    Settlement,
    Span,
    Terms,
    Unbounded,
    crossed,
    money,
    period,
    price,
    settle,
    shown,
    spread,
    text,
    worst_case,
)

EUR = Terms("EUR")


def D(value: str) -> Decimal:
    return Decimal(value)


def terms(**rates: str) -> Terms:
    return Terms("EUR", **{name: Decimal(value) for name, value in rates.items()})


@pytest.mark.parametrize(
    ("rates", "used", "total"),
    [
        pytest.param({}, Quantities(core_s=3600), "0", id="no rates, no price"),
        pytest.param({"fixed": "1.50"}, Quantities(), "1.50", id="the fixed part is due once a start"),
        pytest.param({"core_hour": "0.02"}, Quantities(core_s=7200.0), "0.04", id="two core hours"),
        pytest.param({"core_hour": "0.02"}, Quantities(core_s=1), "0.000005555", id="one second is not nothing"),
        pytest.param({"node_hour": "2"}, Quantities(node_s=1800), "1", id="half a node hour"),
        pytest.param({"gpu_hour": "3.3"}, Quantities(gpu_s=3600), "3.3", id="a GPU hour"),
        pytest.param({"gb_moved": "0.10"}, Quantities(moved_bytes=2_500_000_000), "0.25", id="a GB has 10^9 bytes"),
        pytest.param({"gb_month": "0.03"}, Quantities(stored_byte_s=10**9 * 30 * 86400), "0.03", id="a GB for 30 days"),
        pytest.param({"kwh": "0.30"}, Quantities(energy_j=3.6e6), "0.30", id="a kWh has 3.6 MJ"),
        pytest.param({"kwh": "0.30"}, Quantities(energy_j=None), "0", id="unmeasured energy is charged 0"),
        pytest.param(
            {"fixed": "0.1", "core_hour": "0.02", "kwh": "0.3", "gb_moved": "0.1"},
            Quantities(core_s=36_000, moved_bytes=10**9, energy_j=7.2e6),
            "1.00",
            id="the parts add up",
        ),
    ],
)
def test_a_price_is_the_fixed_part_and_each_rate_times_its_quantity(rates: dict[str, str], used, total: str):
    found = price(terms(**rates), used)
    assert found.total == D(total)
    assert found.total == sum(line.amount for line in found.lines)


def test_unmeasured_energy_says_so_instead_of_being_zero():
    [line] = price(terms(kwh="0.3"), Quantities(energy_j=None)).lines
    assert (line.quantity, line.amount) == (None, 0)
    assert line.as_json()["reason"] == "The energy was not measured, so it is not charged."


def test_a_binary_fraction_leaves_no_noise():
    assert price(terms(core_hour="36"), Quantities(core_s=0.1)).total == D("0.001")
    assert money(0.1 + 0.2) == D("0.300000000")


@pytest.mark.parametrize(
    ("rates", "bounds", "times", "worst"),
    [
        pytest.param({}, Bounds(1, 1), (1, 1), "0", id="what costs nothing needs no bounds"),
        pytest.param({"core_hour": "0.02"}, Bounds(1, 4, walltime_s=3600), (1, 1), "0.08", id="cores × walltime"),
        pytest.param({"core_hour": "0.02"}, Bounds(1, 4, walltime_s=3600), (10, 3), "2.4", id="× members × attempts"),
        pytest.param({"fixed": "1"}, Bounds(1, 1), (1, 3), "3", id="the fixed part for each attempt"),
        pytest.param({"node_hour": "2"}, Bounds(3, 1, walltime_s=1800), (1, 1), "3", id="nodes"),
        pytest.param({"gpu_hour": "2"}, Bounds(1, 1, 2, walltime_s=1800), (1, 1), "2", id="GPUs"),
        pytest.param(
            {"kwh": "0.3", "node_power_w": "500"}, Bounds(2, 1, walltime_s=3600), (1, 1), "0.3", id="power × walltime"
        ),
        pytest.param({"gb_moved": "0.1"}, Bounds(1, 1, moved_bytes=10**10), (1, 1), "1", id="the declared bound"),
        pytest.param({"core_hour": "0.02"}, Bounds(1, 1, walltime_s=1), (1, 1), "0.000005556", id="rounded up"),
    ],
)
def test_the_worst_case_is_the_price_of_all_bounds(rates, bounds, times, worst: str):
    assert worst_case(terms(**rates), bounds, count=times[0], attempts=times[1]) == D(worst)


@pytest.mark.parametrize(
    ("rates", "bounds", "why"),
    [
        ({"core_hour": "1"}, Bounds(1, 1), "longest walltime"),
        ({"kwh": "1"}, Bounds(1, 1, walltime_s=60), "highest power"),
        ({"gb_moved": "1"}, Bounds(1, 1, moved_bytes=None), "not bounded"),
    ],
)
def test_what_costs_money_without_a_bound_is_refused(rates, bounds, why: str):
    with pytest.raises(Unbounded, match=why):
        worst_case(terms(**rates), bounds)


def test_the_draws_of_all_members_fit_into_what_was_reserved_for_them():
    third = terms(core_hour="0.000001")
    one = worst_case(third, Bounds(1, 1, walltime_s=7))
    assert worst_case(third, Bounds(1, 1, walltime_s=7), count=50, attempts=3) >= 150 * one


def test_what_stays_within_its_bounds_never_costs_more_than_the_worst_case():
    dice = random.Random(7)
    for _ in range(2000):
        rates = {name: str(dice.randrange(1, 10**6)) for name in ("fixed", "core_hour", "node_hour", "kwh", "gb_moved")}
        rates = {name: f"{int(value) / 10**6:.6f}" for name, value in rates.items()}
        t = terms(**rates, node_power_w=str(dice.randrange(1, 900)))
        bounds = Bounds(
            dice.randrange(1, 9), dice.randrange(1, 99), 0, dice.randrange(1, 10**5), dice.randrange(10**12)
        )
        s = dice.uniform(0, bounds.walltime_s)
        used = Quantities(
            core_s=bounds.cores * s,
            node_s=bounds.nodes * s,
            moved_bytes=dice.randrange(bounds.moved_bytes + 1),
            energy_j=float(t.node_power_w) * bounds.nodes * s * 0.999999,
        )
        assert price(t, used).total <= worst_case(t, bounds)


@pytest.mark.parametrize(
    ("total", "draws", "expected"),
    [
        pytest.param("3", [("a", "5")], Settlement(D("3"), D(0), (Part("a", D(3), D(2)),)), id="the rest goes back"),
        pytest.param("7", [("a", "5")], Settlement(D("5"), D(2), (Part("a", D(5), D(0)),)), id="never above the draw"),
        pytest.param("0", [("a", "5")], Settlement(D(0), D(0), (Part("a", D(0), D(5)),)), id="all goes back"),
        pytest.param("2", [], Settlement(D(0), D(2), ()), id="no draw, all overrun"),
        pytest.param(
            "6",
            [("a", "5"), ("b", "5")],
            Settlement(D(6), D(0), (Part("a", D(5), D(0)), Part("b", D(1), D(4)))),
            id="the first draw first",
        ),
    ],
)
def test_a_settlement_charges_at_most_what_was_drawn(total: str, draws, expected: Settlement):
    found = settle(D(total), [(name, D(amount)) for name, amount in draws])
    assert found == expected
    assert found.charged + found.overrun == D(total)


@pytest.mark.parametrize(
    ("amount", "held", "taken"),
    [
        ("3", [("a", "5")], [("a", "3")]),
        ("6", [("a", "5"), ("b", "5")], [("a", "5"), ("b", "1")]),
        ("6", [("a", "0"), ("b", "6")], [("b", "6")]),
        ("6", [("a", "5")], None),
        ("0", [("a", "0")], [("a", "0")]),
        ("0", [], None),
    ],
)
def test_a_draw_takes_from_the_oldest_reservation_first_or_not_at_all(amount: str, held, taken):
    found = spread(D(amount), [(name, D(left)) for name, left in held])
    assert found == (None if taken is None else [(name, D(part)) for name, part in taken])


def at(text_: str) -> datetime:
    return datetime.fromisoformat(text_).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "now", "begins", "ends"),
    [
        (Span.MONTH, "2025-02-15", "2025-02-01", "2025-03-01"),
        (Span.MONTH, "2025-12-31T23:59:59", "2025-12-01", "2026-01-01"),
        (Span.QUARTER, "2025-02-15", "2025-01-01", "2025-04-01"),
        (Span.QUARTER, "2025-12-01", "2025-10-01", "2026-01-01"),
        (Span.YEAR, "2025-07-01", "2025-01-01", "2026-01-01"),
    ],
)
def test_periods_are_those_of_the_calendar(span: Span, now: str, begins: str, ends: str):
    assert period(span, at("2024-01-10"), None, at(now)) == (at(begins), at(ends))


def test_a_budget_once_for_all_has_one_period():
    assert period(Span.ONCE, at("2024-01-10"), at("2026-01-01"), at("2025-06-01")) == (
        at("2024-01-10"),
        at("2026-01-01"),
    )


@pytest.mark.parametrize(
    ("reserved", "spent", "warned", "told"),
    [("0", "79", 0, None), ("20", "60", 0, 80), ("20", "60", 80, None), ("0", "100", 0, 100), ("0", "100", 80, 100)],
)
def test_a_threshold_is_told_once_and_the_highest_only(reserved: str, spent: str, warned: int, told: int | None):
    assert crossed(Balance(D(100), D(reserved), D(spent)), [80, 100], warned) == told


@pytest.mark.parametrize(
    ("amount", "shown"), [("0", "0.00"), ("100", "100.00"), ("0.000005555", "0.000005555"), ("1.5", "1.50")]
)
def test_amounts_are_written_as_people_do(amount: str, shown: str):
    assert text(D(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "currency", "up", "said"),
    [
        ("0.9", "EUR", False, "0.90 EUR"),
        ("12.345678901", "EUR", False, "12.3456 EUR"),
        ("12.345678901", "EUR", True, "12.3457 EUR"),
        ("0.000000001", "EUR", False, "less than 0.0001 EUR"),
        ("0.000000001", "EUR", True, "0.0001 EUR"),
        ("0", "EUR", False, "0.00 EUR"),
        ("1200", "JPY", False, "1200 JPY"),
        ("1200.3", "JPY", True, "1201 JPY"),
        ("0.5", "KWD", False, "0.500 KWD"),
        ("3", None, False, "3.00"),
    ],
)
def test_a_sentence_shows_money_with_the_currencys_decimals_and_four_at_most(amount, currency, up, said):
    assert shown(Decimal(amount), currency, up=up) == said


def test_a_booking_says_by_code_what_it_says_in_words_and_nothing_where_a_sentence_is_not_known():
    told = rules.stored_words("wing 07", date(2026, 5, 6), 1_500_000_000)
    assert rules.whys(told) == [("stored", {"bucket": "wing 07", "day": "2026-05-06", "gb": "1.500000"})]
    assert rules.whys(f"{rules.UNMETERED}; {rules.BEYOND}") == [("unmetered", {}), ("beyond_drawn", {})]
    assert rules.whys(f"{rules.UNMETERED}; Somebody's word.") == rules.whys("") == []
