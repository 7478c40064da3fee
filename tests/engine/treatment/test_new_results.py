"""New laboratory values of a follow-up change what a dose is worked out from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import api
from engine.treatment.new_results import with_newest_kidney_function
from engine.treatment.plan import Planner

CASE = api.Case(age_years=70, sex="male", weight_kg=70, egfr_ml_min_1_73m2=85, date="2026-11-22")


def followed(*labs: api.Lab, date: str = "2026-11-29") -> api.Case:
    return replace(CASE, follow_up=[api.FollowUp(date, "same", labs=list(labs))])


@pytest.mark.parametrize(
    ("lab", "egfr", "creatinine"),
    [
        (api.Lab("eGFR", 12), 12, None),
        (api.Lab("creatinine", 250, "µmol/L"), None, 250),
        (api.Lab("肌酐", 250, "umol/L"), None, 250),
        (api.Lab("Creatinine", 2, "mg/dL"), None, pytest.approx(176.84)),
        (api.Lab("creatinine", 250), 85, None),
        (api.Lab("creatinine", "high", "mg/dL"), 85, None),
        (api.Lab("eGFR", -3), 85, None),
        (api.Lab("eGFR", float("nan")), 85, None),
        (api.Lab("potassium", 5.9, "mmol/L"), 85, None),
    ],
)
def test_only_results_that_are_understood_are_taken(lab: api.Lab, egfr: float | None, creatinine: object) -> None:
    case, note = with_newest_kidney_function(followed(lab))
    assert (case.egfr_ml_min_1_73m2, case.creatinine_umol_l) == (egfr, creatinine)
    assert (note is None) == (case == followed(lab))


def test_the_newest_entry_wins() -> None:
    visits = [
        api.FollowUp("2026-11-29", "same", labs=[api.Lab("eGFR", 40)]),
        api.FollowUp("2026-12-05", "same", labs=[api.Lab("eGFR", 20)]),
        api.FollowUp("2026-12-09", "same"),
    ]
    case, _ = with_newest_kidney_function(replace(CASE, follow_up=visits))
    assert case.egfr_ml_min_1_73m2 == 20


def test_a_worse_kidney_blocks_the_drug_and_shows_as_a_change(planner: Planner) -> None:
    before = planner.plan(CASE, "Pulmonary embolism")
    after = planner.plan(followed(api.Lab("eGFR", 10)), "Pulmonary embolism", before)
    apixaban = next(option for option in after.options if option.name == "Apixaban")
    assert apixaban.verdict == "blocked"
    assert any(change.text.startswith("Apixaban") and "15 mL/min" in change.reason for change in after.changes)
    assert any("eGFR 10 of 2026-11-29" in note.en for note in after.notes)
