"""A dose in a sentence is read whole or refused; every stated part must be the row's."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from engine.safety.dose_text import DoseRow, is_supported, read_dose
from engine.safety.units import UnreadableAmount

ROW = DoseRow(low=Fraction(500), unit="mg", times_per_day=3.0, days=(Fraction(5), Fraction(7)), most=Fraction(1000))
PER_KG = DoseRow(low=Fraction(10), high=Fraction(15), unit="mg", per_kg=True, times_per_day=4.0)
SINGLE = DoseRow(low=Fraction(1, 2), unit="mg", is_single=True)
AMOXICILLIN = DoseRow(Fraction(500), "mg", times_per_day=3.0, days=(Fraction(5), Fraction(5)), route="oral")
PARACETAMOL = DoseRow(Fraction(500), "mg", high=Fraction(1000), times_per_day=4.0, route="oral")
BY_WEIGHT = DoseRow(Fraction(15), "mg", per_kg=True, times_per_day=4.0, most=Fraction(1000), route="oral")
INSULIN = DoseRow(Fraction(10), "units", times_per_day=1.0, route="subcutaneous")
ADRENALINE = DoseRow(Fraction(500), "microgram", is_single=True, route="intramuscular")
PUFFS = DoseRow(Fraction(2), "puffs", high=Fraction(6), is_single=True, route="inhaled")
DAY_TOTAL = DoseRow(Fraction(40), "mg", per_kg=True, divided=2, route="oral")
WEEKLY = DoseRow(Fraction(15), "mg", times_per_day=1 / 7, route="oral")
BY_SURFACE = DoseRow(Fraction(100), "mg", per_m2=True, times_per_day=1.0, route="intravenous")
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
    ("text", "row"),
    [
        ("500mg TDS PO x 5 days", AMOXICILLIN),
        ("Amoxicillin 500 mg three times a day for 5 days", AMOXICILLIN),
        ("take 500 mg by mouth 3 times each day", AMOXICILLIN),
        ("500 mg every 8 hours (three times a day)", AMOXICILLIN),
        ("1.5 g daily in 3 divided doses", AMOXICILLIN),
        ("1500 mg/day in three divided doses", AMOXICILLIN),
        ("0.5 g q8h", AMOXICILLIN),
        ("５００ｍｇ　一日三次", AMOXICILLIN),
        ("一次500mg，一日3次，连用5天", AMOXICILLIN),
        ("每次 0.5 克，每 8 小时一次，疗程 5 天", AMOXICILLIN),
        ("500 mg t.d.s. for five days", AMOXICILLIN),
        ("five-day course of 500 mg tds", AMOXICILLIN),
        ("500 mg 8-hourly", AMOXICILLIN),
        ("500 milligrams orally TID", AMOXICILLIN),
        ("Give 500 mg PO every eight hours for 5 days.", AMOXICILLIN),
        ("500 mg-1 g every 6 hours, max 4 g/24 h", PARACETAMOL),
        ("0.5-1 g QID (max 4 g daily)", PARACETAMOL),
        ("paracetamol 1 g four times a day", PARACETAMOL),
        ("500–1,000 mg every 6 hours; maximum 4 g in 24 hours", PARACETAMOL),
        ("500 to 1000 mg every 6 hours, not more than 4 doses in 24 hours", PARACETAMOL),
        ("1,000 mg qds", PARACETAMOL),
        ("15 mg/kg every 6 hours (max 1 g per dose)", BY_WEIGHT),
        ("15 mg/kg/dose q6h, max 1000 mg", BY_WEIGHT),
        ("60 mg/kg/day divided every 6 hours", BY_WEIGHT),
        ("60 mg/kg/day in 4 divided doses", BY_WEIGHT),
        ("按体重15mg/kg，每6小时1次，最多1g", BY_WEIGHT),
        ("每次15mg/kg 每日4次", BY_WEIGHT),
        ("每公斤体重15 mg，每6小时一次", BY_WEIGHT),
        ("15 mg per kilogram per dose every 6 hours, not exceeding 1 g", BY_WEIGHT),
        ("10 units SC once daily", INSULIN),
        ("10 IU subcutaneously daily", INSULIN),
        ("每日一次皮下注射10单位", INSULIN),
        ("0.5 mg IM stat", ADRENALINE),
        ("500 micrograms intramuscularly as a single dose", ADRENALINE),
        ("500 mcg IM once", ADRENALINE),
        ("肾上腺素 0.5 mg 肌注 单次", ADRENALINE),
        ("2-6 puffs inhaled as a single dose", PUFFS),
        ("2 to 6 puffs", PUFFS),
        ("40 mg/kg/day in 2 divided doses", DAY_TOTAL),
        ("40 mg/kg daily in two divided doses orally", DAY_TOTAL),
        ("20 mg/kg twice daily", DAY_TOTAL),
        ("15 mg once a week", WEEKLY),
        ("15 mg weekly", WEEKLY),
        ("每周一次，15 mg", WEEKLY),
        ("100 mg/m² IV once daily", BY_SURFACE),
        ("100 mg/m2 daily", BY_SURFACE),
    ],
)
def test_a_true_dose_is_known_however_it_is_written(text: str, row: DoseRow) -> None:
    assert is_supported(text, [row])


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("500 mg/lb tds", AMOXICILLIN),
        ("500 mcg tds", AMOXICILLIN),
        ("500 mg IV tds", AMOXICILLIN),
        ("500 mg qds", AMOXICILLIN),
        ("500 mg/day in 3 divided doses", AMOXICILLIN),
        ("5OO mg tds", AMOXICILLIN),
        (".5 g tds", AMOXICILLIN),
        ("500 mg", BY_WEIGHT),
        ("15 mg/kg/day", BY_WEIGHT),
        ("15 mg/lb every 6 hours", BY_WEIGHT),
        ("15 mg/kg every 6 hours max 1 g/day", BY_WEIGHT),
        ("15 mg/kg/h", BY_WEIGHT),
        ("1O units SC daily", INSULIN),
        ("10 mg SC daily", INSULIN),
        ("10U daily", INSULIN),
        ("2-6 drops inhaled", PUFFS),
        ("2 to 6 tablets", PUFFS),
        ("40 mg/kg twice daily", DAY_TOTAL),
        ("40 mg/kg", DAY_TOTAL),
        ("15 mg daily", WEEKLY),
        ("15 mg twice weekly", WEEKLY),
        ("100 mg/kg daily", BY_SURFACE),
        ("100 mg daily", BY_SURFACE),
        ("do not give 500 mg tds", AMOXICILLIN),
        ("500 mg or 1 g tds", AMOXICILLIN),
        ("500 mg then 250 mg tds", AMOXICILLIN),
        ("500 mg tds for 5 weeks", AMOXICILLIN),
        ("500 mg three times a week", AMOXICILLIN),
        ("500 mg per hour", AMOXICILLIN),
        ("500 mg/5 ml tds", AMOXICILLIN),
        ("1,5 g/day", AMOXICILLIN),
        ("50 0 mg tds", AMOXICILLIN),
        ("500 mg tds qds", AMOXICILLIN),
        ("500 mmol tds", AMOXICILLIN),
        ("500 mg tds pr", AMOXICILLIN),
        ("500mg tid 7天", AMOXICILLIN),
        ("5 00mg tds", AMOXICILLIN),
        ("half of 500 mg tds", AMOXICILLIN),
        ("500 mg hourly", AMOXICILLIN),
        ("500 mg every 3 hours", AMOXICILLIN),
        ("Ϭ500 mg", AMOXICILLIN),
        ("５OO mg tds", AMOXICILLIN),
        ("500 mg tds x10 days", AMOXICILLIN),
        ("0.5 mg IV stat", ADRENALINE),
        ("5 mg IM stat", ADRENALINE),
        ("500 micrograms IM daily", ADRENALINE),
        ("500 microg IM bd", ADRENALINE),
    ],
)
def test_a_mistake_of_any_kind_is_not_supported(text: str, row: DoseRow) -> None:
    assert not is_supported(text, [row])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("500 mg tds qds", "frequency"),
        (".5 mg", "decimal"),
        ("1O mg", "letter"),
        ("1 g-500 mg", "number"),
        ("500 mg-2 ml", "number"),
        ("5 mg 5 mg", "number"),
        ("500 mg max 10 mg/kg", "unit"),
        ("500 mg every 0 hours", "frequency"),
        ("500 mg mg", "unit"),
    ],
)
def test_every_refusal_has_its_reason(text: str, reason: str) -> None:
    with pytest.raises(UnreadableAmount) as refused:
        read_dose(text)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("text", "row", "supported"),
    [
        ("500 mg tds, 5-day course", AMOXICILLIN, True),
        ("500 mg tds, a 7-day course", AMOXICILLIN, False),
        ("500 mg for a week", replace(AMOXICILLIN, days=(Fraction(7), Fraction(7))), True),
        ("500 mg for a day", replace(AMOXICILLIN, days=(Fraction(1), Fraction(1))), True),
        ("500 mg for 2 weeks", replace(AMOXICILLIN, days=(Fraction(14), Fraction(14))), True),
        ("1500 mg once daily divided every 8 hours", AMOXICILLIN, True),
        ("1500 mg by mouth daily, in 3 divided doses every 8 hours", AMOXICILLIN, True),
        ("1500 mg orally twice daily divided every 8 hours", AMOXICILLIN, False),
        ("500 mg for 2 weeks", replace(AMOXICILLIN, days=(Fraction(2, 7), Fraction(2, 7))), False),
        ("500 mg，疗程1至2周", replace(AMOXICILLIN, days=(Fraction(7), Fraction(14))), True),
        ("500 mg for 1 to 2 weeks", replace(AMOXICILLIN, days=(Fraction(7), Fraction(2))), False),
        ("1 g every 6 hours, max 4 ml/day", PARACETAMOL, False),
        ("1 g every 6 hours, max 5 doses in 24 hours", PARACETAMOL, False),
        ("15 mg/kg every 6 hours, max 4 g/day", BY_WEIGHT, True),
        ("15 mg/kg every 6 hours, max 4 g/day", replace(BY_WEIGHT, most=None), False),
        ("500 micrograms, max 500 micrograms/day", ADRENALINE, False),
        ("500 micrograms/day", ADRENALINE, False),
        ("40 mg/kg/day in 2 doses, max 40 mg", DAY_TOTAL, False),
        ("40 mg/kg/day in 3 divided doses", DAY_TOTAL, False),
        ("500 mg three times daily max 500 mg per dose", AMOXICILLIN, False),
    ],
)
def test_durations_and_ceilings_are_the_rows_too(text: str, row: DoseRow, supported: bool) -> None:
    assert is_supported(text, [row]) is supported
