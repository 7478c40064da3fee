"""The sentences of a plan: sections, markers, greyed ones, own words, and numbers that never move."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QModelIndex

from desktop.models.sentences import SentenceModel, Standing
from desktop.report.decisions import Decisions, OwnWords, number_sentences
from engine.api import PlanSentence
from tests.desktop import samples


def _model(decisions: Decisions | None = None) -> SentenceModel:
    model = SentenceModel()
    model.set_plan(samples.plan(), decisions or Decisions())
    return model


def test_supported_sentences_carry_their_source_markers(qapp: object) -> None:
    model = _model()
    assert model.text(model.records()[2]).endswith("macrolide is used. [2]")


def test_unsupported_sentences_say_that_they_will_not_print(qapp: object) -> None:
    row = next(row for row in _model().records() if row.text.startswith("A second film"))
    assert row.standing is Standing.UNSUPPORTED
    assert _model().spoken(row).startswith("No source, will not print")


def test_adopted_and_reworded_sentences_are_the_clinicians_own(qapp: object) -> None:
    rows = _model(samples.decisions()).records()
    own = [row.text for row in rows if row.standing is Standing.OWN]
    assert own == ["A second film after six weeks is always needed.", "散步 Walk as I showed you."]
    assert all(not row.markers for row in rows if row.standing is Standing.OWN)


def test_a_sentence_that_arrives_is_inserted_and_moves_no_number(qapp: object) -> None:
    model = _model()
    before = {row.numbered.sentence.text: row.numbered.number for row in model.records() if row.numbered}
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda parent, first, last: inserted.append((first, last)))
    model.add_sentence(PlanSentence("A new one.", ["ansm-2020"], "supported"))
    after = {row.numbered.sentence.text: row.numbered.number for row in model.records() if row.numbered}
    assert inserted == [(4, 4)]
    assert after.pop("A new one.") == len(before)
    assert after == before


def test_the_first_sentence_of_a_section_brings_its_heading(qapp: object) -> None:
    model = SentenceModel()
    model.set_plan(samples.uncovered(), Decisions())
    model.add_sentence(PlanSentence("Only one.", [], "unsupported"))
    assert [model.text(row) for row in model.records()] == ["Plan", "Only one."]
    assert model.rowCount(QModelIndex()) == 2


def test_a_stored_plan_numbers_its_sentences_as_they_arrived() -> None:
    plan = samples.plan()
    numbered = number_sentences(plan)
    assert [entry.number for entry in numbered] == list(range(len(numbered)))
    assert [entry.sentence for entry in numbered if entry.section == "plan"] == plan.sentences
    assert numbered[-1].section == "plan"


def test_the_latest_decision_on_a_sentence_counts() -> None:
    decisions = Decisions((OwnWords(3), OwnWords(3, "later")))
    kept = decisions.words_for(3)
    assert kept is not None
    assert kept.text == "later"


def test_sentences_stand_under_the_heading_that_the_engine_gave(qapp: object) -> None:
    first = PlanSentence("Oxygen.", ["ansm-2020"], "supported", section="first_steps")
    model = SentenceModel()
    model.set_plan(replace(samples.plan(), sentences=[*samples.plan().sentences, first]), Decisions())
    assert [model.text(row) for row in model.records()][:3] == ["First steps", "Oxygen. [2]", "Plan"]
    model.add_sentence(PlanSentence("Worded.", ["ansm-2020"], "supported", section="prose", written_by="model"))
    headings = [row.text for row in model.records() if row.numbered is None]
    assert headings[:3] == ["First steps", "Plan", "In the language model's words"]
