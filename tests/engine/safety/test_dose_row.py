"""Everything that a sentence states of a dose must be stated by the row; what is left out must be harmless."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from engine.safety.dose_row import DoseRow, ReadDose, matches
from engine.safety.units import Amount, unit

ROW = DoseRow(
    Fraction(250), "mg", high=Fraction(500), times_per_day=3.0, days=(Fraction(5), Fraction(7)), route="oral"
)
"""250 to 500 mg by mouth three times a day for 5 to 7 days."""
SINGLE = DoseRow(Fraction(1), "g", is_single=True)
BY_WEIGHT = DoseRow(Fraction(15), "mg", per_kg=True, times_per_day=4.0, most=Fraction(1000))
DIVIDED = DoseRow(Fraction(40), "mg", per_kg=True, divided=2)
PUFFS = DoseRow(Fraction(2), "puffs")


def mg(value: int) -> Amount:
    return Amount(Fraction(value), unit("mg"))


def dose(low: int, high: int | None = None, **said: object) -> ReadDose:
    return ReadDose(low=mg(low), high=mg(low if high is None else high), **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("read", "row"),
    [
        (dose(250, 500), ROW),
        (dose(250), ROW),
        (dose(500), ROW),
        (dose(500, route="oral", times_per_day=Fraction(3), days=(Fraction(5), Fraction(7))), ROW),
        (dose(750, per_day=True), ROW),
        (dose(1500, divided=Fraction(3)), ROW),
        (dose(500, most=mg(1500), most_is_daily=True), ROW),
        (dose(500, most_doses=Fraction(3)), ROW),
        (dose(1000, is_single=True), SINGLE),
        (dose(15, per_kg=True, most=mg(1000)), BY_WEIGHT),
        (dose(15, per_kg=True, most=mg(4000), most_is_daily=True), BY_WEIGHT),
        (dose(40, per_kg=True, per_day=True), DIVIDED),
        (dose(40, per_kg=True, divided=Fraction(2)), DIVIDED),
        (dose(20, per_kg=True, times_per_day=Fraction(2)), DIVIDED),
    ],
)
def test_what_the_row_says_matches(read: ReadDose, row: DoseRow) -> None:
    assert matches(read, row)


@pytest.mark.parametrize(
    ("read", "row"),
    [
        (dose(300), ROW),
        (dose(250, 400), ROW),
        (dose(300, 500), ROW),
        (dose(500, per_kg=True), ROW),
        (dose(500, per_m2=True), ROW),
        (dose(500, route="intravenous"), ROW),
        (dose(500, times_per_day=Fraction(4)), ROW),
        (dose(500, divided=Fraction(3)), ROW),
        (dose(500, per_day=True), ROW),
        (dose(500, is_single=True), ROW),
        (dose(500, days=(Fraction(5), Fraction(5))), ROW),
        (dose(500, most=mg(500)), ROW),
        (dose(500, most=mg(1000), most_is_daily=True), ROW),
        (dose(500, most_doses=Fraction(4)), ROW),
        (dose(1000, per_day=True), SINGLE),
        (dose(1000, days=(Fraction(5), Fraction(5))), SINGLE),
        (dose(1000, times_per_day=Fraction(1)), SINGLE),
        (dose(1000, most=mg(1000), most_is_daily=True), SINGLE),
        (dose(15, per_kg=True, most=mg(1500)), BY_WEIGHT),
        (dose(15, per_kg=True, most=mg(1000), most_is_daily=True), BY_WEIGHT),
        (dose(15, per_kg=True, most=mg(60), most_is_daily=True), replace(BY_WEIGHT, most=None)),
        (dose(15, per_kg=True, most=Amount(Fraction(1000), unit("ml"))), BY_WEIGHT),
        (dose(40, per_kg=True), DIVIDED),
        (dose(20, per_kg=True), DIVIDED),
        (dose(20, per_kg=True, times_per_day=Fraction(3)), DIVIDED),
        (dose(40, per_kg=True, times_per_day=Fraction(2)), DIVIDED),
        (dose(40, per_kg=True, most=mg(80), most_is_daily=True), DIVIDED),
        (dose(2), PUFFS),
    ],
)
def test_what_the_row_does_not_say_does_not(read: ReadDose, row: DoseRow) -> None:
    assert not matches(read, row)


def test_a_puff_is_no_drop_and_the_same_unit_may_have_another_spelling() -> None:
    two = {spelling: Amount(Fraction(2), unit(spelling)) for spelling in ("puff", "drops", "g")}
    assert matches(ReadDose(two["puff"], two["puff"]), PUFFS)
    assert not matches(ReadDose(two["drops"], two["drops"]), PUFFS)
    assert matches(ReadDose(two["g"], two["g"]), DoseRow(Fraction(2000), "mg"))


def test_the_doses_of_a_day_are_exact_and_unknown_stays_unknown() -> None:
    assert DoseRow(Fraction(1), "mg", times_per_day=1 / 7).doses_a_day == Fraction(1, 7)
    assert DoseRow(Fraction(1), "mg", times_per_day=2.0, divided=3).doses_a_day == 3
    assert DoseRow(Fraction(1), "mg").doses_a_day is None
    assert (DoseRow(Fraction(1), "mg").top, ROW.top) == (1, 500)
