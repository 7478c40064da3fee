"""Doses worked out from weight, age and kidney function, with the working shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.api import Bilingual, Case
from engine.treatment import wording
from engine.treatment.dosing import Dosed, NoDose, dose_for
from engine.treatment.rows import DoseBand, Grades, OptionRow, RenalBand, Statement


def option(*doses: DoseBand) -> OptionRow:
    name = Bilingual("Testol", "试药")
    return OptionRow(
        "t.testol", "drug", name, Grades(1, 0), Statement("Helps.", "有效。", ["s"]), drug="testol", doses=list(doses)
    )


def band(amount: float, **more: object) -> DoseBand:
    return DoseBand(amount, "mg", "oral", ["s"], **more)  # type: ignore[arg-type]


PER_KG = band(10, per_kg=True, max_amount=500, times_per_day=2, duration_days=5)
BY_WEIGHT = (
    band(30, times_per_day=2, weight_kg=(None, 15)),
    band(45, times_per_day=2, weight_kg=(15, 23)),
    band(75, times_per_day=2, weight_kg=(23, None)),
)
RENAL = band(
    75,
    times_per_day=2,
    renal=[RenalBand(60, 30, 2, ["s"]), RenalBand(30, 30, 1, ["s"]), RenalBand(10, None, None, ["s"])],
)


def dosed(row: OptionRow, case: Case, kidney: float | None = None) -> Dosed:
    found = dose_for(row, case, kidney)
    assert isinstance(found, Dosed)
    return found


def test_multiplies_by_weight_and_shows_the_working() -> None:
    regimen = dosed(option(PER_KG), Case(weight_kg=16)).regimen
    assert regimen.amount == 160
    assert regimen.working == "10 mg/kg × 16 kg, at most 500 mg = 160 mg"
    assert regimen.text == "160 mg by mouth twice a day for 5 days"
    assert regimen.display is not None
    assert regimen.display.zh == "口服 160 mg，每日2次，共5天"
    assert regimen.display_working is not None
    assert regimen.display_working.zh == "10 mg/kg × 16 kg，最多 500 mg = 160 mg"


def test_an_amount_for_the_day_is_divided_into_its_doses() -> None:
    daily = band(5, amount_high=7, per_kg=True, divided_doses=2, duration_days=60)
    regimen = dosed(option(daily), Case(weight_kg=64)).regimen
    assert regimen.text == "160-224 mg by mouth twice a day for 60 days"
    assert regimen.working == "5-7 mg/kg ÷ 2 × 64 kg = 160-224 mg"


def test_the_safety_tables_get_the_top_of_a_range() -> None:
    assert dosed(option(band(500, amount_high=1000, every_hours=6)), Case()).highest == 1000


def test_the_maximum_caps_a_heavy_patient() -> None:
    assert dosed(option(PER_KG), Case(weight_kg=90)).regimen.amount == 500


def test_unknown_weight_gives_no_amount_and_asks_for_it() -> None:
    found = dosed(option(PER_KG), Case())
    assert found.regimen.amount is None
    assert wording.WEIGHT_NEEDED in found.notes
    assert "at most 500 mg" in found.regimen.text


def test_unknown_weight_uses_the_smallest_weight_band() -> None:
    found = dosed(option(*BY_WEIGHT), Case(age_years=9))
    assert found.regimen.amount == 30
    assert wording.UNKNOWN_WEIGHT in found.notes


@pytest.mark.parametrize(("weight_kg", "amount"), [(14.9, 30), (15, 45), (22.9, 45), (23, 75), (80, 75)])
def test_weight_bands_include_their_lower_bound(weight_kg: float, amount: float) -> None:
    assert dosed(option(*BY_WEIGHT), Case(weight_kg=weight_kg)).regimen.amount == amount


def test_unknown_age_uses_the_smallest_band_and_says_so() -> None:
    row = option(band(500, age_years=(12, None)), band(150, age_years=(None, 6)), band(300, age_years=(6, 12)))
    found = dosed(row, Case())
    assert found.regimen.amount == 150
    assert wording.UNKNOWN_AGE in found.notes


def test_unknown_age_and_weight_never_show_the_adult_dose_where_a_child_has_one_by_weight() -> None:
    row = option(band(500, age_years=(12, None)), band(15, per_kg=True, max_amount=1000, age_years=(None, 12)))
    assert dosed(row, Case()).regimen.amount is None
    assert dosed(row, Case(weight_kg=12)).regimen.amount == 180


def test_no_band_for_this_age_blocks() -> None:
    found = dose_for(option(band(500, age_years=(18, None))), Case(age_years=4), None)
    assert isinstance(found, NoDose)
    assert found.blocks


def test_a_drug_without_dose_rows_is_offered_without_a_dose() -> None:
    found = dose_for(option(), Case(age_years=40), None)
    assert isinstance(found, NoDose)
    assert not found.blocks


@pytest.mark.parametrize(
    ("kidney", "amount", "frequency"), [(90, 75, "twice a day"), (59, 30, "twice a day"), (29, 30, "once a day")]
)
def test_kidney_function_picks_the_reduced_line(kidney: float, amount: float, frequency: str) -> None:
    regimen = dosed(option(RENAL), Case(weight_kg=70), kidney).regimen
    assert (regimen.amount, regimen.frequency) == (amount, frequency)


def test_unknown_renal_function_uses_strictest_limit_and_shows_the_usual_dose() -> None:
    found = dosed(option(RENAL), Case(weight_kg=70))
    assert (found.regimen.amount, found.regimen.frequency) == (30, "once a day")
    assert any("75 mg twice a day" in note.en for note in found.notes)


def test_kidney_function_below_every_dose_blocks() -> None:
    found = dose_for(option(RENAL), Case(weight_kg=70), 5)
    assert isinstance(found, NoDose)
    assert found.blocks


@given(st.floats(min_value=0.3, max_value=300))
def test_a_per_kilogram_dose_is_never_above_its_product_or_maximum(weight_kg: float) -> None:
    amount = dosed(option(PER_KG), Case(weight_kg=weight_kg)).regimen.amount
    assert amount is not None
    assert amount <= min(10 * weight_kg, 500) * (1 + 1e-9)
    assert amount >= min(10 * weight_kg, 500) * 0.99


PER_M2 = band(60, per_m2=True, max_amount=60, times_per_day=1)


def test_a_dose_per_square_metre_shows_the_surface_and_the_product() -> None:
    found = dosed(option(PER_M2), Case(weight_kg=20, height_cm=110))
    assert found.regimen.amount == 46.8
    assert found.regimen.working == "√(110 cm × 20 kg ÷ 3600) = 0.78 m²; 60 mg/m² × 0.78 m², at most 60 mg = 46.8 mg"
    assert found.regimen.display_working is not None
    assert found.regimen.display_working.zh == (
        "√(110 cm × 20 kg ÷ 3600) = 0.78 m²；60 mg/m² × 0.78 m²，最多 60 mg = 46.8 mg"
    )
    assert "bsa-mosteller" in found.sources


@pytest.mark.parametrize("case", [Case(weight_kg=20), Case(height_cm=110), Case()])
def test_without_height_or_weight_there_is_no_dose_per_square_metre(case: Case) -> None:
    found = dosed(option(PER_M2), case)
    assert found.regimen.amount is None
    assert wording.HEIGHT_NEEDED in found.notes
    assert "not recorded" in found.regimen.working
    assert "at most 60 mg" in found.regimen.text


def test_the_ceiling_holds_per_square_metre_and_a_range_keeps_its_ends() -> None:
    assert dosed(option(PER_M2), Case(weight_kg=80, height_cm=180)).regimen.amount == 60
    ranged = dosed(option(band(10, amount_high=15, per_m2=True)), Case(weight_kg=36, height_cm=100))
    assert ranged.regimen.text.startswith("10-15 mg")


def test_an_unknown_age_takes_the_dose_by_surface_before_a_fixed_one() -> None:
    row = option(band(500, age_years=(18, None)), band(60, per_m2=True, age_years=(None, 18)))
    assert dosed(row, Case()).regimen.amount is None


@pytest.mark.parametrize(
    ("text", "chinese"),
    [("4 tablets", "4 片"), ("1 tablet", "1 片"), ("2-6 puffs", "2-6 揿"), ("50-100 microgram", "50-100 微克"),
     ("2.4 million units", "2.4 百万单位"), ("500 mg", "500 mg")],
)  # fmt: skip
def test_counted_forms_are_said_in_chinese(text: str, chinese: str) -> None:
    assert wording.shown(text) == Bilingual(text, chinese)
