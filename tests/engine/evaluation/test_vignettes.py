"""The vignette figures: what is counted, over which labels, and that a set that is not there is said to be missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.assembly import Engine
from engine.evaluation import vignettes

LABELS = ["Plantar fasciitis", "Migraine", "Gout", "Pneumonia", "Zanzibar heel of Qwertz"]
HEEL = {
    "demographics": "45 years old female",
    "chief_complaints": "pain under the heel",
    "presentation": "The heel hurts with the first steps in the morning. It eases after walking. She runs every day.",
    "absent_findings": "No swelling.",
    "physical_history": "None",
    "correct_diagnosis": "Plantar fasciitis",
}
HEADACHE = {
    "demographics": "30 years old female",
    "chief_complaints": "throbbing headache on one side",
    "presentation": "It comes every month with nausea. Light and noise make it worse. Zigzag lines come before it.",
    "correct_diagnosis": "Migraine",
}


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    rows = "\n".join(json.dumps(row) for row in (HEEL, HEADACHE))
    (tmp_path / "avey_small.jsonl").write_text(rows, encoding="utf-8")
    (tmp_path / "avey_labels.txt").write_text("\n".join(LABELS), encoding="utf-8")
    return tmp_path


def test_every_case_is_one_narrative_with_all_labels_as_candidates(small_set: Path) -> None:
    heel, headache = vignettes.read(small_set)
    assert heel.case.candidates == headache.case.candidates == LABELS
    assert (heel.case.age_years, heel.case.sex, heel.gold) == (45, "female", "Plantar fasciitis")
    assert "pain under the heel" in heel.case.text
    assert "Past history" not in heel.case.text


def test_clear_cases_are_ranked_first_by_text_and_timed(small_set: Path, knowledge_path: Path, models: Path) -> None:
    table = vignettes.evaluate(Engine(knowledge_path, models), small_set)
    value = {metric.name: metric.value for metric in table.metrics}
    assert value["tables + text top-1"] == 1.0
    assert value["tables top-1"] <= value["tables top-3"] <= value["tables top-10"] == 1.0
    assert value["differential without the reader, 95 %"] >= value["differential without the reader, median"] > 0
    assert any("all 5 labels" in note for note in table.notes)
    assert {metric.n for metric in table.metrics} == {2}


def test_only_the_first_cases_are_measured_when_asked(small_set: Path, knowledge_path: Path, models: Path) -> None:
    table = vignettes.evaluate(Engine(knowledge_path, models), small_set, first=1)
    assert {metric.n for metric in table.metrics} == {1}


def test_a_set_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        with pytest.raises(FileNotFoundError, match="avey"):
            vignettes.read(folder)
