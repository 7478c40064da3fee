"""Numbers and units read out of text, and what a sentence has that its source lacks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.treatment.quantities import PER_DAY, Quantity, missing_from, numbers, quantities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("75 mg twice daily for 5 days", {Quantity(75, "mg"), Quantity(2, PER_DAY), Quantity(120, "hour")}),
        ("500 micrograms", {Quantity(0.5, "mg")}),
        ("40mg/ kg", {Quantity(40, "mg/kg")}),
        ("amoxicillin 500mg po tds", {Quantity(500, "mg"), Quantity(3, PER_DAY)}),
        ("每日2次,共5天", {Quantity(2, PER_DAY), Quantity(120, "hour")}),
        ("1,000 mg", {Quantity(1000, "mg")}),
        ("nothing here", set()),
    ],
)
def test_reads_amounts_with_their_units(text: str, expected: set[Quantity]) -> None:
    assert quantities(text) == expected


def test_a_range_gives_both_ends() -> None:
    assert {Quantity(168, "hour"), Quantity(240, "hour")} <= quantities("for 7–10 days")


def test_the_same_amount_in_other_units_is_the_same() -> None:
    assert quantities("0.5 mg") == quantities("500 micrograms")
    assert quantities("1 week") == quantities("7 days")


def test_another_unit_is_another_amount() -> None:
    assert missing_from(quantities("5 g"), quantities("5 mg"))
    assert missing_from(quantities("3 weeks"), quantities("3 days"))


def test_at_once_is_no_number() -> None:
    assert numbers("give it at once") == frozenset()


@given(st.floats(min_value=0.01, max_value=5000, allow_nan=False).map(lambda value: round(value, 2)))
def test_a_written_amount_is_read_back(value: float) -> None:
    (found,) = quantities(f"give {value} mg")
    assert found.unit == "mg"
    assert found.value == pytest.approx(value)


@given(st.text(max_size=200))
def test_any_text_is_read_without_failing(text: str) -> None:
    assert missing_from(quantities(text), quantities(text)) == []
