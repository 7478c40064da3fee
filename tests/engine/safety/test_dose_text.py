"""A dose in a sentence is read whole or refused; every stated part must be the row's."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from engine.safety.dose_text import DoseRow, is_supported, read_dose
from engine.safety.frequency import find
from engine.safety.units import UnreadableAmount

ROW = DoseRow(low=Fraction(500), unit="mg", times_per_day=3.0, days=(Fraction(5), Fraction(7)), most=Fraction(1000))
PER_KG = DoseRow(low=Fraction(10), high=Fraction(15), unit="mg", per_kg=True, times_per_day=4.0)
SINGLE = DoseRow(low=Fraction(1, 2), unit="mg", is_single=True)
UNITS = DoseRow(low=Fraction(5000), unit="units", times_per_day=2.0)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("500 mg", ROW),
        ("Amoxicillin 500 mg three times a day for 5 to 7 days", ROW),
        ("amoxicillin 0.5 g every 8 hours, maximum 1 g", ROW),
        ("阿莫西林 500 mg，每日3次，共5至7天，最多1000 mg", ROW),
        ("1.5 g/day", ROW),
        ("1,500 mg per day", ROW),
        ("10-15 mg/kg every 6 hours", PER_KG),
        ("10 mg/kg 4 times daily", PER_KG),
        ("15 mg/公斤 每6小时1次", PER_KG),
        ("40 to 60 mg/kg/day", PER_KG),
        ("0.5 mg as a single dose", SINGLE),
        ("500 micrograms stat", SINGLE),
        ("单次给药 0.5 毫克", SINGLE),
        ("5,000 units twice daily", UNITS),
        ("5000 IU bid", UNITS),
        ("500 mg for 5 to 7 days", ROW),
        ("3 g/day", DoseRow(low=Fraction(1), unit="g", times_per_day=3.0)),
        ("150 mcg/day", DoseRow(low=Fraction(50), unit="mcg", times_per_day=3.0)),
        ("0.4 g max 0.8 g", DoseRow(low=Fraction(400), unit="mg", most=Fraction(800))),
        ("1000 mg once weekly", DoseRow(low=Fraction(1000), unit="mg", times_per_day=1 / 7)),
        ("100 mg for 1 week", DoseRow(low=Fraction(100), unit="mg", days=(Fraction(7), Fraction(7)))),
    ],
)
def test_true_doses_are_supported(text: str, row: DoseRow) -> None:
    assert is_supported(text, [SINGLE, row])


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("50 mg", ROW),
        ("5000 mg", ROW),
        ("500 mcg", ROW),
        ("500 g", ROW),
        ("500 IU", ROW),
        ("500 ml", ROW),
        ("500 mg/kg", ROW),
        ("500 mg 4 times daily", ROW),
        ("500 mg twice daily", ROW),
        ("500 mg for 10 days", ROW),
        ("500 mg for 5 days", ROW),
        ("500 mg maximum 2 g", ROW),
        ("500 mg maximum 1000 ml", ROW),
        ("500 mg as a single dose", ROW),
        ("2 g/day", ROW),
        ("5OO mg", ROW),
        ("5O0 mg", ROW),
        ("l500 mg", ROW),
        ("500", ROW),
        ("mg", ROW),
        ("", ROW),
        ("500 mg then 250 mg", ROW),
        ("500 mg at 8", ROW),
        ("500 mg from 2 tablets", ROW),
        ("10 mg", PER_KG),
        ("12 mg/kg", PER_KG),
        ("10-20 mg/kg", PER_KG),
        ("5-15 mg/kg", PER_KG),
        ("0.5 mg 3 times daily", SINGLE),
        ("0.5 mg for 3 days", SINGLE),
        ("0.5 mg up to 1 mg", SINGLE),
        ("5000 mg", UNITS),
        ("0,5 mg", SINGLE),
    ],
)
def test_mistaken_doses_are_not(text: str, row: DoseRow) -> None:
    assert not is_supported(text, [row])


def test_no_row_supports_nothing() -> None:
    assert not is_supported("500 mg", [])


def test_a_row_without_a_ceiling_supports_no_ceiling() -> None:
    assert not is_supported("500 mg maximum 1 g", [replace(ROW, most=None)])


def test_the_reasons_are_stable() -> None:
    for text, reason in (("5OO mg", "letter"), ("some", "number"), ("500 mg 7", "number")):
        with pytest.raises(UnreadableAmount) as refused:
            read_dose(text)
        assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("text", "times"),
    [("take every 6 hours with food", 4.0), ("口服 每日2次 饭后", 2.0), ("1 tablet tds", 3.0), ("as needed", None)],
)
def test_a_frequency_is_found_inside_a_sentence(text: str, times: float | None) -> None:
    found = find(text)
    assert (found and found[2]) == times
