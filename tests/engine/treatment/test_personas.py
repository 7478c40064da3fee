"""Patients in whom the expected option must fall, rise, be blocked or change its dose, with the real safety tables."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from engine import api
from engine.knowledge.index import KnowledgeIndex
from engine.safety.verdict import SafetyChecker
from engine.treatment.plan import Planner

ADULT = api.Case(
    age_years=45,
    sex="female",
    weight_kg=64,
    egfr_ml_min_1_73m2=90,
    pregnant=False,
    lactating=False,
    date="2026-11-22",
)
MAN = replace(ADULT, sex="male", pregnant=None, lactating=None)
CHILD = replace(ADULT, age_years=4, weight_kg=16, egfr_ml_min_1_73m2=100)
OLD = replace(MAN, age_years=84, weight_kg=52)


def allergic(name: str) -> api.Case:
    return replace(ADULT, allergies=[api.Allergy(name, "anaphylaxis")])


def taking(*names: str) -> api.Case:
    return replace(ADULT, medications=[api.Medication(name) for name in names])


def ill(name: str) -> api.Case:
    return replace(ADULT, history=[api.PastCondition(name)])


def called(gene: str, diplotype: str) -> api.Case:
    return replace(ADULT, outside_calls={gene: diplotype})


@dataclass(frozen=True, slots=True)
class Persona:
    """`effect` is against the same plan for the patient in `before`."""

    name: str
    case: api.Case
    diagnosis: str
    option: str
    effect: str
    before: api.Case = ADULT


PERSONAS = [
    Persona("penicillin allergy", allergic("penicillin"), "Pneumonia", "Amoxicillin", "blocked"),
    Persona("penicillin allergy in Chinese", allergic("青霉素"), "Pneumonia", "Amoxicillin", "blocked"),
    Persona("penicillin allergy lifts the macrolide", allergic("penicillin"), "Pneumonia", "Azithromycin", "rises"),
    Persona(
        "amoxicillin allergy in a COPD attack", allergic("amoxicillin"), "COPD exacerbation", "Amoxicillin", "blocked"
    ),
    Persona(
        "penicillin allergy in sore throat", allergic("penicillin"), "Viral pharyngitis", "Phenoxymethylp", "blocked"
    ),
    Persona("aspirin allergy in a heart attack", allergic("aspirin"), "Heart attack", "Aspirin", "blocked"),
    Persona("aspirin allergy in unstable angina", allergic("阿司匹林"), "Unstable angina", "Aspirin", "blocked"),
    Persona("pregnant with pertussis", replace(ADULT, pregnant=True), "Pertussis", "Trimethoprim", "blocked"),
    Persona("breastfeeding with pertussis", replace(ADULT, lactating=True), "Pertussis", "Trimethoprim", "blocked"),
    Persona(
        "pregnant with embolism, warfarin", replace(ADULT, pregnant=True), "Pulmonary embolism", "Warfarin", "blocked"
    ),
    Persona(
        "pregnant with embolism, apixaban", replace(ADULT, pregnant=True), "Pulmonary embolism", "Apixaban", "blocked"
    ),
    Persona("pregnant with embolism, heparin", replace(ADULT, pregnant=True), "Pulmonary embolism", "Heparin", "rises"),
    Persona("pregnant with Chagas disease", replace(ADULT, pregnant=True), "Chagas disease", "Benznidazole", "blocked"),
    Persona("breastfeeding with Chagas disease", replace(ADULT, lactating=True), "Chagas", "Benznidazole", "blocked"),
    Persona("pregnant with anaemia", replace(ADULT, pregnant=True), "Anemia", "Folic acid", "rises"),
    Persona("pregnant with fast rhythm", replace(ADULT, pregnant=True), "PSVT", "Verapamil", "blocked"),
    Persona(
        "kidney failure and apixaban",
        replace(ADULT, egfr_ml_min_1_73m2=10),
        "Pulmonary embolism",
        "Apixaban",
        "blocked",
    ),
    Persona(
        "weak kidneys and cetirizine", replace(ADULT, egfr_ml_min_1_73m2=40), "Hay fever", "Antihistamine", "falls"
    ),
    Persona("weak kidneys and benznidazole", replace(ADULT, egfr_ml_min_1_73m2=25), "Chagas", "Benznidazole", "falls"),
    Persona("child and doxycycline", CHILD, "Pneumonia", "Doxycycline", "blocked"),
    Persona("child and sumatriptan", CHILD, "Cluster headache", "Sumatriptan", "blocked"),
    Persona("child with a hernia is not left waiting", CHILD, "Inguinal hernia", "Watchful", "blocked"),
    Persona("child with croup gets a dose", CHILD, "Croup", "Dexamethasone", "usable"),
    Persona("old man with hay fever", OLD, "Hay fever", "Antihistamine", "falls", before=MAN),
    Persona("old man with flu", OLD, "Influenza", "Oseltamivir", "rises", before=MAN),
    Persona("warfarin and azithromycin", taking("warfarin"), "Pneumonia", "Azithromycin", "falls"),
    Persona("warfarin and ibuprofen", taking("warfarin"), "Pericarditis", "Ibuprofen", "falls"),
    Persona("sildenafil and nitroglycerin", taking("sildenafil"), "Stable angina", "Nitroglycerin", "blocked"),
    Persona("metoprolol and verapamil", taking("metoprolol"), "PSVT", "Verapamil", "blocked"),
    Persona("asthma and adenosine", ill("Asthma"), "PSVT", "Adenosine", "blocked"),
    Persona(
        "pre-excitation and rate control",
        ill("Wolff-Parkinson-White syndrome"),
        "Atrial fibrillation",
        "Diltiazem",
        "falls",
    ),
    Persona("heart failure and antibiotics for bronchitis", ill("Heart failure"), "Bronchitis", "Amoxicillin", "rises"),
    Persona("weak kidneys and UTI", replace(ADULT, egfr_ml_min_1_73m2=40), "UTI", "Nitrofurantoin", "blocked"),
    Persona("pregnant, doxycycline", replace(ADULT, pregnant=True), "Chlamydia", "Doxycycline", "blocked"),
    Persona("pregnant, azithromycin", replace(ADULT, pregnant=True), "Chlamydia", "Azithro", "rises"),
    Persona("feverish child and aspirin", CHILD, "Fever", "Aspirin", "blocked"),
    Persona("child with diarrhoea and loperamide", CHILD, "Gastroenteritis", "Loperamide", "blocked"),
    Persona("child with roundworm gets a dose", CHILD, "Ascariasis", "Albendazole", "usable"),
    Persona("child with tuberculosis gets a dose", CHILD, "Tuberculosis", "Pyrazinamide", "usable"),
    Persona("pregnant with pinworm neighbours", replace(ADULT, pregnant=True), "Hookworm", "Albendazole", "blocked"),
    Persona("cirrhosis and paracetamol", ill("肝硬化"), "URTI", "Paracetamol", "falls"),
    Persona("CYP2C19 poor, clopidogrel", called("CYP2C19", "*2/*2"), "NSTEMI", "Clopidogrel", "blocked"),
    Persona("CYP2D6 poor, codeine", called("CYP2D6", "*4/*4"), "Migraine", "Codeine", "blocked"),
    Persona("CYP2D6 ultrarapid, codeine", called("CYP2D6", "*1/*1x3"), "Migraine", "Codeine", "blocked"),
    Persona("HLA-B*57:01, abacavir", called("HLA-B", "*57:01/*07:02"), "HIV infection", "Abacavir", "blocked"),
    Persona("HLA-B*58:01, allopurinol", called("HLA-B", "*58:01/*07:02"), "Gout", "Allopurinol", "blocked"),
    Persona("CYP2C19 poor, sertraline", called("CYP2C19", "*2/*2"), "Depression", "Antidepressant", "falls"),
    Persona("SLCO1B1 poor, statin", called("SLCO1B1", "*5/*5"), "Type 2 diabetes", "Atorvastatin", "falls"),
    Persona("weak kidneys, metformin", replace(ADULT, egfr_ml_min_1_73m2=25), "T2DM", "Metformin", "blocked"),
    Persona("eGFR 40, metformin", replace(ADULT, egfr_ml_min_1_73m2=40), "T2DM", "Metformin", "falls"),
    Persona("penicillin allergy, cellulitis", allergic("penicillin"), "Cellulitis", "Flucloxacillin", "blocked"),
    Persona("penicillin allergy lifts doxycycline", allergic("penicillin"), "Cellulitis", "Doxycycline", "rises"),
    Persona("penicillin allergy, H. pylori", allergic("penicillin"), "H pylori", "Metronidazole", "rises"),
    Persona("asthma, propranolol for migraine", ill("Asthma"), "Migraine", "Propranolol", "blocked"),
    Persona("heart disease, levothyroxine", ill("Coronary heart disease"), "Hypothyroidism", "Levothyroxine", "falls"),
    Persona("pregnant, lisinopril", replace(ADULT, pregnant=True), "Hypertension", "Lisinopril", "blocked"),
    Persona("pregnant, carbimazole", replace(ADULT, pregnant=True), "Hyperthyroidism", "Carbimazole", "blocked"),
    Persona("ipratropium user, tiotropium", taking("ipratropium"), "COPD", "Tiotropium", "blocked"),
    Persona("child with diarrhoea gets zinc", CHILD, "Gastroenteritis", "Zinc", "usable"),
    Persona("adult with diarrhoea gets no zinc", ADULT, "Gastroenteritis", "Zinc", "blocked", before=CHILD),
    Persona("child with malaria gets a dose by weight", CHILD, "Malaria", "Artemether", "usable"),
    Persona("feverish child gets paracetamol by weight", CHILD, "Fever", "Paracetamol", "usable"),
]


@pytest.fixture(scope="module")
def real_planner(knowledge: KnowledgeIndex) -> Planner:
    return Planner(knowledge, SafetyChecker(knowledge))


def found(plan: api.Plan, name: str) -> api.TreatmentOption:
    return next(option for option in plan.options if option.name.startswith(name))


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_the_option_changes_as_it_must(persona: Persona, real_planner: Planner) -> None:
    plan = real_planner.plan(persona.case, persona.diagnosis)
    option = found(plan, persona.option)
    usual = found(real_planner.plan(persona.before, persona.diagnosis), persona.option)
    match persona.effect:
        case "blocked":
            assert usual.verdict != "blocked"
            assert option.verdict == "blocked"
            assert option.rank > sum(each.verdict != "blocked" for each in plan.options)
            assert option.reasons
        case "falls":
            assert option.utility < usual.utility
            assert set(option.reasons) - set(usual.reasons)
        case "rises":
            assert option.verdict != "blocked"
            assert option.utility > usual.utility
        case _:
            assert option.verdict != "blocked"
            assert option.regimen is not None
            assert option.regimen.amount is not None


def test_there_are_thirty_personas_with_names_of_their_own() -> None:
    assert len({persona.name for persona in PERSONAS}) >= 30


def test_no_plan_proposes_a_dose_that_the_safety_tables_block(real_planner: Planner, knowledge: KnowledgeIndex) -> None:
    checker = SafetyChecker(knowledge)
    for persona in PERSONAS:
        for option in real_planner.plan(persona.case, persona.diagnosis).options:
            if option.verdict in ("ok", "caution") and option.regimen is not None:
                assert checker.verdict(persona.case, option.regimen.drug, option.regimen).verdict != "blocked"


def test_the_same_dose_is_shown_for_an_unknown_kidney_function_with_a_note(real_planner: Planner) -> None:
    plan = real_planner.plan(replace(ADULT, egfr_ml_min_1_73m2=None), "Pulmonary embolism")
    assert found(plan, "Apixaban").regimen is not None


def test_a_genotype_names_gene_and_guideline_in_the_reason(real_planner: Planner) -> None:
    option = found(real_planner.plan(called("CYP2C19", "*2/*2"), "NSTEMI"), "Clopidogrel")
    assert any("CYP2C19 *2/*2" in reason and "CPIC" in reason for reason in option.reasons)
    assert "genotype" in option.utility_terms


@pytest.mark.parametrize(
    ("weight_kg", "tablets"), [(5, 1), (14.9, 1), (15, 2), (24, 2), (25, 3), (34.9, 3), (35, 4), (80, 4)]
)
def test_malaria_tablets_follow_the_weight(real_planner: Planner, weight_kg: float, tablets: int) -> None:
    plan = real_planner.plan(replace(CHILD, weight_kg=weight_kg), "Malaria")
    regimen = found(plan, "Artemether").regimen
    assert regimen is not None
    assert regimen.amount == tablets
    assert regimen.display is not None
    assert f"{tablets} 片" in regimen.display.zh


def test_malaria_below_the_table_is_not_dosed(real_planner: Planner) -> None:
    option = found(real_planner.plan(replace(CHILD, weight_kg=4.5), "Malaria"), "Artemether")
    assert option.verdict == "blocked"
    assert option.regimen is None


def test_contradictory_visits_ask_again_and_move_nothing(real_planner: Planner) -> None:
    first = replace(taking("sertraline"), date="2026-11-01")
    before = real_planner.plan(first, "Depression")
    visits = [api.FollowUp("2026-11-20", "better"), api.FollowUp("2026-11-20", "worse")]
    after = real_planner.plan(replace(first, follow_up=visits), "Depression", before)
    assert [option.row for option in after.options] == [option.row for option in before.options]
    assert [option.utility for option in after.options] == [option.utility for option in before.options]
    assert after.changes[0].text == "Ask again how the patient is"


def test_a_diagnosis_without_rows_says_so_and_offers_cited_passages(real_planner: Planner) -> None:
    plan = real_planner.plan(ADULT, "LNT:appendicitis")
    assert not plan.covered
    assert plan.options == []
    assert plan.reference
    assert all(passage.sources[0] in plan.sources for passage in plan.reference)
    assert "No treatment rows know" in plan.notes[0].en
