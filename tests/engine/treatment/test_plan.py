"""The plan over all rows: options, order, blocked ones, and conditions without rows."""

from __future__ import annotations

import time

import pytest

from engine import api, errors
from engine.knowledge.index import KnowledgeIndex
from engine.locations import resources
from engine.treatment import wording
from engine.treatment.compile import read_conditions
from engine.treatment.plan import Planner
from engine.treatment.rows import ConditionRow

ADULT = api.Case(age_years=45, sex="female", weight_kg=64, egfr_ml_min_1_73m2=90, date="2026-11-22")
CONDITIONS = read_conditions(resources() / "knowledge" / "treatment" / "conditions")


def option(plan: api.Plan, name: str) -> api.TreatmentOption:
    return next(each for each in plan.options if each.name.startswith(name))


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda row: row.code)
def test_every_row_reaches_the_plan_with_known_sources(condition: ConditionRow, planner: Planner) -> None:
    plan = planner.plan(ADULT, condition.code)
    assert plan.covered
    assert {each.row for each in plan.options} == {f"treatment:{row.id}@test" for row in condition.options}
    assert [each.rank for each in plan.options] == list(range(1, len(condition.options) + 1))
    for each in plan.options:
        assert each.sources
        assert set(each.sources) <= set(plan.sources)
        assert each.utility == pytest.approx(sum(each.utility_terms.values()), abs=1e-3)
        assert each.display is not None
        assert each.display.zh != each.display.en
    for sentence in (*plan.sentences, *plan.lifestyle, *plan.safety_net, *plan.follow_up, *plan.rehabilitation):
        assert sentence.status == "supported"
        assert sentence.sources
        assert set(sentence.sources) <= set(plan.sources)
        assert sentence.display is not None


@pytest.mark.parametrize(
    "name", ["Influenza", "DDX:Influenza", "influenza", "flu", "流感", "流行性感冒", " INFLUENZA "]
)
def test_a_diagnosis_is_found_by_code_name_synonym_and_chinese(name: str, planner: Planner) -> None:
    assert planner.plan(ADULT, name).diagnosis == "DDX:Influenza"


def test_an_unknown_diagnosis_offers_cited_passages(planner: Planner) -> None:
    plan = planner.plan(ADULT, "Marfan syndrome")
    assert not plan.covered
    assert plan.options == []
    assert plan.reference
    for sentence in plan.reference:
        assert sentence.sources[0] in plan.sources
    assert any("Marfan" in note.en for note in plan.notes)


def test_the_offered_passages_are_about_the_diagnosis_itself(planner: Planner) -> None:
    plan = planner.plan(ADULT, "Marfan syndrome")
    assert all("arfan" in plan.sources[sentence.sources[0]].title for sentence in plan.reference)
    assert planner.plan(ADULT, "Qwertz syndrome").reference == []


def test_a_rare_code_is_read_as_its_name(knowledge: KnowledgeIndex) -> None:
    plan = Planner(knowledge, None).plan(ADULT, "OMIM:154700")
    assert "arfan" in plan.display_diagnosis.en
    assert plan.reference
    assert Planner(knowledge, None).plan(ADULT, "OMIM:999999999").reference == []


def test_a_condition_only_the_ranking_knows_is_called_by_its_name_in_both_languages(knowledge: KnowledgeIndex) -> None:
    plan = Planner(knowledge, None).plan(ADULT, "LNT:heart-failure")
    assert not plan.covered
    assert plan.display_diagnosis == api.Bilingual("Heart failure", "心力衰竭")
    assert plan.reference
    assert all("LNT:" not in text for note in plan.notes for text in (note.en, note.zh))


def test_a_diagnosis_nobody_knows_says_so(planner: Planner) -> None:
    plan = planner.plan(ADULT, "阿巴阿巴")
    assert not plan.covered
    assert plan.reference == []
    assert wording.not_covered(api.Bilingual("阿巴阿巴", "阿巴阿巴"), 0) in plan.notes


def test_a_blank_diagnosis_is_refused(planner: Planner) -> None:
    with pytest.raises(errors.UnknownDiagnosis):
        planner.plan(ADULT, "  ")


def test_a_blocked_drug_is_last_whatever_its_benefit(planner: Planner, safety) -> None:
    safety.alert("amoxicillin", api.Severity.CONTRAINDICATED, "allergy")
    plan = planner.plan(ADULT, "Pneumonia")
    blocked = option(plan, "Amoxicillin")
    assert blocked.verdict == "blocked"
    assert blocked.rank == len(plan.options)
    assert blocked.utility_terms["allergy"] == -10
    assert blocked.reasons
    assert "rule.amoxicillin" in plan.knowledge_rows


def test_a_missing_verdict_is_blocked_never_safe(planner: Planner, safety) -> None:
    safety.say("amoxicillin", None)
    assert option(planner.plan(ADULT, "Pneumonia"), "Amoxicillin").verdict == "blocked"


def test_without_safety_tables_every_drug_is_blocked(treatment_index: KnowledgeIndex) -> None:
    plan = Planner(treatment_index, None).plan(ADULT, "Pneumonia")
    assert {each.verdict for each in plan.options if each.kind == "drug"} == {"blocked"}
    assert {each.verdict for each in plan.options if each.kind != "drug"} == {"ok"}


def test_a_word_that_is_no_verdict_is_blocked(planner: Planner, safety) -> None:
    safety.say("amoxicillin", "fine")
    assert option(planner.plan(ADULT, "Pneumonia"), "Amoxicillin").verdict == "blocked"


def test_a_drug_the_tables_do_not_know_is_marked_not_checked(planner: Planner, safety) -> None:
    safety.say("amoxicillin", "not_checked")
    found = option(planner.plan(ADULT, "Pneumonia"), "Amoxicillin")
    assert found.verdict == "not_checked"
    assert wording.NOT_CHECKED.en in found.reasons


def test_a_caution_lowers_the_rank_and_stays_usable(planner: Planner, safety) -> None:
    before = option(planner.plan(ADULT, "Pneumonia"), "Amoxicillin")
    safety.alert("amoxicillin", api.Severity.CAUTION)
    after = option(planner.plan(ADULT, "Pneumonia"), "Amoxicillin")
    assert after.verdict == "caution"
    assert after.utility == pytest.approx(before.utility - 1)


def test_the_tables_are_asked_about_the_dose_that_is_shown(planner: Planner, safety) -> None:
    plan = planner.plan(ADULT, "Pneumonia")
    assert ("amoxicillin", option(plan, "Amoxicillin").regimen) in safety.asked


def test_a_blocked_drug_is_not_worded_as_something_to_consider(planner: Planner, safety) -> None:
    safety.alert("amoxicillin", api.Severity.CONTRAINDICATED)
    plan = planner.plan(ADULT, "Pneumonia")
    assert not any(
        "amoxicillin" in sentence.text.lower() for sentence in plan.sentences if sentence.section == "options"
    )


def test_the_next_visit_gets_a_date(planner: Planner) -> None:
    plan = planner.plan(ADULT, "Bronchitis")
    assert any("2026-12-13" in sentence.text for sentence in plan.follow_up)


def test_a_case_without_a_readable_date_keeps_the_interval(planner: Planner) -> None:
    plan = planner.plan(api.Case(age_years=45, date="last Tuesday"), "Bronchitis")
    assert any("3 weeks" in sentence.text for sentence in plan.follow_up)


def test_every_plan_says_that_no_clinician_has_reviewed_it(planner: Planner) -> None:
    assert wording.NOT_REVIEWED in planner.plan(ADULT, "Pneumonia").notes


def test_an_empty_case_still_gets_a_table(planner: Planner) -> None:
    for condition in CONDITIONS:
        assert planner.plan(api.Case(), condition.code).options


def test_the_table_is_ready_within_its_budget(planner: Planner) -> None:
    start = time.perf_counter()
    for condition in CONDITIONS:
        planner.plan(ADULT, condition.code)
    assert (time.perf_counter() - start) / len(CONDITIONS) < 0.2
