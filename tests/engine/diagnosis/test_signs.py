"""Measured and examined signs speak against simple airway infections by the published ratio, and say nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import api
from engine.diagnosis.bayes import BayesVoice
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.signs import ENTRY, Sign, Signs, checked
from engine.knowledge.index import KnowledgeIndex
from engine.knowledge.sources import load_sources

COUGH, FAST_BREATHING, LOW_OXYGEN, RETRACTIONS = "E_201", "HP:0002789", "HP:0012418", "HP:0030864"
ROW = Sign("s", FAST_BREATHING, 16, 125, 3.47, "Pneumonia", ("URTI",), "src:signs-htun-2019")


@pytest.fixture(scope="module")
def diagnoser(knowledge: KnowledgeIndex) -> Diagnoser:
    """One that reads vital signs too."""
    return Diagnoser(knowledge)


def odds(diagnoser: Diagnoser, case: api.Case, condition: str, other: str) -> float:
    """Return the odds of two common conditions by the Bayes voice alone."""
    voice = diagnoser.bayes
    vote = voice.vote(diagnoser.reader.read(case))
    assert vote is not None
    number = {each.name_given: place for place, each in enumerate(voice.table.conditions)}
    return float(np.exp(vote.log_probability[number[condition]] - vote.log_probability[number[other]]))


def coughing(age: float, *findings: str, vitals: api.Vitals | None = None) -> api.Case:
    named = [api.Finding(code=code) for code in (COUGH, *findings)]
    return api.Case(age_years=age, findings=named, vitals=vitals or api.Vitals())


def test_fast_breathing_counts_against_a_cold_by_its_ratio_and_leaves_embolism_alone(diagnoser: Diagnoser) -> None:
    before, after = coughing(40), coughing(40, FAST_BREATHING)
    gain = odds(diagnoser, after, "Pneumonia", "URTI") / odds(diagnoser, before, "Pneumonia", "URTI")
    assert gain == pytest.approx(3.47)
    for other in ("Pulmonary embolism", "Acute pulmonary edema", "Bronchospasm / acute asthma exacerbation"):
        assert odds(diagnoser, after, "Pneumonia", other) == pytest.approx(odds(diagnoser, before, "Pneumonia", other))


def test_a_saturation_in_its_field_is_the_same_sign(diagnoser: Diagnoser) -> None:
    before, after = coughing(40), coughing(40, vitals=api.Vitals(spo2_percent=91))
    gain = odds(diagnoser, after, "Pneumonia", "Bronchitis") / odds(diagnoser, before, "Pneumonia", "Bronchitis")
    assert gain == pytest.approx(1.7)


@pytest.mark.parametrize(("code", "ratios"), [(FAST_BREATHING, []), (LOW_OXYGEN, [2.8]), (RETRACTIONS, [2.1])])
def test_a_child_has_the_ratios_of_children(
    diagnoser: Diagnoser, knowledge: KnowledgeIndex, code: str, ratios: list[float]
) -> None:
    """Retractions are one kind of laboured breathing; fast breathing did not tell pneumonia apart in children."""
    signs = Signs.load(knowledge, diagnoser.ontology, diagnoser.bayes.table)
    seen = signs.seen(diagnoser.reader.read(coughing(4, code)))
    assert [1 / np.exp(sign.log_likelihood.min()) for sign in seen] == pytest.approx(ratios)


def test_a_denied_sign_and_an_unknown_age_change_nothing(diagnoser: Diagnoser) -> None:
    signs = Signs((ROW,), diagnoser.ontology, diagnoser.bayes.table)
    present = diagnoser.reader.read(coughing(40, FAST_BREATHING))
    denied = api.Case(age_years=40, findings=[api.Finding(code=FAST_BREATHING, present=False)])
    assert len(signs.seen(present)) == 1
    assert signs.seen(replace(present, age_years=None)) == []
    assert signs.seen(diagnoser.reader.read(denied)) == []


def test_the_evidence_names_sign_and_source(diagnoser: Diagnoser, knowledge: KnowledgeIndex) -> None:
    result = diagnoser.diagnose(coughing(40, "E_91", FAST_BREATHING, LOW_OXYGEN))
    cold = next(each for each in result.hypotheses if each.code == "DDX:URTI")
    shown = {row.source: row.log_lr for row in cold.evidence if row.source.startswith("src:signs")}
    assert set(shown) == {"src:signs-htun-2019", "src:signs-3c-2017"}
    assert all(ratio < 0 for ratio in shown.values())
    assert set(shown) <= set(load_sources(knowledge)) & set(result.sources)


@pytest.mark.parametrize(
    "wrong",
    [{"condition": "Pneumonitis"}, {"against": ("A cold",)}, {"finding": "HP:9999999"}, {"ratio": 1.0},
     {"against": ("Pneumonia",)}],
)  # fmt: skip
def test_a_row_that_fits_no_table_is_refused(knowledge: KnowledgeIndex, wrong: dict[str, object]) -> None:
    raw = [{field: getattr(ROW, field) for field in Sign.__dataclass_fields__} | wrong]
    with pytest.raises(ValueError, match="sign s"):
        checked(raw, Ontology.load(knowledge), CommonTable.load(knowledge))


def test_every_shipped_row_has_a_source_that_states_its_ratio(knowledge: KnowledgeIndex) -> None:
    sources = load_sources(knowledge)
    rows = knowledge.json(ENTRY)
    assert len(rows) == 6
    assert [row["id"] for row in rows if f"{row['ratio']:g}" not in sources[row["source"]].excerpt] == []


def test_without_rows_only_answers_count(diagnoser: Diagnoser) -> None:
    plain = BayesVoice(diagnoser.bayes.table)
    evidence = diagnoser.reader.read(coughing(40, FAST_BREATHING))
    vote = plain.vote(evidence)
    assert vote is not None
    assert {part.finding for part in vote.contributions} & {FAST_BREATHING} == set()
