"""Every row against its sources: the compiler's checks, and that the excerpts are really in the shipped text."""

from __future__ import annotations

import re

import pytest

from engine.api import SourceRecord
from engine.knowledge.index import KnowledgeIndex
from engine.knowledge.sources import load_sources
from engine.locations import resources
from engine.treatment import medquad
from engine.treatment.compile import read_conditions
from engine.treatment.row_check import problems
from engine.treatment.rows import ConditionRow

CONDITIONS = read_conditions(resources() / "knowledge" / "treatment" / "conditions")
FEWEST_CONDITIONS = 12


@pytest.fixture(scope="module")
def sources(treatment_index: KnowledgeIndex) -> dict[str, SourceRecord]:
    return load_sources(treatment_index)


def test_covers_at_least_the_first_twelve_conditions() -> None:
    assert len(CONDITIONS) >= FEWEST_CONDITIONS


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda row: row.code)
def test_every_number_of_a_row_is_in_a_cited_excerpt(condition: ConditionRow, sources: dict[str, SourceRecord]) -> None:
    assert problems(condition, sources) == []


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda row: row.code)
def test_every_condition_says_what_happens_without_treatment(condition: ConditionRow) -> None:
    assert [option.kind for option in condition.options].count("none") == 1
    assert len(condition.options) >= 2


def test_a_changed_number_is_refused(sources: dict[str, SourceRecord]) -> None:
    influenza = next(row for row in CONDITIONS if row.code == "DDX:Influenza")
    option = next(option for option in influenza.options if option.doses)
    object.__setattr__(option.doses[0], "amount", 76.0)
    try:
        assert any("76" in problem for problem in problems(influenza, sources))
    finally:
        object.__setattr__(option.doses[0], "amount", 75.0)


def test_every_medquad_excerpt_is_in_the_shipped_answer(sources: dict[str, SourceRecord]) -> None:
    archive = resources() / "knowledge" / "medquad" / medquad.FILE
    answers = {answer.id: " ".join(answer.text.split()) for answer in medquad.read_answers(archive)}
    quoted = {key: record for key, record in sources.items() if key.startswith("mq-")}
    assert quoted
    for key, record in quoted.items():
        number = int(re.match(r"mq-(\d+)-", key)[1])  # type: ignore[index]
        assert record.excerpt in answers[number], key


def test_every_source_record_can_be_looked_up_by_a_reader(sources: dict[str, SourceRecord]) -> None:
    used = {source for row in CONDITIONS for text in row.statements() for source in text.sources}
    used |= {source for row in CONDITIONS for option in row.options for dose in option.doses for source in dose.sources}
    for source in used:
        record = sources[source]
        assert record.title
        assert record.section
        assert record.address.startswith("http")
        assert record.excerpt
        assert not record.reviewed
