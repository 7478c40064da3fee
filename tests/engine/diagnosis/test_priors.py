"""Priors by age, sex, place and season: the shipped rates, a clinic's own file over them, and which is in force."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import api, errors
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.priors import PatientPrior, Priors, month_of, problems
from engine.locations import resources

SORE_THROAT = (("HP:0033050", True), ("HP:0001945", True), ("HP:0002716", True))
"""Sore throat, fever, swollen nodes."""


@pytest.fixture(scope="module")
def priors(diagnoser: Diagnoser) -> Priors:
    return diagnoser.bayes.priors


def share(prior: PatientPrior, priors: Priors, name: str) -> float:
    rate = np.exp(prior.log_rate - np.logaddexp.reduce(prior.log_rate))
    return float(rate[priors._numbers[name.casefold()]])


def of(priors: Priors, name: str, clinic: api.ClinicPriors | None = None, **facts: object) -> float:
    given = {"age_years": None, "sex": "unknown", "region": None, "date": None} | facts
    return share(priors.from_rates(priors.facts(**given), clinic, {}), priors, name)  # type: ignore[arg-type]


def clinic_with(*rows: api.PriorRow, place: str | None = None) -> api.ClinicPriors:
    return api.ClinicPriors("Our clinic", place=place, rows=list(rows))


def test_every_shipped_row_names_a_source_that_can_be_read(diagnoser: Diagnoser, priors: Priors) -> None:
    published = priors._published
    named = json.loads((resources() / "knowledge" / "priors" / "sources.json").read_text(encoding="utf-8"))
    assert len({row.condition for row in published.rows}) >= 35
    assert {row.source for row in (*published.rows, *published.thresholds)} <= named.keys()
    assert problems(published, diagnoser.bayes.table) == []


def test_age_and_sex_choose_the_row_that_says_most(priors: Priors) -> None:
    old, young = (of(priors, "pulmonary embolism", sex="male", age_years=age) for age in (70.0, 20.0))
    assert old > young
    assert of(priors, "SLE", sex="female", age_years=30) > 3 * of(priors, "SLE", sex="male", age_years=30)
    assert of(priors, "acute otitis media", age_years=2) > 3 * of(priors, "acute otitis media", age_years=40)


def test_influenza_follows_the_winter_of_the_place(priors: Priors) -> None:
    def influenza(date: str, region: str | None) -> float:
        return of(priors, "influenza", date=date, region=region)

    assert influenza("2026-01-15", "Zhejiang, China") > 2 * influenza("2026-07-15", "浙江省")
    assert influenza("2026-07-15", "New South Wales") > 2 * influenza("2026-01-15", "Australia")
    assert influenza("2026-01-15", "Kenya") == pytest.approx(influenza("2026-07-15", "Kenya"))  # no winter there
    assert influenza("2026-01-15", None) == pytest.approx(influenza("2026-07-15", None))  # winter where?


def test_tuberculosis_follows_the_region(priors: Priors) -> None:
    assert of(priors, "tuberculosis", region="Kenya") > 5 * of(priors, "tuberculosis", region="瑞士")
    assert of(priors, "tuberculosis", region="nowhere known") == pytest.approx(of(priors, "tuberculosis"))


def test_a_clinics_row_stands_before_the_shipped_one(priors: Priors) -> None:
    ours = clinic_with(api.PriorRow("DDX:Chagas", 4000.0))
    assert of(priors, "chagas", ours) > 5 * of(priors, "chagas")
    assert of(priors, "influenza", ours) < of(priors, "influenza")


def test_a_clinics_factor_holds_in_its_months_and_region_only(priors: Priors) -> None:
    ours = clinic_with(api.PriorRow("Influenza", times=10.0, months=[7], regions=["Hainan"]))
    assert of(priors, "influenza", ours, date="2026-07-01", region="海南") > 3 * of(
        priors, "influenza", ours, date="2026-08-01", region="海南"
    )


def test_the_clinics_place_stands_where_the_case_names_none(diagnoser: Diagnoser) -> None:
    practice = api.Practice(priors=clinic_with(place="Nairobi, Kenya"))
    used = diagnoser.diagnose(api.Case(text="cough", date="2026-02-03"), practice=practice).prior
    assert used is not None
    assert (used.kind, used.place, used.month) == ("clinic", "Kenya", 2)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (api.PriorRow("The vapours", 1.0), "no common condition"),
        (api.PriorRow("URTI"), "either per_100000_years or times"),
        (api.PriorRow("URTI", 1.0, 2.0), "either per_100000_years or times"),
        (api.PriorRow("URTI", 1.0, age_from_years=40, age_to_years=30), "above age_from_years"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_its_row(
    diagnoser: Diagnoser, row: api.PriorRow, complaint: str
) -> None:
    with pytest.raises(errors.BadRequest, match=f"row 1: .*{complaint}"):
        diagnoser.diagnose(api.Case(), practice=api.Practice(priors=clinic_with(row)))


def test_thresholds_must_leave_room_for_a_test(diagnoser: Diagnoser) -> None:
    ours = api.ClinicPriors("x", thresholds=[api.ThresholdRow("Pneumonia", 0.2, test_from=0.3)])
    assert problems(ours, diagnoser.bayes.table) == ["threshold 1: test_from must be below treat_from"]


def test_no_row_can_exclude_a_condition(priors: Priors) -> None:
    assert of(priors, "ebola", clinic_with(api.PriorRow("Ebola", 0.0), api.PriorRow("Ebola", times=0.0))) > 0


@settings(max_examples=40, deadline=None)
@given(
    age=st.none() | st.floats(0, 125),
    sex=st.sampled_from(["male", "female", "other", "unknown"]),
    region=st.none() | st.text(max_size=20) | st.sampled_from(["China", "肯尼亚"]),
    date=st.none() | st.text(max_size=12) | st.dates().map(str),
)
def test_any_patient_has_a_finite_prior_that_its_parts_add_up_to(
    diagnoser: Diagnoser, age: float | None, sex: str, region: str | None, date: str | None
) -> None:
    priors = diagnoser.bayes.priors
    prior = priors.from_rates(priors.facts(age, sex, region, date), None, {})
    assert np.isfinite(prior.log_rate).all()
    total = prior.base + sum((part.log_factor for part in prior.parts), np.zeros(49))
    assert total == pytest.approx(prior.log_rate)


def test_a_sore_throat_with_swollen_nodes_is_not_acute_hiv_in_a_narrative(diagnoser: Diagnoser) -> None:
    findings = [api.Finding(code=code, present=present) for code, present in SORE_THROAT]
    told = api.Case(text="sore throat, fever, swollen nodes", findings=findings, age_years=28, sex="male")
    ranked = diagnoser.diagnose(told)
    assert ranked.hypotheses[0].code != "DDX:HIV (initial infection)"
    assert ranked.prior is not None
    assert ranked.prior.kind == "published"


def test_codes_alone_keep_the_prior_they_were_measured_with(diagnoser: Diagnoser) -> None:
    case = api.Case(findings=[api.Finding(code="E_91")], answers={"E_201": True}, age_years=30, date="2026-01-01")
    result = diagnoser.diagnose(case)
    assert result.prior is not None
    assert result.prior.kind == "table"
    published = diagnoser.diagnose(case, practice=api.Practice("published"))
    assert published.prior is not None
    assert published.prior.kind == "published"
    assert result.hypotheses[0].prior is not None


def test_what_must_not_be_missed_does_not_hang_on_how_rare_it_is(diagnoser: Diagnoser) -> None:
    case = api.Case(findings=[api.Finding(code=code) for code in ("E_55_@_V_29", "E_66", "E_50")], age_years=60)
    table = diagnoser.diagnose(case, practice=api.Practice("table"))
    published = diagnoser.diagnose(case, practice=api.Practice("published"))
    assert table.cant_miss
    assert [row.code for row in table.cant_miss] == [row.code for row in published.cant_miss]


@pytest.mark.parametrize(
    ("date", "month"),
    [("2026-11-30", 11), ("2026-02", 2), ("2026-13-01", None), ("soon", None), (None, None), ("30.11.2026", None)],
)
def test_the_month_comes_from_an_iso_date_only(date: str | None, month: int | None) -> None:
    assert month_of(date) == month
